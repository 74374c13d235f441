"""The trade tables: the engine and the files that a stage is lent.

Laws:
1. Engines open here only, offline: DuckDB may neither fetch nor load extensions.
2. What an engine spills lies in the folder it was given and is gone at the end.
3. A result file is written whole (partial file, rename) or not at all.
"""

from __future__ import annotations

import csv
import tempfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import InputError, StorageFault
from witnessmark.store.shipment_columns import EXACT_GRAMS, Arrow
from witnessmark.store.shipment_file import (
    LANE_DAYS,
    STANDING_KEY,
    ShipmentLimits,
    Shipments,
    first_line,
    open_shipments,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = [
    "EXACT_GRAMS",
    "LANE_DAYS",
    "Arrow",
    "DuckEngine",
    "ShipmentLimits",
    "Shipments",
    "SqlEngine",
    "open_shipments",
    "open_sql",
    "read_names",
    "write_table",
    "write_whole",
]


class SqlEngine(Protocol):
    """An engine that a stage may put questions to, in the SQL that all engines share.

    Values stand in a query as ``$name``. A table is never changed, only made anew.
    """

    @property
    def version(self) -> str:
        """Return the engine's name and version."""
        ...

    @property
    def has_asof(self) -> bool:
        """Return whether it knows ``asof join``."""
        ...

    def give(self, name: str, columns: Mapping[str, NDArray[Any]]) -> None:
        """Copy *columns* into the table *name*."""
        ...

    def make(self, name: str, query: str, values: Mapping[str, int] | None = None) -> None:
        """Keep the answer of *query* as the table *name*, in place of one so called."""
        ...

    def view(self, name: str, query: str) -> None:
        """Call *query* by the name *name*, without keeping its answer."""
        ...

    def number(self, query: str, values: Mapping[str, int] | None = None) -> int:
        """Return the one whole number that *query* answers with; 0 where it is null."""
        ...

    def columns(self, query: str) -> dict[str, NDArray[Any]]:
        """Return the answer of *query* as arrays; it must hold no nulls."""
        ...


class DuckEngine:
    """DuckDB in memory; see :class:`SqlEngine`."""

    has_asof = True

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Wrap an open connection; use :func:`open_sql`."""
        self._connection = connection

    @property
    def version(self) -> str:
        """Return the engine's name and version."""
        return f"duckdb {duckdb.__version__}"

    def give(self, name: str, columns: Mapping[str, NDArray[Any]]) -> None:
        """Copy *columns* into the table *name*."""
        handed = pa.table({key: pa.array(values) for key, values in columns.items()})
        self._connection.register("handed_over", handed)
        self.make(name, "select * from handed_over")
        self._connection.unregister("handed_over")

    def make(self, name: str, query: str, values: Mapping[str, int] | None = None) -> None:
        """Keep the answer of *query* as the table *name*.

        Raises:
            StorageFault: memory or disk did not suffice.
        """
        self._ask(f"create or replace temp table {name} as {query}", values)

    def view(self, name: str, query: str) -> None:
        """Call *query* by the name *name*."""
        self._ask(f"create or replace temp view {name} as {query}", None)

    def number(self, query: str, values: Mapping[str, int] | None = None) -> int:
        """Return the one whole number that *query* answers with; 0 where it is null."""
        rows = self._ask(query, values)
        return int(rows[0][0]) if rows and rows[0][0] is not None else 0

    def columns(self, query: str) -> dict[str, NDArray[Any]]:
        """Return the answer of *query* as arrays; it must hold no nulls."""
        answer: Arrow = self._connection.sql(query).to_arrow_table()
        return {name: answer[name].to_numpy() for name in answer.column_names}

    def _ask(self, query: str, values: Mapping[str, int] | None) -> list[tuple[Any, ...]]:
        try:
            # fetched whole: the connection takes no other question before
            return self._connection.execute(query, dict(values) if values else None).fetchall()
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise StorageFault(
                f"the query did not fit: {first_line(error)}",
                where="duckdb",
                to_do="free memory or disk space, or narrow --product and the period",
            ) from error


@contextmanager
def open_sql(temporary: Path | None = None) -> Generator[DuckEngine]:
    """Lend a DuckDB engine in memory, which spills under *temporary*.

    Args:
        temporary: folder for spill files (a case's ``tmp/``); a fresh one if None.
            What was spilled is removed at the end either way.
    """
    with tempfile.TemporaryDirectory(prefix="trace-", dir=temporary) as spill:
        connection = duckdb.connect(
            ":memory:",
            config={
                "temp_directory": spill,
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "preserve_insertion_order": "false",
            },
        )
        try:
            yield DuckEngine(connection)
        finally:
            connection.close()


def write_table(path: Path, table: Arrow, *, standing: str) -> str:
    """Write *table* as Parquet, whole or not at all, and return its digest.

    Args:
        path: the file.
        table: the rows.
        standing: what the shipment file said of itself; it goes into the file's metadata.

    Raises:
        StorageFault: the disk is full or the folder cannot be written.
    """
    told = table.replace_schema_metadata({STANDING_KEY: standing.encode()})
    sink = pa.BufferOutputStream()
    pq.write_table(told, sink, compression="zstd")
    data = sink.getvalue().to_pybytes()
    write_whole(path, data)
    return sha256_hex(data)


def write_whole(path: Path, data: bytes) -> None:
    """Write *data* to *path* by way of a partial file and a rename.

    Raises:
        StorageFault: the disk is full or the folder cannot be written.
    """
    partial = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise StorageFault(
            f"the result could not be written: {error.strerror}",
            where=str(path),
            to_do="free space or choose another --out, then run the command again",
        ) from error


def read_names(path: Path, columns: Sequence[str], *, bare: bool = False) -> list[tuple[str, ...]]:
    """Return the rows of a small CSV file (transitions, hubs); ``#`` begins a comment line.

    Args:
        path: the file, UTF-8.
        columns: the columns wanted; the first must be there, others may be absent (empty).
        bare: whether a file without a header line is taken as well, column by column.

    Raises:
        InputError: it cannot be read, or lacks the first column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            lines = [line for line in handle if line.strip() and not line.startswith("#")]
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"the file cannot be read: {error}", where=str(path), to_do="save it as CSV in UTF-8"
        ) from error
    header = rows[0] if rows else []
    if columns[0] in header:
        places = [header.index(column) if column in header else -1 for column in columns]
        rows = rows[1:]
    elif bare:
        places = list(range(len(columns)))
    else:
        raise InputError(
            f"the file lacks the column {columns[0]}",
            where=str(path),
            to_do=f"begin it with the line {','.join(columns)}",
        )
    return [tuple(row[place] if 0 <= place < len(row) else "" for place in places) for row in rows]
