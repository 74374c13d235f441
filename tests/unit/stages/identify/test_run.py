"""The stage as a whole: places, actors, goods and proposals in a real case."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from witnessmark.core.actor import Actor, ActorKind, PlaceReading
from witnessmark.core.claim import PHOTOGRAPHED
from witnessmark.core.judgement import Decision, Judgement
from witnessmark.stages import identify
from witnessmark.store.tables import (
    ACTORS,
    CLAIMS,
    JUDGEMENTS,
    MENTIONS,
    MERGES,
    PLACES,
    PRODUCTS,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from witnessmark.store.case import Case


Fill: TypeAlias = "Callable[..., Case]"


def _places(case: Case) -> dict[str, PlaceReading]:
    return {reading.surface: reading for reading in case.casebook.rows(PLACES)}


def _actors(case: Case, kind: ActorKind) -> list[Actor]:
    return [actor for actor in case.casebook.rows(ACTORS) if actor.kind is kind]


def test_the_report(fill: Fill, seed: dict[str, Any]) -> None:
    """The report's counties are read with reasons; its two camps and its photograph stay three."""
    case = fill(seed)
    result = identify.run(case)
    assert (result.ambiguous, result.unknown, result.merges) == (0, 0, 0)

    yonchon = _places(case)["Yonchon"]
    assert yonchon.chosen is not None
    assert yonchon.chosen.native == "룡천군"
    assert "연천군" in {candidate.native for candidate in yonchon.rejected}
    for candidate in yonchon.rejected:
        assert any(reason.startswith("against:") for reason in candidate.reasons)
    yomju = _places(case)["Yomju"].chosen
    assert yomju is not None
    assert yomju.lat is not None

    sites = {actor.label: actor for actor in _actors(case, ActorKind.SITE)}
    assert set(sites) == {"labour camp in Ryongchon County", "labour camp in Yomju County"}
    assert sites["labour camp in Ryongchon County"].places == (yonchon.id,)
    assert {actor.country for actor in sites.values()} == {"KP"}

    (photographed,) = _actors(case, ActorKind.PHOTOGRAPHED_SITE)
    assert photographed.country == "KP"
    assert photographed.places == ()
    assert "photograph" in photographed.apart_because


def test_goods_of_the_report(fill: Fill, seed: dict[str, Any]) -> None:
    """Wigs, lashes and knitting carry their headings; the rice of the reward is no product."""
    case = fill(seed)
    identify.run(case)
    products = {row.norm: row for row in case.casebook.rows(PRODUCTS)}
    assert products["wig"].headings[0].heading == "6704"
    assert products["false eyelash"].headings[0].heading == "6704"
    assert [h.heading for h in products["knitting"].headings] == ["61", "6505", "60", "63"]
    assert products["artificial hair"].claims == ()
    assert "rice" not in products


def test_people_and_speakers_are_protected(fill: Fill, seed: dict[str, Any]) -> None:
    """Who spoke and who is held is protected, and stands in no proposal of two such reports."""
    case = fill(seed, {**seed, "text": seed["text"] + "\n"})
    identify.run(case)
    actors = {actor.id: actor for actor in case.casebook.rows(ACTORS)}
    speakers = _actors(case, ActorKind.SPEAKER)
    assert speakers
    assert all(actor.protected for actor in speakers)
    assert all(actor.places == () and actor.country == "" for actor in speakers)
    held = [actor for actor in actors.values() if "prisoner" in actor.label]
    assert held
    assert all(actor.protected for actor in held)
    merges = case.casebook.rows(MERGES)
    assert merges, "the same camps of two reports are proposed"
    for proposal in merges:
        for key in (proposal.left, proposal.right):
            assert not actors[key].protected
            assert actors[key].kind in {ActorKind.SITE, ActorKind.ORGANISATION}


def test_two_reports_are_proposed_not_merged(fill: Fill, seed: dict[str, Any]) -> None:
    """The same camp of two sources stays two actors; the proposal gives its reasons."""
    case = fill(seed, {**seed, "text": seed["text"] + "\n"})
    identify.run(case)
    sites = {actor.id: actor for actor in _actors(case, ActorKind.SITE)}
    assert len(sites) == 4
    proposals = [m for m in case.casebook.rows(MERGES) if m.left in sites]
    assert len(proposals) == 2
    for proposal in proposals:
        assert sites[proposal.left].label == sites[proposal.right].label
        assert any("same place" in reason for reason in proposal.reasons)


HOSTILE = (
    "The photo shows the labor camp in Yonchon county, North Pyongan province, and the same "
    "labor camp in Yomju county, in North Korea."
)


def _hostile() -> dict[str, Any]:
    quote = HOSTILE.removesuffix(".")

    def span(words: str) -> dict[str, int]:
        start = HOSTILE.index(words)
        return {"start": start, "end": start + len(words)}

    mentions = [
        {"type": kind, "norm": "", **span(words)}
        for kind, words in (
            ("SITE", "labor camp in Yonchon county"),
            ("PLACE", "North Pyongan province"),
            ("SITE", "labor camp in Yomju county"),
            ("COUNTRY", "North Korea"),
        )
    ]
    mentions += [{"type": "PLACE", "norm": "", **span(words)} for words in ("Yonchon", "Yomju")]
    claims = [
        ("located_in", "Yonchon county, North Pyongan province", PHOTOGRAPHED),
        ("located_in", "Yomju county", PHOTOGRAPHED),
        ("site_kind", "labour_camp", PHOTOGRAPHED),
        ("located_in", "Yonchon county, North Pyongan province", "labour camp in Yonchon"),
        ("located_in", "Yomju county", "labour camp in Yomju"),
    ]
    return {
        "lang": "en",
        "text": HOSTILE,
        "mentions": mentions,
        "claims": [
            {
                "predicate": predicate,
                "value": value,
                "subject": subject,
                "attribution": "author",
                "modality": "asserted",
                "speaker": "",
                **span(quote),
            }
            for predicate, value, subject in claims
        ],
    }


@pytest.mark.parametrize("with_report", [False, True])
def test_nothing_joins_the_photograph_with_a_county(
    fill: Fill, seed: dict[str, Any], *, with_report: bool
) -> None:
    """Attack: one sentence says that the photograph shows both camps. It stays apart."""
    case = fill(_hostile(), *([seed] if with_report else []))
    identify.run(case)
    photographed = _actors(case, ActorKind.PHOTOGRAPHED_SITE)
    assert len(photographed) == 1 + with_report
    apart = {actor.id for actor in photographed}
    for actor in photographed:
        assert actor.places == ()
        assert actor.country == "KP"
        assert actor.apart_because
        for county in ("Ryongchon", "Yonchon", "Yomju", "Pyongan"):
            assert county not in " ".join((actor.label, *actor.names))
    others = [a for a in case.casebook.rows(ACTORS) if a.id not in apart]
    mentions = {key for actor in photographed for key in actor.mentions}
    claims = {key for actor in photographed for key in actor.claims}
    for other in others:
        assert not mentions & set(other.mentions)
        if other.kind is not ActorKind.SPEAKER:
            assert not claims & set(other.claims)
    for proposal in case.casebook.rows(MERGES):
        assert not apart & {proposal.left, proposal.right}
    assert {a.label for a in others if a.kind is ActorKind.SITE} >= {
        "labour camp in Ryongchon County",
        "labour camp in Yomju County",
    }


def test_same_in_same_out_and_inputs_untouched(fill: Fill, seed: dict[str, Any]) -> None:
    """Two runs write the same rows; claims, mentions and renditions are what they were."""
    case = fill(seed)
    before = [line for line in case.casebook.digest_lines() if not line.startswith('["identify_')]
    identify.run(case)
    first = case.casebook.digest_lines()
    identify.run(case)
    assert case.casebook.digest_lines() == first
    assert [line for line in first if not line.startswith('["identify_')] == before
    for table in ("places", "actors", "products"):
        assert any(line.startswith(f'["identify_{table}') for line in first)


def test_a_rejected_claim_moves_nothing_any_more(fill: Fill, seed: dict[str, Any]) -> None:
    """A site that only a rejected claim places is gone; the other is untouched."""
    case = fill(seed)
    identify.run(case)
    before = {actor.label for actor in _actors(case, ActorKind.SITE)}
    target = next(c.id for c in case.casebook.rows(CLAIMS) if c.subject.endswith("Yomju"))
    case.casebook.append(
        JUDGEMENTS, [Judgement(1, target, Decision.REJECT, "tester", "2026-11-25T00:00:00Z", "no")]
    )
    identify.run(case)
    after = {actor.label for actor in _actors(case, ActorKind.SITE)}
    assert before - after == {"labour camp in Yomju County"}


def test_every_row_points_at_what_exists(fill: Fill, shared: Any) -> None:
    """On the whole labelled corpus: ids resolve, readings are ordered, nothing is chosen twice."""
    records = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((shared / "corpus").glob("*.json"))
    ]
    case = fill(*records)
    identify.run(case)
    mentions = {mention.id for mention in case.casebook.rows(MENTIONS)}
    claims = {claim.id for claim in case.casebook.rows(CLAIMS)}
    readings = {reading.id: reading for reading in case.casebook.rows(PLACES)}
    assert len(records) == 26
    for reading in readings.values():
        assert set(reading.mentions) <= mentions
        if reading.chosen is not None:
            assert all(reading.chosen.score >= other.score for other in reading.rejected)
        assert reading.reasons
    for actor in case.casebook.rows(ACTORS):
        assert set(actor.mentions) <= mentions
        assert set(actor.claims) <= claims
        assert set(actor.places) <= set(readings)


def test_a_container_is_no_second_camp(fill: Fill) -> None:
    """A province before its county makes no camp of its own, whatever a claim says."""
    text = "평안북도 룡천군 노동단련대에서 가발을 만든다."
    quote = "평안북도 룡천군 노동단련대"
    claims = [
        {
            "predicate": "located_in",
            "value": value,
            "subject": f"labour camp in {value}",
            "start": 0,
            "end": len(quote),
            "attribution": "author",
            "modality": "asserted",
        }
        for value in ("평안북도", "룡천군")
    ]
    mentions = [
        {"type": "PLACE", "norm": "", "start": 0, "end": 4},
        {"type": "PLACE", "norm": "", "start": 5, "end": 8},
    ]
    case = fill({"lang": "ko", "text": text, "mentions": mentions, "claims": claims})
    identify.run(case)
    sites = _actors(case, ActorKind.SITE)
    assert [actor.label for actor in sites] == ["labour camp in Ryongchon County"]
    assert len(case.casebook.rows(PLACES)) == 2


def test_a_long_text_takes_long_not_longer(fill: Fill, seed: dict[str, Any]) -> None:
    """Work grows with the text: fifty reports in one text are read well inside ten seconds."""
    step, times = len(seed["text"]) + 1, 50

    def moved(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {**row, "start": row["start"] + copy * step, "end": row["end"] + copy * step}
            for copy in range(times)
            for row in rows
        ]

    long = {
        **seed,
        "text": (seed["text"] + "\n") * times,
        "mentions": moved(seed["mentions"]),
        "claims": moved(seed["claims"]),
    }
    case = fill(long)
    begun = time.perf_counter()
    result = identify.run(case)
    assert time.perf_counter() - begun < 10
    assert (result.places, result.actors, result.merges) == (4, 12, 0)


def test_gold_norms_of_korean_places(fill: Fill, shared: Any) -> None:
    """Korean place mentions of the labelled corpus are read as the annotator normed them."""
    right = asked = 0
    for path in sorted((shared / "corpus").glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        case = fill(record)
        identify.run(case)
        read = {key: r for r in case.casebook.rows(PLACES) for key in r.mentions}
        norms = {
            (row["start"], row["end"]): row["norm"]
            for row in record["mentions"]
            if row["type"] == "PLACE" and row["norm"].endswith(", KP")
        }
        for mention in case.casebook.rows(MENTIONS):
            norm = norms.get((mention.start, mention.end))
            if norm is None:
                continue
            asked += 1
            chosen = read[mention.id].chosen
            right += chosen is not None and norm.startswith(chosen.name)
    assert asked >= 15
    assert right / asked >= 0.9
