"""Injected faults: every call that reaches the disk fails once, in the middle of a batch."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

import pytest

from witnessmark.core.errors import StorageFault, WitnessmarkError
from witnessmark.stages import capture
from witnessmark.stages.capture import acceptance, intake
from witnessmark.store import passing
from witnessmark.store.backup import backup, restore
from witnessmark.store.bag import export_bag
from witnessmark.store.bag_check import read_bag
from witnessmark.store.case import open_case
from witnessmark.store.tables import SOURCES
from witnessmark.store.verify import verify_case, verify_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.store.conftest import Made

EARLY = "2026-11-25T12:00:00Z"
LATE = "2027-01-01T00:00:00Z"


class FailsAt:
    """A call that fails the *number*-th time, as a full disk does, and works otherwise."""

    def __init__(self, real: Callable[..., Any], number: int, wanted: Callable[..., bool]) -> None:
        self._real = real
        self._left = number
        self._wanted = wanted
        self.failed = False

    def __call__(self, *given: Any, **named: Any) -> Any:
        if self._wanted(*given):
            self._left -= 1
            if self._left == 0:
                self.failed = True
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._real(*given, **named)

    def plain(self) -> Callable[..., Any]:
        """Return it as a function, which a class makes a method of."""

        def call(*given: Any, **named: Any) -> Any:
            return self(*given, **named)

        return call


def _always(*_: Any) -> bool:
    return True


def _makes_a_file(_: Any, flags: int = 0, *__: Any) -> bool:
    return bool(flags & os.O_CREAT)


CALLS: dict[str, tuple[Any, str, Callable[..., bool]]] = {
    "fsync": (os, "fsync", _always),
    "fdatasync": (os, "fdatasync", _always),
    "rename": (os, "rename", _always),
    "open": (os, "open", _makes_a_file),
    "write of a stream": (passing.Ahead, "write", _always),
}


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of more than a kilobyte are streamed, and brought to the disk every 2 kilobytes."""
    for module in (intake, acceptance):
        monkeypatch.setattr(module, "HELD_BYTES", 1000)
    monkeypatch.setattr(passing, "EARLY_BYTES", 2000)
    monkeypatch.setattr(passing, "PIECE_BYTES", 1000)


def _write_inputs(folder: Path) -> None:
    (folder / "1.txt").write_text("Report 1\n", encoding="utf-8-sig")
    (folder / "2.bin").write_bytes(b"\0\1\2\3" * 1300)


def _early() -> str:
    return EARLY


def _error_of(act: Callable[[], object]) -> WitnessmarkError | None:
    try:
        act()
    except WitnessmarkError as error:
        return error
    return None


def _undisturbed(made: Made, folder: Path) -> str:
    case = open_case(folder, None, create=True)
    capture.run(case, [made.inputs], clock=lambda: LATE)
    digest = case.casebook.digest()
    case.close()
    return digest


@pytest.mark.usefixtures("streamed")
@pytest.mark.parametrize("call", CALLS)
def test_a_full_disk_at_each_call(made: Made, tmp_path: Path, call: str) -> None:
    """Attack: the disk is full at the n-th call, for every n that a batch comes to. The batch
    ends with an error that says what to do; what was accepted stands, nothing half-written is
    seen, the case verifies; the same call resumed gives the digest of an undisturbed run."""
    _write_inputs(made.inputs)
    digest = _undisturbed(made, tmp_path / "undisturbed")
    holder, name, wanted = CALLS[call]
    number = 0
    while True:
        number += 1
        case = made.open()
        fails = FailsAt(getattr(holder, name), number, wanted)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(holder, name, fails.plain())
            told = _error_of(lambda case=case: capture.run(case, [made.inputs], clock=_early))  # type: ignore[misc]
        if not fails.failed:
            break
        if told is not None:
            assert isinstance(told, StorageFault)
            assert "space" in told.to_do
        accepted = {source.id for source in case.casebook.rows(SOURCES)}
        case.close()
        assert verify_path(made.path, made.key).faults == ()
        case = made.open()
        assert {source.id for source in case.casebook.rows(SOURCES)} >= accepted
        assert told is not None or len(accepted) == 2, f"call {number} failed in silence"
        resumed = capture.run(case, [made.inputs], clock=lambda: LATE)
        assert len(resumed.duplicates) >= len(accepted)
        assert case.casebook.digest() == digest
        assert verify_case(case).faults == ()
        assert not list(made.path.rglob("*.part"))
        case.close()
        _empty(made)
    assert number > 1, "the call is never made: nothing was tested"
    case.close()


def _empty(made: Made) -> None:
    """Begin again with an empty case under the same key."""
    for path in (made.path / "vault").rglob("*"):
        if path.is_file():
            path.unlink()
    for name in ("casebook.db", "casebook.db-wal", "casebook.db-shm", "custody/log"):
        (made.path / name).unlink(missing_ok=True)
    for folder in (made.path / "vault").iterdir():
        folder.rmdir()


def _whole(act: str, out: Path, made: Made, folder: Path) -> None:
    """Check that what was made is whole."""
    if act == "bag":
        assert len(read_bag(out).rows[SOURCES.name]) == 2
        return
    if act == "backup":
        restore(out, folder / "again")
        out = folder / "again"
    assert verify_path(out, made.key).faults == ()


@pytest.mark.usefixtures("streamed")
@pytest.mark.parametrize(
    ("act", "call"),
    [
        (act, call)
        for act in ("backup", "restore", "bag")
        for call in ("fsync", "rename", "open")
        if (act, call) != ("backup", "rename")  # a backup gets its name by a link
    ],
)
def test_a_full_disk_while_it_is_handed_over(
    made: Made, tmp_path: Path, act: str, call: str
) -> None:
    """Attack: the disk is full at the n-th call of a backup, a restore or an export. What would
    be half a copy is not there, the case is untouched, and the same call works later."""
    _write_inputs(made.inputs)
    case = made.open()
    capture.run(case, [made.inputs], clock=lambda: EARLY)
    digest = case.casebook.digest()
    good, out = tmp_path / "good.tar", tmp_path / "out"
    backup(case, good)
    acts: dict[str, Callable[[], object]] = {
        "backup": lambda: backup(case, out),
        "restore": lambda: restore(good, out),
        "bag": lambda: export_bag(case, out),
    }
    holder, name, wanted = CALLS[call]
    number = 0
    while number < 60:
        number += 1
        fails = FailsAt(getattr(holder, name), number, wanted)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(holder, name, fails.plain())
            told = _error_of(acts[act])
        if told is None:
            break
        assert fails.failed
        assert told.to_do
        assert not [path for path in tmp_path.iterdir() if path.name.startswith("out.part")]
        if out.exists():
            break  # whole, but its name may not have reached the disk: that was told
    assert number > 1, "the call is never made: nothing was tested"
    _whole(act, out, made, tmp_path)
    assert case.casebook.digest() == digest
    assert verify_case(case).faults == ()
    case.close()
