"""Sentences that describe a photograph, and what it shows.

Laws:
1. What is said of a photograph is said of the facility in it, and of no other.
2. A description ends with its paragraph, or where a source starts to speak.
3. The place of a photograph is never inferred: only its country, where the text says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from witnessmark.core.claim import Predicate
from witnessmark.core.span import Span
from witnessmark.stages.extract.bounded import Stops, compiled, find
from witnessmark.stages.extract.matching import trimmed
from witnessmark.stages.extract.rulefile import Pattern, expand, fragments, language_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from witnessmark.stages.extract.attribution import SentenceVoice
    from witnessmark.stages.extract.segment import Sentence

PICTURED = frozenset(
    {
        Predicate.EVIDENCE_PHOTO,
        Predicate.MAKES,
        Predicate.SITE_KIND,
        Predicate.LOCATED_IN,
        Predicate.INDICATOR,
        Predicate.WORKERS_COUNT,
    }
)
"""What a photograph can show of a facility; why people are held, paid or let go it cannot."""

SHORTEST_CONTENT = 12
"""Code points of the shortest clause that says what a photograph shows."""


@dataclass(frozen=True, slots=True)
class PhotoWords:
    """The words by which a language speaks of photographs, compiled."""

    opens: Pattern
    stop: Pattern
    parts: Pattern


@dataclass(frozen=True, slots=True)
class PhotoSentence:
    """How a sentence speaks of a photograph.

    Attributes:
        opens: where it names the photograph (offsets in the sentence), None where it
            only goes on with the description.
    """

    opens: Span | None


@cache
def photo_words(folder: str) -> PhotoWords:
    """Return the photograph words of the language *folder*."""
    data = language_data(folder)["photo"]
    local = fragments(folder) | {"photo": str(data["noun"])}
    where = f"{folder}/language.yaml"

    def one(name: str) -> Pattern:
        return compiled(expand(data[name], local, where), where)

    return PhotoWords(one("opens"), one("stop"), one("parts"))


def described(
    sentences: Sequence[Sentence], voices: Sequence[SentenceVoice], folder: str, stops: Stops
) -> dict[int, PhotoSentence]:
    """Return the sentences that describe a photograph, by number."""
    words = photo_words(folder)
    found: dict[int, PhotoSentence] = {}
    paragraph, going = -1, False
    for sentence, voice in zip(sentences, voices, strict=True):
        if sentence.paragraph != paragraph:
            paragraph, going = sentence.paragraph, False
        opening = find(words.opens, sentence.folded, stops, "photo")
        if opening and not sentence.heading:
            found[sentence.number] = PhotoSentence(Span(*opening.span()))
            going = find(words.stop, sentence.folded, stops, "photo stop") is None
        elif going:
            told = voice.told and not voice.speech
            if told or find(words.stop, sentence.folded, stops, "photo stop"):
                going = False
            else:
                found[sentence.number] = PhotoSentence(None)
    return found


def contents(sentence: str, photo: PhotoSentence, folder: str) -> Iterator[Span]:
    """Yield the clauses of *sentence* that say that there is a photograph or what it shows."""
    words = photo_words(folder)
    start = 0
    ends = [match.span() for match in words.parts.finditer(sentence)]
    for left, right in [*ends, (len(sentence), len(sentence))]:
        part = trimmed(sentence, Span(start, max(start, left)))
        start = right
        wanted = photo.opens is None or part.end > photo.opens.start
        if len(part) >= SHORTEST_CONTENT and wanted:
            yield part
