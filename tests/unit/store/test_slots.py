"""Key slots: recovery sheet, new passphrase, and the end of all slots."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessmark.core.errors import EvidenceFault, InputError
from witnessmark.store.case import open_case
from witnessmark.store.seal import Cost, resolve_key
from witnessmark.store.slots import (
    SIGNS,
    new_recovery,
    read_recovery,
    recovered_key,
    recovery_words,
    rekey,
    wipe,
)

CHEAP = Cost(memory_kib=8 * 1024, iterations=1, lanes=1)
SECRET = bytes(range(20))


def _sealed(path: Path) -> bytes:
    key = resolve_key(path, "old words", create=True, cost=CHEAP)
    assert key is not None
    open_case(path, key, create=True).close()
    return key


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=20, max_size=20))
def test_sheet_round_trip(secret: bytes) -> None:
    """Every secret comes back from its sheet, typed small, with gaps, with O, I and L."""
    line = recovery_words(secret)
    typed = line.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_recovery(line) == read_recovery(typed) == secret


def test_every_slip_of_one_sign_is_told() -> None:
    """One wrong sign anywhere, or two neighbours swapped, is a slip: never another secret."""
    signs = recovery_words(SECRET).replace("-", "")
    for at in range(len(signs)):
        for sign in SIGNS:
            if sign != signs[at]:
                with pytest.raises(InputError, match="slip"):
                    read_recovery(signs[:at] + sign + signs[at + 1 :])
    for at in range(len(signs) - 1):
        swapped = signs[:at] + signs[at + 1] + signs[at] + signs[at + 2 :]
        if swapped != signs:
            with pytest.raises(InputError, match="slip"):
                read_recovery(swapped)
    with pytest.raises(InputError, match="35"):
        read_recovery(signs[:-1])
    with pytest.raises(InputError, match="group 2"):
        read_recovery(signs[:5] + "U" + signs[6:])


def test_recovery_opens_and_the_newest_sheet_only(tmp_path: Path) -> None:
    """A sheet gives the case key; a new sheet ends the one before; the passphrase stays."""
    key = _sealed(tmp_path / "c")
    with pytest.raises(InputError, match="no recovery sheet"):
        recovered_key(tmp_path / "c", recovery_words(SECRET))
    first = new_recovery(tmp_path / "c", key)
    assert recovered_key(tmp_path / "c", first) == key
    second = new_recovery(tmp_path / "c", key)
    assert recovered_key(tmp_path / "c", second) == key
    with pytest.raises(InputError, match="newest sheet"):
        recovered_key(tmp_path / "c", first)
    assert resolve_key(tmp_path / "c", "old words") == key
    header = (tmp_path / "c" / "case.json").read_text()
    assert second.replace("-", "") not in header
    assert read_recovery(second).hex() not in header


def test_rekey(tmp_path: Path) -> None:
    """The new passphrase opens, the old one no longer; sheet and key stay as they were."""
    key = _sealed(tmp_path / "c")
    sheet = new_recovery(tmp_path / "c", key)
    rekey(tmp_path / "c", key, "new words", cost=CHEAP)
    assert resolve_key(tmp_path / "c", "new words") == key
    assert recovered_key(tmp_path / "c", sheet) == key
    with pytest.raises(InputError, match="does not open"):
        resolve_key(tmp_path / "c", "old words")
    before = (tmp_path / "c" / "case.json").read_bytes()
    with pytest.raises(InputError, match="empty"):
        rekey(tmp_path / "c", key, "")
    assert (tmp_path / "c" / "case.json").read_bytes() == before


@pytest.mark.parametrize("act", ["rekey", "wipe"])
def test_the_old_slot_is_overwritten(tmp_path: Path, act: str) -> None:
    """Attack: someone holds the old header's file open. It reads as zeros afterwards."""
    key = _sealed(tmp_path / "c")
    header = tmp_path / "c" / "case.json"
    length = header.stat().st_size
    handle = os.open(header, os.O_RDONLY)
    if act == "rekey":
        rekey(tmp_path / "c", key, "new words", cost=CHEAP)
    else:
        wipe(tmp_path / "c")
    assert os.read(handle, 10_000) == bytes(length)
    os.close(handle)


def test_wipe(tmp_path: Path) -> None:
    """After a wipe neither passphrase nor sheet opens the case; its files are untouched."""
    key = _sealed(tmp_path / "c")
    sheet = new_recovery(tmp_path / "c", key)
    before = (tmp_path / "c" / "casebook.db").read_bytes()
    wipe(tmp_path / "c")
    with pytest.raises(EvidenceFault, match="wiped"):
        resolve_key(tmp_path / "c", "old words")
    with pytest.raises(InputError, match="no recovery sheet"):
        recovered_key(tmp_path / "c", sheet)
    assert b"wrapped" not in (tmp_path / "c" / "case.json").read_bytes()
    assert (tmp_path / "c" / "casebook.db").read_bytes() == before


def test_wipe_waits_for_nobody(tmp_path: Path) -> None:
    """A program that writes, or a damaged header, does not keep a person from wiping."""
    key = _sealed(tmp_path / "c")
    case = open_case(tmp_path / "c", key)
    with case.writer("a long capture"):
        wipe(tmp_path / "c")
    case.close()
    with pytest.raises(EvidenceFault, match="wiped"):
        resolve_key(tmp_path / "c", "old words")
    _sealed(tmp_path / "d")
    header = tmp_path / "d" / "case.json"
    header.write_bytes(header.read_bytes().replace(b'"layout": 1', b'"layout": 7'))
    wipe(tmp_path / "d")
    assert b"wrapped" not in header.read_bytes()


def test_a_plain_case_has_no_slots(tmp_path: Path) -> None:
    """Whoever wipes or rekeys a plain case is told that it has no key; nothing changes."""
    resolve_key(tmp_path / "c", None, plain=True, create=True)
    before = (tmp_path / "c" / "case.json").read_bytes()
    for act in (
        lambda: wipe(tmp_path / "c"),
        lambda: rekey(tmp_path / "c", bytes(32), "words"),
        lambda: new_recovery(tmp_path / "c", bytes(32)),
    ):
        with pytest.raises(InputError, match="plain"):
            act()
    assert (tmp_path / "c" / "case.json").read_bytes() == before
