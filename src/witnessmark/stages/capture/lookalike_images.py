"""Nearly equal pictures: a difference hash of brightness (dHash), in eight positions.

A picture is shrunk to 9 by 9 grey fields; each bit says whether a field is darker than its
neighbour to the right (72 bits) or below (72 bits). Copying, scaling and compressing change
few of them. Turned and mirrored copies are found by hashing the eight positions of the
fields.

Laws:
1. Pure: bytes in, bits out; no face, person or place is looked for.
2. EXIF and XMP data are not read, the camera's turn included.
3. A picture without contrast (a white page) has no hash: it would be like every other.
4. A hostile picture costs bounded time and memory.
"""

from __future__ import annotations

import io
import warnings
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING

from witnessmark.stages.capture.picture import DRAWN, MOST_PIXELS

if TYPE_CHECKING:
    from PIL import Image as Pictures

FIELDS = 9
BITS = 2 * FIELDS * (FIELDS - 1)
"""Bits of a hash: 144."""

MOST_BITS_APART = 14
"""Bits (10 of 100) that two copies of one picture may differ in; unrelated ones differ in
about half."""

LEAST_CONTRAST = 16
"""Steps of 255 between the darkest and the brightest field."""


def available() -> bool:
    """Return whether pictures can be opened here."""
    return find_spec("PIL") is not None


def picture_of(content: bytes, media_type: str) -> tuple[int, ...] | None:
    """Return the hash of a picture in its eight positions, the upright one first.

    None if it cannot be compared: not a picture that can be opened, too large, damaged,
    or without contrast.
    """
    if media_type not in DRAWN or not available():
        return None
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                if image.width * image.height > MOST_PIXELS:
                    return None
                image.draft("L", (FIELDS * 8, FIELDS * 8))
                small = _on_white(image).resize((FIELDS, FIELDS), Image.Resampling.BOX)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombWarning, MemoryError):
        return None
    grey = small.tobytes()
    if max(grey) - min(grey) < LEAST_CONTRAST:
        return None
    rows = [list(grey[at : at + FIELDS]) for at in range(0, FIELDS * FIELDS, FIELDS)]
    return positions(rows)


def _on_white(image: Pictures.Image) -> Pictures.Image:
    """Return *image* in grey; what is transparent is white, as a page would show it."""
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("L")
    seen = image.convert("RGBA")
    page = Image.new("RGBA", seen.size, "white")
    page.alpha_composite(seen)
    return page.convert("L")


def positions(rows: list[list[int]]) -> tuple[int, ...]:
    """Return the hashes of the fields turned four times, upright and mirrored."""
    found: list[int] = []
    for start in (rows, [row[::-1] for row in rows]):
        turned = start
        for _ in range(4):
            found.append(_hash(turned))
            turned = [list(column) for column in zip(*turned[::-1], strict=True)]
    return tuple(found)


def bits_apart(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, bool, int]:
    """Return the bits in which two pictures differ, whether one is turned, and all bits."""
    apart = [(left[0] ^ other).bit_count() for other in right]
    best = min(apart)
    return best, apart[0] != best, BITS


def _hash(rows: list[list[int]]) -> int:
    bits = 0
    for row in rows:
        for here, right in pairwise(row):
            bits = bits << 1 | (here < right)
    for row, below in pairwise(rows):
        for here, down in zip(row, below, strict=True):
            bits = bits << 1 | (here < down)
    return bits
