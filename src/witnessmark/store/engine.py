"""SQLite engines: the only module that speaks the dialect of SQLite and SQLCipher.

Laws:
1. A sealed casebook gets its raw key as the first words on every connection, and logs nothing.
2. WAL and ``synchronous = FULL``: what was committed survives a power cut.
3. A casebook on a medium that nobody can write is read as it stands, without a log beside it.
4. A casebook whose tables have another shape is refused, never migrated in silence.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import create_engine, event, insert, inspect, select
from sqlalchemy.exc import DatabaseError, OperationalError

from witnessmark.core.canonical import canonical_json, sha256_hex
from witnessmark.core.errors import EvidenceFault, InputError, StorageFault
from witnessmark.store.tables import FACTS, METADATA

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

BUSY_TIMEOUT_MS = 10_000
"""How long a second writer waits for the first, in milliseconds."""

SHAPE = "shape"
"""Name of the fact that holds the shape of the tables."""


def table_shape() -> str:
    """Return a digest of the names and types of all columns."""
    shape = [
        [table.name, [[column.name, str(column.type)] for column in table.columns]]
        for table in METADATA.sorted_tables
    ]
    return sha256_hex(canonical_json(sorted(shape)).encode())


def connected(path: Path, key: bytes | None) -> Engine:
    """Return an engine on the casebook at *path*, made if it is missing.

    Raises:
        EvidenceFault: the file is not a casebook, or the key does not open it.
        InputError: another version of Witnessmark made it.
        StorageFault: it cannot be made or written.
    """
    engine = _engine(path, key)
    try:
        _require_tables(engine, str(path))
    except OperationalError as error:
        engine.dispose()
        raise StorageFault(
            f"the casebook could not be opened: {error.orig}",
            where=str(path),
            to_do="check the folder's permissions, free space on the disk or close the other "
            "writer, then run the command again",
        ) from error
    except DatabaseError as error:
        engine.dispose()
        raise EvidenceFault(
            f"this is not a casebook, or another key sealed it: {error.orig}",
            where=str(path),
            to_do="check the path and the passphrase, or restore the case from a backup",
        ) from error
    except Exception:
        engine.dispose()
        raise
    return engine


def frozen(path: Path) -> bool:
    """Return whether nobody can write *path*: a read-only medium, or no right to write at all.

    SQLite then needs to be told: in WAL mode it writes beside the file even to read it.

    Raises:
        StorageFault: a log beside the file holds rows that are not in it yet.
    """
    if not path.exists():
        return False
    writable = (
        stat.S_IMODE(path.stat().st_mode) | stat.S_IMODE(path.parent.stat().st_mode)
    ) & 0o222
    if writable and not os.statvfs(path.parent).f_flag & os.ST_RDONLY:
        return False
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise StorageFault(
            "the casebook was not closed before its disk was made read-only",
            where=str(log),
            to_do="copy the case to a disk that can be written and open it there",
        )
    return True


def rewritten(engine: Engine, where: str) -> None:
    """Write the casebook anew without what was deleted from it, and empty its log.

    ``secure_delete`` zeroes deleted cells, but a page that was rebuilt, and the log, may
    still hold them: only the rewritten file is known to hold living rows alone.

    Raises:
        StorageFault: another program still reads, or the disk is full.
    """
    why = ""
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        why = "another program still reads it" if busy else ""
    except engine.dialect.loaded_dbapi.Error as error:
        why = str(error)
    finally:
        raw.close()
    if why:
        raise StorageFault(
            f"the casebook could not be cleared of what was withdrawn: {why}",
            where=where,
            to_do="close other programs that have the case open and free space on the disk; it "
            "is done when the case is next opened, so open it once: witnessmark verify",
        )


def _engine(path: Path, key: bytes | None) -> Engine:
    if key is None:
        module: Any = sqlite3
    else:
        from sqlcipher3 import dbapi2

        module = dbapi2

    def connect() -> Any:  # noqa: ANN401 - a connection of either SQLite module
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        as_it_stands = frozen(path)
        raw = module.connect(
            f"file:{quote(os.fsencode(path))}{'?immutable=1' if as_it_stands else ''}",
            check_same_thread=False,
            isolation_level=None,
            uri=True,
        )
        if key is not None:
            raw.execute("PRAGMA cipher_log_level = NONE")
            raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        raw.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        raw.execute("PRAGMA temp_store = MEMORY")
        raw.execute("PRAGMA secure_delete = ON")
        if not as_it_stands:
            raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        return raw

    engine = create_engine(f"sqlite:///{path}", module=module, creator=connect)

    def begin(connection: Connection) -> None:
        writer = connection.get_execution_options().get("writer", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

    event.listen(engine, "begin", begin)
    return engine


def _require_tables(engine: Engine, where: str) -> None:
    with engine.connect() as raw_connection:
        connection = raw_connection.execution_options(writer=False)
        names = set(inspect(connection).get_table_names())
        shape = None
        if FACTS.name in names:
            shape = connection.execute(
                select(FACTS.c.value).where(FACTS.c.name == SHAPE)
            ).scalar_one_or_none()
    if not names:
        with engine.begin() as connection:
            METADATA.create_all(connection)
            connection.execute(insert(FACTS), [{"name": SHAPE, "value": table_shape()}])
    elif shape != table_shape():
        raise InputError(
            "another version of Witnessmark made this casebook",
            where=where,
            to_do="open it with that version, or capture its sources into a new case",
        )
