"""Plain text: the rendition is the text itself, line ends and all.

Law: the rendition is the original's text, sign for sign; each line maps to its bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.core.source import Rendering, SourceKind
from witnessmark.stages.capture.encodings import ByteCursor, decode
from witnessmark.stages.capture.headline import facts_of_text
from witnessmark.stages.capture.reading import Read, TextBuilder

if TYPE_CHECKING:
    from witnessmark.stages.capture.limits import Limits

RENDERER = "witnessmark text/1"


def read_text(content: bytes, *, where: str, limits: Limits, charset: str = "") -> Read:
    """Read a plain text file; *charset* is what the server stated, if one sent it.

    Raises:
        UnreadableInput: its encoding is not certain, or it is too long.
    """
    decoded = decode(content, where=where, declared=charset)
    cursor = ByteCursor(decoded)
    builder = TextBuilder(most=limits.max_text, where=where)
    place, first = 0, decoded.start
    for line in decoded.text.splitlines(keepends=True):
        place += len(line)
        last = cursor.at(place)
        builder.add(line, "bytes", first, last)
        first = last
    return Read(
        SourceKind.TEXT,
        "text/plain",
        builder.rendered(Rendering.IDENTITY, f"{RENDERER}, {decoded.codec}"),
        facts_of_text(decoded.text),
        ()
        if decoded.how in {"every byte obeys it", "byte order mark"}
        else (f"encoding {decoded.codec}: {decoded.how}",),
    )
