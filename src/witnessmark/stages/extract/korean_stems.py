"""Forms of a Korean verb stem, as far as its last syllable changes.

Laws:
1. A stem's forms are computed from its letters: plain, polite and past endings that melt
   into the last syllable, contractions, and the irregular stems in ㄹ, ㅂ, ㅡ and 르.
2. What follows the stem is left to the pattern. No dictionary is asked.

Source: the regular alternations of written Korean, from general knowledge (code K).
"""

from __future__ import annotations

from functools import cache

_FIRST, _TAILS, _VOWELS = 0xAC00, 28, 21
_NIEUN, _RIEUL, _MIEUM, _BIEUP, _SSANGSIOT = 4, 8, 16, 17, 20
_OPEN = (0, _NIEUN, _RIEUL, _MIEUM, _BIEUP, _SSANGSIOT)
"""Final consonants that an ending may put into an open last syllable."""

_CONTRACTED = {13: (14,), 8: (9,), 20: (6,), 18: (4, 0), 11: (10,)}
"""Vowels with 어 or 아 drawn in: 우-워, 오-와, 이-여, 으-어/아, 외-왜."""


def _syllable(lead: int, vowel: int, tail: int) -> str:
    return chr(_FIRST + (lead * _VOWELS + vowel) * _TAILS + tail)


@cache
def forms(stem: str) -> str:
    """Return a pattern for the forms of *stem*.

    Example:
        >>> forms("넣")
        '(?:넣)'
        >>> import re
        >>> [bool(re.match(forms("재우"), word)) for word in ("재웁니다", "재워", "재밌다")]
        [True, True, False]
    """
    head, last = stem[:-1], stem[-1]
    number = ord(last) - _FIRST
    lead, rest = divmod(number, _VOWELS * _TAILS)
    vowel, tail = divmod(rest, _TAILS)
    found = {last}
    if tail == 0:
        found |= {_syllable(lead, vowel, closing) for closing in _OPEN}
        for melted in _CONTRACTED.get(vowel, ()):
            found |= {_syllable(lead, melted, 0), _syllable(lead, melted, _SSANGSIOT)}
    elif tail == _RIEUL:
        found |= {_syllable(lead, vowel, closing) for closing in (0, _NIEUN, _BIEUP)}
    elif tail == _BIEUP:
        found |= {_syllable(lead, vowel, 0) + sign for sign in "우워운울웠"}
    if last == "하":
        found |= {"해", "했", "하여"}
    whole = {head + ending for ending in found}
    if last == "르" and head:
        before = ord(head[-1]) - _FIRST
        if before % _TAILS == 0:
            doubled = head[:-1] + chr(_FIRST + before + _RIEUL)
            whole |= {doubled + ending for ending in ("라", "러", "랐", "렀")}
    return f"(?:{'|'.join(sorted(whole))})"
