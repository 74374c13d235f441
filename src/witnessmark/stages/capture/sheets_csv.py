"""Tables in text (CSV, TSV): each cell with its bytes, under the name of its column.

Laws:
1. A cell's words are the file's words; the quotes around them and the doubling of quotes
   inside are left out, and each stretch maps to its bytes.
2. The name of the column before a cell maps to the bytes of that name in the first row.
3. The sign between cells is found by its regularity; where none is regular the file is
   read as plain text.
4. A table with more cells than a person reads is refused: such files are shipments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import Rendering, SourceKind
from witnessmark.stages.capture.encodings import decode
from witnessmark.stages.capture.headline import facts_of_text
from witnessmark.stages.capture.plain import read_text
from witnessmark.stages.capture.reading import Read, TextBuilder

if TYPE_CHECKING:
    from collections.abc import Callable

    from witnessmark.stages.capture.encodings import Decoded
    from witnessmark.stages.capture.limits import Limits

RENDERER = "witnessmark csv/1"

SEPARATORS = (",", ";", "\t", "|")

MOST_CELLS = 200_000
"""Cells of a table that is read as a text."""

SAMPLE = 20
"""Rows by which the separator is found."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the stretches of the text that are its words, in order."""

    stretches: tuple[tuple[int, int], ...]


Row = list[Cell]


def read_csv(content: bytes, *, where: str, limits: Limits) -> Read:
    """Read a table in text.

    Raises:
        UnreadableInput: its encoding is not certain, or it has too many cells.
    """
    decoded = decode(content, where=where)
    text = decoded.text
    begin = _after_remarks(text)
    separator = _separator(text, begin)
    if not separator:
        return read_text(content, where=where, limits=limits)
    rows = _rows(text, begin, separator, MOST_CELLS + 1)
    if sum(map(len, rows)) > MOST_CELLS:
        raise UnreadableInput(
            f"the table has more than {MOST_CELLS} cells",
            where=where,
            to_do="give shipments with --shipments; else split the table",
        )
    builder = TextBuilder(most=limits.max_text, where=where)
    byte_at = _byte_places(decoded)
    _lay_remarks(builder, text, begin, byte_at)
    names, body = (rows[0], rows[1:]) if rows else ([], [])
    if not body:
        names, body = [], rows
    ragged = 0
    for row in body:
        ragged += bool(names) and len(row) != len(names)
        if builder.length:
            builder.add_made("\n\n")
        _lay_row(builder, text, names, row, byte_at)
    notes = [f"table: {len(body)} rows under {len(names)} column names"]
    if ragged:
        notes.append(f"{ragged} rows have another number of cells than the first row")
    return Read(
        SourceKind.CSV,
        "text/tab-separated-values" if separator == "\t" else "text/csv",
        builder.rendered(Rendering.TABLE, f"{RENDERER}, {decoded.codec}"),
        facts_of_text(text[:begin]),
        tuple(notes),
    )


def _after_remarks(text: str) -> int:
    """Return where the table begins: lines with ``#`` before it are remarks."""
    match = re.match(r"(?:[ \t]*#[^\n]*(?:\n|\Z)|[ \t]*\r?\n)*", text)
    return match.end() if match else 0


def _lay_remarks(builder: TextBuilder, text: str, end: int, byte_at: Callable[[int], int]) -> None:
    for match in re.finditer(r"[^\r\n]+", text[:end]):
        if builder.length:
            builder.add_made("\n")
        builder.add(match[0], "bytes", byte_at(match.start()), byte_at(match.end()))


def _separator(text: str, begin: int) -> str:
    """Return the sign that gives the sampled rows one width above one; commas first."""
    sample = text[begin : begin + 65_536]
    best, width = "", 1
    for sign in SEPARATORS:
        rows = _rows(sample, 0, sign, 10_000)[: SAMPLE + 1]
        if len(rows) > SAMPLE:
            rows.pop()
        widths = [len(row) for row in rows]
        if not widths or min(widths) < 2:  # noqa: PLR2004 - one cell a row is no table
            continue
        if widths.count(widths[0]) >= 0.9 * len(widths) and widths[0] > width:
            best, width = sign, widths[0]
    return best


def _rows(text: str, begin: int, separator: str, most: int) -> list[Row]:
    """Return the rows of the table, blank ones left out, until there are *most* cells."""
    rows: list[Row] = []
    row: Row = []
    at, cells = begin, 0
    bare = re.compile(rf"[^{re.escape(separator)}\r\n]*")
    while at < len(text) and cells < most:
        if text[at] == '"':
            cell, at = _quoted(text, at)
        else:
            match = bare.match(text, at)
            end = match.end() if match else at
            cell, at = Cell(((at, end),)), end
        # what stands between a closing quote and the separator is part of the cell
        if (match := bare.match(text, at)) and match.end() > at:
            cell, at = Cell((*cell.stretches, (at, match.end()))), match.end()
        row.append(cell)
        cells += 1
        if cells == most:
            rows.append(row)
        if text[at : at + 1] == separator:
            at += 1
            if at < len(text):
                continue
            row.append(Cell(()))
        at += 2 if text[at : at + 2] == "\r\n" else 1
        if any(start < end for each in row for start, end in each.stretches):
            rows.append(row)
        row = []
    return rows


def _quoted(text: str, at: int) -> tuple[Cell, int]:
    """Return the cell in quotes that begins at *at*; a quote inside it is written twice."""
    stretches: list[tuple[int, int]] = []
    first = at + 1
    while True:
        close = text.find('"', first)
        if close < 0:
            return Cell((*stretches, (first, len(text)))), len(text)
        if text[close + 1 : close + 2] == '"':
            stretches.append((first, close + 1))
            first = close + 2
            continue
        return Cell((*stretches, (first, close))), close + 1


def _byte_places(decoded: Decoded) -> Callable[[int], int]:
    """Return a function from code point to byte, for any order of asking."""
    step = 256
    marks = [decoded.start]
    for start in range(0, len(decoded.text), step):
        marks.append(marks[-1] + len(decoded.text[start : start + step].encode(decoded.codec)))

    def byte_at(place: int) -> int:
        mark = place // step
        rest = decoded.text[mark * step : place]
        return marks[mark] + len(rest.encode(decoded.codec))

    return byte_at


def _lay_row(
    builder: TextBuilder, text: str, names: Row, row: Row, byte_at: Callable[[int], int]
) -> None:
    begun = False
    for number, cell in enumerate(row):
        if not any(text[start:end].strip() for start, end in cell.stretches):
            continue
        if begun:
            builder.add_made("\n")
        begun = True
        if number < len(names) and names[number].stretches:
            _lay_cell(builder, text, names[number], byte_at)
            builder.add_made(": ")
        _lay_cell(builder, text, cell, byte_at)


def _lay_cell(builder: TextBuilder, text: str, cell: Cell, byte_at: Callable[[int], int]) -> None:
    for start, end in cell.stretches:
        builder.add(text[start:end], "bytes", byte_at(start), byte_at(end))
