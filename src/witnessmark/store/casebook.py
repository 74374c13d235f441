"""The casebook: one SQLite file that holds every row of a case.

Laws:
1. It opens through :func:`open_casebook` only, which takes a key from the first day.
2. One writer: every change is one transaction (``BEGIN IMMEDIATE``) under the case's lock.
3. A stage that runs again replaces its own rows; a person's judgements stay.
4. What is written passes :mod:`witnessmark.store.protected`: it keeps testimony out of plain
   cases and protected names out of every index.
5. Reading and writing go by shelf (:mod:`witnessmark.store.tables`), never by SQL text.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import DatabaseError, IntegrityError

from witnessmark.core.canonical import canonical_json, sha256_hex
from witnessmark.core.errors import EvidenceFault, StorageFault, WitnessmarkError
from witnessmark.store.engine import connected, rewritten
from witnessmark.store.protected import admitted
from witnessmark.store.tables import (
    BOOKKEEPING,
    CHECKSUM,
    CONNECTIONS,
    CONVERTER,
    ORDINAL,
    SHELVES,
    STAMPS,
    Shelf,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from witnessmark.store.lock import WriterLock

Row = TypeVar("Row")


class Casebook:
    """The rows of a case, by shelf."""

    def __init__(
        self, engine: Engine, where: str, *, lock: WriterLock | None = None, sealed: bool = False
    ) -> None:
        """Wrap an open engine; use :func:`open_casebook`."""
        self._engine = engine
        self._where = where
        self._lock = lock
        self._sealed = sealed
        self._here = threading.local()
        self.before_writing: Callable[[], None] = _nothing
        self.after_commit: Callable[[], None] = _nothing
        self.after_undo: Callable[[], None] = _nothing

    def rows(self, shelf: Shelf[Row]) -> tuple[Row, ...]:
        """Return every row of *shelf*, in the order in which it was written.

        Raises:
            EvidenceFault: the casebook cannot be read: it was damaged or altered.
        """
        columns = [column for column in shelf.table.c if column.name not in BOOKKEEPING]
        query = select(*columns).order_by(shelf.table.c[ORDINAL], shelf.table.c[shelf.key])
        with self.reading() as connection:
            found = [dict(row) for row in connection.execute(query).mappings()]
        try:
            return tuple(shelf.load(values) for values in found)
        except Exception as error:  # cattrs and json raise many kinds; all mean a broken row
            raise EvidenceFault(
                f"a row of {shelf.name} cannot be read",
                where=self._where,
                to_do="run witnessmark verify to see which, then restore from a backup",
            ) from error

    def replace(self, shelf: Shelf[Row], rows: Iterable[Row]) -> None:
        """Put *rows* in place of all rows of *shelf*, in one transaction."""
        with self.writing() as connection:
            kept = admitted(self, shelf, rows, sealed=self._sealed, fresh=False)
            connection.execute(delete(shelf.table))
            self._insert(connection, shelf, kept, first=0)

    def append(self, shelf: Shelf[Row], rows: Iterable[Row]) -> None:
        """Add *rows* after the rows that *shelf* already holds."""
        with self.writing() as connection:
            kept = admitted(self, shelf, rows, sealed=self._sealed, fresh=True)
            last = connection.execute(select(func.max(shelf.table.c[ORDINAL]))).scalar()
            self._insert(connection, shelf, kept, first=0 if last is None else last + 1)

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """Hold the one write transaction; nested calls join it; an error undoes it all.

        Raises:
            StorageFault: the disk is full, the file is read-only, or another writer
                holds the casebook.
        """
        joined = self._own()
        if joined is not None:
            yield joined
            return
        if self._lock is None:
            with self._transaction() as connection:
                yield connection
        else:
            with self._lock.holding("writing rows"), self._transaction() as connection:
                yield connection

    @contextmanager
    def _transaction(self) -> Generator[Connection]:
        self.before_writing()
        try:
            with self._engine.begin() as connection:
                self._here.connection = connection
                yield connection
        except IntegrityError as error:
            self._undo()
            raise StorageFault(
                f"two rows have one id: {error.orig}",
                where=self._where,
                to_do="report this with the input; nothing was changed",
            ) from error
        except DatabaseError as error:
            self._undo()
            raise StorageFault(
                f"the casebook could not be written: {error.orig}",
                where=self._where,
                to_do="free space or close the other writer, then run the command again; "
                "nothing that was written before is lost",
            ) from error
        except BaseException:
            self._undo()
            raise
        self._here.connection = None
        self.after_commit()

    def _undo(self) -> None:
        self._here.connection = None
        self.after_undo()

    @property
    def in_transaction(self) -> bool:
        """Return whether this thread holds a write transaction, which a nested one would join."""
        return self._own() is not None

    def _own(self) -> Connection | None:
        """Return this thread's open write transaction."""
        return getattr(self._here, "connection", None)

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """Hold a connection that reads; inside :meth:`writing` it sees what was written.

        Raises:
            EvidenceFault: the casebook cannot be read.
        """
        joined = self._own()
        if joined is not None:
            yield joined
            return
        try:
            with self._engine.connect() as connection:
                yield connection.execution_options(writer=False)
        except DatabaseError as error:
            raise EvidenceFault(
                f"the casebook cannot be read: {error.orig}",
                where=self._where,
                to_do="restore it from a backup, or run witnessmark verify for all faults",
            ) from error

    def digest_lines(self) -> tuple[str, ...]:
        """Return the canonical JSON of all stage tables, a line per row.

        Run times, keys and object names are left out (``Shelf.volatile``).
        """
        lines: list[str] = []
        for shelf in SHELVES:
            for row in self.rows(shelf):
                plain: dict[str, Any] = CONVERTER.unstructure(row)
                kept = {k: v for k, v in plain.items() if k not in shelf.volatile}
                lines.append(canonical_json([shelf.name, kept]))
        return tuple(lines)

    def digest(self) -> str:
        """Return SHA-256 over :meth:`digest_lines`."""
        return sha256_hex("\n".join(self.digest_lines()).encode())

    def damage(self) -> tuple[str, ...]:
        """Return what SQLite's, SQLCipher's and our own checks say is wrong, a line each."""
        checks = ["PRAGMA integrity_check"]
        if self._sealed:
            checks.insert(0, "PRAGMA cipher_integrity_check")
        found: list[str] = []
        try:
            with self.reading() as connection:
                for check in checks:
                    answers = [str(row[0]) for row in connection.exec_driver_sql(check)]
                    found += [answer for answer in answers if answer != "ok"]
                for shelf in (*SHELVES, STAMPS, CONNECTIONS):
                    found += _damaged_rows(connection, shelf)
        except WitnessmarkError as error:
            found.append(error.what)
        return tuple(found)

    def forget(self) -> None:
        """Leave no trace of deleted rows in the file or in its log; outside a transaction.

        Raises:
            StorageFault: another program still reads, or the disk is full; it is repeated
                when the case is next opened.
        """
        rewritten(self._engine, self._where)

    def close(self) -> None:
        """Close every connection; SQLite then folds its log back into the file."""
        self._engine.dispose()

    @staticmethod
    def _insert(
        connection: Connection, shelf: Shelf[Row], rows: Iterable[Row], *, first: int
    ) -> None:
        values = [
            shelf.sealed(number, shelf.dump(row)) for number, row in enumerate(rows, start=first)
        ]
        if values:
            connection.execute(insert(shelf.table), values)


def _nothing() -> None:
    """Do nothing: the hook of a casebook that has no vault beside it."""


def _damaged_rows(connection: Connection, shelf: Shelf[Any]) -> list[str]:
    found: list[str] = []
    query = select(shelf.table).order_by(shelf.table.c[ORDINAL])
    for row in connection.execute(query).mappings():
        values = dict(row)
        checksum = values.pop(CHECKSUM)
        ordinal = values.pop(ORDINAL)
        if shelf.sealed(ordinal, values)[CHECKSUM] != checksum:
            found.append(f"{shelf.name}: row {values[shelf.key]} was altered")
    return found


def open_casebook(path: Path, key: bytes | None, lock: WriterLock | None = None) -> Casebook:
    """Open the casebook at *path*, making it if it is not there.

    Args:
        path: the file.
        key: 32 raw bytes for a sealed casebook (SQLCipher), None for a plain one.
        lock: the writer's lock of the case.

    Raises:
        EvidenceFault: the file is not a casebook, or the key does not open it.
        InputError: another version of Witnessmark made it.
        StorageFault: it cannot be made or written.
    """
    return Casebook(connected(path, key), str(path), lock=lock, sealed=key is not None)
