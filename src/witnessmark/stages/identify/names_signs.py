"""Personal names in Hangul or Chinese signs, against signs and against Latin letters.

Laws:
1. Surname is compared with surname, given name with given name, syllable by syllable, in
   either order; a word left over (an English given name) is allowed and counted.
2. A surname agrees where a list or a romanisation spells it so; it is never nearly alike.
"""

from __future__ import annotations

from functools import lru_cache

from witnessmark.stages.identify import names_hanzi, names_korean
from witnessmark.stages.identify.names_letters import alike
from witnessmark.stages.identify.names_person import Person, splits
from witnessmark.stages.identify.names_text import HANGUL

REMEMBERED = 65_536
SAME = 0.8
"""Likeness from which two given names count as close (our convention)."""

INITIAL = 0.85


def compare_signs(left: Person, right: Person) -> tuple[str, dict[str, float], list[str]]:
    """Return the model to weigh with, the features and the reasons of two names in signs."""
    mine, other = left.signs or ("", ""), right.signs or ("", "")
    surname, given = alike(mine[0], other[0]), alike(mine[1], other[1])
    if surname < 1 and left.script == right.script == HANGUL:
        surname = (
            1.0 if names_korean.same_surname(mine[0]) & names_korean.same_surname(other[0]) else 0.0
        )
    features = {"surname": float(surname >= SAME), "given": given, "short": float(len(mine[1]) < 2)}  # noqa: PLR2004 - one sign
    return "person_signs", features, _said(surname >= SAME, given, "sign by sign")


def _said(surname: bool, given: float, how: str) -> list[str]:  # noqa: FBT001 - a pure rule of three values
    if surname and given >= 1:
        return [f"surname and given name agree, {how}"]
    reasons = [f"the surnames agree, {how}" if surname else "against: the surnames differ"]
    if given < 1:
        reasons.append(
            f"the given names are close ({given:.2f})"
            if given >= SAME
            else f"against: the given names differ ({given:.2f})"
        )
    return reasons


def compare_across(signed: Person, latin: Person) -> tuple[str, dict[str, float], list[str]]:
    """Return the same of a name in signs and one in letters."""
    surname, given = signed.signs or ("", "")
    korean = signed.script == HANGUL
    best = (0.0, 0.0, 0)
    for spelt, rest, extra in dict.fromkeys((*splits(latin.printed), *splits(latin.words))):
        agrees = _surname(surname, spelt, korean=korean)
        if not agrees:
            near = 0.0
            if best[0] == 0:
                near = 0.5 * alike(given, rest) if rest and given else 0.0
            best = max(best, (0.0, near, -extra))
            continue
        best = max(best, (1.0, _given(given, rest, korean=korean), -extra))
    features = {
        "surname": best[0],
        "given": best[1],
        "given_exact": float(best[1] >= 1),
        "both": best[0] * best[1],
        "extra": float(-best[2]),
        "short": float(len(given) < 2),  # noqa: PLR2004 - one sign
    }
    model = "person_korean" if korean else "person_chinese"
    return model, features, _said(best[0] > 0, best[1], "syllable by syllable")


def _given(signs: str, rest: str, *, korean: bool) -> float:
    if not rest or not signs:
        return 0.0
    if korean:
        return alike(signs, rest)
    if len(rest) <= len(signs) and _initials(signs, rest):
        return INITIAL
    return alike(signs, rest)


def _initials(signs: str, rest: str) -> bool:
    return len(rest) == len(signs) and all(
        any(s.startswith(letter) for s in names_hanzi.spellings(sign))
        for sign, letter in zip(signs, rest, strict=True)
    )


@lru_cache(maxsize=REMEMBERED)
def _surname(signs: str, spelt: str, *, korean: bool) -> bool:
    if korean:
        known = names_korean.surnames()[0].get(spelt)
        if known and names_korean.same_surname(signs) & known:
            return True
        return names_korean.alike(signs, spelt) >= 1
    if len(signs) > 1:
        return spelt in names_hanzi.surname_spellings(signs) or names_hanzi.spelt_by(signs, spelt)
    return spelt in names_hanzi.surname_spellings(signs)
