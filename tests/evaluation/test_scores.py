"""The reading of the frozen test split may not get worse.

``bench/read/scores.json`` holds what was reached (``make bench-read``, ``--json``). A change
that lowers a score by more than the tolerance fails here and has to say why.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOLERANCE = 0.02
GATED = ("indicator", "hours", "worker counts", "attribution", "modality")


@pytest.mark.timeout(300)
def test_the_scores_of_the_frozen_split_do_not_fall(tmp_path: Path) -> None:
    """No gated score of a language is lower than the one that was recorded."""
    kept = tmp_path / "scores.json"
    program = [sys.executable, "bench/read/score.py", "--brief", "--json", str(kept)]
    subprocess.run(program, cwd=ROOT, check=True, capture_output=True)
    now = json.loads(kept.read_text("utf-8"))
    before = json.loads((ROOT / "bench" / "read" / "scores.json").read_text("utf-8"))
    fallen = [
        f"{lang} {name}: {now[lang].get(name, 0):.3f}, was {scores[name]:.3f}"
        for lang, scores in before.items()
        for name in GATED
        if name in scores and now[lang].get(name, 0) < scores[name] - TOLERANCE
    ]
    assert not fallen
    assert set(before) == {"en", "ko", "zh"}


def test_the_corpus_holds() -> None:
    """Labels are known, quotes exact, no frame repeated, the test split is the frozen one."""
    program = [sys.executable, "tools/check_corpus.py"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "test: " in done.stdout
