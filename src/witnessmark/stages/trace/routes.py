"""Chains worth showing: from a seed to where the goods are last seen, each hop with its record.

Laws:
1. No hop without its record: every hop cites one shipment of the file.
2. A chain follows the cited predecessor of each shipment; nothing is pieced together.
3. A chain that visits a company twice is left out where another leads to the same end.
4. Order and selection are by grams, then by id: the same every time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from witnessmark.core.canonical import content_id
from witnessmark.core.route import CompanyReached, Hop, Route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from witnessmark.stages.trace.result import TraceResult

_TRIED = 200
"""Shipments into one company that are tried for a chain without a repeated company."""

REACHED = "reached"
LOST = "lost_sight_of"


def routes_of(result: TraceResult) -> tuple[tuple[Route, ...], int]:
    """Return the routes to show, heaviest first, and how many ends there are in all."""
    chains = _Chains(result)
    ends = chains.ends()
    shown = ends[: result.options.routes_shown]
    return tuple(chains.route(rows, end) for rows, end in shown), len(ends)


def companies_of(result: TraceResult) -> tuple[CompanyReached, ...]:
    """Return the companies to show, by grams then id."""
    answer, options = result.answer, result.options
    shares = [column.to_pylist() for column in result.shares()]
    first = result.first_arrival()
    order = sorted(
        range(len(answer.company)),
        key=lambda place: (
            -int(answer.seed_grams[place]),
            int(answer.company_tier[place]),
            int(answer.company[place]),
        ),
    )
    kept = [
        place
        for place in order
        if shares[0][place] is None or shares[0][place] >= options.share_shown
    ]
    return tuple(
        CompanyReached(
            id=result.name(int(answer.company[place])),
            tier=int(answer.company_tier[place]),
            first_arrival=_iso(int(first[place])),
            seed_grams=int(answer.seed_grams[place]),
            total_grams=int(answer.total_grams[place]),
            share=shares[0][place],
            share_low=shares[1][place],
            share_high=shares[2][place],
        )
        for place in kept[: options.companies_shown]
    )


class _Chains:
    """The reached shipments of one result, by the company they end at."""

    def __init__(self, result: TraceResult) -> None:
        self._result = result
        answer, shipments = result.answer, result.shipments
        back = result.options.backward
        self._sender = shipments.consignee if back else shipments.shipper
        self._receiver = shipments.shipper if back else shipments.consignee
        self._place = {int(row): place for place, row in enumerate(answer.row)}
        # backward nothing is shared out: the weight of the shipment stands in
        self._weight: NDArray[np.int64] = shipments.grams[answer.row] if back else answer.grams

    def ends(self) -> list[tuple[Sequence[int], str]]:
        """Return a chain of rows per final company and per shipper lost sight of."""
        rows = self._result.answer.row
        sender, receiver = self._sender[rows], self._receiver[rows]
        final = np.setdiff1d(receiver[receiver >= 0], sender)
        lost = receiver < 0
        if not len(final) and not np.any(lost):
            final = np.unique(receiver)
        groups = [(REACHED, receiver, np.isin(receiver, final)), (LOST, sender, lost)]
        found: list[tuple[int, int, str, NDArray[np.int64]]] = []
        for end, company, chosen in groups:
            places = np.flatnonzero(chosen)
            order = np.lexsort((-rows[places], -self._weight[places], company[places]))
            places = places[order]
            codes, begin = np.unique(company[places], return_index=True)
            weight = np.maximum(self._weight[places], 0)
            sums = np.add.reduceat(weight, begin) if len(begin) else weight
            for code, total, group in zip(
                codes, sums, np.split(places, begin[1:]) if len(begin) else [], strict=True
            ):
                found.append((-int(total), int(code), end, group))
        found.sort(key=lambda entry: entry[:3])
        limit = self._result.options.routes_shown
        chains = [(self._chain(group), end) for _, _, end, group in found[:limit]]
        return [*chains, *(((), end) for _, _, end, _ in found[limit:])]

    def _chain(self, places: NDArray[np.int64]) -> Sequence[int]:
        rows = self._result.answer.row
        chains = (self._back(int(rows[place])) for place in places[:_TRIED])
        simple = (chain for chain in chains if self._is_simple(chain))
        return next(simple, None) or self._back(int(rows[places[0]]))

    def _back(self, row: int) -> list[int]:
        chain = [row]
        while (before := int(self._result.answer.before[self._place[chain[-1]]])) >= 0:
            chain.append(before)
        return chain[::-1]

    def _is_simple(self, chain: Sequence[int]) -> bool:
        visited = [int(self._sender[row]) for row in chain]
        last = int(self._receiver[chain[-1]])
        if last >= 0:
            visited.append(last)
        return len(set(visited)) == len(visited)

    def route(self, rows: Sequence[int], end: str) -> Route:
        """Return the route along *rows*, seed shipment first."""
        hops = tuple(self._hop(row) for row in rows)
        seed = self._result.name(int(self._sender[rows[0]]))
        number = content_id("r", end, [hop.shipment_id for hop in hops])
        return Route(number, seed, hops, end)

    def _hop(self, row: int) -> Hop:
        shipments, place = self._result.shipments, self._place[row]
        grams, seed_grams = int(shipments.grams[row]), int(self._result.answer.grams[place])
        return Hop(
            shipment_id=int(shipments.id[row]),
            record=shipments.record[row].as_py() or shipments.name,
            shipped=_iso(int(shipments.ship[row])),
            arrived=_iso(int(shipments.arrive[row])),
            arrival_assumed=bool(shipments.assumed[row]),
            shipper=self._company(int(shipments.shipper[row])),
            consignee=self._company(int(shipments.consignee[row])),
            heading=f"{int(shipments.heading[row]):04}",
            grams=grams if grams >= 0 else None,
            seed_grams=seed_grams if seed_grams >= 0 else None,
            origin=shipments.origin[row].as_py(),
            destination=shipments.destination[row].as_py(),
            tier=int(self._result.answer.tier[place]),
        )

    def _company(self, code: int) -> str:
        return self._result.name(code) if code >= 0 else ""


def _iso(day: int) -> str:
    return str(np.datetime64(day, "D"))
