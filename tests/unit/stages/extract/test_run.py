"""The stage on a case: reads every rendition, writes its own tables only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.source import Rendering, Rendition, Source, SourceKind
from witnessmark.core.span import Anchor, OffsetMap
from witnessmark.stages.extract import EXTRACTOR, run
from witnessmark.store.case import Case, open_case
from witnessmark.store.tables import CLAIMS, MENTIONS, RENDITIONS, SOURCES

if TYPE_CHECKING:
    from pathlib import Path


def put(case: Case, number: int, text: str, lang: str) -> None:
    data = text.encode()
    digest = sha256_hex(data)
    name = case.vault.put(data)
    source = Source(
        f"s{number}", f"{number}.txt", SourceKind.TEXT, "text/plain", len(data), digest, name,
        "2026-01-01T00:00:00Z", "file", lang, outlet="Example Wire",
    )  # fmt: skip
    anchors = OffsetMap((Anchor(0, len(text), "bytes", 0, len(data)),))
    rendition = Rendition(digest, source.id, Rendering.IDENTITY, "test", len(text), name, anchors)
    case.casebook.append(SOURCES, [source])
    case.casebook.append(RENDITIONS, [rendition])


def test_every_rendition_is_read_and_the_unread_is_named(tmp_path: Path) -> None:
    """Claims of each source are written; a French source is named; sources stay as they were."""
    case = open_case(tmp_path / "case", None, create=True)
    put(case, 1, "Inmates at a labour camp work over 12 hours a day, a source said.", "en")
    put(case, 2, "Les prisonniers travaillent dans des camps sans salaire, dit un témoin.", "fr")
    before = case.casebook.rows(SOURCES), case.casebook.rows(RENDITIONS)
    result = run(case)
    claims = case.casebook.rows(CLAIMS)
    assert result.claims == len(claims) > 0
    assert result.mentions == len(case.casebook.rows(MENTIONS))
    assert [source for source, _ in result.not_read] == ["s2"]
    assert {claim.source for claim in claims} == {"s1"}
    assert {claim.extractor for claim in claims} == {EXTRACTOR}
    assert all(claim.id for claim in claims)
    assert (case.casebook.rows(SOURCES), case.casebook.rows(RENDITIONS)) == before
    run(case)
    assert case.casebook.rows(CLAIMS) == claims
    case.close()
