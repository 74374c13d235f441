"""Latin letters as the sounds they can spell: the edges from which Hangul is read back.

Laws:
1. A seam's letters come from the systems themselves (``romanise.seam``), so that reading back is
   the inverse of writing; what no system writes costs more and stands in the rule data.
2. The tables are made once, from rule data, and never changed.
"""

from __future__ import annotations

import csv
import io
import itertools
import math
from dataclasses import dataclass
from functools import cache
from typing import Any

from witnessmark.stages.identify.hangul import INITIALS, SILENT, Syllable, coda_of
from witnessmark.stages.identify.romanise import (
    Spelling,
    System,
    seam,
    spelling_of,
    without_marks,
)
from witnessmark.store.rulebook import load_rules, rule_bytes

SCHEMA = "witnessmark/latin-korean/1"
FINALS = ("", "ㄱ", "ㄴ", "ㄹ", "ㅁ", "ㅂ", "ㅅ", "ㅇ", "ㄷ", "ㅈ", "ㅊ", "ㅌ", "ㅍ", "ㄲ", "ㄺ")
"""Finals that names have; others are of verbs."""

PRESS_INITIALS = ("sh", "l", "z", "ts")
SYSTEMS = (System.MCCUNE_REISCHAUER, System.DPRK, System.REVISED)
_SOFT_END = {"k": "g", "t": "d", "p": "b"}
SIGN_WEIGHT = 0.15
FLOOR = 0.02


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs of steps, as natural logarithms; the fields are those of the rule file."""

    unassimilated: float
    northern_head: float
    ng_as_n: float
    unmarked_in_marked: float
    unknown_syllable: float
    exact: float
    exact_with_marks: float
    soft_end: float


@cache
def rules() -> dict[str, Any]:
    """Return the rule file of Latin spellings."""
    return load_rules("identify/latin_korean.yaml", SCHEMA)


@cache
def costs() -> Costs:
    """Return the costs of steps."""
    return Costs(**{key: float(value) for key, value in rules()["costs"].items()})


@cache
def vowels() -> dict[str, tuple[tuple[str, float], ...]]:
    """Return the medials that letters can spell, with their costs."""
    return {
        letters: tuple((medial, float(cost)) for medial, cost in row.items())
        for letters, row in rules()["vowels"].items()
    }


def _least(
    table: dict[str, dict[tuple[str, str], float]], letters: str, pair: tuple[str, str], cost: float
) -> None:
    row = table.setdefault(letters, {})
    row[pair] = min(cost, row.get(pair, math.inf))


def _initial_letters(spelling: Spelling, initial: str) -> str:
    return without_marks(spelling.initials[initial])


@cache
def heads() -> dict[str, tuple[tuple[str, float], ...]]:
    """Return the initials that letters at the head of a word can spell."""
    table: dict[str, dict[tuple[str, str], float]] = {}
    for system in SYSTEMS:
        for initial in INITIALS:
            _least(table, _initial_letters(spelling_of(system), initial), ("", initial), 0.0)
    for letters, row in rules()["initials"].items():
        table.setdefault(str(letters), {}).update(
            {("", initial): float(cost) for initial, cost in row.items()}
        )
    return {
        letters: tuple((initial, cost) for (_, initial), cost in row.items())
        for letters, row in table.items()
    }


@cache
def seams() -> dict[str, tuple[tuple[str, str, float], ...]]:
    """Return what letters between two vowels can spell: a final and the next initial."""
    table: dict[str, dict[tuple[str, str], float]] = {}
    for final, initial, system in itertools.product(FINALS, INITIALS, SYSTEMS):
        _add_seam(table, spelling_of(system), final, initial)
    for letters in PRESS_INITIALS:
        for initial, cost in rules()["initials"][letters].items():
            for final in FINALS:
                _least(table, coda_of(final) + letters, (final, initial), float(cost))
    for written, pairs in list(table.items()):
        for (final, initial), cost in list(pairs.items()):
            if final == SILENT and written.startswith("ng"):
                slip = cost + costs().ng_as_n
                _least(table, "n" + written[2:], (final, initial), slip)
    return {
        letters: tuple((final, initial, cost) for (final, initial), cost in row.items())
        for letters, row in table.items()
    }


def _add_seam(
    table: dict[str, dict[tuple[str, str], float]], spelling: Spelling, final: str, initial: str
) -> None:
    """Add a seam as *spelling* writes it, and as it is written without assimilation."""
    pair, step = (final, initial), costs()
    left, right = Syllable(SILENT, "ㅏ", final), Syllable(initial, "ㅏ", "")
    _least(table, _plain("".join(seam(spelling, left, right))), pair, 0.0)
    alone, coda = _initial_letters(spelling, initial), coda_of(final)
    _least(table, coda + alone, pair, step.unassimilated)
    if coda in _SOFT_END:
        _least(table, _SOFT_END[coda] + alone, pair, step.soft_end)


def _plain(letters: str) -> str:
    return without_marks(letters).replace("-", "")


@cache
def tails() -> dict[str, tuple[tuple[str, float], ...]]:
    """Return the finals that letters at the end of a word can spell."""
    table: dict[str, list[tuple[str, float]]] = {"": [("", 0.0)]}
    for letters, final in rules()["finals"].items():
        table.setdefault(str(letters), []).append((str(final), 0.0))
    for final in FINALS[1:]:
        known = table.setdefault(coda_of(final), [])
        if final not in dict(known):
            known.append((final, 1.0))
    table["n"].append(("ㅇ", costs().ng_as_n))
    return {letters: tuple(row) for letters, row in table.items()}


@cache
def place_costs() -> dict[str, float]:
    """Return the cost of each syllable in a place name."""
    text = rule_bytes("identify/syllables.csv").decode("utf-8")
    weights = {
        row["syllable"]: int(row["place"]) + SIGN_WEIGHT * math.log1p(int(row["signs"])) + FLOOR
        for row in csv.DictReader(io.StringIO(text))
    }
    total = sum(weights.values())
    return {syllable: -math.log(weight / total) for syllable, weight in weights.items()}


@cache
def given_costs() -> dict[str, float]:
    """Return the cost of each syllable in a given name: the listed ones, commonest first."""
    listed = list(dict.fromkeys(str(rules()["given"]).split()))
    weights = {each: 1.0 / (rank + 20) for rank, each in enumerate(listed)}
    for syllable in place_costs():
        weights.setdefault(syllable, 1.0 / 2000)
    total = sum(weights.values())
    return {syllable: -math.log(weight / total) for syllable, weight in weights.items()}
