"""Render the demo's drawing (``drawing.svg``) to ``drawing.png`` with Chromium.

Laws:
1. It is a drawing and says so inside the picture, and in one line of text for programs.
2. The PNG holds pixels and that line, nothing else: no EXIF, no software, no time.

    .venv/bin/python tools/draw_demo_picture.py
"""

from __future__ import annotations

import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "src/witnessmark/examples/first_case"
KEPT = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
"""The chunks that make the picture; everything else is left out."""
MARK = b"Comment\x00INVENTED EXAMPLE, NOT EVIDENCE (a drawing, not a photograph)"
"""What the file says of itself to a program (PNG chunk ``tEXt``, Latin-1)."""
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def marked(png: bytes) -> bytes:
    """Return *png* with the chunks that make the picture and the mark, which comes second.

    Raises:
        ValueError: it is no PNG.
    """
    if not png.startswith(SIGNATURE):
        raise ValueError("not a PNG")
    kept = bytearray(SIGNATURE)
    place = len(SIGNATURE)
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        end = place + 12 + length
        if png[place + 4 : place + 8] in KEPT:
            kept += png[place:end]
            if png[place + 4 : place + 8] == b"IHDR":
                kept += _chunk(b"tEXt", MARK)
        place = end
    return bytes(kept)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main() -> None:
    """Render the drawing in an empty browser profile."""
    with tempfile.TemporaryDirectory() as scratch:
        shot = Path(scratch) / "drawing.png"
        subprocess.run(
            [
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--hide-scrollbars",
                f"--user-data-dir={scratch}/profile",
                "--window-size=1200,800",
                f"--screenshot={shot}",
                (FOLDER / "drawing.svg").as_uri(),
            ],
            check=True,
            capture_output=True,
        )
        (FOLDER / "drawing.png").write_bytes(marked(shot.read_bytes()))
    print(f"drawing.png: {(FOLDER / 'drawing.png').stat().st_size} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
