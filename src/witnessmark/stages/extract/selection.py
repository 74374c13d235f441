"""Which renditions are read: each source once, an original before its copies.

Laws:
1. Of two readings of one source only the current one is read.
2. A redacted, cleaned or working copy says what its original says: it is read only where
   the original has no text. A translation is read: it says it in another language.
3. What is not read is told with its reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.core.source import CopyKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from witnessmark.core.source import Rendition, Source


def to_be_read(
    current: Sequence[Rendition], sources: Mapping[str, Source]
) -> tuple[tuple[Rendition, ...], tuple[tuple[str, str], ...]]:
    """Return the renditions to read, and the sources set aside, each with the reason.

    Args:
        current: the current renditions, in order.
        sources: every source, by id.
    """
    with_text = {row.source for row in current}
    aside: dict[str, str] = {}
    for source in sources.values():
        if source.copy_of in with_text and source.copy_kind is not CopyKind.TRANSLATED:
            aside[source.id] = f"a {source.copy_kind} copy of {source.copy_of}: read there"
    chosen = tuple(row for row in current if row.source not in aside)
    return chosen, tuple((key, why) for key, why in aside.items() if key in with_text)
