"""Numbers, hedges, ranges and clock times in Korean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessmark.stages.extract.korean_clock import clock_hours
from witnessmark.stages.extract.korean_hooks import HOOKS, PERSONS
from witnessmark.stages.extract.korean_numbers import Amount, parse, quantities


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("열두", Amount(12)),
        ("스물다섯", Amount(25)),
        ("삼백", Amount(300)),
        ("천", Amount(1000)),
        ("3,500", Amount(3500)),
        ("3만 5천", Amount(35_000)),
        ("1억", Amount(100_000_000)),
        ("수십", Amount(10, None, ">")),
        ("수만", Amount(10_000, None, ">")),
        ("예닐곱", Amount(6, 7, "range")),
        ("십여", Amount(10, None, ">")),
    ],
)
def test_numerals(word: str, wanted: Amount) -> None:
    """A numeral has its value; a vague one is a bound or an interval, never a point."""
    assert parse(word) == wanted


@pytest.mark.parametrize("word", ["", "가발", "수", "여", "군"])
def test_no_number_is_no_amount(word: str) -> None:
    """Words that are no numeral give nothing."""
    assert parse(word) is None


@given(st.integers(min_value=1, max_value=999_999_999))
def test_figures_say_themselves(number: int) -> None:
    """A figure means itself, with or without its commas."""
    assert parse(str(number)) == parse(f"{number:,}") == Amount(number)


@pytest.mark.parametrize(
    ("text", "amount", "comparator", "high"),
    [
        ("50명", 50, "=", None),
        ("약 50명", 50, "~", None),
        ("50여 명", 50, ">", None),
        ("50명 이상", 50, ">=", None),
        ("50명이 넘는", 50, ">", None),
        ("50명 미만", 50, "<", None),
        ("30~70명", 30, "range", 70),
        ("30명에서 70명", 30, "range", 70),
        ("최소 50명", 50, ">=", None),
    ],
)
def test_comparators(text: str, amount: int, comparator: str, high: int | None) -> None:
    """The words around a number give its comparator."""
    (found,) = quantities(text, PERSONS, 0, len(text))
    assert (found.amount.low, found.amount.comparator, found.amount.high) == (
        amount,
        comparator,
        high,
    )
    assert found.span.of(text) in text


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("새벽 5시부터 밤 9시까지", 16),
        ("아침 5시에 일감을 잡으면 저녁 8시가 되어야", 15),
        ("오전 7시에 시작해 밤 10시에 끝난다", 15),
        ("새벽 6시부터 자정까지", 18),
        ("아침 여섯 시부터 밤 열한 시까지", 17),
        ("5시부터 21시까지", 16),
        ("오전 8시 반부터 밤 12시까지", 15.5),
        ("아침 7시부터 이튿날 새벽 1시까지", 18),
    ],
)
def test_hours_of_a_clock(text: str, hours: float) -> None:
    """The hours between two times are counted forwards within a day."""
    (found,) = clock_hours(text, 0, len(text))
    assert found.amount.low == hours


@pytest.mark.parametrize("text", ["25시부터 30시까지", "5시", "열차는 자주 온다"])
def test_no_clock_range_no_hours(text: str) -> None:
    """Times that are none, or only one, give no hours."""
    assert clock_hours(text, 0, len(text)) == ()


def test_hooks_tell_a_long_day_from_a_short_one() -> None:
    """Twelve hours are a long day, ten are not, and no number is no value."""
    assert HOOKS["hours_long"]({"phrase": "12시간 이상"}, "") == {
        "amount": 12,
        "unit": "hour/day",
        "comparator": ">=",
    }
    assert HOOKS["hours_long"]({"phrase": "10시간"}, "") is None
    assert HOOKS["hours_short"]({"phrase": "10시간"}, "") is not None
    assert HOOKS["hours_long"]({"phrase": "30시간"}, "") is None
    assert HOOKS["hours_short"]({"phrase": "오래"}, "") is None


def test_then_and_now_give_a_direction() -> None:
    """A trend is read from two numbers, and only from two."""
    assert HOOKS["trend"]({"before": "한", "after": "네"}, "") == "up"
    assert HOOKS["trend"]({"before": "네", "after": "한"}, "") == "down"
    assert HOOKS["trend"]({"before": "두", "after": "두"}, "") == "same"
    assert HOOKS["trend"]({"before": "두"}, "") is None
