"""Large files: read from the disk in pieces, the same case as when held; kept where not read."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import tracemalloc
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.unit.stages.capture.conftest import PNG, clock, docx_bytes, pdf_bytes
from tests.unit.stages.capture.test_archives import tar_bytes, zip_bytes
from tests.unit.stages.capture.test_mbox import BOX
from tests.unit.stages.capture.test_wacz import made, packed
from tests.unit.stages.capture.test_warc import PAGE, record

from witnessmark.core.source import SourceKind
from witnessmark.stages import capture
from witnessmark.stages.capture import acceptance, contents, intake, mbox, warc
from witnessmark.stages.capture.contents import Held, OnDisk, SourceFailed
from witnessmark.store.case import Case, open_case
from witnessmark.store.seal import Cost, resolve_key
from witnessmark.store.tables import SOURCES
from witnessmark.store.vault import Stored, Vault
from witnessmark.store.verify import verify_case

if TYPE_CHECKING:
    from witnessmark.store.age import Reader

MEGABYTE = 1024 * 1024
FILM = b"\0\0\0\x18ftypmp42" + bytes(12)


def stored_zip(*members: tuple[str, bytes]) -> bytes:
    """Return a zip whose members stand in it as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as box:
        for name, data in members:
            box.writestr(name, data)
    return out.getvalue()


RECORDS = (
    record(PAGE.encode()),
    record(gzip.compress(b"<p>Wigs are made.</p>"), url="https://news.example/b",
           head="Content-Type: text/html\r\nContent-Encoding: gzip\r\n"),
    record(b"5\r\nWigs \r\n9\r\nare made.\r\n0\r\n\r\n", url="https://news.example/c",
           head="Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n"),
    record(pdf_bytes([[(72, 700, "Words.")]]), head="Content-Type: application/pdf\r\n"),
    record(b"x" * 5000, head="Content-Type: image/png\r\n"),
)  # fmt: skip
INSIDE = (("a/t.txt", b"Prisoners make wigs.\n" * 400), ("d.docx", docx_bytes("<w:p/>")),
          ("p.png", PNG), ("m.mbox", BOX), ("w.warc", b"".join(RECORDS)),
          ("n.zip", zip_bytes(("deep.txt", b"Deep words.\n"))), ("film.mp4", FILM))  # fmt: skip
FILES = {
    "deflated.zip": zip_bytes(*INSIDE),
    "stored.zip": stored_zip(*INSIDE),
    "a.tar": tar_bytes(*INSIDE),
    "a.tar.gz": gzip.compress(tar_bytes(*INSIDE)),
    "t.txt.bz2": bz2.compress(b"Some words.\n"),
    "a.mbox": (BOX + b"\n") * 30,
    "a.warc": b"".join(RECORDS),
    "a.warc.gz": b"".join(map(gzip.compress, RECORDS)),
    "a.wacz": packed(made()),
    "a.pdf": pdf_bytes([[(72, 700, "words")]]),
    "cut.zip": zip_bytes(*INSIDE)[:-30],
    "cut.tar": tar_bytes(*INSIDE)[:-1500],
    "altered.warc": b"".join(RECORDS).replace(b"Prisoners make", b"Prisoners like"),
}


@pytest.fixture
def on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as large: read from the disk, in pieces of 700 bytes."""
    for module in (intake, acceptance):
        monkeypatch.setattr(module, "HELD_BYTES", 64)
    monkeypatch.setattr(contents, "PIECE_BYTES", 700)
    monkeypatch.setattr(contents, "HEAD_BYTES", 600)
    monkeypatch.setattr(warc, "HELD_BYTES", 64)
    monkeypatch.setattr(mbox, "WINDOW", 500)


def _outcome(folder: Path, path: Path) -> tuple[object, ...]:
    case = open_case(folder, None, create=True)
    result = capture.run(case, [path], clock=clock)
    told = [(f.what, f.where, f.to_do) for f in result.failures]
    found = (case.casebook.digest_lines(), told, [d.where for d in result.duplicates])
    kept = [case.original(source) for source in case.casebook.rows(SOURCES)]
    assert verify_case(case).faults == ()
    case.close()
    return (*found, kept)


@pytest.mark.parametrize("name", FILES)
def test_from_the_disk_as_from_memory(
    name: str, inputs: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A file that is read from the disk in pieces gives the same sources, texts, offsets, notes
    and errors, byte for byte, as one that is held in memory."""
    path = inputs / name
    path.write_bytes(FILES[name])
    held = _outcome(tmp_path / "held", path)
    request.getfixturevalue("on_disk")
    assert _outcome(tmp_path / "streamed", path) == held


def test_stretches_are_exact(inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every slice of a file on the disk is the slice of its bytes, across pieces and ends."""
    monkeypatch.setattr(contents, "PIECE_BYTES", 7)
    monkeypatch.setattr(contents, "HEAD_BYTES", 5)
    data = bytes(range(100))
    path = inputs / "a"
    path.write_bytes(data)
    handle = os.open(path, os.O_RDONLY)
    content = OnDisk(handle, where="a")
    for first in range(0, 104, 3):
        for last in range(0, 104, 5):
            assert content[first:last] == data[first:last]
            assert b"".join(content.pieces(first, last)) == data[first:last]
    part = contents.Stretch(content, 10, 90)
    assert (part[3:20], part[70:200], len(part)) == (data[13:30], data[80:90], 80)
    os.close(handle)


def _opened(path: Path) -> OnDisk:
    return OnDisk(os.open(path, os.O_RDONLY), where=path.name)


@pytest.mark.parametrize("how", ["grown", "cut", "other", "other, time put back"])
def test_a_file_that_changes_is_found(inputs: Path, how: str) -> None:
    """Attack: between hashing and reading the file grows, is cut, or other bytes stand in it,
    its time put back. What was not hashed is never given out."""
    path = inputs / "a.bin"
    data = os.urandom(3 * MEGABYTE)
    path.write_bytes(data)
    content = _opened(path)
    before = path.stat()
    assert content[MEGABYTE : MEGABYTE + 9] == data[MEGABYTE : MEGABYTE + 9]
    with path.open("r+b") as file:
        if how == "grown":
            file.seek(0, os.SEEK_END)
            file.write(b"more")
        elif how == "cut":
            file.truncate(2 * MEGABYTE + 5)
        else:
            file.seek(2 * MEGABYTE + 100)
            file.write(b"another")
    if how.endswith("back"):
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    if how == "grown":
        assert content[2 * MEGABYTE :] == data[2 * MEGABYTE :], "what was hashed stands"
    else:
        with pytest.raises(SourceFailed, match="changed while it was read"):
            content[2 * MEGABYTE :]
    with pytest.raises(SourceFailed, match="changed while it was read"):
        content.whole()


def _files(inputs: Path) -> list[Path]:
    for number in range(3):
        (inputs / f"{number}.txt").write_text(f"Report {number}.\n")
    (inputs / "1-large.zip").write_bytes(FILES["stored.zip"])
    return sorted(inputs.iterdir())


@pytest.mark.usefixtures("on_disk")
@pytest.mark.parametrize("sealed", [False, True])
def test_a_change_while_it_is_stored(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, sealed: bool
) -> None:
    """Attack: the archive changes after it was read and before it is stored. Nothing of it is
    accepted, the batch goes on, and a later call takes it in as if nothing had been."""
    folder = tmp_path / "case"
    words = "words" if sealed else None
    key = resolve_key(folder, words, plain=not sealed, create=True, cost=Cost(8192, 1, 1))
    case = open_case(folder, key, create=True)
    paths = _files(inputs)
    put = case.vault.put_stream

    def late(_: Vault, reader: Reader) -> Stored:
        with (inputs / "1-large.zip").open("r+b") as file:
            file.seek(2000)
            file.write(b"another")
        return put(reader)

    monkeypatch.setattr(Vault, "put_stream", late)
    result = capture.run(case, paths[:-1], clock=clock)
    monkeypatch.undo()
    assert [source.name for source in result.sources] == ["0.txt", "1.txt"]
    (failure,) = result.failures
    assert "changed" in failure.what
    assert "1-large.zip" in failure.where
    assert len(case.vault.names()) == 2, "nothing half-written is left"
    assert verify_case(case).faults == ()
    (inputs / "1-large.zip").write_bytes(FILES["stored.zip"])
    capture.run(case, paths, clock=clock)
    assert verify_case(case).faults == ()
    case.close()


@pytest.mark.usefixtures("on_disk")
@pytest.mark.parametrize("place", [0, 700, 2100, 5000])
def test_read_errors(
    case: Case, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    """Attack: the medium fails at a byte. The file is named with the byte and a remedy, nothing
    of it is kept, the rest of the batch goes on; resumed, the digest is that of a good disk."""
    paths = _files(inputs)
    bad = (inputs / "1-large.zip").stat().st_ino
    read = os.pread

    def failing(handle: int, size: int, first: int) -> bytes:
        if os.fstat(handle).st_ino == bad and first <= place < first + size:
            raise OSError(5, "Input/output error")
        return read(handle, size, first)

    monkeypatch.setattr(os, "pread", failing)
    result = capture.run(case, paths, clock=clock)
    monkeypatch.setattr(os, "pread", read)
    (failure,) = result.failures
    assert "Input/output error" in failure.what
    assert "byte" in failure.where
    assert "ddrescue" in failure.to_do
    assert [source.name for source in result.sources] == ["0.txt", "1.txt", "2.txt"]
    assert verify_case(case).faults == ()
    late = capture.run(case, paths, clock=clock)
    assert late.failures == ()
    other = open_case(tmp_path / "other", None, create=True)
    capture.run(other, [*paths[:1], *paths[2:], paths[1]], clock=clock)
    assert case.casebook.digest() == other.casebook.digest()
    other.close()


@pytest.mark.parametrize(
    ("name", "content", "media_type", "why"),
    [
        ("a.mp4", FILM + bytes(99), "video/mp4", "a video"),
        ("a.mov", b"\0\0\0\x14ftypqt  " + bytes(99), "video/quicktime", "a video"),
        ("a.m4a", b"\0\0\0\x14ftypM4A " + bytes(99), "audio/mp4", "a recording"),
        ("a.mp3", b"ID3\x04" + bytes(99), "audio/mpeg", "a recording"),
        ("a.wav", b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav", "a recording"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "application/x-ole-storage", "old Office"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(60), "application/x-7z-compressed", "7-Zip"),
        ("chat.db", b"SQLite format 3\0" + bytes(90), "application/vnd.sqlite3", "a database"),
        ("a.odt", zip_bytes(("META-INF/manifest.xml", b"")), "application/octet-stream", "OpenDo"),
        ("dump", bytes(range(256)) * 9, "application/octet-stream", "nothing here knows"),
        ("long.txt", b"Many words. " * 2000, "text/plain", "24000 bytes, more than the 20000"),
    ],
)
def test_kept_not_read(
    case: Case, inputs: Path, name: str, content: bytes, media_type: str, why: str
) -> None:
    """What nothing here reads, or what is too large to be read, is evidence all the same: kept
    byte for byte, hashed, logged, its source says why it was not read; of a file that is only
    too large the person who gave it is told as well."""
    (inputs / name).write_bytes(content)
    result = capture.run(case, [inputs], clock=clock, limits=capture.Limits(max_bytes=20_000))
    told = [why in failure.what for failure in result.failures]
    assert told == ([True] if "more than" in why else [])
    (source,) = result.sources
    assert (source.kind, source.media_type) == (SourceKind.OTHER, media_type)
    assert source.note.startswith("kept, not read: ")
    assert why in source.note
    assert case.original(source) == content
    assert verify_case(case).faults == ()
    again = capture.run(case, [inputs], clock=clock)
    assert [(d.source, again.sources) for d in again.duplicates] == [("s1", ())]


def test_texts_are_no_recordings(case: Case, inputs: Path) -> None:
    """A text in any encoding that begins like a film or a sound is read as a text."""
    texts = {
        "wide.log": b"The wide road to the camp was closed.\n",
        "form": b"FORM 12: what the camp asked for.\n",
        "caff.log": b"caffeine was not to be had in the camp.\n",
        "utf16.log": "\ufeff한 소식통은 수감자들이 가발을 만든다고 말했다.".encode("utf-16-le"),
        "bare16.log": "The prisoners make wigs.".encode("utf-16-le"),
    }
    for name, content in texts.items():
        (inputs / name).write_bytes(content)
    result = capture.run(case, [inputs], clock=clock)
    assert {source.name: source.kind for source in result.sources} == dict.fromkeys(
        texts, SourceKind.TEXT
    )


@pytest.mark.usefixtures("on_disk")
@pytest.mark.parametrize("mark", [b"\xa9xyz\0\x12\x15\xc7+39.0+125.7/", b"Exif\0\0MM\0*"])
def test_a_place_in_a_film_needs_a_sealed_case(
    case: Case, inputs: Path, tmp_path: Path, mark: bytes
) -> None:
    """A plain case refuses a film in which a place is written, also across two pieces; a sealed
    one takes it, and nothing reads the place."""
    path = inputs / "film.mp4"
    path.write_bytes(FILM + bytes(700 - len(FILM) - 3) + mark + bytes(3000))
    (failure,) = capture.run(case, [path], clock=clock).failures
    assert "plain case" in failure.what
    assert case.vault.names() == frozenset()
    key = resolve_key(tmp_path / "sealed", "words", create=True, cost=Cost(8192, 1, 1))
    sealed = open_case(tmp_path / "sealed", key, create=True)
    (source,) = capture.run(sealed, [path], clock=clock).sources
    assert "39" not in source.note + source.title
    sealed.close()


def test_an_image_too_large_to_be_looked_through(case: Case, inputs: Path) -> None:
    """A plain case takes no image unread: it may say where a person stood."""
    (inputs / "a.png").write_bytes(PNG[:-12] + bytes(900) + PNG[-12:])
    limits = capture.Limits(max_bytes=500)
    (failure,) = capture.run(case, [inputs], clock=clock, limits=limits).failures
    assert "plain case" in failure.what


def test_a_large_member_is_kept(case: Case, inputs: Path) -> None:
    """A member that is too large to be read is a source of its own, kept, not read."""
    (inputs / "a.zip").write_bytes(zip_bytes(("big.txt", b"words " * 900), ("s.txt", b"Small.\n")))
    limits = capture.Limits(max_bytes=1000)
    result = capture.run(case, [inputs], clock=clock, limits=limits)
    assert [(s.name, s.kind.value, s.size) for s in result.sources[1:]] == [
        ("big.txt", "other", 5400),
        ("s.txt", "text", 7),
    ]
    (failure,) = result.failures
    assert failure.what.startswith("kept as evidence, but not read")
    assert "big.txt" in failure.where


@pytest.mark.parametrize("kind", ["bytes", "stored.zip", "deflated.zip", "tar", "warc"])
def test_memory_is_flat(case: Case, inputs: Path, kind: str) -> None:
    """Sixty-six megabytes are captured in less than a quarter of that, whatever holds them."""
    path = inputs / kind
    blocks = [os.urandom(MEGABYTE) for _ in range(3)]
    members = {f"{number}.bin": blocks[number % 3] + bytes([number]) for number in range(66)}
    if kind.endswith("zip"):
        how = zipfile.ZIP_STORED if kind.startswith("stored") else zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(path, "w", how, compresslevel=1) as box:
            for name, data in members.items():
                box.writestr(name, data)
    else:
        with path.open("wb") as file:
            for name, data in members.items():
                if kind == "tar":
                    file.write(tar_bytes((name, data))[: 512 + -(-len(data) // 512) * 512])
                elif kind == "warc":
                    file.write(record(data, head="Content-Type: video/mp4\r\n"))
                else:
                    file.write(b"\0\1\2" + data)
            file.write(bytes(1024) if kind == "tar" else b"")
    tracemalloc.start()
    result = capture.run(case, [path], clock=clock)
    faults = verify_case(case).faults
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (result.failures, faults) == ((), ())
    assert len(result.sources) == (67 if "zip" in kind or kind == "tar" else 1)
    assert peak < 24 * MEGABYTE


def test_progress_within_a_file(case: Case, inputs: Path) -> None:
    """A large file is heard of megabyte by megabyte, a small one only when it is done."""
    (inputs / "a.bin").write_bytes(b"\0\1\2\3" + os.urandom(20 * MEGABYTE))
    (inputs / "b.txt").write_text("Small.\n")
    heard: list[tuple[str, int, int]] = []

    class Ears:
        def step(self, what: str, done: int, total: int) -> None:
            heard.append((what, done, total))

    capture.run(case, [inputs], clock=clock, progress=Ears())
    within = [done for what, done, _ in heard if what == "this file, in MB"]
    assert within[:20] == list(range(1, 21))
    assert [step for step in heard if step[0] == "capture"] == [
        ("capture", 1, 2),
        ("capture", 2, 2),
    ]


def test_held_is_held() -> None:
    """Bytes in memory are given out as they are, not copied."""
    data = b"words" * 100
    assert Held(data).whole() is data
