"""The dossier of the published report, made once for all tests of this folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from dossiers import Dossier, investigate


@pytest.fixture(scope="session")
def seed_text(shared: Path) -> str:
    """The full text of the report that the first case starts from."""
    text: str = json.loads((shared / "corpus/seed.json").read_text())["text"]
    return text


@pytest.fixture(scope="session")
def seed(seed_text: str, tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    """The dossier of that report."""
    folder = tmp_path_factory.mktemp("seed")
    (folder / "report.txt").write_text(seed_text, encoding="utf-8")
    return investigate(folder, folder / "report.txt")
