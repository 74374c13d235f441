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

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.claim import (
    INSIDE_COERCION,
    PHOTOGRAPHED,
    Attribution,
    Claim,
    Mention,
    MentionType,
    Modality,
    Predicate,
    Reading,
    Status,
    Tier,
    Value,
)
from witnessmark.core.language import UNKNOWN
from witnessmark.core.source import Rendering
from witnessmark.stages.extract.attribution import Listener, SentenceVoice, Voice, outlet_of
from witnessmark.stages.extract.bounded import Stops, budget_for, find
from witnessmark.stages.extract.features import mask
from witnessmark.stages.extract.languages import detect, language
from witnessmark.stages.extract.literals import prefilter
from witnessmark.stages.extract.matching import Hit, Surroundings, hits, whole_words
from witnessmark.stages.extract.mentions import Named, mentions, shown
from witnessmark.stages.extract.model import reading_model
from witnessmark.stages.extract.photograph import PICTURED, PhotoSentence, contents, described
from witnessmark.stages.extract.proposing import proposals
from witnessmark.stages.extract.quotation import speeches
from witnessmark.stages.extract.segment import Sentence, sentences
from witnessmark.stages.extract.settle import settled
from witnessmark.stages.extract.sites import SiteReader, several
from witnessmark.stages.extract.stance import (
    Group,
    Stance,
    contexts_of,
    group_of,
    modality_of,
    stance,
)
from witnessmark.stages.extract.values import values_of
from witnessmark.stages.extract.voicing import Document, document, weighed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from witnessmark.core.span import Span
    from witnessmark.stages.extract.language import Language
    from witnessmark.stages.extract.rulefile import Rule

EXTRACTOR = "witnessmark-rules 2026.11"
"""Name and version of what finds claims; the version is the rule files'."""

OVERTIME_HOURS = 12
"""Hours a day from which the corpus guidelines mark excessive overtime."""

_ABOUT_SITES = frozenset({Predicate.SITE_KIND, Predicate.LOCATED_IN})


@dataclass(frozen=True, slots=True)
class _Frame:
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
    frame, whole, parts, voices = _prepared(text, spoken, source, rendering, outlet, rendition)
    claims = settled(_claims(frame, parts, voices))
    noted = tuple(_mention(frame, item) for item in shown(frame.named))
    spans = tuple(part.span for part in whole)
    skipped = len(whole) - len(parts)
    unbroken = f"{skipped} stretches without spaces were not read" if skipped else ""
    not_read = "; ".join(part for part in (unbroken, frame.stops.report()) if part)
    return Reading(code, rendition, spans, claims, noted, not_read)


def _prepared(
    text: str, spoken: Language, source: str, rendering: Rendering, outlet: str, rendition: str
) -> tuple[_Frame, tuple[Sentence, ...], tuple[Sentence, ...], tuple[SentenceVoice, ...]]:
    """Take steps 2 to 6: frame, all sentences, those that are prose, and their voices."""
    stops = Stops(budget=budget_for(len(text)))
    whole = sentences(text, spoken)
    parts = tuple(
        replace(part, number=number) for number, part in enumerate(p for p in whole if p.prose)
    )
    author = Voice(Attribution.AUTHOR, outlet or outlet_of(parts, spoken, text, stops))
    voices = Listener(spoken, author, text, stops).hear(parts, speeches(text, parts))
    named = mentions(parts, spoken, stops)
    words = stance(spoken.folder)
    frame = _Frame(
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
        for name in named[at:]:
            if name.span.start >= part.span.end:
                break
            moved = name.moved(-part.span.start)
            inside.append((moved.span.start, moved.span.end, name.type.value))
        masked.append(mask(part.folded, inside))
    return masked


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
    frame, _, parts, voices = _prepared(text, spoken, "", Rendering.IDENTITY, "", "")
    found: list[set[str]] = [set() for _ in parts]
    starts = [part.span.start for part in parts]
    for claim in _claims(replace(frame, learned=False), parts, voices):
        found[bisect_right(starts, claim.start) - 1].add(_told(claim))

    def heard(number: int, quote: Span, what: str) -> tuple[Attribution, Modality, bool]:
        voice = voices[number]
        inside = quote.shifted(parts[number].span.start)
        said = voice.at(inside).attribution
        stated = modality_of(parts[number].folded, quote, what, said, frame.words, frame.stops)
        return said, stated, any(stretch.overlaps(inside) for stretch in voice.speech)

    return Studied(parts, frame.seen, tuple(map(frozenset, found)), heard)


def _told(claim: Claim) -> str:
    what = claim.value if claim.predicate is Predicate.INDICATOR else claim.predicate
    return f"{what}:{claim.tier}"


def _not_read(code: str, text: str) -> str:
    if code != UNKNOWN:
        return f"language {code} is not read"
    return "its language is not clear" if text.strip() else "there is no text to read"


def _mention(frame: _Frame, named: Named) -> Mention:
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


def _claims(
    frame: _Frame,
    parts: tuple[Sentence, ...],
    voices: tuple[SentenceVoice, ...],
) -> Iterator[Claim]:
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
        reader = _SentenceReader(frame, part, voices[number], local, photo, people)
        if number == 0 and early_photo and part.heading and reader.only_country:
            reader.photographed = True
        before = " ".join(p.folded for p in parts[max(0, number - 2) : number])
        around = Surroundings(paragraphs[part.paragraph], before, frame.contexts)
        found = [*reader.by_rules(around), *reader.by_site(sites)]
        yield from found
        if photo is not None:
            yield from reader.by_photograph(photo)
        elif frame.learned:
            yield from reader.by_model(frozenset(map(_told, found)))
        people = reader.people or people


class _SentenceReader:
    """Makes the claims of one sentence."""

    def __init__(
        self,
        frame: _Frame,
        part: Sentence,
        voice: SentenceVoice,
        named: tuple[Named, ...],
        photo: PhotoSentence | None,
        people: Group | None,
    ) -> None:
        self._frame = frame
        self._part = part
        self._voice = voice
        self._named = named
        self._described = photo is not None
        self.photographed = self._described
        self.people = people

    @property
    def only_country(self) -> bool:
        """Return whether the sentence names a country and nothing narrower."""
        kinds = {named.type for named in self._named}
        return MentionType.COUNTRY in kinds and MentionType.PLACE not in kinds

    def by_rules(self, around: Surroundings) -> Iterator[Claim]:
        """Yield the claims that the rules find."""
        frame = self._frame
        for rule in prefilter(frame.language.folder).possible(self._part.folded):
            for hit in hits(rule, self._part.folded, around, frame.words.clause_ends, frame.stops):
                yield from self._made(rule, hit)

    def by_site(self, sites: SiteReader) -> Iterator[Claim]:
        """Yield what sort of sites the sentence names."""
        subject = PHOTOGRAPHED if self.photographed else ""
        for hit in sites.read(self._part, self._named, subject):
            about = subject or several(hit.kind)
            yield self._claim(
                Predicate.SITE_KIND,
                hit.kind,
                about,
                hit.quote,
                tier=hit.tier,
                score=hit.score,
                rule="site_kind",
                reason="the text's own word for the site",
            )

    def by_photograph(self, photo: PhotoSentence) -> Iterator[Claim]:
        """Yield that there is a photograph, and what it shows."""
        for span in contents(self._part.folded, photo, self._frame.language.folder):
            opens = photo.opens is not None and span.overlaps(photo.opens)
            quote = self._words(span)
            yield self._claim(
                Predicate.EVIDENCE_PHOTO,
                quote,
                PHOTOGRAPHED,
                span,
                score=0.9 if opens else 0.7,
                rule="photograph",
                reason="names a photograph" if opens else "goes on describing the photograph",
            )

    def by_model(self, told: frozenset[str]) -> Iterator[Claim]:
        """Yield what the trained model proposes beside what the rules *told*."""
        frame, part = self._frame, self._part
        masked = frame.seen.masked[part.number]
        for proposal in proposals(
            masked, part.folded, frame.language.code, told, frame.words.clause_ends
        ):
            group = group_of(part.folded, proposal.quote, frame.words, frame.stops)
            known = group or self.people
            usual = frame.words.default_subject if "held" in frame.contexts else ""
            held = known.held if known else "held" in frame.contexts
            preference = proposal.predicate is Predicate.STATED_PREFERENCE
            yield self._claim(
                proposal.predicate,
                proposal.label or self._words(proposal.quote),
                known.name if known else usual,
                proposal.quote,
                tier=proposal.tier,
                score=proposal.score,
                rule=f"model {reading_model().version}",
                reason=proposal.reason,
                frame=INSIDE_COERCION if preference and held else "",
            )

    def _words(self, span: Span) -> str:
        return " ".join(span.shifted(self._part.span.start).of(self._frame.text).split())

    def _made(self, rule: Rule, hit: Hit) -> Iterator[Claim]:
        frame = self._frame
        group = group_of(self._part.folded, hit.quote, frame.words, frame.stops)
        if group is not None:
            self.people = group
        known = group or self.people
        photographed = self.photographed and rule.predicate in PICTURED
        if self._described and not photographed and (group is None or group.site):
            # the sentence speaks of the photograph, and of no people of whom this could be said
            return
        usual = frame.words.default_subject if "held" in frame.contexts else ""
        subject = rule.subject or (known.name if known else usual)
        if photographed:
            subject = PHOTOGRAPHED
        local = tuple(n.moved(-self._part.span.start) for n in self._named)
        held = known.held if known else "held" in frame.contexts
        extra = rule.frame
        if rule.predicate is Predicate.STATED_PREFERENCE and held:
            extra = INSIDE_COERCION
        for value, about, quote in values_of(
            rule,
            hit,
            self._part.folded,
            local,
            self._words(hit.quote),
            frame.language.numbers,
            narrow=not photographed,
            container=self._container(),
            folder=frame.language.folder,
            stops=frame.stops,
        ):
            of_site = about if rule.predicate in _ABOUT_SITES and not photographed else ""
            yield self._claim(
                rule.predicate,
                value,
                of_site or subject,
                quote,
                tier=rule.tier,
                score=rule.score,
                rule=rule.id,
                reason=rule.why,
                frame=extra,
                modality=rule.modality,
            )
            labels = rule.indicators
            if rule.predicate is Predicate.HOURS_PER_DAY and _long_day(value):
                labels = (*labels, "excessive_overtime")
            for label in labels:
                yield self._claim(
                    Predicate.INDICATOR,
                    label,
                    subject,
                    quote,
                    tier=rule.tier,
                    score=rule.score,
                    rule=rule.id,
                    reason=rule.why,
                    modality=rule.modality,
                )

    def _container(self) -> str:
        """Return the province that the document names last before the sentence's end."""
        known = self._frame.provinces
        last = bisect_right(known, self._part.span.end, key=lambda n: n.span.end)
        return known[max(0, last - 1)].norm if known else ""

    def _claim(
        self,
        predicate: Predicate,
        value: Value,
        subject: str,
        span: Span,
        *,
        tier: Tier = Tier.CLAIM,
        score: float,
        rule: str,
        reason: str,
        frame: str = "",
        modality: Modality | None = None,
    ) -> Claim:
        if self._frame.language.spaced:
            span = whole_words(self._part.folded, span)
        inside = span.shifted(self._part.span.start)
        voice = self._voice.at(inside)
        what = str(value) if predicate is Predicate.INDICATOR else predicate.value
        words, stops = self._frame.words, self._frame.stops
        stated = modality or modality_of(
            self._part.folded, span, what, voice.attribution, words, stops
        )
        attribution, speaker = voice.attribution, voice.speaker
        if self._frame.learned:
            attribution, weighed_stance = weighed(
                self._frame.seen,
                self._part.number,
                span,
                heard=attribution,
                stated=stated,
                inside=any(stretch.overlaps(inside) for stretch in self._voice.speech),
                told=self._voice.told,
            )
            stated = modality or weighed_stance
            speaker = speaker if attribution is voice.attribution else ""
        return Claim(
            "",
            self._frame.source,
            self._frame.rendition,
            self._frame.rendering,
            predicate,
            value,
            subject,
            inside.of(self._frame.text),
            inside.start,
            inside.end,
            attribution,
            speaker,
            stated,
            tier,
            score,
            Status.PROPOSED,
            EXTRACTOR,
            rule,
            reason,
            frame,
            self._frame.language.code,
        ).identified()


def _long_day(value: Value) -> bool:
    """Return whether a day is long enough for excessive overtime (guidelines, section 4)."""
    if not isinstance(value, dict):
        return False
    amount = value.get("high", value["amount"])
    return isinstance(amount, int | float) and amount >= OVERTIME_HOURS
