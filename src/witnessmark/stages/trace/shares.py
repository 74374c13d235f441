"""How much of a shipment can come from the seed: the rolling average, and its bounds.

Laws:
1. One order of arithmetic, on every engine: ``r = double(SUM m) / double(SUM q)``, then
   ``m = floor(double(q) * r + 0.5)``, in binary64, no fused multiply-add.
2. Sums are int64 grams, exact to 2**53; a larger one is refused before.
3. A row of unknown quantity counts in neither sum and carries nothing on.
4. The bounds know no tiers: ``U = min(q, SUM U)`` and ``L = max(0, q - SUM(q1 - L1))``
   are solved over everything that the seeds reach in the period. Goods only move forward
   in time, so each has one solution.

A share is never an all-clear: the laws say "wholly or in part". Where a company ships
more than its records bring in, the share (which takes unrecorded input to be mixed alike)
can lie above U (which takes it not to be the seed's).

Source: docs/trace-spec.md; ISO 22095-2 (rolling average percentage); Kosyfaki and
Mamoulis, arXiv 2110.05041 (proportional provenance, one label).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """The reached rows, and for each the reached rows that can have gone into it.

    Attributes:
        grams: net weight per reached row, -1 unknown.
        seed: whether it is a seed shipment.
        inbound: grams of all inbound rows in its window, reached or not.
        feeding: reached rows of known weight and consignee, by (consignee, heading, arrival).
        begin: first of ``feeding`` in a range.
        end: one past the last.
        first: first range of each reached row; its ranges stand together, at least one each.
    """

    grams: I64
    seed: NDArray[np.bool_]
    inbound: I64
    feeding: I64
    begin: I64
    end: I64
    first: I64

    def inbound_of(self, values: I64) -> I64:
        """Return the sum of *values* over the rows that feed each reached row."""
        if not len(self.first):
            return np.zeros(0, dtype=np.int64)
        running = np.concatenate(([0], np.cumsum(values[self.feeding])))
        sums: I64 = np.add.reduceat(running[self.end] - running[self.begin], self.first)
        return sums

    def from_seeds(self) -> I64:
        """Return the grams of the seed shipments, 0 elsewhere and where unknown."""
        return np.where(self.seed, np.maximum(self.grams, 0), 0)


def grams_by_layer(windows: Windows, layers: int) -> I64:
    """Return ``m`` of layer *layers* per reached row, -1 where the weight is unknown."""
    fixed = windows.from_seeds()
    weight = np.maximum(windows.grams, 0)
    grams = fixed
    for _ in range(1, layers):
        seeded = windows.inbound_of(grams)
        fed = ~windows.seed & (seeded > 0)
        ratio = seeded[fed].astype(np.float64) / windows.inbound[fed].astype(np.float64)
        grams = fixed.copy()
        grams[fed] = np.floor(weight[fed].astype(np.float64) * ratio + 0.5).astype(np.int64)
    return np.where(windows.grams < 0, -1, grams)


def upper_bound(windows: Windows) -> I64:
    """Return U per reached row: no more than it weighs, nor than all that came in."""
    weight = np.maximum(windows.grams, 0)
    return _settle(windows, lambda inbound: np.minimum(weight, inbound))


def lower_bound(windows: Windows) -> I64:
    """Return L per reached row: what the inbound of other origin cannot account for."""
    weight = np.maximum(windows.grams, 0)
    return _settle(windows, lambda inbound: np.maximum(0, weight - (windows.inbound - inbound)))


def _settle(windows: Windows, rule: Callable[[I64], I64]) -> I64:
    """Return the values that *rule* leaves unchanged; seeds keep their grams.

    One round settles one more hop of every chain, so the longest chain bounds the rounds.
    """
    fixed = windows.from_seeds()
    values = fixed
    while True:
        following = np.where(windows.seed, fixed, rule(windows.inbound_of(values)))
        if np.array_equal(following, values):
            return values
        values = following
