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
FEW_LETTERS = 4
"""Names of fewer letters than this are many names (our convention)."""

FULLY = 0.99
HALF_ALIKE = 0.5
"""Likeness of two runs below which their words stand against each other."""

ARTICLE = 0.05
"""Weight of articles and prepositions, which initials may leave out."""

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
    mine: list[Word] = []
    other = list(right)
    for word in left:
        meanings = word.meanings
        for i, candidate in enumerate(other):
            if word.text == candidate.text or (
                meanings and not meanings.isdisjoint(candidate.meanings)
            ):
                pairs.append((1.0, word, candidate))
                del other[i]
                break
        else:
            mine.append(word)
    if not mine or not other:
        return Pairing(pairs, mine, other)
    scored = [
        (-score, i + j, i, j)
        for i, a in enumerate(mine)
        for j, b in enumerate(other)
        if (score := _word(a, b)) >= SAME_WORD
    ]
    if scored:
        scored.sort()
        taken: set[int] = set()
        used: set[int] = set()
        for score, _, i, j in scored:
            if i not in taken and j not in used:
                taken.add(i)
                used.add(j)
                pairs.append((-score, mine[i], other[j]))
        mine = [w for i, w in enumerate(mine) if i not in taken]
        other = [w for j, w in enumerate(other) if j not in used]
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
    for mine in {_together(pairing.left, 1.0), _together(pairing.left, TELLING)} - {""}:
        for other in {_together(pairing.right, 1.0), _together(pairing.right, TELLING)} - {""}:
            found = (_runs(mine, other) if mine <= other else _runs(other, mine), mine, other)
            best = max(best, found)
    return best


class Facts(NamedTuple):
    """What the words of one name say without another name.

    Attributes:
        joined: all words together.
        named: whether a word has no meaning of its own.
        scripts: scripts of the words.
        acronyms: initials of the words.
        shorts: Latin words without a meaning, which may be initials.
    """

    joined: str
    named: bool
    scripts: frozenset[str]
    acronyms: frozenset[str]
    shorts: tuple[str, ...]


@lru_cache(maxsize=REMEMBERED)
def facts(name: Words) -> Facts:
    """Return what the words of one name say by themselves."""
    words = name.words
    latin = [w for w in words if w.script == LATIN]
    initials = {
        "".join(w.text[0] for w in latin if w.weight > ARTICLE),
        "".join(w.text[0] for w in latin),
    }
    return Facts(
        "".join(w.text for w in words),
        any(not w.meanings for w in words),
        frozenset(w.script for w in words),
        frozenset(i for i in initials if len(i) > SHORTEST_ACRONYM),
        tuple(w.text for w in latin if not w.meanings),
    )


def _acronym(left: Facts, right: Facts) -> bool:
    return _initials_of(left.shorts, right.acronyms) or _initials_of(right.shorts, left.acronyms)


def _initials_of(shorts: tuple[str, ...], acronyms: frozenset[str]) -> bool:
    for acronym in acronyms:
        for short in shorts:
            if short == acronym or (len(short) > SHORTEST_ACRONYM and acronym.startswith(short)):
                return True
    return False


@lru_cache(maxsize=REMEMBERED)
def _joined(words: tuple[Word, ...]) -> str:
    return "".join(w.text for w in words)


def compare_words(
    left: Words, right: Words, *, unvowelled: bool = False
) -> tuple[dict[str, float], list[str]]:
    """Return the features and the reasons of two names of firms."""
    if (len(left.words), _joined(left.words)) > (len(right.words), _joined(right.words)):
        left, right = right, left
    pairing = pair_words(left.words, right.words)
    core, core_left, core_right = (
        _core(pairing) if pairing.left and pairing.right else (0.0, "", "")
    )
    if unvowelled and core_left and core_right and core < UNVOWELLED:
        core = max(core, UNVOWELLED * alike(consonants(core_left), consonants(core_right)))
    lone = _lone(pairing.left, core, core_left), _lone(pairing.right, core, core_right)
    features = _features(left, right, pairing, (core, core_left, core_right), lone)
    return features, _reasons(pairing, (core, core_left, core_right), lone, features)


def _lone(words: list[Word], core: float, run: str) -> list[Word]:
    """Return the words that neither paired nor belong to runs that are alike."""
    return [w for w in words if w.text not in run] if core >= HALF_ALIKE else words


class _Sums(NamedTuple):
    name: float
    size: int
    shared: float


def _sums(pairing: Pairing, core: float, core_left: str) -> _Sums:
    """Return the likeness of the names proper, their letters, and the weight of shared meanings."""
    paired, size, shared = 0.0, 0, 0.0
    for likeness, a, b in pairing.pairs:
        if a.meanings and b.meanings:
            shared += a.weight
        else:
            letters = min(len(a.text), 8)
            paired += likeness * letters
            size += letters
    if core_left:
        letters = min(len(core_left), 12)
        paired += core * letters
        size += letters
    return _Sums(paired / size if size else 0.0, size, shared)


def _weights(words: list[Word]) -> tuple[float, float, int]:
    """Return the weight of words, that of trades, and the letters of names among them."""
    weight = trade = 0.0
    letters = 0
    for word in words:
        weight += word.weight
        if not word.meanings:
            letters += len(word.text)
        elif word.weight >= A_TRADE:
            trade += word.weight
    return weight, trade, letters


def _features(
    left: Words,
    right: Words,
    pairing: Pairing,
    runs: tuple[float, str, str],
    lone: tuple[list[Word], list[Word]],
) -> dict[str, float]:
    core, core_left, core_right = runs
    name, size, shared = _sums(pairing, core, core_left)
    weight_left, trade_left, _ = _weights(lone[0])
    weight_right, trade_right, _ = _weights(lone[1])
    _, _, names_left = _weights(pairing.left)
    _, _, names_right = _weights(pairing.right)
    mine, other = facts(left), facts(right)
    apart = bool(names_left and names_right) and core < SAME_WORD
    differ = float(mine.scripts != other.scripts)
    least, most = sorted((weight_left, weight_right))
    return {
        "name": name,
        "name_same": 1.0 if name >= FULLY else 0.0,
        "name_close": max(0.0, name - 0.7) / 0.3,
        "core": core,
        "short": 1.0 if 0 < size < FEW_LETTERS else 0.0,
        "shared": min(shared, 1.5) / 1.5,
        "lone": min(least, 1.5) / 1.5,
        "lone_most": min(most, 2.0) / 2,
        "trades_apart": 1.0 if trade_left and trade_right else 0.0,
        "names_apart_here": 1.0 if apart and not differ else 0.0,
        "han_apart": 1.0 if apart and differ and _han_apart(core_left, core_right) else 0.0,
        "names_apart": 1.0 if apart else 0.0,
        "name_missing": 1.0 if (not names_left) != (not names_right) else 0.0,
        "missing_letters": 0.0
        if names_left and names_right
        else min(names_left + names_right, 10) / 10,
        "nameless": 0.0 if mine.named or other.named else 1.0,
        "whole": OSA.normalized_similarity(mine.joined, other.joined),
        "first": _word(left.words[0], right.words[0]) if left.words and right.words else 0.0,
        "acronym": 1.0 if _acronym(mine, other) else 0.0,
        "legal_apart": 1.0
        if left.legal and right.legal and left.legal.isdisjoint(right.legal)
        else 0.0,
        "scripts_differ": differ,
        "across_sound": core * differ,
        "across_name": name * differ,
        "across_lone": min(least, 1.5) / 1.5 * differ,
        **numbers(left.numbers, right.numbers),
    }


def _han_apart(left: str, right: str) -> bool:
    """Return whether one run is in Chinese signs and the other in Latin letters."""
    return bool(left and right) and {script_of(left), script_of(right)} == {HAN, LATIN}


def numbers(left: frozenset[str], right: frozenset[str]) -> dict[str, float]:
    """Return the features of the numbers of two names."""
    return {
        "numbers_agree": float(bool(left) and left == right),
        "numbers_differ": float(bool(left and right) and left != right),
        "number_missing": float(bool(left) != bool(right)),
    }


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
        said = ", ".join(
            a.text if a.text == b.text else f"{a.text} = {b.text}" for _, a, b in pairing.pairs
        )
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
