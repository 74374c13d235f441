"""One draft for one statement.

Laws:
1. The same value from the same words counts once; the surest rule keeps it.
2. Two readings of one stretch with one predicate are one statement, unless their values
   are things that can stand side by side (products, places, buyers, indicators).
3. Claims come out in order of start, end, predicate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.core.canonical import canonical_json
from witnessmark.core.claim import Predicate, Tier

if TYPE_CHECKING:
    from collections.abc import Iterable

    from witnessmark.stages.extract.draft import Draft

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
"""Code points of a block of text: only drafts that share one can overlap."""


def settled(drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    """Return *drafts* with every statement once, in order."""
    near: dict[tuple[Predicate, int], list[Draft]] = {}
    kept: list[Draft] = []
    for draft in sorted(drafts, key=_surest_first):
        blocks = [(draft.predicate, n) for n in range(draft.start // BLOCK, draft.end // BLOCK + 1)]
        if any(_same(draft, other) for block in blocks for other in near.get(block, ())):
            continue
        kept.append(draft)
        for block in blocks:
            near.setdefault(block, []).append(draft)
    return tuple(sorted(kept, key=_in_order))


def _same(draft: Draft, other: Draft) -> bool:
    if not (draft.start < other.end and other.start < draft.end):
        return False
    return draft.predicate not in SIDE_BY_SIDE or draft.value == other.value


def _surest_first(draft: Draft) -> tuple[bool, float, int, int, str, str]:
    length = draft.end - draft.start
    return (
        draft.tier is Tier.CANDIDATE,
        -draft.score,
        length,
        draft.start,
        draft.rule,
        canonical_json(draft.value),
    )


def _in_order(draft: Draft) -> tuple[int, int, str, str]:
    return draft.start, draft.end, draft.predicate, canonical_json(draft.value)
