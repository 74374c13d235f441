"""What Hangul a Latin spelling can stand for: every plausible source form, ranked.

Laws:
1. A form is offered only if some system, or a spelling of the press that the rule data list, writes
   it with these letters; what it is written in is named.
2. The order is by cost: how common the syllables are, how usual the spelling. ``share`` parts what
   was found among the forms kept; it is no probability that the form is meant.
3. Marks are used where they stand: in ``Chŏngŏ`` no o is read as ㅓ.
4. A northern initial (룡) and its southern spelling (용) are both offered.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from witnessmark.core.errors import InputError
from witnessmark.stages.identify.hangul import FINALS, MEDIALS, SILENT, Syllable
from witnessmark.stages.identify.lattice import (
    costs,
    given_costs,
    heads,
    place_costs,
    rules,
    seams,
    tails,
    vowels,
)
from witnessmark.stages.identify.romanise import System, romanise, romanise_person, without_marks

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("place", "person")
BEAM = 160
MOST = 10
LONGEST = 60
SYLLABLES_MOST = 12
_CHECKED = (System.MCCUNE_REISCHAUER, System.DPRK, System.REVISED)
_Y = frozenset("ㅑㅒㅕㅖㅛㅠㅣ")
_MARKED, _MARKS = frozenset("ㅓㅕㅡㅝ"), frozenset("ŏŭü")
_LONGEST_VOWEL, _LONGEST_SEAM = 3, 6


@dataclass(frozen=True, slots=True)
class SourceForm:
    """One way to read a Latin spelling.

    Attributes:
        hangul: the form.
        share: its part among the forms kept, 0..1.
        reasons: which systems write it so, and what else speaks for or against it.
    """

    hangul: str
    share: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Letters:
    """A word to read: its letters, where hyphens stand, whether it has marks."""

    text: str
    hyphens: frozenset[int]
    marked: bool


_State: TypeAlias = tuple[float, str, str]
"""Cost, Hangul so far, initial that waits for its vowel."""


@dataclass(frozen=True, slots=True)
class _Search:
    """One word being read: states by place, readings found, costs of syllables."""

    word: _Letters
    states: list[list[_State]]
    ends: dict[str, float]
    prior: dict[str, float]


def source_forms(latin: str, kind: str = "place", *, most: int = MOST) -> tuple[SourceForm, ...]:
    """Return the forms in Hangul that *latin* can stand for, likeliest first.

    Args:
        latin: a Korean name in Latin letters, in any of the systems or as the press spells it.
        kind: ``place``, or ``person`` (surname first or last).
        most: how many forms to return.

    Raises:
        InputError: *kind* is neither.

    Example:
        >>> [form.hangul for form in source_forms("Sinuiju", most=1)]
        ['신의주']
    """
    if kind not in KINDS:
        raise InputError(
            f"a name cannot be of kind {kind!r}", where="kind", to_do=f"use {', '.join(KINDS)}"
        )
    text = " ".join(unicodedata.normalize("NFC", latin[:LONGEST]).casefold().split())
    found = _persons(text) if kind == "person" else _places(text)
    ranked = sorted(found.items(), key=lambda each: (each[1], each[0]))[:most]
    if not ranked:
        return ()
    least = ranked[0][1]
    total = sum(math.exp(least - cost) for _, cost in ranked)
    return tuple(
        SourceForm(hangul, round(math.exp(least - cost) / total, 3), _reasons(hangul, latin, kind))
        for hangul, cost in ranked
    )


def _letters(word: str) -> _Letters:
    kept = ""
    hyphens: set[int] = set()
    for character in word:
        if character in "-‐–":
            hyphens.add(len(kept))
        elif character.isalpha():
            kept += character
    return _Letters(kept, frozenset(hyphens), bool(_MARKS & set(kept)))


def _places(text: str) -> dict[str, float]:
    """Read each word; words are joined by blanks, as they stand."""
    read = [_read(_letters(word), place_costs()) for word in text.split(" ")[:3]]
    if not all(read):
        return {}
    best = [sorted(each.items(), key=lambda e: (e[1], e[0]))[: BEAM // 4] for each in read]
    found: dict[str, float] = {}
    for parts in product(*best) if len(best) < 3 else product(*(b[:8] for b in best)):  # noqa: PLR2004 - three words
        hangul = " ".join(part for part, _ in parts)
        cost = sum(cost for _, cost in parts) + _agreement(hangul, text, romanise)
        found[hangul] = min(cost, found.get(hangul, math.inf))
    return found


def _persons(text: str) -> dict[str, float]:
    words = text.replace("-", " ").replace(",", " ").split()
    found: dict[str, float] = {}
    orders = [(words[0], words[1:])]
    if len(words) > 1:
        orders.append((words[-1], words[:-1]))
    for number, (surname, given) in enumerate(orders):
        read = _read(_letters("-".join(given)), given_costs()) if given else {"": 0.0}
        for family, family_cost in _surnames(surname):
            for name, cost in read.items():
                odd = 1.5 * abs(len(name) - 2) if name else 0.0
                whole = f"{family}{name}"
                total = family_cost + cost + odd + 1.5 * number
                found[whole] = min(total, found.get(whole, math.inf))
    best = sorted(found.items(), key=lambda each: (each[1], each[0]))[:BEAM]
    return {name: cost + _agreement(name, text, romanise_person) for name, cost in best}


def _surnames(latin: str) -> list[tuple[str, float]]:
    weights: dict[str, float] = rules()["weights"]
    bare = without_marks(latin)
    out: list[tuple[str, float]] = []
    for hangul, spellings in rules()["surnames"].items():
        written = [without_marks(str(each)) for each in spellings]
        if bare in written:
            rank = written.index(bare)
            out.append((str(hangul), 0.4 * rank - math.log(weights.get(hangul, 0.3) / 100)))
    return out


def _agreement(hangul: str, text: str, write: Callable[[str, System], str]) -> float:
    """Return what a form gains if a system writes it exactly so."""
    step = costs()
    gains = [0.0]
    for system in _CHECKED:
        written = write(hangul, system).casefold()
        if written == text:
            gains.append(step.exact_with_marks)
        if _bare(written) == _bare(text):
            gains.append(step.exact)
    return min(gains)


def _bare(text: str) -> str:
    return without_marks(text).replace("-", "").replace(" ", "")


def _reasons(hangul: str, latin: str, kind: str) -> tuple[str, ...]:
    write = romanise_person if kind == "person" else romanise
    bare = _bare(latin.casefold())
    systems = [s.value for s in _CHECKED if _bare(write(hangul, s).casefold()) == bare]
    out = [f"written so in: {', '.join(systems)}"] if systems else ["a spelling of the press"]
    if hangul[0] in _NORTHERN:
        out.append("northern spelling of the initial")
    return tuple(out)


_NORTHERN = frozenset(
    Syllable(initial, medial, final).compose()
    for initial in "ㄹㄴ"
    for medial in MEDIALS
    for final in FINALS
    if initial == "ㄹ" or medial in _Y
)


def _read(word: _Letters, prior: dict[str, float]) -> dict[str, float]:
    """Return the readings of one word with their costs (a beam over its letters)."""
    size = len(word.text)
    search = _Search(word, [[] for _ in range(size + 1)], {}, prior)
    for length in range(min(3, size + 1)):
        for initial, cost in heads().get(word.text[:length], ()):
            search.states[length].append((cost, "", initial))
    for place in range(size):
        for state in sorted(search.states[place])[:BEAM]:
            if len(state[1]) < SYLLABLES_MOST:
                _step(search, place, state)
    return search.ends


def _step(search: _Search, place: int, state: _State) -> None:
    """Read a vowel at *place* in every way the letters allow."""
    cost, done, waiting = state
    word = search.word
    for length in range(1, _LONGEST_VOWEL + 1):
        after = place + length
        if after > len(word.text) or any(place < cut < after for cut in word.hyphens):
            break
        for medial, vowel_cost in vowels().get(word.text[place:after], ()):
            extra = vowel_cost
            if word.marked and medial in _MARKED and not _MARKS & set(word.text[place:after]):
                extra += costs().unmarked_in_marked
            for initial, head_cost in _heads(waiting, medial, first=not done):
                _close(search, after, (cost + extra + head_cost, done, initial), medial)


def _heads(initial: str, medial: str, *, first: bool) -> list[tuple[str, float]]:
    """Return the initials that the letters can stand for at the head: 용 also for 룡 and 뇽."""
    out = [(initial, 0.0)]
    if first and initial == SILENT and medial in _Y:
        out += [("ㄹ", costs().northern_head), ("ㄴ", costs().northern_head + 1)]
    if first and initial == "ㄴ" and medial not in _Y:
        out.append(("ㄹ", costs().northern_head))
    return out


def _close(search: _Search, after: int, state: _State, medial: str) -> None:
    """End the syllable: at the end of the word, or at a seam with the next initial."""
    cost, done, initial = state
    letters = search.word.text
    unknown = costs().unknown_syllable
    for final, tail in tails().get(letters[after:], ()):
        hangul = done + Syllable(initial, medial, final).compose()
        total = cost + tail + search.prior.get(hangul[-1], unknown)
        search.ends[hangul] = min(total, search.ends.get(hangul, math.inf))
    for length in range(min(_LONGEST_SEAM, len(letters) - after) + 1):
        for final, following, seam_cost in seams().get(letters[after : after + length], ()):
            syllable = Syllable(initial, medial, final).compose()
            total = cost + seam_cost + search.prior.get(syllable, unknown)
            search.states[after + length].append((total, done + syllable, following))
