"""Fewer searches are asked, and nothing changes by it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessmark.stages.extract.bounded import Search, Stops, compiled, find, find_all
from witnessmark.stages.extract.gate import TABLE, LanguageGate, gate, searches_of, table
from witnessmark.stages.extract.languages import READ
from witnessmark.stages.extract.matching import Surroundings, hits
from witnessmark.stages.extract.rulefile import rules
from witnessmark.store.rulebook import rule_bytes

END = compiled(r"[,;.]", "test")


def test_the_table_is_what_the_rules_give() -> None:
    """The generated file is current: run ``make generate`` after a change of the rules."""
    assert json.loads(rule_bytes(TABLE)) == table()


@pytest.mark.parametrize("code", sorted(READ))
def test_every_search_can_be_compiled(code: str) -> None:
    """A pattern that is none is found here, not when a text first asks it."""
    found = list(searches_of(READ[code]))
    assert len(found) > 100
    for search in found:
        assert search.made().pattern.endswith(search.pattern)


@pytest.mark.parametrize("code", sorted(READ))
def test_every_example_passes_the_gate(code: str) -> None:
    """No rule's own example is kept from it."""
    asked = gate(READ[code])
    for rule in rules(READ[code].folder):
        for _, sentence in rule.examples:
            folded = READ[code].fold(sentence)
            assert rule in asked.possible(asked.mask(folded)) or not list(
                hits(rule, folded, Surroundings(), END, Stops())
            )


WORDS = [
    *("who", "works", "at night,", "fined", "beaten", "locked", "14", "hours", "a", "day"),
    *("camp", "wig", "quota", "passport", "debt", "paid", "said", "a source", "İſK", "ß"),
]


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_a_search_that_matches_is_always_asked(words: list[str]) -> None:
    """What the gate leaves out would not have matched."""
    sentence = " ".join(words)
    stops = Stops(gate=gate(READ["en"]))
    for search in searches_of(READ["en"]):
        if not stops.may_match(search, sentence):
            assert search.search(sentence) is None


def test_a_search_that_is_not_known_is_asked() -> None:
    """A gate speaks of its own searches only."""
    known, other = Search("wig", "test"), Search("wig", "test")
    stops = Stops(gate=LanguageGate([known]))
    assert find(known, "a quota", stops, "known") is None
    assert find(known, "a WIG", stops, "known") is not None
    assert find(other, "a wig", stops, "other") is not None
    assert not stops.may_match(known, "a quota")
    assert stops.may_match(other, "a quota")
    assert not list(find_all(known, "a quota", stops, "known"))
