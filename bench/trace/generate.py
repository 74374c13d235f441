"""Write an invented shipment file of any size, the same for the same seed.

Companies have sectors tied by a chain of making, sizes after a power law, lasting
relationships, seasons, transit times of 1 to 45 days, 4 % of consignees to order, 1 % of
quantities unknown. The file says of itself that it is invented.

    python bench/trace/generate.py 1000000 /tmp/shipments.parquet --seed 1
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CHAINS: dict[int, tuple[int, ...]] = {
    501: (6703, 6704),
    6703: (6704,),
    6704: (),
    5201: (5203, 5205, 5206),
    5203: (5205, 5206),
    5205: (6006, 6105, 6109, 6110),
    5206: (6006, 6110),
    6006: (6105, 6109, 6110),
    6105: (),
    6109: (),
    6110: (),
    9403: (),
    4407: (9403,),
    7207: (7208,),
    7208: (7308, 8708),
    7308: (),
    8708: (),
    8542: (8517,),
    8517: (),
}
"""Heading -> headings that it may become, besides itself."""

FIRST_DAY = 18_262  # 2020-01-01
DAYS = 6 * 365
ROWS_PER_COMPANY = 25
ROWS_PER_RELATION = 8
TO_ORDER = 0.04
UNKNOWN = 0.01
RESOLD = 0.2
COUNTRIES = ("ZZ", "ZY", "ZX", "ZW")  # user-assigned codes of ISO 3166: no real country


def columns(rows: int, seed: int) -> dict[str, Any]:
    """Return the columns of *rows* invented shipments."""
    random = np.random.default_rng(seed)
    headings = np.array(sorted(CHAINS))
    place = {int(heading): number for number, heading in enumerate(headings)}
    companies = max(200, rows // ROWS_PER_COMPANY)
    sector = random.integers(0, len(headings), companies)
    size = np.minimum(random.pareto(1.1, companies) + 0.05, 500.0)
    members = [np.flatnonzero(sector == number) for number in range(len(headings))]

    def pick(pool: np.ndarray, count: int) -> np.ndarray:
        weights = np.cumsum(size[pool])
        found = np.searchsorted(weights, random.random(count) * weights[-1])
        return pool[np.minimum(found, len(pool) - 1)]

    relations = max(50, rows // ROWS_PER_RELATION)
    heading = random.integers(0, len(headings), relations)
    shipper = np.empty(relations, dtype=np.int64)
    consignee = np.empty(relations, dtype=np.int64)
    for number in range(len(headings)):
        ours = np.flatnonzero(heading == number)
        shipper[ours] = pick(members[number], len(ours))
        following = [place[to] for to in CHAINS[int(headings[number])]] or [number]
        target = np.array(following)[random.integers(0, len(following), len(ours))]
        # one in five is resold within the sector
        target = np.where(random.random(len(ours)) < RESOLD, number, target)
        for other in np.unique(target):
            mine = np.flatnonzero(target == other)
            consignee[ours[mine]] = pick(members[int(other)], len(mine))
    begin = random.integers(0, DAYS - 200, relations)
    lasts = 60 + random.exponential(500, relations)
    transit = random.integers(1, 40, relations)
    usual = random.normal(9, 1.5, relations)

    relation = np.sort(random.integers(0, relations, rows))
    day = begin[relation] + (random.random(rows) * lasts[relation]).astype(np.int64)
    day = np.minimum(day, DAYS - 1)
    order = np.argsort(day, kind="stable")
    relation, day = relation[order], day[order]
    kilograms = np.round(np.exp(usual[relation] + random.normal(0, 0.4, rows)), 3)
    arrival = day + transit[relation] + random.integers(0, 6, rows)
    names = pa.array([f"Example Company {number:07}" for number in range(companies)])
    country = pa.array(COUNTRIES).take(pa.array(random.integers(0, len(COUNTRIES), companies)))
    to_order = random.random(rows) < TO_ORDER
    unknown = random.random(rows) < UNKNOWN
    sender, receiver = pa.array(shipper[relation]), pa.array(consignee[relation], mask=to_order)
    codes = pa.array([f"{code:04}00" for code in headings])
    return {
        "shipment_id": np.arange(1, rows + 1),
        "date": pa.array((day + FIRST_DAY).astype(np.int32), pa.date32()),
        "arrival_date": pa.array((arrival + FIRST_DAY).astype(np.int32), pa.date32()),
        "shipper_id": names.take(sender),
        "consignee_id": names.take(receiver),
        "hs6": codes.take(pa.array(heading[relation])),
        "quantity_kg": pa.array(kilograms, mask=unknown),
        "origin": country.take(sender),
        "destination": country.take(receiver),
    }


def write_transitions(path: Path) -> None:
    """Write the relation of the generator as a file for ``--transitions``."""
    lines = [f"{start:04},{to:04}" for start, ends in sorted(CHAINS.items()) for to in ends]
    path.write_text("\n".join(["from_heading,to_heading", *lines]) + "\n")


def main() -> None:
    """Write the file and its transitions beside it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("rows", type=lambda text: int(float(text)))
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    table = pa.table(columns(asked.rows, asked.seed))
    invented = table.replace_schema_metadata({b"witnessmark.standing": b"invented"})
    pq.write_table(invented, asked.out, compression="zstd")
    write_transitions(asked.out.with_suffix(".transitions.csv"))
    print(f"{asked.rows} rows, {asked.out.stat().st_size / asked.rows:.1f} bytes a row")


if __name__ == "__main__":
    main()
