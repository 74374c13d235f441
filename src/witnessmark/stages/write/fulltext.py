"""The sources in full, with every quote marked where it stands.

Laws:
1. A paragraph is a stretch of the rendition, never retold.
2. Of a long source only the paragraphs with a quote are shown, and how many are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.stages.write.context import Stretch, marked, paragraphs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from witnessmark.core.source import Rendition, Source
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
        shown = [
            span
            for span in spans
            if len(text) <= LONGEST_IN_FULL or any(q.overlaps(span) for _, q in quotes)
        ]
        source = sources[row.source]
        found.append(
            FullText(
                f"{source.id} · {source.name}, {row.length:,} signs",
                row.id,
                source.lang,
                tuple(
                    Paragraph(span.start, span.end, marked(text, span, quotes)) for span in shown
                ),
                len(spans) - len(shown),
            )
        )
    return tuple(found)
