"""Which reader looks at a content, and how much of it comes into memory.

Laws:
1. Archives, web archives and mailboxes are read by random access, whatever their size.
2. Every other kind is read whole, up to ``max_bytes``; what is larger is kept, not read.
3. A reader that breaks on hostile input is a failure of that file, never of the batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput, WitnessmarkError
from witnessmark.core.source import SourceKind
from witnessmark.stages.capture.archives import read_tar, read_zip
from witnessmark.stages.capture.contents import Held
from witnessmark.stages.capture.kinds import kind_of
from witnessmark.stages.capture.limits import NotRead
from witnessmark.stages.capture.mbox import read_mbox
from witnessmark.stages.capture.readers import read
from witnessmark.stages.capture.wacz import read_wacz
from witnessmark.stages.capture.warc import read_warc

if TYPE_CHECKING:
    from witnessmark.stages.capture.contents import Content
    from witnessmark.stages.capture.limits import Limits
    from witnessmark.stages.capture.reading import Read

_BY_RANDOM_ACCESS = {
    SourceKind.MBOX: read_mbox,
    SourceKind.WARC: read_warc,
    SourceKind.WACZ: read_wacz,
    SourceKind.ZIP: read_zip,
    SourceKind.TAR: read_tar,
}


def look(name: str, content: Content, *, where: str, limits: Limits, charset: str = "") -> Read:
    """Read *content*.

    Args:
        name: its label.
        content: its bytes.
        where: how errors name it.
        limits: bounds on it.
        charset: encoding that a server stated for it, else empty.

    Raises:
        NotRead: it is kept, but nothing here reads it.
        UnreadableInput: it cannot be taken in; the error says why and what to do.
    """
    if not content.seekable:
        if content.size > limits.max_bytes:
            raise _too_large(content.size, "application/octet-stream", where, limits)
        content = Held(content.whole())
    kind, media_type = kind_of(name, content, where=where)
    reader = _BY_RANDOM_ACCESS.get(kind)
    if reader is None:
        if content.size > limits.max_bytes:
            raise _too_large(content.size, media_type, where, limits)
        return read(name, content.whole(), where=where, limits=limits, charset=charset)
    try:
        return reader(content, where=where, limits=limits)
    except WitnessmarkError:
        raise
    except MemoryError as error:
        raise UnreadableInput(
            f"the file needs more memory than this machine gives ({kind.value})",
            where=where,
            to_do="split it, or unpack it and give its files",
        ) from error
    except Exception as error:  # hostile input finds what a library did not expect
        raise UnreadableInput(
            f"the file broke its reader ({kind.value}: {type(error).__name__})",
            where=where,
            to_do="unpack it and give its files; please report the file kind",
        ) from error


def _too_large(size: int, media_type: str, where: str, limits: Limits) -> NotRead:
    return NotRead(
        f"the file has {size} bytes, more than the {limits.max_bytes} that are read",
        where=where,
        to_do="to have it read, give it with a larger --max-size into another case, or split it",
        media_type=media_type,
        too_large=True,
    )
