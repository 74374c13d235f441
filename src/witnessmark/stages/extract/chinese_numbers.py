"""Chinese numbers: figures, numerals, hedges and ranges.

Laws:
1. A number keeps its comparator: 以上、至少 ``>=``, 多、余、超过 ``>``, 不到 ``<``,
   不超过 ``<=``, 约、近、来、左右 ``~``; 上千 is ``>=`` 1000.
2. A vague numeral is a bound or an interval, never a point: 数十 is ``>`` 10, 三四百 is
   300 to 400, 十几 is 11 to 19.
3. What is no number gives ``None``; nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

from witnessmark.core.interval import whole
from witnessmark.core.span import Span

_DIGITS = {
    **{sign: value for value, sign in enumerate("零一二三四五六七八九")},
    **{sign: value for value, sign in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
    "俩": 2,
    "仨": 3,
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GREAT = {"万": 10_000, "亿": 100_000_000}
_WHOLE = {"廿": 20, "卅": 30}
_UNITS = {**_SMALL, **_GREAT}
_SIGN = r"[零〇一二两俩仨三四五六七八九壹贰叁肆伍陆柒捌玖十拾百佰千仟万亿廿卅]"
_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_VAGUE = r"(?:好?几|数|上|成)(?:十|百|千)?[十百千万亿]"
NUMERAL = (
    rf"(?:(?:{_FIGURE})\s?[十百千]?[万亿]?|{_VAGUE}|十几"
    rf"|{_SIGN}+(?:点[零〇一二三四五六七八九]+)?[万亿]?)"
)
"""A numeral, as a pattern: ``12``, ``3.5万``, ``十二``, ``三四百``, ``数十``, ``上千``."""


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


def _signs(word: str) -> float | None:
    """Return what a numeral in signs says: 一千二 is 1200, 二〇一九 is 2019."""
    before, point, after = word.partition("点")
    great = _GREAT.get(after[-1:], 1) if point else 1
    if point:
        tail = [_DIGITS.get(sign) for sign in after.rstrip("万亿")]
        head = _whole(before)
        if head is None or not tail or None in tail:
            return None
        return float(f"{head}.{''.join(map(str, tail))}") * great
    return _whole(word)


def _whole(word: str) -> int | None:
    if not word:
        return None
    if all(sign in _DIGITS for sign in word):
        return int("".join(str(_DIGITS[sign]) for sign in word))
    total = section = digit = 0
    last = 1
    gap = False
    for sign in word:
        if sign in _DIGITS:
            digit = digit * 10 + _DIGITS[sign] if digit else _DIGITS[sign]
            gap = gap or _DIGITS[sign] == 0
        elif sign in _WHOLE:
            section += _WHOLE[sign]
        elif sign in _SMALL:
            section += (digit or 1) * _SMALL[sign]
            digit, last, gap = 0, _SMALL[sign], False
        elif sign in _GREAT:
            if 0 < total < _GREAT[sign]:
                total = (total + section + digit) * _GREAT[sign]
            else:
                total += (section + digit or 1) * _GREAT[sign]
            section, digit, last, gap = 0, 0, _GREAT[sign], False
        else:
            return None
    shortened = digit and not gap and last >= 100 and digit < 10  # noqa: PLR2004 - 一千二 is 1200
    return total + section + (digit * last // 10 if shortened else digit)


_PAIR = regex.compile(
    r"(?<![零〇一二三四五六七八九])(?P<a>[一二两三四五六七八])(?P<b>[二两三四五六七八九])(?![零〇一二三四五六七八九点])"
)
_BIG = regex.compile(rf"(?P<figure>{_FIGURE})\s?(?P<small>[十百千])?(?P<great>[万亿])?")


@cache
def parse(word: str) -> Amount | None:
    """Return what the numeral *word* says, or ``None``.

    >>> parse("十二").low, parse("3.5万").low, parse("三四百").high, parse("上千").comparator
    (12, 35000.0, 400, '>=')
    """
    word = word.strip().removeprefix("好")
    figures = _BIG.fullmatch(word)
    if figures is not None:
        number = float(figures["figure"].replace(",", ""))
        number *= _SMALL.get(figures["small"] or "", 1) * _GREAT.get(figures["great"] or "", 1)
        return Amount(number) if number else None
    if word == "十几":
        return Amount(11, 19, "range")
    if word[:1] in {"几", "数"} and (unit := _signs(word[1:])):
        return Amount(unit, None, ">")
    if word[:1] in {"上", "成"} and (unit := _signs(word[1:])):
        return Amount(unit, None, ">=")
    pair = _PAIR.search(word)
    if pair is not None and (len(word) == 2 or set(word) & set(_UNITS)):  # noqa: PLR2004 - 三四
        bottom = _signs(word[: pair.start()] + pair["a"] + word[pair.end() :])
        top = _signs(word[: pair.start()] + pair["b"] + word[pair.end() :])
        if bottom and top and bottom < top:
            return Amount(bottom, top, "range")
    said = _signs(word)
    return Amount(said) if said else None


_BEFORE = regex.compile(
    r"(?P<lt>不到|不足|不满|睡不到|未满|低于|不够)\s*$"
    r"|(?P<le>不超过|至多|最多|顶多|不多于|最长)\s*$"
    r"|(?P<ge>至少|最少|起码|少说也?有?|不少于|不下于?|不低于|最低)(?:要?(?:干|做|工作|劳动|达|有)?)\s*$"
    r"|(?P<gt>超过|逾|超|多于|远超|高于|突破)\s*$"
    r"|(?P<about>近|将近|接近|约|大约|大概|约有|约为|差不多|平均(?:每[天日])?(?:工作)?约|估计(?:有|约)?|上下)\s*$"
)
_AFTER = regex.compile(
    r"\s*(?:(?P<ge>以上|及以上|打底|起步|起)|(?P<le>以下|以内|之内|封顶)|(?P<about>左右|上下|许|的样子|光景)|(?P<gt>多(?![少])|有余|开外))"
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
        sign = {"ge": ">=", "gt": ">", "le": "<=", "about": "~"}[after.lastgroup or "ge"]
        return Amount(amount.low, amount.high, sign), after.end()
    before = _BEFORE.search(text, max(0, start - 10), start)
    if before is not None:
        signs = {"ge": ">=", "gt": ">", "lt": "<", "le": "<=", "about": "~"}
        return Amount(amount.low, amount.high, signs[before.lastgroup or "about"]), end
    return amount, end


_MORE = {"多": ">", "余": ">", "几": ">", "来": "~", "把": "~"}


@cache
def _quantity(units: tuple[str, ...]) -> regex.Pattern[str]:
    names = "|".join(regex.escape(name) for name in sorted(units, key=len, reverse=True))
    return regex.compile(
        rf"(?<![\d.,])(?P<first>{NUMERAL})(?:\s?个?\s?(?:{names}))?\s?(?:至|到|~|-|或)\s?"
        rf"(?P<second>{NUMERAL})(?P<half2>个半)?\s?个?\s?(?P<unit>{names})"
        rf"|(?<![\d.,第])(?P<one>{NUMERAL})(?P<more>[多余来几把])?(?P<great>[万亿])?\s?个?"
        rf"(?P<later>[多来])?(?P<half>半)?\s?(?P<unit1>{names})(?P<rest>半|[一二三四五六七八九](?![一-龥]))?"
    )


def quantities(text: str, units: dict[str, str], start: int, end: int) -> tuple[Found, ...]:
    """Return the amounts with one of *units* in ``text[start:end]``, in order.

    Args:
        text: the whole text.
        units: Chinese unit to its English name (``{"名": "person"}``).
        start: where to begin.
        end: where to stop.
    """
    found: list[Found] = []
    for match in _quantity(tuple(units)).finditer(text, start, end):
        if match["first"]:
            low, high = parse(match["first"]), parse(match["second"])
            if low is None or high is None:
                continue
            bottom = _raised(low.low, match["first"], high.low, match["second"])
            if high.low < bottom:
                continue
            top = high.low + (0.5 if match["half2"] else 0)
            amount = Amount(bottom, top, "range")
            found.append(Found(amount, units[match["unit"]], Span(*match.span())))
            continue
        bare = parse(match["one"])
        if bare is None:
            continue
        amount = _completed(bare, match)
        amount, stop = with_comparator(amount, text, match.start(), match.end())
        span = Span(match.start(), min(stop, end))
        found.append(Found(amount, units[match["unit1"]], span))
    return tuple(found)


def _raised(low: float, first: str, high: float, second: str) -> float:
    """Return *low* in the great unit of *high* where only that is said: 3至5万."""
    great = _GREAT.get(second[-1:], 1)
    return low * great if great > 1 and first[-1:] not in _GREAT and low < high / great else low


def _completed(amount: Amount, match: regex.Match[str]) -> Amount:
    """Return *amount* with what stands between numeral and unit: 多, 余, 万, 半."""
    low, high, comparator = amount.low, amount.high, amount.comparator
    if match["great"]:
        low, high = low * _GREAT[match["great"]], high and high * _GREAT[match["great"]]
    if match["half"] or match["rest"] == "半":
        low += 0.5
    elif match["rest"]:
        low += _DIGITS[match["rest"]] / 10
    more = match["more"] or match["later"]
    if more and comparator == "=":
        comparator = _MORE[more]
    return Amount(low, high, comparator)
