"""Places, sites, products, organisations and countries that a text names.

Laws:
1. Every occurrence is marked; the longest match first; no two overlap.
2. A name is marked as it stands. Which place is meant is not decided here.
3. A norm says no more than the document does.
4. Where a language has a tagger, it alone decides what is marked; what only the patterns
   see is kept for the claim rules, silent, and is no mention.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import regex

from witnessmark.core.claim import MentionType
from witnessmark.core.errors import InputError
from witnessmark.core.span import Span
from witnessmark.stages.extract.bounded import Stops, compiled, find_all
from witnessmark.stages.extract.languages import language
from witnessmark.stages.extract.rulefile import (
    SITES_SCHEMA,
    Pattern,
    expand,
    fragments,
    language_data,
)
from witnessmark.stages.extract.tagger_words import (
    ORG_CUE,
    PLACE_CUE,
    SITE,
    WordLists,
    singular,
    word_lists,
)
from witnessmark.stages.extract.tagging import tag
from witnessmark.store.rulebook import load_rules, rule_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from witnessmark.stages.extract.language import Language
    from witnessmark.stages.extract.segment import Sentence

NAMES_SCHEMA = "witnessmark/extract-names/1"
PRODUCTS_SCHEMA = "witnessmark/products/1"
_GAZETTEER_KINDS = {"province", "county", "city", "district", "town", "region", "special_city"}
TAGGED = frozenset({"en"})
"""Languages that have weights of their own (``rules/extract/mentions``)."""

_NORM_BY_PATTERN = frozenset({MentionType.PLACE, MentionType.SITE})

_SHORTEST_NAME = 4
"""Latin letters; shorter gazetteer names are common words too often."""


@dataclass(frozen=True, slots=True)
class Named:
    """A mention before it gets its id.

    Attributes:
        span: where it stands in the text.
        type: what it names.
        norm: normal form.
        detail: site kind of a SITE, unit word of a PLACE, else empty.
        container: whether a PLACE is one that contains others (a province).
        parts: places inside the name of a SITE; no mentions of their own, unless the SITE
            is silent.
        silent: seen for the claim rules only.
    """

    span: Span
    type: MentionType
    norm: str
    detail: str = ""
    container: bool = False
    parts: tuple[Named, ...] = ()
    silent: bool = False

    def moved(self, by: int) -> Named:
        """Return it with its offsets moved *by* code points."""
        parts = tuple(part.moved(by) for part in self.parts)
        return replace(self, span=self.span.shifted(by), parts=parts)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The names of a language, compiled."""

    products: tuple[Pattern, dict[str, str]]
    countries: tuple[Pattern, dict[str, str]]
    organisations: tuple[Pattern, dict[str, str]]
    organisation_patterns: tuple[Pattern, ...]
    places: tuple[Pattern, ...]
    gazetteer: tuple[Pattern, dict[str, str]]
    not_places: Pattern
    containers: Pattern
    sites: tuple[Pattern, ...]
    kinds: tuple[tuple[Pattern, str], ...]


def _table(forms: dict[str, str], code: str, *, cased: bool) -> tuple[Pattern, dict[str, str]]:
    """Return one pattern over all *forms*, longest first, and what each form means."""
    if not forms:
        return compiled(r"(?!)", "empty"), {}
    ordered = sorted(forms, key=lambda form: (-len(form), form))
    body = "|".join(regex.escape(form) for form in ordered)
    body = f"(?-i:{body})" if cased else body
    bounds = rf"(?<![\w'])(?:{body})(?![\w])" if code == "en" else f"(?:{body})"
    return compiled(bounds, "names"), {
        form if cased else form.lower(): forms[form] for form in forms
    }


@cache
def lexicon(folder: str, code: str) -> Lexicon:
    """Return the names of the language *code*, from its folder and the shared tables."""
    products = load_rules("products/products.yaml", PRODUCTS_SCHEMA)["products"]
    sites = load_rules(f"{folder}/sites.yaml", SITES_SCHEMA)
    data = language_data(folder)
    local = fragments(folder)
    where = f"{folder}/language.yaml"

    def forms(name: str) -> dict[str, str]:
        content = load_rules(f"{folder}/{name}.yaml", NAMES_SCHEMA)
        return {form: row["norm"] for row in content["names"] for form in row["forms"]}

    def many(texts: Sequence[str]) -> tuple[Pattern, ...]:
        return tuple(compiled(expand(text, local, where), where) for text in texts)

    organisations = load_rules(f"{folder}/organisations.yaml", NAMES_SCHEMA)
    return Lexicon(
        _table(_products(products, code), code, cased=False),
        _table(forms("countries"), code, cased=True),
        _table(forms("organisations"), code, cased=True),
        many(organisations.get("patterns", ())),
        many(data["place_patterns"]),
        _table(_gazetteer(code), code, cased=True),
        compiled(expand(data["not_places"], local, where), where),
        compiled(expand(data.get("containers", "(?!)"), local, where), where),
        many(sites["mentions"]),
        tuple((compiled("|".join(row["nouns"]), where), row["kind"]) for row in sites["sites"]),
    )


def _products(rows: Sequence[Mapping[str, Any]], code: str) -> dict[str, str]:
    """Return norm by form; one Chinese sign alone (网, 砖) is part of too many words."""
    return {
        form: row["norm"] for row in rows for form in row[code] if code != "zh" or len(form) > 1
    }


def _gazetteer(code: str) -> dict[str, str]:
    """Return the North Korean place names in the script of *code*, if the table is there."""
    try:
        content = rule_bytes("gazetteer/places.csv").decode()
    except InputError:
        return {}
    found: dict[str, str] = {}
    spoken = language(code)
    for row in csv.DictReader(line for line in io.StringIO(content) if not line.startswith("#")):
        if row["country"] != "KP" or row["kind"] not in _GAZETTEER_KINDS:
            continue
        names = [row["latin"], row["native"], *row["variants"].split(";")]
        for name in (spoken.fold(name.strip()) if spoken else name.strip() for name in names):
            latin = name.isascii() and name[:1].isupper() and len(name) >= _SHORTEST_NAME
            native = bool(name) and not name.isascii() and len(name) > 2  # noqa: PLR2004 - with its unit
            if latin if code == "en" else native:
                found[name] = name
    return found


def shown(named: Sequence[Named]) -> Iterator[Named]:
    """Yield those of *named* that are mentions, in order."""
    for item in named:
        if item.silent:
            yield from (part for part in item.parts if not part.silent)
        else:
            yield item


def mentions(sentences: Sequence[Sentence], language: Language, stops: Stops) -> tuple[Named, ...]:
    """Return what the text names, in order, without overlaps; ``shown`` gives the mentions."""
    lexical = lexicon(language.folder, language.code)
    if language.code in TAGGED:
        return tuple(_tagged(sentences, language, lexical, stops))
    found: list[Named] = []
    for sentence in sentences:
        candidates = [
            n.moved(sentence.span.start) for n in _candidates(sentence.folded, lexical, stops)
        ]
        found += chosen(candidates)
    return tuple(found)


def _tagged(
    sentences: Sequence[Sentence], language: Language, lexical: Lexicon, stops: Stops
) -> Iterator[Named]:
    """Yield what the tagger marks, joined with what the patterns see."""
    lists = word_lists(language.folder, language.code)
    found = tag(sentences, language.folder, language.code)
    at = 0
    for number, sentence in enumerate(sentences):
        by, end = sentence.span.start, sentence.span.end
        marked: list[Named] = []
        while at < len(found.chosen) and found.chosen[at].start < end:
            item = found.chosen[at]
            words = sentence.folded[item.start - by : item.end - by]
            marked.append(
                _named(Span(item.start - by, item.end - by), item.type, words, lists, lexical)
            )
            at += 1
        seen = [
            Named(Span(start - by, stop - by), MentionType.PRODUCT, norm, silent=True)
            for start, stop, norm in found.goods[number]
        ]
        seen += (
            replace(n, silent=True)
            for n in _patterned(sentence.folded, lexical, stops, found.cues[number])
        )
        yield from (n.moved(by) for n in joined(marked, chosen(seen)))


def _named(span: Span, kind: MentionType, words: str, lists: WordLists, lexical: Lexicon) -> Named:
    if kind is MentionType.SITE:
        known = site_kind(words, lexical)
        return Named(span, kind, known or words, known)
    if kind is MentionType.PRODUCT:
        return Named(span, kind, _good_norm(words, lists))
    if kind is MentionType.PLACE and lists.names.get(words) == ("country",):
        kind = MentionType.COUNTRY  # a name that no place but a country has
    if kind is MentionType.PLACE:
        name, _, unit = words.rpartition(" ")
        if name and unit in lists.classes["place_units"]:
            return Named(span, kind, name, unit, bool(lexical.containers.fullmatch(words)))
        return Named(span, kind, words, container=bool(lexical.containers.fullmatch(words)))
    return Named(span, kind, lists.norms.get(words) or lists.norms.get(words.title()) or words)


def _good_norm(words: str, lists: WordLists) -> str:
    low = words.casefold().split()
    for cut in range(len(low)):
        norm = lists.products.get(" ".join(low[cut:]))
        if norm is not None:
            return norm
    return " ".join([*low[:-1], singular(low[-1])])


def joined(marked: Sequence[Named], seen: Sequence[Named]) -> list[Named]:
    """Return the *marked* with what the *seen* know of them, and the seen that stand apart.

    A seen site that holds marked places keeps them as its parts.
    """
    result: list[Named] = []
    rest = list(marked)
    for item in seen:
        over = [n for n in rest if n.span.overlaps(item.span)]
        same = next((n for n in over if n.type is item.type), None)
        if not over:
            result.append(item)
        elif same is not None:
            rest[rest.index(same)] = replace(
                same,
                norm=item.norm if item.type in _NORM_BY_PATTERN and item.norm else same.norm,
                detail=item.detail or same.detail,
                container=item.container or same.container,
                parts=same.parts or item.parts,
            )
        elif item.type is MentionType.SITE and all(item.span.contains(n.span) for n in over):
            rest = [n for n in rest if n not in over]
            result.append(replace(item, parts=tuple(over)))
        else:
            for n in over:
                if n.type is MentionType.SITE and n.span.contains(item.span) and not n.parts:
                    rest[rest.index(n)] = replace(n, parts=(item,))
    return sorted([*result, *rest], key=lambda n: n.span.start)


def chosen(candidates: Sequence[Named]) -> list[Named]:
    """Return the longest *candidates* that do not overlap, in order of start."""
    order = {kind: rank for rank, kind in enumerate(MentionType)}
    taken: list[Named] = []
    for named in sorted(
        candidates, key=lambda n: (-len(n.span), n.span.start, order[n.type], not n.detail)
    ):
        if any(named.span.overlaps(other.span) for other in taken):
            continue
        if named.type is MentionType.SITE:
            inside = {
                other.span: other
                for other in candidates
                if other.type is MentionType.PLACE and named.span.contains(other.span)
            }
            named = replace(named, parts=tuple(inside.values()))  # noqa: PLW2901 - the same, more fully
        taken.append(named)
    return sorted(taken, key=lambda named: named.span.start)


def _candidates(folded: str, lexical: Lexicon, stops: Stops) -> Iterator[Named]:
    tables = (
        (MentionType.PRODUCT, lexical.products, False),
        (MentionType.COUNTRY, lexical.countries, True),
        (MentionType.ORG, lexical.organisations, True),
        (MentionType.PLACE, lexical.gazetteer, True),
    )
    for kind, (pattern, forms), cased in tables:
        for match in find_all(pattern, folded, stops, kind.value):
            form = match.group() if cased else match.group().lower()
            container = kind is MentionType.PLACE and bool(lexical.containers.fullmatch(form))
            norm = forms.get(form, match.group())
            yield Named(Span(*match.span()), kind, norm, container=container)
    yield from _patterned(folded, lexical, stops)


def _patterned(
    folded: str, lexical: Lexicon, stops: Stops, cues: int = PLACE_CUE | ORG_CUE | SITE
) -> Iterator[Named]:
    for pattern in lexical.organisation_patterns if cues & ORG_CUE else ():
        for match in find_all(pattern, folded, stops, "organisation"):
            for span in (Span(*found) for found in match.spans("organisation")):
                yield Named(span, MentionType.ORG, span.of(folded))
    if cues & PLACE_CUE:
        yield from _places(folded, lexical, stops)
    for pattern in lexical.sites if cues & SITE else ():
        for match in find_all(pattern, folded, stops, "site"):
            span = Span(*match.span("site"))
            known = site_kind(span.of(folded), lexical)
            if known:
                yield Named(span, MentionType.SITE, known, known)


def _places(folded: str, lexical: Lexicon, stops: Stops) -> Iterator[Named]:
    for pattern in lexical.places:
        for match in find_all(pattern, folded, stops, "place"):
            unit = (match.groupdict().get("unit") or "").lower()
            for start, end in match.spans("place"):
                name = folded[start:end]
                if not lexical.not_places.fullmatch(name):
                    container = bool(lexical.containers.fullmatch(f"{name} {unit}".strip()))
                    yield Named(Span(start, end), MentionType.PLACE, name, unit, container)


def site_kind(words: str, lexical: Lexicon) -> str:
    """Return the kind of site that *words* name, else empty."""
    return next((kind for pattern, kind in lexical.kinds if pattern.search(words)), "")
