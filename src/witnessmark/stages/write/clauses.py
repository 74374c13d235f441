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

SHARE_OF_QUOTE = 0.7
"""A value that is at least this share of its quote is told by the quote alone."""

AS_A_RULE = "as a rule,"
"""Before every clause of a general statement (law 2)."""

DETERMINERS = frozenset({"a", "an", "the", "this", "these", "those", "its"})


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
        case Predicate.BRIBE:
            words = value.removeprefix("bribe").strip()
            return words if not words or words.startswith("for ") else f"({words})"
        case Predicate.STATED_PREFERENCE:
            whole = " are " in value or " is " in value
            return f"this work ({value})" if whole else value
        case _:
            head, colon, rest = value.partition(": ")
            return f"{head} ({rest})" if colon else value


def is_in_words(claim: Claim) -> bool:
    """Return whether the value of *claim* is told by its quote already."""
    value = claim.value
    if claim.predicate in {Predicate.MAKES, Predicate.SITE_KIND, Predicate.LOCATED_IN}:
        return False
    if not isinstance(value, str) or value.casefold() not in claim.quote.casefold():
        return False
    return len(value) >= SHARE_OF_QUOTE * len(claim.quote)


def clause_of(
    claims: Sequence[Claim],
    windows: Sequence[str],
    book: Phrasebook,
    names: Names,
    *,
    blank: bool = False,
) -> str:
    """Return the clause that *claims* of one predicate and modality make together.

    Args:
        claims: of one predicate and one modality; values and subjects may differ.
        windows: for each claim the quote and the words just before it.
        book: the wording.
        names: what products and places are called.
        blank: leave the value out; the quote that follows says it.
    """
    spoken: dict[Subject, list[tuple[Claim, str]]] = {}
    for claim, window in zip(claims, windows, strict=True):
        spoken.setdefault(_spoken_of(claim, book, names), []).append((claim, window))
    said = [
        _one_subject(
            [claim for claim, _ in rows],
            subject,
            book,
            names,
            [window for _, window in rows],
            blank=blank,
        )
        for subject, rows in spoken.items()
    ]
    clause = ", and ".join(dict.fromkeys(said))
    return f"{AS_A_RULE} {clause}" if claims[0].modality is Modality.GENERAL else clause


def after_that(clause: str) -> str:
    """Return *clause* as it follows the word "that"."""
    return f", {clause}" if clause.startswith(AS_A_RULE) else f" {clause}"


def joined(words: Iterable[str]) -> str:
    """Return *words* as a list in a sentence, each once (``wigs, lashes and knitting``)."""
    once = list(dict.fromkeys(words))
    if len(once) < 2:  # noqa: PLR2004 - one word is no list
        return "".join(once)
    return f"{', '.join(once[:-1])} and {once[-1]}"


def _spoken_of(claim: Claim, book: Phrasebook, names: Names) -> Subject:
    """Return the subject of *claim*; a place called what it is called already has none."""
    subject = subject_of(claim.subject, book)
    if claim.predicate is Predicate.SITE_KIND:
        kind = value_words(claim, book, names, many=subject.many)
        if subject.phrase == kind:
            return Subject(book.same_kind, many=True, held=False)
    return subject


def _one_subject(
    claims: Sequence[Claim],
    subject: Subject,
    book: Phrasebook,
    names: Names,
    windows: Sequence[str],
    *,
    blank: bool,
) -> str:
    predicate = claims[0].predicate
    hedged = claims[0].modality is Modality.HEDGED
    values = joined(value_words(claim, book, names, many=subject.many) for claim in claims)
    phrase = _limited(subject, windows, book)
    if predicate is Predicate.STATED_PREFERENCE:
        coerced = subject.held or any(claim.frame == INSIDE_COERCION for claim in claims)
        preference = book.whole_clauses[predicate.value] if coerced else book.free_preference
        return preference.format(subject=phrase, v=values)
    if predicate.value in book.whole_clauses:
        whole_pattern = book.whole_clauses[predicate.value]
        if predicate is Predicate.INDICATOR and claims[0].modality is Modality.DENIED:
            whole_pattern = book.denied_indicator
        whole = whole_pattern.format(subject=subject.phrase, v=values)
        said = predicate is Predicate.INDICATOR
        return f"it is said that {whole}" if hedged and not said else whole
    pattern = book.clauses[predicate.value]
    if blank:
        values = ""
    if hedged:
        is_said = "are said to" if subject.many else "is said to"
        return f"{phrase} {is_said} {pattern['bare'].format(v=values).strip()}"
    key = "one"
    if subject.many:
        key = "held" if subject.held and "held" in pattern else "many"
    adverb = _limit(windows, book, "adverb")
    verb = pattern[key].format(v=values).strip()
    return f"{phrase} {adverb} {verb}" if adverb else f"{phrase} {verb}"


def _limited(subject: Subject, windows: Sequence[str], book: Phrasebook) -> str:
    limit = _limit(windows, book, "subject") if subject.many else ""
    if not limit:
        return subject.phrase
    of = " of" if subject.phrase.split()[0] in DETERMINERS else ""
    return f"{limit}{of} {subject.phrase}"


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
