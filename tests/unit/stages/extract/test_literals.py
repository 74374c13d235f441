"""Fewer rules are asked, and nothing changes by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessmark.stages.extract.bounded import Stops, compiled
from witnessmark.stages.extract.literals import prefilter, required
from witnessmark.stages.extract.matching import Surroundings, hits
from witnessmark.stages.extract.rulefile import rules

END = compiled(r"[,;.]", "test")


@pytest.mark.parametrize(
    ("pattern", "strings"),
    [
        (r"\b(?:beat(?:en|ing)?|kicked) by", {"beat by", "beaten by", "beating by", "kicked by"}),
        (r"\d+ hours?", {" hour", " hours"}),
        (r"(?P<a>x)|(?P<a>y)", None),
        (r"[^.]{3,}", None),
        (r"(?=.*passport)\w+", {"passport"}),
        (r"(?:locked )?gr[ae]y", {"grey", "gray", "locked grey", "locked gray"}),
        (r"\p{Hangul}+ 일", None),
    ],
)
def test_required_strings(pattern: str, strings: set[str] | None) -> None:
    """Of the strings that a pattern requires, every match holds one; none where unknown."""
    found = required(pattern)
    assert (None if found is None else set(found)) == strings


@pytest.mark.parametrize("folder", ["extract/en", "extract/ko"])
def test_every_example_passes_the_prefilter(folder: str) -> None:
    """No rule's own example is kept from it."""
    gate = prefilter(folder)
    for rule in rules(folder):
        for _, sentence in rule.examples:
            assert any(rule is asked for asked in gate.possible(sentence)) or not list(
                hits(rule, sentence, Surroundings(), END, Stops())
            )


WORDS = [
    *("who", "works", "at", "night,", "fined", "beaten", "locked", "14", "hours", "a", "day"),
    *("camp", "wig", "quota", "passport", "debt", "paid", "\u0130\u017fK"),
]


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_a_rule_that_fires_is_always_asked(words: list[str]) -> None:
    """What the prefilter leaves out would not have fired."""
    sentence = " ".join(words)
    asked = {rule.id for rule in prefilter("extract/en").possible(sentence)}
    for rule in rules("extract/en"):
        if rule.id not in asked:
            assert not list(hits(rule, sentence, Surroundings(), END, Stops()))
