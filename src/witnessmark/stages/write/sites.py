"""Where: places read from the text, with the readings that were rejected.

Laws:
1. A place is shown only where a standing claim's quote names it.
2. The photographed facility is listed apart, with its country and nothing narrower;
   a place that only its claims name is never on the map.
3. A country is no point on a map. Where no source gives a coordinate there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.claim import PHOTOGRAPHED, MentionType, Predicate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from witnessmark.core.actor import PlaceCandidate, PlaceReading, ProductReading
    from witnessmark.core.claim import Claim, Mention
    from witnessmark.stages.write.material import Material

COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Site:
    """A place of the case.

    Attributes:
        reading: how its printed name is read.
        claims: ids of the claims whose quotes name it.
        located: whether one of them says that something lies there.
    """

    reading: PlaceReading
    claims: tuple[str, ...]
    located: bool

    @property
    def drawable(self) -> bool:
        """Return whether it can be a point on a map."""
        chosen = self.reading.chosen
        return (
            chosen is not None
            and chosen.kind != COUNTRY
            and chosen.lat is not None
            and chosen.lon is not None
        )


def sites_of(material: Material) -> tuple[Site, ...]:
    """Return the places that standing claims name, the photographed facility's left out."""
    named = [claim for claim in material.claims if claim.subject != PHOTOGRAPHED]
    mentions = {row.id: row for row in material.mentions}
    found: list[Site] = []
    for reading in material.places:
        spans = [mentions[key] for key in reading.mentions if key in mentions]
        claims = [claim for claim in named if _names(claim, spans)]
        if not claims or (reading.chosen is not None and reading.chosen.kind == COUNTRY):
            continue
        located = any(claim.predicate is Predicate.LOCATED_IN for claim in claims)
        found.append(Site(reading, tuple(claim.id for claim in claims), located))
    return tuple(found)


def _names(claim: Claim, mentions: Iterable[Mention]) -> bool:
    return any(
        row.rendition == claim.rendition and claim.span.contains(row.span)
        for row in mentions
        if row.type is not MentionType.COUNTRY
    )


def photographed(material: Material) -> tuple[Claim, ...]:
    """Return the standing claims about the photographed facility, in order."""
    return tuple(claim for claim in material.claims if claim.subject == PHOTOGRAPHED)


def place_words(claims: Sequence[Claim], sites: Sequence[Site]) -> dict[str, str]:
    """Return for each ``located_in`` claim how its place is read.

    A claim's quote may name several places ("in A and B counties"); the reading is
    the one whose printed or read name stands in the claim's value or subject.
    """
    words: dict[str, str] = {}
    for claim in claims:
        if claim.predicate is not Predicate.LOCATED_IN or claim.subject == PHOTOGRAPHED:
            continue
        for site in sites:
            chosen = site.reading.chosen
            if chosen is None or claim.id not in site.claims or not site.located:
                continue
            target = f"{claim.value} {claim.subject}".casefold()
            if _stated(site.reading.surface, target) or _stated(chosen.name, target):
                words[claim.id] = f"read as {candidate_words(chosen)}"
                if chosen.kind != "province":
                    break
    return words


def _stated(name: str, target: str) -> bool:
    first = name.split(maxsplit=1)[0].casefold() if name.split() else ""
    return bool(first) and first in target


def candidate_words(candidate: PlaceCandidate) -> str:
    """Return a candidate in words (``Ryongchon 룡천군, North Pyongan``)."""
    name = " ".join(word for word in (candidate.name, candidate.native) if word)
    return ", ".join(word for word in (name, candidate.within) if word)


def product_words(products: Iterable[ProductReading]) -> dict[str, str]:
    """Return what each product is called, with its candidate headings."""
    words: dict[str, str] = {}
    for row in products:
        headings = [candidate.heading for candidate in row.headings]
        if len(headings) == 1:
            words[row.norm] = f"{row.label} (HS {headings[0]})"
        elif headings:
            others = ", ".join(headings[1:])
            words[row.norm] = f"{row.label} (HS {headings[0]}, or {others})"
        else:
            words[row.norm] = row.label
    return words
