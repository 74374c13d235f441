"""Judgements: a person decides, by a row, and can take it back.

Law: a decision is a row with who, when and why. Nothing is overwritten; a later
row supersedes an earlier one, and ``withdrawn`` undoes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """What a person decided about a proposal."""

    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    """Take the last decision back: the target is proposed again."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision.

    Attributes:
        number: order of the decisions in the case, from 1.
        target: id of the claim, reading, proposal or finding.
        decision: what was decided.
        by: who decided.
        at: RFC 3339, UTC.
        why: the reason given.
    """

    number: int
    target: str
    decision: Decision
    by: str
    at: str
    why: str
