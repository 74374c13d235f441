"""One claim for one statement.

Laws:
1. The same value from the same words counts once; the surest rule keeps it.
2. Two readings of one stretch with one predicate are one statement, unless their values
   are things that can stand side by side (products, places, buyers, indicators).
3. Claims come out in order of start, end, predicate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.core.canonical import canonical_json
from witnessmark.core.claim import Claim, Predicate, Tier

if TYPE_CHECKING:
    from collections.abc import Iterable

SIDE_BY_SIDE = frozenset(
    {
        Predicate.MAKES,
        Predicate.LOCATED_IN,
        Predicate.BUYER_OR_CLIENT,
        Predicate.INDICATOR,
        Predicate.SITE_KIND,
    }
)
"""Predicates of which one stretch may state several values."""


BLOCK = 256
"""Code points of a block of text: only claims that share one can overlap."""


def settled(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return *claims* with every statement once, in order."""
    near: dict[tuple[Predicate, int], list[Claim]] = {}
    kept: list[Claim] = []
    for claim in sorted(claims, key=_surest_first):
        blocks = [(claim.predicate, n) for n in range(claim.start // BLOCK, claim.end // BLOCK + 1)]
        if any(_same(claim, other) for block in blocks for other in near.get(block, ())):
            continue
        kept.append(claim)
        for block in blocks:
            near.setdefault(block, []).append(claim)
    return tuple(sorted(kept, key=_in_order))


def _same(claim: Claim, other: Claim) -> bool:
    if not claim.span.overlaps(other.span):
        return False
    return claim.predicate not in SIDE_BY_SIDE or claim.value == other.value


def _surest_first(claim: Claim) -> tuple[bool, float, int, int, str, str]:
    length = claim.end - claim.start
    return (
        claim.tier is Tier.CANDIDATE,
        -claim.score,
        length,
        claim.start,
        claim.rule,
        canonical_json(claim.value),
    )


def _in_order(claim: Claim) -> tuple[int, int, str, str]:
    return claim.start, claim.end, claim.predicate, canonical_json(claim.value)
