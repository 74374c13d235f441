"""Build ``rules/identify/name_hanzi.csv``: the simplified form and the Cantonese of a sign.

Laws:
1. The same packages give the same bytes: rows sorted by sign, no clock, no randomness.
2. Only signs that an East Asian national set holds (GB 2312, Big5, KS X 1001, JIS X 0208).
3. Readings are single signs' readings, commonest first; no phrase of a dictionary is copied.

Run it where ToJyutping 3.2 (BSD-2-Clause) and opencc-python-reimplemented 0.1.7 (Apache-2.0)
are installed; neither is needed at run time. Mandarin and Korean stand in han_readings.csv:
``python tools/build_name_hanzi.py --out src/witnessmark/rules/identify/name_hanzi.csv``.
"""

from __future__ import annotations

import argparse
import csv
import importlib
from importlib.resources import files
from pathlib import Path
from typing import Any

SETS = ("gb2312", "big5", "euc-kr", "shift_jis")
MOST_CANTONESE = 2
COLUMNS = ("sign", "simplified", "cantonese")


def held(sign: str) -> bool:
    """Return whether a national set holds *sign*."""
    for name in SETS:
        try:
            sign.encode(name)
        except UnicodeEncodeError:
            continue
        return True
    return False


def unique(readings: list[str], most: int) -> str:
    """Return the first *most* different readings, joined by blanks."""
    return " ".join(list(dict.fromkeys(r for r in readings if r))[:most])


def rows() -> list[tuple[str, str, str]]:
    """Return a row per sign."""
    cantonese: Any = importlib.import_module("ToJyutping")
    listed = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text("utf-8")
    simple = {
        line.split("\t")[0]: line.split("\t")[1].split(" ")[0] for line in listed.splitlines()
    }
    found: list[tuple[str, str, str]] = []
    for number in (*range(0x4E00, 0xA000), *range(0x3400, 0x4DC0)):
        sign = chr(number)
        if not held(sign):
            continue
        (_, heard), *_ = cantonese.get_jyutping_candidates(sign) or [(sign, [])]
        simplified = simple.get(sign, sign)
        read = unique([r.rstrip("123456") for r in heard], MOST_CANTONESE)
        if simplified != sign or read:
            found.append((sign, "" if simplified == sign else simplified, read))
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
