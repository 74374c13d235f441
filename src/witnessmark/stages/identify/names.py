"""Whether two printed names mean the same: a score with its reasons.

Laws:
1. A score carries its reasons; 0.5 is the decision line, and no score merges anything.
2. Numbers must agree: Camp 12 is not Camp 15, whatever the rest looks like.
3. A legal form never makes two names alike; a different kind of site sets them apart.
4. Two scripts meet by sound (romanisation), never by a guess at meaning.

Chinese signs meet Latin letters only through the gazetteer: no pinyin is made here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import JaroWinkler, Levenshtein

from witnessmark.core.errors import InputError
from witnessmark.stages.identify.hangul import has_hangul, southern
from witnessmark.stages.identify.keys import equivalent, plain, southern_head
from witnessmark.stages.identify.places import SPELT_SO, find_place
from witnessmark.stages.identify.romanise import System, romanise
from witnessmark.store.rulebook import load_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = "witnessmark/names/1"
DECISION = 0.5
KINDS = ("person", "company", "place", "site")

SAME_TOKEN = 0.9
"""Similarity of two keys from which they count as one word (Jaro-Winkler, tried on the
cross-script place and company pairs; our convention)."""

SAME_ALOUD = 0.88
"""Share of letters from which two whole names count as read alike (our convention)."""

SAME_WORD = 0.75
"""The same for one word, whose first letter must agree."""

SAME_LETTERS = 0.8
"""The same for a surname or a given name."""

SAME_SKELETON = 0.6
LEAST_CONSONANTS = 3
"""A loan word in Hangul and its Latin spelling: worth a look from three consonants on."""

WEAK_WEIGHT = 0.3
_CONFLICT = 0.3
_ONE_NUMBER = 0.85
_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)
_NUMBER = re.compile(r"\d+|(?<![^\W_])[A-Z](?![^\W_’'.])")
"""A number, or a single capital that stands alone and counts like one ("Plant B")."""
_PERSON_SOUNDS = (
    ("rhee", "ri"),
    ("lee", "ri"),
    ("yi ", "ri "),
    ("park", "pak"),
    ("choi", "choe"),
    ("young", "yong"),
    ("hyun", "hyon"),
    ("kyung", "kyong"),
    ("jung", "jong"),
    ("woo", "u"),
    ("joo", "ju"),
    ("soo", "su"),
)
"""Newspaper spellings of Korean personal names (from memory, K)."""


@dataclass(frozen=True, slots=True)
class NameComparison:
    """How alike two names are.

    Attributes:
        left: first name as printed.
        right: second name as printed.
        score: 0..1; 0.5 is the decision line.
        reasons: why, one phrase each.
    """

    left: str
    right: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    legal: tuple[str, ...]
    weak: frozenset[str]
    same: dict[str, str]
    site_class: dict[str, str]
    letters: tuple[tuple[str, str], ...]
    trades: tuple[tuple[str, str], ...]


@cache
def _words() -> _Words:
    data: dict[str, Any] = load_rules("identify/names.yaml", SCHEMA)
    same = {str(word).lower(): str(row[0]).lower() for row in data["same_word"] for word in row}
    classes = {
        str(word).lower(): str(name) for name, words in data["site_words"].items() for word in words
    }
    legal = sorted((str(word).lower() for word in data["legal_forms"]), key=lambda w: (-len(w), w))
    weak = frozenset(same.get(str(word).lower(), str(word).lower()) for word in data["weak"])
    letters = tuple((str(k), str(v)) for k, v in data["letters"].items())
    trades = tuple((str(k), str(v)) for k, v in data["trades"].items())
    return _Words(tuple(legal), weak, same, classes, _longest(letters), _longest(trades))


def _longest(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))


def compare_names(left: str, right: str, kind: str | None = None) -> NameComparison:
    """Return how alike *left* and *right* are, with reasons.

    Args:
        left: a name, in any script.
        right: another.
        kind: ``person``, ``company``, ``place`` or ``site``; a site's address follows its
            name after a comma. None: told from the words.

    Raises:
        InputError: *kind* is none of the four.

    Example:
        >>> compare_names("Camp 12", "Camp 15", "site").score < 0.5
        True
    """
    if kind and kind not in KINDS:
        raise InputError(
            f"a name cannot be of kind {kind!r}", where="kind", to_do=f"use {', '.join(KINDS)}"
        )
    if not left.strip() or not right.strip():
        return NameComparison(left, right, 0.0, ("one of the names is empty",))
    if _bare(left) == _bare(right):
        return NameComparison(left, right, 1.0, ("the names are the same, letter for letter",))
    chosen = kind or _kind(left, right)
    if chosen == "place":
        score, reasons = _places(left, right)
    elif chosen == "site":
        score, reasons = _sites(left, right)
    elif chosen == "person":
        score, reasons = _persons(left, right)
    else:
        score, reasons = _tokens(left, right, loans=True)
    score, reasons = _numbers(left, right, score, reasons)
    return NameComparison(left, right, round(max(0.0, min(1.0, score)), 3), tuple(reasons))


def _bare(name: str) -> str:
    text = re.sub(r"['’]s\b", "", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(_TOKEN.findall(text))


def _kind(left: str, right: str) -> str:
    if _readings(left) and _readings(right):
        return "place"
    both = f"{_bare(left)} {_bare(right)}"
    if any(
        word in both.split() or (not word.isascii() and word in both) for word in _words().legal
    ):
        return "company"
    return "site" if any(word in both for word in _words().site_class) else "company"


def _numbers(left: str, right: str, score: float, reasons: list[str]) -> tuple[float, list[str]]:
    """Law 2."""
    mine, other = sorted(set(_NUMBER.findall(left))), sorted(set(_NUMBER.findall(right)))
    if mine == other:
        if mine:
            reasons.append(f"the numbers agree ({', '.join(mine)})")
        return score, reasons
    if mine and other:
        reasons.append(f"against: the numbers differ ({', '.join(mine)}; {', '.join(other)})")
        return min(score, 1.0) * _CONFLICT, reasons
    reasons.append(f"against: only one has a number ({', '.join(mine or other)})")
    return score * _ONE_NUMBER, reasons


def _parts(name: str) -> list[str]:
    """Return the words of *name* that tell, legal forms taken off, synonyms joined."""
    words = _words()
    text = _spelt_out(_bare(name), words)
    for form in words.legal:
        if form.isascii():
            text = re.sub(rf"\b{re.escape(form)}\b", " ", text)
        else:
            text = text.replace(form, " ")
    kept = [words.same.get(token, token) for token in text.split() if not token.isdigit()]
    return kept or _bare(name).split()


def _spelt_out(text: str, words: _Words) -> str:
    """Put Latin letters for letters that Hangul spells out, and set trade words apart."""
    tokens: list[str] = []
    for token in text.split():
        if not has_hangul(token):
            tokens.append(token)
            continue
        parted = token
        for korean, english in words.trades:
            parted = parted if token == korean else parted.replace(korean, f" {english} ")
        first, *rest = parted.split()
        tokens += [_letters_for(first, words.letters), *rest]
    return " ".join(tokens)


def _letters_for(word: str, letters: tuple[tuple[str, str], ...]) -> str:
    """Return *word* with its head of two or more letter names as Latin letters.

    Example: 케이티 is kt.
    """
    found = ""
    rest = word
    while rest:
        hit = next(((name, letter) for name, letter in letters if rest.startswith(name)), None)
        if hit is None:
            break
        rest, found = rest.removeprefix(hit[0]), found + hit[1]
    return f"{found} {rest}".strip() if len(found) > 1 else word


def _key(token: str) -> str:
    if has_hangul(token):
        token = romanise(southern(token), System.MCCUNE_REISCHAUER)
    return southern_head(equivalent(token)) if plain(token).isascii() else plain(token)


def _alike(left: str, right: str) -> float:
    if left == right:
        return 1.0
    mine, other = _key(left), _key(right)
    if mine[:1] != other[:1] or Levenshtein.normalized_similarity(mine, other) < SAME_WORD:
        return 0.0
    return JaroWinkler.similarity(mine, other)


def _tokens(left: str, right: str, *, loans: bool = False) -> tuple[float, list[str]]:
    mine, other = _parts(left), _parts(right)
    whole = Levenshtein.normalized_similarity(_key("".join(mine)), _key("".join(other)))
    matched, reasons = _match(mine, other)
    score = max(matched, whole if whole >= SAME_ALOUD else whole * 0.5)
    if loans and has_hangul(left) != has_hangul(right) and score < DECISION:
        bones, others = _skeleton(mine), _skeleton(other)
        if len(bones) >= LEAST_CONSONANTS and bones == others:
            score = SAME_SKELETON
            reasons.append("the consonants agree, as when a foreign word is written in Hangul")
    if whole >= SAME_ALOUD and matched < DECISION:
        reasons.append(f"read aloud the names agree to {whole:.2f}")
    if has_hangul(left) != has_hangul(right):
        reasons.append("the two scripts were compared by sound")
    if _legal_differs(left, right):
        reasons.append("legal forms were left out")
    return score, reasons


def _skeleton(parts: Sequence[str]) -> str:
    """Return the consonants of a name, sounds that Hangul does not part written alike."""
    key = "".join(_key(part) for part in parts if part not in _words().weak)
    for written, stands_for in (("f", "p"), ("v", "p"), ("ck", "k"), ("c", "k"), ("j", "s")):
        key = key.replace(written, stands_for)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouyhw]|(?<=.)n(?=k)", "", key))


def _persons(left: str, right: str) -> tuple[float, list[str]]:
    """Compare surname with surname and given name with given name, in either order."""
    best = (0.0, 0.0)
    for surname, given in _person(left):
        for other_surname, other_given in _person(right):
            pair = (_letters(surname, other_surname), _letters(given, other_given))
            best = max(best, pair, key=lambda p: (min(p), sum(p)))
    if min(best) >= SAME_LETTERS:
        return 0.4 * best[0] + 0.6 * best[1], ["surname and given name agree by sound"]
    part = "given names" if best[0] >= SAME_LETTERS else "surnames"
    return 0.4 * min(best), [f"against: the {part} differ"]


def _letters(left: str, right: str) -> float:
    return Levenshtein.normalized_similarity(_key(left), _key(right))


def _person(name: str) -> list[tuple[str, str]]:
    """Return the readings of a personal name as surname and given name."""
    text = unicodedata.normalize("NFKC", name).casefold().replace("-", "").replace(",", " ")
    text = " ".join(text.split()) + " "
    for written, stands_for in _PERSON_SOUNDS:
        text = text.replace(written, stands_for)
    words = text.split()
    if len(words) == 1 and has_hangul(words[0]) and len(words[0]) > 1:
        return [(words[0][0], words[0][1:])]
    if len(words) < 2:  # noqa: PLR2004 - one word is no full name
        return [(words[0], "")] if words else [("", "")]
    return [(words[0], "".join(words[1:])), (words[-1], "".join(words[:-1]))]


def _match(left: Sequence[str], right: Sequence[str]) -> tuple[float, list[str]]:
    """Pair the words of two names; return the weighted share that pairs, with reasons."""
    weak = _words().weak
    free = list(right)
    total = matched = 0.0
    pairs: list[str] = []
    alone: list[str] = []
    for word in left:
        weight = WEAK_WEIGHT if word in weak else 1.0
        total += weight
        best = max(free, key=lambda other: _alike(word, other), default=None)
        if best is not None and _alike(word, best) >= SAME_TOKEN:
            free.remove(best)
            total += weight
            matched += 2 * weight
            pairs.append(word if word == best else f"{word} = {best}")
        else:
            alone.append(word)
    total += sum(WEAK_WEIGHT if word in weak else 1.0 for word in free)
    reasons = [f"words that agree: {', '.join(pairs)}"] if pairs else []
    telling = [word for word in (*alone, *free) if word not in weak]
    if telling:
        reasons.append(f"against: words without a partner: {', '.join(telling)}")
    if not any(word.split(" = ")[0] not in weak for word in pairs):
        matched *= WEAK_WEIGHT
    return (matched / total if total else 0.0), reasons


def _legal_differs(left: str, right: str) -> bool:
    def telling(name: str) -> int:
        return sum(not token.isdigit() for token in _bare(name).split())

    return any(len(_parts(name)) < telling(name) for name in (left, right))


def _readings(name: str) -> set[str]:
    candidates = [
        c for c in find_place(name) if not any(r.startswith("against") for r in c.reasons)
    ]
    return {c.gazetteer for c in candidates if c.score >= SPELT_SO}


def _places(left: str, right: str) -> tuple[float, list[str]]:
    mine, other = _readings(left), _readings(right)
    both = mine & other
    if both:
        many = len(mine | other) > 1
        reason = f"both can be {', '.join(sorted(both)[:3])} in the gazetteer"
        return (0.8 if many else 0.95), [reason]
    if mine and other:
        apart = f"{', '.join(sorted(mine)[:2])} and {', '.join(sorted(other)[:2])}"
        return 0.1, [f"against: the gazetteer reads them as {apart}"]
    return _tokens(left, right)


def _site_class(name: str) -> str:
    bare = _bare(name)
    found = [(len(word), kind) for word, kind in _words().site_class.items() if word in bare]
    return max(found)[1] if found else ""


def _sites(left: str, right: str) -> tuple[float, list[str]]:
    (name, _, address), (other, _, elsewhere) = left.partition(","), right.partition(",")
    score, reasons = _tokens(name, other)
    mine, theirs = _site_class(name), _site_class(other)
    if mine and theirs and mine != theirs:
        score *= _CONFLICT
        reasons.append(f"against: one is a {mine}, the other a {theirs}")
    if address.strip() and elsewhere.strip():
        near, why = _places(address.strip(), elsewhere.strip())
        if near < DECISION:
            score *= _CONFLICT
            reasons.append("against: the addresses differ")
        else:
            score = min(1.0, score + 0.1)
            reasons.append("the addresses agree")
        reasons += why
    return score, reasons
