"""Whole Korean texts: who says what, how far, and what is not said."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessmark.core.claim import (
    INSIDE_COERCION,
    PHOTOGRAPHED,
    Attribution,
    Claim,
    MentionType,
    Modality,
    Predicate,
    Tier,
)
from witnessmark.stages.extract import read

REPORT = (
    "예시통신은 북한의 한 구금시설 작업장을 찍은 사진을 입수했다. "
    "사진 속에는 시멘트 바닥에 앉은 사람들이 보인다.\n\n"
    "익명을 요구한 현지 소식통은 “노동단련대 수감자들은 하루 12시간 이상 가발을 만든다”고 전했다. "
    "그는 “과제를 못 끝내면 밤을 새워야 한다”고 덧붙였다.\n\n"
    "노동단련대에는 무단결근을 한 사람이 주로 들어온다. "
    "수감자들은 건설장에 나가느니 가발을 만드는 게 낫다고 여긴다. "
    "당국은 강제 노동이라는 주장을 부인했다."
)


def of(claims: tuple[Claim, ...], predicate: Predicate) -> list[Claim]:
    return [claim for claim in claims if claim.predicate is predicate]


def test_quotes_stand_in_the_text() -> None:
    """Every quote is the text between its offsets, inside one sentence."""
    reading = read(REPORT, "ko")
    assert reading.claims
    for claim in reading.claims:
        assert REPORT[claim.start : claim.end] == claim.quote
        assert any(sentence.contains(claim.span) for sentence in reading.sentences)
    for mention in reading.mentions:
        assert REPORT[mention.start : mention.end] == mention.quote


def test_a_quoted_source_speaks_and_is_taken_up_again() -> None:
    """Words in quotation marks belong to the source; 그는 is the same source."""
    claims = read(REPORT, "ko").claims
    (hours,) = of(claims, Predicate.HOURS_PER_DAY)
    assert hours.value == {"amount": 12, "unit": "hour/day", "comparator": ">="}
    penalty = of(claims, Predicate.PENALTY)[0]
    for claim in (hours, penalty):
        assert claim.attribution is Attribution.ANONYMOUS_SOURCE
        assert claim.modality is Modality.REPORTED
        assert "소식통" in claim.speaker


def test_the_author_speaks_where_no_one_else_does() -> None:
    """Without a source the statement is the author's."""
    (reason,) = of(read(REPORT, "ko").claims, Predicate.DETENTION_REASON)
    assert reason.attribution is Attribution.AUTHOR
    assert reason.value == "absence from work"


def test_a_preference_of_the_held_is_inside_coercion() -> None:
    """One forced task preferred to another is never a free choice."""
    preferences = of(read(REPORT, "ko").claims, Predicate.STATED_PREFERENCE)
    assert preferences
    assert all(claim.frame == INSIDE_COERCION for claim in preferences)


def test_a_photograph_is_of_the_photographed_facility_only() -> None:
    """Claims from the photograph keep their own subject and no narrower place."""
    claims = read(REPORT, "ko").claims
    assert of(claims, Predicate.EVIDENCE_PHOTO)
    for claim in claims:
        if claim.predicate is Predicate.EVIDENCE_PHOTO:
            assert claim.subject == PHOTOGRAPHED
        if claim.subject == PHOTOGRAPHED and claim.predicate is Predicate.LOCATED_IN:
            assert claim.value == "North Korea, KP"


@pytest.mark.parametrize(
    ("ending", "modality"),
    [
        ("하루 13시간 일하는 것으로 알려졌다.", Modality.HEDGED),
        ("하루 13시간 일한다는 주장을 부인했다.", Modality.DENIED),
        ("하루 13시간 일했다.", Modality.ASSERTED),
    ],
)
def test_how_far_the_words_go(ending: str, modality: Modality) -> None:
    """Hearsay is hedged, a denial stays a denial, a plain statement is asserted."""
    text = f"노동단련대 이야기다. 노동단련대 수감자들은 {ending}"
    (hours,) = of(read(text, "ko").claims, Predicate.HOURS_PER_DAY)
    assert hours.modality is modality


@pytest.mark.parametrize(
    "particle", ["은", "는", "이", "가", "을", "를", "에서", "의", "에", "도", ""]
)
def test_particles_are_no_part_of_a_name(particle: str) -> None:
    """A mention ends where the name ends, whatever particle follows."""
    text = f"평안북도 노동단련대{particle} 바로 그렇다."
    quotes = {m.type: m.quote for m in read(text, "ko").mentions}
    assert quotes[MentionType.PLACE] == "평안북도"
    assert quotes[MentionType.SITE] == "노동단련대"


def test_words_that_end_like_a_county_are_none() -> None:
    """장군, 미군, 다시, 지시, 수감시 name no place."""
    text = "그 장군은 미군을 다시 만나 지시를 내렸다. 위반시 처벌한다. 역시 그렇다."
    places = [m.quote for m in read(text, "ko").mentions if m.type is MentionType.PLACE]
    assert places == []


ORDINARY = [
    "미용실마다 부분 가발을 찾는 손님이 늘었다. 손재주 좋은 디자이너는 보름 전에 예약해야 한다.",
    "축구단 감독은 젊고 발이 빠른 선수만 뽑았다. 목표를 못 채우면 밤샘 훈련을 한다.",
    "회사는 생산량이 두 배로 늘었다고 밝혔다. 직원들은 하루 8시간 일했다.",
    "일요일 점심에는 쌀밥과 국수가 나왔다. 행사 사진에는 웃는 아이들이 보인다.",
    "법원은 벌금을 선고했다. 그는 사과문을 읽고 보석으로 풀려났다.",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_life_claims_nothing(text: str) -> None:
    """The same words outside detention make no claim; a candidate is no claim."""
    assert [c for c in read(text, "ko").claims if c.tier is Tier.CLAIM] == []


@pytest.mark.parametrize(
    "text",
    [
        "겨울에는 난로를 피운다.",
        "가족들은 면회 때 음식을 가져온다.",
        "오늘 하루 12시간 정전이 있었다.",
        "기차로 14시간 걸린다.",
        "관리원은 스무 명이다.",
        "올해 농사가 잘돼 쌀밥을 먹는 집이 늘었다.",
        "하루 15시간씩 일하나요?",
    ],
)
def test_inside_detention_not_every_sentence_is_a_claim(text: str) -> None:
    """In a text about detention, a sentence that states none of it stays without a claim."""
    start = "노동단련대 수감자들의 이야기다. 단련대 수감자들은 그렇게 말했다.\n\n"
    claims = [c for c in read(start + text, "ko").claims if c.tier is Tier.CLAIM]
    assert claims
    assert [c for c in claims if c.start >= len(start)] == []


PIECES = [
    *(
        "노동단련대",
        "수감자들은",
        "하루",
        "12시간",
        "이상",
        "가발을",
        "만든다.",
        "소식통은",
        "“",
        "”",
    ),
    *("밤을", "새워", "과제를", "못", "끝내면", "뇌물을", "주고", "나온다", "사진을", "입수했다."),
    *("평안북도", "염주군", "\n\n", "‘", "’", "새벽", "5시부터", "밤", "9시까지"),
]
WORDS = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=8),
        st.text(max_size=4),
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_any_text_keeps_the_quote_law(words: list[str]) -> None:
    """Whatever the text, quotes are its own words, in one sentence, and sentences don't overlap."""
    text = " ".join(words)
    reading = read(text, "ko")
    for claim in reading.claims:
        assert text[claim.start : claim.end] == claim.quote
        assert any(sentence.contains(claim.span) for sentence in reading.sentences)
    for before, after in pairwise(reading.sentences):
        assert before.end <= after.start
    for mention in reading.mentions:
        assert text[mention.start : mention.end] == mention.quote


def test_the_same_text_reads_the_same_twice() -> None:
    """The reading is a pure function of text and rules."""
    assert read(REPORT, "ko") == read(REPORT, "ko")
