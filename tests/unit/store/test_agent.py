"""The key agent: this user's alone, in memory alone, for a while only."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from witnessmark.core.errors import StorageFault
from witnessmark.store import agent, agent_server
from witnessmark.store.agent import forget, peer_is_me, remember, remembered, runtime_folder
from witnessmark.store.agent_server import Agent

KEY = bytes(range(32))


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A private runtime folder; every agent in it ends with the test."""
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder / "witnessmark"
    forget(None)


def _agent_process(folder: Path) -> int:
    """Return the process that listens (the socket was bound by this one)."""
    name = agent.AGENT.encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if name in words and str(folder).encode() in words:
                return int(entry.name)
    raise AssertionError("no agent runs")


def _until(condition: object, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_remember_tell_forget(runtime: Path, tmp_path: Path) -> None:
    """A key comes back by its case's folder only; once forgotten, agent and socket are gone."""
    assert remembered(tmp_path / "c") is None
    remember(tmp_path / "c", KEY)
    assert remembered(tmp_path / "c") == KEY
    assert remembered(tmp_path / "x" / ".." / "c") == KEY
    assert remembered(tmp_path / "d") is None
    assert (runtime / "agent").stat().st_mode & 0o777 == 0o600
    assert runtime.stat().st_mode & 0o777 == 0o700
    assert forget(tmp_path / "d") == 0
    assert remembered(tmp_path / "c") == KEY
    assert forget(tmp_path / "c") == 1
    assert remembered(tmp_path / "c") is None
    assert _until(lambda: not (runtime / "agent").exists())


def test_idle_time_ends(runtime: Path, tmp_path: Path) -> None:
    """A key that nobody asks for is forgotten; the agent does not give longer than 15 minutes."""
    remember(tmp_path / "c", KEY, idle_s=0.3)
    time.sleep(0.5)
    assert remembered(tmp_path / "c") is None
    assert _until(lambda: not (runtime / "agent").exists())
    with pytest.raises(ValueError, match="time"):
        Agent().answer({"do": "remember", "case": "c", "key": KEY.hex(), "idle_s": 901})


def test_a_question_starts_the_time_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The idle time counts from the last question, not from the unlocking."""
    clock = [1000.0]  # a clock that the test turns: no machine is too slow for it
    monkeypatch.setattr(agent_server, "now", lambda: clock[0])
    held = Agent()
    held.answer({"do": "remember", "case": "c", "key": KEY.hex(), "idle_s": 60})
    for _ in range(4):
        clock[0] += 59
        assert held.answer({"do": "tell", "case": "c"}) == {"key": KEY.hex()}
    clock[0] += 61
    assert held.answer({"do": "tell", "case": "c"}) == {"key": ""}
    assert len(held) == 0


def test_a_killed_agent_leaves_nothing(runtime: Path, tmp_path: Path) -> None:
    """Attack: kill -9. No key is in any byte of the folder; the next unlock starts anew."""
    remember(tmp_path / "c", KEY)
    os.kill(_agent_process(runtime), signal.SIGKILL)
    assert _until(lambda: remembered(tmp_path / "c") is None)
    for path in runtime.iterdir():
        assert path.stat().st_size == 0
    remember(tmp_path / "c", KEY)
    assert remembered(tmp_path / "c") == KEY


def test_bad_questions_do_not_stop_it(runtime: Path, tmp_path: Path) -> None:
    """Attack: noise, half a message, a huge one, silence. The agent goes on answering."""
    remember(tmp_path / "c", KEY)
    for noise in (
        b"\n",
        b"{",
        b"[]\n",
        b'{"do": "tell"}\n',
        b"x" * 100_000,
        b'{"do":"eat"}\n',
        b"",
    ):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(str(runtime / "agent"))
            with suppress(OSError):  # it closed the door on us: that is an answer
                connection.sendall(noise)
    assert remembered(tmp_path / "c") == KEY


def test_another_users_program_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attack: the kernel says that the other end is another user. It counts as no one."""
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other:
        assert peer_is_me(one)
        mine = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: mine + 1)
        assert not peer_is_me(one)


def test_an_open_runtime_folder_is_refused(runtime: Path, tmp_path: Path) -> None:
    """Attack: others may enter the folder, or it is a link. No key is handed over."""
    runtime.mkdir(mode=0o755, exist_ok=True)
    runtime.chmod(0o755)
    with pytest.raises(StorageFault, match="alone"):
        remember(tmp_path / "c", KEY)
    assert remembered(tmp_path / "c") is None
    runtime.rmdir()
    (tmp_path / "theirs").mkdir(mode=0o700)
    runtime.symlink_to(tmp_path / "theirs")
    with pytest.raises(StorageFault, match="alone"):
        runtime_folder()
    runtime.unlink()


def test_its_memory_cannot_be_read(runtime: Path, tmp_path: Path) -> None:
    """The agent leaves no core dump, and its memory is not another program's to open."""
    remember(tmp_path / "c", KEY)
    process = Path("/proc") / str(_agent_process(runtime))
    limits = (process / "limits").read_text()
    assert [line.split()[4:6] for line in limits.splitlines() if "core" in line] == [["0", "0"]]
    assert b"WITNESSMARK" not in ((process / "environ").read_bytes() if os.getuid() == 0 else b"")
    assert KEY.hex().encode() not in (process / "cmdline").read_bytes()
