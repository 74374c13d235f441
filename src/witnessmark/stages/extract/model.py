"""The trained model: a weight for every feature and label, and nothing else.

The weights are made by ``make model`` from the labelled text in ``corpus/``; what they are,
how they were made and how well they read stands in ``docs/model-card.md``.

Laws:
1. A score is a pure function of the feature names and the weights.
2. Every score can be told in words: which features spoke for it, and how much.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias
from zlib import crc32

import numpy as np

from witnessmark.core.errors import InputError
from witnessmark.store.rulebook import rule_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

FOLDER = "extract/model"
SCHEMA = "witnessmark/reading-model/1"

Scores: TypeAlias = "NDArray[np.float32]"


NAMES_KEPT = 60_000
"""Feature names of which the row is remembered: about 12 MB."""

UNKNOWN = -1
"""Row of a name that the model has no weight for."""


class Rows(dict[str, int]):
    """The row of every feature name asked so far; others are hashed and looked up."""

    def __init__(self, hashes: NDArray[np.uint32]) -> None:
        """Know the features by their *hashes*, in the order of the rows."""
        super().__init__()
        self.size = len(hashes)
        self._row = {value: row for row, value in enumerate(hashes.tolist())}

    def __missing__(self, name: str) -> int:
        """Return the row of *name*, or ``UNKNOWN``."""
        row = self._row.get(crc32(name.encode("utf-8", "surrogatepass")), UNKNOWN)
        if len(self) >= NAMES_KEPT:
            self.clear()
        self[name] = row
        return row


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """One linear model over hashed features.

    Attributes:
        labels: what each column is.
        hashes: hashes of the known features, ascending; shape (features,).
        weights: shape (features, labels).
        bias: shape (labels,).
        known: the row of each feature name.
    """

    labels: tuple[str, ...]
    hashes: NDArray[np.uint32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    known: Rows = field(repr=False)

    def rows(self, names: Iterable[str]) -> set[int]:
        """Return the rows of the known among the features *names*."""
        known = self.known
        rows = {known[name] for name in names}
        rows.discard(UNKNOWN)
        return rows

    def logits(self, rows: set[int]) -> Scores:
        """Return the log-odds of each label by the features in *rows*, shape (labels,)."""
        if not rows:
            return self.bias
        # in ascending order: a sum of floats depends on it
        asked = np.fromiter(sorted(rows), np.intp, len(rows))
        total: Scores = np.add.reduce(self.weights.take(asked, axis=0), axis=0)
        return total / np.float32(np.sqrt(len(rows))) + self.bias

    def spoke(self, names: Sequence[str], label: int, most: int = 3) -> list[str]:
        """Return the features that spoke most for *label*, the strongest first."""
        column = self.weights[:, label]
        weight = {
            name: float(column[row]) for name in names if (row := self.known[name]) != UNKNOWN
        }
        best = sorted(weight, key=lambda name: (-weight[name], name))[:most]
        return [name for name in best if weight[name] > 0]


@dataclass(frozen=True, slots=True, eq=False)
class ReadingModel:
    """The models of the extract stage.

    Attributes:
        version: version of the weights.
        claims: labels are indicators and predicates; a logistic score each.
        voice: labels are sorts of source; the largest wins.
        stance: labels are modalities; the largest wins.
        claim_from: least probability of a claim, by language.
        candidate_from: least probability of a candidate, by language.
    """

    version: str
    claims: LinearModel
    voice: LinearModel
    stance: LinearModel
    claim_from: dict[str, float]
    candidate_from: dict[str, float]


def probability(logit: float) -> float:
    """Return the probability of which *logit* is the log-odds."""
    return float(1.0 / (1.0 + np.exp(-np.float64(logit))))


@cache
def reading_model() -> ReadingModel:
    """Return the model that comes with the package.

    Raises:
        InputError: a file of the model is missing or does not fit the others.
    """
    about: dict[str, Any] = json.loads(rule_bytes(f"{FOLDER}/model.json"))
    if about.get("schema") != SCHEMA:
        raise InputError(
            "the reading model is of another version",
            where=f"rules/{FOLDER}/model.json",
            to_do="run make model, or reinstall Witnessmark",
        )
    voice = _linear("voice", about)
    return ReadingModel(
        str(about["version"]),
        _linear("claims", about),
        voice,
        _linear("stance", about, like=voice),
        {str(k): float(v) for k, v in about["claim_from"].items()},
        {str(k): float(v) for k, v in about["candidate_from"].items()},
    )


def _linear(name: str, about: dict[str, Any], like: LinearModel | None = None) -> LinearModel:
    """Return the model *name*; where its features are those of *like*, they share the rows."""
    weights = _array(f"{name}.weights.npy").astype(np.float32)
    hashes = _array(f"{name}.hashes.npy").astype(np.uint32)
    labels = tuple(str(label) for label in about["labels"][name])
    if weights.shape != (len(hashes) + 1, len(labels)):
        raise InputError(
            "the arrays of the reading model do not fit together",
            where=f"rules/{FOLDER}/{name}.weights.npy",
            to_do="run make model, or reinstall Witnessmark",
        )
    same = like is not None and np.array_equal(like.hashes, hashes)
    known = like.known if like is not None and same else Rows(hashes)
    return LinearModel(labels, hashes, weights[:-1], weights[-1], known)


def _array(name: str) -> NDArray[Any]:
    loaded: NDArray[Any] = np.load(io.BytesIO(rule_bytes(f"{FOLDER}/{name}")), allow_pickle=False)
    return loaded
