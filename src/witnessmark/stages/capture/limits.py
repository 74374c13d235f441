"""How much of one input is taken in, and how much of that is read.

Law: what exceeds a bound is named with its figure. A file that is too large to be read, or
that nothing here reads, is kept as evidence and its source says so; it is never left out
in silence.
"""

from __future__ import annotations

from dataclasses import dataclass

from witnessmark.core.errors import UnreadableInput

UNKNOWN_TYPE = "application/octet-stream"
"""Media type of bytes that say nothing of themselves."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on hostile or mistaken input.

    Attributes:
        max_bytes: bytes of one file that a reader takes whole (``--max-size``); a larger one
            is kept, not read. Archives, web archives and mailboxes are read from the disk
            at any size; the bound is that of each file in them.
        max_keep: bytes of one file that is kept (``--max-keep``); a larger one is refused.
        max_files: files that the inputs may come to, folders expanded; members of an
            archive; messages of a mailbox; pages of a web archive.
        max_pages: pages of a PDF.
        max_parts: parts of an e-mail or of an office document.
        max_depth: containers inside containers: e-mails, archives, web archives.
        max_unpacked: bytes that a container may unpack to, all that lies in it together; a
            large one to :data:`MOST_GROWTH` times its size.
        max_text: code points of one rendition.
        max_page_images: pages of one source that are kept as pictures.
        text_layer: whether the text layer of a PDF is read; False: every page by OCR.
        max_memory: bytes of memory of the process that reads a PDF or an image.
        max_silence: seconds for one page or image in that process.
        max_seconds: seconds for one such file.
        trusted: PEM of root certificates that the reader trusts for signatures and time
            stamps of web archives, beside those that are known here (``--trust``).
    """

    max_bytes: int = 100 * 1024 * 1024
    max_keep: int = 64 * 1024 * 1024 * 1024
    max_files: int = 20_000
    max_pages: int = 3_000
    max_parts: int = 500
    max_depth: int = 3
    max_unpacked: int = 400 * 1024 * 1024
    max_text: int = 20_000_000
    max_page_images: int = 200
    text_layer: bool = True
    max_memory: int = 4 * 1024**3
    max_silence: int = 300
    max_seconds: int = 4 * 3600
    trusted: str = ""

    def unpacked_of(self, size: int) -> int:
        """Return the bytes that a container of *size* bytes may unpack to."""
        return max(self.max_unpacked, MOST_GROWTH * size)


MOST_GROWTH = 4
"""Times its size that a large container may unpack to; text packs to about a quarter."""


class NotRead(UnreadableInput):
    """A file that is sound as far as is known, and that nothing here reads: kept, not read.

    Args:
        what: why it is not read.
        where: the file.
        to_do: how its words can be brought in.
        media_type: what it is.
        too_large: whether only its size keeps it from being read: who gave it is told.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str,
        to_do: str,
        media_type: str = UNKNOWN_TYPE,
        too_large: bool = False,
    ) -> None:
        """Say what it is."""
        super().__init__(what, where=where, to_do=to_do)
        self.media_type = media_type
        self.too_large = too_large
