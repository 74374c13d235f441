"""Scanned pages: read by OCR, each word with its box, never taken for the page's own text."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from tests.unit.stages.capture.conftest import clock, pdf_bytes

from witnessmark.core.source import Rendering
from witnessmark.core.span import Span
from witnessmark.stages import capture
from witnessmark.stages.capture import ocr
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.pdf import read_pdf
from witnessmark.stages.capture.readers import read
from witnessmark.stages.capture.reading import Read
from witnessmark.store.case import Case
from witnessmark.store.verify import verify_case

WORDS = "Prisoners make wigs"


def _scan() -> tuple[bytes, bytes]:
    """Return an image of words, and a PDF whose only page is that image, by a picture library."""
    pil = pytest.importorskip("PIL.Image", reason="needs the extra ocr")
    if not ocr.available():
        pytest.skip("no language data for OCR")
    import pypdfium2

    page = pypdfium2.PdfDocument(pdf_bytes([[(72, 760, WORDS), (72, 700, "every day.")]]))[0]
    image = page.render(scale=3).to_pil().convert("L")
    assert isinstance(image, pil.Image)
    png, pdf = io.BytesIO(), io.BytesIO()
    image.save(png, "PNG")
    image.save(pdf, "PDF", resolution=216)
    return png.getvalue(), pdf.getvalue()


def _read(name: str, content: bytes) -> Read:
    return read(name, content, where=name, limits=Limits())


def test_scanned_pdf() -> None:
    """A page without text layer is drawn and read; a quote's words have their boxes in points."""
    found = _read("a.pdf", _scan()[1])
    (rendition,) = found.renditions
    assert rendition.rendering is Rendering.OCR, "never told as the page's own text"
    assert rendition.renderer.startswith("tesseract")
    assert any("read by OCR, check the image" in note for note in found.notes)
    start = rendition.text.index("make wigs")
    boxes = [
        anchor.box
        for anchor in rendition.offsets.locate(Span(start, start + len("make wigs")))
        if anchor.origin == "page"
    ]
    assert len(boxes) == 2, "one box a word"
    for left, bottom, right, top in boxes:
        assert 72 < left < right < 220
        assert 750 < bottom < top < 775, "the words stand at height 760"
    assert boxes[0][2] < boxes[1][0]
    assert rendition.offsets.length == len(rendition.text)


def test_image() -> None:
    """The words of an image have their regions in pixels, from the upper left."""
    found = _read("a.png", _scan()[0])
    (rendition,) = found.renditions
    assert rendition.rendering is Rendering.OCR
    start = rendition.text.index("wigs")
    (anchor,) = rendition.offsets.locate(Span(start, start + 4))
    left, bottom, right, top = anchor.box
    assert anchor.origin == "region"
    assert 3 * 72 < left < right < 3 * 220
    assert 3 * (842 - 775) < top < bottom < 3 * (842 - 750)


def test_text_layer_and_scan_are_two_renditions(case: Case, inputs: Path) -> None:
    """A PDF of both sorts of pages keeps exact text and OCR apart, and names the pages."""
    import pypdfium2

    joined = pypdfium2.PdfDocument(pdf_bytes([[(72, 760, "A page with text.")]]))
    joined.import_pages(pypdfium2.PdfDocument(_scan()[1]))
    out = io.BytesIO()
    joined.save(out)
    (inputs / "a.pdf").write_bytes(out.getvalue())
    found = _read("a.pdf", out.getvalue())
    assert [row.rendering for row in found.renditions] == [Rendering.PDF_TEXT, Rendering.OCR]
    assert {a.first for a in found.renditions[1].offsets.anchors if a.origin == "page"} == {2}
    assert "page 2 without text layer" in " ".join(found.notes)
    assert capture.run(case, [inputs / "a.pdf"], clock=clock).failures == ()
    assert verify_case(case).faults == ()


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without OCR nothing is read of a scan, and the source says so."""
    content = _scan()[1]
    monkeypatch.setattr(ocr, "installed", lambda: ("", ""))
    found = read_pdf(content, where="a.pdf", limits=Limits())
    assert found.renditions == ()
    assert "page 1 without text layer: not read" in " ".join(found.notes)
