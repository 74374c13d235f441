"""What the trained model learns from: a text as it stands before the model says anything.

Laws:
1. It is made by the functions that the reading itself uses: what is learnt is what is read.
2. The model's own answers are no part of it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from witnessmark.core.source import Rendering
from witnessmark.stages.extract.draft import told_by
from witnessmark.stages.extract.languages import language
from witnessmark.stages.extract.prepared import prepared
from witnessmark.stages.extract.reading import drafts
from witnessmark.stages.extract.stance import modality_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from witnessmark.core.claim import Attribution, Modality
    from witnessmark.core.span import Span
    from witnessmark.stages.extract.segment import Sentence
    from witnessmark.stages.extract.voicing import Document


@dataclass(frozen=True, slots=True)
class Studied:
    """What the model learns from: a text as it sees it before it says anything itself.

    Attributes:
        parts: the sentences.
        seen: the sentences as the model sees them.
        told: what the rules found in each, as ``VALUE:TIER``.
        heard: attribution, modality, and whether it is direct speech, of a sentence's stretch.
    """

    parts: tuple[Sentence, ...]
    seen: Document
    told: tuple[frozenset[str], ...]
    heard: Callable[[int, Span, str], tuple[Attribution, Modality, bool]]


def studied(text: str, lang: str) -> Studied | None:
    """Return what the model learns from *text*, None where *lang* is not read."""
    spoken = language(lang)
    if spoken is None:
        return None
    frame, _, parts, voices = prepared(text, spoken, "", Rendering.IDENTITY, "", "")
    found: list[set[str]] = [set() for _ in parts]
    starts = [part.span.start for part in parts]
    for draft in drafts(replace(frame, learned=False), parts, voices):
        found[bisect_right(starts, draft.start) - 1].add(told_by(draft))

    def heard(number: int, quote: Span, what: str) -> tuple[Attribution, Modality, bool]:
        voice = voices[number]
        inside = quote.shifted(parts[number].span.start)
        speaker = voice.at(inside)
        said, text = speaker.attribution, parts[number].folded
        stated = modality_of(text, quote, what, said, frame.words, frame.stops, own=speaker.own)
        return said, stated, any(stretch.overlaps(inside) for stretch in voice.speech)

    return Studied(parts, frame.seen, tuple(map(frozenset, found)), heard)
