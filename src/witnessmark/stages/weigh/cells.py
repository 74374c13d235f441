"""Cells of the law matrix: one regime applied to one product.

Laws:
1. The test runs per product and heading, never per facility: one bench can make a
   listed good and an unlisted one.
2. A state follows from the steps; no step is counted, nothing is scored.
3. A cell whose deciding statements all rest on memory (code K) is at most ``unknown``.
4. The headline names the deciding open point.
5. A regime about a country that the case does not speak of is ``not_applicable``,
   with that reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.core.canonical import content_id
from witnessmark.core.claim import Status
from witnessmark.core.finding import ElementState, LawCell, LegalElement
from witnessmark.core.provenance import CODE_PRINTS, Code
from witnessmark.stages.weigh.elements import (
    Outcome,
    Question,
    as_element,
    day_in_words,
    weigh_step,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from witnessmark.core.actor import ProductReading
    from witnessmark.stages.weigh.facts import Facts
    from witnessmark.stages.weigh.regimes import Regime, Statement, Step

COUNTRY_NAMES = {"KP": "North Korea"}
"""How a headline names the countries that regimes are about."""


def weigh_law(
    facts: Facts, regimes: Sequence[Regime], as_of: date, judged: Mapping[str, Status]
) -> tuple[LawCell, ...]:
    """Return every cell: the case as a whole first, then product by product (pure).

    A regime with a list of goods gets a cell for each candidate heading; one that
    covers all goods, or does not concern the case, answers the same for each and
    gets one cell a product.
    """
    cells = [
        _cell(regime, facts, None, "", as_of, judged) for regime in regimes if regime.whole_case
    ]
    for product in facts.products:
        headings = [row.heading for row in product.headings] or [""]
        for regime in regimes:
            if regime.whole_case:
                continue
            same = regime.goods.everything or _gate(regime, facts) is not None
            tested = headings[:1] if same else headings
            cells += [_cell(regime, facts, product, heading, as_of, judged) for heading in tested]
    return tuple(cells)


def _cell(
    regime: Regime,
    facts: Facts,
    product: ProductReading | None,
    heading: str,
    as_of: date,
    judged: Mapping[str, Status],
) -> LawCell:
    question = Question(product.norm if product else "", heading, as_of)
    gate = _gate(regime, facts)
    outcomes = [(step, gate or weigh_step(step, regime, facts, question)) for step in regime.steps]
    elements = tuple(as_element(step, outcome) for step, outcome in outcomes)
    state = _combined(regime, elements)
    from_memory = _from_memory(regime, outcomes, elements, gated=gate is not None)
    headline = _headline(regime, outcomes, state)
    if from_memory:
        headline = f"{headline}; {CODE_PRINTS[Code.KNOWLEDGE]}"
        state = ElementState.UNKNOWN
    key = content_id("l", regime.id, product.id if product else "", heading)
    return LawCell(
        id=key,
        regime=regime.id,
        title=regime.title,
        subtitle=regime.subtitle,
        product=product.id if product else "",
        heading=heading,
        state=state,
        headline=headline,
        elements=elements,
        consequence=_coded(regime.consequence),
        from_memory=from_memory,
        in_force=_coded(regime.in_force),
        status=judged.get(key, Status.PROPOSED),
    )


def _coded(statement: Statement) -> str:
    code = statement.code
    return f"{statement.text} ({code.value}: {CODE_PRINTS[code]})"


def _gate(regime: Regime, facts: Facts) -> Outcome | None:
    """Return the one answer to every step where the case is about other countries."""
    if not regime.speaks_of or not facts.spoken or set(regime.speaks_of) & set(facts.spoken):
        return None
    names = ", ".join(COUNTRY_NAMES.get(code, code) for code in regime.speaks_of)
    return Outcome(ElementState.NOT_APPLICABLE, f"the case does not speak of {names}")


def _combined(regime: Regime, elements: Sequence[LegalElement]) -> ElementState:
    states = {element.state for element in elements}
    enough = [ElementState.MET] if regime.alternatives else [ElementState.NOT_MET]
    first = [ElementState.NOT_APPLICABLE, ElementState.NOT_YET_APPLICABLE, *enough]
    for decided in first:
        if decided in states:
            return decided
    return states.pop() if len(states) == 1 else ElementState.UNKNOWN


def _from_memory(
    regime: Regime,
    outcomes: Sequence[tuple[Step, Outcome]],
    elements: Sequence[LegalElement],
    *,
    gated: bool,
) -> bool:
    """Return whether what decides the cell rests on memory alone.

    For a goods list that is the answer of the list; otherwise all legal statements
    of the steps (steps that are our own argument, code D, prove no law).
    """
    legal: list[Code] = [e.code for e in elements if e.code is not Code.DERIVED]
    if not regime.goods.everything and not gated:
        legal = [
            element.code
            for (step, _), element in zip(outcomes, elements, strict=True)
            if step.kind == "listed"
        ]
    return bool(legal) and all(code is Code.KNOWLEDGE for code in legal)


def _headline(regime: Regime, outcomes: Sequence[tuple[Step, Outcome]], state: ElementState) -> str:
    if state is ElementState.NOT_APPLICABLE:
        reason = next(o.why for _, o in outcomes if o.state is ElementState.NOT_APPLICABLE)
        return reason.split(":", 1)[0]
    if state is ElementState.NOT_YET_APPLICABLE and regime.starts is not None:
        return f"not yet applicable: applies from {day_in_words(regime.starts)}"
    if state is ElementState.MET:
        return "met on accepted evidence: see each step"
    if state is ElementState.NOT_MET:
        names = [s.id.replace("_", " ") for s, o in outcomes if o.state is ElementState.NOT_MET]
        return f"not met: {', '.join(names)}"
    return _open_points(regime, outcomes)


def _open_points(regime: Regime, outcomes: Sequence[tuple[Step, Outcome]]) -> str:
    met = {step.id for step, outcome in outcomes if outcome.state is ElementState.MET}
    listed = next((o for s, o in outcomes if s.kind == "listed"), None)
    if listed is not None:
        if listed.state is ElementState.UNKNOWN:
            return listed.open
        if "dprk_origin" not in met:
            return regime.goods.headline
    opened = [
        (step, outcome.open)
        for step, outcome in outcomes
        if outcome.state is ElementState.UNKNOWN and outcome.open
    ]
    deciding = [words for step, words in opened if step.decides and step.after in {"", *met}]
    named = deciding or [words for _, words in opened]
    if regime.alternatives:
        named = [outcome.open for _, outcome in outcomes if outcome.claims] or ["no purpose told"]
    lead = "on the list; " if listed is not None else ""
    return f"{lead}open: {'; '.join(dict.fromkeys(named))}"
