"""Rows as people have judged them so far.

Law: the state of a proposal is a pure function of the judgement table; the last
row about a target counts, and ``withdraw`` makes the target proposed again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from witnessmark.core.claim import Claim, Status
from witnessmark.core.judgement import Decision, Judgement
from witnessmark.store.tables import CLAIMS, JUDGEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from witnessmark.store.case import Case

_STATUS = {
    Decision.ACCEPT: Status.ACCEPTED,
    Decision.REJECT: Status.REJECTED,
    Decision.WITHDRAW: Status.PROPOSED,
}


def statuses(judgements: Iterable[Judgement]) -> dict[str, Status]:
    """Return the status of every target that was ever judged."""
    return {
        row.target: _STATUS[row.decision] for row in sorted(judgements, key=lambda row: row.number)
    }


def standing_claims(case: Case) -> tuple[Claim, ...]:
    """Return the claims of *case* with their current status, rejected ones left out."""
    status = statuses(case.casebook.rows(JUDGEMENTS))
    claims = (
        replace(claim, status=status.get(claim.id, claim.status))
        for claim in case.casebook.rows(CLAIMS)
    )
    return tuple(claim for claim in claims if claim.status is not Status.REJECTED)


def judgeable(case: Case) -> frozenset[str]:
    """Return the ids of every row that a person may judge."""
    from witnessmark.store.tables import SHELVES

    machine_made = ("extract", "identify", "weigh")
    return frozenset(
        str(row.id)
        for shelf in SHELVES
        if shelf.stage in machine_made
        for row in case.casebook.rows(shelf)
    )
