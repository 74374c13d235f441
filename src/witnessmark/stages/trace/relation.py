"""Which heading may become which: the transition relation.

Laws:
1. Every heading may stay itself.
2. A relation given by a file stands in place of the shipped one; it is named either way.
3. Headings are four digits; a chapter (two digits) stands for every heading of it
   that the shipments or the relation know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import InputError
from witnessmark.store.rulebook import load_rules
from witnessmark.store.trade import read_names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

RULES = "trace/transitions.yaml"
SCHEMA = "witnessmark/transitions/1"
CHAPTER_SIZE = 100


@dataclass(frozen=True, slots=True)
class Relation:
    """Pairs of headings (as numbers), one step of making each.

    Attributes:
        pairs: (from, to), without the pairs of a heading with itself.
        name: where it comes from, with version or digest.
    """

    pairs: frozenset[tuple[int, int]]
    name: str

    def transposed(self) -> Relation:
        """Return the relation read from product to input."""
        return Relation(frozenset((to, start) for start, to in self.pairs), self.name)

    def reachable(self, headings: Iterable[int], steps: int | None) -> frozenset[int]:
        """Return the headings that *headings* may become in *steps* (None: in any number)."""
        found = set(headings)
        while steps is None or steps > 0:
            more = {to for start, to in self.pairs if start in found} - found
            if not more:
                break
            found |= more
            steps = None if steps is None else steps - 1
        return frozenset(found)

    def inputs(self, headings: Iterable[int]) -> frozenset[int]:
        """Return the headings that may become one of *headings* in one step, or stay it."""
        wanted = set(headings)
        return frozenset(wanted | {start for start, to in self.pairs if to in wanted})

    def headings(self) -> frozenset[int]:
        """Return every heading that the relation names."""
        return frozenset(heading for pair in self.pairs for heading in pair)


def shipped_relation() -> Relation:
    """Return the relation of the rule file."""
    content = load_rules(RULES, SCHEMA)
    pairs = {(int(row["from"]), int(row["to"])) for row in content["transitions"]}
    return Relation(_proper(pairs), f"{RULES} {content['version']}")


def relation_from(path: Path) -> Relation:
    """Return the relation of a CSV file with ``from_heading,to_heading``.

    Raises:
        InputError: it cannot be read, or a heading is not four digits.
    """
    pairs: set[tuple[int, int]] = set()
    rows = read_names(path, ("from_heading", "to_heading"))
    for number, row in enumerate(rows, start=1):
        if not all(re.fullmatch(r"\d{3,4}", heading) for heading in row):
            raise InputError(
                f"row {number} is no pair of headings: {','.join(row)!r}",
                where=str(path),
                to_do="write two HS headings of four digits, such as 0501,6703",
            )
        pairs.add((int(row[0]), int(row[1])))
    listed = "\n".join(f"{start:04},{to:04}" for start, to in sorted(pairs))
    return Relation(_proper(pairs), f"{path.name} {sha256_hex(listed.encode())[:12]}")


def _proper(pairs: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    return frozenset((start, to) for start, to in pairs if start != to)


def expand_products(products: Iterable[str], known: Iterable[int]) -> frozenset[int]:
    """Return the headings that *products* (headings or chapters) stand for.

    Args:
        products: digits: ``6704``, or ``61`` for a whole chapter.
        known: headings that the shipments or the relation know.

    Raises:
        InputError: one is neither a heading nor a chapter.
    """
    here = frozenset(known)
    found: set[int] = set()
    for product in products:
        if re.fullmatch(r"\d{4}", product):
            found.add(int(product))
        elif re.fullmatch(r"\d{2}", product):
            found |= {heading for heading in here if heading // CHAPTER_SIZE == int(product)}
        else:
            raise InputError(
                f"{product!r} is neither a heading nor a chapter",
                where="--product",
                to_do="give four digits (6704) or two for a whole chapter (61)",
            )
    return frozenset(found)
