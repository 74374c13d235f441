"""Opening a shipment file: Parquet or CSV into validated columns.

Laws:
1. A file is taken whole or refused: a bad row is named with its number and a remedy.
2. Nothing is guessed in silence: an assumed arrival, an unknown quantity and a
   withheld company are kept as such and counted.
3. What a file says of its own standing (an invented example) stays with it.
4. Row order and names of columns beyond the schema do not change a result.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from witnessmark.core.errors import InputError
from witnessmark.core.provenance import INVENTED
from witnessmark.core.shipment import SHIPMENT_COLUMNS
from witnessmark.store.shipment_columns import Arrow, ColumnReader, numbers, pc, truth

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

LANE_DAYS = 30
"""Arrival model where a record has none: ship day plus 30 days (docs/trace-spec.md)."""

STANDING_KEY = b"witnessmark.standing"

_COUNTS = re.compile(r"(\bExpected \d+ columns, got \d+).*")
"""What Arrow counts in a broken row, and the row itself."""


@dataclass(frozen=True, slots=True)
class ShipmentLimits:
    """How large a shipment file may be.

    Attributes:
        max_bytes: size on disk, bytes.
        max_rows: rows; the engines number rows with 31 bits.
    """

    max_bytes: int = 16 * 2**30
    max_rows: int = 2**31 - 2


@dataclass(frozen=True, slots=True, eq=False)
class Shipments:
    """A shipment file as columns, sorted by shipment id. Days count from 1970-01-01.

    Attributes:
        name: name of the file.
        sha256: digest of its bytes.
        standing: ``evidence`` | ``invented``: what the file says of itself.
        id: shipment ids, int64, ascending.
        ship: ship days, int32.
        arrive: arrival days, int32, always after ``ship``.
        assumed: whether the arrival is the lane model's.
        shipper: index into ``companies``, int32, -1 where withheld.
        consignee: index into ``companies``, int32, -1 where withheld or to order.
        heading: HS heading as a number (``0501`` is 501), int32.
        grams: net weight in grams, int64, -1 where unknown.
        companies: ids or names of the companies, ascending; text or whole numbers, as in the file.
        origin: country of origin per row, empty where absent.
        destination: country of destination per row, empty where absent.
        record: ``source_id`` per row, empty where absent.
    """

    name: str
    sha256: str
    standing: str
    id: NDArray[np.int64]
    ship: NDArray[np.int32]
    arrive: NDArray[np.int32]
    assumed: NDArray[np.bool_]
    shipper: NDArray[np.int32]
    consignee: NDArray[np.int32]
    heading: NDArray[np.int32]
    grams: NDArray[np.int64]
    companies: Arrow
    origin: Arrow
    destination: Arrow
    record: Arrow

    def __len__(self) -> int:
        """Return the number of shipments."""
        return len(self.id)


def open_shipments(path: Path, limits: ShipmentLimits | None = None) -> Shipments:
    """Open a shipment file (Parquet, or CSV in UTF-8).

    Raises:
        InputError: it cannot be read, is too large, lacks a column, or has a bad row.
    """
    limits = limits or ShipmentLimits()
    table, digest, invented = _read(path, limits)
    reader = ColumnReader(table, path.name)
    _check_columns(table, path.name)
    if not len(table):
        raise InputError("the shipment file has no rows", where=path.name, to_do="check the file")
    number = reader.column("shipment_id")
    to_do = "give every row its own whole number"
    ids = reader.cast(number, "shipment_id", pa.int64(), to_do)
    reader.refuse(truth(ids.is_null(), absent=False), "shipment_id is missing", to_do)
    id_values = numbers(ids, 0, np.int64)
    order = np.argsort(id_values, kind="stable")
    twice = np.zeros(len(order), dtype=np.bool_)
    twice[order[1:]] = id_values[order[1:]] == id_values[order[:-1]]
    reader.refuse(twice, "shipment_id is not unique: it was seen before", to_do)
    ship, arrive, assumed = _calendar(reader)
    companies, shipper, consignee = reader.companies()
    rows = pa.array(order)
    standing = reader.text("standing")
    if "standing" in table.column_names:
        invented = invented or bool(
            pc.any(pc.match_substring_regex(standing, "(?i)^invented")).as_py()
        )
    return Shipments(
        name=path.name,
        sha256=digest,
        standing="invented" if invented else "evidence",
        id=id_values[order],
        ship=ship[order],
        arrive=arrive[order],
        assumed=assumed[order],
        shipper=shipper[order],
        consignee=consignee[order],
        heading=reader.headings()[order],
        grams=reader.grams()[order],
        companies=companies,
        origin=pc.utf8_upper(reader.text("origin")).take(rows),
        destination=pc.utf8_upper(reader.text("destination")).take(rows),
        record=reader.text("source_id").take(rows),
    )


def _calendar(
    reader: ColumnReader,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:
    shipped = reader.days("date")
    if shipped is None:  # pragma: no cover - _check_columns refused the file before
        raise InputError("the column date is missing", where=reader.name, to_do="add it")
    ship, missing = shipped
    reader.refuse(missing, "date is missing", "give every row its ship day")
    arrive = (ship + LANE_DAYS).astype(np.int32)
    assumed = np.ones(len(ship), dtype=np.bool_)
    arrived = reader.days("arrival_date")
    if arrived is not None:
        stated, absent = arrived
        reader.refuse(
            ~absent & (stated <= ship),
            "arrival_date is not after date",
            "correct the day, or leave arrival_date empty "
            f"(then ship day + {LANE_DAYS} days is assumed, and said so)",
        )
        arrive, assumed = np.where(absent, arrive, stated).astype(np.int32), absent
    return ship, arrive, assumed


def _read(path: Path, limits: ShipmentLimits) -> tuple[Arrow, str, bool]:
    try:
        size = path.stat().st_size
        if size > limits.max_bytes:
            raise InputError(
                f"the shipment file has {size} bytes, the limit is {limits.max_bytes}",
                where=str(path),
                to_do="split it by period, or raise the limit",
            )
        digest = _file_digest(path)
        with path.open("rb") as handle:
            is_parquet = handle.read(4) == b"PAR1"
        table, invented = _read_parquet(path, limits) if is_parquet else _read_csv(path)
    except OSError as error:
        raise InputError(
            f"the shipment file cannot be read: {error.strerror or error}",
            where=str(path),
            to_do="check the path and its rights; a damaged file must be fetched again",
        ) from error
    if len(table) > limits.max_rows:
        raise _too_many(len(table), limits, path)
    return table, digest, invented


def _read_parquet(path: Path, limits: ShipmentLimits) -> tuple[Arrow, bool]:
    try:
        with pq.ParquetFile(path) as file:
            if file.metadata.num_rows > limits.max_rows:
                raise _too_many(file.metadata.num_rows, limits, path)
            known = {column.name for column in SHIPMENT_COLUMNS} | {"standing"}
            schema = file.schema_arrow
            wanted = [name for name in schema.names if name in known]
            table = file.read(columns=wanted)
            told = (schema.metadata or {}).get(STANDING_KEY, b"")
    except pa.ArrowException as error:
        raise InputError(
            f"the Parquet file is damaged: {first_line(error)}",
            where=str(path),
            to_do="fetch it again from where it came",
        ) from error
    return table, told.decode(errors="replace").lower() == "invented"


def _read_csv(path: Path) -> tuple[Arrow, bool]:
    skip, invented = 0, False
    with path.open("rb") as handle:
        for line in handle:
            text = line.removeprefix(b"\xef\xbb\xbf") if skip == 0 else line
            if not text.startswith(b"#"):
                break
            invented = invented or INVENTED.encode() in text
            skip += 1
    known = {column.name: pa.string() for column in SHIPMENT_COLUMNS}
    try:
        table = pacsv.read_csv(
            path,
            read_options=pacsv.ReadOptions(skip_rows=skip),
            convert_options=pacsv.ConvertOptions(
                column_types={**known, "standing": pa.string()},
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowException as error:
        encoding = "utf8" in str(error).lower()
        raise InputError(
            "the CSV file is not UTF-8" if encoding else f"the CSV file: {_without_rows(error)}",
            where=str(path),
            to_do="save it as UTF-8"
            if encoding
            else "save it as CSV with a header line, or Parquet",
        ) from error
    return table, invented


def _too_many(rows: int, limits: ShipmentLimits, path: Path) -> InputError:
    return InputError(
        f"the shipment file has {rows} rows, the limit is {limits.max_rows}",
        where=str(path),
        to_do="split it by period, or raise the limit",
    )


def _check_columns(table: Arrow, name: str) -> None:
    try:
        names = list(table.column_names)
    except UnicodeDecodeError as error:
        raise InputError(
            "the names of the columns are not in UTF-8",
            where=name,
            to_do="save the shipment file as UTF-8",
        ) from error
    missing = [c.name for c in SHIPMENT_COLUMNS if c.required and c.name not in names]
    if missing:
        raise InputError(
            f"the shipment file lacks {', '.join(missing)}",
            where=name,
            to_do="name the columns as docs/trace-spec.md lists them",
        )
    twice = sorted({column for column in names if names.count(column) > 1})
    if twice:
        raise InputError(
            f"two columns are called {', '.join(twice)}", where=name, to_do="keep one of them"
        )


def first_line(error: Exception) -> str:
    """Return the first line of an engine's message, which alone is for people."""
    return str(error).partition("\n")[0]


def _without_rows(error: Exception) -> str:
    """Return the first line of a CSV error without the row that it quotes: rows are material."""
    return _COUNTS.sub(r"\1", first_line(error))


def _file_digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
