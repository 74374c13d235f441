"""PDF files: text with page and box, by PDFium.

Laws:
1. A word maps to its page and the box of its characters, in points from the lower left of
   the page as it is shown (cropped, turned), and to where its characters meet.
2. The line breaks of the layout are made signs: a space inside a paragraph, a line break
   where the layout shows one. The words themselves are taken as the file gives them.
3. A page without a text layer is named; it is read by OCR where that is installed, into a
   rendition of its own.
4. A file that ends before its end mark is refused: half a document reads like a whole one.
5. Each page with words is drawn once, so that a quote can be shown where it stands.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import pypdfium2

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import Rendering, SourceKind
from witnessmark.stages.capture import ocr
from witnessmark.stages.capture.headline import shortened
from witnessmark.stages.capture.pages import Album
from witnessmark.stages.capture.pageview import View, turn_of
from witnessmark.stages.capture.pdf_signs import signs_of
from witnessmark.stages.capture.reading import Facts, Read, Rendered, TextBuilder

if TYPE_CHECKING:
    from collections.abc import Callable

    from witnessmark.stages.capture.limits import Limits
    from witnessmark.stages.capture.pageview import Box, Turn

TAIL = 4096
"""Bytes at the end in which the end mark must stand; some programs pad the file."""

PARAGRAPH_STEP = 1.35
"""A step between lines this many times the usual one begins a paragraph."""

FEW_LINES = 3
"""A block of fewer lines does not show how wide its column is; the page does."""

NARROW = 0.5
"""A block narrower than this share of the page's text is a list, not a column of prose."""

HEADING_RATIO = 1.15
"""Lines whose heights differ by more than this ratio do not belong to one paragraph."""

SCAN_SCALE = 4
"""Pixels per point at which a page is drawn for OCR: 288 dots per inch."""

MOST_DRAWN = 32_000_000
"""Pixels of a page drawn for OCR: an A3 page has 16 million, one above A2 is drawn coarser."""

MOST_SPANS = 20
"""Spans of pages that a note names."""

_SENTENCE_END = frozenset(".!?。!?…”\"'’」』)")


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without white space, or a blank.

    Attributes:
        text: its characters.
        box: left, bottom, right, top in points; None where the layout made it.
        lefts: left side of each character; empty where the layout made it.
    """

    text: str
    box: Box | None
    lefts: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the layout.

    Attributes:
        words: words and blanks in order.
        box: box around them.
    """

    words: tuple[Word, ...]
    box: Box

    @property
    def height(self) -> float:
        """Return the height in points."""
        return self.box[3] - self.box[1]


def read_pdf(
    content: bytes, *, where: str, limits: Limits, beat: Callable[[], None] = lambda: None
) -> Read:
    """Read a PDF file.

    Args:
        content: its bytes.
        where: how errors name it.
        limits: bounds on it.
        beat: called at each page, a sign of life.

    Raises:
        UnreadableInput: it is cut off, damaged, locked by a password, or too long.
    """
    if b"%%EOF" not in content[-TAIL:]:
        raise UnreadableInput(
            "the PDF ends before its end mark: it is cut off",
            where=where,
            to_do="copy it again from where it came",
        )
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise UnreadableInput(
            "the PDF needs a password" if locked else "the PDF cannot be opened: it is damaged",
            where=where,
            to_do="save a copy without password" if locked else "copy it again from where it came",
        ) from error
    try:
        return _read(document, where=where, limits=limits, beat=beat)
    finally:
        document.close()


def _read(
    document: pypdfium2.PdfDocument, *, where: str, limits: Limits, beat: Callable[[], None]
) -> Read:
    pages = len(document)
    if not pages or pages > limits.max_pages:
        raise UnreadableInput(
            f"the PDF has {pages} pages, at most {limits.max_pages} are read",
            where=where,
            to_do="split the file",
        )
    builder = TextBuilder(most=limits.max_text, where=where)
    scanned: list[int] = []
    broken: list[int] = []
    unmapped = 0
    album = Album(limits)
    for number in range(1, pages + 1):
        beat()
        try:
            page = document[number - 1]
            view = View.of(page)
            lines, missing, turn = _lines(page, view)
            if not limits.text_layer:
                lines, missing = [], 0
        except pypdfium2.PdfiumError:
            broken.append(number)
            continue
        unmapped += missing
        if lines:
            words = _lay(builder, lines, number, turn)
            album.add_page(page, number, view, words)
        elif any(True for _ in page.get_objects(max_depth=2)):
            scanned.append(number)
        page.close()
    notes: list[str] = []
    if broken:
        notes.append(f"{_pages(broken)} cannot be read: damaged")
    if unmapped:
        notes.append(f"{unmapped} characters have no Unicode value in the file, shown as \ufffd")
    renditions = builder.rendered(
        Rendering.PDF_TEXT, f"pypdfium2 {version('pypdfium2')}, witnessmark pdf/2"
    )
    if scanned:
        extra, note = _by_ocr(document, scanned, album, where=where, limits=limits, beat=beat)
        renditions += extra
        notes.append(note)
    notes += album.notes()
    return Read(
        SourceKind.PDF,
        "application/pdf",
        renditions,
        _facts(document),
        tuple(notes),
        pages=album.pages(),
    )


def _by_ocr(
    document: pypdfium2.PdfDocument,
    scanned: list[int],
    album: Album,
    *,
    where: str,
    limits: Limits,
    beat: Callable[[], None],
) -> tuple[tuple[Rendered, ...], str]:
    if not ocr.available():
        return (), f"{_pages(scanned)} without text layer: not read; install witnessmark[ocr]"
    builder = TextBuilder(most=limits.max_text, where=where)
    for number in scanned:
        beat()
        page = document[number - 1]
        area = max(page.get_width() * page.get_height(), 1)
        scale = min(SCAN_SCALE, math.sqrt(MOST_DRAWN / area))
        image = page.render(scale=cast("int", scale)).to_pil()  # its stub says int; it takes both
        heard = ocr.lay(builder, image, page=number, scale=1 / scale)
        album.add_scan(page, number, heard)
    renditions = builder.rendered(Rendering.OCR, ocr.renderer())
    return renditions, f"{_pages(scanned)} without text layer: read by OCR, check the image"


def _pages(numbers: list[int]) -> str:
    """Return *numbers* in words: ``pages 2, 5–9``."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    told = ", ".join("\u2013".join(map(str, span)) for span in spans[:MOST_SPANS])
    more = f" and {len(spans) - MOST_SPANS} more" if len(spans) > MOST_SPANS else ""
    return f"page{'s' * (len(numbers) > 1)} {told}{more}"


def _facts(document: pypdfium2.PdfDocument) -> Facts:
    info: dict[str, str] = document.get_metadata_dict(skip_empty=True)
    # not taken: CreationDate says when the file was made, not when it was published;
    # Author is often the person at the keyboard, who may be one to protect
    return Facts(title=shortened(info.get("Title", "")))


def _lines(page: pypdfium2.PdfPage, view: View) -> tuple[list[Line], int, Turn]:
    """Return the lines of *page*, its characters without Unicode value, and how it is turned."""
    signs, missing = signs_of(page, view)
    turn = turn_of([box for sign, box in signs if box and not sign.isspace()], view)
    lines: list[Line] = []
    words: list[Word] = []
    for sign, shown in signs:
        if sign in "\n\r":
            _end_line(lines, words)
            continue
        box = turn.laid(shown) if shown else None
        # PDFium joins a word that a hyphen splits: its second half lies on another line
        if box and words and words[-1].box and not _side_by_side(words[-1].box, box):
            _end_line(lines, words)
        _add(words, sign, box)
    _end_line(lines, words)
    return lines, missing, turn


def _add(words: list[Word], sign: str, box: Box | None) -> None:
    last = words[-1] if words else None
    joins = (
        last is not None
        and not sign.isspace()
        and not last.text.isspace()
        and (last.box is None) == (box is None)
    )
    left = (box[0],) if box else ()
    if last is not None and joins:
        words[-1] = Word(last.text + sign, _around(last.box, box), last.lefts + left)
    else:
        words.append(Word(sign, box, left))


def _side_by_side(one: Box, other: Box) -> bool:
    """Return whether two boxes share a part of their height."""
    return one[1] < other[3] and other[1] < one[3]


def _around(one: Box | None, other: Box | None) -> Box | None:
    if one is None or other is None:
        return None
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def _end_line(lines: list[Line], words: list[Word]) -> None:
    while words and words[-1].text.isspace():
        words.pop()
    while words and words[0].text.isspace():
        words.pop(0)
    box: Box | None = None
    for word in words:
        box = word.box if box is None else _around(box, word.box) or box
    if box is not None:
        lines.append(Line(tuple(words), box))
    words.clear()


def _lay(builder: TextBuilder, lines: list[Line], page: int, turn: Turn) -> list[Box]:
    """Append the lines of a page, with the signs between them that the layout asks for.

    Returns the boxes of the words, as they are shown.
    """
    shown: list[Box] = []
    if builder.length:
        builder.add_made("\n\n" if builder.last in _SENTENCE_END else "\n")
    edge = _right_edge([line for block in _blocks(lines) for line in block if len(block) > 1])
    for number, block in enumerate(_blocks(lines)):
        if number:
            builder.add_made("\n\n")
        right = _right_edge(block) if len(block) >= FEW_LINES else 0.0
        right = right if right > NARROW * edge else edge
        for place, line in enumerate(block):
            if place:
                builder.add_made(_between(block[place - 1], line, right))
            for word in line.words:
                if word.box is None:
                    builder.add_made(word.text)
                    continue
                shown.append(turn.shown(word.box))
                box = tuple(round(side, 2) for side in shown[-1])
                cuts = _cuts(word) if turn.quarters == 0 else ()
                builder.add(word.text, "page", page, page, box=box, cuts=cuts)
    return shown


def _cuts(word: Word) -> tuple[float, ...]:
    """Return where the characters of *word* meet; nothing where they don't run to the right."""
    if any(one > other for one, other in pairwise(word.lefts)):
        return ()
    return tuple(round(left, 1) for left in word.lefts[1:])


def _right_edge(lines: list[Line]) -> float:
    return max((line.box[2] for line in lines), default=0.0)


def _blocks(lines: list[Line]) -> list[list[Line]]:
    """Return the lines in blocks: a wider step or another height of letters begins a new one."""
    down = [one.box[1] - other.box[1] for one, other in pairwise(lines)]
    steps = [step for step in down if step > 0]
    usual = statistics.median_low(steps) if steps else lines[0].height
    blocks = [[lines[0]]]
    for step, (before, after) in zip(down, pairwise(lines), strict=True):
        low, high = sorted((before.height, after.height))
        apart = step > PARAGRAPH_STEP * usual or high > HEADING_RATIO * max(low, 0.1)
        # a step upwards is a new column: its first line may go on with the sentence
        ended = step <= 0 and before.words[-1].text[-1] in _SENTENCE_END
        if apart or ended:
            blocks.append([after])
        else:
            blocks[-1].append(after)
    return blocks


def _between(before: Line, after: Line, right: float) -> str:
    """Return the sign between two lines of a block.

    The line was broken on purpose if the next word would still have fitted: then the
    break stays. Otherwise the words run on, in Chinese and Japanese without a space.
    """
    last, first = before.words[-1].text[-1], after.words[0].text[0]
    word = after.words[0].box
    needed = (word[2] - word[0] if word else 0.0) + before.height / 3
    if before.box[2] + needed < right and before.box[1] > after.box[1]:
        return "\n"
    if last in "-\u2010" or ("\u3040" <= last <= "\u9fff" and "\u3040" <= first <= "\u9fff"):
        return ""
    return " "
