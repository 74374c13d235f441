"""Hangul syllables and how neighbouring ones sound together.

Laws:
1. A syllable is taken apart by arithmetic on its code point, never by a table of words.
2. What sounds together is one function of the first syllable's end and the second's
   beginning; each romanisation spells its result, none repeats its rules.

Source of the sound rules: the standard description of Korean assimilation (nasals before
nasals, ㄴ and ㄹ to ㄹㄹ, liaison before a vowel), from memory, and measured against the
vectors named in ``romanise``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

FIRST_SYLLABLE = 0xAC00
LAST_SYLLABLE = 0xD7A3

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
MEDIALS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = (
    "",
    *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ",
)

SILENT = "ㅇ"
"""The initial that stands for no sound."""

_CODA = {
    **dict.fromkeys("ㄱㄲㅋㄳㄺ", "k"),
    **dict.fromkeys("ㄴㄵㄶ", "n"),
    **dict.fromkeys("ㄷㅅㅆㅈㅊㅌㅎ", "t"),
    **dict.fromkeys("ㄹㄽㄾㅀ", "l"),
    **dict.fromkeys("ㅁㄻ", "m"),
    **dict.fromkeys("ㅂㅄㅍㄿㄼ", "p"),
    "ㅇ": "ng",
    "": "",
}
"""The seven sounds that can end a syllable before a consonant."""

_SPLIT = {
    "ㄳ": ("k", "ㅅ"),
    "ㄵ": ("n", "ㅈ"),
    "ㄶ": ("", "ㄴ"),
    "ㄺ": ("l", "ㄱ"),
    "ㄻ": ("l", "ㅁ"),
    "ㄼ": ("l", "ㅂ"),
    "ㄽ": ("l", "ㅅ"),
    "ㄾ": ("l", "ㅌ"),
    "ㄿ": ("l", "ㅍ"),
    "ㅀ": ("", "ㄹ"),
    "ㅄ": ("p", "ㅅ"),
    "ㅎ": ("", SILENT),
    "ㅇ": ("ng", SILENT),
    "": ("", SILENT),
}
"""What stays and what moves over when the next syllable begins with a vowel."""

_ASPIRATED = {"ㄱ": "ㅋ", "ㄷ": "ㅌ", "ㅈ": "ㅊ"}
_NASAL = {"k": "ng", "t": "n", "p": "m"}
_Y_OR_I = frozenset("ㅑㅒㅕㅖㅛㅠㅣ")
_DROPS_R = {"ㄹ", "ㄴ"}


@dataclass(frozen=True, slots=True)
class Syllable:
    """One syllable: initial, medial and final letter (final may be empty)."""

    initial: str
    medial: str
    final: str

    def compose(self) -> str:
        """Return the syllable as one character."""
        return chr(
            FIRST_SYLLABLE
            + (INITIALS.index(self.initial) * len(MEDIALS) + MEDIALS.index(self.medial))
            * len(FINALS)
            + FINALS.index(self.final)
        )


def is_hangul(character: str) -> bool:
    """Return whether *character* is a composed Hangul syllable."""
    return FIRST_SYLLABLE <= ord(character) <= LAST_SYLLABLE


def has_hangul(text: str) -> bool:
    """Return whether *text* holds a Hangul syllable."""
    return any(is_hangul(character) for character in text)


@lru_cache(maxsize=LAST_SYLLABLE - FIRST_SYLLABLE + 1)
def decompose(character: str) -> Syllable:
    """Take a composed syllable apart.

    Raises:
        ValueError: *character* is not a Hangul syllable.

    Example:
        >>> decompose("룡")
        Syllable(initial='ㄹ', medial='ㅛ', final='ㅇ')
    """
    if not is_hangul(character):
        message = f"not a Hangul syllable: {character!r}"
        raise ValueError(message)
    number = ord(character) - FIRST_SYLLABLE
    rest, final = divmod(number, len(FINALS))
    initial, medial = divmod(rest, len(MEDIALS))
    return Syllable(INITIALS[initial], MEDIALS[medial], FINALS[final])


def southern(text: str) -> str:
    """Return the southern spelling of a northern word: the initial-sound law at its head.

    ㄹ and ㄴ fall silent before ㅣ or a y-sound, ㄹ is ㄴ before any other vowel. Words are
    told apart by blanks; a syllable inside a word is left as it is.

    Example:
        >>> southern("룡천군"), southern("락원"), southern("녕변")
        ('용천군', '낙원', '영변')
    """
    return " ".join(_southern_word(word) for word in text.split(" "))


def _southern_word(word: str) -> str:
    if not word or not is_hangul(word[0]):
        return word
    head = decompose(word[0])
    if head.initial in _DROPS_R and head.medial in _Y_OR_I:
        head = Syllable(SILENT, head.medial, head.final)
    elif head.initial == "ㄹ":
        head = Syllable("ㄴ", head.medial, head.final)
    return head.compose() + word[1:]


def sound_together(final: str, initial: str, medial: str) -> tuple[str, str]:
    """Return the end of one syllable and the beginning of the next as they sound.

    Args:
        final: final letter of the first syllable, may be empty.
        initial: initial letter of the second.
        medial: medial letter of the second (ㄷ and ㅌ change before ㅣ).

    Returns:
        One of ``"" k n t l m p ng`` and an initial letter.

    Example:
        >>> sound_together("ㄴ", "ㄹ", "ㅣ"), sound_together("ㅂ", "ㄹ", "ㅗ")
        (('l', 'ㄹ'), ('m', 'ㄴ'))
    """
    if initial == SILENT:
        stays, moves = _SPLIT.get(final, ("", final))
        if medial == "ㅣ":
            moves = {"ㄷ": "ㅈ", "ㅌ": "ㅊ"}.get(moves, moves)
        return stays, moves
    if final in {"ㅎ", "ㄶ", "ㅀ"} and initial in _ASPIRATED:
        return {"ㅎ": "", "ㄶ": "n", "ㅀ": "l"}[final], _ASPIRATED[initial]
    return _assimilate(_CODA[final], initial)


def _assimilate(coda: str, initial: str) -> tuple[str, str]:
    if (coda == "n" and initial == "ㄹ") or (coda == "l" and initial in {"ㄴ", "ㄹ"}):
        return "l", "ㄹ"
    if initial == "ㄹ" and coda:
        return _NASAL.get(coda, coda), "ㄴ"
    if initial in {"ㄴ", "ㅁ"}:
        return _NASAL.get(coda, coda), initial
    return coda, initial


def coda_of(final: str) -> str:
    """Return how *final* sounds at the end of a word."""
    return _CODA[final]
