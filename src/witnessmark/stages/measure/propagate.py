"""How ranges multiply: independent log-normals, exactly, with no random numbers.

A range ``to(low, high)`` is read as the 5th and 95th percentile of a log-normal
distribution (the convention of Squiggle). The logarithm of a product of independent
log-normals is normal: its mean is the sum of the means and its variance the sum of
the variances, so the answer is exact and the same on every machine.

Laws:
1. A wider input never gives a narrower result.
2. The 50 % interval lies inside the 90 % interval; both lie inside the corners
   that are reached when every input stands at its end at once.
3. A result has two significant figures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Z90 = 1.6448536269514722
"""95th percentile of the standard normal: ends of a 90 % interval."""
Z50 = 0.6744897501960817
"""75th percentile of the standard normal: ends of a 50 % interval."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a product: a range, and whether it multiplies or divides."""

    low: float
    high: float
    power: int = 1

    def __post_init__(self) -> None:
        """Refuse what has no logarithm, and what runs backwards."""
        if not 0 < self.low <= self.high or not math.isfinite(self.high):
            raise ValueError(f"a factor must be positive and ordered: {self.low}..{self.high}")
        if self.power not in {1, -1}:
            raise ValueError(f"a factor multiplies or divides, not to the power {self.power}")

    @property
    def centre(self) -> float:
        """Return the mean of the logarithm."""
        return self.power * (math.log(self.low) + math.log(self.high)) / 2

    @property
    def spread(self) -> float:
        """Return the standard deviation of the logarithm."""
        return (math.log(self.high) - math.log(self.low)) / (2 * Z90)


@dataclass(frozen=True, slots=True)
class Spread:
    """A propagated result, unrounded.

    Attributes:
        low90: 5th percentile.
        low50: 25th percentile.
        high50: 75th percentile.
        high90: 95th percentile.
        corner_low: every input at the end that makes the result least.
        corner_high: every input at the end that makes it greatest.
    """

    low90: float
    low50: float
    high50: float
    high90: float
    corner_low: float
    corner_high: float


def product(factors: Iterable[Factor], scale: float = 1.0) -> Spread:
    """Return the spread of *scale* times the product of independent *factors*."""
    parts = tuple(factors)
    centre = math.log(scale) + math.fsum(part.centre for part in parts)
    spread = math.sqrt(math.fsum(part.spread**2 for part in parts))
    low = math.prod(p.low if p.power > 0 else 1 / p.high for p in parts)
    high = math.prod(p.high if p.power > 0 else 1 / p.low for p in parts)
    return Spread(
        low90=math.exp(centre - Z90 * spread),
        low50=math.exp(centre - Z50 * spread),
        high50=math.exp(centre + Z50 * spread),
        high90=math.exp(centre + Z90 * spread),
        corner_low=scale * low,
        corner_high=scale * high,
    )
