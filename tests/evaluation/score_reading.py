"""Score the reading of texts against labelled rows: a program, not a test.

    python tests/evaluation/score_reading.py FOLDER [--show] [--only PREFIX]

FOLDER holds either row files (``d01.txt`` with ``d01.json``: rows that must be found,
``expect_none``: predicates that must not) or gold passages (``seed.json`` with ``text``
and ``claims``). Rows are printed one by one; gold gives precision, recall and F1 of
sentence x predicate and sentence x indicator.

A row is found when a claim of its predicate (tier claim or candidate) overlaps the first
place of ``quote_contains`` (or one of ``alt_quote_contains``); ``need`` says whether all
or any of its expectations must be. A value is compared for hours, and for labels and
products where ``--values`` is given; an ``attribution`` is found when a claim with that
attribution overlaps the sentence.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from witnessmark.core.claim import Predicate
from witnessmark.core.span import Span
from witnessmark.stages.extract import read

if TYPE_CHECKING:
    from witnessmark.core.claim import Claim, Reading


NEW_PREDICATES = frozenset(
    {
        "selected_for",
        "retained_because",
        "released_because",
        "output_trend",
        "proceeds_to",
        "alternative_labour",
        "stated_preference",
    }
)
"""The predicates that the gold of 2026 does not label."""


def sentence_of(reading: Reading, span: Span) -> Span:
    """Return the sentence in which *span* begins, else the span itself."""
    return next((s for s in reading.sentences if s.overlaps(span)), span)


def same_value(claim: Claim, wanted: object) -> bool:
    """Return whether hours say the same number and comparator."""
    if not isinstance(wanted, dict) or not isinstance(claim.value, dict):
        return True
    keys = ("amount", "comparator", "high")
    return all(claim.value.get(key) == wanted.get(key) for key in keys)


def met(expect: dict[str, Any], reading: Reading, text: str, *, values: bool) -> bool:
    """Return whether one expectation of a row is met."""
    for words in [expect["quote_contains"], *expect.get("alt_quote_contains", [])]:
        at = text.find(words)
        if at < 0:
            continue
        span = Span(at, at + len(words))
        if expect["predicate"] == "attribution":
            sentence = sentence_of(reading, span)
            if any(
                c.attribution == expect["value"]
                and (c.span.overlaps(sentence) or sentence.contains(c.span))
                for c in reading.claims
            ):
                return True
            continue
        for claim in reading.claims:
            if claim.predicate != expect["predicate"] or not claim.span.overlaps(span):
                continue
            if not same_value(claim, expect.get("value")):
                continue
            if "attribution" in expect and claim.attribution != expect["attribution"]:
                continue
            wanted = expect.get("value")
            if values and isinstance(wanted, str) and claim.value != wanted:
                continue
            return True
    return False


def score_rows(path: Path, *, values: bool, show: bool) -> tuple[int, int, int]:
    """Print the rows of one file; return rows found, rows, false claims."""
    data = json.loads(path.read_text())
    text = path.with_suffix(".txt").read_text()
    reading = read(text, data.get("lang"))
    found = 0
    for row in data["rows"]:
        marks = [met(e, reading, text, values=values) for e in row["expect"]]
        hit = all(marks) if row["need"] == "all" else any(marks)
        found += hit
        missing = [
            f"{e['predicate']}: {e['quote_contains'][:70]!r}"
            for e, mark in zip(row["expect"], marks, strict=True)
            if not mark
        ]
        detail = "" if hit else f"   {'; '.join(missing)}"
        print(f"  {path.stem} row {row['row']:>2} {'found' if hit else 'MISSED'}{detail}")
    barred = set(data.get("expect_none", ()))
    false = [c for c in reading.claims if c.predicate in barred]
    for claim in false:
        print(f"  {path.stem} FALSE {claim.predicate} {claim.tier} {claim.rule}: {claim.quote!r}")
    if show:
        show_claims(reading)
    return found, len(data["rows"]), len(false)


def show_claims(reading: Reading) -> None:
    """Print every claim of a reading."""
    for c in reading.claims:
        print(
            f"    {c.predicate} {json.dumps(c.value, ensure_ascii=False)} | {c.subject} | "
            f"{c.attribution} {c.speaker!r} {c.modality} {c.tier} {c.rule} | {c.quote!r}"
        )


def pairs(claims: list[tuple[str, object, int, int]], sentences: list[Span]) -> set[Any]:
    """Return (sentence, predicate, indicator or empty) for every claim."""
    found = set()
    for predicate, value, start, end in claims:
        span = Span(start, max(end, start + 1))
        number = next((i for i, s in enumerate(sentences) if s.overlaps(span)), -1)
        found.add((number, predicate, value if predicate == "indicator" else ""))
    return found


def score_gold(path: Path, totals: dict[str, Counter[str]], *, show: bool) -> None:
    """Add one gold passage to the totals, per predicate and per indicator."""
    data = json.loads(path.read_text())
    reading = read(data["text"], data.get("lang"))
    spans = [Span(s["start"], s["end"]) for s in data["sentences"]]
    labelled = {c["predicate"] for c in data["claims"]} | OLD_PREDICATES
    gold = pairs(
        [(c["predicate"], c["value"], c["start"], c["end"]) for c in data["claims"]], spans
    )
    mine = pairs(
        [(c.predicate.value, c.value, c.start, c.end) for c in reading.claims if c.tier == "claim"],
        spans,
    )
    mine = {m for m in mine if m[1] in labelled}
    for name, keep in (("predicate", "predicate"), ("indicator", "indicator")):
        right = {m for m in mine if (m[1] == "indicator") == (keep == "indicator")}
        wanted = {g for g in gold if (g[1] == "indicator") == (keep == "indicator")}
        for number, predicate, value in sorted(right | wanted, key=str):
            label = f"{value or predicate}"
            verdict = (
                "hit"
                if (number, predicate, value) in right & wanted
                else "false"
                if (number, predicate, value) in right
                else "missed"
            )
            totals[f"{name}: all"][verdict] += 1
            totals[f"{name}: {label}"][verdict] += 1
            if show and verdict != "hit" and number >= 0:
                print(
                    f"  {path.stem} {verdict:6} {label}: {spans[number].of(data['text'])[:400]!r}"
                )


OLD_PREDICATES = frozenset(
    predicate.value for predicate in Predicate if predicate.value not in NEW_PREDICATES
)
"""The predicates that the gold of 2026 labels; the later ones are not counted there."""


def print_totals(totals: dict[str, Counter[str]]) -> None:
    """Print precision, recall and F1 per label."""
    for name in sorted(totals, key=lambda n: (not n.endswith(": all"), n)):
        tally = totals[name]
        hit, false, missed = tally["hit"], tally["false"], tally["missed"]
        precision = hit / (hit + false) if hit + false else 0.0
        recall = hit / (hit + missed) if hit + missed else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        print(
            f"{name:45} P {precision:.2f} R {recall:.2f} F1 {f1:.2f}  "
            f"({hit} hit, {false} false, {missed} missed)"
        )


def main() -> int:
    """Score every file of a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="print every claim or miss")
    parser.add_argument("--values", action="store_true", help="compare labels and products too")
    parser.add_argument("--only", default="", help="only files whose name begins so")
    given = parser.parse_args()
    found = rows = false = 0
    totals: dict[str, Counter[str]] = {}
    for path in sorted(given.folder.glob(f"{given.only}*.json")):
        data = json.loads(path.read_text())
        if "rows" in data:
            counts = score_rows(path, values=given.values, show=given.show)
            print(f"{path.stem}: {counts[0]} of {counts[1]} rows, {counts[2]} false claims")
            found, rows, false = found + counts[0], rows + counts[1], false + counts[2]
        elif "claims" in data:
            for name in ("predicate: all", "indicator: all"):
                totals.setdefault(name, Counter())
            totals = _Tallies(totals)
            score_gold(path, totals, show=given.show)
    if rows or false:
        print(f"ALL: {found} of {rows} rows, {false} false claims")
    print_totals(totals)
    return 0


class _Tallies(dict[str, Counter[str]]):
    """A tally for every label that is asked for."""

    def __missing__(self, key: str) -> Counter[str]:
        self[key] = Counter()
        return self[key]


if __name__ == "__main__":
    sys.exit(main())
