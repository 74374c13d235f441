"""Keeping what was made from an original: texts and page images, frozen and logged.

Laws:
1. Called in an open transaction: object, row and custody entry, or none of them.
2. The text of a translation is named a translation, however it was read from its file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.pageimage import PageImage
from witnessmark.core.source import CopyKind, Rendering, Rendition
from witnessmark.store.tables import PAGES, RENDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from witnessmark.core.source import Source
    from witnessmark.stages.capture.reading import DrawnPage, Rendered
    from witnessmark.store.case import Case


def keep_text(case: Case, rendered: Rendered, source: Source, *, at: str, by: str) -> Rendition:
    """Keep a text that was made from *source*."""
    data = rendered.text.encode()
    digest = sha256_hex(data)
    translated = source.copy_kind is CopyKind.TRANSLATED
    rendition = Rendition(
        id=digest,
        source=source.id,
        rendering=Rendering.TRANSLATION if translated else rendered.rendering,
        renderer=rendered.renderer,
        length=len(rendered.text),
        vault_object=case.vault.put(data),
        offsets=rendered.offsets,
    )
    case.casebook.append(RENDITIONS, [rendition])
    case.custody.add("rendered", digest, digest, at=at, by=by)
    return rendition


def keep_pages(
    case: Case, pages: Iterable[DrawnPage], source: Source, *, at: str, by: str
) -> tuple[PageImage, ...]:
    """Keep the page images of *source*."""
    rows = tuple(
        PageImage(
            id=f"{source.id}p{drawn.page}",
            source=source.id,
            page=drawn.page,
            unit=drawn.unit,
            width=drawn.width,
            height=drawn.height,
            pixels_wide=drawn.pixels_wide,
            pixels_high=drawn.pixels_high,
            sha256=sha256_hex(drawn.png),
            vault_object=case.vault.put(drawn.png),
            renderer=drawn.renderer,
            withheld=drawn.withheld,
        )
        for drawn in pages
    )
    case.casebook.append(PAGES, rows)
    for row in rows:
        case.custody.add("drawn", row.id, row.sha256, at=at, by=by)
    return rows
