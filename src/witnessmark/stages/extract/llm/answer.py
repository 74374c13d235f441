"""The answer of a model, read strictly: every deviation of the form is refused.

Laws:
1. One JSON object, UTF-8, no key twice, no NaN, no infinity; exactly one choice, ended by
   itself, without a call of a tool.
2. An item has exactly the fields that were asked for, of the types that were asked for, with
   labels of the closed lists; one bad item is refused alone, the form of the whole is not.
3. Why something was refused is said in our own words: no word of a model gets into a row so.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, NoReturn

from witnessmark.core.claim import Modality, Predicate
from witnessmark.core.errors import visible
from witnessmark.stages.extract.llm.template import COMPARATORS, MOST_CLAIMS

MOST_ANSWER = 512 * 1024
"""Bytes of the body of an answer. Forty claims need about 20 000."""

MOST_CONTENT = 128 * 1024
"""Code points of what the model wrote."""

LONGEST_WORDS = 1_000
"""Code points of a quote, a value or a subject; no sentence of ours is as long."""

LONGEST_NAME = 100
"""Code points of what an answer says about who answered."""

LARGEST = 1e12
"""Largest amount that is read."""


class UnusableError(Exception):
    """The answer as a whole cannot be used; the reason is the argument."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as the model gives it."""

    amount: float
    high: float | None
    unit: str
    comparator: str


@dataclass(frozen=True, slots=True)
class Item:
    """A claim as the model gives it; nothing of it is believed yet."""

    predicate: Predicate
    value: str | Figure
    subject: str
    quote: str
    modality: Modality


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model answered.

    Attributes:
        items: its claims; for a bad one, why it was refused.
        answered_by: model and fingerprint, as the answer names them.
    """

    items: tuple[Item | str, ...]
    answered_by: str


def read_answer(body: bytes) -> Answer:
    """Return what the *body* of an answer holds.

    Raises:
        UnusableError: it is not what was asked for.
    """
    if len(body) > MOST_ANSWER:
        raise UnusableError("the answer is too large")
    outer = _object(body, "the answer")
    choices = outer.get("choices")
    if not isinstance(choices, list) or len(choices) != 1 or not isinstance(choices[0], dict):
        raise UnusableError("the answer does not hold exactly one choice")
    choice: dict[str, Any] = choices[0]
    message = choice.get("message")
    if not isinstance(message, dict):
        raise UnusableError("the answer holds no message")
    if message.get("tool_calls") or message.get("function_call"):
        raise UnusableError("the model called a tool; none was offered")
    if message.get("refusal"):
        raise UnusableError("the model refused")
    if choice.get("finish_reason") != "stop":
        raise UnusableError("the model did not come to an end by itself")
    content = message.get("content")
    if not isinstance(content, str) or len(content) > MOST_CONTENT:
        raise UnusableError("the message holds no text, or too much")
    inner = _object(content, "the message")
    if set(inner) != {"claims"} or not isinstance(inner["claims"], list):
        raise UnusableError("the message is not an object with the one field claims")
    if len(inner["claims"]) > MOST_CLAIMS:
        raise UnusableError("the message holds too many claims")
    return Answer(tuple(map(_item, inner["claims"])), answered_by(outer))


def answered_by(outer: dict[str, Any]) -> str:
    """Return who answered, as far as the answer says it, on one line of bounded length."""
    said = [outer.get("model"), outer.get("system_fingerprint")]
    return visible(" ".join(one for one in said if isinstance(one, str)))[:LONGEST_NAME]


def _object(text: bytes | str, what: str) -> dict[str, Any]:
    try:
        plain = text if isinstance(text, str) else text.decode()
        read = json.loads(plain, object_pairs_hook=_once, parse_constant=_no_constant)
    except UnusableError:
        raise
    except (ValueError, RecursionError) as error:
        raise UnusableError(f"{what} is not JSON") from error
    if not isinstance(read, dict):
        raise UnusableError(f"{what} is not a JSON object")
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnusableError("an object names a key twice")
    return found


def _no_constant(_: str) -> NoReturn:
    raise UnusableError("a number is NaN or infinite")


FIELDS = {"predicate", "value", "subject", "quote", "modality"}
FIGURE_FIELDS = {"amount", "high", "unit", "comparator"}


def _item(given: Any) -> Item | str:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(given, dict) or set(given) != FIELDS:
        return "1 it has not exactly the fields that were asked for"
    value = _value(given["value"])
    texts = (given["subject"], given["quote"])
    if value is None or not all(_short(text) for text in texts):
        return "1 a field has another type than was asked for, or is too long"
    try:
        predicate, modality = Predicate(given["predicate"]), Modality(given["modality"])
    except ValueError:
        return "2 predicate or modality is none of the list"
    return Item(predicate, value, given["subject"], given["quote"], modality)


def _short(text: object) -> bool:
    return isinstance(text, str) and len(text) <= LONGEST_WORDS


def _value(given: Any) -> str | Figure | None:  # noqa: ANN401 - whatever JSON holds
    if isinstance(given, str):
        return given if _short(given) else None
    if not isinstance(given, dict) or set(given) != FIGURE_FIELDS:
        return None
    amount, high = _number(given["amount"]), _number(given["high"])
    unit, comparator = given["unit"], given["comparator"]
    if amount is None or (high is None and given["high"] is not None):
        return None
    if not _short(unit) or comparator not in COMPARATORS:
        return None
    return Figure(amount, high, unit, comparator)


def _number(given: object) -> float | None:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    try:
        value = float(given)
    except OverflowError:
        return None
    return value if math.isfinite(value) and abs(value) <= LARGEST else None
