"""What a reading process says, as text and back: nothing in it can be anything but a reading.

The process may have been taken over by the file it read. So its answer is JSON, of which
each part is checked: no code, no object of another kind, no path, no digest comes out of it.

Laws:
1. There and back is the same reading, sign for sign and figure for figure.
2. What is no reading is refused; nothing is repaired.
3. The kind of the file is told by who asked, never by who answered.
"""

from __future__ import annotations

import base64
import json
import math
from dataclasses import astuple
from typing import TYPE_CHECKING, NoReturn

from witnessmark.core.greypicture import GreyPicture
from witnessmark.core.pageimage import PIXELS, POINTS
from witnessmark.core.source import Rendering
from witnessmark.core.span import Anchor, OffsetMap
from witnessmark.stages.capture.reading import DrawnPage, Facts, Read, Rendered

if TYPE_CHECKING:
    from witnessmark.core.source import SourceKind

ORIGINS = frozenset({"page", "region", "made"})
"""Places that a quote from such a reading may have."""

LONGEST_WORDS = 10_000
"""Code points of a title, a note or a name of a program."""

MOST_NOTES = 1_000

BOX_SIDES = frozenset({0, 4})


def told(found: Read) -> object:
    """Return *found* as values that JSON can say."""
    return {
        "facts": astuple(found.facts),
        "notes": found.notes,
        "pages": [_parts_of_page(page) for page in found.pages],
        "renditions": [
            {
                "text": rendered.text,
                "rendering": rendered.rendering.value,
                "renderer": rendered.renderer,
                "anchors": [_parts(anchor) for anchor in rendered.offsets.anchors],
            }
            for rendered in found.renditions
        ],
    }


def _parts_of_page(page: DrawnPage) -> tuple[object, ...]:
    return (
        page.page, page.unit, page.width, page.height, page.pixels_wide, page.pixels_high,
        base64.b64encode(page.png).decode(), page.renderer, page.withheld,
    )  # fmt: skip


def _parts(anchor: Anchor) -> tuple[object, ...]:
    """Return the parts of *anchor*; ``dataclasses.astuple`` would copy each of them."""
    return (
        anchor.start, anchor.end, anchor.origin, anchor.first, anchor.last, anchor.part,
        anchor.box, anchor.cuts,
    )  # fmt: skip


def parsed(answer: bytes) -> dict[str, object]:
    """Return the object that *answer* states.

    Raises:
        ValueError: it states none.
    """
    found = json.loads(answer.decode(), parse_constant=_refuse)
    return _object(found)


def heard(
    value: object, kind: SourceKind, media_type: str, *, location_data: bool, most_pages: int
) -> Read:
    """Return the reading that *value* states, of a file of the *kind* given.

    Raises:
        ValueError: it states none.
    """
    parts = _object(value, {"facts", "notes", "pages", "renditions"})
    facts = [_words(part) for part in _list(parts["facts"], most=4)]
    if len(facts) != len(astuple(Facts())):
        _refuse("facts")
    return Read(
        kind,
        media_type,
        tuple(_rendered(part) for part in _list(parts["renditions"], most=2)),
        Facts(*facts),
        tuple(_words(note) for note in _list(parts["notes"], most=MOST_NOTES)),
        location_data=location_data,
        pages=tuple(_page(page) for page in _list(parts["pages"], most=most_pages)),
    )


def _page(value: object) -> DrawnPage:
    match value:
        case [
            int(page),
            str(unit),
            width,
            height,
            int(wide),
            int(high),
            str(coded),
            renderer,
            list(withheld),
        ] if unit in {POINTS, PIXELS}:
            png = base64.b64decode(coded, validate=True)
            picture = GreyPicture.from_png(png)
            # drawn again: nothing hides beside the greys
            if (picture.width, picture.height) != (wide, high) or picture.to_png() != png:
                _refuse("picture")
            covered = tuple(tuple(map(_side, _list(box, most=4))) for box in withheld)
            if any(len(box) != max(BOX_SIDES) for box in covered):
                _refuse("picture")
            sides = _side(width), _side(height)
            return DrawnPage(page, unit, *sides, wide, high, png, _words(renderer), covered)
        case _:
            raise _refusal("page")


def _rendered(value: object) -> Rendered:
    parts = _object(value, {"text", "rendering", "renderer", "anchors"})
    text = _text(parts["text"])
    offsets = OffsetMap(tuple(_anchor(anchor) for anchor in _list(parts["anchors"])))
    if offsets.length != len(text) or not text.strip():
        _refuse("map")
    rendering = Rendering(_text(parts["rendering"]))
    if rendering not in {Rendering.PDF_TEXT, Rendering.OCR}:
        _refuse("rendering")
    return Rendered(text, offsets, rendering, _words(parts["renderer"]))


def _anchor(value: object) -> Anchor:
    match value:
        case [
            int(start),
            int(end),
            str(origin),
            int(first),
            int(last),
            "",
            list(box),
            list(cuts),
        ] if (
            origin in ORIGINS
            and len(box) in BOX_SIDES
            and len(cuts) in {0, end - start - 1}
            and 0 <= first <= last
            and not any(isinstance(number, bool) for number in (start, end, first, last))
        ):
            sides, between = tuple(map(_side, box)), tuple(map(_side, cuts))
            return Anchor(start, end, origin, first, last, "", sides, between)
        case _:
            raise _refusal("anchor")


def _side(value: object) -> float:
    if not isinstance(value, float) or not math.isfinite(value):
        _refuse("box")
    return value


def _object(value: object, names: set[str] | None = None) -> dict[str, object]:
    if not isinstance(value, dict) or (names is not None and value.keys() != names):
        _refuse("object")
    return value


def _list(value: object, *, most: int | None = None) -> list[object]:
    if not isinstance(value, list) or (most is not None and len(value) > most):
        _refuse("list")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        _refuse("text")
    value.encode()  # half a sign is no text
    return value


def _words(value: object) -> str:
    text = _text(value)
    if len(text) > LONGEST_WORDS:
        _refuse("words")
    return text


def _refuse(what: str) -> NoReturn:
    raise _refusal(what)


def _refusal(what: str) -> ValueError:
    return ValueError(f"no reading: {what}")
