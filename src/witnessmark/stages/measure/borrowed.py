"""Figures from outside the case, with where they come from and what they were measured on.

Laws:
1. Every row keeps source, address, code and what it was measured on.
2. A row that is coded S has an address; one that has none is coded K or D.
3. An unknown key is an error.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from witnessmark.core.errors import InputError
from witnessmark.core.interval import Input
from witnessmark.core.provenance import Code
from witnessmark.store.rulebook import load_rules

NAME = "measure/borrowed.yaml"
SCHEMA = "witnessmark/borrowed/1"
READINGS = ("point", "range", "as_90")
"""How the two ends are read: one value, bounds, or a 90 % interval."""


@dataclass(frozen=True, slots=True)
class Borrowed:
    """One figure from outside the case.

    Attributes:
        id: its id in the fact sheet.
        name: what it is.
        low: lower end.
        high: upper end.
        unit: unit of both.
        reading: ``point``, ``range`` or ``as_90`` (read as a 90 % interval).
        period: the time it speaks of.
        measured_on: whom or what it was measured on.
        caution: why that may not fit.
        source: key of the source, empty where it is from memory or derived.
        url: address of the page.
        quality: the fact sheet's provisional grade of source and claim.
        code: S, K or D.
    """

    id: str
    name: str
    low: float
    high: float
    unit: str
    reading: str
    period: str
    measured_on: str
    caution: str
    source: str
    url: str
    quality: str
    code: Code

    def as_input(self) -> Input:
        """Return the figure as a flagged ingredient of an interval."""
        grade = f"; graded {self.quality} when it was written down" if self.quality else ""
        return Input(
            name=self.name,
            low=self.low,
            high=self.high,
            unit=self.unit,
            claims=(),
            borrowed=True,
            source=self.url or self.source,
            code=self.code,
            note=f"measured on {self.measured_on} ({self.period}); {self.caution}{grade}",
        )


def read_borrowed(rows: list[dict[str, Any]]) -> dict[str, Borrowed]:
    """Return the borrowed figures of *rows*, by id (pure).

    Raises:
        InputError: a row has an unknown key, lacks one, or breaks a law of this module.
    """
    wanted = {field.name for field in fields(Borrowed)}
    found: dict[str, Borrowed] = {}
    for row in rows:
        where = f"{NAME}, {row.get('id', '?')}"
        if set(row) != wanted:
            odd = ", ".join(sorted(set(row) ^ wanted))
            raise InputError(
                f"keys missing or unknown: {odd}", where=where, to_do="correct the row"
            )
        values: dict[str, Any] = {
            **row,
            "low": float(row["low"]),
            "high": float(row["high"]),
            "code": Code(row["code"]),
        }
        fact = Borrowed(**values)
        if fact.reading not in READINGS or fact.low > fact.high:
            raise InputError("reading or bounds are wrong", where=where, to_do="correct the row")
        if fact.code is Code.STORED and not fact.url:
            raise InputError("coded S without an address", where=where, to_do="add url or code K")
        if fact.id in found:
            raise InputError("the id stands twice", where=where, to_do="remove one")
        found[fact.id] = fact
    return found


def load_borrowed() -> dict[str, Borrowed]:
    """Return the borrowed figures that ship with the package, by id."""
    return read_borrowed(load_rules(NAME, SCHEMA)["facts"])
