"""Direct speech: which stretches of a text stand in quotation marks, and belong together.

Laws:
1. Speech opens at an opening mark and closes at its closing mark; a paragraph that ends
   in open speech goes on in the next one only if that begins with an opening mark.
2. A few quoted words are a name or a distance (“places of humiliation”), not speech.
3. Speech is a run: the stretches of one paragraph have one speaker unless another is named.

States: outside -> inside(mark) -> outside. A mark of another kind inside speech is part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from witnessmark.core.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from witnessmark.stages.extract.segment import Sentence

PAIRS = {"“": "”", "«": "»", "「": "」", "『": "』", '"': '"', "„": "“", "〝": "〞"}
"""Opening marks of speech and what closes them. Single marks are apostrophes too often."""

FEWEST_WORDS = 5
"""Quoted words that make speech even where no mark ends them inside the quotation."""

_ENDS_LIKE_SPEECH = regex.compile(r"[,.!?…。]\s*$")
_WORDS = regex.compile(r"\S+")
_DENSE = regex.compile(r"[\p{Hangul}\p{Han}]")
FEWEST_SIGNS = 9
"""The same for scripts that write words together, in code points."""


@dataclass(frozen=True, slots=True)
class Speech:
    """One stretch of direct speech (its marks left out).

    Attributes:
        span: where it stands.
        paragraph: number of its paragraph.
        continued: whether it goes on from the paragraph before.
    """

    span: Span
    paragraph: int
    continued: bool


def speeches(text: str, sentences: Iterable[Sentence]) -> tuple[Speech, ...]:
    """Return the direct speech of *text*, in order."""
    found: list[Speech] = []
    still_open = ""
    for number, paragraph in _paragraphs(sentences):
        opens = text[paragraph.start : paragraph.start + 1]
        continued = bool(still_open) and opens == still_open
        spans, still_open = _scan(text, paragraph)
        for index, span in enumerate(spans):
            goes_on = continued and index == 0
            if goes_on or is_speech(span.of(text)):
                found.append(Speech(span, number, goes_on))
    return tuple(found)


def speech_in(sentences: Sequence[Sentence], speeches: Sequence[Speech]) -> list[tuple[Span, ...]]:
    """Return the stretches of speech that each sentence holds or lies in, both in order."""
    found: list[tuple[Span, ...]] = []
    first = 0
    for sentence in sentences:
        while first < len(speeches) and speeches[first].span.end <= sentence.span.start:
            first += 1
        inside: list[Span] = []
        at = first
        while at < len(speeches) and speeches[at].span.start < sentence.span.end:
            if speeches[at].span.overlaps(sentence.span):
                inside.append(speeches[at].span)
            at += 1
        found.append(tuple(inside))
    return found


def is_speech(words: str) -> bool:
    """Return whether quoted *words* are speech rather than a name held at a distance."""
    if _DENSE.search(words):
        return len(words) >= FEWEST_SIGNS
    return len(_WORDS.findall(words)) >= FEWEST_WORDS or (
        _ENDS_LIKE_SPEECH.search(words) is not None
    )


def _paragraphs(sentences: Iterable[Sentence]) -> Iterator[tuple[int, Span]]:
    number, start, end = -1, 0, 0
    for sentence in sentences:
        if sentence.paragraph != number:
            if number >= 0:
                yield number, Span(start, end)
            number, start = sentence.paragraph, sentence.span.start
        end = sentence.span.end
    if number >= 0:
        yield number, Span(start, end)


def _scan(text: str, paragraph: Span) -> tuple[list[Span], str]:
    """Return the quoted stretches of *paragraph*, and the mark that was left open."""
    spans: list[Span] = []
    opened, start = "", 0
    for at in range(paragraph.start, paragraph.end):
        sign = text[at]
        if not opened:
            if sign in PAIRS:
                opened, start = sign, at + 1
        elif sign == PAIRS[opened] or (opened == "“" and sign == '"'):
            if at > start:
                spans.append(Span(start, at))
            opened = ""
    if opened and paragraph.end > start:
        spans.append(Span(start, paragraph.end))
    return spans, opened
