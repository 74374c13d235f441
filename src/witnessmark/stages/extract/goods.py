"""Goods that no lexicon lists: noun phrases that a text says are made.

Laws:
1. Only a frame that says plainly that things are made opens them (rules with
   ``each: goods`` and a group ``goods``); the words in the group are a list of nouns.
2. The value is the noun phrase as printed, without article, number and place; where the
   phrase names a product of the lexicon, the value is that product.
3. What is made in idioms (mistakes, ends, a living) is no goods.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from witnessmark.core.span import Span
from witnessmark.stages.extract.bounded import Stops, compiled, find
from witnessmark.stages.extract.rulefile import Pattern, expand, fragments, language_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from witnessmark.stages.extract.mentions import Named

MOST_WORDS = 5
"""Words of the longest noun phrase that is taken for goods."""


def goods_of(
    listed: Span, sentence: str, products: Sequence[Named], folder: str, stops: Stops
) -> Iterator[tuple[str, Span]]:
    """Yield norm and place of every kind of goods in the stretch *listed* of *sentence*."""
    words = goods_words(folder)
    start = listed.start
    cuts = [m.span() for m in words["between"].finditer(sentence, listed.start, listed.end)]
    for left, right in [*cuts, (listed.end, listed.end)]:
        span = Span(start, max(start, left))
        start = right
        known = [n for n in products if span.overlaps(n.span)]
        if known:
            for product in known:
                yield product.norm, product.span
            continue
        phrase = find(words["phrase"], sentence[span.start : span.end], stops, "goods")
        if phrase is None:
            continue
        found = Span(*phrase.span("goods")).shifted(span.start)
        text = found.of(sentence)
        if len(text.split()) <= MOST_WORDS and not words["never"].search(text):
            yield _singular(" ".join(text.lower().split()), folder), found


_NO_PLURALS = ("ss", "us", "is", "jeans", "trousers", "clothes", "sportswear")


def _singular(name: str, folder: str) -> str:
    """Return the name of goods in the singular, as the lexicon gives products."""
    if not folder.endswith("/en") or name.endswith(_NO_PLURALS):
        return name
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    if name.endswith(("shes", "ches", "xes", "sses")):
        return name[:-2]
    return name.removesuffix("s")


@cache
def goods_words(folder: str) -> Mapping[str, Pattern]:
    """Return the words by which a language lists goods (``language.yaml``, ``goods``)."""
    data = language_data(folder).get("goods", {})
    local = fragments(folder)
    where = f"{folder}/language.yaml"
    return {
        name: compiled(expand(str(data.get(name, "(?!)")), local, where), where)
        for name in ("between", "phrase", "never")
    }
