"""Searches that always end: every pattern runs against a clock.

Laws:
1. A search that takes longer than ``SEARCH_LIMIT_S`` is stopped and named; it never
   hangs the reading and never fails in silence.
2. Patterns are written so that the limit is not reached on ordinary text: results do
   not depend on the machine's speed.
3. A whole document has a budget of time that grows with its length; where it is used up,
   the reading ends and says from which code point on no claims were looked for.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import regex

from witnessmark.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

SEARCH_LIMIT_S = 0.2
"""Longest that one pattern may take over one sentence, in seconds. Measured on the
corpus, the slowest takes under 0.005 s."""

STOPS_ALLOWED = 20
"""After so many stopped searches the reading gives up on the rest and says so."""


BUDGET_S = 30.0
BUDGET_S_PER_MILLION = 240.0
"""Time of one document, in seconds, and for each million code points of it. Measured, a
million code points of dense prose take about 50 s on one core: four times less."""


def budget_for(length: int) -> float:
    """Return the time that a document of *length* code points may take, in seconds."""
    return BUDGET_S + BUDGET_S_PER_MILLION * length / 1_000_000


@dataclass(slots=True)
class Stops:
    """The searches of one reading that had to be stopped.

    Attributes:
        names: names of the searches that were stopped.
        budget: seconds of computing that the reading may take; None for no end.
        unread_from: code point from which no claims were looked for, None where all were.
    """

    names: list[str] = field(default_factory=list[str])
    budget: float | None = None
    unread_from: int | None = None
    _began: float = field(default_factory=time.process_time)

    def ends_at(self, start: int) -> bool:
        """Return whether the reading has to end before the code point *start*, and note it."""
        used_up = self.budget is not None and time.process_time() - self._began > self.budget
        if (used_up or self.exhausted) and self.unread_from is None:
            self.unread_from = start
        return self.unread_from is not None

    @property
    def exhausted(self) -> bool:
        """Return whether too many searches were stopped to go on."""
        return len(self.names) >= STOPS_ALLOWED

    def report(self) -> str:
        """Return what was not read, in words, empty where all was read."""
        parts: list[str] = []
        if self.names:
            names = ", ".join(sorted(set(self.names)))
            parts.append(f"{len(self.names)} searches were stopped: {names}")
        if self.unread_from is not None:
            parts.append(
                f"from code point {self.unread_from} on no claims were looked for: "
                "the time for this document was used up"
            )
        return "; ".join(parts)


@cache
def compiled(pattern: str, where: str) -> regex.Pattern[str]:
    """Return *pattern* compiled, case ignored.

    Raises:
        InputError: the pattern of the rule *where* is not a pattern.
    """
    try:
        return regex.compile(pattern, regex.IGNORECASE | regex.VERSION1)
    except regex.error as error:
        raise InputError(
            f"a pattern cannot be read: {error}", where=where, to_do="correct the rule file"
        ) from error


def find(
    pattern: regex.Pattern[str], text: str, stops: Stops, name: str
) -> regex.Match[str] | None:
    """Return the first match of *pattern*, or None (also where it was stopped)."""
    if stops.exhausted:
        return None
    try:
        return pattern.search(text, timeout=SEARCH_LIMIT_S)
    except TimeoutError:
        stops.names.append(name)
        return None


def find_all(
    pattern: regex.Pattern[str], text: str, stops: Stops, name: str, *, overlapped: bool = False
) -> Iterator[regex.Match[str]]:
    """Yield the matches of *pattern* from left to right, until one is stopped."""
    if stops.exhausted:
        return
    try:
        yield from pattern.finditer(text, overlapped=overlapped, timeout=SEARCH_LIMIT_S)
    except TimeoutError:
        stops.names.append(name)
