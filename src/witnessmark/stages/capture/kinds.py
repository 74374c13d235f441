"""What sort of file this is: by its content first, by its ending where content is silent.

Law: a file that nothing here reads is refused with the remedy, never half read.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from contextlib import suppress
from pathlib import PurePosixPath

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import SourceKind
from witnessmark.stages.capture.mbox import START

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

REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "an old Office file, or one that needs a password",
        "open it, remove the password, and save it as docx or PDF",
    ),
    (b"{\\rtf", "a rich text file", "save it as docx or PDF"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it and give the files"),
    (b"Rar!", "a RAR archive", "unpack it and give the files"),
    (b"\x7fELF", "a program", "give the document itself"),
    (b"MZ", "a program", "give the document itself"),
    (b"PAR1", "a Parquet file", "give shipments with --shipments"),
    (b"SQLite format 3", "a database", "give the document itself"),
)

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


def kind_of(name: str, content: bytes, *, where: str) -> tuple[SourceKind, str]:
    """Return the kind and media type of *content*.

    Args:
        name: its name; only the ending counts, and only where content is silent.
        content: its bytes.
        where: how errors name it.

    Raises:
        UnreadableInput: nothing here reads such a file.
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
    if ending == ".pdf":
        raise UnreadableInput(
            "the file is named PDF and is none",
            where=where,
            to_do="copy it again from where it came",
        )
    kind = _by_words(head, ending)
    return kind, WORDS[kind]


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


def _holder(name: str, content: bytes, where: str) -> tuple[SourceKind, str] | None:
    """Return what sort of container the file is, None where it is none."""
    if content.startswith(b"PK\x03\x04"):
        kind = _zipped(name, content, where)
    elif content.startswith(PACKED):
        kind = _packed(name, content)
    elif content.startswith(b"WARC/"):
        kind = SourceKind.WARC
    elif content[TAR_MARK] == b"ustar":
        kind = SourceKind.TAR
    else:
        return None
    return kind, HOLDERS[kind]


def _packed(name: str, content: bytes) -> SourceKind:
    """Return what a compressed file is; the first bytes in it decide."""
    inner = b""
    if content.startswith(b"\x1f\x8b"):
        with suppress(zlib.error):
            inner = zlib.decompressobj(31).decompress(content[:4096], 16)
    is_web = inner.startswith(b"WARC/") or ".warc" in name
    return SourceKind.WARC if is_web else SourceKind.TAR


def _zipped(name: str, content: bytes, where: str) -> SourceKind:
    """Return what a zip container is, by the names of its members."""
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        # its reader says how it is damaged
        return SourceKind.DOCX if b"word/" in content else SourceKind.ZIP
    if "word/document.xml" in names:
        return SourceKind.DOCX
    if "xl/workbook.xml" in names:
        return SourceKind.XLSX
    for part, what in OFFICE:
        if part in names:
            raise UnreadableInput(f"the file is {what}", where=where, to_do="save it as PDF")
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
