"""Numbers: a model points at one, our own grammar reads it.

Laws:
1. The value of a claim is what our grammar reads in the words; the model's number has to be
   the same, and is never written.
2. Comparators and ranges are read from the words, whatever the model says.
3. A unit or a "per" has to stand in the sentence.
4. A language without a reader here gives no numbers.
"""

from __future__ import annotations

from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import regex

from witnessmark.core.claim import Predicate
from witnessmark.core.span import Span
from witnessmark.stages.extract.llm.template import template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from witnessmark.core.claim import Value
    from witnessmark.stages.extract.language import Language
    from witnessmark.stages.extract.llm.answer import Figure

NUMBERS_ONLY = frozenset(
    {
        Predicate.HOURS_PER_DAY,
        Predicate.WORKERS_COUNT,
        Predicate.OUTPUT_VOLUME,
        Predicate.UNIT_PRICE,
    }
)
"""Predicates of which words are no value."""

NUMBERS_TOO = NUMBERS_ONLY | {Predicate.WAGE, Predicate.QUOTA}
"""Predicates whose value may be a number."""

_TOKEN = regex.compile(r"\d[\d,]*(?:\.\d+)?|[a-z]+", regex.IGNORECASE)
_BETWEEN = regex.compile(r"\s*(?:-|to|or|and|between)\s*", regex.IGNORECASE)
_JOINS = regex.compile(r"[ -]")
_AFTERWARDS = regex.compile(r"(?:[ -]\w+){0,2}? or (?:more|so)\b|(?:\+)")
_CHILD = regex.compile(r"\s(?:\w+ ){0,2}?(?:child|children|minors?|pupils?|boys|girls)\b")
MOST_TOKENS = 7
"""Words of a number: "two hundred and twenty five thousand" has six."""

WORDS_BEFORE = 3
"""Words in which a comparator stands before a number: "no more than", "in excess of"."""


class Reader(Protocol):
    """Reads the number that a model points at in one language."""

    def __call__(
        self, predicate: Predicate, figure: Figure, sentence: str, quote: Span, tongue: Language
    ) -> Value | None:
        """Return the value as the words give it, None where they don't give the figure."""
        ...


def read_figure(
    predicate: Predicate, figure: Figure, sentence: str, quote: Span, tongue: Language
) -> Value | None:
    """Return the number that *figure* points at, as our grammar reads it, else None.

    Args:
        predicate: what it counts.
        figure: the model's number.
        sentence: the folded sentence.
        quote: the quote inside it.
        tongue: its language.
    """
    reader = READERS.get(tongue.code)
    return reader(predicate, figure, sentence, quote, tongue) if reader else None


def _english(
    predicate: Predicate, figure: Figure, sentence: str, quote: Span, tongue: Language
) -> Value | None:
    found = _numbers(sentence, quote, tongue)
    for at, (span, amount) in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        ranged = following and _BETWEEN.fullmatch(sentence[span.end : following[0].start])
        end = following[0] if following and ranged else span
        if amount != figure.amount or (following[1] if following and ranged else None) != (
            figure.high
        ):
            continue
        groups = {
            "n": span.of(sentence),
            "high": end.of(sentence) if ranged else "",
            "comp": _comparator(sentence, span, end),
        }
        read = _counted(predicate, figure.unit, groups, sentence, Span(span.start, end.end), tongue)
        if read is not None:
            return read
    return None


def _numbers(sentence: str, quote: Span, tongue: Language) -> list[tuple[Span, float]]:
    """Return the numbers inside *quote*, the longest first at each place, in order."""
    tokens = [Span(*m.span()) for m in _TOKEN.finditer(sentence, quote.start, quote.end)]
    found: list[tuple[Span, float]] = []
    first = 0
    while first < len(tokens):
        step = 1
        for last in range(min(first + MOST_TOKENS, len(tokens)) - 1, first - 1, -1):
            amount = _amount(sentence, tokens[first : last + 1], tongue)
            if amount:
                found.append((Span(tokens[first].start, tokens[last].end), amount))
                step = last - first + 1
                break
        first += step
    return found


def _amount(sentence: str, tokens: list[Span], tongue: Language) -> float:
    """Return the number that the *tokens* say together, 0 where they say none."""
    if not all(_JOINS.fullmatch(sentence[a.end : b.start]) for a, b in pairwise(tokens)):
        return 0
    digits = [token for token in tokens if sentence[token.start].isdigit()]
    if len(digits) > 1 or tokens[-1].of(sentence).lower() in {"and", "of", "a", "an"}:
        return 0
    words = sentence[tokens[0].start : tokens[-1].end]
    read = tongue.numbers["amount"]({"n": words}, sentence)
    return float(str(read["amount"])) if isinstance(read, dict) else 0


def _comparator(sentence: str, span: Span, end: Span) -> str:
    """Return the words around a number that can say more, less or about."""
    before = regex.split(r"[,;:()\"|\d]", sentence[: span.start])[-1].split()[-WORDS_BEFORE:]
    after = _AFTERWARDS.match(sentence, end.end)
    return " ".join([*before, after.group() if after else ""])


def _counted(
    predicate: Predicate,
    unit: str,
    groups: dict[str, str],
    sentence: str,
    at: Span,
    tongue: Language,
) -> Value | None:
    words = template().words[tongue.code]
    if predicate is Predicate.HOURS_PER_DAY:
        by_day = words.hours.match(sentence, at.end) and words.a_day.search(sentence)
        return tongue.numbers["hours"](groups, sentence) if by_day else None
    if predicate is Predicate.WORKERS_COUNT:
        people = not words.not_people.match(sentence, at.end)
        child = "children" if _CHILD.match(sentence, at.end) else "person"
        return tongue.numbers["count"](groups | {"unit": child}, sentence) if people else None
    return _measured(predicate, unit, groups, sentence, at, tongue)


def _measured(
    predicate: Predicate,
    unit: str,
    groups: dict[str, str],
    sentence: str,
    at: Span,
    tongue: Language,
) -> Value | None:
    """Read money, or an amount whose unit stands in the *sentence*."""
    per = _per(unit, sentence, tongue)
    if per is None:
        return None
    nearest = [sentence[: at.start].rpartition(" ")[2], *sentence[at.end :].split()[:2]]
    money = tongue.numbers["money"](groups | {"currency": " ".join(nearest), "per": per}, sentence)
    if money is not None or predicate in {Predicate.WAGE, Predicate.UNIT_PRICE}:
        return money
    name = _standing(unit.partition("/")[0], sentence)
    if name is None:
        return None
    return tongue.numbers["amount"](groups | {"unit": name, "per": per}, sentence)


def _per(unit: str, sentence: str, tongue: Language) -> str | None:
    """Return what the *unit* is counted by, empty for nothing, None where no word says so."""
    per = unit.partition("/")[2].strip().lower()
    known = template().words[tongue.code].per.get(per)
    if not per or (known is not None and known.search(sentence)):
        return per
    return None


def _standing(name: str, sentence: str) -> str | None:
    """Return the unit *name* if it, or its plural, stands in the *sentence*."""
    plain = " ".join(name.lower().split())
    if not plain:
        return ""
    stem = regex.escape(plain.removesuffix("s"))
    return plain if regex.search(rf"\b{stem}(?:s|es)?\b", sentence.lower()) else None


_PHRASES: Mapping[str, Mapping[Predicate, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "ko": {
            Predicate.HOURS_PER_DAY: (("hours_long", "day"), ("hours_short", "day")),
            Predicate.WORKERS_COUNT: (("persons", ""),),
            Predicate.WAGE: (("wage_day", "day"), ("wage_month", "month"), ("money", "")),
            Predicate.UNIT_PRICE: (("price", "piece"), ("money", "")),
            Predicate.OUTPUT_VOLUME: (("volume", ""),),
            Predicate.QUOTA: (
                ("pieces_day", "day"),
                ("pieces_week", "week"),
                ("pieces_month", "month"),
                ("volume", ""),
            ),
        },
        "zh": {
            Predicate.HOURS_PER_DAY: (("hours", "day"),),
            Predicate.WORKERS_COUNT: (("persons", ""),),
        },
    }
)
"""Number hooks that read a phrase, by language and predicate, each with the word of time or
piece without which it is not asked."""


def _phrased(
    predicate: Predicate, figure: Figure, sentence: str, quote: Span, tongue: Language
) -> Value | None:
    per = figure.unit.partition("/")[2].strip().lower()
    known = template().words[tongue.code].per
    for hook, by in _PHRASES[tongue.code].get(predicate, ()):
        if by and (by != per or not known[by].search(sentence)):
            continue
        read = tongue.numbers[hook]({"phrase": quote.of(sentence)}, sentence)
        if isinstance(read, dict) and _same(read, figure):
            return read
    return None


def _same(read: dict[str, object], figure: Figure) -> bool:
    return read["amount"] == figure.amount and read.get("high") == figure.high


READERS: Mapping[str, Reader] = MappingProxyType({"en": _english, "ko": _phrased, "zh": _phrased})
"""By language."""
