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

from typing import TYPE_CHECKING

from witnessmark.core.claim import INSIDE_COERCION, Modality, Predicate
from witnessmark.stages.write.phrasebook import Clause, Subject
from witnessmark.stages.write.wording import Names, case_of, value_words

__all__ = ["Names", "clause_of", "joined", "opened", "quote_completes", "subject_of"]

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.stages.write.phrasebook import Phrasebook

WINDOW_BEFORE_QUOTE = 25
"""Code points before a quote in which a limiting adverb is looked for."""

AS_A_RULE = "as a rule,"
"""Before every clause of a general statement (law 2)."""

WITHOUT_THAT = "\u2060"
"""First sign of a clause that no "that" goes before (a word joiner, never printed)."""

SHARE_OF_QUOTE = 0.7
"""A value that is at least this share of its quote is told by the quote alone."""

SAME_KIND = Subject("", many=True, held=False)
"""Subject of a place that is called what it is (labour camps are labour camps)."""

DETERMINERS = frozenset({"a", "an", "the", "this", "these", "those", "its"})


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
        clause
        for subject, rows in spoken.items()
        for clause in _of_subject(
            [claim for claim, _ in rows],
            subject,
            book,
            names,
            [window for _, window in rows],
            blank=blank,
        )
    ]
    if said and said[0].startswith(WITHOUT_THAT):
        return WITHOUT_THAT + "; ".join(dict.fromkeys(one.lstrip(WITHOUT_THAT) for one in said))
    clause = ", and ".join(dict.fromkeys(said))
    return f"{AS_A_RULE} {clause}" if claims[0].modality is Modality.GENERAL else clause


def quote_completes(claims: Sequence[Claim], book: Phrasebook, names: Names) -> bool:
    """Return whether the quotes of *claims* say their values, at the end of the clause."""
    if not all(_is_in_words(claim) for claim in claims):
        return False
    if len({subject_of(claim.subject, book) for claim in claims}) > 1:
        return False
    if claims[0].predicate.value in book.without_that:
        return False
    cases = {_case(claim, value_words(claim, book, names), book) for claim in claims}
    if len(cases) > 1:
        return False
    return _pattern(cases.pop(), subject_of(claims[0].subject, book)).endswith(" {v}")


def opened(opening: str, clause: str) -> str:
    """Return *opening* ("Daily NK writes that") and *clause* as the head of a sentence."""
    if clause.startswith(WITHOUT_THAT):
        return f"{opening.removesuffix(' that').removesuffix(',')}, {clause[1:]}"
    return f"{opening}{after_that(clause)}"


def after_that(clause: str) -> str:
    """Return *clause* as it follows the word "that"."""
    return f", {clause}" if clause.startswith(AS_A_RULE) else f" {clause}"


def joined(words: Iterable[str]) -> str:
    """Return *words* as a list in a sentence, each once (``wigs, lashes and knitting``)."""
    once = list(dict.fromkeys(words))
    if len(once) < 2:  # noqa: PLR2004 - one word is no list
        return "".join(once)
    return f"{', '.join(once[:-1])} and {once[-1]}"


def _is_in_words(claim: Claim) -> bool:
    """Return whether the value of *claim* is told by its quote already."""
    value = claim.value
    if claim.predicate in {Predicate.MAKES, Predicate.SITE_KIND, Predicate.LOCATED_IN}:
        return False
    if not isinstance(value, str) or value.casefold() not in claim.quote.casefold():
        return False
    return len(value) >= SHARE_OF_QUOTE * len(claim.quote)


def _pattern(case: Clause, subject: Subject) -> str:
    if case.whole:
        return case.whole
    if not subject.many:
        return case.one
    return case.held if subject.held and case.held else case.many


def _spoken_of(claim: Claim, book: Phrasebook, names: Names) -> Subject:
    """Return the subject of *claim*; of one in a place, the place is left to the value."""
    subject = subject_of(claim.subject, book)
    if claim.predicate is Predicate.SITE_KIND:
        same = subject.phrase == value_words(claim, book, names, many=subject.many)
        return SAME_KIND if same else subject
    if claim.predicate is Predicate.LOCATED_IN and not subject.many:
        phrase = subject.phrase.split(" in ")[0]
        if phrase.startswith(("a ", "an ")):
            return Subject(phrase, many=False, held=subject.held)
    return subject


def _of_subject(
    claims: Sequence[Claim],
    subject: Subject,
    book: Phrasebook,
    names: Names,
    windows: Sequence[str],
    *,
    blank: bool,
) -> list[str]:
    """Return the clauses about one subject, one per way to say their values."""
    first = claims[0]
    words = [value_words(claim, book, names, many=subject.many) for claim in claims]
    if first.predicate.value in book.without_that and first.modality is not Modality.DENIED:
        pattern = book.without_that[first.predicate.value]
        return [WITHOUT_THAT + pattern.format(subject=subject.phrase, v=joined(words))]
    if first.predicate is Predicate.INDICATOR:
        return [book.denied_indicator.format(subject=subject.phrase, v=joined(words))]
    if subject is SAME_KIND:
        kinds = [book.site_kinds.get(str(claim.value)) for claim in claims]
        held = all(kind is not None and kind.held for kind in kinds)
        return [(book.same_kind_held if held else book.same_kind).format(v=joined(words))]
    groups: dict[Clause, list[int]] = {}
    for place, claim in enumerate(claims):
        groups.setdefault(_case(claim, words[place], book), []).append(place)
    return [
        _said(
            case,
            subject,
            [] if blank else list(dict.fromkeys(words[place] for place in places)),
            book,
            [windows[place] for place in places],
            hedged=first.modality is Modality.HEDGED,
        )
        for case, places in groups.items()
    ]


def _case(claim: Claim, words: str, book: Phrasebook) -> Clause:
    if claim.predicate is Predicate.STATED_PREFERENCE:
        subject = subject_of(claim.subject, book)
        if not (subject.held or claim.frame == INSIDE_COERCION):
            return Clause(None, None, "", "", "", "", book.free_preference)
    return case_of(claim, words, book)


def _said(
    case: Clause,
    subject: Subject,
    values: Sequence[str],
    book: Phrasebook,
    windows: Sequence[str],
    *,
    hedged: bool,
) -> str:
    limit = _limit(windows, book, "subject")
    words = joined(values)
    there = bool(case.there) and not subject.many and subject.phrase.startswith(("a ", "an "))
    if case.whole or there:
        phrase = _limited(subject, limit)
        if there:  # never one site in two places
            words = ", and one in ".join(values)
        whole = (case.there if there else case.whole).format(subject=phrase, v=words).strip()
        return f"it is said that {whole}" if hedged and " said to " not in whole else whole
    plural = _pattern(case, subject) if subject.many else case.many
    about_people = "{people}" in plural
    people = f"{limit} people" if about_people and limit else "people"
    phrase = subject.phrase if about_people else _limited(subject, limit)
    fill = {"v": words, "people": people}
    if hedged:
        infinitive = "be " + plural[4:] if plural.startswith("are ") else plural
        is_said = "are said to" if subject.many else "is said to"
        return f"{phrase} {is_said} {infinitive.format(**fill).strip()}"
    adverb = _limit(windows, book, "adverb")
    verb = (plural if subject.many else case.one).format(**fill).strip()
    return f"{phrase} {adverb} {verb}" if adverb else f"{phrase} {verb}"


def _limited(subject: Subject, limit: str) -> str:
    if not limit or not subject.many:
        return subject.phrase
    of = " of" if subject.phrase.split()[0] in DETERMINERS else ""
    return f"{limit}{of} {subject.phrase}"


def _limit(windows: Sequence[str], book: Phrasebook, where: str) -> str:
    for limit in book.limits:
        if limit.where == where and any(limit.find.search(window) for window in windows):
            return limit.word
    return ""
