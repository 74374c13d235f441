"""Judged claims of older renditions, carried over to the current ones as proposals.

Laws:
1. Only what a person has decided, and not taken back, is carried over.
2. A decision stays with the claim it was made about; the new claim is proposed.
3. An accepted claim whose words are not found again stays where it is, on the older
   rendition: its quote is still valid. A rejected one is let go, and that is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.claim import Status
from witnessmark.stages.extract.reanchor import Reading, reanchor
from witnessmark.store.judged import statuses
from witnessmark.store.tables import CLAIMS, JUDGEMENTS, REANCHORED, RENDITIONS

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.core.rereading import Reanchoring
    from witnessmark.core.source import Rendition
    from witnessmark.store.case import Case


@dataclass(frozen=True, slots=True)
class Carried:
    """What was carried over.

    Attributes:
        claims: the proposed claims, and the accepted ones that were not found again.
        rows: what became of each judged claim.
    """

    claims: tuple[Claim, ...]
    rows: tuple[Reanchoring, ...]


def carry_over(
    case: Case, current: Sequence[Rendition], fresh: Sequence[Claim], *, closed: Container[str]
) -> Carried:
    """Return what becomes of the judged claims that stand on older renditions.

    Args:
        case: the open case, with the claims of the run before.
        current: the renditions that were read now.
        fresh: the claims that they gave.
        closed: ids of the sources that nothing may rest on: their claims go.
    """
    book = case.casebook
    status = statuses(book.rows(JUDGEMENTS))
    judged = {key: value for key, value in status.items() if value is not Status.PROPOSED}
    known = {row.id: row for row in book.rows(RENDITIONS)}
    here = {row.id for row in current}
    olds = {row.old.id: row.old for row in book.rows(REANCHORED)}
    olds |= {claim.id: claim for claim in book.rows(CLAIMS)}
    olds = {
        key: claim
        for key, claim in olds.items()
        if key in judged
        and claim.source not in closed
        and claim.rendition in known
        and claim.rendition not in here
    }
    texts: dict[str, Reading] = {}

    def reading(row: Rendition) -> Reading:
        if row.id not in texts:
            texts[row.id] = Reading(row, case.text(row))
        return texts[row.id]

    claims: dict[str, Claim] = {}
    rows: list[Reanchoring] = []
    for key in sorted(olds, key=lambda name: (olds[name].source, olds[name].start, name)):
        old = olds[key]
        now = [reading(row) for row in current if row.source == old.source]
        claim, row = reanchor(old, reading(known[old.rendition]), now, fresh)
        rows.append(row)
        if claim is not None:
            claims[claim.id] = claim
        elif judged[key] is Status.ACCEPTED:
            claims[old.id] = old
    return Carried(tuple(claims.values()), tuple(rows))
