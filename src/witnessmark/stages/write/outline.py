"""The outline of a dossier: every section's rows, made from the material.

Law: pure; each section's own module decides, this one only puts them in order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.claim import Modality, Predicate
from witnessmark.core.provenance import INVENTED, PARAPHRASE
from witnessmark.core.source import Standing
from witnessmark.stages.write.atlas import Chart, chart_of
from witnessmark.stages.write.clauses import clause_of, joined
from witnessmark.stages.write.exhibits import Exhibit, Pair, exhibits_of, fact_key, pairs_of
from witnessmark.stages.write.fulltext import FullText, full_texts_of
from witnessmark.stages.write.lead import lead_of
from witnessmark.stages.write.matrix import Matrix, matrix_of
from witnessmark.stages.write.mechanism import Mechanism, mechanism_of
from witnessmark.stages.write.origins import count_words, source_labels
from witnessmark.stages.write.scale import Bar, bars_of, stale_figures
from witnessmark.stages.write.sentences import Desk, Sentence, all_sentences
from witnessmark.stages.write.sites import (
    Site,
    photographed,
    place_words,
    product_words,
    sites_of,
)
from witnessmark.stages.write.traps import Trap, traps_for
from witnessmark.stages.write.unknowns import (
    NamedGap,
    UnknownGroup,
    named_gaps,
    named_things,
    unknowns_of,
)
from witnessmark.stages.write.wording import Names, value_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.finding import IndicatorFinding
    from witnessmark.core.interval import Interval
    from witnessmark.core.source import CustodyEntry
    from witnessmark.stages.write.material import Material
    from witnessmark.stages.write.phrasebook import Phrasebook

LANGUAGES = {"en": "English", "ko": "Korean", "zh": "Chinese"}
YEAR = re.compile(r"(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?")
WIDE_MAP = (760, 470, 14.0)
NARROW_MAP = (354, 380, 13.0)
PRODUCTS_IN_TITLE = 4


@dataclass(frozen=True, slots=True)
class Labelled:
    """Words that state a fact, with the claims they rest on."""

    words: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A heading with its sentences."""

    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A date of the timeline."""

    when: str
    words: str
    claims: tuple[str, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """An indicator, and whether it rests on a rejected claim."""

    row: IndicatorFinding
    stale: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """Every section's rows; the names are those of the template."""

    headline: Labelled
    names: Names
    origins: dict[str, str]
    origin_words: str
    log_state: str
    standing_lines: tuple[tuple[str, str], ...]
    lead: tuple[Sentence, ...]
    lead_notes: tuple[int, ...]
    unknown: tuple[UnknownGroup, ...]
    gaps: tuple[NamedGap, ...]
    themes: tuple[Told, ...]
    denials: tuple[Sentence, ...]
    sites: tuple[Site, ...]
    photo_site: Labelled | None
    countries: frozenset[str]
    chart_wide: Chart | None
    chart_narrow: Chart | None
    timeline: tuple[Moment, ...]
    works: Mechanism | None
    bars: tuple[Bar, ...]
    stale: tuple[Interval, ...]
    traps: tuple[Trap, ...]
    indicators: tuple[Sign, ...]
    contrary: tuple[IndicatorFinding, ...]
    law: Matrix
    replies: tuple[tuple[str, tuple[str, ...], tuple[int, ...]], ...]
    pairs: tuple[Pair, ...]
    pair_langs: tuple[str, str]
    parallels: dict[int, tuple[Exhibit, ...]]
    exhibits: tuple[Exhibit, ...]
    full_texts: tuple[FullText, ...]


def outline_of(material: Material, book: Phrasebook) -> Outline:
    """Return the outline of the dossier that *material* makes."""
    sites = sites_of(material)
    names = Names(product_words(material.products), place_words(material.claims, sites))
    labels = Names({row.norm: row.label for row in material.products})
    exhibits = exhibits_of(material.claims, material.texts, [row.id for row in material.sources])
    by_claim = {key: exhibit for exhibit in exhibits for key in exhibit.ids}
    sources = {row.id: row for row in material.sources}
    desk = Desk(sources, material.texts, material.origins, exhibits, by_claim, names, labels, book)
    sentences = all_sentences(desk)
    lead = lead_of(desk)
    standing = frozenset(claim.id for claim in material.claims)
    named = named_things(material.actors, material.products, standing)
    gaps = named_gaps(material.gaps, named)
    langs, pairs = _language_pairs(exhibits)
    headings = tuple(c.heading for row in material.products for c in row.headings)
    countries = frozenset(site.reading.chosen.country for site in sites if site.reading.chosen)
    return Outline(
        headline=_headline(material, sites),
        names=names,
        origins=source_labels(material.origins, material.sources),
        origin_words=count_words(material.origins),
        log_state=log_state(material.custody),
        standing_lines=_standing_lines(material),
        lead=lead,
        lead_notes=tuple(dict.fromkeys(n for s in lead for n in s.exhibits)),
        unknown=unknowns_of(material.intervals, gaps, material.law, named, material.rejected),
        gaps=gaps,
        themes=_themes(sentences, book),
        denials=tuple(s for s in sentences if s.theme == "denials"),
        sites=sites,
        photo_site=_photo_site(material, desk),
        countries=countries,
        chart_wide=chart_of(sites, *WIDE_MAP),
        chart_narrow=chart_of(sites, *NARROW_MAP),
        timeline=_timeline(material, desk),
        works=mechanism_of(desk),
        bars=bars_of(material.intervals, material.rejected),
        stale=stale_figures(material.intervals, material.rejected),
        traps=traps_for(headings, countries),
        indicators=tuple(Sign(row, _stale(row, material.rejected)) for row in material.indicators),
        contrary=tuple(
            row
            for row in material.indicators
            if row.claims_against and not material.rejected.intersection(row.claims_against)
        ),
        law=matrix_of(material.law, material.products, standing, material.rejected),
        replies=_replies(material),
        pairs=pairs,
        pair_langs=langs,
        parallels=_parallels(exhibits),
        exhibits=exhibits,
        full_texts=full_texts_of(material.renditions, material.texts, exhibits, sources),
    )


def log_state(custody: Sequence[CustodyEntry]) -> str:
    """Return what the custody log shows of itself."""
    if not custody:
        return "custody log empty"
    if [row.leaf for row in custody] != list(range(len(custody))):
        return "custody log broken: run witnessmark verify"
    return f"custody log unbroken, {len(custody)} entries, never anchored outside"


def _stale(row: IndicatorFinding, rejected: frozenset[str]) -> bool:
    return bool(rejected.intersection((*row.claims_for, *row.claims_against)))


def _headline(material: Material, sites: Sequence[Site]) -> Labelled:
    """Return products and places, side by side; no claim is made that joins them."""
    standing = {claim.id: claim for claim in material.claims}
    apart = {claim.id for claim in photographed(material)}
    labels: dict[str, list[str]] = {}
    for row in material.products:
        keys = [key for key in row.claims if key in standing and key not in apart]
        if keys:
            labels.setdefault(row.label, []).extend(keys)
    shown = list(labels.items())[:PRODUCTS_IN_TITLE]
    places = [
        s for s in sites if s.located and s.reading.chosen and s.reading.chosen.kind != "province"
    ]
    named = joined(s.reading.chosen.name for s in places if s.reading.chosen)
    within = {s.reading.chosen.within for s in places if s.reading.chosen} - {""}
    where = named + (f", {within.pop()}" if len(within) == 1 else "")
    parts = [joined(label for label, _ in shown), where]
    words = ": ".join(part for part in parts if part) or "A case without standing claims"
    located = [
        key
        for s in places
        for key in s.claims
        if key in standing and standing[key].predicate is Predicate.LOCATED_IN
    ]
    keys = [key for _, found in shown for key in found] + located
    return Labelled(words[:1].upper() + words[1:], tuple(dict.fromkeys(keys)))


def _standing_lines(material: Material) -> tuple[tuple[str, str], ...]:
    lines: list[tuple[str, str]] = []
    for standing, mark in ((Standing.PARAPHRASE, PARAPHRASE), (Standing.INVENTED, INVENTED)):
        rows = [f"{row.id} ({row.name})" for row in material.sources if row.standing is standing]
        if standing is Standing.INVENTED:
            rows += [f"shipment file {r.file}" for r in material.runs if r.standing == "invented"]
        if rows:
            lines.append((mark, f"So marked: {joined(rows)}."))
    return tuple(lines)


def _themes(sentences: Sequence[Sentence], book: Phrasebook) -> tuple[Told, ...]:
    titles = [(theme.id, theme.title) for theme in book.themes]
    titles += [
        ("photograph", book.photograph_title),
        ("signs", book.signs_title),
        ("denials", book.denials_title),
    ]
    found = (Told(title, tuple(s for s in sentences if s.theme == key)) for key, title in titles)
    return tuple(told for told in found if told.sentences)


def _photo_site(material: Material, desk: Desk) -> Labelled | None:
    claims = photographed(material)
    if not claims:
        return None
    located = [c for c in claims if c.predicate is Predicate.LOCATED_IN][:1]
    if not located:
        return Labelled("country not stated", tuple(claim.id for claim in claims[:1]))
    words = value_words(located[0], desk.book, desk.names).split(",")[0]
    return Labelled(f"{words}, nothing narrower", (located[0].id,))


def _timeline(material: Material, desk: Desk) -> tuple[Moment, ...]:
    moments: list[tuple[str, Moment]] = []
    for row in material.sources:
        if row.published:
            words = f"Source {row.id} ({row.outlet or row.name}) dates itself"
            moments.append((row.published, Moment(row.published, words, (), ())))
    for claim in material.claims:
        if claim.predicate is not Predicate.TIME_PERIOD or claim.modality is Modality.DENIED:
            continue
        clause = value_words(claim, desk.book, desk.names)
        found = YEAR.search(clause)
        words = clause_of([claim], [desk.window(claim)], desk.book, desk.names)
        moment = Moment(clause, words, (claim.id,), (desk.number(claim),))
        moments.append((found.group() if found else "9998", moment))
    return tuple(moment for _, moment in sorted(moments, key=lambda row: row[0]))


def _replies(material: Material) -> tuple[tuple[str, tuple[str, ...], tuple[int, ...]], ...]:
    """Return who must be heard: buyers that claims name, companies that records name."""
    named: dict[str, list[str]] = {}
    for claim in material.claims:
        if claim.predicate is Predicate.BUYER_OR_CLIENT and isinstance(claim.value, str):
            named.setdefault(claim.value, []).append(claim.id)
    rows = [(name, tuple(keys), ()) for name, keys in named.items()]
    hops = [hop for route in material.routes for hop in route.hops]
    recorded = [
        (
            company.id,
            (),
            tuple(sorted({h.shipment_id for h in hops if company.id in {h.shipper, h.consignee}})),
        )
        for company in material.companies
    ]
    return (*rows, *recorded)


def _language_pairs(exhibits: Sequence[Exhibit]) -> tuple[tuple[str, str], tuple[Pair, ...]]:
    langs = list(dict.fromkeys(exhibit.lang for exhibit in exhibits))
    for left in langs:
        for right in langs:
            pairs = pairs_of(exhibits, left, right) if left != right else ()
            if pairs:
                return (LANGUAGES.get(left, left), LANGUAGES.get(right, right)), pairs
    return ("", ""), ()


def _parallels(exhibits: Sequence[Exhibit]) -> dict[int, tuple[Exhibit, ...]]:
    """Return for each exhibit those in another language that say the same, two at most."""
    by_fact: dict[tuple[str, str, bool], list[Exhibit]] = {}
    for exhibit in exhibits:
        for claim in exhibit.claims:
            by_fact.setdefault(fact_key(claim), []).append(exhibit)
    found: dict[int, tuple[Exhibit, ...]] = {}
    for exhibit in exhibits:
        others = {
            other.lang: other
            for claim in exhibit.claims
            for other in reversed(by_fact[fact_key(claim)])
            if other.lang != exhibit.lang
        }
        if others:
            found[exhibit.number] = tuple(others.values())[:2]
    return found
