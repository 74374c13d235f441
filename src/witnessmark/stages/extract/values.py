"""What a rule's match is worth: the value of the claim, and the quote for it.

Laws:
1. A number that cannot be read makes no claim.
2. A rule that asks for a product, place or organisation makes one claim for each that
   stands in its quote, and none where none stands there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from witnessmark.core.claim import MentionType, Predicate
from witnessmark.core.errors import InputError
from witnessmark.core.span import Span
from witnessmark.stages.extract.goods import goods_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from witnessmark.core.claim import Value
    from witnessmark.stages.extract.bounded import Stops
    from witnessmark.stages.extract.language import NumberHook
    from witnessmark.stages.extract.matching import Hit
    from witnessmark.stages.extract.mentions import Named
    from witnessmark.stages.extract.rulefile import Rule

_GROUP = regex.compile(r"\{(\w+)\}")
_EACH = {
    "product": (MentionType.PRODUCT,),
    "place": (MentionType.PLACE, MentionType.COUNTRY),
    "area": (MentionType.PLACE,),
    "organisation": (MentionType.ORG,),
}
_UNIT_AFTER = regex.compile(
    r"[ -]?(?:counties|county|province|city|district|gun|si|township|region)\b", regex.IGNORECASE
)
_NATIVE = regex.compile(r"[\p{Hangul}\p{Han}]")
_SINGULAR = {
    "counties": "county",
    "cities": "city",
    "provinces": "province",
    "districts": "district",
    "prefectures": "prefecture",
    "townships": "township",
}


def values_of(
    rule: Rule,
    hit: Hit,
    sentence: str,
    named: Sequence[Named],
    quoted: str,
    numbers: Mapping[str, NumberHook],
    *,
    narrow: bool,
    container: str,
    folder: str,
    stops: Stops,
) -> Iterator[tuple[Value, str, Span]]:
    """Yield value, what it is about (for places), and quote.

    Args:
        rule: the rule that fired.
        hit: where.
        sentence: the folded sentence.
        named: its mentions, with offsets in the sentence.
        quoted: the quote's words.
        numbers: the language's number hooks.
        narrow: whether a place narrower than a country may be given (never for a
            photographed facility).
        container: the province that the document names before, empty where none.
        folder: rule folder of the language.
        stops: the searches of this reading.

    Raises:
        InputError: the rule names a number hook that the language lacks.
    """
    if rule.each == "goods":
        listed = hit.listed or hit.core
        products = [n for n in named if n.type is MentionType.PRODUCT]
        for name, span in goods_of(listed, sentence, products, folder, stops):
            yield name, "", _hull([hit.verb, span])
        return
    if rule.each:
        everything = [*named, *(part for n in named for part in n.parts)]
        inside = [
            n for n in everything if n.type in _EACH[rule.each] and hit.quote.overlaps(n.span)
        ]
        yield from _each(rule, hit, inside, named, sentence, narrow=narrow, container=container)
        return
    if rule.number:
        if rule.number not in numbers:
            raise InputError(
                f"there is no number hook {rule.number}", where=rule.id, to_do="see the README"
            )
        read = numbers[rule.number](hit.groups, sentence)
        if read is not None:
            yield read, "", hit.quote
        return
    if rule.value == "@quote":
        yield quoted, "", hit.quote
        return
    value = _GROUP.sub(lambda m: hit.groups.get(m.group(1), ""), rule.value).strip()
    if value:
        yield " ".join(value.split()), _bare(hit.groups.get("site", "")), hit.quote


_LEADING = regex.compile(
    r"^(?:(?:in|at|on|from|aboard|into|near|a|an|the|this|that|his|her)\s+)+", regex.IGNORECASE
)


def _bare(site: str) -> str:
    """Return a site as a claim's subject: without preposition and article."""
    return _LEADING.sub("", " ".join(site.split()))


def _each(
    rule: Rule,
    hit: Hit,
    inside: Sequence[Named],
    named: Sequence[Named],
    sentence: str,
    *,
    narrow: bool,
    container: str,
) -> Iterator[tuple[Value, str, Span]]:
    if rule.each == "area":
        inside = [n for n in inside if not n.container]
    elif rule.each != "place":
        for item in inside:
            yield item.norm, "", _hull([hit.verb, item.span])
        return
    places = [n for n in inside if n.type is MentionType.PLACE]
    smaller = [p for p in places if not p.container] or places
    if narrow and smaller:
        quote = _located_quote(hit, smaller, named, sentence)
        within = next((n.norm for n in named if n.container), container)
        for place in smaller:
            name = _full_name(place, within)
            yield name, f"labour camp in {place.norm}", quote
        return
    for item in inside:
        if item.type is MentionType.COUNTRY and rule.predicate is Predicate.LOCATED_IN:
            yield item.norm, "", _located_quote(hit, [item], named, sentence)


def _hull(spans: Sequence[Span]) -> Span:
    return Span(min(s.start for s in spans), max(s.end for s in spans))


def _located_quote(
    hit: Hit, places: Sequence[Named], named: Sequence[Named], sentence: str
) -> Span:
    """Return the site noun with its places and their unit word."""
    quote = _hull([hit.verb, *(place.span for place in places)])
    unit = _UNIT_AFTER.match(sentence, quote.end)
    if unit:
        quote = Span(quote.start, unit.end())
    site = next(
        (n.span for n in named if n.type is MentionType.SITE and n.span.overlaps(quote)), quote
    )
    return _hull([quote, site])


def _full_name(place: Named, within: str) -> str:
    unit = _SINGULAR.get(place.detail, place.detail)
    if unit and place.norm.endswith(unit):
        unit = ""
    name = f"{place.norm}{unit}" if unit.startswith("-") else f"{place.norm} {unit}".strip()
    if not within or place.container or within == place.norm:
        return name
    native = _NATIVE.search(within) is not None or "province" in within.lower()
    return f"{name}, {within}" if native else f"{name}, {within} province"
