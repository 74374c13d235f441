"""What the trained model proposes beside the rules: indicators, and phrases as candidates.

Laws:
1. It adds; it never takes away or changes what a rule found.
2. A proposal has a quote: the clause that speaks for it, inside its sentence.
3. It says why, in the words and concepts that spoke for it.
4. Sentences that state nothing (laws, risks) and such as describe a photograph are not
   asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from witnessmark.core.claim import (
    ILO_INDICATORS,
    STATE_IMPOSED_INDICATORS,
    Predicate,
    Tier,
)
from witnessmark.core.span import Span
from witnessmark.stages.extract.features import MASKS, Look, features, look
from witnessmark.stages.extract.matching import trimmed
from witnessmark.stages.extract.model import probability, reading_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from witnessmark.stages.extract.rulefile import Pattern

INDICATORS = frozenset({*ILO_INDICATORS, *STATE_IMPOSED_INDICATORS})
PHRASES = frozenset(
    {
        Predicate.PENALTY,
        Predicate.REWARD,
        Predicate.BRIBE,
        Predicate.QUOTA,
        Predicate.DETENTION_REASON,
        Predicate.SELECTED_FOR,
        Predicate.RETAINED_BECAUSE,
        Predicate.RELEASED_BECAUSE,
        Predicate.PROCEEDS_TO,
        Predicate.ALTERNATIVE_LABOUR,
        Predicate.STATED_PREFERENCE,
    }
)
"""Predicates whose value may be the text's own words."""

WORKING = frozenset(
    [
        *("work", "make", "harvest_extract", "carry", "overtime", "quota", "force", "assign"),
        *("worker", "trade_worker", "seafarer", "domestic_worker", "held", "child", "pupil"),
        *("prison", "factory", "kiln", "vessel", "farm", "mine", "site_work", "rest_day"),
    ]
)
"""Concepts of which one must stand in a sentence about long hours that is claimed: shops,
camps for children and power cuts have their hours, too."""

REMEDIED = 0.5
"""Probability from which wages in a sentence about compensation are claimed as withheld: that
an office recovered pay is no claim of its own (corpus guidelines)."""

ENOUGH = 1.0
"""Log-odds that a clause may lack beside its sentence and still stand for it."""

ROUNDING = 1e-3
"""Log-odds by which a label may miss the least probability before that is computed."""

MOST_CLAUSES = 12
"""Clauses of a sentence that are tried; a longer one is quoted whole."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One claim that the model proposes.

    Attributes:
        predicate: ``indicator`` or a predicate of :data:`PHRASES`.
        label: the indicator, empty for a phrase.
        quote: where it stands in the sentence.
        tier: claim or candidate.
        score: the model's probability, 0..1.
        reason: what spoke for it.
    """

    predicate: Predicate
    label: str
    quote: Span
    tier: Tier
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Run:
    span: Span
    logits: list[float]


def proposals(
    masked: str,
    seen: Look,
    sentence: str,
    lang: str,
    told: frozenset[str],
    clause_ends: Pattern,
) -> Iterator[Proposal]:
    """Yield what the model proposes of one sentence.

    Args:
        masked: the sentence with its names put out of sight, as long as it.
        seen: the same, taken apart.
        sentence: the folded sentence.
        lang: its language.
        told: what the rules found, as ``VALUE:TIER``.
        clause_ends: where clauses end, in this language.
    """
    model = reading_model()
    least = model.candidate_from[lang]
    names = features(seen, lang)
    logits = model.claims.logits(model.claims.rows(names)).tolist()
    claimed = {found.rpartition(":")[0] for found in told if found.endswith(f":{Tier.CLAIM}")}
    known = {found.rpartition(":")[0] for found in told}
    enough = log(least / (1 - least)) - ROUNDING if 0 < least < 1 else float("-inf")
    runs: tuple[_Run, ...] | None = None
    for number, label in enumerate(model.claims.labels):
        if logits[number] < enough or label in claimed:
            continue
        score = probability(logits[number])
        if score < least or not (label in INDICATORS or label in PHRASES):
            continue
        sure = label in INDICATORS and score >= model.claim_from[lang]
        if label == "excessive_overtime" and not seen.concepts & WORKING:
            sure = False
        if label == "c29_prison_labour_for_private" and not _names_a_client(seen):
            sure = False
        if label == "withholding_of_wages" and "remedy" in seen.concepts and score < REMEDIED:
            sure = False
        if label in known and not sure:
            continue
        runs = _runs(masked, lang, clause_ends) if runs is None else runs
        quote = _clause(runs, sentence, number, logits[number])
        if not len(quote):
            continue
        yield Proposal(
            Predicate.INDICATOR if label in INDICATORS else Predicate(label),
            label if label in INDICATORS else "",
            quote,
            Tier.CLAIM if sure else Tier.CANDIDATE,
            round(score, 3),
            _reason(model.claims.spoke(names, number)),
        )


def _names_a_client(seen: Look) -> bool:
    """Return whether a firm is named or meant: contract work alone is no private hire."""
    return "company" in seen.concepts or MASKS["ORG"] in seen.stems


def _runs(masked: str, lang: str, clause_ends: Pattern) -> tuple[_Run, ...]:
    """Return the runs of one or two clauses and how each is scored, none where nothing is cut."""
    cuts = [0, *(m.end() for m in clause_ends.finditer(masked)), len(masked)]
    if not 2 < len(cuts) <= MOST_CLAUSES:  # noqa: PLR2004 - one clause alone is the sentence
        return ()
    claims = reading_model().claims
    found: list[_Run] = []
    for first in range(len(cuts) - 1):
        for last in range(first + 1, min(first + 3, len(cuts))):
            stretch = masked[cuts[first] : cuts[last]]
            if stretch.strip():
                rows = claims.rows(features(look(stretch, lang), lang))
                found.append(_Run(Span(cuts[first], cuts[last]), claims.logits(rows).tolist()))
    return tuple(found)


def _clause(runs: tuple[_Run, ...], sentence: str, label: int, whole: float) -> Span:
    """Return the shortest of *runs* that speaks for *label* nearly as the sentence does."""
    everything = trimmed(sentence, Span(0, len(sentence)))
    fit = [run for run in runs if run.logits[label] >= whole - ENOUGH]
    if not fit:
        return everything
    best = min(fit, key=lambda run: (len(run.span), -run.logits[label]))
    span = trimmed(sentence, best.span)
    return span if len(span) else everything


def _reason(spoke: list[str]) -> str:
    told = ", ".join(_in_words(name) for name in spoke)
    return f"the trained model, by: {told}" if told else "the trained model"


def _in_words(name: str) -> str:
    kind, _, what = name.partition(":")
    if kind == "cc":
        return " with ".join(part.replace("_", " ") for part in what.split("+"))
    if kind == "x":
        return f"no {what.replace('_', ' ')}"
    return what.replace("_", " ") if kind == "c" else f"“{what}”"
