"""The seventeen indicators: states with their rules, for and against.

Laws:
1. A rule proposes ``partly``, never more; ``present`` needs a person's acceptance
   of the finding, and claims that still support it.
2. A program never sets ``looked_not_found``.
3. A denial or counter-cue stands against; ``contrary`` only where nothing stands for.
4. A reward or a stated preference never counts, for or against: it is refused
   when the rules are read.
5. Echoes count once: origins are named, not outlets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from witnessmark.core.canonical import content_id
from witnessmark.core.claim import (
    ILO_INDICATORS,
    STATE_IMPOSED_INDICATORS,
    Claim,
    Predicate,
    Status,
)
from witnessmark.core.errors import InputError
from witnessmark.core.finding import IndicatorFinding, IndicatorState
from witnessmark.core.provenance import Code
from witnessmark.stages.weigh.patterns import Pattern, read_patterns
from witnessmark.store.rulebook import load_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from witnessmark.stages.weigh.facts import Facts

NAME = "weigh/indicators.yaml"
SCHEMA = "witnessmark/indicators/1"
NEVER_A_CUE = {Predicate.REWARD, Predicate.STATED_PREFERENCE}
"""A reward inside coercion is not consent; a preference between coerced tasks is none."""
_KEYS = {"number", "id", "title", "definition", "code", "ask", "rules", "against"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One numbered rule.

    Attributes:
        number: ``11.2``.
        why: what it rests on, in words.
        patterns: what it looks for.
    """

    number: str
    why: str
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator with its rules.

    Attributes:
        number: its place in the list, the figure before the point of its rules.
        id: label of the indicator.
        title: how the dossier names it.
        definition: what it means, in our words.
        code: S, K or D of the definition.
        ask: what to ask next.
        rules: rules for it.
        against: counter-cues.
    """

    number: int
    id: str
    title: str
    definition: str
    code: Code
    ask: str
    rules: tuple[Rule, ...]
    against: tuple[Rule, ...]


def read_indicators(rows: list[dict[str, Any]]) -> tuple[Indicator, ...]:
    """Return the indicators of *rows* (pure).

    Raises:
        InputError: the list is not the closed list of core, a rule carries another
            indicator's number, or a reward or preference is used as a cue.
    """
    found: list[Indicator] = []
    for row in rows:
        where = f"{NAME}, {row.get('id', '?')}"
        if set(row) != _KEYS:
            odd = ", ".join(sorted(set(row) ^ _KEYS))
            raise InputError(f"keys missing or unknown: {odd}", where=where, to_do="correct it")
        found.append(
            Indicator(
                number=row["number"],
                id=row["id"],
                title=row["title"],
                definition=row["definition"],
                code=Code(row["code"]),
                ask=row["ask"],
                rules=_rules(row["rules"], row["number"], where),
                against=_rules(row["against"], row["number"], where),
            )
        )
    if tuple(i.id for i in found) != ILO_INDICATORS + STATE_IMPOSED_INDICATORS:
        raise InputError("not the closed list of indicators", where=NAME, to_do="keep its order")
    return tuple(found)


def _rules(rows: list[dict[str, Any]], indicator: int, where: str) -> tuple[Rule, ...]:
    found: list[Rule] = []
    for row in rows:
        place = f"{where}, rule {row.get('number', '?')}"
        if set(row) != {"number", "why", "patterns"} or not row["patterns"]:
            raise InputError("a rule needs number, why and patterns", where=place, to_do="add them")
        if row["number"].split(".")[0] != str(indicator):
            raise InputError("the rule carries another number", where=place, to_do="renumber it")
        patterns = read_patterns(row["patterns"], place)
        if any(pattern.predicate in NEVER_A_CUE for pattern in patterns):
            raise InputError(
                "a reward or a preference is never a cue", where=place, to_do="remove the pattern"
            )
        found.append(Rule(row["number"], row["why"], patterns))
    return tuple(found)


def load_indicators() -> tuple[Indicator, ...]:
    """Return the indicators that ship with the package."""
    return read_indicators(load_rules(NAME, SCHEMA)["indicators"])


def weigh_indicators(
    facts: Facts, indicators: tuple[Indicator, ...], judged: Mapping[str, Status]
) -> tuple[IndicatorFinding, ...]:
    """Return the finding of every indicator, in order (pure).

    Args:
        facts: what the case holds.
        indicators: the rules.
        judged: where people's judgements stand, by target.
    """
    return tuple(_finding(facts, indicator, judged) for indicator in indicators)


def _finding(facts: Facts, indicator: Indicator, judged: Mapping[str, Status]) -> IndicatorFinding:
    fired, claims_for = _fired(facts, indicator.rules)
    countered, counter = _fired(facts, indicator.against)
    denied = facts.matching((p for r in indicator.rules for p in r.patterns), denied=True)
    against = tuple({claim.id: claim for claim in (*denied, *counter)}.values())
    key = content_id("f", indicator.id)
    status = judged.get(key, Status.PROPOSED)
    state = _state(bool(claims_for), bool(against), status)
    reasons = [f"{rule.why} (rule {rule.number})" for rule in fired]
    if not reasons:
        reasons.append("the sources are silent" if not against else "nothing stands for it")
    if denied:
        reasons.append("denied")
    reasons += [f"against: {rule.why} (rule {rule.number})" for rule in countered]
    return IndicatorFinding(
        id=key,
        indicator=indicator.id,
        title=indicator.title,
        state=state,
        rule=", ".join(rule.number for rule in (fired or countered)),
        why="; ".join(reasons),
        claims_for=tuple(claim.id for claim in claims_for),
        claims_against=tuple(claim.id for claim in against),
        origins_for=facts.origins(claims_for),
        origins_against=facts.origins(against),
        ask=indicator.ask,
        code=indicator.code,
        status=status,
    )


def _fired(facts: Facts, rules: tuple[Rule, ...]) -> tuple[list[Rule], tuple[Claim, ...]]:
    fired = [rule for rule in rules if facts.matching(rule.patterns)]
    return fired, facts.matching(p for rule in fired for p in rule.patterns)


def _state(has_for: bool, has_against: bool, status: Status) -> IndicatorState:  # noqa: FBT001 - a truth table of three
    if has_for:
        return IndicatorState.PRESENT if status is Status.ACCEPTED else IndicatorState.PARTLY
    return IndicatorState.CONTRARY if has_against else IndicatorState.SOURCE_SILENT
