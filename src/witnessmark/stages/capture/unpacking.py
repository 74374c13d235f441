"""Undoing compression within bounds: gzip, deflate, bzip2, xz.

Laws:
1. What comes out is counted while it comes out, whatever the file claims.
2. A stream that ends early or has another behind it that is none is refused by its place.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from witnessmark.stages.capture.contents import Data

STEP = 1 << 20
"""Bytes that are unpacked at a time."""

FIRST_STEP = 1 << 14
"""Bytes that are taken first, since most records of a web archive are small; then doubled."""

XZ_MEMORY = 128 * 1024 * 1024
"""Bytes of memory that an xz stream may ask for; ``xz -9`` asks for 65 MiB."""

MOST_RATIO = 250
"""Times its size that a stream may unpack to once it has given :data:`FREE` bytes."""

FREE = 16 * 1024 * 1024
"""Bytes that may come out before the ratio counts: a sheet of zeros packs well, too."""

GZIP, DEFLATE, RAW_DEFLATE = 31, 15, -15
"""zlib's window codes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One compressed stream, unpacked.

    Attributes:
        content: what came out.
        first: where the stream begins in the file.
        last: where it ends, exclusive.
    """

    content: bytes
    first: int
    last: int


class Budget:
    """Counts what a file unpacks to, all its streams together."""

    def __init__(self, most: int, *, where: str) -> None:
        """Allow *most* bytes for the file *where*."""
        self._most = most
        self._left = most
        self._where = where

    def take(self, size: int, place: str = "") -> None:
        """Count *size* bytes.

        Raises:
            UnreadableInput: the file unpacks to more than it may.
        """
        self._left -= size
        if self._left < 0:
            raise UnreadableInput(
                f"the file unpacks to more than {self._most} bytes",
                where=f"{self._where}, {place}" if place else self._where,
                to_do="do not open it; ask who sent it for the files themselves",
            )

    def ratio(self, packed: int, unpacked: int, place: str) -> None:
        """Refuse a stream of *packed* bytes that gave far too many.

        Raises:
            UnreadableInput: the ratio is that of a bomb, not of a document.
        """
        if unpacked > FREE and unpacked > MOST_RATIO * max(packed, 1):
            raise UnreadableInput(
                f"the file unpacks to more than {MOST_RATIO} times its size",
                where=f"{self._where}, {place}" if place else self._where,
                to_do="do not open it; ask who sent it for the files themselves",
            )

    def broken(self, place: str, what: str) -> UnreadableInput:
        """Return the error for a stream that is damaged at *place*."""
        return UnreadableInput(
            what,
            where=f"{self._where}, {place}",
            to_do="copy it again from where it came",
        )


class Inflating:
    """A deflate or gzip stream, unpacked block by block while it is iterated.

    Attributes:
        last: where it ends in the data, exclusive; known once it was iterated to its end.
    """

    def __init__(self, data: Data, first: int, budget: Budget, *, window: int = GZIP) -> None:
        """Begin at byte *first* of *data*."""
        self._data = data
        self._first = first
        self._budget = budget
        self._window = window
        self.last = first

    def __iter__(self) -> Iterator[bytes]:
        """Yield what comes out.

        Raises:
            UnreadableInput: it is damaged, cut off, or unpacks to too much.
        """
        data, first, budget = self._data, self._first, self._budget
        stream = zlib.decompressobj(self._window)
        place, done, total, step = f"byte {first}", first, 0, FIRST_STEP
        try:
            while not stream.eof and (stream.unconsumed_tail or done < len(data)):
                given = stream.unconsumed_tail
                if not given:
                    given = data[done : done + step]
                    done += len(given)
                    step = min(2 * step, STEP)
                block = stream.decompress(given, STEP)
                budget.take(len(block), place)
                total += len(block)
                budget.ratio(done - first, total, place)
                yield block
        except zlib.error as error:
            raise budget.broken(place, "the compressed data are damaged") from error
        if not stream.eof:
            raise budget.broken(place, "the compressed data are cut off")
        self.last = done - len(stream.unused_data)


def inflate(data: Data, first: int, budget: Budget, *, window: int = GZIP) -> Piece:
    """Return the deflate or gzip stream that begins at byte *first* of *data*.

    Raises:
        UnreadableInput: it is damaged, cut off, or unpacks to too much.
    """
    stream = Inflating(data, first, budget, window=window)
    content = b"".join(stream)
    return Piece(content, first, stream.last)


def inflate_all(data: Data, budget: Budget) -> bytes:
    """Return all the gzip streams of *data*, joined.

    Raises:
        UnreadableInput: as :func:`inflate`.
    """
    blocks: list[bytes] = []
    place = 0
    while place < len(data) and not _only_zeros(data, place):
        piece = inflate(data, place, budget)
        blocks.append(piece.content)
        place = piece.last
    return b"".join(blocks)


def _only_zeros(data: Data, first: int) -> bool:
    """Return whether nothing but padding stands from byte *first* on."""
    return all(
        not data[place : place + STEP].strip(b"\0") for place in range(first, len(data), STEP)
    )


def _bzip2() -> bz2.BZ2Decompressor:
    return bz2.BZ2Decompressor()


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)


def unbzip2(data: Data, budget: Budget) -> bytes:
    """Return all the bzip2 streams of *data*, joined.

    Raises:
        UnreadableInput: one is damaged, cut off, or unpacks to too much.
    """
    return _streams(data, budget, _bzip2)


def unxz(data: Data, budget: Budget) -> bytes:
    """Return all the xz streams of *data*, joined.

    Raises:
        UnreadableInput: one is damaged, cut off, asks for too much memory or unpacks to
            too much.
    """
    return _streams(data, budget, _xz)


def _streams(
    data: Data,
    budget: Budget,
    opened: Callable[[], bz2.BZ2Decompressor] | Callable[[], lzma.LZMADecompressor],
) -> bytes:
    blocks: list[bytes] = []
    first = 0
    while first < len(data) and not _only_zeros(data, first):
        stream = opened()
        place, done, total = f"byte {first}", first, 0
        try:
            while not stream.eof and (done < len(data) or not stream.needs_input):
                given = data[done : done + STEP] if stream.needs_input else b""
                done += len(given)
                block = stream.decompress(given, STEP)
                budget.take(len(block), place)
                total += len(block)
                budget.ratio(done - first, total, place)
                blocks.append(block)
        except (OSError, EOFError, ValueError, lzma.LZMAError) as error:
            raise budget.broken(place, "the compressed data are damaged") from error
        if not stream.eof:
            raise budget.broken(place, "the compressed data are cut off")
        first = done - len(stream.unused_data)
    return b"".join(blocks)
