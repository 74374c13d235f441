"""Laws that hold on every labelled passage, whatever is found in it."""

from __future__ import annotations

import json
from pathlib import Path

from dossiers import investigate

from witnessmark import extract
from witnessmark.core.claim import Claim, Mention


def test_no_quote_outside_its_rendition(shared: Path) -> None:
    """On every file of the corpus each claim and mention quotes the text, offset for offset."""
    found = 0
    for path in sorted((shared / "corpus").glob("*.json")):
        text = json.loads(path.read_text())["text"]
        reading = extract(text)
        rows: tuple[Claim | Mention, ...] = (*reading.claims, *reading.mentions)
        for row in rows:
            found += 1
            assert text[row.start : row.end] == row.quote, (path.name, row)
            assert row.quote.strip() == row.quote, (path.name, row)
            assert any(s.start <= row.start and row.end <= s.end for s in reading.sentences), row
    assert found > 400


def test_all_passages_make_one_case(shared: Path, tmp_path: Path) -> None:
    """The whole corpus goes through the flow at once; each output quote is in its rendition."""
    texts: dict[str, str] = {}
    files = []
    for path in sorted((shared / "corpus").glob("*.json")):
        text = json.loads(path.read_text())["text"]
        file = tmp_path / f"{path.stem}.txt"
        file.write_text(text, encoding="utf-8")
        files.append(file)
        texts[file.name] = text
    dossier = investigate(tmp_path, *files)
    names = {source["id"]: source["name"] for source in dossier.data["sources"]}
    assert len(names) == len(files)
    for claim in dossier.data["claims"]:
        assert texts[names[claim["source"]]][claim["start"] : claim["end"]] == claim["quote"]
