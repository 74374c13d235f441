"""Numbers, hedges, ranges, clock times and money in Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessmark.stages.extract.chinese_clock import clock_hours
from witnessmark.stages.extract.chinese_hooks import HOOKS, HOURS, PERSONS
from witnessmark.stages.extract.chinese_numbers import Amount, parse, quantities


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("十二", Amount(12)),
        ("廿", Amount(20)),
        ("一百零五", Amount(105)),
        ("一千二", Amount(1200)),
        ("一百一", Amount(110)),
        ("二〇一九", Amount(2019)),
        ("十二点五", Amount(12.5)),
        ("三万五千", Amount(35_000)),
        ("3.5万", Amount(35_000)),
        ("1,200", Amount(1200)),
        ("一亿两千万", Amount(120_000_000)),
        ("一百三十七万", Amount(1_370_000)),
        ("三四百", Amount(300, 400, "range")),
        ("七八十", Amount(70, 80, "range")),
        ("十五六", Amount(15, 16, "range")),
        ("十几", Amount(11, 19, "range")),
        ("数十", Amount(10, None, ">")),
        ("几百", Amount(100, None, ">")),
        ("上千", Amount(1000, None, ">=")),
    ],
)
def test_numerals(word: str, wanted: Amount) -> None:
    """A numeral has its value; a vague one is an interval or a bound, never a point."""
    assert parse(word) == wanted


@pytest.mark.parametrize("word", ["", "假发", "人", "点", "几"])
def test_no_number_is_no_amount(word: str) -> None:
    """Words that are no numeral give nothing."""
    assert parse(word) is None


@given(st.integers(min_value=1, max_value=999_999_999))
def test_figures_say_themselves(number: int) -> None:
    """A figure means itself, with or without its commas."""
    assert parse(str(number)) == parse(f"{number:,}") == Amount(number)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("三百多人", Amount(300, None, ">")),
        ("两百来人", Amount(200, None, "~")),
        ("近百人", Amount(100, None, "~")),
        ("数十名", Amount(10, None, ">")),
        ("四十几名", Amount(40, None, ">")),
        ("三十余名", Amount(30, None, ">")),
        ("至少五十人", Amount(50, None, ">=")),
        ("不到二十人", Amount(20, None, "<")),
        ("约五万人", Amount(50_000, None, "~")),
        ("四百人左右", Amount(400, None, "~")),
        ("一万多名", Amount(10_000, None, ">")),
        ("三至五万人", Amount(30_000, 50_000, "range")),
        ("二十三名", Amount(23)),
    ],
)
def test_people_keep_their_hedges(text: str, wanted: Amount) -> None:
    """多, 余, 来, 近, 约, 至少, 不到 and 左右 give the comparator."""
    (found,) = quantities(text, PERSONS, 0, len(text))
    assert found.amount == wanted
    assert found.unit == "person"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("十几个小时", Amount(11, 19, "range")),
        ("十四小时以上", Amount(14, None, ">=")),
        ("十二个半小时", Amount(12.5)),
        ("十二个多小时", Amount(12, None, ">")),
        ("十二到十四个小时", Amount(12, 14, "range")),
        ("十六七个钟头", Amount(16, 17, "range")),
        ("超过十五小时", Amount(15, None, ">")),
    ],
)
def test_hours(text: str, wanted: Amount) -> None:
    """Hours are read with what stands around them."""
    (found,) = quantities(text, HOURS, 0, len(text))
    assert found.amount == wanted


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("从早上五点干到晚上八点", 15),
        ("早八点至晚十点", 14),
        ("从中午十二点到第二天凌晨四点", 16),
        ("晚八点到早八点", 12),
        ("早上五点起来煮粥,晚上十一点半才能躺", 18.5),
        ("早上7点半到晚上9点", 13.5),
        ("朝八晚十", 14),
        ("上午八点到下午六点", 10),
    ],
)
def test_two_times_of_a_clock(text: str, hours: float) -> None:
    """The hours between two times are counted forwards, over midnight too."""
    assert clock_hours(text, 0, len(text))[0].amount == Amount(hours)


@pytest.mark.parametrize("text", ["早上八点到早上八点", "二十五点到三十点", "六点起床"])
def test_no_span_of_a_clock(text: str) -> None:
    """The same time twice, no time of a clock, or one time alone say nothing."""
    assert clock_hours(text, 0, len(text)) == ()


@pytest.mark.parametrize(
    ("phrase", "per", "wanted"),
    [
        ("八百元", "每月", {"amount": 800, "unit": "CNY/month", "comparator": "="}),
        ("九块五", "每小时", {"amount": 9.5, "unit": "CNY/hour", "comparator": "="}),
        ("四百五十美元", "月薪", {"amount": 450, "unit": "USD/month", "comparator": "="}),
        (
            "三四百块",
            "一个月",
            {"amount": 300, "unit": "CNY/month", "comparator": "range", "high": 400},
        ),
        ("三千二", "月", {"amount": 3200, "unit": "CNY/month", "comparator": "="}),
    ],
)
def test_pay(phrase: str, per: str, wanted: dict[str, object]) -> None:
    """Pay has its money and its time."""
    assert HOOKS["pay"]({"phrase": phrase, "per": per}, "") == wanted


def test_a_day_has_twenty_four_hours() -> None:
    """More than 24 hours, or a short rest, are no hours of work a day; nothing gives nothing."""
    assert HOOKS["hours"]({"phrase": "四十八个小时"}, "") is None
    assert HOOKS["hours"]({"phrase": "一个小时"}, "") is None
    assert HOOKS["hours"]({}, "") is None
