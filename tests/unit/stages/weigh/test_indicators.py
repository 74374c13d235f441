"""Indicators: for and against, never beyond partly."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from witnessmark.core.claim import Tier
from witnessmark.core.errors import InputError
from witnessmark.core.finding import IndicatorState
from witnessmark.core.source import Standing
from witnessmark.stages import weigh
from witnessmark.stages.weigh.indicators import load_indicators, read_indicators
from witnessmark.store.rulebook import load_rules

TODAY = date(2026, 11, 25)


def hours(claim: Any, amount: Any, comparator: Any = "=", **how: Any) -> Any:
    return claim(
        "hours_per_day", {"amount": amount, "unit": "hour/day", "comparator": comparator}, **how
    )


def found(case: Any) -> Any:
    return {f.indicator: f for f in weigh.run(case, as_of=TODAY).indicators}


def test_a_denial_stands_against_and_never_for(bench: Any, claim: Any) -> None:
    """A denied statement is no support: it stands against, and alone it reads contrary."""
    denied = claim(
        "indicator",
        "retention_of_documents",
        modality="denied",
        attribution="accused_party",
        speaker="the company",
    )
    finding = found(bench.case([denied]))["retention_of_documents"]
    assert finding.state is IndicatorState.CONTRARY
    assert finding.claims_for == ()
    assert finding.claims_against == (denied.id,)


def test_a_denial_does_not_undo_what_is_told(bench: Any, claim: Any) -> None:
    """For and against stand side by side: a denial leaves the state partly, and is shown."""
    told = claim("indicator", "retention_of_documents", start=1)
    denied = claim(
        "indicator",
        "retention_of_documents",
        modality="denied",
        attribution="accused_party",
        speaker="the company",
        start=90,
    )
    finding = found(bench.case([told, denied]))["retention_of_documents"]
    assert finding.state is IndicatorState.PARTLY
    assert finding.origins_for == ("A",)
    assert finding.origins_against == ("B",)  # the accused is not the report's origin


@pytest.mark.parametrize(
    ("amount", "comparator", "state"),
    [
        (12, "=", IndicatorState.PARTLY),
        (12, ">", IndicatorState.PARTLY),
        (16, "~", IndicatorState.PARTLY),
        (11, "=", IndicatorState.SOURCE_SILENT),
        (12, "<", IndicatorState.SOURCE_SILENT),
        (8, "=", IndicatorState.CONTRARY),
        (8, ">", IndicatorState.SOURCE_SILENT),
    ],
)
def test_hours_at_their_bounds(
    bench: Any, claim: Any, amount: Any, comparator: Any, state: Any
) -> None:
    """Twelve hours or more is a cue, eight or fewer a counter-cue; an open end is neither."""
    assert (
        found(bench.case([hours(claim, amount, comparator)]))["excessive_overtime"].state is state
    )


def test_a_candidate_supports_nothing(bench: Any, claim: Any) -> None:
    """A candidate is worth a look; it moves no state."""
    case = bench.case([hours(claim, 14, tier=Tier.CANDIDATE)])
    assert found(case)["excessive_overtime"].state is IndicatorState.SOURCE_SILENT


def test_an_invented_example_supports_nothing(bench: Any, claim: Any, source: Any) -> None:
    """What an invented source says is no origin and stands in no finding."""
    rows = [hours(claim, 14, source="s1"), claim("indicator", "deception", source="s2")]
    case = bench.case(
        rows,
        sources=[
            source("s1", "an invented text", standing=Standing.INVENTED),
            source("s2", "another text"),
        ],
    )
    result = found(case)
    assert result["excessive_overtime"].state is IndicatorState.SOURCE_SILENT
    assert result["deception"].origins_for == ("A",)


def test_an_echo_counts_once(bench: Any, claim: Any, source: Any) -> None:
    """Two outlets that print the same report are one origin; a third that does not is a second."""
    body = "Prisoners sew for fourteen hours a day. They are beaten when they fall behind. "
    rows = [hours(claim, 14, source=name, speaker=f"voice {name}") for name in ("s1", "s2", "s3")]
    case = bench.case(
        rows,
        sources=[
            source("s1", body),
            source("s2", body + "More."),
            source("s3", "Quite another report."),
        ],
        texts={
            "s1": body,
            "s2": body + "Read more on our pages.",
            "s3": "Quite another report, of ours.",
        },
    )
    finding = found(case)["excessive_overtime"]
    assert len(finding.claims_for) == 3
    assert finding.origins_for == ("A", "B")


def test_unpaid_work_of_the_held_and_of_the_free_are_two_rules(bench: Any, claim: Any) -> None:
    """Rule 8.2 speaks of people who are held, 8.3 of others; a payment told stands against."""
    held = found(bench.case([claim("wage", "unpaid", subject="labour camps")]))
    assert held["withholding_of_wages"].rule == "8.2"
    free = found(bench.case([claim("wage", "unpaid", subject="brick makers")], country="IN"))
    assert free["withholding_of_wages"].rule == "8.3"
    paid = claim("wage", {"amount": 15, "unit": "RMB/day", "comparator": "="})
    assert found(bench.case([paid]))["withholding_of_wages"].state is IndicatorState.CONTRARY


def test_no_program_sets_present_or_looked_not_found(bench: Any, claim: Any) -> None:
    """With a claim for every indicator, nothing goes beyond partly and nothing is looked for."""
    rows = [
        claim("indicator", indicator.id, start=number * 10)
        for number, indicator in enumerate(load_indicators())
    ]
    assert {f.state for f in found(bench.case(rows)).values()} == {IndicatorState.PARTLY}


def test_a_reward_as_counter_cue_is_refused() -> None:
    """The attack: someone edits the rules so that a reward speaks against force."""
    rows = [
        dict(row)
        for row in load_rules("weigh/indicators.yaml", "witnessmark/indicators/1")["indicators"]
    ]
    for predicate in ("reward", "stated_preference"):
        rows[0]["against"] = [
            {"number": "1.9", "why": "they like it", "patterns": [{"predicate": predicate}]}
        ]
        with pytest.raises(InputError, match="never a cue"):
            read_indicators(rows)


def test_the_list_of_indicators_is_closed() -> None:
    """An indicator that is missing, or a rule under another's number, is refused by name."""
    rows = [
        dict(row)
        for row in load_rules("weigh/indicators.yaml", "witnessmark/indicators/1")["indicators"]
    ]
    with pytest.raises(InputError, match="closed list"):
        read_indicators(rows[:-1])
    rows[0]["rules"] = [{"number": "2.1", "why": "x", "patterns": [{"predicate": "bribe"}]}]
    with pytest.raises(InputError, match="another number"):
        read_indicators(rows)


def test_rule_numbers_are_unique() -> None:
    """A rule's number names it in rules, code and dossier: no two share one."""
    numbers = [rule.number for i in load_indicators() for rule in (*i.rules, *i.against)]
    assert len(numbers) == len(set(numbers))
    assert all(i.rules[0].number == f"{i.number}.1" for i in load_indicators())


def test_a_bribe_counts_only_where_people_are_held(bench: Any, claim: Any) -> None:
    """A bribe to look away is no cue; a bribe out of a camp is one, and is no debt."""
    held = found(bench.case([claim("bribe", "early release", subject="prisoners")]))
    assert held["abuse_of_vulnerability"].rule == "1.3"
    assert held["debt_bondage"].state is IndicatorState.SOURCE_SILENT
    free = found(bench.case([claim("bribe", "early release", subject="police")]))
    assert free["abuse_of_vulnerability"].state is IndicatorState.SOURCE_SILENT


def test_a_photograph_can_show_conditions(bench: Any, claim: Any) -> None:
    """What a photograph is said to show is a cue for conditions; that there is one is not."""
    shown = claim("evidence_photo", "no proper work desk in sight", subject="photographed facility")
    finding = found(bench.case([shown]))["abusive_conditions"]
    assert finding.rule == "10.2"
    assert finding.claims_for == (shown.id,)
    only = claim("evidence_photo", "photo of a work site", subject="photographed facility")
    assert found(bench.case([only]))["abusive_conditions"].state is IndicatorState.SOURCE_SILENT
