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
import re
from collections import Counter
from pathlib import Path

from gazetteer_korea import dprk, south_korea
from gazetteer_rows import (
    COLUMNS,
    GAZETTEER,
    LATIN_ONLY_PRECISION_KM,
    ROOT,
    Place,
    read_list,
    read_towns,
    slug,
    strings,
    take_town,
)

from witnessmark.stages.identify.hanja import to_hangul
from witnessmark.stages.identify.keys import plain
from witnessmark.stages.identify.pinyin import ChineseSystem, romanise_chinese
from witnessmark.stages.identify.romanise import without_marks


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
        for row in read_list("countries")
    ]


def _take_chinese(place: Place, signs: set[str], here: list[dict[str, object]]) -> None:
    """Take the town whose Chinese name agrees; else the only one of that Latin name."""
    signs = signs | {sign + unit for sign in signs for unit in ("镇", "市", "县", "街道")}
    for wanted in ({place.native}, signs):
        fits = [town for town in here if strings(town["alternatenames"]) & wanted]
        if fits:
            take_town(place, fits)
            return
    unnamed = [
        t
        for t in here
        if not any("一" <= c <= "鿿" for n in strings(t["alternatenames"]) for c in n)
    ]
    if len(here) == 1 and unnamed:
        take_town(place, here)
        place.precision_km = LATIN_ONLY_PRECISION_KM


def china(shared: Path) -> list[Place]:
    """Return China's provinces, its border with Korea, and trade cities."""
    places: list[Place] = []
    towns = read_towns(
        shared / "data" / "gazetteer" / "geonames_cities500_CN_Jilin_Liaoning_Shandong_Henan.json"
    )
    ids: dict[str, str] = {}
    for row in read_list("china"):
        within = ids[row["province"]] if row["province"] else "cn"
        key = f"{within}.{slug(row['latin'])}"
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
            if place.lat and row["geonames"] != row["latin"]:
                place.source += f", filed there as {row['geonames']}"
        places.append(place)
    return places


_CHINESE_UNIT = re.compile(
    r"(?:[满回壮维吾尔朝鲜]+族)?(?:自治区|自治县|自治州|地区|省|市|县|区|镇)$"
)
LEAST_SIGNS = 2


def spelt_otherwise(chinese: list[Place], others: list[Place]) -> None:
    """Add Wade-Giles and the Korean reading to Chinese rows, where no other place has it.

    鞍山 reads 안산, which is a city of South Korea: it is left out.
    """
    taken = Counter(plain(v) for place in others for v in {place.native, *place.variants})
    mine: Counter[str] = Counter()
    made: list[tuple[Place, list[str]]] = []
    for place in chinese:
        stem = _CHINESE_UNIT.sub("", place.native)
        if len(stem) < LEAST_SIGNS or not all("一" <= c <= "鿿" for c in stem):
            continue
        wade = romanise_chinese(stem, ChineseSystem.WADE_GILES)
        readings = [to_hangul(stem), to_hangul(stem, north=True)]
        forms = list(dict.fromkeys([wade, without_marks(wade), *readings]))
        mine.update({plain(form) for form in forms if form not in place.variants})
        made.append((place, forms))
    own = Counter(key for p in chinese for key in {plain(v) for v in p.variants})
    for place, forms in made:
        known = {plain(v) for v in place.variants}
        for form in forms:
            key = plain(form)
            free = not taken[key] and own[key] <= (key in known) and mine[key] <= 1
            if free and all("가" <= c <= "힣" or ord(c) < HANGUL for c in form):
                place.variants.append(form)


HANGUL = 0x2E80
"""Below this Unicode holds no East Asian sign."""


def world() -> list[Place]:
    """Return places elsewhere that the reports we know speak of, and large ports."""
    places: list[Place] = []
    ids: dict[tuple[str, str], str] = {
        ("KP", row["latin"]): f"kp.{row['slug']}" for row in read_list("dprk_provinces")
    }
    for row in read_list("world"):
        country = row["country"]
        within = ids[country, row["within"]] if row["within"] else country.lower()
        key = f"{within}.{slug(row['latin'])}-{row['kind']}"
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
    others = [*countries(), *dprk(shared), *south_korea(), *world()]
    chinese = china(shared)
    spelt_otherwise(chinese, others)
    places = [*others, *chinese]
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
