"""What the number of a claim says, as bounds.

Laws:
1. ``>`` and ``>=`` have no upper end, ``<`` and ``<=`` no lower end: nothing is filled in.
2. ``~`` keeps its figure and says "about"; no width is invented for it.
3. Two claims say the same figure if bounds, comparator and unit are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.interval import plain_figures

if TYPE_CHECKING:
    from witnessmark.core.claim import Value

_COMPARATORS = {"=", ">", ">=", "<", "<=", "~", "range"}


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """Bounds as a source states them.

    Attributes:
        unit: unit as the claim gives it.
        amount: the figure stated, or the lower one of a range.
        high: the upper one of a range, else equal to ``amount``.
        comparator: how it is stated.
    """

    unit: str
    amount: float
    high: float
    comparator: str

    @property
    def low_bound(self) -> float | None:
        """Return the lower end, None where the words leave it open."""
        return None if self.comparator in {"<", "<="} else self.amount

    @property
    def high_bound(self) -> float | None:
        """Return the upper end, None where the words leave it open."""
        return None if self.comparator in {">", ">="} else self.high

    @property
    def words(self) -> str:
        """Return how the figure is stated, in words."""
        return {
            ">": f"more than {plain_figures(self.amount)}",
            ">=": f"at least {plain_figures(self.amount)}",
            "<": f"less than {plain_figures(self.amount)}",
            "<=": f"at most {plain_figures(self.amount)}",
            "~": f"about {plain_figures(self.amount)}",
            "range": f"{plain_figures(self.amount)} to {plain_figures(self.high)}",
        }.get(self.comparator, plain_figures(self.amount))


def figure_of(value: Value) -> Figure | None:
    """Return the figure of a claim's value, None where it is a phrase or malformed.

    Example:
        >>> figure_of({"amount": 12, "unit": "hour/day", "comparator": ">"}).high_bound is None
        True
    """
    if isinstance(value, str):
        return None
    amount = value.get("amount")
    comparator = str(value.get("comparator", "="))
    if not isinstance(amount, int | float) or isinstance(amount, bool):
        return None
    if comparator not in _COMPARATORS:
        return None
    high = value.get("high", amount)
    if not isinstance(high, int | float) or isinstance(high, bool) or high < amount:
        high = amount
    return Figure(str(value.get("unit", "")), float(amount), float(high), comparator)
