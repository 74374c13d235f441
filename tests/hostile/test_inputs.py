"""Files made to break their reader: refused with a remedy or read, never slow, never half."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest

from witnessmark.core.errors import InputError, UnreadableInput
from witnessmark.stages import capture
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.readers import read as read_bytes
from witnessmark.store.shipment_file import open_shipments

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORDS = "According to a source in North Pyongan province, prisoners work over 12 hours a day."
MAIL = "From: a@example.org\nDate: Mon, 05 Jan 2026 00:00:00 +0000\nSubject: x\nMIME-Version: 1.0\n"
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PATIENCE_S = 30.0
"""Each of these took from half a minute to hours before; now a few seconds at most."""


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str, bytes | str], capture.FileText]:
    """Read content as a file of the given name, within the patience of a person."""

    def reading(name: str, content: bytes | str) -> capture.FileText:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        begun = time.monotonic()
        try:
            return capture.read_file(path)
        finally:
            assert time.monotonic() - begun < PATIENCE_S

    return reading


def docx(body: str, *others: tuple[str, str]) -> bytes:
    """Return a Word document with *body* and other parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr(
            "word/document.xml", f"<w:document {SPACE}><w:body>{body}</w:body></w:document>"
        )
        for name, content in others:
            container.writestr(name, content)
    return out.getvalue()


def pdf(box: str, count: int = 1) -> bytes:
    """Return a PDF that claims *count* pages of size *box*, the first with a drawing only."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[3 0 R]/Count {count}>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R>>",
        "<</Length 20>>stream\n0 0 100 100 re f    \nendstream",
    ]
    text, places = "%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(text))
        text += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 5\n0000000000 65535 f \n{table}trailer<</Size 5/Root 1 0 R>>\n"
    return f"{text}{end}startxref\n{len(text)}\n%%EOF\n".encode()


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


@pytest.mark.parametrize(
    "mark", ["<!--", "<a ", "</a ", "<?", "<![", '<a b="'], ids=lambda mark: f"{mark}*"
)
def test_marks_that_never_end(mark: str, read: Callable[..., capture.FileText]) -> None:
    """A page of marks without end is refused, not searched to its end once for each."""
    with pytest.raises(UnreadableInput, match="never end"):
        read("page.html", f"<html><body>{mark * 200_000}{WORDS}")


@pytest.mark.parametrize(
    "junk",
    [
        "<div>" * 100_000,
        "<b>" * 50_000 + "</i>" * 50_000,
        "<table><tr><td>" * 30_000,
        f'<p class="{"x" * 5_000_000}">',
        "<![if !IE]>",
        '<a href="data:text/html,<script>evil()</script>"></a>',
        "<ScRiPt >speak('bombs')</sCrIpT >",
    ],
    ids=["nested", "closers", "tables", "attribute", "conditional", "data", "script"],
)
def test_a_hostile_page_keeps_its_words(junk: str, read: Callable[..., capture.FileText]) -> None:
    """Nesting, wrong ends and giant attributes cost nothing, and the words are still there."""
    assert read("page.html", f"<html><body>{junk}{WORDS}").text.strip() == WORDS


def test_a_reference_to_a_giant_number(read: Callable[..., capture.FileText]) -> None:
    """``&#999…;`` of any length stays what it is; the words after it are read."""
    text = read("page.html", f"<html><body>&#{'9' * 100_000}; {WORDS}").text
    assert text.endswith(WORDS)
    assert text.startswith("&#999")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("tags.docx", docx("<w:p/>" * 5_000_000), "more than 4000000 tags"),
        ("deep.docx", docx("<w:sdt>" * 20_000 + "<w:p/>" + "</w:sdt>" * 20_000), "too deeply"),
        (
            "field.eml",
            f"{MAIL}Content-Type: text/plain; {'; '.join(f'x*{n}=a' for n in range(20_000))}\n\nx",
            "Content field",
        ),
        (
            "parts.eml",
            f"{MAIL}Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n" * 10_000,
            "too many",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)
def test_bombs_are_refused(
    name: str, content: bytes | str, told: str, read: Callable[..., capture.FileText]
) -> None:
    """A container or e-mail that grows while it is read is refused with the figure or cause."""
    with pytest.raises(UnreadableInput, match=told):
        read(name, content)


def test_boxes_in_boxes_are_read_once(read: Callable[..., capture.FileText]) -> None:
    """Text boxes nested forty deep are not read two to the fortieth times."""
    opened, closed = "<w:r><w:txbxContent><w:p>" * 40, "</w:p></w:txbxContent></w:r>" * 40
    body = f"<w:p>{opened}<w:r><w:t>{WORDS}</w:t></w:r>{closed}</w:p>"
    assert read("boxes.docx", docx(body)).text.strip() == WORDS


def test_names_in_a_container_are_no_paths(
    tmp_path: Path, read: Callable[..., capture.FileText]
) -> None:
    """``../`` and absolute names inside a container write nothing."""
    body = f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>"
    content = docx(body, ("../../out", "x"), (f"{tmp_path}/absolute", "x"))
    assert read("slip.docx", content).text.strip() == WORDS
    assert [path.name for path in tmp_path.iterdir()] == ["slip.docx"]


def test_a_large_attachment_is_quick(read: Callable[..., capture.FileText]) -> None:
    """Ten megabytes of base64 text map each byte without a walk over each."""
    signs = ("UHJpc29uZXJzIG1ha2Ugd2lncy4g" * 4 + "\n") * 90_000
    content = f"{MAIL}Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n{signs}"
    text = read("large.eml", content).text
    assert text == "Prisoners make wigs. " * 360_000


def test_a_giant_page_is_drawn_coarser(read: Callable[..., capture.FileText]) -> None:
    """A page of five metres is not drawn at 288 dots per inch: memory stays bounded."""
    with pytest.raises(UnreadableInput, match="page 1 without text layer"):
        read("poster.pdf", pdf("0 0 14400 14400"))


def test_pages_that_are_not_there(read: Callable[..., capture.FileText]) -> None:
    """A PDF that claims 2900 pages is told in a few words, not in 2899 numbers."""
    with pytest.raises(UnreadableInput) as caught:
        read("count.pdf", pdf("0 0 200 200", 2900))
    assert "2–2900" in str(caught.value) or "page 1 " in str(caught.value)
    assert len(caught.value.what) < 300


@pytest.mark.parametrize("side", [9_999, 60_000])
def test_an_image_bomb_is_kept_and_not_drawn(
    side: int,
) -> None:
    """An image of a hundred million pixels or more is stored only; it is no failure."""
    content = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )
    found = read_bytes("bomb.png", content, where="bomb.png", limits=Limits())
    assert not found.renditions
    assert found.notes[0].startswith(("too large to be read by OCR", "no text layer"))


def test_an_error_quotes_no_row_of_a_shipment_file(tmp_path: Path) -> None:
    """A broken CSV row is counted in the error, not shown: it is case material."""
    path = tmp_path / "bills.csv"
    path.write_text("shipment_id,date\n1,2024-01-01\n2,2024-01-02,A Firm That Nobody May See\n")
    with pytest.raises(InputError) as caught:
        open_shipments(path)
    assert "Expected 2 columns, got 3" in str(caught.value)
    assert "Nobody May See" not in str(caught.value)


@pytest.mark.parametrize("name", ["a.eml", "a.mhtml"])
def test_a_date_beyond_all_numbers(name: str, read: Callable[..., capture.FileText]) -> None:
    """A year or a zone of twenty digits is no date; the words are read (found by fuzzing)."""
    for date in ("Mon, 05 Jan 99999999999999999999 00:00:00 +0000", f"1 Jan 2026 +{'9' * 20}"):
        head = f"From: a@example.org\nDate: {date}\nSubject: x\nMIME-Version: 1.0\n"
        kind = "text/html" if name.endswith("mhtml") else "text/plain"
        assert WORDS in read(name, f"{head}Content-Type: {kind}\n\n<p>{WORDS}</p>\n").text
