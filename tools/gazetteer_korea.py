"""Rows of the gazetteer for the two Koreas.

Laws:
1. Spellings are made by rule from Hangul; a stem of one syllable is only given with its unit.
2. A county's coordinate is its seat's: GeoNames where name and province agree, else our list (K).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazetteer_rows import Place, read_list, read_rows, read_towns, slug, strings, take_town

from witnessmark.stages.identify.hangul import southern
from witnessmark.stages.identify.keys import equivalent, plain
from witnessmark.stages.identify.romanise import System, romanise

if TYPE_CHECKING:
    from pathlib import Path

APOSTROPHE = "\u2019"
"""The mark of McCune-Reischauer's aspirates, as GeoNames prints it."""

UNITS = {"군": "gun", "시": "si", "구역": "guyok", "구": "gu"}
KINDS = {"군": "county", "시": "city", "구역": "district", "구": "district"}


def _split(hangul: str) -> tuple[str, str]:
    """Return stem and unit of a Korean unit of administration."""
    unit = next(u for u in sorted(UNITS, key=len, reverse=True) if hangul.endswith(u))
    return hangul[: -len(unit)], unit


def _without_marks(name: str) -> str:
    bare = plain(name)
    return bare[0].upper() + bare[1:]


def korean_variants(stem: str, unit: str, *, north: bool) -> list[str]:
    """Return the spellings of one Korean unit, with and without its unit word.

    A stem of one syllable is only ever given with its unit: alone it is no name.
    """
    natives = [stem, southern(stem)] if north else [stem]
    letters: list[str] = []
    for law in (False, True) if north else (False,):
        marked = romanise(stem, System.MCCUNE_REISCHAUER, initial_law=law)
        letters += [marked, marked.replace(APOSTROPHE, "'"), _without_marks(marked)]
        if north:
            official = (
                romanise(stem, System.DPRK, initial_law=law).replace("ü", "ŭ").replace("Ü", "Ŭ")
            )
            letters += [official, _without_marks(official)]
        letters.append(romanise(stem, System.REVISED, initial_law=law))
    units = [unit] if unit != "구역" else ["구역", "구"]
    latin_units = {UNITS[unit]} | ({"gu"} if unit == "구역" else set())
    out = [native + each for native in natives for each in units]
    out += [f"{name}-{each}" for name in letters for each in sorted(latin_units)]
    if len(stem) > 1:
        out += natives + letters
    return out


def _kp_towns(
    stem: str, codes: set[str], towns: list[dict[str, object]]
) -> list[dict[str, object]]:
    """Return the best fitting towns: the name itself, then its seat, then Hangul."""
    marked = romanise(stem, System.MCCUNE_REISCHAUER)
    southern_marked = romanise(stem, System.MCCUNE_REISCHAUER, initial_law=True)
    here = [town for town in towns if town["admin1code"] in codes]
    for names in (
        {marked, southern_marked},
        {f"{name}-{tail}" for name in (marked, southern_marked) for tail in ("ŭp", "si")},
    ):
        found = [town for town in here if town["name"] in names]
        if found:
            return found
    hangul = {form + tail for form in (stem, southern(stem)) for tail in ("", "읍", "시", "군")}
    return [town for town in here if strings(town["alternatenames"]) & hangul]


def _dprk_provinces() -> tuple[list[Place], dict[str, str]]:
    """Return the provinces, and the GeoNames admin1 code of each by id.

    The codes were read off the towns that the stored GeoNames file lists under each.
    """
    places: list[Place] = []
    codes: dict[str, str] = {}
    for row in read_list("dprk_provinces"):
        names = [row["latin"], row["hangul"], southern(row["hangul"]), row["hanja"]]
        place = Place(
            id=f"kp.{row['slug']}",
            country="KP",
            kind=row["kind"],
            latin=row["latin"],
            native=row["hangul"],
            hanja=row["hanja"],
            variants=names + row["variants"].split(";"),
            within="kp",
            source="list (K)",
        )
        places.append(place)
        codes[place.id] = row["geonames_admin1"]
    return places, codes


def _dprk_listed(shared: Path) -> list[tuple[str, list[str], str, str, str]]:
    """Return Hangul, provinces, DPRK spelling, other Hangul and source of each unit."""
    listed = [
        (
            row["hangul"],
            row["provinces_hangul"].split(";"),
            row["latin_dprk_official_geoboundaries"],
            row["other_hangul"],
            "name list",
        )
        for row in read_rows(shared / "data" / "gazetteer" / "kp_counties_names.csv")
    ]
    more = [
        (r["hangul"], r["within"].split(";"), "", "", "list (K)") for r in read_list("dprk_more")
    ]
    return listed + more


def dprk(shared: Path) -> list[Place]:
    """Return provinces, cities, counties and districts of the DPRK."""
    places, admin = _dprk_provinces()
    by_name = {name: place for place in places for name in (place.native, place.id[3:])}
    by_name["개성"] = by_name["개성시"]
    towns = read_towns(shared / "data" / "gazetteer" / "geonames_cities500_KP.json")
    known = {(row["hangul"], f"kp.{row['province']}"): row for row in read_list("dprk_coordinates")}
    seats = [place for place in places if place.kind == "city"]
    for place in seats:
        stem, unit = _split(place.native)
        place.variants += korean_variants(stem, unit, north=True)
        take_town(place, _kp_towns(stem, {admin[place.id]}, towns))
    for hangul, provinces, official, other, source in _dprk_listed(shared):
        stem, unit = _split(hangul)
        within = [by_name[name].id for name in provinces]
        if hangul in by_name:  # the city is its own province-level row
            city = by_name[hangul]
            city.also_within = ";".join(key for key in within if key != city.id)
            continue
        latin = _official(stem, official)
        place = Place(
            id=f"{within[0]}.{slug(latin)}-{UNITS[unit]}",
            country="KP",
            kind=KINDS[unit],
            latin=latin,
            native=hangul,
            variants=[latin, *korean_variants(stem, unit, north=True), *_other(other)],
            within=within[0],
            also_within=";".join(within[1:]),
            source=source,
        )
        places.append(place)
        take_town(place, _kp_towns(stem, {admin[key] for key in within}, towns))
        own = known.get((hangul, place.within))
        if not place.lat and own is not None:
            place.lat, place.lon = own["lat"], own["lon"]
            place.precision_km, place.coordinate_code = own["precision_km"], own["code"]
    return places


def _other(hangul: str) -> list[str]:
    """Return the spellings of a unit's other name; a 지구 is only ever called by it."""
    if not hangul or hangul.endswith("지구"):
        return [hangul]
    return [hangul, *korean_variants(*_split(hangul), north=True)]


def _official(stem: str, official: str) -> str:
    """Return the DPRK's own spelling if it fits the Hangul, else ours without marks."""
    bare = official.removesuffix(" City").removesuffix(" Dist.")
    if bare and equivalent(bare) == equivalent(romanise(stem, System.DPRK)):
        return bare
    return _without_marks(romanise(stem, System.DPRK))


def south_korea() -> list[Place]:
    """Return provinces, si, gun and gu of South Korea."""
    places: list[Place] = []
    for row in read_list("korea_south"):
        province = f"kr.{row['slug']}"
        places.append(
            Place(
                id=province,
                country="KR",
                kind=row["kind"],
                latin=row["latin"],
                native=row["hangul"],
                variants=[row["latin"], row["hangul"], *row["variants"].split(";")],
                within="kr",
                source="list (K)",
            )
        )
        for hangul in row["members"].split():
            stem, unit = _split(hangul)
            latin = romanise(stem, System.REVISED)
            if len(stem) == 1:
                latin = f"{latin}-{UNITS[unit]}"
            places.append(
                Place(
                    id=f"{province}.{slug(romanise(stem, System.REVISED))}-{UNITS[unit]}",
                    country="KR",
                    kind=KINDS[unit],
                    latin=latin,
                    native=hangul,
                    variants=[latin, *korean_variants(stem, unit, north=False)],
                    within=province,
                    source="list (K); romanised here",
                )
            )
    return places
