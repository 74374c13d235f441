"""Build ``rules/gazetteer/places.csv`` from the shared name list, GeoNames and our own lists.

Laws:
1. The same inputs give the same bytes: sorted rows, no clock, no randomness.
2. A coordinate comes from GeoNames (the name **and** the province agree; a Chinese town
   without signs there: the only one of its name in the province, at a wider precision) or
   from our list coded K; where neither has one it is empty. Nothing is interpolated.
3. Where two GeoNames towns fit, none is taken.

Run: ``python tools/build_gazetteer.py [--shared ../shared] [--out FILE]``.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from witnessmark.stages.identify.hangul import southern
from witnessmark.stages.identify.keys import equivalent, plain
from witnessmark.stages.identify.romanise import System, romanise

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

APOSTROPHE = "\u2019"
"""The mark of McCune-Reischauer's aspirates, as GeoNames prints it."""

UNITS = {"군": "gun", "시": "si", "구역": "guyok", "구": "gu"}
KINDS = {"군": "county", "시": "city", "구역": "district", "구": "district"}


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


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _list(name: str) -> list[dict[str, str]]:
    return _rows(GAZETTEER / "lists" / f"{name}.csv")


def _slug(text: str) -> str:
    kept = [c if c.isascii() and c.isalnum() else " " for c in plain_words(text)]
    return "-".join("".join(kept).split())


def plain_words(text: str) -> str:
    """Return *text* in lower case without marks, words kept apart."""
    return " ".join(plain(word) for word in text.replace("-", " ").split())


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
            official = romanise(stem, System.DPRK, initial_law=law)
            letters += [official, _without_marks(official)]
        letters.append(romanise(stem, System.REVISED, initial_law=law))
    units = [unit] if unit != "구역" else ["구역", "구"]
    latin_units = {UNITS[unit]} | ({"gu"} if unit == "구역" else set())
    out = [native + each for native in natives for each in units]
    out += [f"{name}-{each}" for name in letters for each in sorted(latin_units)]
    if len(stem) > 1:
        out += natives + letters
    return out


def countries() -> list[Place]:
    """Return a row for each country of our list."""
    return [
        Place(
            id=row["iso"].lower(),
            country=row["iso"],
            kind="country",
            latin=row["latin"],
            native=row["korean"]
            if row["iso"] in {"KP", "KR"}
            else row["chinese"]
            if row["iso"] in {"CN", "TW", "HK", "MO"}
            else row["latin"],
            variants=[row["latin"], row["korean"], row["chinese"], *row["aliases"].split(";")],
            source="list (K)",
        )
        for row in _list("countries")
    ]


def _towns(path: Path) -> list[dict[str, object]]:
    loaded: list[dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _strings(value: object) -> set[str]:
    return {str(each) for each in value} if isinstance(value, list) else set()


def _take(place: Place, towns: list[dict[str, object]]) -> None:
    spots = {(str(t["latitude"]), str(t["longitude"])) for t in towns}
    if len(spots) == 1:
        place.lat, place.lon = spots.pop()
        place.precision_km, place.coordinate_code = TOWN_PRECISION_KM, "S"
        numbers = sorted(str(t["geonameid"]) for t in towns)
        place.source += f"; GeoNames {numbers[0]}"


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
    return [town for town in here if _strings(town["alternatenames"]) & hangul]


def _dprk_provinces() -> tuple[list[Place], dict[str, str]]:
    """Return the provinces, and the GeoNames admin1 code of each by id.

    The codes were read off the towns that the stored GeoNames file lists under each.
    """
    places: list[Place] = []
    codes: dict[str, str] = {}
    for row in _list("dprk_provinces"):
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
        for row in _rows(shared / "data" / "gazetteer" / "kp_counties_names.csv")
    ]
    more = [(r["hangul"], r["within"].split(";"), "", "", "list (K)") for r in _list("dprk_more")]
    return listed + more


def dprk(shared: Path) -> list[Place]:
    """Return provinces, cities, counties and districts of the DPRK."""
    places, admin = _dprk_provinces()
    by_name = {name: place for place in places for name in (place.native, place.id[3:])}
    by_name["개성"] = by_name["개성시"]
    towns = _towns(shared / "data" / "gazetteer" / "geonames_cities500_KP.json")
    known = {(row["hangul"], f"kp.{row['province']}"): row for row in _list("dprk_coordinates")}
    seats = [place for place in places if place.kind == "city"]
    for place in seats:
        stem, unit = _split(place.native)
        place.variants += korean_variants(stem, unit, north=True)
        _take(place, _kp_towns(stem, {admin[place.id]}, towns))
    for hangul, provinces, official, other, source in _dprk_listed(shared):
        stem, unit = _split(hangul)
        within = [by_name[name].id for name in provinces]
        if hangul in by_name:  # the city is its own province-level row
            city = by_name[hangul]
            city.also_within = ";".join(key for key in within if key != city.id)
            continue
        latin = _official(stem, official)
        place = Place(
            id=f"{within[0]}.{_slug(latin)}-{UNITS[unit]}",
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
        _take(place, _kp_towns(stem, {admin[key] for key in within}, towns))
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
    for row in _list("korea_south"):
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
                    id=f"{province}.{_slug(romanise(stem, System.REVISED))}-{UNITS[unit]}",
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


def _take_chinese(place: Place, signs: set[str], here: list[dict[str, object]]) -> None:
    """Take the town whose Chinese name agrees; else the only one of that Latin name."""
    signs = signs | {sign + unit for sign in signs for unit in ("镇", "市", "县", "街道")}
    for wanted in ({place.native}, signs):
        fits = [town for town in here if _strings(town["alternatenames"]) & wanted]
        if fits:
            _take(place, fits)
            return
    unnamed = [
        t
        for t in here
        if not any("一" <= c <= "鿿" for n in _strings(t["alternatenames"]) for c in n)
    ]
    if len(here) == 1 and unnamed:
        _take(place, here)
        place.precision_km = LATIN_ONLY_PRECISION_KM


def china(shared: Path) -> list[Place]:
    """Return China's provinces, its border with Korea, and trade cities."""
    places: list[Place] = []
    towns = _towns(
        shared / "data" / "gazetteer" / "geonames_cities500_CN_Jilin_Liaoning_Shandong_Henan.json"
    )
    ids: dict[str, str] = {}
    for row in _list("china"):
        within = ids[row["province"]] if row["province"] else "cn"
        key = f"{within}.{_slug(row['latin'])}"
        if not row["province"]:
            ids[row["latin"]] = key
        extra = row["variants"].split(";")
        place = Place(
            id=key,
            country="CN",
            kind=row["kind"],
            latin=row["latin"],
            native=row["chinese"],
            hanja=row["chinese"],
            variants=[row["latin"], row["chinese"], *extra],
            within=within,
            source="list (K)",
        )
        if row["geonames"]:
            here = [
                town
                for town in towns
                if town["admin1code"] == row["geonames_admin1"] and town["name"] == row["geonames"]
            ]
            _take_chinese(place, {row["chinese"], *extra}, here)
        places.append(place)
    return places


def world() -> list[Place]:
    """Return places elsewhere that the reports we know speak of, and large ports."""
    places: list[Place] = []
    ids: dict[tuple[str, str], str] = {
        ("KP", row["latin"]): f"kp.{row['slug']}" for row in _list("dprk_provinces")
    }
    for row in _list("world"):
        country = row["country"]
        within = ids[country, row["within"]] if row["within"] else country.lower()
        key = f"{within}.{_slug(row['latin'])}-{row['kind']}"
        ids[country, row["latin"]] = key
        places.append(
            Place(
                id=key,
                country=country,
                kind=row["kind"],
                latin=row["latin"],
                native=row["native"],
                variants=[row["latin"], row["native"], *row["variants"].split(";")],
                within=within,
                source="list (K)",
            )
        )
    return places


def build(shared: Path) -> str:
    """Return the whole file as text.

    Raises:
        ValueError: two rows share an id.
    """
    places = [*countries(), *dprk(shared), *south_korea(), *china(shared), *world()]
    double = [key for key, count in Counter(place.id for place in places).items() if count > 1]
    if double:
        message = f"ids that stand twice: {', '.join(double)}"
        raise ValueError(message)
    places.sort(key=lambda place: place.id)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for place in places:
        variants = ";".join(dict.fromkeys(v for v in place.variants if v))
        writer.writerow(
            variants if column == "variants" else getattr(place, column) for column in COLUMNS
        )
    return out.getvalue()


def main() -> None:
    """Write the file and print how many rows of which kind it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--out", type=Path, default=GAZETTEER / "places.csv")
    arguments = parser.parse_args()
    text = build(arguments.shared)
    arguments.out.write_text(text, encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    for (country, kind), count in sorted(Counter((r["country"], r["kind"]) for r in rows).items()):
        if country in {"KP", "KR", "CN"}:
            print(country, kind, count)
    print("rows", len(rows), "with coordinates", sum(bool(r["lat"]) for r in rows))


if __name__ == "__main__":
    main()
