"""How many comparisons of names a second one core makes, and how right they are.

Three figures, by the processor's time: each name met for the first time; the same names met
again in other pairs, as when a list is screened; the same pairs again. No score of a pair is
kept, but the likeness of two words is, and what a name consists of.
Run: ``python bench/names/compare.py FOLDER [--peer PYTHON]``; FOLDER is made by
``tools/make_name_pairs.py``, PYTHON is an interpreter with nomenklatura (``peer.py``).
"""

from __future__ import annotations

import argparse
import csv
import random
import subprocess
import time
from pathlib import Path

from witnessmark import compare_names

ROUNDS = 3


def read(folder: Path) -> list[tuple[str, str, str, bool]]:
    """Return the held-out pairs of every set, shuffled by a fixed seed."""
    pairs: list[tuple[str, str, str, bool]] = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            pairs += [
                (row["left"], row["right"], row["kind"], row["same"] == "1")
                for row in csv.DictReader(handle)
                if row["held"] == "1"
            ]
    random.Random(1).shuffle(pairs)
    return pairs


def timed(pairs: list[tuple[str, str, str, bool]]) -> float:
    """Return comparisons per second."""
    start = time.process_time()
    for left, right, kind, _ in pairs:
        compare_names(left, right, kind)
    return len(pairs) / (time.process_time() - start)


def main() -> None:
    """Print the figures, a line each."""
    parser = argparse.ArgumentParser(description="speed of compare_names")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peer", type=Path, help="interpreter with nomenklatura")
    options = parser.parse_args()
    pairs = read(options.folder)
    compare_names("one", "two")
    print(f"pairs                     {len(pairs)}")
    print(f"names met first           {timed(pairs):,.0f} comparisons/s")
    crossed = [
        (pair[0], other[1], pair[2], False)
        for pair, other in zip(pairs, pairs[1:] + pairs[:1], strict=True)
        if pair[2] == other[2]
    ]
    print(f"other pairs of the same   {timed(crossed):,.0f} comparisons/s")
    print(
        f"the same pairs            {max(timed(pairs) for _ in range(ROUNDS)):,.0f} comparisons/s"
    )
    if options.peer:
        here = Path(__file__).resolve().parent / "peer.py"
        subprocess.run([options.peer, here, options.folder], check=True)


if __name__ == "__main__":
    main()
