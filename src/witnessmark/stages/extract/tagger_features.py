"""What the tagger sees of a candidate: the names of its features.

Laws:
1. A feature tells of the document only; the same document gives the same features.
2. What is seen of a word whose meaning the model cannot know (a name) is its shape, its
   ends, the lists it stands in and what stands beside it, not the name itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from witnessmark.stages.extract.document_memory import PLACE_BEFORE, DocumentMemory
from witnessmark.stages.extract.tagger_words import (
    CAP,
    DIGIT,
    FUNCTION,
    LINK,
    MAKE,
    SITE,
    UNIT,
    WORD,
    WORDS_KEPT,
    WordLists,
    singular,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from witnessmark.stages.extract.spotting import Tokens

_PLACED = frozenset(("in", "at", "near", "outside", "off"))
_INTRODUCES = frozenset(("a", "an", "one", "three", "four", "five"))
_WINDOW = 6
_OFTEN = 4
_ENDING = 3
_EARLY = 3
_NAME_CLASSES = (
    "organisation_heads",
    "site_heads",
    "place_units",
    "demonyms",
    "months",
    "titles",
    "given_names",
    "surnames",
)


def shape(word: str) -> str:
    """Return the shape of a word: ``Xx``, ``X``, ``XX``, ``x``, ``0`` or the sign itself."""
    if word[0].isdigit():
        return "0"
    if not word[0].isalpha():
        return word[0]
    if word.isupper():
        return "X" if len(word) == 1 else "XX" if len(word) < 6 else "XXX"  # noqa: PLR2004 - acronyms are short
    if word[0].isupper():
        return "XxX" if any(sign.isupper() for sign in word[1:]) else "Xx"
    return "x"


@dataclass(slots=True)
class Describer:
    """Names the features of candidates; remembers those of words.

    Attributes:
        lists: what is known of words and names.
        common: words that the training text has without a capital.
        hidden: names whose lists are not to be seen (in training only).
    """

    lists: WordLists
    common: frozenset[str]
    hidden: frozenset[str] = frozenset()
    _words: dict[str, str] = field(default_factory=dict[str, str])
    _classes_of: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def known(self, words: Sequence[str]) -> tuple[str, ...]:
        """Return the lists in which the name stands."""
        name = " ".join(words).replace(" 's", "'s").replace(" - ", "-")
        if name in self.hidden:
            return ()
        found = self.lists.names.get(name)
        if found is None and name.isupper() and len(name) > 4:  # noqa: PLR2004 - no acronym
            found = self.lists.names.get(name.title())
        return found or ()

    def face(self, word: str, low: str) -> str:
        """Return a word as the model sees it: itself if common, else its shape and class."""
        face = self._words.get(word)
        if face is None:
            face = low if low in self.common or not word[0].isupper() else self._class(word, low)
            if len(self._words) > WORDS_KEPT:
                self._words.clear()
            self._words[word] = face
        return face

    def _class(self, word: str, low: str) -> str:
        classes = self.lists.classes
        for name in (
            "months",
            "titles",
            "given_names",
            "surnames",
            "demonyms",
            "organisation_heads",
        ):
            if low in classes[name]:
                return f"<{name}>"
        return f"<{shape(word)}>"

    def features(
        self, tokens: Tokens, start: int, end: int, sort: str, memory: DocumentMemory
    ) -> list[str]:
        """Return the features of the candidate from token *start* to before *end*."""
        words, low = tokens.words, tokens.low
        face = self.face
        size = len(words)
        before = face(words[start - 1], low[start - 1]) if start else "^"
        before2 = face(words[start - 2], low[start - 2]) if start > 1 else "^"
        after = face(words[end], low[end]) if end < size else "$"
        after2 = face(words[end + 1], low[end + 1]) if end + 1 < size else "$"
        head = face(words[end - 1], low[end - 1])
        first = face(words[start], low[start])
        k = "n" if sort == "both" else sort[0]
        found = [
            f"{k}",
            f"{k}b={before}",
            f"{k}a={after}",
            f"{k}bb={before2} {before}",
            f"{k}aa={after} {after2}",
            f"{k}h={head}",
            f"{k}f={first}",
            f"{k}hb={head} {before}",
            f"{k}ha={head} {after}",
            f"{k}n={min(end - start, 5)}",
            f"{k}ba={before} {after}",
        ]
        if start == 0:
            found.append(f"{k}start")
        if tokens.heading:
            found.append(f"{k}heading")
        if sort in {"name", "unit", "both"}:
            self._named(found, tokens, start, end, k, memory, before, after)
        if sort in {"site", "both"}:
            self._site(found, tokens, start, end, memory, before)
        if sort == "good":
            self._good(found, tokens, start, end, memory)
        return found

    def _named(
        self,
        found: list[str],
        tokens: Tokens,
        start: int,
        end: int,
        k: str,
        memory: DocumentMemory,
        before: str,
        after: str,
    ) -> None:
        words, low, bits = tokens.words, tokens.low, tokens.bits
        left = bool(start and bits[start - 1] & CAP)
        right = bool(end < len(words) and bits[end] & (CAP | DIGIT))
        whole = f"{int(left)}{int(right)}"
        found += [f"{k}run={whole}", f"{k}shape={' '.join(shape(w) for w in words[start:end][:4])}"]
        found += self._lists(tokens, start, end, (whole, before, after))
        found += self._parts(tokens, start, end, k)
        if not (left or right):
            times = memory.names.get(" ".join(low[start:end]), 0)
            found.append(f"{k}times={min(times, _OFTEN)}")
        found += self._elsewhere(tokens, start, end, k, memory)

    def _lists(
        self, tokens: Tokens, start: int, end: int, around: tuple[str, str, str]
    ) -> Iterator[str]:
        """Yield in which lists the name stands, with what stands beside it."""
        whole, before, after = around
        words = tokens.words
        labels = self.known(words[start:end])
        if not labels and end - start > 1 and tokens.bits[end - 1] & UNIT:
            labels = tuple(f"{label}+" for label in self.known(words[start : end - 1]))
        for label in labels:
            yield f"L={label}"
            yield f"L={label} {whole}"
        for label in labels or ("0",):
            yield f"L={label} b={before}"
            yield f"L={label} a={after}"
        if not labels:
            yield f"L=0 {whole}"
            yield f"L=0 n={end - start}"
        elif len(labels) > 1:
            yield "L=" + "+".join(sorted(labels))

    def _parts(self, tokens: Tokens, start: int, end: int, k: str) -> Iterator[str]:
        """Yield what the words of the name are, and the lists of its parts."""
        words, low, bits = tokens.words, tokens.low, tokens.bits
        labels: dict[str, None] = {}
        for at in range(start, end):
            if not bits[at] & CAP:
                if bits[at] & LINK:
                    yield f"{k}link={low[at]}"
                continue
            if low[at] in self.common:
                yield f"{k}in={low[at]}"
            else:
                labels["0"] = None
            labels.update((name, None) for name in self._classes(low[at]))
            if end - start > 1:
                labels.update((f"L{label}", None) for label in self.known(words[at : at + 1]))
        yield from (f"{k}part:{label}" for label in labels)
        yield from (f"{k}last:{name}" for name in self._classes(low[end - 1]))
        yield from (f"{k}first:{name}" for name in self._classes(low[start]))
        if end - start > 2:  # noqa: PLR2004 - a part of more than one word
            for at in (start + 1, end - 1):
                for label in (*self.known(words[start:at]), *self.known(words[at:end])):
                    yield f"{k}sub:{label}"

    def _classes(self, low: str) -> tuple[str, ...]:
        found = self._classes_of.get(low)
        if found is None:
            found = tuple(name for name in _NAME_CLASSES if low in self.lists.classes[name])
            self._classes_of[low] = found
        return found

    def _elsewhere(
        self, tokens: Tokens, start: int, end: int, k: str, memory: DocumentMemory
    ) -> Iterator[str]:
        """Yield what the document shows of the name in other places, and how it ends."""
        words, low = tokens.words, tokens.low
        first, last = low[start], low[end - 1]
        if " ".join(low[start:end]) in memory.placed:
            yield f"{k}placed"
        if last in memory.titled:
            yield f"{k}titled"
        if first in memory.in_sites:
            yield f"{k}insite {end - start}"
        if end > start + 1:
            if last not in self.common:
                yield f"{k}--{last[-3:]}"
            return
        if words[start] in memory.acronyms:
            yield f"{k}acronym"
        yield f"{k}plain={first in memory.plain}"
        yield f"{k}common={first in self.common} {start == 0}"
        if len(first) > _ENDING and first not in self.common:
            yield f"{k}-{first[-_ENDING:]}"
            yield f"{k}-{first[-2:]}"
        for kind in sorted(memory.begins.get(first, ())):
            yield f"{k}longer={kind}"

    def _site(
        self,
        found: list[str],
        tokens: Tokens,
        start: int,
        end: int,
        memory: DocumentMemory,
        before: str,
    ) -> None:
        words, low, bits = tokens.words, tokens.low, tokens.bits
        heads = [at for at in range(start, end) if bits[at] & SITE]
        at = next(
            (h for h in reversed(heads) if not bits[h] & CAP), heads[-1] if heads else end - 1
        )
        head = singular(low[at])
        proper = any(bits[i] & CAP for i in range(start, end))
        lead = any(bits[i] & CAP for i in range(start, at))
        tail = "" if at == end - 1 else low[at + 1] if not bits[at + 1] & CAP else "CAP"
        plural = low[at] != head
        article = low[start] if bits[start] & (FUNCTION | DIGIT) else "-"
        fresh = memory.heads.get(head, 0) >= tokens.starts[start]
        gap = "" if lead else f"{at - start}"
        found += [
            f"S={head}",
            f"Sart={article}",
            f"Stail={tail}",
            f"Slead={lead} {article}",
            f"Splural={plural}",
            f"Sfresh={fresh} {article}",
            f"S={article} {tail} {lead} {plural}",
            f"S={head} {article}",
            f"S={head} {lead} {bool(tail)}",
            f"Sproper={proper} {fresh} {plural}",
            f"Sgap={gap}",
            f"Sbefore={before} {article} {lead}",
            f"Searly={tokens.number < _EARLY} {article} {proper}",
            f"Sfirst={memory.heads.get(head, 0) == tokens.starts[at]} {plural} {article}",
        ]
        if end < len(low):
            beyond = low[end] if not bits[end] & CAP else "CAP"
            found += [f"Sbeyond={beyond}", f"Sbeyond={beyond} {tail} {lead} {article}"]
            if beyond in PLACE_BEFORE and end + 1 < len(low):
                found.append(f"Sbeyond2={beyond} {bool(bits[end + 1] & CAP)}")
        if start:
            found.append(f"Sleft={'CAP' if bits[start - 1] & CAP else low[start - 1]} {lead}")
        found += [f"Sw={low[i]}" for i in range(start, at) if not bits[i] & CAP]
        introduced = low[start] in _INTRODUCES and tail in _PLACED and at + 2 < end
        if introduced and low[end - 1] not in self.lists.classes["months"]:
            found.append("Sdescribed")  # a brick kiln at Ortu Bahl
        if at + 1 < end and self.known(words[end - 1 : end]):
            found.append("Sknown")

    def _good(
        self, found: list[str], tokens: Tokens, start: int, end: int, memory: DocumentMemory
    ) -> None:
        low, bits = tokens.low, tokens.bits
        size = len(low)
        phrase = " ".join(low[start:end])
        exact = phrase in self.lists.products
        cut = start
        while not exact and cut < end and " ".join(low[cut:end]) not in self.lists.products:
            cut += 1
        norm = self.lists.products.get(" ".join(low[cut:end]), "")
        plural = singular(low[end - 1]) != low[end - 1]
        form = singular(low[end - 1])
        times = memory.goods.get(form, 0)
        found += [
            f"Gdoc={form in memory.titular} {form in memory.made} {min(times, 3)}",
            f"Gmade={form in memory.made}",
            f"Gtitular={form in memory.titular}",
        ]
        found += [
            f"G={norm}",
            f"Gextra={cut - start}",
            f"Gplural={plural} {cut - start}",
            f"Gcap={bool(bits[start] & CAP)} {start == 0}",
            f"Gtimes={min(times, 4)}",
            f"Gearly={tokens.number < _EARLY}",
            f"Gnorm {cut - start} {low[start] if cut > start else ''}",
        ]
        window = range(max(0, start - _WINDOW), min(size, end + _WINDOW))
        near: dict[str, None] = {}
        for at in window:
            if start <= at < end:
                continue
            if bits[at] & MAKE:
                near["make"] = None
            if bits[at] & WORD and not bits[at] & (CAP | FUNCTION):
                near[low[at]] = None
        found += [f"Gw={word}" for word in near]
        if start and bits[start - 1] & WORD and not bits[start - 1] & FUNCTION:
            found.append("Gmod")
        if end < size and bits[end] & WORD and not bits[end] & FUNCTION:
            found.append("Gcompound")
            if bits[end] & SITE:
                found.append("Gsite")
