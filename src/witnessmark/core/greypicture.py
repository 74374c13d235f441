"""Pictures of 16 greys, and their one form as PNG: small, exact, without any metadata.

Laws:
1. Pure: the same greys give the same bytes on one build.
2. A PNG made here holds size and greys only (chunks IHDR, IDAT, IEND).
3. Only what was made here is read: anything else is refused, not interpreted.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WHITE = 15
STEPS = 16
FRAME = (176, 84, 0)
"""Colour of the frame around a mark: red, green, blue."""
SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEAD = struct.Struct(">IIBBBBB")
GREY_16 = (4, 0, 0, 0, 0)
"""Bits per grey, colour type, compression, filter, interlace (PNG, third edition, 11.2.1)."""
MOST_PIXELS = 16_000_000
EFFORT = 6


@dataclass(frozen=True, slots=True, eq=False)
class GreyPicture:
    """A picture.

    Attributes:
        greys: rows of greys, 0 (black) to 15 (white).
    """

    greys: NDArray[np.uint8]

    @classmethod
    def of_bytes(cls, greys: NDArray[np.uint8]) -> GreyPicture:
        """Return the picture whose greys, 0 to 255, are *greys*."""
        steps = (greys.astype(np.uint16) * WHITE + 127) // 255
        return cls(steps.astype(np.uint8))

    @property
    def width(self) -> int:
        """Return the pixels across."""
        return int(self.greys.shape[1])

    @property
    def height(self) -> int:
        """Return the pixels down."""
        return int(self.greys.shape[0])

    def part(self, left: int, upper: int, right: int, lower: int) -> GreyPicture:
        """Return a stretch of the picture."""
        return GreyPicture(self.greys[upper:lower, left:right])

    def covered(self, areas: tuple[tuple[int, int, int, int], ...], grey: int) -> GreyPicture:
        """Return the picture with *areas* (left, upper, right, lower) filled: gone, not hidden."""
        if not areas:
            return self
        greys = self.greys.copy()
        for left, upper, right, lower in areas:
            greys[max(upper, 0) : max(lower, 0), max(left, 0) : max(right, 0)] = grey
        return GreyPicture(greys)

    def to_png(self) -> bytes:
        """Return the picture as PNG."""
        even = self.greys if self.width % 2 == 0 else np.pad(self.greys, ((0, 0), (0, 1)))
        packed = (even[:, 0::2] << 4) | even[:, 1::2]
        rows = np.pad(packed, ((0, 0), (1, 0)))  # a zero before each row: no filter
        head = HEAD.pack(self.width, self.height, *GREY_16)
        body = zlib.compress(rows.tobytes(), EFFORT)
        chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
        return SIGNATURE + b"".join(_chunk(name, data) for name, data in chunks)

    def to_marked_png(self, areas: tuple[tuple[int, int, int, int], ...]) -> bytes:
        """Return the picture as PNG with *areas* marked in yellow, framed, the ink readable."""
        marks = np.zeros(self.greys.shape, dtype=np.uint8)
        frame = np.zeros(self.greys.shape, dtype=bool)
        for left, upper, right, lower in areas:
            box = (slice(max(upper, 0), max(lower, 0)), slice(max(left, 0), max(right, 0)))
            marks[box] = STEPS
            edge = frame[max(upper - 1, 0) : lower + 1, max(left - 1, 0) : right + 1]
            edge[:1], edge[-1:], edge[:, :1], edge[:, -1:] = True, True, True, True
        signs = np.where(frame, 2 * STEPS, self.greys + marks).astype(np.uint8)
        rows = np.pad(signs, ((0, 0), (1, 0)))
        plain = [(grey * 17,) * 3 for grey in range(STEPS)]
        yellow = [
            (grey * 17, grey * 17 * 225 // 255, grey * 17 * 70 // 255) for grey in range(STEPS)
        ]
        palette = bytes(part for colour in (*plain, *yellow, FRAME) for part in colour)
        chunks = (
            (b"IHDR", HEAD.pack(self.width, self.height, 8, 3, 0, 0, 0)),
            (b"PLTE", palette),
            (b"IDAT", zlib.compress(rows.tobytes(), EFFORT)),
            (b"IEND", b""),
        )
        return SIGNATURE + b"".join(_chunk(name, data) for name, data in chunks)

    @classmethod
    def from_png(cls, content: bytes) -> GreyPicture:
        """Return the picture that :meth:`to_png` wrote.

        Raises:
            ValueError: the bytes are not of that form.
        """
        head, body = _parts(content)
        width, height, *form = HEAD.unpack(head)
        row = (width + 1) // 2 + 1
        if tuple(form) != GREY_16 or not 0 < width * height <= MOST_PIXELS:
            raise ValueError("not a picture of 16 greys")
        try:
            plain = zlib.decompressobj().decompress(body, row * height + 1)
        except zlib.error as error:
            raise ValueError("the greys cannot be read") from error
        if len(plain) != row * height:
            raise ValueError("the greys are cut off")
        packed = np.frombuffer(plain, dtype=np.uint8).reshape(height, row)[:, 1:]
        greys = np.empty((height, packed.shape[1] * 2), dtype=np.uint8)
        greys[:, 0::2] = packed >> 4
        greys[:, 1::2] = packed & WHITE
        return cls(greys[:, :width])


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _parts(content: bytes) -> tuple[bytes, bytes]:
    """Return the content of IHDR and IDAT of a file of our one form."""
    found: list[bytes] = []
    at = len(SIGNATURE)
    for name in (b"IHDR", b"IDAT", b"IEND"):
        size = int.from_bytes(content[at : at + 4], "big")
        data = content[at + 8 : at + 8 + size]
        if content[at : at + 12 + size] != _chunk(name, data):
            raise ValueError("not a picture that was made here")
        found.append(data)
        at += 12 + size
    if not content.startswith(SIGNATURE) or at != len(content) or len(found[0]) != HEAD.size:
        raise ValueError("not a picture that was made here")
    return found[0], found[1]
