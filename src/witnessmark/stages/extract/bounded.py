"""Searches that always end: every pattern runs against a clock.

Laws:
1. A search that takes longer than ``SEARCH_LIMIT_S`` is stopped and named; it never
   hangs the reading and never fails in silence.
2. Patterns are written so that the limit is not reached on ordinary text: results do
   not depend on the machine's speed.
"""

from __future__ import annotations

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


@dataclass(slots=True)
class Stops:
    """The searches of one reading that had to be stopped."""

    names: list[str] = field(default_factory=list[str])

    @property
    def exhausted(self) -> bool:
        """Return whether too many searches were stopped to go on."""
        return len(self.names) >= STOPS_ALLOWED

    def report(self) -> str:
        """Return what was not read, in words, empty where all was read."""
        if not self.names:
            return ""
        return f"{len(self.names)} searches were stopped: {', '.join(sorted(set(self.names)))}"


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
