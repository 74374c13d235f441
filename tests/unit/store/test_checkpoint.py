"""A keeper who rebuilds his log, and a stranger who kept a checkpoint."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from witnessmark.core.errors import EvidenceFault, InputError
from witnessmark.stages import capture
from witnessmark.store.case import open_case
from witnessmark.store.checkpoint import (
    PUBLIC,
    SEED,
    Checkpoint,
    case_key,
    checkpoint_of,
    parse_checkpoint,
    parse_spoken,
)
from witnessmark.store.custody import HEAD
from witnessmark.store.merkle import tree_head
from witnessmark.store.note import open_note, sign, verifier_key
from witnessmark.store.tables import CUSTODY
from witnessmark.store.verify import Outside, Verification, verify_path
from witnessmark.store.verify_anchors import POSSIBLE

if TYPE_CHECKING:
    from tests.unit.store.conftest import Made


def _signed(made: Made) -> tuple[Checkpoint, bytes]:
    case = made.open()
    stated, note = checkpoint_of(case)
    case.close()
    return stated, note.encode()


def _grown(made: Made, words: str) -> None:
    (made.inputs / f"{len(words)}.txt").write_text(words)
    case = made.open()
    capture.run(case, [made.inputs], clock=lambda: "2026-11-25T13:00:00Z")
    case.close()


def _against(made: Made, given: bytes) -> Verification:
    return verify_path(made.path, made.key, Outside(given))


def _rebuilt(made: Made, leaf: int) -> None:
    """Put another commitment in the place of *leaf*, with everything that depends on it.

    The keeper holds the key, so he opens the casebook, makes the entry open to its source
    under another nonce, states the new head and writes the log anew.
    """
    from witnessmark.store.custody import commitment
    from witnessmark.store.tables import RENDITIONS, SOURCES

    case = made.open()
    digests = {source.id: source.sha256 for source in case.casebook.rows(SOURCES)}
    digests |= {one.id: one.id for one in case.casebook.rows(RENDITIONS)}
    entries = list(case.casebook.rows(CUSTODY))
    nonce = bytes(32)
    opened = commitment(nonce, digests[entries[leaf].subject]).hex()
    entries[leaf] = replace(
        entries[leaf], nonce=nonce.hex(), commitment=opened, at="2020-01-01T00:00:00Z"
    )
    head = tree_head([bytes.fromhex(entry.commitment) for entry in entries]).hex()
    with case.casebook.writing():
        case.casebook.replace(CUSTODY, entries)
        case.catalogue.state(HEAD, f"{len(entries)} {head}")
    case.close()
    log = made.path / "custody" / "log"
    log.write_text("".join(f"{entry.commitment}\n" for entry in entries))


def test_checkpoint(filled: Made) -> None:
    """A checkpoint is a note of three lines, the same each time, and opens under the key."""
    stated, note = _signed(filled)
    assert _signed(filled) == (stated, note)
    case = filled.open()
    key = case_key(case)
    case.close()
    assert key is not None
    text = open_note(note, key)
    assert parse_checkpoint(text) == stated == Checkpoint(key.name, 6, stated.head)
    assert text == stated.text()


def test_key_stays_in_the_casebook(filled: Made) -> None:
    """The private key stands in no file of a sealed case, in no note, and in no digest."""
    case = filled.open()
    before = case.casebook.digest()
    _, note = checkpoint_of(case)
    seed = case.catalogue.fact(SEED)
    assert len(seed) == 64
    assert seed not in note
    assert case.casebook.digest() == before
    case.close()
    if filled.key is None:
        return  # a plain casebook is readable: whoever has the folder has the key
    for path in filled.path.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert bytes.fromhex(seed) not in content, path
        assert seed.encode() not in content, path


def test_nothing_of_the_case_in_a_checkpoint(filled: Made) -> None:
    """A checkpoint names no source and no case: its origin is made from the key alone."""
    stated, note = _signed(filled)
    case = filled.open()
    public = bytes.fromhex(case.catalogue.fact(PUBLIC))
    case.close()
    assert stated.origin == "witnessmark.case/" + hashlib.sha256(public).hexdigest()[:32]
    assert len(note.splitlines()) == 5


def test_grown_log(filled: Made) -> None:
    """A log that grew after a checkpoint holds against it, by note and by spoken line."""
    stated, note = _signed(filled)
    _grown(filled, "another report")
    for given in (note, stated.spoken().encode()):
        report = _against(filled, given)
        assert report.faults == ()
        assert report.steps[9].endswith("holds")
        assert report.anchoring == (
            "as the checkpoint given up to leaf 5; never anchored by a stamp; "
            "leaves 6..7 rest on the keeper's word"
        )
        assert POSSIBLE not in report.notes


@pytest.mark.parametrize("leaf", [0, 3, 5])
def test_rebuilt_with_the_same_key(filled: Made, leaf: int) -> None:
    """Attack: the keeper rebuilds the log. Nothing inside shows it; the checkpoint does."""
    stated, note = _signed(filled)
    _rebuilt(filled, leaf)
    alone = verify_path(filled.path, filled.key)
    assert alone.faults == ()
    assert POSSIBLE in alone.notes
    assert alone.anchoring == "never anchored outside: leaves 0..5 rest on the keeper's word"
    for given in (note, stated.spoken().encode()):
        report = _against(filled, given)
        assert [fault.step for fault in report.faults] == [10]
        assert "rebuilt" in report.faults[0].what
        assert report.anchoring == alone.anchoring


def test_rebuilt_and_grown(filled: Made) -> None:
    """Attack: the rebuilt log grows on before anyone looks. It is found all the same."""
    _, note = _signed(filled)
    _rebuilt(filled, 2)
    _grown(filled, "another report")
    assert [fault.step for fault in _against(filled, note).faults] == [10]


def test_older_copy_put_back(filled: Made, tmp_path: Path) -> None:
    """Attack: an older copy of the whole folder. Nothing inside shows it; the checkpoint does."""
    _signed(filled)
    shutil.copytree(filled.path, tmp_path / "older")
    _grown(filled, "a report that somebody wants to lose")
    stated, note = _signed(filled)
    shutil.rmtree(filled.path)
    shutil.copytree(tmp_path / "older", filled.path)
    alone = verify_path(filled.path, filled.key)
    assert alone.faults == ()
    assert POSSIBLE in alone.notes
    for given in (note, stated.spoken().encode()):
        report = _against(filled, given)
        assert [fault.step for fault in report.faults] == [10]
        assert "older copy" in report.faults[0].what


def test_older_copy_from_before_the_first_checkpoint(filled: Made, tmp_path: Path) -> None:
    """Attack: a copy from before the signing key was made. It is found, and the key missed."""
    shutil.copytree(filled.path, tmp_path / "older")
    _, note = _signed(filled)
    shutil.rmtree(filled.path)
    shutil.copytree(tmp_path / "older", filled.path)
    report = _against(filled, note)
    assert [fault.step for fault in report.faults] == [10]
    assert "no signing key" in report.faults[0].what


def test_another_case(filled: Made, tmp_path: Path) -> None:
    """A checkpoint of another case is refused, also where it is shorter than this log."""
    other = open_case(tmp_path / "other", None, create=True)
    (tmp_path / "one.txt").write_text("one")
    capture.run(other, [tmp_path / "one.txt"], clock=lambda: "2026-11-25T12:00:00Z")
    _, note = checkpoint_of(other)
    other.close()
    _signed(filled)
    found = " ".join(str(fault) for fault in _against(filled, note.encode()).faults)
    assert "another key" in found
    assert "another log" in found
    assert "not those of the checkpoint" in found


def test_forged_checkpoint(filled: Made) -> None:
    """Attack: a checkpoint over the true leaves that somebody else signed under our origin."""
    stated, _ = _signed(filled)
    forged = sign(stated.text(), stated.origin, bytes(32)).encode()
    found = _against(filled, forged).faults
    assert [fault.step for fault in found] == [10]
    assert "not signed by this case" in found[0].what


@pytest.mark.parametrize("what", [SEED, PUBLIC])
def test_altered_signing_key(filled: Made, what: str) -> None:
    """Attack: half of the signing key is changed. Step 9 names it, and nothing is signed."""
    _signed(filled)
    case = filled.open()
    case.catalogue.state(what, "ab" * 32)
    with pytest.raises(EvidenceFault, match="signing key"):
        checkpoint_of(case)
    case.close()
    report = verify_path(filled.path, filled.key)
    assert [fault.step for fault in report.faults] == [9]


def test_a_hurt_log_is_not_signed(filled: Made) -> None:
    """Attack: the log file was shortened. Its head is not signed, and stays as it is."""
    log = filled.path / "custody" / "log"
    log.write_bytes(log.read_bytes()[:-65])
    case = filled.open()
    with pytest.raises(EvidenceFault, match="do not agree"):
        checkpoint_of(case)
    case.close()


def test_empty_log(made: Made) -> None:
    """An empty log has nothing to state, and says so."""
    case = made.open()
    with pytest.raises(InputError, match="empty"):
        checkpoint_of(case)
    case.close()


@pytest.mark.parametrize(
    "given",
    [b"", b"6 leaves", b"witnessmark 6 leaves: abcd", b"a\n6\nAAAA\n\n\xe2\x80\x94 n AAAAAAAA\n"],
)
def test_no_checkpoint(filled: Made, given: bytes) -> None:
    """What is neither a note nor a whole line is an error of the call, not of the case."""
    with pytest.raises(InputError, match="no checkpoint"):
        _against(filled, given)


def test_spoken_line(filled: Made) -> None:
    """The line that is read out is the first 160 bits of what sha256sum prints."""
    stated, note = _signed(filled)
    line = stated.spoken()
    spoken = parse_spoken(line.replace(" ", "  "))
    assert spoken is not None
    assert (spoken.size, len(spoken.digits)) == (6, 40)
    done = subprocess.run(
        ["sh", "-c", "head -n 3 | sha256sum"], input=note, capture_output=True, check=True
    )
    assert done.stdout.decode().startswith(spoken.digits)


def test_a_key_that_was_told(filled: Made) -> None:
    """The reader's own verifier key is taken before the case's; another one fails."""
    stated, note = _signed(filled)
    case = filled.open()
    told = case_key(case)
    for name in (SEED, PUBLIC):  # as in a case that was imported: the key stays with its maker
        case.catalogue.state(name, "")
    case.close()
    assert told is not None
    assert "imported" in _against(filled, note).faults[0].what
    for given in (note, stated.spoken().encode()):
        report = verify_path(filled.path, filled.key, Outside(given, None, told))
        assert report.faults == ()
        assert report.anchoring.startswith("as the checkpoint given up to leaf 5")
    other = verifier_key(told.name, bytes(32))
    report = verify_path(filled.path, filled.key, Outside(note, None, other))
    assert "not signed by this case" in report.faults[0].what
