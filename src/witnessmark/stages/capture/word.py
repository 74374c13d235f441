"""Word documents (docx): paragraphs, tables, footnotes; each maps to its part and number.

Laws:
1. Nothing is unpacked to the disk; names inside the container are never paths.
2. What it unpacks to is counted while it unpacks, whatever the container claims.
3. XML entities and outside references are refused (defusedxml).
4. Deleted words (tracked changes) are left out, inserted ones are kept; both are said.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import Rendering, SourceKind
from witnessmark.stages.capture.headline import facts_of_text, shortened
from witnessmark.stages.capture.picture import has_location_data
from witnessmark.stages.capture.reading import Facts, Read, TextBuilder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from witnessmark.stages.capture.limits import Limits

RENDERER = "witnessmark docx/1"

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT_WORD = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
CORE = "{http://purl.org/dc/elements/1.1/}"

PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
"""Parts that hold the document's own words, in reading order."""

SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": ""}
"""Elements that stand for one sign."""

BLOCK_BYTES = 1 << 16

MOST_MARKS = 4_000_000
"""Tags of one part; a book of 500 pages has about a million."""


class Container:
    """A zip container, read part by part within bounds."""

    def __init__(self, content: bytes, *, where: str, limits: Limits) -> None:
        """Open the container.

        Raises:
            UnreadableInput: it is damaged or holds too many parts.
        """
        self._where = where
        self._left = limits.max_unpacked
        self._most = limits.max_unpacked
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise self._damaged() from error
        if len(self._zip.namelist()) > limits.max_parts:
            raise UnreadableInput(
                f"the container holds more than {limits.max_parts} parts",
                where=where,
                to_do="save the document anew in Word or LibreOffice",
            )

    def names(self) -> list[str]:
        """Return the names of the parts, as written."""
        return self._zip.namelist()

    def part(self, name: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            UnreadableInput: it is damaged, encrypted, or unpacks beyond the limit.
        """
        blocks: list[bytes] = []
        try:
            with self._zip.open(name) as handle:
                while block := handle.read(BLOCK_BYTES):
                    self._left -= len(block)
                    if self._left < 0:
                        raise UnreadableInput(
                            f"the container unpacks to more than {self._most} bytes",
                            where=f"{self._where}, {name}",
                            to_do="do not open it; ask who sent it for a PDF",
                        )
                    blocks.append(block)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError) as error:
            raise self._damaged() from error
        except (RuntimeError, NotImplementedError) as error:
            raise UnreadableInput(
                "the container is encrypted",
                where=self._where,
                to_do="remove the password and save it again",
            ) from error
        return b"".join(blocks)

    def tree(self, name: str) -> Element:
        """Return a part as parsed XML.

        Raises:
            UnreadableInput: it is not well formed, too large, or declares entities.
        """
        content = self.part(name)
        if content.count(b"<") > MOST_MARKS:
            raise UnreadableInput(
                f"a part of the Word document holds more than {MOST_MARKS} tags",
                where=f"{self._where}, {name}",
                to_do="split it, or save it as PDF",
            )
        try:
            return fromstring(content, forbid_dtd=True)
        except (ParseError, DefusedXmlException, RecursionError, LookupError) as error:
            raise UnreadableInput(
                "the Word document holds broken or forbidden XML",
                where=f"{self._where}, {name}",
                to_do="save it anew in Word or LibreOffice, or as PDF",
            ) from error

    def _damaged(self) -> UnreadableInput:
        return UnreadableInput(
            "the Word document is damaged or cut off",
            where=self._where,
            to_do="copy it again from where it came",
        )


def read_word(content: bytes, *, where: str, limits: Limits) -> Read:
    """Read a Word document.

    Raises:
        UnreadableInput: it is damaged, encrypted, too large, or no Word document.
    """
    container = Container(content, where=where, limits=limits)
    names = container.names()
    if PARTS[0] not in names:
        raise UnreadableInput(
            "the container holds no Word document",
            where=where,
            to_do="save it as docx or PDF",
        )
    builder = TextBuilder(most=limits.max_text, where=where)
    notes: list[str] = []
    deleted = 0
    for name in PARTS:
        if name in names:
            deleted += _lay(builder, container.tree(name), name)
    if deleted:
        notes.append(f"tracked changes: {deleted} deleted stretches are left out")
    if "word/comments.xml" in names:
        notes.append("the document has comments: not read")
    renditions = builder.rendered(Rendering.IDENTITY, RENDERER)
    first = renditions[0].text if renditions else ""
    location_data = any(
        has_location_data(container.part(name)) for name in names if name.startswith("word/media/")
    )
    return Read(
        SourceKind.DOCX,
        MEDIA_TYPE,
        renditions,
        _facts(container, names, first),
        tuple(notes),
        location_data=location_data,
    )


def _local(element: Element) -> str:
    """Return the name of a Word element without its namespace, empty for others."""
    tag = element.tag
    for space in (WORD, STRICT_WORD):
        if tag.startswith(space):
            return tag[len(space) :]
    return ""


def _lay(builder: TextBuilder, root: Element, part: str) -> int:
    """Append the paragraphs of *root*; return the number of deleted stretches."""
    for number, (kind, paragraph) in enumerate(_paragraphs(root), start=1):
        if builder.length:
            builder.add_made("\t" if kind == "cell" else "\n\n" if kind == "body" else "\n")
        for text in _runs(paragraph):
            builder.add(text, "part", number, number, part=part)
    return sum(_local(element) == "del" for element in root.iter())


def _paragraphs(root: Element, kind: str = "body") -> Iterator[tuple[str, Element]]:
    """Yield each paragraph with where it stands; text boxes once, not in their fallback."""
    for child in root:
        name = _local(child)
        if child.tag == FALLBACK:
            continue
        if name == "p":
            yield kind, child
            for box in _boxes(child):
                yield from _paragraphs(box)
        elif name == "tr":
            cells = [cell for cell in child if _local(cell) == "tc"]
            for place, cell in enumerate(cells):
                for order, (_, paragraph) in enumerate(_paragraphs(cell)):
                    yield ("cell" if place and not order else "row"), paragraph
        else:
            yield from _paragraphs(child, kind)


def _boxes(element: Element) -> Iterator[Element]:
    """Yield the text boxes of a paragraph, not those inside a box or a fallback."""
    for child in element:
        if _local(child) == "txbxContent":
            yield child
        elif child.tag != FALLBACK:
            yield from _boxes(child)


def _runs(element: Element) -> Iterator[str]:
    """Yield the words of a paragraph in order, without text boxes and deleted words."""
    for child in element:
        name = _local(child)
        if name == "t":
            yield child.text or ""
        elif name in SIGNS:
            yield SIGNS[name]
        elif name in {"del", "moveFrom", "pPr", "rPr", "txbxContent"} or child.tag == FALLBACK:
            continue
        else:
            yield from _runs(child)


def _facts(container: Container, names: list[str], first: str) -> Facts:
    stated = facts_of_text(first)
    if "docProps/core.xml" not in names:
        return stated
    root = container.tree("docProps/core.xml")
    title = shortened(root.findtext(f"{CORE}title") or "")
    # the core property "creator" is the person whose computer wrote the file, not an outlet
    return Facts(title or stated.title, stated.outlet, stated.published, stated.url)
