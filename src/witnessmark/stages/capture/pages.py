"""Pages as pictures, so that a quote can be shown where it stands.

Laws:
1. Only a page of text is drawn: a page of a PDF with words on it, or a scan that looks like
   paper with print. A photograph of a place is never drawn, whatever words stand in it.
2. Sixteen greys, 120 dots per inch, pixels alone: no EXIF, no colour, no metadata.
3. Pictures on a page are marked, so that outputs can cover them.
4. Bounded: a number of pages and of bytes for each source; what is left out is told.
5. Same page, same bytes, on one build.
"""

from __future__ import annotations

import ctypes
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from witnessmark.core.greypicture import GreyPicture
from witnessmark.core.pageimage import PIXELS, POINTS
from witnessmark.stages.capture.reading import DrawnPage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from PIL.Image import Image

    from witnessmark.stages.capture.limits import Limits
    from witnessmark.stages.capture.ocr import Heard
    from witnessmark.stages.capture.pageview import Box, View

SCALE = 120 / 72
"""Pixels per point: 120 dots per inch, at which 8-point print can be read."""

MOST_SIDE = 2000
"""Pixels of the longer side; an A4 page has 1404, an A3 page 1984."""

MOST_BYTES = 64 * 1024 * 1024
"""Bytes of all page images of one source."""

LEAST_WORDS = 12
"""Words that a scan must hold to be a page of text; a sign on a wall has fewer."""

LEAST_CONFIDENCE = 50
"""Mean confidence (0 to 100) that OCR must have in them; in what is no print it has less."""

PAPER = 110
"""Grey (0 to 255) of the commonest grey of a page; night and asphalt are darker."""

PAPER_BAND = 24
"""Greys to either side of the commonest one that still are paper."""

PAPER_SHARE = 0.6
"""Share of a scan that must be paper. Print covers 5 to 20 of 100 parts of a page; a
photograph spreads over more greys (noise and a slope have a fifth in the band). A white sky
could pass: hence words and confidence are asked for, too."""

FEW_WORDS = 3
"""Words that may stand on a picture of a page; with more it is a scan of text."""

LEAST_AREA = 0.01
"""Share of the page from which on a picture is marked: smaller ones are signs and rules."""

MOST_OBJECTS = 2000
MOST_DEPTH = 4


class Album:
    """The page images of one source, up to what is kept."""

    def __init__(self, limits: Limits) -> None:
        """Begin without pages."""
        self._most = limits.max_page_images
        self._pages: list[DrawnPage] = []
        self._bytes = 0
        self._left_out = 0
        self._no_text = 0

    def pages(self) -> tuple[DrawnPage, ...]:
        """Return the pages, by number."""
        return tuple(sorted(self._pages, key=lambda row: row.page))

    def notes(self) -> tuple[str, ...]:
        """Return what a reader must know."""
        found: list[str] = []
        if self._left_out:
            found.append(
                f"{self._left_out} pages have no page image: "
                f"only the first {len(self._pages)} are kept"
            )
        if self._no_text:
            found.append("what does not look like a page of text has no page image")
        return tuple(found)

    def add_page(
        self, page: pypdfium2.PdfPage, number: int, view: View, words: Sequence[Box]
    ) -> None:
        """Draw a page of a PDF on which *words* stand."""
        if not self._room():
            return
        withheld = tuple(
            tuple(round(side, 2) for side in (box[0], box[1], box[2], box[3]))
            for box in pictures_on(page, view)
            if _held(box, words) <= FEW_WORDS
        )
        self._keep(number, POINTS, page.get_size(), _drawn(page), withheld)

    def add_scan(self, page: pypdfium2.PdfPage, number: int, heard: Heard) -> None:
        """Draw a page of a PDF that OCR has read, if it looks like a page of text."""
        if not heard.words or not self._room():
            return
        greys = _drawn(page)
        if is_text_page(greys, heard):
            self._keep(number, POINTS, page.get_size(), greys, ())
        else:
            self._no_text += 1

    def add_image(self, image: Image, heard: Heard) -> None:
        """Draw an image that OCR has read, if it looks like a page of text."""
        if not heard.words or not self._room():
            return
        # as its pixels lie, as OCR saw them: what EXIF says of its turn is not read
        scale = min(1.0, MOST_SIDE / max(image.size))
        small = image.convert("L").resize(
            (max(round(image.width * scale), 1), max(round(image.height * scale), 1)),
            resample=1,  # Lanczos
        )
        greys = np.asarray(small, dtype=np.uint8)
        if is_text_page(greys, heard):
            self._keep(1, PIXELS, (float(image.width), float(image.height)), greys, ())
        else:
            self._no_text += 1

    def _room(self) -> bool:
        if len(self._pages) < self._most and self._bytes < MOST_BYTES:
            return True
        self._left_out += 1
        return False

    def _keep(
        self,
        number: int,
        unit: str,
        size: tuple[float, float],
        greys: NDArray[np.uint8],
        withheld: tuple[tuple[float, ...], ...],
    ) -> None:
        png = GreyPicture.of_bytes(greys).to_png()
        self._bytes += len(png)
        high, wide = greys.shape
        width, height = (round(side, 3) for side in size)
        self._pages.append(
            DrawnPage(number, unit, width, height, wide, high, png, renderer(), withheld)
        )


def renderer() -> str:
    """Return the program and version that draws."""
    return f"pypdfium2 {version('pypdfium2')}, witnessmark pages/1"


def is_text_page(greys: NDArray[np.uint8], heard: Heard) -> bool:
    """Return whether a scan looks like paper with print (law 1); in doubt it does not."""
    if heard.words < LEAST_WORDS or heard.confidence < LEAST_CONFIDENCE:
        return False
    counts = np.bincount(greys.ravel(), minlength=256)
    common = int(counts.argmax())
    band = counts[max(common - PAPER_BAND, 0) : common + PAPER_BAND + 1]
    return common >= PAPER and int(band.sum()) >= PAPER_SHARE * greys.size


def _drawn(page: pypdfium2.PdfPage) -> NDArray[np.uint8]:
    """Return the greys of *page*, rows from the top."""
    scale = min(SCALE, MOST_SIDE / max(*page.get_size(), 1.0))
    bitmap = page.render(scale=cast("int", scale), grayscale=True)  # its stub says int
    greys: NDArray[np.uint8] = np.array(bitmap.to_numpy(), dtype=np.uint8)
    bitmap.close()
    return greys


def _held(box: Box, words: Sequence[Box]) -> int:
    """Return how many of *words* stand on the picture in *box*."""
    return sum(
        box[0] <= (word[0] + word[2]) / 2 <= box[2] and box[1] <= (word[1] + word[3]) / 2 <= box[3]
        for word in words
    )


def pictures_on(page: pypdfium2.PdfPage, view: View) -> list[Box]:
    """Return the boxes of the larger pictures on *page*, those in forms (XObjects) included."""
    found: list[Box] = []
    left = [MOST_OBJECTS]
    count: int = pdfium.FPDFPage_CountObjects(page)
    for at in range(min(count, MOST_OBJECTS)):
        drawn = pdfium.FPDFPage_GetObject(page, at)
        for box in _pictures_in(drawn, _Steps(), 0, left):
            shown = view.box(box)
            kept = (
                max(shown[0], 0.0),
                max(shown[1], 0.0),
                min(shown[2], view.width),
                min(shown[3], view.height),
            )
            area = (kept[2] - kept[0]) * (kept[3] - kept[1])
            inside = kept[2] > kept[0] and kept[3] > kept[1]
            if inside and area >= LEAST_AREA * view.width * view.height:
                found.append(kept)
    return found


class _Steps:
    """The matrices from a form to the page, applied one after the other."""

    def __init__(self, matrices: tuple[tuple[float, ...], ...] = ()) -> None:
        self._matrices = matrices

    def through(self, matrix: tuple[float, ...]) -> _Steps:
        return _Steps((matrix, *self._matrices))

    def box(self, given: tuple[float, ...]) -> tuple[float, ...]:
        corners = [(x, y) for x in (given[0], given[2]) for y in (given[1], given[3])]
        for a, b, c, d, e, f in self._matrices:
            corners = [(a * x + c * y + e, b * x + d * y + f) for x, y in corners]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return (min(xs), min(ys), max(xs), max(ys))


def _pictures_in(drawn: Any, steps: _Steps, depth: int, left: list[int]) -> Iterator[Any]:  # noqa: ANN401 - a handle of PDFium
    left[0] -= 1
    if left[0] < 0 or not drawn:
        return
    kind: int = pdfium.FPDFPageObj_GetType(drawn)
    if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        sides = [ctypes.c_float() for _ in range(4)]
        if pdfium.FPDFPageObj_GetBounds(drawn, *sides):
            yield steps.box(tuple(side.value for side in sides))
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MOST_DEPTH:
        matrix = pdfium.FS_MATRIX()
        if not pdfium.FPDFPageObj_GetMatrix(drawn, matrix):
            return
        inner = steps.through((matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f))
        for at in range(min(pdfium.FPDFFormObj_CountObjects(drawn), MOST_OBJECTS)):
            yield from _pictures_in(pdfium.FPDFFormObj_GetObject(drawn, at), inner, depth + 1, left)
