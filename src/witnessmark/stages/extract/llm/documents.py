"""Which texts a model is asked about, and which of them may leave this machine.

Laws:
1. What the rules read: current renditions, a copy only where it says something else. What
   consent does not allow is not read by anybody.
2. A source that has to stay here stops a run that would send it, before anything is sent.
   It is left out only where the person names the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from witnessmark.core.errors import InputError
from witnessmark.core.provenance import Audience
from witnessmark.stages.extract.llm.asking import Asked, Asking, ask
from witnessmark.stages.extract.llm.endpoint import SEND, stay_here
from witnessmark.stages.extract.llm.ground import Document, pieces, spoken
from witnessmark.stages.extract.llm.keeping import keep, known_calls
from witnessmark.stages.extract.selection import to_be_read
from witnessmark.store.current import current_renditions
from witnessmark.store.protected import protected_names, withheld
from witnessmark.store.tables import SOURCES

if TYPE_CHECKING:
    from collections.abc import Container

    from witnessmark.core.progress import Progress
    from witnessmark.core.source import Source
    from witnessmark.store.case import Case

READ_AS = frozenset({"en", "ko", "zh"})
"""Languages of a source that are taken as given; others are found out from the text."""


@dataclass(frozen=True, slots=True)
class Departure:
    """What would be sent to a model.

    Attributes:
        sources: the sources, in order.
        paragraphs: how many paragraphs of them.
        kept: sources that may not go to another machine, each with the reason.
    """

    sources: tuple[Source, ...]
    paragraphs: int
    kept: dict[str, str]


def documents_of(case: Case, only: Container[str] | None = None) -> tuple[Document, ...]:
    """Return the texts of *case* that are read, of the sources *only* if given."""
    sources = {source.id: source for source in case.casebook.rows(SOURCES)}
    renditions, _ = to_be_read(current_renditions(case), sources)
    closed = withheld(case.casebook, Audience.INTERNAL)
    return tuple(
        Document(
            row.source,
            row.id,
            row.rendering,
            case.text(row),
            source.lang if source and source.lang in READ_AS else None,
            source.outlet if source else "",
        )
        for row in renditions
        if row.source not in closed and (only is None or row.source in only)
        for source in (sources.get(row.source),)
    )


def departure(case: Case, only: frozenset[str] | None) -> Departure:
    """Return what would be sent of *case*; nothing is sent.

    Raises:
        InputError: *only* names a source that the case does not hold.
    """
    sources = {source.id: source for source in case.casebook.rows(SOURCES)}
    unknown = sorted((only or frozenset()) - set(sources))
    if unknown:
        raise InputError(
            f"there is no {unknown[0]}", where="--source", to_do="name sources that the case holds"
        )
    going = [one for one in documents_of(case, only) if spoken(one) is not None]
    ids = {one.source for one in going}
    return Departure(
        tuple(source for key, source in sources.items() if key in ids),
        sum(
            not piece.addressed
            for one in going
            for tongue in (spoken(one),)
            if tongue is not None
            for piece in pieces(one, tongue)
        ),
        stay_here(
            sources, [(one.source, one.text) for one in going], protected_names(case.casebook)
        ),
    )


def refuse_kept(kept: dict[str, str]) -> None:
    """Refuse to send anything while a source that has to stay here is among what would go.

    Raises:
        InputError: one is; there is no override.
    """
    if kept:
        raise InputError(
            "nothing was sent: "
            + "; ".join(f"{key} stays on this machine: {why}" for key, why in kept.items()),
            where=SEND,
            to_do="use a model on this machine, or name the other sources with --source",
        )


def ask_about(case: Case, asking: Asking, *, progress: Progress | None = None) -> Asked:
    """Ask about every paragraph of *case* that has no answer yet, and keep the answers.

    Raises:
        InputError: the model is on another machine and a source may not go there.
        StorageFault: an answer cannot be kept; those before it are.
    """
    if not asking.endpoint.here:
        refuse_kept(departure(case, asking.only).kept)
    return ask(
        case,
        documents_of(case, asking.only),
        asking,
        known_calls(case),
        partial(keep, case),
        progress=progress,
    )
