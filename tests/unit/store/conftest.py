"""Cases to attack: plain and sealed, with the same test body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from witnessmark.core.claim import Attribution, Claim, Modality, Predicate, Status, Tier
from witnessmark.core.source import Rendering
from witnessmark.stages import capture
from witnessmark.store.case import Case, open_case
from witnessmark.store.seal import Cost, resolve_key
from witnessmark.store.tables import CLAIMS, RENDITIONS

if TYPE_CHECKING:
    from pathlib import Path

CHEAP = Cost(memory_kib=8 * 1024, iterations=1, lanes=1)
PASSPHRASE = "six words that nobody would guess"


def clock() -> str:
    """A fixed time."""
    return "2026-11-25T12:00:00Z"


@dataclass(frozen=True)
class Made:
    """A case folder and what opens it."""

    path: Path
    key: bytes | None
    inputs: Path

    def open(self) -> Case:
        return open_case(self.path, self.key, create=True)


@pytest.fixture(params=["plain", "sealed"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    """An empty case, plain and sealed."""
    path = tmp_path / "case"
    sealed = request.param == "sealed"
    key = resolve_key(
        path, PASSPHRASE if sealed else None, plain=not sealed, create=True, cost=CHEAP
    )
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    open_case(path, key, create=True).close()
    return Made(path, key, inputs)


@pytest.fixture
def filled(made: Made) -> Made:
    """A case with three sources and one claim."""
    for number, words in enumerate(("wigs are made", "rice on Sunday", "over 12 hours"), start=1):
        # a byte order mark keeps original and rendition apart: two objects, two faults
        text = f"Report {number}\n\nA source says {words}.\n"
        (made.inputs / f"{number}.txt").write_text(text, encoding="utf-8-sig")
    case = made.open()
    result = capture.run(case, [made.inputs], clock=clock)
    assert [source.id for source in result.sources] == ["s1", "s2", "s3"]
    rendition = case.casebook.rows(RENDITIONS)[0]
    text = case.text(rendition)
    start = text.index("wigs")
    claim = Claim(
        id="",
        source="s1",
        rendition=rendition.id,
        rendering=Rendering.IDENTITY,
        predicate=Predicate.MAKES,
        value="wig",
        subject="",
        quote="wigs",
        start=start,
        end=start + 4,
        attribution=Attribution.ANONYMOUS_SOURCE,
        speaker="A source",
        modality=Modality.REPORTED,
        tier=Tier.CLAIM,
        score=0.9,
        status=Status.PROPOSED,
        extractor="test",
    ).identified()
    case.casebook.replace(CLAIMS, [claim])
    case.close()
    return made
