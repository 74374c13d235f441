"""What passes through: hashed, and brought to the disk, beside the reading and writing.

Laws:
1. Memory is flat: a few pieces are under way at a time.
2. Every error on a thread is heard before the work counts as done.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from concurrent.futures import Future

    from witnessmark.store.age import Reader, Writer

PIECE_BYTES = 1024 * 1024
"""How much of a stream is held at a time."""

AT_ONCE = 2
"""Pieces that wait to be hashed: one under way, one beside it; memory stays flat."""


class Digest:
    """SHA-256 and size of what passes, counted on a thread beside the reading and writing."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._hash = hashlib.sha256()
        self._gathered = bytearray()
        self._beside = ThreadPoolExecutor(max_workers=1)
        self._under_way: deque[Future[None]] = deque()
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Count *piece*; it may be hashed later, so it must not change."""
        self.size += len(piece)
        if not self._gathered and len(piece) >= PIECE_BYTES:
            self._pass_on(piece)  # without copying it
            return
        self._gathered += piece
        if len(self._gathered) >= PIECE_BYTES:
            self._pass_on(self._gathered)
            self._gathered = bytearray()

    def _pass_on(self, piece: bytes | bytearray) -> None:
        self._wait(AT_ONCE - 1)
        self._under_way.append(self._beside.submit(self._hash.update, piece))

    def _wait(self, most: int) -> None:
        while len(self._under_way) > most:
            self._under_way.popleft().result()

    def digest(self) -> bytes:
        """Return the digest of all that passed."""
        self._pass_on(self._gathered)
        self._gathered = bytearray()
        self._wait(0)
        return self._hash.digest()

    def close(self) -> None:
        """End the thread."""
        self._beside.shutdown()


EARLY_BYTES = 64 * 1024 * 1024
"""Bytes after which the disk is asked to begin: waiting for it at the end took a third of the
time of 400 MB (bench/custody)."""


class Ahead:
    """A file whose bytes go to the disk while the next ones are still being made."""

    def __init__(self, file: BinaryIO) -> None:
        """Write to *file*, which somebody else closes."""
        self._file = file
        self._beside = ThreadPoolExecutor(max_workers=1)
        self._under_way: Future[None] | None = None
        self._fresh = 0

    def write(self, piece: bytes) -> None:
        """Write *piece* and ask the disk to begin, now and then.

        Raises:
            OSError: it could not be written, or an earlier piece could not.
        """
        self._file.write(piece)
        self._fresh += len(piece)
        if self._fresh >= EARLY_BYTES and (self._under_way is None or self._under_way.done()):
            self.finish()
            self._fresh = 0
            self._file.flush()
            self._under_way = self._beside.submit(os.fdatasync, self._file.fileno())

    def finish(self) -> None:
        """Hear what the disk said; it says it once, the last ``fsync`` may not hear it again.

        Raises:
            OSError: it could not be written.
        """
        if self._under_way is not None:
            self._under_way.result()
            self._under_way = None

    def close(self) -> None:
        """Wait: the file may be closed then."""
        self._beside.shutdown()


class Hashed:
    """A reader that hashes what passes, and reads ahead by a piece."""

    def __init__(self, reader: Reader, counted: Digest) -> None:
        """Read from *reader* and count in *counted*."""
        self._reader = reader
        self._counted = counted
        self._ahead = b""
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """Return up to *size* bytes, none at the end."""
        if self._at >= len(self._ahead):
            self._ahead, self._at = self._reader.read(PIECE_BYTES), 0
            self._counted.add(self._ahead)
        end = len(self._ahead) if size < 0 else self._at + size
        piece = self._ahead[self._at : end]
        self._at += len(piece)
        return piece


class Hashing:
    """A writer that hashes what passes.

    Attributes:
        failed: whether it was the writer that could not go on.
    """

    def __init__(self, writer: Writer, counted: Digest) -> None:
        """Write to *writer* and count in *counted*."""
        self._writer = writer
        self._counted = counted
        self.failed = False

    def write(self, piece: bytes) -> None:
        """Pass *piece* on.

        Raises:
            OSError: the writer could not take it.
        """
        self._counted.add(piece)
        try:
            self._writer.write(piece)
        except OSError:
            self.failed = True
            raise


class Nowhere:
    """A writer that keeps nothing."""

    def write(self, piece: bytes) -> None:
        """Drop *piece*."""
