"""Build ``rules/identify/han_readings.csv``: how a Chinese sign is read in Mandarin and in Korean.

Laws:
1. The same packages give the same bytes: rows sorted by sign, no clock, no randomness.
2. Single signs' readings only, commonest first, tones as numbers; no phrase is copied.

Run it where pypinyin 0.55 (MIT) and hanja 0.15 (WTFPL 2) are installed; neither is needed at run
time:
``python tools/build_han_readings.py --out src/witnessmark/rules/identify/han_readings.csv``.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import unicodedata
from pathlib import Path

MOST = 3
COLUMNS = ("sign", "pinyin", "hangul")
TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
UMLAUT = "\u0308"


def numbered(reading: str) -> str:
    """Return a pinyin reading with its tone as a number, ü kept (``lǚ``: ``lü3``)."""
    tone, letters = "5", ""
    for character in unicodedata.normalize("NFD", reading):
        if character in TONES:
            tone = TONES[character]
        elif character == UMLAUT:
            letters = letters[:-1] + "ü"
        elif character.isascii() and character.isalpha():
            letters += character
        else:
            return ""
    return letters + tone if letters else ""


def rows() -> list[tuple[str, str, str]]:
    """Return a row per sign that has a reading in either language."""
    pinyin: dict[int, str] = importlib.import_module("pypinyin.pinyin_dict").pinyin_dict
    korean: dict[str, str] = importlib.import_module("hanja.table").hanja_table
    found: list[tuple[str, str, str]] = []
    for number in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)):
        sign = chr(number)
        said = [numbered(each) for each in pinyin.get(number, "").split(",")]
        kept = " ".join(list(dict.fromkeys(each for each in said if each))[:MOST])
        if kept or sign in korean:
            found.append((sign, kept, korean.get(sign, "")))
    return sorted(found)


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description="build the table of readings of Chinese signs")
    parser.add_argument("--out", type=Path, required=True)
    out: Path = parser.parse_args().out
    with out.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows())


if __name__ == "__main__":
    main()
