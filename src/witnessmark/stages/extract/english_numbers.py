"""English numbers: words, ranges, comparators, clock times, money.

Laws:
1. A number dict says what the words say: ``over 12`` is ``>``, ``up to 16`` is ``<=``.
2. A vague quantity is a bound, never a point: ``dozens`` is at least 24.
3. A clock range is computed and nothing else is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from witnessmark.core.interval import whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from witnessmark.core.claim import Value
    from witnessmark.stages.extract.language import NumberHook

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS: dict[str, float] = {
    **{word: float(value) for value, word in enumerate(_UNITS)},
    **{word: 10.0 * (value + 2) for value, word in enumerate(_TENS)},
    "half": 0.5,
}
_SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "lakh": 100_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
}
_VAGUE = {
    "dozens": 24,
    "several dozen": 24,
    "a few dozen": 24,
    "some dozens": 24,
    "scores": 40,
    "several hundred": 200,
    "a few hundred": 200,
    "several thousand": 2_000,
    "a few thousand": 2_000,
    "hundreds": 100,
    "thousands": 1_000,
    "tens of thousands": 10_000,
    "hundreds of thousands": 100_000,
    "millions": 1_000_000,
}
"""Least number that a vague plural can mean: two dozens, two scores, two of what there are
several of, else one of the unit."""

_WHOLE: dict[str, float] = {**_VAGUE, "a": 1, "an": 1}
"""Words that are a number where nothing else stands with them."""

_COMPARATORS = (
    (regex.compile(r"up to|at most|no more than|as (?:much|many|long) as|maximum|or less"), "<="),
    (regex.compile(r"(?:never|not) (?:under|below|less|fewer|before)|seldom before|no less"), ">="),
    (regex.compile(r"at least|no fewer than|minimum|upwards? of|or more|and more|plus|\+"), ">="),
    (
        regex.compile(
            r"more than|over|above|beyond|exceed\w*|longer than|in excess of|past|after|top"
            r"|north of"
        ),
        ">",
    ),
    (regex.compile(r"less than|fewer than|under|below|not even|nearly|almost|close to"), "<"),
    (
        regex.compile(r"about|around|roughly|some|approximately|estimated|or so|ish|average|mean"),
        "~",
    ),
)
HOURS_OF_A_DAY = 24


def number(words: str) -> float | None:
    """Return the number that *words* say, or None.

    Example:
        >>> number("twenty-four"), number("1,200"), number("two and a half")
        (24.0, 1200.0, 2.5)
    """
    plain = words.strip().lower().replace("-", " ")
    if plain in _WHOLE:
        return float(_WHOLE[plain])
    total, current, seen = 0.0, 0.0, False
    for word in plain.replace(" and ", " ").split():
        digits = word.replace(",", "")
        if regex.fullmatch(r"\d+(?:\.\d+)?", digits):
            current += float(digits)
        elif word in {"a", "an"}:
            current += 0
        elif word in _WORDS:
            current += _WORDS[word]
        elif word in _SCALES:
            current = (current or 1) * _SCALES[word]
            if word != "hundred":
                total, current = total + current, 0.0
        elif word == "dozen":
            current = (current or 1) * 12
        elif word in {"couple", "of"}:
            current += 2 if word == "couple" else 0
        else:
            return None
        seen = True
    return total + current if seen else None


def comparator(words: str) -> str:
    """Return the comparator that *words* say, ``=`` where they say none."""
    plain = words.strip().lower()
    return next((sign for pattern, sign in _COMPARATORS if pattern.search(plain)), "=")


def _dict(groups: Mapping[str, str], unit: str) -> dict[str, object] | None:
    amount = number(groups.get("n", ""))
    if amount is None:
        return None
    high = number(groups["high"]) if groups.get("high") else None
    sign = comparator(f"{groups.get('comp', '')} {groups.get('post', '')}")
    plain = groups.get("n", "").strip().lower()
    if plain in _VAGUE and sign == "=":
        sign = ">="
    found: dict[str, object] = {"amount": whole(amount), "unit": unit, "comparator": sign}
    if high is not None and high > amount:
        found |= {"comparator": "range", "high": whole(high)}
    return found


def hours(groups: Mapping[str, str], _sentence: str) -> Value | None:
    """Read hours a day: groups ``n``, optionally ``high``, ``comp``."""
    found = _dict(groups, "hour/day")
    if found is None:
        return None
    amount = float(str(found["amount"]))
    return found if 0 < amount <= HOURS_OF_A_DAY else None


LEAST_LONG = 8
"""Hours from which a bare number of hours, in a text about people who are held and made to
work, is taken for their working day."""


def long_hours(groups: Mapping[str, str], sentence: str) -> Value | None:
    """Read hours a day that are many enough to be a working day."""
    found = hours(groups, sentence)
    long = isinstance(found, dict) and float(str(found["amount"])) >= LEAST_LONG
    return found if long else None


_CLOCK = regex.compile(
    r"(?:(?P<half>half past|half)|(?P<quarter>quarter (?:past|to)))? ?"
    r"(?P<h>\d{1,2}|[a-z]+)(?:[:.]?(?P<m>\d\d))?(?: ?(?:o'clock|hours|hrs|h))?"
    r"(?:,? ?(?P<part>a\.?m\.?|p\.?m\.?|(?:in the |at |that |the )*"
    r"(?:early |late |next |following )*(?:morning|afternoon|evening|night|dawn)))?",
    regex.IGNORECASE,
)
_NAMED_HOURS = {"noon": 12.0, "midday": 12.0, "midnight": 24.0}
_NOON = 12.0
SHORTEST_DAY, LONGEST_DAY = 6, 21
"""Hours of the shortest and the longest working day between two times of the clock: what is
shorter is a break, what is longer a misread clock."""


def _hours_meant(words: str) -> tuple[float, ...]:
    """Return the hours that a time of the clock can mean, the likeliest first."""
    plain = words.strip().lower().strip(".,")
    if plain in _NAMED_HOURS:
        return (_NAMED_HOURS[plain],)
    match = _CLOCK.fullmatch(words.strip().strip(",")) or _CLOCK.fullmatch(plain)
    hour = None if match is None else number(match["h"])
    if match is None or hour is None or hour > HOURS_OF_A_DAY:
        return ()
    quarter = {"past": 0.25, "to": -0.25}.get((match["quarter"] or "").rpartition(" ")[2], 0.0)
    value = hour + (0.5 if match["half"] else quarter)
    if match["m"]:
        value += int(match["m"]) / 60
    part = (match["part"] or "").lower().replace(".", "")
    if any(word in part for word in ("morning", "dawn", "am")):
        return (value % _NOON if hour == _NOON else value,)
    if part:
        small_hours = "night" in part and hour <= 4  # noqa: PLR2004 - two at night is past midnight
        return (value if small_hours or value >= _NOON else value + _NOON,)
    whole_day = value > _NOON or (match["m"] and len(match["h"]) > 1)
    return (value,) if whole_day else (value, value + _NOON)


def clock(groups: Mapping[str, str], _sentence: str) -> Value | None:
    """Compute the hours of a day from groups ``from`` and ``to``, ``comp`` before the latter.

    Where a time is said without its part of the day, the shortest working day is meant.

    Example:
        >>> clock({"from": "five in the morning", "to": "eight at night"}, "")
        {'amount': 15, 'unit': 'hour/day', 'comparator': '='}
        >>> clock({"from": "4:30", "to": "nine", "comp": "past"}, "")
        {'amount': 16.5, 'unit': 'hour/day', 'comparator': '>'}
    """
    firsts, lasts = _hours_meant(groups.get("from", "")), _hours_meant(groups.get("to", ""))
    lengths = [(last - first) % HOURS_OF_A_DAY for first in firsts[:1] for last in lasts]
    likely = [length for length in lengths if SHORTEST_DAY <= length <= LONGEST_DAY]
    if not likely:
        return None
    sign = comparator(groups.get("comp", ""))
    return {"amount": whole(round(min(likely), 2)), "unit": "hour/day", "comparator": sign}


_YEARS = regex.compile(r"(?:1[5-9]|20)\d\d")


def count(groups: Mapping[str, str], _sentence: str) -> Value | None:
    """Read a count of people: groups ``n``, ``comp``, ``post``, ``unit``; a year is no count.

    The group ``also`` is added: nineteen men and two boys are 21.
    """
    unit = groups.get("unit", "person").lower()
    young = unit.startswith(("child", "boy", "girl", "minor")) and not groups.get("more")
    found = _dict(groups, "child" if young else "person")
    if found is None or _YEARS.fullmatch(groups.get("n", "")):
        return None
    also = number(groups.get("also", ""))
    if also is not None:
        found["amount"] = whole(float(str(found["amount"])) + also)
    return found if float(str(found["amount"])) >= 2 else None  # noqa: PLR2004 - one is no workforce


_CURRENCIES = (
    (regex.compile(r"us\$|\$|dollars?|usd|\bcents?\b"), "USD"),
    (regex.compile(r"£|pounds?|gbp|\bpence\b"), "GBP"),
    (regex.compile(r"€|euros?|eur"), "EUR"),
    (regex.compile(r"yuan|rmb|renminbi|cny|元"), "CNY"),
    (regex.compile(r"won|kpw"), "KPW"),
    (regex.compile(r"rupees?|inr|\brs\b|₹|\bpaise\b"), "INR"),
    (regex.compile(r"\brub\w*|rou?bles?"), "RUB"),
    (regex.compile(r"yen|jpy"), "JPY"),
)
_HUNDREDTHS = regex.compile(r"cents?|pence|paise", regex.IGNORECASE)
_ARTICLE = regex.compile(r"^(?:a|an|per|each|every|the|for|by)\s+(?:a |an |each |every |the )?")
_DAILY = {"daily": "day", "hourly": "hour", "weekly": "week", "monthly": "month"}


def money(groups: Mapping[str, str], _sentence: str) -> Value | None:
    """Read money per time or piece: groups ``n``, ``high``, ``currency``, ``per``, ``comp``.

    A currency of no code keeps its own name, in the singular.

    Example:
        >>> money({"n": "86", "currency": "cents", "per": "an hour"}, "")
        {'amount': 0.86, 'unit': 'USD/hour', 'comparator': '='}
    """
    currency = groups.get("currency", "").lower().strip()
    code = next((code for pattern, code in _CURRENCIES if pattern.search(currency)), "")
    unit = code or currency.removesuffix("s")
    if not unit:
        return None
    per = _ARTICLE.sub("", groups.get("per", "").lower().strip())
    per = _DAILY.get(per, per)
    found = _dict(groups, f"{unit}/{per}" if per else unit)
    if found is not None and code and _HUNDREDTHS.fullmatch(currency):
        for key in ("amount", "high"):
            if key in found:
                found[key] = whole(float(str(found[key])) / 100)
    return found


def amount(groups: Mapping[str, str], _sentence: str) -> Value | None:
    """Read any amount: groups ``n``, ``unit``, ``per``, ``comp``."""
    unit = " ".join(groups.get("unit", "").lower().split())
    per = " ".join(groups.get("per", "").lower().split())
    return _dict(groups, f"{unit}/{per}" if per else unit)


def task(groups: Mapping[str, str], _sentence: str) -> Value | None:
    """Read an amount of goods that is set or made: groups ``n``, ``unit``, ``per``, ``comp``.

    Example:
        >>> task({"n": "three", "unit": "balls", "per": "by the evening"}, "")
        {'amount': 3, 'unit': 'ball/evening', 'comparator': '='}
    """
    unit = groups.get("unit", "").lower()
    short = unit.endswith(("ss", "us")) or len(unit) < len("kgs")
    unit = unit if short else unit.removesuffix("s")
    per = _ARTICLE.sub("", groups.get("per", "").lower().strip())
    per = _DAILY.get(per, per)
    return _dict(groups, f"{unit}/{per}" if per else unit)


HOOKS: Mapping[str, NumberHook] = {
    "task": task,
    "hours": hours,
    "long_hours": long_hours,
    "clock": clock,
    "count": count,
    "money": money,
    "amount": amount,
}
"""What a rule's ``number`` key may name."""
