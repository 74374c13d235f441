"""The dossier as a stranger checks it."""

# ruff: noqa: E501 - rows of tables, one a line

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import dossier_reader as reader  # type: ignore[import-not-found]  # beside this file
import pytest
import seed_case  # type: ignore[import-not-found]  # beside this file

from witnessmark.core.claim import PHOTOGRAPHED, Predicate, Status
from witnessmark.core.errors import InputError, RefusedAudience
from witnessmark.core.judgement import Decision
from witnessmark.core.provenance import INTERNAL_HANDLING, INVENTED, PARAPHRASE, Audience
from witnessmark.stages import write
from witnessmark.store import tables

if TYPE_CHECKING:
    from pathlib import Path

    from witnessmark.store.case import Case

AS_OF = date(2026, 11, 25)


def dossier(case: Case, out: Path) -> str:
    return write.run(case, out=out, audience=Audience.INTERNAL, as_of=AS_OF).dossier.read_text()


def ids(case: Case, predicate: Predicate, value: object = None) -> list[str]:
    rows = case.casebook.rows(tables.CLAIMS)
    return [c.id for c in rows if c.predicate is predicate and value in {None, str(c.value)}]


def test_every_fact_names_standing_claims_that_the_data_block_holds(
    case: Case, tmp_path: Path
) -> None:
    """Each .fact has claims, all in the data block, with quote == text[start:end]."""
    page = reader.read(dossier(case, tmp_path / "out"))
    held = {row["id"]: row for row in page.data["claims"]}
    texts = {row.id: case.text(row) for row in case.casebook.rows(tables.RENDITIONS)}
    assert len(page.facts) > 100
    assert all(fact.claims and set(fact.claims) <= set(held) for fact in page.facts)
    for row in held.values():
        assert texts[row["rendition"]][row["start"] : row["end"]] == row["quote"]


ROWS = (
    ("minor offences", Predicate.DETENTION_REASON, "relatively minor offenses like skipping work"),
    ("counties", Predicate.LOCATED_IN, "forced labor camps in Yonchon and Yomju counties"),
    ("goods", Predicate.MAKES, "making wigs or fake eyelashes and knitting"),
    ("hours", Predicate.HOURS_PER_DAY, "some working over 12 hours a day"),
    ("quota", Predicate.QUOTA, "finish their assigned work for the week without any defects"),
    ("reward", Predicate.REWARD, "they get rice at lunch on Sunday"),
    ("night", Predicate.PENALTY, "have to work all night if they can’t finish their quota or if they make defective products"),
    ("selected", Predicate.SELECTED_FOR, "young prisoners who are good with their hands"),
    ("kept", Predicate.RETAINED_BECAUSE, "keep more inmates who are skilled with their hands"),
    ("bribe", Predicate.BRIBE, "People who can afford to pay bribes get released early"),
    ("apology", Predicate.PENALTY, "self-criticism and reading apology letters out loud"),
    ("alternative", Predicate.ALTERNATIVE_LABOUR, "construction work, getting dragged into outdoor work mobilizations"),
    ("currency", Predicate.PROCEEDS_TO, "bring in foreign currency using free labor"),
    ("trend", Predicate.OUTPUT_TREND, "producing far more contracted items than before"),
    ("photograph", Predicate.EVIDENCE_PHOTO, "a wig sits on top of a plastic bottle at the work site"),
    ("preference", Predicate.STATED_PREFERENCE, "making wigs all day is way better than doing construction work"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "predicate", "words"), ROWS, ids=[row[0] for row in ROWS])
def test_the_first_case_is_told_in_full(
    case: Case, tmp_path: Path, name: str, predicate: Predicate, words: str
) -> None:
    """Each row of the first report stands in a factual sentence that names its voice and quotes it."""
    del name
    page = reader.read(dossier(case, tmp_path / "out"))
    wanted = set(ids(case, predicate))
    found = [f for f in page.facts if words in f.text and wanted & set(f.claims)]
    assert any(
        f.text.startswith(("Daily NK ", "A person in North Pyongan province, unnamed,"))
        for f in found
    )


def test_headings_and_counties_are_named(case: Case, tmp_path: Path) -> None:
    """Goods carry their candidate headings, counties their reading; the rejected one is shown."""
    html = dossier(case, tmp_path / "out")
    text = " ".join(f.text for f in reader.read(html).facts)
    assert "wigs (HS 6704)" in text
    assert "knitting (HS 61, or 6505, 60, 63)" in text
    assert "read as Ryongchon 룡천군, North Pyongan" in text
    assert "read as Yomju 염주군, North Pyongan" in text
    assert "Rejected: Yonchon 연천군, Gyeonggi" in html


def test_a_preference_inside_coercion_is_never_consent(case: Case, tmp_path: Path) -> None:
    """A preference of the held is told as a choice between coerced tasks, a reward as coerced."""
    page = reader.read(dossier(case, tmp_path / "out"))
    preference = set(ids(case, Predicate.STATED_PREFERENCE))
    told = [f.text for f in page.facts if preference & set(f.claims) and "told" in f.text]
    assert told
    assert all("are said to prefer" in t and "not consent" in t for t in told)
    rewards = set(ids(case, Predicate.REWARD))
    told = [f.text for f in page.facts if set(f.claims) <= rewards and "Daily NK" in f.text]
    assert told
    assert all("as a reward inside coercion" in t for t in told)


@pytest.mark.parametrize("predicate", list(Predicate), ids=lambda p: p.value)
def test_rejecting_claims_removes_their_sentences(
    case: Case, tmp_path: Path, predicate: Predicate
) -> None:
    """A person rejects the claims of a predicate: nothing on the page rests on them, the rest stays."""
    gone = set(ids(case, predicate))
    if not gone:
        pytest.skip("the first case has no claim of this predicate")
    before = reader.read(dossier(case, tmp_path / "before"))
    assert any(gone & set(f.claims) for f in before.facts)
    seed_case.judge(case, *gone)
    html = dossier(case, tmp_path / "after")
    after = reader.read(html)
    assert not any(gone & set(f.claims) for f in after.facts)
    assert not any(key in html for key in gone)
    kept = {c.id for c in case.casebook.rows(tables.CLAIMS)} - gone
    assert {row["id"] for row in after.data["claims"]} == kept


def test_rejecting_one_place_takes_it_off_the_title_and_the_map(case: Case, tmp_path: Path) -> None:
    """Without the claim that names it, a county is in no fact, title, list or map."""
    rows = case.casebook.rows(tables.CLAIMS)
    named = [c.id for c in rows if "Yomju" in c.quote or "Yomju" in c.subject]
    seed_case.judge(case, *named)
    html = dossier(case, tmp_path / "out")
    assert not any("Yomju" in f.text or "염주" in f.text for f in reader.read(html).facts)
    assert "염주군" not in html


def test_the_photograph_is_joined_with_no_county(case: Case, tmp_path: Path) -> None:
    """No fact rests on a claim about the photographed facility and on one about a county; no export does."""
    result = write.run(case, out=tmp_path / "out", audience=Audience.INTERNAL, as_of=AS_OF)
    page = reader.read(result.dossier.read_text())
    rows = case.casebook.rows(tables.CLAIMS)
    photo = {c.id for c in rows if c.subject == PHOTOGRAPHED}
    county = {c.id for c in rows if "Ryongchon" in c.subject or "Yomju" in c.subject}
    assert photo
    assert county
    sentences = [
        f for f in page.facts if f.text.startswith(("Daily NK", "A person", "Printed", "Wigs"))
    ]
    assert not [f for f in sentences if photo & set(f.claims) and county & set(f.claims)]
    assert not [
        f
        for f in sentences
        if photo & set(f.claims) and re.search("Ryongchon|Yomju|룡천|염주", f.text)
    ]
    geo = (tmp_path / "out" / "places.geojson").read_text()
    assert not any(key in geo.split('"features"')[1] for key in photo)


def test_text_outside_facts_states_no_fact_of_the_case(case: Case, tmp_path: Path) -> None:
    """What stands outside .fact, verbatim source text and records names no place, person or quantity of it."""
    page = reader.read(dossier(case, tmp_path / "out"))
    outside = re.sub(r"Printed.*?Pyongan\.", "", " ".join(page.outside))
    for word in ("Ryongchon", "룡천", "염주", "eyelash", "12 hours", "rice", "bribes", "overnight"):
        assert not re.search(rf"\b{word}", outside), word


def test_two_runs_give_the_same_bytes(case: Case, tmp_path: Path, record: dict[str, Any]) -> None:
    """Same rows, same date: same bytes, in another folder, from another vault."""
    other = seed_case.make_case(tmp_path / "other name", record, shipments=True)
    one = write.run(case, out=tmp_path / "one", audience=Audience.INTERNAL, as_of=AS_OF)
    two = write.run(other, out=tmp_path / "two", audience=Audience.INTERNAL, as_of=AS_OF)
    assert [p.read_bytes() for p in one.files] == [p.read_bytes() for p in two.files]
    later = write.run(
        case, out=tmp_path / "three", audience=Audience.INTERNAL, as_of=date(2027, 1, 1)
    )
    assert later.dossier.read_bytes() != one.dossier.read_bytes()


@pytest.mark.parametrize("audience", [a for a in Audience if a is not Audience.INTERNAL])
def test_other_audiences_are_refused_before_anything_is_read(
    case: Case, tmp_path: Path, audience: Audience
) -> None:
    """Refused with the agreed words, from a case whose casebook is shut, and nothing is written."""
    out = tmp_path / "out"
    shut = replace(case, casebook=None)  # type: ignore[arg-type]  # nothing may be read
    expected = f'audience "{audience.value}" (export): redaction is not built yet; only internal output can be made'
    with pytest.raises(RefusedAudience) as refused:
        write.run(shut, out=out, audience=audience, as_of=AS_OF)
    assert str(refused.value) == expected
    with pytest.raises(RefusedAudience) as refused:
        write.export(shut, "csv", audience, out / "claims.csv")
    assert str(refused.value) == expected
    assert not out.exists()


def test_nothing_is_written_inside_the_case(case: Case) -> None:
    """An output folder inside the case is refused, by any spelling of its path."""
    before = sorted(p for p in case.path.rglob("*"))
    for out in (case.path, case.path / "out", case.path / "vault" / ".." / "out"):
        with pytest.raises(InputError, match="inside the case"):
            write.run(case, out=out, audience=Audience.INTERNAL, as_of=AS_OF)
    assert sorted(p for p in case.path.rglob("*")) == before


def test_the_page_asks_for_nothing_outside(case: Case, tmp_path: Path) -> None:
    """No element loads anything; links stay on the page; the policy forbids the rest."""
    html = dossier(case, tmp_path / "out")
    page = reader.read(html)
    assert all(address.startswith("#") for address in page.addresses)
    assert not {"img", "link", "iframe", "object", "form"} & set(page.tags)
    assert "default-src 'none'" in html
    assert "url(http" not in html
    targets = {address[1:] for address in page.addresses}
    assert all(f'id="{target}"' in html for target in targets)


def test_every_standing_mark_is_on_the_page(case: Case, tmp_path: Path) -> None:
    """Paraphrase, invented file, handling, date and "not legal advice" stand on the page."""
    html = dossier(case, tmp_path / "out")
    text = html.replace("&#39;", "'")
    assert text.count(INTERNAL_HANDLING) >= 3
    assert PARAPHRASE in text
    assert INVENTED in text
    assert "Not legal advice; rules as of 25 November 2026" in text
    assert "machine-read: <b>40</b> claims proposed, <b>0</b> reviewed by a person" in html


def test_two_accepted_independent_origins_earn_the_bare_indicative(
    case: Case, tmp_path: Path
) -> None:
    """One accepted origin keeps its voice; a second, independent and accepted, makes a plain statement."""
    wage = case.casebook.rows(tables.CLAIMS)
    one = next(c for c in wage if c.predicate is Predicate.WAGE)
    korean = seed_case.KOREAN
    words = "가발을 만든다"
    two = seed_case.found(
        korean, words, ("wage", "unpaid", one.subject, "author", "asserted"), source="s2", lang="ko"
    )
    case.casebook.append(tables.CLAIMS, [two])
    bare = "Labour camps have people work without pay, as independent origins say"
    seed_case.judge(case, one.id, two.id, decision=Decision.ACCEPT)
    assert bare not in dossier(case, tmp_path / "one")
    joint = case.casebook.rows(tables.ORIGINS)[0]
    apart = [
        replace(joint, sources=("s1",)),
        replace(joint, id="o2", label="B", sources=("s2",), claims=(two.id,), why=()),
    ]
    case.casebook.replace(tables.ORIGINS, apart)
    assert bare in dossier(case, tmp_path / "two")
    seed_case.judge(case, two.id, decision=Decision.WITHDRAW)
    assert bare not in dossier(case, tmp_path / "three")


def test_an_accepted_claim_shows_its_status(case: Case, tmp_path: Path) -> None:
    """Status is a person's row: accepted once accepted, and counted as reviewed."""
    quota = ids(case, Predicate.QUOTA)
    seed_case.judge(case, *quota, decision=Decision.ACCEPT)
    html = dossier(case, tmp_path / "out")
    page = reader.read(html)
    assert {r["status"] for r in page.data["claims"] if r["id"] in quota} == {Status.ACCEPTED}
    assert f"<b>{len(quota)}</b> reviewed by a person" in html


HOSTILE = (
    "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)> & \"'` \u202eevil\u2066 \x00\x07 {{ 7*7 }} "
    + "w" * 3000
)


def test_a_hostile_source_stays_text(case: Case, tmp_path: Path) -> None:
    """Markup, template signs, bidirectional controls and control signs of a source never act."""
    rendition = seed_case.rendition_of(HOSTILE, "s3", case.vault.put(HOSTILE.encode()))
    case.casebook.append(tables.RENDITIONS, [rendition])
    source = replace(
        case.casebook.rows(tables.SOURCES)[0],
        id="s3",
        name=HOSTILE[:40],
        title=HOSTILE,
        outlet=HOSTILE[:60],
        sha256="f" * 64,
    )
    case.casebook.append(tables.SOURCES, [source])
    claim = seed_case.claim_at(HOSTILE, 0, len(HOSTILE), "penalty", HOSTILE[:90], HOSTILE[:50], "named_source", "reported", source="s3", speaker=HOSTILE[:80])  # fmt: skip
    case.casebook.append(tables.CLAIMS, [claim])
    html = dossier(case, tmp_path / "out")
    page = reader.read(html)
    assert page.tags.count("script") == 2
    assert "img" not in page.tags
    held = next(row for row in page.data["claims"] if row["id"] == claim.id)
    assert held["quote"] == HOSTILE
    assert "\x00" not in html
    turned = re.findall("[\u202a-\u202e\u2066-\u2069]", " ".join(page.outside))
    assert turned == []
    sentence = next(
        f.text for f in page.facts if f.claims == [claim.id] and "as a penalty" in f.text
    )
    assert "\u202e" not in sentence.split("“")[0]
    assert "49 " not in html.split("evil")[1][:60]


def test_a_hundred_claims_on_one_sentence_are_one_sentence(case: Case, tmp_path: Path) -> None:
    """A hundred quotes of one fact make one sentence with three quotes; all claims stay on it and open."""
    text = "\n\n".join(f"Witness {n} says they work all night there." for n in range(100))
    rendition = seed_case.rendition_of(text, "s3", case.vault.put(text.encode()))
    case.casebook.append(tables.RENDITIONS, [rendition])
    case.casebook.append(
        tables.SOURCES, [replace(case.casebook.rows(tables.SOURCES)[0], id="s3", sha256="e" * 64)]
    )
    found = [m.start() for m in re.finditer("they work all night", text)]
    claims = [seed_case.claim_at(text, at, at + 19, "penalty", "night work", "people", "author", "asserted", source="s3") for at in found]  # fmt: skip
    case.casebook.append(tables.CLAIMS, claims)
    html = dossier(case, tmp_path / "out")
    page = reader.read(html)
    whole = [f for f in page.facts if len(f.claims) == 100 and "Daily NK writes" in f.text]
    assert len(whole) == 1
    assert whole[0].text.count("“") == 3
    assert "and 97 more in the same sense" in whole[0].text
    assert "97 more quotes in the same sense" in html


def test_a_quote_that_is_not_in_its_rendition_supports_nothing(case: Case, tmp_path: Path) -> None:
    """An ungrounded claim is in no sentence and no data; the page says that one was left out."""
    claims = list(case.casebook.rows(tables.CLAIMS))
    bad = replace(claims[0], id="cbad", quote="never said")
    case.casebook.append(tables.CLAIMS, [bad])
    html = dossier(case, tmp_path / "out")
    assert "cbad" not in html
    assert "never said" not in html
    assert "1 claims whose quote was not found are left out" in html


def test_an_empty_case_makes_a_dossier_that_says_so(tmp_path: Path) -> None:
    """A case without rows gives a page without facts, and says what has not run."""
    empty = seed_case.open_case(tmp_path / "case", None, create=True)
    page = reader.read(dossier(empty, tmp_path / "out"))
    assert page.facts == []
    assert "No claim stands in this case" in " ".join(page.outside)
