"""What a whole document shows of its words: names told once and meant everywhere.

Laws:
1. It is a pure function of the candidates of the document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from witnessmark.stages.extract.tagger_words import (
    CAP,
    DIGIT,
    MAKE,
    SITE,
    UNIT,
    WORD,
    WordLists,
    singular,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.stages.extract.spotting import Tokens

PLACE_BEFORE = frozenset(
    ("in", "at", "near", "from", "to", "outside", "around", "across", "throughout", "inside")
)
"""Words after which a name is likely a place."""


@dataclass(slots=True)
class DocumentMemory:
    """What the whole document shows of its words.

    Attributes:
        plain: words that stand in it without a capital.
        names: a run of capitals to how often it stands alone.
        placed: runs that follow a word of place.
        titled: last words of runs that follow a title or a given name.
        begins: first word of longer names to the classes of their last words.
        acronyms: acronyms in brackets.
        goods: product forms to how often they stand in the document.
        titular: those that stand in a heading.
        made: those that follow a word of making or trade.
        heads: site nouns to where they first stand.
        in_sites: words with a capital that stand beside a site noun.
    """

    plain: set[str] = field(default_factory=set[str])
    names: dict[str, int] = field(default_factory=dict[str, int])
    placed: set[str] = field(default_factory=set[str])
    titled: set[str] = field(default_factory=set[str])
    begins: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    acronyms: set[str] = field(default_factory=set[str])
    goods: dict[str, int] = field(default_factory=dict[str, int])
    titular: set[str] = field(default_factory=set[str])
    made: set[str] = field(default_factory=set[str])
    in_sites: set[str] = field(default_factory=set[str])
    heads: dict[str, int] = field(default_factory=dict[str, int])


def remember(
    document: Sequence[tuple[Tokens, list[tuple[int, int, str]]]], lists: WordLists
) -> DocumentMemory:
    """Return what the whole *document* shows of its words."""
    memory = DocumentMemory()
    for tokens, spans in document:
        low, words = tokens.low, tokens.words
        memory.plain.update(
            low[at] for at, kind in enumerate(tokens.bits) if kind & WORD and not kind & CAP
        )
        for start, end, sort in spans:
            if sort == "good":
                _remember_good(memory, tokens, start, end)
            if sort in {"site", "both"}:
                _remember_site(memory, tokens, start, end)
            if sort in {"name", "unit", "both"}:
                _remember_name(memory, tokens, start, end, lists)
        memory.acronyms.update(
            words[at]
            for at in range(1, len(words) - 1)
            if words[at - 1] == "(" and words[at + 1] == ")" and words[at].isupper()
        )
    return memory


def _remember_good(memory: DocumentMemory, tokens: Tokens, start: int, end: int) -> None:
    form = singular(tokens.low[end - 1])
    memory.goods[form] = memory.goods.get(form, 0) + 1
    if tokens.heading:
        memory.titular.add(form)
    if any(kind & MAKE for kind in tokens.bits[max(0, start - 4) : start]):
        memory.made.add(form)


def _remember_site(memory: DocumentMemory, tokens: Tokens, start: int, end: int) -> None:
    low, bits = tokens.low, tokens.bits
    if end == start + 1:
        memory.heads.setdefault(singular(low[start]), tokens.starts[start])
    memory.in_sites.update(
        low[at] for at in range(start, end) if bits[at] & CAP and not bits[at] & SITE
    )


def _remember_name(
    memory: DocumentMemory, tokens: Tokens, start: int, end: int, lists: WordLists
) -> None:
    titles, given = lists.classes["titles"], lists.classes["given_names"]
    low, bits = tokens.low, tokens.bits
    if end < len(low) and bits[end] & (CAP | DIGIT):
        return
    before = low[start - 1] if start else ""
    if start and bits[start - 1] & CAP:
        if before in titles:
            memory.titled.add(low[end - 1])
        return
    key = " ".join(low[start:end])
    memory.names[key] = memory.names.get(key, 0) + 1
    if before in PLACE_BEFORE:
        memory.placed.add(key)
    if end - start > 1:
        if low[start] in titles or low[start] in given:
            memory.titled.add(low[end - 1])
        classes = memory.begins.setdefault(low[start], set())
        classes.add(_head_class(low[end - 1], bits[end - 1], lists))
    elif before in titles:
        memory.titled.add(low[start])


def _head_class(low: str, bits: int, lists: WordLists) -> str:
    if low in lists.classes["organisation_heads"]:
        return "o"
    if bits & SITE:
        return "s"
    return "u" if bits & UNIT else "n"
