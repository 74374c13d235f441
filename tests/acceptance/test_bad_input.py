"""What a careless or hostile input does: a clear error, nothing lost, the rest done."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from witnessmark.doors.cli.app import run

GOOD = "According to a source in North Pyongan province, prisoners work over 12 hours a day."


def _cli(
    *arguments: str, env: dict[str, str] | None = None, limit: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, with an optional limit on file sizes."""

    def bound() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    given = {k: v for k, v in os.environ.items() if k != "WITNESSMARK_PASSPHRASE"}
    return subprocess.run(
        [sys.executable, "-c", "from witnessmark.doors.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**given, **(env or {})},
        preexec_fn=bound,
        timeout=120,
        check=False,
    )


def _bad(folder: Path, name: str) -> Path:
    path = folder / name
    if name == "empty.txt":
        path.touch()
    elif name == "truncated.pdf":
        path.write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 o")
    elif name == "too-large.txt":
        with path.open("wb") as handle:
            handle.truncate(101 * 1024 * 1024)
    elif name == "wrong-encoding.txt":
        path.write_bytes(b"plain words then \xff\xfe\x9d\x81 and \xc3\x28 no encoding at all")
    return path


@pytest.mark.parametrize(
    "name",
    ["empty.txt", "truncated.pdf", "too-large.txt", "wrong-encoding.txt", "missing.txt"],
)
def test_a_bad_file_is_named_and_the_rest_goes_on(name: str, tmp_path: Path) -> None:
    """One line names the bad file and a remedy; the good file is in the dossier; exit 1."""
    good = tmp_path / "good.txt"
    good.write_text(GOOD)
    bad = _bad(tmp_path, name)
    done = _cli(
        "investigate", str(bad), str(good), "--case", str(tmp_path / "case"), "--plain",
        "--out", str(tmp_path / "out"), "--as-of", "2026-11-25",
    )  # fmt: skip
    lines = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert done.returncode == 1, done.stderr
    assert len(lines) == 1, done.stderr
    assert name in lines[0]
    assert ": " in lines[0].rsplit(")", 1)[1], "no remedy"
    assert "Traceback" not in done.stderr
    assert "12 hours a day" in (tmp_path / "out/dossier.html").read_text()
    assert done.stdout.splitlines()[-1] == str(tmp_path / "out/dossier.html")


def test_a_name_with_dots_is_only_a_label(tmp_path: Path) -> None:
    """``../`` in a given path reads that file and leaks no folder into the case or outputs."""
    (tmp_path / "secret-folder").mkdir()
    (tmp_path / "report.txt").write_text(GOOD)
    path = tmp_path / "secret-folder" / ".." / "report.txt"
    done = _cli(
        "investigate", str(path), "--case", str(tmp_path / "case"), "--plain",
        "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out/dossier.html").read_text()
    assert "report.txt" in page
    assert "secret-folder" not in page
    assert str(tmp_path) not in page


def test_nothing_readable_is_a_wrong_call(tmp_path: Path) -> None:
    """If no input can be read and the case is empty, the call fails with exit 2."""
    done = _cli(
        "investigate", str(_bad(tmp_path, "empty.txt")), "--case", str(tmp_path / "case"),
        "--plain", "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert not (tmp_path / "out").exists()


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """With files limited to 64 KiB a large source fails clearly; what was held still verifies."""
    case = tmp_path / "case"
    small, large = tmp_path / "small.txt", tmp_path / "large.txt"
    small.write_text(GOOD)
    large.write_text(f"{GOOD}\n" * 20_000)
    assert _cli("capture", str(small), "--case", str(case), "--plain").returncode == 0
    before = _cli("digest", str(case)).stdout
    done = _cli("capture", str(large), "--case", str(case), limit=64 * 1024)
    assert done.returncode == 1
    assert "error: " in done.stderr
    assert "Traceback" not in done.stderr
    assert _cli("digest", str(case)).stdout == before
    check = _cli("verify", str(case))
    assert check.returncode == 0, check.stderr
    again = _cli("capture", str(large), "--case", str(case))
    assert again.returncode == 0, again.stderr


def test_no_passphrase_is_never_a_plain_case(tmp_path: Path) -> None:
    """No terminal and no passphrase: exit 2 and no case; a passphrase makes a sealed one."""
    (tmp_path / "report.txt").write_text(GOOD)
    case = tmp_path / "case"
    call = ("investigate", str(tmp_path / "report.txt"), "--case", str(case),
            "--out", str(tmp_path / "out"))  # fmt: skip
    refused = _cli(*call)
    assert refused.returncode == 2
    assert refused.stderr.startswith("error: ")
    assert not case.exists()
    sealed = _cli(*call, env={"WITNESSMARK_PASSPHRASE": "eight quiet looms at dusk"})
    assert sealed.returncode == 0, sealed.stderr
    held = b"".join(path.read_bytes() for path in case.rglob("*") if path.is_file())
    assert b"12 hours" not in held
    assert b"report.txt" not in held
    wrong = _cli("digest", str(case), env={"WITNESSMARK_PASSPHRASE": "wrong"})
    assert wrong.returncode != 0
    assert "Traceback" not in wrong.stderr


@pytest.mark.parametrize(
    "call",
    [
        ["nosuch"],
        ["investigate"],
        ["verify", "absent-case"],
        ["write", "--case", "absent-case", "--as-of", "yesterday"],
        ["trace", "absent.parquet", "--out", "absent-out", "--seed", "A"],
    ],
)
def test_a_wrong_call_is_exit_2_with_a_remedy(
    call: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """A call that cannot be right ends with 2 and one ``error:`` line; nothing is made."""
    monkeypatch.chdir(tmp_path)
    assert run(call) == 2 or call == ["investigate"]
    err = capsys.readouterr().err
    assert err.startswith("error: ") or call == ["investigate"]
    assert list(tmp_path.iterdir()) == []
