"""Where a claim rule fires in a sentence, and how far its quote goes.

Laws:
1. The quote lies inside one sentence and is the shortest stretch of whole clauses
   that holds what the rule found.
2. Matching looks at folded text only; offsets come out in the sentence's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.span import Span
from witnessmark.stages.extract.bounded import Stops, find, find_all

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        groups: named groups of the match.
    """

    core: Span
    quote: Span
    groups: Mapping[str, str]


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
    for core, groups in cores:
        quote = trimmed(sentence, grown(sentence, core, rule.extend, clause_ends))
        if len(quote):
            yield Hit(core, quote, groups)


def _cores(rule: Rule, sentence: str, stops: Stops) -> Iterator[tuple[Span, dict[str, str]]]:
    if not rule.together:
        for match in find_all(rule.patterns[0], sentence, stops, rule.id):
            name = "quote" if match.groupdict().get("quote") else 0
            start, end = match.span(name)
            if end > start:
                yield Span(start, end), _named(match.groupdict())
        return
    groups: dict[str, str] = {}
    places: list[list[Span]] = []
    for pattern in rule.patterns:
        found = list(find_all(pattern, sentence, stops, rule.id))
        if not found:
            return
        for match in found[:1]:
            groups |= _named(match.groupdict())
        places.append([Span(m.start(), m.end()) for m in found])
    core = _closest(places)
    if 0 < len(core) <= rule.span:
        yield core, groups


def _named(groups: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in groups.items() if text}


def _closest(places: list[list[Span]]) -> Span:
    """Return the shortest stretch found by taking each first place and its nearest fellows."""
    best = Span(0, 0)
    for first in places[0]:
        start, end = first.start, first.end
        for others in places[1:]:
            near = min(others, key=lambda o: max(end, o.end) - min(start, o.start))
            start, end = min(start, near.start), max(end, near.end)
        if not len(best) or end - start < len(best):
            best = Span(start, end)
    return best


def grown(sentence: str, core: Span, extend: str, clause_ends: Pattern) -> Span:
    """Return *core* grown to the ends of its clause, on the sides that *extend* names."""
    start, end = core.start, core.end
    if extend in {"clause", "left"}:
        start = max((m.end() for m in clause_ends.finditer(sentence, 0, start)), default=0)
    if extend in {"clause", "right"}:
        following = clause_ends.search(sentence, end)
        end = following.start() if following else len(sentence)
    return Span(start, end)


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
