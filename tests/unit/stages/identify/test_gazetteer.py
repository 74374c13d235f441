"""The gazetteer's rows, and the program that builds them."""

from __future__ import annotations

import csv
import importlib.util
import io
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from witnessmark.stages.identify.gazetteer import load_gazetteer
from witnessmark.store.rulebook import rule_bytes

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[4]


def _rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(rule_bytes("gazetteer/places.csv").decode())))


def _builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "build_gazetteer", ROOT / "tools" / "build_gazetteer.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_gazetteer"] = module
    sys.path.insert(0, str(ROOT / "tools"))  # the builder's own modules stand beside it
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(ROOT / "tools"))
    return module


def test_built_again_it_is_the_same(shared: Path) -> None:
    """The shipped file is what its program makes from the sources, byte for byte."""
    text = _builder().build(shared)
    assert text.encode() == rule_bytes("gazetteer/places.csv")


def test_counts() -> None:
    """All DPRK counties, all South Korean si and gun, the border and every country are there."""
    kinds = Counter((row["country"], row["kind"]) for row in _rows())
    assert kinds["KP", "county"] == 157
    assert kinds["KP", "city"] == 28
    assert kinds["KP", "province"] == 9
    assert kinds["KR", "county"] == 82
    assert kinds["KR", "city"] == 85
    assert sum(row["kind"] == "country" for row in _rows()) >= 195
    border = {row["latin"] for row in _rows() if row["country"] == "CN"}
    assert {"Dandong", "Donggang", "Kuandian", "Ji'an", "Linjiang", "Changbai", "Helong"} <= border
    assert {"Longjing", "Yanji", "Tumen", "Hunchun", "Pingdu", "Juancheng", "Yiwu"} <= border


def test_every_county_of_the_name_list(shared: Path) -> None:
    """Each of the 188 units has a row under one of its provinces."""
    path = shared / "data" / "gazetteer" / "kp_counties_names.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        names = [row["hangul"] for row in csv.DictReader(handle)]
    natives = {row["native"] for row in _rows() if row["country"] == "KP"}
    assert len(names) == 188
    assert set(names) <= natives


def test_ids_and_containers() -> None:
    """Ids are unique, every container exists, and each row ends in a country."""
    gazetteer = load_gazetteer()
    assert len(gazetteer.places) == len(_rows())
    for place in gazetteer.places.values():
        assert all(key in gazetteer.places for key in place.within)
        if place.kind != "country":
            kinds = {gazetteer.places[key].kind for key in gazetteer.ancestors(place)}
            assert "country" in kinds, place.id


def test_no_false_precision() -> None:
    """A coordinate has a source, 15 km or wider, never 0; without a source there is none."""
    placed = 0
    for row in _rows():
        fields = [row["lat"], row["lon"], row["precision_km"], row["coordinate_code"]]
        assert all(fields) or not any(fields), row["id"]
        if not row["lat"]:
            continue
        placed += 1
        assert row["coordinate_code"] in {"S", "K"}
        assert float(row["precision_km"]) >= 15
        assert abs(float(row["lat"])) > 1
        assert abs(float(row["lon"])) > 1
        if row["coordinate_code"] == "S":
            assert "GeoNames" in row["source"]
        if row["country"] == "KP":
            assert 37.6 < float(row["lat"]) < 43.1
            assert 124.1 < float(row["lon"]) < 130.8
    assert placed > 150


def test_our_memory_against_geonames(shared: Path) -> None:
    """Where our list (K) and GeoNames (S) both place a county, they agree within 5 km."""
    del shared
    path = ROOT / "src/witnessmark/rules/gazetteer/lists/dprk_coordinates.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        ours = {(r["hangul"], f"kp.{r['province']}"): r for r in csv.DictReader(handle)}
    both = 0
    for row in _rows():
        mine = ours.get((row["native"], row["within"]))
        if mine is not None and row["coordinate_code"] == "S":
            both += 1
            assert abs(float(mine["lat"]) - float(row["lat"])) * 111 < 5
            assert abs(float(mine["lon"]) - float(row["lon"])) * 85 < 5
    assert both >= 3
