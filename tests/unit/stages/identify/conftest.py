"""A small world to identify in: texts with mentions and claims at their offsets, in a real case."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

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
)
from witnessmark.core.source import Rendering, Rendition
from witnessmark.core.span import Anchor, OffsetMap
from witnessmark.store.case import Case, open_case
from witnessmark.store.tables import CLAIMS, MENTIONS, RENDITIONS

if TYPE_CHECKING:
    from pathlib import Path

ANONYMOUS = "a source in North Pyongan province"


Fill = Callable[..., Case]


@pytest.fixture
def fill(tmp_path: Path) -> Iterator[Fill]:
    """Return a function that puts records into a fresh plain case."""
    opened: list[Case] = []

    def make(*records: dict[str, Any]) -> Case:
        case = open_case(tmp_path / f"case{len(opened)}", None, create=True)
        opened.append(case)
        renditions: list[Rendition] = []
        claims: dict[str, Claim] = {}
        mentions: dict[str, Mention] = {}
        for number, record in enumerate(records, start=1):
            source, text = f"s{number}", record["text"]
            data = text.encode()
            digest = sha256_hex(data)
            renditions.append(
                Rendition(
                    id=digest,
                    source=source,
                    rendering=Rendering.IDENTITY,
                    renderer="test",
                    length=len(text),
                    vault_object=case.vault.put(data),
                    offsets=OffsetMap((Anchor(0, len(text), "bytes", 0, len(data)),)),
                )
            )
            for row in record["mentions"]:
                mention = _mention(row, source, digest, text, record["lang"])
                mentions[mention.id] = mention
            for row in record["claims"]:
                claim = _claim(row, source, digest, text, record["lang"])
                claims[claim.id] = claim
        case.casebook.replace(RENDITIONS, renditions)
        case.casebook.replace(MENTIONS, mentions.values())
        case.casebook.replace(CLAIMS, claims.values())
        return case

    yield make
    for case in opened:
        case.close()


def _mention(row: dict[str, Any], source: str, rendition: str, text: str, lang: str) -> Mention:
    start, end = row["start"], row["end"]
    return Mention(
        id="",
        source=source,
        rendition=rendition,
        type=MentionType(row["type"]),
        quote=text[start:end],
        start=start,
        end=end,
        norm=row["norm"],
        lang=lang,
    ).identified()


def _claim(row: dict[str, Any], source: str, rendition: str, text: str, lang: str) -> Claim:
    start, end = row["start"], row["end"]
    attribution = Attribution(row["attribution"])
    speaker = ANONYMOUS if attribution is Attribution.ANONYMOUS_SOURCE else ""
    return Claim(
        id="",
        source=source,
        rendition=rendition,
        rendering=Rendering.IDENTITY,
        predicate=Predicate(row["predicate"]),
        value=row["value"],
        subject=row["subject"],
        quote=text[start:end],
        start=start,
        end=end,
        attribution=attribution,
        speaker=row.get("speaker", speaker),
        modality=Modality(row["modality"]),
        tier=Tier.CLAIM,
        score=0.9,
        status=Status.PROPOSED,
        extractor="test",
        lang=lang,
    ).identified()


@pytest.fixture
def seed(shared: Path) -> dict[str, Any]:
    """The labelled report of the first case."""
    loaded: dict[str, Any] = json.loads(
        (shared / "corpus" / "seed.json").read_text(encoding="utf-8")
    )
    return loaded
