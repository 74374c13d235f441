"""Paragraphs and sentences with exact offsets.

Laws:
1. Every sentence is a stretch of the text; nothing is cleaned, joined or moved.
2. A blank line ends a paragraph. A single line break ends a sentence, unless the text
   is wrapped by hand or by a PDF and the line plainly goes on.
3. A sentence is never longer than ``LONGEST``: hostile text cannot grow a search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from witnessmark.core.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from witnessmark.stages.extract.language import Language

LONGEST = 800
"""Code points. The longest sentence of the corpus has 530; a longer one is cut at a space."""

LONGEST_RUN = 200
"""Code points without a space. A piece with a longer run is no prose (an address, a dump):
it stays a sentence, but no rule is asked about it."""

_BETWEEN = regex.compile(r"\s+|(?<=\p{Han})[,.;:!?\"、]+")
"""What divides a run: white space, and a mark after a sign of a script without spaces."""

_LINE = regex.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_ENDED = regex.compile(r"[.!?:;。！？…][\"'”’」』)\]]*\s*$")
_ITEM = regex.compile(r"^\s*(?:[-*•·▪–—]|\(?\d{1,3}[.)]|[A-Z]{3,}:)\s")
_WRAPPED_MIN = 45
"""Shortest line, in code points, that can have been wrapped rather than ended."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence.

    Attributes:
        span: where it stands.
        folded: its text in the form in which rules are matched, as long as the span.
        paragraph: number of its paragraph.
        number: its number in the text.
        heading: whether it is a line of its own without an end mark.
    """

    span: Span
    folded: str
    paragraph: int
    number: int
    heading: bool

    @property
    def prose(self) -> bool:
        """Return whether rules may be asked about it."""
        return max(map(len, _BETWEEN.split(self.folded)), default=0) <= LONGEST_RUN


def sentences(text: str, language: Language) -> tuple[Sentence, ...]:
    """Return the sentences of *text*, in order."""
    found: list[Sentence] = []
    for paragraph, block in enumerate(blocks(text)):
        folded = language.fold(block.of(text))
        alone = not _ENDED.search(folded) and len(folded) < 120  # noqa: PLR2004 - a heading is short
        for part in language.split(folded):
            for piece in _pieces(folded, part):
                found.append(
                    Sentence(
                        piece.shifted(block.start),
                        piece.of(folded),
                        paragraph,
                        len(found),
                        alone,
                    )
                )
    return tuple(found)


def blocks(text: str) -> Iterator[Span]:
    """Yield the stretches in which sentences are looked for: lines, rejoined if wrapped."""
    lines = [Span(m.start(), m.end()) for m in _LINE.finditer(text) if m.group().strip()]
    current: Span | None = None
    for line in lines:
        if current is not None and _goes_on(text, current, line):
            current = Span(current.start, line.end)
            continue
        if current is not None:
            yield current
        current = line
    if current is not None:
        yield current


def _goes_on(text: str, before: Span, line: Span) -> bool:
    between = text[before.end : line.start]
    if between not in {"\n", "\r\n", "\r"}:
        return False
    last = text[max(before.start, before.end - 200) : before.end].rpartition("\n")[2]
    following = line.of(text)
    if len(last) < _WRAPPED_MIN or _ENDED.search(last) or _ITEM.match(following):
        return False
    first = following.lstrip()[:1]
    return not first.isupper() or last.rstrip().endswith((",", "-", "–", "—"))


def _pieces(folded: str, part: Span) -> Iterator[Span]:
    start, end = part.start, part.end
    while end - start > LONGEST:
        cut = folded.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = start + LONGEST if cut < 0 else cut
        yield from _trimmed(folded, start, cut)
        start = cut
    yield from _trimmed(folded, start, end)


def _trimmed(folded: str, start: int, end: int) -> Iterator[Span]:
    while start < end and folded[start].isspace():
        start += 1
    while end > start and folded[end - 1].isspace():
        end -= 1
    if end > start:
        yield Span(start, end)
