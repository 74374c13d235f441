"""Tables: every cell's words stand at the bytes or the cell that the map gives."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import Rendering, SourceKind
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.readers import read
from witnessmark.stages.capture.reading import Read

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _read(content: bytes, name: str, **limits: Any) -> Read:
    return read(name, content, where=name, limits=Limits(**limits))


def _check(found: Read, content: bytes, codec: str = "utf-8") -> int:
    """Decode every byte range and compare; return the code points that have one."""
    checked = 0
    for rendition in found.renditions:
        assert rendition.offsets.length == len(rendition.text)
        for anchor in rendition.offsets.anchors:
            shown = rendition.text[anchor.start : anchor.end]
            if anchor.origin == "made":
                assert shown in {": ", "\n", "\n\n"}
                continue
            assert content[anchor.first : anchor.last].decode(codec) == shown
            checked += len(shown)
    return checked


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "cp949"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_csv(codec: str, separator: str) -> None:
    """Each cell stands under the name of its column; quotes fall away, bytes stay exact."""
    rows = [
        ["공장", "product", "hours"],
        ["용천군 노동단련대", 'wigs, "fine" ones', "12"],
        ["개천", "two\nlines", ""],
        *[["평안남도 수감자들은 가발을 만든다", "가발 공장에서 일한다", "하루 열두 시간"]] * 2,
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    content = (b"\xff\xfe" if "16" in codec else b"") + out.getvalue().encode(codec)
    found = _read(content, "a.csv")
    (rendition,) = found.renditions
    assert (found.kind, rendition.rendering) == (SourceKind.CSV, Rendering.TABLE)
    assert rendition.text.startswith(
        '공장: 용천군 노동단련대\nproduct: wigs, "fine" ones\nhours: 12\n\n'
        "공장: 개천\nproduct: two\nlines\n\n"
    )
    assert found.notes[0] == "table: 4 rows under 3 column names"
    assert _check(found, content, codec) > 100


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=20)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=2, max_size=8))
@settings(max_examples=150, deadline=None)
def test_csv_keeps_every_cell(rows: list[list[str]]) -> None:
    """Whatever the cells hold, each one with words is in the text, exact to the byte."""
    rows = [["a", "b", "c"], *rows]
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    content = out.getvalue().encode()
    found = _read(content, "a.csv")
    _check(found, content)
    text = found.renditions[0].text if found.renditions else ""
    place = 0
    for row in rows[1:]:
        for name, cell in zip("abc", row, strict=True):
            if cell.strip():
                place = text.index(f"{name}: {cell}", place) + len(cell)


def test_csv_remarks_and_standing() -> None:
    """Remarks before the table stay; a table that calls itself invented is read so."""
    content = b"# INVENTED EXAMPLE, NOT EVIDENCE\nname,city\nExample,Anywhere\n"
    found = _read(content, "a.csv")
    assert found.renditions[0].text == (
        "# INVENTED EXAMPLE, NOT EVIDENCE\n\nname: Example\ncity: Anywhere"
    )
    assert _check(found, content) > 40


def test_csv_without_columns_is_text() -> None:
    """A file without a regular separator is read as the text that it is."""
    found = _read(b"just words, some\nmore\nand, so, on\n", "a.csv")
    assert found.kind is SourceKind.TEXT
    assert found.renditions[0].text == "just words, some\nmore\nand, so, on\n"


def test_csv_bounds() -> None:
    """Attack: a table of 220,000 cells is refused with the way out."""
    with pytest.raises(UnreadableInput) as caught:
        _read(b"a,b\n" * 110_000, "a.csv")
    assert "cells" in caught.value.what
    assert "--shipments" in caught.value.to_do


def xlsx_bytes(sheets: dict[str, str], *, strings: tuple[str, ...] = (), **parts: str) -> bytes:
    """Return a spreadsheet with rows given as XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        book = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>'
            for n, name in enumerate(sheets, start=1)
        )
        box.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{SPACE}" xmlns:r="{RELATIONS}"><sheets>{book}</sheets></workbook>',
        )
        box.writestr(
            "xl/_rels/workbook.xml.rels",
            "<Relationships>"
            + "".join(
                f'<Relationship Id="r{n}" Target="worksheets/s{n}.xml"/>'
                for n in range(1, len(sheets) + 1)
            )
            + "</Relationships>",
        )
        for n, rows in enumerate(sheets.values(), start=1):
            box.writestr(
                f"xl/worksheets/s{n}.xml",
                f'<worksheet xmlns="{SPACE}"><sheetData>{rows}</sheetData></worksheet>',
            )
        box.writestr(
            "xl/sharedStrings.xml",
            f'<sst xmlns="{SPACE}">'
            + "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
            + "<si><r><t>rich </t></r><r><t>words</t></r><rPh><t>no</t></rPh></si></sst>",
        )
        for name, content in parts.items():
            box.writestr(name, content)
    return out.getvalue()


STYLES = (
    f'<styleSheet xmlns="{SPACE}"><numFmts><numFmt numFmtId="170" formatCode="yyyy\\-mm"/>'
    '<numFmt numFmtId="171" formatCode="0.0 &quot;days&quot;"/></numFmts><cellXfs>'
    '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/>'
    "</cellXfs></styleSheet>"
)


def test_xlsx() -> None:
    """Each cell maps to its sheet and reference; dates are dates, and the source says so."""
    content = xlsx_bytes(
        {
            "Work": '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'
            '<row r="4"><c r="B4" s="1"><v>45000</v></c><c r="C4" s="2"><v>45000.5</v></c>'
            '<c r="D4" s="3"><v>12</v></c><c r="E4" t="b"><v>1</v></c></row>',
            "둘": '<row><c t="inlineStr"><is><t>inline</t></is></c><c t="e"><v>#REF!</v></c></row>',
        },
        strings=("수감자",),
        **{"xl/styles.xml": STYLES},
    )
    found = _read(content, "a.bin")
    (rendition,) = found.renditions
    assert (found.kind, rendition.rendering) == (SourceKind.XLSX, Rendering.TABLE)
    assert rendition.text == (
        "Work\n수감자\trich words\n2023-03-15\t2023-03-15 12:00:00\t12\tTRUE\n\n둘\ninline\t#REF!"
    )
    places = {
        rendition.text[anchor.start : anchor.end]: anchor.part
        for anchor in rendition.offsets.anchors
        if anchor.origin == "part"
    }
    assert places["수감자"] == "Work!A1"
    assert places["rich words"] == "Work!C1"
    assert places["2023-03-15"] == "Work!B4"
    assert places["inline"] == "둘!A1"
    assert rendition.offsets.length == len(rendition.text)
    assert "2 dates are kept as numbers of days, shown as dates" in found.notes
    assert "1 cells hold an error of their formula" in found.notes


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ('<row><c t="s"><v>99</v></c></row>', "does not hold"),
        ("<row>", "broken or forbidden XML"),
    ],
)
def test_hostile_xlsx(rows: str, what: str) -> None:
    """Attack: broken parts and texts that are not there are refused."""
    with pytest.raises(UnreadableInput, match=what):
        _read(xlsx_bytes({"S": rows}), "a.xlsx")


def test_billion_laughs() -> None:
    """Attack: entities are refused before they are expanded."""
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sst>&b;</sst>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("xl/workbook.xml", "<workbook/>")
        box.writestr("xl/sharedStrings.xml", bomb)
    with pytest.raises(UnreadableInput, match="forbidden XML"):
        _read(out.getvalue(), "a.xlsx")


def test_xlsx_bomb() -> None:
    """Attack: a sheet that unpacks to far more than its size is refused by its name."""
    content = xlsx_bytes({"S": " " * (40 << 20)})
    with pytest.raises(UnreadableInput, match="times its size") as caught:
        _read(content, "a.xlsx")
    assert "worksheets" in caught.value.where
