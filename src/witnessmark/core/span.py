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

SAME_LINE = 0.5
"""Share of the lower box's height that two words of one line have in common."""

WIDEST_BLANK = 2.0
"""Heights of a line that the blank between two words of it may be wide; a gutter is wider."""


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
        box: left, bottom, right, top of the region; empty where none is known. A page is
            measured in points from the lower left of what it shows (cropped and turned as
            a reader sees it), an image in pixels from the upper left.
        cuts: where one code point ends and the next begins, left to right, one fewer than
            there are code points; empty where that is not known.
    """

    start: int
    end: int
    origin: str
    first: int
    last: int
    part: str = ""
    box: tuple[float, ...] = ()
    cuts: tuple[float, ...] = ()

    def box_of(self, span: Span) -> tuple[float, ...]:
        """Return the box of the part of this stretch that *span* covers.

        Where the cuts are not known it is the box of the whole stretch: too wide, never
        too narrow.
        """
        inside = self.end - self.start
        first, last = max(span.start - self.start, 0), min(span.end - self.start, inside)
        if not self.box or len(self.cuts) != inside - 1:
            return self.box
        left = self.cuts[first - 1] if first else self.box[0]
        right = self.cuts[last - 1] if last < inside else self.box[2]
        return (left, self.box[1], right, self.box[3])

    def region_of(self, span: Span) -> Region | None:
        """Return where the part that *span* covers stands, None where no box is known."""
        box = self.box_of(span)
        if not box:
            return None
        low, high = sorted((box[1], box[3]))
        return Region(self.first, box[0], low, box[2], high)


@dataclass(frozen=True, slots=True)
class Region:
    """A piece of one line on a page or image.

    Attributes:
        page: page number, from 1; 1 for an image.
        left: left side.
        low: the smaller of the two heights.
        right: right side.
        high: the larger of the two heights.
    """

    page: int
    left: float
    low: float
    right: float
    high: float

    def continued_by(self, other: Region) -> bool:
        """Return whether *other* goes on with the same line, a word further to the right."""
        high = max(self.high - self.low, other.high - other.low)
        shared = min(self.high, other.high) - max(self.low, other.low)
        gap = other.left - self.right
        return (
            self.page == other.page
            and shared > SAME_LINE * min(self.high - self.low, other.high - other.low)
            and -high < gap < WIDEST_BLANK * high
        )

    def joined(self, other: Region) -> Region:
        """Return the smallest region around both."""
        return Region(
            self.page,
            min(self.left, other.left),
            min(self.low, other.low),
            max(self.right, other.right),
            max(self.high, other.high),
        )


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
        at = max(bisect_right(self.anchors, span.start, key=lambda anchor: anchor.start) - 1, 0)
        found: list[Anchor] = []
        while at < len(self.anchors) and self.anchors[at].start < span.end:
            if self.anchors[at].end > span.start:
                found.append(self.anchors[at])
            at += 1
        return tuple(found)

    def regions(self, span: Span) -> tuple[Region, ...]:
        """Return where *span* stands on pages or images: a region per piece of a line.

        In reading order. Empty where the original has no pages. What the reader made
        itself stands nowhere and adds nothing.
        """
        found: list[Region] = []
        for anchor in self.locate(span):
            region = anchor.region_of(span)
            if region is None:
                continue
            if found and found[-1].continued_by(region):
                found[-1] = found[-1].joined(region)
            else:
                found.append(region)
        return tuple(found)
