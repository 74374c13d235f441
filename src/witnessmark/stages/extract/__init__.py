"""Extract: what a text says, in whose words.

Laws:
1. No claim without a quote: it stands, character for character, in the rendition.
2. Every claim is proposed; who says it and how far the words go stand beside it.
3. A source in a language that is not read is named, not passed over in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.stages.extract.reading import EXTRACTOR, read
from witnessmark.store.tables import CLAIMS, MENTIONS, RENDITIONS, SOURCES

if TYPE_CHECKING:
    from witnessmark.core.claim import Claim, Mention
    from witnessmark.core.progress import Progress
    from witnessmark.store.case import Case

__all__ = ["EXTRACTOR", "ExtractResult", "read", "run"]

_READ_AS = frozenset({"en", "ko"})


@dataclass(frozen=True, slots=True)
class ExtractResult:
    """What one run of the stage found.

    Attributes:
        claims: number of claims written.
        mentions: number of mentions written.
        renditions: number of renditions read.
        not_read: source and reason, for each that could not be read in full.
    """

    claims: int
    mentions: int
    renditions: int
    not_read: tuple[tuple[str, str], ...]


def run(case: Case, *, progress: Progress | None = None) -> ExtractResult:
    """Read every rendition of *case* and write its claims and mentions.

    Raises:
        EvidenceFault: a rendition is not the text that was sealed.
        StorageFault: the casebook cannot be written.
    """
    sources = {source.id: source for source in case.casebook.rows(SOURCES)}
    renditions = case.casebook.rows(RENDITIONS)
    claims: dict[str, Claim] = {}
    noted: dict[str, Mention] = {}
    not_read: list[tuple[str, str]] = []
    for done, rendition in enumerate(renditions):
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
    with case.casebook.writing():
        case.casebook.replace(CLAIMS, claims.values())
        case.casebook.replace(MENTIONS, noted.values())
    return ExtractResult(len(claims), len(noted), len(renditions), tuple(not_read))
