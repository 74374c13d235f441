"""What sort of thing the subject of a claim is, told from its words.

Laws:
1. People who are held, and persons of whom nothing else is known, are protected.
2. A subject that speaks of a kind ("labour camps") is no named site.
3. The photographed facility is its own sort, whatever a text says beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from witnessmark.core.claim import PHOTOGRAPHED
from witnessmark.store.rulebook import load_rules

SCHEMA = "witnessmark/actors/1"


class Sort(StrEnum):
    """Sort of a subject."""

    PHOTOGRAPHED = "photographed"
    NAMED_SITE = "named site"
    GENERIC_SITE = "generic site"
    HELD = "people held"
    PEOPLE = "people"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class _Words:
    facilities: tuple[re.Pattern[str], ...]
    held: tuple[re.Pattern[str], ...]
    people: tuple[re.Pattern[str], ...]
    generic: frozenset[str]


def _pattern(words: list[str], *, spaced: bool) -> re.Pattern[str]:
    longest = sorted((re.escape(word) for word in words), key=lambda w: (-len(w), w))
    body = "|".join(longest) or "(?!)"
    return re.compile(rf"\b(?:{body})s?\b" if spaced else f"(?:{body})", re.IGNORECASE)


@cache
def _words() -> _Words:
    data: dict[str, Any] = load_rules("identify/actors.yaml", SCHEMA)

    def patterns(name: str) -> tuple[re.Pattern[str], ...]:
        return tuple(
            _pattern([str(w) for w in words], spaced=lang == "en")
            for lang, words in sorted(data[name].items())
        )

    generic = frozenset(str(w).lower() for words in data["generic"].values() for w in words)
    return _Words(patterns("facilities"), patterns("held"), patterns("people"), generic)


def _last(patterns: tuple[re.Pattern[str], ...], text: str) -> tuple[int, str]:
    """Return end and words of the last match in *text*; (-1, "") where there is none."""
    found = [(m.end(), m[0]) for pattern in patterns for m in pattern.finditer(text)]
    return max(found, key=lambda each: (each[0], len(each[1]))) if found else (-1, "")


_HEAD_ENDS = re.compile(r" (?:in|at|of|from|near|for|with) ")


def _head(text: str) -> str:
    """Return the part of an English phrase before its first preposition."""
    return _HEAD_ENDS.split(text, maxsplit=1)[0]


def facility_in(text: str) -> str:
    """Return the word for a facility that *text* holds, else an empty string.

    Example:
        >>> facility_in("labour camp in Yonchon")
        'labour camp'
    """
    facilities = _words().facilities
    return _last(facilities, _head(text))[1] or _last(facilities, text)[1]


def sort_of(subject: str, *, located: bool, site_named: bool) -> Sort:
    """Return what sort of thing *subject* is.

    Args:
        subject: the subject of a claim, or the words of a site mention.
        located: whether some claim says where it lies.
        site_named: whether a site mention has the same words.

    Example:
        >>> sort_of("prisoners in the labour camp", located=False, site_named=False)
        <Sort.HELD: 'people held'>
    """
    words = _words()
    if subject == PHOTOGRAPHED:
        return Sort.PHOTOGRAPHED
    head = _head(subject)
    ends = {
        Sort.HELD: _last(words.held, head)[0],
        Sort.PEOPLE: _last(words.people, head)[0],
        Sort.GENERIC_SITE: _last(words.facilities, head)[0],
    }
    best = max(ends.values())
    for sort in (Sort.HELD, Sort.PEOPLE):
        if ends[sort] == best and best > 0:
            return sort
    facility = ends[Sort.GENERIC_SITE] > 0
    if subject.lower() in words.generic:
        return Sort.GENERIC_SITE
    if located or ((site_named or facility) and is_named(subject)):
        return Sort.NAMED_SITE
    return Sort.GENERIC_SITE if facility else Sort.OTHER


def is_named(words: str) -> bool:
    """Return whether *words* for a site hold a name beside the kind of site.

    A capital inside the phrase is a name in Latin script; in Korean and Chinese, whatever
    stands before the facility word.

    Example:
        >>> is_named("Kaechon Prison Camp"), is_named("Labour camps"), is_named("전거리교화소")
        (True, False, True)
    """
    if words.lower() in _words().generic:
        return False
    if words.isascii() or not re.search(r"[가-힣一-鿿]", words):
        rest = facility_free(words)
        return any(word[:1].isupper() for word in re.findall(r"[^\W\d_][\w'’-]*", rest))
    rest = facility_free(words)
    return bool(re.search(r"[가-힣一-鿿A-Za-z0-9]{2,}", rest))


def facility_free(words: str) -> str:
    """Return *words* without the words for a facility."""
    for pattern in _words().facilities:
        words = pattern.sub(" ", words)
    return words
