"""The reader for each kind of file.

Laws:
1. A reader that breaks on hostile input is a failure of that file, never of the batch.
2. PDF files and pictures are opened by libraries written in C: in another process
   (:mod:`witnessmark.stages.capture.isolation`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput, WitnessmarkError
from witnessmark.core.source import SourceKind
from witnessmark.stages.capture.archives import read_tar, read_zip
from witnessmark.stages.capture.isolation import read_image, read_pdf
from witnessmark.stages.capture.kinds import kind_of
from witnessmark.stages.capture.mail import read_mail
from witnessmark.stages.capture.mbox import read_mbox
from witnessmark.stages.capture.mhtml import read_mhtml
from witnessmark.stages.capture.plain import read_text
from witnessmark.stages.capture.sheets import read_sheets
from witnessmark.stages.capture.sheets_csv import read_csv
from witnessmark.stages.capture.wacz import read_wacz
from witnessmark.stages.capture.warc import read_warc
from witnessmark.stages.capture.webpage import read_page
from witnessmark.stages.capture.word import read_word

if TYPE_CHECKING:
    from witnessmark.stages.capture.limits import Limits
    from witnessmark.stages.capture.reading import Read

_SENT = {SourceKind.TEXT: read_text, SourceKind.HTML: read_page}
"""Kinds whose encoding a server may state."""

_READERS = {
    SourceKind.PDF: read_pdf,
    SourceKind.DOCX: read_word,
    SourceKind.EMAIL: read_mail,
    SourceKind.CSV: read_csv,
    SourceKind.XLSX: read_sheets,
    SourceKind.MHTML: read_mhtml,
    SourceKind.MBOX: read_mbox,
    SourceKind.WARC: read_warc,
    SourceKind.WACZ: read_wacz,
    SourceKind.ZIP: read_zip,
    SourceKind.TAR: read_tar,
}


def read(name: str, content: bytes, *, where: str, limits: Limits, charset: str = "") -> Read:
    """Read *content*.

    Args:
        name: its label.
        content: its bytes.
        where: how errors name it.
        limits: bounds on it.
        charset: encoding that a server stated for it, else empty.

    Raises:
        UnreadableInput: it cannot be taken in; the error says why and what to do.
    """
    kind, media_type = kind_of(name, content, where=where)
    try:
        if kind is SourceKind.IMAGE:
            return read_image(content, media_type, where=where, limits=limits)
        if kind in _SENT:
            return _SENT[kind](content, where=where, limits=limits, charset=charset)
        return _READERS[kind](content, where=where, limits=limits)
    except WitnessmarkError:
        raise
    except RecursionError as error:
        raise UnreadableInput(
            f"the file nests its parts too deeply to be read ({kind.value})",
            where=where,
            to_do="save it as text or PDF and give that",
        ) from error
    except MemoryError as error:
        raise UnreadableInput(
            f"the file needs more memory than this machine gives ({kind.value})",
            where=where,
            to_do="split it, or save it as text and give that",
        ) from error
    except Exception as error:  # hostile input finds what a library did not expect
        raise UnreadableInput(
            f"the file broke its reader ({kind.value}: {type(error).__name__})",
            where=where,
            to_do="save it as text or PDF and give that; please report the file kind",
        ) from error
