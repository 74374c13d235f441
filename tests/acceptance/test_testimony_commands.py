"""What an interviewer sees: testimony added, shown and withdrawn at the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
import typer
from spoken import INTERVIEW, NAMES, REPORT, write_record

from witnessmark.core.testimony import TEMPLATE
from witnessmark.doors.cli.app import run
from witnessmark.store.case import open_case
from witnessmark.store.seal import Cost, resolve_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHEAP = Cost(memory_kib=8 * 1024, iterations=1, lanes=1)
PASSPHRASE = "six words that nobody would guess"


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Calls a command on a sealed case and returns exit code, output and errors."""
    resolve_key(tmp_path / "case", PASSPHRASE, create=True, cost=CHEAP)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", (tmp_path / "nothing").open("w+"))
    (tmp_path / "Hong Gil-dong.txt").write_text(INTERVIEW, encoding="utf-8")
    (tmp_path / "report.txt").write_text(REPORT, encoding="utf-8")
    write_record(tmp_path / "record.yaml")

    def called(*words: str) -> tuple[int, str, str]:
        if "plain" not in words:
            monkeypatch.setenv("WITNESSMARK_PASSPHRASE", PASSPHRASE)
        code = run(list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    return called


ADD = ("testimony", "add", "Hong Gil-dong.txt", "--case", "case", "--record", "record.yaml")
WITHDRAW = ("--case", "case", "--by", "an officer", "--why", "asked for")


def test_the_template_is_printed_as_it_is(call: Callable[..., tuple[int, str, str]]) -> None:
    """``testimony template > record.yaml`` gives the record to fill in."""
    assert call("testimony", "template") == (0, TEMPLATE, "")


def test_what_is_printed_bears_no_name(call: Callable[..., tuple[int, str, str]]) -> None:
    """add, list, show, lookalikes, verify: ids, codes and numbers, also of the file's name."""
    printed = ""
    for words in (
        ADD,
        ("testimony", "list", "--case", "case"),
        ("testimony", "show", "t1", "--case", "case"),
        ("extract", "--case", "case"),
        ("lookalikes", "case"),
        ("verify", "case"),
    ):
        code, out, err = call(*words)
        assert code == 0, err
        printed += out + err
    assert [name for name in (*NAMES, "Hong") if name in printed] == []
    assert "1 source, 1 detainee; names not shown" in printed
    assert "t1  W-01  consent: internal, filing  en  2026-10  KP  1 sources" in printed


def test_nothing_is_withdrawn_unasked(
    call: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --yes a terminal is asked; where there is none it is refused. Both show what will
    go and what a withdrawal cannot reach."""
    call(*ADD)
    code, out, err = call("testimony", "withdraw", "t1", *WITHDRAW)
    assert (code, "give --yes" in err) == (2, True)
    assert "withdrawing t1 destroys: sources s1; 1 texts" in out
    for unreached in ("dossiers", "exports", "backups", "stamps"):
        assert unreached in out.partition("it cannot reach")[2]
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "confirm", lambda _: False)
    code, out, _ = call("testimony", "withdraw", "t1", *WITHDRAW)
    assert (code, out.splitlines()[-1]) == (1, "nothing was withdrawn")
    assert "1 testimonies" in call("testimony", "list", "--case", "case")[1]
    monkeypatch.setattr(typer, "confirm", lambda _: True)
    code, out, _ = call("testimony", "withdraw", "t1", *WITHDRAW)
    assert (code, "t1 is withdrawn" in out) == (0, True)


def test_a_withdrawn_testimony_is_in_no_later_dossier(
    call: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    """Afterwards the stages' tables speak of what is left, verify holds and says what it was."""
    call("capture", "report.txt", "--case", "case")
    call(*ADD)
    assert call("investigate", "report.txt", "--case", "case", "--out", "with")[0] == 0
    assert "W-01" in (tmp_path / "with/dossier.html").read_text(encoding="utf-8")
    code, out, err = call("testimony", "withdraw", "t1", *WITHDRAW, "--yes")
    assert code == 0, err
    assert "made anew" in out
    assert call("write", "--case", "case", "--out", "without")[0] == 0
    page = (tmp_path / "without/dossier.html").read_text(encoding="utf-8")
    assert "W-01" not in page
    assert "Trading" not in page
    assert "prisoners in labour camps make wigs" in page
    code, out, _ = call("verify", "case")
    assert code == 0
    assert "2 entries were withdrawn" in out
    assert call("testimony", "show", "t1", "--case", "case")[0] == 2
    assert call("testimony", "withdraw", "t1", *WITHDRAW, "--yes")[0] == 2


def test_any_source_can_be_withdrawn(call: Callable[..., tuple[int, str, str]]) -> None:
    """``withdraw s1`` does the same to a source; a testimony is named by the other command."""
    call("capture", "report.txt", "--case", "case")
    assert call("withdraw", "t1", *WITHDRAW, "--yes")[0] == 2
    code, out, _ = call("withdraw", "s1", *WITHDRAW, "--yes")
    assert (code, "s1 is withdrawn: 2 entries" in out) == (0, True)
    assert "s2  text" in call("capture", "report.txt", "--case", "case")[1]


def test_a_plain_case_is_refused_before_a_file_is_read(
    call: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    """No testimony in a plain case, and no plain case made for one."""
    open_case(tmp_path / "plain", None, create=True).close()
    code, _, err = call(*[*ADD[:4], "plain", *ADD[5:]])
    assert (code, "a plain case takes no testimony" in err) == (2, True)
    held = b"".join(p.read_bytes() for p in (tmp_path / "plain").rglob("*") if p.is_file())
    assert b"Gil" not in held
