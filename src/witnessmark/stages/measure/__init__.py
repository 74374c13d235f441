"""The measure stage: how it works in figures, and how big it can be.

Laws:
1. A figure is an interval with unit, period, population, inputs and formula.
2. A figure that several sources repeat is one interval; different figures stay
   apart and are never averaged.
3. A borrowed input is flagged; what rests on borrowed inputs is an illustration.
4. A chain of factors runs only where the case has its product, made by people who
   are held, in the country that the factors were measured in.
5. What the case does not support is "not known from this case", with what would
   settle it.
6. Gross is not net: no fee, turnover or value is printed as revenue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from witnessmark.core.actor import Actor, PlaceReading, ProductReading
from witnessmark.core.claim import Status
from witnessmark.core.sitekind import SITE_KINDS, SITE_KINDS_SCHEMA, held_kinds, site_kinds
from witnessmark.stages.measure.borrowed import load_borrowed
from witnessmark.stages.measure.chains import illustrations, load_chains
from witnessmark.stages.measure.scope import Scope, scope_of
from witnessmark.stages.measure.stated import stated_figures
from witnessmark.stages.measure.unknowns import unknown_figures
from witnessmark.store.judged import standing_claims, statuses
from witnessmark.store.rulebook import load_rules
from witnessmark.store.tables import (
    ACTORS,
    INTERVALS,
    JUDGEMENTS,
    PLACES,
    PRODUCTS,
    SOURCES,
    Shelf,
)

if TYPE_CHECKING:
    from witnessmark.core.interval import Interval
    from witnessmark.core.progress import Progress
    from witnessmark.store.case import Case

_Judged = TypeVar("_Judged", Actor, PlaceReading, ProductReading)

__all__ = ["MeasureResult", "measured", "run"]


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """What the measure stage wrote.

    Attributes:
        intervals: every interval, in the order in which a dossier shows them.
    """

    intervals: tuple[Interval, ...]

    @property
    def known(self) -> tuple[Interval, ...]:
        """Return the figures that the case itself supports."""
        return tuple(row for row in self.intervals if row.known and not row.illustration)

    @property
    def illustrations(self) -> tuple[Interval, ...]:
        """Return the figures that rest on borrowed inputs."""
        return tuple(row for row in self.intervals if row.illustration)

    @property
    def not_known(self) -> tuple[Interval, ...]:
        """Return what is not known from this case."""
        return tuple(row for row in self.intervals if not row.known)


def measured(scope: Scope) -> tuple[Interval, ...]:
    """Return every interval that *scope* supports, and the plain unknowns (pure)."""
    facts = load_borrowed()
    book = load_chains()
    stated = stated_figures(scope)
    return (*stated, *illustrations(scope, book, facts), *unknown_figures(scope, stated, facts))


def run(case: Case, *, progress: Progress | None = None) -> MeasureResult:
    """Measure what the standing claims of *case* support and replace its intervals.

    Raises:
        InputError: a rule file of this stage is missing or malformed.
        StorageFault: the casebook cannot be written.
    """
    book = case.casebook
    judged = statuses(book.rows(JUDGEMENTS))

    def standing(shelf: Shelf[_Judged]) -> tuple[_Judged, ...]:
        rows = book.rows(shelf)
        return tuple(r for r in rows if judged.get(r.id, r.status) is not Status.REJECTED)

    scope = scope_of(
        claims=standing_claims(case),
        sources=book.rows(SOURCES),
        actors=standing(ACTORS),
        places=standing(PLACES),
        products=standing(PRODUCTS),
        held_kinds=held_kinds(site_kinds(load_rules(SITE_KINDS, SITE_KINDS_SCHEMA))),
    )
    if progress is not None:
        progress.step("measuring", 0, 1)
    result = MeasureResult(measured(scope))
    book.replace(INTERVALS, result.intervals)
    if progress is not None:
        progress.step("measuring", 1, 1)
    return result
