"""Render the demo's drawing (``drawing.svg``) to ``drawing.png`` with Chromium, without metadata.

Laws:
1. It is a drawing and says so inside the picture.
2. The PNG holds pixels only: no EXIF, no text, no time.

    .venv/bin/python tools/draw_demo_picture.py
"""

from __future__ import annotations

import struct
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "src/witnessmark/examples/first_case"
KEPT = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
"""The chunks that make the picture; everything else is left out."""
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def pixels_only(png: bytes) -> bytes:
    """Return *png* with only the chunks that make the picture.

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
        place = end
    return bytes(kept)


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
        (FOLDER / "drawing.png").write_bytes(pixels_only(shot.read_bytes()))
    print(f"drawing.png: {(FOLDER / 'drawing.png').stat().st_size} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
