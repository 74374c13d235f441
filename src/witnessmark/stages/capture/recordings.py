"""Video and sound: known by how they begin, kept, never decoded.

Law: a recording is evidence as it is. Nothing here plays it, and nothing reads a place or a
time out of it; what its format writes down of a place is only noticed (:data:`PLACE_MARKS`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BRANDS = {
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"3gp": "video/3gpp",
    b"3g2": "video/3gpp2",
}
"""Brands of the ISO base media format (ISO/IEC 14496-12); every other one is MP4."""

_BEGINNINGS: tuple[tuple[bytes, int, bytes, str], ...] = (
    (b"\x00", 4, b"moov", "video/quicktime"),
    (b"\x00", 4, b"mdat", "video/quicktime"),
    (b"\x00", 4, b"wide", "video/quicktime"),
    (b"\x1aE\xdf\xa3", 0, b"", "video/x-matroska"),
    (b"RIFF", 8, b"AVI ", "video/x-msvideo"),
    (b"RIFF", 8, b"WAVE", "audio/wav"),
    (b"FORM", 8, b"AIFF", "audio/aiff"),
    (b"FLV\x01", 0, b"", "video/x-flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", 0, b"", "video/x-ms-asf"),
    (b"\x00\x00\x01\xba", 0, b"", "video/mpeg"),
    (b"\x00\x00\x01\xb3", 0, b"", "video/mpeg"),
    (b"ID3\x02", 0, b"", "audio/mpeg"),
    (b"ID3\x03", 0, b"", "audio/mpeg"),
    (b"ID3\x04", 0, b"", "audio/mpeg"),
    (b"\xff\xfb", 0, b"", "audio/mpeg"),
    (b"\xff\xf3", 0, b"", "audio/mpeg"),
    (b"\xff\xf2", 0, b"", "audio/mpeg"),
    (b"\xff\xf1", 0, b"", "audio/aac"),
    (b"\xff\xf9", 0, b"", "audio/aac"),
    (b"OggS\x00", 0, b"", "audio/ogg"),
    (b"fLaC\x00", 0, b"", "audio/flac"),
    (b"#!AMR", 0, b"", "audio/amr"),
    (b"caff\x00", 0, b"", "audio/x-caf"),
)
"""How recordings begin: first bytes, a place with the bytes that stand there, the media type."""

TRANSPORT_PACKET = 188
"""Bytes of a packet of an MPEG transport stream; each begins with 0x47 (ISO/IEC 13818-1)."""


def recording_type(head: bytes) -> str:
    r"""Return the media type of the recording that begins with *head*, empty if it is none.

    Example:
        >>> recording_type(b"\0\0\0\x18ftypmp42")
        'video/mp4'
    """
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return next(
            (kind for start, kind in _BRANDS.items() if brand.startswith(start)), "video/mp4"
        )
    for start, place, mark, kind in _BEGINNINGS:
        if head.startswith(start) and head[place : place + len(mark)] == mark:
            return kind
    packets = head[: 4 * TRANSPORT_PACKET]
    is_stream = packets[::TRANSPORT_PACKET] == b"GGGG" and not packets.isascii()
    return "video/mp2t" if is_stream else ""


PLACE_MARKS = (
    b"Exif\x00\x00",
    b"http://ns.adobe.com/xap/",
    b"<x:xmpmeta",
    b"\xa9xyz\x00",
    b"loci\x00\x00\x00\x00",
    b"location.ISO6709",
)
"""What EXIF and XMP data and the places that cameras write into films (QuickTime, 3GPP) begin
with."""

_OVERLAP = max(map(len, PLACE_MARKS)) - 1

WATCHED_BYTES = 16 * 1024 * 1024
"""Bytes at the beginning and at the end of a file in which marks are looked for: cameras write
their boxes there (``moov`` first or last), and looking through all takes five times as long as
hashing."""


def watched(pieces: Iterator[bytes], size: int, found: list[bytes]) -> Iterator[bytes]:
    """Yield *pieces*, *size* bytes in all; put the first mark of a place into *found*."""
    before = b""
    at = 0
    for piece in pieces:
        if not found and (at < WATCHED_BYTES or at + len(piece) > size - WATCHED_BYTES):
            seam = before + piece[:_OVERLAP]
            found += [mark for mark in PLACE_MARKS if mark in piece or mark in seam][:1]
            before = piece[-_OVERLAP:]
        at += len(piece)
        yield piece
