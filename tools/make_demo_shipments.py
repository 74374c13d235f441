"""Write the invented shipment file of the demo, the same bytes every time.

Laws:
1. Nothing in it is said of anything real: every firm and place carries a word that says it is
   invented, and every country is a user-assigned ISO 3166-1 code (``XA`` to ``XC``).
2. The first line says ``INVENTED EXAMPLE, NOT EVIDENCE``, and so does every row's record.
3. No chance: quantities and days come from a fixed arithmetic of the row's number.

What the file teaches: hair (6703) that becomes wigs (6704) on its way, four tiers, a firm that
mixes supply from elsewhere (a share below one), a consignee that is withheld, a quantity that is
missing, and a sale that is too early to hold the goods.

    .venv/bin/python tools/make_demo_shipments.py
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

MARK = "# INVENTED EXAMPLE, NOT EVIDENCE"
TARGET = Path(__file__).resolve().parent.parent / (
    "src/witnessmark/examples/first_case/shipments.csv"
)
START = date(2025, 1, 6)
"""Ship day number 0 of the invented year."""

SEED = "Example Trading A"
IMPORTER = "Sample Beauty Import B"
HAIR_WORKS = "Sample Hair Works C of Exampleport"
LASH_WORKS = "Example Lash Works D of Sampletown"
WHOLESALE = "Placeholder Wholesale E"
RETAIL = "Placeholder Retail F"
OTHER_FIBRE = "Specimen Fibre Supply G"
TOYS = "Specimen Toys H"
TOY_SHOP = "Placeholder Toy Shop I"
SALONS = "Sample Salon Group J"
WITHHELD = ""

COUNTRY = {
    SEED: "XA",
    HAIR_WORKS: "XB",
    LASH_WORKS: "XB",
    OTHER_FIBRE: "XB",
    TOYS: "XB",
    IMPORTER: "XC",
    WHOLESALE: "XC",
    RETAIL: "XC",
    TOY_SHOP: "XC",
    SALONS: "XC",
    WITHHELD: "XC",
}

HAIR = "670300"
WIGS = "670420"
LASHES = "670419"
KNITWEAR = "611030"
DOLLS = "950300"


class Lane(NamedTuple):
    """A run of shipments between two firms.

    Attributes:
        shipper: the sender.
        consignee: the receiver, empty where withheld.
        hs6: the product.
        first: ship day of the first one, counted from ``START``.
        every: days between two of them.
        times: how many.
        transit: days on the way.
        kilograms: weight of the first one.
    """

    shipper: str
    consignee: str
    hs6: str
    first: int
    every: int
    times: int
    transit: int
    kilograms: float


LANES = (
    # tier 1: the seed sells hair to be worked and some finished goods
    Lane(SEED, HAIR_WORKS, HAIR, 0, 21, 10, 4, 420.0),
    Lane(SEED, LASH_WORKS, LASHES, 9, 28, 6, 4, 60.0),
    Lane(SEED, SALONS, WIGS, 30, 56, 3, 18, 150.0),
    # supply from elsewhere, mixed in: the shares below stay under one
    Lane(OTHER_FIBRE, HAIR_WORKS, HAIR, 5, 30, 8, 3, 510.0),
    Lane(OTHER_FIBRE, LASH_WORKS, LASHES, 12, 60, 3, 3, 90.0),
    # tier 2: hair has become wigs
    Lane(HAIR_WORKS, IMPORTER, WIGS, 40, 24, 9, 21, 380.0),
    Lane(LASH_WORKS, IMPORTER, LASHES, 50, 45, 4, 20, 70.0),
    Lane(LASH_WORKS, SALONS, LASHES, 64, 70, 2, 22, 35.0),
    # lost sight of: to order
    Lane(HAIR_WORKS, WITHHELD, WIGS, 120, 90, 1, 25, 260.0),
    # tiers 3 and 4
    Lane(IMPORTER, WHOLESALE, WIGS, 85, 30, 7, 3, 240.0),
    Lane(IMPORTER, SALONS, LASHES, 95, 60, 3, 2, 40.0),
    Lane(WHOLESALE, RETAIL, WIGS, 105, 35, 6, 2, 110.0),
    # too early: sold before anything from the seed had arrived
    Lane(IMPORTER, WHOLESALE, WIGS, 8, 90, 1, 3, 95.0),
    # not what is followed
    Lane(TOYS, TOY_SHOP, DOLLS, 3, 40, 8, 16, 800.0),
    Lane(HAIR_WORKS, TOY_SHOP, DOLLS, 70, 80, 2, 16, 120.0),
    Lane(OTHER_FIBRE, RETAIL, KNITWEAR, 22, 75, 3, 19, 300.0),
)

MISSING_QUANTITY = (IMPORTER, WHOLESALE, 3)
"""Shipper, consignee and number (from 0) of the shipment whose weight nobody recorded."""

USD_PER_KILOGRAM = {HAIR: 38, WIGS: 145, LASHES: 210, KNITWEAR: 24, DOLLS: 11}
"""Invented prices, flat, so that nobody takes them for a finding."""


def _rows() -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    seen: dict[tuple[str, str], int] = {}
    for lane in LANES:
        for turn in range(lane.times):
            pair = (lane.shipper, lane.consignee)
            number = seen.get(pair, 0)
            seen[pair] = number + 1
            shipped = START + timedelta(days=lane.first + turn * lane.every)
            arrived = shipped + timedelta(days=lane.transit + turn % 3)
            kilograms = round(lane.kilograms * (1 + (turn * 7 % 5) / 20), 1)
            unknown = (*pair, number) == MISSING_QUANTITY
            rows.append(
                (
                    shipped.isoformat(),
                    arrived.isoformat(),
                    lane.shipper,
                    lane.consignee,
                    lane.hs6,
                    "" if unknown else f"{kilograms:.1f}",
                    "" if unknown else f"{kilograms * USD_PER_KILOGRAM[lane.hs6]:.2f}",
                    COUNTRY[lane.shipper],
                    COUNTRY[lane.consignee],
                )
            )
    return sorted(rows, key=str)


def shipments_csv() -> str:
    """Return the invented shipment file as text."""
    text = io.StringIO()
    text.write(MARK + "\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        (
            "shipment_id",
            "date",
            "arrival_date",
            "shipper_id",
            "consignee_id",
            "hs6",
            "quantity_kg",
            "value_usd",
            "origin",
            "destination",
            "source_id",
        )
    )
    for number, row in enumerate(_rows(), start=1):
        writer.writerow((number, *row, f"INVENTED EXAMPLE record {number:04d}"))
    return text.getvalue()


if __name__ == "__main__":
    TARGET.write_text(shipments_csv(), encoding="utf-8")
    print(f"wrote {TARGET.name}: {len(shipments_csv().splitlines()) - 2} invented shipments")
