"""The period that the words of a quota tell.

Laws:
1. A period is taken from the words of the claim, never supposed.
2. Where the words tell two periods, none is chosen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from witnessmark.store.rulebook import load_rules


@dataclass(frozen=True, slots=True)
class Period:
    """A period and how its quota is named."""

    period: str
    name: str


NO_PERIOD = Period("not stated", "quota")
"""Of a quota whose words tell no period."""


@cache
def _periods() -> tuple[tuple[Period, re.Pattern[str]], ...]:
    rows = load_rules("measure/periods.yaml", "witnessmark/periods/1")["periods"]
    return tuple(
        (
            Period(row["period"], row["name"]),
            re.compile(
                "|".join(
                    rf"(?<!\w){re.escape(w)}(?!\w)" if w.isascii() else re.escape(w)
                    for w in row["words"]
                ),
                re.IGNORECASE,
            ),
        )
        for row in rows
    )


def period_of(words: str) -> Period | None:
    """Return the one period that *words* tell, None where they tell none or two.

    Example:
        >>> period_of("their assigned work for the week").name
        'weekly quota'
    """
    found = [period for period, pattern in _periods() if pattern.search(words)]
    return found[0] if len(found) == 1 else None
