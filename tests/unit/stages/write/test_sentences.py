"""Voices and clauses: what a sentence may say of a claim."""

# ruff: noqa: E501 - rows of tables, one a line

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import seed_case  # type: ignore[import-not-found]  # beside this file

from witnessmark.core.claim import Attribution, Claim, Modality, Predicate, Value
from witnessmark.core.origin import Origin
from witnessmark.core.source import Source, SourceKind, Standing
from witnessmark.core.span import Span
from witnessmark.stages.write.clauses import clause_of, opened, subject_of
from witnessmark.stages.write.context import brief_of, marked, paragraph_of, paragraphs, sentence_of
from witnessmark.stages.write.origins import (
    count_words,
    origins_behind,
    source_labels,
    standing_origins,
)
from witnessmark.stages.write.phrasebook import phrasebook
from witnessmark.stages.write.voices import province_of, shown_speaker, voice_of
from witnessmark.stages.write.wording import Names, number_words

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


def claim(predicate: str, value: Value, subject: str, **changes: object) -> Claim:
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
    """A paraphrase says so and names its source, an invented example says that it is invented."""
    row = claim("wage", "unpaid", "prisoners")
    assert voice_of(row, source(), BOOK).opening == "Daily NK writes that"
    retold = voice_of(row, source(standing=Standing.PARAPHRASE), BOOK).opening
    assert retold == "Daily NK, as paraphrased in s1, writes that"
    unnamed = replace(
        row, attribution=Attribution.ANONYMOUS_SOURCE, speaker="a source in North Pyongan province"
    )
    told = voice_of(unnamed, source(standing=Standing.PARAPHRASE), BOOK)
    assert (
        told.opening
        == "A person in North Pyongan province, unnamed, told Daily NK (paraphrased in s1) that"
    )
    assert told.tag.endswith("paraphrased in s1")
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


def said(predicate: str, value: Value, subject: str, window: str = "", **changes: object) -> str:
    return clause_of([claim(predicate, value, subject, **changes)], [window], BOOK, Names())


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (said("wage", "unpaid", "prisoners"), "prisoners work without pay"),
        (said("wage", "unpaid", "prisoners", modality=Modality.HEDGED), "prisoners are said to work without pay"),
        (said("wage", "unpaid", "prisoners", modality=Modality.GENERAL), "as a rule, prisoners work without pay"),
        (said("hours_per_day", {"amount": 12, "unit": "hour/day", "comparator": ">"}, "prisoners", "with some working"), "some prisoners work more than 12 hours a day"),
        (said("penalty", "night work", "inmates", "inmates sometimes have to"), "inmates sometimes face night work as a penalty"),
        (said("reward", "rice", "prisoners"), "prisoners get rice as a reward inside coercion"),
        (said("stated_preference", "wigs", "prisoners"), "prisoners are said to prefer wigs (a choice between coerced tasks, not consent)"),
        (said("stated_preference", "day shifts", "shop staff", frame=""), "a shop staff are said to prefer day shifts"),
        (said("site_kind", "labour_camp", "labour camps"), "labour camps are among the places where people are held"),
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


def test_origins_are_those_that_weigh_found() -> None:
    """Two sources of one origin count once; an origin without a standing claim isn't counted."""
    rows = [source(), source(id="s2"), source(id="s3")]
    claims = [claim("wage", "unpaid", "prisoners", source=key) for key in ("s1", "s2")]
    one = Origin("o1", "A", ("s1", "s2"), tuple(c.id for c in claims), ("the same address",))
    two = Origin("o2", "B", ("s3",), ("cgone",), ())
    standing = standing_origins([one, two], claims)
    assert standing == (one,)
    assert source_labels(standing, rows) == {"s1": "A", "s2": "A", "s3": ""}
    assert origins_behind([c.id for c in claims], [one, two]) == {"A"}
    assert origins_behind([claims[0].id, "cgone"], [one, two]) == {"A", "B"}
    assert count_words(standing) == "1 independent origin"
    assert count_words((one, two)) == "2 independent origins"
    assert count_words(()) == "independent origins: not weighed"


SUBJECTS = (
    "prisoners",
    "labour camps",
    "contract manufacturing teams",
    "labour camp in Yomju",
    "",
    "workers",
)
SHAPES: tuple[Value, ...] = (
    "night work", "work all night", "their work earns foreign currency", "money: in the hand",
    "extra tasks for those who cannot work", {"amount": 3, "unit": "wig/week", "comparator": ">="},
)  # fmt: skip
KNOWN = tuple((p, v) for p, known in BOOK.values.items() for v in known)
EVERY = tuple((p.value, v) for p in Predicate for v in SHAPES) + KNOWN
BAD_ENGLISH = (
    "that that", "  ", " :", ": assigned", "{", "}", " ,", "to to ", "is is ", "for for ", "by by ",
    "said to are", "said to is", "said to prisoners", "unknown", "turn out", "()", ",:", "because the reason",
    "have to to", "as a penalty as", "is that to ", "for work all", "for their work earns",
)  # fmt: skip


@pytest.mark.parametrize("modality", list(Modality), ids=lambda m: m.value)
@pytest.mark.parametrize(("predicate", "value"), EVERY, ids=lambda v: str(v)[:40])
def test_every_value_of_every_predicate_fits_its_clause(
    predicate: str, value: Value, modality: Modality
) -> None:
    """Noun, verb, clause or number, known or not: the sentence has a verb, no scar, and its subject's number."""
    for subject in SUBJECTS:
        row = claim(predicate, value, subject, modality=modality)
        clause = clause_of([row], [""], BOOK, Names())
        sentence = opened("Daily NK writes that", clause)
        assert not [bad for bad in BAD_ENGLISH if bad in sentence], sentence
        assert sentence.startswith("Daily NK writes")
        if subject == "prisoners":
            assert not re.search(r"(?:that|rule,) prisoners (?:is|has|gets|makes)\b", sentence)
        if modality is Modality.HEDGED and predicate not in {"evidence_photo", "indicator"}:
            assert "said" in sentence, sentence
        if modality is Modality.GENERAL and predicate not in {"evidence_photo", "indicator"}:
            assert ", as a rule, " in sentence, sentence
        if predicate == "reward":
            assert "inside coercion" in sentence
        if predicate == "stated_preference":
            assert "not consent" in sentence


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (said("output_trend", "up", "prisoners"), "prisoners produce more than before"),
        (said("output_trend", "doubled", "prisoners"), "the output of prisoners is given as doubled"),
        (said("quota", "assigned quantity", "contract manufacturing teams"), "contract manufacturing teams have to meet an assigned quota"),
        (said("quota", "five sacks", "prisoners"), "there is a quota for prisoners (five sacks)"),
        (said("penalty", "work all night", "workers", "Workers sometimes have to"), "those made to work sometimes have to work all night as a penalty"),
        (said("penalty", "work all night", "labour camps"), "labour camps make people work all night as a penalty"),
        (said("alternative_labour", "construction work", "prisoners"), "the other work that prisoners would be put to is construction work"),
        (said("retained_because", "skilled with their hands", "prisoners"), "prisoners are kept because they are skilled with their hands"),
        (said("retained_because", "good behaviour", "prisoners"), "the reason given for keeping prisoners is good behaviour"),
        (said("located_in", "Yomju county, North Pyongan", "labour camp in Yomju"), "there is a labour camp in Yomju county, North Pyongan"),
        (said("located_in", "North Korea, KP", "detention facilities"), "detention facilities are in North Korea"),
        (said("hours_per_day", {"amount": 12, "unit": "hour/day", "comparator": ">"}, "labour camps", "Some of those held"), "labour camps have some people work more than 12 hours a day"),
    ],
)  # fmt: skip
def test_a_lawyer_could_sign_it(clause: str, expected: str) -> None:
    """The clauses of the first report, and what is said where no rule knows the value."""
    assert clause == expected


def test_two_places_are_never_one_site() -> None:
    """Two camps in two counties are told as two."""
    rows = [
        claim("located_in", "Yomju county", "labour camp in Yomju"),
        claim("located_in", "Yonchon county", "labour camp in Yonchon"),
    ]
    assert (
        clause_of(rows, ["", ""], BOOK, Names())
        == "there is a labour camp in Yomju county, and one in Yonchon county"
    )


def test_a_sign_of_force_is_the_readers_own_words() -> None:
    """An indicator is never put into the speaker's mouth: the words are read as a sign, here."""
    words = said("indicator", "abusive_conditions", "prisons")
    assert (
        opened("Daily NK writes that", words)
        == "Daily NK writes, of prisons, in words read here as a sign of abusive conditions"
    )
