"""Which stretches of a sentence could be a mention at all.

Laws:
1. A candidate begins and ends with a whole token and lies inside one sentence.
2. A sentence of *n* tokens has at most ``MOST_PER_TOKEN`` times *n* candidates.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from witnessmark.stages.extract.tagger_words import (
    CAP,
    DIGIT,
    FUNCTION,
    LINK,
    SITE,
    TOKEN,
    UNIT,
    WORD,
    WORDS_KEPT,
    WordLists,
    classed,
)

LONGEST_NAME = 9
"""Tokens of the longest name."""

MOST_PER_TOKEN = 14

_LINKS = 2
"""Small words in a row inside a name: "of the"."""

_JOINTS = frozenset(("&", "'s", "'", "-", "."))
_FIRMS = frozenset(("Ltd.", "Ltd", "Inc.", "Inc", "LLC"))

_LEFT = 4
"""Words that may stand between the article of a described site and its noun."""

_PLACED = frozenset(("in", "at", "near", "of", "on", "outside", "off", "inside", "from"))
_ARTICLES = frozenset(
    (
        "a",
        "an",
        "the",
        "one",
        "another",
        "this",
        "that",
        "his",
        "her",
        "their",
        "its",
        "two",
        "three",
        "four",
        "five",
    )
)


@dataclass(slots=True)
class Tokens:
    """A sentence in tokens.

    Attributes:
        words: as printed.
        low: casefolded.
        starts: first code point of each, in the document.
        ends: code point after each.
        bits: classes of each.
        head: whether the sentence is a heading; ``number``: its number.
        first: whether it is the first of its paragraph.
    """

    words: list[str]
    low: list[str]
    starts: list[int]
    ends: list[int]
    bits: list[int]
    heading: bool
    number: int


@dataclass(slots=True)
class Splitter:
    """Cuts sentences into tokens; remembers what it knows of a word."""

    lists: WordLists
    _known: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])

    def tokens(self, folded: str, start: int, *, heading: bool, number: int) -> Tokens:
        """Return the tokens of the sentence *folded* that begins at *start*."""
        words: list[str] = []
        low: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        bits: list[int] = []
        known = self._known
        if len(known) > WORDS_KEPT:
            known.clear()
        for match in TOKEN.finditer(folded):
            word = match.group()
            about = known.get(word)
            if about is None:
                about = (word.casefold(), classed(word, self.lists))
                known[word] = about
            words.append(word)
            low.append(about[0])
            bits.append(about[1])
            starts.append(match.start() + start)
            ends.append(match.end() + start)
        return Tokens(words, low, starts, ends, bits, heading, number)


def candidates(tokens: Tokens, lists: WordLists) -> list[tuple[int, int, str]]:
    """Return first token, token after the last, and sort of every candidate, each span once.

    The sort is ``name``, ``unit`` (a name and "county"), ``site``, ``both`` (a name that ends
    like a site) or ``good``.
    """
    found: dict[tuple[int, int], str] = {}
    reach = _runs(tokens, found)
    for at, bits in enumerate(tokens.bits):
        if bits & SITE:
            _sites(tokens, at, reach, found)
        if tokens.low[at] in lists.product_starts:
            _goods(tokens, at, lists, found)
    return [(start, end, sort) for (start, end), sort in found.items()]


def _runs(tokens: Tokens, found: dict[tuple[int, int], str]) -> list[int]:
    """Add the names; return, for each token, where the run that it is in ends (else 0)."""
    bits, words = tokens.bits, tokens.words
    size = len(bits)
    reach = [0] * size
    for start in range(size):
        if not bits[start] & CAP:
            continue
        end = start
        links = 0
        at = start
        while at < min(size, start + LONGEST_NAME):
            kind = bits[at]
            if kind & CAP or (kind & DIGIT and at > start):
                end = at + 1
                links = 0
                found[start, end] = "name"
                if end < size and bits[end] & UNIT and not bits[end] & CAP:
                    found[start, end + 1] = "unit"
            elif links < _LINKS and (kind & LINK or words[at] in _JOINTS):
                links += 1
            else:
                break
            at += 1
        for inside in range(start, end):
            reach[inside] = max(reach[inside], end)
    return reach


def _sites(tokens: Tokens, at: int, reach: list[int], found: dict[tuple[int, int], str]) -> None:
    ends = _ends_of_site(tokens, at, reach)
    for start in _starts_of_site(tokens, at):
        for end in ends:
            found[start, end] = "both" if found.get((start, end)) == "name" else "site"


def _starts_of_site(tokens: Tokens, at: int) -> list[int]:
    bits, low = tokens.bits, tokens.low
    starts = {at}
    if at and not bits[at - 1] & FUNCTION and bits[at - 1] & WORD:
        starts.add(at - 1)
    for left in range(at - 1, max(-1, at - _LEFT - 2), -1):
        if low[left] in _ARTICLES:
            starts |= {left, left + 1}
            break
        if not (bits[left] & (WORD | DIGIT)) or (bits[left] & FUNCTION and not bits[left] & CAP):
            break
        if bits[left] & CAP:
            starts.add(left)
    return sorted(starts)


def _ends_of_site(tokens: Tokens, at: int, reach: list[int]) -> list[int]:
    bits, low = tokens.bits, tokens.low
    size = len(bits)
    ends = {at + 1}
    after = at + 1
    if bits[at] & CAP or after >= size:
        return [at + 1]
    if bits[after] & CAP:
        ends.add(reach[after])
    if low[after] in _PLACED:
        after += 2 if low[after + 1 : after + 2] == ["the"] else 1
        if after < size and bits[after] & CAP:
            end = reach[after]
            ends.add(end)
            if end < size and bits[end] & (UNIT | SITE) and not bits[end] & CAP:
                ends.add(end + 1)
    return sorted(ends)


def _goods(tokens: Tokens, at: int, lists: WordLists, found: dict[tuple[int, int], str]) -> None:
    low, bits = tokens.low, tokens.bits
    most = lists.product_starts[low[at]]
    for end in range(min(len(low), at + most), at, -1):
        if " ".join(low[at:end]) in lists.products:
            named = (at and bits[at - 1] & CAP) or (end < len(bits) and bits[end] & CAP)
            if (at, end) not in found or not named:
                found[at, end] = "good"
            for start in (at - 1, at - 2):
                if start < 0 or not bits[start] & WORD or bits[start] & FUNCTION:
                    break
                found.setdefault((start, end), "good")
            return
