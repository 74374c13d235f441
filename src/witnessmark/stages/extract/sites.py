"""What sort of site a text speaks of: one claim for what it calls it.

Laws:
1. The kind is the text's own word, normed; a comparison ("feels like a prison") is none.
2. The first naming of a kind is a claim, a later one only where it says more (where it
   is, who is held there), as a candidate; repetitions are not counted again.
3. A naming is a claim where the sentence says that people are held or work, else a
   candidate: a museum in a mill is no site of a case.
4. "The camp", "these sites" take up what was named before and add no kind of their own;
   so do generic plurals ("factories stood still") of sites that are no place of detention.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from witnessmark.core.claim import MentionType, Tier
from witnessmark.core.sitekind import SITE_KINDS, SITE_KINDS_SCHEMA, site_kinds
from witnessmark.core.span import Span
from witnessmark.stages.extract.bounded import Stops, compiled, find, find_all
from witnessmark.stages.extract.mentions import lexicon, site_kind
from witnessmark.stages.extract.rulefile import SITES_SCHEMA, Pattern, expand, fragments
from witnessmark.store.rulebook import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from witnessmark.stages.extract.language import Language
    from witnessmark.stages.extract.mentions import Named
    from witnessmark.stages.extract.segment import Sentence


@dataclass(frozen=True, slots=True)
class SiteHit:
    """A naming of a kind of site (offsets in the sentence)."""

    quote: Span
    kind: str
    tier: Tier
    score: float


@dataclass(frozen=True, slots=True)
class SiteWords:
    """The words by which a language speaks of sites, compiled."""

    claims: tuple[tuple[Pattern, str], ...]
    telling: Pattern
    unless: Pattern
    taken_up: Pattern
    generic: Pattern
    introduces: Pattern
    working: Pattern


@cache
def site_words(folder: str) -> SiteWords:
    """Return the words by which the language *folder* speaks of sites."""
    name = f"{folder}/sites.yaml"
    data = load_rules(name, SITES_SCHEMA)
    local = fragments(folder)

    def one(text: str) -> Pattern:
        return compiled(expand(text, local, name), name)

    return SiteWords(
        tuple((one(row["pattern"]), row["kind"]) for row in data.get("claims", ())),
        one(data["telling"]),
        one(data["unless"]),
        one(data.get("taken_up", "(?!)")),
        one(data.get("generic", "(?!)")),
        one(data.get("introduces", "")),
        one(data.get("working", "")),
    )


class SiteReader:
    """Reads a document's sentences in order and remembers which kinds were named."""

    def __init__(self, language: Language, stops: Stops, *, held: bool) -> None:
        """Start with no kind named; *held*: whether people are held in this document."""
        self._words = site_words(language.folder)
        self._lexicon = lexicon(language.folder, language.code)
        self._stops = stops
        self._seen: set[tuple[str, str]] = set()
        self._held = held

    def read(self, sentence: Sentence, named: Sequence[Named], subject: str) -> Iterator[SiteHit]:
        """Yield the site kinds that *sentence* states."""
        folded = sentence.folded
        if find(self._words.unless, folded, self._stops, "site unless"):
            return
        telling = find(self._words.telling, folded, self._stops, "site telling") is not None
        working = find(self._words.working, folded, self._stops, "site working") is not None
        local = [
            (n.span.shifted(-sentence.span.start), n.detail)
            for n in named
            if n.type is MentionType.SITE and n.detail
        ]
        if self._held:
            for pattern, kind in self._words.claims:
                for match in find_all(pattern, folded, self._stops, "site claims"):
                    span = Span(*match.span())
                    if not any(span.overlaps(other) for other, _ in local):
                        local.append((span, site_kind(match.group(), self._lexicon) or kind))
        for span, kind in sorted(local):
            if find(self._words.generic, folded[span.start :], self._stops, "site generic"):
                continue
            first = (kind, subject) not in self._seen
            known = any(about == subject for _, about in self._seen)
            taken_up = known and bool(self._words.taken_up.search(span.of(folded)))
            if subject and known and not self._words.introduces.match(folded, span.start):
                continue
            first = first and not taken_up
            if not first and not telling:
                continue
            self._seen.add((kind, subject))
            sure = first and (working or bool(subject))
            tier = Tier.CLAIM if sure else Tier.CANDIDATE
            yield SiteHit(span, kind, tier, 0.8 if sure else 0.5)


@cache
def several(kind: str) -> str:
    """Return what several sites of *kind* are called."""
    known = site_kinds(load_rules(SITE_KINDS, SITE_KINDS_SCHEMA))
    return known[kind].label_plural
