"""The weigh stage: what it amounts to, in states with reasons; never a score.

Laws:
1. States come from closed lists; no count of elements, no score, no verdict.
2. A program proposes no further than ``partly``; a person's acceptance of a finding
   makes it ``present``, and only while claims support it.
3. ``looked_not_found`` is never set by this program.
4. Denials and counter-cues stand beside every finding. A reward or a preference
   inside coercion counts on neither side.
5. An echo counts once: origins, not outlets. Invented examples are no origin.
6. A legal step is met by two accepted, independent origins or by a record.
7. What rests on memory alone is at most ``unknown``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from witnessmark.core.actor import Actor, PlaceReading, ProductReading
from witnessmark.core.claim import Status
from witnessmark.stages.weigh.cells import weigh_law
from witnessmark.stages.weigh.facts import facts_of, load_held
from witnessmark.stages.weigh.indicators import load_indicators, weigh_indicators
from witnessmark.stages.weigh.origins import labels_by_claim, origins
from witnessmark.stages.weigh.regimes import load_regimes
from witnessmark.store.current import current_renditions
from witnessmark.store.judged import standing_claims, statuses
from witnessmark.store.tables import (
    ACTORS,
    INDICATORS,
    JUDGEMENTS,
    LAW,
    MENTIONS,
    ORIGINS,
    PLACES,
    PRODUCTS,
    ROUTES,
    SOURCES,
    TRACE_RUNS,
    Shelf,
)

if TYPE_CHECKING:
    from datetime import date

    from witnessmark.core.finding import IndicatorFinding, LawCell
    from witnessmark.core.origin import Origin
    from witnessmark.core.progress import Progress
    from witnessmark.store.case import Case

_Judged = TypeVar("_Judged", Actor, PlaceReading, ProductReading)

__all__ = ["WeighResult", "run"]


@dataclass(frozen=True, slots=True)
class WeighResult:
    """What the weigh stage wrote.

    Attributes:
        indicators: a finding for each of the seventeen indicators.
        law: a cell for each regime, product and heading.
        origins: the independent origins of the claims.
    """

    indicators: tuple[IndicatorFinding, ...]
    law: tuple[LawCell, ...]
    origins: tuple[Origin, ...]


def run(case: Case, *, as_of: date, progress: Progress | None = None) -> WeighResult:
    """Weigh *case* as of a day and replace its findings and law cells.

    Args:
        case: the open case.
        as_of: the day for which the law is asked.
        progress: hears of each step.

    Raises:
        InputError: a rule file of this stage is missing or malformed.
        EvidenceFault: a rendition is not the text that was sealed.
        StorageFault: the casebook cannot be written.
    """
    book = case.casebook
    claims = standing_claims(case)
    sources = book.rows(SOURCES)
    judged = statuses(book.rows(JUDGEMENTS))
    texts: dict[str, str] = {}
    for rendition in current_renditions(case):
        texts[rendition.source] = texts.get(rendition.source, "") + case.text(rendition)
    _tell(progress, 0)

    def standing(shelf: Shelf[_Judged]) -> tuple[_Judged, ...]:
        rows = book.rows(shelf)
        return tuple(r for r in rows if judged.get(r.id, r.status) is not Status.REJECTED)

    groups = origins(sources, texts, claims)
    facts = facts_of(
        claims=claims,
        sources=sources,
        mentions=book.rows(MENTIONS),
        actors=standing(ACTORS),
        products=standing(PRODUCTS),
        routes=book.rows(ROUTES),
        runs=book.rows(TRACE_RUNS),
        places=standing(PLACES),
        texts=texts,
        origin_of=labels_by_claim(groups),
        book=load_held(),
    )
    _tell(progress, 1)
    findings = weigh_indicators(facts, load_indicators(), judged)
    _tell(progress, 2)
    supported = {finding.indicator: finding.claims_for for finding in findings}
    law = weigh_law(replace(facts, supporting=supported), load_regimes(), as_of, judged)
    with book.writing():
        book.replace(ORIGINS, groups)
        book.replace(INDICATORS, findings)
        book.replace(LAW, law)
    _tell(progress, 3)
    return WeighResult(findings, law, groups)


def _tell(progress: Progress | None, done: int) -> None:
    if progress is not None:
        progress.step("weighing", done, 3)
