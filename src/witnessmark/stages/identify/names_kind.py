"""What kind of name a name is, told from its words alone.

Laws:
1. A legal form or a word of trade makes a firm; a kind of site makes a site; a street and
   a number make an address; a listed place makes a place; what is left is a person, but for
   one word in letters beside signs, which is a place.
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
    found = site_class(words)
    if found and "," in name and not any(c.isdigit() for c in name.partition(",")[0]):
        return "site"
    if "street" in meanings and words.numbers and len(words.words) > 2:  # noqa: PLR2004 - a street, a number and a name
        return "address"
    if words.legal:
        return "company"
    if found in _SITES or (found and "," in name):
        return "site"
    return _named(name, words, meanings)


def _named(name: str, words: Words, meanings: set[str]) -> str:
    """Return the kind of a name without a legal form and without a kind of site."""
    units = bool(meanings) and meanings <= UNITS and len(words.words) <= 3  # noqa: PLR2004 - a name and its unit
    if units or place(name).ids:
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
    if "name" in kinds and "person" in kinds:
        signed = left if kinds[0] == "person" else right
        return "person" if signed.isascii() else "place"
    return "person" if "person" in kinds else "company"
