"""A case made by hand from the first report's labelled text: every row a dossier needs.

Rows are put straight into the tables, so that this stage is tested without the others.
"""

# fmt: off
# ruff: noqa: E501 - rows of tables, one a line

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from witnessmark.core.actor import (
    Actor,
    ActorKind,
    HeadingCandidate,
    PlaceCandidate,
    PlaceReading,
    ProductReading,
)
from witnessmark.core.canonical import content_id, sha256_hex
from witnessmark.core.claim import (
    INSIDE_COERCION,
    PHOTOGRAPHED,
    Attribution,
    Claim,
    Mention,
    MentionType,
    Modality,
    Predicate,
    Status,
    Tier,
    Value,
)
from witnessmark.core.finding import (
    ElementState,
    IndicatorFinding,
    IndicatorState,
    LawCell,
    LegalElement,
)
from witnessmark.core.interval import Input, Interval
from witnessmark.core.judgement import Decision, Judgement
from witnessmark.core.origin import Origin
from witnessmark.core.provenance import Code
from witnessmark.core.route import CompanyReached, Gap, Hop, Route, TraceRun
from witnessmark.core.source import (
    CustodyEntry,
    Rendering,
    Rendition,
    Source,
    SourceKind,
    Standing,
)
from witnessmark.core.span import Anchor, OffsetMap
from witnessmark.store import tables
from witnessmark.store.case import Case, open_case

if TYPE_CHECKING:
    from pathlib import Path

OUTLET = "Daily NK"
SPEAKER = "a source in North Pyongan province"

# predicate, value, subject, words, attribution, modality
MORE: tuple[tuple[str, Value, str, str, str, str], ...] = (
    ("output_trend", "up", "prisoners", "producing far more contracted items than before", "anonymous_source", "reported"),
    ("selected_for", "contract teams of young prisoners who are good with their hands", "prisoners", "made up of young prisoners who are good with their hands", "author", "general"),
    ("retained_because", "skill with the hands", "labour camps", "deliberately try to keep more inmates who are skilled with their hands", "author", "asserted"),
    ("released_because", "a bribe, by those who can afford it", "prisoners", "People who can afford to pay bribes get released early", "anonymous_source", "reported"),
    ("proceeds_to", "foreign currency", "labour camps", "bring in foreign currency using free labor", "author", "asserted"),
    ("alternative_labour", "construction work and outdoor mobilisation", "prisoners", "construction work, getting dragged into outdoor work mobilizations", "anonymous_source", "reported"),
    ("stated_preference", "making wigs over construction work", "prisoners", "prisoners still think making wigs all day is way better than doing construction work", "anonymous_source", "reported"),
    ("evidence_photo", "a wig on a plastic bottle at the work site", PHOTOGRAPHED, "a wig sits on top of a plastic bottle at the work site", "author", "asserted"),
    ("time_period", "before 23 May 2025", "labour camps", "than before", "anonymous_source", "reported"),
)

KOREAN = (
    "평안북도 소식통은 교화 시설에서 가발을 만든다고 전했다. 하루 12시간 넘게 일하기도 한다고 그는 말했다.\n\n"
    "과제를 끝내지 못하면 밤을 새워 일해야 한다.\n"
)
KOREAN_CLAIMS: tuple[tuple[str, Value, str, str], ...] = (
    ("makes", "wig", "detention facilities", "교화 시설에서 가발을 만든다"),
    ("hours_per_day", {"amount": 12, "unit": "hour/day", "comparator": ">"}, "prisoners in Ryongchon and Yomju labour camps", "하루 12시간 넘게 일하기도 한다"),
    ("penalty", "working through the night", "workers", "밤을 새워 일해야 한다"),
)


def rendition_of(text: str, source: str, name: str) -> Rendition:
    """Return the identity rendition of *text*."""
    data = text.encode()
    anchors = OffsetMap((Anchor(0, len(text), "bytes", 0, len(data)),))
    return Rendition(
        sha256_hex(data), source, Rendering.IDENTITY, "hand 1", len(text), name, anchors
    )


def claim_at(
    text: str,
    start: int,
    end: int,
    predicate: str,
    value: Value,
    subject: str,
    attribution: str,
    modality: str,
    *,
    source: str = "s1",
    speaker: str | None = None,
    lang: str = "en",
) -> Claim:
    """Return a proposed claim with its id."""
    told = speaker
    if told is None:
        told = SPEAKER if attribution == "anonymous_source" else OUTLET
    frame = INSIDE_COERCION if predicate == "stated_preference" else ""
    return Claim(
        id="",
        source=source,
        rendition=sha256_hex(text.encode()),
        rendering=Rendering.IDENTITY,
        predicate=Predicate(predicate),
        value=value,
        subject=subject,
        quote=text[start:end],
        start=start,
        end=end,
        attribution=Attribution(attribution),
        speaker=told,
        modality=Modality(modality),
        tier=Tier.CLAIM,
        score=0.9,
        status=Status.PROPOSED,
        extractor="hand 1",
        frame=frame,
        lang=lang,
    ).identified()


def found(text: str, words: str, row: tuple[Any, ...], **more: Any) -> Claim:
    """Return a claim whose quote is *words*, found in *text*."""
    start = text.index(words)
    predicate, value, subject, attribution, modality = row
    return claim_at(
        text, start, start + len(words), predicate, value, subject, attribution, modality, **more
    )


def seed_claims(record: dict[str, Any]) -> list[Claim]:
    """Return the labelled claims of the record and those of the later predicates."""
    text = record["text"]
    gold = [
        claim_at(
            text, row["start"], row["end"], row["predicate"], row["value"], row["subject"],
            row["attribution"], row["modality"],
        )
        for row in record["claims"]
    ]
    more = [
        found(text, words, (predicate, value, subject, attribution, modality))
        for predicate, value, subject, words, attribution, modality in MORE
    ]
    return sorted(gold + more, key=lambda c: (c.start, c.end, c.predicate, c.id))


def _candidate(name: str, native: str, within: str, country: str, lat: float | None, lon: float | None, reason: str) -> PlaceCandidate:
    return PlaceCandidate(
        name, native, "county", within, country, lat, lon, 15.0, 0.9, (reason,), "hand.1 (2026.11)"
    )


def seed_places(mentions: list[Mention]) -> list[PlaceReading]:
    """Return the two counties and the province, read."""
    by_words = {row.quote: row.id for row in mentions}
    ryongchon = _candidate("Ryongchon", "룡천군", "North Pyongan", "KP", 39.98, 124.46, "McCune-Reischauer Ryongch’ŏn without its marks; the text names North Pyongan")
    yonchon = _candidate("Yonchon", "연천군", "Gyeonggi", "KR", 38.09, 127.07, "it lies in Gyeonggi, south of the border; the text names North Pyongan")
    yomju = _candidate("Yomju", "염주군", "North Pyongan", "KP", 39.88, 124.6, "the spelling is exact; the text names North Pyongan")
    return [
        PlaceReading("p1", "s1", "Yonchon", (by_words["Yonchon"],), ryongchon, (yonchon,), ambiguous=False, reasons=("the text names North Pyongan, where only Ryongchon fits",)),
        PlaceReading("p2", "s1", "Yomju", (by_words["Yomju"],), yomju, (), ambiguous=False, reasons=("one county of this name",)),
    ]


def seed_products(claims: list[Claim]) -> list[ProductReading]:
    """Return the three products with their candidate headings."""
    rows = (
        ("g1", "wigs", "wig", (("6704", ""),)),
        ("g2", "false eyelashes", "false eyelash", (("6704", ""),)),
        ("g3", "knitting", "knitted article", (("61", "if a garment"), ("6505", "if headgear"), ("60", "if fabric"), ("63", "if another made-up article"))),
    )
    return [
        ProductReading(
            key, label, norm, (label,), (),
            tuple(c.id for c in claims if c.predicate is Predicate.MAKES and c.value == norm),
            tuple(HeadingCandidate(h, "heading", condition, Code.KNOWLEDGE) for h, condition in headings),
        )
        for key, label, norm, headings in rows
    ]


def seed_intervals(claims: list[Claim]) -> list[Interval]:
    """Return one stated, one borrowed and two unknown figures."""
    hours = tuple(c.id for c in claims if c.predicate is Predicate.HOURS_PER_DAY)
    stated = Input("hours stated", 12, 12, "hours a day", hours, borrowed=False, source="", code=Code.STORED)
    team = Input("team size", 20, 60, "people", (), borrowed=True, source="rules/measure/borrowed.yaml", code=Code.KNOWLEDGE, note="measured at another site")
    rate = Input("wigs a person a month", 1, 4, "pieces", (), borrowed=True, source="rules/measure/borrowed.yaml", code=Code.KNOWLEDGE)
    return [
        Interval("i1", "hours of work a day", "hours", "when the report was made", "some prisoners", known=True, low90=12, low50=None, high50=None, high90=None, inputs=(stated,), formula="as stated", illustration=False, why="the source says more than twelve", settles=("a shift plan", "a second witness")),
        Interval("i2", "wigs a year, both camps", "pieces a year", "a year", "two camps", known=True, low90=4530, low50=6400, high50=9900, high90=14020, inputs=(team, rate), formula="camps x team size x wigs a month x 12", illustration=True, why="", settles=("the size of one team",)),
        Interval("i3", "people on the contract teams", "people", "", "each camp", known=False, low90=None, low50=None, high50=None, high90=None, inputs=(), formula="", illustration=False, why="No source states a number.", settles=("a roster", "a count by a witness")),
        Interval("i4", "price paid per wig", "USD", "", "both camps", known=False, low90=None, low50=None, high50=None, high90=None, inputs=(), formula="", illustration=False, why="", settles=("a purchase contract",)),
    ]


def seed_indicators(claims: list[Claim]) -> list[IndicatorFinding]:
    """Return some indicators in several states."""

    def ids(*values: str) -> tuple[str, ...]:
        return tuple(c.id for c in claims if c.value in values)

    def row(key: str, title: str, state: IndicatorState, rule: str, why: str, claims_for: tuple[str, ...], ask: str) -> IndicatorFinding:
        return IndicatorFinding(
            content_id("f", key), key, title, state, rule, why, claims_for, (),
            ("A",) if claims_for else (), (), ask, Code.DERIVED,
        )

    partly, silent = IndicatorState.PARTLY, IndicatorState.SOURCE_SILENT
    return [
        row("excessive_overtime", "Excessive overtime", partly, "11.1", "over twelve hours; whole nights when the quota is missed", ids("excessive_overtime"), "shift plans"),
        row("abusive_conditions", "Abusive conditions", partly, "10.1", "bare floor, no desk", ids("abusive_conditions"), ""),
        row("abuse_of_vulnerability", "Abuse of vulnerability", partly, "1.3", "from released_because: those without money stay", ids("a bribe, by those who can afford it"), ""),
        row("deception", "Deception", silent, "", "no sentence speaks of promises", (), "whether anyone was promised anything"),
        row("isolation", "Isolation", silent, "", "no sentence speaks of it", (), "visits, letters, talking at work"),
    ]


def seed_law(claims: list[Claim]) -> list[LawCell]:
    """Return cells of four regimes in several states."""
    makes = tuple(c.id for c in claims if c.predicate is Predicate.MAKES)
    unknown = ElementState.UNKNOWN

    def cell(regime: str, title: str, sub: str, product: str, heading: str, state: ElementState, headline: str, missing: str, code: Code) -> LawCell:
        elements = (
            LegalElement(1, "goods", "goods of the kind are named", ElementState.MET, "the report names them", makes, (), "", Code.STORED, "https://example.org/law"),
            LegalElement(2, "entry", "the goods entered the country", state, "", (), (), missing, code, ""),
        )
        return LawCell(
            content_id("l", regime, product, heading), regime, title, sub, product, heading, state,
            headline, elements, "entry is refused", code is Code.KNOWLEDGE, "in force",
        )

    rows: list[LawCell] = []
    for product, heading in (("g1", "6704"), ("g2", "6704"), ("g3", "61"), ("g3", "6505")):
        textile = heading == "61"
        rows += [
            cell("us_caatsa_321b", "US CAATSA §321(b)", "labour of DPRK nationals", product, heading, unknown, "open: DPRK labour and US entry", "a US entry record", Code.STORED),
            cell("us_tariff_307", "US 19 USC 1307", "convict or forced labour", product, heading, unknown, "open: no US import shown", "a US import record", Code.STORED),
            cell("un_2375", "UNSCR 2375", "textiles", product, heading, ElementState.MET if textile else ElementState.NOT_MET, "on the list, if of DPRK origin" if textile else "not on the list", "", Code.STORED),
            cell("eu_flr_2024_3015", "EU 2024/3015", "forced labour products", product, heading, ElementState.NOT_YET_APPLICABLE, "applies from 14 December 2027", "", Code.KNOWLEDGE),
        ]
    rows.append(cell("c29_art_2_2_c", "C29 Art. 2(2)(c)", "prison exception", "", "", unknown, "open: sentenced by a court, or not", "a court record or its absence", Code.KNOWLEDGE))
    return rows


def seed_trace(*, shipments: bool) -> tuple[list[TraceRun], list[Route], list[Gap], list[CompanyReached]]:
    """Return the trace without a file, or one over an invented file."""
    gaps = [Gap("x1", "site_to_shipper", "the camps named", "a trading company", "no record shows who takes the goods", "a purchase contract or labels")]
    if not shipments:
        gaps.append(Gap("x2", "no_file", "a trading company", "unknown", "no shipment file was given", "a shipment file"))
        return [], [], gaps, []
    hops = (
        Hop(
            17,
            "invented.csv:17",
            "2025-01-04",
            "2025-01-09",
            True,
            "Example Trading A",
            "Example Packer B",
            "6704",
            1_250_000,
            1_250_000,
            "KP",
            "XX",
            1,
        ),
        Hop(
            42,
            "invented.csv:42",
            "2025-02-11",
            "2025-03-20",
            False,
            "Example Packer B",
            "Example Shop C",
            "6704",
            900_000,
            600_000,
            "XX",
            "YY",
            2,
        ),
    )
    run = TraceRun("t1", "invented.csv", "0" * 64, "invented", "native 1", ("Example Trading A",), "all shippers of 6704 from KP", ("tiers=4", "window=365"), 2, 2, "0" * 64)
    gaps.append(Gap("x3", "to_market", "Example Shop C", "the market", "what Example Shop C sold, and to whom, is not recorded", "its sales records"))
    companies = [CompanyReached("Example Packer B", 1, "2025-01-09", 1_250_000, 2_000_000, 0.625, 0.0, 0.8), CompanyReached("Example Shop C", 2, "2025-03-20", 600_000, 900_000, 0.67, 0.0, 0.9)]
    return [run], [Route("r1", "Example Trading A", hops, "reached")], gaps, companies


def make_case(
    folder: Path, record: dict[str, Any], *, korean: bool = True, shipments: bool = False
) -> Case:
    """Return an open plain case in *folder*, filled from the seed *record*."""
    case = open_case(folder, None, create=True)
    texts = {"s1": record["text"], **({"s2": KOREAN} if korean else {})}
    sources, renditions, custody = [], [], []
    for number, (key, text) in enumerate(texts.items()):
        name = case.vault.put(text.encode())
        sources.append(
            Source(
                key, f"report-{key}.txt", SourceKind.TEXT, "text/plain", len(text.encode()),
                sha256_hex(text.encode()), name, f"2026-11-25T10:0{number}:00Z", "file",
                "en" if key == "s1" else "ko", text.splitlines()[0][:60], OUTLET, "2025-05-23", "",
                Standing.EVIDENCE if key == "s1" else Standing.PARAPHRASE,
            )
        )
        renditions.append(rendition_of(text, key, name))
        custody.append(
            CustodyEntry(number, "captured", key, f"{number:064x}", f"{number:064x}", "t")
        )
    claims = seed_claims(record)
    if korean:
        claims += [
            found(KOREAN, words, (predicate, value, subject, "anonymous_source", "reported"), source="s2", speaker="평안북도 소식통", lang="ko")
            for predicate, value, subject, words in KOREAN_CLAIMS
        ]
    mentions = [
        Mention("", "s1", renditions[0].id, MentionType(row["type"]), record["text"][row["start"] : row["end"]], row["start"], row["end"], row["norm"]).identified()
        for row in record["mentions"]
    ]
    runs, routes, gaps, companies = seed_trace(shipments=shipments)
    book = case.casebook
    book.replace(tables.SOURCES, sources)
    book.replace(tables.RENDITIONS, renditions)
    book.replace(tables.CUSTODY, custody)
    book.replace(tables.CLAIMS, claims)
    book.replace(tables.MENTIONS, mentions)
    book.replace(tables.PLACES, seed_places(mentions))
    book.replace(tables.ACTORS, [Actor("a1", ActorKind.PHOTOGRAPHED_SITE, "photographed facility", (), "KP", (), (), tuple(c.id for c in claims if c.subject == PHOTOGRAPHED))])
    book.replace(tables.PRODUCTS, seed_products(claims))
    book.replace(tables.INTERVALS, seed_intervals(claims))
    book.replace(tables.TRACE_RUNS, runs)
    book.replace(tables.ROUTES, routes)
    book.replace(tables.GAPS, gaps)
    book.replace(tables.COMPANIES, companies)
    book.replace(tables.ORIGINS, [Origin("o1", "A", tuple(texts), tuple(c.id for c in claims), ("s1 and s2: the same outlet (rule 1)",) if korean else ())])
    book.replace(tables.INDICATORS, seed_indicators(claims))
    book.replace(tables.LAW, seed_law(claims))
    return case


def judge(case: Case, *targets: str, decision: Decision = Decision.REJECT) -> None:
    """Add a person's decision about each of *targets*."""
    first = len(case.casebook.rows(tables.JUDGEMENTS)) + 1
    rows = [
        Judgement(number, target, decision, "a reviewer", "2026-11-25T12:00:00Z", "checked")
        for number, target in enumerate(targets, start=first)
    ]
    case.casebook.append(tables.JUDGEMENTS, rows)


def load_record(shared: Path) -> dict[str, Any]:
    """Return the labelled record of the first report."""
    record: dict[str, Any] = json.loads((shared / "corpus" / "seed.json").read_text())
    return record


def invented(source: Source) -> Source:
    """Return *source* marked as an invented example."""
    return replace(source, standing=Standing.INVENTED)
