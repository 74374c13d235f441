"""English for the extract stage: folding, sentence ends, number hooks."""

from __future__ import annotations

import unicodedata
from functools import cache

import regex

from witnessmark.core.span import Span
from witnessmark.stages.extract.english_numbers import HOOKS
from witnessmark.stages.extract.language import Language

_MARKS = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "′": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‐": "-",
    "‑": "-",
    "–": "-",
    "—": "|",
    "\u00a0": " ",
    "\u202f": " ",
    "\n": " ",
    "\r": " ",
    "\t": " ",
}
"""A long dash is folded to a bar, so that it is not taken for a hyphen: it ends a clause."""

_ABBREVIATION = regex.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|no|vs|prof|gen|col|lt|sgt|rev|inc|ltd|corp|dept|est|approx|fig|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|etc|cf|ca|art|para|sec|vol|ed|pp?)"
    r"|\b(?:[a-z]\.)+[a-z]|\b[A-Z])$",
    regex.IGNORECASE,
)
_END = regex.compile(r"(?<![.!?])[.!?]++[\"')\]]*+(?=\s|$)")
"""Possessive and from the first mark of a run: a long run of marks is looked at once."""

_LISTED = regex.compile(r"\s*\(?[A-Z]")
_OPENING = regex.compile(r"\s*[\"'(\[]*")
FACTBOOK_SEMICOLONS = 3
"""A run-on of so many clauses (the Factbook's style) is cut at its semicolons too."""


def fold(text: str) -> str:
    r"""Return *text* with typographic signs made plain, code point for code point.

    Example:
        >>> fold("Unhŭng’s “camp”")
        'Unhung\\'s "camp"'
    """
    return "".join(map(_fold_one, text))


@cache
def _fold_one(sign: str) -> str:
    if sign in _MARKS:
        return _MARKS[sign]
    if sign < "\x80":
        return max(sign, " ")
    base = unicodedata.normalize("NFD", sign)[0]
    return base if base.isascii() and base.isalpha() else sign


def split(block: str) -> list[Span]:
    """Return the sentences of a folded block, with offsets inside it."""
    found: list[Span] = []
    start = 0
    by_clause = block.count("; ") >= FACTBOOK_SEMICOLONS
    ends = list(_END.finditer(block))
    if by_clause:
        ends = sorted([*ends, *regex.finditer(r";(?= )", block)], key=lambda m: m.start())
    for match in ends:
        if not _really_ends(block, match):
            continue
        found.append(Span(start, match.end()))
        start = match.end()
    if start < len(block):
        found.append(Span(start, len(block)))
    return found


def _really_ends(block: str, match: regex.Match[str]) -> bool:
    mark = match.group()
    if mark[0] == ";":
        return True
    opening = _OPENING.match(block, match.end())
    following = block[opening.end() : opening.end() + 1] if opening else ""
    if not following:
        return True
    if mark[0] == "." and mark.rstrip("\"')]") == ".":
        if _ABBREVIATION.search(block, max(0, match.start() - 12), match.start()):
            return _after_abbreviation(block, match, following)
        return not following.islower()
    # "Why?" she asked: the sentence goes on after a mark inside the quotation
    return not (following.islower() and mark[-1] in "\"'")


def _after_abbreviation(block: str, match: regex.Match[str], following: str) -> bool:
    word = block[max(0, match.start() - 12) : match.start()]
    clock = regex.search(r"\b[ap]\.m$|\bU\.S$|\betc$|\b(?:Inc|Ltd|Corp)$", word, regex.IGNORECASE)
    listed = _LISTED.fullmatch(block, 0, match.start()) is not None
    return bool(clock) and following.isupper() and not listed


ENGLISH = Language(code="en", folder="extract/en", split=split, fold=fold, numbers=HOOKS)
"""English."""
