"""Values in words, and the shape that a sentence must give room to.

Laws:
1. A value that no rule rewords is told as it stands.
2. Numbers keep their comparator: more than, at least, about and ranges are said.
3. Which clause fits a value is read from its words (``rules/write/phrases.yaml``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from witnessmark.core.claim import Predicate
from witnessmark.stages.write.phrasebook import Clause, Shape

if TYPE_CHECKING:
    from witnessmark.core.claim import Claim, Value
    from witnessmark.stages.write.phrasebook import Phrasebook

RELATIVE = re.compile(r"\b(?:who|which|that|whose)\b")
"""What follows one of these belongs to the noun before it."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the case's products and places are called in sentences.

    Attributes:
        products: words for a product's normal form, with its headings.
        places: how the place of a ``located_in`` claim is read, by claim id.
    """

    products: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


def unit_words(unit: str, book: Phrasebook) -> str:
    """Return a unit in words (``hour/day`` gives ``hours a day``)."""
    if unit in book.units:
        return book.units[unit]
    left, _, right = unit.partition("/")
    return f"{book.units.get(left, left)} a {right}" if right else left


def number_words(value: dict[str, object], book: Phrasebook) -> str:
    """Return a number value in words (``more than 12 hours a day``)."""
    amount, high = _figure(value.get("amount")), _figure(value.get("high"))
    pattern = book.comparators.get(str(value.get("comparator", "=")), "{a}")
    words = unit_words(str(value.get("unit", "")), book)
    return " ".join(f"{pattern.format(a=amount, b=high)} {words}".split())


def value_words(  # noqa: PLR0911 - one answer per predicate
    claim: Claim, book: Phrasebook, names: Names, *, many: bool = False
) -> str:
    """Return the value of *claim* as a sentence says it."""
    value: Value = claim.value
    if isinstance(value, dict):
        return number_words(value, book)
    predicate = claim.predicate
    if predicate is Predicate.MAKES:
        return names.products.get(value, value)
    if predicate is Predicate.SITE_KIND:
        kind = book.site_kinds.get(value)
        return (
            value.replace("_", " ") if kind is None else kind.label_plural if many else kind.label
        )
    if predicate is Predicate.INDICATOR:
        return book.labels.get(value, value.replace("_", " "))
    known = book.values.get(predicate.value, {})
    if value in known:
        return known[value]
    trim = book.trims.get(predicate.value)
    words = trim.sub("", value) if trim else value
    if predicate is Predicate.LOCATED_IN:
        reading = names.places.get(claim.id, "")
        return f"{words} ({reading})" if reading else words
    if predicate is Predicate.STATED_PREFERENCE:
        return words.replace(" rather than ", " to ")
    head, colon, rest = words.partition(": ")
    return f"{head} ({rest})" if colon else words


def table_words(claim: Claim, book: Phrasebook, names: Names) -> str:
    """Return the value of *claim* as a table says it, never empty."""
    return value_words(claim, book, names) or str(claim.value)


def shape_of(value: Value, words: str, book: Phrasebook) -> Shape:
    """Return what sort of words a value is.

    Example:
        ``work all night`` is a verb, ``their work earns foreign currency`` a clause,
        ``extra tasks for those who cannot work`` a noun.
    """
    if isinstance(value, dict):
        return Shape.NUMBER
    first = words.split(maxsplit=1)[0].casefold() if words.split() else ""
    if first in book.verbs:
        return Shape.VERB
    before = RELATIVE.split(words, maxsplit=1)[0]
    return Shape.CLAUSE if book.clause_sign.search(before) else Shape.NOUN


def case_of(claim: Claim, words: str, book: Phrasebook) -> Clause:
    """Return the clause of *claim*'s predicate that its value fits."""
    shape = shape_of(claim.value, words, book)
    cases = book.clauses[claim.predicate.value]
    return next(
        (
            case
            for case in cases
            if (case.shape is None or case.shape is shape)
            and (case.when is None or case.when.search(words))
        ),
        cases[-1],
    )


def _figure(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,}"
