"""Sentences and clauses of Korean text, with exact offsets.

Laws:
1. A sentence ends at ``.``, ``!``, ``?`` (with the closers that follow) before white
   space, or at a line break (``corpus/GUIDELINES.md`` §1). Nothing is normalised.
2. A stop inside a quotation whose frame goes on (``…한다.” 고 말했다``) ends no sentence.
3. A clause is the longest stretch of a sentence that no coordinate ending with a comma
   and no edge of a quoted utterance divides. Conditionals (~면) and serial verbs (~고 앉은)
   stay with what they govern: a penalty keeps its condition.
4. Sentences and clauses never overlap, and hold no white space at their edges.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from witnessmark.core.span import Span

CLOSERS = "”’\"'」』〉》）)]"
OPENERS = "“‘\"'「『〈《（(["

_STOP = regex.compile(
    r"""
    (?: [!?。]+ | (?<!\d)\.+ | (?<=\d)\.(?!\d) | (?<=[가-힣])\.{2,} )
    [”’"'」』〉》）)\]]*
    (?= \s | \Z )
    (?! [ \t]* (?: 고 | 라고 | 이라고 | 라며 | 이라며 | 며 | 면서 | 라는 | 는 )
        [ \t,] )
    """,
    regex.VERBOSE,
)
_LIST_NUMBER = regex.compile(r"^\s*(?:\d{1,2}|[가-하])\.$")
_LINE = regex.compile(r"[^\r\n\u2028\u2029]+")

_COORDINATE = regex.compile(
    r"""
    (?<= 고|며|나|니|면서|지만|는데|은데|ㄴ데|인데|한데|던데|데요|거든요|고요|
         어서|아서|여서|해서|으로써|도록|건만|다가|자마자|느라|므로|라서|지요|네요|뿐더러|뿐 )
    ,\s+
    | \s*[;·—–]\s+ (?=\S{4})
    | \s*…+\s* (?=[“"'‘가-힣])
    """,
    regex.VERBOSE,
)

_QUOTED = regex.compile(
    r"“(?P<a>[^“”\n]*)”|\"(?P<b>[^\"\n]*)\"|「(?P<c>[^「」\n]*)」|『(?P<d>[^『』\n]*)』"
    r"|‘(?P<e>[^‘’\n]*)’|(?<![\w])'(?P<f>[^'\n]{6,})'"
)
_UTTERANCE_ENDING = regex.compile(
    r"(?:다|요|죠|까|네|라|자|지|나|고|며|면|데|걸|니|게|어|아|해|돼|것|음|함|"
    r"손해|상팔자|낫겠다|이유|때문|낫지|[!?.])[.!?]*$"
)
_MIN_UTTERANCE = 6
"""Shorter quotations are scare quotes (‘부업반’), not utterances (our convention, D)."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quoted stretch.

    Attributes:
        outer: with its quotation marks.
        inner: without them.
        utterance: whether it is speech (a predicate in it), not a name in quotes.
    """

    outer: Span
    inner: Span
    utterance: bool


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if end > start else None


def sentences(text: str) -> tuple[Span, ...]:
    """Return the spans of the sentences of *text*, in order."""
    found: list[Span] = []
    for line in _LINE.finditer(text):
        start = line.start()
        for stop in _STOP.finditer(text, line.start(), line.end()):
            if _LIST_NUMBER.match(text[start : stop.end()]):
                continue
            span = _trimmed(text, start, stop.end())
            if span is not None:
                found.append(span)
            start = stop.end()
        span = _trimmed(text, start, line.end())
        if span is not None:
            found.append(span)
    return tuple(found)


def quotations(text: str) -> tuple[Quotation, ...]:
    """Return the quoted stretches of *text*, in order; none crosses a line break."""
    found: list[Quotation] = []
    for match in _QUOTED.finditer(text):
        group = match.lastgroup or "a"
        inner = Span(*match.span(group))
        words = inner.of(text).strip()
        utterance = (
            len(words) >= _MIN_UTTERANCE
            and " " in words
            and _UTTERANCE_ENDING.search(words) is not None
        )
        found.append(Quotation(Span(*match.span()), inner, utterance))
    return tuple(found)


def clauses(text: str, sentence: Span, quoted: tuple[Quotation, ...]) -> tuple[Span, ...]:
    """Return the clauses of *sentence*, in order (law 3).

    Args:
        text: the whole rendition.
        sentence: one of :func:`sentences`.
        quoted: :func:`quotations` of the same text.
    """
    cuts: set[int] = {sentence.start, sentence.end}
    gaps: list[Span] = []
    for one in quoted:
        if one.utterance and one.outer.overlaps(sentence):
            gaps += [Span(one.outer.start, one.inner.start), Span(one.inner.end, one.outer.end)]
    gaps += [
        Span(*match.span())
        for match in _COORDINATE.finditer(text, sentence.start, sentence.end)
    ]
    pieces: list[Span] = []
    start = sentence.start
    for gap in sorted(gaps):
        if gap.end <= sentence.start or gap.start >= sentence.end or gap.start < start:
            continue
        piece = _trimmed(text, start, gap.start)
        if piece is not None:
            pieces.append(piece)
        start = gap.end
    piece = _trimmed(text, start, max(sentence.end, start))
    if piece is not None:
        pieces.append(piece)
    return tuple(pieces)


def without_frame(text: str, clause: Span) -> Span:
    """Return *clause* without its final stop and without a closing ``고 전했다`` frame."""
    match = _FRAME.search(text, clause.start, clause.end)
    end = match.start() if match is not None else clause.end
    while end > clause.start and text[end - 1] in ".!?。 \t,":
        end -= 1
    return Span(clause.start, end) if end > clause.start else clause


_FRAME = regex.compile(
    r"""
    (?<=다|라|자|냐)
    (?: 고\s(?:말|전|밝|설명|덧붙|지적|주장|증언|털어놓|귀띔|꼬집|회상|기억|토로|했|한다|합니다|답|강조|비판)
      | 는\s것(?:이다|입니다|으로) | 는\s(?:이야기|말|설명|증언) )
    [^“”"]*$
    """,
    regex.VERBOSE,
)
