"""Which place a name means."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from witnessmark.stages.identify import find_place, is_ambiguous
from witnessmark.stages.identify.keys import plain

if TYPE_CHECKING:
    from pathlib import Path

PROVINCES = {
    "자강도": "Jagang",
    "함경북도": "North Hamgyong",
    "함경남도": "South Hamgyong",
    "황해북도": "North Hwanghae",
    "황해남도": "South Hwanghae",
    "강원도": "Kangwon",
    "개성": "Kaesong",
    "평안북도": "North Pyongan",
    "평안남도": "South Pyongan",
    "남포시": "Nampo",
    "평양시": "Pyongyang",
    "라선시": "Rason",
    "량강도": "Ryanggang",
}


def _counties(shared: Path) -> list[dict[str, str]]:
    path = shared / "data" / "gazetteer" / "kp_counties_names.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_yonchon_in_north_pyongan() -> None:
    """The printed name is read as Ryongchon for stated reasons; 연천 is shown and set aside."""
    best, *rest = find_place("Yonchon", within="North Pyongan")
    assert (best.name, best.native, best.within, best.country) == (
        "Ryongchon",
        "룡천군",
        "North Pyongan",
        "KP",
    )
    said = " ".join(best.reasons)
    assert "initial ㄹ is dropped in the southern spelling (룡 → 용)" in said
    assert "North Pyongan holds only this reading" in said
    assert "coordinate from memory (K), within 15 km" in said
    rejected = next(candidate for candidate in rest if candidate.native == "연천군")
    assert any(r.startswith("against: lies in Gyeonggi, South Korea") for r in rejected.reasons)
    assert rejected.score < best.score / 1.5


def test_yonchon_alone_is_not_ryongchon() -> None:
    """Without its province the printed name is the southern county it spells."""
    assert find_place("Yonchon")[0].native == "연천군"
    assert "룡천군" in {candidate.native for candidate in find_place("Yonchon")}


@pytest.mark.parametrize("hangul_province", [False, True])
@pytest.mark.parametrize("system", ["mr_kn1945", "dprk2002", "rr2000"])
def test_all_counties_with_their_province(
    shared: Path, system: str, *, hangul_province: bool
) -> None:
    """A DPRK county's unmarked name with its province resolves to it in 97 of 100 at least."""
    asked = right = 0
    for row in _counties(shared):
        for province in row["provinces_hangul"].split(";"):
            name = plain(row[f"romanised_{system}_interscript"]).capitalize()
            within = province if hangul_province else PROVINCES[province]
            found = find_place(name, within=within)
            asked += 1
            right += bool(
                found
                and found[0].native == row["hangul"]
                and found[0].country == "KP"
                and not is_ambiguous(found)
            )
    assert asked == 198
    assert right / asked >= 0.97


def test_shared_spellings_are_ambiguous(shared: Path) -> None:
    """A name that another county spells alike is reported so, each naming the others."""
    rows = _counties(shared)
    names = [plain(row["romanised_mr_kn1945_interscript"]) for row in rows]
    double = {name for name in names if names.count(name) > 1}
    assert double == {"unsan"}
    for name in ("unsan", "kosong", "ongjin", "chorwon", "ichon", "sunchon", "yonggwang"):
        found = find_place(name.capitalize())
        assert is_ambiguous(found), name
        assert all("ambiguous: the spelling is shared" in " ".join(c.reasons) for c in found[:2])
    assert not is_ambiguous(find_place("Yomju"))


def test_marks_part_what_they_can() -> None:
    """Marks in the printed name are evidence; their absence is none."""
    assert find_place("Ŭnsan")[0].native == "은산군"
    assert not is_ambiguous(find_place("Ŭnsan"))
    assert is_ambiguous(find_place("Unsan"))


@pytest.mark.parametrize(
    ("words", "native"),
    [
        ("Yonchon county, North Pyongan province", "룡천군"),
        ("평안북도 룡천군", "룡천군"),
        ("용천군, 평안북도", "룡천군"),
        ("Ryongch'ŏn-gun", "룡천군"),
        ("丹东", "丹东市"),
        ("Ji'an", "集安市"),
        ("DPRK", "북한"),
        ("북한은", "북한"),
        ("North P'yŏngan", "평안북도"),
        ("Pyongbuk", "평안북도"),
        ("Yanggang Province", "량강도"),
    ],
)
def test_spellings(words: str, native: str) -> None:
    """One place is found under its scripts, systems, units and containers."""
    assert find_place(words)[0].native == native


def test_nothing_is_guessed() -> None:
    """An unknown name has no candidate; a place without a source has no coordinate."""
    assert find_place("Nowhereville") == ()
    assert find_place("") == ()
    assert find_place("연천군")[0].lat is None
    assert find_place("연천군")[0].precision_km is None


def test_an_exact_name_elsewhere_is_kept() -> None:
    """The wrong container sets a reading back and says why; it does not invent another."""
    found = find_place("Kaechon", within="Jagang")
    assert found[0].native == "개천시"
    assert "against: lies in South Pyongan, North Korea, not in Jagang" in found[0].reasons
