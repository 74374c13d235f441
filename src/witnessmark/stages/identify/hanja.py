"""Hanja as Hangul: a Korean name in Chinese signs, read aloud.

Laws:
1. Each sign has the one reading of the table; the initial-sound law is applied after, by rule.
2. The northern reading keeps ㄹ and ㄴ at the head; the southern one changes them. Signs of
   Unicode's extension A head no Korean word: they keep their reading.
3. Signs without a reading stay as they are.

A sign with several readings (金 is 금 and 김) gets the common one: :func:`surname_reading`
knows the surnames.
"""

from __future__ import annotations

from witnessmark.stages.identify.han import han_rules, has_hanja, is_han, korean
from witnessmark.stages.identify.hangul import SILENT, Syllable, decompose, is_hangul, southern

__all__ = ["has_hanja", "surname_reading", "to_hangul"]

FIRST_COMMON_SIGN = "\u4e00"

_AFTER_VOWEL = {"률": "율", "렬": "열"}


def to_hangul(text: str, *, north: bool = False) -> str:
    """Return *text* with its Chinese signs read as Korean.

    Args:
        text: Hanja, alone or mixed with Hangul.
        north: keep initial ㄹ and ㄴ (녕변, not 영변).

    Example:
        >>> to_hangul("獨立門"), to_hangul("歷史와"), to_hangul("龍川郡", north=True)
        ('독립문', '역사와', '룡천군')
    """
    return " ".join(_word(word, north=north) for word in text.split(" "))


def _word(word: str, *, north: bool) -> str:
    out = ""
    for character in word:
        read = korean(character) if is_han(character) else ""
        if read and not north and out and is_hangul(out[-1]):
            read = _inside(out[-1], read)
        out += read or character
    head_was_read = word[:1] >= FIRST_COMMON_SIGN and is_han(word[0]) and out[:1] != word[:1]
    return southern(out) if head_was_read and not north else out


def _inside(before: str, read: str) -> str:
    """Return 률 and 렬 as the South writes them after a vowel or ㄴ: 비율, 나열."""
    if decompose(before).final not in {"", "ㄴ"}:
        return read
    syllable = decompose(read)
    plain = Syllable(syllable.initial, syllable.medial, syllable.final).compose()
    if plain not in _AFTER_VOWEL:
        return read
    return Syllable(SILENT, syllable.medial, syllable.final).compose()


def surname_reading(sign: str) -> str:
    """Return how *sign* is read as a Korean surname.

    Example:
        >>> surname_reading("金"), surname_reading("朴")
        ('김', '박')
    """
    return str(han_rules()["surnames"].get(sign) or korean(sign))
