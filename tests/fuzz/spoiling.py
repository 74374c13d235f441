"""Ways to spoil a good file, from a source of chance: the same chance, the same file.

Laws:
1. Nothing here knows what a file means, but how it is packed: a part is also spoiled inside
   its container, which is then packed again, so that sums and lengths still fit.
2. Pure: bytes and chance in, bytes out.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

PRINTABLE = 0.7
"""Share of overwritten stretches that stay ASCII: a text that does not decode is refused at the
door and tries nothing behind it."""

INSIDE = 0.6
"""Share of containers that are spoiled inside."""

MOST = 400
"""Times that a sign is put in at once."""

JUNK = (
    b"\x00", b"\xff\xfe", "\u202e\U0001f9f5\u0301".encode(), b"<", b"&#x110000;",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"((((((((", b"999999999999999999", b"\r\n\r\n--",
    b"=C0=80", b"endobj", b"-1", b"2147483648", b"4294967295", b"%s%n", b"../../", b"{}", b"[[[[",
    b"\xed\xa0\x80", b"1e999", b"NaN", b'"', b",", b"\xf0\x9f", b"stream\r\n", b"<w:p>", b"/Kids[",
)  # fmt: skip
"""Signs that readers trip over: halves of characters, entities, marks that turn writing."""


def spoiled(data: bytes, chance: random.Random, other: bytes = b"") -> bytes:
    """Return *data* with one to six things wrong; *other* may lend a stretch."""
    if chance.random() < INSIDE:
        inner = _inside(data, chance)
        if inner is not None:
            return inner
    whole = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        _spoil(whole, chance, other)
    return bytes(whole)


def _spoil(whole: bytearray, chance: random.Random, other: bytes) -> None:
    """Do one thing wrong to *whole*."""
    at = chance.randrange(len(whole) or 1)
    end = min(len(whole), at + chance.choice((1, 2, 8, 64, 1024)))
    match chance.randrange(8):
        case 0:
            signs = bytes(range(32, 127)) if chance.random() < PRINTABLE else bytes(range(256))
            whole[at:end] = bytes(chance.choices(signs, k=end - at))
        case 1:
            del whole[at:end]
        case 2:
            whole[at:at] = chance.choice(JUNK) * chance.choice((1, 1, 3, MOST))
        case 3:
            whole[at:at] = whole[at:end] * chance.choice((1, 30))
        case 4:
            whole[at:end] = chance.choice(JUNK)
        case 5 if other:
            start = chance.randrange(len(other))
            whole[at:end] = other[start : start + chance.choice((4, 64, 1024))]
        case 6 if whole:
            whole[at] ^= 1 << chance.randrange(8)
        case _:
            del whole[at + (len(whole) - at) // chance.choice((1, 2, 8)) :]


def _inside(data: bytes, chance: random.Random) -> bytes | None:
    """Return a container with one part spoiled and all sums right, None for no container."""
    try:
        if data.startswith(b"PK"):
            return _zip(data, chance)
        if data.startswith(b"\x1f\x8b"):
            return gzip.compress(spoiled(gzip.decompress(data), chance), mtime=0)
        if data[257:262] == b"ustar":
            return _tar(data, chance)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, tarfile.TarError, zlib.error):
        return None
    return None


def _zip(data: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        parts = [(info.filename, box.read(info)) for info in box.infolist()]
    chosen = chance.randrange(len(parts))
    out = io.BytesIO()
    with zipfile.ZipFile(
        out, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    ) as box:
        for number, (name, content) in enumerate(parts):
            info = zipfile.ZipInfo(name)
            box.writestr(info, spoiled(content, chance) if number == chosen else content)
    return out.getvalue()


def _tar(data: bytes, chance: random.Random) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(data)) as box:
        parts = [(entry, box.extractfile(entry)) for entry in box.getmembers()]
        read = [(entry, file.read() if file else None) for entry, file in parts]
    files = [number for number, (_, content) in enumerate(read) if content is not None]
    chosen = chance.choice(files)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as box:
        for number, (entry, content) in enumerate(read):
            if content is None:
                box.addfile(entry)
                continue
            kept = spoiled(content, chance) if number == chosen else content
            entry.size = len(kept)
            box.addfile(entry, io.BytesIO(kept))
    return out.getvalue()
