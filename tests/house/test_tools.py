"""The project's own tools: they fail clearly, and lose nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent.parent


def test_bootstrap_names_the_remedy_where_python_is_too_old(tmp_path: Path) -> None:
    """Without Python 3.11 make says so, touches nothing and leaves with 2."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not here")
    (tmp_path / "bin").mkdir()
    for name in ("dirname", "cmp", "env"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or "")
    old = tmp_path / "bin/python3"
    old.write_text(f"#!{bash}\nexit 1\n")
    old.chmod(0o755)
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools/bootstrap", tmp_path / "tools/bootstrap")
    done = subprocess.run(
        [bash, tmp_path / "tools/bootstrap"],
        env={"PATH": str(tmp_path / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: Python 3.11 or newer was not found (PATH): install it")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", "tools"]


def test_every_target_of_make_is_explained() -> None:
    """``make help`` lists what a person may call."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.findall(r"^\.PHONY: (\S+)$", text, re.MULTILINE))
    explained = set(re.findall(r"^([a-z-]+):[^#\n]*## \S", text, re.MULTILINE))
    assert phony - explained == {"absent"}
    assert {"setup", "demo", "test", "wheel-demo", "docs", "rooms", "clean", "help"} <= explained


def test_ci_runs_what_a_person_runs() -> None:
    """CI has no checks of its own: it calls make, and the tests come last."""
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    called = [line for line in lines if line.startswith("make ")]
    assert called == ["make wheel-demo", "make engines", "make test"]
    assert lines[-1] == "make test"
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_every_changelog_fragment_has_a_known_kind(tool: Callable[[str], ModuleType]) -> None:
    """A fragment that would be lost at a release fails now."""
    collect = tool("collect_changelog")
    kinds = [kind for kind, _ in collect.fragments(ROOT / "changelog.d")]
    assert set(kinds) <= set(collect.KINDS)


@pytest.mark.parametrize("name", ["note.txt", "demo.invented.md", "demo.md"])
def test_a_misnamed_fragment_is_refused(
    tool: Callable[[str], ModuleType], tmp_path: Path, name: str
) -> None:
    """A wrong name is an error, never a change that nobody reads of."""
    (tmp_path / name).write_text("something\n")
    with pytest.raises(ValueError, match=re.escape(name)):
        tool("collect_changelog").fragments(tmp_path)
    assert (tmp_path / name).read_text() == "something\n"


def test_the_changelog_section_keeps_every_entry(tool: Callable[[str], ModuleType]) -> None:
    """Each fragment becomes one line under its kind, in the order of kinds."""
    entries = [("security", "One\nthing."), ("added", "Two."), ("added", "Three.")]
    text = tool("collect_changelog").section("1.0.0", "2026-11-25", entries)
    assert text == (
        "\n## 1.0.0 · 2026-11-25\n\n### Added\n\n- Two.\n- Three.\n\n### Security\n\n- One thing.\n"
    )


def test_the_example_runs_as_the_readme_says() -> None:
    """The example in Python works, and each quote it prints is in its text."""
    done = subprocess.run(
        [sys.executable, ROOT / "examples/read_a_text.py"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    assert "hours_per_day: {'amount': 12" in done.stdout
    assert "detention_reason" in done.stdout
    assert "“" in done.stdout


def test_spoiled_files_are_read_or_refused_by_name(
    tool: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    """Attack: 150 spoiled files over every parser, and on from there. The short form of
    ``make fuzz``: no fault, both outcomes, and a second run does not begin anew."""
    fuzz = tool("fuzz_readers")
    first = fuzz.campaign(tmp_path, seed=5, rounds=150)
    assert first.faults == []
    assert sum(done.read for done in first.done.values()) >= 10
    assert sum(done.refused for done in first.done.values()) >= 10
    assert min(done.files for done in first.done.values()) >= 1, "every parser had its turn"
    second = fuzz.campaign(tmp_path, seed=5, rounds=10)
    assert sum(done.files for done in second.done.values()) == 160
    assert {path.name for path in tmp_path.iterdir()} == {"seed-5.json"}
    assert "a.pdf" in fuzz.table(second.done)


def test_a_file_that_takes_the_fuzzer_down_is_named_by_the_next_run(
    tool: Callable[[str], ModuleType], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Attack: the whole program is gone. The next run keeps the file and says which it was."""
    (tmp_path / "seed-1.now").write_text("recovery_sheet 3")
    run = tool("fuzz_readers").campaign(tmp_path, rounds=1, only="recovery sheet")
    assert "file 3 of seed 1: took the whole program down" in run.faults[0]
    assert run.faults[0] in capsys.readouterr().err
    assert (tmp_path / "fault-1-3-recovery-sheet").read_bytes() == run.file("recovery sheet", 3)
    assert run.done["recovery sheet"].files == 5


def test_a_spoiled_file_is_the_same_for_the_same_seed(
    tool: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    """A file that broke something can be made again."""
    fuzz = tool("fuzz_readers")
    one, same, other = (
        fuzz.campaign(tmp_path / name, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert one.file("a.html", 7) == same.file("a.html", 7)
    assert len({run.file("a.html", number) for run in (one, other) for number in (7, 8)}) == 4


def test_a_killed_capture_comes_out_the_same(
    tool: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    """The short form of ``make kill``: a campaign says what it saw, and leaves no fault."""
    said = tool("kill_captures").campaign(2, 6, 1, tmp_path)
    assert said.startswith("2 kills at random moments (seed 1)")


@pytest.mark.wheel
def test_the_wheel_holds_the_data_and_nothing_of_the_workshop() -> None:
    """Rules, demo files and the type marker ship; tests, tools and docs stay at home."""
    wheels = sorted((ROOT / "dist").glob("witnessmark-*.whl"))
    newest = max(path.stat().st_mtime for path in (ROOT / "src").rglob("*") if path.is_file())
    if not wheels or wheels[-1].stat().st_mtime < newest:
        pytest.skip("dist/ holds no wheel of this tree: make wheel builds it")
    with zipfile.ZipFile(wheels[-1]) as wheel:
        names = set(wheel.namelist())
    source = ROOT / "src"
    kept = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if ".dist-info/" not in name} == kept
    assert "witnessmark/examples/first_case/report-ko.txt" in names
    assert "witnessmark/py.typed" in names
    licences = {name.rsplit("/", 1)[1] for name in names if "/licenses/" in name}
    assert licences == {"LICENSE", "NOTICE"}
