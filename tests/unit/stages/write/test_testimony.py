"""Testimony in the dossier: a code, a scope, a coarse place; nobody's name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from spoken import INTERVIEW, NAMES, REPORT, write_record

from witnessmark.core.provenance import Audience
from witnessmark.stages import capture, extract, identify, measure, trace, weigh, write
from witnessmark.stages.capture.testimony import take
from witnessmark.stages.write.material import read_material
from witnessmark.store.case import Case, open_case
from witnessmark.store.protected import MASK
from witnessmark.store.tables import ORIGINS, RENDITIONS, SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TODAY = date(2026, 11, 25)


def clock() -> str:
    """A fixed time."""
    return "2026-11-25T12:00:00Z"


@pytest.fixture
def spoken(tmp_path: Path) -> Iterator[Case]:
    """A report and a testimony in two files, in a sealed case."""
    for name, text in (("r.txt", REPORT), ("a.txt", INTERVIEW), ("b.txt", f"Notes\n\n{INTERVIEW}")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    case = open_case(tmp_path / "case", bytes(32), create=True)
    capture.run(case, [tmp_path / "r.txt"], clock=clock)
    yield case
    case.close()


def _dossier(case: Case, out: Path) -> str:
    extract.run(case)
    identify.run(case)
    measure.run(case)
    trace.run(case, shipments=None)
    weigh.run(case, as_of=TODAY)
    done = write.run(case, out=out, audience=Audience.INTERNAL, as_of=TODAY)
    return "\n".join(path.read_text(encoding="utf-8") for path in done.files)


def _take(case: Case, folder: Path, **changes: object) -> None:
    record = write_record(folder / "record.yaml", **changes)
    take(case, [folder / "a.txt", folder / "b.txt"], record, clock=clock)


def test_no_output_bears_a_name(spoken: Case, tmp_path: Path) -> None:
    """Speaker, detainee, interviewer: in no file, also where another source names them."""
    before = _dossier(spoken, tmp_path / "before")
    assert "Hong Gil-dong" in before
    _take(spoken, tmp_path)
    after = _dossier(spoken, tmp_path / "after")
    assert [name for name in NAMES if name in after] == []
    assert "홍길동" not in after
    assert MASK in after
    assert "testimony W-01 (consent: internal, filing; speaks of KP; 2026-10)" in after
    assert "not before next year" not in after


def test_quotes_and_offsets_hold_under_the_masks(spoken: Case, tmp_path: Path) -> None:
    """Each masked quote stands at its place in the masked text; no digest of it is shown."""
    _take(spoken, tmp_path)
    page = _dossier(spoken, tmp_path / "out")
    material = read_material(spoken)
    said = [claim for claim in material.claims if claim.source == "s2"]
    assert said
    for claim in material.claims:
        assert material.texts[claim.rendition][claim.start : claim.end] == claim.quote
    for row in spoken.casebook.rows(SOURCES):
        assert (row.sha256 in page) is (row.testimony == "")
    for rendition in spoken.casebook.rows(RENDITIONS):
        assert (rendition.id in page) is (rendition.source == "s1")


def test_one_testimony_is_one_origin_and_is_compared_with_nothing(
    spoken: Case, tmp_path: Path
) -> None:
    """Its transcript and its notes count once; a report with the same words stays another."""
    _take(spoken, tmp_path)
    (tmp_path / "c.txt").write_text(f"Reprint\n\n{INTERVIEW}")
    capture.run(spoken, [tmp_path / "c.txt"], clock=clock)
    _dossier(spoken, tmp_path / "out")
    groups = {frozenset(row.sources) for row in spoken.casebook.rows(ORIGINS)}
    assert frozenset({"s2", "s3"}) in groups
    assert not [group for group in groups if group & {"s2", "s3"} and group - {"s2", "s3"}]


def test_without_consent_it_is_in_no_output(spoken: Case, tmp_path: Path) -> None:
    """A testimony whose consent leaves internal use out is not listed, quoted or counted."""
    consent = {"purposes": ["public"], "how": "written", "date": "2026"}
    _take(spoken, tmp_path, consent=consent)
    page = _dossier(spoken, tmp_path / "out")
    assert "W-01" not in page
    assert [row.id for row in read_material(spoken).sources] == ["s1"]
