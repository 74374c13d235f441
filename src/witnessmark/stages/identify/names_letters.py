"""How alike two words are, by letters and by sound, in one script or across two.

Laws:
1. Likeness is symmetric, 0..1, and a function of the two words alone.
2. 1 is kept for words that are one spelling or spell the same sounds in full.
3. Across scripts, sound decides; a meaning is never guessed.
"""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA, Levenshtein

from witnessmark.stages.identify import names_hanzi, names_korean
from witnessmark.stages.identify.keys import equivalent, southern_head
from witnessmark.stages.identify.names_text import HAN, HANGUL, LATIN, MIXED, script_of, sound
from witnessmark.stages.identify.romanise import System, romanise

REMEMBERED = 262_144
ONE_SOUND = 0.95
"""Two Latin words that differ in spelling only (our convention)."""

NEAR_SOUND = 0.93
BONES_WEIGHT, FLESH_WEIGHT = 0.65, 0.35
"""Consonants and all sounds of a loan word (tried on Korean company names; our convention)."""

LEAST_REST = 3
READ_AS = 0.97
"""Signs and letters that spell one another in full, by a reading that is not the only one."""


@lru_cache(maxsize=REMEMBERED)
def alike(left: str, right: str) -> float:
    """Return how alike two folded words are.

    Example:
        >>> alike("sergey", "sergei"), alike("영수", "youngsoo"), alike("丹东", "dandong")
        (0.95, 1.0, 1.0)
    """
    if left == right or not left or not right:
        return float(left == right)
    if left > right:
        left, right = right, left
    if left.isascii() and right.isascii():
        return _latin(left, right)
    scripts = script_of(left), script_of(right)
    if MIXED in scripts:
        return OSA.normalized_similarity(left, right)
    if scripts[0] == scripts[1]:
        return _one_script(left, right, scripts[0])
    if LATIN in scripts:
        return _hangul_latin(right, left) if scripts[1] == HANGUL else _han_latin(right, left)
    return _han_hangul(left, right) if scripts[0] == HAN else _han_hangul(right, left)


def _one_script(left: str, right: str, script: str) -> float:
    spelt = Levenshtein.normalized_similarity(left, right)
    return max(names_korean.alike(left, right) * NEAR_SOUND, spelt) if script == HANGUL else spelt


def _latin(left: str, right: str) -> float:
    mine, other = sound(left), sound(right)
    if mine == other:
        return ONE_SOUND
    spelt = OSA.normalized_similarity(left, right)
    return max(spelt, NEAR_SOUND * Levenshtein.normalized_similarity(mine, other))


@lru_cache(maxsize=REMEMBERED)
def romanised(hangul: str) -> str:
    """Return the key of a Hangul word under which Latin spellings meet."""
    return southern_head(equivalent(romanise(hangul, System.MCCUNE_REISCHAUER, initial_law=True)))


@lru_cache(maxsize=REMEMBERED)
def korean_key(latin: str) -> str:
    """Return the key of a Latin word that may be Korean."""
    return southern_head(equivalent(latin))


def _hangul_latin(hangul: str, latin: str) -> float:
    read = names_korean.alike(hangul, latin)
    if read >= 1:
        return 1.0
    by_key = Levenshtein.normalized_similarity(romanised(hangul), korean_key(latin))
    best = max(read * NEAR_SOUND, by_key * ONE_SOUND, loaned(hangul, latin))
    rest, other, taken = names_korean.without_letters(hangul, latin)
    if not taken or best >= NEAR_SOUND or (other and len(other) < LEAST_REST):
        return best
    if not rest or not other:
        return max(best, taken / (taken + len(other) + 2 * len(rest)))
    return max(best, (taken + len(other) * _hangul_latin(rest, other)) / len(latin))


def loaned(hangul: str, latin: str) -> float:
    """Return how alike a foreign word in Hangul and in Latin letters sound.

    Example:
        >>> loaned("플렉스", "plex") > 0.9
        True
    """
    mine, other = names_korean.loan(hangul), names_korean.loan_latin(latin)
    bones = Levenshtein.normalized_similarity(names_korean.bones(mine), names_korean.bones(other))
    return BONES_WEIGHT * bones + FLESH_WEIGHT * Levenshtein.normalized_similarity(mine, other)


def _han_latin(han: str, latin: str) -> float:
    if names_hanzi.spelt_by(han, latin):
        return 1.0
    best = READ_AS if _korean_alike(han, latin) >= 1 else 0.0
    mandarin = names_hanzi.pinyin(han)
    near = Levenshtein.normalized_similarity(mandarin, latin) if mandarin else 0.0
    return max(best, near * ONE_SOUND)


@lru_cache(maxsize=REMEMBERED)
def _korean_reading(han: str) -> names_korean.Reading:
    """Return the Korean reading of signs; every form and reading of a sign is let in."""
    options = [names_hanzi.korean_options(sign) for sign in han]
    if not all(options):
        return ()
    base = "".join(option[0] for option in options)
    reading = list(names_korean.hangul_reading(base))
    for i, option in enumerate(options):
        for other in option[1:]:
            varied = names_korean.hangul_reading(base[:i] + other + base[i + 1 :])
            for j in range(max(0, i - 1), min(len(base), i + 2)):
                mine, theirs = reading[j], varied[j]
                reading[j] = (mine[0] | theirs[0], mine[1] | theirs[1], mine[2] | theirs[2])
    return tuple(reading)


def _korean_alike(han: str, word: str) -> float:
    mine = _korean_reading(han)
    if not mine:
        return 0.0
    return max((names_korean.agreement(mine, r) for r in names_korean.readings(word)), default=0.0)


@lru_cache(maxsize=REMEMBERED)
def frame(word: str) -> str:
    """Return the consonants of a word in any script, sounds of one kind written alike.

    Example:
        >>> frame("tumxuk") == frame("吐木秀克")
        True
    """
    script = script_of(word)
    latin = (
        names_hanzi.pinyin(word) if script == HAN else romanised(word) if script == HANGUL else word
    )
    for written, stands_for in (
        ("zh", "j"),
        ("ch", "q"),
        ("sh", "x"),
        ("s", "x"),
        ("ng", "n"),
        ("b", "p"),
        ("d", "t"),
        ("g", "k"),
        ("l", "r"),
    ):
        latin = latin.replace(written, stands_for)
    return names_korean.undoubled("".join(c for c in latin if c not in "aeiouvwy"))


def _han_hangul(han: str, hangul: str) -> float:
    read = _korean_alike(han, hangul)
    if read >= 1:
        return 1.0
    mandarin = names_hanzi.pinyin(han)
    heard = loaned(hangul, mandarin) if mandarin else 0.0
    return max(read * NEAR_SOUND, heard)


@lru_cache(maxsize=REMEMBERED)
def wade_form(latin: str) -> str:
    """Return a word of pinyin in Wade-Giles, any other word as it is.

    Example:
        >>> wade_form("zedong"), wade_form("tsetung"), wade_form("dandong")
        ('tsetung', 'tsetung', 'tantung')
    """
    parts = names_hanzi.pinyin_syllables(latin)
    return "".join(names_hanzi.wade_giles(part) for part in parts) if parts else latin


def romanised_alike(left: str, right: str) -> float:
    """Return how alike two Latin words are as two romanisations of one Asian word."""
    if wade_form(left) == wade_form(right):
        return READ_AS
    return READ_AS if names_korean.alike(left, right) >= 1 else 0.0
