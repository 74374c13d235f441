"""Latin to Hangul, measured on the half of the names from which nothing was learnt."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from typing import Any

import pytest

from witnessmark.core.errors import InputError
from witnessmark.stages.identify.hangul import southern
from witnessmark.stages.identify.romanise import System, romanise, without_marks
from witnessmark.stages.identify.sources import source_forms
from witnessmark.stages.identify.spellings import listed_as
from witnessmark.store.rulebook import rule_bytes

ROOT = Path(__file__).resolve().parents[4]


def _tool() -> Any:
    path = ROOT / "tools" / "build_syllables.py"
    spec = importlib.util.spec_from_file_location("build_syllables", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = _tool()


def _counties(shared: Path, column: str) -> list[tuple[str, str]]:
    path = shared / "data" / "gazetteer" / "kp_counties_names.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return [
            (row[column].removesuffix(" City").removesuffix(" Dist."), row["hangul_stem"])
            for row in csv.DictReader(handle)
            if row[column] and not TOOL.is_for_learning(row["hangul_stem"])
        ]


def _towns(shared: Path, country: str) -> list[tuple[str, set[str]]]:
    found: dict[tuple[str, str], set[str]] = {}
    path = shared / "data" / "names" / "places_cross_script.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["countrycode"] == country and all("가" <= c <= "힣" for c in row["native"]):
                found.setdefault((row["geonameid"], row["latin"]), set()).add(row["native"])
    return [
        (latin, natives | {TOOL.stem_of(native) for native in natives})
        for (_, latin), natives in found.items()
        if not any(TOOL.is_for_learning(TOOL.stem_of(native)) for native in natives)
    ]


def _rank(latin: str, wanted: set[str]) -> int:
    """Return the rank of the first wanted form; northern and southern spelling count as one."""
    order = dict.fromkeys(
        southern(form.hangul.replace(" ", "")) for form in source_forms(latin, most=20)
    )
    forms = {southern(each) for each in wanted}
    return next((rank for rank, form in enumerate(order) if form in forms), 99)


@pytest.mark.parametrize(
    ("column", "marks", "first", "fifth"),
    [
        ("latin_dprk_official_geoboundaries", True, 0.75, 0.96),
        ("romanised_dprk2002_interscript", True, 0.90, 0.99),
        ("romanised_mr_kn1945_interscript", True, 0.90, 0.99),
        ("romanised_mr_kn1945_interscript", False, 0.72, 0.99),
        ("romanised_rr2000_interscript", True, 0.92, 0.99),
    ],
)
def test_counties(shared: Path, column: str, marks: bool, first: float, fifth: float) -> None:  # noqa: FBT001 - a table row
    """The right form of a county kept apart is first, or among the first five, this often."""
    names = _counties(shared, column)
    ranks = [_rank(latin if marks else without_marks(latin), {stem}) for latin, stem in names]
    assert len(ranks) > 90
    assert sum(rank < 1 for rank in ranks) / len(ranks) >= first
    assert sum(rank < 5 for rank in ranks) / len(ranks) >= fifth


@pytest.mark.parametrize(("country", "first", "fifth"), [("KP", 0.90, 0.96), ("KR", 0.88, 0.96)])
def test_towns(shared: Path, country: str, first: float, fifth: float) -> None:
    """The same for towns of GeoNames kept apart, in whatever spelling it gives them."""
    ranks = [_rank(latin, natives) for latin, natives in _towns(shared, country)]
    assert len(ranks) > 30
    assert sum(rank < 1 for rank in ranks) / len(ranks) >= first
    assert sum(rank < 5 for rank in ranks) / len(ranks) >= fifth


def test_the_counts_are_of_the_other_half(shared: Path) -> None:
    """The shipped counts are those that the tool makes, and it counts the learning half only."""
    lines = [",".join(TOOL.COLUMNS), *(",".join(map(str, row)) for row in TOOL.rows(shared))]
    assert "\n".join(lines) + "\n" == rule_bytes("identify/syllables.csv").decode()


@pytest.mark.parametrize("latin", ["Jongori", "Chongo-ri", "Jeongeo-ri", "Chŏngŏ-ri", "Jon'go-ri"])
def test_one_place_in_many_spellings(latin: str) -> None:
    """전거리, spelt five ways by reports, is among the first five each time."""
    assert "전거리" in [form.hangul for form in source_forms(latin, most=5)]


def test_both_spellings_of_an_initial_are_offered() -> None:
    """A southern spelling leads to the northern form, and says so."""
    forms = {form.hangul: form for form in source_forms("Yongchon")}
    assert {"용천", "룡천"} <= set(forms)
    assert "northern spelling of the initial" in forms["룡천"].reasons
    assert "northern spelling of the initial" not in forms["용천"].reasons
    assert any("룡천군" in each for each in listed_as("룡천"))


def test_marks_decide() -> None:
    """With marks, an o without one is no ㅓ; without marks it may be."""
    assert source_forms("Koksŏng", most=1)[0].hangul == "곡성"
    assert source_forms("Sŏnch’ŏn", most=1)[0].hangul == "선천"
    assert "선천" in [form.hangul for form in source_forms("Sonchon")]


@pytest.mark.parametrize("system", [System.MCCUNE_REISCHAUER, System.DPRK, System.REVISED])
def test_every_form_is_written_so(system: System) -> None:
    """A form that names a system is written by it with just these letters."""
    for form in source_forms("Kangnyong" if system is not System.DPRK else "Kangryong", most=20):
        if system.value in form.reasons[0].removeprefix("written so in: ").split(", "):
            bare = without_marks(romanise(form.hangul, system)).casefold()
            assert bare in {"kangnyong", "kangryong"}


def test_persons_in_either_order() -> None:
    """Surname first or last, hyphen or not, in the press's spelling too: one name is found."""
    for latin in ("Lee Sun-hee", "Sun-hee Lee", "Ri Sun Hui", "Lee Sunhee"):
        forms = {southern(form.hangul) for form in source_forms(latin, "person")}
        assert "이순희" in forms, latin
    assert source_forms("Xyzzy Qqq", "person") == ()


def test_shares_and_limits() -> None:
    """Shares fall and add up to one at most; nonsense has no form; a long text ends."""
    shares = [form.share for form in source_forms("Pyongsong")]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=0.01)
    assert source_forms("qqq") == ()
    assert source_forms("") == ()
    assert source_forms("a" * 10_000) is not None
    with pytest.raises(InputError, match="kind"):
        source_forms("Pyongsong", "ship")
