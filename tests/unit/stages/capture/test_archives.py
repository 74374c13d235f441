"""Archives: members become sources; what leaves, links or explodes is refused by name."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.unit.stages.capture.conftest import clock, docx_bytes, pdf_bytes

from witnessmark.core.errors import UnreadableInput
from witnessmark.stages import capture
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.readers import read
from witnessmark.stages.capture.reading import Read
from witnessmark.store.case import Case
from witnessmark.store.tables import SOURCES
from witnessmark.store.verify import verify_case

TEXT = b"Prisoners make wigs.\n"


def zip_bytes(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """Return a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in members:
            box.writestr(name, data)
    return out.getvalue()


def tar_bytes(*members: tuple[str, bytes], odd: tuple[tarfile.TarInfo, ...] = ()) -> bytes:
    """Return a tar archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as box:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            box.addfile(info, io.BytesIO(data))
        for info in odd:
            box.addfile(info)
    return out.getvalue()


def _read(content: bytes, name: str, **limits: Any) -> Read:
    return read(name, content, where=name, limits=Limits(**limits))


def _refusal(content: bytes, name: str, **limits: Any) -> UnreadableInput:
    with pytest.raises(UnreadableInput) as caught:
        _read(content, name, **limits)
    assert caught.value.to_do
    return caught.value


TAR = tar_bytes(("folder/a.txt", TEXT), ("b.pdf", pdf_bytes([[(72, 700, "Words.")]])))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", zip_bytes(("folder/", b""), ("folder/a.txt", TEXT),
                            ("b.pdf", pdf_bytes([[(72, 700, "Words.")]])),
                            ("__MACOSX/a.txt", b"x"))),
        ("a.tar", TAR),
        ("a.tar.gz", gzip.compress(TAR)),
        ("a.tar.bz2", bz2.compress(TAR)),
        ("a.tar.xz", lzma.compress(TAR)),
        ("noname", gzip.compress(TAR)),
    ],
)  # fmt: skip
def test_members_become_sources(case: Case, inputs: Path, name: str, content: bytes) -> None:
    """Each member is a source that names its archive; its name is a label."""
    (inputs / name).write_bytes(content)
    result = capture.run(case, [inputs / name], clock=clock)
    assert result.failures == ()
    assert [(source.origin, source.name, source.kind.value) for source in result.sources[1:]] == [
        ("member folder/a.txt of s1", "a.txt", "text"),
        ("member b.pdf of s1", "b.pdf", "pdf"),
    ]
    assert case.vault.get(case.casebook.rows(SOURCES)[1].vault_object) == TEXT
    assert verify_case(case).faults == ()


@pytest.mark.parametrize(
    ("name", "pack"),
    [("t.txt.gz", gzip.compress), ("t.txt.bz2", bz2.compress), ("t.txt.xz", lzma.compress)],
)
def test_one_packed_file(name: str, pack: Callable[[bytes], bytes]) -> None:
    """A single file in gzip, bzip2 or xz is its archive's only member."""
    (member,) = _read(pack(TEXT), name).attachments
    assert (member.name, member.content) == ("t.txt", TEXT)


NAMES = ("../../etc/cron.d/x.txt", "/etc/x.txt", "C:\\x.txt", "a/../../x.txt", "..\\x.txt")


@pytest.mark.parametrize("odd", NAMES)
@pytest.mark.parametrize("make", [zip_bytes, tar_bytes])
def test_names_that_leave(case: Case, inputs: Path, odd: str, make: object) -> None:
    """Attack: a name that leaves its folder is refused by name; the rest is taken in."""
    members = ((odd, b"hostile"), ("good.txt", TEXT))
    content = zip_bytes(*members) if make is zip_bytes else tar_bytes(*members)
    before = sorted(inputs.parent.rglob("*x.txt"))
    path = inputs / "a.bin"
    path.write_bytes(content)
    result = capture.run(case, [path], clock=clock)
    (failure,) = result.failures
    assert "name" in failure.what
    assert "x.txt" in failure.where
    assert ".." not in failure.where.removeprefix(str(path))
    assert [source.name for source in result.sources] == ["a.bin", "good.txt"]
    assert sorted(inputs.parent.rglob("*x.txt")) == before, "nothing is unpacked to the disk"


@pytest.mark.parametrize(
    ("sort", "what"),
    [
        (tarfile.SYMTYPE, "symbolic link"),
        (tarfile.LNKTYPE, "a link"),
        (tarfile.CHRTYPE, "device"),
        (tarfile.BLKTYPE, "device"),
        (tarfile.FIFOTYPE, "pipe"),
    ],
)
def test_odd_members_of_tar(sort: bytes, what: str) -> None:
    """Attack: links, devices and pipes are refused by name and never followed."""
    info = tarfile.TarInfo("odd.txt")
    info.type, info.linkname = sort, "/etc/passwd"
    found = _read(tar_bytes(("good.txt", TEXT), odd=(info,)), "a.tar")
    (told,) = found.refused
    assert what in told.what
    assert told.where == "a.tar, member odd.txt"
    assert [member.content for member in found.attachments] == [TEXT]


def test_symbolic_link_in_zip() -> None:
    """Attack: a symbolic link in a zip is refused by name."""
    info = zipfile.ZipInfo("link.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    (told,) = _read(zip_bytes((info, b"/etc/passwd"), ("a.txt", TEXT)), "a.zip").refused
    assert "symbolic link" in told.what


def test_encrypted_zip() -> None:
    """An encrypted archive is refused with its member."""
    content = bytearray(zip_bytes(("a.txt", TEXT)))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    refusal = _refusal(bytes(content), "a.zip")
    assert "encrypted" in refusal.what
    assert refusal.where == "a.zip, member a.txt"


def test_two_members_of_one_name() -> None:
    """Attack: two members of one name, of which programs show different ones."""
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zip_bytes(("a.txt", TEXT), ("a.txt", b"other"))
    assert "two members of one name" in _refusal(content, "a.zip").what


def test_overlapping_members() -> None:
    """Attack: a zip whose members share their data is refused before it is unpacked."""
    content = bytearray(zip_bytes(("a.txt", b"x" * 5000), ("b.txt", b"x" * 5000)))
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = (1).to_bytes(4, "little")
    assert "overlap" in _refusal(bytes(content), "a.zip").what


@pytest.mark.parametrize("kind", ["zip", "gz", "bz2", "xz"])
def test_bombs(kind: str) -> None:
    """Attack: 64 megabytes of zeros is refused with its place, in bounded time and memory."""
    begin = time.monotonic()
    if kind == "zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box, box.open("z.txt", "w") as part:
            for _ in range(64):
                part.write(bytes(1 << 20))
        content = out.getvalue()
    elif kind == "gz":
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        content = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    elif kind == "bz2":
        content = bz2.compress(bytes(1 << 26))
    else:
        content = lzma.compress(bytes(1 << 26))
    tracemalloc.start()
    refusal = _refusal(content, f"a.{kind}")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "unpacks to more than" in refusal.what
    assert ("member z.txt" in refusal.where) if kind == "zip" else ("byte" in refusal.where)
    assert time.monotonic() - begin < 20
    assert peak < 200 << 20


def test_sum_over_members_is_bounded(case: Case, inputs: Path) -> None:
    """Attack: archives in archives count against one bound, not each against its own."""
    inner = [(f"{n}.zip", zip_bytes(("a.txt", bytes([65 + n]) * 40_000))) for n in range(6)]
    path = inputs / "a.zip"
    path.write_bytes(zip_bytes(*inner))
    limits = capture.Limits(max_unpacked=100_000)
    result = capture.run(case, [path], clock=clock, limits=limits)
    assert any("unpacks to more than 100000" in failure.what for failure in result.failures)
    assert len(result.sources) < 12


def test_depth_is_bounded(case: Case, inputs: Path) -> None:
    """Attack: an archive nested beyond the limit is refused at the depth, with its place."""
    content = zip_bytes(("deep.txt", TEXT))
    for level in range(6):
        content = zip_bytes((f"l{level}.zip", content))
    path = inputs / "a.zip"
    path.write_bytes(content)
    result = capture.run(case, [path], clock=clock)
    (failure,) = result.failures
    assert "containers deep" in failure.what
    assert "l2.zip" in failure.where
    assert len(result.sources) == 4


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.zip", zip_bytes(("a.txt", TEXT))[:-30], "damaged"),
        ("a.tar", TAR[:700], "damaged"),
        ("a.tar", TAR[:1024], "damaged"),
        ("a.tar", TAR[:512] + b"\xff" * 2000, "damaged"),
        ("a.tar.gz", gzip.compress(TAR)[:-20], "cut off"),
        ("a.tar.bz2", bz2.compress(TAR)[:-20], "cut off"),
        ("a.tar.xz", lzma.compress(TAR)[:-20], "cut off"),
        ("a.gz", b"\x1f\x8b" + b"\xff" * 40, "damaged"),
    ],
)
def test_damage(name: str, content: bytes, what: str) -> None:
    """A damaged or cut archive is refused whole: half an archive reads like a whole one."""
    assert what in _refusal(content, name).what


def test_zip_kinds() -> None:
    """A container is known by its parts: a Word document in a zip does not make one."""
    inside = zip_bytes(("word-report.docx", docx_bytes("<w:p/>")), ("xword/document.xml", b"x"))
    assert _read(inside, "a.zip").kind.value == "zip"
    assert _read(docx_bytes("<w:p/>"), "a.zip").kind.value == "docx"
    assert "OpenDocument" in _refusal(zip_bytes(("META-INF/manifest.xml", b"")), "a.odt").what


def test_content_in_the_first_kilobyte_does_not_decide() -> None:
    """Attack: a tar whose first member is a PDF is a tar, not that PDF."""
    assert _read(tar_bytes(("b.pdf", pdf_bytes([[(72, 700, "x")]]))), "a").kind.value == "tar"
