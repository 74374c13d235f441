"""A quote highlights on the image of its page: the marked places hold its ink, and no other's."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.stages.capture.conftest import clock
from tests.unit.stages.capture.page_files import Drawn, pdf_of, words

from witnessmark.core.greypicture import GreyPicture
from witnessmark.core.pageimage import PageImage
from witnessmark.core.source import Rendering
from witnessmark.core.span import Anchor, OffsetMap, Span
from witnessmark.stages import capture
from witnessmark.stages.capture import ocr
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.ocr import Heard
from witnessmark.stages.capture.pages import is_text_page
from witnessmark.stages.capture.readers import read
from witnessmark.stages.capture.reading import DrawnPage, Read
from witnessmark.store.case import Case
from witnessmark.store.tables import CUSTODY, PAGES
from witnessmark.store.verify import verify_case

QUOTE = "make wigs every day"
BESIDE = [(72.0, 700.0, "Prisoners in the camp"), (72.0, 670.0, "and nothing else is written")]
LINES = [BESIDE[0], (72.0, 685.0, f"{QUOTE} and night"), BESIDE[1]]

SHAPES = {
    "plain": Drawn(words(LINES)),
    "cropped": Drawn(words(LINES), "/CropBox [40 300 500 800]"),
    "shifted": Drawn(words(LINES), media="-50 -30 545 812"),
    "turned": Drawn(words([(700 - y, x, t) for x, y, t in LINES], matrix="0 1 -1 0"), "/Rotate 90"),
    "turned, cropped": Drawn(
        words([(200 + 700 - y, x, t) for x, y, t in LINES], matrix="0 1 -1 0"),
        "/Rotate 90 /CropBox [100 50 500 700]",
    ),
    "upside down, turned back": Drawn(
        words([(500 - x, 842 - y, t) for x, y, t in LINES], matrix="-1 0 0 -1"), "/Rotate 180"
    ),
    "turned the other way": Drawn(
        words([(y - 300, 700 - x, t) for x, y, t in LINES], matrix="0 -1 1 0"), "/Rotate 270"
    ),
    "sideways on the page": Drawn(words([(900 - y, x, t) for x, y, t in LINES], matrix="0 1 -1 0")),
    "flipped twice": Drawn(
        "q 1 0 0 -1 0 842 cm "
        + words([(x, 842 - y, t) for x, y, t in LINES], matrix="1 0 0 -1")
        + " Q"
    ),
    "half the size": Drawn(
        "q .5 0 0 .5 100 300 cm "
        + words([(x, 2 * y - 700, t) for x, y, t in LINES], size=24)
        + " Q"
    ),
}


def _read(pages: list[Drawn], max_page_images: int = 200) -> Read:
    return read(
        "a.pdf", pdf_of(pages), where="a.pdf", limits=Limits(max_page_images=max_page_images)
    )


def _row(drawn: DrawnPage) -> PageImage:
    return PageImage(
        f"s1p{drawn.page}", "s1", drawn.page, drawn.unit, drawn.width, drawn.height,
        drawn.pixels_wide, drawn.pixels_high, "", "", drawn.renderer, drawn.withheld,
    )  # fmt: skip


def _marked(
    found: Read, quote: str, *, text: int = 0
) -> dict[int, list[tuple[int, int, int, int]]]:
    """Return the pixels of *quote*, page by page."""
    rendition = found.renditions[text]
    start = rendition.text.index(quote)
    pages = {drawn.page: _row(drawn) for drawn in found.pages}
    areas: dict[int, list[tuple[int, int, int, int]]] = {}
    for region in rendition.offsets.regions(Span(start, start + len(quote))):
        left, upper, right, lower = pages[region.page].placed(region)
        areas.setdefault(region.page, []).append(
            (int(left), int(upper), int(right + 1), int(lower + 1))
        )
    return areas


def _ink(found: Read, page: int) -> np.ndarray:
    drawn = next(row for row in found.pages if row.page == page)
    return np.asarray(GreyPicture.from_png(drawn.png).greys) < 8


@pytest.mark.parametrize("shape", SHAPES)
def test_the_ink_is_in_the_box(shape: str) -> None:
    """Erase the quote from the file: the ink that is gone lay in its boxes, all and only."""
    page = SHAPES[shape]
    found = _read([page])
    assert QUOTE in found.renditions[0].text, found.renditions[0].text
    # the words after it would move to the left: they are left out of both
    both = page.stream.replace(f"{QUOTE} and night", QUOTE)
    whole = _read([Drawn(both, page.extra, page.media)])
    bare = _read([Drawn(both.replace(QUOTE, ""), page.extra, page.media)])
    gone = _ink(whole, 1) & ~_ink(bare, 1)
    assert gone.sum() > 150, "the quote was drawn at all"
    areas = _marked(found, QUOTE)[1]
    if shape != "sideways on the page":  # there each word and blank is a region
        assert len(areas) == 1, "one line, one region"
    left, upper = min(area[0] for area in areas), min(area[1] for area in areas)
    right, lower = max(area[2] for area in areas), max(area[3] for area in areas)
    inside = gone[upper:lower, left:right].sum() / gone.sum()
    assert inside > 0.97, f"{inside:.0%} of the quote's ink lies in its box"
    others = _ink(bare, 1)
    assert others.sum() > 150
    assert others[upper:lower, left:right].sum() < 0.03 * others.sum(), "no other line is covered"
    assert (right - left) * (lower - upper) < 0.05 * gone.size


def test_across_lines_and_pages() -> None:
    """A quote across a line break and a page break has a region per line, on each page."""
    found = _read(
        [
            Drawn(
                words(
                    [
                        (72, 200, "The prisoners work for more than"),
                        (72, 185, "twelve hours a day and those who"),
                    ]
                )
            ),
            Drawn(words([(72, 760, "do not finish must work"), (72, 745, "through the night.")])),
        ]
    )
    text = found.renditions[0].text
    quote = text[text.index("twelve") : text.index(" the night")]
    areas = _marked(found, quote)
    assert {page: len(rows) for page, rows in areas.items()} == {1: 1, 2: 2}
    for page, rows in areas.items():
        for left, upper, right, lower in rows:
            assert _ink(found, page)[upper:lower, left:right].sum() > 50
    assert areas[1][0][1] > areas[2][0][1], "low on page 1, high on page 2"


def test_two_columns() -> None:
    """In two columns the words of the other column stay unmarked."""
    left = [(60, 700 - 15 * n, f"left line {n} of the first column") for n in range(6)]
    right = [(330, 700 - 15 * n, f"right line {n} of the second one") for n in range(6)]
    found = _read([Drawn(words([*left, *right]))])
    for quote, low, high in (
        ("left line 3 of the first column", 55, 300),
        ("right line 2 of the second", 325, 560),
    ):
        ((x0, _, x1, _),) = _marked(found, quote)[1]
        assert low * 120 / 72 < x0 < x1 < high * 120 / 72


def test_part_of_a_word() -> None:
    """A quote inside a word is marked from its first sign to its last, not the whole word."""
    found = _read([Drawn(words([(72, 700, "iiiiWWWWiiii")]))])
    ((x0, _, x1, _),) = _marked(found, "WWWW")[1]
    (whole,) = _marked(found, "iiiiWWWWiiii")[1]
    assert whole[0] + 10 < x0 < x1 < whole[2] - 10
    assert x1 - x0 > 0.6 * (whole[2] - whole[0]), "a W is wider than an i"


def test_pictures_are_marked() -> None:
    """A picture on the page is marked to be covered, also one inside a form; words are not."""
    page = Drawn(
        words([(72, 700, "A report of many words about the place")])
        + " q 200 0 0 150 300 100 cm /Im1 Do Q /Fm1 Do",
        "/CropBox [20 30 595 842]",
        picture=True,
    )
    (drawn,) = _read([page]).pages
    boxes = {tuple(round(side) for side in box) for box in drawn.withheld}
    assert boxes == {(280, 70, 480, 220), (30, 30, 130, 130)}


def test_scan() -> None:
    """The boxes of OCR hold the ink of their words, on a scanned page that is turned."""
    pytest.importorskip("PIL.Image", reason="needs the extra ocr")
    if not ocr.available():
        pytest.skip("no language data for OCR")
    lines = [
        (72, 700, "Prisoners in the labour camp"),
        (72, 670, "make wigs every day and"),
        (72, 640, "work through the night."),
    ]
    image = pypdfium2.PdfDocument(pdf_of([Drawn(words(lines))]))[0].render(scale=3).to_pil()
    scan, turned = io.BytesIO(), io.BytesIO()
    image.convert("L").save(scan, "PDF", resolution=216)
    document = pypdfium2.PdfDocument(scan.getvalue())
    document[0].set_rotation(0)
    sideways = io.BytesIO()
    image.convert("L").rotate(90, expand=True).save(sideways, "PDF", resolution=216)
    upright = pypdfium2.PdfDocument(sideways.getvalue())
    upright[0].set_rotation(90)
    upright.save(turned)
    for content in (scan.getvalue(), turned.getvalue()):
        found = read("a.pdf", content, where="a.pdf", limits=Limits())
        assert found.renditions[0].rendering is Rendering.OCR
        ((left, upper, right, lower),) = _marked(found, "wigs every day")[1]
        ink = _ink(found, 1)
        assert ink[upper:lower, left:right].sum() > 150
        assert 3 * (right - left) < ink.shape[1]
        assert 110 * 120 / 72 > left > 90 * 120 / 72


def test_no_page_image_of_a_photograph() -> None:
    """What is no paper with print has no page image, however many words OCR believes to see."""
    sure = Heard(words=40, confidence=90.0)
    rng = np.random.default_rng(1)
    paper = np.full((400, 300), 235, dtype=np.uint8)
    paper[::9, 40:260:2] = 20
    assert is_text_page(paper, sure)
    slope = np.tile(np.linspace(0, 255, 300).astype(np.uint8), (400, 1))
    noise = rng.integers(0, 256, (400, 300)).astype(np.uint8)
    night = np.full((400, 300), 30, dtype=np.uint8)
    for picture in (slope, noise, night):
        assert not is_text_page(picture, sure)
    assert not is_text_page(paper, Heard(words=2, confidence=95.0)), "a sign on a wall"
    assert not is_text_page(paper, Heard(words=40, confidence=20.0)), "no print"


def test_bounded() -> None:
    """Only so many pages are kept, and how many are not is told; the text is whole."""
    pages = [Drawn(words([(72, 700, f"page {n} of the report")])) for n in range(5)]
    found = _read(pages, max_page_images=3)
    assert [drawn.page for drawn in found.pages] == [1, 2, 3]
    assert "2 pages have no page image: only the first 3 are kept" in found.notes
    assert "page 4 of the report" in found.renditions[0].text


def test_kept_and_verified(case: Case, tmp_path: Path) -> None:
    """Page images are objects with an entry in the log; one bit of one is found by verify."""
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_of([SHAPES["plain"], SHAPES["turned"]]))
    assert capture.run(case, [path], clock=clock).failures == ()
    rows = case.casebook.rows(PAGES)
    assert [row.id for row in rows] == ["s1p1", "s1p2"]
    assert [e.subject for e in case.casebook.rows(CUSTODY) if e.event == "drawn"] == [
        "s1p1",
        "s1p2",
    ]
    assert verify_case(case).faults == ()
    again = read("a.pdf", path.read_bytes(), where="", limits=Limits())
    assert [case.vault.get(row.vault_object) for row in rows] == [d.png for d in again.pages]
    file = case.path / "vault" / rows[0].vault_object[:2] / rows[0].vault_object
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o600)
    file.write_bytes(content)
    faults = verify_case(case).faults
    assert faults
    assert any("s1p1" in fault.where for fault in faults)


@given(st.integers(1, 40), st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_png_there_and_back(width: int, height: int) -> None:
    """A picture of 16 greys survives its PNG, which others read too; a spoilt one is refused."""
    rng = np.random.default_rng(width * 100 + height)
    greys = rng.integers(0, 16, (height, width)).astype(np.uint8)
    png = GreyPicture(greys).to_png()
    assert np.array_equal(GreyPicture.from_png(png).greys, greys)
    spot = int(rng.integers(0, len(png)))
    spoilt = png[:spot] + bytes([png[spot] ^ 1]) + png[spot + 1 :]
    with pytest.raises(ValueError, match=r"not a picture|cannot be read|cut off"):
        GreyPicture.from_png(spoilt)
    pil = pytest.importorskip("PIL.Image")
    shown = np.asarray(pil.open(io.BytesIO(png)).convert("L"))
    assert np.array_equal(shown, greys * 17)
    assert pil.open(io.BytesIO(png)).info == {}, "no metadata"


@given(st.lists(st.tuples(st.integers(1, 6), st.booleans()), min_size=1, max_size=12), st.data())
def test_regions_cover_what_they_are_asked(
    parts: list[tuple[int, bool]], data: st.DataObject
) -> None:
    """Regions of a stretch lie inside the regions of any stretch that contains it."""
    anchors: list[Anchor] = []
    at = 0
    for number, (length, placed) in enumerate(parts):
        x = 10.0 + 70 * (number % 4)
        y = 700.0 - 20 * (number // 4)
        box = (x, y, x + 10 * length, y + 12)
        cuts = tuple(x + 10 * n for n in range(1, length))
        anchors.append(
            Anchor(at, at + length, "page", 1, 1, "", box, cuts)
            if placed
            else Anchor(at, at + length, "made", 0, 0)
        )
        at += length
    offsets = OffsetMap(tuple(anchors))
    start = data.draw(st.integers(0, at - 1))
    end = data.draw(st.integers(start + 1, at))
    whole, part = offsets.regions(Span(0, at)), offsets.regions(Span(start, end))
    for region in part:
        assert any(
            big.left <= region.left and region.right <= big.right and big.low <= region.low
            and region.high <= big.high
            for big in whole
        )  # fmt: skip
    width = sum(region.right - region.left for region in offsets.regions(Span(start, end)))
    exact = 10 * sum(
        min(a.end, end) - max(a.start, start)
        for a in anchors
        if a.box and a.start < end and a.end > start
    )
    assert width >= exact - 1e-6
