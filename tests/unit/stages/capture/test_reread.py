"""Reading again: a new text stands beside the old one, and decides nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.stages.capture.conftest import clock
from tests.unit.stages.capture.page_files import Drawn, pdf_of, words

from witnessmark.core.errors import InputError
from witnessmark.core.source import Rendering
from witnessmark.stages import capture
from witnessmark.stages.capture import ocr, reread
from witnessmark.store.case import Case
from witnessmark.store.current import current_renditions
from witnessmark.store.tables import CUSTODY, PAGES, RENDITIONS, REREADINGS, SOURCES
from witnessmark.store.verify import verify_case

LINES = [
    (72.0, 760.0, "Prisoners in the labour camp make wigs."),
    (72.0, 730.0, "They work for more than 12 hours a day."),
]


@pytest.fixture
def report(case: Case, inputs: Path) -> Case:
    """A case with one PDF of one page."""
    (inputs / "a.pdf").write_bytes(pdf_of([Drawn(words(LINES))]))
    assert capture.run(case, [inputs / "a.pdf"], clock=clock).failures == ()
    return case


def _needs_ocr() -> None:
    if not ocr.available():
        pytest.skip("no OCR here")


def test_the_same_text_is_no_new_rendition(report: Case) -> None:
    """Where the readers find the same text nothing is written, not even a row."""
    before = report.casebook.digest()
    leaves = len(report.custody.lines())
    done = reread.reread(report, clock=clock)
    assert (done.rereadings, done.unchanged, done.pages) == ((), ("s1",), 0)
    assert report.casebook.digest() == before
    assert len(report.custody.lines()) == leaves


def test_a_new_text_stands_beside_the_old_one(report: Case) -> None:
    """By OCR: one more rendition, logged; the old one is the same row and stays readable."""
    _needs_ocr()
    (old,) = report.casebook.rows(RENDITIONS)
    source = report.casebook.rows(SOURCES)
    done = reread.reread(report, ["s1"], clock=clock, by="A. Reader", by_ocr=True)
    first, second = report.casebook.rows(RENDITIONS)
    assert first == old
    assert report.text(first).startswith("Prisoners in the labour camp")
    assert second.rendering is Rendering.OCR
    assert second.renderer.startswith("tesseract")
    assert current_renditions(report) == (second,)
    assert report.casebook.rows(SOURCES) == source
    (row,) = report.casebook.rows(REREADINGS)
    assert (row.before, row.now, row.by) == ((first.id,), (second.id,), "A. Reader")
    assert done.rereadings == (row,)
    assert report.casebook.rows(CUSTODY)[-1].subject == second.id
    assert len(report.casebook.rows(PAGES)) == 1, "a page image is never drawn again"
    assert verify_case(report).faults == ()


def test_back_to_the_older_text(report: Case) -> None:
    """Read as captured again, the old rendition is current; no third one is made."""
    _needs_ocr()
    reread.reread(report, clock=clock, by_ocr=True)
    first, _second = report.casebook.rows(RENDITIONS)
    reread.reread(report, clock=clock)
    assert len(report.casebook.rows(RENDITIONS)) == 2
    assert current_renditions(report) == (first,)
    assert report.casebook.rows(CUSTODY)[-1].subject == first.id
    assert verify_case(report).faults == ()


def test_refusals(report: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown source is refused before anything is read; so is OCR that is not there."""
    before = report.casebook.digest()
    with pytest.raises(InputError, match="there is no source s9"):
        reread.reread(report, ["s1", "s9"], clock=clock)
    monkeypatch.setattr(ocr, "available", lambda: False)
    with pytest.raises(InputError, match="OCR is not installed"):
        reread.reread(report, clock=clock, by_ocr=True)
    assert report.casebook.digest() == before


def test_missing_page_images_are_added(report: Case) -> None:
    """A case from before page images gets them; its texts stay as they are."""
    pages = report.casebook.rows(PAGES)
    report.casebook.replace(PAGES, [])
    entries = [row for row in report.casebook.rows(CUSTODY) if row.event != "drawn"]
    texts = report.casebook.rows(RENDITIONS)
    done = reread.reread(report, clock=clock)
    assert done.pages == 1
    assert [row.sha256 for row in report.casebook.rows(PAGES)] == [row.sha256 for row in pages]
    assert report.casebook.rows(RENDITIONS) == texts
    assert len(entries) == 2
