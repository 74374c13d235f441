"""Images: stored as they are; their words by OCR where it is installed.

Laws:
1. An image without readable words is a source all the same.
2. The place of a photograph is never inferred: its EXIF and XMP data are noticed, not read.
3. An image that ends before its end mark is refused.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import Rendering, SourceKind
from witnessmark.stages.capture import ocr
from witnessmark.stages.capture.pages import Album
from witnessmark.stages.capture.reading import Read, TextBuilder

if TYPE_CHECKING:
    from witnessmark.stages.capture.limits import Limits

NOT_READ = "no text layer: not read; install witnessmark[ocr]"

DRAWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff"})
"""Media types that the OCR library opens."""

MOST_PIXELS = 80_000_000
"""Pixels of an image that is still read by OCR; a larger one is stored only.

Below the figure at which Pillow itself takes an image for a decompression bomb (89 million).
"""


def read_image(content: bytes, media_type: str, *, where: str, limits: Limits) -> Read:
    """Read an image.

    Raises:
        UnreadableInput: it is cut off.
    """
    _refuse_cut_off(content, media_type, where)
    found = Read(
        SourceKind.IMAGE, media_type, notes=(NOT_READ,), location_data=has_location_data(content)
    )
    if media_type == "image/svg+xml":
        return Read(SourceKind.IMAGE, media_type, notes=("a drawing: its words are not read",))
    if media_type not in DRAWN or not ocr.available():
        return found
    from PIL import Image

    builder = TextBuilder(most=limits.max_text, where=where)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                if image.width * image.height > MOST_PIXELS:
                    return _stored_only(found)
                album = Album(limits)
                album.add_image(image, ocr.lay(builder, image))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return _stored_only(found)
    except (OSError, ValueError, SyntaxError) as error:
        raise UnreadableInput(
            "the image cannot be opened: it is damaged or cut off",
            where=where,
            to_do="copy it again from where it came",
        ) from error
    renditions = builder.rendered(Rendering.OCR, ocr.renderer())
    note = "read by OCR: check it against the image" if renditions else "OCR found no words"
    pages = album.pages() if renditions else ()
    return Read(
        SourceKind.IMAGE,
        media_type,
        renditions,
        notes=(note, *album.notes()) if renditions else (note,),
        location_data=found.location_data,
        pages=pages,
    )


def _stored_only(found: Read) -> Read:
    return replace(found, notes=("too large to be read by OCR: stored only",))


def has_location_data(content: bytes) -> bool:
    """Return whether an image holds EXIF or XMP data, wherever its format puts them."""
    return (
        b"Exif\x00\x00" in content
        or b"eXIf" in content
        or (content[8:12] == b"WEBP" and b"EXIF" in content)
        or (content[4:8] == b"ftyp" and b"Exif" in content)
        or content[:4] in {b"II*\x00", b"MM\x00*"}
        or b"http://ns.adobe.com/xap/" in content
        or b"<x:xmpmeta" in content
    )


def _refuse_cut_off(content: bytes, media_type: str, where: str) -> None:
    cut = (
        (media_type == "image/png" and b"IEND" not in content[-64:])
        or (
            media_type == "image/jpeg"
            and b"\xff\xd9" not in content[-4096:]
            and b"MotionPhoto" not in content  # phones append a film to such a picture
            and b"MicroVideo" not in content
        )
        or (media_type == "image/gif" and b"\x3b" not in content[-64:])
        or (
            media_type == "image/webp" and int.from_bytes(content[4:8], "little") + 8 > len(content)
        )
    )
    if cut:
        raise UnreadableInput(
            "the image ends before its end mark: it is cut off",
            where=where,
            to_do="copy it again from where it came",
        )
