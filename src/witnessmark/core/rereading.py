"""Rereadings: the same original read anew, and what becomes of what people decided.

Laws:
1. A new rendition stands beside the old one; nothing is replaced, both stay readable.
2. The last rereading of a source says which of its renditions are current.
3. A claim that a person judged on an older rendition is looked for in the current one and
   comes out as proposed, with the old decision beside it: a decision is never inherited.
4. What cannot be found again is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from witnessmark.core.claim import Claim
from witnessmark.core.source import Rendition


@dataclass(frozen=True, slots=True)
class Rereading:
    """One source, read anew.

    Attributes:
        number: order in the case, from 1.
        source: id of the source.
        before: ids of the renditions that were current.
        now: ids of the renditions that are current since.
        how: ``as captured`` or ``every page by OCR``.
        at: RFC 3339, UTC.
        by: who, as given.
    """

    number: int
    source: str
    before: tuple[str, ...]
    now: tuple[str, ...]
    how: str
    at: str
    by: str = ""


def current_of(
    renditions: Iterable[Rendition], rereadings: Iterable[Rereading]
) -> tuple[Rendition, ...]:
    """Return the renditions that are current, in their order."""
    last = {row.source: frozenset(row.now) for row in sorted(rereadings, key=lambda r: r.number)}
    return tuple(row for row in renditions if row.source not in last or row.id in last[row.source])


class Found(StrEnum):
    """How a quote was found in another rendition."""

    WORDS = "the same words"
    PLACE = "the same place in the original"
    NEARLY = "nearly the same words"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class Reanchoring:
    """What became of a claim that was judged on an older rendition.

    Attributes:
        id: id of the judged claim.
        source: id of the source.
        claim: id of the proposed claim on the current rendition, empty where none was found.
        how: how its words were found.
        likeness: how alike the two quotes are, 0..1; 1 for the same words.
        reason: why, for a reader.
        old: the judged claim as it stood.
    """

    id: str
    source: str
    claim: str
    how: Found
    likeness: float
    reason: str
    old: Claim
