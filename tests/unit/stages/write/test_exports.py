"""Exports: what they hold, for whom, and what they never hold."""

# ruff: noqa: E501 - a law may be a long line

from __future__ import annotations

import csv
import io
import json
import os
import resource
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
import seed_case  # type: ignore[import-not-found]  # beside this file

from witnessmark.core.claim import PHOTOGRAPHED
from witnessmark.core.errors import InputError, StorageFault
from witnessmark.core.provenance import INTERNAL_HANDLING, PARAPHRASE, Audience
from witnessmark.stages import write
from witnessmark.stages.write.paper import write_whole
from witnessmark.store import tables

if TYPE_CHECKING:
    from pathlib import Path

    from witnessmark.store.case import Case

INTERNAL = Audience.INTERNAL


def test_csv_holds_every_standing_claim_marked_internal(case: Case, tmp_path: Path) -> None:
    """A row per standing claim, quote as in the rendition, handling and standing on each row."""
    claims = case.casebook.rows(tables.CLAIMS)
    seed_case.judge(case, claims[0].id)
    path = write.export(case, "csv", INTERNAL, tmp_path / "claims.csv", as_of=date(2026, 11, 25))
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))
    assert {row["id"] for row in rows} == {claim.id for claim in claims[1:]}
    assert all(row["_handling"] == INTERNAL_HANDLING for row in rows)
    assert all(row["_standing"] == (PARAPHRASE if row["source"] == "s2" else "") for row in rows)
    by_id = {claim.id: claim for claim in claims}
    assert all(row["quote"] == by_id[row["id"]].quote for row in rows)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_cell_never_runs_as_a_formula(case: Case, tmp_path: Path, sign: str) -> None:
    """A quote that begins like a formula gets an apostrophe, and the row says so."""
    text = f'{sign}HYPERLINK("http://example.org") they work.'
    rendition = seed_case.rendition_of(text, "s1", case.vault.put(text.encode()))
    case.casebook.append(tables.RENDITIONS, [rendition])
    claim = seed_case.claim_at(text, 0, 34, "wage", "unpaid", "people", "author", "asserted")
    case.casebook.append(tables.CLAIMS, [claim])
    path = write.export(case, "csv", INTERNAL, tmp_path / "claims.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))
    row = next(row for row in rows if row["id"] == claim.id)
    assert row["quote"] == "'" + claim.quote
    assert row["_escaped"] == "quote"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_geojson_places_the_counties_and_never_the_photograph(case: Case, tmp_path: Path) -> None:
    """Two counties with precision and rejected readings; the photographed facility has no feature."""
    path = write.export(case, "geojson", INTERNAL, tmp_path / "places.geojson")
    held = json.loads(path.read_text())
    assert held["_handling"] == INTERNAL_HANDLING
    assert [f["properties"]["name"] for f in held["features"]] == ["Ryongchon", "Yomju"]
    assert held["features"][0]["properties"]["rejected"][0]["native"] == "연천군"
    photo = {c.id for c in case.casebook.rows(tables.CLAIMS) if c.subject == PHOTOGRAPHED}
    assert not any(photo & set(f["properties"]["claims"]) for f in held["features"])
    assert set(held["_not_on_the_map"][0]["claims"]) == photo


def test_a_place_without_a_coordinate_has_a_null_geometry(case: Case, tmp_path: Path) -> None:
    """Where no source gives a coordinate none is written, on the map neither."""
    places = list(case.casebook.rows(tables.PLACES))
    assert places[1].chosen is not None
    places[1] = replace(places[1], chosen=replace(places[1].chosen, lat=None, lon=None))
    case.casebook.replace(tables.PLACES, places)
    result = write.run(case, out=tmp_path, audience=INTERNAL, as_of=date(2026, 11, 25))
    held = json.loads((tmp_path / "places.geojson").read_text())
    assert [f["geometry"] is None for f in held["features"]] == [False, True]
    drawing = result.dossier.read_text().split("<svg")[1].split("</svg>")[0]
    assert "Ryongchon" in drawing
    assert "Yomju" not in drawing


@pytest.mark.parametrize("name", ["ftm", "ftm-statements", "osh", "bagit", "prov", "bibtex"])
def test_formats_that_are_not_built_say_so(case: Case, tmp_path: Path, name: str) -> None:
    """A format of the interface that doesn't exist yet is refused plainly; nothing is written."""
    with pytest.raises(InputError, match="not built yet; use csv or geojson"):
        write.export(case, name, INTERNAL, tmp_path / "x")
    with pytest.raises(InputError, match="there is no format"):
        write.export(case, "xlsx", INTERNAL, tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_an_export_inside_the_case_is_refused(case: Case, tmp_path: Path) -> None:
    """Also through a symbolic link; the case is as it was."""
    link = tmp_path / "link"
    link.symlink_to(case.path)
    before = sorted(case.path.rglob("*"))
    for out in (case.path / "claims.csv", link / "claims.csv"):
        with pytest.raises(InputError, match="inside the case"):
            write.export(case, "csv", INTERNAL, out)
    assert sorted(case.path.rglob("*")) == before


def test_a_full_disk_leaves_what_stood_there(tmp_path: Path) -> None:
    """The file cannot grow past a real limit (RLIMIT_FSIZE): the old one stays, no scrap is left."""
    target = tmp_path / "dossier.html"
    target.write_text("the old one")
    child = os.fork()
    if child == 0:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            write_whole(target, b"x" * 100_000)
        except StorageFault as fault:
            os._exit(7 if "could not be written" in str(fault) else 8)
        os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert target.read_text() == "the old one"
    assert [p.name for p in tmp_path.iterdir()] == ["dossier.html"]
