"""Rows of the gazetteer while they are built, and what every builder of rows needs.

Laws:
1. A coordinate is taken only where all fitting towns of GeoNames stand on one spot.
2. Slugs and words without marks are made as the program makes its keys.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path

from witnessmark.stages.identify.keys import plain

ROOT = Path(__file__).resolve().parent.parent
GAZETTEER = ROOT / "src" / "witnessmark" / "rules" / "gazetteer"
COLUMNS = (
    "id",
    "country",
    "kind",
    "latin",
    "native",
    "hanja",
    "variants",
    "within",
    "lat",
    "lon",
    "precision_km",
    "coordinate_code",
    "source",
    "also_within",
)
TOWN_PRECISION_KM = "15"
"""A county is placed by its seat: counties here are roughly 20-40 km across (K)."""

LATIN_ONLY_PRECISION_KM = "25"
"""A Chinese town matched by its Latin name and province only, where GeoNames has no signs."""


@dataclass(slots=True)
class Place:
    """One row to be."""

    id: str
    country: str
    kind: str
    latin: str
    native: str
    hanja: str = ""
    variants: list[str] = field(default_factory=list)
    within: str = ""
    lat: str = ""
    lon: str = ""
    precision_km: str = ""
    coordinate_code: str = ""
    source: str = ""
    also_within: str = ""


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def read_list(name: str) -> list[dict[str, str]]:
    """Return the rows of our own list *name*."""
    return read_rows(GAZETTEER / "lists" / f"{name}.csv")


def slug(text: str) -> str:
    """Return *text* as a part of an id."""
    kept = [c if c.isascii() and c.isalnum() else " " for c in plain_words(text)]
    return "-".join("".join(kept).split())


def plain_words(text: str) -> str:
    """Return *text* in lower case without marks, words kept apart."""
    return " ".join(plain(word) for word in text.replace("-", " ").split())


def read_towns(path: Path) -> list[dict[str, object]]:
    """Return the towns of a GeoNames file."""
    loaded: list[dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def strings(value: object) -> set[str]:
    """Return the members of a JSON list as text."""
    return {str(each) for each in value} if isinstance(value, list) else set()


def take_town(place: Place, towns: list[dict[str, object]]) -> None:
    """Give *place* the coordinate of *towns* if they stand on one spot."""
    spots = {(str(t["latitude"]), str(t["longitude"])) for t in towns}
    if len(spots) == 1:
        place.lat, place.lon = spots.pop()
        place.precision_km, place.coordinate_code = TOWN_PRECISION_KM, "S"
        numbers = sorted(str(t["geonameid"]) for t in towns)
        place.source += f"; GeoNames {numbers[0]}"
