"""What the place names of a text are read as.

Laws:
1. A container that a claim states with the name counts most, then the only province that
   the sentence names, then whatever else the text names.
2. A province named beside a name never overrules a county that is spelt exactly so in
   another province of the same country: then the name is weighed in company only.
3. An ambiguous name has no chosen reading; all its candidates are shown.
4. Every rejected reading says what speaks against it.
5. A place is read out of a site's own name only where it is spelt exactly so, and never
   out of words about the photographed site.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from witnessmark.core.actor import PlaceCandidate, PlaceReading
from witnessmark.core.canonical import content_id
from witnessmark.core.claim import Mention, MentionType
from witnessmark.stages.identify.keys import plain
from witnessmark.stages.identify.placename import take_apart
from witnessmark.stages.identify.places import SPELT_SO, find_place, is_ambiguous
from witnessmark.stages.identify.subjects import facility_free, is_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.span import Span
    from witnessmark.stages.identify.document import Document

PLACE_TYPES = frozenset({MentionType.PLACE, MentionType.COUNTRY})
_WIDE = frozenset({"country", "province"})
ISO_LETTERS = 2
REJECTED_SHOWN = 5
LEAST_SCORE = 0.2
"""Readings below this are not worth showing (our convention, D)."""


@dataclass(frozen=True, slots=True)
class _Company:
    """The countries and provinces that a document names beyond doubt.

    Attributes:
        named: reading of each, by the key of its printed name, in order.
        printed: printed name by the same key.
        provinces: keys of the provinces that each sentence names.
    """

    named: dict[str, PlaceCandidate]
    printed: dict[str, str]
    provinces: dict[Span, dict[str, None]]


def _company(document: Document) -> _Company:
    company = _Company({}, {}, {})
    for mention in document.mentions:
        if mention.type not in PLACE_TYPES:
            continue
        candidates = find_place(mention.quote)
        if not candidates or candidates[0].kind not in _WIDE or candidates[0].score < SPELT_SO:
            continue
        key = plain(mention.quote)
        company.named.setdefault(key, candidates[0])
        company.printed.setdefault(key, mention.quote)
        if candidates[0].kind == "province":
            sentence = document.sentence_of(mention.span)
            company.provinces.setdefault(sentence, {})[key] = None
    return company


def _stated_container(document: Document, mention: Mention) -> str:
    """Return the container that a ``located_in`` claim around *mention* states with it."""
    bare = plain(take_apart(mention.quote).bare)
    for claim in document.locating.get(document.sentence_of(mention.span), ()):
        if not isinstance(claim.value, str) or not claim.span.contains(mention.span):
            continue
        value = take_apart(claim.value)
        if plain(value.bare) == bare and value.containers:
            return ", ".join(value.containers)
    return ""


def _read(document: Document, mention: Mention, company: _Company) -> tuple[PlaceCandidate, ...]:
    own = plain(mention.quote)
    others = {key: place for key, place in company.named.items() if key != own}
    if own in company.named:
        countries = (company.printed[k] for k, place in others.items() if place.kind == "country")
        return find_place(mention.quote, context=tuple(countries))
    loose = find_place(mention.quote, context=tuple(company.printed[key] for key in others))
    stated = _stated_container(document, mention)
    in_stated = find_place(f"{mention.quote}, {stated}") if stated else ()
    if in_stated and not _only_country(stated):
        return in_stated
    loose = in_stated or loose
    sentence = document.sentence_of(mention.span)
    near = {
        company.named[key].gazetteer: company.printed[key]
        for key in company.provinces.get(sentence, {})
        if key != own
    }
    if len(near) != 1:
        return loose
    province, printed = next(iter(near.items()))
    held = find_place(mention.quote, within=printed)
    return held if _province_fits(held, province.partition("@")[0]) else loose


def _only_country(stated: str) -> bool:
    """Return whether the stated container is a country by name or by code."""
    found = find_place(stated)
    return (len(stated) == ISO_LETTERS and stated.isupper()) or bool(
        found and found[0].kind == "country"
    )


def _province_fits(held: tuple[PlaceCandidate, ...], province: str) -> bool:
    """Law 2: the best reading lies in the province, none is spelt so elsewhere in the land."""
    if not held or "one letter away" in held[0].reasons[0]:
        return False
    inside = [c for c in held if not any(r.startswith("against:") for r in c.reasons)]
    if not inside or inside[0] is not held[0]:
        return False
    spelt_so = any("sounds like" not in reason for reason in held[0].reasons[:1])
    elsewhere = [
        c
        for c in held
        if c.country == held[0].country
        and c not in inside
        and "sounds like" not in c.reasons[0]
        and not c.gazetteer.startswith(province)
    ]
    return spelt_so or not elsewhere


def read_places(document: Document) -> tuple[PlaceReading, ...]:
    """Return the place readings of *document*, in the order of their first mention."""
    company = _company(document)
    groups: dict[tuple[str, str], list[Mention]] = {}
    candidates: dict[tuple[str, str], tuple[PlaceCandidate, ...]] = {}
    surfaces: dict[tuple[str, str], str] = {}
    for mention in document.mentions:
        if mention.type is MentionType.SITE:
            words, found = _in_site_name(document, mention, company)
            if found:
                key = (plain(words), found[0].gazetteer)
                groups.setdefault(key, []).append(mention)
                candidates.setdefault(key, found)
                surfaces.setdefault(key, words)
        if mention.type not in PLACE_TYPES:
            continue
        found = tuple(c for c in _read(document, mention, company) if c.score >= LEAST_SCORE)
        key = (plain(mention.quote), found[0].gazetteer if found else "")
        groups.setdefault(key, []).append(mention)
        kept = candidates.get(key)
        if kept is None or (found and found[0].score > kept[0].score):
            candidates[key] = found
    return tuple(
        _reading(document.source, surfaces.get(key, ""), mentions, candidates[key])
        for key, mentions in groups.items()
    )


def _in_site_name(
    document: Document, mention: Mention, company: _Company
) -> tuple[str, tuple[PlaceCandidate, ...]]:
    """Return the place that a site is named after, where it is spelt exactly so (law 5)."""
    if document.of_photograph(mention.span):
        return "", ()
    words = facility_free(mention.quote).strip()
    if not words or words not in mention.quote or not is_named(mention.quote):
        return "", ()
    found = find_place(words, context=tuple(company.printed.values()))
    if not found or found[0].score < SPELT_SO or found[0].kind in _WIDE:
        return "", ()
    return words, tuple(c for c in found if c.score >= LEAST_SCORE)


def _reading(
    source: str,
    words: str,
    mentions: Sequence[Mention],
    candidates: tuple[PlaceCandidate, ...],
) -> PlaceReading:
    surface = words or mentions[0].quote
    ambiguous = is_ambiguous(candidates)
    chosen = candidates[0] if candidates and not ambiguous else None
    rest = candidates[1:] if chosen is not None else candidates
    rejected = tuple(_rejected(candidate, chosen) for candidate in rest[:REJECTED_SHOWN])
    if chosen is not None:
        reasons = chosen.reasons
    elif ambiguous:
        reasons = (f"“{surface}” can be {len(candidates)} places, and the text does not say which",)
    else:
        reasons = (f"“{surface}” is not in the gazetteer",)
    return PlaceReading(
        id=content_id("p", source, plain(surface), chosen.gazetteer if chosen else ""),
        source=source,
        surface=surface,
        mentions=tuple(mention.id for mention in mentions),
        chosen=chosen,
        rejected=rejected,
        ambiguous=ambiguous,
        reasons=reasons,
    )


def _rejected(candidate: PlaceCandidate, chosen: PlaceCandidate | None) -> PlaceCandidate:
    if chosen is None or any(reason.startswith("against:") for reason in candidate.reasons):
        return candidate
    why = f"against: {chosen.name} {chosen.native} fits the words and their company better"
    return replace(candidate, reasons=(*candidate.reasons, why))
