"""Romanisation, measured on vectors that nobody here wrote."""

from __future__ import annotations

import csv
import unicodedata
from typing import TYPE_CHECKING

import pytest

from witnessmark.stages.identify.hangul import decompose, sound_together, southern
from witnessmark.stages.identify.keys import equivalent, nasal_blurred, plain, southern_head
from witnessmark.stages.identify.romanise import System, romanise, romanise_address

if TYPE_CHECKING:
    from pathlib import Path

MEASURED = {
    "alalc-kor-Hang-Latn-1997": (System.MCCUNE_REISCHAUER, 1.0),
    "bgn-kor-Hang-Latn-1943": (System.MCCUNE_REISCHAUER, 1.0),
    "bgnpcgn-kor-Hang-Latn-kn-1945": (System.MCCUNE_REISCHAUER, 0.97),
    "kp-kor-Hang-Latn-2002": (System.DPRK, 0.82),
    "moct-kor-Hang-Latn-2000": (System.REVISED, 0.84),
    "bgnpcgn-kor-Hang-Latn-rok-2011": (System.REVISED, 0.84),
}
"""System and the share that agreed when it was measured (2026-11-25)."""


@pytest.mark.parametrize("vectors", sorted(MEASURED))
def test_vectors(shared: Path, vectors: str) -> None:
    """The share of vectors that agree letter for letter never falls."""
    system, least = MEASURED[vectors]
    with (shared / "vectors" / "romanisation.csv").open(encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["system"] == vectors]
    spell = romanise if system is System.MCCUNE_REISCHAUER else romanise_address
    agree = sum(
        spell(row["source"], system)
        == unicodedata.normalize("NFC", row["target"]).replace("ü", "ŭ")
        for row in rows
    )
    assert rows
    assert agree / len(rows) >= least


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
