"""Whose paper a text is: who speaks in it where no one is named.

Laws:
1. A text is its author's unless its heading, its opening or its sentences throughout show
   whose paper it is: a witness's own account, a court's findings, an inspector's note, a
   complaint, an audit, a survey.
2. Outside direct speech only: what is quoted in a news report makes it no testimony.
3. In a witness's own account all is told by the witness, also what others "said".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from witnessmark.core.claim import Attribution
from witnessmark.stages.extract.bounded import Stops, find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from witnessmark.stages.extract.rulefile import Pattern

OPENING = 3
"""Sentences, the heading among them, that tell what a paper is."""

FEWEST = 4
"""Sentences below which a text is too short to be told by its sentences throughout."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper and who speaks in it.

    Attributes:
        id: name of the rule.
        attribution: who speaks in it.
        opening: words of its heading or opening.
        body: words that stand in its sentences throughout.
        times: sentences that must hold `body`.
        share: the share of its sentences that must hold it.
        both: whether `opening` and `body` are both needed; else one is enough.
        unless: words of a heading or opening that speak against it.
        alone: whether nobody else speaks in it.
        own: whether it states in its own voice rather than reports what it was told.
    """

    id: str
    attribution: Attribution
    opening: Pattern
    body: Pattern
    times: int
    share: float
    both: bool
    unless: Pattern
    alone: bool
    own: bool


def papers_of(
    rows: Iterable[Mapping[str, Any]], pattern: Callable[[str], Pattern]
) -> tuple[Paper, ...]:
    """Return the kinds of paper that the *rows* of a rule file describe."""
    never = "(?!)"
    return tuple(
        Paper(
            row["id"],
            Attribution(row["attribution"]),
            pattern(row.get("opening", never)),
            pattern(row.get("body", never)),
            int(row.get("times", 2)),
            float(row.get("share", 0.0)),
            bool(row.get("both", False)),
            pattern(row.get("unless", never)),
            bool(row.get("alone", False)),
            bool(row.get("own", False)),
        )
        for row in rows
    )


def whose(sentences: Sequence[str], papers: Sequence[Paper], stops: Stops) -> Paper | None:
    """Return what kind of paper the *sentences* are, their direct speech blanked."""
    head = sentences[:OPENING]
    for paper in papers:
        if any(find(paper.unless, sentence, stops, paper.id) for sentence in head):
            continue
        opened = any(find(paper.opening, sentence, stops, paper.id) for sentence in head)
        if opened and not paper.both:
            return paper
        if (opened or not paper.both) and _throughout(sentences, paper, stops):
            return paper
    return None


def _throughout(sentences: Sequence[str], paper: Paper, stops: Stops) -> bool:
    if len(sentences) < FEWEST:
        return False
    least = max(paper.times, int(paper.share * len(sentences)))
    seen = 0
    for sentence in sentences:
        seen += find(paper.body, sentence, stops, paper.id) is not None
        if seen >= least:
            return True
    return False
