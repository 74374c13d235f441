"""What is asked of a trace: the options of a call, and the question an engine gets.

Laws:
1. An engine sees whole numbers only: rows, days, codes of companies, headings, grams.
2. Backward is the same question on the reversed table; no engine knows the difference.
3. The period bounds the shipments followed, never the denominators of a share.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from witnessmark.core.errors import InputError
from witnessmark.store.trade import EXACT_GRAMS

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

    from witnessmark.stages.trace.relation import Relation
    from witnessmark.store.trade import Shipments

DEFAULT_TIERS = 4
"""Hops plus one to which goods are followed (interface)."""

DEFAULT_WINDOW_DAYS = 365
"""Longest time that goods are held between arrival and the next shipping, days."""

MOST_TIERS = 127
MOST_GRAMS = 2**62
"""A table whose grams add up to more is refused: running sums are 64-bit."""


@dataclass(frozen=True, slots=True)
class TraceOptions:
    """What a caller asks for.

    Attributes:
        seeds: ids or names of companies; empty: chosen from the case.
        products: headings or chapters; empty: every heading in which a seed ships.
        start: first ship day, or None.
        end: last ship day, or None.
        tiers: shipments in a chain, seed shipment included.
        window_days: longest holding time.
        backward: from buyers to suppliers.
        transitions: CSV of ``from_heading,to_heading``; None: the shipped rules.
        hubs: CSV of ``company_id[,role]``: forwarders and hubs, reported with and without.
        records_complete: whether the caller vouches that no inbound record is missing.
        engine: ``native`` | ``duckdb`` | ``spark``.
        routes_shown: chains kept in a casebook.
        companies_shown: companies kept in a casebook.
        share_shown: companies below this share are left out of the casebook (not of the files).
    """

    seeds: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    tiers: int = DEFAULT_TIERS
    window_days: int = DEFAULT_WINDOW_DAYS
    backward: bool = False
    transitions: Path | None = None
    hubs: Path | None = None
    records_complete: bool = False
    engine: str = "native"
    routes_shown: int = 50
    companies_shown: int = 200
    share_shown: float = 0.0

    def check(self) -> None:
        """Refuse options that mean nothing.

        Raises:
            InputError: naming the option.
        """
        if not 1 <= self.tiers <= MOST_TIERS:
            raise InputError(
                f"{self.tiers} tiers", where="--tiers", to_do=f"give 1 to {MOST_TIERS}"
            )
        if self.window_days < 0:
            raise InputError(
                f"a window of {self.window_days} days", where="--window", to_do="give 0 or more"
            )
        if self.start and self.end and self.start > self.end:
            raise InputError(
                f"the period ends ({self.end}) before it begins ({self.start})",
                where="--from, --to",
                to_do="exchange the two days",
            )


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """The table as an engine follows it, ordered by shipment id.

    Attributes:
        ship: day of shipping, int32.
        arrive: day of arrival, int32.
        shipper: company code, -1 withheld.
        consignee: company code, -1 withheld.
        heading: HS heading as a number.
        grams: net weight, -1 unknown.
        companies: number of company codes.
    """

    ship: NDArray[np.int32]
    arrive: NDArray[np.int32]
    shipper: NDArray[np.int32]
    consignee: NDArray[np.int32]
    heading: NDArray[np.int32]
    grams: NDArray[np.int64]
    companies: int

    def reversed(self) -> Ledger:
        """Return the table read backward: ``t' = -a``, ``a' = -t``, both sides exchanged."""
        return replace(
            self,
            ship=-self.arrive,
            arrive=-self.ship,
            shipper=self.consignee,
            consignee=self.shipper,
        )


def ledger_of(shipments: Shipments) -> Ledger:
    """Return the columns of *shipments* that a trace rests on.

    Raises:
        InputError: the grams of the table add up to more than 64-bit sums can hold.
    """
    total = float(np.sum(np.maximum(shipments.grams, 0), dtype=np.float64))
    if total > MOST_GRAMS:
        raise refuse_sum(shipments.name)
    return Ledger(
        shipments.ship,
        shipments.arrive,
        shipments.shipper,
        shipments.consignee,
        shipments.heading,
        shipments.grams,
        len(shipments.companies),
    )


def refuse_sum(where: str) -> InputError:
    """Return the error for a sum of grams that binary64 cannot hold exactly."""
    return InputError(
        f"a sum of grams is above {EXACT_GRAMS}, beyond which shares are not exact",
        where=where,
        to_do="check the unit of the quantities, or split the file by product",
    )


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What an engine is asked.

    Attributes:
        seeds: company codes whose shipments are followed.
        headings: headings of seed shipments.
        start: first ship day followed.
        end: last ship day followed.
        tiers: shipments in a chain at most.
        window: longest holding time, days.
        relation: which heading may become which.
        blocked: company codes through which nothing is followed.
        shares: whether shares and bounds are wanted.
        complete: whether the lower bound is wanted.
    """

    seeds: NDArray[np.int32]
    headings: frozenset[int]
    start: int
    end: int
    tiers: int
    window: int
    relation: Relation
    blocked: NDArray[np.int32]
    shares: bool
    complete: bool

    @property
    def scope(self) -> frozenset[int]:
        """Return the headings of a company's total: reachable in ``tiers - 1`` steps."""
        return self.relation.reachable(self.headings, self.tiers - 1)

    @property
    def followed(self) -> frozenset[int]:
        """Return every heading that goods of the seeds may take on, in any number of steps."""
        return self.relation.reachable(self.headings, None)

    @property
    def relevant(self) -> frozenset[int]:
        """Return every heading that bears on the answer: what is followed, and its inputs."""
        return self.relation.inputs(self.followed)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What an engine answers, the same on every engine.

    Attributes:
        row: rows reached, ascending (index into the ledger), int64.
        tier: least number of hops plus one, int32.
        before: row that feeds it, -1 for a seed shipment, int64.
        grams: the share's numerator ``m``, -1 where the quantity is unknown, int64.
        company: company codes reached, ascending, int32.
        company_tier: least tier, int32.
        first: first arrival, day, int32.
        seed_grams: sum of ``m``, int64.
        total_grams: all inbound grams of the headings in scope, int64.
        high_grams: sum of U over the reached inbound rows, int64.
        low_grams: sum of L over the same, int64.
        contradictions: reached rows that weigh more than all that can have gone into them.
    """

    row: NDArray[np.int64]
    tier: NDArray[np.int32]
    before: NDArray[np.int64]
    grams: NDArray[np.int64]
    company: NDArray[np.int32]
    company_tier: NDArray[np.int32]
    first: NDArray[np.int32]
    seed_grams: NDArray[np.int64]
    total_grams: NDArray[np.int64]
    high_grams: NDArray[np.int64]
    low_grams: NDArray[np.int64]
    contradictions: int
