"""What the case knows that bears on trade: names, sites, countries, products.

Laws:
1. Only this stage's inputs are read: the tables of ``identify`` and people's judgements.
2. Rejected and protected rows are left out here, so that nothing later can look for them.
3. A site known from a photograph stays apart from the other sites.
4. Who published a source is not looked for as a trader of the goods.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.actor import ActorKind
from witnessmark.core.claim import Status
from witnessmark.store.judged import statuses
from witnessmark.store.tables import ACTORS, JUDGEMENTS, PLACES, PRODUCTS, SOURCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.actor import Actor
    from witnessmark.store.case import Case


_LENGTHS = (2, 4)
"""Digits of a chapter and of a heading."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the case knows that bears on trade.

    Attributes:
        organisations: names of each organisation, its label first.
        sites: names of each named site, its label first.
        photographed: labels of sites known from a photograph.
        countries: ISO 3166-1 alpha-2, of the sites, else of the places.
        products: candidate headings and chapters.
        goods: labels of the products.
    """

    organisations: tuple[tuple[str, ...], ...]
    sites: tuple[tuple[str, ...], ...]
    photographed: tuple[str, ...]
    countries: tuple[str, ...]
    products: tuple[str, ...]
    goods: tuple[str, ...]


def known_to(case: Case) -> Known:
    """Return what *case* knows that bears on trade."""
    status = statuses(case.casebook.rows(JUDGEMENTS))

    def stands(identifier: str, own: Status) -> bool:
        return status.get(identifier, own) is not Status.REJECTED

    actors: list[Actor] = [
        actor
        for actor in case.casebook.rows(ACTORS)
        if stands(actor.id, actor.status) and not actor.protected
    ]
    sites = [actor for actor in actors if actor.kind is ActorKind.SITE]
    photographed = [actor for actor in actors if actor.kind is ActorKind.PHOTOGRAPHED_SITE]
    outlets = {source.outlet.casefold() for source in case.casebook.rows(SOURCES)}
    organisations = [
        actor
        for actor in actors
        if actor.kind is ActorKind.ORGANISATION
        and not outlets & {name.casefold() for name in (actor.label, *actor.names)}
    ]
    # a product that is only mentioned (the hair in a bowl) is not said to be made
    products = [
        row for row in case.casebook.rows(PRODUCTS) if row.claims and stands(row.id, row.status)
    ]
    headings = {candidate.heading for row in products for candidate in row.headings}
    countries = {actor.country for actor in (*sites, *photographed)} - {""}
    if not countries:
        countries = {
            row.chosen.country
            for row in case.casebook.rows(PLACES)
            if row.chosen is not None and stands(row.id, row.status)
        } - {""}
    return Known(
        organisations=_spellings(organisations),
        sites=_spellings(sites),
        photographed=tuple(dict.fromkeys(actor.label for actor in photographed)),
        countries=tuple(sorted(countries)),
        products=tuple(sorted(heading for heading in headings if len(heading) in _LENGTHS)),
        goods=tuple(row.label for row in products),
    )


def _spellings(actors: Sequence[Actor]) -> tuple[tuple[str, ...], ...]:
    names = {actor.label: (actor.label, *actor.names) for actor in actors}
    return tuple(names.values())
