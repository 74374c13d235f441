"""Figures that the case's own sources state.

Laws:
1. One interval per figure: a repeated figure is one interval with an input per
   source, and repeating never narrows it.
2. Different figures of one quantity stay apart, each with its population.
3. A denial stands in the interval's text, never among its inputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.canonical import content_id
from witnessmark.core.claim import Predicate
from witnessmark.core.interval import Input, Interval
from witnessmark.core.provenance import Code
from witnessmark.stages.measure.figures import Figure, figure_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.stages.measure.scope import Scope


@dataclass(frozen=True, slots=True)
class Quantity:
    """How a predicate's figures are named.

    Attributes:
        predicate: the predicate.
        name: the quantity.
        period: the time it speaks of, where the predicate itself says so.
        settles: what would narrow it.
    """

    predicate: Predicate
    name: str
    period: str
    settles: tuple[str, ...]


QUANTITIES: tuple[Quantity, ...] = (
    Quantity(
        Predicate.HOURS_PER_DAY,
        "hours of work a day",
        "a day; dates not stated",
        ("times of rising, work, meals and sleep from someone who was there", "days without work"),
    ),
    Quantity(
        Predicate.QUOTA,
        "quota",
        "as the source states it",
        ("a plan or target sheet", "what happens at each shortfall"),
    ),
    Quantity(
        Predicate.WORKERS_COUNT,
        "people at work",
        "not stated",
        ("a roster, a head-count at meals", "how many teams there are"),
    ),
    Quantity(
        Predicate.OUTPUT_VOLUME,
        "output",
        "as the source states it",
        ("a delivery note or packing list", "who counted, and when"),
    ),
    Quantity(
        Predicate.UNIT_PRICE,
        "price of a unit",
        "not stated",
        ("a contract or invoice", "who is paid it"),
    ),
    Quantity(
        Predicate.WAGE,
        "pay",
        "as the source states it",
        ("a pay sheet", "deductions, and who holds the money"),
    ),
    Quantity(
        Predicate.PENALTY,
        "penalty, in figures",
        "as the source states it",
        ("who set it, and how often it was given",),
    ),
)
"""The predicates whose values can be figures, in the order of the dossier."""

_FLOOR_ONLY = "a floor: the source gives no upper end"
_CEILING_ONLY = "a ceiling: the source gives no lower end"
_ABOUT = "the source says about; no width is invented for it"


def stated_figures(scope: Scope) -> tuple[Interval, ...]:
    """Return one interval per figure that the case's sources state (pure)."""
    found: list[Interval] = []
    for quantity in QUANTITIES:
        groups: dict[Figure, list[Claim]] = {}
        for claim in scope.having(quantity.predicate):
            figure = figure_of(claim.value)
            if figure is not None:
                groups.setdefault(figure, []).append(claim)
        denials = [c for c in scope.denied if c.predicate is quantity.predicate]
        found += [
            _interval(quantity, figure, claims, denials, others=len(groups) - 1)
            for figure, claims in groups.items()
        ]
    return tuple(found)


def _interval(
    quantity: Quantity,
    figure: Figure,
    claims: Sequence[Claim],
    denials: Sequence[Claim],
    *,
    others: int,
) -> Interval:
    subjects = tuple(dict.fromkeys(claim.subject for claim in claims if claim.subject))
    why = [_stated_as(figure)] if _stated_as(figure) else []
    if others:
        why.append("other figures of this quantity stand beside it and are not averaged with it")
    if len({claim.source for claim in claims}) > 1:
        why.append("several sources print this figure; repeating it does not narrow it")
    if denials:
        who = ", ".join(dict.fromkeys(c.speaker or c.attribution.value for c in denials))
        why.append(f"denied by: {who} ({' '.join(c.id for c in denials)})")
    return Interval(
        id=content_id(
            "i", quantity.name, figure.unit, figure.amount, figure.high, figure.comparator
        ),
        quantity=quantity.name,
        unit=figure.unit,
        period=quantity.period,
        population="; ".join(subjects) or "not stated",
        known=True,
        low90=figure.low_bound,
        low50=None,
        high50=None,
        high90=figure.high_bound,
        inputs=_inputs(quantity, figure, claims),
        formula=f"as stated: {figure.words} {figure.unit}".rstrip(),
        illustration=False,
        why="; ".join(why),
        settles=quantity.settles,
    )


def _stated_as(figure: Figure) -> str:
    if figure.high_bound is None:
        return _FLOOR_ONLY
    if figure.low_bound is None:
        return _CEILING_ONLY
    return _ABOUT if figure.comparator == "~" else ""


def _inputs(quantity: Quantity, figure: Figure, claims: Sequence[Claim]) -> tuple[Input, ...]:
    by_source: dict[str, list[Claim]] = {}
    for claim in claims:
        by_source.setdefault(claim.source, []).append(claim)
    return tuple(
        Input(
            name=f"{quantity.name}, {figure.words}",
            low=figure.amount,
            high=figure.high,
            unit=figure.unit,
            claims=tuple(claim.id for claim in group),
            borrowed=False,
            source=source,
            code=Code.STORED,
            note="; ".join(
                dict.fromkeys(
                    f"{claim.speaker or claim.attribution.value}, {claim.modality.value}"
                    for claim in group
                )
            ),
        )
        for source, group in by_source.items()
    )
