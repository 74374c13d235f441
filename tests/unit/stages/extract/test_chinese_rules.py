"""Every Chinese rule against its own examples and counter-examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from witnessmark.stages.extract.bounded import Stops
from witnessmark.stages.extract.chinese import CHINESE
from witnessmark.stages.extract.literals import required
from witnessmark.stages.extract.matching import Surroundings, hits
from witnessmark.stages.extract.rulefile import Rule, rules
from witnessmark.stages.extract.stance import stance

if TYPE_CHECKING:
    from witnessmark.stages.extract.matching import Hit

RULES = rules(CHINESE.folder)


def fired(rule: Rule, before: str, text: str) -> list[Hit]:
    stops = Stops()
    around = Surroundings("", CHINESE.fold(before), None)
    found = list(hits(rule, CHINESE.fold(text), around, stance(CHINESE.folder).clause_ends, stops))
    assert not stops.names
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_finds_its_examples_and_spares_its_counter(rule: Rule) -> None:
    """A rule fires on each example with words of it, and on no counter-example."""
    assert rule.examples
    assert rule.counter
    for before, text in rule.examples:
        found = fired(rule, before, text)
        assert found, text
        assert all(hit.quote.of(text).strip() for hit in found)
    for before, text in rule.counter:
        assert not fired(rule, before, text), text


def test_every_rule_has_words_that_it_needs() -> None:
    """No rule is asked about every sentence: each has letters without which it cannot fire."""
    assert [rule.id for rule in RULES if not any(required(p.pattern) for p in rule.patterns)] == []


def test_every_value_is_english() -> None:
    """Values are short English phrases, whatever the language of the quote."""
    for rule in RULES:
        if rule.value != "@quote":
            assert rule.value.isascii(), rule.id
            assert len(rule.value) < 100, rule.id


def test_rules_of_ordinary_words_ask_for_a_context() -> None:
    """Only the rules of the state's coercion, which name it themselves, go without one."""
    assert {rule.id for rule in RULES if not rule.context} == {
        "zh.c105.political",
        "zh.c105.discipline",
        "zh.c105.strike",
        "zh.c105.discrimination",
    }
