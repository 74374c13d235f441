"""Where a claim rule fires in a sentence, and how far its quote goes.

Laws:
1. The quote lies inside one sentence and is the shortest stretch of whole clauses
   that holds what the rule found.
2. Matching looks at folded text only; offsets come out in the sentence's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.span import Span
from witnessmark.stages.extract.bounded import Stops, find, find_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import regex

    from witnessmark.stages.extract.rulefile import Pattern, Rule


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rule may look at besides its sentence.

    Attributes:
        paragraph: folded text of the paragraph.
        before: folded text of the two sentences before.
        contexts: names of the contexts that hold, None to take all as holding (in tests
            of single sentences).
    """

    paragraph: str = ""
    before: str = ""
    contexts: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule fired.

    Attributes:
        core: what the patterns covered.
        quote: core grown to its clause.
        verb: the group ``verb``, or the anchor of an ``all`` rule, else the core.
        groups: named groups of the match.
        listed: where the group ``goods`` stands, None where there is none.
    """

    core: Span
    quote: Span
    verb: Span
    groups: Mapping[str, str]
    listed: Span | None = None


@dataclass(frozen=True, slots=True)
class _Core:
    span: Span
    verb: Span
    groups: dict[str, str]
    listed: Span | None = None


TRIMMED_LEFT = " \t\"'([{,;:|-*•"
TRIMMED_RIGHT = " \t\"'([{,;:|-.!?"
_CLOSERS = {")": "(", "]": "["}


def hits(
    rule: Rule, sentence: str, around: Surroundings, clause_ends: Pattern, stops: Stops
) -> Iterator[Hit]:
    """Yield every place where *rule* fires in the folded *sentence*."""
    if around.contexts is not None and not set(rule.context) <= around.contexts:
        return
    cores = list(_cores(rule, sentence, stops))
    if not cores:
        return
    if rule.before is not None and find(rule.before, around.before, stops, rule.id) is None:
        return
    field = around.paragraph if rule.paragraph and around.paragraph else sentence
    if any(find(need, field, stops, rule.id) is None for need in rule.needs):
        return
    if any(find(bar, field, stops, rule.id) is not None for bar in rule.unless):
        return
    for core in cores:
        quote = trimmed(sentence, grown(sentence, core.span, rule.extend, clause_ends))
        if len(quote):
            yield Hit(core.span, quote, core.verb, core.groups, core.listed)


def _cores(rule: Rule, sentence: str, stops: Stops) -> Iterator[_Core]:
    if not rule.together:
        for match in find_all(
            rule.patterns[0],
            sentence,
            stops,
            rule.id,
            overlapped=bool(rule.each) and rule.each != "goods",
        ):
            named = match.groupdict()
            start, end = match.span("quote" if named.get("quote") else 0)
            verb = Span(*match.span("verb")) if named.get("verb") else Span(start, end)
            listed = Span(*match.span("goods")) if named.get("goods") else None
            if end > start:
                yield _Core(Span(start, end), verb, _named(named), listed)
        return
    found: list[list[regex.Match[str]]] = []
    # the later patterns first: they are plain words, and most sentences lack them
    for pattern in reversed(rule.patterns):
        found.insert(0, list(find_all(pattern, sentence, stops, rule.id)))
        if not found[0]:
            return
    for anchor in found[0]:
        core, groups = Span(*anchor.span()), _named(anchor.groupdict())
        for others in found[1:]:
            near = min(others, key=lambda other: len(_hull(core, other)))
            core = _hull(core, near)
            groups = _named(near.groupdict()) | groups
        if 0 < len(core) <= rule.span:
            focus = Span(*anchor.span())
            yield _Core(focus if rule.focus else core, focus, groups)


def _hull(core: Span, match: regex.Match[str]) -> Span:
    return Span(min(core.start, match.start()), max(core.end, match.end()))


def _named(groups: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in groups.items() if text}


def grown(sentence: str, core: Span, extend: str, clause_ends: Pattern) -> Span:
    """Return *core* grown to the ends of its clause, on the sides that *extend* names."""
    start, end = core.start, core.end
    if extend in {"clause", "left"}:
        start = max((m.end() for m in clause_ends.finditer(sentence, 0, start)), default=0)
    if extend in {"clause", "right"}:
        following = clause_ends.search(sentence, end)
        end = following.start() if following else len(sentence)
    return Span(start, end)


def whole_words(sentence: str, span: Span) -> Span:
    """Return *span* grown so that it begins and ends at no inside of a word."""
    start, end = span.start, span.end
    while 0 < start < end and _in_word(sentence, start):
        start -= 1
    while start < end < len(sentence) and _in_word(sentence, end):
        end += 1
    return Span(start, end)


def _in_word(sentence: str, at: int) -> bool:
    """Return whether the signs before and after *at* belong to one word."""
    left, right = sentence[at - 1], sentence[at]
    if left.isalnum() and right.isalnum():
        return True
    apostrophe = left == "'" and right.isalnum() and at > 1 and sentence[at - 2].isalnum()
    return apostrophe or (left.isalnum() and right == "'" and sentence[at + 1 : at + 2].isalnum())


def trimmed(sentence: str, span: Span) -> Span:
    """Return *span* without marks and spaces at its ends; brackets stay in pairs."""
    start, end = span.start, span.end
    while start < end and sentence[start] in TRIMMED_LEFT:
        start += 1
    while end > start and sentence[end - 1] in TRIMMED_RIGHT:
        end -= 1
    inside = sentence[start:end]
    if end > start and inside[-1] in _CLOSERS and _CLOSERS[inside[-1]] not in inside:
        end -= 1
    return Span(start, end)
