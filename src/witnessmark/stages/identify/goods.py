"""Which goods a case speaks of, and the headings that each may fall under.

Laws:
1. A heading is a candidate with its condition and code; nothing here classifies.
2. A good that the lexicon does not know is kept, without a heading.
3. Food that rewards a worker is no product: it is left out unless somebody makes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from witnessmark.core.actor import HeadingCandidate, ProductReading
from witnessmark.core.canonical import content_id
from witnessmark.core.claim import Claim, Mention, MentionType, Predicate
from witnessmark.core.provenance import Code
from witnessmark.store.rulebook import load_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.stages.identify.document import Document

SCHEMA = "witnessmark/products/1"
_NOT_GOODS = frozenset({Predicate.REWARD, Predicate.WAGE, Predicate.BRIBE})


@dataclass(frozen=True, slots=True)
class Good:
    """One entry of the lexicon."""

    norm: str
    label: str
    headings: tuple[HeadingCandidate, ...]


@cache
def load_goods() -> dict[str, Good]:
    """Return the lexicon, by norm and by every surface form in lower case.

    Raises:
        InputError: the rule file is missing or has another schema.
    """
    entries: list[dict[str, Any]] = load_rules("products/products.yaml", SCHEMA)["products"]
    goods: dict[str, Good] = {}
    for entry in entries:
        headings = tuple(
            HeadingCandidate(
                str(row["heading"]), str(row["title"]), str(row["condition"]), Code(row["code"])
            )
            for row in entry["headings"]
        )
        good = Good(str(entry["norm"]), str(entry["label"]), headings)
        for form in (good.norm, good.label, *entry["en"], *entry["ko"], *entry["zh"]):
            goods.setdefault(str(form).lower(), good)
    return goods


def good_of(words: str) -> Good:
    """Return the good that *words* (a norm or a surface form) name.

    Example:
        >>> good_of("wig (HS 6704)").headings[0].heading
        '6704'
    """
    bare = words.partition(" (")[0].strip()
    known = load_goods()
    found = known.get(words.strip().lower()) or known.get(bare.lower())
    return found if found is not None else Good(bare, bare, ())


@dataclass(slots=True)
class _Gathered:
    good: Good
    surfaces: dict[str, None] = field(default_factory=dict)
    mentions: dict[str, None] = field(default_factory=dict)
    claims: dict[str, None] = field(default_factory=dict)


def read_products(documents: Sequence[Document]) -> tuple[ProductReading, ...]:
    """Return the goods of the case: those somebody makes first, each in order of appearance."""
    gathered: dict[str, _Gathered] = {}
    for document in documents:
        for claim in document.claims:
            if claim.predicate is Predicate.MAKES and isinstance(claim.value, str):
                good = good_of(claim.value)
                gathered.setdefault(good.norm, _Gathered(good)).claims[claim.id] = None
    for document in documents:
        for mention in document.mentions:
            if mention.type is not MentionType.PRODUCT:
                continue
            good = _good_of_mention(mention)
            if good.norm not in gathered and _is_given(mention, document.claims):
                continue
            entry = gathered.setdefault(good.norm, _Gathered(good))
            entry.surfaces[mention.quote] = None
            entry.mentions[mention.id] = None
    return tuple(
        ProductReading(
            id=content_id("g", norm),
            label=entry.good.label,
            norm=norm,
            surfaces=tuple(entry.surfaces),
            mentions=tuple(entry.mentions),
            claims=tuple(entry.claims),
            headings=entry.good.headings,
        )
        for norm, entry in gathered.items()
    )


def _good_of_mention(mention: Mention) -> Good:
    for words in (mention.norm, mention.quote):
        good = good_of(words)
        if good.headings:
            return good
    return good_of(mention.norm or mention.quote)


def _is_given(mention: Mention, claims: Sequence[Claim]) -> bool:
    return any(
        claim.predicate in _NOT_GOODS and claim.span.contains(mention.span) for claim in claims
    )
