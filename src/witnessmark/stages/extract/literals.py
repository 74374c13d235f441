"""Which rules can fire in a sentence at all: those whose words stand in it.

From the pattern of every rule the stretches of letters are taken of which a match must
hold at least one; one automaton (Aho-Corasick) finds all of them in a sentence in one
pass, and only the rules of which none is missing are asked.

Laws:
1. A rule that could fire is always asked: where a pattern is not understood, or asks for
   no letters, its rule is asked about every sentence.
2. The answer is in the order of the rules: asking fewer changes no result.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

import ahocorasick_rs

from witnessmark.stages.extract.rulefile import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from witnessmark.stages.extract.rulefile import Rule

Strings: TypeAlias = frozenset[str]

MOST_STRINGS = 400
"""Largest set of strings that is spelt out for one stretch of a pattern."""

MOST_SIGNS = 8
"""Largest class of signs (``[ae]``) that is spelt out."""

GOOD_LENGTH = 5
"""From this length on a longer string says no more about where a rule may fire."""

_EMPTY: Strings = frozenset({""})
_PARSER: Any = import_module("re._parser")  # the parse tree of a pattern; private, no stub
_NAMED_GROUP = re.compile(r"\(\?P<\w+>")  # the module regex lets two groups share a name
_ZERO_WIDTH = frozenset({"AT", "ASSERT_NOT"})
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})


def required(pattern: str) -> Strings | None:
    r"""Return strings of which every match of *pattern* holds one, casefolded, or None.

    Example:
        >>> sorted(required(r"\b(?:beat(?:en|ing)?|kicked) by"))
        ['beat by', 'beaten by', 'beating by', 'kicked by']
    """
    try:
        tree = _PARSER.parse(_NAMED_GROUP.sub("(?:", pattern), re.IGNORECASE)
    except (re.error, OverflowError, RecursionError):
        return None  # syntax of the module regex alone
    return _best(_candidates(tree))


def _best(found: Iterable[Strings]) -> Strings | None:
    usable = [strings for strings in found if strings and all(map(_telling, strings))]
    return max(usable, key=_worth, default=None)


def _telling(string: str) -> bool:
    """Return whether a string is long enough to be missing from most sentences."""
    letters = string.strip()
    return len(letters) > 1 or (letters != "" and ord(letters) > 0x2E80)  # noqa: PLR2004 - first sign of the scripts of East Asia


def _worth(strings: Strings) -> tuple[int, int, tuple[str, ...]]:
    shortest = min(len(string.strip()) for string in strings)
    return min(shortest, GOOD_LENGTH), -len(strings), tuple(sorted(strings))


def _candidates(tree: Any) -> Iterator[Strings]:  # noqa: ANN401 - a tree of re._parser
    """Yield sets of strings of which each match of *tree* must hold one."""
    run = _EMPTY
    for operation, argument in tree:
        exact = _exact(operation, argument)
        grown = None if exact is None else _joined(run, exact)
        if grown is not None:
            run = grown
            if str(operation) == "ASSERT":
                yield from _candidates(argument[1])
            continue
        yield run
        run = _EMPTY if exact is None else exact
        if exact is None:
            inner = _inner(operation, argument)
            if inner is not None:
                yield inner
    yield run


def _inner(operation: Any, argument: Any) -> Strings | None:  # noqa: ANN401 - re._parser
    """Return what one element, not spelt out as a whole, must hold."""
    name = str(operation)
    if name == "SUBPATTERN":
        return _best(_candidates(argument[3]))
    if name == "ATOMIC_GROUP":
        return _best(_candidates(argument))
    if name in _REPEATS and argument[0] > 0:
        return _best(_candidates(argument[2]))
    if name == "BRANCH":
        parts = [_best(_candidates(branch)) for branch in argument[1]]
        known = [part for part in parts if part is not None]
        if len(known) == len(parts):
            return frozenset().union(*known)
    return None


def _exact(operation: Any, argument: Any) -> Strings | None:  # noqa: ANN401, PLR0911 - re._parser, a case a line
    """Return all strings that one element can match, or None where they are too many."""
    name = str(operation)
    if name == "LITERAL":
        return frozenset({chr(argument).casefold()})
    if name in _ZERO_WIDTH or name == "ASSERT":
        return _EMPTY
    if name == "IN":
        signs = [value for kind, value in argument if str(kind) == "LITERAL"]
        if len(signs) == len(argument) <= MOST_SIGNS:
            return frozenset(chr(sign).casefold() for sign in signs)
        return None
    if name == "SUBPATTERN":
        return _spelt(argument[3])
    if name == "BRANCH":
        return _either([_spelt(branch) for branch in argument[1]])
    if name in _REPEATS and argument[:2] == (0, 1):
        return _either([_EMPTY, _spelt(argument[2])])
    return None


def _spelt(tree: Any) -> Strings | None:  # noqa: ANN401 - a tree of re._parser
    run = _EMPTY
    for operation, argument in tree:
        exact = _exact(operation, argument)
        grown = None if exact is None else _joined(run, exact)
        if grown is None:
            return None
        run = grown
    return run


def _joined(left: Strings, right: Strings) -> Strings | None:
    if len(left) * len(right) > MOST_STRINGS:
        return None
    return frozenset(a + b for a in left for b in right)


def _either(parts: list[Strings | None]) -> Strings | None:
    known = [part for part in parts if part is not None]
    union: Strings = frozenset().union(*known)
    return union if len(known) == len(parts) and len(union) <= MOST_STRINGS else None


class Prefilter:
    """Finds the rules that can fire in a sentence."""

    def __init__(self, every: tuple[Rule, ...]) -> None:
        """Take the patterns of *every* rule apart."""
        self._rules = every
        self._needed: list[int] = []
        slots_of: dict[str, set[int]] = {}
        self._rule_of: list[int] = []
        for number, rule in enumerate(every):
            asked = 0
            for pattern in (*rule.patterns, *(() if rule.paragraph else rule.needs)):
                strings = required(pattern.pattern)
                if strings is None:
                    continue
                for string in strings:
                    slots_of.setdefault(string, set()).add(len(self._rule_of))
                self._rule_of.append(number)
                asked += 1
            self._needed.append(asked)
        self._always = [number for number, asked in enumerate(self._needed) if not asked]
        words = sorted(slots_of)
        self._slots = [tuple(slots_of[word]) for word in words]
        self._words = ahocorasick_rs.AhoCorasick(words) if words else None

    def possible(self, sentence: str) -> list[Rule]:
        """Return, in their order, the rules that the folded *sentence* may fire."""
        if self._words is None:
            return list(self._rules)
        found = self._words.find_matches_as_indexes(sentence.casefold(), overlapping=True)
        slots: set[int] = set()
        for word in {match[0] for match in found}:
            slots.update(self._slots[word])
        met: dict[int, int] = {}
        for slot in slots:
            rule = self._rule_of[slot]
            met[rule] = met.get(rule, 0) + 1
        numbers = [number for number, times in met.items() if times == self._needed[number]]
        return [self._rules[number] for number in sorted([*numbers, *self._always])]


@cache
def prefilter(folder: str) -> Prefilter:
    """Return the prefilter of the claim rules of the language *folder*."""
    return Prefilter(rules(folder))
