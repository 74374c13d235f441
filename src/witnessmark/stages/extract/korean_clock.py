"""Hours between two Korean times of a clock: 새벽 5시부터 밤 9시까지 is sixteen.

Laws:
1. The hours are counted forwards, within one day; the same time twice says nothing.
2. A part of the day (아침, 저녁, 밤) places its hour; without one the figure is taken as it is.
3. What is no time of a clock (25시) gives nothing.
"""

from __future__ import annotations

import regex

from witnessmark.core.span import Span
from witnessmark.stages.extract.korean_numbers import NATIVE_WORD, Amount, Found, parse

_PERIOD = r"새벽|이른\s?아침|아침|오전|낮|한낮|점심|오후|저녁|늦은\s?밤|밤|한밤"


def _time(side: str) -> str:
    return (
        rf"(?:(?P<{side}period>{_PERIOD})\s?)?"
        rf"(?:(?P<{side}hour>\d{{1,2}}|{NATIVE_WORD})\s?시"
        rf"(?:\s?(?P<{side}half>반)|\s?(?P<{side}minute>\d{{1,2}})분)?|(?P<{side}name>자정|정오))"
    )


_CLOCK = regex.compile(
    _time("a")
    + r"(?:경|쯤|무렵)?(?:\s?(?:부터|에서|에|~|∼|-)\s?)(?:[가-힣]+,?\s){0,7}?"
    + r"(?:이튿날\s|다음\s?날\s)?"
    + _time("b")
    + r"\s?(?P<about>무렵|경|쯤)?\s?(?:(?P<past>[이가을를]?\s?(?:훌쩍\s)?넘)"
    + r"|까지|에|가\s?(?:되|돼|넘)|나\s?되"
    + r"|이\s?(?:되|돼|넘)|를\s?넘|을\s?넘|무렵|은\s?되|는\s?되|쯤)"
)
_NOON, _DAY = 12.0, 24.0
_AFTERNOON = frozenset({"오후", "저녁", "밤", "늦은밤", "한밤"})
_EARLY_HOURS = 4
"""After midnight: 밤 2시 is two in the morning; from five on, 밤 is evening (K)."""


def _hour(match: regex.Match[str], prefix: str) -> float | None:
    name = match[f"{prefix}name"]
    if name:
        return _NOON if name == "정오" else _DAY
    amount = parse(match[f"{prefix}hour"])
    if amount is None or amount.low > _DAY:
        return None
    hour = float(amount.low)
    period = (match[f"{prefix}period"] or "").replace(" ", "")
    if period in _AFTERNOON and hour < _NOON:
        late = period != "오후" and hour <= _EARLY_HOURS and period != "저녁"
        hour += _DAY if late else _NOON
    elif period in _AFTERNOON and period != "오후" and hour == _NOON:
        hour = _DAY
    elif period == "새벽" and hour == _NOON:
        hour = 0.0
    elif period in {"낮", "한낮", "점심"} and hour < _EARLY_HOURS + 3:
        hour += _NOON
    if match[f"{prefix}half"]:
        hour += 0.5
    elif match[f"{prefix}minute"]:
        hour += int(match[f"{prefix}minute"]) / 60
    return hour


def clock_hours(text: str, start: int, end: int) -> tuple[Found, ...]:
    """Return the hours between two times of a clock (law 1): 새벽 5시부터 밤 9시까지 is 16."""
    found: list[Found] = []
    for match in _CLOCK.finditer(text, start, end):
        first, last = _hour(match, "a"), _hour(match, "b")
        if first is None or last is None:
            continue
        hours = last - first
        if hours <= 0:
            hours += _DAY if match["bperiod"] or match["bname"] else _NOON
        if 0 < hours < _DAY:
            sign = "~" if match["about"] else ">" if match["past"] else "="
            amount = Amount(round(hours, 2), None, sign)
            found.append(Found(amount, "hour/day", Span(*match.span())))
    return tuple(found)
