"""The weights: what a score is made of, as a file that a person can read.

Laws:
1. A score is a logistic sum of named features; the weights stand in ``name_model.yaml``
   with where they come from, and nothing else enters.
2. A feature that the file does not name counts nothing.
3. 0.5 is the decision line of every model.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from witnessmark.store.rulebook import load_rules

SCHEMA = "witnessmark/name-model/1"


@cache
def weights(model: str) -> tuple[float, tuple[tuple[str, float], ...]]:
    """Return the constant and the weights of *model*."""
    data: dict[str, Any] = load_rules("identify/name_model.yaml", SCHEMA)["models"][model]
    return float(data["constant"]), tuple((str(k), float(v)) for k, v in data["weights"].items())


def score(model: str, features: dict[str, float]) -> float:
    """Return how far *features* speak for one name, 0..1.

    Example:
        >>> round(1 / (1 + math.exp(-0.0)), 1)
        0.5
    """
    total, weighed = weights(model)
    for name, weight in weighed:
        total += weight * features[name]
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
