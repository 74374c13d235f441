"""The passages of ``corpus/train`` as the tagger of mentions sees them, some with other names.

Laws:
1. Every draw has its seed: the same text and lists give the same readings.
2. A renamed reading has the same mentions as the passage, under other names.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, TypeAlias
from zlib import crc32

from check_corpus import ROOT, Passage, read_passages

from witnessmark.stages.extract.document_memory import remember
from witnessmark.stages.extract.languages import language
from witnessmark.stages.extract.segment import sentences
from witnessmark.stages.extract.spotting import Splitter, Tokens, candidates
from witnessmark.stages.extract.tagger_features import Describer
from witnessmark.stages.extract.tagging import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from witnessmark.stages.extract.tagger_words import WordLists

RENAMED = 4
"""Renamed readings of each passage; the first has nothing hidden."""

HIDDEN = 0.15
"""Share of listed names that the other renamed readings hide from the lists."""

SHARES = {
    "country": 0.9,
    "place": 0.65,
    "place or invention": 0.85,
    "listed organisation": 0.2,
    "word": 0.6,
    "word that is a place": 0.35,
}
"""How often a name is renamed, and into what."""

LONGEST_ACRONYM = 3
"""Letters; longer words in capitals are headlines."""

Gold: TypeAlias = dict[tuple[int, int], str]
Spotted: TypeAlias = list[tuple[Tokens, list[tuple[int, int, str]]]]

_SUFFIXED = re.compile(r"-(?:si|gun|gu|guyok|do|ri|dong|up|eup|myeon)$")
"""A unit hung on: two such in one name would be no name at all."""

_SYLLABLES = (
    "ka",
    "lo",
    "ri",
    "sen",
    "tar",
    "va",
    "mon",
    "del",
    "qua",
    "zi",
    "bro",
    "nar",
    "ost",
    "hal",
    "wen",
    "dor",
    "mi",
    "tas",
    "gul",
    "pra",
    "ned",
    "fos",
    "ber",
    "lan",
    "chi",
    "ra",
    "to",
    "sul",
    "mar",
    "bek",
    "ven",
    "dra",
    "co",
    "ly",
    "per",
    "an",
    "jo",
    "sha",
    "kir",
    "ham",
    "eth",
)


@dataclass
class Reading:
    """One reading of a passage: candidates, their features and what they are."""

    passage: str
    author: str
    spotted: Spotted
    gold: Gold
    features: list[list[int]] = field(default_factory=list[list[int]])
    labels: list[int] = field(default_factory=list[int])

    @property
    def spans(self) -> set[tuple[int, int]]:
        """Return where the candidates stand."""
        return {
            (tokens.starts[start], tokens.ends[end - 1])
            for tokens, spans in self.spotted
            for start, end, _ in spans
        }


def passages(lang: str) -> list[Passage]:
    """Return the training passages of *lang*, in the order of their files."""
    return [
        p
        for path in sorted((ROOT / "train" / lang).glob("*.txt"))
        for p in read_passages(path, lang)
    ]


def gold_of(text: str, mentions: Iterable[tuple[str, str]]) -> Gold:
    """Return span and type of every occurrence, the longest first, without overlaps."""
    found: Gold = {}
    taken = bytearray(len(text))
    for kind, words in sorted(mentions, key=lambda m: (-len(m[1]), m)):
        for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\1" * len(match.group())
                found[match.span()] = kind
    return found


def invented(draw: Random) -> str:
    """Return a name that nobody has."""
    return "".join(draw.choice(_SYLLABLES) for _ in range(draw.choice((2, 2, 3)))).title()


def renamed(
    passage: Passage, draw: Random, pools: dict[str, list[str]], common: frozenset[str]
) -> tuple[str, list[tuple[str, str]]]:
    """Return the text and mentions of *passage* with other names."""
    new: dict[str, str] = {}
    for kind, words, _ in passage.mentions:
        stem = " ".join(_stem(words)).casefold()
        if stem and stem not in new and kind != "PRODUCT":
            new.update(_other_names(kind, words, stem, draw, pools, common))
    own = [(kind, words) for kind, words, _ in passage.mentions]
    if not new:
        return passage.text, own
    forms = "|".join(re.escape(form) for form in sorted(new, key=lambda f: (-len(f), f)))
    pattern = re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE)

    def other(match: re.Match[str]) -> str:
        old = match.group()
        name = new[old.casefold()] if old[:1].isupper() else old
        return name.upper() if old.isupper() and len(old) > LONGEST_ACRONYM else name

    return pattern.sub(other, passage.text), [
        (kind, words if kind == "PRODUCT" else pattern.sub(other, words)) for kind, words in own
    ]


def _other_names(
    kind: str,
    words: str,
    stem: str,
    draw: Random,
    pools: dict[str, list[str]],
    common: frozenset[str],
) -> dict[str, str]:
    """Return what takes the place of a name, or of the words in it that mean nothing."""
    chance = draw.random()
    if kind == "COUNTRY":
        return {stem: draw.choice(pools["country"])} if chance < SHARES["country"] else {}
    if kind == "PLACE":
        listed = chance < SHARES["place"]
        name = draw.choice(pools["place"]) if listed else invented(draw)
        return {stem: name} if chance < SHARES["place or invention"] else {}
    if kind == "ORG" and chance < SHARES["listed organisation"]:
        return {stem: draw.choice(pools["org"])}
    found: dict[str, str] = {}
    for word in words.split():
        meaningless = word[:1].isupper() and word.casefold().strip(".,'") not in common
        if meaningless and draw.random() < SHARES["word"]:
            listed = draw.random() < SHARES["word that is a place"]
            found[word.casefold()] = draw.choice(pools["place"]) if listed else invented(draw)
    return found


def _stem(words: str) -> list[str]:
    """Return the leading words of a name that have a capital."""
    found: list[str] = []
    for word in words.split():
        if not word[:1].isupper():
            break
        found.append(word)
    return found


def reading_of(
    passage: Passage, text: str, mentions: list[tuple[str, str]], describer: Describer
) -> Reading:
    """Return the candidates of *text* with features and labels."""
    spoken = language("en")
    if spoken is None:
        raise RuntimeError("English is not read")
    splitter = Splitter(describer.lists)
    spotted: Spotted = []
    for s in sentences(text, spoken):
        tokens = splitter.tokens(s.folded, s.span.start, heading=s.heading, number=s.number)
        spotted.append((tokens, candidates(tokens, describer.lists)))
    memory = remember(spotted, describer.lists)
    reading = Reading(passage.id, passage.author, spotted, gold_of(text, mentions))
    types = [kind.value for kind in TYPES]
    for tokens, spans in spotted:
        for start, end, sort in spans:
            names = describer.features(tokens, start, end, sort, memory)
            reading.features.append(
                [crc32(name.encode("utf-8", "surrogatepass")) for name in names]
            )
            kind = reading.gold.get((tokens.starts[start], tokens.ends[end - 1]))
            reading.labels.append(0 if kind is None else 1 + types.index(kind))
    return reading


def common_words(texts: Sequence[str]) -> frozenset[str]:
    """Return the words that stand without a capital in at least two passages."""
    counts = Counter(
        word for text in texts for word in set(re.findall(r"(?<!\w)[a-z][a-z-]+", text))
    )
    return frozenset(word for word, times in counts.items() if times > 1)


def readings(
    lang_passages: list[Passage], lists: WordLists, common: frozenset[str]
) -> tuple[list[Reading], list[list[Reading]]]:
    """Return the plain readings of all passages, and the renamed ones of each."""
    pools = {
        label: sorted(
            n
            for n, labels in lists.names.items()
            if labels == (label,) and n.isascii() and not _SUFFIXED.search(n)
        )
        for label in ("country", "place", "org")
    }
    plain: list[Reading] = []
    others: list[list[Reading]] = []
    for passage in lang_passages:
        own = [(kind, words) for kind, words, _ in passage.mentions]
        plain.append(reading_of(passage, passage.text, own, Describer(lists, common)))
        made: list[Reading] = []
        for number in range(RENAMED):
            draw = Random(f"{passage.id} {number}")
            text, mentions = renamed(passage, draw, pools, common)
            names = sorted(set(re.findall(r"[A-Z]\w+(?: [A-Z]\w+)*", text)))
            hidden = frozenset(name for name in names if number and draw.random() < HIDDEN)
            made.append(reading_of(passage, text, mentions, Describer(lists, common, hidden)))
        others.append(made)
    return plain, others
