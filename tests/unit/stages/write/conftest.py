"""The case made by hand, for every test of the write stage."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import seed_case  # type: ignore[import-not-found]  # beside this file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from witnessmark.store.case import Case

AS_OF = date(2026, 11, 25)


@pytest.fixture(scope="session")
def record(shared: Path) -> dict[str, Any]:
    """The labelled record of the first report."""
    record: dict[str, Any] = seed_case.load_record(shared)
    return record


@pytest.fixture
def case(tmp_path: Path, record: dict[str, Any]) -> Iterator[Case]:
    """A plain case with every row of the seed, a Korean parallel and an invented file."""
    made = seed_case.make_case(tmp_path / "case", record, shipments=True)
    yield made
    made.close()
