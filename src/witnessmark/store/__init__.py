"""The memory: casebook, vault, custody log, rule files, trade tables.

Only this floor opens a database, an engine, a file of a case or a connection.
"""
