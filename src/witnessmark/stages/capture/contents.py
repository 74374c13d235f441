"""Bytes that need not lie in memory: a file, a stretch of one, a member that is packed in one.

Laws:
1. Memory is flat: what is held of a file on the disk is a few pieces of it.
2. What is read is what was hashed: a piece of a file on the disk is compared, each time it
   is read, with the sum that was taken when the whole was hashed.
3. A file that changes underneath, ends early or cannot be read fails as a whole, by name
   and byte; nothing of it is taken in.
"""

from __future__ import annotations

import hashlib
import io
import os
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

from witnessmark.core.errors import UnreadableInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed import WriteableBuffer

PIECE_BYTES = 1024 * 1024
"""Bytes of a piece: what is read, summed and compared at a time."""

HEAD_BYTES = 65_536
"""Bytes at the beginning of a file that say what it is."""

HELD_PIECES = 8
"""Pieces of a file that are held: an archive's list and a member or two."""


class SourceFailed(UnreadableInput):
    """The file failed while it was read: it changed, ended early, or the medium is damaged."""


class Data(Protocol):
    """What readers by random access need; ``bytes`` has it."""

    def __len__(self) -> int:
        """Return the number of bytes."""
        ...

    def __getitem__(self, stretch: slice, /) -> bytes:
        """Return the bytes of *stretch*, fewer where they end."""
        ...


class Content(ABC):
    """The bytes of one file, in memory or not."""

    seekable = True
    """Whether a stretch can be read without all that stands before it."""

    def __init__(self, size: int) -> None:
        """Be *size* bytes."""
        self.size = size
        self._sha256 = ""

    def __len__(self) -> int:
        """Return the number of bytes."""
        return self.size

    def __getitem__(self, stretch: slice) -> bytes:
        """Return the bytes of *stretch* (step 1)."""
        first, last, _ = stretch.indices(self.size)
        return self._between(first, max(first, last))

    @abstractmethod
    def _between(self, first: int, last: int) -> bytes: ...

    @abstractmethod
    def pieces(self, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from *first* to *last*, in order, in pieces."""

    def whole(self) -> bytes:
        """Return all bytes: only where they are known to be few."""
        return self._between(0, self.size)

    @property
    def sha256(self) -> str:
        """Return the digest of the whole, hex; read for it once."""
        if not self._sha256:
            running = hashlib.sha256()
            for piece in self.pieces():
                running.update(piece)
            self._sha256 = running.hexdigest()
        return self._sha256

    def settle(self, sha256: str, size: int, *, where: str) -> None:
        """Take note of what was stored of it.

        Raises:
            SourceFailed: that is not what was hashed before.
        """
        if size != self.size or (self._sha256 and self._sha256 != sha256):
            raise changed(where)
        self._sha256 = sha256


class Held(Content):
    """Bytes in memory."""

    def __init__(self, content: bytes) -> None:
        """Hold *content*."""
        super().__init__(len(content))
        self._content = content

    def _between(self, first: int, last: int) -> bytes:
        return self._content[first:last]

    def pieces(self, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from *first* to *last* at once."""
        yield self._content[first:last]

    def whole(self) -> bytes:
        """Return the bytes, not a copy."""
        return self._content


class Stretch(Content):
    """A stretch of another content, as it stands there."""

    def __init__(self, base: Content, first: int, last: int) -> None:
        """Be the bytes of *base* from *first* to *last*, exclusive."""
        super().__init__(last - first)
        self._base = base
        self._first = first
        self.seekable = base.seekable

    def _between(self, first: int, last: int) -> bytes:
        return self._base[self._first + first : self._first + last]

    def pieces(self, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from *first* to *last*."""
        end = self.size if last is None else min(last, self.size)
        return self._base.pieces(self._first + first, self._first + end)


class Made(Content):
    """Bytes that are made anew, from the first on, each time they are asked for."""

    seekable = False

    def __init__(self, size: int, make: Callable[[], Iterator[bytes]]) -> None:
        """Be the *size* bytes that *make* yields; it has yielded them once without fault."""
        super().__init__(size)
        self._make = make

    def _between(self, first: int, last: int) -> bytes:
        return b"".join(self.pieces(first, last))

    def pieces(self, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from *first* to *last*; what stands before is made and dropped."""
        end = self.size if last is None else min(last, self.size)
        at = 0
        for piece in self._make():
            if at >= end:
                break
            if at + len(piece) > first:
                yield piece[max(0, first - at) : end - at]
            at += len(piece)


class OnDisk(Content):
    """A file on the disk, opened once. Who opened the file closes it."""

    def __init__(
        self, handle: int, *, where: str, heard: Callable[[int, int], None] | None = None
    ) -> None:
        """Speak for the regular file that *handle* has open.

        Args:
            handle: its descriptor.
            where: how errors name it.
            heard: told of bytes done and bytes in all while the whole is read.
        """
        self._state = _state(handle)
        super().__init__(self._state[0])
        self._handle = handle
        self._where = where
        self._heard = heard
        self._head = b""
        self._sums: list[bytes] = []
        self._held: dict[int, bytes] = {}

    def _between(self, first: int, last: int) -> bytes:
        if last <= HEAD_BYTES and not self._sums:
            # not hashed yet: whoever hashes or stores the file compares this head
            self._head = self._head or self._read(0, min(HEAD_BYTES, self.size))
            return self._head[first:last]
        numbers = range(first // PIECE_BYTES, -(-last // PIECE_BYTES))
        blocks = [
            self._piece(number)[max(0, first - number * PIECE_BYTES) : last - number * PIECE_BYTES]
            for number in numbers
        ]
        return blocks[0] if len(blocks) == 1 else b"".join(blocks)

    def pieces(self, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from *first* to *last*.

        The whole file is not compared piece by piece: who takes it hashes it, and
        :meth:`settle` compares.
        """
        end = self.size if last is None else min(last, self.size)
        if (first, end) == (0, self.size):
            yield from self._pass()
            return
        while first < end:
            stop = min(end, (first // PIECE_BYTES + 1) * PIECE_BYTES)
            yield self[first:stop]
            first = stop

    def whole(self) -> bytes:
        """Return all bytes, hashed.

        Raises:
            SourceFailed: they are not what was hashed before.
        """
        content = b"".join(self._pass())
        self.settle(hashlib.sha256(content).hexdigest(), len(content), where=self._where)
        return content

    @property
    def sha256(self) -> str:
        """Return the digest of the whole, hex."""
        if not self._sha256:
            self.settle(super().sha256, self.size, where=self._where)
        return self._sha256

    def _piece(self, number: int) -> bytes:
        """Return piece *number*, compared with its sum."""
        if not self._sums:
            self._take_sums()
        piece = self._held.pop(number, None)
        if piece is None:
            first = number * PIECE_BYTES
            piece = self._read(first, min(PIECE_BYTES, self.size - first))
            if hashlib.sha256(piece).digest() != self._sums[number]:
                raise changed(self._where, first)
        self._held[number] = piece  # the newest stands last
        if len(self._held) > HELD_PIECES:
            del self._held[next(iter(self._held))]
        return piece

    def _take_sums(self) -> None:
        """Hash the whole, and each piece of it beside: one pass on two threads."""
        sums: list[bytes] = []
        running = hashlib.sha256()
        with ThreadPoolExecutor(max_workers=1) as beside:
            for piece in self._pass():
                under_way = beside.submit(running.update, piece)
                sums.append(hashlib.sha256(piece).digest())
                under_way.result()
        self.settle(running.hexdigest(), self.size, where=self._where)
        self._sums = sums

    def _pass(self) -> Iterator[bytes]:
        """Yield the whole file; the head must be the one that was looked at."""
        place = 0
        while place < self.size:
            piece = self._read(place, min(PIECE_BYTES, self.size - place))
            if place == 0 and not piece.startswith(self._head):
                raise changed(self._where, 0)
            yield piece
            place += len(piece)
            if self._heard is not None:
                self._heard(place, self.size)
        if _state(self._handle) != self._state:
            raise changed(self._where)

    def _read(self, first: int, size: int) -> bytes:
        try:
            piece = os.pread(self._handle, size, first)
            while len(piece) < size:
                more = os.pread(self._handle, size - len(piece), first + len(piece))
                if not more:
                    raise changed(self._where, first + len(piece))
                piece += more
        except OSError as error:
            raise SourceFailed(
                f"the file cannot be read: {error.strerror}",
                where=f"{self._where}, byte {first}",
                to_do="copy it from its medium again, with a tool that names bad sectors "
                "(ddrescue), and give the copy",
            ) from error
        return piece


def _state(handle: int) -> tuple[int, ...]:
    """Return what changes when somebody writes to the file."""
    status = os.fstat(handle)
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def changed(where: str, place: int | None = None) -> SourceFailed:
    """Return the error for a file that is not what it was a moment ago."""
    return SourceFailed(
        "the file changed while it was read",
        where=where if place is None else f"{where}, byte {place}",
        to_do="close the program that writes to it, or give a copy of it",
    )


class Stream:
    """A content as a stream, for the vault."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        """Begin with the first of *pieces*."""
        self._pieces = pieces
        self._ahead = b""

    def read(self, size: int = -1) -> bytes:
        """Return up to *size* bytes, none at the end."""
        if not self._ahead:
            self._ahead = next(self._pieces, b"")
        if size < 0 or size >= len(self._ahead):
            piece, self._ahead = self._ahead, b""
        else:
            piece, self._ahead = self._ahead[:size], self._ahead[size:]
        return piece


class _Raw(io.RawIOBase):
    """A content as a file that can be read from any place."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, place: int, whence: int = os.SEEK_SET, /) -> int:
        begin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._data)}[whence]
        if begin + place < 0:
            message = "a place before the beginning"
            raise ValueError(message)
        self._at = begin + place
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        with memoryview(buffer) as room:
            piece = self._data[self._at : self._at + room.nbytes]
            room[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def as_file(data: Data) -> io.BufferedIOBase:
    """Return *data* as a file for libraries that read from any place."""
    if isinstance(data, bytes):
        return io.BytesIO(data)
    return io.BufferedReader(_Raw(data), HEAD_BYTES)


def part(data: Data, first: int, last: int) -> bytes | Content:
    """Return a stretch of *data*: of bytes as bytes, else without reading it."""
    return Stretch(data, first, last) if isinstance(data, Content) else data[first:last]


def content_of(data: bytes | Content) -> Content:
    """Return *data* as a content."""
    return data if isinstance(data, Content) else Held(data)
