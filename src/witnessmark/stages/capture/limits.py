"""How much of one input is taken in; what exceeds a limit is refused with its figure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on hostile or mistaken input.

    Attributes:
        max_bytes: bytes of one file (``--max-size``); checked before it is read.
        max_files: files that the inputs may come to, folders expanded.
        max_pages: pages of a PDF.
        max_parts: parts of an e-mail or of a container.
        max_depth: containers inside containers: e-mails, archives, web archives.
        max_unpacked: bytes that a container may unpack to, all that lies in it together.
        max_text: code points of one rendition.
        max_page_images: pages of one source that are kept as pictures.
        max_memory: bytes of memory of the process that reads a PDF or an image.
        max_silence: seconds for one page or image in that process.
        max_seconds: seconds for one such file.
    """

    max_bytes: int = 100 * 1024 * 1024
    max_files: int = 20_000
    max_pages: int = 3_000
    max_parts: int = 500
    max_depth: int = 3
    max_unpacked: int = 400 * 1024 * 1024
    max_text: int = 20_000_000
    max_page_images: int = 200
    max_memory: int = 4 * 1024**3
    max_silence: int = 300
    max_seconds: int = 4 * 3600
