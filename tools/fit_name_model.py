"""Fit the weights of ``rules/identify/name_model.yaml`` by logistic regression.

Laws:
1. The same pairs give the same weights: no randomness, rounded to two places.
2. Pairs that are held out are never read for fitting; ``--held`` reads them to report only.
3. The file that results is read by people: a constant and named weights for each model.

Run where scikit-learn is installed: ``python tools/make_name_pairs.py --out FOLDER``, then
``python tools/fit_name_model.py FOLDER --write`` (fits) or ``... FOLDER --held`` (reports).
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from pathlib import Path

from witnessmark.stages.identify.names import DECISION, compare_names, evidence

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "src/witnessmark/rules/identify/name_model.yaml"
STRENGTH = 3.0
"""Inverse of the penalty on large weights; a sum of squares (our convention)."""

HEAD = """\
# How far each feature of two names speaks for their being one: a logistic sum per model.
#   constant   the sum where no feature speaks
#   weights    feature -> weight; features are 0..1, made in names_signs.py, names_alphabet.py,
#              names_company.py and names_place.py
# Made by tools/fit_name_model.py; change the pairs or the features, not the figures.
schema: witnessmark/name-model/1
version: "2026.11"
provenance: >-
  logistic regression on pairs made by tools/make_name_pairs.py: generated persons, firms,
  ships, sites and addresses; GeoNames names of places (KP, KR, CN); Korean firms' disclosed
  names; aliases of the UFLPA, CBP and UN lists. Three fifths of the pairs were fitted on, two
  fifths held out by a hash of the left name
code: D
models:
"""


def read(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Return the rows of every set."""
    sets: dict[str, list[dict[str, str]]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            sets[path.stem] = list(csv.DictReader(handle))
    return sets


def fit(sets: dict[str, list[dict[str, str]]]) -> str:
    """Return the model file as text."""
    from sklearn.linear_model import LogisticRegression

    rows: dict[str, list[tuple[dict[str, float], int, float]]] = defaultdict(list)
    for pairs in sets.values():
        kept = [p for p in pairs if p["held"] == "0"]
        for pair in kept:
            model, features, _ = evidence(pair["left"], pair["right"], pair["kind"])
            rows[model].append((features, int(pair["same"]), (1000 / len(kept)) ** 0.5))
    lines: list[str] = []
    for model, data in sorted(rows.items()):
        names = list(data[0][0])
        regression = LogisticRegression(C=STRENGTH, max_iter=5000)
        regression.fit(
            [[features[n] for n in names] for features, _, _ in data],
            [same for _, same, _ in data],
            sample_weight=[weight for _, _, weight in data],
        )
        lines += [f"  {model}:", f"    constant: {regression.intercept_[0]:.2f}", "    weights:"]
        lines += [f"      {n}: {w:.2f}" for n, w in zip(names, regression.coef_[0], strict=True)]
    return HEAD + "\n".join(lines) + "\n"


def report(sets: dict[str, list[dict[str, str]]], held: str, *, told: bool, show: int) -> None:
    """Print precision, recall and F1 of every set at 0.5."""
    total = [0, 0, 0]
    for name, pairs in sets.items():
        counts = [0, 0, 0]
        wrong: list[tuple[float, str, str]] = []
        for pair in pairs:
            if pair["held"] != held:
                continue
            compared = compare_names(pair["left"], pair["right"], pair["kind"] if told else None)
            said, same = compared.score >= DECISION, pair["same"] == "1"
            counts[0] += said and same
            counts[1] += said and not same
            counts[2] += same and not said
            if said != same:
                wrong.append((compared.score, pair["left"], pair["right"]))
        total = [a + b for a, b in zip(total, counts, strict=True)]
        print(f"{name:18} {line(counts)}")
        for score, left, right in wrong[:show]:
            print(f"      {score:.2f}  {left} ~ {right}")
    print(f"{'all':18} {line(total)}")


def line(counts: list[int]) -> str:
    """Return precision, recall and F1 of hits, false alarms and misses."""
    hit, false, missed = counts
    precision, recall = hit / (hit + false or 1), hit / (hit + missed or 1)
    both = 2 * hit / (2 * hit + false + missed or 1)
    return (
        f"precision {precision:.3f}  recall {recall:.3f}  F1 {both:.3f}  ({hit}, {false}, {missed})"
    )


def main() -> None:
    """Fit, or report."""
    parser = argparse.ArgumentParser(description="fit the name model")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--untold", action="store_true", help="do not tell the kind")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    sets = read(options.folder)
    if options.write:
        MODEL.write_text(fit(sets), encoding="utf-8")
    else:
        report(sets, "1" if options.held else "0", told=not options.untold, show=options.show)


if __name__ == "__main__":
    main()
