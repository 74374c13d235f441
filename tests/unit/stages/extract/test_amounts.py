"""Numbers of work in ordinary unseen sentences: hours, people, pay, tasks, prices."""

from __future__ import annotations

import pytest

from witnessmark.core.claim import Modality, Predicate, Tier
from witnessmark.stages.extract import read
from witnessmark.stages.extract.english_numbers import HOOKS
from witnessmark.stages.extract.literals import required
from witnessmark.stages.extract.rulefile import rules

OWN = (
    *("en.workday.", "en.workforce.", "en.pay.", "en.task.", "en.kind.", "en.spot."),
    *("en.thing.", "en.client.", "en.period."),
    *("ko.number.", "ko.site.", "ko.spot.", "ko.thing.", "ko.client.", "ko.period."),
)


def numbers(text: str, lang: str, predicate: Predicate) -> list[tuple[object, object]]:
    """Return amount and comparator of the claims of one predicate, by the rules."""
    return [
        (c.value["amount"], c.value["comparator"])
        for c in read(text, lang).claims
        if c.predicate is predicate and c.tier is Tier.CLAIM and isinstance(c.value, dict)
    ]


@pytest.mark.parametrize(
    ("lang", "text", "wanted"),
    [
        ("en", "They worked from five in the morning until eight at night.", (15, "=")),
        ("en", "The girls sew from 4:30 to past nine.", (16.5, ">")),
        ("en", "The shift lasts from six in the evening to seven in the morning.", (13, "=")),
        ("en", "Crews haul nets for more than fourteen hours a day.", (14, ">")),
        ("en", "The gang's time sheets record entry at 07.00 and exit at 23.00.", (16, "=")),
        ("ko", "수감자들은 하루 12시간 일한다.", (12, "=")),
        ("ko", "새벽 5시부터 밤 9시까지 재봉틀을 돌리며 일했다.", (16, "=")),
        ("ko", "여성들은 하루 열네 시간 넘게 앉아 가발을 만든다.", (14, ">")),
    ],
)
def test_hours_of_work_are_read_without_a_document_around_them(
    lang: str, text: str, wanted: tuple[float, str]
) -> None:
    """One sentence with a word of work is enough; the comparator is kept."""
    assert wanted in numbers(text, lang, Predicate.HOURS_PER_DAY)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The shop is open from 9 a.m. to 9 p.m. and workers queue outside."),
        ("en", "The law caps work at twelve hours a day."),
        ("en", "The workers sleep twelve hours a night on Sundays."),
        ("ko", "도서관은 하루 12시간 문을 연다."),
        ("ko", "기차로 14시간 걸린다."),
        ("ko", "오늘 하루 12시간 정전이 있었다."),
    ],
)
def test_other_hours_are_no_hours_of_work(lang: str, text: str) -> None:
    """Opening hours, laws, sleep, journeys and power cuts are no working day."""
    assert numbers(text, lang, Predicate.HOURS_PER_DAY) == []


@pytest.mark.parametrize(
    ("lang", "text", "wanted"),
    [
        ("en", "Inspectors found nineteen men and two boys working at the kiln.", (21, "=")),
        ("en", "Tens of thousands of people are forced to work in the mines.", (10_000, ">=")),
        ("en", "Some 230 labourers were found in a tobacco dryer.", (230, "~")),
        ("ko", "광부 수백 명이 선불금에 묶여 있다.", (100, ">")),
        ("ko", "제대한 군인 300여 명이 탄광에 배치됐다.", (300, ">")),
    ],
)
def test_people_at_work_are_counted(lang: str, text: str, wanted: tuple[int, str]) -> None:
    """People who work or are held are counted; a vague quantity is a bound."""
    assert wanted in numbers(text, lang, Predicate.WORKERS_COUNT)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Four workers were killed when the mill burned."),
        ("en", "In 2019 workers struck at the plant."),
        ("en", "Police arrested eleven people who ran the camp."),
        ("ko", "노동자 네 명이 갱이 무너져 숨졌다."),
    ],
)
def test_the_dead_and_the_accused_are_no_workforce(lang: str, text: str) -> None:
    """The dead, the accused and years are not counted as workers."""
    assert numbers(text, lang, Predicate.WORKERS_COUNT) == []


@pytest.mark.parametrize(
    "text",
    [
        "The owner was fined 300 dollars a day for each worker.",
        "The workers' bail was set at 500 dollars a month.",
        "The court recovered 40,000 dollars in back pay for the workers.",
        "Recruiters charged the workers a fee of 900 dollars a year.",
    ],
)
def test_fines_bail_fees_and_recovered_money_are_no_wage(text: str) -> None:
    """A wage needs a word of pay and no word of another payment."""
    assert numbers(text, "en", Predicate.WAGE) == []


def test_a_wage_keeps_currency_and_time() -> None:
    """Cents are dollars by the hundredth; a currency of no code keeps its own name."""
    assert HOOKS["money"]({"n": "86", "currency": "cents", "per": "an hour"}, "") == {
        "amount": 0.86,
        "unit": "USD/hour",
        "comparator": "=",
    }
    assert numbers("The men are paid 4.20 crowns an hour.", "en", Predicate.WAGE) == [(4.2, "=")]


def test_a_denial_of_hours_is_denied() -> None:
    """A quote reaches far enough to hold its own negation."""
    claims = read("The prisoners do not work 12 hours a day.", "en").claims
    hours = [c for c in claims if c.predicate is Predicate.HOURS_PER_DAY]
    assert hours
    assert all(c.modality is Modality.DENIED for c in hours)


@pytest.mark.parametrize("folder", ["extract/en", "extract/ko"])
def test_every_wide_rule_can_be_passed_over(folder: str) -> None:
    """A rule that holds for any document has letters by which a sentence is passed over."""
    bare = [
        rule.id
        for rule in rules(folder)
        if rule.id.startswith(OWN)
        and not any(required(p.pattern) for p in (*rule.patterns, *rule.needs))
    ]
    assert bare == []
