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
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from witnessmark.core.errors import InputError
from witnessmark.stages.extract.features import hashed
from witnessmark.store.rulebook import rule_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FOLDER = "extract/model"
SCHEMA = "witnessmark/reading-model/1"

Scores: TypeAlias = "NDArray[np.float32]"


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """One linear model over hashed features.

    Attributes:
        labels: what each column is.
        hashes: hashes of the known features, ascending; shape (features,).
        weights: shape (features, labels).
        bias: shape (labels,).
    """

    labels: tuple[str, ...]
    hashes: NDArray[np.uint32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def rows(self, names: Sequence[str]) -> NDArray[np.intp]:
        """Return the rows of the known among the features *names*, each once."""
        asked = np.unique(np.fromiter(hashed(names), np.uint32, len(names)))
        at = np.minimum(np.searchsorted(self.hashes, asked), len(self.hashes) - 1)
        return at[self.hashes[at] == asked]

    def logits(self, names: Sequence[str]) -> Scores:
        """Return the log-odds of each label, shape (labels,)."""
        rows = self.rows(names)
        if not len(rows):
            return self.bias
        total: Scores = self.weights[rows].sum(axis=0)
        return total / np.float32(np.sqrt(len(rows))) + self.bias

    def spoke(self, names: Sequence[str], label: int, most: int = 3) -> list[str]:
        """Return the features that spoke most for *label*, the strongest first."""
        known = [name for name in names if len(self.rows([name]))]
        weight = {name: float(self.weights[self.rows([name])[0], label]) for name in known}
        best = sorted(known, key=lambda name: (-weight[name], name))[:most]
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
    return ReadingModel(
        str(about["version"]),
        _linear("claims", about),
        _linear("voice", about),
        _linear("stance", about),
        {str(k): float(v) for k, v in about["claim_from"].items()},
        {str(k): float(v) for k, v in about["candidate_from"].items()},
    )


def _linear(name: str, about: dict[str, Any]) -> LinearModel:
    weights = _array(f"{name}.weights.npy").astype(np.float32)
    hashes = _array(f"{name}.hashes.npy").astype(np.uint32)
    labels = tuple(str(label) for label in about["labels"][name])
    if weights.shape != (len(hashes) + 1, len(labels)):
        raise InputError(
            "the arrays of the reading model do not fit together",
            where=f"rules/{FOLDER}/{name}.weights.npy",
            to_do="run make model, or reinstall Witnessmark",
        )
    return LinearModel(labels, hashes, weights[:-1], weights[-1])


def _array(name: str) -> NDArray[Any]:
    loaded: NDArray[Any] = np.load(io.BytesIO(rule_bytes(f"{FOLDER}/{name}")), allow_pickle=False)
    return loaded
