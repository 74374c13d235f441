"""The facts of a case as the weighing rules see them: plain values, no store.

Laws:
1. Candidates, rejected claims and invented examples support nothing.
2. A country is taken from the actor, else from the one country of the claim's
   source; where there are two, it stays open.
3. Routes from an invented shipment file are no records.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.actor import ActorKind
from witnessmark.core.claim import Modality, Predicate, Tier
from witnessmark.core.sitekind import SITE_KINDS, SITE_KINDS_SCHEMA, held_kinds, site_kinds
from witnessmark.core.source import Standing
from witnessmark.stages.weigh.patterns import Pattern, Setting, words_in
from witnessmark.store.rulebook import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from witnessmark.core.actor import Actor, PlaceReading, ProductReading
    from witnessmark.core.claim import Claim, Mention
    from witnessmark.core.route import Route, TraceRun
    from witnessmark.core.source import Source

_ISO = re.compile(r",\s*([A-Z]{2})$")


@dataclass(frozen=True, slots=True)
class HeldBook:
    """Words and kinds that say that people are held, and names of countries."""

    kinds: frozenset[str]
    words: tuple[str, ...]
    countries: Mapping[str, tuple[str, ...]]


def load_held() -> HeldBook:
    """Return the words that ship with the package."""
    content = load_rules("weigh/held.yaml", "witnessmark/held/1")
    return HeldBook(
        held_kinds(site_kinds(load_rules(SITE_KINDS, SITE_KINDS_SCHEMA))),
        tuple(content["held_words"]),
        {code: tuple(names) for code, names in content["countries"].items()},
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """What a case holds, ready to be weighed.

    Attributes:
        claims: claims that can support or contradict, in order.
        settings: what is known of each, by id.
        origin_of: label of each claim's origin.
        products: products that the case says are made.
        spoken: countries that the case speaks of, sorted.
        routes: routes whose records are evidence.
        invented_routes: whether routes were left out as invented.
        traced: whether a shipment file that is evidence was followed.
        supporting: claims for each indicator, filled once the indicators are weighed.
    """

    claims: tuple[Claim, ...]
    settings: Mapping[str, Setting]
    origin_of: Mapping[str, str]
    products: tuple[ProductReading, ...]
    spoken: tuple[str, ...]
    routes: tuple[Route, ...]
    invented_routes: bool
    traced: bool
    supporting: Mapping[str, tuple[str, ...]]

    def matching(
        self, patterns: Iterable[Pattern], product: str = "", *, denied: bool = False
    ) -> tuple[Claim, ...]:
        """Return the claims that any pattern matches, in order.

        Args:
            patterns: what to look for.
            product: the product at hand.
            denied: look among denials instead of statements.
        """
        wanted = tuple(patterns)
        found = {c for p in wanted for c in self.supporting.get(p.indicator_finding, ())}
        return tuple(
            claim
            for claim in self.claims
            if (claim.modality is Modality.DENIED) is denied
            and (
                claim.id in found
                or any(p.matches(claim, self.settings[claim.id], product) for p in wanted)
            )
        )

    def origins(self, claims: Iterable[Claim]) -> tuple[str, ...]:
        """Return the labels of the origins of *claims*, sorted."""
        return tuple(sorted({self.origin_of[c.id] for c in claims}, key=lambda o: (len(o), o)))


def facts_of(
    *,
    claims: Sequence[Claim],
    sources: Sequence[Source],
    mentions: Sequence[Mention],
    actors: Sequence[Actor],
    products: Sequence[ProductReading],
    routes: Sequence[Route],
    runs: Sequence[TraceRun],
    places: Sequence[PlaceReading],
    texts: Mapping[str, str],
    origin_of: Mapping[str, str],
    book: HeldBook,
) -> Facts:
    """Return the facts of a case (pure)."""
    invented = {source.id for source in sources if source.standing is Standing.INVENTED}
    usable = tuple(
        c for c in claims if c.source not in invented and c.tier is Tier.CLAIM and c.id in origin_of
    )
    stated = {claim.id for claim in usable if claim.modality is not Modality.DENIED}
    trusted = bool(runs) and all(run.standing == Standing.EVIDENCE.value for run in runs)
    kept = [m for m in mentions if m.source not in invented]
    read = [place for place in places if place.source not in invented]
    told = [text for source, text in texts.items() if source not in invented]
    return Facts(
        claims=usable,
        settings=_settings(usable, actors, _named_countries(kept, read), book),
        origin_of=origin_of,
        products=tuple(
            product for product in products if any(claim in stated for claim in product.claims)
        ),
        spoken=_spoken(usable, actors, _named_countries(kept, read), told, book),
        routes=tuple(routes) if trusted else (),
        invented_routes=bool(routes) and not trusted,
        traced=trusted and any(run.file for run in runs),
        supporting={},
    )


def _settings(
    claims: Sequence[Claim],
    actors: Sequence[Actor],
    named: Mapping[str, set[str]],
    book: HeldBook,
) -> dict[str, Setting]:
    held_claims = {
        claim.id
        for claim in claims
        if claim.predicate is Predicate.SITE_KIND and str(claim.value) in book.kinds
    }
    held_subjects = {claim.subject for claim in claims if claim.id in held_claims}
    by_claim: dict[str, list[Actor]] = {}
    for actor in actors:
        if actor.kind is not ActorKind.SPEAKER:
            for claim_id in actor.claims:
                by_claim.setdefault(claim_id, []).append(actor)
    held_actors = {actor.id for actor in actors if held_claims & set(actor.claims)}
    fallback = _countries_by_source(claims, actors, named, book)
    settings: dict[str, Setting] = {}
    for claim in claims:
        own = by_claim.get(claim.id, [])
        countries = {actor.country for actor in own if actor.country}
        country = countries.pop() if len(countries) == 1 else fallback.get(claim.source, "")
        held = (
            claim.id in held_claims
            or claim.subject in held_subjects
            or any(actor.id in held_actors for actor in own)
            or words_in(book.words, claim.subject)
        )
        settings[claim.id] = Setting(held, country)
    return settings


def _named_countries(
    mentions: Sequence[Mention], places: Sequence[PlaceReading]
) -> dict[str, set[str]]:
    """Return the countries that each source names, by mention or by place."""
    named: dict[str, set[str]] = {}
    for mention in mentions:
        iso = _ISO.search(mention.norm)
        if iso:
            named.setdefault(mention.source, set()).add(iso.group(1))
    for place in places:
        if place.chosen is not None and place.chosen.country:
            named.setdefault(place.source, set()).add(place.chosen.country)
    return named


def _countries_by_source(
    claims: Sequence[Claim],
    actors: Sequence[Actor],
    named: Mapping[str, set[str]],
    book: HeldBook,
) -> dict[str, str]:
    source_of = {claim.id: claim.source for claim in claims}
    placed: dict[str, set[str]] = {}
    for actor in actors:
        if actor.country and actor.kind in {ActorKind.SITE, ActorKind.PHOTOGRAPHED_SITE}:
            for claim_id in actor.claims:
                if claim_id in source_of:
                    placed.setdefault(source_of[claim_id], set()).add(actor.country)
    for claim in claims:
        if claim.predicate is Predicate.LOCATED_IN and claim.modality is not Modality.DENIED:
            country = _country_named(str(claim.value), book)
            if country:
                placed.setdefault(claim.source, set()).add(country)
    return {
        source: next(iter(countries))
        for source in {*placed, *named}
        if len(countries := placed.get(source) or named[source]) == 1
    }


def _country_named(text: str, book: HeldBook) -> str:
    iso = _ISO.search(text)
    if iso:
        return iso.group(1)
    found = [code for code, names in book.countries.items() if words_in(names, text)]
    return found[0] if len(found) == 1 else ""


def _spoken(
    claims: Sequence[Claim],
    actors: Sequence[Actor],
    named: Mapping[str, set[str]],
    texts: Sequence[str],
    book: HeldBook,
) -> tuple[str, ...]:
    found = {actor.country for actor in actors if actor.country}
    for countries in named.values():
        found |= countries
    for claim in claims:
        iso = _ISO.search(str(claim.value))
        if claim.predicate is Predicate.LOCATED_IN and iso:
            found.add(iso.group(1))
    spoken = [f"{claim.value} {claim.subject} {claim.quote}" for claim in claims]
    for text in (*texts, *spoken):
        found |= {code for code, names in book.countries.items() if words_in(names, text)}
    return tuple(sorted(found))
