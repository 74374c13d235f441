"""The gazetteer in memory: its rows, what lies in what, and the keys that lead to them.

Laws:
1. Rows come from the rule file alone; nothing is added or guessed at run time.
2. Every key that leads to a row says how it was made, so that a reader can be told.
3. Only Korean names have loose keys: the equivalences are those of Korean sounds.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from witnessmark.stages.identify.hangul import has_hangul, southern
from witnessmark.stages.identify.keys import (
    equivalent,
    nasal_blurred,
    plain,
    southern_head,
)
from witnessmark.stages.identify.romanise import System, romanise
from witnessmark.store.rulebook import load_rules, rule_bytes

SCHEMA = "witnessmark/gazetteer/1"
KOREAN = frozenset({"KP", "KR"})
KOREAN_UNITS = ("구역", "지구", "군", "시", "구", "도")

SYSTEM_NAMES = {
    System.MCCUNE_REISCHAUER: "McCune-Reischauer",
    System.DPRK: "the DPRK's romanisation",
    System.REVISED: "the Revised Romanisation",
    System.DPRK_2012: "the DPRK's romanisation of 2012",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the gazetteer.

    Attributes:
        id: dotted path (``kp.north-pyongan.ryongchon-gun``).
        country: ISO 3166-1 alpha-2.
        kind: country, province, prefecture, city, county, district, town.
        latin: name as outputs print it.
        native: name in its own script, with its unit.
        variants: other spellings.
        within: ids of the units that hold it, the present one first.
        lat: degrees north, or None.
        lon: degrees east, or None.
        precision_km: radius, or None.
        coordinate_code: S, K or empty.
        source: where the row and its coordinate come from.
    """

    id: str
    country: str
    kind: str
    latin: str
    native: str
    variants: tuple[str, ...]
    within: tuple[str, ...]
    lat: float | None
    lon: float | None
    precision_km: float | None
    coordinate_code: str
    source: str

    @property
    def stem(self) -> str:
        """Return the Hangul name without its unit, empty where there is none."""
        if not has_hangul(self.native) or self.country not in KOREAN:
            return ""
        for unit in KOREAN_UNITS:
            if self.native.endswith(unit) and len(self.native) > len(unit):
                return self.native[: -len(unit)]
        return self.native


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a key leads to a place.

    Attributes:
        place: the row.
        written: the spelling the key was made from.
        system: name of the romanisation, ``listed`` where the list gives the spelling.
        southern: whether it is the southern spelling of a northern initial.
    """

    place: Place
    written: str
    system: str
    southern: bool


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All rows, with indexes from strict to loose.

    Attributes:
        version: version of the rule file.
        places: rows by id.
        by_plain: spellings without marks and unit words.
        by_equivalent: Korean spellings, systems made to meet.
        by_southern: the same, northern heads as the South writes them.
        by_nasal: the same, ``ng`` read as ``n``.
    """

    version: str
    places: dict[str, Place]
    by_plain: dict[str, list[Spelling]] = field(default_factory=lambda: defaultdict(list))
    by_equivalent: dict[str, list[Spelling]] = field(default_factory=lambda: defaultdict(list))
    by_southern: dict[str, list[Spelling]] = field(default_factory=lambda: defaultdict(list))
    by_nasal: dict[str, list[Spelling]] = field(default_factory=lambda: defaultdict(list))

    def ancestors(self, place: Place) -> frozenset[str]:
        """Return the ids of every unit that holds *place*, now or formerly."""
        found: set[str] = set()
        waiting = list(place.within)
        while waiting:
            key = waiting.pop()
            if key in self.places and key not in found:
                found.add(key)
                waiting += self.places[key].within
        return frozenset(found)

    def name_of_container(self, place: Place) -> str:
        """Return the Latin name of the unit that *place* lies in, else empty."""
        return self.places[place.within[0]].latin if place.within else ""

    def country_name(self, code: str) -> str:
        """Return the English name of the country *code*, else the code."""
        row = self.places.get(code.lower())
        return row.latin if row is not None else code


def _spellings(place: Place) -> list[Spelling]:
    found: dict[tuple[str, bool], Spelling] = {}
    stem = place.stem
    if len(stem) > 1:
        for law in (False, True):
            native = southern(stem) if law else stem
            if law and native == stem:
                continue
            for system, name in SYSTEM_NAMES.items():
                written = romanise(native, system)
                found.setdefault((plain(written), law), Spelling(place, written, name, law))
            found.setdefault((plain(native), law), Spelling(place, native, "listed", law))
    known = {key for key, _ in found}
    for written in (place.latin, place.native, *place.variants):
        key = plain(written)
        if key and key not in known:
            known.add(key)
            found[key, False] = Spelling(place, written, "listed", southern=False)
    return list(found.values())


def _number(text: str) -> float | None:
    return float(text) if text else None


def _place(row: dict[str, str]) -> Place:
    also = tuple(key for key in (row.get("also_within") or "").split(";") if key)
    return Place(
        id=row["id"],
        country=row["country"],
        kind=row["kind"],
        latin=row["latin"],
        native=row["native"],
        variants=tuple(row["variants"].split(";")),
        within=((row["within"],) if row["within"] else ()) + also,
        lat=_number(row["lat"]),
        lon=_number(row["lon"]),
        precision_km=_number(row["precision_km"]),
        coordinate_code=row["coordinate_code"],
        source=row["source"],
    )


@cache
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer that came with this version.

    Raises:
        InputError: a rule file is missing or has another schema.
    """
    version = str(load_rules("gazetteer/gazetteer.yaml", SCHEMA)["version"])
    text = rule_bytes("gazetteer/places.csv").decode("utf-8")
    rows = [_place(row) for row in csv.DictReader(io.StringIO(text))]
    gazetteer = Gazetteer(version, {row.id: row for row in rows})
    for place in rows:
        for spelling in _spellings(place):
            gazetteer.by_plain[plain(spelling.written)].append(spelling)
            if place.country in KOREAN and spelling.written.isprintable():
                _index_loosely(gazetteer, spelling)
    return gazetteer


def _index_loosely(gazetteer: Gazetteer, spelling: Spelling) -> None:
    if not plain(spelling.written).isascii():
        return
    key = equivalent(spelling.written)
    gazetteer.by_equivalent[key].append(spelling)
    gazetteer.by_southern[southern_head(key)].append(spelling)
    gazetteer.by_nasal[nasal_blurred(southern_head(key))].append(spelling)
