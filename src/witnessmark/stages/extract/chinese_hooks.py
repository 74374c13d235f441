"""Number hooks of Chinese: what a rule's named group ``phrase`` says in figures.

Laws:
1. A hook reads the groups ``phrase`` and ``per`` (the words that a rule found), no further.
2. No number in the words: ``None``, and the rule makes no claim.
3. A day of work has at most 24 hours; more is no number of hours a day.
4. 元 without more is the renminbi; another money is named by its own word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from witnessmark.stages.extract.chinese_clock import clock_hours
from witnessmark.stages.extract.chinese_numbers import Amount, Found, parse, quantities

if TYPE_CHECKING:
    from collections.abc import Mapping

    from witnessmark.core.claim import Value
    from witnessmark.stages.extract.language import NumberHook

DAY_HOURS = 24
LEAST_HOURS = 3
"""Fewer hours a day are a rest, a meal or a way, and no day of work (D)."""

HOURS = {"小时": "hour/day", "钟头": "hour/day", "钟": "hour/day", "h": "hour/day"}
PERSONS = {"人": "person", "名": "person", "位": "person", "口人": "person", "号人": "person"}
MONEY = {
    "元": "CNY", "块钱": "CNY", "块": "CNY", "元人民币": "CNY", "人民币": "CNY", "毛": "jiao",
    "角": "jiao", "分钱": "fen", "美元": "USD", "美金": "USD", "欧元": "EUR", "欧": "EUR",
    "日元": "JPY", "日圆": "JPY", "港元": "HKD", "港币": "HKD", "新台币": "TWD", "台币": "TWD",
    "韩元": "KRW", "卢布": "RUB", "泰铢": "THB", "令吉": "MYR", "卢比": "rupee", "塔卡": "BDT",
    "迪拉姆": "AED", "里亚尔": "riyal", "第纳尔": "dinar", "第纳": "dinar", "比索": "peso",
    "越南盾": "VND", "盾": "IDR", "英镑": "GBP", "苏姆": "UZS", "缅元": "MMK", "缅币": "MMK",
    "瑞尔": "KHR", "新元": "SGD", "澳元": "AUD", "法郎": "franc", "先令": "shilling",
    "里拉": "TRY", "朝鲜元": "KPW", "朝元": "KPW", "雷亚尔": "BRL", "奈拉": "NGN",
}  # fmt: skip
GOODS = {
    "块": "piece", "件": "piece", "个": "piece", "只": "piece", "条": "piece", "双": "pair",
    "对": "pair", "副": "pair", "顶": "piece", "套": "set", "串": "string", "袋": "sack",
    "包": "pack", "箱": "box", "盒": "box", "吨": "tonne", "公斤": "kg", "千克": "kg",
    "斤": "jin", "克": "g", "米": "metre", "平方米": "square metre", "立方米": "cubic metre",
    "方": "cubic metre", "车": "truckload", "根": "piece", "枚": "piece", "张": "piece",
    "支": "piece", "把": "piece", "台": "piece", "部": "piece", "亩": "mu", "筐": "basket",
    "桶": "bucket", "捆": "bundle", "打": "dozen", "柜": "container", "集装箱": "container",
    "公担": "quintal", "磅": "pound", "束": "bunch", "朵": "piece", "颗": "piece", "针": "stitch",
    "单": "order", "片": "piece", "本": "piece", "卷": "roll", "匹": "bolt", "担": "load",
}  # fmt: skip
_PER = (
    (
        "day",
        regex.compile(r"每[人名]?[天日]|[一每]天|日薪|日工资|天(?:一|给|付)|当[天日]|每班|一班|日"),
    ),
    ("hour", regex.compile(r"每小时|一(?:个)?小时|时薪|每个?钟头")),
    ("week", regex.compile(r"每?(?:个|一)?(?:星期|周|礼拜)|周薪")),
    ("year", regex.compile(r"每年|一年|年薪|全年|去年|今年|年(?:产|出|均)|年度")),
    ("quarter", regex.compile(r"季")),
    (
        "month",
        regex.compile(r"每(?:人每)?(?:个)?月|一个?月|月薪|月工资|月(?:入|均|收入|给|付|发|产)|月"),
    ),
)


def _period(words: str) -> str:
    return next((name for name, pattern in _PER if pattern.search(words)), "")


def _hours(groups: Mapping[str, str], _sentence: str) -> Value | None:
    phrase = groups.get("phrase", "")
    found = clock_hours(phrase, 0, len(phrase)) or quantities(phrase, HOURS, 0, len(phrase))
    if not found:
        return None
    amount = found[-1].amount
    top = amount.high if amount.high is not None else amount.low
    return amount.value("hour/day") if LEAST_HOURS <= amount.low <= top <= DAY_HOURS else None


def _money(phrase: str) -> Found | None:
    found = quantities(phrase, MONEY, 0, len(phrase))
    if not found:
        return None
    if found[0].unit in {"jiao", "fen"}:
        part = 10 if found[0].unit == "jiao" else 100
        amount = found[0].amount
        high = None if amount.high is None else amount.high / part
        return Found(Amount(amount.low / part, high, amount.comparator), "CNY", found[0].span)
    return found[0]


def _bare(phrase: str) -> Amount | None:
    """Return a sum said without its unit, as in speech: 月薪三千二."""
    return parse(phrase)


def _pay(groups: Mapping[str, str], _sentence: str) -> Value | None:
    phrase = groups.get("phrase", "")
    period = _period(groups.get("per", ""))
    found = _money(phrase)
    amount = found.amount if found else _bare(phrase)
    if amount is None:
        return None
    unit = found.unit if found else "CNY"
    return amount.value(f"{unit}/{period}" if period else unit)


def _price(groups: Mapping[str, str], _sentence: str) -> Value | None:
    found = _money(groups.get("phrase", ""))
    if found is None:
        return None
    piece = next(
        (GOODS[n] for n in _by_length(GOODS) if groups.get("piece", "").endswith(n)), "piece"
    )
    many = quantities(groups.get("piece", ""), GOODS, 0, len(groups.get("piece", "")))
    number = many[0].amount.low if many else 1
    return found.amount.value(f"{found.unit}/{piece if number == 1 else f'{number:g} {piece}'}")


def _by_length(units: Mapping[str, str]) -> list[str]:
    return sorted(units, key=len, reverse=True)


def _goods(groups: Mapping[str, str], _sentence: str) -> Value | None:
    phrase = groups.get("phrase", "")
    found = quantities(phrase, GOODS, 0, len(phrase))
    if not found:
        return None
    period = _period(groups.get("per", ""))
    return found[0].amount.value(f"{found[0].unit}/{period}" if period else found[0].unit)


def _persons(groups: Mapping[str, str], _sentence: str) -> Value | None:
    phrase = groups.get("phrase", "")
    found = quantities(phrase, PERSONS, 0, len(phrase))
    if not found or found[0].amount.low < 2:  # noqa: PLR2004 - one man is no workforce
        return None
    return found[0].amount.value("person")


HOOKS: Mapping[str, NumberHook] = {
    "hours": _hours,
    "persons": _persons,
    "pay": _pay,
    "price": _price,
    "goods": _goods,
}
"""By the name that a rule's ``number`` gives."""
