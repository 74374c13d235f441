"""Build ``rules/identify/name_hanzi.csv``: how a Chinese sign is read and simplified.

Laws:
1. The same packages give the same bytes: rows sorted by sign, no clock, no randomness.
2. Only signs that an East Asian national set holds (GB 2312, Big5, KS X 1001, JIS X 0208).
3. Readings are single signs' readings, commonest first; no phrase of a dictionary is copied.

Run it where pypinyin 0.55 (MIT), ToJyutping 3.2 (BSD-2-Clause), hanja 0.15 (MIT) and
opencc-python-reimplemented 0.1.7 (Apache-2.0) are installed; none is needed at run time:
``python tools/build_name_hanzi.py --out src/witnessmark/rules/identify/name_hanzi.csv``.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import unicodedata
from importlib.resources import files
from pathlib import Path
from typing import Any

SETS = ("gb2312", "big5", "euc-kr", "shift_jis")
MOST_MANDARIN, MOST_CANTONESE = 3, 2
COLUMNS = ("sign", "simplified", "mandarin", "cantonese", "korean")


def held(sign: str) -> bool:
    """Return whether a national set holds *sign*."""
    for name in SETS:
        try:
            sign.encode(name)
        except UnicodeEncodeError:
            continue
        return True
    return False


def toneless(reading: str) -> str:
    """Return a pinyin reading without tone, ü written v (``lǚ``: ``lv``)."""
    kept = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    umlaut = unicodedata.lookup("COMBINING DIAERESIS")
    kept = kept.replace("u" + umlaut, "v")
    return "".join(c for c in kept if c.isascii() and c.isalpha())


def unique(readings: list[str], most: int) -> str:
    """Return the first *most* different readings, joined by blanks."""
    return " ".join(list(dict.fromkeys(r for r in readings if r))[:most])


def rows() -> list[tuple[str, str, str, str, str]]:
    """Return a row per sign."""
    pinyin: dict[int, str] = importlib.import_module("pypinyin.pinyin_dict").pinyin_dict
    cantonese: Any = importlib.import_module("ToJyutping")
    korean: dict[str, str] = importlib.import_module("hanja.table").hanja_table
    listed = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text("utf-8")
    simple = {
        line.split("\t")[0]: line.split("\t")[1].split(" ")[0] for line in listed.splitlines()
    }
    found: list[tuple[str, str, str, str, str]] = []
    for number in (*range(0x4E00, 0xA000), *range(0x3400, 0x4DC0)):
        sign = chr(number)
        if number not in pinyin or not held(sign):
            continue
        said = [toneless(r) for r in pinyin[number].split(",")]
        (_, heard), *_ = cantonese.get_jyutping_candidates(sign) or [(sign, [])]
        simplified = simple.get(sign, sign)
        found.append(
            (
                sign,
                "" if simplified == sign else simplified,
                unique(said, MOST_MANDARIN),
                unique([r.rstrip("123456") for r in heard], MOST_CANTONESE),
                korean.get(sign, ""),
            )
        )
    return sorted(found)


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description="build the table of Chinese signs")
    parser.add_argument("--out", type=Path, required=True)
    out: Path = parser.parse_args().out
    with out.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows())


if __name__ == "__main__":
    main()
