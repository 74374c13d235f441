"""What sort of file this is: by its content first, by its ending where content is silent.

Laws:
1. A file that nothing here reads is named as such (:class:`limits.NotRead`, kept as evidence),
   never half read.
2. A program is refused: what it says of itself is in the documents that came with it.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import SourceKind
from witnessmark.stages.capture.contents import as_file
from witnessmark.stages.capture.limits import UNKNOWN_TYPE, NotRead
from witnessmark.stages.capture.mbox import START
from witnessmark.stages.capture.recordings import recording_type

if TYPE_CHECKING:
    from witnessmark.stages.capture.contents import Data

IMAGES: tuple[tuple[bytes, int, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"II*\x00", 0, "image/tiff"),
    (b"MM\x00*", 0, "image/tiff"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypheix", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heif"),
    (b"ftypavif", 4, "image/avif"),
)
"""Magic bytes, where they stand, and the media type."""

KEPT: tuple[tuple[bytes, str, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "application/x-ole-storage",
        "an old Office file, or one that needs a password",
        "open it, remove the password, save it as docx or PDF, and give that too",
    ),
    (b"{\\rtf", "application/rtf", "a rich text file", "save it as docx or PDF and give that too"),
    (
        b"7z\xbc\xaf\x27\x1c",
        "application/x-7z-compressed",
        "a 7-Zip archive",
        "unpack it and give the files too",
    ),
    (b"Rar!", "application/vnd.rar", "a RAR archive", "unpack it and give the files too"),
    (
        b"SQLite format 3",
        "application/vnd.sqlite3",
        "a database",
        "export what it says as csv or text and give that too",
    ),
)
"""How kinds begin that are kept and not read: their media type, what they are, the remedy."""

REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (b"\x7fELF", "a program", "give the document itself"),
    (b"MZ", "a program", "give the document itself"),
    (b"PAR1", "a Parquet file", "give shipments with --shipments"),
)
"""How kinds begin that are not taken in, what they are, and the remedy."""

_PAGE = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_DRAWING = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*|<!doctype svg[^>]*>\s*)*<svg\b",
    re.IGNORECASE | re.DOTALL,
)
_SAVED = re.compile(rb"^Snapshot-Content-Location:", re.IGNORECASE | re.MULTILINE)
_MAIL_HEADS = (b"from:", b"date:", b"subject:", b"message-id:", b"mime-version:", b"received:")


def kind_of(name: str, content: Data, *, where: str) -> tuple[SourceKind, str]:
    """Return the kind and media type of *content*.

    Args:
        name: its name; only the ending counts, and only where content is silent.
        content: its bytes.
        where: how errors name it.

    Raises:
        NotRead: nothing here reads such a file; it is kept.
        UnreadableInput: such a file is not taken in.
    """
    head = content[:4096]
    ending = PurePosixPath(name.lower()).suffix
    # containers first: what lies in them may begin within these bytes, too
    if found := _holder(name.lower(), content, where):
        return found
    if b"%PDF-" in head[:1024]:
        return SourceKind.PDF, "application/pdf"
    for magic, place, media_type in IMAGES:
        if head[place : place + len(magic)] == magic:
            return SourceKind.IMAGE, media_type
    for magic, what, remedy in REFUSED:
        if head.startswith(magic):
            raise UnreadableInput(f"the file is {what}", where=where, to_do=remedy)
    _pass_by(head, where)
    if ending == ".pdf":
        raise UnreadableInput(
            "the file is named PDF and is none",
            where=where,
            to_do="copy it again from where it came",
        )
    kind = _by_words(head, ending)
    if kind is SourceKind.TEXT and ending not in TEXT_ENDINGS and not _may_be_text(head):
        raise NotRead(
            "nothing here knows this kind of file",
            where=where,
            to_do="save what it says as text or PDF and give that too",
        )
    return kind, WORDS[kind]


def _pass_by(head: bytes, where: str) -> None:
    """Name what is kept and not read, by how it begins."""
    for magic, media_type, what, remedy in KEPT:
        if head.startswith(magic):
            raise NotRead(f"the file is {what}", where=where, to_do=remedy, media_type=media_type)
    if media_type := recording_type(head):
        raise NotRead(
            "the file is a video" if media_type.startswith("video/") else "the file is a recording",
            where=where,
            to_do="write down what is said and shown in it and give that too",
            media_type=media_type,
        )


TEXT_ENDINGS = {".txt", ".md"}
"""Endings of files that are text by their name: an unknown encoding is told as such."""

_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""Signs that no text in an encoding of one or two bytes holds."""

LEAST_ZEROS = 0.25
"""Share of zero bytes, all in one half of the pairs, that makes UTF-16 of Latin text."""


def _may_be_text(head: bytes) -> bool:
    """Return whether bytes that begin like this can be text in any encoding known here."""
    if not _NO_TEXT.search(head) or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    with suppress(UnicodeDecodeError):
        head[: len(head) - 4].decode()
        return True
    zeros = (head[::2].count(0), head[1::2].count(0))
    return min(zeros) * 8 < max(zeros) and max(zeros) * 2 > LEAST_ZEROS * len(head)


PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
"""How gzip, bzip2 and xz begin."""

TAR_MARK = slice(257, 262)
"""Where a tar file says ``ustar``."""

HOLDERS = {
    SourceKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    SourceKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    SourceKind.WACZ: "application/wacz",
    SourceKind.ZIP: "application/zip",
    SourceKind.WARC: "application/warc",
    SourceKind.TAR: "application/x-tar",
}
"""Containers and their media types."""

OFFICE = (
    ("ppt/presentation.xml", "a presentation"),
    ("xl/workbook.bin", "a binary spreadsheet"),
    ("META-INF/manifest.xml", "an OpenDocument file"),
)
"""Containers of programs that nothing here reads, by a part that each of them has."""

_WEB_ARCHIVE = re.compile(r"^archive/.*\.warc(?:\.gz)?$")


def _holder(name: str, content: Data, where: str) -> tuple[SourceKind, str] | None:
    """Return what sort of container the file is, None where it is none."""
    head = content[:4096]
    if head.startswith(b"PK\x03\x04"):
        kind = _zipped(name, content, where)
    elif head.startswith(PACKED):
        kind = _packed(name, head)
    elif head.startswith(b"WARC/"):
        kind = SourceKind.WARC
    elif head[TAR_MARK] == b"ustar":
        kind = SourceKind.TAR
    else:
        return None
    return kind, HOLDERS[kind]


def _packed(name: str, head: bytes) -> SourceKind:
    """Return what a compressed file is; the first bytes in it decide."""
    inner = b""
    if head.startswith(b"\x1f\x8b"):
        with suppress(zlib.error):
            inner = zlib.decompressobj(31).decompress(head, 16)
    is_web = inner.startswith(b"WARC/") or ".warc" in name
    return SourceKind.WARC if is_web else SourceKind.TAR


DAMAGED_HEAD = 16 * 1024 * 1024
"""Bytes of a damaged zip in which a Word document's folder is looked for."""


def _zipped(name: str, content: Data, where: str) -> SourceKind:
    """Return what a zip container is, by the names of its members."""
    try:
        names = set(zipfile.ZipFile(as_file(content)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        # its reader says how it is damaged
        return SourceKind.DOCX if b"word/" in content[:DAMAGED_HEAD] else SourceKind.ZIP
    if "word/document.xml" in names:
        return SourceKind.DOCX
    if "xl/workbook.xml" in names:
        return SourceKind.XLSX
    for part, what in OFFICE:
        if part in names:
            raise NotRead(
                f"the file is {what}",
                where=where,
                to_do="save it as PDF and give that too",
                media_type=UNKNOWN_TYPE,
            )
    # also by its files: who takes the list out must not get it read as a mere archive
    is_web = name.endswith(".wacz") or "datapackage-digest.json" in names
    if is_web or any(map(_WEB_ARCHIVE.match, names)):
        return SourceKind.WACZ
    return SourceKind.ZIP


LEAST_FIELDS = 3
"""Usual header fields that make a file without ending an e-mail."""


WORDS = {
    SourceKind.IMAGE: "image/svg+xml",
    SourceKind.HTML: "text/html",
    SourceKind.MHTML: "multipart/related",
    SourceKind.MBOX: "application/mbox",
    SourceKind.CSV: "text/csv",
    SourceKind.EMAIL: "message/rfc822",
    SourceKind.TEXT: "text/plain",
}
"""Files made of text and their media types."""


def _by_words(head: bytes, ending: str) -> SourceKind:
    is_text = ending in {".txt", ".md"}
    tests = (
        (SourceKind.IMAGE, _DRAWING.match(head)),
        (SourceKind.HTML, _PAGE.match(head) or ending in {".html", ".htm", ".xhtml"}),
        (SourceKind.MHTML, ending in {".mht", ".mhtml"}),
        (SourceKind.MHTML, not is_text and _SAVED.search(head) and _is_mail(head)),
        (SourceKind.MBOX, ending == ".mbox" or (not is_text and START.match(head))),
        (SourceKind.CSV, ending in {".csv", ".tsv"}),
        (SourceKind.EMAIL, ending == ".eml" or (not is_text and _is_mail(head))),
    )
    return next((kind for kind, fits in tests if fits), SourceKind.TEXT)


def _is_mail(head: bytes) -> bool:
    """Return whether at least three of the usual header fields begin the file."""
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0].lower()
    fields = {line.split(b" ", 1)[0] for line in block.splitlines()}
    return len(fields & set(_MAIL_HEADS)) >= LEAST_FIELDS and b"from:" in fields
