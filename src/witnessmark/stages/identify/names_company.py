"""Two names of firms, ships or offices: what speaks for and against their being one.

Laws:
1. Words that mean the same agree in any language; what has no meaning agrees by letters
   or by sound.
2. A word with a meaning that the other name lacks may be part of a name of its own: it is
   tried by sound before it counts against.
3. Words that many names share tell little; the weight of each stands in the glossary.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from witnessmark.stages.identify.names_letters import alike, romanised_alike
from witnessmark.stages.identify.names_text import HAN, LATIN, consonants, is_abjad, script_of
from witnessmark.stages.identify.names_words import Word, Words, taken_apart

REMEMBERED = 65_536
SAME_WORD = 0.8
"""Likeness from which two words pair (our convention; the model weighs how like they are)."""

A_TRADE = 0.2
"""Weight from which a word says what a firm does or where it is."""

SHORT = 3
SHORTEST_ACRONYM = 2
UNVOWELLED = 0.93
TELLING = 0.3
"""Weight from which a word with a meaning may stand for a name by sound."""


class Pairing(NamedTuple):
    """How the words of two names pair.

    Attributes:
        pairs: likeness, word and word.
        left: words without a partner.
        right: the same on the other side.
    """

    pairs: list[tuple[float, Word, Word]]
    left: list[Word]
    right: list[Word]


def _word(left: Word, right: Word) -> float:
    if left.text == right.text:
        return 1.0
    if left.meanings and not left.meanings.isdisjoint(right.meanings):
        return 1.0
    if min(len(left.text), len(right.text)) < SHORT and left.script == right.script == LATIN:
        return 0.0
    return alike(left.text, right.text)


def pair_words(left: tuple[Word, ...], right: tuple[Word, ...]) -> Pairing:
    """Pair the words of two names: same meaning or letters first, then the closest."""
    pairs: list[tuple[float, Word, Word]] = []
    mine, other = list(left), list(right)
    for word in left:
        for candidate in other:
            if word.text == candidate.text or not word.meanings.isdisjoint(candidate.meanings):
                pairs.append((1.0, word, candidate))
                mine.remove(word)
                other.remove(candidate)
                break
    if mine and other:
        scored = [(_word(a, b), i, j) for i, a in enumerate(mine) for j, b in enumerate(other)]
        scored = sorted((s for s in scored if s[0] >= SAME_WORD), key=lambda s: (-s[0], s[1] + s[2], s[1]))
        free, unused = set(range(len(mine))), set(range(len(other)))
        for score, i, j in scored:
            if i in free and j in unused:
                free.discard(i)
                unused.discard(j)
                pairs.append((score, mine[i], other[j]))
        mine, other = [mine[i] for i in sorted(free)], [other[j] for j in sorted(unused)]
    return Pairing(pairs, mine, other)


def _together(words: list[Word], least: float) -> str:
    return "".join(w.text for w in words if w.weight >= least)


@lru_cache(maxsize=262_144)
def _runs(left: str, right: str) -> float:
    """Return how alike two runs of words are, printed together; scripts may be mixed."""
    if left == right:
        return 1.0
    if left.isascii() and right.isascii():
        return max(alike(left, right), romanised_alike(left, right))
    return alike_runs(left, right)


def alike_runs(left: str, right: str) -> float:
    """Return how alike two runs are where one mixes Latin letters with signs (lg화학)."""
    for one, two in ((left, right), (right, left)):
        cut = 0
        while cut < len(one) and one[cut].isascii():
            cut += 1
        if 0 < cut < len(one) and two.startswith(one[:cut]) and len(two) > cut:
            return (cut + (len(two) - cut) * _pure(one[cut:], two[cut:])) / len(two)
    return _pure(left, right)


def _pure(left: str, right: str) -> float:
    for text in (left, right):
        if not text.isascii() and any(c.isascii() for c in text):
            return OSA.normalized_similarity(left, right)
    return alike(left, right)


def _core(pairing: Pairing) -> tuple[float, str, str]:
    """Return the best likeness of what did not pair, and the two runs that gave it."""
    best = (0.0, "", "")
    runs_left = list(dict.fromkeys(_together(pairing.left, least) for least in (1.0, TELLING)))
    runs_right = list(dict.fromkeys(_together(pairing.right, least) for least in (1.0, TELLING)))
    for mine in runs_left:
        for other in runs_right:
            if mine and other:
                best = max(best, (_runs(min(mine, other), max(mine, other)), mine, other), key=lambda b: b[0])
    return best


@lru_cache(maxsize=REMEMBERED)
def _acronyms(words: tuple[Word, ...]) -> frozenset[str]:
    telling = [w for w in words if w.weight > 0.05 and w.script == LATIN]  # noqa: PLR2004 - articles and prepositions
    found = {"".join(w.text[0] for w in telling), "".join(w.text[0] for w in words if w.script == LATIN)}
    return frozenset(a for a in found if len(a) > SHORTEST_ACRONYM)


def _acronym(left: Words, right: Words) -> bool:
    for one, two in ((left.words, right.words), (right.words, left.words)):
        shorts = [w.text for w in one if not w.meanings and w.script == LATIN]
        if shorts and any(
            short == acronym or (len(short) > 2 and acronym.startswith(short))  # noqa: PLR2004 - two letters say little
            for short in shorts
            for acronym in _acronyms(two)
        ):
            return True
    return False


@lru_cache(maxsize=REMEMBERED)
def _joined(words: tuple[Word, ...]) -> str:
    return "".join(w.text for w in words)


@lru_cache(maxsize=REMEMBERED)
def _name_of(words: tuple[Word, ...]) -> str:
    return "".join(w.text for w in words if not w.meanings)


def compare_words(left: Words, right: Words, *, unvowelled: bool = False) -> tuple[dict[str, float], list[str]]:
    """Return the features and the reasons of two names of firms."""
    if (len(left.words), _joined(left.words)) > (len(right.words), _joined(right.words)):
        left, right = right, left
    pairing = pair_words(left.words, right.words)
    core, core_left, core_right = _core(pairing) if pairing.left and pairing.right else (0.0, "", "")
    if unvowelled and core_left and core_right and core < UNVOWELLED:
        core = max(core, UNVOWELLED * alike(consonants(core_left), consonants(core_right)))
    used = core >= 0.5  # noqa: PLR2004 - below, the runs are two names
    named = [(s, a, b) for s, a, b in pairing.pairs if not a.meanings or not b.meanings]
    shared = sum(a.weight for _, a, b in pairing.pairs if a.meanings and b.meanings)
    lone_left = [w for w in pairing.left if not (used and w.text in core_left)]
    lone_right = [w for w in pairing.right if not (used and w.text in core_right)]
    weight_left, weight_right = sum(w.weight for w in lone_left), sum(w.weight for w in lone_right)
    names_left = sum(len(w.text) for w in pairing.left if not w.meanings)
    names_right = sum(len(w.text) for w in pairing.right if not w.meanings)
    paired = sum(s * min(len(a.text), 8) for s, a, b in named)
    size = sum(min(len(a.text), 8) for s, a, b in named) + (min(len(core_left), 12) if core_left else 0)
    name = (paired + core * min(len(core_left), 12)) / size if size else 0.0
    scripts_differ = bool(left.words and right.words) and {w.script for w in left.words} != {w.script for w in right.words}
    has_left, has_right = bool(_name_of(left.words)), bool(_name_of(right.words))
    features = {
        "name": name,
        "name_same": float(name >= 0.99 and bool(size)),  # noqa: PLR2004 - letter for letter, or sound for sound
        "name_close": max(0.0, name - 0.7) / 0.3,
        "core": core,
        "short": float(0 < size < 4),  # noqa: PLR2004 - few letters are many names'
        "shared": min(shared, 1.5) / 1.5,
        "lone": min(weight_left, weight_right, 1.5) / 1.5,
        "lone_most": min(max(weight_left, weight_right), 2.0) / 2,
        "trades_apart": float(min(_trade(lone_left), _trade(lone_right)) > 0),
        "names_apart_here": float(bool(names_left and names_right) and core < SAME_WORD and not scripts_differ),
        "han_apart": float(_han_apart(core_left, core_right, core)),
        "names_apart": float(bool(names_left and names_right) and core < SAME_WORD),
        "name_missing": float(bool(names_left) != bool(names_right)),
        "missing_letters": min(abs(names_left - names_right), 10) / 10 if not (names_left and names_right) else 0.0,
        "nameless": float(not has_left and not has_right),
        "whole": _whole(left.words, right.words),
        "first": _first(left.words, right.words),
        "acronym": float(_acronym(left, right)),
        "legal_apart": float(bool(left.legal and right.legal) and left.legal.isdisjoint(right.legal)),
        "scripts_differ": float(scripts_differ),
        "across_sound": core * scripts_differ,
        "across_name": name * scripts_differ,
        "across_lone": min(weight_left, weight_right, 1.5) / 1.5 * scripts_differ,
        **numbers(left.numbers, right.numbers),
    }
    return features, _reasons(pairing, (core, core_left, core_right), (lone_left, lone_right), features)


def _han_apart(left: str, right: str, core: float) -> bool:
    """Return whether signs and Latin letters, which can be read, are read otherwise."""
    return bool(left and right) and core < SAME_WORD and {script_of(left), script_of(right)} == {HAN, LATIN}


def _trade(words: list[Word]) -> float:
    return sum(w.weight for w in words if w.meanings and w.weight >= A_TRADE)


def numbers(left: frozenset[str], right: frozenset[str]) -> dict[str, float]:
    """Return the features of the numbers of two names."""
    return {
        "numbers_agree": float(bool(left) and left == right),
        "numbers_differ": float(bool(left and right) and left != right),
        "number_missing": float(bool(left) != bool(right)),
    }


def _whole(left: tuple[Word, ...], right: tuple[Word, ...]) -> float:
    mine, other = _joined(left), _joined(right)
    return OSA.normalized_similarity(mine, other)


def _first(left: tuple[Word, ...], right: tuple[Word, ...]) -> float:
    if not left or not right:
        return 0.0
    return _word(left[0], right[0])


def compare_companies(left: str, right: str) -> tuple[str, dict[str, float], list[str]]:
    """Return the model to weigh with, the features and the reasons of two firms' names."""
    mine, other = taken_apart(left), taken_apart(right)
    features, reasons = compare_words(mine, other, unvowelled=is_abjad(left) != is_abjad(right))
    return "company", features, reasons


def _reasons(
    pairing: Pairing,
    core: tuple[float, str, str],
    lone: tuple[list[Word], list[Word]],
    features: dict[str, float],
) -> list[str]:
    reasons: list[str] = []
    if pairing.pairs:
        said = ", ".join(a.text if a.text == b.text else f"{a.text} = {b.text}" for _, a, b in pairing.pairs)
        reasons.append(f"words that agree: {said}")
    score, mine, other = core
    if score >= SAME_WORD:
        reasons.append(f"{mine} and {other} are alike ({score:.2f}), by letters or by sound")
    elif mine and other:
        reasons.append(f"against: {mine} and {other} are two names ({score:.2f})")
    alone = ", ".join(w.text for side in lone for w in side if w.weight >= TELLING)
    if alone:
        reasons.append(f"against: words without a partner: {alone}")
    if features["acronym"]:
        reasons.append("one name is the initials of the other")
    if features["numbers_differ"]:
        reasons.append("against: the numbers differ")
    elif features["number_missing"]:
        reasons.append("against: only one has a number")
    elif features["numbers_agree"]:
        reasons.append("the numbers agree")
    if features["legal_apart"]:
        reasons.append("against: the legal forms differ")
    return reasons or ["against: nothing agrees"]
