"""Make the weights of the tagger of mentions from the labelled text in ``corpus/train``.

Laws:
1. The same text and lists give the same bytes: every draw has its seed.
2. Margins and figures are found on authors that the model of the fold has not seen.
3. ``corpus/test`` is not opened.

Invented places and firms would teach that no name is in a list. So every passage is read
several times: as it is, and with its countries, places and firms renamed (real countries
and places of the lists, other inventions), and with some names hidden from the lists.

    .venv/bin/python tools/train_mentions.py [--no-write]
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from zlib import crc32

import numpy as np
from mention_readings import RENAMED, Reading, common_words, passages, readings

from witnessmark.stages.extract.tagger_words import word_lists
from witnessmark.stages.extract.tagging import SCHEMA, TYPES, chosen, pooled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

OUT = Path(__file__).resolve().parent.parent / "src/witnessmark/rules/extract/mentions"
FOLDER = "extract/en"
PENALTY = 0.6
ROUNDS = 70
TRUSTED = {"L=place": (1, 2.0), "L=country": (2, 3.0), "L=org": (5, 1.0), "Sdescribed": (3, 2.0)}
"""What a listed name, and a site described with its place ("a brick kiln at Ortu Bahl"), count for
beyond what the text teaches, whose names are invented: feature, column of the weights, log-odds.
Chosen on renamed readings of unseen authors."""

LEAST_PASSAGES = 2
"""Passages in which a feature must stand to be kept."""

Array: TypeAlias = "NDArray[np.float64]"


@dataclass
class Model:
    """Weights of one training."""

    hashes: NDArray[np.uint32]
    rows: Array

    def scores(self, reading: Reading) -> NDArray[np.float32]:
        """Return the scores of the candidates of *reading*."""
        return np.array([self._sum(f) for f in reading.features], np.float32).reshape(
            -1, len(TYPES) + 1
        )

    def _sum(self, features: list[int]) -> Array:
        asked = np.array(features, np.uint32)
        at = np.minimum(np.searchsorted(self.hashes, asked), len(self.hashes) - 1)
        total: Array = self.rows[at[self.hashes[at] == asked]].sum(axis=0)
        return total


def trained(kept: Sequence[tuple[Reading, float]]) -> Model:
    """Return the weights that fit the readings *kept*, each with its weight."""
    seen: dict[int, set[str]] = defaultdict(set)
    for reading, _ in kept:
        for features in reading.features:
            for key in features:
                if len(seen[key]) < LEAST_PASSAGES:
                    seen[key].add(reading.passage)
    hashes = np.array(
        sorted(k for k, where in seen.items() if len(where) >= LEAST_PASSAGES), np.uint32
    )
    row_of = {int(key): at for at, key in enumerate(hashes)}
    flat: list[int] = []
    bounds: list[int] = []
    labels: list[int] = []
    share: list[float] = []
    for reading, weight in kept:
        for features, label in zip(reading.features, reading.labels, strict=True):
            known = [row_of[key] for key in features if key in row_of]
            if known:
                bounds.append(len(flat))
                flat += known
                labels.append(label)
                share.append(weight)
    fit = _Fit(np.array(flat), np.array(bounds), np.array(labels), np.array(share), len(hashes))
    rows = fit.solved()
    for name, (kind, more) in TRUSTED.items():
        key = crc32(name.encode())
        if key in row_of:
            rows[row_of[key], kind] += more
    return Model(hashes, rows)


@dataclass
class _Fit:
    flat: NDArray[np.int64]
    bounds: NDArray[np.int64]
    labels: NDArray[np.int64]
    share: Array
    size: int

    def __post_init__(self) -> None:
        self.lengths = np.diff(np.append(self.bounds, len(self.flat)))
        self.kinds = len(TYPES) + 1
        self.owner = np.repeat(np.arange(len(self.bounds)), self.lengths)

    def loss(self, weights: Array) -> tuple[float, Array]:
        rows = weights.reshape(self.size, self.kinds)
        scores = np.add.reduceat(rows[self.flat], self.bounds, axis=0)
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        total = likely.sum(axis=1, keepdims=True)
        likely /= total
        each = np.arange(len(self.labels))
        value = -float((self.share * (scores[each, self.labels] - np.log(total[:, 0]))).sum())
        likely[each, self.labels] -= 1
        likely *= self.share[:, None]
        slope = np.empty((self.size, self.kinds))
        for kind in range(self.kinds):
            slope[:, kind] = np.bincount(self.flat, likely[self.owner, kind], self.size)
        value += PENALTY / 2 * float(weights @ weights)
        return value, slope.ravel() + PENALTY * weights

    def solved(self) -> Array:
        """Return the weights of least loss (limited-memory BFGS, fixed number of rounds)."""
        at = np.zeros(self.size * self.kinds)
        value, slope = self.loss(at)
        pairs: list[tuple[Array, Array, float]] = []
        for _ in range(ROUNDS):
            step = -_direction(slope, pairs)
            length = 1.0 if pairs else 1.0 / max(1.0, float(np.abs(slope).sum()))
            down = float(slope @ step)
            while True:
                new = at + length * step
                new_value, new_slope = self.loss(new)
                if new_value <= value + 1e-4 * length * down or length < 1e-8:  # noqa: PLR2004 - Armijo
                    break
                length /= 2
            moved, turned = new - at, new_slope - slope
            curve = float(moved @ turned)
            if curve > 1e-12:  # noqa: PLR2004 - numerically flat
                pairs = [*pairs[-7:], (moved, turned, 1 / curve)]
            at, value, slope = new, new_value, new_slope
        return at.reshape(self.size, self.kinds)


def _direction(slope: Array, pairs: list[tuple[Array, Array, float]]) -> Array:
    result = slope.copy()
    steps: list[float] = []
    for moved, turned, rho in reversed(pairs):
        steps.append(rho * float(moved @ result))
        result -= steps[-1] * turned
    if pairs:
        moved, turned, _ = pairs[-1]
        result *= float(moved @ turned) / float(turned @ turned)
    for (moved, turned, rho), alpha in zip(pairs, reversed(steps), strict=True):
        result += (alpha - rho * float(turned @ result)) * moved
    return result


def counted(
    reading: Reading, scores: NDArray[np.float32], margins: NDArray[np.float32]
) -> dict[str, Counter[str]]:
    """Return hits, false and missed mentions by type."""
    mine = {
        (t.start, t.end): t.type.value
        for t in chosen(reading.spotted, pooled(reading.spotted, scores), margins)
    }
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for span in mine.keys() | reading.gold.keys():
        own, true = mine.get(span), reading.gold.get(span)
        if own == true and own is not None:
            tally[own]["hit"] += 1
        else:
            if own:
                tally[own]["false"] += 1
            if true:
                tally[true]["missed"] += 1
    return tally


def f1(tally: Counter[str]) -> float:
    """Return the F1 of a tally."""
    return 2 * tally["hit"] / max(1, 2 * tally["hit"] + tally["false"] + tally["missed"])


def tuned(held: list[tuple[Reading, NDArray[np.float32]]]) -> NDArray[np.float32]:
    """Return the margin of each type with the best F1 on readings of unseen authors."""
    margins = np.zeros(len(TYPES), np.float32)
    for column, kind in enumerate(TYPES):
        best = (-1.0, 0.0)
        for margin in np.arange(-3.5, 1.51, 0.25):
            tried = margins.copy()
            tried[column] = margin
            total: Counter[str] = Counter()
            for reading, scores in held:
                total.update(counted(reading, scores, tried)[kind.value])
            best = max(best, (f1(total), -abs(float(margin))))
            if best[0] == f1(total) and best[1] == -abs(float(margin)):
                margins[column] = margin
    return margins


def report(
    title: str, held: list[tuple[Reading, NDArray[np.float32]]], margins: NDArray[np.float32]
) -> None:
    """Print F1 by type."""
    total: dict[str, Counter[str]] = defaultdict(Counter)
    for reading, scores in held:
        for kind, tally in counted(reading, scores, margins).items():
            total[kind].update(tally)
    told = "  ".join(f"{kind.value} {f1(total[kind.value]):.3f}" for kind in TYPES)
    print(f"{title:28} {told}")
    print(" " * 28, {k: dict(v) for k, v in total.items()})


def main() -> int:
    """Train by folds, print the figures, train on everything, write the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--no-write", action="store_true", help="print the figures only")
    given = parser.parse_args()
    began = time.monotonic()
    share = 1.0 / (1 + RENAMED)
    lists = word_lists(FOLDER, "en")
    texts = passages("en")
    common = common_words([p.text for p in texts])
    plain, others = readings(texts, lists, common)
    reachable = Counter(
        (kind, span in reading.spans) for reading in plain for span, kind in reading.gold.items()
    )
    print("mentions that are a candidate:", dict(sorted(reachable.items())))
    print(f"{sum(len(r.labels) for r in plain)} candidates; {time.monotonic() - began:.0f} s")
    held: list[tuple[Reading, NDArray[np.float32]]] = []
    real: list[tuple[Reading, NDArray[np.float32]]] = []
    for author in sorted({p.author for p in texts}):
        inside = [n for n, p in enumerate(texts) if p.author != author]
        model = trained([(r, share) for n in inside for r in (plain[n], *others[n])])
        for n, p in enumerate(texts):
            if p.author == author:
                held.append((plain[n], model.scores(plain[n])))
                real.append((others[n][0], model.scores(others[n][0])))
        print(f"without {author}: {len(model.hashes)} features; {time.monotonic() - began:.0f} s")
    none = np.zeros(len(TYPES), np.float32)
    report("no margin, invented names", held, none)
    margins = tuned(held + real)
    report("margins " + " ".join(f"{m:+.2f}" for m in margins), held, margins)
    report("real names", real, margins)
    for author in sorted({p.author for p in texts}):
        report(f"unseen author {author}", [h for h in held if h[0].author == author], margins)
    if given.no_write:
        return 0
    model = trained([(r, share) for n, _ in enumerate(texts) for r in (plain[n], *others[n])])
    write("en", model, margins, common)
    print(f"{time.monotonic() - began:.0f} s")
    return 0


def write(code: str, model: Model, margins: NDArray[np.float32], common: frozenset[str]) -> None:
    """Write the weights, as whole numbers of 1/scale."""
    kept = np.abs(model.rows).max(axis=1) > 0.02  # noqa: PLR2004 - says nothing
    rows, hashes = model.rows[kept], model.hashes[kept]
    scale = float(np.abs(rows).max()) / 32_000
    OUT.mkdir(parents=True, exist_ok=True)
    for name, array in (("hashes", hashes), ("weights", np.round(rows / scale).astype(np.int16))):
        kept_bytes = io.BytesIO()
        np.save(kept_bytes, array, allow_pickle=False)
        (OUT / f"{code}.{name}.npy").write_bytes(kept_bytes.getvalue())
    about = {
        "schema": SCHEMA,
        "version": "2026.11",
        "provenance": "made by tools/train_mentions.py from corpus/train",
        "code": "D",
        "scale": scale,
        "margins": [float(m) for m in margins],
        "common": " ".join(sorted(common)),
    }
    (OUT / f"{code}.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
