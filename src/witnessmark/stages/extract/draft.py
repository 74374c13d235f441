"""A claim before it is settled who says it and how far the words go.

Laws:
1. What decides between two drafts (tier, score, place, rule, value) never depends on who
   speaks: so only drafts that stand are heard and weighed.
2. A draft becomes one claim, with the same words and the same value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.canonical import content_id
from witnessmark.core.claim import Claim, Modality, Predicate, Status, Tier, Value
from witnessmark.core.span import Span
from witnessmark.stages.extract.stance import modality_of
from witnessmark.stages.extract.voicing import weighed

if TYPE_CHECKING:
    from witnessmark.stages.extract.attribution import SentenceVoice
    from witnessmark.stages.extract.prepared import Frame
    from witnessmark.stages.extract.segment import Sentence

EXTRACTOR = "witnessmark-rules 2026.11"
"""Name and version of what finds claims; the version is the rule files'."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim without its voice; the fields are those of :class:`Claim`.

    Attributes:
        number: number of its sentence.
        modality: how far the words go, where the rule says it.
    """

    predicate: Predicate
    value: Value
    subject: str
    start: int
    end: int
    number: int
    tier: Tier
    score: float
    rule: str
    reason: str
    frame: str
    modality: Modality | None


def told_by(draft: Draft) -> str:
    """Return what the model is told of *draft*: ``VALUE:TIER``."""
    what = draft.value if draft.predicate is Predicate.INDICATOR else draft.predicate
    return f"{what}:{draft.tier}"


def claimed(draft: Draft, frame: Frame, part: Sentence, heard: SentenceVoice) -> Claim:
    """Return the claim that *draft* becomes in its sentence *part*, by the voice *heard* in it."""
    inside = Span(draft.start, draft.end)
    span = inside.shifted(-part.span.start)
    voice = heard.at(inside)
    what = str(draft.value) if draft.predicate is Predicate.INDICATOR else draft.predicate.value
    stated = draft.modality or modality_of(
        part.folded, span, what, voice.attribution, frame.words, frame.stops, own=voice.own
    )
    attribution, speaker = voice.attribution, voice.speaker
    if frame.learned:
        attribution, weighed_stance = weighed(
            frame.seen,
            part.number,
            span,
            heard=attribution,
            stated=stated,
            inside=any(stretch.overlaps(inside) for stretch in heard.speech),
            told=heard.told,
        )
        stated = draft.modality or weighed_stance
        speaker = speaker if attribution is voice.attribution else ""
    key = content_id(
        "c",
        frame.source,
        frame.rendition,
        draft.start,
        draft.end,
        draft.predicate,
        draft.value,
        draft.subject,
    )
    return Claim(
        key,
        frame.source,
        frame.rendition,
        frame.rendering,
        draft.predicate,
        draft.value,
        draft.subject,
        inside.of(frame.text),
        draft.start,
        draft.end,
        attribution,
        speaker,
        stated,
        draft.tier,
        draft.score,
        Status.PROPOSED,
        EXTRACTOR,
        draft.rule,
        draft.reason,
        draft.frame,
        frame.language.code,
    )
