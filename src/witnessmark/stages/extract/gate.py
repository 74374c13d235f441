"""Which searches can match in a text at all: those of which the words stand in it.

Every pattern of a language is known by sets of strings; a match holds one of each set
(``literals``). One automaton (Aho-Corasick) finds all of them in a sentence in one pass, and
only the searches of which one is there are asked.

Laws:
1. A search that could match is always asked: where its pattern is not understood, or asks
   for no letters, it is asked about every text.
2. Rules come out in the order of the rules: asking fewer changes no result.
3. The strings come from ``rules/extract/literals.json`` (``make generate``); a pattern that
   the file lacks is taken apart on the spot, so that an old file is slow and never wrong.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import ahocorasick_rs

from witnessmark.core.canonical import sha256_hex
from witnessmark.stages.extract.attribution import grammar
from witnessmark.stages.extract.bounded import Search
from witnessmark.stages.extract.features import whole_signs
from witnessmark.stages.extract.goods import goods_words
from witnessmark.stages.extract.languages import READ
from witnessmark.stages.extract.literals import METHOD, required
from witnessmark.stages.extract.mentions import lexicon
from witnessmark.stages.extract.photograph import photo_words
from witnessmark.stages.extract.rulefile import Rule, rules
from witnessmark.stages.extract.sites import site_words
from witnessmark.stages.extract.stance import stance
from witnessmark.store.rulebook import rule_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from witnessmark.stages.extract.language import Language

TABLE = "extract/literals.json"
"""The strings of every pattern, made by ``make generate``."""

KEY = 16
"""Hex digits of a pattern's SHA-256 that stand for it in the table."""


class LanguageGate:
    """The gate of one language."""

    def __init__(self, searches: Iterable[Search], every: tuple[Rule, ...] = ()) -> None:
        """Know *searches* and the claim rules *every* by their strings."""
        self.bits: dict[Search, int] = {}
        masks: dict[str, int] = {}
        bit = 1
        for search in searches:
            if search in self.bits:
                continue
            for strings in strings_of(search):
                self.bits[search] = self.bits.get(search, 0) | bit
                for string in strings:
                    masks[string] = masks.get(string, 0) | bit
                bit <<= 1
        words = sorted(masks)
        self._masks = [masks[word] for word in words]
        self._words = ahocorasick_rs.AhoCorasick(words)
        self._rules = [(rule, self._all(rule)) for rule in every]
        self._by_contexts: dict[frozenset[str], list[tuple[Rule, int]]] = {}

    def _all(self, rule: Rule) -> int:
        """Return the bits of all that *rule* needs in its sentence to fire."""
        bits = 0
        for search in (*rule.patterns, *(() if rule.paragraph else rule.needs)):
            bits |= self.bits.get(search, 0)
        return bits

    def mask(self, text: str) -> int:
        """Return the bits of the known searches that *text* may match."""
        masks, found = self._masks, 0
        folded = whole_signs(text.casefold())
        for word in {
            match[0] for match in self._words.find_matches_as_indexes(folded, overlapping=True)
        }:
            found |= masks[word]
        return found

    def possible(self, mask: int, contexts: frozenset[str] | None = None) -> list[Rule]:
        """Return, in their order, the rules that a sentence with this *mask* may fire.

        Args:
            mask: of which bits the words stand in the sentence.
            contexts: those that hold in its document, None for all.
        """
        rules = self._rules if contexts is None else self._within(contexts)
        return [rule for rule, needed in rules if needed & mask == needed]

    def _within(self, contexts: frozenset[str]) -> list[tuple[Rule, int]]:
        """Return the rules that ask for no other contexts, each with the bits that it needs."""
        known = self._by_contexts.get(contexts)
        if known is None:
            known = [pair for pair in self._rules if contexts.issuperset(pair[0].context)]
            self._by_contexts[contexts] = known
        return known


def strings_of(search: Search) -> tuple[tuple[str, ...], ...]:
    """Return sets of strings of which every match of *search* holds one each."""
    known = _table().get(key_of(search.pattern))
    if known is not None:
        return known
    return tuple(tuple(sorted(strings)) for strings in required(search.pattern))


def key_of(pattern: str) -> str:
    """Return what stands for *pattern* in the table."""
    return sha256_hex(pattern.encode("utf-8", "surrogatepass"))[:KEY]


@cache
def _table() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    content = json.loads(rule_bytes(TABLE))
    if content["method"] != METHOD:
        return {}
    words = content["words"]
    return {
        key: tuple(tuple(words[at] for at in strings) for strings in sets)
        for key, sets in content["searches"].items()
    }


def table() -> dict[str, Any]:
    """Return the content of the table, made anew from the rule files of every language."""
    sets: dict[str, list[list[str]]] = {}
    for spoken in READ.values():
        for search in searches_of(spoken):
            found = required(search.pattern)
            sets[key_of(search.pattern)] = [sorted(strings) for strings in found]
    words = sorted({word for lists in sets.values() for strings in lists for word in strings})
    place = {word: at for at, word in enumerate(words)}
    return {
        "method": METHOD,
        "words": words,
        "searches": {
            key: [[place[word] for word in strings] for strings in sets[key]]
            for key in sorted(sets)
        },
    }


def searches_of(language: Language) -> Iterator[Search]:
    """Yield every search of *language* that is asked about a text or a part of it."""
    folder = language.folder
    for value in (
        rules(folder),
        grammar(folder),
        stance(folder),
        lexicon(folder, language.code),
        site_words(folder),
        photo_words(folder),
        goods_words(folder),
    ):
        yield from _inside(value)


def _inside(value: Any) -> Iterator[Search]:  # noqa: ANN401 - any data that holds searches
    if isinstance(value, Search):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _inside(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _inside(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _inside(item)


def gate(language: Language) -> LanguageGate:
    """Return the gate of *language*."""
    return _gate(language.code)


@cache
def _gate(code: str) -> LanguageGate:
    spoken = READ[code]
    return LanguageGate(searches_of(spoken), rules(spoken.folder))
