"""The numbered pieces of evidence: one per quote, however many claims rest on it.

Laws:
1. A quote that is not found, character for character, in its rendition supports
   nothing: its claims are left out and counted.
2. Numbers follow the sources in order of capture, then the text.
3. Quotes in two languages that say the same are set side by side, paired by
   predicate and value, never by their position in the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.canonical import canonical_json
from witnessmark.core.claim import PHOTOGRAPHED, Predicate
from witnessmark.core.span import Span
from witnessmark.stages.write.context import brief_of, paragraph_of, sentence_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.core.source import Source


EXHIBITS_OPEN = 60
"""Quotes that are shown at once; those of further sources fold open."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One quote with all that was read from it.

    Attributes:
        number: its number on the page, from 1.
        source: id of the source.
        rendition: SHA-256 of the rendition.
        span: where the quote stands.
        sentence: the sentence around it.
        brief: the sentence, cut to what fits a margin.
        paragraph: the paragraph around it.
        claims: the claims that rest on it, in order.
    """

    number: int
    source: str
    rendition: str
    span: Span
    sentence: Span
    brief: Span
    paragraph: Span
    claims: tuple[Claim, ...]

    @property
    def quote(self) -> str:
        """Return the words."""
        return self.claims[0].quote

    @property
    def lang(self) -> str:
        """Return the language of the words."""
        return self.claims[0].lang

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of the claims."""
        return tuple(claim.id for claim in self.claims)


@dataclass(frozen=True, slots=True)
class Sheaf:
    """The exhibits of one source.

    Attributes:
        source: the source.
        exhibits: in order.
        opened: whether they are shown at once.
    """

    source: Source
    exhibits: tuple[Exhibit, ...]
    opened: bool


def evidence_by_source(exhibits: Sequence[Exhibit], sources: Sequence[Source]) -> tuple[Sheaf, ...]:
    """Return the exhibits source by source, the first ones open up to a number."""
    found: list[Sheaf] = []
    for source in sources:
        own = tuple(row for row in exhibits if row.source == source.id)
        before = sum(len(sheaf.exhibits) for sheaf in found)
        if own:
            found.append(Sheaf(source, own, not found or before + len(own) <= EXHIBITS_OPEN))
    return tuple(found)


def grounded(claims: Iterable[Claim], texts: Mapping[str, str]) -> tuple[Claim, ...]:
    """Return the claims whose quote stands in its rendition, character for character."""
    return tuple(
        claim
        for claim in claims
        if claim.quote
        and claim.rendition in texts
        and texts[claim.rendition][claim.start : claim.end] == claim.quote
    )


def exhibits_of(
    claims: Iterable[Claim], texts: Mapping[str, str], order: Sequence[str]
) -> tuple[Exhibit, ...]:
    """Return the exhibits of grounded *claims*, numbered.

    Args:
        claims: grounded claims.
        texts: text of each rendition, by id.
        order: ids of the sources in order of capture.
    """
    place = {source: number for number, source in enumerate(order)}
    groups: dict[tuple[int, str, int, int], list[Claim]] = {}
    for claim in claims:
        key = (place.get(claim.source, len(place)), claim.rendition, claim.start, claim.end)
        groups.setdefault(key, []).append(claim)
    found: list[Exhibit] = []
    for number, key in enumerate(sorted(groups, key=lambda k: (k[0], k[1], k[2], k[3])), start=1):
        rows = sorted(groups[key], key=lambda c: (list(Predicate).index(c.predicate), c.id))
        _, rendition, start, end = key
        span = Span(start, end)
        text = texts[rendition]
        found.append(
            Exhibit(
                number,
                rows[0].source,
                rendition,
                span,
                sentence_of(text, span),
                brief_of(text, span),
                paragraph_of(text, span),
                tuple(rows),
            )
        )
    return tuple(found)


def fact_key(claim: Claim) -> tuple[str, str, bool]:
    """Return what makes two claims say the same: predicate, value, photograph or not."""
    return (claim.predicate.value, canonical_json(claim.value), claim.subject == PHOTOGRAPHED)


@dataclass(frozen=True, slots=True)
class Pair:
    """One fact in two languages.

    Attributes:
        left: exhibit in the first language.
        right: exhibit in the second, None where the second text has none.
        claims: ids of the claims on both sides that say the same.
    """

    left: Exhibit
    right: Exhibit
    claims: tuple[str, ...]


def pairs_of(exhibits: Sequence[Exhibit], left: str, right: str) -> tuple[Pair, ...]:
    """Return the quotes of language *left* beside those of *right* that say the same."""
    by_fact: dict[tuple[str, str, bool], list[tuple[Exhibit, str]]] = {}
    for exhibit in exhibits:
        if exhibit.lang == right:
            for claim in exhibit.claims:
                by_fact.setdefault(fact_key(claim), []).append((exhibit, claim.id))
    joint: dict[tuple[int, int], tuple[Exhibit, Exhibit, list[str]]] = {}
    for exhibit in exhibits:
        if exhibit.lang != left:
            continue
        for claim in exhibit.claims:
            for other, other_id in by_fact.get(fact_key(claim), [])[:1]:
                row = joint.setdefault((exhibit.number, other.number), (exhibit, other, []))
                row[2].extend((claim.id, other_id))
    return tuple(Pair(one, two, tuple(dict.fromkeys(ids))) for one, two, ids in joint.values())
