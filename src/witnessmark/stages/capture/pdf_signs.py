"""The characters of a PDF page, each with the box in which it is shown, by PDFium.

Laws:
1. A character is taken as the file gives it; one without Unicode value is U+FFFD, counted.
2. What PDFium adds itself (a blank, the end of a line) has no box.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    import pypdfium2

    from witnessmark.stages.capture.pageview import Box, View

HIGH_HALVES = range(0xD800, 0xDC00)
LOW_HALVES = range(0xDC00, 0xE000)
"""Halves of signs beyond the basic plane (UTF-16)."""


def signs_of(page: pypdfium2.PdfPage, view: View) -> tuple[list[tuple[str, Box | None]], int]:
    """Return the characters of *page*, each with the box in which it is shown."""
    textpage = page.get_textpage()
    count: int = textpage.count_chars()
    signs: list[tuple[str, Box | None]] = []
    missing = 0
    index = 0
    while index < count:
        code: int = pdfium.FPDFText_GetUnicode(textpage, index)
        generated = pdfium.FPDFText_IsGenerated(textpage, index) == 1
        box = None if generated else view.box(textpage.get_charbox(index, loose=True))
        index += 1
        if code in HIGH_HALVES and index < count:
            low: int = pdfium.FPDFText_GetUnicode(textpage, index)
            if low in LOW_HALVES:
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
                index += 1
        if code in {0x02, 0xFFFE}:
            code = 0x2D  # PDFium's sign for a hyphen at the end of a line
        if code == 0 or code in HIGH_HALVES or code in LOW_HALVES:
            code, missing = 0xFFFD, missing + 1
        elif (
            code not in {0x0A, 0x0D}
            and pdfium.FPDFText_HasUnicodeMapError(textpage, index - 1) == 1
        ):
            missing += 1
        signs.append((chr(code), box))
    textpage.close()
    return signs, missing
