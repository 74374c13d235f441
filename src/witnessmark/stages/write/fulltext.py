"""The sources in full, with every quote marked where it stands.

Laws:
1. A paragraph is a stretch of the rendition, never retold.
2. Of a long source only the paragraphs with a quote are shown, and how many are not.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.stages.write.context import Stretch, marked, paragraphs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from witnessmark.core.source import Rendition, Source
    from witnessmark.core.span import Span
    from witnessmark.stages.write.exhibits import Exhibit

LONGEST_IN_FULL = 40_000
"""Code points up to which a source is shown in full (about twenty printed pages)."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its marks."""

    start: int
    end: int
    pieces: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class FullText:
    """A rendition as it is read."""

    title: str
    rendition: str
    lang: str
    paragraphs: tuple[Paragraph, ...]
    left_out: int


def full_texts_of(
    renditions: Sequence[Rendition],
    texts: Mapping[str, str],
    exhibits: Sequence[Exhibit],
    sources: Mapping[str, Source],
) -> tuple[FullText, ...]:
    """Return the renditions that hold a quote, each with its paragraphs."""
    found: list[FullText] = []
    for row in renditions:
        quotes = [(e.number, e.span) for e in exhibits if e.rendition == row.id]
        if not quotes:
            continue
        text = texts[row.id]
        spans = paragraphs(text)
        inside = _by_paragraph(spans, quotes)
        shown = [
            (span, held)
            for span, held in zip(spans, inside, strict=True)
            if held or len(text) <= LONGEST_IN_FULL
        ]
        source = sources[row.source]
        found.append(
            FullText(
                f"{source.id} · {source.name}, {row.length:,} signs",
                row.id,
                source.lang,
                tuple(
                    Paragraph(span.start, span.end, marked(text, span, held))
                    for span, held in shown
                ),
                len(spans) - len(shown),
            )
        )
    return tuple(found)


def _by_paragraph(
    spans: Sequence[Span], quotes: Sequence[tuple[int, Span]]
) -> list[list[tuple[int, Span]]]:
    """Return for each paragraph the quotes that touch it."""
    starts = [span.start for span in spans]
    found: list[list[tuple[int, Span]]] = [[] for _ in spans]
    for number, quote in quotes:
        place = max(bisect_right(starts, quote.start) - 1, 0)
        while place < len(spans) and spans[place].start < quote.end:
            if spans[place].overlaps(quote):
                found[place].append((number, quote))
            place += 1
    return found
