"""Origins: who spoke first. An echo counts once.

Laws:
1. One report is one origin, however many voices it quotes: they share its reporter.
2. Sources are one origin when a numbered rule joins them; every join says its rule.
3. A party that is accused is an origin of its own: its denial is not the report's.
4. An invented example is no origin.
5. In doubt sources are joined: a missed echo would prove too much, a wrong join
   only proves too little.

Rules:
1. the same text (digest of original or rendition)
2. the same address, or both print the address of one page
3. more than 60 % of the sentences of the shorter text stand in the longer one
4. the same outlet and day in two languages, or one of them a paraphrase
5. one gives the other's outlet as its speaker, or prints its address
6. the same statements (translation, paraphrase): at least 8 in the same order, and 60 % of
   the fewer; or at least 15 in any order, and 80 % of the fewer
7. the same unnamed voice, described in the same words, says the same thing
8. one is a copy of the other, or both are copies of one original
9. both belong to one testimony; testimony is compared with nothing else
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz.distance import LCSseq

from witnessmark.core.canonical import canonical_json, content_id
from witnessmark.core.claim import UNNAMED, Attribution, Predicate, Tier
from witnessmark.core.origin import Origin
from witnessmark.core.source import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.core.source import Source

SHARED_SENTENCES = 0.6
"""Share of the shorter text's sentences above which two texts are one (rule 3)."""
IN_ORDER, LEAST_IN_ORDER = 0.6, 8
"""Share, and number, of statements told in the same order (rule 6). Measured on 25 November
2026: a report, its English and its Korean paraphrase share 0.72-0.88 of 43 and more; of all
pairs of the labelled passages that are not echoes, with 9 statements or more, none over 0.45."""
ANY_ORDER, LEAST_ANY_ORDER = 0.8, 15
"""The same where the order was changed: more statements must agree. Two short witnesses who
confirm each other in a few points stay two."""
SENTENCE_LENGTH = 20
"""Shorter sentences (headlines, bylines) are left out of rule 3."""
VOICE_WORDS = 3
"""A description of fewer words ("a source") says nothing of who it is (rule 7)."""

_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s+|\n+")
_PAGE = re.compile(r"https?://[^\s/]+/[^\s<>]{8,}")
"""The address of a page: a host alone is no page."""
_LABELLED = {
    Predicate.MAKES,
    Predicate.INDICATOR,
    Predicate.SITE_KIND,
    Predicate.OUTPUT_TREND,
    Predicate.WAGE,
}
"""Predicates whose values are the same in every language."""


def origins(
    sources: Sequence[Source], texts: Mapping[str, str], claims: Sequence[Claim]
) -> tuple[Origin, ...]:
    """Return the independent origins of *claims* (pure).

    Args:
        sources: every source, in the order of capture.
        texts: text of each source, by id.
        claims: the claims to share out.
    """
    invented = {source.id for source in sources if source.standing is Standing.INVENTED}
    ids = [source.id for source in sources if source.id not in invented]
    known = {source.id for source in sources}
    ids += sorted({c.source for c in claims if c.source not in known})
    own = {name: [c for c in claims if c.source == name and not _accused(c)] for name in ids}
    joins = _joins([s for s in sources if s.id not in invented], texts, own)
    group_of = _grouped(ids, joins)
    found: dict[str, tuple[list[str], list[str], list[str]]] = {}
    for name in ids:
        found.setdefault(f"report {group_of[name]}", ([], [], []))[0].append(name)
    for left, right, reason in joins:
        found[f"report {group_of[left]}"][2].append(f"{left} and {right}: {reason}")
    for claim in claims:
        if claim.source in invented:
            continue
        if _accused(claim):
            key = f"accused {_voice(claim) or group_of[claim.source]}"
            carried = found.setdefault(key, ([], [], []))
            if claim.source not in carried[0]:
                carried[0].append(claim.source)
        else:
            carried = found[f"report {group_of[claim.source]}"]
        carried[1].append(claim.id)
    return tuple(
        Origin(content_id("o", key), _label(number), tuple(carriers), tuple(carried), tuple(why))
        for number, (key, (carriers, carried, why)) in enumerate(found.items())
    )


def labels_by_claim(groups: Sequence[Origin]) -> dict[str, str]:
    """Return the label of the origin of every claim."""
    return {claim: group.label for group in groups for claim in group.claims}


def shared_sentences(left: str, right: str) -> float:
    """Return which share of the shorter text's sentences stands in the longer one."""
    first, second = _sentences(left), _sentences(right)
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer else 0.0


def _accused(claim: Claim) -> bool:
    return claim.attribution is Attribution.ACCUSED_PARTY


def _voice(claim: Claim) -> str:
    return " ".join(re.findall(r"\w+", claim.speaker.casefold()))


def _statement(claim: Claim) -> str:
    return canonical_json([claim.predicate, claim.value])


def _sentences(text: str) -> set[str]:
    plain = (" ".join(part.casefold().split()) for part in _SENTENCE_END.split(text))
    return {sentence for sentence in plain if len(sentence) >= SENTENCE_LENGTH}


def _joins(
    sources: Sequence[Source], texts: Mapping[str, str], claims: Mapping[str, Sequence[Claim]]
) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for number, right in enumerate(sources):
        for left in sources[:number]:
            # testimony is compared with nothing (law 9): one interview is one origin
            spoken = bool(left.testimony or right.testimony)
            if spoken and left.testimony != right.testimony:
                continue
            same = "one testimony: its words, notes and translations (rule 9)"
            reason = same if spoken else _why_one(left, right, texts, claims)
            if reason:
                found.append((left.id, right.id, reason))
    return found


def _why_one(
    left: Source, right: Source, texts: Mapping[str, str], claims: Mapping[str, Sequence[Claim]]
) -> str:
    """Return the first rule that joins two sources, empty where none does."""
    first, second = texts.get(left.id, ""), texts.get(right.id, "")
    rules = (
        (left.sha256 == right.sha256 or bool(first and first == second), "the same text"),
        (
            bool(left.url and left.url == right.url) or bool(_pages(first) & _pages(second)),
            "the same address",
        ),
        (shared_sentences(first, second) > SHARED_SENTENCES, "most sentences are the same"),
        (_same_report(left, right), "one report in another language or in other words"),
        (
            _rests_on(left, right, second, claims) or _rests_on(right, left, first, claims),
            "one rests on the other",
        ),
        (_same_statements(claims[left.id], claims[right.id]), "the same statements"),
        (
            bool(_voices(claims[left.id]) & _voices(claims[right.id])),
            "the same unnamed voice says the same thing",
        ),
        ((left.copy_of or left.id) == (right.copy_of or right.id), "copies of one original"),
    )
    return next((f"{why} (rule {n})" for n, (holds, why) in enumerate(rules, 1) if holds), "")


def _same_statements(left: Sequence[Claim], right: Sequence[Claim]) -> bool:
    ours, theirs = _told(left), _told(right)
    shared = LCSseq.similarity(ours, theirs)
    if shared >= LEAST_IN_ORDER and shared >= IN_ORDER * min(len(ours), len(theirs)):
        return True
    some, others = set(ours), set(theirs)
    common = len(some & others)
    return common >= LEAST_ANY_ORDER and common >= ANY_ORDER * min(len(some), len(others))


def _told(claims: Sequence[Claim]) -> list[str]:
    """Return what is told, in its order, in a form that a translation keeps.

    Numbers and closed labels stand as they are; phrases differ between languages, so
    only that there is one is kept.
    """
    ordered = sorted(claims, key=lambda c: (c.start, c.end, c.predicate, _statement(c)))
    return [
        _statement(claim)
        if claim.predicate in _LABELLED or not isinstance(claim.value, str)
        else claim.predicate.value
        for claim in ordered
        if claim.tier is Tier.CLAIM
    ]


def _pages(text: str) -> set[str]:
    return {found.rstrip(".,;:)]>\"'") for found in _PAGE.findall(text)}


def _same_report(left: Source, right: Source) -> bool:
    if not (left.outlet and left.outlet.casefold() == right.outlet.casefold()):
        return False
    if not (left.published and left.published == right.published):
        return False
    return left.lang != right.lang or Standing.PARAPHRASE in {left.standing, right.standing}


def _rests_on(
    first: Source, later: Source, text: str, claims: Mapping[str, Sequence[Claim]]
) -> bool:
    if first.url and first.url in text:
        return True
    outlet = first.outlet.casefold()
    if not outlet or outlet == later.outlet.casefold():
        return False
    return any(outlet in claim.speaker.casefold() for claim in claims[later.id])


def _voices(claims: Sequence[Claim]) -> set[tuple[str, str]]:
    return {
        (_voice(claim), _statement(claim))
        for claim in claims
        if claim.attribution in UNNAMED and len(_voice(claim).split()) >= VOICE_WORDS
    }


def _grouped(ids: Sequence[str], joins: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    group = {name: name for name in ids}
    order = {name: number for number, name in enumerate(ids)}
    for left, right, _ in joins:
        first, second = sorted((group[left], group[right]), key=order.__getitem__)
        group = {name: first if root == second else root for name, root in group.items()}
    return group


def _label(number: int) -> str:
    letters = ""
    while number >= 0:
        letters = chr(ord("A") + number % 26) + letters
        number = number // 26 - 1
    return letters
