"""What a language model is asked: instructions, a paragraph as data, a schema for the answer.

Laws:
1. The same paragraph gives the same bytes: temperature 0, a fixed seed, sorted keys.
2. The paragraph stands in a JSON string and nowhere else. Signs that chat formats are made
   of are escaped there, so that no document can speak in another role.
3. No tool is offered, and nothing else of the case is sent: no title, no name of a source.
4. A change of the instructions or the schema changes the hash of the template.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from witnessmark.core.canonical import canonical_json, sha256_hex
from witnessmark.core.claim import (
    ILO_INDICATORS,
    STATE_IMPOSED_INDICATORS,
    Modality,
    Predicate,
)
from witnessmark.core.errors import InputError
from witnessmark.core.sitekind import SITE_KINDS, SITE_KINDS_SCHEMA, site_kinds
from witnessmark.stages.extract.bounded import compiled
from witnessmark.store.rulebook import load_rules

if TYPE_CHECKING:
    from witnessmark.stages.extract.rulefile import Pattern

FILE = "extract/llm.yaml"
SCHEMA = "witnessmark/extract-llm/1"

SEED = 20_261_125
"""Any number would do, as long as it stays."""

MOST_TOKENS = 3_000
"""Tokens of an answer: about forty claims. An answer that is cut off there is not used."""

MOST_CLAIMS = 40
"""Claims of one answer."""

COMPARATORS = ("=", ">", ">=", "<", "<=", "~", "range")
TRENDS = ("up", "down", "same")

_ROLE_SIGNS = str.maketrans({"<": "\\u003c", "[": "\\u005b", "\u2028": "\\u2028"})
"""Chat formats mark roles by ``<|…|>``, ``<start_of_turn>`` or ``[INST]``."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words by which numbers and denials of one language are checked, compiled.

    Attributes:
        hours: what follows a number of hours.
        a_day: that hours are counted by the day.
        not_people: what follows a number that counts no people.
        per: words of a time or piece that a figure is counted by.
        negation: words of denial.
        photograph: words for a photograph.
    """

    hours: Pattern
    a_day: Pattern
    not_people: Pattern
    per: dict[str, Pattern]
    negation: Pattern
    photograph: Pattern


@dataclass(frozen=True, slots=True)
class Template:
    """The file ``rules/extract/llm.yaml``, read.

    Attributes:
        system: the instructions, with the lists of labels.
        response: what the answer has to look like, as the request says it.
        sha256: hash of both.
        words: by language.
        addressed: words that speak to a program.
        cautious: predicates and indicators beside which no word of denial may stand.
        place_units: words for kinds of areas.
    """

    system: str
    response: dict[str, Any]
    sha256: str
    words: dict[str, Words]
    addressed: tuple[Pattern, ...]
    cautious: frozenset[str]
    place_units: frozenset[str]


@cache
def known_site_kinds() -> frozenset[str]:
    """Return the labels of ``site_kind``."""
    return frozenset(site_kinds(load_rules(SITE_KINDS, SITE_KINDS_SCHEMA)))


@cache
def template() -> Template:
    """Return the template.

    Raises:
        InputError: the rule file lacks a predicate or names one that is none.
    """
    data = load_rules(FILE, SCHEMA)
    meanings: dict[str, str] = data["predicates"]
    if set(meanings) != {one.value for one in Predicate}:
        raise InputError(
            "the predicates are not those of the core", where=FILE, to_do="list each of them once"
        )
    lines = [f"{data['system'].strip()}", *(f"- {key}: {why}" for key, why in meanings.items())]
    lines += [
        f"Labels of indicator: {', '.join((*ILO_INDICATORS, *STATE_IMPOSED_INDICATORS))}",
        f"Labels of site_kind: {', '.join(sorted(known_site_kinds()))}",
    ]
    system, response = "\n".join(lines), _response()
    return Template(
        system,
        response,
        sha256_hex(canonical_json([system, response, SEED, MOST_TOKENS]).encode()),
        {code: _words(rows) for code, rows in data["words"].items()},
        tuple(compiled(one, FILE) for one in data["addressed"]),
        frozenset(data["cautious"]),
        frozenset(data["place_units"]),
    )


def _words(rows: dict[str, Any]) -> Words:
    def one(name: str) -> Pattern:
        return compiled(str(rows.get(name, "(?!)")), FILE)

    return Words(
        one("hours"),
        one("a_day"),
        one("not_people"),
        {key: compiled(text, FILE) for key, text in rows["per"].items()},
        one("negation"),
        one("photograph"),
    )


def _response() -> dict[str, Any]:
    number = {
        "type": "object",
        "additionalProperties": False,
        "required": ["amount", "high", "unit", "comparator"],
        "properties": {
            "amount": {"type": "number"},
            "high": {"type": ["number", "null"]},
            "unit": {"type": "string"},
            "comparator": {"type": "string", "enum": list(COMPARATORS)},
        },
    }
    claim = {
        "type": "object",
        "additionalProperties": False,
        "required": ["predicate", "value", "subject", "quote", "modality"],
        "properties": {
            "predicate": {"type": "string", "enum": [one.value for one in Predicate]},
            "value": {"anyOf": [{"type": "string"}, number]},
            "subject": {"type": "string"},
            "quote": {"type": "string"},
            "modality": {"type": "string", "enum": [one.value for one in Modality]},
        },
    }
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["claims"],
        "properties": {"claims": {"type": "array", "maxItems": MOST_CLAIMS, "items": claim}},
    }
    return {
        "type": "json_schema",
        "json_schema": {"name": "claims", "strict": True, "schema": schema},
    }


def request_body(model: str, paragraph: str) -> bytes:
    """Return the body of the request about *paragraph*."""
    asked = template()
    return canonical_json(
        {
            "model": model,
            "messages": [
                {"role": "system", "content": asked.system},
                {"role": "user", "content": as_data(paragraph)},
            ],
            "temperature": 0,
            "seed": SEED,
            "max_tokens": MOST_TOKENS,
            "stream": False,
            "response_format": asked.response,
        }
    ).encode("utf-8", "replace")


def as_data(paragraph: str) -> str:
    r"""Return *paragraph* as a JSON object of one string.

    Example:
        >>> as_data('a "quote" <|im_start|>')
        '{"paragraph": "a \\"quote\\" \\u003c|im_start|>"}'
    """
    return json.dumps({"paragraph": paragraph}, ensure_ascii=False).translate(_ROLE_SIGNS)
