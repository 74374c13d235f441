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

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from witnessmark.core.claim import Value
    from witnessmark.core.span import Span
    from witnessmark.stages.extract.language import NumberHook
    from witnessmark.stages.extract.matching import Hit
    from witnessmark.stages.extract.mentions import Named
    from witnessmark.stages.extract.rulefile import Rule

_GROUP = regex.compile(r"\{(\w+)\}")
_EACH = {
    "product": (MentionType.PRODUCT,),
    "place": (MentionType.PLACE, MentionType.COUNTRY),
    "organisation": (MentionType.ORG,),
}
_CONTAINERS = ("province", "-do", "도")
"""Unit words of the places that contain the others."""


def values_of(
    rule: Rule,
    hit: Hit,
    sentence: str,
    named: Sequence[Named],
    quoted: str,
    numbers: Mapping[str, NumberHook],
    *,
    narrow: bool,
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

    Raises:
        InputError: the rule names a number hook that the language lacks.
    """
    if rule.each:
        inside = [n for n in named if n.type in _EACH[rule.each] and hit.quote.overlaps(n.span)]
        yield from _each(rule, hit, inside, named, sentence, narrow=narrow)
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
        yield " ".join(value.split()), "", hit.quote


def _each(
    rule: Rule,
    hit: Hit,
    inside: Sequence[Named],
    named: Sequence[Named],
    sentence: str,
    *,
    narrow: bool,
) -> Iterator[tuple[Value, str, Span]]:
    del sentence
    if rule.each != "place":
        for item in inside:
            yield item.norm, "", hit.quote
        return
    places = [n for n in inside if n.type is MentionType.PLACE]
    within = next((c for c in named if _contains(c)), None)
    smaller = [p for p in places if not _contains(p)]
    if narrow and (smaller or places):
        for place in smaller or places:
            yield _full_name(place, within), f"labour camp in {place.norm}", hit.quote
        return
    for item in inside:
        if item.type is MentionType.COUNTRY and rule.predicate is Predicate.LOCATED_IN:
            yield item.norm, "", hit.quote


def _contains(place: Named) -> bool:
    return place.type is MentionType.PLACE and place.detail.endswith(_CONTAINERS)


def _full_name(place: Named, within: Named | None) -> str:
    unit = {"counties": "county", "cities": "city", "provinces": "province", "districts": "district"}.get(
        place.detail, place.detail
    )
    name = f"{place.norm}{unit}" if unit.startswith("-") else f"{place.norm} {unit}".strip()
    if within is None or within.span == place.span:
        return name
    container = within.norm if within.norm.endswith("도") else f"{within.norm} province"
    return f"{name}, {container}"
