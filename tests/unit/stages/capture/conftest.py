"""Files to capture, made in the test: no text of others is kept here."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from witnessmark.stages.capture import isolation
from witnessmark.store.case import Case, open_case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def clock() -> str:
    """A fixed time."""
    return "2026-11-25T12:00:00Z"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    """An empty plain case."""
    opened = open_case(tmp_path / "case", None, create=True)
    yield opened
    opened.close()


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """An empty folder for inputs."""
    folder = tmp_path / "inputs"
    folder.mkdir()
    return folder


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A reading room in which OCR is not installed."""
    absent = (
        "from witnessmark.stages.capture import ocr\nocr.installed = lambda: ('', '')\nmain()\n"
    )
    room = isolation.ReadingRoom(isolation.BOOT.replace("main()\n", absent))
    monkeypatch.setattr(isolation, "ROOM", room)
    yield
    room.close()


def pdf_bytes(pages: list[list[tuple[int, int, str]]], *, title: str = "") -> bytes:
    """Return a PDF whose pages show lines (x, y, text) in 12-point Helvetica.

    A page with the line ``(0, 0, "IMAGE")`` draws a filled square instead: a scan
    without text layer.
    """
    objects: list[bytes] = [b"", b""]
    kids: list[str] = []
    for lines in pages:
        if lines and lines[0][2] == "IMAGE":
            stream = b"0.5 g 100 100 200 200 re f"
        else:
            shown = [f"1 0 0 1 {x} {y} Tm ({text}) Tj" for x, y, text in lines]
            stream = f"BT /F1 12 Tf {' '.join(shown)} ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        content = len(objects)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
            "/Encoding /WinAnsiEncoding >> >> >> >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>".encode()
    objects.append(f"<< /Title ({title}) >>".encode())
    out = bytearray(b"%PDF-1.4\n")
    places: list[int] = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(objects),
        table,
    )
    return bytes(out)


WORD_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx_bytes(body: str, **parts: bytes) -> bytes:
    """Return a Word document with *body* as the content of ``w:body``."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORD_SPACE}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<w:body>{body}</w:body></w:document>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("[Content_Types].xml", "<Types/>")
        container.writestr("word/document.xml", document)
        for name, content in parts.items():
            container.writestr(name, content)
    return out.getvalue()


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
"""One red pixel."""
