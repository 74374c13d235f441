"""Chinese text for matching: folding and sentence ends, with exact offsets.

Laws:
1. Folding makes wide signs, stops and quotation marks plain and traditional signs
   simplified, code point for code point: a folded text is exactly as long as the text.
2. A sentence ends at ``。``, ``！``, ``？`` (with the closers that follow) or at the end of
   its block; ``；`` and ``……`` end a clause (``corpus/GUIDELINES.md`` §1).
3. A stop inside a quotation whose frame follows (``“……。”他说。``) ends no sentence;
   neither does the point of a decimal, a Latin abbreviation or a list number.
4. Sentences hold no white space at their edges, do not overlap, and lose no other sign.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import regex

from witnessmark.core.errors import InputError
from witnessmark.core.span import Span
from witnessmark.store.rulebook import load_rules

SCHEMA = "witnessmark/han-signs/1"
_PAIR = 2
"""Signs of a pair in the table: the traditional one and what it is matched as."""

_PLAIN = {
    **dict.fromkeys("“”„«»「」『』〝〞", '"'),
    **dict.fromkeys("‘’ʼ′", "'"),
    **dict.fromkeys("‐‑–", "-"),
    **dict.fromkeys("—―─", ";"),
    **dict.fromkeys("∼〜～˜", "~"),
    **dict.fromkeys("‧․∙•・", "·"),
    "⋯": "…",
    "。": ".",
    "｡": ".",
    "﹐": ",",
}
"""A dash between clauses becomes a semicolon: it ends a clause as one does."""

_NUMERAL = r"[0-9零〇一二两三四五六七八九十百千万]"
_DASH_IN_RANGE = regex.compile(rf"(?<={_NUMERAL});(?={_NUMERAL})")
_STOP_AFTER_LATIN = regex.compile(r"(?<=[0-9A-Za-z])[。｡]")
_VERB = (
    r"(?:说|道|表示|讲|称|回忆|坦言|补充|告诉|写|问|答|喊|哭|笑"
    r"|叹|解释|透露|介绍|指出|认为|强调|追问|苦笑|总结|反问|抱怨|描述|承认|辩称|回应)"
)
_STOP = regex.compile(r"[!?]+|(?<![0-9A-Za-z])\.+|\.(?=\s|\Z)")
_CLOSERS = regex.compile(r"[')\]〉》】]*")
_FRAME = regex.compile(
    rf"[^.!?,;:\"]{{1,30}}?(?:\"[^\"]{{1,12}}\"[^.!?,;:\"]{{0,16}}?)?{_VERB}[^.!?;:\"]{{0,8}}[.!?,;]"
)
_LIST_NUMBER = regex.compile(r"\s*[(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)]?\.")


@cache
def _simplified() -> dict[str, str]:
    content = load_rules("language/han.yaml", SCHEMA)
    pairs = str(content["pairs"]).split()
    wrong = [pair for pair in pairs if len(pair) != _PAIR]
    if wrong:
        raise InputError(
            f"no pair of signs: {wrong[0]}", where="language/han.yaml", to_do="give two signs"
        )
    return {pair[0]: pair[1] for pair in pairs}


def fold(text: str) -> str:
    """Return *text* with plain and simplified signs, code point for code point.

    Example:
        >>> fold("「每天１２小時，」")
        '"每天12小时,"'
    """
    folded = "".join(map(_fold_one, text))
    if ";" in folded:
        folded = _DASH_IN_RANGE.sub("-", folded)
    if "。" in text or "｡" in text:
        for match in _STOP_AFTER_LATIN.finditer(text):
            at = match.start()
            folded = f"{folded[:at]}!{folded[at + 1 :]}" if at < len(folded) else folded
    return folded


@cache
def _fold_one(sign: str) -> str:
    if sign in _PLAIN:
        return _PLAIN[sign]
    if sign.isspace() or sign < " ":
        return " "
    if sign < "\x80":
        return sign
    simple = _simplified().get(sign)
    if simple is not None:
        return simple
    narrow = unicodedata.normalize("NFKC", sign)
    return narrow if len(narrow) == 1 else sign


def split(block: str) -> list[Span]:
    """Return the sentences of a folded block, with offsets inside it."""
    found: list[Span] = []
    start = 0
    marks = counted = 0
    for stop in _STOP.finditer(block):
        if stop.start() < start or _LIST_NUMBER.fullmatch(block, start, stop.end()):
            continue
        marks += block.count('"', counted, stop.end())
        counted = stop.end()
        end = _closed(block, stop.end(), inside=marks % 2 == 1)
        framed_before = ':"' in block[start:end]
        if end > stop.end() and not framed_before and _FRAME.match(block, end):
            continue
        _keep(found, block, start, end)
        start = end
    _keep(found, block, start, len(block))
    return found


def _closed(block: str, end: int, *, inside: bool) -> int:
    """Return where the closers after a stop at *end* end; a mark closes only what is open."""
    end = _CLOSERS.match(block, end).end()  # type: ignore[union-attr]  # it matches nothing too
    if inside and block[end : end + 1] == '"':
        end = _CLOSERS.match(block, end + 1).end()  # type: ignore[union-attr]
    return end


def _keep(found: list[Span], block: str, start: int, end: int) -> None:
    while start < end and block[start].isspace():
        start += 1
    while end > start and block[end - 1].isspace():
        end -= 1
    if end > start:
        found.append(Span(start, end))
