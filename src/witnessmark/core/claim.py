"""Claims and mentions: what a source says, in whose words.

Laws:
1. No claim without a quote: ``quote == text[start:end]`` in a named rendition.
2. A machine proposes; only a person's row makes a claim accepted.
3. A denial keeps its modality ``denied``; it never reads as a fact.
4. The lists below are closed. An unknown label is an error, not a new label.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from witnessmark.core.canonical import content_id
from witnessmark.core.source import Rendering
from witnessmark.core.span import Span


class Predicate(StrEnum):
    """What a claim is about (``interface.md``)."""

    LOCATED_IN = "located_in"
    SITE_KIND = "site_kind"
    MAKES = "makes"
    BUYER_OR_CLIENT = "buyer_or_client"
    WORKERS_COUNT = "workers_count"
    HOURS_PER_DAY = "hours_per_day"
    WAGE = "wage"
    QUOTA = "quota"
    PENALTY = "penalty"
    REWARD = "reward"
    BRIBE = "bribe"
    OUTPUT_VOLUME = "output_volume"
    UNIT_PRICE = "unit_price"
    DETENTION_REASON = "detention_reason"
    TIME_PERIOD = "time_period"
    EVIDENCE_PHOTO = "evidence_photo"
    INDICATOR = "indicator"
    SELECTED_FOR = "selected_for"
    RETAINED_BECAUSE = "retained_because"
    RELEASED_BECAUSE = "released_because"
    OUTPUT_TREND = "output_trend"
    PROCEEDS_TO = "proceeds_to"
    ALTERNATIVE_LABOUR = "alternative_labour"
    STATED_PREFERENCE = "stated_preference"


ILO_INDICATORS: tuple[str, ...] = (
    "abuse_of_vulnerability",
    "deception",
    "restriction_of_movement",
    "isolation",
    "physical_sexual_violence",
    "intimidation_threats",
    "retention_of_documents",
    "withholding_of_wages",
    "debt_bondage",
    "abusive_conditions",
    "excessive_overtime",
)
"""The eleven of the ILO's booklet, in its order."""

STATE_IMPOSED_INDICATORS: tuple[str, ...] = (
    "c105_political_coercion",
    "c105_economic_development",
    "c105_labour_discipline",
    "c105_strike_punishment",
    "c105_discrimination",
    "c29_prison_labour_for_private",
)
"""The five purposes of C105 Art. 1 and the private hire of C29 Art. 2(2)(c)."""


class Attribution(StrEnum):
    """The closest source of a statement."""

    AUTHOR = "author"
    NAMED_SOURCE = "named_source"
    ANONYMOUS_SOURCE = "anonymous_source"
    WITNESS_OR_SURVIVOR = "witness_or_survivor"
    OFFICIAL = "official"
    DOCUMENT = "document"
    ACCUSED_PARTY = "accused_party"


UNNAMED = frozenset({Attribution.ANONYMOUS_SOURCE, Attribution.WITNESS_OR_SURVIVOR})
"""Who stays unnamed: nothing that is written may name or place them more narrowly."""


class Modality(StrEnum):
    """How far the words go."""

    ASSERTED = "asserted"
    REPORTED = "reported"
    HEDGED = "hedged"
    DENIED = "denied"
    GENERAL = "general"


class Tier(StrEnum):
    """``claim`` is what the sentence states; ``candidate`` is worth a look."""

    CLAIM = "claim"
    CANDIDATE = "candidate"


class Status(StrEnum):
    """Where a person's judgement stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class MentionType(StrEnum):
    """What a mention names."""

    PLACE = "PLACE"
    SITE = "SITE"
    PRODUCT = "PRODUCT"
    ORG = "ORG"
    COUNTRY = "COUNTRY"


Value: TypeAlias = str | dict[str, object]
"""A label or phrase, or a number: ``{"amount", "unit", "comparator"[, "high"]}``."""

INSIDE_COERCION = "inside_coercion"
"""Frame of a stated preference whose subject is held: never consent."""

PHOTOGRAPHED = "photographed facility"
"""Subject of every claim about a facility that a text describes from a photograph.
It stays an actor of its own: nothing joins it with a named site."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement that a source makes, with the exact words.

    Attributes:
        id: ``c`` and ten hex digits made from where and what (see :meth:`identified`).
        source: id of the source, empty outside a case.
        rendition: SHA-256 of the rendition's text.
        rendering: how that rendition was made.
        predicate: what the claim is about.
        value: label, phrase or number.
        subject: who or what it is about, resolved inside the document.
        quote: the exact words.
        start: first code point of the quote.
        end: end of the quote, exclusive.
        attribution: the closest source of the statement.
        speaker: name or description of that source, as the text gives it.
        modality: how far the words go.
        tier: claim or candidate.
        score: 0..1, the rule's own estimate (never shown as a probability).
        status: a person's judgement.
        extractor: name and version of what found it.
        rule: id of the rule that fired.
        reason: why, in words a person can check.
        frame: ``inside_coercion`` for a preference of the held, else empty.
        lang: language of the quote.
    """

    id: str
    source: str
    rendition: str
    rendering: Rendering
    predicate: Predicate
    value: Value
    subject: str
    quote: str
    start: int
    end: int
    attribution: Attribution
    speaker: str
    modality: Modality
    tier: Tier
    score: float
    status: Status
    extractor: str
    rule: str = ""
    reason: str = ""
    frame: str = ""
    lang: str = "en"

    @property
    def span(self) -> Span:
        """Return where the quote stands."""
        return Span(self.start, self.end)

    def identified(self) -> Claim:
        """Return the claim with the id that its content gives it."""
        key = content_id(
            "c",
            self.source,
            self.rendition,
            self.start,
            self.end,
            self.predicate,
            self.value,
            self.subject,
        )
        return replace(self, id=key)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place, site, product, organisation or country that the text names.

    Attributes:
        id: ``m`` and ten hex digits.
        source: id of the source, empty outside a case.
        rendition: SHA-256 of the rendition's text.
        type: what it names.
        quote: the exact words.
        start: first code point.
        end: end, exclusive.
        norm: normal form (``Yomju County, KP``; ``wig (HS 6704)``), as far as the
            document alone gives it.
        lang: language of the words.
    """

    id: str
    source: str
    rendition: str
    type: MentionType
    quote: str
    start: int
    end: int
    norm: str
    lang: str = "en"

    @property
    def span(self) -> Span:
        """Return where the words stand."""
        return Span(self.start, self.end)

    def identified(self) -> Mention:
        """Return the mention with the id that its content gives it."""
        key = content_id("m", self.source, self.rendition, self.start, self.end, self.type)
        return replace(self, id=key)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one text says, as far as it could be read.

    Attributes:
        lang: language it was read as.
        rendition: SHA-256 of the text.
        sentences: spans of the sentences, in order.
        claims: in order of start, end, predicate.
        mentions: in order of start; no overlaps.
        not_read: why the text was not read (``language fr is not read``), else empty.
    """

    lang: str
    rendition: str
    sentences: tuple[Span, ...]
    claims: tuple[Claim, ...]
    mentions: tuple[Mention, ...]
    not_read: str = ""
