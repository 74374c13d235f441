"""Cases for the weigh tests, built from labelled claims and core types."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from witnessmark.core.actor import Actor, ActorKind, HeadingCandidate, ProductReading
from witnessmark.core.canonical import sha256_hex
from witnessmark.core.claim import (
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
from witnessmark.core.judgement import Decision, Judgement
from witnessmark.core.provenance import Code
from witnessmark.core.route import Hop, Route, TraceRun
from witnessmark.core.source import Rendering, Rendition, Source, SourceKind, Standing
from witnessmark.core.span import Anchor, OffsetMap
from witnessmark.store import tables
from witnessmark.store.case import open_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from witnessmark.store.case import Case

WIG = ProductReading(
    "gwig", "wigs", "wig", ("wigs",), (), (), (HeadingCandidate("6704", "wigs", "", Code.STORED),)
)
LASH = ProductReading(
    "glash",
    "false eyelashes",
    "false eyelash",
    ("fake eyelashes",),
    (),
    (),
    (HeadingCandidate("6704", "wigs and the like", "", Code.STORED),),
)
KNIT = ProductReading(
    "gknit",
    "knitting",
    "knitted article",
    ("knitting",),
    (),
    (),
    (
        HeadingCandidate("61", "knitted apparel", "if garments", Code.KNOWLEDGE),
        HeadingCandidate("6505", "hats", "if hats", Code.KNOWLEDGE),
        HeadingCandidate("60", "knitted fabric", "if fabric", Code.KNOWLEDGE),
        HeadingCandidate("63", "made-up textiles", "if made up", Code.KNOWLEDGE),
    ),
)


def make_source(name: str, text: str, **changes: object) -> Source:
    source = Source(
        id=name,
        name=f"{name}.txt",
        kind=SourceKind.TEXT,
        media_type="text/plain",
        size=len(text.encode()),
        sha256=sha256_hex(text.encode()),
        vault_object="",
        captured_at="2026-11-25T00:00:00Z",
        origin="file",
        lang="en",
    )
    return replace(source, **changes)  # type: ignore[arg-type]  # fields by name, in tests


def make_claim(
    predicate: str,
    value: Value,
    *,
    source: str = "s1",
    subject: str = "prisoners",
    quote: str = "",
    start: int = 0,
    attribution: str = "anonymous_source",
    speaker: str = "a source",
    modality: str = "reported",
    status: Status = Status.PROPOSED,
    tier: Tier = Tier.CLAIM,
) -> Claim:
    words = quote or str(value)
    return Claim(
        id="",
        source=source,
        rendition="r" * 64,
        rendering=Rendering.IDENTITY,
        predicate=Predicate(predicate),
        value=value,
        subject=subject,
        quote=words,
        start=start,
        end=start + len(words),
        attribution=Attribution(attribution),
        speaker=speaker,
        modality=Modality(modality),
        tier=tier,
        score=0.9,
        status=status,
        extractor="test",
    ).identified()


@dataclass
class Bench:
    """Builds plain cases from core types, as the earlier stages would have left them."""

    folder: Path
    made: int = 0

    def case(
        self,
        claims: Iterable[Claim],
        *,
        sources: Iterable[Source] = (),
        texts: dict[str, str] | None = None,
        products: Iterable[ProductReading] = (),
        country: str = "KP",
        mentions: Iterable[Mention] = (),
        routes: Iterable[Route] = (),
        runs: Iterable[TraceRun] = (),
        judgements: Iterable[tuple[str, Decision]] = (),
    ) -> Case:
        self.made += 1
        case = open_case(self.folder / f"case{self.made}", None, create=True)
        rows = tuple(claims)
        texts = texts or {}
        given = tuple(sources) or tuple(
            make_source(name, f"text of {name}") for name in sorted({c.source for c in rows})
        )
        case.casebook.replace(tables.SOURCES, given)
        case.casebook.replace(
            tables.RENDITIONS,
            [
                Rendition(
                    id=sha256_hex(text.encode()),
                    source=name,
                    rendering=Rendering.IDENTITY,
                    renderer="test",
                    length=len(text),
                    vault_object=case.vault.put(text.encode()),
                    offsets=OffsetMap((Anchor(0, len(text), "bytes", 0, len(text.encode())),)),
                )
                for name, text in texts.items()
            ],
        )
        case.casebook.replace(tables.CLAIMS, rows)
        case.casebook.replace(tables.MENTIONS, mentions)
        sites = [c for c in rows if c.predicate in {Predicate.LOCATED_IN, Predicate.SITE_KIND}]
        if country and rows:
            case.casebook.replace(
                tables.ACTORS,
                [
                    Actor(
                        "a1",
                        ActorKind.SITE,
                        "labour camps",
                        (),
                        country,
                        (),
                        (),
                        tuple(c.id for c in (sites or rows)),
                    )
                ],
            )
        made = {
            product.norm: tuple(
                c.id for c in rows if c.predicate is Predicate.MAKES and c.value == product.norm
            )
            for product in products
        }
        case.casebook.replace(
            tables.PRODUCTS, [replace(p, claims=made[p.norm]) for p in products if made[p.norm]]
        )
        case.casebook.replace(tables.ROUTES, routes)
        case.casebook.replace(tables.TRACE_RUNS, runs)
        self.judge(case, judgements)
        return case

    def judge(self, case: Case, judgements: Iterable[tuple[str, Decision]]) -> None:
        first = len(case.casebook.rows(tables.JUDGEMENTS)) + 1
        case.casebook.append(
            tables.JUDGEMENTS,
            [
                Judgement(number, target, decision, "a person", "2026-11-25T00:00:00Z", "read it")
                for number, (target, decision) in enumerate(judgements, first)
            ],
        )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def claim() -> Callable[..., Claim]:
    return make_claim


@pytest.fixture
def source() -> Callable[..., Source]:
    return make_source


@pytest.fixture
def products() -> dict[str, ProductReading]:
    return {"wig": WIG, "lash": LASH, "knit": KNIT}


@pytest.fixture
def route() -> Callable[..., tuple[tuple[Route, ...], tuple[TraceRun, ...]]]:
    def made(
        *,
        destination: str = "US",
        origin: str = "KP",
        heading: str = "6704",
        standing: str = "evidence",
    ) -> tuple[tuple[Route, ...], tuple[TraceRun, ...]]:
        hop = Hop(
            77,
            "row 77",
            "2026-01-01",
            "2026-01-31",
            False,
            "Example Trading A",
            "Example Buyer B",
            heading,
            1000,
            1000,
            origin,
            destination,
            1,
        )
        run = TraceRun(
            "t1",
            "shipments.parquet",
            "0" * 64,
            standing,
            "native",
            ("Example Trading A",),
            "named",
            (),
            1,
            1,
            "0" * 64,
        )
        return (Route("r1", "Example Trading A", (hop,), "reached"),), (run,)

    return made


@pytest.fixture
def seed(shared: Path, bench: Bench) -> Callable[..., Case]:
    """The labelled claims of the first report, as a plain case."""
    gold = json.loads((shared / "corpus" / "seed.json").read_text())
    text = gold["text"]

    def built(**changes: object) -> Case:
        claims = [
            Claim(
                id="",
                source="s1",
                rendition=sha256_hex(text.encode()),
                rendering=Rendering.IDENTITY,
                predicate=Predicate(row["predicate"]),
                value=row["value"],
                subject=row["subject"],
                quote=text[row["start"] : row["end"]],
                start=row["start"],
                end=row["end"],
                attribution=Attribution(row["attribution"]),
                speaker="",
                modality=Modality(row["modality"]),
                tier=Tier.CLAIM,
                score=0.9,
                status=Status.PROPOSED,
                extractor="gold",
            ).identified()
            for row in gold["claims"]
        ]
        mentions = [
            Mention(
                "",
                "s1",
                sha256_hex(text.encode()),
                MentionType(row["type"]),
                text[row["start"] : row["end"]],
                row["start"],
                row["end"],
                row["norm"],
            ).identified()
            for row in gold["mentions"]
        ]
        return bench.case(
            claims,
            sources=[make_source("s1", text, outlet="Daily NK", standing=Standing.EVIDENCE)],
            texts={"s1": text},
            products=[WIG, LASH, KNIT],
            mentions=mentions,
            **changes,  # type: ignore[arg-type]  # passed through, in tests
        )

    return built
