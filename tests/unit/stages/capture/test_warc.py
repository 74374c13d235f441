"""Web archives: digests checked, places named, pages taken out, bombs bounded."""

from __future__ import annotations

import base64
import gzip
import hashlib
import time
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import pytest
from tests.unit.stages.capture.conftest import clock, pdf_bytes

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import SourceKind
from witnessmark.stages import capture
from witnessmark.stages.capture.contents import content_of
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.readers import read
from witnessmark.stages.capture.reading import Read
from witnessmark.store.case import Case
from witnessmark.store.tables import RENDITIONS, SOURCES
from witnessmark.store.verify import verify_case

GOOD = {
    "example.warc.gz": ("http://example.com/", "5 digests"),
    "example-iana.org-chunked.warc": ("http://www.iana.org/", "3 digests"),
    "example-resource.warc.gz": ("http://example.com/", "2 digests"),
}
BAD = {
    "example-bad-non-chunked.warc.gz": ("not compressed one by one", "record 1 at byte 0"),
    "example-bad.warc.gz.bad": ("not compressed one by one", "record 1 at byte 0"),
    "example-trunc.warc": ("does not end where it says", "record 3 at byte 1197"),
    "example-wrong-chunks.warc.gz": ("ends before its stated length", "record 1 at byte 0"),
}

PAGE = "<html><body><p>수감자들은 가발을 만든다. Prisoners make wigs.</p></body></html>"


def sha(kind: str, data: bytes) -> str:
    """A digest as web archives write it."""
    raw = hashlib.new(kind, data).digest()
    return f"{kind}:{base64.b32encode(raw).decode()}" if kind == "sha1" else f"{kind}:{raw.hex()}"


def record(
    body: bytes,
    *,
    kind: str = "sha256",
    head: str = "Content-Type: text/html; charset=utf-8\r\n",
    sort: str = "response",
    url: str = "https://news.example/a/wigs",
    status: str = "200 OK",
    digest_of: bytes | None = None,
    more: str = "",
) -> bytes:
    """Return one record."""
    block = f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body
    lines = (
        f"WARC/1.1\r\nWARC-Type: {sort}\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2026-02-03T04:05:06Z\r\nWARC-Record-ID: <urn:uuid:x>\r\n"
        f"WARC-Block-Digest: {sha(kind, block if digest_of is None else digest_of)}\r\n"
        f"WARC-Payload-Digest: {sha(kind, body)}\r\n{more}"
        f"Content-Type: application/http; msgtype={sort}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return lines.encode() + block + b"\r\n\r\n"


def _read(content: bytes, name: str = "a.warc", **limits: Any) -> Read:
    return read(name, content, where=name, limits=Limits(**limits))


def _refusal(content: bytes, name: str = "a.warc", **limits: Any) -> UnreadableInput:
    with pytest.raises(UnreadableInput) as caught:
        _read(content, name, **limits)
    assert caught.value.to_do
    return caught.value


@pytest.mark.parametrize("name", sorted(GOOD))
def test_good_vectors(shared: Path, name: str) -> None:
    """Good files are accepted, every digest checked, the page found with its address."""
    found = _read((shared / "vectors" / "warc" / name).read_bytes(), name)
    url, checked = GOOD[name]
    (page,) = found.attachments
    assert page.url == url
    assert b"</html>" in content_of(page.content).whole().lower()
    assert checked in found.notes[0]
    assert found.refused == ()


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_vectors(shared: Path, name: str) -> None:
    """Bad files are refused whole, with record and byte."""
    refusal = _refusal((shared / "vectors" / "warc" / name).read_bytes(), name)
    what, place = BAD[name]
    assert what in refusal.what
    assert refusal.where == f"{name}, {place}"


def test_every_vector_is_judged(shared: Path) -> None:
    """No vector is left out of the two lists."""
    assert {path.name for path in (shared / "vectors" / "warc").iterdir()} == {*GOOD, *BAD}


def test_flipped_bytes_are_found(shared: Path) -> None:
    """Attack: any flipped byte inside a block with a digest refuses the file."""
    content = (shared / "vectors" / "warc" / "example-iana.org-chunked.warc").read_bytes()
    begin = content.index(b"HTTP/1.1 200")
    end = content.index(b"\r\n\r\nWARC/1.0", begin)
    for place in range(begin, end, 97):
        altered = bytearray(content)
        altered[place] ^= 1
        with pytest.raises(UnreadableInput, match=r"altered|no answer|broken"):
            _read(bytes(altered))


@pytest.mark.parametrize("kind", ["sha1", "sha256", "sha512"])
def test_digests(kind: str) -> None:
    """SHA-1 and SHA-256 are both computed; a false one names its record."""
    good = record(PAGE.encode(), kind=kind)
    assert "2 digests checked" in _read(good).notes[0]
    bad = record(PAGE.encode(), kind=kind, digest_of=b"other")
    refusal = _refusal(good + bad)
    assert refusal.where == f"a.warc, record 2 at byte {len(good)}"
    assert "block digest" in refusal.what


def test_unknown_digest_is_said() -> None:
    """A digest of a kind that is not computed is named, never taken for right."""
    content = record(b"x").replace(b"WARC-Block-Digest: sha256:", b"WARC-Block-Digest: blake99:")
    found = _read(content)
    assert "digests not checked: blake99" in found.notes
    assert "1 digests checked" in found.notes[0]


def test_pages_become_sources(case: Case, inputs: Path) -> None:
    """Pages, texts and PDFs become sources with record, address and date; the rest is counted."""
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (b"One ", b"two three."))
    content = b"".join(
        [
            record(gzip.compress(PAGE.encode()), head="Content-Type: text/html\r\n"
                   "Content-Encoding: gzip\r\n"),
            record(chunked + b"0\r\n\r\n", url="https://news.example/b.txt",
                   head="Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n"),
            record(pdf_bytes([[(72, 700, "Words of a PDF.")]]), url="https://news.example/c",
                   head="Content-Type: application/pdf\r\n"),
            record(b"moved", status="302 Found"),
            record(b"\x89PNG", head="Content-Type: image/png\r\n"),
            record("가발 공장".encode("cp949"), url="https://news.example/d",
                   head="Content-Type: text/plain; charset=euc-kr\r\n"),
        ]
    )  # fmt: skip
    path = inputs / "a.warc"
    path.write_bytes(content)
    result = capture.run(case, [path], clock=clock)
    assert result.failures == ()
    held = case.casebook.rows(SOURCES)
    assert [(source.origin, source.kind.value, source.url) for source in held] == [
        ("file", "warc", ""),
        ("record 1 of s1", "html", "https://news.example/a/wigs"),
        ("record 2 of s1", "text", "https://news.example/b.txt"),
        ("record 3 of s1", "pdf", "https://news.example/c"),
        ("record 6 of s1", "text", "https://news.example/d"),
    ]
    texts = [case.vault.get(row.vault_object).decode() for row in case.casebook.rows(RENDITIONS)]
    assert texts == [
        "수감자들은 가발을 만든다. Prisoners make wigs.",
        "One two three.",
        "Words of a PDF.",
        "가발 공장",
    ]
    assert "archived 2026-02-03T04:05:06Z" in held[1].note
    assert [source.published for source in held] == [""] * 5, "a fetch is no publication"
    assert "1 answers that are no page" in held[0].note
    assert verify_case(case).faults == ()


def test_one_broken_page_does_not_lose_the_rest() -> None:
    """A page in a coding that nothing here undoes is told with its record; the next is read."""
    brotli = record(b"\x0b\x02\x80", head="Content-Type: text/html\r\nContent-Encoding: br\r\n")
    found = _read(brotli + record(PAGE.encode()))
    (told,) = found.refused
    assert "coding br" in told.what
    assert "record 1 at byte 0" in told.where
    assert len(found.attachments) == 1


def test_bombs_are_bounded() -> None:
    """Attack: gzip bombs, as stream and as answer, end at the bound in time and memory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packer.compress(bytes(1 << 20)) + b"".join(
        packer.compress(bytes(1 << 20)) for _ in range(63)
    ) + packer.flush()  # fmt: skip
    inside = record(bomb, head="Content-Type: text/html\r\nContent-Encoding: gzip\r\n")
    tracemalloc.start()
    begin = time.monotonic()
    assert "unpacks to more than" in _refusal(bomb, "a.warc.gz").what
    (told,) = _read(inside + record(b"x")).refused
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "unpacks to more than" in told.what
    assert time.monotonic() - begin < 10
    assert peak < 200 << 20


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"WARC/1.0\r\n", "broken"),
        (b"WARC/1.0\r\nContent-Length: 99\r\n\r\nx", "before its stated length"),
        (b"WARC/1.0\r\nContent-Length: -1\r\n\r\n\r\n\r\n", "no length"),
        (b"WARC/1.0\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", "no length"),
        (b"WARC/1.0\r\n" + b"A: b\r\n" * 60_000 + b"\r\n", "too long"),
        (record(b"x") + b"junk", "no record begins"),
        (gzip.compress(record(b"x"))[:-9], "cut off"),
        (gzip.compress(record(b"x")) + b"junk", "damaged"),
    ],
)
def test_hostile_records(content: bytes, what: str) -> None:
    """Attack: broken, endless and lying heads are refused with a place, fast."""
    begin = time.monotonic()
    refusal = _refusal(content, "a.warc")
    assert what in refusal.what
    assert "byte" in refusal.where
    assert time.monotonic() - begin < 5


def test_kind_is_found_by_content() -> None:
    """A web archive is known by its first bytes, whatever it is called."""
    for content in (record(PAGE.encode()), gzip.compress(record(PAGE.encode()))):
        assert _read(content, "noname").kind is SourceKind.WARC
