"""Who and what a case speaks of: sites, the photographed site, organisations, groups, speakers.

Laws:
1. One site actor per named site and source; a person decides which of them are one.
2. The photographed site has a country at most, and no place; what stands in its quotes
   belongs to it alone, so that no other actor touches it through a shared mention.
3. Speakers and all people are protected; a kind of facility is not a person.
4. A claim belongs to the actor that is its subject; a speaker's claims are those he made.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from witnessmark.core.actor import Actor, ActorKind, PlaceCandidate, PlaceReading
from witnessmark.core.canonical import content_id
from witnessmark.core.claim import PHOTOGRAPHED, Claim, Mention, MentionType, Predicate
from witnessmark.stages.identify.gazetteer import load_gazetteer
from witnessmark.stages.identify.keys import plain
from witnessmark.stages.identify.placename import take_apart
from witnessmark.stages.identify.places import SPELT_SO, find_place
from witnessmark.stages.identify.subjects import Sort, facility_in, is_named, sort_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.stages.identify.document import Document

APART = (
    "known from a photograph only: where it was taken is not stated, and is never inferred; "
    "nothing joins it with a named site"
)
_AT = re.compile(r" (?:in|at|near|of) ")
"""A subject that is named by where it lies; one with a name of its own keeps it."""

_ARTICLE = re.compile(r"^(?:a|an|the|their|its|his|her|this|that)\s+", re.IGNORECASE)
LEAST_LETTERS = 2
_UNIT_WORD = {"county": " County", "province": " Province", "district": " District"}


@dataclass(slots=True)
class _Sketch:
    """An actor while it is being gathered."""

    kind: ActorKind
    label: str
    country: str = ""
    protected: bool = False
    apart_because: str = ""
    names: dict[str, None] = field(default_factory=dict)
    places: dict[str, None] = field(default_factory=dict)
    mentions: dict[str, None] = field(default_factory=dict)
    claims: dict[str, None] = field(default_factory=dict)


def read_actors(document: Document, readings: Sequence[PlaceReading]) -> tuple[Actor, ...]:
    """Return the actors of *document*, in the order in which they appear."""
    reader = _Reader(document, readings)
    return reader.actors()


class _Reader:
    """Gathers the actors of one document; holds no state beyond it."""

    def __init__(self, document: Document, readings: Sequence[PlaceReading]) -> None:
        self._document = document
        self._reading_of = {key: reading for reading in readings for key in reading.mentions}
        self._readings = readings
        self._about: dict[str, dict[str, None]] = defaultdict(dict)
        for claim in document.claims:
            self._about[plain(claim.subject)][claim.id] = None
            if claim.predicate is Predicate.BUYER_OR_CLIENT:
                self._about[plain(str(claim.value))][claim.id] = None
        self._sketches: dict[tuple[str, str], _Sketch] = {}

    def actors(self) -> tuple[Actor, ...]:
        self._subjects()
        self._site_mentions()
        self._organisations()
        self._speakers()
        made = [
            Actor(
                id=content_id("a", self._document.source, *key),
                kind=sketch.kind,
                label=sketch.label,
                names=tuple(name for name in sketch.names if name != sketch.label),
                country=sketch.country,
                places=tuple(sketch.places),
                mentions=tuple(sketch.mentions),
                claims=tuple(sketch.claims),
                protected=sketch.protected,
                apart_because=sketch.apart_because,
            )
            for key, sketch in self._sketches.items()
        ]
        return tuple(self._without_photograph(actor) for actor in made)

    def _without_photograph(self, actor: Actor) -> Actor:
        """Law 2: hold the photographed site apart, whatever a text says beside it."""
        if actor.kind is ActorKind.PHOTOGRAPHED_SITE:
            return replace(actor, places=())
        kept = tuple(
            key for key in actor.mentions if not self._in_photograph(self._document.by_id[key])
        )
        return replace(actor, mentions=kept)

    def _in_photograph(self, mention: Mention) -> bool:
        return mention.type is MentionType.SITE and self._document.of_photograph(mention.span)

    def _sketch(self, part: str, key: str, kind: ActorKind, label: str) -> _Sketch:
        return self._sketches.setdefault((part, key), _Sketch(kind, label))

    # -- subjects ---------------------------------------------------------------------

    def _subjects(self) -> None:
        located = {
            claim.subject
            for claim in self._document.claims
            if claim.predicate is Predicate.LOCATED_IN and not self._names_a_container(claim)
        }
        containers = {
            claim.subject
            for claim in self._document.claims
            if claim.predicate is Predicate.LOCATED_IN and claim.subject not in located
        }
        sites = {plain(m.quote) for m in self._document.mentions if m.type is MentionType.SITE}
        countries = {
            plain(words)
            for reading in self._readings
            if reading.chosen is not None and reading.chosen.kind == "country"
            for words in (reading.surface, reading.chosen.name, reading.chosen.native)
        }
        organisations = {
            plain(words)
            for m in self._document.mentions
            if m.type is MentionType.ORG
            for words in (m.quote, m.norm)
        }
        for claim in self._document.claims:
            if not claim.subject or plain(claim.subject) in organisations | countries:
                continue
            sort = sort_of(
                claim.subject,
                located=claim.subject in located,
                site_named=plain(claim.subject) in sites,
            )
            if sort is Sort.NAMED_SITE and claim.subject in containers:
                sort = Sort.GENERIC_SITE
            self._subject(claim, sort)

    def _names_a_container(self, claim: Claim) -> bool:
        """Return whether the claim's place only holds a nearer one of the same words.

        "평안북도 룡천군 노동단련대" is one camp in Ryongchon, not another in the province.
        """
        meant = {mention.id for mention in self._places_of(claim)}
        chosen = {
            mention.id: reading.chosen
            for mention in self._document.mentions_inside(claim.span)
            if (reading := self._reading_of.get(mention.id)) and reading.chosen
        }
        return any(
            chosen[key].name == other.within and chosen[key].country == other.country
            for key in meant & set(chosen)
            for place, other in chosen.items()
            if place not in meant
        )

    def _subject(self, claim: Claim, sort: Sort) -> None:
        subject = claim.subject
        if sort is Sort.PHOTOGRAPHED:
            sketch = self._sketch("photographed", "", ActorKind.PHOTOGRAPHED_SITE, PHOTOGRAPHED)
            sketch.apart_because = APART
            sketch.country = sketch.country or self._stated_country(claim)
            for mention in self._document.mentions_inside(claim.span):
                if mention.type is MentionType.SITE:
                    sketch.mentions[mention.id] = None
        elif sort is Sort.NAMED_SITE:
            sketch = self._sketch("site", plain(subject), ActorKind.SITE, subject)
            self._place_site(sketch, claim)
        else:
            sketch = self._sketch("group", plain(subject), ActorKind.GROUP, subject)
            sketch.protected = sort is not Sort.GENERIC_SITE
            self._place_group(sketch, claim)
        sketch.names[subject] = None
        sketch.claims[claim.id] = None

    def _stated_country(self, claim: Claim) -> str:
        """Return the country that a claim on the photograph states; nothing narrower."""
        if claim.predicate is Predicate.LOCATED_IN and isinstance(claim.value, str):
            for words in reversed((claim.value, *take_apart(claim.value).containers)):
                country = _country_named(words)
                if country:
                    return country
        for mention in self._document.mentions_inside(claim.span):
            if mention.type is MentionType.COUNTRY:
                country = _country_named(mention.quote)
                if country:
                    return country
        return ""

    def _place_site(self, sketch: _Sketch, claim: Claim) -> None:
        if claim.predicate is not Predicate.LOCATED_IN:
            return
        for mention in self._places_of(claim):
            reading = self._reading_of.get(mention.id)
            if reading is None:
                continue
            chosen = reading.chosen
            if chosen is not None:
                sketch.country = sketch.country or chosen.country
            if chosen is None or chosen.kind != "country":
                sketch.places[reading.id] = None
                sketch.mentions[mention.id] = None
                sketch.label = _label(sketch.label, claim.subject, chosen)

    def _places_of(self, claim: Claim) -> list[Mention]:
        """Return the place mentions in the quote that *claim*, and no claim beside it, means."""
        inside = [
            mention
            for mention in self._document.mentions_inside(claim.span)
            if mention.type in {MentionType.PLACE, MentionType.COUNTRY}
        ]
        value = take_apart(str(claim.value))
        meant = [m for m in inside if self._same_place(m, value.bare)]
        if not meant:
            meant = [m for m in inside if plain(take_apart(m.quote).bare) in plain(claim.subject)]
        if not meant and len(inside) == 1:
            meant = inside
        return meant

    def _same_place(self, mention: Mention, bare: str) -> bool:
        reading = self._reading_of.get(mention.id)
        names = {plain(take_apart(mention.quote).bare)}
        if reading is not None and reading.chosen is not None:
            names |= {plain(reading.chosen.name), plain(reading.chosen.native)}
        return plain(bare) in names

    def _place_group(self, sketch: _Sketch, claim: Claim) -> None:
        """A group lies where its own words say, not where its sentence does."""
        words = plain(claim.subject)
        for reading in self._readings:
            names = {plain(take_apart(reading.surface).bare)}
            if reading.chosen is not None:
                names.add(plain(reading.chosen.name))
            if any(len(name) >= LEAST_LETTERS and name in words for name in names):
                sketch.places[reading.id] = None
                if reading.chosen is not None:
                    sketch.country = sketch.country or reading.chosen.country

    # -- mentions ---------------------------------------------------------------------

    def _site_mentions(self) -> None:
        for mention in self._document.mentions:
            if mention.type is not MentionType.SITE or self._in_photograph(mention):
                continue
            if not is_named(mention.quote) or not facility_in(mention.quote):
                continue
            name = _ARTICLE.sub("", mention.quote)
            sketch = self._sketch("site", plain(name), ActorKind.SITE, name)
            sketch.names[mention.quote] = None
            sketch.mentions[mention.id] = None
            for key, other in self._reading_of.items():
                if mention.span.contains(self._document.by_id[key].span):
                    sketch.places[other.id] = None
                    if other.chosen is not None:
                        sketch.country = sketch.country or other.chosen.country

    def _organisations(self) -> None:
        for mention in self._document.mentions:
            if mention.type is not MentionType.ORG:
                continue
            name = mention.norm or mention.quote
            sketch = self._sketch("organisation", plain(name), ActorKind.ORGANISATION, name)
            sketch.names[mention.quote] = None
            sketch.mentions[mention.id] = None
            for words in (name, mention.quote):
                sketch.claims |= self._about.get(plain(words), {})

    def _speakers(self) -> None:
        for claim in self._document.claims:
            if not claim.speaker:
                continue
            sketch = self._sketch("speaker", plain(claim.speaker), ActorKind.SPEAKER, claim.speaker)
            sketch.protected = True
            sketch.claims[claim.id] = None


def _country_named(words: str) -> str:
    """Return the code of the country that *words* name by name or code, else nothing."""
    candidates = find_place(words)
    if candidates and candidates[0].kind == "country" and candidates[0].score >= SPELT_SO:
        return candidates[0].country
    place = load_gazetteer().places.get(words.strip().lower())
    return place.country if place is not None and words.strip().isupper() else ""


def _label(label: str, subject: str, chosen: PlaceCandidate | None) -> str:
    """Return how the dossier names the site: its kind and the place as it is read.

    Example: ``labour camp in Ryongchon County``.
    """
    facility = facility_in(subject)
    if chosen is None or not facility or not _AT.search(subject):
        return label
    return f"{facility} in {chosen.name}{_UNIT_WORD.get(chosen.kind, '')}"
