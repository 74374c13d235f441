"""What the tagger of mentions knows before it reads: classes of words, lists of names.

Laws:
1. A token is a stretch of the sentence; a possessive ending is a token of its own.
2. A list is a hint. That a name stands in one decides nothing.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import regex

from witnessmark.core.errors import InputError
from witnessmark.stages.extract.languages import language
from witnessmark.store.rulebook import load_rules, rule_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

TAGGER_SCHEMA = "witnessmark/extract-tagger/1"
WORLD_SCHEMA = "witnessmark/extract-world/1"
NAMES_SCHEMA = "witnessmark/extract-names/1"
PRODUCTS_SCHEMA = "witnessmark/products/1"

TOKEN = regex.compile(
    r"(?:\p{Lu}\.){2,}|(?:Co|Ltd|Inc|Corp|Bros|Messrs|St|Mr|Mrs|Ms|Dr|No|Sgt|Gen|Col|Lt|Rev|Prof|Sen|Rep|Gov|Jr)\."
    r"|\p{L}+(?:'(?!s\b)\p{L}+|[-/][\p{L}\d]+|&\p{L}+)*|\d+(?:[.,:]\d+)*\p{L}*|'s\b|[^\w\s]"
)
"""A word, an abbreviation, a number, a possessive ending or one sign."""

_INNER_CAPITAL = regex.compile(r"^\p{Ll}+['-]\p{Lu}")
"""d'Ivoire, al-Khaimah: a name with a small particle."""

CAP, DIGIT, LINK, SITE, UNIT, WORD, FUNCTION, MAKE = 1, 2, 4, 8, 16, 32, 64, 128
PLACE_CUE, ORG_CUE = 256, 512
"""Classes of a word, as bits."""

WORDS_KEPT = 60_000
"""Words that are remembered from text to text."""

_SHORTEST_NAME = 4
"""Letters of a gazetteer name; shorter ones are common words too often."""


@dataclass(frozen=True, slots=True)
class WordLists:
    """The lists of one language.

    Attributes:
        classes: name of a class of words to its words, casefolded.
        names: a name as printed to the lists in which it stands.
        norms: the norm of a country or listed organisation.
        products: words of a product form, casefolded and joined by spaces, to its norm.
        product_starts: first word of a product form to the most words of such a form.
    """

    classes: dict[str, frozenset[str]]
    names: dict[str, tuple[str, ...]]
    norms: dict[str, str]
    products: dict[str, str]
    product_starts: dict[str, int]


@cache
def word_lists(folder: str, code: str) -> WordLists:
    """Return the lists of the language *code*."""
    table: dict[str, Any] = load_rules(f"{folder}/tagger.yaml", TAGGER_SCHEMA)
    classes = {
        name: frozenset(text.split())
        for name, text in table.items()
        if isinstance(text, str) and name not in {"schema", "version", "provenance", "code"}
    }
    spoken = language(code)
    fold = spoken.fold if spoken else str
    names: dict[str, dict[str, None]] = {}
    norms: dict[str, str] = {}
    for name, label, norm in (*_listed(folder), *_places(folder), *_gazetteer()):
        folded = fold(name)
        names.setdefault(folded, {})[label] = None
        norms.setdefault(folded, norm)
    products: dict[str, str] = {}
    starts: dict[str, int] = {}
    for row in load_rules("products/products.yaml", PRODUCTS_SCHEMA)["products"]:
        for form in row[code]:
            words = [word.casefold() for word in TOKEN.findall(fold(form))]
            products.setdefault(" ".join(words), row["norm"])
            starts[words[0]] = max(starts.get(words[0], 0), len(words))
    return WordLists(
        classes, {name: tuple(labels) for name, labels in names.items()}, norms, products, starts
    )


def _listed(folder: str) -> Iterator[tuple[str, str, str]]:
    for file, label in (("countries", "country"), ("organisations", "org")):
        for row in load_rules(f"{folder}/{file}.yaml", NAMES_SCHEMA)["names"]:
            for form in row["forms"]:
                yield form, label, row["norm"]


def _places(folder: str) -> Iterator[tuple[str, str, str]]:
    for country, joined in load_rules(f"{folder}/world.yaml", WORLD_SCHEMA)["places"].items():
        for name in joined.split("; "):
            yield name, "place", f"{name}, {country}" if country else name


def _gazetteer() -> Iterator[tuple[str, str, str]]:
    try:
        content = rule_bytes("gazetteer/places.csv").decode()
    except InputError:
        return
    for row in csv.DictReader(line for line in io.StringIO(content) if not line.startswith("#")):
        if row["kind"] == "country":
            continue
        for name in (row["latin"], *row["variants"].split(";")):
            bare = name.partition(" (")[0].strip()
            if bare.isascii() and bare[:1].isupper() and len(bare) >= _SHORTEST_NAME:
                yield bare, "place", bare


def classed(word: str, lists: WordLists) -> int:
    """Return the classes of *word* as bits."""
    low = word.casefold()
    one, tail = singular(low), low.rpartition("-")[2]
    classes = lists.classes
    function = low in classes["function_words"]
    capital = word[0].isupper() and (not function or (word.isupper() and len(word) > 1))
    capital = capital or _INNER_CAPITAL.search(word) is not None
    site = not classes["site_heads"].isdisjoint((low, one, singular(tail)))
    unit = low in classes["place_units"]
    marks = (
        (FUNCTION, function),
        (CAP, capital),
        (DIGIT, word[0].isdigit()),
        (LINK, low in classes["connectors"] and not capital),
        (WORD, word[0].isalpha()),
        (SITE, site),
        (UNIT, unit),
        (MAKE, low in classes["make_words"]),
        (PLACE_CUE, site or unit or not classes["place_cues"].isdisjoint((low, tail))),
        (
            ORG_CUE,
            low in classes["organisation_cues"] or low.rstrip(".") in classes["organisation_heads"],
        ),
    )
    return sum(bit for bit, holds in marks if holds)


def singular(word: str) -> str:
    """Return an English noun without its plural ending.

    Example:
        >>> singular("factories"), singular("brickworks"), singular("shirts")
        ('factory', 'brickwork', 'shirt')
    """
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004 - "ties", "dies"
        return word[:-3] + "y"
    if word.endswith(("shes", "ches", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
