"""Whole Chinese texts: who says what, how far, and what is not said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessmark.core.claim import Attribution, Claim, MentionType, Modality, Predicate
from witnessmark.stages.extract import read

REPORT = (
    "消息人士十二日说，女工从早上五点干到晚上八点，护照被主管收走。\n\n"
    "警方通报称，上月从云井市的一座砖窑解救了三百多名工人。\n\n"
    "公司否认扣押护照，称工人均系自愿。\n\n"
    "供应商不得扣留员工的身份证件，不得收取押金。"
)
TRADITIONAL = (
    "消息人士十二日說，女工從早上五點幹到晚上八點，護照被主管收走。\n\n"
    "公司否認扣押護照，稱工人均係自願。"
)


def of(claims: tuple[Claim, ...], predicate: Predicate) -> list[Claim]:
    return [claim for claim in claims if claim.predicate is predicate]


def indicators(claims: tuple[Claim, ...]) -> dict[object, list[Claim]]:
    found: dict[object, list[Claim]] = {}
    for claim in of(claims, Predicate.INDICATOR):
        found.setdefault(claim.value, []).append(claim)
    return found


@pytest.mark.parametrize("text", [REPORT, TRADITIONAL])
def test_quotes_stand_in_the_text(text: str) -> None:
    """Every quote is the text between its offsets, inside one sentence, in its own signs."""
    reading = read(text)
    assert reading.lang == "zh"
    assert reading.claims
    for claim in reading.claims:
        assert text[claim.start : claim.end] == claim.quote
        assert any(sentence.contains(claim.span) for sentence in reading.sentences)
    for mention in reading.mentions:
        assert text[mention.start : mention.end] == mention.quote


@pytest.mark.parametrize("text", [REPORT, TRADITIONAL])
def test_hours_are_reckoned_from_the_clock(text: str) -> None:
    """Five in the morning until eight at night is fifteen hours, and excessive overtime."""
    claims = read(text).claims
    (hours,) = of(claims, Predicate.HOURS_PER_DAY)
    assert hours.value == {"amount": 15, "unit": "hour/day", "comparator": "="}
    assert hours.attribution is Attribution.ANONYMOUS_SOURCE
    assert hours.modality is Modality.REPORTED
    assert "消息人士" in hours.speaker
    assert "excessive_overtime" in indicators(claims)


@pytest.mark.parametrize("text", [REPORT, TRADITIONAL])
def test_a_denial_is_never_a_fact(text: str) -> None:
    """What the firm denies is denied, by the accused; what the source says stays reported."""
    kept = indicators(read(text).claims)["retention_of_documents"]
    stated = [claim for claim in kept if claim.modality is not Modality.DENIED]
    denied = [claim for claim in kept if claim.modality is Modality.DENIED]
    assert [claim.attribution for claim in stated] == [Attribution.ANONYMOUS_SOURCE]
    assert [claim.attribution for claim in denied] == [Attribution.ACCUSED_PARTY]


def test_people_are_counted_with_their_hedge() -> None:
    """More than three hundred is no three hundred; the police say so."""
    (count,) = of(read(REPORT).claims, Predicate.WORKERS_COUNT)
    assert count.value == {"amount": 300, "unit": "person", "comparator": ">"}
    assert count.attribution is Attribution.OFFICIAL


def test_a_norm_states_nothing() -> None:
    """A code of conduct claims nothing of a case."""
    at = REPORT.index("供应商")
    assert not [claim for claim in read(REPORT).claims if claim.start >= at]


@pytest.mark.parametrize(
    "text",
    [
        "工人进厂要交两万元押金，护照也被收走。",
        "老板因强迫工人劳动被罚款五万元，护照已还给工人。",
        "法院判令公司补发工人工资三万元，护照已经归还。",
    ],
)
def test_a_deposit_a_fine_and_recovered_money_are_no_wage(text: str) -> None:
    """Money that workers give, that employers are fined or that is won back is no pay."""
    assert not of(read(text, "zh").claims, Predicate.WAGE)


def test_pay_is_read_with_its_cue() -> None:
    """A month's pay is a wage, with its money and time."""
    (wage,) = of(
        read("工人被强迫劳动，护照被扣，每月工资只有八百元。", "zh").claims, Predicate.WAGE
    )
    assert wage.value == {"amount": 800, "unit": "CNY/month", "comparator": "="}


def test_names_are_mentions() -> None:
    """Places, countries, sites, firms and goods are marked where they begin and end."""
    text = "平垣监狱的囚犯在中国替泰迩兴针织有限公司做假发，货从云井市运往日本。"
    found = {(mention.type, mention.quote) for mention in read(text, "zh").mentions}
    assert {
        (MentionType.SITE, "平垣监狱"),
        (MentionType.COUNTRY, "中国"),
        (MentionType.COUNTRY, "日本"),
        (MentionType.ORG, "泰迩兴针织有限公司"),
        (MentionType.PRODUCT, "假发"),
        (MentionType.PLACE, "云井市"),
    } <= found


def test_prison_labour_for_a_firm() -> None:
    """Prisoners who work for a firm are the sixth of the state-imposed six."""
    text = "监狱里的囚犯替一家贸易公司加工服装，没有报酬。"
    claims = read(text, "zh").claims
    assert "c29_prison_labour_for_private" in indicators(claims)
    assert [claim.value for claim in of(claims, Predicate.WAGE)] == ["unpaid"]


@settings(max_examples=40)
@given(st.text(max_size=300))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    """Whatever the text, quotes are in it."""
    for claim in read(text, "zh").claims:
        assert text[claim.start : claim.end] == claim.quote


@pytest.mark.parametrize(
    "said",
    [
        "公司否认扣押护照。",
        "窑主辩称，工人的护照从未被扣押。",
        "船东坚称，没有人被锁在船舱里，护照也没有没收。",
        "厂方回应说，扣押护照一说纯属捏造。",
        "受访工人均表示未遭殴打。",
        "矿主辩称来去由人，从未动过手。",
        "發言人說，毆打船員的指控不屬實。",
    ],
)
def test_no_denial_states_an_indicator(said: str) -> None:
    """Whatever a denial names, nothing that it denies is stated as a fact."""
    text = f"工人被强迫劳动，护照被没收，门从外面上锁。{said}"
    at = text.index(said)
    stated = [
        claim
        for claim in of(read(text, "zh").claims, Predicate.INDICATOR)
        if claim.start >= at and claim.modality is not Modality.DENIED
    ]
    assert stated == []
