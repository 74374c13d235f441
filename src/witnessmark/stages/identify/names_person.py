"""A personal name taken apart: words, surname and given name, what is left out.

Laws:
1. Honorifics and particles are left out, and kept beside for languages where they are names.
2. A name in Hangul or Chinese signs is a surname of one sign or a listed one of two, and a
   given name.
3. Nothing is told from one name about the person: words are lists' words, no more.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

from witnessmark.stages.identify import names_hanzi, names_korean
from witnessmark.stages.identify.names_text import (
    HAN,
    HANGUL,
    MIXED,
    fold,
    is_abjad,
    script_of,
    words_of,
)
from witnessmark.stages.identify.names_words import SCHEMA
from witnessmark.store.rulebook import load_rules

REMEMBERED = 65_536
LONGEST_SIGNS = 5
_SERVANT = re.compile(r"^abd(?:[aeiou]l|[aeiou]r(?=r)|[aeiou]s(?=s))(?=...)")


class Person(NamedTuple):
    """A personal name taken apart.

    Attributes:
        words: its words, honorifics and particles left out.
        signs: the surname and given name in Hangul or Chinese signs, or nothing.
        script: of *signs*.
        generation: junior, senior ...
        unvowelled: Arabic or Hebrew letters.
        joined: all words together.
        printed: every word, honorifics and particles among them.
    """

    words: tuple[str, ...]
    signs: tuple[str, str] | None
    script: str
    generation: str
    unvowelled: bool
    joined: str
    printed: tuple[str, ...]


class Lists(NamedTuple):
    """Words of personal names.

    Attributes:
        honorifics: titles, left out.
        particles: al, bin, van, de: left out.
        generations: junior, senior and numbers, by word.
        nicknames: rows of one name's forms, by form.
    """

    honorifics: frozenset[str]
    particles: frozenset[str]
    generations: dict[str, str]
    nicknames: dict[str, frozenset[int]]


@cache
def lists() -> Lists:
    """Return the lists of words that persons' names hold, folded."""
    data: dict[str, Any] = load_rules("identify/name_words.yaml", SCHEMA)
    nicknames: dict[str, set[int]] = {}
    for number, row in enumerate(data["nicknames"]):
        for name in row:
            nicknames.setdefault(fold(str(name)), set()).add(number)
    return Lists(
        frozenset(fold(str(word)) for word in data["honorifics"]),
        frozenset(fold(str(word)) for word in data["particles"]),
        {str(word): str(kind) for word, kind in data["generations"].items()},
        {name: frozenset(rows) for name, rows in nicknames.items()},
    )


@lru_cache(maxsize=REMEMBERED)
def person(name: str) -> Person:
    """Take a personal name apart.

    Example:
        >>> person("Dr. Abdul Rahman al-Example Jr.").words
        ('abd', 'rahman', 'example')
        >>> person("김영수").signs
        ('김', '영수')
    """
    listed = lists()
    folded = fold(name.replace(".", " "))
    unvowelled = is_abjad(name)
    tokens = words_of(folded)
    kept: list[str] = []
    weak: list[str] = []
    generation = ""
    for position, token in enumerate(tokens):
        if position and token in listed.generations:
            generation = listed.generations[token]
        elif token in listed.honorifics and len(tokens) > 2:  # noqa: PLR2004 - two words are the name itself
            continue
        elif token in listed.particles and (len(token) > 1 or f"{token}." not in name.lower()):
            weak.append(token)
        else:
            kept += _parted(token, unvowelled=unvowelled)
    if len(kept) < 2:  # noqa: PLR2004 - then the particles were the name (Li Do)
        kept = [t for t in tokens if t not in listed.generations] or tokens
    signs, script = _signs(tokens)
    return Person(tuple(kept), signs, script, generation, unvowelled, "".join(kept), tuple(tokens))


def _parted(token: str, *, unvowelled: bool) -> list[str]:
    if unvowelled and token.startswith("al") and len(token) > 4:  # noqa: PLR2004 - the article, on a word
        token = token[2:]
    servant = _SERVANT.match(token)
    if servant:
        return ["abd", token[servant.end() :]]
    if token in {"abdul", "abdel", "abdal", "abdur", "abdu", "abdoul"}:
        return ["abd"]
    return [token]


def _signs(tokens: list[str]) -> tuple[tuple[str, str] | None, str]:
    """Return surname and given name where the name is written in signs."""
    runs = [token for token in tokens if not token.isascii()]
    if not runs or len(runs) < len(tokens):
        return None, ""
    script = script_of("".join(runs))
    if script == MIXED:
        return None, ""
    if len(runs) > 1 and len(runs[0]) <= 2:  # noqa: PLR2004 - surnames have one or two signs
        return (names_hanzi.simplified(runs[0]), names_hanzi.simplified("".join(runs[1:]))), script
    text = names_hanzi.simplified("".join(runs))
    if len(text) > LONGEST_SIGNS or len(text) < 2:  # noqa: PLR2004 - one sign is no full name
        return ((text[:1], text[1:]), script) if script == HAN and text else (None, "")
    double = names_korean.surnames()[1] if script == HANGUL else names_hanzi.double_surnames()
    cut = 2 if text[:2] in double and len(text) > 2 else 1  # noqa: PLR2004 - a double surname and a given name
    return (text[:cut], text[cut:]), script


@lru_cache(maxsize=REMEMBERED)
def splits(words: tuple[str, ...]) -> tuple[tuple[str, str, int], ...]:
    """Return the ways to read Latin words as surname, given name and words left over."""
    found: list[tuple[str, str, int]] = []
    count = len(words)
    for size in (1, 2):
        if count > size:
            found += [
                ("".join(words[:size]), "".join(words[size:]), 0),
                ("".join(words[-size:]), "".join(words[:-size]), 0),
            ]
    for out in range(count) if 3 <= count <= 5 else ():  # noqa: PLR2004 - an English given name beside the full name
        rest = words[:out] + words[out + 1 :]
        found += [(rest[0], "".join(rest[1:]), 1), (rest[-1], "".join(rest[:-1]), 1)]
        if 0 < out < count:
            found.append((words[0], "".join(words[1:out]), 1))
    if count == 4:  # noqa: PLR2004 - English given name, surname, two syllables
        found.append((words[1], words[2] + words[3], 1))
    if count == 1 and len(words[0]) > 2:  # noqa: PLR2004 - printed together
        found += [(words[0][:cut], words[0][cut:], 0) for cut in range(1, min(7, len(words[0])))]
    return tuple(dict.fromkeys(found))
