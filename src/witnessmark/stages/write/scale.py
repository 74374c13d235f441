"""How big it can be: intervals as bars, with every input beside them.

Laws:
1. No figure without its inputs; borrowed inputs say so where they stand.
2. Figures of different units never share an axis.
3. Two significant figures at most; an open end is drawn open.
4. A figure that rests on a rejected claim is not shown: it must be measured again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.interval import Interval, two_figures

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST = 1e-12


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure as drawn; positions are per cent of the track.

    Attributes:
        interval: the figure.
        words: its bounds in words.
        left90: left end.
        right90: right end.
        left50: left end of the inner bar, None where there is none.
        right50: right end of the inner bar.
        open_left: whether the lower end is open.
        open_right: whether the upper end is open.
        ticks: positions and labels of the axis.
        claims: ids of the claims among the inputs.
    """

    interval: Interval
    words: str
    left90: float
    right90: float
    left50: float | None
    right50: float | None
    open_left: bool
    open_right: bool
    ticks: tuple[tuple[float, str], ...]
    claims: tuple[str, ...]


def bars_of(intervals: Sequence[Interval], rejected: frozenset[str]) -> tuple[Bar, ...]:
    """Return the known figures as bars, those that rest on *rejected* claims left out."""
    known = [row for row in intervals if row.known and not rejected.intersection(row.claims)]
    units: dict[str, list[Interval]] = {}
    for row in known:
        units.setdefault(row.unit, []).append(row)
    axes = {unit: _axis(rows) for unit, rows in units.items()}
    return tuple(_bar(row, axes[row.unit]) for row in known)


def stale_figures(intervals: Sequence[Interval], rejected: frozenset[str]) -> tuple[Interval, ...]:
    """Return the figures that must be measured again."""
    return tuple(row for row in intervals if rejected.intersection(row.claims))


def bounds_words(row: Interval) -> str:
    """Return the bounds of *row* in words, two significant figures at most."""
    low = None if row.low90 is None else two_figures(row.low90)
    high = None if row.high90 is None else two_figures(row.high90)
    if low is None and high is None:
        return "open at both ends"
    if high is None:
        return f"{low} or more"
    if low is None:
        return f"up to {high}"
    return low if low == high else f"{low} to {high}"


def _axis(rows: Sequence[Interval]) -> tuple[float, float, bool]:
    """Return first value, last value and whether the axis is logarithmic."""
    values = [
        value
        for row in rows
        for value in (row.low90, row.low50, row.high50, row.high90)
        if value is not None
    ]
    if not values:
        return 0.0, 1.0, False
    low, high = min(values), max(values)
    if low <= 0:
        return min(low, 0.0), high or 1.0, False
    first = 10 ** math.floor(math.log10(low))
    last = 10 ** math.ceil(math.log10(high) + LEAST)
    return first, max(last, first * 10), True


def _place(value: float, axis: tuple[float, float, bool]) -> float:
    first, last, log = axis
    share = (
        (math.log10(value) - math.log10(first)) / (math.log10(last) - math.log10(first))
        if log
        else (value - first) / (last - first)
    )
    return round(max(0.0, min(1.0, share)) * 100, 2)


def _ticks(axis: tuple[float, float, bool]) -> tuple[tuple[float, str], ...]:
    first, last, log = axis
    if not log:
        return tuple((_place(v, axis), two_figures(v)) for v in (first, (first + last) / 2, last))
    decades = round(math.log10(last / first))
    step = max(1, math.ceil(decades / 4))
    exponents = range(0, decades + 1, step)
    return tuple((_place(first * 10**e, axis), two_figures(first * 10**e)) for e in exponents)


def _bar(row: Interval, axis: tuple[float, float, bool]) -> Bar:
    left = 0.0 if row.low90 is None else _place(row.low90, axis)
    right = 100.0 if row.high90 is None else _place(row.high90, axis)
    inner = row.low50 is not None and row.high50 is not None
    return Bar(
        interval=row,
        words=bounds_words(row),
        left90=left,
        right90=max(right, left + 0.6),
        left50=_place(row.low50, axis) if inner and row.low50 is not None else None,
        right50=_place(row.high50, axis) if inner and row.high50 is not None else None,
        open_left=row.low90 is None,
        open_right=row.high90 is None,
        ticks=_ticks(axis),
        claims=row.claims,
    )
