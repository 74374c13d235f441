"""What of a case the measure stage works on, as plain values.

Laws:
1. Nothing denied is measured; a denial is named beside the figure it denies.
2. What an invented example says is no input.
3. A place that two actors share counts once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.actor import ActorKind
from witnessmark.core.claim import PHOTOGRAPHED, Modality, Predicate, Tier
from witnessmark.core.source import Standing

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from witnessmark.core.actor import Actor, PlaceReading, ProductReading
    from witnessmark.core.claim import Claim
    from witnessmark.core.source import Source


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of a case that can be measured.

    Attributes:
        claims: standing claims that state something, in order.
        denied: standing claims that deny something.
        products: products that the case says are made.
        countries: countries (ISO 3166-1 alpha-2) of the sites, sorted.
        held: whether the case speaks of places where people are held.
        sites: distinct named places of such sites, in order.
        site_claims: ids of the claims that place those sites.
    """

    claims: tuple[Claim, ...]
    denied: tuple[Claim, ...]
    products: tuple[ProductReading, ...]
    countries: tuple[str, ...]
    held: bool
    sites: tuple[str, ...]
    site_claims: tuple[str, ...]

    def having(self, predicate: Predicate) -> tuple[Claim, ...]:
        """Return the claims of one predicate, in order."""
        return tuple(claim for claim in self.claims if claim.predicate is predicate)

    def makes(self, norm: str) -> bool:
        """Return whether the case has the product *norm*."""
        return any(_same_product(product.norm, norm) for product in self.products)


def _same_product(left: str, right: str) -> bool:
    return left.casefold().removesuffix("s") == right.casefold().removesuffix("s")


def scope_of(
    *,
    claims: Sequence[Claim],
    sources: Sequence[Source],
    actors: Sequence[Actor],
    places: Sequence[PlaceReading],
    products: Sequence[ProductReading],
    held_kinds: Collection[str],
) -> Scope:
    """Return what of a case can be measured (pure)."""
    invented = {source.id for source in sources if source.standing is Standing.INVENTED}
    usable = [c for c in claims if c.source not in invented and c.tier is Tier.CLAIM]
    stating = tuple(c for c in usable if c.modality is not Modality.DENIED)
    denied = tuple(c for c in usable if c.modality is Modality.DENIED)
    stated = {claim.id: claim for claim in stating}
    site_actors = [
        actor
        for actor in actors
        if actor.kind in {ActorKind.SITE, ActorKind.PHOTOGRAPHED_SITE}
        and any(claim in stated for claim in actor.claims)
    ]
    held_claims = [
        claim
        for claim in stating
        if claim.predicate is Predicate.SITE_KIND and str(claim.value) in held_kinds
    ]
    named = [actor for actor in site_actors if actor.kind is ActorKind.SITE and actor.places]
    names, placing = _named_sites(named, places, stated)
    return Scope(
        claims=stating,
        denied=denied,
        products=tuple(
            product for product in products if any(claim in stated for claim in product.claims)
        ),
        countries=tuple(sorted({a.country for a in site_actors if a.country})),
        held=bool(held_claims) or any(c.predicate is Predicate.DETENTION_REASON for c in stating),
        sites=names,
        site_claims=placing,
    )


def _named_sites(
    actors: Sequence[Actor], places: Sequence[PlaceReading], stated: dict[str, Claim]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    by_id = {place.id: place for place in places}
    names: dict[str, None] = {}
    claims: dict[str, None] = {}
    for actor in actors:
        chosen = [
            reading.chosen for p in actor.places if (reading := by_id.get(p)) and reading.chosen
        ]
        names[chosen[0].gazetteer if chosen else actor.label] = None
        for claim_id in actor.claims:
            claim = stated.get(claim_id)
            if (
                claim is not None
                and claim.predicate is Predicate.LOCATED_IN
                and claim.subject != PHOTOGRAPHED
            ):
                claims[claim_id] = None
    return tuple(names), tuple(claims)
