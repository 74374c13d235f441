"""Romanisation, measured on vectors that nobody here wrote."""

from __future__ import annotations

import csv
import unicodedata
from typing import TYPE_CHECKING

import pytest

from witnessmark.stages.identify.hangul import decompose, sound_together, southern
from witnessmark.stages.identify.keys import equivalent, nasal_blurred, plain, southern_head
from witnessmark.stages.identify.romanise import (
    System,
    part_person,
    romanise,
    romanise_address,
    romanise_person,
)

if TYPE_CHECKING:
    from pathlib import Path

KOREAN = {
    "alalc-kor-Hang-Latn-1997": System.ALA_LC,
    "bgn-kor-Hang-Latn-1943": System.MCCUNE_REISCHAUER,
    "bgn-kor-Kore-Latn-1943": System.MCCUNE_REISCHAUER,
    "bgnpcgn-kor-Hang-Latn-kn-1945": System.MCCUNE_REISCHAUER,
    "bgnpcgn-kor-Hang-Latn-rok-2011": System.REVISED,
    "bgnpcgn-kor-Kore-Latn-rok-2011": System.REVISED,
    "iso-kor-Hang-Latn-1996-method1": System.ISO_1,
    "iso-kor-Hang-Latn-1996-method2": System.ISO_2,
    "kp-kor-Hang-Latn-2002": System.DPRK,
    "moct-kor-Hang-Latn-2000": System.REVISED,
    "odni-kor-Hang-Latn-2015": System.ODNI,
    "var-kor-Hang-Latn-mr-1939": System.MCCUNE_REISCHAUER_1939,
    "var-kor-Kore-Latn-mr-1939": System.MCCUNE_REISCHAUER,
}
"""The system here for each set of vectors."""

COUNTS = {
    "bgnpcgn-kor-Hang-Latn-kn-1945": 42,
    "kp-kor-Hang-Latn-2002": 29,
    "var-kor-Hang-Latn-mr-1939": 141,
}


def _vectors(shared: Path, name: str) -> list[tuple[str, str]]:
    with (shared / "vectors" / "romanisation.csv").open(encoding="utf-8", newline="") as handle:
        return [
            (row["source"], unicodedata.normalize("NFC", row["target"]))
            for row in csv.DictReader(handle)
            if row["system"] == name
        ]


@pytest.mark.parametrize("vectors", sorted(KOREAN))
def test_vectors(shared: Path, vectors: str) -> None:
    """Every vector of every Korean system agrees, diacritics compared exactly."""
    rows = _vectors(shared, vectors)
    differ = [
        (source, romanise_address(source, KOREAN[vectors]), target)
        for source, target in rows
        if romanise_address(source, KOREAN[vectors]) != target
    ]
    assert len(rows) == COUNTS.get(vectors, len(rows)) > 0
    assert not differ


def test_rules_hold_beyond_the_vectors() -> None:
    """The rules are rules: words that no vector holds come out as the systems' texts say."""
    assert romanise("독립", System.MCCUNE_REISCHAUER) == "Tongnip"
    assert romanise("셰샹", System.MCCUNE_REISCHAUER_1939) == "sesang"
    assert romanise("댜음", System.MCCUNE_REISCHAUER_1939) == "chaŭm"
    assert romanise_address("청천강", System.DPRK) == "Chŏngchŏngang"
    assert romanise_address("회령시", System.DPRK_2012) == "Hoiryŏng-si"
    assert romanise_address("남산3동", System.REVISED) == "Namsan Sam-dong"
    assert romanise_address("남산12동", System.MCCUNE_REISCHAUER) == "Namsan Sibi-dong"
    assert romanise_address("남산 2005", System.MCCUNE_REISCHAUER) == "Namsan 2005"
    assert romanise("쉰", System.MCCUNE_REISCHAUER) == "Swin"
    assert romanise("쉰", System.ALA_LC) == "Shwin"
    assert romanise("영변", System.PRESS) == "Yongbyon"


def test_persons() -> None:
    """Surname and given name part where the list of surnames of two syllables says."""
    assert part_person("남궁수진") == ("남궁", "수진")
    assert part_person("한 소희") == ("한", "소희")
    assert part_person("Han") == ("", "")
    assert romanise_person("한소희", System.DPRK) == "Han So Hüi"
    assert romanise_person("한소희", System.REVISED) == "Han Sohui"
    assert romanise_person("한소희", System.MCCUNE_REISCHAUER) == "Han So-hŭi"


@pytest.mark.parametrize("column", ["mr_kn1945", "rr2000"])
def test_county_names(shared: Path, column: str) -> None:
    """Every county's name comes out as the independent romaniser writes it, hyphens aside."""
    path = shared / "data" / "gazetteer" / "kp_counties_names.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    mr = column.startswith("mr")
    system = System.MCCUNE_REISCHAUER if mr else System.REVISED
    independent = f"romanised_{column}_interscript"
    differ = [
        row["hangul_stem"]
        for row in rows
        if plain(row[independent])
        not in {
            plain(romanise(row["hangul_stem"], system, initial_law=law)) for law in (False, True)
        }
    ]
    assert len(rows) == 188
    assert len(differ) <= 2, differ


def test_assimilation() -> None:
    """Neighbouring sounds change as the standard says, and a seam is kept where it is given."""
    assert sound_together("ㄱ", "ㄹ", "ㅗ") == ("ng", "ㄴ")
    assert sound_together("ㄹ", "ㅇ", "ㅣ") == ("", "ㄹ")
    assert romanise("압록-강", System.MCCUNE_REISCHAUER) == "Amnok-kang"
    assert romanise("신계", System.MCCUNE_REISCHAUER) == "Sin’gye"
    assert romanise("Camp 12", System.REVISED) == "Camp 12"


def test_southern_spelling() -> None:
    """Only the head of a word changes, and only ㄹ and ㄴ."""
    assert southern("룡천군") == "용천군"
    assert southern("락원") == "낙원"
    assert southern("염주") == "염주"
    assert southern("삼룡") == "삼룡"


def test_every_syllable_comes_back() -> None:
    """Taking a syllable apart and putting it together is the identity, for all 11,172."""
    assert all(decompose(chr(code)).compose() == chr(code) for code in range(0xAC00, 0xD7A4))


def test_keys_meet_and_stay_apart() -> None:
    """Spellings of one sound meet; two counties of one province do not."""
    assert equivalent("Cheongjin") == equivalent("Ch'ŏngjin") == equivalent("Chongjin")
    key = nasal_blurred(southern_head(equivalent("Ryongchon")))
    assert key == nasal_blurred(southern_head(equivalent("Yonchon")))
    assert key != nasal_blurred(southern_head(equivalent("Yomju")))
