"""The demo's files: a paraphrase that copies nothing, inventions that name nobody."""

from __future__ import annotations

import csv
import json
import re
import struct
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from rapidfuzz import fuzz, process

from witnessmark.core.provenance import INVENTED, PARAPHRASE
from witnessmark.core.shipment import SHIPMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST_CASE = ROOT / "src/witnessmark/examples/first_case"
URL = "https://www.dailynk.com/english/photo-reveals-forced-wig-manufacturing-at-n-korean-prison/"
REPORTS = ("report-en.txt", "report-ko.txt")

FACTS = {
    "kind of facility": ("Labour camps hold people", "노동단련대는 .* 가두는 곳"),
    "minor offences": ("minor offences", "경미한 위법"),
    "skipping work": ("missing work", "무단결근"),
    "organisational life": ("meetings of their organisation", "조직생활 불참"),
    "first county": ("Yonchon and", "룡천군"),
    "second county": ("Yomju", "염주군"),
    "province of the source": ("source in North Pyongan province", "평안북도 소식통"),
    "who reports": ("Daily NK", "데일리NK"),
    "wigs": ("wigs", "가발"),
    "false eyelashes": ("false eyelashes", "인조 속눈썹"),
    "knitting": ("knitting", "뜨개질"),
    "hours": ("more than 12 hours a day", "하루 12시간 넘게"),
    "weekly quota": ("weekly quota", "주간 과제"),
    "without defects": ("no faulty piece", "불량 없이"),
    "rice on Sunday": ("rice at midday on Sunday", "일요일 점심에 쌀밥"),
    "better food": ("better food", "더 나은 음식"),
    "whole nights": ("work through the night", "밤을 새워"),
    "young and dexterous": ("young prisoners with nimble hands are chosen", "손재주가 좋은 젊은"),
    "the skilled are kept": ("hold on to more prisoners with skilled hands", "더 오래 붙잡아"),
    "bribes": ("pay bribes are released early", "뇌물을 줄 수 있는 사람은 일찍"),
    "no money, no contacts": ("neither money nor contacts", "돈도 연줄도 없는"),
    "self-criticism": ("criticise themselves", "자아비판"),
    "apology letters": ("letters of apology aloud", "반성문을 소리 내어"),
    "apology signs, slogans": ("signs of apology and chanting slogans", "구호를 외치는"),
    "construction": ("construction", "건설 노동"),
    "mobilisation": ("mobilisation for outdoor labour", "바깥 동원"),
    "unpaid": ("unpaid labour", "무보수 노동"),
    "foreign currency": ("foreign currency", "외화"),
    "more than before": ("far more ordered goods than", "예전보다 훨씬 많이"),
    "the photograph": ("holds a photograph", "사진을 입수"),
    "wig on a bottle": ("wig resting on a plastic bottle", "플라스틱 병 위에"),
    "sheets on concrete": ("sheets lie over the concrete", "콘크리트 바닥"),
    "no workbench": ("proper workbench", "작업대는 보이지 않는다"),
    "cracked wall": ("wall has cracks", "벽에는 금이"),
    "gourd bowl": ("bowl cut from a gourd", "바가지"),
    "preference": ("would rather be in a contract manufacturing team", "작업반을 선호한다"),
    "shame": ("place of shame", "망신"),
    "extra tasks": ("additional tasks", "추가 과제"),
    "exhaustion": ("most exhausted", "더 지치게"),
    "envy": ("envy", "부러워"),
    "indoors": ("indoors the whole day", "온종일 실내"),
}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(words: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_says_first_that_it_is_a_paraphrase_and_cites_the_report(name: str) -> None:
    """The first line is the mark that every output repeats; the address follows it."""
    lines = (FIRST_CASE / name).read_text(encoding="utf-8").splitlines()
    assert lines[0] == PARAPHRASE
    assert "NK)" in lines[1]
    assert lines[2] == f"Source: {URL}"


def test_the_paraphrase_copies_no_sentence(shared: Path) -> None:
    """No run of eight words of the report stands in ours, and few runs of four."""
    theirs = _words(json.loads((shared / "corpus/seed.json").read_text(encoding="utf-8"))["text"])
    ours = _words((FIRST_CASE / "report-en.txt").read_text(encoding="utf-8"))
    assert _runs(ours, 8) & _runs(theirs, 8) == set()
    fours = _runs(ours, 4)
    assert len(fours & _runs(theirs, 4)) / len(fours) < 0.03


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize(("name", "side"), [("report-en.txt", 0), ("report-ko.txt", 1)])
def test_every_fact_of_the_report_is_told_in_both_languages(
    fact: str, name: str, side: int
) -> None:
    """A fact that the labelled report holds is not lost in the paraphrase."""
    text = (FIRST_CASE / name).read_text(encoding="utf-8")
    assert re.search(FACTS[fact][side], text), fact


def _shipments() -> list[dict[str, str]]:
    lines = (FIRST_CASE / "shipments.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"# {INVENTED}"
    return list(csv.DictReader(lines[1:]))


def test_the_shipment_file_is_what_its_script_writes(
    tool: Callable[[str], ModuleType],
) -> None:
    """The invented file is reproducible to the byte, and has the columns of the schema."""
    made = tool("make_demo_shipments").shipments_csv()
    assert (FIRST_CASE / "shipments.csv").read_text(encoding="utf-8") == made
    known = {column.name for column in SHIPMENT_COLUMNS}
    needed = {column.name for column in SHIPMENT_COLUMNS if column.required}
    there = set(_shipments()[0])
    assert needed <= there <= known


def test_every_invented_row_says_so_and_names_no_real_country() -> None:
    """A row cut out of the file still says what it is; its countries are user-assigned codes."""
    for row in _shipments():
        assert row["source_id"].startswith("INVENTED EXAMPLE")
        for side in ("origin", "destination"):
            assert row[side] in {"XA", "XB", "XC"}


def test_the_shipment_file_holds_the_gaps_that_it_is_there_to_teach() -> None:
    """One consignee withheld, one quantity missing, and a shipment before any arrival."""
    rows = _shipments()
    assert [row for row in rows if not row["consignee_id"]]
    assert [row for row in rows if not row["quantity_kg"]]
    first = min(row["arrival_date"] for row in rows if row["shipper_id"] == "Example Trading A")
    assert min(row["date"] for row in rows if row["shipper_id"].endswith("Import B")) < "2025-02"
    assert first > "2025-01-06"


def _invented_names() -> list[str]:
    rows = _shipments()
    firms = {row[side] for row in rows for side in ("shipper_id", "consignee_id")} - {""}
    places = {firm.partition(" of ")[2] for firm in firms} - {""}
    assert len(firms) >= 8
    assert places
    return sorted(firms | places)


def test_invented_names_carry_their_invention() -> None:
    """Whoever reads one name alone can see that it is nobody's."""
    for name in _invented_names():
        assert re.match(r"(Example|Sample|Placeholder|Specimen)", name), name


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for part in value.values():
                yield from _strings(part)
        case list():
            for part in value:
                yield from _strings(part)
        case _:
            return


def _listed_names(shared: Path) -> set[str]:
    names: set[str] = set()
    for path in sorted((shared / "data/lists").iterdir()):
        match path.suffix:
            case ".json":
                names |= set(_strings(json.loads(path.read_text(encoding="utf-8"))))
            case ".yml":
                content = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
                names |= set(_strings(content))
                names |= {key for key in content.get("lookups", {}) if isinstance(key, str)}
            case ".csv":
                with path.open(encoding="utf-8", errors="replace", newline="") as handle:
                    names |= {cell for row in csv.reader(handle) for cell in row}
            case ".xml":
                tree = ET.parse(path)
                names |= {(node.text or "").strip() for node in tree.iter()}
    for path in sorted((shared / "data/gazetteer").glob("*.*")):
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as handle:
                names |= {cell for row in csv.reader(handle) for cell in row}
        else:
            names |= set(_strings(json.loads(path.read_text(encoding="utf-8"))))
    return {name.strip() for name in names if 3 <= len(name.strip()) <= 120}


def test_no_invented_name_is_on_a_list_or_in_the_gazetteer(shared: Path) -> None:
    """Nothing invented can be taken for a listed firm or a real place."""
    listed = sorted(_listed_names(shared))
    assert len(listed) > 5_000
    for name in _invented_names():
        best = process.extractOne(
            name.casefold(), [entry.casefold() for entry in listed], scorer=fuzz.ratio
        )
        assert best is not None
        assert best[1] < 75, f"{name} is too near {best[0]}"


def test_no_invented_place_is_in_the_gazetteer_that_ships() -> None:
    """The shipped gazetteer knows none of the invented places."""
    path = ROOT / "src/witnessmark/rules/gazetteer/places.csv"
    if not path.exists():
        pytest.skip("the gazetteer is not in this tree yet")
    text = path.read_text(encoding="utf-8").casefold()
    for place in ("exampleport", "sampletown"):
        assert place not in text


def test_the_drawing_is_marked_and_carries_nothing_else() -> None:
    """The picture has pixels and one line that calls it invented: no EXIF, no time, no software."""
    png = (FIRST_CASE / "drawing.png").read_bytes()
    kinds: list[bytes] = []
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kinds.append(png[at + 4 : at + 8])
        at += 12 + length
    assert set(kinds) <= {b"IHDR", b"PLTE", b"tRNS", b"tEXt", b"IDAT", b"IEND"}
    assert kinds.count(b"tEXt") == 1
    assert INVENTED.encode() in png
    assert len(png) < 300_000
    source = (FIRST_CASE / "drawing.svg").read_text(encoding="utf-8")
    assert f"DRAWING, NOT A PHOTOGRAPH · {INVENTED}" in source
