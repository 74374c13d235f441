"""What a reader hands back, and the builder of exact offset maps.

Laws:
1. Text and map grow together: no stretch of a rendition lacks its place in the original.
2. What the reader adds (a line break for a paragraph) is marked as made.
3. Readers are pure: bytes in, a :class:`Read` out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.span import Anchor, OffsetMap

if TYPE_CHECKING:
    from witnessmark.core.source import Rendering, SourceKind
    from witnessmark.stages.capture.contents import Content

MADE = "made"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document states about itself; empty where it states nothing.

    Attributes:
        title: its title.
        outlet: its publisher or author.
        published: ISO 8601 date.
        url: its own address.
    """

    title: str = ""
    outlet: str = ""
    published: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text made from an original.

    Attributes:
        text: the text.
        offsets: exact map to the original.
        rendering: how it was made.
        renderer: program and version.
    """

    text: str
    offsets: OffsetMap
    rendering: Rendering
    renderer: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside another.

    Attributes:
        name: what the sender called it.
        content: its bytes, or what gives them when they are asked for.
        place: where in the container it lies: ``record 3``, ``member a/b.txt``.
        url: address that the container states for it, else empty.
        charset: encoding that the container states for it, else empty.
        notes: what the container says of it that a reader must know.
    """

    name: str
    content: bytes | Content
    place: str = "attachment"
    url: str = ""
    charset: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as a picture.

    Attributes:
        page: its number, from 1.
        unit: unit of its sides (:class:`witnessmark.core.pageimage.PageImage`).
        width: its width in that unit.
        height: its height in that unit.
        pixels_wide: width of the picture.
        pixels_high: height of the picture.
        png: the picture.
        renderer: program and version that drew it.
        withheld: left, low, right, high of pictures that stand on it.
    """

    page: int
    unit: str
    width: float
    height: float
    pixels_wide: int
    pixels_high: int
    png: bytes
    renderer: str
    withheld: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """One original, read.

    Attributes:
        kind: sort of file.
        media_type: IANA media type.
        renditions: texts made from it; none where it has no text layer.
        facts: what it states about itself.
        notes: what a reader must know.
        attachments: files inside it.
        location_data: whether it holds EXIF or XMP data (which may give away a person).
        refused: files inside it that are not taken in, each with the reason.
        pages: its pages of text as pictures, as many as are kept.
    """

    kind: SourceKind
    media_type: str
    renditions: tuple[Rendered, ...] = ()
    facts: Facts = field(default_factory=Facts)
    notes: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    location_data: bool = False
    refused: tuple[UnreadableInput, ...] = ()
    pages: tuple[DrawnPage, ...] = ()


class TextBuilder:
    """A text under construction, with the anchor of every stretch."""

    def __init__(self, *, most: int, where: str) -> None:
        """Begin an empty text of at most *most* code points; *where* names the file."""
        self._most = most
        self._where = where
        self._pieces: list[str] = []
        self._anchors: list[Anchor] = []
        self._length = 0
        self._last = ""
        self._open_end = False

    @property
    def length(self) -> int:
        """Return the code points so far."""
        return self._length

    @property
    def last(self) -> str:
        """Return the last code point, empty at the beginning."""
        return self._last

    def add(
        self,
        text: str,
        origin: str,
        first: int,
        last: int,
        *,
        part: str = "",
        box: tuple[float, ...] = (),
        cuts: tuple[float, ...] = (),
        joins: bool = False,
    ) -> None:
        """Append *text* that stands in the original at the place given.

        Args:
            text: the stretch.
            origin: sort of place (:class:`witnessmark.core.span.Anchor`).
            first: first byte, page or number of the part.
            last: end of the bytes, exclusive, or *first* again.
            part: name of the part.
            box: region.
            cuts: where its code points meet.
            joins: the bytes read as they stand, so that the next such stretch, if its
                bytes follow at once, becomes one anchor with this one.

        Raises:
            UnreadableInput: the text grows beyond its limit.
        """
        if not text:
            return
        start, self._length = self._length, self._length + len(text)
        if self._length > self._most:
            raise UnreadableInput(
                f"the text is longer than {self._most} code points",
                where=self._where,
                to_do="split the file",
            )
        self._pieces.append(text)
        self._last = text[-1]
        before = self._anchors[-1] if joins and self._open_end else None
        self._open_end = joins
        if before is not None and (before.last, before.part) == (first, part):
            start, first = before.start, before.first
            self._anchors.pop()
        self._anchors.append(Anchor(start, self._length, origin, first, last, part, box, cuts))

    def add_made(self, text: str) -> None:
        """Append *text* that the reader makes itself."""
        before = self._anchors[-1] if self._anchors else None
        if before is not None and before.origin == MADE and text:
            self._anchors.pop()
            self._pieces.append(text)
            self._length += len(text)
            self._last = text[-1]
            self._anchors.append(Anchor(before.start, self._length, MADE, 0, 0))
        else:
            self.add(text, MADE, 0, 0)

    def rendered(self, rendering: Rendering, renderer: str) -> tuple[Rendered, ...]:
        """Return the finished text, or nothing where no sign of it can be read."""
        text = "".join(self._pieces)
        if not text.strip():
            return ()
        return (Rendered(text, OffsetMap(tuple(self._anchors)), rendering, renderer),)
