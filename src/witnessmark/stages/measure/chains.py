"""Chains of factors: illustrations of scale from borrowed figures.

Laws:
1. A chain runs only where country, product and detention all fit.
2. The case gives the number of places it names; everything else is borrowed and
   flagged, and the result is marked as an illustration.
3. Alternative structures (another rate, gross or fee) are chains of their own,
   never averaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from witnessmark.core.canonical import content_id
from witnessmark.core.claim import Predicate
from witnessmark.core.errors import InputError
from witnessmark.core.interval import Input, Interval, significant, two_figures
from witnessmark.core.provenance import Code
from witnessmark.stages.measure.figures import figure_of
from witnessmark.stages.measure.propagate import Factor, product
from witnessmark.store.rulebook import load_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from witnessmark.stages.measure.borrowed import Borrowed
    from witnessmark.stages.measure.scope import Scope

NAME = "measure/chains.yaml"
SCHEMA = "witnessmark/chains/1"
_KEYS = {
    "id",
    "quantity",
    "unit",
    "requires",
    "times",
    "over",
    "scale",
    "scale_note",
    "formula",
    "why",
    "settles",
}


@dataclass(frozen=True, slots=True)
class Chain:
    """A product of borrowed figures.

    Attributes:
        id: name of the chain.
        quantity: what it gives.
        unit: unit of the result.
        country: where the case must be.
        product: what the case must make.
        times: ids of the borrowed figures that multiply.
        over: ids of those that divide.
        scale: constant that turns the units.
        formula: the chain in words, with ``{sites}`` for the number of places.
        why: what a reader must know.
        settles: what would replace the borrowed figures.
    """

    id: str
    quantity: str
    unit: str
    country: str
    product: str
    times: tuple[str, ...]
    over: tuple[str, ...]
    scale: float
    formula: str
    why: str
    settles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChainBook:
    """All chains, and what they share.

    Attributes:
        team_size_fact: id of the borrowed team size.
        chains: in the order of the dossier.
    """

    team_size_fact: str
    chains: tuple[Chain, ...]


def read_chains(content: dict[str, Any]) -> ChainBook:
    """Return the chains of a rule file's *content* (pure).

    Raises:
        InputError: a chain has an unknown key or lacks one.
    """
    chains: list[Chain] = []
    for row in content["chains"]:
        if set(row) != _KEYS or set(row["requires"]) != {"country", "product"}:
            raise InputError(
                "keys missing or unknown in a chain",
                where=f"{NAME}, {row.get('id', '?')}",
                to_do="correct the row",
            )
        chains.append(
            Chain(
                id=row["id"],
                quantity=row["quantity"],
                unit=row["unit"],
                country=row["requires"]["country"],
                product=row["requires"]["product"],
                times=tuple(row["times"]),
                over=tuple(row["over"]),
                scale=float(row["scale"]),
                formula=" ".join(row["formula"].split()),
                why=" ".join(row["why"].split()),
                settles=tuple(row["settles"]),
            )
        )
    return ChainBook(content["team_size_fact"], tuple(chains))


def load_chains() -> ChainBook:
    """Return the chains that ship with the package."""
    return read_chains(load_rules(NAME, SCHEMA))


def illustrations(
    scope: Scope, book: ChainBook, facts: Mapping[str, Borrowed]
) -> tuple[Interval, ...]:
    """Return the illustrations of scale that fit *scope* (pure)."""
    fitting = [
        chain
        for chain in book.chains
        if scope.held and chain.country in scope.countries and scope.makes(chain.product)
    ]
    if not fitting:
        return ()
    team: tuple[Interval, ...] = ()
    if not team_is_stated(scope):
        team = (_team_size(scope, facts[book.team_size_fact]),)
    return (*team, *(_illustrate(chain, scope, facts) for chain in fitting))


def team_is_stated(scope: Scope) -> bool:
    """Return whether a source of the case itself gives the size of a work team."""
    return any(
        "team" in claim.subject.casefold() and figure_of(claim.value) is not None
        for claim in scope.having(Predicate.WORKERS_COUNT)
    )


def _team_size(scope: Scope, fact: Borrowed) -> Interval:
    spread = product([Factor(fact.low, fact.high)])
    return Interval(
        id=content_id("i", "team size", fact.id),
        quantity="team size, people in one camp",
        unit=fact.unit,
        period=fact.period,
        population=f"borrowed for {_sites(scope)[1]}",
        known=True,
        low90=significant(spread.low90),
        low50=significant(spread.low50),
        high50=significant(spread.high50),
        high90=significant(spread.high90),
        inputs=(fact.as_input(),),
        formula=f"borrowed as a 90 % interval: {two_figures(fact.low)} to {two_figures(fact.high)}",
        illustration=True,
        why=f"Illustration: measured on {fact.measured_on}. Not known from this case.",
        settles=("a head-count of a contract team", "how many teams a camp has"),
    )


def _sites(scope: Scope) -> tuple[int, str]:
    count = len(scope.sites)
    if count == 0:
        return 1, "one camp"
    return count, f"{count} camp{'s' if count > 1 else ''} the case names"


def _illustrate(chain: Chain, scope: Scope, facts: Mapping[str, Borrowed]) -> Interval:
    count, words = _sites(scope)
    above = [facts[name] for name in chain.times]
    below = [facts[name] for name in chain.over]
    factors = [
        Factor(count, count),
        *(Factor(fact.low, fact.high) for fact in above),
        *(Factor(fact.low, fact.high, power=-1) for fact in below),
    ]
    spread = product(factors, chain.scale)
    corners = f"{two_figures(spread.corner_low)} to {two_figures(spread.corner_high)}"
    sites = Input(
        name="camps",
        low=count,
        high=count,
        unit="camps",
        claims=scope.site_claims,
        borrowed=False,
        source="",
        code=Code.DERIVED,
        note="places the case names, each counted once"
        if scope.sites
        else "the case places no camp: the figures are for one camp",
    )
    return Interval(
        id=content_id("i", chain.id, count),
        quantity=chain.quantity,
        unit=chain.unit,
        period="a year",
        population=words,
        known=True,
        low90=significant(spread.low90),
        low50=significant(spread.low50),
        high50=significant(spread.high50),
        high90=significant(spread.high90),
        inputs=(sites, *(fact.as_input() for fact in (*above, *below))),
        formula=chain.formula.format(sites=f"{count} camp{'s' if count > 1 else ''}"),
        illustration=True,
        why=f"{chain.why} With every input at its end at once: {corners}.",
        settles=chain.settles,
    )
