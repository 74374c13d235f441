"""The first report, weighed: what the labelled claims amount to, and no more."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from witnessmark.core.finding import ElementState, IndicatorState
from witnessmark.core.judgement import Decision
from witnessmark.core.provenance import Code
from witnessmark.stages import weigh
from witnessmark.store import tables

TODAY = date(2026, 11, 25)
PARTLY, SILENT = IndicatorState.PARTLY, IndicatorState.SOURCE_SILENT


def cells(result: Any, product: Any, regime: Any) -> Any:
    return {c.heading: c for c in result.law if c.product == product and c.regime == regime}


def test_states_of_the_seventeen(seed: Any) -> None:
    """One origin proposes partly where its words carry a rule, and is silent elsewhere."""
    found = {f.indicator: f for f in weigh.run(seed(), as_of=TODAY).indicators}
    assert {name for name, f in found.items() if f.state is PARTLY} == {
        "excessive_overtime",
        "abusive_conditions",
        "abuse_of_vulnerability",
        "withholding_of_wages",
        "intimidation_threats",
        "c105_labour_discipline",
    }
    assert {f.state for f in found.values()} == {PARTLY, SILENT}
    assert found["restriction_of_movement"].state is SILENT  # detention as such is tested under C29
    assert found["deception"].claims_for == ()
    assert found["debt_bondage"].state is SILENT  # a bribe is not a debt
    overtime = found["excessive_overtime"]
    assert "11.1" in overtime.rule
    assert "11.2" in overtime.rule
    assert len(overtime.claims_for) >= 4
    assert overtime.origins_for == ("A",)
    assert overtime.claims_against == ()
    assert found["withholding_of_wages"].rule == "8.2"
    assert found["intimidation_threats"].rule == "6.2"
    assert "the sums are not stated" in found["withholding_of_wages"].why


def test_rewards_and_preferences_count_on_neither_side(seed: Any) -> None:
    """Rice on Sunday and a preferred task are no consent: they stand in no finding."""
    case = seed()
    rewards = {c.id for c in case.casebook.rows(tables.CLAIMS) if c.predicate == "reward"}
    assert rewards
    for finding in weigh.run(case, as_of=TODAY).indicators:
        assert not rewards & {*finding.claims_for, *finding.claims_against}


@pytest.mark.parametrize("product", ["gwig", "glash"])
def test_hair_goods_stay_open_in_the_us_and_outside_the_textile_lists(
    seed: Any, product: Any
) -> None:
    """Wigs and lashes: the US routes are open on named points; no textile list names them."""
    result = weigh.run(seed(), as_of=TODAY)
    caatsa = cells(result, product, "us_caatsa_321b")["6704"]
    assert caatsa.state is ElementState.UNKNOWN
    assert caatsa.headline == "open: DPRK labour not accepted; no US import shown"
    tariff = cells(result, product, "us_tariff_307")["6704"]
    assert tariff.state is ElementState.UNKNOWN
    assert tariff.headline == "open: convict or forced labour not accepted; no US import shown"
    assert cells(result, product, "us_ofac_nksr")["6704"].headline == (
        "open: origin of a shipment; no US import shown"
    )
    for regime in ("un_2375", "cn_mofcom_52_2017", "eu_dprk_2017_1509"):
        cell = cells(result, product, regime)["6704"]
        assert cell.state is ElementState.NOT_APPLICABLE
        assert cell.headline == "not on the list"
        assert not cell.from_memory
    british = cells(result, product, "uk_dprk_2019")["6704"]
    assert british.state is ElementState.UNKNOWN
    assert british.from_memory
    assert "from memory, not checked against the text" in british.headline


def test_knitting_is_answered_heading_by_heading(seed: Any) -> None:
    """Knitting has candidate headings, and a goods list answers each of them."""
    result = weigh.run(seed(), as_of=TODAY)
    un = cells(result, "gknit", "un_2375")
    assert list(un) == ["61", "6505", "60", "63"]
    assert un["61"].headline == "on the list, if of DPRK origin"
    assert not un["61"].from_memory
    assert "arguable" in un["6505"].headline
    assert un["60"].headline == "on the list, if of DPRK origin"
    assert un["63"].headline.startswith("on the list, if of DPRK origin; from memory")
    assert {cell.state for cell in un.values()} == {ElementState.UNKNOWN}
    eu = cells(result, "gknit", "eu_dprk_2017_1509")["61"]
    assert eu.headline.startswith("on the list, if of DPRK origin")
    assert eu.from_memory
    assert list(cells(result, "gknit", "us_caatsa_321b")) == ["61"]


def test_the_eu_regulation_waits_for_its_day(seed: Any) -> None:
    """EU 2024/3015 is not yet applicable before 14 December 2027, and open from that day on."""
    case = seed()
    for day, state in (
        (TODAY, ElementState.NOT_YET_APPLICABLE),
        (date(2027, 12, 13), ElementState.NOT_YET_APPLICABLE),
        (date(2027, 12, 14), ElementState.UNKNOWN),
    ):
        cell = cells(weigh.run(case, as_of=day), "gwig", "eu_flr_2024_3015")["6704"]
        assert cell.state is state
    assert "forced labour not accepted" in cell.headline


def test_c29_and_c105_stay_open(seed: Any) -> None:
    """Definitions are tested on the whole case; a single proposed origin meets none of them."""
    whole = {c.regime: c for c in weigh.run(seed(), as_of=TODAY).law if not c.product}
    assert list(whole) == ["c29_art_2_1", "c29_art_2_2_c", "c105_art_1"]
    assert {c.state for c in whole.values()} == {ElementState.UNKNOWN}
    exception = {e.id: e for e in whole["c29_art_2_2_c"].elements}
    assert list(exception) == ["conviction", "public_supervision", "not_private"]
    assert exception["conviction"].claims == ()
    assert exception["conviction"].missing
    discipline = whole["c105_art_1"].elements[2]
    assert discipline.claims
    assert "reported by 1 origin (A), not accepted" in discipline.why
    assert whole["c105_art_1"].from_memory


def test_nothing_is_met_by_what_is_only_proposed(seed: Any) -> None:
    """However many claims are proposed, no step that rests on claims is met."""
    for cell in weigh.run(seed(), as_of=TODAY).law:
        assert cell.state is not ElementState.MET
        for element in cell.elements:
            if element.claims:
                assert element.state is not ElementState.MET


def test_every_legal_statement_carries_its_code(seed: Any) -> None:
    """Every step has a code; S has an address; K says so in words; states are closed."""
    for cell in weigh.run(seed(), as_of=TODAY).law:
        assert [e.number for e in cell.elements] == list(range(1, len(cell.elements) + 1))
        for element in cell.elements:
            assert element.code in Code
            assert bool(element.source) == (element.code is Code.STORED), (cell.regime, element)
            assert ("not checked against the text" in element.why) == (
                element.code is Code.KNOWLEDGE
            )
            assert element.state in ElementState
        assert cell.state in ElementState


def test_a_person_makes_a_finding_present_and_takes_it_back(seed: Any, bench: Any) -> None:
    """Present is a person's word: accepted makes it so, withdrawn undoes it, all else stays."""
    case = seed()
    before = {f.indicator: f for f in weigh.run(case, as_of=TODAY).indicators}
    target = before["excessive_overtime"].id
    bench.judge(case, [(target, Decision.ACCEPT)])
    after = {f.indicator: f for f in weigh.run(case, as_of=TODAY).indicators}
    assert after["excessive_overtime"].state is IndicatorState.PRESENT
    assert {k: v for k, v in after.items() if k != "excessive_overtime"} == {
        k: v for k, v in before.items() if k != "excessive_overtime"
    }
    bench.judge(case, [(target, Decision.WITHDRAW)])
    assert weigh.run(case, as_of=TODAY).indicators == tuple(before.values())


def test_an_accepted_finding_falls_with_its_claims(seed: Any, bench: Any) -> None:
    """No claim, no finding: once every supporting claim is rejected, acceptance carries nothing."""
    case = seed()
    finding = next(
        f for f in weigh.run(case, as_of=TODAY).indicators if f.indicator == "abusive_conditions"
    )
    bench.judge(case, [(finding.id, Decision.ACCEPT)])
    bench.judge(case, [(claim, Decision.REJECT) for claim in finding.claims_for])
    after = next(
        f for f in weigh.run(case, as_of=TODAY).indicators if f.indicator == "abusive_conditions"
    )
    assert after.state is SILENT
    assert after.claims_for == ()


def test_same_in_same_out(seed: Any) -> None:
    """The same case weighed twice gives the same rows, and the rows are what is stored."""
    case = seed()
    first = weigh.run(case, as_of=TODAY)
    digest = case.casebook.digest()
    assert weigh.run(case, as_of=TODAY) == first
    assert case.casebook.digest() == digest
    assert case.casebook.rows(tables.LAW) == first.law
    assert case.casebook.rows(tables.INDICATORS) == first.indicators
    assert case.casebook.rows(tables.ORIGINS) == first.origins
