"""Reading an answer within size and time, keeping every byte; nothing here opens anything.

Laws:
1. The time counts for all that is read together: a byte a second does not start it anew.
2. What is kept is what was read, to the byte; what lies behind the answer is not part of it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

STEP = 65_536
"""Bytes that are read at a time."""


class CutError(Exception):
    """The answer is not whole; the reason is the argument."""


class Countdown:
    """Counts down the time that one address may take."""

    def __init__(self, seconds: float) -> None:
        """Begin now."""
        self._end = time.monotonic() + seconds

    def left(self, most: float | None = None) -> float:
        """Return the seconds left, *most* at most.

        Raises:
            TimeoutError: there are none.
        """
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("it took too long")
        return seconds if most is None else min(seconds, most)


class Reader:
    """A file over a stream that keeps what is read from it, within size and time."""

    def __init__(self, receive: Callable[[float], bytes], countdown: Countdown, most: int) -> None:
        """Read by *receive*, which is given the seconds left; keep *most* bytes."""
        self._receive = receive
        self._countdown = countdown
        self._ahead = bytearray()
        self._ended = False
        self.most = most
        self.kept = bytearray()
        self.closed = False

    def readline(self, limit: int = STEP) -> bytes:
        """Return the bytes up to the next line feed, *limit* at most."""
        while b"\n" not in self._ahead and len(self._ahead) < limit and self._more():
            pass
        place = self._ahead.find(b"\n", 0, limit)
        return self._taken(limit if place < 0 else place + 1)

    def read(self, size: int = STEP) -> bytes:
        """Return *size* bytes, fewer at the end of the stream."""
        while len(self._ahead) < size and self._more():
            pass
        return self._taken(size)

    def readinto(self, room: memoryview) -> int:
        """Fill *room* with bytes; return how many there were."""
        got = self.read(len(room))
        room[: len(got)] = got
        return len(got)

    def _taken(self, size: int) -> bytes:
        if len(self.kept) + min(size, len(self._ahead)) > self.most:
            self._cut("length")
        got = bytes(self._ahead[:size])
        del self._ahead[: len(got)]
        self.kept += got
        return got

    def _more(self) -> bool:
        """Read on; return whether more came.

        Raises:
            CutError: too much came, too slowly, or the connection broke.
        """
        if self._ended:
            return False
        if len(self.kept) + len(self._ahead) >= self.most:
            self._cut("length")
        try:
            got = self._receive(self._countdown.left())
        except TimeoutError:
            self._cut("time")
        except OSError:
            self._cut("disconnect")
        self._ahead += got
        self._ended = not got
        return bool(got)

    def _cut(self, why: str) -> NoReturn:
        self._taken(min(len(self._ahead), max(0, self.most - len(self.kept))))
        raise CutError(why)

    def flush(self) -> None:
        """Do nothing: nothing is written here."""

    def close(self) -> None:
        """Note that the reader needs no more."""
        self.closed = True
