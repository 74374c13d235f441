"""Reading images by OCR, where the extra ``ocr`` is installed.

Laws:
1. A word maps to its region, whole: Tesseract's places of single signs are guesses. The
   rendition is named ``ocr`` beside every quote.
2. Without the extra nothing is read, and the source says so.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from typing import Any

    from PIL.Image import Image
    from tesserocr import PyResultIterator

    from witnessmark.stages.capture.reading import TextBuilder


@dataclass(frozen=True, slots=True)
class Heard:
    """What OCR found in one image.

    Attributes:
        words: number of words.
        confidence: Tesseract's mean confidence in them, 0 to 100.
    """

    words: int
    confidence: float


WANTED = ("eng", "kor", "chi_sim")
"""Languages that are read if their data are installed, in this order."""


DATA_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
"""Where systems keep Tesseract's language data; ``TESSDATA_PREFIX`` comes before them."""


@cache
def installed() -> tuple[str, str]:
    """Return the folder of the language data and the languages in it (``eng+kor``).

    Both are empty where the extra or its data are missing.
    """
    if find_spec("tesserocr") is None or find_spec("PIL") is None:
        return "", ""
    import tesserocr

    for folder in (os.environ.get("TESSDATA_PREFIX", ""), *DATA_FOLDERS):
        if folder and Path(folder).is_dir():
            _, found = tesserocr.get_languages(folder)
            languages = "+".join(language for language in WANTED if language in found)
            if languages:
                return folder, languages
    return "", ""


def languages() -> str:
    """Return the languages that can be read, as Tesseract writes them, else empty."""
    return installed()[1]


def available() -> bool:
    """Return whether OCR and the data of one language are installed."""
    return bool(languages())


def renderer() -> str:
    """Return the program, version and languages."""
    import tesserocr

    number = tesserocr.tesseract_version().split()[1]
    return f"tesseract {number} {languages()}, witnessmark ocr/2"


def lay(builder: TextBuilder, image: Image, *, page: int = 0, scale: float = 1.0) -> Heard:
    """Read *image*, append its words, and return how many there were and how sure they are.

    Args:
        builder: the text under construction.
        image: a Pillow image.
        page: page of a PDF (boxes in points from the lower left), 0 for an image of its
            own (boxes in pixels; left, bottom, right, top counted from the upper left).
        scale: points per pixel.
    """
    import tesserocr

    sure: list[float] = []
    with tesserocr.PyTessBaseAPI(path=installed()[0], lang=languages()) as reader:
        # its chatter goes to a file of tesserocr's choice, which a confined reader may not open
        reader.SetVariable("debug_file", "")
        reader.SetImage(image.convert("RGB"))
        reader.Recognize()
        # None is Tesseract's answer for an image without words; its stub does not say so
        words: PyResultIterator | None = cast("Any", reader.GetIterator())
        if words is None:
            return Heard(0, 0.0)
        level = tesserocr.RIL
        for word in tesserocr.iterate_level(words, level.WORD):
            if word.Empty(level.WORD):
                continue
            text = word.GetUTF8Text(level.WORD).strip()
            region = word.BoundingBox(level.WORD)
            if not text or region is None:
                continue
            if builder.length:
                opens = [word.IsAtBeginningOf(step) for step in (level.PARA, level.TEXTLINE)]
                builder.add_made("\n\n" if opens[0] else "\n" if opens[1] else " ")
            sure.append(word.Confidence(level.WORD))
            left, top, right, bottom = region
            if page:
                high = image.height
                box = (left * scale, (high - bottom) * scale, right * scale, (high - top) * scale)
                builder.add(text, "page", page, page, box=tuple(round(side, 2) for side in box))
            else:
                box = (float(left), float(bottom), float(right), float(top))
                builder.add(text, "region", 1, 1, box=box)
    return Heard(len(sure), sum(sure) / len(sure) if sure else 0.0)
