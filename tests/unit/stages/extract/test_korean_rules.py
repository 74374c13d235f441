"""Every Korean rule against its own examples and counter-examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from witnessmark.stages.extract.bounded import Stops
from witnessmark.stages.extract.korean import KOREAN
from witnessmark.stages.extract.matching import Surroundings, hits
from witnessmark.stages.extract.mentions import mentions
from witnessmark.stages.extract.rulefile import Rule, rules
from witnessmark.stages.extract.segment import sentences
from witnessmark.stages.extract.stance import stance
from witnessmark.stages.extract.values import values_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from witnessmark.core.span import Span

RULES = rules(KOREAN.folder)


def fired(rule: Rule, before: str, text: str) -> Iterator[tuple[object, Span]]:
    stops = Stops()
    parts = sentences(text, KOREAN)
    named = mentions(parts, KOREAN, stops)
    ends = stance(KOREAN.folder).clause_ends
    for part in parts:
        local = [
            type(n)(n.span.shifted(-part.span.start), n.type, n.norm, n.detail)
            for n in named
            if part.span.contains(n.span)
        ]
        around = Surroundings(part.folded, KOREAN.fold(before), None)
        for hit in hits(rule, part.folded, around, ends, stops):
            for value, _, quote in values_of(
                rule,
                hit,
                part.folded,
                local,
                hit.quote.of(part.folded),
                KOREAN.numbers,
                narrow=True,
                container="",
                folder=KOREAN.folder,
                stops=stops,
            ):
                yield value, quote.shifted(part.span.start)
    assert not stops.names


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_finds_its_examples_and_spares_its_counter(rule: Rule) -> None:
    """A rule fires on each example with words of it, and on no counter-example."""
    assert rule.examples
    assert rule.counter
    for before, text in rule.examples:
        found = list(fired(rule, before, text))
        assert found, text
        assert all(quote.of(text).strip() for _, quote in found)
    for before, text in rule.counter:
        assert not list(fired(rule, before, text)), text


def test_every_value_is_english() -> None:
    """Values are short English phrases, whatever the language of the quote."""
    for rule in RULES:
        if rule.value != "@quote":
            assert rule.value.isascii(), rule.id
            assert len(rule.value) < 100, rule.id


def test_rules_of_ordinary_words_ask_for_a_cue() -> None:
    """A rule without a context of the document asks for cues in its sentence, or names

    counter-cues, unless its own words name detention or the state's coercion.
    """
    bare = {rule.id for rule in RULES if not (rule.context or rule.needs or rule.unless)}
    allowed = ("ko.located", "ko.kind", "ko.political", "ko.strike", "ko.economic_mobilisation")
    assert {name for name in bare if not name.startswith(allowed)} <= {"ko.site.kiln"}
