"""From a text to claims and mentions: the order in which the rules are asked.

Laws:
1. Every claim's quote is ``text[start:end]`` and lies inside one sentence.
2. The reading is a pure function of text and rule files.
3. A language that is not read, and a search that was stopped, are said aloud.

Steps: 1 language, 2 sentences, 3 speech, 4 voices, 5 mentions, 6 contexts,
7 photograph, 8 claim rules, 9 site kinds, 10 the trained model, 11 one claim for one
statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.claim import Mention, Reading
from witnessmark.core.language import UNKNOWN
from witnessmark.core.source import Rendering
from witnessmark.stages.extract.bounded import find
from witnessmark.stages.extract.draft import EXTRACTOR, Draft, claimed, told_by
from witnessmark.stages.extract.languages import detect, language
from witnessmark.stages.extract.matching import Surroundings
from witnessmark.stages.extract.mentions import shown
from witnessmark.stages.extract.photograph import described
from witnessmark.stages.extract.prepared import prepared
from witnessmark.stages.extract.sentence_reader import SentenceReader
from witnessmark.stages.extract.settle import settled
from witnessmark.stages.extract.sites import SiteReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from witnessmark.stages.extract.attribution import SentenceVoice
    from witnessmark.stages.extract.mentions import Named
    from witnessmark.stages.extract.prepared import Frame
    from witnessmark.stages.extract.segment import Sentence
    from witnessmark.stages.extract.stance import Group

__all__ = ["EXTRACTOR", "drafts", "read"]


def read(
    text: str,
    lang: str | None = None,
    *,
    source: str = "",
    rendering: Rendering = Rendering.IDENTITY,
    outlet: str = "",
) -> Reading:
    """Return what *text* says: claims and mentions with their exact words.

    Args:
        text: a rendition, as it is.
        lang: ``en`` or ``ko``; None to find out.
        source: id of the source, for the claims.
        rendering: how the text was made.
        outlet: who published it, where known: the name of the author's voice.
    """
    code = (lang or detect(text)).split("-")[0].lower()
    rendition = sha256_hex(text.encode("utf-8", "surrogatepass"))
    spoken = language(code)
    if spoken is None:
        return Reading(code, rendition, (), (), (), _not_read(code, text))
    frame, whole, parts, voices = prepared(text, spoken, source, rendering, outlet, rendition)
    claims = tuple(
        claimed(draft, frame, parts[draft.number], voices[draft.number])
        for draft in settled(drafts(frame, parts, voices))
    )
    noted = tuple(_mention(frame, item) for item in shown(frame.named))
    spans = tuple(part.span for part in whole)
    skipped = len(whole) - len(parts)
    unbroken = f"{skipped} stretches without spaces were not read" if skipped else ""
    not_read = "; ".join(part for part in (unbroken, frame.stops.report()) if part)
    return Reading(code, rendition, spans, claims, noted, not_read)


def _not_read(code: str, text: str) -> str:
    if code != UNKNOWN:
        return f"language {code} is not read"
    return "its language is not clear" if text.strip() else "there is no text to read"


def _mention(frame: Frame, named: Named) -> Mention:
    quote = named.span.of(frame.text)
    span = named.span
    return Mention(
        "",
        frame.source,
        frame.rendition,
        named.type,
        quote,
        span.start,
        span.end,
        named.norm,
        frame.language.code,
    ).identified()


def drafts(
    frame: Frame,
    parts: tuple[Sentence, ...],
    voices: tuple[SentenceVoice, ...],
) -> Iterator[Draft]:
    """Yield the claims of every sentence, those of one statement beside one another."""
    relevant = bool(frame.contexts & {"held", "coerced"})
    folder = frame.language.folder
    photos = described(parts, voices, folder, frame.stops) if relevant else {}
    paragraphs: dict[int, str] = {}
    for part in parts:
        joined = f"{paragraphs.get(part.paragraph, '')} {part.folded}"
        paragraphs[part.paragraph] = joined[:4_000]
    sites = SiteReader(frame.language, frame.stops, held="held" in frame.contexts)
    early_photo = any(number <= 4 for number in photos)  # noqa: PLR2004 - title and first paragraph
    people: Group | None = None
    paragraph = -1
    for number, part in enumerate(parts):
        if frame.stops.ends_at(part.span.start):
            return
        if part.paragraph != paragraph:
            paragraph, people = part.paragraph, None
        if find(frame.words.unread, part.folded, frame.stops, "unread"):
            continue
        local = frame.within(part.span)
        photo = photos.get(number)
        reader = SentenceReader(frame, part, voices[number], local, photo, people)
        if number == 0 and early_photo and part.heading and reader.only_country:
            reader.photographed = True
        before = " ".join(p.folded for p in parts[max(0, number - 2) : number])
        around = Surroundings(paragraphs[part.paragraph], before, frame.contexts)
        found = [*reader.by_rules(around), *reader.by_site(sites)]
        yield from found
        if photo is not None:
            yield from reader.by_photograph(photo)
        elif frame.learned:
            yield from reader.by_model(frozenset(map(told_by, found)))
        people = reader.people or people
