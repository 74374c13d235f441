"""Who speaks, what is photographed, what is made: the faults that the demo texts showed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessmark.core.claim import PHOTOGRAPHED, Attribution, Predicate, Tier
from witnessmark.core.span import Span
from witnessmark.stages.extract import read
from witnessmark.stages.extract.bounded import Stops, budget_for
from witnessmark.stages.extract.korean_stems import forms
from witnessmark.stages.extract.matching import whole_words
from witnessmark.stages.extract.photograph import PICTURED

SAID = "a source in North Pyongan province"


@pytest.mark.parametrize(
    "sentence",
    [
        "Prisoners at the labour camp work 14 hours a day, the source said.",
        "Prisoners at the labour camp work 14 hours a day, he added.",
        "A prisoner who cannot rest works 14 hours a day, he said, and gets no pay.",
    ],
)
def test_the_said_subject_decides_not_the_subject_inside(sentence: str) -> None:
    """The source introduced before speaks, with its province; a prisoner inside does not."""
    text = "A source in North Pyongan province said labour camps are full. " + sentence
    hours = [c for c in read(text, "en").claims if c.predicate is Predicate.HOURS_PER_DAY]
    assert {(c.attribution, c.speaker) for c in hours} == {(Attribution.ANONYMOUS_SOURCE, SAID)}


def test_a_source_introduced_without_a_verb_of_saying_is_taken_up_again() -> None:
    """A person who passed something on, and the name that the text gives him, speak later."""
    text = (
        "The person who sent the picture cannot be named. Let us call the sender Pine. "
        "Prisoners at the labour camp work 14 hours a day, Pine says."
    )
    hours = [c for c in read(text, "en").claims if c.predicate is Predicate.HOURS_PER_DAY]
    assert {c.attribution for c in hours} == {Attribution.ANONYMOUS_SOURCE}


def test_a_korean_source_speaks_with_its_english_name() -> None:
    """The tag at the end decides, and the surface stays beside the English words."""
    text = (
        "평안북도 소식통은 노동단련대에서 가발을 만든다고 데일리NK에 전했다. "
        "수감자는 하루 12시간 넘게 일한다고 그는 말했다."
    )
    hours = [c for c in read(text, "ko").claims if c.predicate is Predicate.HOURS_PER_DAY]
    assert {c.attribution for c in hours} == {Attribution.ANONYMOUS_SOURCE}
    assert {c.speaker for c in hours} == {"a source in North Pyongan province (평안북도 소식통)"}


def test_what_a_held_photograph_shows_is_the_photographed_facility() -> None:
    """Maker, kind and country are said of the photograph, and nothing narrower."""
    text = (
        "Daily NK says that it holds a photograph of a place where wigs are made to order "
        "inside a detention facility in North Korea. Prisoners make wigs there."
    )
    first = [c for c in read(text, "en").claims if c.start < text.index("Prisoners")]
    assert {Predicate.MAKES, Predicate.LOCATED_IN, Predicate.SITE_KIND} <= {
        c.predicate for c in first
    }
    assert {c.subject for c in first} == {PHOTOGRAPHED}


def test_goods_outside_the_lexicon_are_read_in_the_singular_and_idioms_are_not() -> None:
    """A plain frame of making opens a noun phrase; mistakes and ends are no goods."""
    text = (
        "Prisoners at a labour camp in North Korea make goods for export. "
        "The prisoners weave willow lampshades and quilted oven covers. "
        "They make mistakes and make ends meet."
    )
    makes = {str(c.value) for c in read(text, "en").claims if c.predicate is Predicate.MAKES}
    assert {"willow lampshade", "quilted oven cover"} <= makes
    assert not makes & {"mistake", "end", "mistakes", "ends", "ends meet"}


WORDS = st.sampled_from(
    [
        "prisoners",
        "labour",
        "camp",
        "make",
        "wigs",
        "nets",
        "Yonchon",
        "county",
        "facts",
        "of",
        "hands,",
        "12",
        "hours",
        "a",
        "day.",
        "quota",
        "source's",
        "said",
        "“we’re",
        "held”",
        "North",
        "Korea’s",
        "in",
        "and",
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(WORDS, min_size=20, max_size=90))
def test_an_english_quote_begins_and_ends_at_word_boundaries(words: list[str]) -> None:
    """No quote cuts a word, whatever stands around it."""
    text = "Prisoners at a labour camp make wigs. " + " ".join(words)
    claims = read(text, "en").claims
    assert claims
    for claim in claims:
        before, after = text[: claim.start][-1:], text[claim.end :][:1]
        assert not (before.isalnum() and claim.quote[0].isalnum())
        assert not (after.isalnum() and claim.quote[-1].isalnum())


def test_a_reading_whose_time_is_used_up_says_from_where_it_did_not_read() -> None:
    """The rest is named, not dropped in silence; within the budget nothing is."""
    stops = Stops(budget=-1.0)
    assert stops.ends_at(120)
    assert stops.ends_at(400)
    assert "code point 120" in stops.report()
    assert not Stops(budget=budget_for(1_000)).ends_at(120)
    assert budget_for(2_000_000) > budget_for(1_000)


def test_whole_words_grow_and_leave_whole_spans_alone() -> None:
    """A cut word is completed; a span of whole words stays as it is."""
    text = "the guard's facts of it"
    assert whole_words(text, Span(6, 14)).of(text) == "guard's facts"
    assert whole_words(text, Span(4, 11)).of(text) == "guard's"


@pytest.mark.parametrize(
    ("stem", "yes", "no"),
    [
        ("재우", "재웁니다", "재미"),
        ("넣", "넣습니다", "너무"),
        ("만들", "만드는", "만나"),
        ("고르", "골라", "고운"),
    ],
)
def test_forms_of_a_korean_stem(stem: str, yes: str, no: str) -> None:
    """Plain, polite and past forms match; another word does not."""
    assert re.match(forms(stem), yes)
    assert not re.match(forms(stem), no)


def test_a_wide_rule_proposes_only() -> None:
    """A pair of word classes gives a candidate, and nothing outside forced work."""
    text = (
        "Prisoners at a labour camp in North Korea make gloves for export. "
        "Money takes weeks off the term."
    )
    found = [c for c in read(text, "en").claims if c.predicate is Predicate.RELEASED_BECAUSE]
    assert found
    assert all(c.tier is Tier.CANDIDATE for c in found if ".wide." in c.rule)
    ordinary = "Prisoners of an open prison make gloves. Money takes weeks off the term."
    assert not [c for c in read(ordinary, "en").claims if c.predicate is Predicate.RELEASED_BECAUSE]


_BRIBED = (
    "Prisoners at the labour camp in North Korea make wigs. Those whose families pay a bribe "
    "to a guard are let out early.\n\n"
)
_YARN = (
    "In the photograph, obtained by Example Wire through an intermediary in China, "
    "balls of grey yarn spill from a rice sack."
)
_POSED = (
    "예시통신은 북한의 한 구금시설 안에서 주문받은 가발을 만드는 작업장을 찍은 사진을 "
    "입수했다고 밝혔다."
)


@pytest.mark.parametrize(
    ("lang", "before", "sentence"),
    [
        (
            "en",
            _BRIBED,
            _YARN,
        ),
        (
            "ko",
            "",
            _POSED + "\n\n평안북도 소식통은 노동단련대에서 주문 물량을 예전보다 훨씬 많이 생산하고 "
            "있다고 예시통신에 전했다.",
        ),
    ],
)
def test_a_photograph_states_only_what_can_be_seen(lang: str, before: str, sentence: str) -> None:
    """No reason, trend, pay or hours is read off a photograph; what the others say stays."""
    claims = read(before + sentence, lang).claims
    pictured = [c for c in claims if c.subject == PHOTOGRAPHED]
    assert Predicate.EVIDENCE_PHOTO in {c.predicate for c in pictured}
    assert {c.predicate for c in pictured} <= PICTURED
    shot = (before + sentence).index((_YARN if lang == "en" else _POSED)[:12])
    inside = [c for c in claims if shot <= c.start < shot + len(_YARN if lang == "en" else _POSED)]
    assert {c.predicate for c in inside} <= PICTURED
    said = {"en": Predicate.RELEASED_BECAUSE, "ko": Predicate.OUTPUT_TREND}[lang]
    assert said in {c.predicate for c in claims}


def test_what_a_photograph_sentence_says_of_people_is_said_of_them() -> None:
    """Hours told of prisoners beside a photograph are theirs, not the facility's in it."""
    text = (
        "Prisoners are held at the labour camp. The photograph, taken inside a labour camp "
        "where prisoners work 14 hours a day, shows wigs."
    )
    hours = [c for c in read(text, "en").claims if c.predicate is Predicate.HOURS_PER_DAY]
    assert [c.subject for c in hours] == ["prisoners"]
