"""Every claim rule holds to its own examples."""

from __future__ import annotations

import pytest

from witnessmark.stages.extract.bounded import Stops
from witnessmark.stages.extract.languages import language
from witnessmark.stages.extract.matching import Surroundings, hits
from witnessmark.stages.extract.rulefile import Rule, rules
from witnessmark.stages.extract.stance import stance

CASES = [(code, rule) for code in ("en",) for rule in rules(f"extract/{code}")]


@pytest.mark.parametrize(("code", "rule"), CASES, ids=[rule.id for _, rule in CASES])
def test_a_rule_matches_its_examples_and_not_its_counters(code: str, rule: Rule) -> None:
    """A rule fires on each example and on no counter-example, and has an example at all."""
    spoken = language(code)
    assert spoken is not None
    ends = stance(spoken.folder).clause_ends
    assert rule.examples
    for wanted, pairs in ((True, rule.examples), (False, rule.counter)):
        for before, text in pairs:
            folded = spoken.fold(text)
            around = Surroundings(folded, spoken.fold(before), None)
            stops = Stops()
            assert bool(list(hits(rule, folded, around, ends, stops))) is wanted, text
            assert not stops.names
