"""Goods and their candidate headings."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from witnessmark.core.provenance import Code
from witnessmark.stages.identify.goods import SCHEMA, good_of
from witnessmark.store.rulebook import load_rules

if TYPE_CHECKING:
    from pathlib import Path


def _entries() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = load_rules("products/products.yaml", SCHEMA)["products"]
    return entries


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("wigs", "6704"),
        ("가발", "6704"),
        ("fake eyelashes", "6704"),
        ("인조 속눈썹", "6704"),
        ("假睫毛", "6704"),
        ("wig (HS 6704)", "6704"),
        ("human hair", "0501"),
        ("artificial hair", "6703"),
        ("뜨개질", "61"),
        ("rubber gloves", "4015"),
        ("soft toys", "9503"),
        ("artificial flowers", "6702"),
        ("seafood", "03"),
    ],
)
def test_first_heading(words: str, first: str) -> None:
    """A surface form leads to its good, whose likeliest heading stands first."""
    assert good_of(words).headings[0].heading == first


def test_knitting_has_four_candidates_with_conditions() -> None:
    """Knitting alone says neither garment, hat, cloth nor made-up article: all four stand."""
    headings = good_of("knitting").headings
    assert [h.heading for h in headings] == ["61", "6505", "60", "63"]
    assert all(h.condition for h in headings)


def test_a_heading_coded_as_read_is_in_the_stored_table(shared: Path) -> None:
    """S and D say that the title was read in HS 2022; each such heading is there."""
    path = shared / "data" / "hs" / "harmonized-system.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        known = {row["hscode"] for row in csv.DictReader(handle)}
    rows = [(e["norm"], h) for e in _entries() for h in e["headings"]]
    assert len(rows) > 200
    for norm, row in rows:
        assert Code(row["code"])
        assert row["title"], norm
        if row["code"] != "K":
            assert row["heading"] in known, (norm, row)


def test_no_form_means_two_goods() -> None:
    """Within a language a surface form belongs to one good."""
    for language in ("en", "ko", "zh"):
        forms = [form.lower() for entry in _entries() for form in entry[language]]
        assert len(forms) == len(set(forms)), language


def test_an_unknown_good_is_kept_without_a_heading() -> None:
    """What the lexicon does not know is not classified."""
    assert good_of("left-handed widgets").headings == ()
    assert good_of("left-handed widgets").label == "left-handed widgets"
