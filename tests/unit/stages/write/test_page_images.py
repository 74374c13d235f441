"""Quotes on their page images in the dossier, and what an earlier reading decided beside them."""

from __future__ import annotations

import base64
import io
import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "capture"))

from page_files import Drawn, pdf_of, words  # type: ignore[import-not-found]  # beside it
from spoken import write_record

from witnessmark.core.errors import InputError
from witnessmark.core.greypicture import GreyPicture
from witnessmark.core.judgement import Decision, Judgement
from witnessmark.core.pageimage import POINTS, PageImage
from witnessmark.core.provenance import Audience
from witnessmark.core.source import Rendering, Rendition
from witnessmark.core.span import Anchor, OffsetMap
from witnessmark.stages import capture, extract, weigh, write
from witnessmark.stages.capture import ocr
from witnessmark.stages.capture.copies import add_copy
from witnessmark.stages.capture.reread import reread
from witnessmark.stages.capture.testimony import take
from witnessmark.stages.write.highlight import (
    COVERED,
    NO_INK,
    OUTSIDE,
    Sheet,
    masked_areas,
    notes_on,
    shown_picture,
)
from witnessmark.stages.write.showing import show
from witnessmark.store.case import Case, open_case
from witnessmark.store.protected import MASK
from witnessmark.store.tables import CLAIMS, JUDGEMENTS, ORIGINS, REANCHORED, SOURCES
from witnessmark.store.verify import verify_case

if TYPE_CHECKING:
    from collections.abc import Iterator

AS_OF = date(2026, 11, 25)
LINES = [
    (
        72.0,
        760.0,
        "Prisoners in the labour camp in Ryongchon county make wigs and false eyelashes.",
    ),
    (
        72.0,
        745.0,
        "The prisoners work for more than 12 hours a day, a source in the province said.",
    ),
    (72.0, 730.0, "Those who do not finish the quota must work through the night."),
]


def clock() -> str:
    """A fixed time."""
    return "2026-11-25T12:00:00Z"


@pytest.fixture
def paged(tmp_path: Path) -> Iterator[Case]:
    """A case with one page, its claims read."""
    case = open_case(tmp_path / "case", None, create=True)
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_of([Drawn(words(LINES))]))
    assert capture.run(case, [path], clock=clock).failures == ()
    extract.run(case)
    yield case
    case.close()


def _dossier(case: Case, out: Path) -> str:
    weigh.run(case, as_of=AS_OF)
    done = write.run(case, out=out, audience=Audience.INTERNAL, as_of=AS_OF)
    return done.dossier.read_text()


def _pictures(html: str) -> dict[str, GreyPicture]:
    found = re.findall(r'<image id="([^"]+)"[^>]* href="data:image/png;base64,([^"]+)"', html)
    return {name: GreyPicture.from_png(base64.b64decode(data)) for name, data in found}


def test_every_quote_of_a_page_is_shown(paged: Case, tmp_path: Path) -> None:
    """Each exhibit looks at a strip of its page; its marks hold ink; the bytes are stable."""
    html = _dossier(paged, tmp_path / "out")
    exhibits = re.findall(r'<li id="e(\d+)".*?</li>\s*(?=<li id="e|</ol>)', html, re.DOTALL)
    leaves = re.findall(r'<details class="leaf".*?</details>', html, re.DOTALL)
    assert len(leaves) == len(exhibits) > 3
    pictures = _pictures(html)
    assert len(pictures) == 1, "quotes of one place share one strip"
    for leaf in leaves:
        assert 'role="img"' in leaf
        assert "Page 1 of source s1" in leaf
        (name,) = re.findall(r'<use href="#([^"]+)"', leaf)
        upper, height = map(int, re.findall(r'viewBox="\d+ (\d+) \d+ (\d+)"', leaf)[0])
        marks = re.findall(r'<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"', leaf)
        assert marks
        for x, y, wide, high in (map(int, mark) for mark in marks):
            part = pictures[name].part(x, y, x + wide, y + high).greys
            assert (part < 8).mean() > 0.02
            assert upper <= y
            assert y + high <= upper + height
    assert html == _dossier(paged, tmp_path / "again")
    assert len(html) < 400_000


def test_show(paged: Case) -> None:
    """The page of a claim, its words marked in yellow and readable; nothing is written."""
    pil = pytest.importorskip("PIL.Image")
    claim = next(c for c in paged.casebook.rows(CLAIMS) if "12 hours" in c.quote)
    before = paged.casebook.digest()
    found, (page,) = show(paged, claim.id)
    assert found == claim
    assert page.notes == ()
    image = pil.open(io.BytesIO(page.png))
    assert image.info == {}
    colours = np.asarray(image.convert("RGB")).astype(int)
    yellow = (colours[:, :, 0] > 200) & (colours[:, :, 2] < 120)
    rows = np.flatnonzero(yellow.any(axis=1))
    assert abs(rows.mean() - (842 - 749) * 120 / 72) < 8, "at the height of its line"
    assert verify_case(paged).faults == ()
    assert paged.casebook.digest() == before
    with pytest.raises(InputError, match="there is no claim"):
        show(paged, "c0000000000")


def test_what_show_tells_of_a_quote_is_masked(tmp_path: Path) -> None:
    """A report that names a protected person: the quote comes out as the dossier prints it."""
    case = open_case(tmp_path / "case", bytes(32), create=True)
    (tmp_path / "said.txt").write_text("It was a long day, the speaker said.\n")
    take(case, [tmp_path / "said.txt"], write_record(tmp_path / "r.yaml"), clock=clock)
    page = (
        (72.0, 760.0, "Hong Gil-dong said that prisoners were beaten in the labour camp"),
        (72.0, 745.0, "because they did not meet the quota."),
    )
    (tmp_path / "a.pdf").write_bytes(pdf_of([Drawn(words(list(page)))]))
    assert capture.run(case, [tmp_path / "a.pdf"], clock=clock).failures == ()
    extract.run(case)
    named = [row for row in case.casebook.rows(CLAIMS) if "Hong Gil-dong" in row.quote]
    assert named
    found, _ = show(case, named[0].id)
    assert found.quote == named[0].quote.replace("Hong Gil-dong", MASK * 13)
    assert (found.start, found.end) == (named[0].start, named[0].end)
    case.close()


def test_no_pages_no_picture(tmp_path: Path) -> None:
    """A text has no pages: the dossier shows none, and show says what to do."""
    case = open_case(tmp_path / "case", None, create=True)
    (tmp_path / "a.txt").write_text(" ".join(line[2] for line in LINES))
    capture.run(case, [tmp_path / "a.txt"], clock=clock)
    extract.run(case)
    assert 'class="leaf"' not in _dossier(case, tmp_path / "out")
    with pytest.raises(InputError, match="has no page image"):
        show(case, case.casebook.rows(CLAIMS)[0].id)
    case.close()


def test_old_decisions_are_shown_never_inherited(paged: Case, tmp_path: Path) -> None:
    """After OCR: proposed claims, each beside the old decision; taken back it is gone."""
    if not ocr.available():
        pytest.skip("no OCR here")
    old = paged.casebook.rows(CLAIMS)
    for number, claim in enumerate(old, start=1):
        decision = Decision.REJECT if number == 2 else Decision.ACCEPT
        row = Judgement(number, claim.id, decision, "A. Reader", clock(), f"reason {number}")
        paged.casebook.append(JUDGEMENTS, [row])
    reread(paged, clock=clock, by_ocr=True)
    done = extract.run(paged)
    new = paged.casebook.rows(CLAIMS)
    assert {claim.rendering for claim in new} == {Rendering.OCR}, "no claim twice"
    assert {claim.status for claim in new} == {"proposed"}
    assert not {claim.id for claim in new} & {claim.id for claim in old}
    assert {row.id for row in done.reanchored} == {claim.id for claim in old}
    assert {row.claim for row in done.reanchored} <= {claim.id for claim in new}
    html = _dossier(paged, tmp_path / "out")
    assert "0</b> reviewed by a person" in html
    assert f"takes up {old[0].id}, accepted by A. Reader on an earlier reading" in html
    assert f"takes up {old[1].id}, rejected by A. Reader" in html
    assert "reason 1" in html
    assert "read from an image (OCR) (tesseract" in html
    assert verify_case(paged).faults == ()
    again = extract.run(paged)
    assert again.reanchored == done.reanchored, "the same again"
    assert paged.casebook.rows(CLAIMS) == new
    undo = Judgement(len(old) + 1, old[0].id, Decision.WITHDRAW, "A. Reader", clock(), "erred")
    paged.casebook.append(JUDGEMENTS, [undo])
    extract.run(paged)
    assert old[0].id not in {row.id for row in paged.casebook.rows(REANCHORED)}


def test_a_copy_is_one_origin(paged: Case, tmp_path: Path) -> None:
    """A copy stands beside its original and counts once, whatever its words."""
    (tmp_path / "t.txt").write_text("Guards in Yomju county beat prisoners, an official said.\n")
    from witnessmark.core.source import CopyKind

    add_copy(paged, tmp_path / "t.txt", of="s1", kind=CopyKind.TRANSLATED, clock=clock)
    extract.run(paged)
    html = _dossier(paged, tmp_path / "out")
    (origin,) = [row for row in paged.casebook.rows(ORIGINS) if "s1" in row.sources]
    assert origin.sources == ("s1", "s2")
    assert origin.why == ("s1 and s2: copies of one original (rule 8)",)
    assert "<dt>Copies</dt><dd>s2 (translated)</dd>" in html
    assert "a translated copy of s1; counted with it" in html
    assert "1 independent origin" in html
    assert len(paged.casebook.rows(SOURCES)) == 2


def _sheet(**more: object) -> tuple[Sheet, PageImage]:
    greys = np.full((200, 100), 15, dtype=np.uint8)
    greys[20:30, 10:60:3] = 0
    greys[120:180, 20:80] = 5
    png = GreyPicture(greys).to_png()
    row = PageImage("s1p1", "s1", 1, POINTS, 100.0, 200.0, 100, 200, "", "", "", **more)  # type: ignore[arg-type]
    return Sheet(row, png), row


def test_pictures_and_masked_names_are_gone() -> None:
    """What is withheld, and the place of a masked name, is filled: its pixels are not there."""
    sheet, row = _sheet(withheld=((20.0, 20.0, 80.0, 80.0),))
    offsets = OffsetMap(
        (Anchor(0, 4, "page", 1, 1, "", (10.0, 170.0, 60.0, 180.0)), Anchor(4, 8, "made", 0, 0))
    )
    text = Rendition("r", "s1", Rendering.PDF_TEXT, "", 8, "o", offsets)
    masks = masked_areas(row, [text], {"r": "████ abc"})
    shown = shown_picture(sheet, masks).greys
    assert set(np.unique(shown[120:180, 20:80])) == {COVERED}
    assert set(np.unique(shown[20:30, 10:60])) == {0}
    assert masked_areas(row, [text], {"r": "name abc"}) == ()


def test_what_is_not_seen_is_said() -> None:
    """A text layer over blank paper, or outside the page, is told: no ink stands there."""
    picture = shown_picture(_sheet()[0], ())
    assert notes_on(picture, [(10, 20, 60, 30)]) == ()
    assert notes_on(picture, [(10, 60, 60, 70)]) == (NO_INK,)
    assert notes_on(picture, [(100, 20, 100, 30)]) == (OUTSIDE,)
