"""Findings: states with their reasons, for and against; never scores.

Laws:
1. The two lists of states below are the only ones, everywhere.
2. ``looked_not_found`` needs a person's row (who looked, where, how); a program
   never sets it. ``present`` needs a person; a program goes no further than ``partly``.
3. An echo counts once: origins are counted, not outlets.
4. What rests on memory alone (code K) is at most ``unknown``.
5. No count of elements, no score, no verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from witnessmark.core.claim import Status
from witnessmark.core.provenance import Code


class IndicatorState(StrEnum):
    """What the sources say of an indicator."""

    PRESENT = "present"
    PARTLY = "partly"
    CONTRARY = "contrary"
    LOOKED_NOT_FOUND = "looked_not_found"
    SOURCE_SILENT = "source_silent"


class ElementState(StrEnum):
    """Where a legal element stands."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    NOT_YET_APPLICABLE = "not_yet_applicable"


@dataclass(frozen=True, slots=True)
class IndicatorFinding:
    """The state of one indicator in the case.

    Attributes:
        id: ``f`` and ten hex digits.
        indicator: ILO indicator or state-imposed indicator.
        title: how the dossier names it.
        state: proposed state.
        rule: number of the rule that gave it (``7.1``), empty where the sources are silent.
        why: the reason in words, or what to ask.
        claims_for: ids of supporting claims.
        claims_against: ids of contrary claims (denials, counter-cues).
        origins_for: independent origins among the supporting claims.
        origins_against: independent origins among the contrary ones.
        ask: what to ask next, else empty.
        code: S, K or D of the definition.
        status: a person's judgement.
    """

    id: str
    indicator: str
    title: str
    state: IndicatorState
    rule: str
    why: str
    claims_for: tuple[str, ...]
    claims_against: tuple[str, ...]
    origins_for: tuple[str, ...]
    origins_against: tuple[str, ...]
    ask: str
    code: Code
    status: Status = Status.PROPOSED


@dataclass(frozen=True, slots=True)
class LegalElement:
    """One numbered step of a legal test.

    Attributes:
        number: step number within the regime, from 1.
        id: name of the element (``dprk_labour``).
        test: what must be shown, in our words.
        state: where it stands.
        why: why it stands there.
        claims: ids of the claims it rests on.
        records: shipment ids it rests on.
        missing: what evidence would decide it.
        code: S, K or D of the legal statement.
        source: address of the stored page, or empty.
    """

    number: int
    id: str
    test: str
    state: ElementState
    why: str
    claims: tuple[str, ...]
    records: tuple[int, ...]
    missing: str
    code: Code
    source: str


@dataclass(frozen=True, slots=True)
class LawCell:
    """One regime applied to one product (or to the case as a whole).

    Attributes:
        id: ``l`` and ten hex digits.
        regime: id of the regime (``us_caatsa_321b``).
        title: short title (``US CAATSA §321(b)``).
        subtitle: what it turns on (``labour of DPRK nationals``).
        product: id of the product reading, empty for a test of the case as a whole (C29).
        heading: the heading tested (``6704``), empty for the whole case.
        state: where the cell stands.
        headline: the deciding point (``open: no US import shown``).
        elements: numbered steps.
        consequence: what follows if all are met, with its code in the text.
        from_memory: whether the deciding statement rests on code K alone.
        in_force: dates of application, in words.
        status: a person's judgement.
    """

    id: str
    regime: str
    title: str
    subtitle: str
    product: str
    heading: str
    state: ElementState
    headline: str
    elements: tuple[LegalElement, ...]
    consequence: str
    from_memory: bool
    in_force: str
    status: Status = Status.PROPOSED
