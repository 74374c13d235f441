"""Backups: one moment, whole or not at all, sealed if the case is."""

from __future__ import annotations

import tarfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from witnessmark.core.errors import EvidenceFault, InputError
from witnessmark.store.backup import backup, restore
from witnessmark.store.case import open_case
from witnessmark.store.verify import verify_path

if TYPE_CHECKING:
    from tests.unit.store.conftest import Made


def _backup(made: Made, target: Path) -> str:
    case = made.open()
    with case.casebook.writing():
        case.catalogue.state("late", "in the log of the casebook only")
    kept = backup(case, target)
    digest = case.casebook.digest()
    case.close()
    assert kept.sealed is (made.key is not None)
    return digest


def test_round_trip(filled: Made, tmp_path: Path) -> None:
    """What is restored has the same digest, the last commit included, and verifies."""
    digest = _backup(filled, tmp_path / "b.tar")
    assert (tmp_path / "b.tar").stat().st_mode & 0o777 == 0o600
    restore(tmp_path / "b.tar", tmp_path / "again")
    assert verify_path(tmp_path / "again", filled.key).faults == ()
    case = open_case(tmp_path / "again", filled.key)
    assert case.casebook.digest() == digest
    assert case.catalogue.fact("late") == "in the log of the casebook only"
    case.close()
    assert not list(tmp_path.glob("*.part"))


def test_a_sealed_case_stays_sealed(filled: Made, tmp_path: Path) -> None:
    """No word of a sealed case is in its backup; the check does see one in a plain case."""
    _backup(filled, tmp_path / "b.tar")
    found = b"A source says wigs are made" in (tmp_path / "b.tar").read_bytes()
    assert found is (filled.key is None)


def test_nothing_is_overwritten(filled: Made, tmp_path: Path) -> None:
    """Neither a backup nor a restored case ever takes the place of something."""
    (tmp_path / "b.tar").write_text("mine")
    case = filled.open()
    with pytest.raises(InputError, match="already"):
        backup(case, tmp_path / "b.tar")
    with pytest.raises(InputError, match="in the case"):
        backup(case, filled.path / "tmp" / "b.tar")
    case.close()
    assert (tmp_path / "b.tar").read_text() == "mine"
    _backup(filled, tmp_path / "c.tar")
    with pytest.raises(InputError, match="already"):
        restore(tmp_path / "c.tar", filled.path)
    assert verify_path(filled.path, filled.key).faults == ()


def test_every_cut_and_flip_is_refused(filled: Made, tmp_path: Path) -> None:
    """Attack: the backup is cut off or one byte is changed. Nothing is restored."""
    _backup(filled, tmp_path / "b.tar")
    whole = (tmp_path / "b.tar").read_bytes()
    end = whole.rindex(b"}") + 1  # after it comes only the padding of tar
    bad = [whole[: end * part // 12] for part in range(12)]
    bad += [
        whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(700, end, end // 25)
    ]
    for number, content in enumerate(bad):
        (tmp_path / "bad.tar").write_bytes(content)
        try:
            restore(tmp_path / "bad.tar", tmp_path / "again")
        except EvidenceFault:
            assert not (tmp_path / "again").exists()
        else:  # a flip in the padding between files changes nothing that counts
            assert number >= 12
            assert verify_path(tmp_path / "again", filled.key).faults == ()
            (tmp_path / "again").rename(tmp_path / f"again-{number}")
        assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("name", ["../out", "/tmp/out", "vault/../../out", "case.sh", "tmp/x"])
def test_foreign_names_are_refused(filled: Made, tmp_path: Path, name: str) -> None:
    """Attack: a backup with a file that leads elsewhere. Nothing is written anywhere."""
    _backup(filled, tmp_path / "b.tar")
    with tarfile.open(tmp_path / "evil.tar", "w") as evil, tarfile.open(tmp_path / "b.tar") as good:
        entry = tarfile.TarInfo(name)
        entry.size = 4
        evil.addfile(entry, BytesIO(b"evil"))
        for kept in good:
            evil.addfile(kept, good.extractfile(kept))
    before = sorted(path for path in tmp_path.iterdir())
    with pytest.raises(EvidenceFault, match="which no backup holds"):
        restore(tmp_path / "evil.tar", tmp_path / "again")
    assert sorted(path for path in tmp_path.iterdir()) == before


def test_links_are_refused(filled: Made, tmp_path: Path) -> None:
    """Attack: the case's header is a link to a file outside. It is not followed."""
    del filled
    with tarfile.open(tmp_path / "evil.tar", "w") as evil:
        entry = tarfile.TarInfo("case.json")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        evil.addfile(entry)
    with pytest.raises(EvidenceFault, match="which no backup holds"):
        restore(tmp_path / "evil.tar", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_sparse_entries_are_refused(filled: Made, tmp_path: Path) -> None:
    """Attack: an entry of a few bytes that unpacks to many more. Nothing of it is written."""
    del filled
    head = tarfile.TarInfo("casebook.db").tobuf(format=tarfile.GNU_FORMAT)
    entry = bytearray(head)
    entry[156:157] = tarfile.GNUTYPE_SPARSE
    entry[483:495] = f"{8 * 1024 * 1024:011o}\0".encode()
    entry[148:156] = b" " * 8
    entry[148:156] = f"{sum(entry):06o}\0 ".encode()
    evil = tmp_path / "evil.tar"
    evil.write_bytes(bytes(entry) + bytes(1024))
    with tarfile.open(evil) as made:
        assert [one.issparse() for one in made] == [True]
    with pytest.raises(EvidenceFault, match="which no backup holds"):
        restore(evil, tmp_path / "again")
    assert not list(tmp_path.glob("again*"))
