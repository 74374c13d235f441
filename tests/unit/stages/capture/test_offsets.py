"""Every sign of a rendition can be found in the original, at the place that its map gives."""

from __future__ import annotations

import html
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.stages.capture.conftest import docx_bytes, pdf_bytes

from witnessmark.stages.capture.contents import content_of
from witnessmark.stages.capture.encodings import decode
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.mime import body_of, parts_of
from witnessmark.stages.capture.readers import read

if TYPE_CHECKING:
    from witnessmark.stages.capture.reading import Read

LIMITS = Limits()

TEXTS = st.text(min_size=1, max_size=300).map(lambda text: text.replace("\0", "0"))


def _read(name: str, content: bytes) -> Read:
    return read(name, content, where=name, limits=LIMITS)


def _check_bytes(found: Read, content: bytes, codec: str, *, entities: bool = False) -> int:
    """Decode every byte range and compare; return the code points that have one."""
    checked = 0
    for rendition in found.renditions:
        assert rendition.offsets.length == len(rendition.text)
        before = 0
        for anchor in rendition.offsets.anchors:
            if anchor.origin == "made":
                assert rendition.text[anchor.start : anchor.end].strip() == ""
                continue
            assert anchor.origin == "bytes"
            assert before <= anchor.first < anchor.last <= len(content)
            before = anchor.last
            original = content[anchor.first : anchor.last].decode(codec)
            shown = rendition.text[anchor.start : anchor.end]
            assert original == shown or (entities and html.unescape(original) == shown)
            checked += anchor.end - anchor.start
    return checked


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (b"", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ],
)
@given(words=TEXTS)
@settings(max_examples=60, deadline=None)
def test_text(mark: bytes, codec: str, words: str) -> None:
    """A text's rendition is the text itself, and each line decodes from its bytes."""
    words = "a" + words.lstrip("\ufeff")  # a second mark would be a sign of the text
    content = mark + words.encode(codec)
    found = _read("a.txt", content)
    assert "".join(rendition.text for rendition in found.renditions) in {words, ""}
    if found.renditions:
        assert _check_bytes(found, content, codec) == len(words)


PIECES = st.one_of(
    TEXTS.map(html.escape),
    TEXTS,
    st.sampled_from(
        [
            "<p>", "</p>", "<br>", "<br/>", "<div class='a>b'>", "</div>", "<td>", "<li>", "<b>",
            "</b>", "&amp;", "&lt;", "&nbsp;", "&eacute;", "&#44032;", "&#x1F600;", "&nosuch;",
            "&amp", "&#;", "&", "<", "</", "<!", "<!-- x -->", "<![CDATA[x]]>", "<?php x ?>",
            "<pre>", "</pre>", "\n  ", "\t", "<script>var a = '<p>';</script>", "<nav>no</nav>",
            "<style>p{}</style>", "<p hidden>no", "<title>T</title>", "𐀀", "용천군", "  ",
        ]
    ),
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=25))
@settings(max_examples=300, deadline=None)
def test_page(pieces: list[str]) -> None:
    """Whatever the markup, each visible run decodes from its bytes; entities from their names."""
    content = ("<html><body>start " + "".join(pieces)).encode()
    found = _read("a.html", content)
    assert _check_bytes(found, content, "utf-8", entities=True) >= 5


def test_page_shows_what_a_reader_sees() -> None:
    """Scripts, navigation and hidden text are gone, blocks are lines, spaces are one sign."""
    content = (
        b"<!doctype html><head><title>T</title><style>x</style></head><body><nav>menu</nav>"
        b"<h1>Head &amp; line</h1>\n<p>One\n  two&nbsp;<b>three</b><br>four</p><ul><li>a</li> "
        b"<li>b</li></ul><p style='display:none'>gone</p><div aria-hidden=true>gone</div>"
        b"<table><tr><td>x</td><td>y</td></tr></table><script>gone()</script><footer>gone</footer>"
    )
    found = _read("a.html", content)
    assert found.renditions[0].text == ("Head & line\n\nOne two\xa0three\nfour\n\na\nb\n\nx\ty")
    assert found.facts.title == "T"
    assert found.notes[0].startswith("left out: ")
    assert _check_bytes(found, content, "utf-8", entities=True) > 20


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "quoted-printable", "base64"])
def test_mail(encoding: str) -> None:
    """The words of an e-mail map to the bytes that carry them, through each transfer encoding."""
    words = (
        "First line, plain.\nSecond line.\n" if encoding == "7bit" else "용천군 – é\n둘째 줄 𐀀\n"
    )
    message = EmailMessage()
    message["From"] = "someone@example.org"
    message["Subject"] = "Subject"
    message.set_content(words, cte=encoding, charset="utf-8")
    message.add_attachment(b"attached", maintype="text", subtype="plain", filename="x.txt")
    content = message.as_bytes()
    found = _read("a.eml", content)
    (rendition,) = found.renditions
    assert rendition.text.replace("\r\n", "\n").rstrip("\n") == words.rstrip("\n")
    part = next(parts_of(content, where="", most=10))
    body = body_of(content, part, where="")
    for anchor in rendition.offsets.anchors:
        shown = rendition.text[anchor.start : anchor.end]
        # the bytes of the content whose places lie in the anchor's range, decoded
        inside = bytes(
            byte
            for byte, first, last in zip(body.content, body.starts, body.ends, strict=True)
            if anchor.first <= first and last <= anchor.last
        )
        assert decode(inside, where="").text == shown
        raw = content[anchor.first : anchor.last]
        if encoding in {"7bit", "8bit"}:
            assert raw.decode() == shown
        elif encoding == "quoted-printable":
            import quopri

            assert quopri.decodestring(raw).decode() == shown
    assert [attachment.name for attachment in found.attachments] == ["x.txt"]
    assert content_of(found.attachments[0].content).whole().strip() == b"attached"


def test_pdf() -> None:
    """A word of a PDF maps to its page and to a box that holds it."""
    content = pdf_bytes(
        [
            [(72, 760, "Prisoners make wigs"), (72, 745, "for more than twelve hours.")],
            [(72, 760, "Second page.")],
        ],
        title="Stated title",
    )
    found = _read("a.pdf", content)
    (rendition,) = found.renditions
    assert rendition.text.startswith("Prisoners make wigs")
    assert rendition.text.endswith("Second page.")
    assert found.facts.title == "Stated title"
    placed = {
        rendition.text[anchor.start : anchor.end]: anchor
        for anchor in rendition.offsets.anchors
        if anchor.origin == "page"
    }
    assert placed["wigs"].first == 1
    assert placed["page."].first == 2
    left, bottom, right, top = placed["Prisoners"].box
    assert 70 < left < 74
    assert 755 < bottom < 761
    assert 768 < top < 776
    assert left < right < placed["wigs"].box[0]
    assert rendition.offsets.length == len(rendition.text)


def test_pdf_lines() -> None:
    """Wrapped lines run on, a line broken on purpose stays, a wider step is a paragraph."""
    content = pdf_bytes(
        [
            [
                (72, 760, "A long first line that fills the column to its"),
                (72, 745, "end and goes on here with words of self-"),
                (72, 730, "criticism, and stops."),
                (72, 700, "Another paragraph that is as wide as the one"),
                (72, 685, "before it."),
                (72, 670, "Here a new line begins on purpose, as you see."),
            ]
        ]
    )
    (rendition,) = _read("a.pdf", content).renditions
    assert rendition.text == (
        "A long first line that fills the column to its end and goes on here with words of "
        "self-criticism, and stops.\n\nAnother paragraph that is as wide as the one before it.\n"
        "Here a new line begins on purpose, as you see."
    )


def test_word() -> None:
    """A paragraph of a Word document maps to its part and number; deleted words are gone."""
    content = docx_bytes(
        "<w:p><w:r><w:t>First </w:t></w:r><w:ins><w:r><w:t>inserted</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>deleted</w:delText></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>left</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>right</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:p><w:r><w:t>용천군</w:t><w:tab/><w:t>end</w:t></w:r></w:p>"
    )
    found = _read("a.docx", content)
    (rendition,) = found.renditions
    assert rendition.text == "First inserted\nleft\tright\n\n용천군\tend"
    numbers = {
        rendition.text[anchor.start : anchor.end]: anchor.first
        for anchor in rendition.offsets.anchors
        if anchor.origin == "part"
    }
    assert numbers == {
        "First ": 1,
        "inserted": 1,
        "left": 2,
        "right": 3,
        "용천군": 4,
        "\t": 4,
        "end": 4,
    }
    assert {anchor.part for anchor in rendition.offsets.anchors} <= {"word/document.xml", ""}
    assert "deleted" in found.notes[0]


def test_seed(shared: object) -> None:
    """The report's own text keeps every sign, and its first line gives title and outlet."""
    import json
    from pathlib import Path

    seed = json.loads((Path(str(shared)) / "corpus" / "seed.json").read_text())
    content = seed["text"].encode()
    found = _read("seed.txt", content)
    assert found.renditions[0].text == seed["text"]
    assert _check_bytes(found, content, "utf-8") == len(seed["text"])
    assert (found.facts.title, found.facts.outlet) == (seed["title"], "Daily NK")
