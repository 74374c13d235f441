"""Chinese signs by their readings: pinyin, Wade-Giles, Cantonese, Korean.

Laws:
1. A sign has every reading of the table, at most three by pinyin; all are tried.
2. Traditional signs are compared as their simplified forms.
3. Latin letters meet signs only where they spell all of them, one after the other, or
   are close to their pinyin; a reading is never chosen by meaning.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from typing import Any

from witnessmark.stages.identify import han
from witnessmark.stages.identify.han import mandarin
from witnessmark.store.rulebook import load_rules, rule_bytes

SCHEMA = "witnessmark/name-hanzi/1"
MOST_MANDARIN = 3
REMEMBERED = 65_536
_INITIAL = re.compile(r"zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]|")
_WADE_INITIALS = {
    "b": "p",
    "d": "t",
    "g": "k",
    "j": "ch",
    "q": "ch",
    "zh": "ch",
    "z": "ts",
    "c": "ts",
    "r": "j",
    "x": "hs",
}
_JYUTPING_INITIALS = {
    "b": ("p", "b"),
    "d": ("t", "d"),
    "g": ("k", "g"),
    "gw": ("kw", "gw", "k"),
    "z": ("ch", "ts", "j", "tz"),
    "c": ("ch", "ts"),
    "j": ("y", ""),
    "s": ("s", "sh"),
    "ng": ("ng", ""),
    "n": ("n", "l"),
}
_JYUTPING_FINALS = {
    "aa": ("a", "ar", "ah"),
    "aai": ("ai",),
    "aau": ("au",),
    "aam": ("am",),
    "aan": ("an",),
    "aang": ("ang",),
    "aap": ("ap",),
    "aat": ("at",),
    "aak": ("ak",),
    "am": ("am", "um"),
    "an": ("an", "un"),
    "e": ("e", "eh"),
    "ei": ("ei", "i", "ee", "ay"),
    "ek": ("ek", "ik"),
    "eng": ("eng", "ing"),
    "i": ("i", "ee", "ze", "ih"),
    "o": ("o", "or"),
    "oi": ("oi", "oy"),
    "ou": ("o", "ou", "u"),
    "un": ("un", "oon"),
    "u": ("u", "oo"),
    "oe": ("oe",),
    "oeng": ("eung", "eong"),
    "oek": ("euk", "eok"),
    "eoi": ("ui", "oi"),
    "eon": ("un", "on"),
    "eot": ("ut",),
    "yu": ("u", "yu", "ue"),
    "yun": ("uen", "un", "yuen"),
    "yut": ("uet", "ut"),
    "ok": ("ok", "oc"),
    "iu": ("iu", "ew"),
    "au": ("au", "ow"),
    "im": ("im",),
    "ing": ("ing",),
    "uk": ("uk", "ook"),
}
_JYUTPING_INITIAL = re.compile(r"gw|kw|ng(?=.)|[bpmfdtnlgkhwzcsj]|")


@cache
def _table() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the simplified form and the Cantonese readings of each sign that has either."""
    text = rule_bytes("identify/name_hanzi.csv").decode("utf-8").splitlines()
    rows = csv.reader(text[1:])
    return {sign: (simple or sign, tuple(cantonese.split())) for sign, simple, cantonese in rows}


@lru_cache(maxsize=REMEMBERED)
def toneless(sign: str) -> tuple[str, ...]:
    """Return the pinyin of one sign without tones, ü written v, the commonest first."""
    read = (r.rstrip("012345").replace("ü", "v") for r in mandarin(sign))
    return tuple(dict.fromkeys(read))[:MOST_MANDARIN]


@cache
def _rules() -> dict[str, Any]:
    return load_rules("identify/name_hanzi.yaml", SCHEMA)


@cache
def double_surnames() -> frozenset[str]:
    """Return the surnames of two signs."""
    return frozenset(str(name) for name in _rules()["double_surnames"])


@cache
def surname_spellings(surname: str) -> frozenset[str]:
    """Return how a surname is spelt in Latin letters, its readings included."""
    listed = frozenset(str(word) for word in _rules()["surnames"].get(surname, ()))
    return listed | spellings(surname) if len(surname) == 1 else listed


@cache
def all_surnames() -> frozenset[str]:
    """Return every Latin spelling of a listed surname."""
    return frozenset(s for surname in _rules()["surnames"] for s in surname_spellings(str(surname)))


@lru_cache(maxsize=REMEMBERED)
def simplified(text: str) -> str:
    """Return *text* in simplified signs.

    Example:
        >>> simplified("歐陽")
        '欧阳'
    """
    table = _table()
    return "".join(table[c][0] if c in table else c for c in text)


def wade_giles(pinyin: str) -> str:
    """Return a syllable of pinyin as Wade-Giles writes it, without marks.

    Example:
        >>> [wade_giles(p) for p in ("zedong", "xie", "quan", "guo")][1:]
        ['hsieh', 'chuan', 'kuo']
    """
    special = _rules()["wade_giles"]
    if pinyin in special:
        return str(special[pinyin])
    found = _INITIAL.match(pinyin)
    initial = found[0] if found else ""
    final = pinyin[len(initial) :]
    if initial not in {"y", "w", ""}:
        if final.endswith("ong"):
            final = final[:-3] + "ung"
        elif final == "ian":
            final = "ien"
        elif final in {"ie", "ue", "ve"}:
            final += "h"
        elif final == "e":
            final = "e"
    return _WADE_INITIALS.get(initial, initial) + final.replace("v", "u")


def _pinyin_spellings(pinyin: str) -> set[str]:
    found = {pinyin, wade_giles(pinyin)}
    if "v" in pinyin:
        found |= {pinyin.replace("v", "u"), pinyin.replace("v", "yu"), pinyin.replace("v", "ue")}
    return found


def _cantonese_spellings(jyutping: str) -> set[str]:
    matched = _JYUTPING_INITIAL.match(jyutping)
    initial = matched[0] if matched else ""
    final = jyutping[len(initial) :]
    if initial == "j" and final.startswith("yu"):
        return {"y" + end for end in _JYUTPING_FINALS.get(final, (final,)) if end[0] != "y"} | {
            "yu" + final[2:]
        }
    return {
        start + end
        for start in _JYUTPING_INITIALS.get(initial, (initial,))
        for end in _JYUTPING_FINALS.get(final, (final,))
    }


@lru_cache(maxsize=REMEMBERED)
def spellings(sign: str) -> frozenset[str]:
    """Return the Latin spellings of one sign by Mandarin and Cantonese.

    Example:
        >>> {"zhang", "chang", "cheung"} <= spellings("张")
        True
    """
    return mandarin_spellings(sign) | cantonese_spellings(sign)


@lru_cache(maxsize=REMEMBERED)
def mandarin_spellings(sign: str) -> frozenset[str]:
    """Return pinyin and Wade-Giles of one sign."""
    return frozenset(s for p in toneless(sign) for s in _pinyin_spellings(p))


@lru_cache(maxsize=REMEMBERED)
def cantonese_spellings(sign: str) -> frozenset[str]:
    """Return the Hong Kong spellings of one sign."""
    row = _table().get(sign)
    return frozenset(s for p in (row[1] if row else ()) for s in _cantonese_spellings(p) if s)


@lru_cache(maxsize=REMEMBERED)
def pinyin(text: str) -> str:
    """Return the commonest pinyin of *text*, without tones; what is no sign is left out."""
    return "".join(read[0] for read in map(toneless, text) if read)


@lru_cache(maxsize=REMEMBERED)
def korean(text: str) -> str:
    """Return the Korean reading of *text*, or nothing where a sign has none.

    Example:
        >>> korean("平壤")
        '평양'
    """
    read = [han.korean(c) for c in text]
    return "".join(read) if all(read) else ""


@cache
def _traditional() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for sign, (simple, _) in _table().items():
        found.setdefault(simple, []).append(sign)
    return {simple: tuple(signs) for simple, signs in found.items()}


@lru_cache(maxsize=REMEMBERED)
def korean_options(sign: str) -> tuple[str, ...]:
    """Return the Korean readings of a simplified sign and of what it stands for.

    Example:
        >>> "녕" in korean_options("宁"), korean_options("金")
        (True, ('금', '김'))
    """
    forms = (*_traditional().get(sign, ()), sign)
    read = [han.korean(form) for form in forms]
    surname = ("김",) if sign == "金" else ()
    return tuple(dict.fromkeys(r for r in (*read, *surname) if r))


@lru_cache(maxsize=REMEMBERED)
def spelt_by(text: str, latin: str) -> bool:
    """Return whether *latin* spells the signs of *text*, one after the other.

    Example:
        >>> spelt_by("重庆", "chongqing"), spelt_by("重庆", "chungching"), spelt_by("重庆", "wuhan")
        (True, True, False)
    """
    return _covers(text, latin, mandarin_spellings) or _covers(text, latin, cantonese_spellings)


def _covers(text: str, latin: str, spelt: Any) -> bool:  # noqa: ANN401 - one of two functions above
    ends = {0}
    for sign in text:
        options = spelt(sign)
        ends = {end + len(s) for end in ends for s in options if latin.startswith(s, end)}
        if not ends:
            return False
    return len(latin) in ends


@cache
def _all_pinyin() -> frozenset[str]:
    return frozenset(p for sign in _table() for p in toneless(sign) if len(p) > 1 or p in "aeo")


@lru_cache(maxsize=REMEMBERED)
def pinyin_syllables(latin: str) -> tuple[str, ...]:
    """Return the syllables of a word of pinyin, longest first; nothing where it is none.

    Example:
        >>> pinyin_syllables("zedong"), pinyin_syllables("smith")
        (('ze', 'dong'), ())
    """
    known = _all_pinyin()
    ways: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(latin) + 1):
        for start in range(max(0, end - 6), end):
            if start in ways and latin[start:end] in known:
                way = (*ways[start], latin[start:end])
                if end not in ways or len(way) < len(ways[end]):
                    ways[end] = way
    return ways.get(len(latin), ())
