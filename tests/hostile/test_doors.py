"""Attacks on the command line: names, terminals, locales, read-only disks, audiences."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from witnessmark.core.errors import visible
from witnessmark.core.provenance import Audience
from witnessmark.doors.cli.app import run

WORDS = "A source in North Pyongan province said prisoners make wigs.\n"
COMMAND = [sys.executable, "-c", "from witnessmark.doors.cli import main; main()"]


def _made(folder: Path) -> Path:
    """Return a plain case with one source, dossier written."""
    (folder / "r.txt").write_text(WORDS)
    case = folder / "case"
    call = ["investigate", str(folder / "r.txt"), "--case", str(case), "--plain"]
    assert run([*call, "--out", str(folder / "out"), "--as-of", "2026-11-25"]) == 0
    return case


def test_a_file_name_cannot_write_an_error_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line breaks and terminal signs in a name are shown as escapes, on the one line."""
    path = tmp_path / "a\n\x1b[31merror: all is lost (here): pay.txt"
    path.touch()
    assert run(["extract", str(path)]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "\\n\\x1b[31m" in told
    assert "\x1b" not in told
    assert visible("평안북도 “룡천”") == "평안북도 “룡천”"


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no UTF-8 exist on Linux")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    """A name with broken bytes is read; its label and the output are UTF-8 in any locale."""
    name = os.fsencode(tmp_path) + b"/bad\xff.txt"
    Path(os.fsdecode(name)).write_text(WORDS)
    done = subprocess.run(
        [*COMMAND, "extract", name, "--format", "jsonl"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"source": "bad.txt"' in done.stdout.decode("utf-8")


@pytest.mark.parametrize(
    "call",
    [
        ["investigate", "r.txt", "--case", "c", "--plain", "--format", "yaml"],
        ["extract", "r.txt", "--format", "xml"],
        ["names", "compare", "pairs.csv", "--format", "xml"],
        ["names", "compare", "headers.csv"],
        ["places", "find", "Yonchon", "--format", "xml"],
        ["extract"],
        ["nosuch"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_refused(
    call: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A wrong format, column or command is exit 2 and one line with a remedy; nothing is made."""
    monkeypatch.chdir(tmp_path)
    Path("r.txt").write_text(WORDS)
    Path("pairs.csv").write_text("left,right\na,b\n")
    Path("headers.csv").write_text("one,two\n")
    before = sorted(path.name for path in tmp_path.iterdir())
    assert run(call) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1
    what, _, remedy = told[0].removeprefix("error: ").partition("): ")
    assert told[0].startswith("error: ")
    assert what.partition(" (")[0].strip()
    assert remedy
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize("audience", [*(set(Audience) - {Audience.INTERNAL}), "PUBLIC", "pub", ""])
def test_no_way_to_another_audience(audience: str, tmp_path: Path) -> None:
    """Every export, ``write`` and ``investigate`` refuse every audience but internal."""
    case, out = _made(tmp_path), tmp_path / "leak"
    before = (tmp_path / "out/dossier.html").read_bytes()
    formats = ("csv", "geojson", "bagit", "ftm", "osh", "prov", "bibtex")
    calls = [["export", str(case), "--format", kind] for kind in formats]
    calls += [["write", "--case", str(case)]]
    calls += [["investigate", str(tmp_path / "r.txt"), "--case", str(case)]]
    for call in calls:
        assert run([*call, "--out", str(out), "--audience", audience]) == 2, call
        twice = ["--audience", "internal", "--audience", audience]
        assert run([*call, "--out", str(out), *twice]) == 2, call
        assert not out.exists()
    assert (tmp_path / "out/dossier.html").read_bytes() == before


def test_no_output_inside_the_case(tmp_path: Path) -> None:
    """Neither a link nor ``..`` brings an output into the case."""
    case = _made(tmp_path)
    link = tmp_path / "elsewhere"
    link.symlink_to(case)
    before = sorted(path for path in case.rglob("*"))
    for out in (case, case / "x", link, link / "x", case / ".." / "case" / "x"):
        assert run(["write", "--case", str(case), "--out", str(out)]) == 2
        assert run(["export", str(case), "--format", "csv", "--out", str(out / "x.csv")]) == 2
    assert sorted(path for path in case.rglob("*")) == before


def test_a_case_on_a_read_only_disk_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A case that nobody may write is digested, verified and exported; writing is refused."""
    case = _made(tmp_path)
    capsys.readouterr()
    run(["digest", str(case)])
    known = capsys.readouterr().out
    folders = [case, *(path for path in case.rglob("*") if path.is_dir())]
    for path in [*(file for file in case.rglob("*") if file.is_file()), *folders]:
        path.chmod(path.stat().st_mode & ~0o222)
    names = sorted(path.name for path in case.rglob("*"))
    try:
        assert run(["digest", str(case)]) == 0
        assert capsys.readouterr().out == known
        assert run(["verify", str(case)]) == 0
        out = str(tmp_path / "claims.csv")
        assert run(["export", str(case), "--format", "csv", "--out", out]) == 0
        assert sorted(path.name for path in case.rglob("*")) == names
    finally:
        for path in folders:
            path.chmod(0o700)


def test_ctrl_c_while_the_program_starts(tmp_path: Path) -> None:
    """Ctrl-C while the program loads ends with one line and exit 1, never with a traceback."""
    # the key is struck at one known moment, not after some time: machines differ in speed
    code = (
        "import _thread, signal, sys\n"
        # a job in the background starts with Ctrl-C ignored
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from witnessmark.doors.cli import main\n"
        "class Struck:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'witnessmark.flow':\n"
        "            _thread.interrupt_main()\n"
        "sys.meta_path.insert(0, Struck())\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "investigate", "r.txt", "--case", str(tmp_path / "c")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("error: stopped (by the keyboard)")
    assert "Traceback" not in done.stderr
    assert signal.getsignal(signal.SIGINT) is not None


def test_the_passphrase_reaches_no_child_and_no_trace(tmp_path: Path) -> None:
    """After the door has read it, neither the environment nor an error holds the passphrase."""
    code = (
        "import os; from witnessmark.doors.cli.app import run; "
        f"code = run(['digest', {str(tmp_path / 'none')!r}]); "
        "print(code, 'WITNESSMARK_PASSPHRASE' in os.environ)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "WITNESSMARK_PASSPHRASE": "six words nobody would guess"},
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == ["2", "False"]
    assert "nobody would guess" not in done.stdout + done.stderr
