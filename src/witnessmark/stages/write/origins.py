"""Independent origins, as weigh found them: an echo counts once.

Laws:
1. This stage decides nothing about independence: labels, sources, claims and reasons
   are the rows that weigh wrote.
2. An origin of which no claim stands any more is not counted.
3. Where weigh has not run, the page says "not weighed" and counts nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.core.origin import Origin
    from witnessmark.core.source import Source

NOT_WEIGHED = "not weighed"


def standing_origins(origins: Iterable[Origin], claims: Iterable[Claim]) -> tuple[Origin, ...]:
    """Return the origins of which a claim stands, in weigh's order."""
    standing = {claim.id for claim in claims}
    return tuple(row for row in origins if standing.intersection(row.claims))


def origins_behind(claims: Iterable[str], origins: Iterable[Origin]) -> frozenset[str]:
    """Return the labels of the origins that the claims with these ids go back to."""
    wanted = frozenset(claims)
    return frozenset(row.label for row in origins if wanted.intersection(row.claims))


def source_labels(origins: Sequence[Origin], sources: Iterable[Source]) -> dict[str, str]:
    """Return for each source the labels of its origins (``A``), empty where it has none."""
    return {
        source.id: ", ".join(row.label for row in origins if source.id in row.sources)
        for source in sources
    }


def count_words(origins: Sequence[Origin]) -> str:
    """Return how many independent origins there are (``1 independent origin``)."""
    if not origins:
        return f"independent origins: {NOT_WEIGHED}"
    return f"{len(origins)} independent origin{'' if len(origins) == 1 else 's'}"
