"""The single stages, one after the other, come to what ``investigate`` comes to."""

from __future__ import annotations

from pathlib import Path

from dossiers import AS_OF, Dossier

from witnessmark.core.errors import InputError
from witnessmark.doors.cli.app import run
from witnessmark.store.case import open_case
from witnessmark.store.tables import ROUTES, TRACE_RUNS

FIRST_CASE = Path(__file__).resolve().parents[2] / "src/witnessmark/examples/first_case"


def test_stage_by_stage_is_the_whole_flow(seed: Dossier, seed_text: str, tmp_path: Path) -> None:
    """capture, extract … write give the same dossier, byte for byte."""
    (tmp_path / "report.txt").write_text(seed_text, encoding="utf-8")
    case, out = str(tmp_path / "case"), str(tmp_path / "out")
    assert run(["capture", str(tmp_path / "report.txt"), "--case", case, "--plain"]) == 0
    for stage in ("extract", "identify", "measure", "trace"):
        assert run([stage, "--case", case]) == 0
    assert run(["weigh", "--case", case, "--as-of", AS_OF]) == 0
    assert run(["write", "--case", case, "--out", out, "--as-of", AS_OF]) == 0
    assert (tmp_path / "out/dossier.html").read_text(encoding="utf-8") == seed.html


def test_trace_follows_the_goods_of_a_case(seed_text: str, tmp_path: Path) -> None:
    """``trace FILE --case`` writes the routes into the case; a call without a place is refused."""
    (tmp_path / "report.txt").write_text(seed_text, encoding="utf-8")
    case = tmp_path / "case"
    shipments = str(FIRST_CASE / "shipments.csv")
    assert run(["capture", str(tmp_path / "report.txt"), "--case", str(case), "--plain"]) == 0
    assert run(["trace", shipments, "--case", str(case), "--seed", "Example Trading A"]) == 0
    held = open_case(case, None)
    assert held.casebook.rows(ROUTES)
    assert [row.seeds for row in held.casebook.rows(TRACE_RUNS)] == [("Example Trading A",)]
    assert held.casebook.rows(TRACE_RUNS)[0].standing == "invented"
    held.close()
    assert run(["trace", shipments]) == InputError.exit_code
