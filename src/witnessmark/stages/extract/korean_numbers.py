"""Korean numbers: figures, number words, hedges and ranges.

Laws:
1. A number keeps its comparator: 이상 ``>=``, 넘게 ``>``, 이하 ``<=``, 미만 ``<``, 약·쯤 ``~``.
2. A vague numeral is a bound or an interval, never a point: 수십 and 십여 are ``>`` 10,
   예닐곱 is 6 to 7.
3. What is no number gives ``None``; nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from witnessmark.core.interval import whole
from witnessmark.core.span import Span

_SINO = {
    "영": 0,
    "공": 0,
    "일": 1,
    "이": 2,
    "삼": 3,
    "사": 4,
    "오": 5,
    "육": 6,
    "칠": 7,
    "팔": 8,
    "구": 9,
}
_SMALL = {"십": 10, "백": 100, "천": 1000}
_GREAT = {"만": 10_000, "억": 100_000_000, "조": 1_000_000_000_000}
_NATIVE_ONES = {
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "석": 3, "서": 3, "넷": 4, "네": 4,
    "넉": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
}  # fmt: skip
_NATIVE_TENS = {
    "열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70,
    "여든": 80, "아흔": 90,
}  # fmt: skip
_NATIVE_RANGES = {
    "한두": (1, 2), "두세": (2, 3), "두서너": (2, 4), "서너": (3, 4), "너댓": (4, 5),
    "네댓": (4, 5), "너덧": (4, 5), "네다섯": (4, 5), "대여섯": (5, 6), "예닐곱": (6, 7),
    "일고여덟": (7, 8), "여덟아홉": (8, 9), "열두세": (12, 13), "열서너": (13, 14),
    "열댓": (14, 16),
}  # fmt: skip

_SINO_WORD = r"[일이삼사오육칠팔구십백천만억]+"
NATIVE_WORD = (
    r"(?:열|스물|스무|서른|마흔|쉰|예순|일흔|여든|아흔)"
    r"(?:하나|한|둘|두|셋|세|넷|네|다섯|여섯|일곱|여덟|아홉)?"
    r"|하나|한|두|세|석|네|넉|다섯|여섯|일곱|여덟|아홉"
)
_RANGE_WORD = "|".join(sorted(_NATIVE_RANGES, key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
NUMERAL = (
    rf"(?:(?:{_DIGITS})(?:\s?(?:십|백|천)?(?:만|억|조)|\s?[백천](?=\s?[가-힣]))?"
    rf"(?:\s?\d{{1,4}}(?:만|천|백))?"
    rf"|수(?:십만|백만|천만|십|백|천|만|억)|[십백천만]여|여남은|{_RANGE_WORD}|{NATIVE_WORD}|{_SINO_WORD})"
)
"""A numeral, as a pattern: ``12``, ``3,500``, ``3만 5천``, ``열두``, ``수십``, ``십여``."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in words or figures.

    Attributes:
        low: the amount, or its lower end.
        high: the upper end of a range, else ``None``.
        comparator: ``=``, ``>``, ``>=``, ``<``, ``<=``, ``~`` or ``range``.
    """

    low: float
    high: float | None = None
    comparator: str = "="

    def value(self, unit: str) -> dict[str, object]:
        """Return the amount as the number of ``interface.md``."""
        content: dict[str, object] = {
            "amount": whole(self.low),
            "unit": unit,
            "comparator": self.comparator,
        }
        if self.high is not None:
            content["high"] = whole(self.high)
        return content


def _sino(word: str) -> int | None:
    total = section = digit = 0
    for sign in word:
        if sign in _SINO:
            digit = _SINO[sign]
        elif sign in _SMALL:
            section += (digit or 1) * _SMALL[sign]
            digit = 0
        elif sign in _GREAT:
            total += (section + digit or 1) * _GREAT[sign]
            section = digit = 0
        else:
            return None
    return total + section + digit


def _native(word: str) -> int | None:
    tens = 0
    rest = word
    for name, worth in _NATIVE_TENS.items():
        if rest.startswith(name):
            tens, rest = worth, rest[len(name) :]
            break
    if not rest:
        return tens or None
    ones = _NATIVE_ONES.get(rest)
    return None if ones is None else tens + ones


_FIGURES = regex.compile(
    rf"(?P<figure>{_DIGITS})\s?(?P<small>[십백천])?(?P<great>만|억|조)?(?:\s?(?P<more>\d{{1,4}})(?P<step>만|천|백))?$"
)


def _figures(match: regex.Match[str]) -> float:
    number = float(match["figure"].replace(",", ""))
    number *= _SMALL.get(match["small"] or "", 1) * _GREAT.get(match["great"] or "", 1)
    if match["more"]:
        number += float(match["more"]) * {"백": 100, "천": 1000, "만": 10_000}[match["step"]]
    return number


def parse(word: str) -> Amount | None:
    """Return what the numeral *word* says, or ``None``.

    >>> parse("열두").low, parse("3만 5천").low, parse("수십").comparator
    (12, 35000.0, '>')
    """
    word = word.strip()
    if word in _NATIVE_RANGES:
        low, high = _NATIVE_RANGES[word]
        return Amount(low, high, "range")
    if word == "여남은":
        return Amount(10, None, ">")
    if word.startswith("수") and (unit := _sino(word[1:])):
        return Amount(unit, None, ">")
    if word.endswith("여") and (unit := _sino(word[:-1])):
        return Amount(unit, None, ">")
    figures = _FIGURES.match(word)
    number = _figures(figures) if figures is not None else _native(word) or _sino(word)
    return Amount(number) if number else None


_BEFORE = regex.compile(
    r"(?P<about>약|대략|거의|줄잡아|얼추|평균)\s*$"
    r"|(?P<least>최소|적어도|못해도|아무리 적어도|짧아도)\s*$"
    r"|(?P<most>최대|많게는|많아야|길게는|길어야)\s*(?:하루\s*)?$|(?P<over>무려)\s*$"
)
_AFTER = regex.compile(
    r"""\s*(?:
      (?P<ge>이상|은\s기본|이\s기본|는\s기본|은\s예사|씩은\s)
    | (?P<gt>(?:을|를|이|가|도|은|는)?\s*(?:훨씬\s|훌쩍\s)?
        (?:넘게|넘는|넘긴|넘겨|넘도록|넘어|넘을|넘기|넘고|넘었|초과|웃도|남짓\s넘))
    | (?P<lt>미만|(?:이|가|도)?\s?(?:안|채\s안|못)\s?(?:되|돼|된))
    | (?P<le>이하|이내)
    | (?P<about>정도|쯤|가량|안팎|내외|남짓|꼴|가까이|가까운|무렵)
    )""",
    regex.VERBOSE,
)


def with_comparator(amount: Amount, text: str, start: int, end: int) -> tuple[Amount, int]:
    """Return *amount* with the comparator that the words around it give, and where they end.

    Args:
        amount: the bare amount.
        text: the whole text.
        start: where the numeral starts.
        end: where its unit ends.
    """
    if amount.comparator != "=":
        return amount, end
    after = _AFTER.match(text, end)
    if after is not None:
        sign = {"ge": ">=", "gt": ">", "lt": "<", "le": "<=", "about": "~"}[after.lastgroup or "ge"]
        return Amount(amount.low, amount.high, sign), after.end()
    before = _BEFORE.search(text, max(0, start - 8), start)
    if before is not None:
        sign = {"about": "~", "least": ">=", "most": "<=", "over": "="}[before.lastgroup or "over"]
        return Amount(amount.low, amount.high, sign), end
    return amount, end


@dataclass(frozen=True, slots=True)
class Found:
    """An amount with a unit, and where it stands.

    Attributes:
        amount: the amount.
        unit: the unit, in English.
        span: the words, with hedges after the unit.
    """

    amount: Amount
    unit: str
    span: Span


def quantities(text: str, units: dict[str, str], start: int, end: int) -> tuple[Found, ...]:
    """Return the amounts with one of *units* in ``text[start:end]``, in order.

    Args:
        text: the whole text.
        units: Korean unit to its English name (``{"명": "person"}``).
        start: where to begin.
        end: where to stop.
    """
    names = "|".join(regex.escape(name) for name in sorted(units, key=len, reverse=True))
    pattern = regex.compile(
        rf"(?<![가-힣\d,.])(?P<first>{NUMERAL})(?:\s?(?:{names}))?"
        rf"(?:\s?[~∼～-]\s?|(?:에서|부터|내지|\sto)\s?)(?P<second>{NUMERAL})\s?(?P<unit>{names})"
        rf"|(?<![가-힣\d,.])(?P<one>{NUMERAL})(?P<yeo>여)?\s?(?P<unit1>{names})"
    )
    found: list[Found] = []
    for match in pattern.finditer(text, start, end):
        if match["first"]:
            low, high = parse(match["first"]), parse(match["second"])
            if low is None or high is None or high.low < low.low:
                continue
            span = Span(*match.span())
            found.append(Found(Amount(low.low, high.low, "range"), units[match["unit"]], span))
            continue
        amount = parse(match["one"])
        if amount is None:
            continue
        if match["yeo"] and amount.comparator == "=":
            amount = Amount(amount.low, None, ">")
        amount, stop = with_comparator(amount, text, match.start(), match.end())
        span = Span(match.start(), min(stop, end))
        found.append(Found(amount, units[match["unit1"]], span))
    return tuple(found)
