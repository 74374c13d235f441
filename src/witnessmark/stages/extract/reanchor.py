"""What becomes of a claim that a person judged, when its source was read anew.

The quote is looked for in the current rendition in three ways, in this order:

1. the same words (line breaks and blanks may differ); where they stand several times, the
   one at the same place in the original, else the one with the same number of the same many;
2. the same place in the original: page and box, or bytes;
3. nearly the same words, above a stated likeness, if only one place is that like.

Laws:
1. What comes out is proposed, whatever the old decision was; it names the old claim.
2. The quote of the new claim is taken from the current rendition, character for character.
3. One place or none: an ambiguous quote is not found.
4. A figure that reads differently now is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from witnessmark.core.claim import Status
from witnessmark.core.rereading import Found, Reanchoring
from witnessmark.core.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.core.source import Rendition
    from witnessmark.core.span import OffsetMap, Region

LEAST_LIKE = 85.0
"""Likeness (0..100, of the quote to the best stretch) above which words are nearly the same."""

CLEAR_LEAD = 3.0
"""By how much the second best place must be less like."""

LEAST_LIKE_IN_PLACE = 50.0
"""Likeness that the words at the same place must have: below it the page shows other words."""

COVERED = 0.5
"""Share of a word's box that must lie in the old boxes."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A rendition with its text.

    Attributes:
        row: the rendition.
        text: its text.
    """

    row: Rendition
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote was found."""

    reading: Reading
    span: Span
    how: Found
    likeness: float


def reanchor(
    old: Claim, before: Reading, now: Sequence[Reading], fresh: Iterable[Claim]
) -> tuple[Claim | None, Reanchoring]:
    """Return the proposed claim on a current rendition, and what became of *old*.

    Args:
        old: a judged claim on an older rendition.
        before: that rendition.
        now: the current renditions of its source.
        fresh: the claims that the current renditions gave by themselves.
    """
    place = find(old.span, before, now)
    if place is None:
        reason = "its words stand nowhere in the current text, or in several places alike"
        return None, Reanchoring(old.id, old.source, "", Found.NOT_FOUND, 0.0, reason, old)
    claim = _read_there(old, place, fresh)
    reason = f"{place.how} as {old.id} on an earlier reading ({before.row.rendering})"
    if place.how is not Found.WORDS:
        reason += f", {place.likeness:.0%} alike"
    if claim is not None:
        if claim.value != old.value:
            reason += "; the words give another value now"
    else:
        quote = place.span.of(place.reading.text)
        if _figures(quote) != _figures(old.quote):
            reason += "; a figure reads differently now"
        claim = replace(
            old,
            rendition=place.reading.row.id,
            rendering=place.reading.row.rendering,
            quote=quote,
            start=place.span.start,
            end=place.span.end,
            status=Status.PROPOSED,
            reason=f"{reason}; {old.reason}" if old.reason else reason,
        ).identified()
    return claim, Reanchoring(
        old.id, old.source, claim.id, place.how, round(place.likeness, 4), reason, old
    )


def find(span: Span, before: Reading, now: Sequence[Reading]) -> Place | None:
    """Return where the words of *span* stand in one of the readings *now*."""
    for way in (_by_words, _by_place, _by_likeness):
        found = [place for reading in now for place in way(span, before, reading)]
        if len(found) == 1:
            return found[0]
    return None


def _by_words(span: Span, before: Reading, reading: Reading) -> Iterator[Place]:
    spots = _spots(span.of(before.text), reading.text)
    if len(spots) > 1:
        spots = _at_same_place(span, before, reading, spots) or _same_number(span, before, spots)
    for spot in spots:
        yield Place(reading, spot, Found.WORDS, 1.0)


def _spots(quote: str, text: str) -> list[Span]:
    words = [re.escape(word) for word in quote.split()]
    if not words:
        return []
    return [Span(*match.span()) for match in re.finditer(r"\s+".join(words), text)]


def _at_same_place(span: Span, before: Reading, reading: Reading, spots: list[Span]) -> list[Span]:
    old, new = before.row.offsets, reading.row.offsets
    return [spot for spot in spots if _share(new, spot, old, span) >= COVERED]


def _same_number(span: Span, before: Reading, spots: list[Span]) -> list[Span]:
    olds = _spots(span.of(before.text), before.text)
    if span in olds and len(olds) == len(spots):
        return [spots[olds.index(span)]]
    return []


def _share(new: OffsetMap, spot: Span, old: OffsetMap, span: Span) -> float:
    """Return which share of *spot* lies at the place of *span* in the original."""
    ours, theirs = new.regions(spot), old.regions(span)
    if ours and theirs:
        return sum(_covered(region, theirs) for region in ours) / len(ours)
    mine, yours = _bytes(new, spot), _bytes(old, span)
    if mine is None or yours is None:
        return 0.0
    common = min(mine[1], yours[1]) - max(mine[0], yours[0])
    return max(common, 0) / max(mine[1] - mine[0], 1)


def _covered(region: Region, others: Sequence[Region]) -> float:
    area = (region.right - region.left) * (region.high - region.low)
    if area <= 0:
        return 0.0
    inside = 0.0
    for other in others:
        wide = min(region.right, other.right) - max(region.left, other.left)
        high = min(region.high, other.high) - max(region.low, other.low)
        if region.page == other.page and wide > 0 and high > 0:
            inside += wide * high
    return min(inside / area, 1.0)


def _bytes(offsets: OffsetMap, span: Span) -> tuple[int, int] | None:
    found = [row for row in offsets.locate(span) if row.origin == "bytes"]
    parts = {row.part for row in found}
    return (found[0].first, found[-1].last) if found and len(parts) == 1 else None


def _by_place(span: Span, before: Reading, reading: Reading) -> Iterator[Place]:
    """Yield the stretch whose words stand in the boxes of *span*."""
    theirs = before.row.offsets.regions(span)
    if not theirs:
        return
    inside = [
        Span(row.start, row.end)
        for row in reading.row.offsets.anchors
        if (region := row.region_of(Span(row.start, row.end))) is not None
        and _covered(region, theirs) >= COVERED
    ]
    if not inside:
        return
    spot = _trimmed(reading.text, Span(inside[0].start, inside[-1].end))
    kept = sum(len(part) for part in inside)
    likeness = fuzz.ratio(span.of(before.text), spot.of(reading.text))
    if kept >= COVERED * len(spot) and likeness >= LEAST_LIKE_IN_PLACE:
        yield Place(reading, spot, Found.PLACE, likeness / 100)


def _by_likeness(span: Span, before: Reading, reading: Reading) -> Iterator[Place]:
    quote = span.of(before.text)
    best = fuzz.partial_ratio_alignment(quote, reading.text, score_cutoff=LEAST_LIKE)
    if best is None or best.dest_end - best.dest_start < len(quote) // 2:
        return
    spot = _to_words(reading.text, Span(best.dest_start, best.dest_end))
    likeness = fuzz.ratio(quote, spot.of(reading.text))
    others = (reading.text[: spot.start], reading.text[spot.end :])
    second = max(
        fuzz.partial_ratio(quote, other) if len(other) >= len(quote) else 0.0 for other in others
    )
    if likeness >= LEAST_LIKE and second < likeness - CLEAR_LEAD:
        yield Place(reading, spot, Found.NEARLY, likeness / 100)


def _to_words(text: str, span: Span) -> Span:
    """Return *span* widened to whole words, without blanks at its ends."""
    start, end = span.start, span.end
    while start > 0 and text[start - 1].isalnum() and text[start : start + 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return _trimmed(text, Span(start, end))


def _trimmed(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _read_there(old: Claim, place: Place, fresh: Iterable[Claim]) -> Claim | None:
    """Return the claim that the current rendition gave there by itself, if it is the same."""
    there = [
        claim
        for claim in fresh
        if claim.rendition == place.reading.row.id
        and claim.predicate is old.predicate
        and claim.span.overlaps(place.span)
    ]
    same = [claim for claim in there if (claim.value, claim.subject) == (old.value, old.subject)]
    chosen = same or [claim for claim in there if claim.subject == old.subject]
    return max(chosen, key=lambda claim: (_common(claim.span, place.span), claim.id), default=None)


def _common(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+", text)
