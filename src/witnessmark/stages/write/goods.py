"""Where the goods go: routes with a record per hop, and the hops that are missing.

Laws:
1. Every hop prints its record; a hop without one is a named gap, drawn dashed.
2. A share is an interval of what can be, never an all-clear.
3. Facts of a shipment file rest on its rows (``data-records``), not on claims.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.interval import two_figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.route import CompanyReached, Gap, Hop, Route, TraceRun

ROUTES_SHOWN = 6
"""Routes drawn at full length; the others are folded away."""
GRAMS_PER_KG = 1000
BEFORE_THE_RECORDS = frozenset({"site_to_shipper", "no_file", "no_seed"})
AFTER_THE_RECORDS = frozenset({"to_market", "consignee_withheld", "dead_end"})


@dataclass(frozen=True, slots=True)
class Stop:
    """A holder of the goods and how they came to it.

    Attributes:
        name: who.
        hop: the record by which the goods arrived, None at the start and in a gap.
        gap: the missing hop by which they arrived, None where there is a record.
        records: ids of the shipments that name this holder.
    """

    name: str
    hop: Hop | None
    gap: Gap | None
    records: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Journey:
    """One route as drawn."""

    id: str
    stops: tuple[Stop, ...]
    lost: bool


@dataclass(frozen=True, slots=True)
class Goods:
    """Everything about where the goods go.

    Attributes:
        runs: what was asked of which file.
        journeys: routes drawn at full length.
        folded: the other routes.
        gaps: every missing hop.
        bare: whether there is no record at all.
        companies: companies reached.
        invented: whether a shipment file says of itself that it is invented.
    """

    runs: tuple[TraceRun, ...]
    journeys: tuple[Journey, ...]
    folded: tuple[Journey, ...]
    gaps: tuple[Gap, ...]
    bare: bool
    companies: tuple[CompanyReached, ...]
    invented: bool


def goods_of(
    runs: Sequence[TraceRun],
    routes: Sequence[Route],
    gaps: Sequence[Gap],
    companies: Sequence[CompanyReached],
) -> Goods:
    """Return the routes as they are drawn, with the missing hops at both ends."""
    journeys = [_journey(route, gaps) for route in routes]
    if not journeys and gaps:
        journeys = [_gap_journey(gaps)]
    return Goods(
        tuple(runs),
        tuple(journeys[:ROUTES_SHOWN]),
        tuple(journeys[ROUTES_SHOWN:]),
        tuple(gaps),
        not routes,
        tuple(companies),
        any(run.standing == "invented" for run in runs),
    )


def _journey(route: Route, gaps: Sequence[Gap]) -> Journey:
    stops: list[Stop] = []
    before = next((gap for gap in gaps if gap.kind in BEFORE_THE_RECORDS), None)
    first = route.hops[0].shipper if route.hops else route.seed
    if before is not None:
        stops.append(Stop(before.before, None, None, ()))
    record = (route.hops[0].shipment_id,) if route.hops else ()
    stops.append(Stop(first, None, before, record))
    stops += [
        Stop(hop.consignee or "consignee withheld", hop, None, (hop.shipment_id,))
        for hop in route.hops
    ]
    last = route.hops[-1].consignee if route.hops else ""
    after = next(
        (g for g in gaps if g.kind in AFTER_THE_RECORDS and g.before in {last, ""}), None
    ) or next((g for g in gaps if g.kind == "to_market"), None)
    if after is not None:
        stops.append(Stop(after.after or "unknown", None, after, ()))
    return Journey(route.id, tuple(stops), route.end == "lost_sight_of")


def _gap_journey(gaps: Sequence[Gap]) -> Journey:
    stops: list[Stop] = []
    for gap in gaps:
        if not stops:
            stops.append(Stop(gap.before or "unknown", None, None, ()))
        elif stops[-1].name != gap.before:
            continue
        stops.append(Stop(gap.after or "unknown", None, gap, ()))
    return Journey("gaps", tuple(stops), lost=True)


def weight(grams: int | None) -> str:
    """Return a weight as recorded, in kilograms (``1,250 kg``)."""
    if grams is None:
        return "weight not recorded"
    kilograms = grams / GRAMS_PER_KG
    return f"{kilograms:,.3f}".rstrip("0").rstrip(".") + " kg"


def share(company: CompanyReached) -> str:
    """Return the share that can come from the seed, as a range in per cent."""
    if company.share is None:
        return "no inbound weight recorded"
    low, high = company.share_low, company.share_high
    middle = two_figures(company.share * 100)
    if low is None or high is None:
        return f"{middle} %"
    return f"{two_figures(low * 100)} to {two_figures(high * 100)} % (by the share rule {middle} %)"
