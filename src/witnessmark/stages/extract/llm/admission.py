"""What stored answers amount to: candidates beside the claims of the rules, endorsements.

Laws:
1. A pure function of text, rules and stored answers: no model is asked here, and the same
   answers give the same rows.
2. A claim that stands already is endorsed, never changed, doubled or contradicted: where a
   rule reads another value from the same words, the rule's reading stays alone.
3. Of two models the first in the alphabet proposes and the other endorses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from witnessmark.core.claim import Modality, Predicate
from witnessmark.core.modelcall import Endorsement, ModelCall
from witnessmark.core.span import Span
from witnessmark.stages.extract.llm.answer import UnusableError, read_answer
from witnessmark.stages.extract.llm.grounding import RefusedError, grounded, quote_of
from witnessmark.stages.extract.settle import SIDE_BY_SIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.stages.extract.llm.answer import Item
    from witnessmark.stages.extract.llm.ground import Ground
    from witnessmark.store.protected import ProtectedNames

ANSWERED = "answered"
"""Outcome of a call whose answer had the form that was asked for."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """What the answers about one document amount to.

    Attributes:
        claims: new candidates.
        endorsements: claims that a model states too.
        calls: the calls, with what became of each.
    """

    claims: tuple[Claim, ...]
    endorsements: tuple[Endorsement, ...]
    calls: tuple[ModelCall, ...]


def admit(
    ground: Ground,
    answers: Iterable[tuple[ModelCall, bytes]],
    existing: Sequence[Claim],
    names: ProtectedNames,
) -> Admitted:
    """Return what the *answers* about one document amount to.

    Args:
        ground: our own reading of the document.
        answers: calls about it, each with the body of its answer.
        existing: the claims of the rules in the document.
        names: names that the case protects.
    """
    claims: list[Claim] = []
    endorsements: dict[str, Endorsement] = {}
    calls: list[ModelCall] = []
    for call, body in sorted(answers, key=lambda row: (row[0].model, row[0].start, row[0].id)):
        admitted: list[str] = []
        refused: list[str] = []
        try:
            answer = read_answer(body)
        except UnusableError as error:
            calls.append(replace(call, outcome=f"not used: {error}", admitted=(), refused=()))
            continue
        for item in answer.items:
            if isinstance(item, str) or ground.stopped:
                why = item if isinstance(item, str) else "8 searches in the document were stopped"
                refused.append(why)
                continue
            try:
                claim, new = _placed(item, ground, call, (*existing, *claims), names)
            except RefusedError as error:
                refused.append(str(error))
                continue
            admitted.append(claim.id)
            if new:
                claims.append(claim)
            else:
                span = quote_of(item, ground, Span(call.start, call.end))[1]
                row = Endorsement(
                    "", call.source, claim.id, call.id, call.model, span.start, span.end
                ).identified()
                endorsements.setdefault(row.id, row)
        calls.append(
            replace(
                call,
                outcome=ANSWERED,
                answered_by=answer.answered_by,
                admitted=tuple(dict.fromkeys(admitted)),
                refused=tuple(refused),
            )
        )
    return Admitted(tuple(claims), tuple(endorsements.values()), tuple(calls))


def _placed(
    item: Item, ground: Ground, call: ModelCall, known: Sequence[Claim], names: ProtectedNames
) -> tuple[Claim, bool]:
    """Return the claim that *item* states, and whether it is a new one.

    Raises:
        RefusedError: it does not stand in the text, or a known claim reads the words otherwise.
    """
    candidate = grounded(item, ground, Span(call.start, call.end), names, model=call.model)
    near = [
        one
        for one in known
        if one.predicate is candidate.predicate and one.span.overlaps(candidate.span)
    ]
    same = next((one for one in near if _states(one, candidate)), None)
    if same is not None:
        readings = (same.modality, candidate.modality, item.modality)
        if len({one is Modality.DENIED for one in readings}) > 1:
            raise RefusedError("8 the claim that stands, or the model, reads a denial here")
        return same, False
    if near and candidate.predicate not in SIDE_BY_SIDE:
        raise RefusedError("5 a claim that stands reads another value from these words")
    return candidate, True


def _states(claim: Claim, candidate: Claim) -> bool:
    """Return whether both say the same of overlapping words: in words of their own, or in value."""
    in_words = isinstance(claim.value, str) and isinstance(candidate.value, str)
    labelled = claim.predicate in SIDE_BY_SIDE or claim.predicate is Predicate.OUTPUT_TREND
    return claim.value == candidate.value or (in_words and not labelled)
