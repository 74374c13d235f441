"""Images among the sources: shown small, or withheld.

Laws:
1. A photograph that is evidence is never copied into a page: it may be traced to who
   took it, and where a photograph was taken is never suggested by layout.
2. A drawing that says of itself that it is invented or a paraphrase is shown with its
   standing beside it, if it is small.
3. The picture lies inside the page; nothing is fetched.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from witnessmark.core.source import SourceKind, Standing

if TYPE_CHECKING:
    from witnessmark.core.source import Source

LARGEST_PICTURE_BYTES = 200_000
"""A page stays under a megabyte with a few of them."""
MEDIA_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
WITHHELD = "withheld here: a photograph that is evidence is not copied into a dossier"
TOO_LARGE = "not shown here: too large or of another kind"


def is_shown(source: Source) -> bool:
    """Return whether the picture of *source* is shown in the page."""
    return (
        source.kind is SourceKind.IMAGE
        and source.standing is not Standing.EVIDENCE
        and source.size < LARGEST_PICTURE_BYTES
        and source.media_type in MEDIA_TYPES
    )


def picture_note(source: Source) -> str:
    """Return why the picture of *source* isn't shown; empty where it is, or there is none."""
    if source.kind is not SourceKind.IMAGE or is_shown(source):
        return ""
    return WITHHELD if source.standing is Standing.EVIDENCE else TOO_LARGE


def data_address(source: Source, content: bytes) -> str:
    """Return the picture as an address that holds it."""
    return f"data:{source.media_type};base64,{base64.b64encode(content).decode()}"
