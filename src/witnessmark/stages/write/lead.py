"""The summary: what each voice says, in few clauses, each with its number.

Laws:
1. The summary says nothing that the report below doesn't say in full.
2. One sentence per voice; a denial and a photograph stand in sentences of their own.
3. A preference inside coercion is told as one, never among the conditions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.claim import PHOTOGRAPHED, UNNAMED, Modality, Predicate, Status, Tier
from witnessmark.stages.write.clauses import AS_A_RULE, after_that, clause_of, opened
from witnessmark.stages.write.sentences import Part, Sentence
from witnessmark.stages.write.voices import voice_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.stages.write.sentences import Desk

VOICES_IN_LEAD = 2
"""More voices than these are told in the report below."""


@dataclass(frozen=True, slots=True)
class _Clause:
    rank: int
    claims: tuple[Claim, ...]


def lead_of(desk: Desk) -> tuple[Sentence, ...]:
    """Return the sentences of the summary, the fullest voice first."""
    claims = [c for e in desk.exhibits for c in e.claims if c.tier is Tier.CLAIM]
    plain = [
        c
        for c in claims
        if c.subject != PHOTOGRAPHED
        and c.modality is not Modality.DENIED
        and c.predicate.value in desk.book.lead_order
    ]
    by_voice: dict[str, list[Claim]] = {}
    for claim in plain:
        opening = voice_of(claim, desk.sources[claim.source], desk.book).opening
        by_voice.setdefault(opening, []).append(claim)
    ordered = sorted(
        by_voice.items(),
        key=lambda row: (
            row[1][0].attribution not in UNNAMED,
            -_reach(row[1]),
            _first(row[1], desk),
        ),
    )
    used: set[str] = set()
    told: list[Sentence] = []
    for opening, rows in _fullest(ordered):
        clauses = _clauses(rows, used, desk)
        if clauses:
            told.append(_sentence(opening, clauses, desk))
    told += _preferences(claims, desk)
    told += _photograph(claims, desk)
    return tuple(told)


def _fullest(ordered: Sequence[tuple[str, list[Claim]]]) -> list[tuple[str, list[Claim]]]:
    """Return the fullest unnamed voice and the fullest other one, then the next, to the limit."""
    unnamed = [row for row in ordered if row[1][0].attribution in UNNAMED]
    others = [row for row in ordered if row[1][0].attribution not in UNNAMED]
    return [*unnamed[:1], *others[:1], *unnamed[1:], *others[1:]][:VOICES_IN_LEAD]


def _first(claims: Sequence[Claim], desk: Desk) -> int:
    return min(desk.number(claim) for claim in claims)


def _reach(claims: Sequence[Claim]) -> int:
    return len({claim.predicate for claim in claims})


def _clauses(rows: Sequence[Claim], used: set[str], desk: Desk) -> list[_Clause]:
    """Return the clauses of one voice; a predicate that a fuller voice told is left out."""
    order = desk.book.lead_order
    found: list[_Clause] = []
    for rank, predicate in enumerate(order):
        if predicate in used or len(found) == desk.book.clauses_per_voice:
            continue
        same = [claim for claim in rows if claim.predicate.value == predicate]
        if not same:
            continue
        same.sort(key=lambda c: (c.modality is Modality.HEDGED, desk.number(c)))
        first = desk.by_claim[same[0].id]
        joint = tuple(
            c
            for c in same
            if c.modality is same[0].modality
            and c.subject == same[0].subject
            and c.rendition == first.rendition
            and desk.by_claim[c.id].sentence.start == first.sentence.start
        )
        found.append(_Clause(rank, joint))
    used.update(clause.claims[0].predicate.value for clause in found)
    return found


def _sentence(opening: str, clauses: Sequence[_Clause], desk: Desk) -> Sentence:
    parts: list[Part] = [Part("say", opening)]
    before = ""
    for place, clause in enumerate(clauses):
        windows = [desk.window(claim) for claim in clause.claims]
        words = clause_of(clause.claims, windows, desk.book, desk.plain)
        if place and before.startswith(AS_A_RULE) and words.startswith(AS_A_RULE):
            parts.append(Part("say", f"; {words.removeprefix(AS_A_RULE).strip()}"))
        else:
            parts.append(Part("say", f"{'; that' if place else ''}{after_that(words)}"))
        before = words
        parts.append(Part("ref", exhibits=_numbers(clause.claims, desk)))
    parts.append(Part("say", "."))
    return _made([claim for clause in clauses for claim in clause.claims], parts, desk)


def _preferences(claims: Sequence[Claim], desk: Desk) -> list[Sentence]:
    rows = [
        c
        for c in claims
        if c.predicate is Predicate.STATED_PREFERENCE and c.modality is not Modality.DENIED
    ]
    if not rows:
        return []
    first = rows[0]
    voice = voice_of(first, desk.sources[first.source], desk.book)
    clause = clause_of([first], [desk.window(first)], desk.book, desk.names)
    parts = [
        Part("say", opened(voice.opening, clause)),
        Part("ref", exhibits=_numbers([first], desk)),
    ]
    return [_made([first], [*parts, Part("say", ".")], desk)]


def _photograph(claims: Sequence[Claim], desk: Desk) -> list[Sentence]:
    photos = [c for c in claims if c.predicate is Predicate.EVIDENCE_PHOTO]
    if not photos:
        return []
    first = photos[0]
    voice = voice_of(first, desk.sources[first.source], desk.book)
    clause = clause_of([first], [desk.window(first)], desk.book, desk.names)
    parts = [
        Part("say", f"{opened(voice.opening, clause)}: "),
        Part("quote", first.quote, first.lang),
        Part("ref", exhibits=_numbers([first], desk)),
        Part("say", ". It is a source of its own, joined with no named place."),
    ]
    return [_made([first], parts, desk)]


def _numbers(claims: Sequence[Claim], desk: Desk) -> tuple[int, ...]:
    return tuple(sorted({desk.number(claim) for claim in claims}))


def _made(claims: Sequence[Claim], parts: Sequence[Part], desk: Desk) -> Sentence:
    accepted = all(claim.status is Status.ACCEPTED for claim in claims)
    return Sentence(
        tuple(dict.fromkeys(claim.id for claim in claims)),
        tuple(parts),
        "lead",
        Status.ACCEPTED if accepted else Status.PROPOSED,
        _numbers(claims, desk),
    )
