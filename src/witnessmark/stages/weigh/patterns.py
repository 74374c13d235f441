"""Patterns over claims: the small language in which rules say what they look for.

Laws:
1. An unknown key in a pattern is an error, and so is an empty pattern.
2. A pattern never asks how good a claim is; status, origin and modality are weighed
   by those who use it.
3. Words are matched whole in Latin script, anywhere in Korean and Chinese.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from witnessmark.core.claim import Predicate
from witnessmark.core.errors import InputError

if TYPE_CHECKING:
    from witnessmark.core.claim import Claim

_KEYS = {
    "predicate",
    "indicator_finding",
    "values",
    "words",
    "at_least",
    "at_most",
    "above",
    "unit",
    "held",
    "product",
    "country",
    "not_country",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of a claim beyond its own words.

    Attributes:
        held: whether its subject is held.
        country: country it speaks of (ISO 3166-1 alpha-2), empty where not known.
    """

    held: bool
    country: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """One thing to look for among the claims.

    Attributes:
        predicate: the claim's predicate, None where a finding is asked for.
        indicator_finding: id of an indicator whose supporting claims match.
        values: exact values, empty for any.
        words: words or phrases in value or quote, empty for any.
        at_least: least amount of a figure.
        at_most: greatest amount of a figure.
        above: an amount that the figure must exceed.
        unit: unit of the figure, empty for any.
        held: whether the subject must be held; None for either.
        product: whether the value must be the product at hand.
        country: country that the claim must speak of, empty for any.
        not_country: country that it must not speak of, empty for none.
    """

    predicate: Predicate | None
    indicator_finding: str
    values: tuple[str, ...]
    words: tuple[str, ...]
    at_least: float | None
    at_most: float | None
    above: float | None
    unit: str
    held: bool | None
    product: bool
    country: str
    not_country: str

    def matches(self, claim: Claim, setting: Setting, product: str = "") -> bool:
        """Return whether *claim* is what the pattern looks for.

        Args:
            claim: the claim.
            setting: what is known of it.
            product: normal form of the product at hand, for patterns that ask for it.
        """
        return (
            claim.predicate is self.predicate
            and (not self.values or claim.value in self.values)
            and (not self.words or words_in(self.words, f"{claim.value} {claim.quote}"))
            and self._amount_fits(claim)
            and self.held in {None, setting.held}
            and (not self.product or same_product(str(claim.value), product))
            and (not self.country or setting.country == self.country)
            and (not self.not_country or setting.country not in {"", self.not_country})
        )

    def _amount_fits(self, claim: Claim) -> bool:
        if self.at_least is None and self.at_most is None and self.above is None:
            return True
        bounds = _bounds(claim, self.unit)
        if bounds is None:
            return False
        low, high = bounds
        return (
            (self.at_least is None or low >= self.at_least)
            and (self.at_most is None or high <= self.at_most)
            and (self.above is None or low > self.above)
        )


def _bounds(claim: Claim, unit: str) -> tuple[float, float] | None:
    """Return the ends of a claim's figure, infinite where the words leave one open."""
    if isinstance(claim.value, str) or (unit and claim.value.get("unit") != unit):
        return None
    amount, high = claim.value.get("amount"), claim.value.get("high")
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        return None
    comparator = claim.value.get("comparator", "=")
    top = float(high) if isinstance(high, int | float) else float(amount)
    return (
        -math.inf if comparator in {"<", "<="} else float(amount),
        math.inf if comparator in {">", ">="} else top,
    )


def same_product(left: str, right: str) -> bool:
    """Return whether two normal forms name one product, number aside."""
    return left.casefold().removesuffix("s") == right.casefold().removesuffix("s")


@cache
def _word_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = [rf"(?<!\w){re.escape(w)}(?!\w)" if w.isascii() else re.escape(w) for w in words]
    return re.compile("|".join(parts), re.IGNORECASE)


def words_in(words: tuple[str, ...], text: str) -> bool:
    """Return whether one of *words* stands in *text*.

    Example:
        >>> words_in(("quota",), "if they miss the quota"), words_in(("pay",), "payment")
        (True, False)
    """
    return bool(_word_pattern(words).search(text.replace("’", "'"))) or bool(
        _word_pattern(words).search(text)
    )


def read_pattern(row: dict[str, Any], where: str) -> Pattern:
    """Return the pattern that *row* of a rule file describes.

    Raises:
        InputError: unknown key, unknown predicate, or neither predicate nor finding.
    """
    unknown = set(row) - _KEYS
    if unknown:
        raise InputError(
            f"unknown key in a pattern: {', '.join(sorted(unknown))}",
            where=where,
            to_do="see docs/concepts/weigh.md for the keys",
        )
    if ("predicate" in row) == ("indicator_finding" in row):
        raise InputError(
            "a pattern needs a predicate or a finding", where=where, to_do="give exactly one"
        )
    try:
        predicate = Predicate(row["predicate"]) if "predicate" in row else None
    except ValueError as error:
        raise InputError(
            f"unknown predicate {row['predicate']}", where=where, to_do="use a predicate of core"
        ) from error
    return Pattern(
        predicate=predicate,
        indicator_finding=row.get("indicator_finding", ""),
        values=tuple(row.get("values", ())),
        words=tuple(row.get("words", ())),
        at_least=row.get("at_least"),
        at_most=row.get("at_most"),
        above=row.get("above"),
        unit=row.get("unit", ""),
        held=row.get("held"),
        product=row.get("product", False),
        country=row.get("country", ""),
        not_country=row.get("not_country", ""),
    )


def read_patterns(rows: list[dict[str, Any]], where: str) -> tuple[Pattern, ...]:
    """Return the patterns of *rows*, in order."""
    return tuple(read_pattern(row, where) for row in rows)
