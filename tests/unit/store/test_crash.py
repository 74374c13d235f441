"""Crashes, full disks and second writers: nothing that was accepted is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from witnessmark.core.errors import StorageFault
from witnessmark.stages import capture
from witnessmark.store.case import open_case
from witnessmark.store.tables import CUSTODY, RENDITIONS, SOURCES
from witnessmark.store.verify import verify_case, verify_path

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.store.conftest import Made

FILES = 24

CAPTURE = """
import resource, sys
from pathlib import Path
from witnessmark.core.errors import WitnessmarkError
from witnessmark.stages import capture
from witnessmark.store.case import open_case

path, key, inputs, largest = sys.argv[1:]
if int(largest):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest), int(largest)))
key = bytes.fromhex(key) if key else None

class Heard:
    def step(self, what, done, total):
        print(done, flush=True)

try:
    case = open_case(Path(path), key, create=True)
    capture.run(case, [Path(inputs)], clock=lambda: "2026-11-25T12:00:00Z", progress=Heard())
    case.close()
except WitnessmarkError as error:
    print(f"error: {error}", file=sys.stderr)
    sys.exit(error.exit_code)
"""

HOLD = """
import sys
from pathlib import Path
from witnessmark.store.case import open_case

case = open_case(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]) or None)
with case.writer("a long capture"):
    print("held", flush=True)
    sys.stdin.read()
"""


def _start(made: Made, *, largest: int = 0) -> subprocess.Popen[str]:
    key = "" if made.key is None else made.key.hex()
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            CAPTURE,
            str(made.path),
            key,
            str(made.inputs),
            str(largest),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _write_inputs(folder: Path, size: int = 3000) -> None:
    for number in range(FILES):
        text = f"Report {number:03}\n\n" + f"Sentence of report {number}. " * (size // 25)
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8-sig")


@pytest.mark.parametrize("moment", [1, 5, 9, 14, 20])
def test_killed_in_a_batch(made: Made, tmp_path: Path, moment: int) -> None:
    """Attack: kill -9 in the middle of a batch. The case verifies; resumed, it equals one
    that was never disturbed."""
    _write_inputs(made.inputs)
    process = _start(made)
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= moment:
            time.sleep(0.0017 * moment / 10)  # not always at the same place within a source
            break
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    report = verify_path(made.path, made.key)
    assert report.faults == ()

    case = made.open()
    accepted = len(case.casebook.rows(SOURCES))
    assert moment <= accepted < FILES
    result = capture.run(case, [made.inputs], clock=lambda: "2027-01-01T00:00:00Z")
    assert len(result.duplicates) == accepted
    assert result.held == FILES
    assert verify_case(case).faults == ()
    resumed = case.casebook.digest()
    case.close()

    other = open_case(tmp_path / "undisturbed", None, create=True)
    capture.run(other, [made.inputs], clock=lambda: "2026-01-01T00:00:00Z")
    assert other.casebook.digest() == resumed
    other.close()


@pytest.mark.parametrize("largest", [20_000, 150_000, 300_000])
def test_full_disk(made: Made, largest: int) -> None:
    """Attack: files may not grow beyond a limit (as on a full disk). The error says so, what
    was accepted stays, and the same call finishes the work once there is room."""
    _write_inputs(made.inputs, size=30_000)
    process = _start(made, largest=largest)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert errors.startswith("error: ")
    assert "free space" in errors
    assert "Traceback" not in errors
    assert verify_path(made.path, made.key).faults == ()
    case = made.open()
    assert len(case.casebook.rows(SOURCES)) < FILES
    result = capture.run(case, [made.inputs], clock=lambda: "2026-11-25T12:00:00Z")
    assert result.held == FILES
    assert verify_case(case).faults == ()
    case.close()


def test_second_writer_is_told_who_writes(made: Made) -> None:
    """While one program writes, a second is turned away with its name; reading goes on."""
    (made.inputs / "1.txt").write_text("words\n")
    key = "" if made.key is None else made.key.hex()
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLD,
            str(made.path),
            key,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    case = made.open()
    with pytest.raises(StorageFault) as caught:
        capture.run(case, [made.inputs], clock=lambda: "2026-11-25T12:00:00Z")
    assert f"process {holder.pid} on " in caught.value.what
    assert "a long capture" in caught.value.what
    assert case.casebook.rows(SOURCES) == ()
    holder.communicate("")
    assert capture.run(case, [made.inputs], clock=lambda: "2026-11-25T12:00:00Z").held == 1
    case.close()


def test_an_error_takes_back_the_whole_transaction(made: Made) -> None:
    """An error between object and row leaves neither: no object, no row, no leaf."""
    case = made.open()

    def half() -> None:
        with case.casebook.writing():
            case.vault.put(b"half")
            case.custody.add("captured", "s1", "ab" * 32, at="", by="")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        half()
    assert case.vault.names() == frozenset()
    assert case.casebook.rows(CUSTODY) == ()
    assert case.custody.lines() == ()
    assert not (made.path / "custody" / "intent").exists()
    assert verify_case(case).faults == ()
    with case.casebook.writing():
        assert case.custody.add("captured", "s1", "ab" * 32, at="", by="").leaf == 0
    case.close()


def test_partial_files_are_swept(made: Made) -> None:
    """What a crash left half written is removed at the next opening; tmp/ is emptied."""
    partial = made.path / "vault" / "aa" / "aabb.part"
    partial.parent.mkdir()
    partial.write_bytes(b"half")
    (made.path / "tmp" / "spill").mkdir()
    (made.path / "tmp" / "spill" / "x").write_bytes(b"x")
    made.open().close()
    assert not partial.exists()
    assert list((made.path / "tmp").iterdir()) == []


def test_objects_are_written_once(made: Made) -> None:
    """The same content is one object, read-only, under a name that says nothing of it."""
    case = made.open()
    name = case.vault.put(b"testimony" * 100)
    assert case.vault.put(b"testimony" * 100) == name
    assert case.vault.names() == {name}
    assert case.vault.get(name) == b"testimony" * 100
    path = made.path / "vault" / name[:2] / name
    assert path.stat().st_mode & 0o777 == 0o400
    case.close()


def test_a_sealed_case_shows_nothing(made: Made) -> None:
    """In a sealed case neither text nor digest stands in any byte or name of the folder."""
    words = "a sentence that nobody else has written"
    (made.inputs / "report-name.txt").write_text(words + "\n", encoding="utf-8-sig")
    case = made.open()
    capture.run(case, [made.inputs], clock=lambda: "2026-11-25T12:00:00Z")
    source, rendition = case.casebook.rows(SOURCES)[0], case.casebook.rows(RENDITIONS)[0]
    secrets = [words.encode(), b"report-name", *_forms(source.sha256), *_forms(rendition.id)]
    shown = _shown(made.path, secrets)  # while open: the write-ahead log counts too
    case.close()
    shown |= _shown(made.path, secrets)
    if made.key is None:
        assert words.encode() in shown  # the check does see what is there
    else:
        assert shown == set()


def _forms(digest: str) -> list[bytes]:
    return [digest.encode(), digest.upper().encode(), bytes.fromhex(digest)]


def _shown(folder: Path, secrets: list[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for path in folder.rglob("*"):
        content = os.fsencode(path.name) + (path.read_bytes() if path.is_file() else b"")
        found |= {secret for secret in secrets if secret in content}
    return found
