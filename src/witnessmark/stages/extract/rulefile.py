"""Claim rules as they stand in ``rules/extract/<language>/*.yaml``, checked and compiled.

Laws:
1. An unknown key, label, fragment or number hook is an error that names rule and file.
2. A rule is data: what it may do is listed in :class:`Rule`, nothing else runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import regex

from witnessmark.core.claim import (
    ILO_INDICATORS,
    STATE_IMPOSED_INDICATORS,
    Modality,
    Predicate,
    Tier,
)
from witnessmark.core.errors import InputError
from witnessmark.stages.extract.bounded import Search, compiled
from witnessmark.stages.extract.korean_stems import forms
from witnessmark.store.rulebook import load_rules, rule_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCHEMA = "witnessmark/extract-rules/1"
LANGUAGE_SCHEMA = "witnessmark/extract-language/1"
SITES_SCHEMA = "witnessmark/extract-sites/1"
NOT_CLAIM_RULES = (
    *("language", "attribution", "sites", "countries", "organisations"),
    *("tagger", "world"),
)
"""Files of a language folder with a schema of their own."""

_KEYS = frozenset(
    [
        "id",
        "predicate",
        "value",
        "pattern",
        "all",
        "span",
        "focus",
        "needs",
        "unless",
        "within",
        "before",
        "context",
        "each",
        "number",
        "indicators",
        "extend",
        "subject",
        "modality",
        "frame",
        "tier",
        "score",
        "why",
        "examples",
        "counter",
    ]
)
_FRAGMENT = regex.compile(r"\{([a-z_]+)\}")
_STEM = regex.compile(r"\{=(\p{Hangul}+)\}")
_NESTING = 8
DEFAULT_SPAN = 160
"""Longest stretch, in code points, over which the parts of an ``all`` rule may lie."""

BUILT_IN = {
    "gap": r"[^.!?;|]{0,60}?",
    "short": r"[^.!?;|,]{0,25}?",
    "clause": r"[^.!?;:|\"]{0,160}",
}
"""Fragments of every language: bounded stretches that stay inside a sentence."""

Pattern: TypeAlias = Search


@dataclass(frozen=True, slots=True)
class Rule:
    """One claim rule, compiled (keys as in ``rules/extract/README.md``)."""

    id: str
    predicate: Predicate
    value: str
    patterns: tuple[Pattern, ...]
    together: bool
    span: int
    focus: bool
    needs: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    paragraph: bool
    before: Pattern | None
    context: tuple[str, ...]
    each: str
    number: str
    indicators: tuple[str, ...]
    extend: str
    subject: str
    modality: Modality | None
    frame: str
    tier: Tier
    score: float
    why: str
    examples: tuple[tuple[str, str], ...]
    counter: tuple[tuple[str, str], ...]


def language_data(folder: str) -> dict[str, Any]:
    """Return the content of a language's ``language.yaml``."""
    return load_rules(f"{folder}/language.yaml", LANGUAGE_SCHEMA)


def expand(pattern: str, fragments: Mapping[str, str], where: str) -> str:
    """Return *pattern* with every ``{fragment}`` put in.

    Raises:
        InputError: a fragment is not defined, or they contain one another.
    """

    def put_in(match: regex.Match[str]) -> str:
        name = match.group(1)
        if name not in fragments:
            raise InputError(
                f"the fragment {{{name}}} is not defined", where=where, to_do="add it to define"
            )
        return f"(?:{fragments[name]})" if name not in BUILT_IN else BUILT_IN[name]

    for _ in range(_NESTING):
        expanded = _FRAGMENT.sub(put_in, pattern)
        if expanded == pattern:
            return _STEM.sub(lambda match: forms(match.group(1)), pattern)
        pattern = expanded
    raise InputError("fragments contain one another", where=where, to_do="break the circle")


@cache
def fragments(folder: str) -> dict[str, str]:
    """Return the fragments that every rule file of the language *folder* may use."""
    data = language_data(folder)
    sites = load_rules(f"{folder}/sites.yaml", SITES_SCHEMA)
    people = [group["pattern"] for group in data["groups"] if group.get("held") is not None]
    nouns = [noun for row in sites["sites"] for noun in row["nouns"]]
    nouns.sort(key=lambda noun: (-len(noun), noun))
    return {
        **BUILT_IN,
        **{name: str(text) for name, text in data["define"].items()},
        "site": "|".join(nouns),
        "person": "|".join(people),
    }


@cache
def rules(folder: str) -> tuple[Rule, ...]:
    """Return every claim rule of the language *folder*, in file order.

    Raises:
        InputError: a rule cannot be understood, or two have the same id.
    """
    found: list[Rule] = []
    seen: set[str] = set()
    for name in rule_names(folder):
        if name.rpartition("/")[2].removesuffix(".yaml") in NOT_CLAIM_RULES:
            continue
        content = load_rules(name, SCHEMA)
        local = {**fragments(folder), **{k: str(v) for k, v in content.get("define", {}).items()}}
        for row in content["rules"]:
            rule = _rule(row, local, f"{name}, {row.get('id', row)}")
            if rule.id in seen:
                raise InputError("two rules have one id", where=f"{name}, {rule.id}")
            seen.add(rule.id)
            found.append(rule)
    return tuple(found)


def _rule(row: dict[str, Any], local: Mapping[str, str], where: str) -> Rule:
    unknown = sorted(set(row) - _KEYS)
    if unknown or "id" not in row or ("pattern" in row) == ("all" in row):
        raise InputError(
            f"a rule has unknown keys ({', '.join(unknown)})"
            if unknown
            else "a rule needs an id and either pattern or all",
            where=where,
            to_do="see rules/extract/README.md",
        )

    def compile_one(text: str) -> Pattern:
        return compiled(expand(text, local, where), where)

    def compile_list(key: str) -> tuple[Pattern, ...]:
        given = row.get(key, [])
        return tuple(compile_one(text) for text in ([given] if isinstance(given, str) else given))

    try:
        tier = Tier(row.get("tier", "claim"))
        predicate = Predicate(row["predicate"])
        modality = Modality(row["modality"]) if "modality" in row else None
    except (ValueError, KeyError) as error:
        raise InputError(
            f"a label is not in the lists: {error}", where=where, to_do="use core.claim's labels"
        ) from error
    indicators = tuple(row.get("indicators", ()))
    labels = {*indicators, *([row["value"]] if predicate is Predicate.INDICATOR else [])}
    if not labels <= {*ILO_INDICATORS, *STATE_IMPOSED_INDICATORS}:
        raise InputError("an indicator is not in the lists", where=where, to_do="see interface.md")
    return Rule(
        id=str(row["id"]),
        predicate=predicate,
        value=str(row.get("value", "@quote")),
        patterns=compile_list("all") if "all" in row else (compile_one(row["pattern"]),),
        together="all" in row,
        span=int(row.get("span", DEFAULT_SPAN)),
        focus=bool(row.get("focus", False)),
        needs=compile_list("needs"),
        unless=compile_list("unless"),
        paragraph=row.get("within", "sentence") == "paragraph",
        before=compile_one(row["before"]) if "before" in row else None,
        context=_names(row.get("context", ())),
        each=str(row.get("each", "")),
        number=str(row.get("number", "")),
        indicators=indicators,
        extend=str(row.get("extend", "clause")),
        subject=str(row.get("subject", "")),
        modality=modality,
        frame=str(row.get("frame", "")),
        tier=tier,
        score=float(row.get("score", 0.8 if tier is Tier.CLAIM else 0.4)),
        why=str(row.get("why", "")),
        examples=_pairs(row.get("examples", ())),
        counter=_pairs(row.get("counter", ())),
    )


def _names(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _pairs(given: Sequence[str | Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple(("", item) if isinstance(item, str) else (item[0], item[1]) for item in given)
