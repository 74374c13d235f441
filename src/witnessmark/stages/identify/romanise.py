"""Hangul in Latin letters, by nine systems whose tables are rule data.

Laws:
1. The same syllables give the same letters; nothing is looked up by word but the few exceptions
   that a system's own text names (``rules/identify/romanisation.yaml``).
2. Assimilation is spelt as each system spells it.
3. A northern initial ㄹ or ㄴ stays, unless the caller asks for the southern spelling or the
   system is of 1939.

Checked against the interscript vectors (MIT); the share that agrees is a test
(``tests/unit/stages/identify/test_romanise.py``).
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from witnessmark.stages.identify.hangul import (
    FINALS,
    INITIALS,
    MEDIALS,
    SILENT,
    Syllable,
    coda_of,
    decompose,
    is_hangul,
    sound_together,
    southern,
)
from witnessmark.stages.identify.hanja import has_hanja, to_hangul
from witnessmark.stages.identify.old_spelling import modern_word, sound_of_old
from witnessmark.store.rulebook import load_rules

SCHEMA = "witnessmark/romanisation/1"
REMEMBERED = 65_536
_SOFT = {"ㄱ": "g", "ㄷ": "d", "ㅂ": "b", "ㅈ": "j"}


class System(StrEnum):
    """A way to write Korean in Latin letters."""

    MCCUNE_REISCHAUER = "mr"
    DPRK = "dprk"
    DPRK_2012 = "dprk2012"
    REVISED = "rr"
    PRESS = "press"
    ALA_LC = "alalc"
    ODNI = "odni"
    MCCUNE_REISCHAUER_1939 = "mr1939"
    ISO_1 = "iso1"
    ISO_2 = "iso2"


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one system spells; the fields are those of the rule file.

    Attributes:
        name: what the system is called.
        vowels: letters of each medial.
        initials: letters of each initial at the head of a word.
        finals: letters of each final where a system writes letter by letter, else empty.
        voiced: initials that turn soft, by the end before them.
        join: what keeps n and g apart.
        keep_r: ends after which ㄹ stays r.
        after_t: what a final t and an initial become together.
        l_h: l before h.
        shw: whether ㅅ before ㅟ is sh.
        old: whether the spelling of 1939 is read.
        lower: whether words have no capital.
        letters: initials that a mark sets off inside a word.
        units: administrative units, set off by a hyphen.
        features: natural features, joined as they sound alone.
        whole: unit words not parted further.
        tense: compounds in which the second noun is tense.
        exceptions: words whose spelling the system's text fixes.
        spelt_numbers: whether a number before a unit is read out.
    """

    name: str
    vowels: dict[str, str]
    initials: dict[str, str]
    finals: dict[str, str]
    voiced: dict[str, str]
    join: str
    keep_r: frozenset[str]
    after_t: dict[str, str]
    l_h: str
    shw: bool
    old: bool
    lower: bool
    letters: str
    units: dict[str, str]
    features: dict[str, str]
    whole: tuple[str, ...]
    tense: tuple[str, ...]
    exceptions: dict[str, str]
    spelt_numbers: bool


def _row(letters: str, parts: object) -> dict[str, str]:
    written = ["" if part == "-" else part for part in str(parts).split()]
    return dict(zip(letters, written, strict=True))


@cache
def _rules() -> dict[str, Any]:
    return load_rules("identify/romanisation.yaml", SCHEMA)


@cache
def spelling_of(system: System) -> Spelling:
    """Return the tables of *system*; the press writes McCune-Reischauer without marks.

    Raises:
        InputError: the rule file is missing or has another schema.
    """
    rules = _rules()
    key = System.MCCUNE_REISCHAUER if system is System.PRESS else system
    row: dict[str, Any] = rules["systems"][key.value]
    finals = row.get("finals")
    return Spelling(
        name=str(rules["press"]["name"] if system is System.PRESS else row["name"]),
        vowels=_row(MEDIALS, row["vowels"]),
        initials=_row(INITIALS, row["initials"]),
        finals=_row("".join(FINALS[1:]), finals) if finals else {},
        voiced=dict(row.get("voiced", {})),
        join=str(row.get("join", "")),
        keep_r=frozenset(row.get("keep_r", ())),
        after_t=dict(row.get("after_t", {})),
        l_h=str(row.get("l_h", "l")),
        shw=bool(row.get("shw")),
        old=bool(row.get("old")),
        lower=bool(row.get("lower")),
        letters=str(row.get("letters", "")),
        units=dict(row.get("units", {})),
        features=dict(row.get("features", {})),
        whole=tuple(row.get("whole", ())),
        tense=tuple(row.get("tense", ())),
        exceptions=dict(row.get("exceptions", {})),
        spelt_numbers=row.get("numbers") == "word",
    )


def seam(spelling: Spelling, left: Syllable, right: Syllable) -> tuple[str, str]:
    """Return the letters in which *left* ends and *right* begins when they meet."""
    sound = sound_of_old if spelling.old else sound_together
    coda, initial = sound(left.final, right.initial, right.medial)
    moved = right.initial == SILENT and initial != SILENT
    if right.initial == "ㄹ" and coda in spelling.keep_r and initial == "ㄴ":
        initial = "ㄹ"  # DPRK 2002 leaves ㄹ after a nasal: Ryongrim, Amrokgang
    if initial == "ㄹ":
        return coda, "l" if coda == "l" else "r"
    if coda == "l" and initial == "ㅎ":
        return spelling.l_h, "h"
    if coda == "t" and initial in spelling.after_t:
        return "", spelling.after_t[initial]
    letters = spelling.initials[initial]
    if coda and letters == coda * 2 and spelling.after_t:
        return "", letters
    if initial in spelling.voiced.get("" if moved else coda, ""):
        letters = _SOFT[initial]
    if spelling.shw and initial == "ㅅ" and right.medial == "ㅟ":
        letters = "sh"
    if coda == "n" and letters == "g":
        letters = spelling.join + letters
    return coda, letters


@lru_cache(maxsize=REMEMBERED)
def _seam_of(system: System, left: Syllable, right: Syllable) -> tuple[str, str]:
    return seam(spelling_of(system), left, right)


def _word(system: System, spelling: Spelling, syllables: list[tuple[Syllable, str]]) -> str:
    head = syllables[0][0]
    out = spelling.initials[head.initial] + spelling.vowels[head.medial]
    if spelling.shw and head.initial == "ㅅ" and head.medial == "ㅟ":
        out = "sh" + spelling.vowels["ㅟ"]
    parted = any(mark for _, mark in syllables)
    for (left, _), (right, mark) in itertools.pairwise(syllables):
        if mark and spelling.join == "-":
            end, begin = coda_of(left.final), _after_hyphen(spelling, right)
        else:
            end, begin = _seam_of(system, left, right)
        if mark or (parted and spelling.join == "-"):
            begin = begin.lstrip("’-")  # one hyphen is enough to part a word
        out += end + mark + begin + spelling.vowels[right.medial]
    return out + coda_of(syllables[-1][0].final)


def _after_hyphen(spelling: Spelling, right: Syllable) -> str:
    """Return what begins after a hyphen in the DPRK's system: nothing is carried over it."""
    return spelling.initials[right.initial]


def _by_letter(spelling: Spelling, syllables: list[tuple[Syllable, str]]) -> str:
    """Write letter by letter (ISO): a mark sets off what else would be read with the end."""
    out = ""
    for number, (syllable, mark) in enumerate(syllables):
        apart = "'" if number and not mark and syllable.initial in spelling.letters else ""
        end = spelling.finals[syllable.final] if syllable.final else ""
        begin = spelling.initials[syllable.initial]
        out += mark + apart + begin + spelling.vowels[syllable.medial] + end
    return out


def romanise(text: str, system: System, *, initial_law: bool = False) -> str:
    """Return *text* in Latin letters, each word with a capital.

    Args:
        text: Hangul; a hyphen marks a seam and is kept; anything else is passed through.
        system: the romanisation; the systems for old spelling and for letters have no capitals.
        initial_law: write the southern spelling of a northern initial (룡 as 용).

    Example:
        >>> romanise("룡천", System.MCCUNE_REISCHAUER)
        'Ryongch’ŏn'
        >>> romanise("룡천", System.REVISED, initial_law=True)
        'Yongcheon'
    """
    spelling = spelling_of(system)
    source = southern(text) if initial_law else text
    if spelling.spelt_numbers:
        source = _numbers_read_out(source)
    out: list[str] = []
    run: list[tuple[Syllable, str]] = []
    mark = ""
    for character in source:
        if is_hangul(character):
            run.append((decompose(character), mark if run else ""))
            mark = ""
        elif character == "-" and run:
            mark = "-"
        else:
            out.append(_flush(system, spelling, run) + mark + character)
            mark = ""
            run = []
    out.append(_flush(system, spelling, run) + mark)
    return "".join(out)


def _flush(system: System, spelling: Spelling, run: list[tuple[Syllable, str]]) -> str:
    if not run:
        return ""
    if spelling.old:
        run = modern_word(run)
    word = _by_letter(spelling, run) if spelling.finals else _word(system, spelling, run)
    if system is System.PRESS:
        word = without_marks(word)
    return word if spelling.lower else word[0].upper() + word[1:]


def without_marks(name: str) -> str:
    """Return *name* without breves and apostrophes, as newspapers print it."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return bare.replace("’", "").replace("'", "")


_DIGITS = "영일이삼사오륙칠팔구"
_NUMBERED = re.compile(r"(?<=[가-힣])(\d{1,2})-?(?=(?:동|리|가|구|로)(?![가-힣]))")


def _numbers_read_out(text: str) -> str:
    """Write the number of a numbered unit as a word: 비파1-동 is 비파 일-동."""
    return _NUMBERED.sub(lambda found: f" {_sino_korean(int(found[1]))}-", text)


def _sino_korean(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else _DIGITS[tens]) + "십" if tens else ""
    return ten + (_DIGITS[ones] if ones or not tens else "")


_UNITS = re.compile(r"(?<=[가-힣]{2})(구역|[도시군구읍면동리])(?![가-힣])")
_AFTER_HYPHEN = re.compile(r"(?<=[가-힣]-)(구역|[도시군구읍면동리])(?![가-힣])")
_AFTER_NUMBER = re.compile(r"(?<=\d)([도시군구읍면동리])(?![가-힣])")
LEAST_BEFORE_FEATURE = 2
"""Syllables that a name has before the word for a river or a mountain counts as one."""


def romanise_address(text: str, system: System) -> str:
    """Return a name or address in Latin letters, units of administration set off (``Kobi-ri``).

    McCune-Reischauer assimilates across the seam, so the hyphen is put in before; the DPRK and
    the South write the unit as it sounds alone. Signs (Hanja) are read as Korean first.

    Example:
        >>> romanise_address("울릉군", System.REVISED)
        'Ulleung-gun'
    """
    source = to_hangul(text) if has_hanja(text) else text
    spelling = spelling_of(system)
    if system is System.ODNI:
        return romanise_person(source, system)
    if spelling.spelt_numbers:
        source = _numbers_read_out(source)
    if spelling.old or spelling.finals:
        return romanise(source, system)
    if spelling.units:
        return " ".join(_official(word, system, spelling) for word in source.split(" "))
    seamed = (
        word
        if word.endswith(spelling.whole) or "-" in word
        else _UNITS.sub(lambda found: f"-{found[0]}", word)
        for word in source.split(" ")
    )
    return " ".join(romanise(word, system) for word in seamed)


def _official(word: str, system: System, spelling: Spelling) -> str:
    found = _UNITS.search(word) or _AFTER_HYPHEN.search(word) or _AFTER_NUMBER.search(word)
    if found is not None:
        stem = word[: found.start()].rstrip("-")
        unit = spelling.units.get(found[1]) or romanise(found[1], system).lower()
        return f"{_stem(stem, system, spelling)}-{unit}{word[found.end() :]}"
    return _stem(word, system, spelling)


def _stem(word: str, system: System, spelling: Spelling) -> str:
    if word in spelling.exceptions:
        return spelling.exceptions[word]
    for feature, letters in spelling.features.items():
        before = word.removesuffix(feature)
        if before != word and len(before) >= LEAST_BEFORE_FEATURE and "-" not in word:
            return romanise(before, system) + letters
    if word in spelling.tense:
        return romanise(word[0], system) + romanise(word[1:], system).lower()
    return romanise(word, system)


def romanise_person(name: str, system: System) -> str:
    """Return a Korean person's name in Latin letters, surname first.

    Args:
        name: Hangul; a blank after the surname decides where a surname of two syllables may be.
        system: ODNI writes syllable by syllable (``Kim Yo’ng-su``); McCune-Reischauer and the
            South join the given name, the DPRK writes each syllable for itself.

    Example:
        >>> romanise_person("선우학원", System.ODNI)
        'So’nu Hak-wo’n'
    """
    surname, given = part_person(name)
    if not surname:
        return name
    fixed = {"이": "Yi", "리": "Ri"}.get(surname)
    if system is System.ODNI:
        spelling = spelling_of(system)
        first = "".join(_alone(spelling, each) for each in surname)
        second = "-".join(_alone(spelling, each) for each in given)
        return f"{fixed or first.capitalize()} {second.capitalize()}".strip()
    if system in {System.DPRK, System.DPRK_2012}:
        parts = [romanise(surname, system), *(romanise(each, system) for each in given)]
    elif system in {System.MCCUNE_REISCHAUER, System.ALA_LC, System.PRESS}:
        parts = [fixed or romanise(surname, system), romanise("-".join(given), system)]
    else:
        parts = [romanise(surname, system), romanise(given, system)]
    return " ".join(part for part in parts if part)


def _alone(spelling: Spelling, character: str) -> str:
    syllable = decompose(character)
    head = spelling.initials[syllable.initial] + spelling.vowels[syllable.medial]
    return head + coda_of(syllable.final)


def part_person(name: str) -> tuple[str, str]:
    """Return surname and given name of a name in Hangul; both empty where it is none."""
    words = name.split()
    if not words or not all(is_hangul(c) for word in words for c in word):
        return "", ""
    if len(words) > 1:
        return words[0], "".join(words[1:])
    two = name[:2] in _rules()["surnames_of_two"] and len(name) > 2  # noqa: PLR2004 - a given name follows
    cut = 2 if two else 1
    return words[0][:cut], words[0][cut:]
