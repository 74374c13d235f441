"""Mentions in English: what the tagger marks, with exact words."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from witnessmark.core.claim import MentionType
from witnessmark.core.span import Span
from witnessmark.stages.extract import read
from witnessmark.stages.extract.languages import language
from witnessmark.stages.extract.mentions import Named, joined, shown
from witnessmark.stages.extract.segment import sentences
from witnessmark.stages.extract.spotting import MOST_PER_TOKEN, Splitter, candidates
from witnessmark.stages.extract.tagger_words import TOKEN, singular, word_lists
from witnessmark.stages.extract.tagging import TYPES, tag, weights

FOLDER = "extract/en"


def _found(text: str) -> set[tuple[str, str]]:
    return {(mention.type.value, mention.quote) for mention in read(text, "en").mentions}


@pytest.mark.parametrize(
    ("text", "kind", "quote"),
    [
        ("Seafood was landed in Busan and trucked to Seoul.", "PLACE", "Busan"),
        ("The yarn came from Dandong's two mills.", "PLACE", "Dandong"),
        ("Buyers in Germany and Japan stopped their orders.", "COUNTRY", "Germany"),
        ("Buyers in Germany and Japan stopped their orders.", "COUNTRY", "Japan"),
        ("The women sew shirts for export.", "PRODUCT", "shirts"),
        ("A report by Human Rights Watch described the site.", "ORG", "Human Rights Watch"),
        ("The Ministry of Labour opened an inquiry.", "ORG", "Ministry of Labour"),
    ],
)
def test_a_named_thing_is_marked_with_its_exact_words(text: str, kind: str, quote: str) -> None:
    """A name is marked as it stands: no article, no possessive ending, no neighbour."""
    assert (kind, quote) in _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "The authorities said nothing.",
        "The Chinese guards shouted.",
        "On Monday in March the unions met.",
        "Factories stood still.",
    ],
)
def test_what_is_no_name_is_not_marked(text: str) -> None:
    """The authorities, the unions, adjectives of nations, dates, generic plurals: no mention."""
    assert _found(text) == set()


def test_a_country_has_its_code_in_the_norm() -> None:
    """The norm of a country is name and ISO code, of a good its entry in the lexicon."""
    norms = {
        m.quote: m.norm for m in read("Wigs made in Viet Nam are sold in Japan.", "en").mentions
    }
    assert norms["Viet Nam"] == "Vietnam, VN"
    assert norms["Wigs"] == "wig"


def test_mentions_do_not_overlap_and_quote_the_text() -> None:
    """Every mention is a stretch of the text, in order, without overlaps."""
    text = (
        "Women at the Harun Bay prison camp sew gloves for Delta Bright Trading Co., Ltd., which "
        "ships them from Port Klang, Malaysia. “Nobody leaves Harun Bay,” said the Harun Bay "
        "Workers’ Watch."
    )
    mentions = read(text, "en").mentions
    assert len(mentions) > 3
    for before, after in pairwise(mentions):
        assert before.end <= after.start
    assert all(text[m.start : m.end] == m.quote for m in mentions)


def test_tokens_cover_every_letter() -> None:
    """No letter or digit is lost between tokens; a possessive ending is a token of its own."""
    text = "O'Smach's 12th Corps, U.S. No. 5 (Hai-Sheng) 3.40"
    assert "".join(TOKEN.findall(text)) == text.replace(" ", "")
    assert TOKEN.findall("Dandong's") == ["Dandong", "'s"]


def test_candidates_grow_with_the_sentence_only() -> None:
    """A sentence of n tokens has at most MOST_PER_TOKEN times n candidates, whatever it says."""
    lists = word_lists(FOLDER, "en")
    for words in ("Prison Camp of the ", "a camp at Ba ", "wigs shirts ", "X & "):
        text = words * 60
        tokens = Splitter(lists).tokens(text, 0, heading=False, number=0)
        spans = candidates(tokens, lists)
        assert spans
        assert len(spans) <= MOST_PER_TOKEN * len(tokens.words)
        assert all(0 <= start < end <= len(tokens.words) for start, end, _ in spans)


def test_time_grows_with_length_only() -> None:
    """Ten times the text takes about ten times as long: nothing is quadratic."""
    spoken = language("en")
    assert spoken is not None
    sentence = "Women in Harun Bay sew gloves at a labour camp for Delta Trading of Malaysia. "
    spent: list[float] = []
    for times in (200, 2_000):
        parts = sentences(sentence * times, spoken)
        began = time.process_time()
        assert len(tag(parts, FOLDER, "en").chosen) >= times
        spent.append(time.process_time() - began)
    assert spent[1] < 30 * spent[0]


def test_the_weights_fit_together() -> None:
    """Each type has a column and a margin; unknown features count for nothing."""
    model = weights("en")
    assert model.rows.shape == (model.row_of.size + 1, 1 + len(TYPES))
    assert len(model.margins) == len(TYPES)
    assert not model.rows[-1].any()
    assert {"the", "of"} & model.common == set() or "camp" in model.common


def test_what_only_the_patterns_see_is_no_mention() -> None:
    """A silent site is kept for the claim rules; of it only the marked places are shown."""
    place = Named(Span(7, 12), MentionType.PLACE, "Harun")
    site = Named(Span(3, 24), MentionType.SITE, "prison_camp", "prison_camp", silent=True)
    good = Named(Span(30, 35), MentionType.PRODUCT, "wig", silent=True)
    named = joined([place], [site, good])
    assert [n.type for n in named] == [MentionType.SITE, MentionType.PRODUCT]
    assert list(shown(named)) == [place]


def test_what_a_pattern_knows_of_a_marked_name_is_kept() -> None:
    """The unit word of a county goes to the place that the tagger marks."""
    marked = Named(Span(0, 7), MentionType.PLACE, "Yonchon")
    seen = Named(Span(0, 7), MentionType.PLACE, "Yonchon", "county", silent=True)
    (named,) = joined([marked], [seen])
    assert named.detail == "county"
    assert not named.silent


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("factories", "factory"),
        ("dishes", "dish"),
        ("boxes", "box"),
        ("glass", "glass"),
        ("wigs", "wig"),
    ],
)
def test_a_plural_loses_its_ending(plural: str, one: str) -> None:
    """Norms are in the singular."""
    assert singular(plural) == one
