"""What the dossier of the first report must show, row by row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from dossiers import AS_OF, Dossier, investigate, read_dossier

from witnessmark.core.claim import PHOTOGRAPHED
from witnessmark.core.finding import ElementState
from witnessmark.core.provenance import Audience, Code
from witnessmark.doors.cli.app import run
from witnessmark.store.case import open_case
from witnessmark.store.tables import LAW, PRODUCTS

ROWS = {
    "facility kind": [("site_kind", "forced labor camps")],
    "minor offences": [("detention_reason", "minor offenses like skipping work")],
    "the two counties": [("located_in", "Yonchon and Yomju counties")],
    "wigs": [("makes", "making wigs")],
    "false eyelashes": [("makes", "fake eyelashes")],
    "knitting": [("makes", "knitting")],
    "more than 12 hours": [("hours_per_day", "over 12 hours a day")],
    "weekly quota": [("quota", "assigned work for the week")],
    "rice on Sunday": [("reward", "rice at lunch on Sunday")],
    "all-night work": [("penalty", "work all night if they can’t finish their quota")],
    "young and dexterous selected": [("selected_for", "young prisoners who are good with")],
    "the skilled kept": [("retained_because", "keep more inmates who are skilled")],
    "bribes": [("bribe", "pay bribes")],
    "early release": [("released_because", "released early")],
    "apology and self-criticism": [("penalty", "self-criticism and reading apology letters")],
    "construction": [("alternative_labour", "construction work")],
    "mobilisation": [("alternative_labour", "outdoor work mobilizations")],
    "free labour": [("wage", "free labor")],
    "foreign currency": [("proceeds_to", "foreign currency")],
    "production increased": [("output_trend", "far more contracted items than before")],
    "the photograph": [("evidence_photo", "obtained a photo of a work site")],
    "wig on a bottle": [("evidence_photo", "a wig sits on top of a plastic bottle")],
    "sheeting on concrete": [("evidence_photo", "linoleum, burlap or plastic sheeting")],
    "cracked wall and bowl": [("evidence_photo", "cracked wall and artificial hair")],
    "preference": [("stated_preference", "Prisoners actually prefer")],
}


@pytest.mark.parametrize("row", ROWS)
def test_each_row_of_the_report_is_a_quoted_fact(seed: Dossier, row: str) -> None:
    """Each row stands in a factual sentence that quotes it and names a claim of that kind."""
    for predicate, words in ROWS[row]:
        holding = [
            fact
            for fact in seed.facts
            for key in fact.claims
            if seed.claim(key)["predicate"] == predicate
            and words in seed.claim(key)["quote"]
            and words in fact.text
        ]
        assert holding, f"{row}: no fact quotes {words!r} as {predicate}"


def test_products_carry_their_headings(seed: Dossier) -> None:
    """Wigs and lashes stand with 6704; knitting with its candidates 61, 6505, 60, 63."""
    text = " ".join(fact.text for fact in seed.facts)
    assert "wigs (HS 6704)" in text
    assert "false eyelashes (HS 6704)" in text
    assert "HS 61, or 6505, 60, 63" in text


def test_every_fact_names_its_voice_and_its_claims(seed: Dossier) -> None:
    """A factual sentence names who says so; its claims exist in the page's data."""
    known = {claim["id"] for claim in seed.data["claims"]}
    sentences = [fact for fact in seed.facts if fact.prose]
    assert len(sentences) > 20
    for fact in seed.facts:
        assert fact.claims
        assert set(fact.claims) <= known
    for fact in sentences:
        assert "Daily NK" in fact.text, fact.text


def test_exhaustion_is_no_early_release(seed: Dossier) -> None:
    """“The better a prisoner is with their hands, the more exhausted” says nothing of release."""
    released = [c for c in seed.data["claims"] if c["predicate"] == "released_because"]
    assert released
    assert not [claim for claim in released if "exhausted" in claim["quote"]]


def test_every_sentence_carries_its_status(seed: Dossier) -> None:
    """Each prose sentence is followed by its status, by sign and by word."""
    marks = seed.html.count('title="proposed">○<span class="vh"> proposed</span>')
    assert marks >= len([fact for fact in seed.facts if fact.prose]) > 20
    assert "accepted</span>" not in seed.html


def test_the_source_is_unnamed_and_stays_so(seed: Dossier) -> None:
    """The anonymous source is placed in the province the text states, and nothing narrower."""
    told = [fact.text for fact in seed.facts if "unnamed" in fact.text]
    assert any("A person in North Pyongan province, unnamed, told Daily NK" in t for t in told)
    assert not any("person in Ryongchon" in text or "person in Yomju" in text for text in told)


def test_preference_is_never_consent(seed: Dossier) -> None:
    """Each sentence about a preference says that it is a choice between coerced tasks."""
    preferring = [
        fact
        for fact in seed.facts
        if any(seed.claim(key)["predicate"] == "stated_preference" for key in fact.claims)
        and fact.prose
    ]
    assert preferring
    for fact in preferring:
        assert "not consent" in fact.text
    framed = [c for c in seed.data["claims"] if c["predicate"] == "stated_preference"]
    assert {claim["frame"] for claim in framed} == {"inside_coercion"}


def test_yonchon_is_read_as_ryongchon_with_the_rejected_reading(seed: Dossier) -> None:
    """“Yonchon” in North Pyongan is 룡천군; 연천 stands beside it as the rejected reading."""
    layer = json.loads((seed.out / "places.geojson").read_text())
    placed = {row["properties"]["printed"]: row["properties"] for row in layer["features"]}
    assert placed["Yonchon"]["native"] == "룡천군"
    assert placed["Yonchon"]["precision_km"] >= 15
    assert any("dropped" in reason for reason in placed["Yonchon"]["reasons"])
    assert "연천군" in {row["native"] for row in placed["Yonchon"]["rejected"]}
    assert "Rejected: Yeoncheon 연천군" in " ".join(seed.visible.split())


def test_the_photographed_facility_is_joined_with_no_place(seed: Dossier) -> None:
    """No sentence, map layer or export joins the photograph with the two counties."""
    of_photo = {c["id"] for c in seed.data["claims"] if c["subject"] == PHOTOGRAPHED}
    of_counties = {
        c["id"]
        for c in seed.data["claims"]
        if c["predicate"] == "located_in" and c["subject"] != PHOTOGRAPHED
    }
    assert of_photo
    assert of_counties
    for fact in seed.facts:
        if set(fact.claims) & of_photo:
            assert not set(fact.claims) & of_counties, fact.text
            assert "Ryongchon" not in fact.text
            assert "Yomju" not in fact.text
    layer = json.loads((seed.out / "places.geojson").read_text())
    for feature in layer["features"]:
        assert PHOTOGRAPHED not in json.dumps(feature, ensure_ascii=False)
        assert not of_photo & set(feature["properties"].get("claims", ()))
    kept_apart = next(row for row in layer["_not_on_the_map"] if row["what"] == PHOTOGRAPHED)
    assert "nothing narrower" in kept_apart["where"]


def test_nothing_is_accepted_by_a_program(seed: Dossier) -> None:
    """``investigate`` accepts nothing, and the head says so."""
    head = " ".join(seed.visible.split())
    assert f"machine-read: {len(seed.data['claims'])} claims proposed" in head
    assert "0 reviewed by a person" in head
    assert {claim["status"] for claim in seed.data["claims"]} == {"proposed"}
    assert "Not legal advice" in head


def test_quotes_are_in_their_rendition(seed: Dossier, seed_text: str) -> None:
    """Every claim in the page quotes its rendition, character for character."""
    for claim in seed.data["claims"]:
        assert seed_text[claim["start"] : claim["end"]] == claim["quote"]


@pytest.mark.parametrize("audience", [a for a in Audience if a is not Audience.INTERNAL])
def test_every_audience_but_internal_is_refused(
    audience: Audience, seed: Dossier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``investigate``, ``write`` and every export refuse; nothing is read, made or written."""
    message = (
        f'error: audience "{audience}" (export): redaction is not built yet; '
        "only internal output can be made\n"
    )
    out = tmp_path / "made"
    calls = [
        ["investigate", "absent.txt", "--case", str(tmp_path / "c"), "--plain", "--out", str(out)],
        ["write", "--case", str(seed.case), "--out", str(out)],
    ]
    calls += [
        ["export", str(seed.case), "--format", name, "--out", str(out)]
        for name in ("csv", "geojson", "ftm", "bagit", "osh", "prov", "bibtex", "ftm-statements")
    ]
    for call in calls:
        capsys.readouterr()
        assert run([*call, "--audience", str(audience)]) == 2
        assert capsys.readouterr().err == message
    assert not out.exists()
    assert not (tmp_path / "c").exists()


def test_a_rejected_claim_takes_its_sentence_along(seed_text: str, tmp_path: Path) -> None:
    """Removing a claim removes its sentence; taking the decision back brings it again."""
    (tmp_path / "report.txt").write_text(seed_text, encoding="utf-8")
    before = investigate(tmp_path, tmp_path / "report.txt")
    target = next(c["id"] for c in before.data["claims"] if c["predicate"] == "proceeds_to")
    person = ["--by", "A. Reader", "--why", "misread"]

    def again() -> Dossier:
        assert run(["write", "--case", str(before.case), "--out", str(tmp_path / "out"),
                    "--as-of", AS_OF]) == 0  # fmt: skip
        return read_dossier(before.case, tmp_path / "out")

    assert run(["judge", str(before.case), target, "reject", *person]) == 0
    after = again()
    assert target in before.html
    assert target not in after.html
    assert all(target not in fact.claims for fact in after.facts)
    assert run(["judge", str(before.case), target, "withdraw", *person]) == 0
    assert any(target in fact.claims for fact in again().facts)


def test_same_in_same_out(seed: Dossier, seed_text: str, tmp_path: Path) -> None:
    """The same report and day give the same bytes in every file of the dossier's folder."""
    (tmp_path / "report.txt").write_text(seed_text, encoding="utf-8")
    other = investigate(tmp_path, tmp_path / "report.txt")
    names = sorted(path.name for path in seed.out.iterdir())
    assert names == sorted(path.name for path in other.out.iterdir())
    for name in names:
        assert (seed.out / name).read_bytes() == (other.out / name).read_bytes(), name


def test_the_law_is_open_on_named_points(seed: Dossier) -> None:
    """Wigs and lashes: CAATSA and 1307 open, outside UNSCR 2375; knitwear on its list, if
    of DPRK origin; EU 2024/3015 not yet applicable; each element carries its code.
    """
    case = open_case(seed.case, None)
    products = {row.id: row.norm for row in case.casebook.rows(PRODUCTS)}
    cells = {(products.get(c.product, ""), c.heading, c.regime): c for c in case.casebook.rows(LAW)}
    case.close()
    for product in ("wig", "false eyelash"):
        caatsa = cells[product, "6704", "us_caatsa_321b"]
        tariff = cells[product, "6704", "us_tariff_307"]
        assert caatsa.state is tariff.state is ElementState.UNKNOWN
        assert caatsa.headline.startswith("open: DPRK labour")
        assert "no US import shown" in caatsa.headline
        assert "no US import shown" in tariff.headline
        assert cells[product, "6704", "un_2375"].state is ElementState.NOT_APPLICABLE
        assert cells[product, "6704", "un_2375"].headline == "not on the list"
    knitwear = cells["knitting", "61", "un_2375"]
    assert knitwear.headline == "on the list, if of DPRK origin"
    assert knitwear.state is ElementState.UNKNOWN
    for heading in ("6505", "60", "63"):
        assert cells["knitting", heading, "un_2375"].headline
    eu = [cell for key, cell in cells.items() if key[2] == "eu_flr_2024_3015"]
    assert {cell.state for cell in eu} == {ElementState.NOT_YET_APPLICABLE}
    assert len({regime for _, _, regime in cells}) >= 6
    for cell in cells.values():
        if cell.from_memory:
            assert cell.state is not ElementState.MET
        for element in cell.elements:
            assert element.source or element.code is not Code.STORED, element
    page = " ".join(seed.visible.split())
    assert "from memory, not checked against the text" in page
