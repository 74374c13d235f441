"""Sources: what was captured, how it reads, and who has touched it.

Laws:
1. The original's bytes never change; a rendition stands beside it.
2. A rendition is hashed, frozen, and maps exactly to the original.
3. A file's name is a label, never a path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from witnessmark.core.span import OffsetMap


class SourceKind(StrEnum):
    """What sort of file a source is."""

    TEXT = "text"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    EMAIL = "eml"
    IMAGE = "image"
    CSV = "csv"
    XLSX = "xlsx"
    MHTML = "mhtml"
    MBOX = "mbox"
    WARC = "warc"
    WACZ = "wacz"
    ZIP = "zip"
    TAR = "tar"
    OTHER = "other"
    """Kept as evidence, not read."""


class Rendering(StrEnum):
    """How a rendition was made from the original (named beside each quote)."""

    IDENTITY = "identity"
    HTML = "html"
    PDF_TEXT = "pdf-text"
    OCR = "ocr"
    TRANSLATION = "translation"
    TABLE = "table"


class CopyKind(StrEnum):
    """What was done to a copy of an original; the original stays beside it."""

    WORKING = "working"
    CLEANED = "cleaned"
    TRANSLATED = "translated"
    REDACTED = "redacted"


class Standing(StrEnum):
    """What a source is worth as evidence, said on every page, map and export."""

    EVIDENCE = "evidence"
    PARAPHRASE = "paraphrase"
    INVENTED = "invented"


@dataclass(frozen=True, slots=True)
class Source:
    """One captured source.

    Attributes:
        id: ``s1``, ``s2`` … in the order of capture.
        name: file name as given, without its folder.
        kind: sort of file.
        media_type: IANA media type that was detected.
        size: bytes of the original.
        sha256: digest of the original's bytes.
        vault_object: name of the object in the vault that holds the bytes.
        captured_at: RFC 3339, UTC (left out of the digest).
        origin: how it came in: ``file``, ``attachment of s1``, ``record 3 of s1``.
        lang: BCP 47 code of the main language (``en``, ``ko``, ``zh``), ``und`` if unknown.
        title: title that the document states, or its first line.
        outlet: publisher or author that the document states, else empty.
        published: date that the document states, ISO 8601, else empty.
        url: address that the document states for itself, else empty.
        standing: evidence, paraphrase or invented example.
        note: what a reader must know (``no text layer: not read``), else empty.
        testimony: id of the testimony whose consent governs it, else empty. Such a source
            is protected: never compared, indexed or sent anywhere.
        copy_of: id of the original that it is a copy of, else empty.
        copy_kind: what was done to the copy, None for an original.
    """

    id: str
    name: str
    kind: SourceKind
    media_type: str
    size: int
    sha256: str
    vault_object: str
    captured_at: str
    origin: str
    lang: str
    title: str = ""
    outlet: str = ""
    published: str = ""
    url: str = ""
    standing: Standing = Standing.EVIDENCE
    note: str = ""
    testimony: str = ""
    copy_of: str = ""
    copy_kind: CopyKind | None = None


@dataclass(frozen=True, slots=True)
class Rendition:
    """A text made from a source, frozen.

    Attributes:
        id: SHA-256 of the UTF-8 text, 64 hex digits.
        source: id of the source.
        rendering: how it was made.
        renderer: program and version that made it.
        length: code points.
        vault_object: name of the object that holds the text.
        offsets: exact map to the original.
    """

    id: str
    source: str
    rendering: Rendering
    renderer: str
    length: int
    vault_object: str
    offsets: OffsetMap


@dataclass(frozen=True, slots=True)
class CustodyEntry:
    """One line of the append-only custody log.

    Attributes:
        leaf: index in the log, from 0.
        event: ``captured``, ``rendered``, ``drawn`` or ``withdrawn``.
        subject: id of the source, rendition or page image.
        commitment: hex of ``SHA-256("witnessmark/source/v1" || nonce32 || sha256)``.
        nonce: hex of the nonce (in the casebook only; never in the log file).
        at: RFC 3339, UTC.
        by: who, as given (``--by``), else empty.
    """

    leaf: int
    event: str
    subject: str
    commitment: str
    nonce: str
    at: str
    by: str = field(default="")
