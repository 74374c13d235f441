"""Personal names in letters: what speaks for and against their being one.

Laws:
1. Only what both names state can speak against: a name that leaves the middle name out
   is no other name; two different given names are.
2. Two listed given names that are not forms of one name are two names, however alike.
3. Junior is not senior; a woman's form of a name is not a man's.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from witnessmark.stages.identify import names_hanzi, names_korean
from witnessmark.stages.identify.names_letters import alike, romanised_alike
from witnessmark.stages.identify.names_person import Person, lists, splits
from witnessmark.stages.identify.names_text import consonants

if TYPE_CHECKING:
    from collections.abc import Callable

REMEMBERED = 65_536
SAME = 0.8
"""Likeness from which two words of a personal name count as one (our convention)."""

INITIAL = 0.85
NICKNAME = 0.9
OTHER_NAME = 0.6
"""At most how alike two listed given names are that are not one name (Peter, Dieter)."""

UNVOWELLED = 0.93
LEAST_NAME = 3
SHORT = 4
"""Words up to which one other letter makes another name (our convention)."""

_ENDINGS = ({"a", "o"}, {"a", "i"})
"""Last letters that part a woman's form of a name from a man's (Maria, Mario)."""

_PATRONYMIC = re.compile(
    r"(?:[oe]vi[ct]h|[oe]vych|ovic|[iy]ch|[oei]vna|[iy]nichna|ichna|ogly|oglu|ogli|kyzy|qizi|uulu)$"
)
_WOMAN = re.compile(r"(?:[oei]vna|ichna|kyzy|qizi)$")
_ARTICLE = re.compile(r"^[ae]l(?=[a-z]{3})")


@lru_cache(maxsize=262_144)
def _word(left: str, right: str) -> float:
    """Return how alike two words of a personal name are."""
    if left == right:
        return 1.0
    if len(left) == 1 or len(right) == 1:
        return INITIAL if left[0] == right[0] else 0.0
    likeness = alike(left, right)
    nicknames = lists().nicknames
    rows, other = nicknames.get(left), nicknames.get(right)
    if rows is None or other is None:
        return likeness
    return max(likeness, NICKNAME) if rows & other else min(likeness, OTHER_NAME)


@lru_cache(maxsize=262_144)
def _unvowelled(left: str, right: str) -> float:
    nicknames = lists().nicknames
    rows, known = nicknames.get(left), nicknames.get(right)
    if rows is not None and known is not None:
        return NICKNAME if rows & known else OTHER_NAME
    mine, other = consonants(left), consonants(right)
    if mine == other and mine:
        return UNVOWELLED
    for one, two in ((left, right), (right, left)):
        if _ARTICLE.match(one) and consonants(one[2:]) == consonants(two):
            return UNVOWELLED
    longest = max(len(mine), len(other), 1)
    return UNVOWELLED * alike(mine, other) if longest > 2 else 0.0  # noqa: PLR2004 - two consonants are many names


def compare_letters(left: Person, right: Person) -> tuple[str, dict[str, float], list[str]]:
    """Return the model to weigh with, the features and the reasons of two names in letters."""
    mine, other = left.words, right.words
    if len(mine) > len(other) or (len(mine) == len(other) and mine > other):
        left, right, mine, other = right, left, other, mine
    likeness = _unvowelled if left.unvowelled != right.unvowelled else _word
    pairs: list[tuple[float, str, str]] = [(1.0, w, w) for w in mine]
    lone: list[str] = []
    spare: list[str] = []
    if left.joined != right.joined and sorted(mine) != sorted(other):
        pairs, lone, spare = _paired(mine, other, likeness)
    asian = 0.0
    if lone and spare and not left.unvowelled and not right.unvowelled:
        asian = _asian(left.printed, right.printed)
        if asian:
            pairs, lone, spare = [(asian, w, "") for w in mine], [], []
    sims = [p[0] for p in pairs]
    weights = [len(p[1]) for p in pairs]
    lone_letters, spare_letters = sum(map(len, lone)), sum(map(len, spare))
    matched = sum(s * w for s, w in zip(sims, weights, strict=True))
    conflict = _conflicts(lone, spare)
    features = {
        "agree": matched / (sum(weights) + lone_letters or 1),
        "worst": min(sims) if sims else 0.0,
        "pairs": min(len(pairs), 3) / 3,
        "single": float(len(mine) == 1 and len(other) > 1),
        "initials": sum(1 for s, a, b in pairs if s == INITIAL and (len(a) == 1 or len(b) == 1))
        / (len(pairs) or 1),
        "lone": min(len(lone), 2) / 2,
        "spare": min(len(spare), 3) / 3,
        "spare_letters": spare_letters / (len(right.joined) or 1),
        "conflict": conflict,
        "patronymics": float(_two_patronymics(lone, spare)),
        "generation": float(
            bool(left.generation and right.generation and left.generation != right.generation)
        ),
        "one_generation": float(bool(left.generation) != bool(right.generation)),
        "sexes": float(_sexes(mine, other)),
        "one_letter": float(
            any(
                a != b and 0 < s < 1 and min(len(a), len(b)) <= SHORT and s < NICKNAME
                for s, a, b in pairs
            )
        ),
        "romanised": float(asian > 0),
        "unvowelled": float(left.unvowelled != right.unvowelled),
    }
    return "person_latin", features, _latin_reasons(pairs, lone, spare, features)


def _paired(
    mine: tuple[str, ...], other: tuple[str, ...], likeness: Callable[[str, str], float]
) -> tuple[list[tuple[float, str, str]], list[str], list[str]]:
    """Pair words, best first; then words that one name prints together."""
    scored = sorted(
        ((likeness(a, b), i, j) for i, a in enumerate(mine) for j, b in enumerate(other)),
        key=lambda s: (-s[0], s[1] + s[2], s[1]),
    )
    free, unused = set(range(len(mine))), set(range(len(other)))
    pairs: list[tuple[float, str, str]] = []
    for score, i, j in scored:
        if score < 0.7:  # noqa: PLR2004 - below, two words are two words
            break
        if i in free and j in unused:
            free.discard(i)
            unused.discard(j)
            pairs.append((score, mine[i], other[j]))
    lone, spare = [mine[i] for i in sorted(free)], [other[j] for j in sorted(unused)]
    if lone and spare and len(lone) + len(spare) > 2:  # noqa: PLR2004 - one and one were tried
        joined = likeness("".join(lone), "".join(spare))
        if joined >= SAME:
            pairs.append((joined, "".join(lone), "".join(spare)))
            return pairs, [], []
        for word in lone:
            for first, second in itertools.pairwise(spare):
                if likeness(word, first + second) >= SAME:
                    pairs.append((likeness(word, first + second), word, first + second))
                    return (
                        pairs,
                        [w for w in lone if w != word],
                        [w for w in spare if w not in {first, second}],
                    )
    return pairs, lone, spare


def _conflicts(lone: list[str], spare: list[str]) -> float:
    """Return how many words of one name stand against other words of the other (0, 0.5, 1)."""
    telling = [w for w in lone if not _PATRONYMIC.search(w)]
    against = [w for w in spare if not _PATRONYMIC.search(w)]
    return min(len(telling), len(against), 2) / 2


def _two_patronymics(lone: list[str], spare: list[str]) -> bool:
    return any(_PATRONYMIC.search(w) for w in lone) and any(_PATRONYMIC.search(w) for w in spare)


def _sexes(mine: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether one name has a woman's form of a word and the other a man's."""
    if _womans(mine) != _womans(other) and _fathers(mine) and _fathers(other):
        return True
    return any(_two_sexes(a, b) for a in mine for b in other)


def _womans(words: tuple[str, ...]) -> bool:
    return any(_WOMAN.search(word) for word in words)


def _fathers(words: tuple[str, ...]) -> bool:
    return any(_PATRONYMIC.search(word) for word in words)


def _two_sexes(left: str, right: str) -> bool:
    if left == right or min(len(left), len(right)) < LEAST_NAME:
        return False
    if left in (right + "a", right + "o") or right in (left + "a", left + "o"):
        return True
    return left[:-1] == right[:-1] and {left[-1], right[-1]} in _ENDINGS


@lru_cache(maxsize=REMEMBERED)
def _may_be_asian(words: tuple[str, ...]) -> bool:
    """Return whether the first or the last word is a Korean or a Chinese surname."""
    known, listed = names_korean.surnames()[0], names_hanzi.all_surnames()
    return any(word in known or word in listed for word in (words[0], words[-1]))


@lru_cache(maxsize=REMEMBERED)
def _asian(mine: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return how far two Latin names are one Korean or Chinese name in two romanisations."""
    if not _may_be_asian(mine) or not _may_be_asian(other):
        return 0.0
    if len(mine) < 2 or len(other) > 4:  # noqa: PLR2004 - a surname and a given name of one or two words
        return 0.0
    known = names_korean.surnames()[0]
    best = 0.0
    for surname, given, extra in splits(mine):
        for other_surname, other_given, other_extra in splits(other):
            if extra or other_extra or not given or not other_given:
                continue
            one = surname == other_surname or bool(
                known.get(surname, frozenset()) & known.get(other_surname, frozenset())
            )
            if (one or romanised_alike(surname, other_surname)) and (
                given == other_given or romanised_alike(given, other_given)
            ):
                best = 0.97
    return best


def _latin_reasons(
    pairs: list[tuple[float, str, str]],
    lone: list[str],
    spare: list[str],
    features: dict[str, float],
) -> list[str]:
    reasons: list[str] = []
    if pairs:
        said = ", ".join(a if a == b or not b else f"{a} = {b}" for _, a, b in pairs)
        reasons.append(f"words that agree: {said}")
    if lone and spare:
        reasons.append(f"against: {', '.join(lone)} stands against {', '.join(spare)}")
    elif spare:
        reasons.append(f"only one name has {', '.join(spare)}")
    if features["romanised"]:
        reasons.append("two romanisations of one Asian name")
    if features["generation"]:
        reasons.append("against: one is junior, the other senior, or of another number")
    if features["sexes"]:
        reasons.append("against: one has a woman's form, the other a man's")
    if features["patronymics"]:
        reasons.append("against: the patronymics differ")
    return reasons or ["against: no word agrees"]
