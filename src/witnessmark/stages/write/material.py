"""What the write stage reads from a case, once, as values.

Laws:
1. Everything after this module is pure: it sees values, never the case.
2. Rejected claims are gone, and with them all that rests on them alone; what rests
   on one of them in part is marked as out of date.
3. Times, nonces, commitments and object names are not read: the pages must be the
   same bytes for the same case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.claim import Status
from witnessmark.core.source import Standing
from witnessmark.stages.write.exhibits import grounded
from witnessmark.stages.write.highlight import Sheet, by_page
from witnessmark.stages.write.origins import standing_origins
from witnessmark.stages.write.pictures import data_address, is_shown
from witnessmark.stages.write.showing import page_bytes
from witnessmark.stages.write.testimony import readable, veiled
from witnessmark.store import tables
from witnessmark.store.current import current_renditions
from witnessmark.store.judged import standing_claims, statuses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.actor import Actor, PlaceReading, ProductReading
    from witnessmark.core.claim import Claim, Mention
    from witnessmark.core.finding import IndicatorFinding, LawCell
    from witnessmark.core.interval import Interval
    from witnessmark.core.judgement import Judgement
    from witnessmark.core.origin import Origin
    from witnessmark.core.rereading import Reanchoring
    from witnessmark.core.route import CompanyReached, Gap, Route, TraceRun
    from witnessmark.core.source import CustodyEntry, Rendition, Source
    from witnessmark.store.case import Case

MOST_SHEETS = 120
"""Pages whose images are read for a dossier; its own bound on bytes is reached before."""


@dataclass(frozen=True, slots=True)
class Material:
    """The rows of a case, and the texts of its renditions.

    Attributes:
        sources: in order of capture.
        renditions: in order of capture.
        texts: text of each rendition, by id.
        custody: entries of the log, in order.
        claims: standing and grounded.
        ungrounded: how many standing claims were left out for want of their quote.
        rejected: ids of the claims that a person rejected.
        reviewed: how many of the standing claims a person accepted.
        mentions: in order.
        places: standing place readings.
        actors: standing actors.
        products: standing product readings.
        intervals: measured figures.
        runs: runs of the trace.
        routes: routes with their hops.
        gaps: missing hops.
        companies: companies reached.
        origins: independent origins of which a claim stands.
        indicators: indicator findings.
        law: law cells.
        pictures: the images that are shown, by source, as addresses that hold them.
        reanchored: what became of claims that were judged on older renditions.
        judgements: people's decisions, in order.
        older: ids of the renditions that a later reading of their source has followed.
        sheets: page images of the pages with quotes, by source and page.
    """

    sources: tuple[Source, ...]
    renditions: tuple[Rendition, ...]
    texts: dict[str, str]
    custody: tuple[CustodyEntry, ...]
    claims: tuple[Claim, ...]
    ungrounded: int
    rejected: frozenset[str]
    reviewed: int
    mentions: tuple[Mention, ...]
    places: tuple[PlaceReading, ...]
    actors: tuple[Actor, ...]
    products: tuple[ProductReading, ...]
    intervals: tuple[Interval, ...]
    runs: tuple[TraceRun, ...]
    routes: tuple[Route, ...]
    gaps: tuple[Gap, ...]
    companies: tuple[CompanyReached, ...]
    origins: tuple[Origin, ...]
    indicators: tuple[IndicatorFinding, ...]
    law: tuple[LawCell, ...]
    pictures: dict[str, str]
    reanchored: tuple[Reanchoring, ...]
    judgements: tuple[Judgement, ...]
    older: frozenset[str]
    sheets: dict[tuple[str, int], Sheet]

    def source(self, key: str) -> Source:
        """Return the source with id *key*."""
        return next(row for row in self.sources if row.id == key)

    @property
    def standings(self) -> tuple[Standing, ...]:
        """Return which standings other than evidence occur, sources and shipment files."""
        found = {row.standing for row in self.sources}
        if any(run.standing == Standing.INVENTED.value for run in self.runs):
            found.add(Standing.INVENTED)
        return tuple(s for s in (Standing.PARAPHRASE, Standing.INVENTED) if s in found)


def read_material(case: Case) -> Material:
    """Return the rows of *case* with people's judgements applied.

    Raises:
        EvidenceFault: a rendition or the casebook is not what was written.
    """
    book = case.casebook
    sources = readable(case, book.rows(tables.SOURCES))
    read = {row.id for row in sources}
    renditions = tuple(row for row in book.rows(tables.RENDITIONS) if row.source in read)
    texts = {row.id: case.text(row) for row in renditions}
    standing = standing_claims(case)
    held = grounded(standing, texts)
    judged = statuses(book.rows(tables.JUDGEMENTS))
    gone = {key for key, status in judged.items() if status is Status.REJECTED}
    known = {claim.id for claim in book.rows(tables.CLAIMS)}
    material = Material(
        sources=sources,
        renditions=renditions,
        texts=texts,
        custody=book.rows(tables.CUSTODY),
        claims=held,
        ungrounded=len(standing) - len(held),
        rejected=frozenset(known - {claim.id for claim in held}),
        reviewed=sum(claim.status is Status.ACCEPTED for claim in held),
        mentions=book.rows(tables.MENTIONS),
        places=tuple(row for row in book.rows(tables.PLACES) if row.id not in gone),
        actors=tuple(row for row in book.rows(tables.ACTORS) if row.id not in gone),
        products=tuple(row for row in book.rows(tables.PRODUCTS) if row.id not in gone),
        intervals=book.rows(tables.INTERVALS),
        runs=book.rows(tables.TRACE_RUNS),
        routes=book.rows(tables.ROUTES),
        gaps=book.rows(tables.GAPS),
        companies=book.rows(tables.COMPANIES),
        origins=standing_origins(book.rows(tables.ORIGINS), held),
        indicators=tuple(row for row in book.rows(tables.INDICATORS) if row.id not in gone),
        law=tuple(row for row in book.rows(tables.LAW) if row.id not in gone),
        pictures={
            row.id: data_address(row, case.original(row)) for row in sources if is_shown(row)
        },
        reanchored=tuple(row for row in book.rows(tables.REANCHORED) if row.source in read),
        judgements=book.rows(tables.JUDGEMENTS),
        older=frozenset(texts) - {row.id for row in current_renditions(case)},
        sheets=_sheets(case, held, renditions),
    )
    return veiled(case, material)


def _sheets(
    case: Case, claims: Sequence[Claim], renditions: Sequence[Rendition]
) -> dict[tuple[str, int], Sheet]:
    """Return the page images of the pages on which *claims* are quoted, testimony left out."""
    book = case.casebook
    spoken = {row.id for row in book.rows(tables.SOURCES) if row.testimony}
    held = {(row.source, row.page): row for row in book.rows(tables.PAGES)}
    made = {row.id: row for row in renditions}
    wanted = dict.fromkeys(
        (claim.source, page)
        for claim in claims
        if claim.source not in spoken and held
        for page in by_page(made[claim.rendition], claim.span)
    )
    return {
        key: Sheet(held[key], page_bytes(case, held[key]))
        for key in [key for key in wanted if key in held][:MOST_SHEETS]
    }
