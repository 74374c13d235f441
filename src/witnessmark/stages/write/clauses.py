"""From a claim's predicate, subject and value to a clause in words.

Laws:
1. The clause says no more than the claim: words that limit the quote (``some``,
   ``sometimes``) limit the clause.
2. ``hedged`` reads "is said to", ``general`` reads "as a rule"; a denial is made by
   the voice, never by the clause.
3. A reward is named as one inside coercion; a preference of the held is a choice
   between coerced tasks, not consent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from witnessmark.core.claim import INSIDE_COERCION, Modality, Predicate
from witnessmark.stages.write.phrasebook import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from witnessmark.core.claim import Claim, Value
    from witnessmark.stages.write.phrasebook import Phrasebook

WINDOW_BEFORE_QUOTE = 25
"""Code points before a quote in which a limiting adverb is looked for."""

DETERMINERS = frozenset({"a", "an", "the", "this", "these", "some", "its"})


@dataclass(frozen=True, slots=True)
class Names:
    """What the case's products and places are called in sentences.

    Attributes:
        products: words for a product's normal form, with its headings.
        places: how the place of a ``located_in`` claim is read, by claim id.
    """

    products: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


def subject_of(claim_subject: str, book: Phrasebook) -> Subject:
    """Return how a claim's subject is written."""
    text = " ".join(claim_subject.split())
    if not text:
        return book.no_subject
    if text in book.subjects:
        return book.subjects[text]
    words = text.split()
    head = text.split(" in ")[0].split(" of ")[0].split(" at ")[0].split()
    last = head[-1].casefold() if head else ""
    many = last in book.many_words or (" and " in text and last.endswith("s"))
    held = any(word.casefold() in book.held_words for word in head)
    if not many and words[0].casefold() not in DETERMINERS and words[0][0].islower():
        text = ("an " if words[0][0] in "aeiou" else "a ") + text
    return Subject(text, many, held)


def number_words(value: dict[str, object], book: Phrasebook) -> str:
    """Return a number value in words (``more than 12 hours a day``)."""
    amount, high = _figure(value.get("amount")), _figure(value.get("high"))
    pattern = book.comparators.get(str(value.get("comparator", "=")), "{a}")
    unit = str(value.get("unit", ""))
    words = book.units.get(unit)
    if words is None:
        left, _, right = unit.partition("/")
        words = f"{book.units.get(left, left)} a {right}" if right else left
    return " ".join(f"{pattern.format(a=amount, b=high)} {words}".split())


def value_words(claim: Claim, book: Phrasebook, names: Names, *, many: bool = False) -> str:
    """Return the value of *claim* as the sentence says it."""
    value: Value = claim.value
    if isinstance(value, dict):
        return number_words(value, book)
    match claim.predicate:
        case Predicate.MAKES:
            return names.products.get(value, value)
        case Predicate.SITE_KIND:
            kinds = book.site_kinds.get(value)
            return kinds["many" if many else "one"] if kinds else value.replace("_", " ")
        case Predicate.LOCATED_IN:
            reading = names.places.get(claim.id, "")
            return f"{value} ({reading})" if reading else value
        case Predicate.OUTPUT_TREND:
            return book.trends.get(value, value)
        case Predicate.WAGE:
            return book.wages.get(value, value)
        case Predicate.INDICATOR:
            return book.labels.get(value, value.replace("_", " "))
        case _:
            return value


def clause_of(claims: Sequence[Claim], windows: Sequence[str], book: Phrasebook, names: Names) -> str:
    """Return the clause that *claims* of one predicate and modality make together.

    Args:
        claims: of one predicate and one modality; values and subjects may differ.
        windows: for each claim the quote and the words just before it.
        book: the wording.
        names: what products and places are called.
    """
    spoken: dict[str, list[tuple[Claim, str]]] = {}
    for claim, window in zip(claims, windows, strict=True):
        spoken.setdefault(claim.subject, []).append((claim, window))
    said = [
        _one_subject(
            [claim for claim, _ in rows], subject_of(subject, book), book, names,
            [window for _, window in rows],
        )
        for subject, rows in spoken.items()
    ]
    clause = ", and ".join(dict.fromkeys(said))
    return f"as a rule, {clause}" if claims[0].modality is Modality.GENERAL else clause


def joined(words: Iterable[str]) -> str:
    """Return *words* as a list in a sentence, each once (``wigs, lashes and knitting``)."""
    once = list(dict.fromkeys(words))
    if len(once) < 2:  # noqa: PLR2004 - one word is no list
        return "".join(once)
    return f"{', '.join(once[:-1])} and {once[-1]}"


def _one_subject(
    claims: Sequence[Claim], subject: Subject, book: Phrasebook, names: Names, windows: Sequence[str]
) -> str:
    predicate = claims[0].predicate
    hedged = claims[0].modality is Modality.HEDGED
    values = joined(value_words(claim, book, names, many=subject.many) for claim in claims)
    phrase = _limited(subject, windows, book)
    if predicate is Predicate.STATED_PREFERENCE:
        coerced = subject.held or any(claim.frame == INSIDE_COERCION for claim in claims)
        pattern = book.whole_clauses[predicate.value] if coerced else book.free_preference
        return pattern.format(subject=phrase, v=values)
    if predicate.value in book.whole_clauses:
        whole = book.whole_clauses[predicate.value].format(subject=subject.phrase, v=values)
        return f"it is said that {whole}" if hedged else whole
    pattern = book.clauses[predicate.value]
    if hedged:
        is_said = "are said to" if subject.many else "is said to"
        return f"{phrase} {is_said} {pattern['bare'].format(v=values)}"
    key = "one"
    if subject.many:
        key = "held" if subject.held and "held" in pattern else "many"
    adverb = _limit(windows, book, "adverb")
    verb = pattern[key].format(v=values)
    return f"{phrase} {adverb} {verb}" if adverb else f"{phrase} {verb}"


def _limited(subject: Subject, windows: Sequence[str], book: Phrasebook) -> str:
    limit = _limit(windows, book, "subject") if subject.many else ""
    return f"{limit} {subject.phrase}" if limit else subject.phrase


def _limit(windows: Sequence[str], book: Phrasebook, where: str) -> str:
    for limit in book.limits:
        if limit.where == where and any(limit.find.search(window) for window in windows):
            return limit.word
    return ""


def _figure(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,}"
