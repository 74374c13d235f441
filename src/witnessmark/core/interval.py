"""Measured figures: intervals with their inputs, never a bare number.

Laws:
1. An interval names quantity, unit, period, population, inputs and formula.
2. A borrowed input (from outside the case) is flagged wherever it is used.
3. What the case does not support is "not known from this case", with what would
   settle it; it is a result, not an absence.
4. Two significant figures at most when printed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from witnessmark.core.provenance import Code


@dataclass(frozen=True, slots=True)
class Input:
    """One ingredient of an interval.

    Attributes:
        name: what it is (``team size``).
        low: lower end.
        high: upper end, equal to ``low`` where one figure is given.
        unit: unit of both.
        claims: ids of claims it was read from; empty if borrowed.
        borrowed: whether it comes from outside the case.
        source: key or address of the outside source, else empty.
        code: S, K or D.
        note: what it was measured on, and why that may not fit.
    """

    name: str
    low: float
    high: float
    unit: str
    claims: tuple[str, ...]
    borrowed: bool
    source: str
    code: Code
    note: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """A measured figure, or the plain statement that it is not known.

    Attributes:
        id: ``i`` and ten hex digits.
        quantity: what is measured (``hours of work a day``).
        unit: unit of all bounds.
        period: the time it speaks of.
        population: whom or what it speaks of.
        known: False: "not known from this case".
        low90: lower end of the 90 % interval, None if open or unknown.
        low50: lower end of the 50 % interval, None where the inputs give only bounds.
        high50: upper end of the 50 % interval.
        high90: upper end of the 90 % interval, None if open.
        inputs: every input.
        formula: how the inputs were put together, readable.
        illustration: True where the key inputs are borrowed: not a finding.
        why: what the reader must know, or why it is not known.
        settles: what evidence would narrow or settle it.
    """

    id: str
    quantity: str
    unit: str
    period: str
    population: str
    known: bool
    low90: float | None
    low50: float | None
    high50: float | None
    high90: float | None
    inputs: tuple[Input, ...]
    formula: str
    illustration: bool
    why: str
    settles: tuple[str, ...]

    @property
    def claims(self) -> tuple[str, ...]:
        """Return the ids of all claims among the inputs, in order, once each."""
        return tuple(dict.fromkeys(c for i in self.inputs for c in i.claims))


FIGURES = 2
"""Significant figures of a result (law 4)."""


def whole(number: float) -> int | float:
    """Return *number* as an int where it is whole.

    Example:
        >>> whole(12.0), whole(12.5)
        (12, 12.5)
    """
    return int(number) if float(number).is_integer() else number


def significant(value: float, figures: int = FIGURES) -> float:
    """Return *value* rounded to *figures* significant figures.

    Example:
        >>> significant(13_949.0), significant(0.02678)
        (14000.0, 0.027)
    """
    if value == 0:
        return 0.0
    digits = figures - 1 - math.floor(math.log10(abs(value)))
    return float(round(value, digits))


def plain_figures(number: float) -> str:
    """Return *number* as a source states it: up to six figures, thousands grouped.

    Example:
        >>> plain_figures(12.0), plain_figures(0.5), plain_figures(2_500_000.0)
        ('12', '0.5', '2,500,000')
    """
    return f"{number:,.6g}" if abs(number) < 1_000_000 else f"{number:,.0f}"  # noqa: PLR2004 - below a million, plain digits read best


def two_figures(value: float) -> str:
    """Return *value* with at most two significant figures, thousands grouped.

    Example:
        >>> two_figures(13_999.0), two_figures(12.0), two_figures(0.0312)
        ('14,000', '12', '0.031')
    """
    if value == 0:
        return "0"
    digits = 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    if digits <= 0:
        return f"{int(rounded):,}"
    return f"{rounded:,.{digits}f}".rstrip("0").rstrip(".")
