"""Spreadsheets (xlsx): each cell with its sheet and reference.

Laws:
1. Nothing is computed: a formula shows the value that the file keeps for it.
2. A cell maps to its sheet and reference (``Sheet1!B7``); the signs between cells are made.
3. A date is kept in the file as a number of days; it is shown as a date, and the source
   says how many were.
4. XML entities and outside references are refused; what unpacks is counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import Rendering, SourceKind
from witnessmark.stages.capture.headline import facts_of_text
from witnessmark.stages.capture.picture import has_location_data
from witnessmark.stages.capture.reading import Read, TextBuilder
from witnessmark.stages.capture.zipbox import ZipBox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from witnessmark.stages.capture.limits import Limits

RENDERER = "witnessmark xlsx/1"

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

BOOK = "xl/workbook.xml"

MOST_CELLS = 500_000
"""Cells of a workbook that is read as a text."""

MOST_TAGS = 4_000_000
"""Tags of one part."""

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"

BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Number formats that the format (ECMA-376 part 1, 18.8.30) keeps for dates and times."""

_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_REFERENCE = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its part, whether the program that made it hides it."""

    name: str
    part: str
    hidden: bool


def read_sheets(content: bytes, *, where: str, limits: Limits) -> Read:
    """Read a spreadsheet.

    Raises:
        UnreadableInput: it is damaged, encrypted, too large, or no spreadsheet.
    """
    book = _Book(content, where, limits)
    builder = TextBuilder(most=limits.max_text, where=where)
    hidden = 0
    for sheet in book.sheets():
        hidden += sheet.hidden
        if builder.length:
            builder.add_made("\n\n")
        builder.add(sheet.name, "part", 1, 1, part=BOOK)
        before = 0
        for row, column, reference, text in book.cells(sheet):
            builder.add_made("\n" if row != before else "\t")
            before = row
            builder.add(text, "part", row, column, part=f"{sheet.name}!{reference}")
    notes = book.notes()
    if hidden:
        notes.append(f"{hidden} sheets that the program hides are read, too")
    renditions = builder.rendered(Rendering.TABLE, RENDERER) if book.count else ()
    return Read(
        SourceKind.XLSX,
        MEDIA_TYPE,
        renditions,
        facts_of_text(""),
        tuple(notes),
        location_data=book.has_location_data(),
    )


class _Book:
    """A workbook, read part by part."""

    def __init__(self, content: bytes, where: str, limits: Limits) -> None:
        self._where = where
        self._box = ZipBox(
            content, where=where, most=limits.max_parts, unpacked=limits.max_unpacked
        )
        self._names = set(self._box.names)
        self._strings = self._shared()
        self._date_styles = self._styles()
        self._from_1904 = False
        self.count = self._dates = self._errors = 0

    def has_location_data(self) -> bool:
        """Return whether an image in it holds EXIF or XMP data."""
        return any(
            has_location_data(self._box.read(name))
            for name in self._box.names
            if name.startswith("xl/media/")
        )

    def notes(self) -> list[str]:
        """Return what a reader must know."""
        told: list[str] = []
        if self._dates:
            told.append(f"{self._dates} dates are kept as numbers of days, shown as dates")
        if self._errors:
            told.append(f"{self._errors} cells hold an error of their formula")
        if any("comments" in name for name in self._names):
            told.append("the spreadsheet has comments: not read")
        return told

    def sheets(self) -> list[Sheet]:
        """Return the sheets in their order."""
        root = self._tree(BOOK)
        targets = {
            relation.get("Id", ""): relation.get("Target", "")
            for relation in self._tree("xl/_rels/workbook.xml.rels")
        }
        found: list[Sheet] = []
        for element in root.iter():
            name = _local(element)
            if name == "workbookPr":
                self._from_1904 = element.get("date1904", "") in {"1", "true"}
            if name != "sheet":
                continue
            key = element.get(RELATION) or element.get(STRICT_RELATION) or ""
            target = targets.get(key, "").removeprefix("/")
            part = target if target.startswith("xl/") else f"xl/{target}"
            if part in self._names and "worksheets/" in part:
                hidden = element.get("state", "visible") != "visible"
                found.append(Sheet(" ".join(element.get("name", "").split()) or key, part, hidden))
        return found

    def cells(self, sheet: Sheet) -> Iterator[tuple[int, int, str, str]]:
        """Yield row, column, reference and words of each cell that has any."""
        row = column = 0
        for element in self._tree(sheet.part).iter():
            name = _local(element)
            if name == "row":
                row, column = row + 1, 0
            if name != "c":
                continue
            column += 1
            stated = element.get("r", "")
            if _REFERENCE.fullmatch(stated):
                row, column = int(stated.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), _column(stated)
            text = self._value(element)
            if not text.strip():
                continue
            self.count += 1
            if self.count > MOST_CELLS:
                raise UnreadableInput(
                    f"the spreadsheet has more than {MOST_CELLS} cells",
                    where=f"{self._where}, {sheet.part}",
                    to_do="give shipments as CSV with --shipments; else split it",
                )
            yield row, column, f"{_letters(column)}{row}", text

    def _value(self, cell: Element) -> str:
        sort = cell.get("t", "n")
        if sort == "inlineStr":
            return "".join(_words(child) for child in cell if _local(child) == "is")
        value = next((child.text or "" for child in cell if _local(child) == "v"), "")
        if sort == "s":
            place = int(value) if value.isascii() and value.isdigit() else -1
            if not 0 <= place < len(self._strings):
                raise UnreadableInput(
                    "the spreadsheet names a text that it does not hold",
                    where=f"{self._where}, {cell.get('r', '')}",
                    to_do="save it anew in Excel or LibreOffice, or as CSV",
                )
            return self._strings[place]
        if sort == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        self._errors += sort == "e"
        if sort == "n" and value and cell.get("s", "") in self._date_styles:
            return self._date(value)
        return value

    def _date(self, value: str) -> str:
        """Return a number of days as a date, itself where it is none."""
        try:
            days = float(value)
            # Excel counts a 29 February 1900 that never was: right from 1 March 1900 on
            base = datetime(1904, 1, 1) if self._from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - the file knows no zone
            moment = base + timedelta(seconds=round(days * 86_400))
        except (ValueError, OverflowError):
            return value
        if days < (0 if self._from_1904 else 61):
            return value
        self._dates += 1
        if days == int(days):
            return moment.date().isoformat()
        return moment.isoformat(sep=" ", timespec="seconds")

    def _shared(self) -> list[str]:
        name = "xl/sharedStrings.xml"
        if name not in self._names:
            return []
        return [_words(child) for child in self._tree(name) if _local(child) == "si"]

    def _styles(self) -> frozenset[str]:
        """Return the numbers of the cell styles that show dates."""
        name = "xl/styles.xml"
        if name not in self._names:
            return frozenset()
        root = self._tree(name)
        dates = {str(number) for number in BUILT_IN_DATES}
        for element in root.iter():
            if _local(element) == "numFmt":
                code = _LITERALS.sub("", element.get("formatCode", "")).lower()
                own = element.get("numFmtId", "")
                (dates.add if set("ymdhs") & set(code) else dates.discard)(own)
        styles = next((child for child in root if _local(child) == "cellXfs"), ())
        return frozenset(
            str(place) for place, style in enumerate(styles) if style.get("numFmtId", "") in dates
        )

    def _tree(self, name: str) -> Element:
        if name not in self._names:
            raise UnreadableInput(
                "the spreadsheet is damaged: a part is missing",
                where=f"{self._where}, {name}",
                to_do="save it anew in Excel or LibreOffice, or as CSV",
            )
        content = self._box.read(name)
        if content.count(b"<") > MOST_TAGS:
            raise UnreadableInput(
                f"a part of the spreadsheet holds more than {MOST_TAGS} tags",
                where=f"{self._where}, {name}",
                to_do="give shipments as CSV with --shipments; else split it",
            )
        try:
            return fromstring(content, forbid_dtd=True)
        except (ParseError, DefusedXmlException, RecursionError, LookupError, ValueError) as error:
            raise UnreadableInput(
                "the spreadsheet holds broken or forbidden XML",
                where=f"{self._where}, {name}",
                to_do="save it anew in Excel or LibreOffice, or as CSV",
            ) from error


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _words(element: Element) -> str:
    """Return the words of a text, without the readings that stand above signs (rPh)."""
    pieces: list[str] = []
    for child in element:
        name = _local(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces += [part.text or "" for part in child if _local(part) == "t"]
    return "".join(pieces)


def _column(reference: str) -> int:
    number = 0
    for sign in reference:
        if sign.isdigit():
            break
        number = number * 26 + ord(sign) - ord("A") + 1
    return number


def _letters(column: int) -> str:
    found = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
