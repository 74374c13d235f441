"""What stands beside a quote from before: earlier readings, earlier decisions, copies.

Laws:
1. A decision is shown with the reading it was made on; it is never the status of the claim.
2. What was not found again is said, beside the accepted claim that stays.
3. A copy is named with its original, wherever one of them is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.core.judgement import Decision
from witnessmark.core.rereading import Found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.core.source import Source
    from witnessmark.stages.write.material import Material

DECIDED = {Decision.ACCEPT: "accepted", Decision.REJECT: "rejected"}


def earlier_words(claim: Claim, material: Material) -> tuple[str, ...]:
    """Return a line for each earlier claim that *claim* takes up, and for one not found again."""
    last = {row.target: row for row in sorted(material.judgements, key=lambda row: row.number)}
    lines: list[str] = []
    for row in material.reanchored:
        if row.how is Found.NOT_FOUND and row.id == claim.id:
            lines.append(f"on an earlier reading of the source; in the current one: {row.reason}")
        elif row.claim == claim.id and row.id in last and last[row.id].decision in DECIDED:
            decision = last[row.id]
            line = (
                f"takes up {row.id}, {DECIDED[decision.decision]} by {decision.by} on an earlier "
                f"reading, {row.old.rendering} ({decision.why}); not decided on this one"
            )
            if row.how is not Found.WORDS:
                line += f"; {row.reason}; it read \u201c{row.old.quote}\u201d"
            elif row.old.value != claim.value:
                line += "; the words give another value now"
            lines.append(line)
    return tuple(lines)


def copy_words(source: Source, sources: Sequence[Source]) -> str:
    """Return what *source* is a copy of, or which copies of it the case holds."""
    if source.copy_of:
        return (
            f"a {source.copy_kind} copy of {source.copy_of}; counted with it, "
            "no evidence on its own against it"
        )
    copies = [f"{row.id} ({row.copy_kind})" for row in sources if row.copy_of == source.id]
    return ", ".join(copies)
