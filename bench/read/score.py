"""How well the reading stage reads: scores on labelled text that it was not made from.

Laws:
1. The frozen test split (``corpus/test``) is scored and never shown: no line of it is
   printed. ``--errors`` works on the training text alone.
2. A score comes with its interval: 95 % of 1,000 bootstrap samples of whole passages.
3. A claim is matched by sentence and label; how its value, voice and stance agree is
   counted over the matched claims.

    .venv/bin/python bench/read/score.py [--split test|train] [--lang en] [--author t2]
        [--corpus FOLDER of JSON passages] [--errors LABEL] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from check_corpus import NUMBER, Passage, all_passages

from witnessmark.core.claim import Claim, Tier
from witnessmark.stages.extract import read

if TYPE_CHECKING:
    from collections.abc import Iterable

SAMPLES = 1000
Cell = tuple[int, str]


@dataclass
class Gold:
    """A labelled passage in one form, whatever file it came from."""

    id: str
    lang: str
    genre: str
    author: str
    text: str
    sentences: list[tuple[int, int]]
    claims: list[dict[str, Any]]
    mentions: set[tuple[int, int, str]]


@dataclass
class Tally:
    """What was counted in one passage: right, false and missed, by measure."""

    genre: str
    lang: str
    counts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))

    def add(self, name: str, found: Iterable[Any], gold: Iterable[Any]) -> None:
        """Count *found* against *gold*."""
        mine, theirs = Counter(found), Counter(gold)
        right = sum((mine & theirs).values())
        for place, number in enumerate((right, mine.total() - right, theirs.total() - right)):
            self.counts[name][place] += number


def own(split: str) -> list[Gold]:
    """Return the passages of the repository's own corpus."""
    return [_own(passage) for passage in all_passages(split)]


def _own(passage: Passage) -> Gold:
    text, at = passage.text, 0
    sentences: list[tuple[int, int]] = []
    claims: list[dict[str, Any]] = []
    for sentence in passage.sentences:
        at = text.index(sentence.text, at)
        sentences.append((at, at + len(sentence.text)))
        for label in sentence.labels:
            start = at + sentence.text.index(label.quote)
            claims.append(
                {
                    "predicate": label.predicate,
                    "value": _value(label.predicate, label.value),
                    "start": start,
                    "end": start + len(label.quote),
                    "attribution": label.attribution,
                    "modality": label.modality,
                }
            )
        at += len(sentence.text)
    return Gold(
        passage.id,
        passage.lang,
        passage.genre,
        passage.author,
        text,
        sentences,
        claims,
        _occurrences(passage, text),
    )


def _value(predicate: str, value: str) -> Any:  # noqa: ANN401 - a label or a number
    found = NUMBER.fullmatch(value) if predicate in {"hours_per_day", "workers_count"} else None
    if found is None:
        return value
    return {
        "amount": float(found[1]),
        "high": float(found[2]) if found[2] else None,
        "comparator": "range" if found[2] else found[4] or "=",
    }


def _occurrences(passage: Passage, text: str) -> set[tuple[int, int, str]]:
    taken = [False] * (len(text) + 1)
    found: set[tuple[int, int, str]] = set()
    for kind, words, _ in sorted(passage.mentions, key=lambda m: (-len(m[1]), m)):
        at = text.find(words)
        while at >= 0:
            end = at + len(words)
            whole = passage.lang != "en" or not (
                (at and text[at - 1].isalnum()) or (end < len(text) and text[end].isalnum())
            )
            if whole and not any(taken[at:end]):
                taken[at:end] = [True] * len(words)
                found.add((at, end, kind))
            at = text.find(words, at + 1)
    return found


def foreign(folder: Path) -> list[Gold]:
    """Return the JSON passages of *folder* (``text``, ``sentences``, ``claims``, ``mentions``)."""
    found: list[Gold] = []
    for path in sorted(folder.glob("*.json")):
        row = json.loads(path.read_text("utf-8"))
        found.append(
            Gold(
                row["id"],
                row.get("lang", "en"),
                row.get("bucket", "-"),
                row.get("provenance", "-"),
                row["text"],
                [(s["start"], s["end"]) for s in row["sentences"]],
                row["claims"],
                {(m["start"], m["end"], m["type"]) for m in row["mentions"]},
            )
        )
    return found


def tallied(gold: Gold, errors: str = "") -> Tally:
    """Return what the reading of *gold* gets right and wrong."""
    reading = read(gold.text, gold.lang)
    starts = [start for start, _ in gold.sentences]
    tally = Tally(gold.genre, gold.lang)

    def sentence(start: int) -> int:
        return bisect_right(starts, start) - 1

    sure = [claim for claim in reading.claims if claim.tier is Tier.CLAIM]
    found = {(sentence(c.start), str(c.value)) for c in sure if c.predicate == "indicator"}
    theirs = {
        (sentence(c["start"]), str(c["value"]))
        for c in gold.claims
        if c["predicate"] == "indicator"
    }
    tally.add("indicator", found, theirs)
    for label in {label for _, label in found | theirs}:
        tally.add(
            f"  {label}",
            *([cell for cell in cells if cell[1] == label] for cells in (found, theirs)),
        )
    if errors:
        _show(gold, errors, found, theirs)
    if not theirs:
        tally.counts["false indicators where nothing is stated"][1] += len(found)
    others = {(sentence(c.start), str(c.predicate)) for c in reading.claims}
    stated = {(sentence(c["start"]), c["predicate"]) for c in gold.claims}
    for predicate in sorted({what for _, what in others | stated} - {"indicator"}):
        tally.add(
            f" {predicate}",
            *([cell for cell in cells if cell[1] == predicate] for cells in (others, stated)),
        )
    for name, predicate in (("hours", "hours_per_day"), ("worker counts", "workers_count")):
        tally.add(
            name,
            {
                (sentence(c.start), _amount(c.value))
                for c in reading.claims
                if c.predicate == predicate
            },
            {
                (sentence(c["start"]), _amount(c["value"]))
                for c in gold.claims
                if c["predicate"] == predicate
            },
        )
    mine = {(m.start, m.end, str(m.type)) for m in reading.mentions}
    for kind in ("PLACE", "COUNTRY", "SITE", "PRODUCT", "ORG"):
        tally.add(kind, *([m for m in ms if m[2] == kind] for ms in (mine, gold.mentions)))
    _stances(tally, gold, reading.claims, sentence)
    return tally


def _amount(value: Any) -> Any:  # noqa: ANN401 - a number dict
    amount = value["amount"] if isinstance(value, dict) else value
    return float(amount) if isinstance(amount, int | float) else str(amount)


def _stances(tally: Tally, gold: Gold, claims: tuple[Claim, ...], sentence: Any) -> None:  # noqa: ANN401
    by_cell: dict[Any, list[Claim]] = defaultdict(list)
    for claim in claims:
        what = claim.value if claim.predicate == "indicator" else claim.predicate
        by_cell[sentence(claim.start), str(what)].append(claim)
    for row in gold.claims:
        what = row["value"] if row["predicate"] == "indicator" else row["predicate"]
        near = by_cell.get((sentence(row["start"]), str(what)))
        if not near:
            continue
        claim = min(near, key=lambda c: abs(c.start - row["start"]) + abs(c.end - row["end"]))
        for name in ("attribution", "modality"):
            right = str(getattr(claim, name)) == row[name]
            tally.counts[name][0 if right else 1] += 1
        if row["modality"] == "denied" and claim.modality != "denied":
            tally.counts["denials read as fact"][1] += 1


def _show(gold: Gold, label: str, found: set[Cell], theirs: set[Cell]) -> None:
    for sort, cells in (("MISSED", theirs - found), ("FALSE", found - theirs)):
        for place, what in sorted(cells):
            if label in {what, "all"}:
                start, end = gold.sentences[place]
                print(f"{sort} {gold.id} {what}: {gold.text[start:end]}")


def f1(right: int, false: int, missed: int) -> float:
    """Return F1."""
    return 2 * right / max(1, 2 * right + false + missed)


def interval(tallies: list[Tally], name: str) -> tuple[float, float]:
    """Return the 95 % interval of F1 over samples of passages."""
    chance = random.Random(1)
    values: list[float] = []
    for _ in range(SAMPLES):
        drawn = [tallies[chance.randrange(len(tallies))].counts[name] for _ in tallies]
        values.append(f1(*(sum(column) for column in zip(*drawn, strict=True))))
    values.sort()
    return values[SAMPLES // 40], values[-SAMPLES // 40]


def report(title: str, tallies: list[Tally]) -> dict[str, Any]:
    """Print the scores of *tallies* and return them."""
    names = sorted({name for tally in tallies for name in tally.counts}, key=str.strip)
    total = {
        name: [sum(column) for column in zip(*(t.counts[name] for t in tallies), strict=True)]
        for name in names
    }
    print(f"\n{title}: {len(tallies)} passages")
    kept: dict[str, Any] = {}
    for name in names:
        right, false, missed = total[name]
        line = f"  {name:<44} right {right:>4} false {false:>4} missed {missed:>4}"
        if name in {"attribution", "modality"}:
            kept[name] = right / max(1, right + false)
            line += f"  share {kept[name]:.3f}"
        elif right + missed:
            kept[name.strip()] = f1(right, false, missed)
            line += f"  F1 {kept[name.strip()]:.3f}"
            if not name.startswith(" "):
                low, high = interval(tallies, name)
                line += f"  [{low:.3f}, {high:.3f}]"
        print(line)
    return kept


def main() -> int:
    """Score and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--split", choices=("test", "train"), default="test")
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--lang", default="")
    parser.add_argument("--author", default="")
    parser.add_argument("--errors", default="", help="a label, or all; training text only")
    parser.add_argument("--brief", action="store_true", help="the main scores alone")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    if given.errors and given.split == "test" and not given.corpus:
        parser.error("the test split is never shown: --split train")
    every = foreign(given.corpus) if given.corpus else own(given.split)
    every = [g for g in every if given.author in {"", g.author} and given.lang in {"", g.lang}]
    tallies = [tallied(gold, given.errors) for gold in every]
    if given.brief:
        for tally in tallies:
            for name in [n for n in tally.counts if n.startswith(" ")]:
                del tally.counts[name]
    kept = {
        lang: report(lang, mine)
        for lang in ("en", "ko", "zh")
        if (mine := [tally for tally in tallies if tally.lang == lang])
    }
    if given.json:
        given.json.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
