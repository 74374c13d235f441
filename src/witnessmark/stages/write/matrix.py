"""The law by product: rows are regimes, columns are products.

Laws:
1. A cell names its deciding point; it never counts elements.
2. Products with the same answer of a regime share a cell.
3. What rests on memory says so where it stands.
4. A cell that rests on a rejected claim says that it must be weighed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.actor import ProductReading
    from witnessmark.core.finding import LawCell


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a regime, for the products and headings that share it.

    Attributes:
        cell: the law cell (the first of those that answer alike).
        products: ids of the product readings.
        headings: headings it holds for.
        stale: whether it rests on a rejected claim.
    """

    cell: LawCell
    products: tuple[str, ...]
    headings: tuple[str, ...]
    stale: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A product, or products with the same headings."""

    label: str
    headings: tuple[str, ...]
    products: tuple[str, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regime:
    """One regime with its answers, by column.

    Attributes:
        id: of the regime.
        title: short title.
        subtitle: what it turns on.
        in_force: dates of application.
        whole: answers for the case as a whole.
        columns: the answers of each column of the matrix, in order.
    """

    id: str
    title: str
    subtitle: str
    in_force: str
    whole: tuple[Answer, ...]
    columns: tuple[tuple[Answer, ...], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole matrix."""

    columns: tuple[Column, ...]
    products: tuple[Regime, ...]
    case: tuple[Regime, ...]


def matrix_of(
    law: Sequence[LawCell],
    products: Sequence[ProductReading],
    standing: frozenset[str],
    rejected: frozenset[str],
) -> Matrix:
    """Return the matrix of *law*.

    Args:
        law: all cells.
        products: product readings.
        standing: ids of standing claims; a product without one has no column.
        rejected: ids of rejected claims.
    """
    used = [row for row in products if standing.intersection(row.claims)]
    columns = _columns(used, law, standing)
    regimes: dict[str, list[LawCell]] = {}
    for cell in law:
        regimes.setdefault(cell.regime, []).append(cell)
    rows: list[Regime] = []
    for cells in regimes.values():
        first = cells[0]
        rows.append(
            Regime(
                first.regime,
                first.title,
                first.subtitle,
                first.in_force,
                _answers([c for c in cells if not c.product], rejected),
                tuple(
                    _answers([c for c in cells if c.product in column.products], rejected)
                    for column in columns
                ),
            )
        )
    return Matrix(
        columns,
        tuple(row for row in rows if any(row.columns)),
        tuple(row for row in rows if row.whole),
    )


def _columns(
    products: Sequence[ProductReading], law: Sequence[LawCell], standing: frozenset[str]
) -> tuple[Column, ...]:
    tested: dict[str, tuple[str, ...]] = {}
    for row in products:
        headings = [cell.heading for cell in law if cell.product == row.id and cell.heading]
        tested[row.id] = tuple(dict.fromkeys(headings or [c.heading for c in row.headings]))
    joint: dict[tuple[str, ...], list[ProductReading]] = {}
    for row in products:
        joint.setdefault(tested[row.id], []).append(row)
    return tuple(
        Column(
            ", ".join(row.label for row in rows),
            headings,
            tuple(row.id for row in rows),
            tuple(c for row in rows for c in row.claims if c in standing),
        )
        for headings, rows in joint.items()
    )


def _answers(cells: Sequence[LawCell], rejected: frozenset[str]) -> tuple[Answer, ...]:
    alike: dict[tuple[object, ...], list[LawCell]] = {}
    for cell in cells:
        alike.setdefault((cell.state, cell.headline, cell.consequence), []).append(cell)
    return tuple(
        Answer(
            rows[0],
            tuple(dict.fromkeys(row.product for row in rows if row.product)),
            tuple(dict.fromkeys(row.heading for row in rows if row.heading)),
            stale=any(rejected.intersection(e.claims) for row in rows for e in row.elements),
        )
        for rows in alike.values()
    )
