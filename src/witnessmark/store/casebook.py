"""The casebook: one SQLite file that holds every row of a case.

Laws:
1. It opens through :func:`open_casebook` only, which takes a key from the first day.
2. One writer: every change is one transaction (``BEGIN IMMEDIATE``).
3. A stage that runs again replaces its own rows; a person's judgements stay.
4. Reading and writing go by shelf (:mod:`witnessmark.store.tables`), never by SQL text.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import create_engine, delete, event, func, insert, select
from sqlalchemy.exc import DatabaseError

from witnessmark.core.canonical import canonical_json, sha256_hex
from witnessmark.core.errors import EvidenceFault, StorageFault
from witnessmark.store.tables import CONVERTER, METADATA, ORDINAL, SHELVES, Shelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

Row = TypeVar("Row")

BUSY_TIMEOUT_MS = 10_000
"""How long a second writer waits for the first, in milliseconds."""


class Casebook:
    """The rows of a case, by shelf."""

    def __init__(self, engine: Engine, where: str) -> None:
        """Wrap an open engine; use :func:`open_casebook`."""
        self._engine = engine
        self._where = where
        self._open_writer: Connection | None = None

    def rows(self, shelf: Shelf[Row]) -> tuple[Row, ...]:
        """Return every row of *shelf*, in the order in which it was written.

        Raises:
            EvidenceFault: the casebook cannot be read: it was damaged or altered.
        """
        columns = [column for column in shelf.table.c if column.name != ORDINAL]
        query = select(*columns).order_by(shelf.table.c[ORDINAL], shelf.table.c[shelf.key])
        with self._reading() as connection:
            return tuple(shelf.load(dict(row._mapping)) for row in connection.execute(query))

    def replace(self, shelf: Shelf[Row], rows: Iterable[Row]) -> None:
        """Put *rows* in place of all rows of *shelf*, in one transaction."""
        with self.writing() as connection:
            connection.execute(delete(shelf.table))
            self._insert(connection, shelf, rows, first=0)

    def append(self, shelf: Shelf[Row], rows: Iterable[Row]) -> None:
        """Add *rows* after the rows that *shelf* already holds."""
        with self.writing() as connection:
            last = connection.execute(select(func.max(shelf.table.c[ORDINAL]))).scalar()
            self._insert(connection, shelf, rows, first=0 if last is None else last + 1)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Hold the one write transaction; nested calls join it; an error undoes it all.

        Raises:
            StorageFault: the disk is full, the file is read-only, or another writer
                holds the casebook.
        """
        if self._open_writer is not None:
            yield self._open_writer
            return
        try:
            with self._engine.begin() as connection:
                self._open_writer = connection
                yield connection
        except DatabaseError as error:
            raise StorageFault(
                f"the casebook could not be written: {error.orig}",
                where=self._where,
                to_do="free space or close the other writer, then run the command again; "
                "nothing that was written before is lost",
            ) from error
        finally:
            self._open_writer = None

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

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._open_writer is not None:
            yield self._open_writer
            return
        try:
            with self._engine.connect() as connection:
                yield connection
        except DatabaseError as error:
            raise EvidenceFault(
                f"the casebook cannot be read: {error.orig}",
                where=self._where,
                to_do="restore it from a backup, or run witnessmark verify to see what else is hurt",
            ) from error

    @staticmethod
    def _insert(
        connection: Connection, shelf: Shelf[Row], rows: Iterable[Row], *, first: int
    ) -> None:
        values = [
            {ORDINAL: number, **shelf.dump(row)} for number, row in enumerate(rows, start=first)
        ]
        if values:
            connection.execute(insert(shelf.table), values)


def open_casebook(path: Path, key: bytes | None) -> Casebook:
    """Open the casebook at *path*, making it if it is not there.

    Args:
        path: the file.
        key: 32 raw bytes for a sealed casebook (SQLCipher), None for a plain one.

    Raises:
        EvidenceFault: the file is not a casebook, or the key does not open it.
        StorageFault: it cannot be made or written.
    """
    if key is not None:
        raise StorageFault("sealing is not built yet", where=str(path), to_do="use --plain")
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _prepare(raw: Any, _record: object) -> None:
        raw.isolation_level = None
        raw.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE" if connection.get_execution_options().get("writer", True) else "BEGIN"
        )

    try:
        METADATA.create_all(engine)
    except DatabaseError as error:
        raise EvidenceFault(
            f"this is not a casebook: {error.orig}",
            where=str(path),
            to_do="check the path, or restore the case from a backup",
        ) from error
    return Casebook(engine, str(path))
