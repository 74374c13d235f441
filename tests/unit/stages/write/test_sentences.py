"""Voices and clauses: what a sentence may say of a claim."""

# ruff: noqa: E501 - rows of tables, one a line

from __future__ import annotations

from dataclasses import replace

import pytest
import seed_case  # type: ignore[import-not-found]  # beside this file

from witnessmark.core.claim import Attribution, Claim, Modality
from witnessmark.core.source import Source, SourceKind, Standing
from witnessmark.core.span import Span
from witnessmark.stages.write.clauses import Names, clause_of, number_words, subject_of
from witnessmark.stages.write.context import brief_of, marked, paragraph_of, paragraphs, sentence_of
from witnessmark.stages.write.origins import origin_letters
from witnessmark.stages.write.phrasebook import phrasebook
from witnessmark.stages.write.voices import province_of, shown_speaker, voice_of

BOOK = phrasebook()
TEXT = "One line. Some prisoners work at night, he said. Last.\n\nSecond paragraph.\n"


def source(**changes: object) -> Source:
    row = Source(
        "s1",
        "a.txt",
        SourceKind.TEXT,
        "text/plain",
        1,
        "0" * 64,
        "v",
        "t",
        "file",
        "en",
        outlet="Daily NK",
    )
    return replace(row, **changes)  # type: ignore[arg-type]  # the tests name the fields


def claim(predicate: str, value: object, subject: str, **changes: object) -> Claim:
    row: Claim = seed_case.claim_at(TEXT, 10, 38, predicate, value, subject, "author", "asserted")
    return replace(row, **changes)  # type: ignore[arg-type]  # the tests name the fields


@pytest.mark.parametrize(
    ("speaker", "province"),
    [
        ("a source in North Pyongan province", "North Pyongan province"),
        ("a trader in Yomju county, North Pyongan", "North Pyongan province"),
        ("평안북도 염주군의 한 소식통", "North Pyongan province"),
        ("a cook of Unit 4 in Yomju", ""),
        ("", ""),
    ],
)
def test_an_unnamed_person_is_placed_in_a_province_and_nothing_narrower(
    speaker: str, province: str
) -> None:
    """Only the province that the text states is kept; county, unit and trade are not printed."""
    row = claim(
        "wage", "unpaid", "prisoners", attribution=Attribution.ANONYMOUS_SOURCE, speaker=speaker
    )
    assert province_of(speaker, BOOK) == province
    voice = voice_of(row, source(), BOOK)
    for words in (voice.opening, voice.tag, shown_speaker(row, BOOK)):
        assert "Yomju" not in words
        assert "염주" not in words
        assert "cook" not in words
    assert voice.opening.startswith(
        f"A person in {province}, unnamed," if province else "A person, unnamed,"
    )


def test_a_survivor_is_not_named() -> None:
    """A witness or survivor has no name in any output, whatever the text gives."""
    row = claim(
        "wage",
        "unpaid",
        "prisoners",
        attribution=Attribution.WITNESS_OR_SURVIVOR,
        speaker="Example Name",
    )
    voice = voice_of(row, source(), BOOK)
    assert "Example Name" not in voice.opening + voice.tag + shown_speaker(row, BOOK)


def test_a_paraphrase_is_not_put_into_the_outlets_mouth() -> None:
    """A paraphrase speaks as the project's paraphrase, an invented example as invented."""
    row = claim("wage", "unpaid", "prisoners")
    assert voice_of(row, source(), BOOK).opening == "Daily NK writes that"
    retold = voice_of(row, source(standing=Standing.PARAPHRASE), BOOK).opening
    assert retold == "The project's paraphrase s1 of Daily NK says that"
    made_up = voice_of(row, source(standing=Standing.INVENTED), BOOK).opening
    assert made_up.startswith("In an invented example, no evidence,")


@pytest.mark.parametrize("attribution", list(Attribution))
def test_a_denial_never_reads_as_a_fact(attribution: Attribution) -> None:
    """Whoever denies, the opening says so; the same words without a denial don't."""
    row = claim(
        "wage",
        "unpaid",
        "prisoners",
        attribution=attribution,
        speaker="Example Ministry",
        modality=Modality.DENIED,
    )
    assert "den" in voice_of(row, source(), BOOK).opening
    assert "den" not in voice_of(replace(row, modality=Modality.REPORTED), source(), BOOK).opening


def said(predicate: str, value: object, subject: str, window: str = "", **changes: object) -> str:
    return clause_of([claim(predicate, value, subject, **changes)], [window], BOOK, Names())


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (said("wage", "unpaid", "prisoners"), "prisoners work without pay"),
        (said("wage", "unpaid", "prisoners", modality=Modality.HEDGED), "prisoners are said to have work done without pay"),
        (said("wage", "unpaid", "prisoners", modality=Modality.GENERAL), "as a rule, prisoners work without pay"),
        (said("hours_per_day", {"amount": 12, "unit": "hour/day", "comparator": ">"}, "prisoners", "with some working"), "some prisoners work more than 12 hours a day"),
        (said("penalty", "night work", "inmates", "inmates sometimes have to"), "inmates sometimes face as a penalty: night work"),
        (said("reward", "rice", "prisoners"), "prisoners get, as a reward inside coercion, rice"),
        (said("stated_preference", "wigs", "prisoners"), "prisoners are said to prefer wigs: a choice between coerced tasks, not consent"),
        (said("stated_preference", "day shifts", "shop staff", frame=""), "a shop staff are said to prefer day shifts"),
        (said("site_kind", "labour_camp", "labour camps"), "the places spoken of are labour camps"),
        (said("bribe", "bribe for release", "labour camps"), "labour camps take bribes for release"),
    ],
)  # fmt: skip
def test_a_clause_says_no_more_than_its_claim(clause: str, expected: str) -> None:
    """Hedges, rules, limits and coercion are kept in the words."""
    assert clause == expected


def test_numbers_keep_their_comparator() -> None:
    """More than, at least, about and ranges are said, never rounded away."""
    said_of = {
        ">": "more than 1,200 people", ">=": "at least 1,200 people", "~": "about 1,200 people",
        "<=": "at most 1,200 people", "=": "1,200 people",
    }  # fmt: skip
    for sign, words in said_of.items():
        assert number_words({"amount": 1200, "unit": "person", "comparator": sign}, BOOK) == words
    assert (
        number_words({"amount": 2, "high": 3, "unit": "wig/week", "comparator": "range"}, BOOK)
        == "2 to 3 wig a week"
    )


def test_number_of_a_subject_is_kept() -> None:
    """One camp is one camp; several are several."""
    assert subject_of("labour camp in Yomju", BOOK).phrase == "a labour camp in Yomju"
    assert subject_of("prisoners in Ryongchon and Yomju labour camps", BOOK).many


def test_contexts_hold_their_quote_and_cover_the_text() -> None:
    """Sentence and paragraph hold the quote; the pieces of a context joined are the text itself."""
    quote = Span(10, 38)
    assert sentence_of(TEXT, quote).of(TEXT) == "Some prisoners work at night, he said."
    assert paragraph_of(TEXT, quote).of(TEXT) == TEXT.split("\n\n", maxsplit=1)[0]
    assert [p.of(TEXT) for p in paragraphs(TEXT)] == [
        TEXT.split("\n\n", maxsplit=1)[0],
        "Second paragraph.\n",
    ]
    pieces = marked(TEXT, Span(0, len(TEXT)), [(1, quote), (2, Span(20, 50))])
    assert "".join(p.text for p in pieces) == TEXT
    assert "".join(p.text for p in pieces if 1 in p.exhibits) == quote.of(TEXT)
    long = "word " * 2000 + "THE QUOTE" + " word" * 2000
    span = Span(long.index("THE"), long.index("THE") + 9)
    for found in (paragraph_of(long, span), brief_of(long, span)):
        assert found.contains(span)
        assert len(found) < 1500


def test_an_echo_counts_once() -> None:
    """Same outlet, or one that names the other, or no outlet at all: one origin."""
    rows = [
        source(),
        source(id="s2", sha256="1" * 64, outlet="Paper"),
        source(id="s3", sha256="2" * 64, outlet=""),
    ]
    claims = [claim("wage", "unpaid", "prisoners", source=key) for key in ("s1", "s2", "s3")]
    apart = origin_letters(rows[:2], claims, {"s1": "text", "s2": "text"})
    assert apart == {"s1": "A", "s2": "B"}
    echo = origin_letters(rows[:2], claims, {"s1": "text", "s2": "as Daily NK reported"})
    assert echo == {"s1": "A", "s2": "A"}
    assert set(origin_letters(rows, claims, {}).values()) == {"A"}
    made_up = [replace(rows[0], standing=Standing.INVENTED), rows[1]]
    assert origin_letters(made_up, claims, {}) == {"s1": "", "s2": "A"}
