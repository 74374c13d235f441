"""Searches that always end: every pattern runs against a clock.

Laws:
1. A search that takes longer than ``SEARCH_LIMIT_S`` is stopped and named; it never
   hangs the reading and never fails in silence.
2. Patterns are written so that the limit is not reached on ordinary text: results do
   not depend on the machine's speed.
3. A whole document has a budget of time that grows with its length; where it is used up,
   the reading ends and says from which code point on no claims were looked for.
4. A pattern is compiled when it is first asked, and not asked at all where the gate of
   its language says that it cannot match (``gate``): both change no result.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Protocol

import regex

from witnessmark.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SEARCH_LIMIT_S = 0.2
"""Longest that one pattern may take over one sentence, in seconds. Measured on the
corpus, the slowest takes under 0.005 s."""

STOPS_ALLOWED = 20
"""After so many stopped searches the reading gives up on the rest and says so."""


FLAGS = regex.IGNORECASE | regex.VERSION1
LETTER_BY_LETTER = "(?-f)"
"""Case is ignored letter by letter: full case folding, which finds "ss" for a sharp s, doubles
the time to compile and costs a quarter of the time to search."""

MASKS_KEPT = 20_000
"""Texts of which a reading remembers what can match in them."""

BUDGET_S = 30.0
BUDGET_S_PER_MILLION = 240.0
"""Time of one document, in seconds, and for each million code points of it. Measured, a
million code points of which every sentence makes claims take about 55 s on a core that
is shared: four times less; ordinary prose takes 6 s to 20 s."""


def budget_for(length: int) -> float:
    """Return the time that a document of *length* code points may take, in seconds."""
    return BUDGET_S + BUDGET_S_PER_MILLION * length / 1_000_000


class Search:
    """A pattern of a rule file, case ignored; it is compiled when it is first asked.

    Attributes:
        pattern: its text.
        where: the rule file and rule, for the error message.
    """

    __slots__ = ("_made", "pattern", "where")

    def __init__(self, pattern: str, where: str) -> None:
        """Keep the text; nothing is compiled yet."""
        self.pattern = pattern
        self.where = where
        self._made: regex.Pattern[str] | None = None

    def made(self) -> regex.Pattern[str]:
        """Return the compiled pattern.

        Raises:
            InputError: its text is not a pattern.
        """
        if self._made is None:
            try:
                self._made = regex.compile(LETTER_BY_LETTER + self.pattern, FLAGS)
            except regex.error as error:
                raise InputError(
                    f"a pattern cannot be read: {error}",
                    where=self.where,
                    to_do="correct the rule file",
                ) from error
        return self._made

    def search(self, text: str, start: int = 0, end: int | None = None) -> regex.Match[str] | None:
        """Return the first match in *text*, or None."""
        return self.made().search(text, start, end)

    def match(self, text: str, start: int = 0, end: int | None = None) -> regex.Match[str] | None:
        """Return the match that begins at *start*, or None."""
        return self.made().match(text, start, end)

    def fullmatch(self, text: str) -> regex.Match[str] | None:
        """Return the match of all of *text*, or None."""
        return self.made().fullmatch(text)

    def finditer(
        self, text: str, start: int = 0, end: int | None = None
    ) -> Iterator[regex.Match[str]]:
        """Yield the matches in *text* from left to right."""
        yield from self.made().finditer(text, start, end)

    def before(self, text: str) -> str:
        """Return *text* up to the first match; all of it where there is none."""
        found = self.made().search(text)
        return text if found is None else text[: found.start()]


class Gate(Protocol):
    """Says by the words that stand in a text which searches can match in it at all."""

    @property
    def bits(self) -> Mapping[Search, int]:
        """The bits of each search that the gate knows; others are always asked."""
        ...

    def mask(self, text: str) -> int:
        """Return the bits of which the words stand in *text*."""
        ...


@dataclass(slots=True)
class Stops:
    """The searches of one reading that had to be stopped.

    Attributes:
        names: names of the searches that were stopped.
        budget: seconds of computing that the reading may take; None for no end.
        unread_from: code point from which no claims were looked for, None where all were.
        gate: what can match where, None to ask every search.
    """

    names: list[str] = field(default_factory=list[str])
    budget: float | None = None
    unread_from: int | None = None
    gate: Gate | None = None
    _masks: dict[str, int] = field(default_factory=dict[str, int])
    _began: float = field(default_factory=time.process_time)

    def ends_at(self, start: int) -> bool:
        """Return whether the reading has to end before the code point *start*, and note it."""
        used_up = self.budget is not None and time.process_time() - self._began > self.budget
        if (used_up or self.exhausted) and self.unread_from is None:
            self.unread_from = start
        return self.unread_from is not None

    def may_match(self, search: Search, text: str) -> bool:
        """Return whether *search* has to be asked about *text*."""
        if self.gate is None:
            return True
        bit = self.gate.bits.get(search)
        return bit is None or self.mask(text) & bit == bit

    def mask(self, text: str) -> int:
        """Return the bits of which the words stand in *text*; all where there is no gate."""
        known = self._masks.get(text)
        if known is None:
            if len(self._masks) >= MASKS_KEPT:
                self._masks.clear()
            known = self._masks[text] = -1 if self.gate is None else self.gate.mask(text)
        return known

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
def compiled(pattern: str, where: str) -> Search:
    """Return the search for *pattern* of the rule *where*, to be compiled when it is asked."""
    return Search(pattern, where)


def find(search: Search, text: str, stops: Stops, name: str) -> regex.Match[str] | None:
    """Return the first match of *search*, or None (also where it was stopped)."""
    if len(stops.names) >= STOPS_ALLOWED or not stops.may_match(search, text):
        return None
    try:
        return search.made().search(text, timeout=SEARCH_LIMIT_S)
    except TimeoutError:
        stops.names.append(name)
        return None


def find_all(
    search: Search, text: str, stops: Stops, name: str, *, overlapped: bool = False
) -> Iterator[regex.Match[str]]:
    """Return the matches of *search* from left to right, until one is stopped."""
    if len(stops.names) >= STOPS_ALLOWED or not stops.may_match(search, text):
        return iter(())
    return _matches(search, text, stops, name, overlapped=overlapped)


def _matches(
    search: Search, text: str, stops: Stops, name: str, *, overlapped: bool
) -> Iterator[regex.Match[str]]:
    try:
        yield from search.made().finditer(text, overlapped=overlapped, timeout=SEARCH_LIMIT_S)
    except TimeoutError:
        stops.names.append(name)
