"""Where a quote stands: its sentence and its paragraph, as spans of the rendition.

Laws:
1. A context is a stretch of the rendition itself, never retold.
2. The quote lies inside its sentence, and the sentence inside its paragraph.
3. A paragraph that is too long is cut at a space, and the cut is visible.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from witnessmark.core.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_PARAGRAPH = 1400
"""Code points of a context that are shown at most around a quote (a screenful)."""

LONGEST_BRIEF = 210
"""Code points of a quote's sentence in the margin: five or six lines."""

_BREAK = re.compile(r"\n+")
_BLANK = re.compile(r"\n(?:[ \t]*\n)+")
_SENTENCE_END = re.compile(r"[.!?。！？][”’\"')\]]*(?=\s|$)|\n")


def paragraph_of(text: str, quote: Span) -> Span:
    """Return the paragraph of *text* in which *quote* stands.

    Paragraphs end at an empty line. Where a text has none, they end at a line break.
    """
    gaps = _gaps(text)
    place = bisect_right(gaps, (quote.start, len(text)))
    while place and gaps[place - 1][1] > quote.start:
        place -= 1
    start = gaps[place - 1][1] if place else 0
    after = bisect_left(gaps, (quote.end, 0))
    end = gaps[after][0] if after < len(gaps) else len(text)
    return _cut(text, _trimmed(text, Span(start, end), quote), quote, LONGEST_PARAGRAPH)


def brief_of(text: str, quote: Span) -> Span:
    """Return the sentence of *quote*, cut to what fits a margin."""
    return _cut(text, sentence_of(text, quote), quote, LONGEST_BRIEF)


def sentence_of(text: str, quote: Span) -> Span:
    """Return the sentence, or run of sentences, of *text* in which *quote* stands."""
    paragraph = paragraph_of(text, quote)
    start, end = paragraph.start, paragraph.end
    for found in _SENTENCE_END.finditer(text, paragraph.start, paragraph.end):
        if found.end() <= quote.start:
            start = found.end()
        elif found.end() >= quote.end:
            end = found.end()
            break
    return _trimmed(text, Span(start, end), quote)


def paragraphs(text: str) -> tuple[Span, ...]:
    """Return every paragraph of *text*, in order, empty ones left out."""
    found: list[Span] = []
    start = 0
    for first, last in (*_gaps(text), (len(text), len(text))):
        if text[start:first].strip():
            found.append(Span(start, first))
        start = last
    return tuple(found)


@lru_cache(maxsize=4)
def _gaps(text: str) -> tuple[tuple[int, int], ...]:
    """Return where the gaps between the paragraphs of *text* begin and end."""
    breaks = _BLANK if _BLANK.search(text) else _BREAK
    return tuple(found.span() for found in breaks.finditer(text))


def _trimmed(text: str, span: Span, quote: Span) -> Span:
    start, end = span.start, span.end
    while start < quote.start and text[start].isspace():
        start += 1
    while end > quote.end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _cut(text: str, span: Span, quote: Span, longest: int) -> Span:
    if len(span) <= longest:
        return span
    margin = max((longest - len(quote)) // 2, 0)
    start = max(span.start, quote.start - margin)
    end = min(span.end, quote.end + margin)
    if start > span.start:
        space = text.find(" ", start, quote.start)
        start = space + 1 if space >= 0 else start
    if end < span.end:
        space = text.rfind(" ", quote.end, end)
        end = space if space >= 0 else end
    return Span(start, end)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of source text, marked or not.

    Attributes:
        text: the words.
        exhibits: numbers of the exhibits whose quote covers it.
        ends: numbers of the exhibits whose quote ends with it.
    """

    text: str
    exhibits: tuple[int, ...]
    ends: tuple[int, ...]


def marked(text: str, span: Span, quotes: Iterable[tuple[int, Span]]) -> tuple[Stretch, ...]:
    """Return *span* of *text* cut where quotes begin and end.

    Args:
        text: the rendition.
        span: the stretch to show.
        quotes: number and span of each quote; those outside *span* are passed over.
    """
    inside = [
        (number, Span(max(q.start, span.start), min(q.end, span.end)))
        for number, q in quotes
        if q.overlaps(span)
    ]
    cuts = sorted({span.start, span.end, *(c for _, q in inside for c in (q.start, q.end))})
    return tuple(
        Stretch(
            text[start:end],
            tuple(number for number, q in inside if q.start <= start and end <= q.end),
            tuple(number for number, q in inside if q.end == end),
        )
        for start, end in pairwise(cuts)
    )
