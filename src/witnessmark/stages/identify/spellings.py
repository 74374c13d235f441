"""One name in every romanisation that fits its script: what ``names romanise`` prints.

Laws:
1. Hangul is written by the Korean systems; Chinese signs by the Chinese ones, and by the Korean
   ones as they are read in Korean.
2. A system that does not fit the script is refused by name, never answered with a guess.
"""

from __future__ import annotations

from dataclasses import dataclass

from witnessmark.core.errors import InputError
from witnessmark.stages.identify.han import has_hanja
from witnessmark.stages.identify.hangul import has_hangul
from witnessmark.stages.identify.hanja import to_hangul
from witnessmark.stages.identify.pinyin import NAMES, ChineseSystem, romanise_chinese
from witnessmark.stages.identify.places import SPELT_SO, find_place
from witnessmark.stages.identify.romanise import (
    System,
    romanise_address,
    romanise_person,
    spelling_of,
)

SYSTEMS = (*(system.value for system in System), *(system.value for system in ChineseSystem))
_FOR_PERSONS = frozenset(
    {
        System.MCCUNE_REISCHAUER,
        System.DPRK,
        System.DPRK_2012,
        System.REVISED,
        System.PRESS,
        System.ALA_LC,
        System.ODNI,
    }
)


@dataclass(frozen=True, slots=True)
class Romanised:
    """A name in one system.

    Attributes:
        system: key of the system (``mr``, ``pinyin`` …).
        name: what the system is called.
        written: the name in Latin letters.
    """

    system: str
    name: str
    written: str


def romanisations(
    text: str, *, system: str | None = None, person: bool = False
) -> tuple[Romanised, ...]:
    """Return *text* in Latin letters by *system*, or by every system that fits its script.

    Args:
        text: a name in Hangul, Chinese signs or both.
        system: one of ``SYSTEMS``; None: all that fit.
        person: write a Korean person's name, surname first.

    Raises:
        InputError: no such system, or the text is not in a script that it writes.

    Example:
        >>> [r.written for r in romanisations("丹东", system="wade-giles")]
        ['Tan-tung']
    """
    if system is not None and system not in SYSTEMS:
        raise InputError(
            f"there is no system {system!r}", where="--system", to_do=f"use {', '.join(SYSTEMS)}"
        )
    hangul, signs = has_hangul(text), has_hanja(text)
    found: list[Romanised] = []
    if hangul or signs:
        for korean in System:
            fits = korean in _FOR_PERSONS if person else korean is not System.ODNI
            if system == korean.value or (system is None and fits):
                written = _korean(text, korean, person=person)
                found.append(Romanised(korean.value, spelling_of(korean).name, written))
    if signs and not hangul:
        for chinese in ChineseSystem:
            if system in {None, chinese.value}:
                written = romanise_chinese(text, chinese)
                found.append(Romanised(chinese.value, NAMES[chinese], written))
    if not found:
        raise InputError(
            "the name is not in a script that is written here",
            where=text,
            to_do="give Hangul, or Chinese signs for pinyin, Wade-Giles and Cantonese",
        )
    return tuple(found)


def _korean(text: str, system: System, *, person: bool) -> str:
    if not person:
        return romanise_address(text, system)
    return romanise_person(to_hangul(text) if has_hanja(text) else text, system)


def listed_as(hangul: str) -> tuple[str, ...]:
    """Return the places of the gazetteer that are spelt *hangul*, one phrase each."""
    return tuple(
        f"listed: {place.native} ({place.kind}, {place.within}, {place.country})"
        for place in find_place(hangul)
        if place.score >= SPELT_SO and "against" not in " ".join(place.reasons)
    )
