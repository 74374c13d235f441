"""The demo from end to end: it ends in a dossier, offline, the same bytes twice, and says what
in it is a paraphrase and what is invented."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from witnessmark.core.provenance import INTERNAL_HANDLING, INVENTED, PARAPHRASE

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST_CASE = ROOT / "src/witnessmark/examples/first_case"
PROGRAM = Path(sys.executable).with_name("witnessmark")


class Demo(NamedTuple):
    """One run of the demo."""

    lines: list[str]
    seconds: float
    out: Path
    page: str


def _cut_off() -> list[str]:
    """Return how to run a program without any network, where this machine allows it."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-n", "true"], check=False).returncode:
        return []
    return [unshare, "-n"]


def _run(
    *arguments: str, cwd: Path, before: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, PROGRAM, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def run_demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Demo]:
    """Run the demo with the network cut, in a new folder."""

    def run() -> Demo:
        folder = tmp_path_factory.mktemp("demo")
        start = time.monotonic()
        done = _run(
            "demo", "--no-open", "--as-of", "2026-11-25", "--out", "d",
            cwd=folder, before=tuple(_cut_off()),
        )  # fmt: skip
        seconds = time.monotonic() - start
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == ""
        lines = done.stdout.splitlines()
        return Demo(lines, seconds, folder, (folder / lines[-1]).read_text(encoding="utf-8"))

    return run


@pytest.fixture(scope="module")
def demo(run_demo: Callable[[], Demo]) -> Demo:
    """Run the demo once for the tests of this file."""
    return run_demo()


@pytest.fixture(scope="module")
def embedded(demo: Demo) -> dict[str, Any]:
    """What the dossier carries for programs."""
    found = re.search(
        r'<script type="application/json" id="witnessmark">(.*?)</script>', demo.page, re.DOTALL
    )
    assert found is not None
    content: dict[str, Any] = json.loads(found[1])
    return content


def test_the_demo_ends_by_naming_its_dossier_in_under_a_minute(demo: Demo) -> None:
    """The last line of standard output is the path of one HTML file."""
    assert demo.lines[-1].endswith(".html")
    assert demo.seconds < 60
    assert "0 reviewed by a person" in " ".join(demo.lines)


def test_two_runs_give_the_same_bytes(demo: Demo, run_demo: Callable[[], Demo]) -> None:
    """Same sources, rules and day: the same dossier, whatever the clock says."""
    again = run_demo()
    assert again.out != demo.out
    assert again.page == demo.page


def test_the_dossier_says_what_is_paraphrase_and_what_is_invented(demo: Demo) -> None:
    """Each mark stands in the text a reader sees, and so does the handling line."""
    visible = re.sub(r"<script.*?</script>|<style.*?</style>", "", demo.page, flags=re.DOTALL)
    visible = visible.replace("&#39;", "'")
    for mark in (PARAPHRASE, INVENTED, INTERNAL_HANDLING):
        assert mark in visible, mark


def test_every_quote_of_the_dossier_stands_in_the_file_it_names(embedded: dict[str, Any]) -> None:
    """Character for character: quote == text[start:end], for every claim."""
    names = {source["id"]: source["name"] for source in embedded["sources"]}
    assert len(embedded["claims"]) > 40
    for claim in embedded["claims"]:
        text = (FIRST_CASE / names[claim["source"]]).read_bytes().decode("utf-8")
        assert claim["quote"] == text[claim["start"] : claim["end"]]
        assert claim["status"] == "proposed"


def test_every_fact_names_claims_that_the_dossier_carries(
    demo: Demo, embedded: dict[str, Any]
) -> None:
    """No factual sentence rests on nothing."""
    held = {claim["id"] for claim in embedded["claims"]}
    facts = re.findall(r'class="fact"[^>]*data-claims="([^"]*)"', demo.page)
    assert len(facts) > 20
    for fact in facts:
        assert fact.split()
        assert set(fact.split()) <= held


def test_the_dossier_asks_for_nothing_outside_itself(demo: Demo) -> None:
    """One file: no script, style, font or picture from elsewhere."""
    assert (
        re.findall(
            r"""<(?:script|img|iframe|source|object|embed)\b[^>]*\b(?:src|data)=["'](?!data:)""",
            demo.page,
        )
        == []
    )
    assert re.findall(r"<link\b[^>]*>", demo.page) == []
    assert re.findall(r"""(?:@import|url\()\s*["']?(?:https?:)?//""", demo.page) == []


def test_the_photographed_facility_is_joined_with_no_county(embedded: dict[str, Any]) -> None:
    """It lies in North Korea and nothing narrower, in every claim of the case."""
    of_photograph = [
        claim for claim in embedded["claims"] if claim["subject"] == "photographed facility"
    ]
    assert of_photograph
    for claim in of_photograph:
        text = json.dumps(claim, ensure_ascii=False)
        for county in ("Yonchon", "Ryongchon", "Yomju", "룡천", "염주", "Pyongan", "평안"):
            assert county not in text


@pytest.mark.parametrize("kind", ["csv", "geojson"])
def test_an_export_carries_its_handling_and_its_standing(demo: Demo, kind: str) -> None:
    """A table or a map that leaves the case still says what it is."""
    target = demo.out / f"export.{kind}"
    done = _run("export", "d/case", "--format", kind, "--out", str(target), cwd=demo.out)
    assert done.returncode == 0, done.stderr
    text = target.read_text(encoding="utf-8")
    assert INTERNAL_HANDLING in text
    assert PARAPHRASE in text


@pytest.mark.parametrize("audience", ["partner", "filing", "public"])
def test_no_other_audience_gets_anything(demo: Demo, audience: str) -> None:
    """Refused with exit 2, and nothing is written."""
    target = demo.out / f"for-{audience}.csv"
    done = _run(
        "export", "d/case", "--format", "csv", "--audience", audience, "--out", str(target),
        cwd=demo.out,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith(f'error: audience "{audience}"')
    assert not target.exists()


def test_the_case_of_the_demo_verifies(demo: Demo) -> None:
    """What the demo leaves behind is a sound case."""
    done = _run("verify", "d/case", cwd=demo.out)
    assert done.returncode == 0, done.stdout + done.stderr
