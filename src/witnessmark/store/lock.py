"""The writer's lock: one program changes a case at a time, and says who it is.

Laws:
1. The lock is the kernel's (``flock``): it ends with its holder, so none goes stale.
2. Who holds it stands in the file: process, machine, since when, doing what.
3. Reading never needs it.
"""

from __future__ import annotations

import fcntl
import os
import socket
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from witnessmark.core.errors import StorageFault

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


PATIENCE_S = 1.0
"""Seconds to wait: opening and closing a case hold the lock for milliseconds, and must not
turn a writer away; real work holds it longer."""

PAUSE_S = 0.05
"""Seconds between two tries."""


class WriterLock:
    """The lock of one case; threads of one program wait for each other, programs don't."""

    def __init__(self, path: Path) -> None:
        """Name the lock file; it is made when the lock is first taken."""
        self._path = path
        self._threads = threading.RLock()
        self._depth = 0
        self._handle: int | None = None

    @property
    def held(self) -> bool:
        """Return whether this program holds the lock."""
        return self._handle is not None

    @contextmanager
    def holding(self, doing: str, *, patience_s: float = PATIENCE_S) -> Generator[None]:
        """Hold the lock; a nested call joins the outer one.

        Args:
            doing: what for, shown to whoever is turned away.
            patience_s: seconds to wait for another program.

        Raises:
            StorageFault: another program holds it (it is named), or the lock file
                cannot be made.
        """
        with self._threads:
            if self._depth == 0:
                self._take(doing, patience_s)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._give_back()

    def _take(self, doing: str, patience_s: float) -> None:
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StorageFault(
                f"the case cannot be written: {error.strerror}",
                where=str(self._path),
                to_do="check the folder's permissions and the free space",
            ) from error
        tries = 1 + round(patience_s / PAUSE_S)
        try:
            _lock(handle, tries)
        except OSError as error:
            holder = os.read(handle, 400).decode(errors="replace").strip() or "holder unnamed"
            os.close(handle)
            raise StorageFault(
                f"another program is writing to this case: {holder}",
                where=str(self._path),
                to_do="wait until it has ended, then run the command again",
            ) from error
        since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        line = f"process {os.getpid()} on {socket.gethostname()}, since {since}: {doing}\n"
        try:
            os.ftruncate(handle, 0)
            os.pwrite(handle, line.encode(), 0)
        except OSError:
            pass  # a full disk must not keep the lock from being taken: the name is a courtesy
        self._handle = handle

    def _give_back(self) -> None:
        if self._handle is None:
            return
        try:
            os.ftruncate(self._handle, 0)
        finally:
            os.close(self._handle)
            self._handle = None


def _lock(handle: int, tries: int) -> None:
    for left in reversed(range(tries)):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if not left:
                raise
            time.sleep(PAUSE_S)
        else:
            return
