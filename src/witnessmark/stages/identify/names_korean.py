"""Korean by the syllable: Hangul and any Latin spelling of it meet without choosing a system.

Laws:
1. A syllable is three sets: initials, vowels and finals that the letters can stand for.
2. Hangul stands for itself, for how it sounds beside its neighbours, and for the other
   side's spelling of a northern initial; Latin letters stand for all that a system or a
   newspaper writes so.
3. Two spellings agree where the sets of every syllable meet; nothing is guessed beyond.
"""

from __future__ import annotations

import itertools
from functools import cache, lru_cache
from typing import Any, TypeAlias

from witnessmark.stages.identify.hangul import (
    INITIALS,
    MEDIALS,
    SILENT,
    Syllable,
    coda_of,
    decompose,
    is_hangul,
    sound_together,
)
from witnessmark.store.rulebook import load_rules

SCHEMA = "witnessmark/name-korean/1"
REMEMBERED = 65_536
Sets: TypeAlias = tuple[int, int, int]
"""Bits of the initials, the vowels and the final sounds that one syllable can have."""

Reading: TypeAlias = tuple[Sets, ...]
MOST_READINGS = 6
LONGEST = 36
LONGEST_SYLLABLE = 8
_CODAS = ("", "k", "n", "t", "l", "m", "p", "ng")
_Y_OR_I = frozenset("ㅑㅒㅕㅖㅛㅠㅣ")
_BREATHED = {"k": "ㅋ", "t": "ㅌ", "p": "ㅍ"}
"""A stop and a following ㅎ, spelt as one (백학: Paek’ak)."""

ONSET_WEIGHT, VOWEL_WEIGHT, CODA_WEIGHT = 0.4, 0.35, 0.25


def _bits(letters: str, order: str) -> int:
    return sum(1 << order.index(letter) for letter in set(letters))


@cache
def _spellings() -> tuple[list[tuple[str, int]], ...]:
    data: dict[str, Any] = load_rules("identify/name_korean.yaml", SCHEMA)
    onsets = [(str(k), _bits(str(v), INITIALS)) for k, v in data["initials"].items()]
    onsets.append(("", _bits(SILENT, INITIALS)))
    vowels = [(str(k), _bits(str(v), MEDIALS)) for k, v in data["vowels"].items()]
    codas = [
        (str(k), sum(1 << _CODAS.index(sound) for sound in v)) for k, v in data["finals"].items()
    ]
    codas.append(("", 1))
    return onsets, vowels, codas


@cache
def surnames() -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """Return Latin spellings with the surnames they stand for, and the surnames of two signs."""
    data: dict[str, Any] = load_rules("identify/name_korean.yaml", SCHEMA)
    found: dict[str, set[str]] = {}
    for hangul, spellings in data["surnames"].items():
        for spelling in spellings:
            found.setdefault(str(spelling), set()).add(str(hangul)[0])
    double = frozenset(str(word) for word in data["double_surnames"])
    return {word: frozenset(names) for word, names in found.items()}, double


@cache
def same_surname(sign: str) -> frozenset[str]:
    """Return *sign* and its spelling on the other side of the border (이, 리)."""
    data: dict[str, Any] = load_rules("identify/name_korean.yaml", SCHEMA)
    for row in data["surnames"]:
        if sign in str(row):
            return frozenset(str(row))
    return frozenset(sign)


@lru_cache(maxsize=REMEMBERED)
def hangul_reading(text: str) -> Reading:
    """Return the syllables of a Hangul word, as written and as they sound."""
    syllables = [decompose(c) for c in text]
    onsets = [_initials(s, first=i == 0) for i, s in enumerate(syllables)]
    codas = [1 << _CODAS.index(coda_of(s.final)) for s in syllables]
    for i, (left, right) in enumerate(itertools.pairwise(syllables)):
        end, begin = sound_together(left.final, right.initial, right.medial)
        codas[i] |= 1 << _CODAS.index(end)
        onsets[i + 1] |= 1 << INITIALS.index(begin)
        if right.initial == "ㅎ" and end in _BREATHED:
            codas[i] |= 1
            onsets[i + 1] |= 1 << INITIALS.index(_BREATHED[end])
    return tuple(
        (onset, 1 << MEDIALS.index(s.medial), coda)
        for onset, s, coda in zip(onsets, syllables, codas, strict=True)
    )


def _initials(syllable: Syllable, *, first: bool) -> int:
    """Return the initials that the North and the South write for one syllable."""
    bits = 1 << INITIALS.index(syllable.initial)
    soft = syllable.medial in _Y_OR_I
    if syllable.initial == "ㄹ":
        bits |= _bits("ㄴ", INITIALS) | (_bits(SILENT, INITIALS) if soft else 0)
    elif first and syllable.initial in {"ㄴ", SILENT} and soft:
        bits |= _bits("ㄹㄴ" + SILENT, INITIALS)
    elif first and syllable.initial == "ㄴ":
        bits |= _bits("ㄹ", INITIALS)
    return bits


@lru_cache(maxsize=REMEMBERED)
def latin_readings(word: str) -> tuple[Reading, ...]:
    """Return the ways to read a Latin word as Korean syllables; none where it is not Korean.

    Example:
        >>> latin_readings("smith"), len(latin_readings("yongsu"))
        ((), 1)
    """
    if len(word) > LONGEST or not word.isascii():
        return ()
    found: list[Reading] = []
    _read(word, 0, (), found, set())
    return tuple(found)


def _read(word: str, start: int, done: Reading, found: list[Reading], dead: set[int]) -> bool:
    if start == len(word):
        found.append(done)
        return True
    if start in dead or len(found) >= MOST_READINGS:
        return False
    known = _syllables()
    alive = False
    for end in range(min(len(word), start + LONGEST_SYLLABLE), start, -1):
        sets = known.get(word[start:end])
        if sets is not None:
            alive = _read(word, end, (*done, sets), found, dead) or alive
    if not alive:
        dead.add(start)
    return alive


@cache
def _syllables() -> dict[str, Sets]:
    """Return every spelling of a syllable with the sets it stands for."""
    onsets, vowels, codas = _spellings()
    found: dict[str, Sets] = {}
    for (onset, onset_bits), (vowel, vowel_bits), (coda, coda_bits) in itertools.product(
        onsets, vowels, codas
    ):
        spelling = onset + vowel + coda
        known = found.get(spelling, (0, 0, 0))
        found[spelling] = (known[0] | onset_bits, known[1] | vowel_bits, known[2] | coda_bits)
    return found


def agreement(left: Reading, right: Reading) -> float:
    """Return how far two readings agree, 0..1; 1 where every syllable's sets meet."""
    if len(left) != len(right):
        return 0.0
    total = 0.0
    for (onset, vowel, coda), (other_onset, other_vowel, other_coda) in zip(
        left, right, strict=True
    ):
        total += (
            (ONSET_WEIGHT if onset & other_onset else 0.0)
            + (VOWEL_WEIGHT if vowel & other_vowel else 0.0)
            + (CODA_WEIGHT if coda & other_coda else 0.0)
        )
    return total / len(left)


def readings(word: str) -> tuple[Reading, ...]:
    """Return the readings of a Hangul or Latin word; none of any other."""
    if word.isascii():
        return latin_readings(word)
    return (hangul_reading(word),) if all(is_hangul(c) for c in word) else ()


def alike(left: str, right: str) -> float:
    """Return the best agreement of two words, each in Hangul or Latin letters.

    Example:
        >>> alike("영수", "youngsoo"), alike("룡천", "yongchon"), alike("영수", "yongchol") < 1
        (1.0, 1.0, True)
    """
    best = 0.0
    theirs = readings(right)
    for mine in readings(left):
        for other in theirs:
            best = max(best, agreement(mine, other))
            if best >= 1:
                return 1.0
    return best


@cache
def _letters() -> tuple[tuple[str, str], ...]:
    data: dict[str, Any] = load_rules("identify/name_korean.yaml", SCHEMA)
    pairs = [(str(name), str(letter)) for name, letter in data["letters"].items()]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))


def without_letters(hangul: str, latin: str) -> tuple[str, str, int]:
    """Take off the letters that Hangul spells by name at the head and the end of *latin*.

    Returns:
        what is left of each, and how many letters agreed.

    Example:
        >>> without_letters("케이티알파", "ktalpha")
        ('알파', 'alpha', 2)
    """
    taken = 0
    moved = True
    while moved and hangul:
        moved = False
        for name, letter in _letters():
            if not letter and not taken:
                continue
            if hangul.startswith(name) and latin.startswith(letter):
                hangul, latin, moved = hangul[len(name) :], latin[len(letter) :], True
            elif hangul.endswith(name) and latin.endswith(letter) and len(hangul) > len(name):
                hangul, latin, moved = hangul[: -len(name)], latin[: len(latin) - len(letter)], True
            if moved:
                taken += len(letter)
                break
    return hangul, latin, taken


_LOAN_INITIALS = dict(
    zip(INITIALS, "k k n t t r m p p s s - j j j k t p h".split(), strict=True)  # noqa: SIM905
)
_LOAN_VOWELS = dict(
    zip(MEDIALS, "a e ya e o e yo e o wa we we yo u wo we wi yu - i i".split(), strict=True)  # noqa: SIM905
)
_LOAN_CODAS = {"": "", "k": "k", "n": "n", "t": "t", "l": "r", "m": "m", "p": "p", "ng": "n"}


@lru_cache(maxsize=REMEMBERED)
def loan(hangul: str) -> str:
    """Return the sounds of a foreign word that Hangul writes, as :func:`loan_latin` does.

    Example:
        >>> loan("플렉스"), loan_latin("plex")
        ('preks', 'preks')
    """
    out: list[str] = []
    for character in hangul:
        s = decompose(character)
        out += [
            _LOAN_INITIALS[s.initial],
            _LOAN_VOWELS[s.medial],
            "s" if s.final == "ㅅ" else _LOAN_CODAS[coda_of(s.final)],
        ]
    return undoubled("".join(out).replace("-", ""))


_LOAN_LATIN = (
    ("tion", "syon"), ("sion", "syon"), ("ture", "jo"), ("dge", "j"), ("sch", "s"),
    ("ce", "se"), ("ci", "si"), ("cy", "si"), ("ck", "k"), ("ch", "j"), ("sh", "s"), ("ph", "p"),
    ("th", "s"), ("gh", "k"), ("wh", "w"), ("qu", "kw"), ("q", "k"), ("x", "ks"), ("c", "k"),
    ("f", "p"), ("v", "p"), ("b", "p"), ("g", "k"), ("d", "t"), ("z", "j"), ("l", "r"),
    ("eo", "o"), ("eu", ""), ("ee", "i"), ("ea", "i"), ("oo", "u"), ("ou", "u"), ("ay", "ei"),
    ("ai", "ei"), ("ae", "e"), ("er", "o"), ("or", "o"), ("ar", "a"), ("ur", "o"), ("nk", "n"),
)  # fmt: skip


@lru_cache(maxsize=REMEMBERED)
def loan_latin(word: str) -> str:
    """Return the sounds of a Latin word as Hangul would tell them apart."""
    key = word
    if len(key) > 3 and key[-1] == "e" and key[-2] not in "aeiouy":  # noqa: PLR2004 - a silent e
        key = key[:-1]
    for written, stands_for in _LOAN_LATIN:
        key = key.replace(written, stands_for)
    if key and key[-1] == "y":
        key = key[:-1] + "i"
    return undoubled(key)


def undoubled(key: str) -> str:
    """Return *key* with every run of one letter written once."""
    return "".join(letter for letter, _ in itertools.groupby(key))


@lru_cache(maxsize=REMEMBERED)
def bones(key: str) -> str:
    """Return the consonants of a loan key."""
    return undoubled("".join(c for c in key if c not in "aeiouyw"))
