"""The data block of the dossier: claims and sources as JSON inside the page.

Laws:
1. Nothing in the data can end the block or begin markup: ``<``, ``>`` and ``&`` are
   written as escapes, so ``</script`` and ``<!--`` cannot occur.
2. What it holds is what the page shows: standing, grounded claims.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from witnessmark.core.canonical import canonical_json
from witnessmark.core.provenance import INTERNAL_HANDLING
from witnessmark.stages.write.voices import shown_speaker

if TYPE_CHECKING:
    from datetime import date

    from witnessmark.stages.write.material import Material
    from witnessmark.stages.write.phrasebook import Phrasebook

ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def data_block(material: Material, book: Phrasebook, origins: dict[str, str], as_of: date) -> str:
    """Return the JSON text of the block, safe inside a ``script`` element."""
    block: dict[str, Any] = {
        "handling": INTERNAL_HANDLING,
        "as_of": as_of.isoformat(),
        "standing": [standing.value for standing in material.standings],
        "claims": [
            {
                "id": claim.id,
                "source": claim.source,
                "rendition": claim.rendition,
                "rendering": claim.rendering.value,
                "start": claim.start,
                "end": claim.end,
                "quote": claim.quote,
                "status": claim.status.value,
                "speaker": shown_speaker(claim, book),
                "predicate": claim.predicate.value,
                "value": claim.value,
                "subject": claim.subject,
                "attribution": claim.attribution.value,
                "modality": claim.modality.value,
                "tier": claim.tier.value,
                "lang": claim.lang,
                "frame": claim.frame,
            }
            for claim in material.claims
        ],
        "sources": [
            {
                "id": row.id,
                "name": row.name,
                "sha256": row.sha256,
                "lang": row.lang,
                "outlet": row.outlet,
                "published": row.published,
                "standing": row.standing.value,
                "copy_of": row.copy_of,
                "copy_kind": row.copy_kind.value if row.copy_kind else "",
                "origin": origins.get(row.id, ""),
                "renditions": [r.id for r in material.renditions if r.source == row.id],
            }
            for row in material.sources
        ],
        "origins": [
            {"label": row.label, "sources": list(row.sources), "why": list(row.why)}
            for row in material.origins
        ],
        "records": [
            {
                "shipment_id": hop.shipment_id,
                "record": hop.record,
                "route": route.id,
                "shipped": hop.shipped,
                "arrived": hop.arrived,
            }
            for route in material.routes
            for hop in route.hops
        ],
    }
    text = canonical_json(block)
    for sign, escape in ESCAPES.items():
        text = text.replace(sign, escape)
    return text
