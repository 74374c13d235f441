"""The native engine: a trace in NumPy, by sorted keys.

Laws:
1. The frontier is shipments, not companies; each is visited once, at its least tier.
2. A shipment's key is ``(company, heading, day)`` in one int64, so that "the last arrival
   on or before this day" is one binary search.
3. Shares come from running sums of int64 grams; only the final ratio is binary64.

The method is the event-graph search of Bentert et al. 2020 (walks under a longest
waiting time) by levels. Cost: one sort of the relevant rows, then near-linear work in
the rows of the companies reached. Paths are never enumerated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from witnessmark.stages.trace.question import Answer, refuse_sum
from witnessmark.stages.trace.shares import Windows, grams_by_layer, lower_bound, upper_bound
from witnessmark.store.trade import EXACT_GRAMS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from witnessmark.core.progress import Progress
    from witnessmark.stages.trace.question import Ledger, Question

    I64 = NDArray[np.int64]

_HEADINGS = 10_000
"""Four-digit headings there can be."""


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """The reached rows that the answer holds, by position, with their grams."""

    rows: I64
    tier: I64
    grams: I64
    high: I64
    low: I64


@dataclass(frozen=True, slots=True, eq=False)
class _CompanySums:
    """The reached companies, by code, with their sums."""

    company: NDArray[np.int32]
    tier: NDArray[np.int32]
    first: NDArray[np.int32]
    seed: I64
    total: I64
    high: I64
    low: I64


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The relevant rows, with headings as small codes and days from 0.

    ``rows`` are ledger rows; all else is by position in it. ``out_*`` are the rows that may
    be followed, sorted by (shipper, heading, ship day); ``in_*`` those that may feed, sorted
    by (consignee, heading, arrival day).
    """

    rows: I64
    ship: I64
    arrive: I64
    shipper: I64
    consignee: I64
    heading: I64
    grams: I64
    headings: int
    first: int
    days: int
    out_key: I64
    out_row: I64
    in_key: I64
    in_row: I64


def follow(ledger: Ledger, question: Question, progress: Progress | None = None) -> Answer:
    """Return what *question* reaches in *ledger*.

    Raises:
        InputError: a sum of grams is above 2**53.
    """
    codes = np.array(sorted(question.relevant), dtype=np.int64)
    here = _index(ledger, question, codes)
    forward, back = _steps(codes, question)
    tier, before = _reach(here, question, codes, forward, progress)
    # in the order of accounts, so that neighbouring searches touch neighbouring memory
    reached = here.out_row[tier[here.out_row] > 0]
    near = tier[reached] <= question.tiers
    grams = high = low = np.full(len(reached), -1, dtype=np.int64)
    contradictions = 0
    if question.shares:
        windows = _windows(here, question, reached, tier[reached], back)
        grams = grams_by_layer(windows, question.tiers)
        high = upper_bound(windows)
        if question.complete:
            low = lower_bound(windows)
        over = (windows.grams > windows.inbound) & ~windows.seed & near
        contradictions = int(np.count_nonzero(over))
        if progress is not None:
            progress.step("shares", 1, 1)
    shown_order = np.flatnonzero(near)[np.argsort(reached[near])]
    rows = reached[shown_order]
    shown = _Shown(rows, tier[rows], grams[shown_order], high[shown_order], low[shown_order])
    sums = _companies(here, question, codes, shown)
    return Answer(
        row=here.rows[rows],
        tier=tier[rows].astype(np.int32),
        before=np.where(before[rows] >= 0, here.rows[before[rows]], -1),
        grams=shown.grams,
        company=sums.company,
        company_tier=sums.tier,
        first=sums.first,
        seed_grams=sums.seed,
        total_grams=sums.total,
        high_grams=sums.high,
        low_grams=sums.low,
        contradictions=contradictions,
    )


def _index(ledger: Ledger, question: Question, codes: I64) -> _Rows:
    code_of = np.full(_HEADINGS, -1, dtype=np.int64)
    code_of[codes] = np.arange(len(codes))
    heading = code_of[ledger.heading]
    rows = np.flatnonzero(heading >= 0)
    heading = heading[rows]
    first = int(min(ledger.ship.min(), ledger.arrive.min()))
    days = int(max(ledger.ship.max(), ledger.arrive.max())) - first + 1
    ship = ledger.ship[rows].astype(np.int64) - first
    arrive = ledger.arrive[rows].astype(np.int64) - first
    shipper = ledger.shipper[rows].astype(np.int64)
    consignee = ledger.consignee[rows].astype(np.int64)
    grams = ledger.grams[rows]
    within = (ship >= question.start - first) & (ship <= question.end - first)
    out_row = np.flatnonzero((shipper >= 0) & within)
    in_row = np.flatnonzero((consignee >= 0) & (grams >= 0))
    out_key = (shipper[out_row] * len(codes) + heading[out_row]) * days + ship[out_row]
    in_key = (consignee[in_row] * len(codes) + heading[in_row]) * days + arrive[in_row]
    out_order, in_order = np.argsort(out_key, kind="stable"), np.argsort(in_key, kind="stable")
    return _Rows(
        rows,
        ship,
        arrive,
        shipper,
        consignee,
        heading,
        grams,
        len(codes),
        first,
        days,
        out_key[out_order],
        out_row[out_order],
        in_key[in_order],
        in_row[in_order],
    )


def _steps(codes: I64, question: Question) -> tuple[tuple[I64, I64], tuple[I64, I64]]:
    """Return the relation as (starts, targets), forward and backward, by heading code."""
    place = {int(heading): number for number, heading in enumerate(codes)}
    pairs = {(number, number) for number in place.values()}
    pairs |= {
        (place[start], place[to])
        for start, to in question.relation.pairs
        if start in place and to in place
    }
    return _lists(pairs, len(codes)), _lists({(to, start) for start, to in pairs}, len(codes))


def _lists(pairs: set[tuple[int, int]], size: int) -> tuple[I64, I64]:
    ordered = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    return np.searchsorted(ordered[:, 0], np.arange(size + 1)).astype(np.int64), ordered[:, 1]


def spread(begin: I64, end: I64) -> tuple[I64, I64]:
    """Return, for ranges ``[begin, end)``, the number of the range and each position in it."""
    size = end - begin
    owner = np.repeat(np.arange(len(begin), dtype=np.int64), size)
    offset = np.arange(len(owner), dtype=np.int64) - np.repeat(np.cumsum(size) - size, size)
    return owner, begin[owner] + offset


def _reach(
    here: _Rows,
    question: Question,
    codes: I64,
    forward: tuple[I64, I64],
    progress: Progress | None,
) -> tuple[I64, I64]:
    """Return the tier of each row (0: not reached) and the row that feeds it (-1: none).

    With shares, the search goes on beyond the last tier: U and L know no tiers.
    """
    tier = np.zeros(len(here.rows), dtype=np.int64)
    before = np.full(len(here.rows), -1, dtype=np.int64)
    seed_heading = np.isin(codes, np.array(sorted(question.headings), dtype=np.int64))
    out_seed = np.isin(here.shipper[here.out_row], question.seeds)
    frontier = np.sort(here.out_row[out_seed & seed_heading[here.heading[here.out_row]]])
    tier[frontier] = 1
    level = 1
    while len(frontier) and (question.shares or level < question.tiers):
        level += 1
        frontier, fed_by = _next(here, question, forward, frontier, tier)
        tier[frontier] = level
        before[frontier] = fed_by
        frontier = np.sort(frontier)
        if progress is not None and level <= question.tiers:
            progress.step("tiers", level, question.tiers)
    return tier, before


def _next(
    here: _Rows, question: Question, forward: tuple[I64, I64], frontier: I64, tier: I64
) -> tuple[I64, I64]:
    known = here.consignee[frontier] >= 0
    if len(question.blocked):
        known &= ~np.isin(here.consignee[frontier], question.blocked)
    frontier = frontier[known]
    starts, targets = forward
    heading = here.heading[frontier]
    owner, target = spread(starts[heading], starts[heading + 1])
    feeder = frontier[owner]
    account = here.consignee[feeder] * here.headings + targets[target]
    key = account * here.days + here.arrive[feeder]
    # stable, and feeders ascend: of equal arrivals the greatest id stands last
    order = np.argsort(key, kind="stable")
    key, feeder = key[order], feeder[order]
    accounts = np.unique(account)
    begin = np.searchsorted(here.out_key, accounts * here.days)
    end = np.searchsorted(here.out_key, (accounts + 1) * here.days)
    _, position = spread(begin, end)
    position = position[tier[here.out_row[position]] == 0]
    wanted = here.out_key[position]
    last = np.searchsorted(key, wanted, side="right") - 1
    earliest = wanted - np.minimum(question.window, wanted % here.days)
    feeds = (last >= 0) & (key[np.maximum(last, 0)] >= earliest) if len(key) else last >= 0
    return here.out_row[position[feeds]], feeder[last[feeds]]


def _windows(
    here: _Rows, question: Question, reached: I64, tier: I64, back: tuple[I64, I64]
) -> Windows:
    """Return, for each reached row, the inbound rows that count, as ranges."""
    starts, sources = back
    heading = here.heading[reached]
    owner, source = spread(starts[heading], starts[heading + 1])
    row = reached[owner]
    key = (here.shipper[row] * here.headings + sources[source]) * here.days + here.ship[row]
    begin = np.searchsorted(here.in_key, key - np.minimum(question.window, here.ship[row]))
    end = np.searchsorted(here.in_key, key, side="right")
    running = np.concatenate(([0], np.cumsum(here.grams[here.in_row])))
    first = np.searchsorted(owner, np.arange(len(reached)))
    inbound = (
        np.add.reduceat(running[end] - running[begin], first)
        if len(reached)
        else np.zeros(0, dtype=np.int64)
    )
    seed = tier == 1
    if np.any(inbound[~seed] > EXACT_GRAMS):
        raise refuse_sum("the inbound goods of a shipper in the window")
    # of the inbound rows only the reached ones carry anything: ranges over those alone
    place = np.full(len(here.rows), -1, dtype=np.int64)
    place[here.in_row] = np.arange(len(here.in_row))
    feeding = np.flatnonzero(place[reached] >= 0)
    feeding = feeding[np.argsort(place[reached[feeding]], kind="stable")]
    places = place[reached[feeding]]
    return Windows(
        grams=here.grams[reached],
        seed=seed,
        inbound=inbound,
        feeding=feeding,
        begin=np.searchsorted(places, begin),
        end=np.searchsorted(places, end),
        first=first,
    )


def _companies(here: _Rows, question: Question, codes: I64, shown: _Shown) -> _CompanySums:
    """Return the reached companies with their sums over reached and over all inbound rows."""
    first = here.first
    start, end = question.start - first, question.end - first
    arrived = (here.arrive >= start) & (here.arrive <= end) & (here.consignee >= 0)
    counts = np.flatnonzero(arrived[shown.rows])
    rows = shown.rows[counts]
    order = np.argsort(here.consignee[rows], kind="stable")
    counts, rows = counts[order], rows[order]
    company, begin = np.unique(here.consignee[rows], return_index=True)
    scope = np.isin(codes, np.array(sorted(question.scope), dtype=np.int64))
    inbound = np.flatnonzero(arrived & scope[here.heading] & (here.grams >= 0))
    place = np.searchsorted(company, here.consignee[inbound])
    place[place == len(company)] = 0
    ours = company[place] == here.consignee[inbound] if len(company) else np.zeros(0, np.bool_)
    total = np.zeros(len(company), dtype=np.int64)
    if len(company):
        np.add.at(total, place[ours], here.grams[inbound[ours]])
    if np.any(total > EXACT_GRAMS):
        raise refuse_sum("the inbound goods of a company in the period")

    def summed(values: I64) -> I64:
        return _by_group(np.add, np.maximum(values[counts], 0), begin)

    return _CompanySums(
        company=company.astype(np.int32),
        tier=_by_group(np.minimum, shown.tier[counts], begin).astype(np.int32),
        first=(_by_group(np.minimum, here.arrive[rows], begin) + first).astype(np.int32),
        seed=summed(shown.grams),
        total=total,
        high=summed(shown.high),
        low=summed(shown.low),
    )


def _by_group(operation: np.ufunc, values: I64, begin: I64) -> I64:
    if not len(begin):
        return np.zeros(0, dtype=np.int64)
    result: I64 = operation.reduceat(values, begin)
    return result
