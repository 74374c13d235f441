"""Whether two printed names mean the same."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from witnessmark.core.errors import InputError
from witnessmark.stages.identify import compare_names

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        ("Ryongchon", "용천군", "place"),
        ("Dandong", "丹东", "place"),
        ("김영수", "Kim Yong-su", "person"),
        ("Yong-su Kim", "KIM Yong Su", "person"),
        ("Lee Min-ho", "Yi Minho", "person"),
        ("Example Trading", "Example Trading Co., Ltd.", "company"),
        ("Example Hair Products Co Ltd", "EXAMPLE HAIR PRODUCTS", "company"),
        ("Camp 12, Hoeryong", "Camp No. 12, Hoeryŏng", "site"),
        ("Kaechon Prison Camp", "개천 교화소", "site"),
    ],
)
def test_same(left: str, right: str, kind: str) -> None:
    """Scripts, orders, legal forms and marks do not part what is one name."""
    forth, back = compare_names(left, right, kind), compare_names(right, left, kind)
    assert forth.score >= 0.5
    assert forth.reasons
    assert back.score == pytest.approx(forth.score, abs=0.05)


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        ("Ryongchon", "Yomju", "place"),
        ("Unsan, North Pyongan", "Unsan, South Pyongan", "place"),
        ("Kim Yong-su", "Kim Yong-chol", "person"),
        ("Example Trading A", "Example Trading B", "company"),
        ("Example Hair Co., Ltd.", "Sample Steel Co., Ltd.", "company"),
        ("Camp 12", "Camp 15", "site"),
        ("Kaechon Prison Camp", "Kaechon Textile Factory", "site"),
        ("Example Camp, Ryongchon", "Example Camp, Yomju", "site"),
        ("", "Example", "company"),
    ],
)
def test_different(left: str, right: str, kind: str) -> None:
    """Numbers, kinds, addresses and telling words part names, and the reason says so."""
    compared = compare_names(left, right, kind)
    assert compared.score < 0.5
    assert compared.reasons


def test_an_unknown_kind_is_refused() -> None:
    """A kind that the rules do not know is an error, not a guess."""
    with pytest.raises(InputError, match="planet"):
        compare_names("Example", "Example", "planet")


def test_places_across_scripts(shared: Path) -> None:
    """Korean places: 94 of 100 Latin and Hangul pairs meet, at most 2 of 100 strangers do."""
    with (shared / "data/names/places_cross_script.csv").open(encoding="utf-8", newline="") as file:
        pairs = [
            (row["latin"], row["native"])
            for row in csv.DictReader(file)
            if row["countrycode"] in {"KP", "KR"} and any("가" <= c <= "힣" for c in row["native"])
        ]
    met = sum(compare_names(left, right, "place").score >= 0.5 for left, right in pairs)
    strangers = [
        (left, other)
        for (left, native), (_, other) in zip(pairs, pairs[40:] + pairs[:40], strict=True)
        if native[:1] != other[:1]
    ]
    false = sum(compare_names(left, other, "place").score >= 0.5 for left, other in strangers)
    assert len(pairs) > 250
    assert met / len(pairs) >= 0.94
    assert false / len(strangers) <= 0.02


def test_companies_across_scripts(shared: Path) -> None:
    """Korean companies: 42 of 100 meet their English name, at most 5 of 1,000 strangers do."""
    with (shared / "data/names/company_names_ko_en.csv").open(encoding="utf-8", newline="") as file:
        pairs = [(row["name_ko"], row["name_en"]) for row in csv.DictReader(file)]
    met = sum(compare_names(left, right, "company").score >= 0.5 for left, right in pairs)
    strangers = zip(pairs, pairs[700:] + pairs[:700], strict=True)
    false = sum(
        compare_names(left, other, "company").score >= 0.5 for (left, _), (_, other) in strangers
    )
    assert len(pairs) == 1939
    assert met / len(pairs) >= 0.42
    assert false / len(pairs) <= 0.005
