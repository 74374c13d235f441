"""Where a quote stands in the original: byte, page, paragraph or region.

Laws:
1. The place is read from the map that was made with the rendition, never searched for.
2. A range is as narrow as the map: to the byte where a stretch reads byte for byte as
   the original's UTF-8, else the whole stretch.
3. What the reader itself made has no place and adds none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.source import Rendition
    from witnessmark.core.span import Anchor, Span


def place_in_original(rendition: Rendition, text: str, span: Span) -> str:
    """Return where *span* of the rendition's *text* stands in the original, in words.

    Example:
        ``bytes 836–884``, ``page 2``, ``paragraph 7``; empty where nothing is known.
    """
    anchors = [row for row in rendition.offsets.locate(span) if row.origin != "made"]
    if not anchors:
        return ""
    match anchors[0].origin:
        case "bytes":
            return _bytes(anchors, text, span)
        case "page":
            return _numbers("page", anchors)
        case "part":
            return _numbers("paragraph", anchors) + _part(anchors[0].part)
        case "region":
            return _region(anchors)
        case _:
            return ""


def _bytes(anchors: Sequence[Anchor], text: str, span: Span) -> str:
    first, last = anchors[0], anchors[-1]
    start = first.first
    if span.start > first.start and _reads_as_bytes(first, text):
        start += len(text[first.start : span.start].encode())
    end = last.last
    if span.end < last.end and _reads_as_bytes(last, text):
        end = last.first + len(text[last.start : span.end].encode())
    return f"bytes {start}–{end}" + _part(first.part)


def _reads_as_bytes(anchor: Anchor, text: str) -> bool:
    return len(text[anchor.start : anchor.end].encode()) == anchor.last - anchor.first


def _numbers(name: str, anchors: Sequence[Anchor]) -> str:
    low, high = min(row.first for row in anchors), max(row.last for row in anchors)
    return f"{name} {low}" if low == high else f"{name}s {low}–{high}"


def _part(part: str) -> str:
    return f" of {part}" if part and part != "word/document.xml" else ""


def _region(anchors: Sequence[Anchor]) -> str:
    boxes = [row.box for row in anchors if row.box]
    if not boxes:
        return "image"
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    sides = [side for box in boxes for side in (box[1], box[3])]
    low, high = min(sides), max(sides)
    return f"image, pixels {left:.0f}–{right:.0f} across, {low:.0f}–{high:.0f} down"
