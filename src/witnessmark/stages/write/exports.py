"""Exports: claims as CSV, places as GeoJSON.

Laws:
1. Every export says for whom it is, and what in it is paraphrase or invented.
2. A cell that a spreadsheet would run as a formula gets an apostrophe before it, and
   the row says in which columns (``_escaped``); the quote itself is found by its offsets.
3. A photographed facility has no feature: its country is named, nothing narrower, in
   a list of its own.
4. Where no source gives a coordinate the geometry is null.
"""

from __future__ import annotations

import csv
import io
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from witnessmark.core.canonical import canonical_json
from witnessmark.core.errors import InputError
from witnessmark.core.provenance import INTERNAL_HANDLING, INVENTED, PARAPHRASE
from witnessmark.core.source import Standing
from witnessmark.stages.write.audience import refuse_unbuilt
from witnessmark.stages.write.material import Material, read_material
from witnessmark.stages.write.origins import NOT_WEIGHED, origins_behind
from witnessmark.stages.write.paper import refuse_inside, write_whole
from witnessmark.stages.write.phrasebook import Phrasebook, phrasebook
from witnessmark.stages.write.sites import photographed, sites_of
from witnessmark.stages.write.voices import shown_speaker

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from witnessmark.core.claim import Claim
    from witnessmark.core.provenance import Audience
    from witnessmark.stages.write.sites import Site
    from witnessmark.store.case import Case

MARKS = {Standing.EVIDENCE: "", Standing.PARAPHRASE: PARAPHRASE, Standing.INVENTED: INVENTED}
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS: tuple[str, ...] = (
    "id",
    "source",
    "source_name",
    "predicate",
    "value",
    "subject",
    "quote",
    "start",
    "end",
    "rendition",
    "rendering",
    "attribution",
    "speaker",
    "modality",
    "tier",
    "status",
    "grade",
    "origin",
    "lang",
    "frame",
    "extractor",
    "rule",
    "_standing",
    "_escaped",
    "_as_of",
    "_handling",
)


class ExportFormat(StrEnum):
    """The formats of ``interface.md``; :data:`BUILT` lists those that exist."""

    CSV = "csv"
    GEOJSON = "geojson"
    FTM = "ftm"
    FTM_STATEMENTS = "ftm-statements"
    OSH = "osh"
    BAGIT = "bagit"
    PROV = "prov"
    BIBTEX = "bibtex"


BUILT = (ExportFormat.CSV, ExportFormat.GEOJSON)


def refuse_unknown_format(name: str) -> None:
    """Refuse a format that is not built, or not known at all.

    Raises:
        InputError: with the formats that can be made.
    """
    if name in BUILT:
        return
    to_do = f"use {' or '.join(BUILT)}"
    if name in tuple(ExportFormat):
        raise InputError(f'format "{name}"', where="export", to_do=f"not built yet; {to_do}")
    raise InputError(f'there is no format "{name}"', where="export", to_do=to_do)


def export(
    case: Case,
    format: ExportFormat | str,  # noqa: A002 - the option's name
    audience: Audience,
    out: Path,
    *,
    as_of: date | None = None,
) -> Path:
    """Write one export of *case* to the file *out* and return its path.

    Args:
        case: an open case.
        format: ``csv`` or ``geojson``.
        audience: only ``internal`` can be made.
        out: the file, outside the case.
        as_of: the date that the export bears, none if None.

    Raises:
        RefusedAudience: the audience is not ``internal``; nothing was read or written.
        InputError: the format is unknown or not built yet, or *out* lies in the case.
        EvidenceFault: a rendition is not the text that was sealed.
        StorageFault: the file could not be written.
    """
    refuse_unbuilt(audience)
    refuse_unknown_format(str(format))
    refuse_inside(case.path, out)
    if out.is_dir():
        raise InputError("the output is a folder", where=str(out), to_do="name a file with --out")
    material = read_material(case)
    text = (
        csv_text(material, phrasebook(), as_of)
        if format == ExportFormat.CSV
        else geojson_text(material, as_of)
    )
    write_whole(out, text.encode())
    return out


def csv_text(material: Material, book: Phrasebook, as_of: date | None) -> str:
    """Return the standing claims as CSV (RFC 4180, UTF-8, one claim a row)."""
    sources = {row.id: row for row in material.sources}
    page = io.StringIO()
    writer = csv.DictWriter(page, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for claim in material.claims:
        source = sources[claim.source]
        row = _row(claim, book)
        row |= {
            "source_name": source.name,
            "grade": "not graded",
            "origin": ", ".join(sorted(origins_behind((claim.id,), material.origins)))
            if material.origins
            else NOT_WEIGHED,
            "_standing": MARKS[source.standing],
            "_as_of": as_of.isoformat() if as_of else "",
            "_handling": INTERNAL_HANDLING,
        }
        touched = [name for name, cell in row.items() if cell.startswith(FORMULA_SIGNS)]
        row |= {name: f"'{row[name]}" for name in touched}
        row["_escaped"] = " ".join(touched)
        writer.writerow(row)
    return page.getvalue()


def _row(claim: Claim, book: Phrasebook) -> dict[str, str]:
    value = claim.value if isinstance(claim.value, str) else canonical_json(claim.value)
    return {
        "id": claim.id,
        "source": claim.source,
        "predicate": claim.predicate.value,
        "value": value,
        "subject": claim.subject,
        "quote": claim.quote,
        "start": str(claim.start),
        "end": str(claim.end),
        "rendition": claim.rendition,
        "rendering": claim.rendering.value,
        "attribution": claim.attribution.value,
        "speaker": shown_speaker(claim, book),
        "modality": claim.modality.value,
        "tier": claim.tier.value,
        "status": claim.status.value,
        "lang": claim.lang,
        "frame": claim.frame,
        "extractor": claim.extractor,
        "rule": claim.rule,
    }


def geojson_text(material: Material, as_of: date | None) -> str:
    """Return the places that standing claims name as GeoJSON (RFC 7946)."""
    standing = {claim.id: claim for claim in material.claims}
    marks = {row.id: MARKS[row.standing] for row in material.sources}
    collection = {
        "type": "FeatureCollection",
        "_handling": INTERNAL_HANDLING,
        "_as_of": as_of.isoformat() if as_of else None,
        "_standing": [MARKS[standing] for standing in material.standings],
        "_not_on_the_map": [
            {
                "what": "photographed facility",
                "where": "its country as stated, nothing narrower",
                "claims": [claim.id for claim in photographed(material)],
            }
        ]
        if photographed(material)
        else [],
        "features": [
            _feature(site, sorted({marks[standing[key].source] for key in site.claims} - {""}))
            for site in sites_of(material)
        ],
    }
    return json.dumps(collection, ensure_ascii=False, indent=1) + "\n"


def _feature(site: Site, marks: list[str]) -> dict[str, Any]:
    reading = site.reading
    chosen = reading.chosen
    geometry = None
    if site.drawable and chosen is not None:
        geometry = {"type": "Point", "coordinates": [chosen.lon, chosen.lat]}
    return {
        "type": "Feature",
        "id": reading.id,
        "geometry": geometry,
        "properties": {
            "printed": reading.surface,
            "name": chosen.name if chosen else None,
            "native": chosen.native if chosen else None,
            "kind": chosen.kind if chosen else None,
            "within": chosen.within if chosen else None,
            "country": chosen.country if chosen else None,
            "precision_km": chosen.precision_km if chosen else None,
            "gazetteer": chosen.gazetteer if chosen else None,
            "reasons": list(reading.reasons),
            "rejected": [
                {
                    "name": row.name,
                    "native": row.native,
                    "country": row.country,
                    "reasons": list(row.reasons),
                }
                for row in reading.rejected
            ],
            "ambiguous": reading.ambiguous,
            "status": reading.status.value,
            "claims": list(site.claims),
            "_standing": marks,
        },
    }
