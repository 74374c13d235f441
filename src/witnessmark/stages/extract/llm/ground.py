"""The ground that a model's claim has to stand on: our own reading of the text around it.

Laws:
1. Sentences, speakers, photographs and contexts are those that the rules see.
2. What the rules would not read (other languages, stretches without spaces) is not asked about.
3. A paragraph that speaks to a program is set aside: it is named, and not sent.
4. A piece is at most ``LONGEST_PIECE`` long and never ends inside a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from witnessmark.core.claim import Attribution
from witnessmark.core.span import Span
from witnessmark.stages.extract.attribution import Listener, SentenceVoice, Voice, outlet_of
from witnessmark.stages.extract.bounded import Stops, budget_for, find
from witnessmark.stages.extract.languages import detect, language
from witnessmark.stages.extract.llm.template import template
from witnessmark.stages.extract.mentions import Named, mentions
from witnessmark.stages.extract.photograph import PhotoSentence, described
from witnessmark.stages.extract.quotation import speeches
from witnessmark.stages.extract.segment import Sentence, sentences
from witnessmark.stages.extract.stance import Stance, contexts_of, stance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.source import Rendering
    from witnessmark.stages.extract.language import Language

LONGEST_PIECE = 4_000
"""Code points that one call is about: about a page."""

FEWEST_WORDS = 4
"""Words, or signs of a script without spaces, that can state something."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text that a model may be asked about.

    Attributes:
        source: id of the source, or the name of a file.
        rendition: SHA-256 of the text.
        rendering: how the text was made.
        text: the text.
        lang: its language where known, else None.
        outlet: who published it, where known.
    """

    source: str
    rendition: str
    rendering: Rendering
    text: str
    lang: str | None = None
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one call is about.

    Attributes:
        span: where it stands in the text.
        words: its text, exactly.
        addressed: whether it speaks to a program.
    """

    span: Span
    words: str
    addressed: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """Our own reading of one document, as far as a model's claim is checked by it."""

    document: Document
    language: Language
    parts: tuple[Sentence, ...]
    voices: tuple[SentenceVoice, ...]
    words: Stance
    contexts: frozenset[str]
    named: tuple[Named, ...]
    photos: dict[int, PhotoSentence]
    stopped: str

    def part_at(self, span: Span) -> Sentence | None:
        """Return the sentence that *span* lies inside, None where it lies in none."""
        return next((part for part in self.parts if part.span.contains(span)), None)

    def within(self, span: Span) -> tuple[Named, ...]:
        """Return the mentions inside *span*, those inside the name of a site among them."""
        every = [*self.named, *(part for one in self.named for part in one.parts)]
        return tuple(one for one in every if span.contains(one.span))


def spoken(document: Document) -> Language | None:
    """Return the language of *document*, None where it is not read."""
    return language((document.lang or detect(document.text)).split("-")[0].lower())


def prose(document: Document, tongue: Language) -> tuple[Sentence, ...]:
    """Return the sentences of *document* that rules are asked about, numbered anew."""
    whole = sentences(document.text, tongue)
    return tuple(
        replace(part, number=number) for number, part in enumerate(p for p in whole if p.prose)
    )


def pieces(document: Document, tongue: Language) -> tuple[Piece, ...]:
    """Return what a model is asked about: a paragraph each, long ones in parts."""
    found: list[Piece] = []
    run: list[Sentence] = []
    for part in prose(document, tongue):
        if run and (
            part.paragraph != run[0].paragraph
            or part.span.end - run[0].span.start > LONGEST_PIECE
            or document.text[run[-1].span.end : part.span.start].strip()
        ):
            found += _piece(document.text, run)
            run = []
        run.append(part)
    return (*found, *_piece(document.text, run))


def _piece(text: str, run: Sequence[Sentence]) -> list[Piece]:
    if not run:
        return []
    span = Span(run[0].span.start, run[-1].span.end)
    words = span.of(text)
    enough = len(words.split()) >= FEWEST_WORDS or len(words) >= FEWEST_WORDS * 4
    return [Piece(span, words, any(map(addressed, run)))] if enough else []


def addressed(part: Sentence) -> bool:
    """Return whether a sentence speaks to a program; one that takes too long to tell does."""
    stops = Stops()
    spoken_to = any(
        find(pattern, part.folded, stops, "addressed") for pattern in template().addressed
    )
    return spoken_to or bool(stops.names)


def ground_of(document: Document, tongue: Language) -> Ground:
    """Return our own reading of *document*."""
    stops = Stops(budget=budget_for(len(document.text)))
    parts = prose(document, tongue)
    author = Voice(
        Attribution.AUTHOR, document.outlet or outlet_of(parts, tongue, document.text, stops)
    )
    voices = Listener(tongue, author, document.text, stops).hear(
        parts, speeches(document.text, parts)
    )
    words = stance(tongue.folder)
    return Ground(
        document,
        tongue,
        parts,
        voices,
        words,
        contexts_of(parts, words, stops),
        mentions(parts, tongue, stops),
        described(parts, voices, tongue.folder, stops),
        stops.report(),
    )
