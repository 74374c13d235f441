"""Saved pages: the page and nothing else, exact through its transfer encoding."""

from __future__ import annotations

import base64
import quopri

import pytest

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import Rendering, SourceKind
from witnessmark.stages.capture.encodings import decode
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.mime import body_of, parts_of
from witnessmark.stages.capture.readers import read
from witnessmark.stages.capture.reading import Read

PAGE = (
    "<html><head><title>Saved</title><script>fetch('https://evil.example')</script></head><body>"
    "<nav>menu</nav><p>수감자들은 가발을 만든다 = wigs, for more than twelve hours.</p>"
    "<img src='https://evil.example/x.png'></body></html>"
)


def mhtml_bytes(encoding: str, *, start: str = "", first: bytes = b"") -> bytes:
    """Return a saved page."""
    raw = PAGE.encode()
    body = {
        "8bit": raw,
        "quoted-printable": quopri.encodestring(raw),
        "base64": base64.encodebytes(raw),
    }[encoding]
    kind = f'; start="{start}"' if start else ""
    return (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://news.example/wigs\r\n"
        "Subject: Saved\r\nDate: Tue, 03 Feb 2026 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/related; type="text/html"{kind}; boundary="=_b"\r\n\r\n'
    ).encode() + b"".join(
        [
            first,
            b"--=_b\r\nContent-Type: text/html; charset=utf-8\r\nContent-ID: <page@x>\r\n",
            f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode(),
            body,
            b"\r\n--=_b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n",
            b"iVBORw0KGgo=\r\n--=_b\r\nContent-Type: text/html\r\n\r\n<p>an advertisement</p>",
            b"\r\n--=_b--\r\n",
        ]
    )


def _read(content: bytes, name: str = "a.mhtml") -> Read:
    return read(name, content, where=name, limits=Limits())


@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64"])
@pytest.mark.parametrize("name", ["a.mhtml", "noname"])
def test_page(encoding: str, name: str) -> None:
    """The page's visible words map to the bytes that carry them; frames and images are counted."""
    content = mhtml_bytes(encoding)
    found = _read(content, name)
    (rendition,) = found.renditions
    assert (found.kind, rendition.rendering) == (SourceKind.MHTML, Rendering.HTML)
    assert rendition.text == "수감자들은 가발을 만든다 = wigs, for more than twelve hours."
    assert (found.facts.url, found.facts.title) == ("https://news.example/wigs", "Saved")
    assert found.facts.published == "", "saving is no publication"
    assert "saved with the page, not read: 2 parts, 1 of them frames" in found.notes
    assert found.attachments == ()
    assert rendition.offsets.length == len(rendition.text)
    part = next(parts_of(content, where="", most=10))
    body = body_of(content, part, where="")
    checked = 0
    for anchor in rendition.offsets.anchors:
        if anchor.origin == "made":
            continue
        inside = bytes(
            byte
            for byte, first, last in zip(body.content, body.starts, body.ends, strict=True)
            if anchor.first <= first and last <= anchor.last
        )
        shown = rendition.text[anchor.start : anchor.end]
        assert decode(inside, where="").text == shown
        checked += len(shown)
    assert checked == len(rendition.text)


def test_root_is_the_named_part() -> None:
    """The part that the header names is the page, also where a frame stands before it."""
    frame = b"--=_b\r\nContent-Type: text/html\r\nContent-ID: <frame@x>\r\n\r\n<p>frame</p>\r\n"
    found = _read(mhtml_bytes("8bit", start="<page@x>", first=frame))
    assert "가발" in found.renditions[0].text
    assert "frame" not in found.renditions[0].text


def test_no_page() -> None:
    """A saved page without a page is refused with the way out."""
    with pytest.raises(UnreadableInput, match="holds no page"):
        _read(b"From: x\r\nContent-Type: image/png\r\n\r\nx")
