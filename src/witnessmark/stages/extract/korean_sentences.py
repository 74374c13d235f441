"""Korean text for matching: folding and sentence ends, with exact offsets.

Laws:
1. Folding makes quotation marks, dashes and wide signs plain, code point for code point:
   a folded text is exactly as long as the text.
2. A sentence ends at ``.``, ``!``, ``?`` (with the closers that follow) before white
   space, or at the end of its block (``corpus/GUIDELINES.md`` §1).
3. A stop inside a quotation whose frame goes on (``…한다." 고 말했다``) ends no sentence;
   neither does the stop of a decimal, a date or a list number.
4. Sentences hold no white space at their edges, do not overlap, and lose no other sign.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import regex

from witnessmark.core.span import Span

_PLAIN = {
    **dict.fromkeys("“”„«»「」『』", '"'),
    **dict.fromkeys("‘’ʼ′", "'"),
    **dict.fromkeys("‐‑–", "-"),
    **dict.fromkeys("—―", ";"),
    **dict.fromkeys("∼〜～˜", "~"),
    **dict.fromkeys("ㆍ‧․∙•・", "·"),
    "。": ".",
}
"""A dash between clauses becomes a semicolon: it ends a clause as one does."""

_STOP = regex.compile(
    r"""
    (?: [!?]+ | (?<!\d)\.+ | (?<=\d)\.(?!\d) )
    ["')\]〉》）]*
    (?= \s | \Z )
    (?! \s* (?: 고 | 라고 | 이라고 | 라며 | 이라며 | 며 | 면서 | 라는 | 는 | 란 ) [\s,] )
    """,
    regex.VERBOSE,
)
_LIST_NUMBER = regex.compile(r"\s*(?:\d{1,2}|[가-하])\.")
_DATE = regex.compile(r"(?:19|20)\d\d\.(?:\s?\d{1,2}\.){0,2}$")


def fold(text: str) -> str:
    """Return *text* with typographic signs made plain, code point for code point.

    Example:
        >>> fold("“하루 １２시간∼”")
        '"하루 12시간~"'
    """
    return "".join(map(_fold_one, text))


@cache
def _fold_one(sign: str) -> str:
    if sign in _PLAIN:
        return _PLAIN[sign]
    if sign.isspace() or sign < " ":
        return " "
    if sign < "\x80" or "가" <= sign <= "힣":
        return sign
    narrow = unicodedata.normalize("NFKC", sign)
    return narrow if len(narrow) == 1 else sign


def split(block: str) -> list[Span]:
    """Return the sentences of a folded block, with offsets inside it."""
    found: list[Span] = []
    start = 0
    for stop in _STOP.finditer(block):
        piece = block[start : stop.end()]
        if _LIST_NUMBER.fullmatch(piece) or _DATE.search(piece):
            continue
        _keep(found, block, start, stop.end())
        start = stop.end()
    _keep(found, block, start, len(block))
    return found


def _keep(found: list[Span], block: str, start: int, end: int) -> None:
    while start < end and block[start].isspace():
        start += 1
    while end > start and block[end - 1].isspace():
        end -= 1
    if end > start:
        found.append(Span(start, end))
