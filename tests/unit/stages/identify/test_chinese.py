"""Chinese signs: in Latin letters, and as they are read in Korean."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from witnessmark.core.errors import InputError
from witnessmark.stages.identify.hanja import surname_reading, to_hangul
from witnessmark.stages.identify.pinyin import (
    ChineseSystem,
    romanise_chinese,
    syllables,
    tongyong,
    wade_giles,
)
from witnessmark.stages.identify.spellings import romanisations

if TYPE_CHECKING:
    from pathlib import Path

CHINESE = {
    "acadsin-zho-Hani-Latn-2002": ChineseSystem.TONGYONG,
    "bgnpcgn-zho-Hans-Latn-1979": ChineseSystem.PINYIN,
    "sac-zho-Hans-Latn-1979": ChineseSystem.PINYIN_NUMBERED,
    "var-zho-Hani-Latn-wd-1979": ChineseSystem.WADE_GILES,
}


@pytest.mark.parametrize("vectors", sorted(CHINESE))
def test_vectors(shared: Path, vectors: str) -> None:
    """Every Chinese vector agrees; the pinyin ones have no capitals."""
    with (shared / "vectors" / "romanisation.csv").open(encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["system"] == vectors]
    system = CHINESE[vectors]
    lower = system is ChineseSystem.PINYIN
    differ = [
        (row["source"], row["target"], got)
        for row in rows
        for got in [romanise_chinese(row["source"], system)]
        if (got.lower() if lower else got) != row["target"]
    ]
    assert rows
    assert not differ


def test_hanja_vectors(shared: Path) -> None:
    """Every run of signs is read as the independent list reads it."""
    with (shared / "vectors" / "romanisation.csv").open(encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["system"] == "var-kor-Kore-Hang-2013"]
    assert len(rows) == 7
    assert [row for row in rows if to_hangul(row["source"]) != row["target"]] == []


def test_north_and_south_read_the_head_differently() -> None:
    """The South applies the initial-sound law to signs; the North does not, nor Hangul itself."""
    assert to_hangul("龍川") == "용천"
    assert to_hangul("龍川", north=True) == "룡천"
    assert to_hangul("룡川") == "룡천"
    assert to_hangul("比率") == "비율"
    assert to_hangul("比率", north=True) == "비률"
    assert to_hangul("Camp 12 敎化所") == "Camp 12 교화소"
    assert surname_reading("金") == "김"


def test_places_with_readings_of_their_own() -> None:
    """A listed word decides between readings; a sign alone has its commonest."""
    assert syllables("重庆") == ("chong2", "qing4")
    assert syllables("重") == ("zhong4",)
    assert romanise_chinese("厦门", ChineseSystem.PINYIN) == "Xiamen"
    assert romanise_chinese("丹东", ChineseSystem.WADE_GILES) == "Tan-tung"
    assert romanise_chinese("张国荣", ChineseSystem.CANTONESE).split()[1] == "Kwok"
    assert romanise_chinese("Plant 3, 丹东", ChineseSystem.PINYIN) == "Plant 3, Dandong"


def test_wade_giles_and_tongyong_part_what_pinyin_parts() -> None:
    """No two pinyin syllables of these fall together but those that Wade-Giles itself joins."""
    said = [
        "zhi",
        "chi",
        "shi",
        "ri",
        "zi",
        "ci",
        "si",
        "ji",
        "qi",
        "xi",
        "ju",
        "qu",
        "xu",
        "zhu",
        "chu",
        "shu",
        "zu",
        "cu",
        "su",
        "jue",
        "que",
        "xue",
    ]
    assert len({wade_giles(each) for each in said}) == len(said)
    assert len({tongyong(each) for each in said}) == len(said)


def test_what_is_not_written_is_refused() -> None:
    """An unknown system, or a script that it does not write, is refused by name."""
    with pytest.raises(InputError, match="no system"):
        romanisations("丹东", system="morse")
    with pytest.raises(InputError, match="not in a script"):
        romanisations("Dandong")
    with pytest.raises(InputError, match="not in a script"):
        romanisations("단둥", system="pinyin")
    assert {r.system for r in romanisations("丹东")} >= {"mr", "pinyin", "wade-giles", "cantonese"}
    assert "pinyin" not in {r.system for r in romanisations("단둥")}
