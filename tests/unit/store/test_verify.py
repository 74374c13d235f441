"""Attacks on a case at rest: each is found and named, and nothing else is blamed."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from witnessmark.core.errors import EvidenceFault
from witnessmark.stages import capture
from witnessmark.store.tables import CLAIMS, RENDITIONS, SOURCES
from witnessmark.store.verify import STEPS, Verification, verify_case, verify_path
from witnessmark.store.verify_anchors import POSSIBLE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.store.conftest import Made


def _verify(made: Made) -> Verification:
    return verify_path(made.path, made.key)


def _flip(path: Path, place: int) -> None:
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def _object(made: Made, source: int) -> tuple[Path, str]:
    case = made.open()
    name = case.casebook.rows(SOURCES)[source].vault_object
    case.close()
    return made.path / "vault" / name[:2] / name, name


def test_untouched(filled: Made) -> None:
    """A case that nobody touched has no fault, ten steps, and says what it cannot show."""
    report = _verify(filled)
    assert report.faults == ()
    assert len(report.steps) == len(STEPS) == 10
    assert all(line.endswith("holds") for line in report.steps[:9])
    assert report.steps[9] == "10. checkpoint from outside: none was given"
    assert POSSIBLE in report.notes
    assert report.anchoring == "never anchored outside: leaves 0..5 rest on the keeper's word"


def test_bit_flip_in_an_object(filled: Made) -> None:
    """Attack: one bit of an original. The source and its object are named, and only they."""
    path, name = _object(filled, 1)
    _flip(path, 20)
    faults = _verify(filled).faults
    assert {fault.step for fault in faults} == {3}
    assert "s2 2.txt" in faults[0].where
    assert name in faults[0].where


def test_truncated_object(filled: Made) -> None:
    """Attack: an original is cut short. It is named."""
    path, name = _object(filled, 0)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-3])
    assert [(fault.step, name in fault.where) for fault in _verify(filled).faults] == [(3, True)]


def test_missing_object(filled: Made) -> None:
    """Attack: an object is removed. It is named as a source that cannot be read and as missing."""
    path, name = _object(filled, 2)
    path.unlink()
    faults = _verify(filled).faults
    assert [fault.step for fault in faults] == [3, 8]
    assert all(name in fault.where for fault in faults)


def test_objects_swapped(filled: Made) -> None:
    """Attack: two objects change names. Both are named: content is bound to its row."""
    one, first = _object(filled, 0)
    other, second = _object(filled, 1)
    kept = one.read_bytes()
    for path in (one, other):
        path.chmod(0o600)
    one.write_bytes(other.read_bytes())
    other.write_bytes(kept)
    named = " ".join(str(fault) for fault in _verify(filled).faults)
    assert first in named
    assert second in named


def test_foreign_object(filled: Made) -> None:
    """Attack: a file is smuggled into the vault. It is named and not removed."""
    smuggled = filled.path / "vault" / "ab" / "smuggled"
    smuggled.parent.mkdir(exist_ok=True)
    smuggled.write_bytes(b"x")
    faults = _verify(filled).faults
    assert [(fault.step, "smuggled" in fault.where) for fault in faults] == [(8, True)]
    assert smuggled.exists()


def test_altered_log_line(filled: Made) -> None:
    """Attack: a digit of the log. The leaf and the head are named."""
    log = filled.path / "custody" / "log"
    content = bytearray(log.read_bytes())
    content[65 * 2] = ord("0") if content[65 * 2] != ord("0") else ord("1")
    log.write_bytes(content)
    faults = _verify(filled).faults
    assert [fault.step for fault in faults] == [5, 6]
    assert "leaf 2" in faults[0].where


@pytest.mark.parametrize("cut", [65, 10])
def test_shortened_log(filled: Made, cut: int) -> None:
    """Attack: the end of the log is cut off. It is named, and never mended in silence."""
    log = filled.path / "custody" / "log"
    content = log.read_bytes()
    log.write_bytes(content[:-cut])
    assert {fault.step for fault in _verify(filled).faults} == {5, 6}
    filled.open().close()
    assert log.read_bytes() == content[:-cut]


def test_lengthened_log(filled: Made) -> None:
    """Attack: a leaf is added to the log alone. It is named."""
    with (filled.path / "custody" / "log").open("a") as log:
        log.write("ab" * 32 + "\n")
    assert "leaf 6" in " ".join(str(fault) for fault in _verify(filled).faults)


def test_bit_flips_in_the_casebook(filled: Made) -> None:
    """Attack: single bits of the casebook. In each the fault is found, or no answer changed.

    In a sealed casebook every flip is found: each page carries a MAC.
    """
    casebook = filled.path / "casebook.db"
    whole = casebook.read_bytes()
    case = filled.open()
    truth = case.casebook.digest_lines()
    case.close()
    whole = casebook.read_bytes()
    found = 0
    places = range(0, len(whole), max(1, len(whole) // 60))
    for place in places:
        casebook.write_bytes(whole)
        _flip(casebook, place)
        report = _verify(filled)
        if report.faults:
            found += 1
            assert any(fault.step in {1, 2} for fault in report.faults), (place, report.faults)
            continue
        assert filled.key is None, f"a flip at {place} of a sealed casebook was not found"
        case = filled.open()
        assert case.casebook.digest_lines() == truth, place
        case.close()
    assert found >= (len(places) if filled.key else 3)


def test_altered_cell_in_a_plain_casebook(filled: Made) -> None:
    """Attack: a cell is changed with SQLite itself. The table and the row are named."""
    if filled.key is not None:
        pytest.skip("SQLite does not open a sealed casebook: that is the point")
    raw = sqlite3.connect(filled.path / "casebook.db")
    raw.execute("UPDATE capture_sources SET title = 'Another title' WHERE id = 's2'")
    raw.commit()
    raw.close()
    faults = _verify(filled).faults
    assert [fault.what for fault in faults] == ["capture_sources: row s2 was altered"]


def test_misplaced_quote(filled: Made) -> None:
    """A claim whose quote does not stand at its place is named, by any road it came in."""
    case = filled.open()
    claim = case.casebook.rows(CLAIMS)[0]
    case.casebook.replace(CLAIMS, [replace(claim, start=claim.start + 1, end=claim.end + 1)])
    report = verify_case(case)
    case.close()
    assert [(fault.step, claim.id in fault.where) for fault in report.faults] == [(7, True)]


def test_altered_rendition_is_never_read(filled: Made) -> None:
    """Attack: a bit of a rendition. Reading it is an error, and verify names it."""
    case = filled.open()
    rendition = case.casebook.rows(RENDITIONS)[0]
    name = rendition.vault_object
    case.close()
    _flip(filled.path / "vault" / name[:2] / name, 15)
    case = filled.open()
    with pytest.raises(EvidenceFault, match="altered"):
        case.text(rendition)
    case.close()
    assert [fault.step for fault in _verify(filled).faults] == [4, 7]


@pytest.mark.parametrize("damage", [b"", b"{}", b"not json", b'{"layout": 1}'])
def test_damaged_header(filled: Made, damage: bytes) -> None:
    """Attack: the header is destroyed. It is named as step 1."""
    (filled.path / "case.json").write_bytes(damage)
    report = _verify(filled)
    assert [fault.step for fault in report.faults] == [1]
    assert "case.json" in report.faults[0].where


def test_lost_casebook(filled: Made) -> None:
    """Attack: the casebook is removed. No empty one takes its place."""
    (filled.path / "casebook.db").unlink()
    report = _verify(filled)
    assert "casebook is gone" in report.faults[0].what
    with pytest.raises(EvidenceFault, match="gone"):
        filled.open()
    assert not (filled.path / "casebook.db").exists()


def test_older_casebook_put_back(made: Made) -> None:
    """Attack: an older casebook is put back to hide a source. Log and vault speak of it."""
    (made.inputs / "1.txt").write_text("first\n")
    case = made.open()
    capture.run(case, [made.inputs], clock=lambda: "2026-11-25T12:00:00Z")
    case.close()
    older = (made.path / "casebook.db").read_bytes()
    (made.inputs / "2.txt").write_text("second\n")
    case = made.open()
    capture.run(case, [made.inputs], clock=lambda: "2026-11-25T12:00:00Z")
    case.close()
    (made.path / "casebook.db").write_bytes(older)
    assert {fault.step for fault in _verify(made).faults} == {5, 6, 8}
