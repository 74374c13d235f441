"""The schema of shipments, as Arrow-style names and types (no object per row).

The meaning of each column, and of a trace over them, is ``docs/trace-spec.md``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the shipment table.

    Attributes:
        name: column name.
        type: Arrow type name.
        required: whether a file without it is refused.
        meaning: what it holds, with unit.
    """

    name: str
    type: str
    required: bool
    meaning: str


SHIPMENT_COLUMNS: tuple[Column, ...] = (
    Column("shipment_id", "int64", required=True, meaning="unique number of the row"),
    Column("date", "date32", required=True, meaning="ship day"),
    Column("arrival_date", "date32", required=False, meaning="arrival day, after the ship day"),
    Column("shipper_id", "string", required=True, meaning="sender; an id or a name"),
    Column("consignee_id", "string", required=True, meaning="receiver; null = to order, withheld"),
    Column("hs6", "string", required=True, meaning="product, HS six digits"),
    Column("quantity_kg", "double", required=False, meaning="net weight, kilograms"),
    Column("quantity_g", "int64", required=False, meaning="net weight, grams"),
    Column("value_usd", "double", required=False, meaning="value, US dollars"),
    Column("origin", "string", required=False, meaning="country of origin, ISO 3166-1 alpha-2"),
    Column("destination", "string", required=False, meaning="country of destination"),
    Column("source_id", "string", required=False, meaning="the record it was taken from"),
)
