"""Mistakes that figures invite, printed where the case's goods and places fit.

Law: a trap is a warning about method, from ``rules/measure/traps.yaml``; it states
no fact of the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.store.rulebook import load_rules, rule_path

if TYPE_CHECKING:
    from collections.abc import Iterable

TRAPS_FILE = "measure/traps.yaml"
TRAPS_SCHEMA = "witnessmark/traps/1"


@dataclass(frozen=True, slots=True)
class Trap:
    """One mistake to avoid."""

    title: str
    text: str


def traps_for(headings: Iterable[str], countries: Iterable[str]) -> tuple[Trap, ...]:
    """Return the traps that fit the *headings* and *countries* of the case.

    Raises:
        InputError: the rule file has another schema.
    """
    if not rule_path(TRAPS_FILE).is_file():
        return ()
    goods, lands = tuple(headings), frozenset(countries)
    found: list[Trap] = []
    for row in load_rules(TRAPS_FILE, TRAPS_SCHEMA)["traps"]:
        scope = row.get("applies_to", {})
        country, wanted = scope.get("country", ""), tuple(scope.get("headings", ()))
        if country and country not in lands:
            continue
        if wanted and not any(one.startswith(two) for one in goods for two in wanted):
            continue
        found.append(Trap(str(row["title"]), str(row["text"]).strip()))
    return tuple(found)
