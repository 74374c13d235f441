"""Hours between two Chinese times of a clock: 从早上五点干到晚上八点 is fifteen.

Laws:
1. The hours are counted forwards, within one day; the same time twice says nothing,
   unless one is of the morning and one of the night.
2. A part of the day (早上, 晚上, 凌晨) places its hour; without one the figure is taken as it is.
3. What is no time of a clock (25点) gives nothing.
"""

from __future__ import annotations

import regex

from witnessmark.core.span import Span
from witnessmark.stages.extract.chinese_numbers import Amount, Found, parse

_PERIOD = (
    r"凌晨|清晨|早晨|清早|一大早|大清早|早上|早间|上午|早|中午|正午|晌午|下午|午后|傍晚|晚上|晚间"
    r"|晚|夜里|夜间|夜晚|深夜|半夜|后半夜|午夜"
)
_HOUR = r"(?<![\d一二三四五六七八九十])(?:\d{1,2}|二十[一二三四]?|十[一二]?|[一二两三四五六七八九])"
_MARK = r"(?:点钟|点整|点|时(?!间|候|节)|[:：])"


def _time(side: str) -> str:
    return (
        rf"(?:(?P<{side}period>{_PERIOD})\s?)?(?:(?P<{side}hour>{_HOUR})\s?{_MARK}"
        rf"(?:(?P<{side}half>半)|(?P<{side}quarter>[一三])刻"
        rf"|(?P<{side}minute>[0-5]\d|[一二三四五]?十[一二三四五六七八九]?)分?)?"
        rf"|(?P<{side}name>午夜|半夜十二点|零点|子夜|正午))"
    )


CLOCK = (
    rf"(?:{_PERIOD})?\s?(?:{_HOUR})\s?{_MARK}(?:半|[一三]刻|[0-5]?\d分?|[一二三四五]?十[一二三四五六七八九]?分?)?"
    rf"[^.!?;\"]{{0,16}}?"
    rf"(?:(?:{_PERIOD})\s?(?:{_HOUR})\s?{_MARK}(?:半|[一三]刻|[0-5]\d分?|[一二三四五]?十分?)?"
    rf"|(?:{_HOUR})\s?{_MARK}(?:半|[0-5]\d)?|午夜|零点)"
)
"""Two times of a clock with little between them, as a pattern without groups."""

_CLOCK = regex.compile(
    _time("a")
    + r"(?P<between>[^.!?;\"]{0,16}?)(?:第二天|次日|隔天|翌日|转天)?(?:的)?\s?"
    + _time("b")
)
_JOINS = regex.compile(r"到|至|~|-|才|干|做|一直|起|开工|上工|上班|才能|收工|下班")
_SHORT = regex.compile(rf"(?P<shape>朝|早)(?P<a>{_HOUR})晚(?P<b>{_HOUR})(?!点|时)")
_NOON, _DAY = 12.0, 24.0
_MORNING = frozenset(
    {"凌晨", "清晨", "早晨", "清早", "一大早", "大清早", "早上", "早间", "上午", "早"}
)
_LATE = frozenset({"晚上", "晚间", "晚", "夜里", "夜间", "夜晚", "深夜", "半夜", "后半夜", "午夜"})
_EARLY_HOURS = 4
"""After midnight: 夜里两点 is two in the morning; from five on, 夜里 is evening (K)."""


def _hour(match: regex.Match[str], prefix: str) -> float | None:
    name = match[f"{prefix}name"]
    if name:
        return _NOON if name == "正午" else _DAY
    amount = parse(match[f"{prefix}hour"])
    if amount is None or amount.comparator != "=" or amount.low > _DAY:
        return None
    hour = _placed(float(amount.low), match[f"{prefix}period"] or "")
    if match[f"{prefix}half"]:
        hour += 0.5
    elif match[f"{prefix}quarter"]:
        hour += 0.25 if match[f"{prefix}quarter"] == "一" else 0.75
    elif match[f"{prefix}minute"]:
        minutes = parse(match[f"{prefix}minute"])
        hour += minutes.low / 60 if minutes else 0
    return hour


def _placed(hour: float, period: str) -> float:
    """Return *hour* on the day's clock of 24."""
    if hour > _NOON or not period:
        return hour
    if period in _MORNING:
        return 0.0 if hour == _NOON and period == "凌晨" else hour
    if period in _LATE:
        if hour == _NOON:
            return _DAY
        return hour + (_DAY if hour <= _EARLY_HOURS else _NOON)
    if period in {"中午", "正午", "晌午"}:
        return hour if hour >= _NOON - 2 else hour + _NOON
    return hour + _NOON if hour < _NOON else hour


def clock_hours(text: str, start: int, end: int) -> tuple[Found, ...]:
    """Return the hours between two times of a clock (law 1): 早八点至晚十点 is 14."""
    found: list[Found] = []
    for match in _CLOCK.finditer(text, start, end):
        if not (match["bperiod"] or match["bname"] or _JOINS.search(match["between"])):
            continue
        first, last = _hour(match, "a"), _hour(match, "b")
        if first is None or last is None:
            continue
        hours = (last - first) % _DAY
        if not match["bperiod"] and not match["bname"] and last <= _NOON < first + hours:
            hours = hours % _NOON or _NOON
        if 0 < hours < _DAY:
            found.append(Found(Amount(round(hours, 2)), "hour/day", Span(*match.span())))
    for match in _SHORT.finditer(text, start, end):
        early, late = parse(match["a"]), parse(match["b"])
        if early and late and early.low <= _NOON and late.low <= _NOON:
            hours = late.low + _NOON - early.low
            found.append(Found(Amount(hours), "hour/day", Span(*match.span())))
    return tuple(found)
