"""The log of outgoing connections in the casebook of a case.

Laws:
1. A connection has its row before it is opened; nothing removes a row.
2. The log is in no digest: what was fetched is a source of its own, and a connection that
   failed changes no finding.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from witnessmark.store.tables import CONNECTIONS

if TYPE_CHECKING:
    from witnessmark.store.case import Case
    from witnessmark.store.connection_row import Connection


def begin(case: Case, row: Connection) -> Connection:
    """Write *row* under the next number, and return it so.

    Raises:
        StorageFault: the case cannot be written; then nothing may be opened.
    """
    with case.casebook.writing():
        held = case.casebook.rows(CONNECTIONS)
        numbered = replace(row, number=len(held) + 1)
        case.casebook.append(CONNECTIONS, [numbered])
    return numbered


def end(case: Case, row: Connection) -> None:
    """Complete the row with the number of *row*.

    Raises:
        StorageFault: the case cannot be written; the row still says that it was begun.
    """
    with case.casebook.writing():
        held = case.casebook.rows(CONNECTIONS)
        rows = [row if one.number == row.number else one for one in held]
        case.casebook.replace(CONNECTIONS, rows)


def logged(case: Case) -> tuple[Connection, ...]:
    """Return every connection of *case*, in order."""
    return case.casebook.rows(CONNECTIONS)
