"""Keys under which different spellings of one name meet.

Laws:
1. A key is made from one spelling alone, step by step; each step has a name and a reason.
2. A looser key never hides a stricter match: callers try them in order.
3. The spelling as printed is kept; a key is an index, never shown as the name.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

REMEMBERED = 65_536
"""Keys kept in memory: the same names come back for every mention and claim."""

_MARKS = re.compile(r"[\s'’‘ʼ`´·.,\-‐-―]+")

_EQUIVALENT: tuple[tuple[str, str], ...] = (
    ("yeo", "yo"),
    ("eui", "ui"),
    ("weo", "wo"),
    ("eo", "o"),
    ("eu", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("tch", "j"),
    ("ch", "j"),
    ("sh", "s"),
    ("ph", "p"),
    ("th", "t"),
    ("kh", "k"),
    ("x", "ks"),
    ("g", "k"),
    ("d", "t"),
    ("b", "p"),
    ("z", "j"),
    ("q", "j"),
    ("l", "r"),
)
"""Letters that one Korean sound is written with in different romanisations (MR, DPRK 2002,
Revised, newspapers), in order of replacement."""

_DOUBLED = re.compile(r"([bcdfghjklmnprstz])\1")
_SEAMS: tuple[tuple[str, str], ...] = (
    ("nkr", "nkn"),
    ("mr", "mn"),
    ("nr", "r"),
    ("rn", "r"),
    ("kn", "nkn"),
    ("km", "nkm"),
    ("kr", "nkn"),
    ("pm", "m"),
    ("pn", "mn"),
    ("nknkn", "nkn"),
    ("nnkn", "nkn"),
    ("nnkm", "nkm"),
)
"""Seams that one system assimilates and another leaves (Rangrim, Rangnim)."""


def plain(name: str) -> str:
    """Return *name* without marks, apostrophes, hyphens, blanks and case.

    Example:
        >>> plain("Ryongch'ŏn"), plain("P’yŏngan-bukto")
        ('ryongchon', 'pyonganbukto')
    """
    return _plain(name)


@lru_cache(maxsize=REMEMBERED)
def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    bare = _MARKS.sub("", bare.casefold())
    return unicodedata.normalize("NFC", bare)


def equivalent(name: str) -> str:
    """Return the key under which the romanisations of one Korean word meet.

    Example:
        >>> equivalent("Cheongjin") == equivalent("Ch'ŏngjin") == equivalent("Chongjin")
        True
    """
    key = plain(name)
    for written, stands_for in _EQUIVALENT:
        key = key.replace(written, stands_for)
    key = _DOUBLED.sub(r"\1", key)
    for written, stands_for in _SEAMS:
        key = key.replace(written, stands_for)
    return key


def southern_head(key: str) -> str:
    """Return an :func:`equivalent` key with its northern head as the South writes it.

    Example:
        >>> southern_head(equivalent("Ryongchon")) == equivalent("Yongchon")
        True
    """
    if key[:2] in {"ry", "ny"}:
        return key[1:]
    if key[:2] in {"ri", "ni"}:
        return key[1:]
    if key[:1] == "r":
        return "n" + key[1:]
    return key


def nasal_blurred(key: str) -> str:
    """Return an :func:`equivalent` key in which ``ng`` reads as ``n``: a common slip.

    Example:
        >>> nasal_blurred(southern_head(equivalent("Ryongchon"))) == equivalent("Yonchon")
        True
    """
    return re.sub(r"nk(?=[^aeiouyw]|$)", "n", key)
