"""Claims to sentences: each names its voice, quotes its words and carries its claims.

Laws:
1. A sentence holds the ids of every claim it rests on; without a claim there is no
   sentence.
2. The bare indicative is kept for what two independent, accepted origins say.
3. Claims about a photographed facility never share a sentence with others.
4. A denial is told by its own voice and never beside an assertion in one sentence.
5. Same claims, same sentences: the order is that of the exhibits.
6. What one voice says of one thing, or in one quote, is told in one sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.canonical import canonical_json
from witnessmark.core.claim import PHOTOGRAPHED, Modality, Predicate, Status
from witnessmark.stages.write.bundles import bundles, told
from witnessmark.stages.write.clauses import (
    WINDOW_BEFORE_QUOTE,
    WITHOUT_THAT,
    Names,
    after_that,
    clause_of,
    opened,
    quote_completes,
)
from witnessmark.stages.write.origins import origins_behind
from witnessmark.stages.write.voices import voice_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.core.origin import Origin
    from witnessmark.core.source import Source
    from witnessmark.stages.write.bundles import Bundle
    from witnessmark.stages.write.exhibits import Exhibit
    from witnessmark.stages.write.phrasebook import Phrasebook

QUOTES_SHOWN = 3
"""Quotes printed in one sentence; the others stand behind "and N more"."""
QUOTES_OF_PHOTOGRAPH = 8
"""The same for what is said of a photograph: its contents are told in full."""

BUNDLES_IN_SENTENCE = 3
"""Clauses that are told in one breath at most."""
SIGNS_IN_BREATH = 230
"""Two clauses about different things are told in one breath if they are as short as this
(about three lines of a column), the opening left out."""

ORIGINS_FOR_BARE_INDICATIVE = 2
"""design.md, law 7."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a sentence.

    Attributes:
        kind: ``say`` (our words), ``quote`` (the source's), ``ref`` (numbers of
            exhibits) or ``more`` (numbers that are folded away).
        text: the words, empty for numbers.
        lang: language of a quote.
        exhibits: numbers for ``ref`` and ``more``.
    """

    kind: str
    text: str = ""
    lang: str = "en"
    exhibits: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A factual sentence.

    Attributes:
        claims: ids of all claims it rests on.
        parts: its stretches, in order.
        theme: the heading it stands under.
        status: ``accepted`` only if a person accepted every claim.
        exhibits: numbers of its exhibits, in order.
    """

    claims: tuple[str, ...]
    parts: tuple[Part, ...]
    theme: str
    status: Status
    exhibits: tuple[int, ...]

    @property
    def text(self) -> str:
        """Return the sentence as plain text, numbers left out."""
        words = (
            f"“{part.text}”" if part.kind == "quote" else part.text
            for part in self.parts
            if part.kind in {"say", "quote"}
        )
        return "".join(words)


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that turning claims into sentences needs.

    Attributes:
        sources: by id.
        texts: text of each rendition, by id.
        origins: what weigh found independent; empty where it hasn't run.
        exhibits: in order.
        by_claim: the exhibit of each claim, by the claim's id.
        names: what products and places are called.
        labels: the same without headings and readings, for drawings.
        book: the wording.
    """

    sources: Mapping[str, Source]
    texts: Mapping[str, str]
    origins: Sequence[Origin]
    exhibits: Sequence[Exhibit]
    by_claim: Mapping[str, Exhibit]
    names: Names
    labels: Names
    book: Phrasebook

    @property
    def plain(self) -> Names:
        """Return the names for the summary: places as read, products without headings."""
        return Names(self.labels.products, self.names.places)

    def number(self, claim: Claim) -> int:
        """Return the number of the exhibit that *claim* rests on."""
        return self.by_claim[claim.id].number

    def window(self, claim: Claim) -> str:
        """Return the quote of *claim* and the words just before it."""
        exhibit = self.by_claim[claim.id]
        start = max(exhibit.sentence.start, claim.start - WINDOW_BEFORE_QUOTE)
        return self.texts[claim.rendition][start : claim.end]


def theme_of(claim: Claim, book: Phrasebook) -> str:
    """Return the id of the heading under which *claim* is told."""
    if claim.modality is Modality.DENIED:
        return "denials"
    if claim.subject == PHOTOGRAPHED or claim.predicate is Predicate.EVIDENCE_PHOTO:
        return "photograph"
    for theme in book.themes:
        if claim.predicate.value in theme.predicates:
            return theme.id
    return "signs"


def sentence_from(together: Sequence[Bundle], desk: Desk) -> Sentence:
    """Return the sentence that the bundles *together* make, one clause each."""
    claims = [claim for bundle in together for claim in bundle]
    parts: list[Part] = []
    for place, bundle in enumerate(together):
        numbers = {desk.number(claim) for claim in bundle}
        later = together[place + 1 :]
        quoted = not any(numbers == {desk.number(c) for c in other} for other in later[:1])
        parts += _told_of(bundle, desk, follows=bool(place), quoted=quoted)
    parts.append(Part("say", "."))
    accepted = all(claim.status is Status.ACCEPTED for claim in claims)
    return Sentence(
        tuple(dict.fromkeys(claim.id for claim in claims)),
        tuple(parts),
        theme_of(claims[0], desk.book),
        Status.ACCEPTED if accepted else Status.PROPOSED,
        tuple(sorted({desk.number(claim) for claim in claims})),
    )


def _told_of(bundle: Bundle, desk: Desk, *, follows: bool, quoted: bool) -> list[Part]:
    """Return the stretches of one bundle: who says what, and the words.

    Args:
        bundle: claims of one predicate and stance.
        desk: what a sentence needs.
        follows: whether a clause goes before it.
        quoted: whether its words are quoted here, or after the next clause.
    """
    book = desk.book
    by_voice: dict[str, list[Claim]] = {}
    for claim in bundle:
        by_voice.setdefault(voice_of(claim, desk.sources[claim.source], book).opening, []).append(
            claim
        )
    first_opening = next(iter(by_voice))
    one_per_fact = list(
        {(c.subject, canonical_json(c.value)): c for c in reversed(bundle)}.values()
    )
    one_per_fact.reverse()
    windows = [desk.window(c) for c in one_per_fact]
    bare = is_established(bundle, desk.origins)
    blank = not bare and quoted and quote_completes(one_per_fact, book, desk.names)
    clause = clause_of(one_per_fact, windows, book, desk.names, blank=blank)
    bare = bare and not clause.startswith(WITHOUT_THAT)
    quotes = _quotes(bundle, desk)
    shown = _chosen(quotes, by_voice, desk)
    parts: list[Part] = []
    if bare:
        parts.append(Part("say", f"{clause[:1].upper()}{clause[1:]}, as independent origins say: "))
    else:
        head = f"; that{after_that(clause)}" if follows else opened(first_opening, clause)
        if not quoted:
            return [Part("say", head)]
        parts.append(Part("say", f"{head}{'' if blank else ':'} "))
    last_voice = "" if bare else first_opening
    for place, (number, claim) in enumerate(shown):
        voice = voice_of(claim, desk.sources[claim.source], book)
        if place and voice.opening == last_voice:
            parts.append(Part("say", ", " if place + 1 < len(shown) else " and "))
        elif place or bare:
            lead = "; likewise " if place else ""
            parts.append(Part("say", f"{lead}{_lower(voice.who, lead)}: "))
        last_voice = voice.opening
        parts.append(Part("quote", claim.quote, claim.lang))
        parts.append(Part("ref", exhibits=(number,)))
    rest = tuple(sorted({number for number, _ in quotes} - {number for number, _ in shown}))
    if rest:
        parts.append(Part("say", f"; and {len(rest)} more in the same sense"))
        parts.append(Part("more", exhibits=rest))
    return parts


def is_established(bundle: Bundle, origins: Sequence[Origin]) -> bool:
    """Return whether two independent origins, accepted by a person, say it."""
    accepted = {claim.id for claim in bundle if claim.status is Status.ACCEPTED}
    denied = any(claim.modality is Modality.DENIED for claim in bundle)
    enough = len(origins_behind(accepted, origins)) >= ORIGINS_FOR_BARE_INDICATIVE
    return enough and not denied


def all_sentences(desk: Desk) -> tuple[Sentence, ...]:
    """Return every factual sentence of the report, in the order of the page."""
    order = {
        predicate: number
        for number, predicate in enumerate(
            predicate for theme in desk.book.themes for predicate in theme.predicates
        )
    }
    rows = bundles(told(desk.exhibits), desk)
    made = sorted(
        rows,
        key=lambda row: (
            order.get(row[0].predicate.value, len(order)),
            tuple(sorted({desk.number(claim) for claim in row})),
        ),
    )
    return tuple(sentence_from(together, desk) for together in _gathered(made, desk))


def _gathered(rows: Sequence[Bundle], desk: Desk) -> list[list[Bundle]]:
    """Return the bundles in sentences: one voice, one theme, one thing or one quote."""
    sentences: list[list[Bundle]] = []
    for bundle in rows:
        fitting = next((s for s in sentences if _goes_with(s, bundle, desk)), None)
        if fitting is None:
            sentences.append([bundle])
        else:
            fitting.append(bundle)
    return sentences


def _goes_with(sentence: Sequence[Bundle], bundle: Bundle, desk: Desk) -> bool:
    first, last = sentence[0][0], sentence[-1][0]
    one = bundle[0]
    if len(sentence) >= BUNDLES_IN_SENTENCE or _held_apart(bundle, desk):
        return False
    if any(_held_apart(other, desk) for other in sentence):
        return False
    if theme_of(first, desk.book) != theme_of(one, desk.book) or (
        (first.subject == PHOTOGRAPHED) != (one.subject == PHOTOGRAPHED)
    ):
        return False
    if _opening(first, desk) != _opening(one, desk):
        return False
    same_quote = {desk.number(c) for c in bundle} == {desk.number(c) for c in sentence[-1]}
    short = _length(sentence, desk) + _length([bundle], desk) <= SIGNS_IN_BREATH
    return last.predicate is one.predicate or same_quote or short


def _length(rows: Sequence[Bundle], desk: Desk) -> int:
    """Return how many signs the bundles take when told."""
    parts = (p for row in rows for p in _told_of(row, desk, follows=True, quoted=True))
    return sum(len(part.text) for part in parts)


def _held_apart(bundle: Bundle, desk: Desk) -> bool:
    """Return whether *bundle* is a sentence of its own: many quotes, voices or its own form."""
    return (
        len({desk.number(c) for c in bundle}) >= QUOTES_SHOWN
        or len({_opening(c, desk) for c in bundle}) > 1
        or bundle[0].predicate.value in desk.book.without_that
        or is_established(bundle, desk.origins)
    )


def _opening(claim: Claim, desk: Desk) -> str:
    return voice_of(claim, desk.sources[claim.source], desk.book).opening


def _quotes(bundle: Bundle, desk: Desk) -> list[tuple[int, Claim]]:
    seen: dict[int, Claim] = {}
    for claim in bundle:
        seen.setdefault(desk.number(claim), claim)
    return sorted(seen.items())


def _chosen(
    quotes: list[tuple[int, Claim]], by_voice: Mapping[str, list[Claim]], desk: Desk
) -> list[tuple[int, Claim]]:
    """Return at most ``QUOTES_SHOWN`` quotes, one per voice first, voices kept together."""
    voices = list(by_voice)
    ranked: dict[str, list[tuple[int, Claim]]] = {voice: [] for voice in voices}
    for number, claim in quotes:
        ranked[voice_of(claim, desk.sources[claim.source], desk.book).opening].append(
            (number, claim)
        )
    taken: set[int] = set()
    depth = 0
    photo = quotes[0][1].predicate is Predicate.EVIDENCE_PHOTO
    most = QUOTES_OF_PHOTOGRAPH if photo else QUOTES_SHOWN
    while len(taken) < min(most, len(quotes)):
        for voice in voices:
            if depth < len(ranked[voice]) and len(taken) < most:
                taken.add(ranked[voice][depth][0])
        depth += 1
    return [row for voice in voices for row in ranked[voice] if row[0] in taken]


def _lower(who: str, lead: str) -> str:
    if lead and who.startswith(("A ", "An ", "The ", "In ")):
        return who[0].lower() + who[1:]
    return who
