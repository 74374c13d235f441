"""The identify stage: who, where and what is meant, as proposals a person can undo.

Laws:
1. Readings carry reasons; rejected readings are kept, with what speaks against them.
2. Duplicates are proposed, never merged.
3. A coordinate comes from the gazetteer or is null.
4. The photographed site has a country at most; nothing joins it with a named site.
5. Speakers, people held and unknown persons are protected: never matched or proposed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.stages.identify.actors import read_actors
from witnessmark.stages.identify.document import Document
from witnessmark.stages.identify.goods import read_products
from witnessmark.stages.identify.merges import propose_merges
from witnessmark.stages.identify.names import NameComparison, compare_names
from witnessmark.stages.identify.places import find_place, is_ambiguous
from witnessmark.stages.identify.readings import read_places
from witnessmark.stages.identify.romanise import System, romanise_address
from witnessmark.stages.identify.sources import SourceForm, source_forms
from witnessmark.stages.identify.spellings import SYSTEMS, Romanised, listed_as, romanisations
from witnessmark.store.judged import standing_claims
from witnessmark.store.tables import ACTORS, MENTIONS, MERGES, PLACES, PRODUCTS, RENDITIONS

if TYPE_CHECKING:
    from witnessmark.core.actor import Actor, PlaceReading
    from witnessmark.core.claim import Claim, Mention
    from witnessmark.core.progress import Progress
    from witnessmark.store.case import Case

__all__ = [
    "SYSTEMS",
    "IdentifyResult",
    "NameComparison",
    "Romanised",
    "SourceForm",
    "System",
    "compare_names",
    "find_place",
    "is_ambiguous",
    "listed_as",
    "romanisations",
    "romanise_address",
    "run",
    "source_forms",
]


@dataclass(frozen=True, slots=True)
class IdentifyResult:
    """What a run wrote.

    Attributes:
        places: readings of place names.
        ambiguous: those that stay ambiguous.
        unknown: those that the gazetteer does not know.
        actors: sites, organisations, groups, speakers.
        products: goods.
        merges: proposals to join two actors.
    """

    places: int
    ambiguous: int
    unknown: int
    actors: int
    products: int
    merges: int


def run(case: Case, *, progress: Progress | None = None) -> IdentifyResult:
    """Identify what the standing claims and mentions of *case* speak of, and write it.

    Args:
        case: an open case; claims and mentions are read, the stage's own tables replaced.
        progress: hears of each document.

    Raises:
        EvidenceFault: a rendition is not the text that was sealed.
        StorageFault: the rows cannot be written.
    """
    documents = _documents(case)
    readings: list[PlaceReading] = []
    actors: list[Actor] = []
    for number, document in enumerate(documents):
        here = read_places(document)
        readings += here
        actors += read_actors(document, here)
        if progress is not None:
            progress.step("identifying", number + 1, len(documents))
    places = tuple({reading.id: reading for reading in readings}.values())
    people = tuple({actor.id: actor for actor in actors}.values())
    products = read_products(documents)
    merges = propose_merges(people, places)
    with case.casebook.writing():
        case.casebook.replace(PLACES, places)
        case.casebook.replace(ACTORS, people)
        case.casebook.replace(PRODUCTS, products)
        case.casebook.replace(MERGES, merges)
    return IdentifyResult(
        places=len(places),
        ambiguous=sum(reading.ambiguous for reading in places),
        unknown=sum(reading.chosen is None and not reading.ambiguous for reading in places),
        actors=len(people),
        products=len(products),
        merges=len(merges),
    )


def _documents(case: Case) -> tuple[Document, ...]:
    """Return a document per rendition that has claims or mentions, in the order of capture."""
    mentions: dict[str, list[Mention]] = defaultdict(list)
    claims: dict[str, list[Claim]] = defaultdict(list)
    for mention in case.casebook.rows(MENTIONS):
        mentions[mention.rendition].append(mention)
    for claim in standing_claims(case):
        claims[claim.rendition].append(claim)
    return tuple(
        Document(
            source=rendition.source,
            rendition=rendition.id,
            text=case.text(rendition),
            mentions=tuple(sorted(mentions[rendition.id], key=lambda m: (m.start, m.end))),
            claims=tuple(sorted(claims[rendition.id], key=lambda c: (c.start, c.end, c.id))),
        )
        for rendition in case.casebook.rows(RENDITIONS)
        if mentions.get(rendition.id) or claims.get(rendition.id)
    )
