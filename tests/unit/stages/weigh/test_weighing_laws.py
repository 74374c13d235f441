"""Laws that hold for any set of claims, however odd."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from witnessmark.core.actor import HeadingCandidate, ProductReading
from witnessmark.core.claim import (
    ILO_INDICATORS,
    Attribution,
    Claim,
    Modality,
    Predicate,
    Status,
    Tier,
)
from witnessmark.core.finding import ElementState, IndicatorState
from witnessmark.core.provenance import Code
from witnessmark.core.source import Rendering
from witnessmark.stages.weigh.cells import weigh_law
from witnessmark.stages.weigh.facts import Facts, facts_of, load_held
from witnessmark.stages.weigh.indicators import load_indicators, weigh_indicators
from witnessmark.stages.weigh.origins import labels_by_claim, origins
from witnessmark.stages.weigh.regimes import load_regimes

TODAY = date(2026, 11, 25)
VALUES: dict[Predicate, list[Any]] = {
    Predicate.INDICATOR: list(ILO_INDICATORS),
    Predicate.MAKES: ["wig", "brick"],
    Predicate.HOURS_PER_DAY: [
        {"amount": n, "unit": "hour/day", "comparator": c} for n in (8, 12, 16) for c in "=><"
    ],
    Predicate.WAGE: ["unpaid", {"amount": 15, "unit": "RMB/day", "comparator": "="}],
    Predicate.PENALTY: ["work all night if the quota is missed", "beatings"],
    Predicate.REWARD: ["rice on Sunday"],
    Predicate.STATED_PREFERENCE: ["wigs rather than construction"],
    Predicate.DETENTION_REASON: ["skipping work", "without trial"],
    Predicate.SITE_KIND: ["labour_camp"],
    Predicate.BUYER_OR_CLIENT: ["a foreign firm"],
}


@st.composite
def claims(draw: st.DrawFn) -> tuple[Claim, ...]:
    rows: list[Claim] = []
    for number in range(draw(st.integers(0, 8))):
        predicate = draw(st.sampled_from(sorted(VALUES)))
        value = draw(st.sampled_from(VALUES[predicate]))
        rows.append(
            Claim(
                id="",
                source=draw(st.sampled_from(["s1", "s2", "s3"])),
                rendition="r" * 64,
                rendering=Rendering.IDENTITY,
                predicate=predicate,
                value=value,
                subject=draw(st.sampled_from(["prisoners", "workers", "labour camps"])),
                quote=str(value),
                start=number,
                end=number + 1,
                attribution=draw(st.sampled_from(sorted(Attribution))),
                speaker=draw(st.sampled_from(["", "a source", "the ministry"])),
                modality=draw(st.sampled_from(sorted(Modality))),
                tier=Tier.CLAIM,
                score=1.0,
                status=draw(st.sampled_from([Status.PROPOSED, Status.ACCEPTED])),
                extractor="test",
            ).identified()
        )
    return tuple(rows)


def facts(rows: tuple[Claim, ...]) -> Facts:
    made = tuple(c.id for c in rows if c.predicate is Predicate.MAKES and c.value == "wig")
    product = ProductReading(
        "g", "wigs", "wig", (), (), made, (HeadingCandidate("6704", "wigs", "", Code.STORED),)
    )
    return facts_of(
        claims=rows,
        sources=(),
        mentions=(),
        actors=(),
        products=(product,),
        routes=(),
        runs=(),
        places=(),
        texts={"s1": "a report from North Korea"},
        origin_of=labels_by_claim(origins((), {}, rows)),
        book=load_held(),
    )


@settings(max_examples=60, deadline=None)
@given(claims())
def test_no_set_of_claims_goes_beyond_partly(rows: tuple[Claim, ...]) -> None:
    """Whatever is claimed or accepted claim by claim, a program proposes partly at most."""
    by_id = {claim.id: claim for claim in rows}
    for finding in weigh_indicators(facts(rows), load_indicators(), {}):
        assert finding.state not in {IndicatorState.PRESENT, IndicatorState.LOOKED_NOT_FOUND}
        assert (finding.state is IndicatorState.PARTLY) == bool(finding.claims_for)
        assert bool(finding.rule) or finding.state in {
            IndicatorState.SOURCE_SILENT,
            IndicatorState.CONTRARY,
        }
        assert len(finding.origins_for) <= len({*finding.claims_for})
        for claim in finding.claims_for:
            assert by_id[claim].modality is not Modality.DENIED
        for claim in (*finding.claims_for, *finding.claims_against):
            assert by_id[claim].predicate not in {Predicate.REWARD, Predicate.STATED_PREFERENCE}


@settings(max_examples=60, deadline=None)
@given(claims())
def test_no_step_is_met_by_one_origin_or_by_proposals(rows: tuple[Claim, ...]) -> None:
    """A step that rests on claims is met only by accepted claims of two origins."""
    case = facts(rows)
    by_id = {claim.id: claim for claim in rows}
    for cell in weigh_law(case, load_regimes(), TODAY, {}):
        for element in cell.elements:
            if element.state is ElementState.MET and element.claims:
                accepted = [
                    by_id[c]
                    for c in element.claims
                    if by_id[c].status is Status.ACCEPTED
                    and by_id[c].modality is not Modality.DENIED
                ]
                assert len(case.origins(accepted)) >= 2
        if cell.from_memory:
            assert cell.state is ElementState.UNKNOWN


@settings(max_examples=40, deadline=None)
@given(claims(), st.randoms(use_true_random=False))
def test_the_order_of_claims_changes_no_state(rows: tuple[Claim, ...], random: Any) -> None:
    """States do not depend on the order in which claims are stored."""
    mixed = list(rows)
    random.shuffle(mixed)
    one = weigh_indicators(facts(rows), load_indicators(), {})
    other = weigh_indicators(facts(tuple(mixed)), load_indicators(), {})
    assert [(f.state, f.rule, sorted(f.claims_for)) for f in one] == [
        (f.state, f.rule, sorted(f.claims_for)) for f in other
    ]


@settings(max_examples=40, deadline=None)
@given(claims())
def test_taking_claims_away_never_adds_support(rows: tuple[Claim, ...]) -> None:
    """Rejecting a claim can only take support away, from indicators and from steps."""
    before = weigh_indicators(facts(rows), load_indicators(), {})
    after = weigh_indicators(facts(rows[1:]), load_indicators(), {})
    for old, new in zip(before, after, strict=True):
        assert set(new.claims_for) <= set(old.claims_for)
