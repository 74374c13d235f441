"""The key agent itself: a small program that holds keys for a while and then ends.

Laws:
1. A key is forgotten after its idle time, sleep of the machine included; each question
   for it starts the time anew.
2. An agent that holds no key ends, and its memory goes back to the system with it.
3. It writes no file and no core dump, and other programs cannot look into it.
4. It answers this user's programs only, and nothing makes it stop answering them.
"""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import resource
import select
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from witnessmark.store.agent import IDLE_S, peer_is_me, receive, send
from witnessmark.store.seal import KEY_BYTES

LOOK_S = 5.0
"""Seconds between two looks at the clock: after sleep, a key outlives its time by no more."""

FIRST_S = 10.0
"""Seconds in which the first key must come."""

QUESTION_S = 2.0
"""Seconds in which a question must be complete."""

NO_DUMP = 4
"""``PR_SET_DUMPABLE`` of prctl(2)."""


def now() -> float:
    """Return seconds on a clock that also runs while the machine sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


class Kept:
    """One key in a page of its own, kept out of swap where the system allows it."""

    def __init__(self, key: bytes, idle_s: float) -> None:
        """Take the *key*, to be forgotten after *idle_s* seconds without a question."""
        self._page = mmap.mmap(-1, mmap.PAGESIZE)
        with suppress(OSError, AttributeError):
            self._page.madvise(mmap.MADV_DONTDUMP)
        with suppress(OSError, AttributeError):
            place = (ctypes.c_char * mmap.PAGESIZE).from_buffer(self._page)
            ctypes.CDLL(None).mlock(ctypes.byref(place), ctypes.c_size_t(mmap.PAGESIZE))
            del place  # else the page cannot be closed
        self._page[:KEY_BYTES] = key
        self._idle_s = idle_s
        self._until = now() + idle_s

    @property
    def spent(self) -> bool:
        """Return whether its idle time is over."""
        return now() >= self._until

    def told(self) -> str:
        """Return the key, hex; its idle time starts anew."""
        self._until = now() + self._idle_s
        return self._page[:KEY_BYTES].hex()

    def forget(self) -> None:
        """Overwrite the key."""
        self._page[:] = bytes(mmap.PAGESIZE)
        self._page.close()


class Agent:
    """The keys that are held now, by case."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._keys: dict[str, Kept] = {}

    def __len__(self) -> int:
        """Return how many keys are held."""
        return len(self._keys)

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to one *question*.

        Raises:
            ValueError: it is none that an agent knows.
            KeyError: it lacks a part.
        """
        self.expire()
        case = str(question["case"])
        match question["do"]:
            case "remember":
                key = bytes.fromhex(question["key"])
                idle_s = float(question["idle_s"])
                if len(key) != KEY_BYTES or not 0 < idle_s <= IDLE_S:
                    message = "no key, or a time that no agent gives"
                    raise ValueError(message)
                self._drop(case)
                self._keys[case] = Kept(key, idle_s)
                return {"held": len(self)}
            case "tell":
                kept = self._keys.get(case)
                return {"key": kept.told() if kept else ""}
            case "forget":
                names = [case] if case else list(self._keys)
                return {"forgotten": sum(self._drop(name) for name in names)}
            case _:
                message = "an agent does no such thing"
                raise ValueError(message)

    def expire(self) -> None:
        """Forget what has been idle too long."""
        for case in [name for name, kept in self._keys.items() if kept.spent]:
            self._drop(case)

    def _drop(self, case: str) -> bool:
        kept = self._keys.pop(case, None)
        if kept is not None:
            kept.forget()
        return kept is not None


def harden() -> None:
    """Leave no core dump, and let no other program of this user read the memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(NO_DUMP, 0, 0, 0, 0)


def serve(listening: socket.socket, where: Path, *, look_s: float = LOOK_S) -> None:
    """Answer questions until no key is held; then remove the socket *where* and return."""
    agent = Agent()
    grace = now() + FIRST_S
    while True:
        ready, _, _ = select.select([listening], [], [], look_s)
        if ready:
            _converse(agent, listening)
        agent.expire()
        if len(agent):
            grace = 0.0  # it has held a key: it ends with the last one
        elif now() >= grace and _ended(listening, where):
            return


def _converse(agent: Agent, listening: socket.socket) -> None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        connection, _ = listening.accept()
        with connection:
            connection.settimeout(QUESTION_S)
            if peer_is_me(connection):
                send(connection, agent.answer(receive(connection)))


def _ended(listening: socket.socket, where: Path) -> bool:
    """End, unless a command is just about to hand over a key."""
    handle = os.open(where.parent / "starting", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if select.select([listening], [], [], 0)[0]:
            return False
        where.unlink(missing_ok=True)
        listening.close()
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(handle)


def main(number: str, where: str) -> None:
    """Run as the agent on the listening socket that was handed over."""
    harden()
    os.umask(0o077)
    with socket.socket(fileno=int(number)) as listening:
        serve(listening, Path(where))


if __name__ == "__main__":
    main(*sys.argv[1:])
