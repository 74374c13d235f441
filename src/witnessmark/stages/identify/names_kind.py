"""What kind of name a name is, told from its words alone.

Laws:
1. A legal form or a word of trade makes a firm; a kind of site makes a site; a street and
   a number make an address; a listed place makes a place; what is left is a person.
2. Two names are one kind: the kind that either shows, in that order.
"""

from __future__ import annotations

from functools import lru_cache

from witnessmark.stages.identify.names_place import UNITS, place
from witnessmark.stages.identify.names_words import Words, site_class, taken_apart

REMEMBERED = 65_536
MOST_WORDS = 5
_SITES = frozenset({"camp", "prison", "detention"})
_COUNTRIES_AND_STOPS = UNITS | {
    "the",
    "one",
    "youth",
    "first",
    "gold",
    "sun",
    "star",
    "river",
    "sons",
}


@lru_cache(maxsize=REMEMBERED)
def _kind(name: str) -> str:
    words = taken_apart(name)
    meanings = {m for w in words.words for m in w.meanings}
    if "street" in meanings and words.numbers and len(words.words) > 2:  # noqa: PLR2004 - a street, a number and a name
        return "address"
    if words.legal:
        return "company"
    found = site_class(words)
    if found in _SITES or (found and "," in name):
        return "site"
    if place(name).ids or (meanings and meanings <= UNITS and len(words.words) <= 3):  # noqa: PLR2004 - a name and its unit
        return "place"
    if meanings - _COUNTRIES_AND_STOPS or words.numbers:
        return "company"
    return "person" if _personal(words) else "name"


def _personal(words: Words) -> bool:
    if len(words.words) > MOST_WORDS:
        return False
    if any(not w.text.isascii() for w in words.words):
        return sum(len(w.text) for w in words.words) <= MOST_WORDS
    return len(words.words) > 1


@lru_cache(maxsize=REMEMBERED)
def kind_of(left: str, right: str) -> str:
    """Return the kind of two names that are compared.

    Example:
        >>> kind_of("Example Trading Co., Ltd.", "Example Trading")
        'company'
    """
    kinds = (_kind(left), _kind(right))
    for kind in ("address", "company", "site"):
        if kind in kinds:
            return kind
    if "place" in kinds:
        return "place" if kinds[0] == kinds[1] or "person" not in kinds else "person"
    return "person" if "person" in kinds else "company"
