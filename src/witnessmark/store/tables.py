"""The named tables in which the stages meet, made from the core types.

Laws:
1. One table per kind of row; its name begins with the stage that writes it.
2. A stage writes its own tables only and reads only its own and earlier ones.
3. Columns are the fields of the core type: scalars as they are, everything else
   as canonical JSON text. Nothing here is SQLite's own dialect.
4. ``volatile`` fields (run times, keys, object names, names of people) stay out of the digest.
5. Every row carries a checksum of its values: a changed cell is found and named, in a
   plain case too. It guards against damage, not against someone who can compute it.
"""

from __future__ import annotations

import dataclasses
import enum
import json
import types
import typing
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cattrs.preconf.json import make_converter
from sqlalchemy import Boolean, Column, Float, Integer, MetaData, String, Table

from witnessmark.core.actor import Actor, MergeProposal, PlaceReading, ProductReading
from witnessmark.core.canonical import canonical_json, sha256_hex
from witnessmark.core.claim import Claim, Mention, Value
from witnessmark.core.finding import IndicatorFinding, LawCell
from witnessmark.core.interval import Interval
from witnessmark.core.judgement import Judgement
from witnessmark.core.modelcall import Endorsement, ModelCall
from witnessmark.core.origin import Origin
from witnessmark.core.pageimage import PageImage
from witnessmark.core.rereading import Reanchoring, Rereading
from witnessmark.core.route import CompanyReached, Gap, Route, TraceRun
from witnessmark.core.source import CustodyEntry, Rendition, Source
from witnessmark.core.testimony import Testimony
from witnessmark.store.connection_row import Connection
from witnessmark.store.timestamp_row import Stamp

if typing.TYPE_CHECKING:
    import cattrs

Row = TypeVar("Row")

ORDINAL = "ordinal"
"""Column that keeps the order in which a stage wrote its rows."""

CHECKSUM = "checksum"
"""Column that holds SHA-256 over the row's other values."""

BOOKKEEPING = (ORDINAL, CHECKSUM)
"""Columns that are the store's own, not fields of a core type."""

METADATA = MetaData()
"""All tables of a casebook."""

OBJECTS = Table(
    "store_objects",
    METADATA,
    Column("name", String, primary_key=True),
    Column("keyed_hash", String, nullable=False, unique=True),
    Column("wrapped_key", String, nullable=False),
    Column("size", Integer, nullable=False),
)
"""What the vault holds: random name, keyed hash of the content, wrapped key, bytes."""

FACTS = Table(
    "store_facts",
    METADATA,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)
"""What the store knows of itself: the shape of its tables, the head of the log."""

CONVERTER: cattrs.Converter = make_converter()
"""Turns core types into plain JSON values and back."""
CONVERTER.register_structure_hook_func(lambda kind: kind == Value, lambda value, _: value)


@dataclass(frozen=True, slots=True)
class Shelf(Generic[Row]):
    """A table of the casebook and the core type of its rows.

    Attributes:
        stage: the stage that alone writes it.
        row: the core type.
        table: the SQLAlchemy table.
        key: name of the primary key field.
        volatile: fields left out of the digest.
    """

    stage: str
    row: type[Row]
    table: Table
    key: str
    volatile: frozenset[str]

    @property
    def name(self) -> str:
        """Return the table's name."""
        return self.table.name

    def dump(self, row: Row) -> dict[str, Any]:
        """Return the column values of *row*."""
        plain: dict[str, Any] = CONVERTER.unstructure(row)
        return {
            name: value if _is_scalar(column) else canonical_json(value)
            for name, value in plain.items()
            for column in (self.table.c[name],)
        }

    def sealed(self, ordinal: int, values: dict[str, Any]) -> dict[str, Any]:
        """Return the column *values* with their place and their checksum."""
        placed = {ORDINAL: ordinal, **values}
        return {**placed, CHECKSUM: sha256_hex(canonical_json(placed).encode())}

    def load(self, values: dict[str, Any]) -> Row:
        """Return the row that the column *values* hold."""
        plain = {
            name: value if _is_scalar(self.table.c[name]) else json.loads(value)
            for name, value in values.items()
        }
        return CONVERTER.structure(plain, self.row)


def _is_scalar(column: Column[Any]) -> bool:
    return not column.info.get("json", False)


def _column(name: str, kind: object, *, key: bool) -> Column[Any]:
    options = set(typing.get_args(kind)) if isinstance(kind, types.UnionType) else {kind}
    nullable = types.NoneType in options
    options.discard(types.NoneType)
    only = options.pop() if len(options) == 1 else None
    if isinstance(only, type):
        if issubclass(only, bool):
            return Column(name, Boolean, nullable=nullable)
        if issubclass(only, enum.Enum | str):
            return Column(name, String, primary_key=key, nullable=nullable)
        if issubclass(only, int):
            return Column(name, Integer, primary_key=key, nullable=nullable)
        if issubclass(only, float):
            return Column(name, Float, nullable=nullable)
    return Column(name, String, nullable=False, info={"json": True})


def _shelf(
    name: str, row: type[Row], *, key: str = "id", volatile: tuple[str, ...] = ()
) -> Shelf[Row]:
    hints = typing.get_type_hints(row)
    fields = [field.name for field in dataclasses.fields(typing.cast("Any", row))]
    columns = [_column(field, hints[field], key=field == key) for field in fields]
    columns.insert(0, Column(ORDINAL, Integer, nullable=False))
    columns.append(Column(CHECKSUM, String, nullable=False))
    stage = name.split("_", 1)[0]
    return Shelf(stage, row, Table(name, METADATA, *columns), key, frozenset(volatile))


SOURCES = _shelf("capture_sources", Source, volatile=("captured_at", "vault_object"))
RENDITIONS = _shelf("capture_renditions", Rendition, volatile=("vault_object",))
PAGES = _shelf("capture_pages", PageImage, volatile=("vault_object",))
REREADINGS = _shelf("capture_rereadings", Rereading, key="number", volatile=("at",))
CUSTODY = _shelf(
    "capture_custody", CustodyEntry, key="leaf", volatile=("nonce", "commitment", "at")
)
TESTIMONIES = _shelf(
    "capture_testimonies",
    Testimony,
    # people's names, and file names that may hold them: in no line that digest prints
    volatile=("interviewer", "interpreter", "place", "protected", "files"),
)
CLAIMS = _shelf("extract_claims", Claim)
MENTIONS = _shelf("extract_mentions", Mention)
REANCHORED = _shelf("extract_reanchored", Reanchoring)
MODEL_CALLS = _shelf(
    "extract_llm_calls",
    ModelCall,
    # what a model answered is an input of the case; where and when it was asked is not
    volatile=("vault_object", "endpoint", "at", "connection"),
)
ENDORSEMENTS = _shelf("extract_llm_endorsements", Endorsement)
PLACES = _shelf("identify_places", PlaceReading)
ACTORS = _shelf("identify_actors", Actor)
PRODUCTS = _shelf("identify_products", ProductReading)
MERGES = _shelf("identify_merges", MergeProposal)
INTERVALS = _shelf("measure_intervals", Interval)
TRACE_RUNS = _shelf("trace_runs", TraceRun)
ROUTES = _shelf("trace_routes", Route)
GAPS = _shelf("trace_gaps", Gap)
COMPANIES = _shelf("trace_companies", CompanyReached)
ORIGINS = _shelf("weigh_origins", Origin)
INDICATORS = _shelf("weigh_indicators", IndicatorFinding)
LAW = _shelf("weigh_law", LawCell)
JUDGEMENTS = _shelf("judge_judgements", Judgement, key="number", volatile=("at",))

STAMPS = _shelf("store_stamps", Stamp, key="number")
"""Time stamps of the log: the store's own, in no digest: a stamp changes no finding."""

CONNECTIONS = _shelf("store_connections", Connection, key="number")
"""Outgoing connections: the store's own, in no digest: what was fetched is a source itself."""

SHELVES: tuple[Shelf[Any], ...] = (
    SOURCES,
    RENDITIONS,
    PAGES,
    REREADINGS,
    CUSTODY,
    TESTIMONIES,
    CLAIMS,
    MENTIONS,
    REANCHORED,
    MODEL_CALLS,
    ENDORSEMENTS,
    PLACES,
    ACTORS,
    PRODUCTS,
    MERGES,
    INTERVALS,
    TRACE_RUNS,
    ROUTES,
    GAPS,
    COMPANIES,
    ORIGINS,
    INDICATORS,
    LAW,
    JUDGEMENTS,
)
"""Every table, in the order of the flow."""
