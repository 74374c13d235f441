"""Whose shipments are followed: companies by name, or all shippers of a product and origin.

Laws:
1. A name is matched exactly, else without regard to case; nothing fuzzier is taken for the
   same company. Two companies that differ in case only are refused, not chosen between.
2. A protected actor is never looked for.
3. Why these seeds were taken is said in words and kept with the run.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

from witnessmark.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from witnessmark.store.trade import Shipments

_OFFERED = 3
"""Near names that an error offers."""


@dataclass(frozen=True, slots=True, eq=False)
class SeedChoice:
    """The seeds of a run.

    Attributes:
        codes: company codes, ascending.
        why: how they were chosen, in words.
        headings: headings to follow them in, empty for all that they ship.
        missing: names looked for and not found.
    """

    codes: NDArray[np.int32]
    why: str
    headings: frozenset[int] = frozenset()
    missing: tuple[str, ...] = ()


class CompanyNames:
    """The companies of a file by name."""

    def __init__(self, shipments: Shipments) -> None:
        """Index the names of *shipments*."""
        self.names: list[str] = [str(name) for name in shipments.companies.to_pylist()]
        self._exact = {name: code for code, name in enumerate(self.names)}
        self._folded: dict[str, list[int]] = defaultdict(list)
        for code, name in enumerate(self.names):
            self._folded[name.casefold()].append(code)

    def matches(self, name: str) -> list[int]:
        """Return the codes of *name*: the exact one, else all that differ in case only."""
        wanted = name.strip()
        if wanted in self._exact:
            return [self._exact[wanted]]
        return self._folded.get(wanted.casefold(), [])

    def find(self, name: str) -> int | None:
        """Return the code of *name*, or None where no company is called so.

        Raises:
            InputError: two companies are called so but for the case of their letters.
        """
        codes = self.matches(name)
        if len(codes) > 1:
            listed = ", ".join(repr(self.names[code]) for code in codes)
            raise InputError(
                f"{name!r} may be any of {listed}", where="seed", to_do="write it as in the file"
            )
        return codes[0] if codes else None

    def near(self, name: str) -> list[str]:
        """Return the names of the file that look most like *name*."""
        found = process.extract(name, self.names, scorer=fuzz.WRatio, limit=_OFFERED)
        return [match[0] for match in found]


def named_seeds(names: CompanyNames, wanted: Sequence[str]) -> SeedChoice:
    """Return the seeds that a caller named.

    Raises:
        InputError: a name is not in the file, or may be several companies.
    """
    codes: set[int] = set()
    for name in wanted:
        code = names.find(name)
        if code is None:
            near = ", ".join(repr(other) for other in names.near(name))
            raise InputError(
                f"no company is called {name!r}",
                where="--seed",
                to_do=f"write it as in the shipment file (nearest: {near})",
            )
        codes.add(code)
    return SeedChoice(_codes(codes), "named")


def seeds_in_case(
    names: CompanyNames, wanted: Iterable[Sequence[str]], senders: set[int]
) -> SeedChoice:
    """Return the companies named in the case that send goods in the file.

    Args:
        names: the companies of the file.
        wanted: the names of each organisation, its label first; protected ones were left out.
        senders: codes of companies that send goods (in the direction followed).
    """
    codes: set[int] = set()
    missing: list[str] = []
    for spellings in wanted:
        # a name that fits two companies fits none: a person names it with --seed
        found = [names.matches(spelling) for spelling in spellings]
        ours = {match[0] for match in found if len(match) == 1} & senders
        codes |= ours
        if not ours:
            missing.append(spellings[0])
    listed = ", ".join(names.names[code] for code in sorted(codes))
    return SeedChoice(_codes(codes), f"named in the case: {listed}", missing=tuple(missing))


def seeds_by_origin(
    shipments: Shipments, headings: frozenset[int], countries: Sequence[str]
) -> SeedChoice:
    """Return all shippers of *headings* whose records say that the goods come from *countries*."""
    origin = np.array(shipments.origin.to_pylist(), dtype=object)
    from_there = np.isin(origin.astype(str), np.array(sorted(countries), dtype=str))
    of_them = np.isin(shipments.heading, np.array(sorted(headings), dtype=np.int32))
    codes = np.unique(shipments.shipper[from_there & of_them])
    goods = ", ".join(f"{heading:04}" for heading in sorted(headings))
    why = f"all shippers of {goods} from {', '.join(sorted(countries))}"
    return SeedChoice(codes[codes >= 0], why, headings)


def _codes(codes: set[int]) -> NDArray[np.int32]:
    return np.array(sorted(codes), dtype=np.int32)
