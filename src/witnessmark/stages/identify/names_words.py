"""The words of a name: what each means, how much it tells, and what is left out.

Laws:
1. A word has the meanings of its row in ``name_words.yaml``; no row, no meaning.
2. Legal forms are left out of the comparison and kept beside it.
3. A run of Hangul or Chinese signs is parted at known words, longest first; what lies
   between them is a name of its own. Nothing of the name is lost.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

from witnessmark.stages.identify.names_hanzi import simplified
from witnessmark.stages.identify.names_text import HANGUL, LATIN, fold, script_of, words_of
from witnessmark.store.rulebook import load_rules

SCHEMA = "witnessmark/name-words/1"
REMEMBERED = 65_536
LONGEST_PHRASE = 5
SHORTEST_STEM = 2
LONG_TAIL = 5
SHORT_TAILS = frozenset({"tech", "bank", "chem", "soft", "corp", "food", "labs", "net", "bio"})
SHORTEST_TAIL = 4
ORDINAL_ENDS = frozenset({"st", "nd", "rd", "th", "er", "ya", "oy", "go"})
_NUMERALS = {
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_COUNTED = re.compile(r"第([一二三四五六七八九])?(十)?([一二三四五六七八九])?")
_CAMEL = re.compile(
    r"(?<=[a-z]{3})(?=[A-Z][a-z])|(?<=[a-z]\.)(?=\d)|(?<=[a-z]{3})(?=No\.)|(?<=\d)(?=[A-Z][a-z])"
)
_LETTER_MARK = re.compile(r"(?<![\w.'’&/-])(?<!& )[A-Z](?![\w.'’&/-]| ?&)")
_NUMBERED = re.compile(r"제?\s*(\d+)\s*[호차기](?![가-힣]*\d)")
_BRACKETED_FORM = re.compile(r"[(（]([주유株有사재])[)）]")


class Word(NamedTuple):
    """One word of a name.

    Attributes:
        text: the word, folded (signs simplified).
        script: latin, hangul or han.
        meanings: rows of the glossary that hold it.
        weight: how much it tells, 0..1; 1 for a word of no row.
    """

    text: str
    script: str
    meanings: frozenset[str]
    weight: float


class Words(NamedTuple):
    """A name taken apart.

    Attributes:
        words: what is compared.
        numbers: figures and single capitals that must agree.
        legal: classes of legal forms found.
    """

    words: tuple[Word, ...]
    numbers: frozenset[str]
    legal: frozenset[str]


class _Glossary(NamedTuple):
    meanings: dict[str, frozenset[str]]
    weights: dict[str, float]
    legal: dict[str, str]
    numbers: dict[str, str]
    site_class: dict[str, str]


def _key(word: str) -> str:
    """Return a word or phrase of the glossary as :func:`taken_apart` meets it."""
    return " ".join(words_of(simplified(fold(word))))


@cache
def glossary() -> _Glossary:
    """Return the glossary, folded."""
    data: dict[str, Any] = load_rules("identify/name_words.yaml", SCHEMA)
    meanings: dict[str, set[str]] = {}
    weights: dict[str, float] = {}
    for meaning, (weight, words) in data["words"].items():
        for key in {_key(str(word)) for word in words} - {""}:
            meanings.setdefault(key, set()).add(str(meaning))
            weights[key] = min(weights.get(key, 1.0), float(weight))
    legal = {_key(str(word)): str(kind) for kind, words in data["legal"].items() for word in words}
    legal.pop("", None)
    return _Glossary(
        {key: frozenset(found) for key, found in meanings.items()},
        weights,
        legal,
        {str(word): str(number) for word, number in data["numbers"].items()},
        {str(meaning): str(kind) for meaning, kind in data["site_class"].items()},
    )


def _counted(found: re.Match[str]) -> str:
    ones, ten, more = found[1], found[2], found[3]
    if not (ones or ten or more):
        return found[0]
    value = _NUMERALS.get(ones or "", 0)
    if ten:
        value = (value or 1) * 10 + _NUMERALS.get(more or "", 0)
    return f" {value} "


@lru_cache(maxsize=REMEMBERED)
def taken_apart(name: str) -> Words:
    """Return the words, numbers and legal forms of *name*.

    Example:
        >>> [w.text for w in taken_apart("조선대성무역회사").words]
        ['조선', '대성', '무역회사']
        >>> taken_apart("Example Trading Co., Ltd. No. 2").numbers
        frozenset({'2'})
    """
    known = glossary()
    folded = simplified(fold(_CAMEL.sub(" ", name)))
    if "第" in folded:
        folded = _COUNTED.sub(_counted, folded)
    bracketed = "(" in folded and _BRACKETED_FORM.search(folded)
    if bracketed:
        folded = _BRACKETED_FORM.sub(" ", folded)
    if "호" in folded or "제" in folded:
        folded = _NUMBERED.sub(r" \1 ", folded)
    tokens = words_of(folded)
    numbers: set[str] = set()
    kept: list[str] = []
    for position, token in enumerate(tokens):
        if token.isdigit():
            numbers.add(token.lstrip("0") or "0")
        elif position and token in ORDINAL_ENDS and tokens[position - 1].isdigit():
            continue
        elif token in known.numbers and (position or token not in {"i", "one"}) and len(tokens) > 1:
            numbers.add(known.numbers[token])
        else:
            kept.append(token)
    if len(kept) > 1:
        numbers.update(mark[0].lower() for mark in _LETTER_MARK.finditer(name, 1))
    words, legal = _meant(kept)
    return Words(words, frozenset(numbers), legal | {"stock"} if bracketed else legal)


def _meant(tokens: list[str]) -> tuple[tuple[Word, ...], frozenset[str]]:
    known = glossary()
    words: list[Word] = []
    legal: set[str] = set()
    position = 0
    while position < len(tokens):
        if not tokens[position].isascii():
            _part(tokens[position], words, legal)
            position += 1
            continue
        for length in range(min(LONGEST_PHRASE, len(tokens) - position), 0, -1):
            phrase = (
                " ".join(tokens[position : position + length]) if length > 1 else tokens[position]
            )
            if phrase in known.legal and (position or len(phrase) > 2) and len(tokens) > length:  # noqa: PLR2004 - "as", "se" at the head are names
                legal.add(known.legal[phrase])
                break
            if phrase in known.meanings:
                words.append(
                    Word(
                        phrase.replace(" ", ""),
                        LATIN,
                        known.meanings[phrase],
                        known.weights[phrase],
                    )
                )
                break
        else:
            length = 1
            words += _stem_and_tail(tokens[position])
        position += length
    return tuple(words), frozenset(legal)


@lru_cache(maxsize=REMEMBERED)
def _stem_and_tail(token: str) -> tuple[Word, ...]:
    """Part a known word off the end of a Latin word that is printed together (hyundaimotor)."""
    known = glossary()
    for cut in range(SHORTEST_STEM, len(token) - SHORTEST_TAIL + 1):
        tail = token[cut:]
        if len(tail) < LONG_TAIL and (cut == SHORTEST_STEM or tail not in SHORT_TAILS):
            continue
        if tail in known.meanings:
            meant = Word(tail, LATIN, known.meanings[tail], known.weights[tail])
            return (Word(token[:cut], LATIN, frozenset(), 1.0), meant)
        if tail in known.legal:
            return (Word(token[:cut], LATIN, frozenset(), 1.0),)
    return (Word(token, LATIN, frozenset(), 1.0),)


def _part(run: str, words: list[Word], legal: set[str]) -> None:
    """Part a run of signs at known words, longest first from the left."""
    known = glossary()
    script = script_of(run)
    start = position = 0

    def name_until(end: int) -> None:
        if end > start:
            words.append(Word(run[start:end], script, frozenset(), 1.0))

    while position < len(run):
        for length in range(min(9, len(run) - position), 0, -1):
            piece = run[position : position + length]
            if length == 1 < len(run) and (position + 1 < len(run) or position < 2):  # noqa: PLR2004 - one sign tells only at the end
                continue
            if length == 1 < len(run) and script == HANGUL:
                continue
            if piece in known.legal:
                name_until(position)
                legal.add(known.legal[piece])
                break
            if piece in known.meanings:
                name_until(position)
                words.append(Word(piece, script, known.meanings[piece], known.weights[piece]))
                break
        else:
            position += 1
            continue
        position += length
        start = position
    name_until(len(run))


def site_class(words: Words) -> str:
    """Return what kind of site the words name (camp, prison, factory ...), or nothing."""
    classes = glossary().site_class
    for word in reversed(words.words):
        for meaning in sorted(word.meanings):
            if meaning in classes:
                return classes[meaning]
    return ""
