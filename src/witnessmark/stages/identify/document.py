"""One text with what was found in it: the values that the judgement works on.

Law: everything is taken from the casebook and the frozen text; nothing is read again.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from witnessmark.core.claim import PHOTOGRAPHED, Predicate
from witnessmark.core.span import Span

if TYPE_CHECKING:
    from witnessmark.core.claim import Claim, Mention

_SENTENCE_END = re.compile(r"(?:(?<=[.!?])[\"”’')\]]*\s+)|(?:(?<=[。！？])[」』”]*)|(?:\n+)")
"""Where a sentence ends; abbreviations only make sentences shorter, which is harmless:
a container is then looked for in the whole text."""


@dataclass(frozen=True)
class Document:
    """A rendition with its mentions and standing claims.

    Attributes:
        source: id of the source.
        rendition: SHA-256 of the text.
        text: the text.
        mentions: in order.
        claims: in order.
    """

    source: str
    rendition: str
    text: str
    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...]

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Return the spans of the sentences, in order, blanks between them left out."""
        spans: list[Span] = []
        start = 0
        for found in _SENTENCE_END.finditer(self.text):
            if found.start() > start:
                spans.append(Span(start, found.start()))
            start = found.end()
        if start < len(self.text):
            spans.append(Span(start, len(self.text)))
        return tuple(spans)

    @cached_property
    def by_id(self) -> dict[str, Mention]:
        """Return the mentions by id."""
        return {mention.id: mention for mention in self.mentions}

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def sentence_of(self, span: Span) -> Span:
        """Return the sentence that *span* begins in; the whole text where there is none."""
        number = bisect_right(self._starts, span.start) - 1
        if number >= 0 and span.start < self.sentences[number].end:
            return self.sentences[number]
        return Span(0, len(self.text))

    @cached_property
    def _mention_starts(self) -> list[int]:
        return [mention.start for mention in self.mentions]

    def mentions_inside(self, span: Span) -> tuple[Mention, ...]:
        """Return the mentions that lie wholly inside *span*."""
        first = bisect_left(self._mention_starts, span.start)
        last = bisect_left(self._mention_starts, span.end)
        return tuple(m for m in self.mentions[first:last] if m.end <= span.end)

    @cached_property
    def locating(self) -> dict[Span, tuple[Claim, ...]]:
        """Return the ``located_in`` claims, the photographed site's left out, by sentence."""
        found: dict[Span, list[Claim]] = defaultdict(list)
        for claim in self.claims:
            if claim.predicate is Predicate.LOCATED_IN and claim.subject != PHOTOGRAPHED:
                found[self.sentence_of(claim.span)].append(claim)
        return {sentence: tuple(claims) for sentence, claims in found.items()}

    @cached_property
    def photographed(self) -> tuple[Span, ...]:
        """Return the stretches that speak of the photographed site, joined, in order."""
        joined: list[Span] = []
        for span in sorted(c.span for c in self.claims if c.subject == PHOTOGRAPHED):
            if joined and span.start <= joined[-1].end:
                joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
            else:
                joined.append(span)
        return tuple(joined)

    def of_photograph(self, span: Span) -> bool:
        """Return whether *span* touches words about the photographed site."""
        number = bisect_right(self.photographed, span.start, key=lambda s: s.start) - 1
        return any(other.overlaps(span) for other in self.photographed[max(number, 0) : number + 2])
