"""The claims of one sentence, before anyone is asked who says it and how far it goes.

Laws:
1. A quote lies inside the sentence and, in a language with spaces, begins and ends at no
   inside of a word.
2. A sentence that describes a photograph is about the facility in it, and of the people in
   it only where it names them.
3. The model is told what the rules found; it adds and never takes away.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from witnessmark.core.claim import INSIDE_COERCION, PHOTOGRAPHED, MentionType, Predicate, Tier
from witnessmark.stages.extract.draft import Draft
from witnessmark.stages.extract.gate import gate
from witnessmark.stages.extract.matching import Hit, Surroundings, hits, whole_words
from witnessmark.stages.extract.model import reading_model
from witnessmark.stages.extract.photograph import PICTURED, PhotoSentence, contents
from witnessmark.stages.extract.proposing import proposals
from witnessmark.stages.extract.sites import SiteReader, several
from witnessmark.stages.extract.stance import Group, Standing, groups_in, nearest
from witnessmark.stages.extract.values import values_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from witnessmark.core.claim import Modality, Value
    from witnessmark.core.span import Span
    from witnessmark.stages.extract.attribution import SentenceVoice
    from witnessmark.stages.extract.mentions import Named
    from witnessmark.stages.extract.prepared import Frame
    from witnessmark.stages.extract.rulefile import Rule
    from witnessmark.stages.extract.segment import Sentence

OVERTIME_HOURS = 12
"""Hours a day from which the corpus guidelines mark excessive overtime."""

_ABOUT_SITES = frozenset({Predicate.SITE_KIND, Predicate.LOCATED_IN})


class SentenceReader:
    """Makes the claims of one sentence."""

    def __init__(
        self,
        frame: Frame,
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
        self._groups: tuple[Standing, ...] | None = None
        self._local: tuple[Named, ...] | None = None

    @property
    def countries(self) -> frozenset[str]:
        """Return the norms of the countries that the sentence names."""
        return frozenset(n.norm for n in self._named if n.type is MentionType.COUNTRY)

    @property
    def only_country(self) -> bool:
        """Return whether the sentence names a country and nothing narrower."""
        kinds = {named.type for named in self._named}
        return MentionType.COUNTRY in kinds and MentionType.PLACE not in kinds

    def by_rules(self, around: Surroundings) -> Iterator[Draft]:
        """Yield the claims that the rules find."""
        frame = self._frame
        for rule in gate(frame.language).possible(
            frame.stops.mask(self._part.folded), frame.contexts
        ):
            for hit in hits(rule, self._part.folded, around, frame.words.clause_ends, frame.stops):
                yield from self._made(rule, hit)

    def by_site(self, sites: SiteReader) -> Iterator[Draft]:
        """Yield what sort of sites the sentence names."""
        subject = PHOTOGRAPHED if self.photographed else ""
        for hit in sites.read(self._part, self._named, subject):
            about = subject or several(hit.kind)
            yield self._draft(
                Predicate.SITE_KIND,
                hit.kind,
                about,
                hit.quote,
                tier=hit.tier,
                score=hit.score,
                rule="site_kind",
                reason="the text's own word for the site",
            )

    def by_photograph(self, photo: PhotoSentence) -> Iterator[Draft]:
        """Yield that there is a photograph, and what it shows."""
        for span in contents(self._part.folded, photo, self._frame.language.folder):
            opens = photo.opens is not None and span.overlaps(photo.opens)
            quote = self._words(span)
            yield self._draft(
                Predicate.EVIDENCE_PHOTO,
                quote,
                PHOTOGRAPHED,
                span,
                score=0.9 if opens else 0.7,
                rule="photograph",
                reason="names a photograph" if opens else "goes on describing the photograph",
            )

    def by_model(self, told: frozenset[str]) -> Iterator[Draft]:
        """Yield what the trained model proposes beside what the rules *told*."""
        frame, part = self._frame, self._part
        seen = frame.seen
        for proposal in proposals(
            seen.masked[part.number],
            seen.looks[part.number],
            part.folded,
            frame.language.code,
            told,
            frame.words.clause_ends,
        ):
            group = self._group(proposal.quote)
            known = group or self.people
            usual = frame.words.default_subject if "held" in frame.contexts else ""
            held = known.held if known else "held" in frame.contexts
            preference = proposal.predicate is Predicate.STATED_PREFERENCE
            yield self._draft(
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

    def _group(self, quote: Span) -> Group | None:
        """Return whom *quote* is about, None where the sentence names nobody."""
        if self._groups is None:
            self._groups = groups_in(self._part.folded, self._frame.words, self._frame.stops)
        return nearest(self._groups, quote)

    def _words(self, span: Span) -> str:
        return " ".join(span.shifted(self._part.span.start).of(self._frame.text).split())

    def _made(self, rule: Rule, hit: Hit) -> Iterator[Draft]:
        frame = self._frame
        group = self._group(hit.quote)
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
        if self._local is None:
            self._local = tuple(n.moved(-self._part.span.start) for n in self._named)
        held = known.held if known else "held" in frame.contexts
        extra = rule.frame
        if rule.predicate is Predicate.STATED_PREFERENCE and held:
            extra = INSIDE_COERCION
        for value, about, quote in values_of(
            rule,
            hit,
            self._part.folded,
            self._local,
            self._words(hit.quote),
            frame.language.numbers,
            narrow=not photographed,
            container=self._container(),
            folder=frame.language.folder,
            stops=frame.stops,
        ):
            if (
                photographed
                and rule.predicate is Predicate.LOCATED_IN
                and value not in self.countries
            ):
                continue  # whatever a rule finds, a photograph's place is its country at most
            of_site = about if rule.predicate in _ABOUT_SITES and not photographed else ""
            yield self._draft(
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
                yield self._draft(
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

    def _draft(
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
    ) -> Draft:
        if self._frame.language.spaced:
            span = whole_words(self._part.folded, span)
        start = self._part.span.start
        return Draft(
            predicate,
            value,
            subject,
            start + span.start,
            start + span.end,
            self._part.number,
            tier,
            score,
            rule,
            reason,
            frame,
            modality,
        )


def _long_day(value: Value) -> bool:
    """Return whether a day is long enough for excessive overtime (guidelines, section 4)."""
    if not isinstance(value, dict):
        return False
    amount = value.get("high", value["amount"])
    return isinstance(amount, int | float) and amount >= OVERTIME_HOURS
