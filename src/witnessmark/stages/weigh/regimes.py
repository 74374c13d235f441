"""The legal regimes: numbered tests read from rule files.

Laws:
1. Every legal statement carries its code; a statement coded S carries its address.
2. Steps are numbered from 1 without a gap; the numbers are the dossier's.
3. An unknown key, kind or answer is an error; nothing is ignored in silence.
4. A goods list says "on the list, if of that origin"; it never says "banned".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from witnessmark.core.errors import InputError
from witnessmark.core.provenance import Code
from witnessmark.stages.weigh.patterns import Pattern, read_patterns
from witnessmark.store.rulebook import load_rules, rule_names

FOLDER = "weigh/regimes"
SCHEMA = "witnessmark/regime/1"

ANSWERS = ("on_list", "not_on_list", "arguable", "check")
"""What a goods list says of a heading; ``check``: its text must be read first."""

_KEYS = {
    "schema",
    "version",
    "provenance",
    "code",
    "id",
    "order",
    "jurisdiction",
    "title",
    "subtitle",
    "provision",
    "whole_case",
    "combine",
    "speaks_of",
    "in_force",
    "goods",
    "elements",
    "consequence",
}
_ELEMENT = {"number", "id", "kind", "test", "code", "source", "missing", "decides"}
_KINDS: dict[str, set[str]] = {
    "dated": set(),
    "listed": set(),
    "ask": {"open"},
    "reported": {"for", "against", "open_silent", "open_reported"},
    "reaches": {"countries", "open"},
    "origin": {"countries", "open"},
    "link": {"after", "open"},
}
"""Kinds of test, each with the keys that it needs beyond the common ones."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A legal statement with its standing.

    Attributes:
        text: the statement in our words.
        code: S, K or D.
        source: address of the stored page, empty unless S.
    """

    text: str
    code: Code
    source: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a goods list says of some headings.

    Attributes:
        headings: chapters or headings, as leading digits; empty for all others.
        answer: one of ``ANSWERS``.
        statement: why, with its code.
    """

    headings: tuple[str, ...]
    answer: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class Goods:
    """The goods that a regime is about.

    Attributes:
        everything: whether all goods are in scope.
        statement: the scope in words.
        entries: the list, where there is one.
        otherwise: what it says of every other heading.
        headline: what a cell says of a heading on the list.
    """

    everything: bool
    statement: Statement
    entries: tuple[Entry, ...]
    otherwise: Entry | None
    headline: str

    def answer(self, heading: str) -> Entry | None:
        """Return the entry for *heading*: the longest that fits; None where all goods are in."""
        if self.otherwise is None:
            return None
        fitting = [
            (len(digits), entry)
            for entry in self.entries
            for digits in entry.headings
            if heading.startswith(digits)
        ]
        return max(fitting, key=lambda pair: pair[0])[1] if fitting else self.otherwise


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step of a legal test, as the rule file has it.

    Attributes:
        number: from 1.
        id: name of the step.
        kind: how it is tested.
        test: what must be shown.
        code: S, K or D.
        source: address, empty unless S.
        missing: what evidence would decide it.
        decides: whether a cell's headline names it while it is open.
        patterns: claims for it.
        against: claims against it.
        countries: countries of destination or origin.
        after: id of the step that must be met before the headline names this one.
        open_silent: headline while nobody says so.
        open_reported: headline while it is reported and not accepted.
    """

    number: int
    id: str
    kind: str
    test: str
    code: Code
    source: str
    missing: str
    decides: bool
    patterns: tuple[Pattern, ...]
    against: tuple[Pattern, ...]
    countries: tuple[str, ...]
    after: str
    open_silent: str
    open_reported: str


@dataclass(frozen=True, slots=True)
class Regime:
    """One legal regime.

    Attributes:
        id: its id.
        order: place in the matrix.
        jurisdiction: ISO 3166-1 alpha-2, ``EU``, ``UN`` or ``ILO``.
        title: short title.
        subtitle: what it turns on.
        provision: where it stands.
        whole_case: whether it is tested on the case as a whole.
        alternatives: whether one step is enough.
        speaks_of: countries that a case must speak of; empty for any.
        starts: first day of application, None where no day is known.
        ends: last day, None where none is stated.
        in_force: dates in words.
        goods: goods in scope.
        steps: numbered steps.
        consequence: what follows.
    """

    id: str
    order: int
    jurisdiction: str
    title: str
    subtitle: str
    provision: str
    whole_case: bool
    alternatives: bool
    speaks_of: tuple[str, ...]
    starts: date | None
    ends: date | None
    in_force: Statement
    goods: Goods
    steps: tuple[Step, ...]
    consequence: Statement


def read_regime(content: dict[str, Any], where: str) -> Regime:
    """Return the regime that a rule file's *content* describes (pure).

    Raises:
        InputError: the content breaks a law of this module.
    """
    _exactly(content, _KEYS, where)
    force = content["in_force"]
    _exactly(force, {"from", "to", "text", "code", "source"}, f"{where}, in_force")
    if content["combine"] not in {"all", "any"}:
        raise InputError("combine is all or any", where=where, to_do="correct it")
    steps = tuple(_step(row, where) for row in content["elements"])
    if [step.number for step in steps] != list(range(1, len(steps) + 1)) or not steps:
        raise InputError("steps are not numbered from 1", where=where, to_do="renumber them")
    goods = _goods(content["goods"], f"{where}, goods")
    if any(step.kind == "listed" for step in steps) is goods.everything:
        raise InputError(
            "a list of goods and a step of kind listed go together", where=where, to_do="add one"
        )
    return Regime(
        id=content["id"],
        order=content["order"],
        jurisdiction=content["jurisdiction"],
        title=content["title"],
        subtitle=content["subtitle"],
        provision=content["provision"],
        whole_case=content["whole_case"],
        alternatives=content["combine"] == "any",
        speaks_of=tuple(content["speaks_of"]),
        starts=date.fromisoformat(force["from"]) if force["from"] else None,
        ends=date.fromisoformat(force["to"]) if force["to"] else None,
        in_force=_statement(force, f"{where}, in_force"),
        goods=goods,
        steps=steps,
        consequence=_statement(content["consequence"], f"{where}, consequence"),
    )


def load_regimes() -> tuple[Regime, ...]:
    """Return the regimes that ship with the package, in the order of the matrix."""
    regimes = [read_regime(load_rules(name, SCHEMA), name) for name in rule_names(FOLDER)]
    return tuple(sorted(regimes, key=lambda regime: (regime.order, regime.id)))


def _exactly(row: dict[str, Any], keys: set[str], where: str) -> None:
    odd = set(row) ^ keys
    if odd:
        raise InputError(
            f"keys missing or unknown: {', '.join(sorted(odd))}", where=where, to_do="correct it"
        )


def _statement(row: dict[str, Any], where: str, text: str = "text") -> Statement:
    code = Code(row["code"])
    if (code is Code.STORED) != bool(row["source"]):
        raise InputError(
            "a statement coded S has an address, others have none",
            where=where,
            to_do="add the address or code it K or D",
        )
    return Statement(" ".join(str(row[text]).split()), code, row["source"])


def _goods(row: dict[str, Any], where: str) -> Goods:
    if row.get("all"):
        _exactly(row, {"all", "text", "code", "source"}, where)
        return Goods(True, _statement(row, where), (), None, "")
    _exactly(row, {"all", "text", "code", "source", "headline", "lists", "otherwise"}, where)
    entries = tuple(_entry(entry, where) for entry in row["lists"])
    otherwise = _entry({"headings": (), **row["otherwise"]}, where)
    return Goods(False, _statement(row, where), entries, otherwise, row["headline"])


def _entry(row: dict[str, Any], where: str) -> Entry:
    _exactly(row, {"headings", "answer", "code", "source", "why"}, where)
    if row["answer"] not in ANSWERS:
        raise InputError(f"unknown answer {row['answer']}", where=where, to_do="use a known one")
    headings = tuple(row["headings"])
    if any(not (isinstance(h, str) and h.isdigit()) for h in headings):
        raise InputError("headings are quoted digits", where=where, to_do="quote them")
    return Entry(headings, row["answer"], _statement(row, where, "why"))


def _step(row: dict[str, Any], where: str) -> Step:
    place = f"{where}, step {row.get('number', '?')}"
    kind = row.get("kind", "")
    if kind not in _KINDS:
        raise InputError(f"unknown kind of step {kind}", where=place, to_do="use a known kind")
    _exactly(row, _ELEMENT | _KINDS[kind], place)
    if not row["missing"] and kind != "dated":
        raise InputError("a step must say what is missing", where=place, to_do="add missing")
    statement = _statement(row, place, "test")
    return Step(
        number=row["number"],
        id=row["id"],
        kind=kind,
        test=statement.text,
        code=statement.code,
        source=statement.source,
        missing=row["missing"],
        decides=row["decides"],
        patterns=read_patterns(row.get("for", []), place),
        against=read_patterns(row.get("against", []), place),
        countries=tuple(row.get("countries", ())),
        after=row.get("after", ""),
        open_silent=row.get("open_silent", row.get("open", "")),
        open_reported=row.get("open_reported", row.get("open", "")),
    )
