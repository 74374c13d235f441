"""Number hooks of Korean: what a rule's named group ``phrase`` says in figures.

Laws:
1. A hook reads the group ``phrase`` (the words that a rule found) and nothing further.
2. No number in the words: ``None``, and the rule makes no claim.
3. A day of work has at most 24 hours; more is no number of hours a day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.stages.extract.korean_clock import clock_hours
from witnessmark.stages.extract.korean_numbers import Amount, parse, quantities

if TYPE_CHECKING:
    from collections.abc import Mapping

    from witnessmark.core.claim import Value
    from witnessmark.stages.extract.language import NumberHook

LONG_DAY_HOURS = 12
"""From so many hours a day ``excessive_overtime`` is marked (``corpus/GUIDELINES.md`` §4)."""

DAY_HOURS = 24

HOURS = {"시간": "hour/day"}
PERSONS = {"명": "person", "사람": "person", "인": "person"}
MONEY = {
    "위안": "CNY", "원": "KPW", "달러": "USD", "딸라": "USD", "유로": "EUR", "루블": "RUB",
    "엔": "JPY",
}  # fmt: skip
"""원 is read as the won of North Korea; a text that means the South's says 한국 돈 (D)."""

PIECES = {
    "개": "piece", "장": "piece", "점": "piece", "벌": "piece", "켤레": "pair", "쌍": "pair",
    "짝": "piece",
    "톤": "tonne", "t": "tonne", "킬로그램": "kg", "킬로": "kg", "kg": "kg", "상자": "box",
    "자루": "sack", "마대": "sack", "포대": "sack", "그램": "g", "미터": "m",
    "잔": "glass",
    "포기": "plant", "마리": "head", "송이": "flower", "권": "volume", "묶음": "bundle",
    "곽": "box",
    "박스": "box", "차": "truckload", "컨테이너": "container", "타래": "skein",
}  # fmt: skip


def _hours_of(phrase: str) -> Amount | None:
    clock = clock_hours(phrase, 0, len(phrase))
    found = clock or quantities(phrase, HOURS, 0, len(phrase))
    if not found:
        return None
    amount = found[0].amount
    top = amount.high if amount.high is not None else amount.low
    return amount if 0 < amount.low <= top <= DAY_HOURS else None


def _long(groups: Mapping[str, str], _sentence: str) -> Value | None:
    amount = _hours_of(groups.get("phrase", ""))
    return amount.value("hour/day") if amount and amount.low >= LONG_DAY_HOURS else None


def _short(groups: Mapping[str, str], _sentence: str) -> Value | None:
    amount = _hours_of(groups.get("phrase", ""))
    return amount.value("hour/day") if amount and amount.low < LONG_DAY_HOURS else None


LEAST_DAY_HOURS = 3
"""Fewer hours are a part of a day's work, not the day."""


def _hours(groups: Mapping[str, str], _sentence: str) -> Value | None:
    amount = _hours_of(groups.get("phrase", ""))
    return amount.value("hour/day") if amount and amount.low >= LEAST_DAY_HOURS else None


PER = {
    "시간": "/hour", "시급": "/hour", "하루": "/day", "일당": "/day", "매일": "/day",
    "날마다": "/day",
    "일일": "/day", "주": "/week", "일주일": "/week", "매주": "/week", "달": "/month",
    "월": "/month", "해": "/year", "년": "/year", "연": "/year",
}  # fmt: skip
"""Words that say for what time money is paid or goods are due; the longest that ends the
group ``per`` or stands in it counts."""


def _per(groups: Mapping[str, str]) -> str:
    words = groups.get("per", "")
    known = sorted((name for name in PER if name in words), key=lambda name: (-len(name), name))
    return PER[known[0]] if known else ""


def _timed(units: dict[str, str]) -> NumberHook:
    """Return a hook that reads the group ``phrase`` for the time in the group ``per``."""

    def hook(groups: Mapping[str, str], _sentence: str) -> Value | None:
        phrase = groups.get("phrase", "")
        found = quantities(phrase, units, 0, len(phrase))
        return found[0].amount.value(found[0].unit + _per(groups)) if found else None

    return hook


def _counted(units: dict[str, str], per: str = "") -> NumberHook:
    def hook(groups: Mapping[str, str], _sentence: str) -> Value | None:
        phrase = groups.get("phrase", "")
        found = quantities(phrase, units, 0, len(phrase))
        return found[0].amount.value(found[0].unit + per) if found else None

    return hook


def _trend(groups: Mapping[str, str], _sentence: str) -> Value | None:
    before, after = parse(groups.get("before", "")), parse(groups.get("after", ""))
    if before is None or after is None:
        return None
    if before.low == after.low:
        return "same"
    return "up" if after.low > before.low else "down"


HOOKS: Mapping[str, NumberHook] = {
    "hours_long": _long,
    "hours_short": _short,
    "hours": _hours,
    "pay": _timed(MONEY),
    "load": _timed({**PIECES, **PERSONS, **MONEY}),
    "persons": _counted(PERSONS),
    "money": _counted(MONEY),
    "price": _counted(MONEY, "/piece"),
    "wage_day": _counted(MONEY, "/day"),
    "wage_month": _counted(MONEY, "/month"),
    "volume": _counted(PIECES),
    "pieces_day": _counted(PIECES, "/day"),
    "pieces_week": _counted(PIECES, "/week"),
    "pieces_month": _counted(PIECES, "/month"),
    "trend": _trend,
}
"""By the name that a rule's ``number`` gives."""
