"""Build ``rules/identify/syllables.csv``: how often a syllable stands in Korean place names.

Laws:
1. Only the half of the names that :func:`is_for_learning` takes is counted; what is measured on
   the other half is therefore not learnt from it. The halves part by the name without its unit,
   so that one name in two lists falls into one half.
2. The same inputs give the same bytes: rows sorted, no clock, no randomness.

Run: ``python tools/build_syllables.py [--shared ../shared] [--out FILE]``.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "src" / "witnessmark" / "rules"
UNITS = (
    "특별자치도",
    "특별시",
    "광역시",
    "직할시",
    "로동자구",
    "구역",
    "지구",
    "도",
    "시",
    "군",
    "구",
    "읍",
    "면",
    "동",
    "리",
)
COLUMNS = ("syllable", "place", "signs")


def stem_of(hangul: str) -> str:
    """Return a Korean place name without its unit."""
    for unit in UNITS:
        if hangul.endswith(unit) and len(hangul) > len(unit) + 1:
            return hangul.removesuffix(unit)
    return hangul


def is_for_learning(stem: str) -> bool:
    """Return whether a name is in the half that is learnt from."""
    return hashlib.sha256(stem.encode()).digest()[0] % 2 == 0


def is_hangul(text: str) -> bool:
    """Return whether *text* is Hangul only."""
    return bool(text) and all("가" <= c <= "힣" for c in text)


def names(shared: Path) -> set[str]:
    """Return the place names in Hangul of every list, with their units."""
    found: set[str] = set()
    for path, column in (
        (shared / "data" / "gazetteer" / "kp_counties_names.csv", "hangul"),
        (shared / "data" / "names" / "places_cross_script.csv", "native"),
        (RULES / "gazetteer" / "lists" / "korea_south.csv", "members"),
        (RULES / "gazetteer" / "lists" / "dprk_more.csv", "hangul"),
    ):
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                if row.get("countrycode", "KP") in {"KP", "KR"}:
                    found |= {name for name in row[column].split() if is_hangul(name)}
    return found


def rows(shared: Path) -> list[tuple[str, int, int]]:
    """Return syllable, count in place names, count of common signs read so."""
    place: Counter[str] = Counter()
    for stem in {stem_of(name) for name in names(shared)}:
        if is_for_learning(stem):
            place.update(stem)
    signs: Counter[str] = Counter()
    with (RULES / "identify" / "han_readings.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["hangul"] and _is_common(row["sign"]):
                signs[row["hangul"]] += 1
    return [(each, place[each], signs[each]) for each in sorted({*place, *signs})]


def _is_common(sign: str) -> bool:
    try:
        sign.encode("euc-kr")
    except UnicodeEncodeError:
        return False
    return True


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description="count syllables of Korean place names")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--out", type=Path, default=RULES / "identify" / "syllables.csv")
    arguments = parser.parse_args()
    with arguments.out.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(arguments.shared))


if __name__ == "__main__":
    main()
