"""The same pairs by logic-v2 of nomenklatura, in an environment of its own.

Run by ``compare.py --peer PYTHON``; needs ``pip install nomenklatura`` there, nothing of ours.
"""

from __future__ import annotations

import csv
import random
import sys
import time
from collections import defaultdict
from pathlib import Path

from followthemoney import model
from nomenklatura.matching import get_algorithm

SCHEMATA = {"person": "Person", "company": "Company", "place": "LegalEntity", "site": "LegalEntity"}
MOST = 3000
DECISION = 0.5


def main() -> None:
    """Print speed and F1 of the peer on a sample of the held-out pairs."""
    rows = []
    for path in sorted(Path(sys.argv[1]).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            rows += [(path.stem, r) for r in csv.DictReader(handle) if r["held"] == "1"]
    random.Random(1).shuffle(rows)
    rows = rows[:MOST]
    algorithm = get_algorithm("logic-v2")
    config = algorithm.default_config()
    entities = []
    for number, (_, row) in enumerate(rows):
        both = []
        for side in ("left", "right"):
            entity = model.make_entity(SCHEMATA[row["kind"]])
            entity.id = f"{side}-{number}"
            entity.add("name", row[side])
            both.append(entity)
        entities.append(both)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    start = time.process_time()
    for (name, row), (left, right) in zip(rows, entities, strict=True):
        said, same = algorithm.compare(left, right, config).score >= DECISION, row["same"] == "1"
        for key in (name, "all"):
            counts[key][0] += said and same
            counts[key][1] += said and not same
            counts[key][2] += same and not said
    speed = len(rows) / (time.process_time() - start)
    print(f"peer, logic-v2            {speed:,.0f} comparisons/s on {len(rows)} pairs met first")
    for key, (hit, false, missed) in sorted(counts.items()):
        print(f"  {key:20} F1 {2 * hit / (2 * hit + false + missed or 1):.3f}")


if __name__ == "__main__":
    main()
