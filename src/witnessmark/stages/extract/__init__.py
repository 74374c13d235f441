"""Extract: what a text says, in whose words.

Laws:
1. No claim without a quote: it stands, character for character, in the rendition.
2. Every claim is proposed; who says it and how far the words go stand beside it.
3. A source is read once: its current renditions. A copy is read where it is a translation,
   or where its original has no text.
4. What a person judged on an older rendition is looked for in the current one, as proposed.
5. A source in a language that is not read is named, not passed over in silence.
6. A language model is asked only where *llm* says so; what it answered before is read again
   by every run, without asking, so that a run never loses what a model or a person added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.provenance import Audience
from witnessmark.stages.extract.carried import carry_over
from witnessmark.stages.extract.llm import (
    Admitted,
    Asked,
    Asking,
    ask_about,
    documents_of,
    replayed,
)
from witnessmark.stages.extract.reading import EXTRACTOR, read
from witnessmark.stages.extract.selection import to_be_read
from witnessmark.store.current import current_renditions
from witnessmark.store.protected import withheld
from witnessmark.store.tables import (
    CLAIMS,
    ENDORSEMENTS,
    MENTIONS,
    MODEL_CALLS,
    REANCHORED,
    SOURCES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from witnessmark.core.claim import Claim, Mention
    from witnessmark.core.progress import Progress
    from witnessmark.core.rereading import Reanchoring
    from witnessmark.store.case import Case

__all__ = ["EXTRACTOR", "ExtractResult", "read", "run"]

_READ_AS = frozenset({"en", "ko", "zh"})


@dataclass(frozen=True, slots=True)
class ExtractResult:
    """What one run of the stage found.

    Attributes:
        claims: number of claims written.
        mentions: number of mentions written.
        renditions: number of renditions read.
        not_read: source and reason, for each that could not be read in full.
        reanchored: what became of claims that were judged on older renditions.
        asked: what became of the questions to a language model, None where none was asked.
        candidates: number of claims that rest on a language model's answers.
        endorsed: number of claims that a language model states too.
    """

    claims: int
    mentions: int
    renditions: int
    not_read: tuple[tuple[str, str], ...]
    reanchored: tuple[Reanchoring, ...] = ()
    asked: Asked | None = None
    candidates: int = 0
    endorsed: int = 0


def run(
    case: Case, *, llm: Asking | None = None, progress: Progress | None = None
) -> ExtractResult:
    """Read every rendition of *case* and write its claims and mentions.

    Args:
        case: the open case.
        llm: how a language model is asked; None asks none.
        progress: hears of each rendition.

    Raises:
        InputError: the model is on another machine and a source may not go there.
        EvidenceFault: a rendition is not the text that was sealed.
        StorageFault: the casebook cannot be written.
    """
    sources = {source.id: source for source in case.casebook.rows(SOURCES)}
    renditions, set_aside = to_be_read(current_renditions(case), sources)
    claims: dict[str, Claim] = {}
    noted: dict[str, Mention] = {}
    not_read: list[tuple[str, str]] = list(set_aside)
    closed = withheld(case.casebook, Audience.INTERNAL)
    for done, rendition in enumerate(renditions):
        if rendition.source in closed:
            not_read.append((rendition.source, closed[rendition.source]))
            continue
        source = sources.get(rendition.source)
        known = source.lang if source is not None and source.lang in _READ_AS else None
        reading = read(
            case.text(rendition),
            known,
            source=rendition.source,
            rendering=rendition.rendering,
            outlet=source.outlet if source is not None else "",
        )
        claims |= {claim.id: claim for claim in reading.claims}
        noted |= {mention.id: mention for mention in reading.mentions}
        if reading.not_read:
            not_read.append((rendition.source, reading.not_read))
        if progress is not None:
            progress.step("extract", done + 1, len(renditions))
    asked = None if llm is None else ask_about(case, llm, progress=progress)
    answers = _answers(case, claims.values())
    claims = {claim.id: claim for claim in answers.claims} | claims
    carried = carry_over(case, renditions, tuple(claims.values()), closed=closed)
    claims |= {claim.id: claim for claim in carried.claims}
    with case.casebook.writing():
        case.casebook.replace(CLAIMS, claims.values())
        case.casebook.replace(REANCHORED, carried.rows)
        case.casebook.replace(MENTIONS, noted.values())
        case.casebook.replace(MODEL_CALLS, answers.calls)
        case.casebook.replace(ENDORSEMENTS, answers.endorsements)
    return ExtractResult(
        len(claims),
        len(noted),
        len(renditions),
        tuple(not_read),
        carried.rows,
        asked,
        len(answers.claims),
        len({row.claim for row in answers.endorsements}),
    )


def _answers(case: Case, claims: Iterable[Claim]) -> Admitted:
    """Return what the answers of language models that *case* holds amount to beside *claims*."""
    calls = case.casebook.rows(MODEL_CALLS)
    if not calls:
        return Admitted((), (), ())
    said: dict[str, list[Claim]] = {}
    for claim in claims:
        said.setdefault(claim.rendition, []).append(claim)
    return replayed(case, documents_of(case, {call.source for call in calls}), said)
