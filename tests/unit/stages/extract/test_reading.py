"""What a text says: quotes, voices, negatives, hostile input."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from witnessmark.core.claim import (
    INSIDE_COERCION,
    PHOTOGRAPHED,
    Attribution,
    Modality,
    Predicate,
    Tier,
)
from witnessmark.core.span import Span
from witnessmark.stages.extract import read

if TYPE_CHECKING:
    from pathlib import Path

    from witnessmark.core.claim import Reading


def check_quotes(reading: Reading, text: str) -> None:
    found = [(c.quote, c.start, c.end) for c in reading.claims]
    found += [(m.quote, m.start, m.end) for m in reading.mentions]
    for quote, start, end in found:
        assert quote == text[start:end]
        assert quote.strip()
    for claim in reading.claims:
        assert any(sentence.contains(claim.span) for sentence in reading.sentences)
    ends = [(m.start, m.end) for m in reading.mentions]
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(ends))


def test_every_quote_of_the_corpus_stands_in_its_text_inside_one_sentence(shared: Path) -> None:
    """quote == text[start:end], inside one sentence, on every corpus file."""
    seen = 0
    for path in sorted((shared / "corpus").glob("*.json")):
        text = json.loads(path.read_text())["text"]
        reading = read(text)
        check_quotes(reading, text)
        seen += len(reading.claims)
    assert seen > 150


PIECES = st.sampled_from(
    [
        "prisoners", "at the labour camp", "work 14 hours a day", "“We get rice", "if we finish",
        "the quota,” he said", "\n\n", ". ", "! ", "wigs", "make", "😀", "𝒜", "in Kapsan county",
        "\x00", "’", "… ", "; ", "they are beaten", "no wages", "수감자", "\u2028",
    ]
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=40))
def test_quotes_hold_on_any_text(pieces: list[str]) -> None:
    """The law of quotes holds on random text, beyond the BMP too."""
    text = " ".join(pieces)
    check_quotes(read(text, "en"), text)


def test_hostile_text_is_read_in_bounded_time() -> None:
    """A megabyte of one letter, nested marks and control signs end, and are named."""
    flood = read("a" * 1_000_000, "en")
    assert not flood.claims
    assert "without spaces" in flood.not_read
    for text in ("“" * 3000 + "x" + "”" * 3000, '"' * 9000, "".join(map(chr, range(300))) * 8):
        check_quotes(read(text, "en"), text)


def test_a_language_without_rules_is_named_not_guessed() -> None:
    """French is not read, and the reading says why."""
    reading = read("Les détenus fabriquent des perruques dans les camps, selon une source.")
    assert reading.not_read
    assert not reading.claims
    assert read("").not_read


SEED_ROWS = [
    ("site_kind", "a forced labor camp in North Korea"),
    ("detention_reason", "minor offenses like skipping work"),
    ("located_in", "forced labor camps in Yonchon and Yomju counties"),
    ("makes", "making wigs or fake eyelashes"),
    ("hours_per_day", "working over 12 hours a day"),
    ("quota", "finish their assigned work for the week"),
    ("reward", "they get rice at lunch on Sunday"),
    ("penalty", "work all night if they can’t finish their quota"),
    ("selected_for", "young prisoners who are good with their hands"),
    ("retained_because", "keep more inmates who are skilled with their hands"),
    ("bribe", "pay bribes get released early"),
    ("released_because", "get released early"),
    ("penalty", "self-criticism and reading apology letters"),
    ("alternative_labour", "doing construction work"),
    ("alternative_labour", "outdoor work mobilizations"),
    ("wage", "free labor"),
    ("proceeds_to", "bring in foreign currency"),
    ("output_trend", "far more contracted items than before"),
    ("evidence_photo", "has obtained a photo"),
    ("evidence_photo", "a wig sits on top of a plastic bottle"),
    ("evidence_photo", "no proper work desk"),
    ("evidence_photo", "artificial hair scattered in a gourd bowl"),
    ("stated_preference", "prefer being on contract manufacturing teams"),
]


@pytest.mark.parametrize(("predicate", "words"), SEED_ROWS)
def test_the_report_states_each_row(shared: Path, predicate: str, words: str) -> None:
    """Each thing that the dossier must show is claimed, with a quote of one clause."""
    text = json.loads((shared / "corpus/seed.json").read_text())["text"]
    at = text.index(words)
    span = Span(at, at + len(words))
    found = [c for c in read(text).claims if c.predicate == predicate and c.span.overlaps(span)]
    assert found
    assert min(len(c.quote) for c in found) <= 170


def test_the_report_is_heard_in_the_right_voices(shared: Path) -> None:
    """The unnamed source speaks as one, the photograph stays apart, preference is framed."""
    claims = read(json.loads((shared / "corpus/seed.json").read_text())["text"]).claims
    by_source = [c for c in claims if c.attribution is Attribution.ANONYMOUS_SOURCE]
    assert {c.speaker for c in by_source} == {"a source in North Pyongan province"}
    assert {c.speaker for c in claims if c.attribution is Attribution.AUTHOR} == {"Daily NK"}
    preferences = [c for c in claims if c.predicate is Predicate.STATED_PREFERENCE]
    assert preferences
    assert all(c.frame == INSIDE_COERCION for c in preferences)
    pictured = [c for c in claims if c.subject == PHOTOGRAPHED]
    assert pictured
    places = {str(c.value) for c in pictured if c.predicate is Predicate.LOCATED_IN}
    assert places == {"North Korea, KP"}


NEGATIVES = {
    "fashion": "Wigs are back. Stylists work fourteen hours a day before a show and get pizza if "
    "they finish on time. Young designers with nimble fingers were picked by the house.",
    "court": "A court sentenced a former mayor to four years in prison for taking bribes from "
    "builders. He was released on bail of 25,000 dollars and handed over his passport.",
    "law": "The law prohibits employers from holding identity documents and caps the working day "
    "at twelve hours. Convict labour may not be hired out to private companies.",
    "risk": "Migrants are particularly vulnerable to debt bondage. Workers at risk of forced "
    "labour could find it hard to complain about unpaid wages.",
    "back pay": "The office recovered 3 million crowns in back pay for 2,310 employees. Firms "
    "paid civil fines.",
    "summer camp": "Days at the summer camp are long: they start at seven in the morning and end "
    "at nine at night. Those who practise without mistakes get ice cream on Sunday.",
}


@pytest.mark.parametrize("name", sorted(NEGATIVES))
def test_ordinary_life_law_and_risk_claim_nothing(name: str) -> None:
    """Fashion, courts, laws, risks and holidays give no claim about forced work; that stylists
    work fourteen hours is a fact about hours, whoever they are."""
    allowed = {Predicate.SITE_KIND, Predicate.MAKES, Predicate.LOCATED_IN, Predicate.TIME_PERIOD}
    reading = read(NEGATIVES[name], "en")
    assert reading.sentences
    claims = [c for c in reading.claims if c.tier is Tier.CLAIM and c.predicate not in allowed]
    if name == "fashion":
        assert {str(c.predicate) for c in claims} == {"hours_per_day", "indicator"}
        assert {c.value for c in claims if c.predicate == "indicator"} == {"excessive_overtime"}
    else:
        assert not claims


def test_a_denial_never_reads_as_a_fact() -> None:
    """What the accused denies keeps modality denied."""
    text = (
        "Former prisoners of the labour camp spoke. "
        "The company denied that prisoners work 14 hours a day."
    )
    claims = [c for c in read(text, "en").claims if c.predicate is Predicate.HOURS_PER_DAY]
    assert claims
    assert all(c.modality is Modality.DENIED for c in claims)


def test_reading_twice_gives_the_same() -> None:
    """Same text, same reading."""
    text = "Inmates at a labour camp make wigs 14 hours a day without pay, a source said."
    assert read(text) == read(text)
    assert read(text).claims
