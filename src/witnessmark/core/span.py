"""Spans of text, and the map from a rendition back to the original.

Laws:
1. Offsets are Unicode code points, end exclusive, into one named rendition.
2. ``quote == text[start:end]``, always; nothing is normalised.
3. A map is carried through from the reading of the original, never inferred by
   comparing texts afterwards. Stretches that the reader itself made (a line
   break for a paragraph) map to nothing and say so.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a text, in code points, end exclusive."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse a span that runs backwards or starts before the text."""
        if not 0 <= self.start <= self.end:
            message = f"span runs backwards or below zero: {self.start}..{self.end}"
            raise ValueError(message)

    def __len__(self) -> int:
        """Return the length in code points."""
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the stretch of *text* that this span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Return whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Return whether *other* lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def shifted(self, by: int) -> Self:
        """Return the span moved by *by* code points."""
        return type(self)(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a stretch of a rendition comes from in the original.

    Attributes:
        start: first code point in the rendition.
        end: end of the stretch, exclusive.
        origin: ``bytes`` (a byte range), ``page`` (a PDF page, region in points),
            ``region`` (of an image, in pixels), ``part`` (of a container) or
            ``made`` (by the reader: no original).
        first: first byte of the range, or the page number (from 1).
        last: end of the byte range, exclusive, or the page number again.
        part: name of the part inside a container (``word/document.xml``), else empty.
        box: left, bottom, right, top of the region; empty where none is known.
    """

    start: int
    end: int
    origin: str
    first: int
    last: int
    part: str = ""
    box: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """An exact map from code points of a rendition to places in the original.

    Attributes:
        anchors: in order, without overlap, together covering the whole rendition.
    """

    anchors: tuple[Anchor, ...]

    def __post_init__(self) -> None:
        """Refuse gaps and overlaps: a map with a hole is not a map."""
        expected = 0
        for anchor in self.anchors:
            if anchor.start != expected or anchor.end <= anchor.start:
                message = f"offset map has a gap or overlap at code point {expected}"
                raise ValueError(message)
            expected = anchor.end

    @property
    def length(self) -> int:
        """Return the number of code points covered."""
        return self.anchors[-1].end if self.anchors else 0

    def locate(self, span: Span) -> tuple[Anchor, ...]:
        """Return the anchors that *span* touches, in order."""
        starts = [anchor.start for anchor in self.anchors]
        first = max(bisect_right(starts, span.start) - 1, 0)
        found: list[Anchor] = []
        for anchor in self.anchors[first:]:
            if anchor.start >= span.end:
                break
            if anchor.end > span.start:
                found.append(anchor)
        return tuple(found)
