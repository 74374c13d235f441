"""Chinese signs: what they are, and their readings, as the rule data give them.

Laws:
1. Readings are of single signs, commonest first; a sign that is not in the table has none.
2. The table is read once and never changed.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from typing import Any

from witnessmark.store.rulebook import load_rules, rule_bytes

SCHEMA = "witnessmark/chinese/1"
_BLOCKS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))


def is_han(character: str) -> bool:
    """Return whether *character* is a Chinese sign."""
    number = ord(character)
    return any(first <= number <= last for first, last in _BLOCKS)


def has_hanja(text: str) -> bool:
    """Return whether *text* holds a Chinese sign."""
    return any(is_han(character) for character in text)


@cache
def han_rules() -> dict[str, Any]:
    """Return the rule file of Chinese signs and systems."""
    return load_rules("identify/chinese.yaml", SCHEMA)


@cache
def _table() -> dict[str, tuple[tuple[str, ...], str]]:
    text = rule_bytes("identify/han_readings.csv").decode("utf-8")
    return {
        row["sign"]: (tuple(row["pinyin"].split()), row["hangul"])
        for row in csv.DictReader(io.StringIO(text))
    }


def mandarin(sign: str) -> tuple[str, ...]:
    """Return the Mandarin readings of *sign* with tone numbers, commonest first.

    Example:
        >>> mandarin("丹")
        ('dan1',)
    """
    return _table().get(sign, ((), ""))[0]


def korean(sign: str) -> str:
    """Return the Korean reading of *sign* as it is inside a word, empty where none is known.

    Example:
        >>> korean("龍")
        '룡'
    """
    return str(han_rules()["korean"].get(sign) or _table().get(sign, ((), ""))[1])


@cache
def cantonese() -> dict[str, tuple[str, ...]]:
    """Return the Jyutping readings without tones of every sign in the table of names."""
    text = rule_bytes("identify/name_hanzi.csv").decode("utf-8")
    return {
        row["sign"]: tuple(row["cantonese"].split()) for row in csv.DictReader(io.StringIO(text))
    }
