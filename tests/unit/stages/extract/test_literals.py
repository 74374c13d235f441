"""What a pattern requires, every match of it holds."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from witnessmark.stages.extract.bounded import FLAGS
from witnessmark.stages.extract.literals import MOST_SETS, required


@pytest.mark.parametrize(
    ("pattern", "sets"),
    [
        (r"\b(?:beat(?:en|ing)?|kicked) by", [{"beat by", "beaten by", "beating by", "kicked by"}]),
        (r"\d+ hours?", [{" hour"}]),
        (r"(?P<a>x)|(?P<a>y)", []),
        (r"[^.]{3,}", []),
        (r"(?=.*passport)\w+", [{"passport"}]),
        (r"(?:locked )?gr[ae]y", [{"grey", "gray"}]),
        (
            r"works? \d+ (?:hours|days) a week",
            [{"work ", "works "}, {" hours a week", " days a week"}],
        ),
        (r"\p{Hangul}+ 일", [{" 일"}]),
        (r"[[一-龥]--[的在]]{2,4}工厂", [{"工厂"}]),
        (r"[[a-z]--[aeiou]]+(?:[[a-z]&&[^x]])qq", [{"qq"}]),
        (r"[\p{L}--[aeiou]]{2}zz", []),
    ],
)
def test_required_strings(pattern: str, sets: list[set[str]]) -> None:
    """A match of a pattern holds one string of each set; none where the pattern is not clear."""
    found = [set(strings) for strings in required(pattern)]
    assert sorted(map(sorted, found)) == sorted(map(sorted, sets))
    assert len(found) <= MOST_SETS


PIECES = [
    *("who", " works", " at night", r"\w+", r"\d{1,3}", "(?:fined|beaten)", "(?:a|an)? ", "[ae]"),
    *(".{0,9}?", "(?:locked(?: up)?|held)", r"\s", "(?!x)", "(?<=t)", "s?", "(?:ab|cd)+", "|"),
]
SIGNS = ["who", " works", " at night", "14", "fined", "beaten", "a ", "e", "locked up", "held", "t"]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6), st.lists(st.sampled_from(SIGNS)))
def test_a_match_holds_what_is_required(pieces: list[str], signs: list[str]) -> None:
    """Where a pattern matches a text, the text holds one string of each required set."""
    pattern, text = "".join(pieces), "".join(signs)
    if regex.search(pattern, text, FLAGS):
        for strings in required(pattern):
            assert any(string in text.casefold() for string in strings)
