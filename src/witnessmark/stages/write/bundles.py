"""Which claims are told together: one fact in several voices, facts of one sentence.

Laws:
1. Candidates stay in the evidence; a sign of force that another claim tells already is
   not told twice.
2. Claims about a photographed facility never share a bundle with others.
3. A denial is never in one bundle with an assertion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.core.canonical import canonical_json
from witnessmark.core.claim import PHOTOGRAPHED, Modality, Predicate, Tier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.stages.write.exhibits import Exhibit
    from witnessmark.stages.write.sentences import Desk

Bundle = tuple["Claim", ...]


def told(exhibits: Sequence[Exhibit]) -> tuple[Claim, ...]:
    """Return the claims that become sentences, in order.

    Candidates stay in the evidence table. A sign of force whose words another claim
    already tells is not told twice; it stands in the indicators.
    """
    claims = [c for e in exhibits for c in e.claims if c.tier is Tier.CLAIM]
    spoken = [c for c in claims if c.predicate is not Predicate.INDICATOR]
    return tuple(
        claim
        for claim in claims
        if claim.predicate is not Predicate.INDICATOR
        or claim.modality is Modality.DENIED
        or not any(
            other.rendition == claim.rendition and other.span.overlaps(claim.span)
            for other in spoken
        )
    )


def bundles(claims: Sequence[Claim], desk: Desk) -> tuple[Bundle, ...]:
    """Return the claims bundled into sentences.

    One fact (predicate, value, subject, stance) in several voices is one sentence;
    facts of one predicate that the same sentences of the sources state are told
    together, and so is what is said of a photograph.
    """
    facts: dict[tuple[str, ...], list[Claim]] = {}
    for claim in claims:
        facts.setdefault(_fact(claim), []).append(claim)
    together: dict[tuple[object, ...], list[Claim]] = {}
    for rows in facts.values():
        first = rows[0]
        spans = frozenset((c.rendition, desk.by_claim[c.id].sentence.start) for c in rows)
        if first.predicate is Predicate.EVIDENCE_PHOTO:
            spans = frozenset({(first.rendition, 0)})
        photographed = first.subject == PHOTOGRAPHED
        key = (first.predicate, _stance(first), photographed, spans, _speakers(rows))
        together.setdefault(key, []).extend(rows)
    return tuple(tuple(rows) for rows in together.values())


def _speakers(rows: Sequence[Claim]) -> frozenset[tuple[str, str]]:
    return frozenset((c.attribution.value, c.speaker) for c in rows)


def _fact(claim: Claim) -> tuple[str, ...]:
    return (
        claim.predicate.value,
        canonical_json(claim.value),
        claim.subject,
        _stance(claim),
        claim.frame,
    )


def _stance(claim: Claim) -> str:
    if claim.modality in {Modality.ASSERTED, Modality.REPORTED}:
        return "plain"
    return claim.modality.value
