"""Chinese in Latin letters: pinyin, Wade-Giles, Tongyong Pinyin, and Hong Kong's spellings.

Laws:
1. Every system is made from the pinyin (or Jyutping) syllables by rule; no word is looked up but
   for its readings, and those words stand in ``rules/identify/chinese.yaml``.
2. A sign without a reading is passed through as it stands.
3. A sign of several readings gets the commonest, unless a listed word holds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from witnessmark.stages.identify.han import cantonese, han_rules, is_han, mandarin


class ChineseSystem(StrEnum):
    """A way to write Chinese in Latin letters."""

    PINYIN = "pinyin"
    PINYIN_NUMBERED = "pinyin-numbered"
    WADE_GILES = "wade-giles"
    TONGYONG = "tongyong"
    CANTONESE = "cantonese"


NAMES = {
    ChineseSystem.PINYIN: "Hanyu Pinyin",
    ChineseSystem.PINYIN_NUMBERED: "Hanyu Pinyin with tone numbers",
    ChineseSystem.WADE_GILES: "Wade-Giles",
    ChineseSystem.TONGYONG: "Tongyong Pinyin, 2002",
    ChineseSystem.CANTONESE: "Cantonese, as Hong Kong spells it",
}

_INITIAL = re.compile(r"^(zh|ch|sh|[bpmfdtnlgkhjqxrzcs])?(.*)$")
_JYUTPING = re.compile(r"^(gw|kw|ng(?=[aeiou])|[bpmfdtnlgkhwzcsj])?(.*)$")
_VOWEL_HEAD = frozenset("aoeê")
_ROUNDED = {"u": "ü", "ue": "üe", "uan": "üan", "un": "ün"}


@dataclass(frozen=True, slots=True)
class _Rules:
    systems: dict[str, dict[str, Any]]
    generics: tuple[str, ...]
    inner: tuple[str, ...]
    readings: dict[str, tuple[str, ...]]


@cache
def _rules() -> _Rules:
    data = han_rules()
    return _Rules(
        systems={key: data[key] for key in ("wade_giles", "tongyong", "hong_kong")},
        generics=tuple(sorted(map(str, data["generics"]), key=lambda g: (-len(g), g))),
        inner=tuple(map(str, data["inner"])),
        readings={str(word): tuple(str(said).split()) for word, said in data["readings"].items()},
    )


def syllables(text: str) -> tuple[str, ...]:
    """Return the pinyin of each sign of *text*, with tone numbers; other characters as they stand.

    Example:
        >>> syllables("重庆市"), syllables("丹东")
        (('chong2', 'qing4', 'shi4'), ('dan1', 'dong1'))
    """
    words = _rules().readings
    out: list[str] = []
    place = 0
    while place < len(text):
        for length in range(min(4, len(text) - place), 1, -1):
            said = words.get(text[place : place + length])
            if said is not None:
                out += said
                place += length
                break
        else:
            sign = text[place]
            out.append((mandarin(sign) or (sign,))[0] if is_han(sign) else sign)
            place += 1
    return tuple(out)


def _parts(syllable: str) -> tuple[str, str]:
    found = _INITIAL.match(syllable)
    initial, final = (found[1] or "", found[2]) if found else ("", syllable)
    if initial in {"j", "q", "x"}:
        final = _ROUNDED.get(final, final)
    return initial, final


def wade_giles(syllable: str) -> str:
    """Return a pinyin syllable without tone in Wade-Giles, as gazetteers write it.

    Example:
        >>> wade_giles("qi"), wade_giles("zhuang"), wade_giles("jue")
        ('ch’i', 'chuang', 'chüeh')
    """
    rules = _rules().systems["wade_giles"]
    if syllable in rules["whole"]:
        return str(rules["whole"][syllable])
    initial, final = _parts(syllable)
    if final == "uo" and initial in rules["short_o"]:
        final = "o"
    return str(rules["initials"].get(initial, initial)) + str(rules["finals"].get(final, final))


def tongyong(syllable: str) -> str:
    """Return a pinyin syllable without tone in Tongyong Pinyin.

    Example:
        >>> tongyong("shui"), tongyong("zhi"), tongyong("xu")
        ('shuei', 'jhih', 'syu')
    """
    rules = _rules().systems["tongyong"]
    if syllable in rules["whole"]:
        return str(rules["whole"][syllable])
    initial, final = _parts(syllable)
    return str(rules["initials"].get(initial, initial)) + str(rules["finals"].get(final, final))


def hong_kong(jyutping: str) -> str:
    """Return a Jyutping syllable without tone as the press in Hong Kong spells it.

    Example:
        >>> hong_kong("coeng"), hong_kong("gwok"), hong_kong("zoeng")
        ('cheung', 'kwok', 'cheung')
    """
    rules = _rules().systems["hong_kong"]
    if jyutping in rules["whole"]:
        return str(rules["whole"][jyutping])
    found = _JYUTPING.match(jyutping)
    initial, final = (found[1] or "", found[2]) if found else ("", jyutping)
    return str(rules["initials"].get(initial, initial)) + str(rules["finals"].get(final, final))


def romanise_chinese(text: str, system: ChineseSystem) -> str:
    """Return a Chinese name in Latin letters.

    Args:
        text: Chinese signs; anything else is passed through.
        system: the romanisation. Wade-Giles sets off the word for a feature (``Yü-lien Ssu``).

    Example:
        >>> romanise_chinese("西安", ChineseSystem.PINYIN)
        'Xi’an'
        >>> romanise_chinese("玉蓮寺", ChineseSystem.WADE_GILES)
        'Yü-lien Ssu'
    """
    return re.sub(r"[\u3400-\u4dbf\u4e00-\u9fff]+", lambda found: _run(found[0], system), text)


def _run(signs: str, system: ChineseSystem) -> str:
    if system is ChineseSystem.CANTONESE:
        table = cantonese()
        return " ".join(hong_kong((table.get(c) or (c,))[0]).capitalize() for c in signs)
    if system is ChineseSystem.PINYIN_NUMBERED:
        return "".join(syllables(signs))
    if system is ChineseSystem.WADE_GILES:
        return " ".join(
            "-".join(wade_giles(said) for said in _as_taiwan_reads(word)).capitalize()
            for word in _words(signs)
        )
    said = [each.rstrip("12345") for each in syllables(signs)]
    if system is ChineseSystem.TONGYONG:
        return "".join(tongyong(each) for each in said).capitalize()
    joined = said[0] + "".join("’" + s if s[0] in _VOWEL_HEAD else s for s in said[1:])
    return joined.capitalize()


def _as_taiwan_reads(signs: str) -> list[str]:
    own: dict[str, str] = _rules().systems["wade_giles"]["signs"]
    read = syllables(signs)
    return [own.get(sign, said).rstrip("12345") for sign, said in zip(signs, read, strict=True)]


LEAST_NAME = 2
"""Signs that a name has before the word for its feature stands apart."""


def _words(signs: str) -> list[str]:
    for generic in _rules().generics:
        name = signs.removesuffix(generic)
        if name != signs and len(name) >= LEAST_NAME:
            inner = [each for each in _rules().inner if generic.startswith(each)]
            parts = [inner[0], generic.removeprefix(inner[0])] if inner else [generic]
            return [name, *(part for part in parts if part)]
    return [signs]
