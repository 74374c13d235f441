"""Numbers, sentences, direct speech."""

from __future__ import annotations

import pytest

from witnessmark.stages.extract.english import ENGLISH, fold
from witnessmark.stages.extract.english_numbers import HOOKS, comparator, number
from witnessmark.stages.extract.quotation import speeches
from witnessmark.stages.extract.segment import sentences


@pytest.mark.parametrize(
    ("words", "value"),
    [("twenty-four", 24), ("1,200", 1200), ("two and a half", 2.5), ("a hundred", 100),
     ("three thousand", 3000), ("dozens", 24), ("fifteen", 15)],
)  # fmt: skip
def test_number_words_are_read(words: str, value: float) -> None:
    """Words and digits give the number that they say."""
    assert number(words) == value
    assert number("many") is None


@pytest.mark.parametrize(
    ("words", "sign"),
    [("more than", ">"), ("at least", ">="), ("up to", "<="), ("about", "~"), ("", "=")],
)
def test_a_comparator_says_what_the_words_say(words: str, sign: str) -> None:
    """Over is over, up to is a ceiling."""
    assert comparator(words) == sign


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [("five in the morning", "eight at night", 15), ("5 a.m.", "9 p.m.", 16),
     ("seven", "seven", 12), ("half past four", "10 p.m.", 17.5), ("6am", "8pm", 14)],
)  # fmt: skip
def test_clock_ranges_are_computed(first: str, last: str, hours: float) -> None:
    """A day from five in the morning until eight at night has fifteen hours."""
    found = HOOKS["clock"]({"from": first, "to": last}, "")
    assert found == {"amount": hours, "unit": "hour/day", "comparator": "="}
    assert HOOKS["clock"]({"from": "people", "to": "sites"}, "") is None


def test_folding_keeps_the_length() -> None:
    """Every code point folds to one."""
    text = "Unhŭng’s “camp”—a 𝒜 café\u00a0…"
    assert len(fold(text)) == len(text)


def test_sentences_end_at_marks_not_at_abbreviations() -> None:
    """Dr. and 5 a.m. end nothing; a line break does; offsets are exact."""
    text = "Dr. Kim rose at 5 a.m. and left. He said: “Go! Now.” Then\n\nA heading\nNext"
    found = [s.span.of(text) for s in sentences(text, ENGLISH)]
    assert found[0] == "Dr. Kim rose at 5 a.m. and left."
    assert "A heading" in found
    assert "Next" in found


def test_a_wrapped_line_goes_on() -> None:
    """A sentence that a PDF has wrapped is one sentence."""
    text = "Prisoners at the camp are made to sew gloves for many hours\nof the day and night."
    assert len(sentences(text, ENGLISH)) == 1


def test_speech_runs_over_paragraphs_and_scare_quotes_are_none() -> None:
    """Open speech goes on where the next paragraph opens again; a name in marks is no speech."""
    text = "“We work all day and night here.\n\n“We never rest,” she said.\n\nA “bad place” indeed."
    found = speeches(text, sentences(text, ENGLISH))
    assert [s.span.of(text) for s in found] == [
        "We work all day and night here.",
        "We never rest,",
    ]
    assert [s.continued for s in found] == [False, True]
