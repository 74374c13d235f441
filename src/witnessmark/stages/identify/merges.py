"""Which actors may be one: proposals for a person, never a merge.

Laws:
1. Only sites are compared with sites, organisations with organisations.
2. A protected actor or the photographed site is in no proposal.
3. Two sites read as different places, or called by different kinds, are not proposed.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from witnessmark.core.actor import Actor, ActorKind, MergeProposal, PlaceReading
from witnessmark.core.canonical import content_id
from witnessmark.stages.identify.keys import equivalent, plain, southern_head
from witnessmark.stages.identify.names import DECISION, compare_names
from witnessmark.stages.identify.subjects import facility_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COMPARED = {ActorKind.SITE: "site", ActorKind.ORGANISATION: "company"}
SAME_PLACE = 0.7
"""Score of two sites of one kind in one county: worth a person's look, no more (D)."""


def propose_merges(
    actors: Sequence[Actor], readings: Sequence[PlaceReading]
) -> tuple[MergeProposal, ...]:
    """Return the proposals over *actors*, best first."""
    chosen = {
        reading.id: reading.chosen.gazetteer for reading in readings if reading.chosen is not None
    }
    free = [actor for actor in actors if actor.kind in COMPARED and not actor.protected]
    found: list[MergeProposal] = []
    for left, right in _pairs(free, chosen):
        score, reasons = _compare(left, right, chosen)
        if score >= DECISION:
            found.append(
                MergeProposal(
                    id=content_id("d", left.id, right.id),
                    left=left.id,
                    right=right.id,
                    score=round(score, 3),
                    reasons=reasons,
                )
            )
    return tuple(sorted(found, key=lambda p: (-p.score, p.left, p.right)))


def _pairs(actors: Sequence[Actor], chosen: dict[str, str]) -> Iterable[tuple[Actor, Actor]]:
    """Yield each pair that shares a kind and a block (a word's sound, or a place), once."""
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, actor in enumerate(actors):
        for key in sorted(_block_keys(actor, chosen)):
            blocks[actor.kind.value, key].append(number)
    pairs = {
        (left, right)
        for numbers in blocks.values()
        for position, left in enumerate(numbers)
        for right in numbers[position + 1 :]
    }
    for left, right in sorted(pairs):
        yield actors[left], actors[right]


def _block_keys(actor: Actor, chosen: dict[str, str]) -> set[str]:
    keys = {f"at {chosen[place]}" for place in actor.places if place in chosen}
    for name in (actor.label, *actor.names):
        keys.add(southern_head(equivalent(name))[:4])
        keys |= {southern_head(equivalent(word))[:4] for word in name.split() if len(word) > 2}  # noqa: PLR2004 - "of", "in"
    return keys - {""}


def _compare(left: Actor, right: Actor, chosen: dict[str, str]) -> tuple[float, tuple[str, ...]]:
    best = max(
        (
            compare_names(mine, other, COMPARED[left.kind])
            for mine in dict.fromkeys((left.label, *left.names))
            for other in dict.fromkeys((right.label, *right.names))
        ),
        key=lambda comparison: comparison.score,
    )
    if left.kind is not ActorKind.SITE:
        return best.score, best.reasons
    mine, other = _places(left, chosen), _places(right, chosen)
    if mine and other and not mine & other:
        return 0.0, ("against: they are read as different places",)
    kinds = plain(facility_in(left.label)), plain(facility_in(right.label))
    if mine & other and all(kinds) and kinds[0] == kinds[1]:
        reason = f"both are a {facility_in(left.label)} in the same place"
        return max(best.score, SAME_PLACE), (reason, *best.reasons)
    if mine & other and not _own_name(left, right):
        return 0.0, ("against: only the place is the same",)
    return best.score, best.reasons


def _own_name(left: Actor, right: Actor) -> bool:
    """Return whether both have a name beside the place they lie in."""
    return " in " not in left.label and " in " not in right.label


def _places(actor: Actor, chosen: dict[str, str]) -> set[str]:
    return {chosen[place] for place in actor.places if place in chosen}
