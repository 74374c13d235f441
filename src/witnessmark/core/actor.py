"""Who, where and what is meant: places, sites, organisations, products.

Laws:
1. An identification is a proposal with reasons; rejected readings are shown.
2. Duplicates are proposed, never merged.
3. Where no source gives a coordinate it is null; it is never guessed.
4. A site known only from a photograph is placed in its country, nothing narrower,
   and no proposal joins it with a named site.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from witnessmark.core.claim import Status
from witnessmark.core.provenance import Code


@dataclass(frozen=True, slots=True)
class PlaceCandidate:
    """One reading of a place name (the shape of ``places find``).

    Attributes:
        name: official Latin name (``Ryongchon``).
        native: native name with its unit (``룡천군``).
        kind: ``country``, ``province``, ``city``, ``county``, ``district``, ``town``.
        within: name of the unit it lies in (``North Pyongan``), else empty.
        country: ISO 3166-1 alpha-2.
        lat: degrees north, WGS 84, or None where no source gives it.
        lon: degrees east, or None.
        precision_km: radius within which the place lies, or None.
        score: 0..1, for ordering only.
        reasons: why, one phrase each.
        gazetteer: id of the gazetteer's row and its version.
    """

    name: str
    native: str
    kind: str
    within: str
    country: str
    lat: float | None
    lon: float | None
    precision_km: float | None
    score: float
    reasons: tuple[str, ...]
    gazetteer: str


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """What the place names of one mention group are read as.

    Attributes:
        id: ``p`` and ten hex digits.
        source: id of the source.
        surface: the words as printed (``Yonchon``).
        mentions: ids of the mentions read this way.
        chosen: the best candidate, or None where the name stays ambiguous or unknown.
        rejected: other candidates, best first, each with the reason against it.
        ambiguous: whether two candidates stand equal.
        reasons: why the chosen one was chosen, in words.
        status: a person's judgement.
    """

    id: str
    source: str
    surface: str
    mentions: tuple[str, ...]
    chosen: PlaceCandidate | None
    rejected: tuple[PlaceCandidate, ...]
    ambiguous: bool
    reasons: tuple[str, ...]
    status: Status = Status.PROPOSED


class ActorKind(StrEnum):
    """What sort of actor a row is."""

    SITE = "site"
    PHOTOGRAPHED_SITE = "photographed_site"
    ORGANISATION = "organisation"
    GROUP = "group"
    SPEAKER = "speaker"


@dataclass(frozen=True, slots=True)
class Actor:
    """A site, organisation, group of people or speaker that the case speaks of.

    Attributes:
        id: ``a`` and ten hex digits.
        kind: sort of actor.
        label: how the dossier names it (``labour camp in Ryongchon County``).
        names: other names the sources use.
        country: ISO 3166-1 alpha-2, else empty.
        places: ids of place readings (empty for a photographed site: law 4).
        mentions: ids of mentions.
        claims: ids of claims whose subject it is.
        protected: a source, detainee or kin: never indexed, matched or proposed.
        apart_because: why it is kept apart from others, else empty.
        status: a person's judgement.
    """

    id: str
    kind: ActorKind
    label: str
    names: tuple[str, ...]
    country: str
    places: tuple[str, ...]
    mentions: tuple[str, ...]
    claims: tuple[str, ...]
    protected: bool = False
    apart_because: str = ""
    status: Status = Status.PROPOSED


@dataclass(frozen=True, slots=True)
class HeadingCandidate:
    """One HS heading that a product may fall under.

    Attributes:
        heading: chapter or heading digits (``6704``, ``61``).
        title: what the heading holds, in our words.
        condition: when this heading applies (``if a garment``), else empty.
        code: S, K or D.
    """

    heading: str
    title: str
    condition: str
    code: Code


@dataclass(frozen=True, slots=True)
class ProductReading:
    """A product that the case speaks of, with its candidate headings.

    Attributes:
        id: ``g`` and ten hex digits.
        label: what the dossier calls it (``wigs``).
        norm: normal form (``wig``).
        surfaces: the words as printed.
        mentions: ids of mentions.
        claims: ids of ``makes`` claims.
        headings: candidates, the likeliest first; the first stands in the law matrix's
            title, the others beside it.
        status: a person's judgement.
    """

    id: str
    label: str
    norm: str
    surfaces: tuple[str, ...]
    mentions: tuple[str, ...]
    claims: tuple[str, ...]
    headings: tuple[HeadingCandidate, ...]
    status: Status = Status.PROPOSED


@dataclass(frozen=True, slots=True)
class MergeProposal:
    """Two actors that may be one; a person decides.

    Attributes:
        id: ``d`` and ten hex digits.
        left: id of an actor.
        right: id of another.
        score: 0..1.
        reasons: why, one phrase each.
        status: a person's judgement.
    """

    id: str
    left: str
    right: str
    score: float
    reasons: tuple[str, ...]
    status: Status = Status.PROPOSED
