"""The hops that are missing, by name: gaps are results.

Laws:
1. Every gap names who holds the goods before it, who would after, and the record that
   would fill it; where nobody is named it says "unknown".
2. The hop from the place of work to the shipper is missing until a record ties the two.
3. The place of a photograph stands in a gap of its own, never in one with another site.
4. The words are data (``rules/trace/gaps.yaml``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from witnessmark.core.canonical import content_id
from witnessmark.core.route import Gap
from witnessmark.store.rulebook import load_rules
from witnessmark.store.trade import LANE_DAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from witnessmark.stages.trace.question import Answer
    from witnessmark.store.trade import Shipments

RULES = "trace/gaps.yaml"
SCHEMA = "witnessmark/trace-gaps/1"

PLACE_OF_WORK = "the place of work"
_NAMED = 3
"""Names that a gap lists before it says how many more there are."""


def gap(name: str, before: str, after: str = "", count: int = 0, **fields: object) -> Gap:
    """Return the gap *name* of the rule file, with its words filled in."""
    row = load_rules(RULES, SCHEMA)["gaps"][name]
    after = after or str(row["after"])
    filled = {"before": before, "after": after, "count": count, "days": LANE_DAYS, **fields}
    what = str(row["what"]).format(**filled)
    settles = str(row["settles"]).format(**filled)
    kind = str(row.get("kind", name))
    number = content_id("x", name, before, after, what)
    return Gap(number, kind, before, after, what, settles, count)


def listed(names: Sequence[str], empty: str) -> str:
    """Return *names* as one phrase, the first few by name."""
    if not names:
        return empty
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def row_gaps(shipments: Shipments, answer: Answer, tiers: int, *, backward: bool) -> list[Gap]:
    """Return the gaps that the reached rows themselves show."""
    rows = answer.row
    names = shipments.companies
    onward = shipments.shipper if backward else shipments.consignee
    sender = shipments.consignee if backward else shipments.shipper

    def senders(of: NDArray[np.int64]) -> str:
        codes = np.unique(sender[of])
        return listed([str(names[int(code)]) for code in codes if code >= 0], "unknown")

    gaps: list[Gap] = []
    lost = rows[onward[rows] < 0]
    if len(lost):
        name = "shipper_withheld" if backward else "consignee_withheld"
        gaps.append(gap(name, senders(lost), count=len(lost)))
    ends = np.setdiff1d(answer.company[answer.company_tier < tiers], sender[rows])
    if len(ends) and not backward:
        held = listed([str(names[int(code)]) for code in ends], "unknown")
        gaps.append(gap("dead_end", held, count=len(ends)))
    unknown = rows[shipments.grams[rows] < 0]
    if len(unknown):
        gaps.append(gap("quantity_unknown", senders(unknown), count=len(unknown)))
    if answer.contradictions:
        gaps.append(gap("quantity_contradicts", senders(rows), count=answer.contradictions))
    assumed = rows[shipments.assumed[rows]]
    if len(assumed):
        gaps.append(gap("arrival_assumed", senders(assumed), count=len(assumed)))
    nowhere = rows[np.array(shipments.destination.take(rows).to_pylist(), dtype=object) == ""]
    if len(nowhere):
        gaps.append(gap("market_not_recorded", senders(nowhere), count=len(nowhere)))
    return gaps


def site_gaps(sites: Sequence[str], photographed: Sequence[str], shipper: str) -> list[Gap]:
    """Return the missing hop from each place of work to *shipper*.

    Args:
        sites: labels of named sites that no record ties to a shipper.
        photographed: labels of sites known from a photograph; one gap each (law 3).
        shipper: who ships, or ``unknown trading company``.
    """
    gaps = [gap("site_to_shipper", listed(sites, PLACE_OF_WORK), shipper)]
    if photographed and not sites:
        gaps = []
    return gaps + [gap("site_to_shipper", label, shipper) for label in photographed]


def gaps_without_file(
    sites: Sequence[str], photographed: Sequence[str], goods: str, origin: str
) -> list[Gap]:
    """Return the three missing hops where no shipment file was given."""
    trader, exporter = "unknown trading company", "unknown exporter"
    return [
        *site_gaps(sites, photographed, trader),
        gap("no_file", trader, exporter, goods=goods, origin=origin),
        gap("to_market", exporter, goods=goods),
    ]
