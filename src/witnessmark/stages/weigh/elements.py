"""Where each numbered step of a legal test stands.

Laws:
1. What is proposed decides nothing: a step that rests on claims is met only when
   claims of two independent origins were accepted by a person, and none against.
2. A shipment record meets a step by its number; an invented record never does.
3. What a step lacks is named.
4. A denial never counts for a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.claim import Claim, Status
from witnessmark.core.finding import ElementState, LegalElement
from witnessmark.core.provenance import CODE_PRINTS, Code
from witnessmark.stages.weigh.patterns import read_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from witnessmark.core.route import Hop
    from witnessmark.stages.weigh.facts import Facts
    from witnessmark.stages.weigh.regimes import Regime, Step

ORIGINS_NEEDED = 2
"""Independent, accepted origins from which a step is met (law 7 of the design)."""

MADE = read_pattern({"predicate": "makes", "product": True}, "weigh/elements.py")
"""Claims that say that the product at hand is made somewhere."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a step: whose goods, under which heading, on which day.

    Attributes:
        product: normal form of the product, empty for the case as a whole.
        heading: heading tested, empty where none is known.
        as_of: the day asked.
    """

    product: str
    heading: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a step stands, and what a headline would say of it while it is open."""

    state: ElementState
    why: str
    claims: tuple[str, ...] = ()
    records: tuple[int, ...] = ()
    open: str = ""
    code: Code | None = None
    source: str = ""


def weigh_step(step: Step, regime: Regime, facts: Facts, question: Question) -> Outcome:
    """Return where *step* stands (pure)."""
    match step.kind:
        case "dated":
            outcome = _dated(regime, question)
        case "listed":
            outcome = _listed(regime, question)
        case "reported":
            outcome = _reported(step, facts, question)
        case "origin":
            outcome = _origin(step, facts, question)
        case "reaches":
            outcome = _reaches(step, facts, question)
        case "link":
            outcome = _link(step, facts)
        case _:
            outcome = Outcome(
                ElementState.UNKNOWN, "the case cannot answer this", open=step.open_silent
            )
    return outcome


def as_element(step: Step, outcome: Outcome) -> LegalElement:
    """Return the row that stands in the dossier."""
    code = outcome.code or step.code
    why = outcome.why
    if code is Code.KNOWLEDGE:
        why = f"{why} ({CODE_PRINTS[Code.KNOWLEDGE]})"
    settled = outcome.state in {ElementState.MET, ElementState.NOT_APPLICABLE}
    return LegalElement(
        number=step.number,
        id=step.id,
        test=step.test,
        state=outcome.state,
        why=why,
        claims=outcome.claims,
        records=outcome.records,
        missing="" if settled else step.missing,
        code=code,
        source=outcome.source if outcome.code else step.source,
    )


def day_in_words(day: date) -> str:
    """Return a day as ``14 December 2027``."""
    return f"{day.day} {day:%B %Y}"


def _dated(regime: Regime, question: Question) -> Outcome:
    code, source = regime.in_force.code, regime.in_force.source
    if regime.starts is not None and question.as_of < regime.starts:
        return Outcome(
            ElementState.NOT_YET_APPLICABLE,
            f"applies from {day_in_words(regime.starts)}",
            code=code,
            source=source,
        )
    if regime.ends is not None and question.as_of > regime.ends:
        return Outcome(
            ElementState.UNKNOWN,
            f"stated to run to {day_in_words(regime.ends)}; whether it was renewed is not known",
            open=f"renewal after {day_in_words(regime.ends)} not known",
            code=code,
            source=source,
        )
    return Outcome(ElementState.MET, regime.in_force.text, code=code, source=source)


def _listed(regime: Regime, question: Question) -> Outcome:
    entry = regime.goods.answer(question.heading)
    if entry is None or not question.heading:
        return Outcome(ElementState.UNKNOWN, "no heading is known", open="heading not known")
    code, source = entry.statement.code, entry.statement.source
    state, opened = {
        "on_list": (ElementState.MET, ""),
        "not_on_list": (ElementState.NOT_APPLICABLE, "not on the list"),
        "arguable": (ElementState.UNKNOWN, "arguable: neither named nor left out"),
        "check": (ElementState.UNKNOWN, "the list must be read for this heading"),
    }[entry.answer]
    words = {"on_list": "on the list", "not_on_list": "not on the list"}.get(entry.answer, opened)
    if code is Code.KNOWLEDGE and state is ElementState.NOT_APPLICABLE:
        state = ElementState.UNKNOWN
    return Outcome(state, f"{words}: {entry.statement.text}", open=opened, code=code, source=source)


def _reported(step: Step, facts: Facts, question: Question) -> Outcome:
    told = facts.matching(step.patterns, question.product)
    against = (
        *facts.matching(step.against, question.product),
        *facts.matching(step.patterns, question.product, denied=True),
    )
    return _by_origins(step, facts, told, against)


def _by_origins(
    step: Step, facts: Facts, told: Sequence[Claim], against: Sequence[Claim]
) -> Outcome:
    accepted, counter = _accepted(facts, told), _accepted(facts, against)
    ids = tuple(dict.fromkeys(claim.id for claim in (*told, *against)))
    words = [_told(facts, told, accepted)]
    if against:
        words.append(f"told against it by {_count(facts.origins(against))}")
    why = "; ".join(words)
    if len(accepted) >= ORIGINS_NEEDED and not counter:
        return Outcome(ElementState.MET, why, ids)
    if len(counter) >= ORIGINS_NEEDED and not told:
        return Outcome(ElementState.NOT_MET, why, ids)
    opened = step.open_reported if told or against else step.open_silent
    return Outcome(ElementState.UNKNOWN, why, ids, open=opened)


def _accepted(facts: Facts, claims: Sequence[Claim]) -> tuple[str, ...]:
    return facts.origins(claim for claim in claims if claim.status is Status.ACCEPTED)


def _told(facts: Facts, told: Sequence[Claim], accepted: tuple[str, ...]) -> str:
    if not told:
        return "no source of the case says so"
    if len(accepted) >= ORIGINS_NEEDED:
        return f"accepted from {_count(accepted)}"
    if accepted:
        return f"accepted from {_count(accepted)}; a second, independent one is missing"
    return f"reported by {_count(facts.origins(told))}, not accepted"


def _count(labels: tuple[str, ...]) -> str:
    return f"{len(labels)} origin{'' if len(labels) == 1 else 's'} ({', '.join(labels)})"


def _hops(facts: Facts, question: Question) -> list[Hop]:
    return [
        hop
        for route in facts.routes
        for hop in route.hops
        if question.heading and hop.heading.startswith(question.heading)
    ]


def _origin(step: Step, facts: Facts, question: Question) -> Outcome:
    rows = [hop.shipment_id for hop in _hops(facts, question) if hop.origin in step.countries]
    told = tuple(
        claim
        for claim in facts.matching((MADE,), question.product)
        if facts.settings[claim.id].country in step.countries
    )
    if rows:
        records = tuple(sorted(set(rows)))
        return Outcome(
            ElementState.MET,
            "shipment records give this origin",
            tuple(claim.id for claim in told),
            records,
        )
    outcome = _by_origins(step, facts, told, ())
    note = _no_record(facts, "no shipment record gives an origin")
    return Outcome(outcome.state, f"{outcome.why}; {note}", outcome.claims, open=outcome.open)


def _reaches(step: Step, facts: Facts, question: Question) -> Outcome:
    rows = [hop.shipment_id for hop in _hops(facts, question) if hop.destination in step.countries]
    if rows:
        return Outcome(
            ElementState.MET,
            "shipment records with this destination",
            records=tuple(sorted(set(rows))),
        )
    return Outcome(
        ElementState.UNKNOWN,
        _no_record(facts, "no shipment record with this destination"),
        open=step.open_silent,
    )


def _no_record(facts: Facts, words: str) -> str:
    if facts.invented_routes:
        return f"{words}; the shipment file is an invented example and counts for nothing"
    if not facts.traced:
        return f"{words}: no shipment file was given"
    return words


def _link(step: Step, facts: Facts) -> Outcome:
    named = _no_record(facts, "no record ties the makers to the first shipper")
    return Outcome(ElementState.UNKNOWN, named, open=step.open_silent)
