"""Whether two printed names mean the same."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessmark.core.errors import InputError
from witnessmark.stages.identify import compare_names

if TYPE_CHECKING:
    from pathlib import Path

SAME = [
    ("Ryongchon", "용천군", "place"),
    ("Dandong", "丹东", "place"),
    ("Dandong", "Tantung", "place"),
    ("P’yŏngyang", "平壤", "place"),
    ("Sinŭiju-si", "新義州", "place"),
    ("Chongqing", "重慶市", "place"),
    ("Kaifeng", "카이펑 시", "place"),
    ("12 Harbour Road, Springfield 62701", "12 Harbour Rd., Springfield", "place"),
    ("김영수", "Kim Yong-su", "person"),
    ("김영수", "Youngsoo Kim", "person"),
    ("리영호", "Rhee Yongho", "person"),
    ("Yong-su Kim", "KIM Yong Su", "person"),
    ("Lee Min-ho", "Yi Minho", "person"),
    ("陈大文", "Peter Chan Tai Man", "person"),
    ("陳大文", "Chen Dawen", "person"),
    ("欧阳明", "Ouyang, Ming", "person"),
    ("Иван Петрович Сидоров", "Sidorov Ivan", "person"),
    ("Sergey Solovyov", "Sergei Soloviev", "person"),
    ("محمود عبد الرحمن", "Mahmoud Abdulrahman", "person"),
    ("Robert Miller", "Bob Miller", "person"),
    ("J. E. Price", "Jonathan Edward Price", "person"),
    ("Example Trading", "Example Trading Co., Ltd.", "company"),
    ("Example Hair Products Co Ltd", "EXAMPLE HAIR PRODUCTS", "company"),
    ("Example Intl Trdg Co", "Example International Trading Company", "company"),
    ("㈜예시", "Yesi Inc.", "company"),
    ("엔플렉스", "Nplex", "company"),
    ("조선대성무역회사", "Korea Taesong Trading Corporation", "company"),
    ("恒泰纺织有限公司", "Hengtai Textile Co., Ltd.", "company"),
    ("ООО «Ромашка»", "Romashka LLC", "company"),
    ("MV Ocean Example", "OCEAN EXAMPLE", "company"),
    ("Camp 12, Hoeryong", "Camp No. 12, Hoeryŏng", "site"),
    ("Kaechon Prison Camp", "개천 교화소", "site"),
    ("Example Mill, 3 Long Road, Dhaka", "EXAMPLE MILL LTD, 3 Long Rd, Dhaka", "site"),
]

DIFFERENT = [
    ("Ryongchon", "Yomju", "place"),
    ("Unsan, North Pyongan", "Unsan, South Pyongan", "place"),
    ("12 Harbour Road, Springfield", "21 Harbour Road, Springfield", "place"),
    ("Kim Yong-su", "Kim Yong-chol", "person"),
    ("김영수", "Kim Yong-chol", "person"),
    ("陈大文", "Chen Daming", "person"),
    ("Li Wei", "Li Wen", "person"),
    ("John Example Jr.", "John Example Sr.", "person"),
    ("Maria Example", "Mario Example", "person"),
    ("Peter Weber", "Dieter Weber", "person"),
    ("Example Trading A", "Example Trading B", "company"),
    ("Example Hair Co., Ltd.", "Sample Steel Co., Ltd.", "company"),
    ("Example Factory No. 1", "Example Factory No. 2", "company"),
    ("제1공장", "第二工厂", "company"),
    ("Camp 12", "Camp 15", "site"),
    ("Kaechon Prison Camp", "Kaechon Textile Factory", "site"),
    ("Example Camp, Ryongchon", "Example Camp, Yomju", "site"),
    ("Example Mill, 3 Long Road, Dhaka", "Example Mill, 3 Long Road, Chittagong", "site"),
    ("", "Example", "company"),
]


@pytest.mark.parametrize(("left", "right", "kind"), SAME)
def test_same(left: str, right: str, kind: str) -> None:
    """Scripts, orders, legal forms, meanings and marks do not part what is one name."""
    compared = compare_names(left, right, kind)
    assert compared.score >= 0.5
    assert compared.reasons


@pytest.mark.parametrize(("left", "right", "kind"), DIFFERENT)
def test_different(left: str, right: str, kind: str) -> None:
    """Numbers, kinds, addresses and telling words part names, and the reason says so."""
    compared = compare_names(left, right, kind)
    assert compared.score < 0.5
    assert any(r.startswith("against") or "number" in r or "empty" in r for r in compared.reasons)


@pytest.mark.parametrize(("left", "right", "kind"), [*SAME, *DIFFERENT])
def test_the_order_of_two_names_is_nothing(left: str, right: str, kind: str) -> None:
    """A score is symmetric to the last digit, its reasons too, whether the kind is told or not."""
    for told in (kind, None):
        forth, back = compare_names(left, right, told), compare_names(right, left, told)
        assert forth.score == back.score
        assert forth.reasons == back.reasons
        assert (forth.left, forth.right) == (back.right, back.left)


LETTERS = st.sampled_from(
    [
        *"abekmnorstuy -.,&0127ABK",
        *"김영수리용공장무역",
        *"陈大文市厂丹东第二",
        *"Иванов",
        *"محمد",
        *"かな",
        "’",
        "ŏ",
    ]
)
NAMES = st.one_of(
    st.sampled_from(sorted({name for pair in (*SAME, *DIFFERENT) for name in pair[:2]})),
    st.text(LETTERS, max_size=24),
    st.text(max_size=12),
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(left=NAMES, right=NAMES, kind=st.sampled_from([None, "person", "company", "place", "site"]))
def test_any_two_texts_are_compared(left: str, right: str, kind: str | None) -> None:
    """Any two texts have a score of 0..1 with reasons, the same in both orders and twice."""
    forth, back = compare_names(left, right, kind), compare_names(right, left, kind)
    assert 0 <= forth.score <= 1
    assert forth.reasons
    assert forth.score == back.score
    assert compare_names(left, right, kind) == forth


def test_a_name_is_itself() -> None:
    """Every name has the score 1 with itself, whatever it is called."""
    for left, right, kind in (*SAME, *DIFFERENT):
        for name in (left, right):
            if name:
                assert compare_names(name, name, kind).score == 1


def test_no_cache_and_no_order_of_calls_changes_a_score() -> None:
    """Scores are the same from empty caches, from full ones, and asked in the other order."""
    pairs = [*SAME, *DIFFERENT]
    warm = [compare_names(*pair) for pair in pairs]
    backwards = [compare_names(*pair) for pair in reversed(pairs)][::-1]
    emptied = 0
    cold = []
    for pair in pairs:
        emptied += _empty_caches()
        cold.append(compare_names(*pair))
    assert emptied > len(pairs) * 10
    assert warm == backwards == cold


def _empty_caches() -> int:
    import sys

    emptied = 0
    for name, module in list(sys.modules.items()):
        if name.startswith("witnessmark.stages.identify.names"):
            for value in vars(module).values():
                if hasattr(value, "cache_info") and value.cache_info().maxsize is not None:
                    emptied += value.cache_info().currsize
                    value.cache_clear()
    return emptied


def test_an_unknown_kind_is_refused() -> None:
    """A kind that the rules do not know is an error, not a guess."""
    with pytest.raises(InputError, match="planet"):
        compare_names("Example", "Example", "planet")


def test_a_legal_form_makes_no_two_names_alike() -> None:
    """Two firms of one form stay two firms; one firm of two spellings of a form stays one."""
    assert compare_names("Alder GmbH", "Birch GmbH", "company").score < 0.5
    assert compare_names("Alder 有限公司", "Alder Co., Ltd.", "company").score >= 0.5


def test_places_across_scripts(shared: Path) -> None:
    """Places of both Koreas: 94 of 100 pairs of scripts meet, at most 1 of 100 strangers does."""
    with (shared / "data/names/places_cross_script.csv").open(encoding="utf-8", newline="") as file:
        pairs = [
            (row["latin"], row["native"])
            for row in csv.DictReader(file)
            if row["countrycode"] in {"KP", "KR"}
        ]
    met = sum(compare_names(left, right, "place").score >= 0.5 for left, right in pairs)
    strangers = [
        (left, other)
        for (left, native), (_, other) in zip(pairs, pairs[40:] + pairs[:40], strict=True)
        if native[:1] != other[:1]
    ]
    false = sum(compare_names(left, other, "place").score >= 0.5 for left, other in strangers)
    assert len(pairs) == 330
    assert met / len(pairs) >= 0.94
    assert false / len(strangers) <= 0.01


def test_companies_across_scripts(shared: Path) -> None:
    """Korean firms: 84 of 100 meet their English name, at most 2 of 100 strangers do."""
    with (shared / "data/names/company_names_ko_en.csv").open(encoding="utf-8", newline="") as file:
        pairs = [(row["name_ko"], row["name_en"]) for row in csv.DictReader(file)]
    met = sum(compare_names(left, right, "company").score >= 0.5 for left, right in pairs)
    strangers = zip(pairs, pairs[700:] + pairs[:700], strict=True)
    false = sum(
        compare_names(left, other, "company").score >= 0.5 for (left, _), (_, other) in strangers
    )
    assert len(pairs) == 1939
    assert met / len(pairs) >= 0.84
    assert false / len(pairs) <= 0.02
