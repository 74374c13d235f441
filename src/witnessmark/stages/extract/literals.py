"""Which letters a match of a pattern must hold: strings of which one stands in every match.

Laws:
1. Of the strings that a pattern requires, every match holds one, casefolded; where a pattern
   is not understood, or asks for no letters, nothing is said of it.
2. The answer is a pure function of the pattern; ``METHOD`` changes when the function does.
"""

from __future__ import annotations

import re
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Strings: TypeAlias = frozenset[str]

METHOD = 6
"""Number of this way to take patterns apart: a table made by another is not used."""

MOST_STRINGS = 400
"""Largest set of strings that is spelt out for one stretch of a pattern."""

MOST_SETS = 3
"""Sets of strings that are kept of one pattern, the most telling ones."""

MOST_SIGNS = 8
"""Largest class of signs (``[ae]``) that is spelt out."""

GOOD_LENGTH = 5
"""From this length on a longer string says no more about where a rule may fire."""

_EMPTY: Strings = frozenset({""})
_PARSER: Any = import_module("re._parser")  # the parse tree of a pattern; private, no stub
_NAMED_GROUP = re.compile(r"\(\?P<\w+>")  # the module regex lets two groups share a name
_SET_OF_SETS = re.compile(r"\[\[[^\[\]\\]*\](?:--|&&)\[[^\[\]\\]*\]\]")
_RARE_SIGNS = frozenset("$£€₹¥₩%§–")
_PROPERTY = re.compile(r"\\[pP]\{[^}]*\}")
_ZERO_WIDTH = frozenset({"AT", "ASSERT_NOT"})
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})


def required(pattern: str) -> tuple[Strings, ...]:
    r"""Return sets of strings, casefolded; every match of *pattern* holds one of each set.

    Example:
        >>> [sorted(strings) for strings in required(r"\bthey (?:beat(?:en|ing)?|kicked)")]
        [['they beat', 'they kicked']]
    """
    plain = _SET_OF_SETS.sub(".", _NAMED_GROUP.sub("(?:", pattern))
    plain = _PROPERTY.sub(r"\\w", plain)  # any sign will do: it is no literal
    plain = plain.replace(r"\b?", "")  # says nothing, and the module re refuses it
    try:
        with warnings.catch_warnings():
            # a set operation of the module regex (``[a--b]``) is read as signs by the module re
            warnings.simplefilter("error", FutureWarning)
            tree = _PARSER.parse(plain, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError, FutureWarning):
        return ()  # syntax of the module regex alone
    found = {_shortest(strings) for strings in _usable(_candidates(tree))}
    return tuple(sorted(found, key=_worth, reverse=True)[:MOST_SETS])


def _shortest(strings: Strings) -> Strings:
    """Return *strings* without those that hold another of them."""
    kept: list[str] = []
    for string in sorted(strings, key=lambda string: (len(string), string)):
        if not any(short in string for short in kept):
            kept.append(string)
    return frozenset(kept)


def _usable(found: Iterable[Strings]) -> Iterator[Strings]:
    return (strings for strings in found if strings and all(map(_telling, strings)))


def _best(found: Iterable[Strings]) -> Strings | None:
    return max(_usable(found), key=_worth, default=None)


def _telling(string: str) -> bool:
    """Return whether a string is long enough to be missing from most sentences."""
    letters = string.strip()
    if letters and letters in _RARE_SIGNS:
        return True
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
