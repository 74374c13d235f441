"""Showing one quote on its page: the whole page as a picture, the words marked.

Laws:
1. Nothing is written here: bytes come out, the door puts them where a person asked.
2. A quote of a testimony is not shown as a picture: handwriting and letterheads name people.
3. What the dossier covers is covered here too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.errors import EvidenceFault, InputError
from witnessmark.stages.write.highlight import (
    Sheet,
    area_of,
    by_page,
    masked_areas,
    notes_on,
    shown_picture,
)
from witnessmark.store.protected import protected_names
from witnessmark.store.tables import CLAIMS, PAGES, REANCHORED, RENDITIONS, SOURCES

if TYPE_CHECKING:
    from witnessmark.core.claim import Claim
    from witnessmark.core.pageimage import PageImage
    from witnessmark.store.case import Case


@dataclass(frozen=True, slots=True)
class Shown:
    """One page with the words of a quote marked.

    Attributes:
        page: its number.
        png: the picture.
        notes: what a reader must know.
    """

    page: int
    png: bytes
    notes: tuple[str, ...]


def page_bytes(case: Case, row: PageImage) -> bytes:
    """Return the bytes of the page image *row*.

    Raises:
        EvidenceFault: they are not what was drawn.
    """
    import hashlib

    data = case.vault.get(row.vault_object)
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise EvidenceFault(
            "a page image is not the one that was drawn",
            where=f"{row.id}, object {row.vault_object}",
            to_do="restore the case from a backup",
        )
    return data


def show(case: Case, key: str) -> tuple[Claim, tuple[Shown, ...]]:
    """Return the claim *key* and its pages, in order, its words marked.

    Raises:
        InputError: there is no such claim, or its source has no page image of it.
        EvidenceFault: a page image is not what was drawn.
    """
    book = case.casebook
    claims = {row.id: row.old for row in book.rows(REANCHORED)}
    claims |= {claim.id: claim for claim in book.rows(CLAIMS)}
    if key not in claims:
        raise InputError(
            f"there is no claim {key}", where=case.name, to_do="take an id from the dossier"
        )
    claim = claims[key]
    source = next(row for row in book.rows(SOURCES) if row.id == claim.source)
    if source.testimony:
        raise InputError(
            f"{claim.source} belongs to a testimony: its pages are not copied out",
            where=case.name,
            to_do="read it in the case; a picture could name who spoke",
        )
    texts = [row for row in book.rows(RENDITIONS) if row.source == claim.source]
    rendition = next(row for row in texts if row.id == claim.rendition)
    held = {row.page: row for row in book.rows(PAGES) if row.source == claim.source}
    wanted = by_page(rendition, claim.span)
    missing = [page for page in wanted if page not in held]
    if not wanted or missing:
        raise InputError(
            f"{claim.source} has no page image of this quote",
            where=case.name,
            to_do="only pages of text have one; witnessmark reread adds those that are missing",
        )
    names = protected_names(book)
    masked = {row.id: names.masked(case.text(row)) for row in texts}
    shown: list[Shown] = []
    for page, regions in wanted.items():
        sheet = Sheet(held[page], page_bytes(case, held[page]))
        picture = shown_picture(sheet, masked_areas(held[page], texts, masked))
        areas = tuple(area_of(held[page], region) for region in regions)
        seen = tuple(area for area in areas if area[2] > area[0] and area[3] > area[1])
        shown.append(Shown(page, picture.to_marked_png(seen), notes_on(picture, areas)))
    return names.masked_row(claim), tuple(shown)
