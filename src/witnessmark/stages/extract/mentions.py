"""Places, sites, products, organisations and countries that a text names.

Laws:
1. Every occurrence is marked; the longest match first; no two overlap.
2. A name is marked as it stands. Which place is meant is not decided here.
3. A norm says no more than the document does.
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
from witnessmark.store.rulebook import load_rules, rule_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from witnessmark.stages.extract.language import Language
    from witnessmark.stages.extract.segment import Sentence

NAMES_SCHEMA = "witnessmark/extract-names/1"
PRODUCTS_SCHEMA = "witnessmark/products/1"
_GAZETTEER_KINDS = {"province", "county", "city", "district", "town", "region", "special_city"}
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
        parts: places inside the name of a SITE; no mentions of their own.
    """

    span: Span
    type: MentionType
    norm: str
    detail: str = ""
    container: bool = False
    parts: tuple[Named, ...] = ()

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


def mentions(sentences: Sequence[Sentence], language: Language, stops: Stops) -> tuple[Named, ...]:
    """Return every mention of the text, in order, without overlaps."""
    lexical = lexicon(language.folder, language.code)
    found: list[Named] = []
    for sentence in sentences:
        candidates = [
            n.moved(sentence.span.start) for n in _candidates(sentence.folded, lexical, stops)
        ]
        found += chosen(candidates)
    return tuple(found)


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
    for pattern in lexical.organisation_patterns:
        for match in find_all(pattern, folded, stops, "organisation"):
            for span in (Span(*found) for found in match.spans("organisation")):
                yield Named(span, MentionType.ORG, span.of(folded))
    yield from _places(folded, lexical, stops)
    for pattern in lexical.sites:
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
