"""Speed, loading and memory of the reading stage beside spaCy's small English pipeline.

Laws:
1. Ours and the peer are processes of their own, on one core each, and take turns on the same
   texts, A B B A …: a machine that is busy for a moment is busy for both. What is told is the
   median of the turns, and the ratio of the medians.
2. Processor time is told, not the clock's. Loading is from the start of the program to the
   end of a first short text; the first turn (nothing yet compiled) is told by itself.
3. The peer's weights are another's mirror, pinned by hash in ``bench/peers/spacy``; they are
   here to be timed and for nothing else. The peer parses and names entities; it reads no
   claims. Two readers that do different work are compared by their time alone.

    .venv/bin/python bench/read/compare.py [--turns 5] [--texts FOLDER] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from check_corpus import all_passages  # noqa: E402 - a script of tools/

PEER = ROOT / ".tools" / "peers" / "spacy" / "bin" / "python"
FIRST = ["A source said that people held in the camp make wigs for 14 hours a day."]
ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(slots=True)
class Reader:
    """A program that reads texts and says how long it took.

    Attributes:
        name: what it is called in the table.
        program: the process.
        load: seconds from its start to the end of a first short text.
        seconds: seconds of every turn.
        peak: largest memory so far, in MiB.
    """

    name: str
    program: subprocess.Popen[str]
    load: float = 0.0
    peak: float = 0.0
    seconds: list[float] = field(default_factory=list[float])

    def asked(self, texts: list[str]) -> float:
        """Return the seconds that it took to read *texts*."""
        if self.program.stdin is None or self.program.stdout is None:
            raise RuntimeError
        self.program.stdin.write(json.dumps(texts) + "\n")
        self.program.stdin.flush()
        answer = json.loads(self.program.stdout.readline())
        self.peak = float(answer["peak"])
        return float(answer["seconds"])


def started(name: str, python: Path, script: Path) -> Reader:
    """Return the reader *name*, loaded."""
    program = subprocess.Popen(
        [str(python), str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **ONE_CORE},
    )
    reader = Reader(name, program)
    reader.load = reader.asked(FIRST)
    return reader


def texts_of(folder: Path | None) -> list[str]:
    """Return the English passages below *folder* (``.txt``, or ``.json`` with a text).

    Without a folder: those of our own test split, which are timed and not looked at.
    """
    if folder is None:
        return [passage.text for passage in all_passages("test") if passage.lang == "en"]
    found = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("**/*.txt"))]
    for path in sorted(folder.glob("**/*.json")):
        about = json.loads(path.read_bytes())
        if isinstance(about, dict) and about.get("lang", "en") == "en" and "text" in about:
            found.append(str(about["text"]))
    return found


def main() -> int:
    """Print the table; return 2 where the peer is not set up."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if not PEER.exists():
        print("error: the peer is not set up: run make bench-read", file=sys.stderr)
        return 2
    texts = texts_of(asked.texts)
    signs = sum(map(len, texts))
    ours = started("witnessmark", Path(sys.executable), ROOT / "bench" / "read" / "ours.py")
    peer = started("spaCy small", PEER, ROOT / "bench" / "peers" / "spacy" / "read.py")
    for turn in range(asked.turns + 1):
        for reader in (ours, peer) if turn % 2 else (peer, ours):
            reader.seconds.append(reader.asked(texts))
    table: dict[str, dict[str, float]] = {}
    print(
        f"{len(texts)} texts, {signs} code points, {asked.turns} turns, load {os.getloadavg()[0]}"
    )
    print(f"{'':14}{'signs/s':>10}{'first turn':>12}{'load s':>8}{'peak MiB':>10}")
    for reader in (ours, peer):
        speed = signs / statistics.median(reader.seconds[1:])
        first = signs / reader.seconds[0]
        table[reader.name] = {
            "signs_per_second": round(speed),
            "first_turn": round(first),
            "load_seconds": round(reader.load, 2),
            "peak_mib": round(reader.peak),
        }
        print(f"{reader.name:14}{speed:10.0f}{first:12.0f}{reader.load:8.2f}{reader.peak:10.0f}")
        if reader.program.stdin is not None:
            reader.program.stdin.close()
        reader.program.wait()
    ratio = statistics.median(peer.seconds[1:]) / statistics.median(ours.seconds[1:])
    print(f"ratio          {ratio:10.2f} (the bar is 3)")
    if asked.json is not None:
        asked.json.write_text(json.dumps(table | {"ratio": {"value": round(ratio, 2)}}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
