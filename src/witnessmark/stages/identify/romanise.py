"""Hangul in Latin letters: McCune-Reischauer, DPRK 2002, Revised Romanisation 2000.

Laws:
1. The same syllables give the same letters; nothing is looked up by word.
2. Assimilation is spelt as each system spells it.
3. A northern initial ㄹ or ㄴ stays, unless the caller asks for the southern spelling.

Checked against the interscript vectors (MIT); the share that agrees is a test
(``tests/unit/stages/identify/test_romanise.py``).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from witnessmark.stages.identify.hangul import (
    SILENT,
    Syllable,
    coda_of,
    decompose,
    is_hangul,
    sound_together,
    southern,
)


class System(StrEnum):
    """A way to write Korean in Latin letters."""

    MCCUNE_REISCHAUER = "mr"
    DPRK = "dprk"
    REVISED = "rr"


_VOWELS: dict[str, str] = dict(
    zip(
        "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ",
        [
            "a",
            "ae",
            "ya",
            "yae",
            "ŏ",
            "e",
            "yŏ",
            "ye",
            "o",
            "wa",
            "wae",
            "oe",
            "yo",
            "u",
            "wŏ",
            "we",
            "wi",
            "yu",
            "ŭ",
            "ŭi",
            "i",
        ],
        strict=True,
    )
)
_VOWELS_DPRK = _VOWELS | {"ㅝ": "wo"}
_VOWELS_REVISED = _VOWELS | {
    "ㅓ": "eo",
    "ㅕ": "yeo",
    "ㅝ": "wo",
    "ㅡ": "eu",
    "ㅢ": "ui",
}
_JAMO_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"


def _initials(letters: str) -> dict[str, str]:
    parts = ["" if part == "-" else part for part in letters.split()]
    return dict(zip(_JAMO_INITIALS, parts, strict=True))


_MR = _initials("k kk n t tt r m p pp s ss - ch tch ch’ k’ t’ p’ h")
_DPRK = _initials("k kk n t tt r m p pp s ss - j jj ch kh th ph h")
_REVISED = _initials("g kk n d tt r m b pp s ss - j jj ch k t p h")
_VOICED = {"ㄱ": "g", "ㄷ": "d", "ㅂ": "b", "ㅈ": "j"}
_AFTER_T = {"ㅅ": "ss", "ㅆ": "ss", "ㅈ": "tch", "ㅉ": "tch", "ㅊ": "tch’"}
"""McCune-Reischauer: what a final t and one of these become together."""

_RINGING = frozenset({"", "n", "m", "ng"})
"""Ends after which a plain stop is voiced (a vowel, or a nasal)."""

Onset: TypeAlias = Callable[[str, str, bool], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How one system spells.

    Attributes:
        vowels: letters of each medial.
        onset: from end, initial and whether it moved over, to the letters of both.
        head: letters of each initial at the head of a word.
        join: what keeps n and g apart.
    """

    vowels: dict[str, str]
    onset: Onset
    head: dict[str, str]
    join: str


def _mr_onset(coda: str, initial: str, moved: bool) -> tuple[str, str]:  # noqa: FBT001 - a pure rule of three values
    if initial == "ㄹ":
        return coda, "l" if coda == "l" else "r"
    if coda == "l" and initial == "ㅎ":
        return "r", "h"
    if coda == "t" and initial in _AFTER_T:
        return "", _AFTER_T[initial]
    if _MR[initial] == coda * 2 and coda:
        return "", _MR[initial]
    voiced = coda in _RINGING or moved or (coda == "l" and initial in {"ㄱ", "ㅂ"})
    if voiced and initial in _VOICED:
        return coda, _VOICED[initial]
    return coda, _MR[initial]


def _dprk_onset(coda: str, initial: str, moved: bool) -> tuple[str, str]:  # noqa: FBT001 - a pure rule of three values
    if initial == "ㄹ":
        return coda, "l" if coda == "l" else "r"
    voiced = coda in _RINGING or moved or initial in {"ㅂ", "ㅈ"}
    if voiced and initial in _VOICED:
        return coda, _VOICED[initial]
    return coda, _DPRK[initial]


def _revised_onset(coda: str, initial: str, moved: bool) -> tuple[str, str]:  # noqa: FBT001 - a pure rule of three values
    del moved
    if initial == "ㄹ":
        return coda, "l" if coda == "l" else "r"
    return coda, _REVISED[initial]


_SPELLINGS = {
    System.MCCUNE_REISCHAUER: _Spelling(_VOWELS, _mr_onset, _MR, "’"),
    System.DPRK: _Spelling(_VOWELS_DPRK, _dprk_onset, _DPRK, "-"),
    System.REVISED: _Spelling(_VOWELS_REVISED, _revised_onset, _REVISED, ""),
}

_KEPT_R = frozenset({"m", "ng"})


def _meet(system: System, left: Syllable, right: Syllable) -> tuple[str, str]:
    """Return the letters at the seam of two syllables."""
    coda, initial = sound_together(left.final, right.initial, right.medial)
    moved = right.initial == SILENT and initial != SILENT
    if system is System.DPRK and right.initial == "ㄹ" and coda in _KEPT_R and initial == "ㄴ":
        initial = "ㄹ"  # DPRK 2002 leaves ㄹ after a nasal: Ryongrim, Amrokgang
    spelling = _SPELLINGS[system]
    end, begin = spelling.onset(coda, initial, moved)
    if end == "n" and begin == "g":
        return end, spelling.join + begin
    return end, begin


def _word(system: System, syllables: list[tuple[Syllable, str]]) -> str:
    spelling = _SPELLINGS[system]
    head = syllables[0][0]
    out = spelling.head[head.initial] + spelling.vowels[head.medial]
    for (left, _), (right, seam) in itertools.pairwise(syllables):
        end, begin = _meet(system, left, right)
        if seam:
            begin = begin.lstrip("’-")
        out += end + seam + begin + spelling.vowels[right.medial]
    return out + coda_of(syllables[-1][0].final)


_UNITS = re.compile(r"(?<=[가-힣]{2})([도시군구읍면동리])(?![가-힣])")
_UNIT_LETTERS = {
    System.DPRK: dict(
        zip("도시군구읍면동리", ["do", "si", "gun", "gu", "ŭp", "myŏn", "dong", "ri"], strict=True)
    ),
    System.REVISED: dict(
        zip(
            "도시군구읍면동리", ["do", "si", "gun", "gu", "eup", "myeon", "dong", "ri"], strict=True
        )
    ),
}
"""Units that DPRK 2002 and the Revised Romanisation set off by a hyphen, unassimilated."""


def romanise_address(text: str, system: System) -> str:
    """Return *text* in Latin letters, units of administration set off (``Kobi-ri``).

    McCune-Reischauer assimilates across the seam, so the hyphen is put in before.

    Example:
        >>> romanise_address("울릉군", System.REVISED)
        'Ulleung-gun'
    """
    letters = _UNIT_LETTERS.get(system)
    if letters is None:
        seamed = (_UNITS.sub(lambda found: f"-{found[0].lstrip('-')}", w) for w in text.split(" "))
        return " ".join(romanise(word, system) for word in seamed)
    parts: list[str] = []
    for word in text.split(" "):
        found = _UNITS.search(word)
        if found is None:
            parts.append(romanise(word, system))
        else:
            stem = romanise(word[: found.start()], system)
            parts.append(f"{stem}-{letters[found[1]]}{word[found.end() :]}")
    return " ".join(parts)


def romanise(text: str, system: System, *, initial_law: bool = False) -> str:
    """Return *text* in Latin letters, each word with a capital.

    Args:
        text: Hangul; a hyphen marks a seam and is kept; anything else is passed through.
        system: the romanisation.
        initial_law: write the southern spelling of a northern initial (룡 as 용).

    Example:
        >>> romanise("룡천", System.MCCUNE_REISCHAUER)
        'Ryongch’ŏn'
        >>> romanise("룡천", System.REVISED, initial_law=True)
        'Yongcheon'
    """
    source = southern(text) if initial_law else text
    out: list[str] = []
    run: list[tuple[Syllable, str]] = []
    seam = ""
    for character in source:
        if is_hangul(character):
            run.append((decompose(character), seam if run else ""))
            seam = ""
        elif character == "-" and run:
            seam = "-"
        else:
            out.append(_flush(system, run) + seam + character)
            seam = ""
            run = []
    out.append(_flush(system, run) + seam)
    return "".join(out)


def _flush(system: System, run: list[tuple[Syllable, str]]) -> str:
    if not run:
        return ""
    word = _word(system, run)
    return word[0].upper() + word[1:]
