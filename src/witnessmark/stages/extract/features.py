"""What the reading model sees of a sentence: words, concepts and their neighbourhood.

Laws:
1. A pure function of the sentence. What the rules found is no feature: they were written
   with the training text in sight, and the model would trust them too much.
2. A feature is a name a person can read; only its hash is stored with a weight.
3. What names a place, a firm or a sum is masked: the model learns how things are said,
   never of whom.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

import ahocorasick_rs

from witnessmark.store.rulebook import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SCHEMA = "witnessmark/concepts/1"
CONCEPTS = "extract/concepts.yaml"
NEAR = 3
"""Words after a negation in which a concept counts as negated."""

WINDOW = 14
"""Words within which two concepts count as standing together."""

MASKS = {"PLACE": "\ue001", "SITE": "\ue002", "ORG": "\ue003", "COUNTRY": "\ue004"}
"""What stands for a name: signs that no text holds (private use)."""

_TOKEN = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*|[^\w\s]")
_DIGITS = re.compile(r"\d[\d.,]*")
_WORDS = (
    *(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
        ]
    ),
    *(["fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"]),
)
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100, "thousand": 1000}
_NUMBER_WORDS = {word: number for number, word in enumerate(_WORDS)} | _TENS
_BUCKETS = ((5, "few"), (12, "some"), (25, "dayful"), (100, "tens"), (1000, "hundreds"))
_SUFFIX = re.compile(
    r"(?<=[a-z]{3})(?:ingly|edly|ations?|ments?|ings?|ed|ies|es|er|ers|s|ly|['\u2019]s)$"
)


@dataclass(frozen=True, slots=True)
class Look:
    """A stretch of text as the model sees it.

    Attributes:
        stems: its tokens, masked.
        placed: number of the token and name of the concept that stands on it, in order.
    """

    stems: tuple[str, ...]
    placed: tuple[tuple[int, str], ...]

    @property
    def concepts(self) -> frozenset[str]:
        """Return the concepts that stand in it."""
        return frozenset(concept for _, concept in self.placed)


class Lexicon:
    """The concepts of one language."""

    def __init__(self, lang: str) -> None:
        """Read the words of *lang*."""
        content = load_rules(CONCEPTS, SCHEMA)["concepts"]
        concepts_of: dict[str, list[str]] = {}
        for concept, words in content.items():
            for word in words.get(lang, ()):
                concepts_of.setdefault(_written(str(word), lang), []).append(str(concept))
        self._keys = sorted(concepts_of)
        self._concepts = [tuple(concepts_of[key]) for key in self._keys]
        self._automaton = ahocorasick_rs.AhoCorasick(self._keys)

    def found(self, joined: str) -> list[tuple[int, str]]:
        """Return the place in *joined* and the name of every concept."""
        joined = whole_signs(joined)
        return [
            (start, concept)
            for number, start, _ in self._automaton.find_matches_as_indexes(
                joined, overlapping=True
            )
            for concept in self._concepts[number]
        ]


def whole_signs(text: str) -> str:
    """Return *text* with halves of signs (lone surrogates) replaced, as long as before.

    The automaton reads UTF-8, which has none.
    """
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


def _written(word: str, lang: str) -> str:
    """Return the string that is looked for in the joined tokens of a sentence."""
    folded = word.casefold()
    if lang == "zh":
        return folded
    if lang == "ko":
        return folded.removeprefix("~") if folded.startswith("~") else f" {folded}"
    return f" {folded[:-1]}" if folded.endswith("*") else f" {folded} "


@cache
def lexicon(lang: str) -> Lexicon:
    """Return the concepts of *lang*."""
    return Lexicon(lang)


@lru_cache(maxsize=60_000)
def masked(token: str) -> str:
    """Return a token as the model sees it: numbers by their size, words by their stem."""
    if token in _NUMBER_WORDS:
        return _bucket(float(_NUMBER_WORDS[token]))
    if token[0].isdigit():
        found = _DIGITS.match(token)
        digits = found.group(0).replace(",", "").rstrip(".") if found else "0"
        try:
            return _bucket(float(digits)) + token[len(digits) :][:3]
        except ValueError:
            return "#date"
    return _SUFFIX.sub("", token) if len(token) > 4 else token  # noqa: PLR2004 - short words stay


def _bucket(number: float) -> str:
    return "#" + next((name for limit, name in _BUCKETS if number < limit), "thousands")


def tokens_of(text: str, lang: str) -> list[str]:
    """Return the tokens of casefolded *text*."""
    if lang == "zh":
        return [sign for sign in text if not sign.isspace()]
    return _TOKEN.findall(text)


def look(text: str, lang: str) -> Look:
    """Return *text*, mentions masked, as the model sees it."""
    tokens = tokens_of(text.casefold(), lang)
    joined, starts = _joined(tokens, lang)
    placed = {
        (bisect_right(starts, place) - 1, concept) for place, concept in lexicon(lang).found(joined)
    }
    return Look(tuple(map(masked, tokens)), tuple(sorted(placed)))


def features(seen: Look, lang: str) -> list[str]:
    """Return the names of what stands in a sentence, each once.

    Args:
        seen: the sentence.
        lang: ``en``, ``ko`` or ``zh``.
    """
    names: dict[str, None] = {}
    _word_features(names, seen.stems, lang)
    _concept_features(names, seen.placed, lang)
    return list(names)


def _joined(tokens: Sequence[str], lang: str) -> tuple[str, list[int]]:
    """Return the tokens as one string with single spaces, and where each begins."""
    starts: list[int] = []
    if lang == "zh":
        return "".join(tokens), list(range(len(tokens)))
    at = 0
    for token in tokens:
        starts.append(at)
        at += len(token) + 1
    return f" {' '.join(tokens)} ", starts


def _word_features(names: dict[str, None], stems: Sequence[str], lang: str) -> None:
    names.update(dict.fromkeys(f"w:{stem}" for stem in stems))
    if lang == "ko":
        names.update(dict.fromkeys(f"k:{stem[:size]}" for stem in stems for size in (2, 3)))
    if lang == "zh":
        for size in (2, 3):
            ends = range(size, len(stems) + 1)
            names.update(dict.fromkeys(f"w:{''.join(stems[at - size : at])}" for at in ends))


def _concept_features(names: dict[str, None], placed: Sequence[tuple[int, str]], lang: str) -> None:
    stretch = 2 if lang == "zh" else 1
    window, near = WINDOW * stretch, NEAR * stretch
    negations = [at for at, concept in placed if concept == "not_word"]
    for number, (at, concept) in enumerate(placed):
        names[f"c:{concept}"] = None
        if any(0 < at - negation <= near for negation in negations):
            names[f"x:{concept}"] = None
        for then, other in placed[number + 1 :]:
            if then - at > window:
                break
            names[_pair(concept, other)] = None


@lru_cache(maxsize=60_000)
def _pair(concept: str, other: str) -> str:
    """Return the name of the feature that two concepts stand together."""
    return f"cc:{min(concept, other)}+{max(concept, other)}"


def hashed(names: Iterable[str]) -> list[int]:
    """Return the 32-bit hash of each feature name."""
    return [crc32(name.encode("utf-8", "surrogatepass")) for name in names]


def mask(text: str, named: Iterable[tuple[int, int, str]]) -> str:
    """Return *text*, as long as it was, with the names in it put out of sight.

    Args:
        text: the sentence.
        named: start, end and type of each mention, in order, without overlaps.
    """
    pieces: list[str] = []
    done = 0
    for start, end, kind in named:
        if kind in MASKS and done <= start < end:
            pieces += [text[done:start], MASKS[kind], " " * (end - start - 1)]
            done = end
    return "".join([*pieces, text[done:]])
