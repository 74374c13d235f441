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
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_VAGUE = {
    "dozens": 24,
    "scores": 40,
    "hundreds": 100,
    "thousands": 1_000,
    "tens of thousands": 10_000,
    "hundreds of thousands": 100_000,
    "millions": 1_000_000,
}
"""Least number that a vague plural can mean (two dozens, two scores, else one of the unit)."""

_COMPARATORS = (
    (regex.compile(r"up to|at most|no more than|as (?:much|many|long) as|maximum"), "<="),
    (regex.compile(r"(?:never|not) (?:under|below|less|fewer)|no less"), ">="),
    (regex.compile(r"at least|no fewer than|no less than|minimum|upwards? of|or more"), ">="),
    (
        regex.compile(
            r"more than|over|above|beyond|exceed\w*|longer than|in excess of|past|top|north of"
        ),
        ">",
    ),
    (regex.compile(r"less than|fewer than|under|below|not even|nearly|almost|close to"), "<"),
    (regex.compile(r"about|around|roughly|some|approximately|an estimated|or so|ish"), "~"),
)
HOURS_OF_A_DAY = 24


def number(words: str) -> float | None:
    """Return the number that *words* say, or None.

    Example:
        >>> number("twenty-four"), number("1,200"), number("two and a half")
        (24.0, 1200.0, 2.5)
    """
    plain = words.strip().lower().replace("-", " ")
    if plain in _VAGUE:
        return float(_VAGUE[plain])
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
    sign = comparator(groups.get("comp", ""))
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
    r"(?:(?P<half>half past|half) )?(?P<h>\d{1,2}|\w+)(?:[:.](?P<m>\d\d))?(?: ?o'clock)?"
    r"(?: ?(?P<part>a\.?m\.?|p\.?m\.?|(?:in the |at )?(?:early |late )?"
    r"(?:morning|afternoon|evening|night|noon|midnight|dawn)))?",
    regex.IGNORECASE,
)
_NAMED_HOURS = {"noon": 12.0, "midday": 12.0, "midnight": 24.0, "dawn": 5.0}


def _hour(words: str) -> tuple[float, str] | None:
    plain = words.strip().lower().strip(".")
    for name, value in _NAMED_HOURS.items():
        if plain == name and name != "dawn":
            return value, "fixed"
    match = _CLOCK.fullmatch(words.strip().strip(",")) or _CLOCK.fullmatch(plain)
    if match is None:
        return None
    hour = number(match.group("h"))
    if hour is None or hour > HOURS_OF_A_DAY:
        return None
    value = hour + (0.5 if match.group("half") else 0.0)
    if match.group("m"):
        value += int(match.group("m")) / 60
    part = (match.group("part") or "").lower().replace(".", "")
    if any(word in part for word in ("pm", "afternoon", "evening", "night")) and value < 12:  # noqa: PLR2004 - noon
        return value + 12, "pm"
    if any(word in part for word in ("am", "morning", "dawn")):
        return value, "am"
    return value, "fixed" if hour > 12 else ""  # noqa: PLR2004 - noon


def clock(groups: Mapping[str, str], _sentence: str) -> Value | None:
    """Compute the hours of a day from groups ``from`` and ``to``.

    Example:
        >>> clock({"from": "five in the morning", "to": "eight at night"}, "")
        {'amount': 15, 'unit': 'hour/day', 'comparator': '='}
    """
    first, last = _hour(groups.get("from", "")), _hour(groups.get("to", ""))
    if first is None or last is None:
        return None
    start, end = first[0], last[0]
    if last[1] == "" and end <= start:
        end += 12
    length = (end - start) % HOURS_OF_A_DAY
    if not 6 <= length <= 22:  # noqa: PLR2004 - shorter is a break, longer a misread clock
        return None
    return {"amount": whole(round(length, 2)), "unit": "hour/day", "comparator": "="}


def count(groups: Mapping[str, str], _sentence: str) -> Value | None:
    """Read a count of people: groups ``n``, ``comp``, ``unit``."""
    unit = groups.get("unit", "person").lower()
    found = _dict(groups, "child" if unit.startswith("child") else "person")
    if found is None or float(str(found["amount"])) < 2:  # noqa: PLR2004 - one is no workforce
        return None
    return found


_CURRENCIES = (
    (regex.compile(r"us\$|\$|dollars?|usd"), "USD"),
    (regex.compile(r"£|pounds?|gbp"), "GBP"),
    (regex.compile(r"€|euros?|eur"), "EUR"),
    (regex.compile(r"yuan|rmb|renminbi|cny|元"), "CNY"),
    (regex.compile(r"won|kpw"), "KPW"),
    (regex.compile(r"rupees?|inr"), "INR"),
    (regex.compile(r"rub\w*"), "RUB"),
)


def money(groups: Mapping[str, str], _sentence: str) -> Value | None:
    """Read money per time or piece: groups ``n``, ``currency``, ``per``, ``comp``."""
    currency = groups.get("currency", "").lower()
    unit = next((code for pattern, code in _CURRENCIES if pattern.search(currency)), "")
    per = groups.get("per", "").lower().removeprefix("a ").removeprefix("per ").strip()
    if not unit:
        return None
    return _dict(groups, f"{unit}/{per}" if per else unit)


def amount(groups: Mapping[str, str], _sentence: str) -> Value | None:
    """Read any amount: groups ``n``, ``unit``, ``per``, ``comp``."""
    unit = " ".join(groups.get("unit", "").lower().split())
    per = " ".join(groups.get("per", "").lower().split())
    return _dict(groups, f"{unit}/{per}" if per else unit)


HOOKS: Mapping[str, NumberHook] = {
    "hours": hours,
    "long_hours": long_hours,
    "clock": clock,
    "count": count,
    "money": money,
    "amount": amount,
}
"""What a rule's ``number`` key may name."""
