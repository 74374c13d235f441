"""Whether two printed names mean the same: a score with its reasons.

Laws:
1. A score carries its reasons; 0.5 is the decision line, and no score merges anything.
2. The order of the two names, of calls, and what a cache holds never change a score.
3. Numbers must agree: Camp 12 is not Camp 15, whatever the rest looks like.
4. A legal form never makes two names alike; a different kind of site sets them apart.
5. Scripts meet by sound, and by the meanings of the glossary; nothing else is translated.
6. Names of two kinds of thing are compared by the rules of the kind that is asked for;
   a kind that is not given is told from the words, and the answer does not hide that.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from witnessmark.core.errors import InputError
from witnessmark.stages.identify.names_alphabet import compare_letters
from witnessmark.stages.identify.names_company import compare_companies
from witnessmark.stages.identify.names_kind import kind_of
from witnessmark.stages.identify.names_model import score
from witnessmark.stages.identify.names_person import person
from witnessmark.stages.identify.names_place import compare_addresses, compare_places, compare_sites
from witnessmark.stages.identify.names_signs import compare_across, compare_signs
from witnessmark.stages.identify.names_text import fold

if TYPE_CHECKING:
    from collections.abc import Callable

Evidence: TypeAlias = tuple[str, dict[str, float], list[str]]
"""The model to weigh with, the features, the reasons."""

DECISION = 0.5
KINDS = ("person", "company", "place", "site")


def compare_persons(left: str, right: str) -> Evidence:
    """Return the model to weigh with, the features and the reasons of two personal names."""
    mine, other = person(left), person(right)
    if mine.signs and other.signs:
        return compare_signs(mine, other)
    if mine.signs:
        return compare_across(mine, other)
    if other.signs:
        return compare_across(other, mine)
    return compare_letters(mine, other)


_COMPARE: dict[str, Callable[[str, str], Evidence]] = {
    "person": compare_persons,
    "company": compare_companies,
    "place": compare_places,
    "site": compare_sites,
    "address": compare_addresses,
}


@dataclass(frozen=True, slots=True)
class NameComparison:
    """How alike two names are.

    Attributes:
        left: first name as printed.
        right: second name as printed.
        score: 0..1; 0.5 is the decision line.
        reasons: why, one phrase each.
    """

    left: str
    right: str
    score: float
    reasons: tuple[str, ...]


def compare_names(left: str, right: str, kind: str | None = None) -> NameComparison:
    """Return how alike *left* and *right* are, with reasons.

    Args:
        left: a name, in any script.
        right: another.
        kind: ``person``, ``company``, ``place`` or ``site``; a site's address follows its
            name after a comma. None: told from the words.

    Raises:
        InputError: *kind* is none of the four.

    Example:
        >>> compare_names("Camp 12", "Camp 15", "site").score < 0.5
        True
    """
    if kind and kind not in KINDS:
        raise InputError(
            f"a name cannot be of kind {kind!r}", where="kind", to_do=f"use {', '.join(KINDS)}"
        )
    if not left.strip() or not right.strip():
        return NameComparison(left, right, 0.0, ("one of the names is empty",))
    if left == right or _bare(left) == _bare(right):
        return NameComparison(left, right, 1.0, ("the names are the same, letter for letter",))
    told = kind or kind_of(*sorted((left, right)))
    model, features, reasons = evidence(left, right, told)
    return NameComparison(left, right, round(score(model, features), 4), tuple(reasons))


def evidence(left: str, right: str, kind: str) -> Evidence:
    """Return what speaks for and against, before it is weighed; the order of names is nothing.

    The fitting tool reads the features here.
    """
    return _COMPARE[kind](left, right) if left <= right else _COMPARE[kind](right, left)


@lru_cache(maxsize=65_536)
def _bare(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split()) or fold(name)
