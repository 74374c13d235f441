"""Make the weights of the reading model from the labelled text in ``corpus/``.

Steps: 1 read every passage as the extract stage does, without the model; 2 fit one
logistic regression per label, one for the voice, one for the stance; 3 choose the
thresholds by leaving out one author of the training text at a time; 4 write the arrays.

Laws:
1. Only ``corpus/train`` is learned from; the test split is not opened here.
2. The same text, rules and versions of the libraries give the same bytes.

    make model        (an environment of its own: the dependency group ``train``)
"""

from __future__ import annotations

import hashlib
import json
import sys
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from check_corpus import ROOT, Passage, all_passages

from witnessmark.core.span import Span
from witnessmark.stages.extract.features import features, hashed
from witnessmark.stages.extract.proposing import INDICATORS, PHRASES
from witnessmark.stages.extract.studied import studied
from witnessmark.stages.extract.voicing import voice_features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LINEAR: Any = import_module("sklearn.linear_model")
SPARSE: Any = import_module("scipy.sparse")
TARGET = ROOT.parent / "src" / "witnessmark" / "rules" / "extract" / "model"
VERSION = "2026.11"
SEEN_AT_LEAST = 2
"""Times that a feature must stand in the training text to get a weight."""

STRENGTH = {"claims": 20.0, "voice": 20.0, "stance": 20.0}
"""Inverse strength of the L2 penalty."""

FOLDS = 5
CLAIM_BETA = 0.6
LABELS = (*sorted(INDICATORS), *sorted(str(predicate) for predicate in PHRASES))


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to learn from.

    Attributes:
        names: its features.
        labels: what holds of it.
        fold: what is left out together: an author's text, or where a language has one
            author a fifth of the passages.
        lang: its language.
    """

    names: tuple[str, ...]
    labels: frozenset[str]
    fold: str
    lang: str


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows, by model."""

    claims: list[Row]
    voice: list[Row]
    stance: list[Row]


def rows_of(passages: Sequence[Passage]) -> Rows:
    """Return the rows that *passages* give; those in a language that is not read give none."""
    rows = Rows([], [], [])
    for number, passage in enumerate(passages):
        text = passage.text
        fold = passage.author if passage.lang == "en" else str(number % FOLDS)
        study = studied(text, passage.lang)
        if study is None:
            continue
        starts = [part.span.start for part in study.parts]
        labels: list[set[str]] = [set() for _ in study.parts]
        at = 0
        for sentence in passage.sentences:
            at = text.index(sentence.text, at)
            for label in sentence.labels:
                start = at + sentence.text.index(label.quote)
                place = max(0, bisect_right(starts, start) - 1)
                part = study.parts[place].span
                what = label.value if label.predicate == "indicator" else label.predicate
                labels[place].add(what)
                end = min(start + len(label.quote), part.end)
                quote = Span(start - part.start, max(end - part.start, start - part.start))
                said, stated, inside = study.heard(place, quote, what)
                names = voice_features(
                    study.seen, place, quote, heard=said, stated=stated, inside=inside
                )
                for kind, value in (("voice", label.attribution), ("stance", label.modality)):
                    row = Row(tuple(names), frozenset({value}), fold, passage.lang)
                    getattr(rows, kind).append(row)
            at += len(sentence.text)
        for place in range(len(study.parts)):
            names = features(study.seen.looks[place], passage.lang)
            rows.claims.append(Row(tuple(names), frozenset(labels[place]), fold, passage.lang))
    return rows


def known_features(rows: Sequence[Row]) -> NDArray[np.uint32]:
    """Return the hashes of the features that are seen often enough, ascending."""
    seen = Counter(value for row in rows for value in set(hashed(row.names)))
    kept = sorted(value for value, times in seen.items() if times >= SEEN_AT_LEAST)
    return np.array(kept, np.uint32)


def matrix(rows: Sequence[Row], known: NDArray[np.uint32]) -> Any:  # noqa: ANN401 - scipy has no types here
    """Return the rows as a sparse matrix, each of length one."""
    pointers, columns, values = [0], [], []
    for row in rows:
        asked = np.unique(np.array(hashed(row.names), np.uint32))
        at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
        found = at[known[at] == asked]
        columns.append(found)
        values.append(np.full(len(found), 1 / np.sqrt(max(len(found), 1))))
        pointers.append(pointers[-1] + len(found))
    data = (np.concatenate(values), np.concatenate(columns), pointers)
    return SPARSE.csr_matrix(data, shape=(len(rows), len(known)))


def fitted(
    rows: Sequence[Row], labels: Sequence[str], known: NDArray[np.uint32], strength: float
) -> NDArray[np.float64]:
    """Return the weights and, as the last row, the bias; shape (features + 1, labels)."""
    table = matrix(rows, known)
    weights = np.zeros((len(known) + 1, len(labels)))
    for number, label in enumerate(labels):
        holds = np.array([label in row.labels for row in rows])
        if holds.sum() < SEEN_AT_LEAST:
            weights[-1, number] = -20.0
            continue
        model = LINEAR.LogisticRegression(C=strength, max_iter=1000, solver="liblinear")
        model.fit(table, holds)
        weights[:-1, number] = model.coef_[0]
        weights[-1, number] = model.intercept_[0]
    return weights


def scores(
    rows: Sequence[Row], known: NDArray[np.uint32], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the probability of every label, shape (rows, labels)."""
    logits = matrix(rows, known) @ weights[:-1] + weights[-1]
    chances: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.asarray(logits)))
    return chances


def out_of_fold(rows: Sequence[Row], labels: Sequence[str], strength: float) -> NDArray[np.float64]:
    """Return the probabilities that models give which did not see the row's author."""
    found = np.zeros((len(rows), len(labels)))
    for fold in sorted({row.fold for row in rows}):
        held = np.array([row.fold == fold for row in rows])
        learned = [row for row, out in zip(rows, held, strict=True) if not out]
        known = known_features(learned)
        weights = fitted(learned, labels, known, strength)
        tried = [row for row, out in zip(rows, held, strict=True) if out]
        found[held] = scores(tried, known, weights)
    return found


def truth(rows: Sequence[Row], labels: Sequence[str]) -> NDArray[np.bool_]:
    """Return which label holds of which row."""
    return np.array([[label in row.labels for label in labels] for row in rows])


def f1(found: NDArray[np.bool_], holds: NDArray[np.bool_], weight: float = 1.0) -> float:
    """Return F (beta = *weight*) of *found* against *holds*, all cells together."""
    right = float((found & holds).sum())
    square = weight * weight
    missed, false = float((~found & holds).sum()), float((found & ~holds).sum())
    return (1 + square) * right / max((1 + square) * right + square * missed + false, 1.0)


def thresholds(rows: Sequence[Row], chances: NDArray[np.float64]) -> dict[str, dict[str, float]]:
    """Return the least probability of a claim and of a candidate, by language.

    Claims weigh a false one more than a missed one (F with beta CLAIM_BETA), over the
    indicators; candidates the other way round (beta 2), over all labels.
    """
    holds = truth(rows, LABELS)
    mine_are = np.array([label in INDICATORS for label in LABELS])
    steps = [round(step / 100, 2) for step in range(20, 75)]
    chosen: dict[str, dict[str, float]] = {"claim_from": {}, "candidate_from": {}}
    for lang in ("en", "ko", "zh"):
        mine = np.array([row.lang == lang for row in rows])
        if not mine.any():
            chosen["claim_from"][lang] = chosen["candidate_from"][lang] = 0.5
            continue
        cells = (chances[mine], holds[mine])
        sure = (cells[0][:, mine_are], cells[1][:, mine_are])
        best = max(steps, key=lambda t: (f1(sure[0] > t, sure[1], CLAIM_BETA), t))
        wide = max(steps, key=lambda t: (f1(cells[0] > t, cells[1], 2.0), t))
        chosen["claim_from"][lang] = best
        chosen["candidate_from"][lang] = min(best, wide)
        print(
            f"  {lang}: claims from {best}: F1 {f1(sure[0] > best, sure[1]):.3f} without the "
            f"rules; candidates from {min(best, wide)}"
        )
    return chosen


def save(name: str, known: NDArray[np.uint32], weights: NDArray[np.float64]) -> None:
    """Write the arrays of one model."""
    with (TARGET / f"{name}.hashes.npy").open("wb") as file:
        np.save(file, known)
    with (TARGET / f"{name}.weights.npy").open("wb") as file:
        np.save(file, weights.astype(np.float16))


def corpus_digest() -> str:
    """Return the digest of the training text."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "train").rglob("*.txt")):
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def main() -> int:
    """Train and write everything; print what cross-validation says."""
    passages = all_passages("train")
    rows = rows_of(passages)
    print(f"{len(rows.claims)} sentences, {len(rows.voice)} labelled claims")
    chances = out_of_fold(rows.claims, LABELS, STRENGTH["claims"])
    chosen = thresholds(rows.claims, chances)
    labels = {"claims": list(LABELS)}
    for kind in ("voice", "stance"):
        mine: list[Row] = getattr(rows, kind)
        labels[kind] = sorted({label for row in mine for label in row.labels})
        best = out_of_fold(mine, labels[kind], STRENGTH[kind]).argmax(axis=1)
        right = sum(
            labels[kind][place] in row.labels for place, row in zip(best, mine, strict=True)
        )
        print(f"  {kind}: {right / len(mine):.3f} of {len(mine)} right")
    TARGET.mkdir(exist_ok=True)
    for kind in ("claims", "voice", "stance"):
        mine = getattr(rows, kind)
        known = known_features(mine)
        save(kind, known, fitted(mine, labels[kind], known, STRENGTH[kind]))
    about = {
        "schema": "witnessmark/reading-model/1",
        "version": VERSION,
        "provenance": "trained by tools/train_reader.py on corpus/train, Witnessmark's own text",
        "code": "D",
        "corpus_sha256": corpus_digest(),
        "sentences": len(rows.claims),
        "labels": labels,
        **chosen,
    }
    text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)
    (TARGET / "model.json").write_text(f"{text}\n", "utf-8")
    size = sum(path.stat().st_size for path in TARGET.iterdir())
    print(f"{size / 1e6:.1f} MB in {TARGET}")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    sys.exit(main())
