"""What is not known from this case, said plainly.

Laws:
1. A thing is listed only if the case raises it: no quota is missed where none is told.
2. What others claim of the whole is shown beside, never averaged, never taken over.
3. Gross is not net: revenue stays unknown whatever the turnover.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.core.canonical import content_id
from witnessmark.core.claim import Predicate
from witnessmark.core.interval import Input, Interval
from witnessmark.core.provenance import Code
from witnessmark.stages.measure.chains import team_is_stated
from witnessmark.stages.measure.figures import figure_of
from witnessmark.stages.measure.periods import NO_PERIOD, Period, period_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.stages.measure.borrowed import Borrowed
    from witnessmark.stages.measure.scope import Scope

_SHARE_FACTS = ("share.dnk_contract", "share.dnk_lash", "share.nkhr")


def unknown_figures(
    scope: Scope, stated: Sequence[Interval], facts: Mapping[str, Borrowed]
) -> tuple[Interval, ...]:
    """Return what the case raises and does not answer, in the order of the dossier (pure)."""
    rows: list[Interval] = []
    known = {interval.quantity for interval in stated}
    rows += _quotas(scope)
    rows += _trends(scope)
    if scope.held and "people at work" not in known:
        rows.append(
            _unknown(
                "people held in each camp",
                "people",
                "the case gives no head-count",
                ("a roster, a head-count at meals", "how many cells or bunks there are"),
            )
        )
    if scope.held and scope.products and not team_is_stated(scope):
        rows.append(
            _unknown(
                "people in each work team",
                "people",
                "the case gives no size of a team",
                ("a head-count of a work team", "how many teams a camp has"),
            )
        )
    if scope.products:
        rows += _about_products(scope, facts, known)
    rows += _pay(scope, known)
    return tuple(rows)


def _unknown(  # a row of an unknown has the fields that a row of a figure has
    quantity: str,
    unit: str,
    why: str,
    settles: tuple[str, ...],
    *,
    period: str = "not stated",
    population: str = "",
    inputs: tuple[Input, ...] = (),
) -> Interval:
    return Interval(
        id=content_id("i", "not known", quantity, population),
        quantity=quantity,
        unit=unit,
        period=period,
        population=population or "the people of this case",
        known=False,
        low90=None,
        low50=None,
        high50=None,
        high90=None,
        inputs=inputs,
        formula="",
        illustration=False,
        why=f"not known from this case: {why}",
        settles=settles,
    )


def _claimed(name: str, claims: Sequence[Claim]) -> tuple[Input, ...]:
    return tuple(
        Input(
            name=name,
            low=0.0,
            high=0.0,
            unit="no figure",
            claims=(claim.id,),
            borrowed=False,
            source=claim.source,
            code=Code.STORED,
            note=f"told without a figure: {claim.value}",
        )
        for claim in claims
    )


def _quotas(scope: Scope) -> list[Interval]:
    """Return a row per period; a quota told without one joins the only period of its source."""
    told = [c for c in scope.having(Predicate.QUOTA) if figure_of(c.value) is None]
    named = {c.id: period_of(f"{c.value} {c.quote}") for c in told}
    by_source: dict[str, set[Period]] = {}
    for claim in told:
        period = named[claim.id]
        if period is not None:
            by_source.setdefault(claim.source, set()).add(period)
    groups: dict[Period, list[Claim]] = {}
    for claim in told:
        only = by_source.get(claim.source, set())
        period = named[claim.id] or (next(iter(only)) if len(only) == 1 else None)
        groups.setdefault(period or NO_PERIOD, []).append(claim)
    return [
        _unknown(
            period.name,
            "pieces",
            "a quota is told, its amount is not",
            ("a plan or target sheet", "what a person must finish, and what counts as a defect"),
            period=period.period,
            population=_subjects(claims),
            inputs=_claimed("quota", claims),
        )
        for period, claims in groups.items()
    ]


def _subjects(claims: Sequence[Claim]) -> str:
    return "; ".join(dict.fromkeys(claim.subject for claim in claims if claim.subject))


def _trends(scope: Scope) -> list[Interval]:
    told = scope.having(Predicate.OUTPUT_TREND)
    if not told:
        return []
    return [
        _unknown(
            "change of output",
            "share",
            f"it is told to go {', '.join(dict.fromkeys(str(c.value) for c in told))}; "
            "by how much, and since when, is not",
            ("output of two dated periods",),
            population=_subjects(told),
            inputs=_claimed("output trend", told),
        )
    ]


def _about_products(scope: Scope, facts: Mapping[str, Borrowed], known: set[str]) -> list[Interval]:
    labels = ", ".join(product.label for product in scope.products)
    rows = [
        _unknown(
            "output of one person",
            "pieces",
            "no source gives what one person makes in a stated time",
            ("what one person finishes in a week, by product", "a tally sheet"),
            population=labels,
        ),
        _unknown(
            "revenue",
            "USD",
            "gross is not net: neither turnover nor a fee tells what is kept, or by whom",
            ("a processing contract", "bank or accounts records", "who is paid, and in what"),
            population=labels,
        ),
    ]
    if "output" not in known:
        rows.insert(
            0,
            _unknown(
                "output",
                "pieces",
                "no source of the case gives a number of pieces",
                ("a delivery note or packing list", "pieces a team delivers in a week"),
                population=labels,
            ),
        )
    if scope.held:
        hair = "KP" in scope.countries and any(
            heading.heading[:2] == "67" for p in scope.products for heading in p.headings
        )
        others = tuple(facts[name].as_input() for name in _SHARE_FACTS) if hair else ()
        beside = (
            "; three outside statements, each of another whole, stand beside and are never averaged"
            if hair
            else ""
        )
        rows.append(
            _unknown(
                "share of these goods that people in detention make",
                "share",
                f"no source gives both numerator and denominator{beside}",
                ("output of the camps and of all makers, for the same goods and the same period",),
                population=labels,
                inputs=others,
            )
        )
    return rows


def _pay(scope: Scope, known: set[str]) -> list[Interval]:
    told = [c for c in scope.having(Predicate.WAGE) if figure_of(c.value) is None]
    if "pay" in known or not told:
        return []
    return [
        _unknown(
            "pay, in figures",
            "money",
            f"it is told as: {', '.join(dict.fromkeys(str(c.value) for c in told))}; "
            "no sum is stated",
            ("a pay sheet", "what the buyer pays for the work, and to whom"),
            population=_subjects(told),
            inputs=_claimed("pay", told),
        )
    ]
