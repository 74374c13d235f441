"""A quote on the image of its page: the strip of the page around it, its words marked.

Laws:
1. The marked places come from the map that was made with the text, never from searching the
   picture. Where no ink is seen under them, that is said.
2. Only page images are shown, and only the lines around a quote. Pictures that stand on the
   page and masked names are filled, not hidden: their pixels are not in the output.
3. No page of a testimony is shown.
4. Quotes of one page share its strips, and all strips together are bounded; what is left
   out is said.
5. Pure: values in, values out.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from witnessmark.core.greypicture import WHITE, GreyPicture
from witnessmark.core.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from witnessmark.core.pageimage import PageImage
    from witnessmark.core.source import Rendition
    from witnessmark.core.span import Region
    from witnessmark.stages.write.exhibits import Exhibit

MOST_BYTES = 1_200_000
"""Bytes of all strips of a dossier, as they stand in it: it stays a file that can be mailed."""

AROUND = 1.6
"""Lines of the quote's height that are shown above and below it."""

LEAST_AROUND = 18
"""Pixels that are shown above and below at least."""

GUTTER = 26
"""Pixels across without ink, 16 points, from which on another column begins."""

SIDE = 14
"""Pixels of blank paper left and right of the print."""

INK = 8
"""Greys below this one are ink."""

LEAST_INK = 0.004
"""Share of ink under a mark from which on something is written there; print has 5 to 25 of
100, a dotted line 1."""

FLAT = 0.25
"""Height of a strip, as a share of its width, up to which it is shown at once."""

SHOWN_AT_ONCE = 24
"""With more quotes than these on page images all fold: a list must stay a list."""

COVERED = 11
"""Grey of what is covered."""

MASKED = "\u2588"
"""The sign that stands for each sign of a masked name."""

NO_INK = "no ink is seen there: the text layer may not be what the page shows"
OUTSIDE = "these words stand outside the visible page"
TOO_MUCH = "not shown here, the page images would grow too large: witnessmark show"

Area = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Strip:
    """A stretch of a page, kept once for all quotes on it.

    Attributes:
        id: its name in the page.
        width: pixels across.
        height: pixels down.
        address: the picture as an address that holds it.
    """

    id: str
    width: int
    height: int
    address: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """What one exhibit shows of one page.

    Attributes:
        strip: the strip that it looks at; None where it is not shown.
        page: page number.
        left: first column of the strip that is shown.
        upper: first row of the strip that is shown.
        width: columns that are shown.
        height: rows that are shown.
        marks: left, upper side, width and height of each marked place, in the strip.
        opened: whether it is shown at once.
        notes: what a reader must know.
    """

    strip: Strip | None
    page: int
    left: int
    upper: int
    width: int
    height: int
    marks: tuple[Area, ...]
    opened: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaves:
    """All page images of a dossier.

    Attributes:
        strips: each once, in order.
        by_number: leaves of each exhibit, by its number.
    """

    strips: tuple[Strip, ...]
    by_number: dict[int, tuple[Leaf, ...]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page image with its bytes.

    Attributes:
        row: the page image.
        png: its bytes.
    """

    row: PageImage
    png: bytes


def leaves_of(
    exhibits: Sequence[Exhibit],
    renditions: Mapping[str, Rendition],
    texts: Mapping[str, str],
    sheets: Mapping[tuple[str, int], Sheet],
) -> Leaves:
    """Return the page images of *exhibits*, as far as their pages are in *sheets*."""
    wanted: dict[tuple[str, int], list[tuple[int, tuple[Area, ...]]]] = {}
    for exhibit in exhibits:
        for page, regions in by_page(renditions[exhibit.rendition], exhibit.span).items():
            key = (exhibit.source, page)
            if key in sheets:
                areas = tuple(area_of(sheets[key].row, region) for region in regions)
                wanted.setdefault(key, []).append((exhibit.number, areas))
    strips: list[Strip] = []
    found: dict[int, list[Leaf]] = {}
    few = sum(len(quotes) for quotes in wanted.values()) <= SHOWN_AT_ONCE
    spent = 0
    for key in sorted(wanted, key=lambda k: min(number for number, _ in wanted[k])):
        masks = masked_areas(sheets[key].row, renditions.values(), texts)
        picture = shown_picture(sheets[key], masks)
        made = _page(f"leaf-{key[0]}-{key[1]}", key[1], picture, wanted[key], few=few)
        cost = sum(len(strip.address) for strip in made.strips)
        if spent + cost > MOST_BYTES:
            made = Leaves((), {n: (_left_out(key[1]),) for n, _ in wanted[key]})
        spent += sum(len(strip.address) for strip in made.strips)
        strips += made.strips
        for number, leaves in made.by_number.items():
            found.setdefault(number, []).extend(leaves)
    return Leaves(tuple(strips), {number: tuple(rows) for number, rows in found.items()})


def by_page(rendition: Rendition, span: Span) -> dict[int, list[Region]]:
    """Return the regions of *span*, page by page."""
    found: dict[int, list[Region]] = {}
    for region in rendition.offsets.regions(span):
        found.setdefault(region.page, []).append(region)
    return found


def area_of(page: PageImage, region: Region) -> Area:
    """Return the pixels of *region*, as far as they lie on the picture."""
    left, upper, right, lower = page.placed(region)
    return (
        min(max(int(left), 0), page.pixels_wide),
        min(max(int(upper), 0), page.pixels_high),
        min(max(int(right + 1), 0), page.pixels_wide),
        min(max(int(lower + 1), 0), page.pixels_high),
    )


def masked_areas(
    page: PageImage, renditions: Iterable[Rendition], texts: Mapping[str, str]
) -> tuple[Area, ...]:
    """Return the places of masked names on *page*: what no text shows no picture shows."""
    found: list[Area] = []
    for row in renditions:
        text = texts.get(row.id, "")
        if row.source != page.source or MASKED not in text:
            continue
        start = text.find(MASKED)
        while start >= 0:
            end = start
            while text[end : end + 1] == MASKED:
                end += 1
            found += [
                area_of(page, region)
                for region in row.offsets.regions(Span(start, end))
                if region.page == page.page
            ]
            start = text.find(MASKED, end)
    return tuple(found)


def shown_picture(sheet: Sheet, masks: tuple[Area, ...]) -> GreyPicture:
    """Return the page as it may be shown: pictures on it and masked names are filled.

    Raises:
        ValueError: the bytes are not a page image.
    """
    row = sheet.row
    across, down = row.pixels_wide / row.width, row.pixels_high / row.height
    covered = tuple(
        (
            int(left * across),
            int((row.height - high) * down),
            int(right * across) + 1,
            int((row.height - low) * down) + 1,
        )
        for left, low, right, high in row.withheld
    )
    picture = GreyPicture.from_png(sheet.png).covered(covered, COVERED)
    return picture.covered(masks, 0)


def notes_on(picture: GreyPicture, areas: Sequence[Area]) -> tuple[str, ...]:
    """Return what must be said of the marked *areas* of *picture*."""
    seen = [area for area in areas if area[2] > area[0] and area[3] > area[1]]
    if not seen:
        return (OUTSIDE,)
    inked = [float((picture.part(*area).greys < INK).mean()) >= LEAST_INK for area in seen]
    return () if all(inked) else (NO_INK,)


def _left_out(page: int) -> Leaf:
    return Leaf(None, page, 0, 0, 0, 0, (), opened=False, notes=(TOO_MUCH,))


def _page(
    name: str,
    page: int,
    picture: GreyPicture,
    quotes: Sequence[tuple[int, tuple[Area, ...]]],
    *,
    few: bool,
) -> Leaves:
    """Return the strips of one page, and the leaf of each quote on it."""
    windows = {number: _window(areas, picture) for number, areas in quotes}
    strips: list[Strip] = []
    places: list[tuple[int, int, int, Strip]] = []
    for upper, lower in _merged(windows.values()):
        left, right = _print(picture, upper, lower)
        png = picture.part(left, upper, right, lower).to_png()
        address = f"data:image/png;base64,{base64.b64encode(png).decode()}"
        strip = Strip(f"{name}-{len(strips)}", right - left, lower - upper, address)
        strips.append(strip)
        places.append((upper, lower, left, strip))
    found: dict[int, tuple[Leaf, ...]] = {}
    for number, areas in quotes:
        upper, lower = windows[number]
        notes = notes_on(picture, areas)
        if OUTSIDE in notes:
            found[number] = (Leaf(None, page, 0, 0, 0, 0, (), opened=False, notes=notes),)
            continue
        top, _, left, strip = next(row for row in places if row[0] <= upper and lower <= row[1])
        marks = tuple((a[0] - left, a[1] - top, a[2] - a[0], a[3] - a[1]) for a in areas)
        first, last = _column(picture.part(left, upper, left + strip.width, lower), marks)
        found[number] = (
            Leaf(
                strip,
                page,
                first,
                upper - top,
                last - first,
                lower - upper,
                marks,
                opened=few and lower - upper <= FLAT * strip.width,
                notes=notes,
            ),
        )
    return Leaves(tuple(strips), found)


def _window(areas: Sequence[Area], picture: GreyPicture) -> tuple[int, int]:
    """Return the rows that are shown of a page around *areas*, no line cut through."""
    seen = [area for area in areas if area[3] > area[1]] or [(0, 0, 0, 0)]
    line = max(area[3] - area[1] for area in seen)
    around = max(int(AROUND * line), LEAST_AROUND)
    upper, lower = min(area[1] for area in seen), max(area[3] for area in seen)
    bare = picture.greys.min(axis=1) >= INK
    start = _bare_row(bare, max(upper - around, 0), 1, line)
    return (start, _bare_row(bare, min(lower + around, picture.height) - 1, -1, line) + 1)


def _bare_row(bare: NDArray[np.bool_], row: int, step: int, most: int) -> int:
    """Return the first row without ink from *row* on towards the quote, within *most* rows."""
    for at in range(row, row + step * most, step):
        if 0 <= at < len(bare) and bare[at]:
            return at
    return row


def _merged(windows: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the stretches that *windows* cover together, top to bottom."""
    found: list[tuple[int, int]] = []
    for upper, lower in sorted(windows):
        if found and upper <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], lower))
        elif lower > upper:
            found.append((upper, lower))
    return found


def _print(picture: GreyPicture, upper: int, lower: int) -> tuple[int, int]:
    """Return the columns between which something is printed in the rows given."""
    columns = np.flatnonzero((picture.greys[upper:lower] < WHITE - 1).any(axis=0))
    if not len(columns):
        return 0, picture.width
    return max(int(columns[0]) - SIDE, 0), min(int(columns[-1]) + 1 + SIDE, picture.width)


def _column(picture: GreyPicture, marks: Sequence[Area]) -> tuple[int, int]:
    """Return the columns of pixels that are shown: those of the text columns of *marks*."""
    inked = np.flatnonzero(picture.greys.min(axis=0) < INK)
    left, right = min(mark[0] for mark in marks), max(mark[0] + mark[2] for mark in marks)
    for column in inked[inked < left][::-1]:
        if left - column > GUTTER:
            break
        left = int(column)
    for column in inked[inked >= right]:
        if column - right > GUTTER:
            break
        right = int(column) + 1
    return max(left - SIDE, 0), min(right + SIDE, picture.width)
