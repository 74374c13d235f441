"""The spelling of 1939: an old word as it is spelt and sounds today.

Laws:
1. Only sound laws are applied (initial ㄹ and ㄴ, ㄷ before a y-sound, y after ㅅ ㅈ ㅊ); no word
   is looked up.
2. A modern spelling passes through unchanged but for its northern initial.

Source: the sound laws of modern Korean and the table of finals in McCune and Reischauer (1939),
from memory (K); measured on the vectors named in ``romanise``.
"""

from __future__ import annotations

from witnessmark.stages.identify.hangul import SILENT, Syllable, sound_together

_Y = {
    "ㅑ": "ㅏ",
    "ㅒ": "ㅐ",
    "ㅕ": "ㅓ",
    "ㅖ": "ㅔ",
    "ㅛ": "ㅗ",
    "ㅠ": "ㅜ",
}
_PALATAL = {"ㄷ": "ㅈ", "ㅌ": "ㅊ"}
_LOSE_Y = frozenset("ㅅㅆㅈㅉㅊ")
_KEPT_BOTH = {
    ("ㄺ", "ㄱ"): ("l", "ㄱ"),
    ("ㄻ", "ㅁ"): ("l", "ㅁ"),
    ("ㄻ", "ㄱ"): ("m", "ㄱ"),
    ("ㄼ", "ㅍ"): ("l", "ㅍ"),
    ("ㄼ", "ㅂ"): ("l", "ㅂ"),
}
"""Finals of two letters of which the second merges with a like initial (the 1939 table)."""

_LETTERS_BEFORE_H = {"ㄺ": "lk", "ㄼ": "lp", "ㅅ": "t", "ㄱ": "k", "ㅂ": "p"}


def modern_word(word: list[tuple[Syllable, str]]) -> list[tuple[Syllable, str]]:
    """Return the syllables of an old word as they are spelt today.

    Example:
        >>> from witnessmark.stages.identify.hangul import decompose
        >>> "".join(s.compose() for s, _ in modern_word([(decompose(c), "") for c in "뎐디"]))
        '전지'
    """
    return [
        (_modern(syllable, head=number == 0 or bool(mark)), mark)
        for number, (syllable, mark) in enumerate(word)
    ]


def _modern(syllable: Syllable, *, head: bool) -> Syllable:
    initial, medial = syllable.initial, syllable.medial
    high = medial == "ㅣ" or medial in _Y
    if head and initial in {"ㄹ", "ㄴ"} and high:
        initial = SILENT
    elif head and initial == "ㄹ":
        initial = "ㄴ"
    if high and initial in _PALATAL:
        initial = _PALATAL[initial]
    if initial in _LOSE_Y:
        medial = _Y.get(medial, medial)
    return Syllable(initial, medial, syllable.final)


def sound_of_old(final: str, initial: str, medial: str) -> tuple[str, str]:
    """Return how a seam of 1939 sounds: both letters of some finals are kept.

    Example:
        >>> sound_of_old("ㄺ", "ㄱ", "ㅡ"), sound_of_old("ㄺ", "ㅁ", "ㅐ")
        (('l', 'ㄱ'), ('ng', 'ㅁ'))
    """
    if (final, initial) in _KEPT_BOTH:
        return _KEPT_BOTH[final, initial]
    if initial == "ㅎ" and final in _LETTERS_BEFORE_H:
        return _LETTERS_BEFORE_H[final], initial
    return sound_together(final, initial, medial)
