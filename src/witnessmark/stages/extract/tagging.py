"""The tagger of mentions: a linear model over candidates, with our own weights.

Laws:
1. A mention is a candidate that the model scores above ``none``, by the margin of its type.
2. Where candidates overlap, those are chosen whose margins add up to most.
3. The same words are judged once in a document: their scores are averaged.
4. The result is a pure function of the text, the lists and the weights.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from witnessmark.core.claim import MentionType
from witnessmark.core.errors import InputError
from witnessmark.stages.extract.document_memory import remember
from witnessmark.stages.extract.model import Rows
from witnessmark.stages.extract.spotting import Splitter, Tokens, candidates
from witnessmark.stages.extract.tagger_features import Describer
from witnessmark.stages.extract.tagger_words import CAP, DIGIT, WordLists, word_lists
from witnessmark.store.rulebook import rule_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from witnessmark.stages.extract.segment import Sentence

FOLDER = "extract/mentions"
SCHEMA = "witnessmark/mentions-model/1"
TYPES = (
    MentionType.PLACE,
    MentionType.COUNTRY,
    MentionType.SITE,
    MentionType.PRODUCT,
    MentionType.ORG,
)
"""Columns of the weights, after the first: none."""

_SORTS = {"name": 0, "unit": 1, "site": 2, "both": 3, "good": 4}
_ALLOWED = np.array(
    [
        [True, True, True, False, True],
        [True, True, True, False, True],
        [False, False, True, False, False],
        [True, True, True, False, True],
        [False, False, False, True, False],
    ]
)
"""Types (columns) that a candidate of each sort can be."""

Scores: TypeAlias = "NDArray[np.float32]"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A candidate that was chosen: code points, type, and its margin over none."""

    start: int
    end: int
    type: MentionType
    margin: float


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a document.

    Attributes:
        chosen: the mentions, in order, without overlaps.
        goods: for each sentence, start, end and norm of every form of the list of goods,
            whether chosen or not.
        cues: for each sentence, the classes of all its words, as bits.
    """

    chosen: list[Tagged]
    goods: list[list[tuple[int, int, str]]]
    cues: list[int]


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights of hashed features.

    Attributes:
        row_of: row of each feature name, -1 (the last row) of one that is unknown.
        rows: shape (features + 1, 1 + types); the last row is nought, for unknown features.
        margins: least margin of each type.
        common: words that the training text has without a capital.
    """

    row_of: Rows
    rows: Scores
    margins: Scores
    common: frozenset[str]


@cache
def weights(code: str) -> Weights:
    """Return the weights that come with the package for the language *code*.

    Raises:
        InputError: a file of the model is missing or of another version.
    """
    about: dict[str, Any] = json.loads(rule_bytes(f"{FOLDER}/{code}.json"))
    if about.get("schema") != SCHEMA:
        raise InputError(
            "the mentions model is of another version",
            where=f"rules/{FOLDER}/{code}.json",
            to_do="run tools/train_mentions.py, or reinstall Witnessmark",
        )
    hashes: NDArray[np.uint32] = _array(f"{code}.hashes.npy")
    rows = _array(f"{code}.weights.npy").astype(np.float32) * np.float32(about["scale"])
    rows = np.concatenate([rows, np.zeros((1, rows.shape[1]), np.float32)])
    return Weights(
        Rows(hashes),
        rows,
        np.array(about["margins"], np.float32),
        frozenset(str(about["common"]).split()),
    )


def _array(name: str) -> NDArray[Any]:
    loaded: NDArray[Any] = np.load(io.BytesIO(rule_bytes(f"{FOLDER}/{name}")), allow_pickle=False)
    return loaded


@cache
def _asked(folder: str, code: str) -> tuple[Splitter, Describer]:
    """Return splitter and describer of a language; they remember what they know of a word."""
    lists = word_lists(folder, code)
    return Splitter(lists), Describer(lists, weights(code).common)


def tag(sentences: Sequence[Sentence], folder: str, code: str) -> Findings:
    """Return the mentions of a document, and the listed goods in it."""
    lists = word_lists(folder, code)
    model = weights(code)
    splitter, describer = _asked(folder, code)
    document = [
        splitter.tokens(s.folded, s.span.start, heading=s.heading, number=s.number)
        for s in sentences
    ]
    spotted = [(tokens, candidates(tokens, lists)) for tokens in document]
    memory = remember(spotted, lists)
    row_of = model.row_of
    rows: list[int] = []
    bounds: list[int] = []
    for tokens, spans in spotted:
        for start, end, sort in spans:
            bounds.append(len(rows))
            rows += [row_of[name] for name in describer.features(tokens, start, end, sort, memory)]
    goods = [_listed(tokens, spans, lists) for tokens, spans in spotted]
    cues = [reduce(or_, tokens.bits, 0) for tokens in document]
    if not rows:
        return Findings([], goods, cues)
    scores: Scores = np.add.reduceat(model.rows[rows], bounds, axis=0)
    return Findings(chosen(spotted, pooled(spotted, scores), model.margins), goods, cues)


def _listed(
    tokens: Tokens, spans: list[tuple[int, int, str]], lists: WordLists
) -> list[tuple[int, int, str]]:
    norms = [
        (
            tokens.starts[start],
            tokens.ends[end - 1],
            lists.products.get(" ".join(tokens.low[start:end])),
        )
        for start, end, sort in spans
        if sort == "good"
    ]
    return [(start, end, norm) for start, end, norm in norms if norm is not None]


def pooled(spotted: Sequence[tuple[Tokens, list[tuple[int, int, str]]]], scores: Scores) -> Scores:
    """Return *scores*, averaged over the places where the same words stand alone."""
    groups: dict[str, list[int]] = {}
    number = 0
    for tokens, spans in spotted:
        bits, low = tokens.bits, tokens.low
        for start, end, sort in spans:
            alone = sort not in {"name", "both"} or not (
                (start and bits[start - 1] & CAP) or (end < len(bits) and bits[end] & (CAP | DIGIT))
            )
            if alone:
                groups.setdefault(" ".join(low[start:end]), []).append(number)
            number += 1
    result = scores.copy()
    for members in groups.values():
        if len(members) > 1:
            result[members] = scores[members].mean(axis=0)
    return result


def chosen(
    spotted: Sequence[tuple[Tokens, list[tuple[int, int, str]]]], scores: Scores, margins: Scores
) -> list[Tagged]:
    """Return, for each sentence, the candidates without overlap whose margins add up to most."""
    gains = scores[:, 1:] - scores[:, :1] - margins
    sorts = np.array([_SORTS[sort] for _, spans in spotted for _, _, sort in spans])
    gains[~_ALLOWED[sorts]] = -np.inf
    best = gains.argmax(axis=1)
    top = gains[np.arange(len(best)), best]
    found: list[Tagged] = []
    number = 0
    for tokens, spans in spotted:
        options = [
            (start, end, float(top[number + at]), int(best[number + at]))
            for at, (start, end, _) in enumerate(spans)
            if top[number + at] > 0
        ]
        number += len(spans)
        ends_at: dict[int, list[tuple[int, float, int]]] = {}
        for start, end, gain, kind in options:
            ends_at.setdefault(end, []).append((start, gain, kind))
        if ends_at:
            found += _best_of(tokens, ends_at)
    return found


def _best_of(tokens: Tokens, ends_at: dict[int, list[tuple[int, float, int]]]) -> list[Tagged]:
    size = len(tokens.words)
    total = [0.0] * (size + 1)
    taken: list[tuple[int, float, int] | None] = [None] * (size + 1)
    for end in range(1, size + 1):
        total[end] = total[end - 1]
        for option in ends_at.get(end, ()):
            if total[option[0]] + option[1] > total[end]:
                total[end] = total[option[0]] + option[1]
                taken[end] = option
    result: list[Tagged] = []
    end = size
    while end > 0:
        choice = taken[end]
        if choice is None:
            end -= 1
            continue
        start, gain, kind = choice
        result.append(Tagged(tokens.starts[start], tokens.ends[end - 1], TYPES[kind], gain))
        end = start
    return result[::-1]
