"""What every claim of one reading rests on: sentences, voices, names, contexts.

Laws:
1. A pure function of text and rule files; nothing is claimed yet.
2. Sentences that are no prose (dumps, addresses) are kept apart: no rule is asked about them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from witnessmark.core.claim import Attribution
from witnessmark.stages.extract.attribution import Listener, SentenceVoice, Voice, outlet_of
from witnessmark.stages.extract.bounded import Stops, budget_for
from witnessmark.stages.extract.features import mask
from witnessmark.stages.extract.gate import gate
from witnessmark.stages.extract.mentions import Named, mentions
from witnessmark.stages.extract.quotation import speeches
from witnessmark.stages.extract.segment import Sentence, sentences
from witnessmark.stages.extract.stance import Stance, contexts_of, stance
from witnessmark.stages.extract.voicing import Document, document

if TYPE_CHECKING:
    from witnessmark.core.source import Rendering
    from witnessmark.core.span import Span
    from witnessmark.stages.extract.language import Language


@dataclass(frozen=True, slots=True)
class Frame:
    """What every claim of one reading has in common."""

    text: str
    source: str
    rendition: str
    rendering: Rendering
    language: Language
    words: Stance
    contexts: frozenset[str]
    named: tuple[Named, ...]
    stops: Stops
    provinces: tuple[Named, ...]
    seen: Document
    learned: bool

    def within(self, span: Span) -> tuple[Named, ...]:
        """Return the mentions inside *span*; they stand in the order of the text."""
        first = bisect_left(self.named, span.start, key=lambda n: n.span.start)
        last = bisect_right(self.named, span.end, key=lambda n: n.span.end)
        return self.named[first:last]


def prepared(
    text: str, spoken: Language, source: str, rendering: Rendering, outlet: str, rendition: str
) -> tuple[Frame, tuple[Sentence, ...], tuple[Sentence, ...], tuple[SentenceVoice, ...]]:
    """Take steps 2 to 6: frame, all sentences, those that are prose, and their voices."""
    stops = Stops(budget=budget_for(len(text)), gate=gate(spoken))
    whole = sentences(text, spoken)
    parts = tuple(
        replace(part, number=number) for number, part in enumerate(p for p in whole if p.prose)
    )
    author = Voice(Attribution.AUTHOR, outlet or outlet_of(parts, spoken, text, stops))
    voices = Listener(spoken, author, text, stops).hear(parts, speeches(text, parts))
    named = mentions(parts, spoken, stops)
    words = stance(spoken.folder)
    frame = Frame(
        text,
        source,
        rendition,
        rendering,
        spoken,
        words,
        contexts_of(parts, words, stops),
        named,
        stops,
        tuple(n for n in named if n.container),
        document(_masked(parts, named), spoken.code),
        learned=True,
    )
    return frame, whole, parts, voices


def _masked(parts: tuple[Sentence, ...], named: tuple[Named, ...]) -> list[str]:
    """Return the sentences with the names in them put out of sight."""
    masked: list[str] = []
    at = 0
    for part in parts:
        while at < len(named) and named[at].span.end <= part.span.start:
            at += 1
        inside: list[tuple[int, int, str]] = []
        start, inner = part.span.start, at
        while inner < len(named) and named[inner].span.start < part.span.end:
            name = named[inner]
            inside.append((name.span.start - start, name.span.end - start, name.type.value))
            inner += 1
        masked.append(mask(part.folded, inside))
    return masked
