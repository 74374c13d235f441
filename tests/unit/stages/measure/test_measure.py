"""What a case supports as figures, and what it does not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from witnessmark.core.actor import (
    Actor,
    ActorKind,
    HeadingCandidate,
    PlaceCandidate,
    PlaceReading,
    ProductReading,
)
from witnessmark.core.canonical import sha256_hex
from witnessmark.core.claim import (
    Attribution,
    Claim,
    Modality,
    Predicate,
    Status,
    Tier,
    Value,
)
from witnessmark.core.errors import InputError
from witnessmark.core.judgement import Decision, Judgement
from witnessmark.core.provenance import Code
from witnessmark.core.source import Rendering, Source, SourceKind, Standing
from witnessmark.stages import measure
from witnessmark.stages.measure.borrowed import load_borrowed, read_borrowed
from witnessmark.stages.measure.chains import load_chains
from witnessmark.stages.measure.figures import figure_of
from witnessmark.store import tables
from witnessmark.store.case import open_case
from witnessmark.store.rulebook import load_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from witnessmark.core.interval import Interval
    from witnessmark.store.case import Case


def make_claim(
    predicate: str,
    value: Value,
    *,
    source: str = "s1",
    subject: str = "prisoners",
    start: int = 0,
    modality: str = "reported",
    speaker: str = "a source",
) -> Claim:
    words = str(value)
    return Claim(
        "", source, "r" * 64, Rendering.IDENTITY, Predicate(predicate), value, subject, words,
        start, start + len(words), Attribution.ANONYMOUS_SOURCE, speaker, Modality(modality),
        Tier.CLAIM, 0.9, Status.PROPOSED, "test",
    ).identified()  # fmt: skip


def make_source(name: str, standing: Standing = Standing.EVIDENCE) -> Source:
    return Source(
        name, f"{name}.txt", SourceKind.TEXT, "text/plain", 1, sha256_hex(name.encode()), "",
        "2026-11-25T00:00:00Z", "file", "en", standing=standing,
    )  # fmt: skip


def make_product(norm: str, heading: str, claims: Iterable[str]) -> ProductReading:
    return ProductReading(
        f"g{norm}", f"{norm}s", norm, (norm,), (), tuple(claims),
        (HeadingCandidate(heading, norm, "", Code.KNOWLEDGE),),
    )  # fmt: skip


def make_place(name: str) -> PlaceReading:
    chosen = PlaceCandidate(
        name, "", "county", "North Pyongan", "KP", None, None, None, 1.0, (), f"kp-{name}"
    )
    return PlaceReading(f"p{name}", "s1", name, (), chosen, (), False, ())


@pytest.fixture
def measured(tmp_path: Path) -> Callable[..., tuple[Case, dict[str, Interval]]]:
    """Measure a case built from claims; give the case and its intervals by quantity."""
    count = iter(range(100))

    def made(
        claims: Iterable[Claim],
        *,
        country: str = "KP",
        places: Iterable[str] = (),
        product: str = "wig",
        heading: str = "6704",
        standings: dict[str, Standing] | None = None,
    ) -> tuple[Case, dict[str, Interval]]:
        case = open_case(tmp_path / f"case{next(count)}", None, create=True)
        rows = tuple(claims)
        marks = standings or {}
        case.casebook.replace(
            tables.SOURCES,
            [
                make_source(n, marks.get(n, Standing.EVIDENCE))
                for n in sorted({c.source for c in rows})
            ],
        )
        case.casebook.replace(tables.CLAIMS, rows)
        made_of = [c.id for c in rows if c.predicate is Predicate.MAKES]
        if made_of:
            case.casebook.replace(tables.PRODUCTS, [make_product(product, heading, made_of)])
        names = tuple(places)
        case.casebook.replace(tables.PLACES, [make_place(name) for name in dict.fromkeys(names)])
        site_claims = tuple(c.id for c in rows)
        case.casebook.replace(
            tables.ACTORS,
            [
                Actor(
                    f"a{n}",
                    ActorKind.SITE,
                    f"camp {n}",
                    (),
                    country,
                    (f"p{name}",),
                    (),
                    site_claims,
                )
                for n, name in enumerate(names)
            ]
            or [Actor("a", ActorKind.SITE, "a site", (), country, (), (), site_claims)],
        )
        result = measure.run(case)
        assert case.casebook.rows(tables.INTERVALS) == result.intervals
        by_quantity: dict[str, Interval] = {}
        for row in result.intervals:
            by_quantity.setdefault(row.quantity, row)
        return case, by_quantity

    return made


def hours(amount: float, comparator: str = ">", **how: Any) -> Claim:
    return make_claim(
        "hours_per_day", {"amount": amount, "unit": "hour/day", "comparator": comparator}, **how
    )


CAMP = [
    make_claim("site_kind", "labour_camp", subject="labour camps", start=100),
    make_claim("makes", "wig", subject="labour camps", start=200),
]


def test_more_than_twelve_is_a_floor(measured: Any) -> None:
    """More than twelve hours has a low end and no high end, and says so."""
    _, found = measured([hours(12)])
    row = found["hours of work a day"]
    assert (row.low90, row.high90, row.low50, row.high50) == (12.0, None, None, None)
    assert row.known
    assert not row.illustration
    assert row.formula == "as stated: more than 12 hour/day"
    assert "no upper end" in row.why


def test_a_repeated_figure_is_one_interval(measured: Any) -> None:
    """Three claims in two sources with one figure are one interval: no echo narrows it."""
    rows = [hours(12), hours(12, start=50), hours(12, source="s2")]
    case, found = measured(rows)
    all_hours = [r for r in case.casebook.rows(tables.INTERVALS) if "hours" in r.quantity]
    assert len(all_hours) == 1
    row = found["hours of work a day"]
    assert [len(i.claims) for i in row.inputs] == [2, 1]
    assert set(row.claims) == {c.id for c in rows}
    assert "does not narrow" in row.why


def test_different_figures_stay_apart(measured: Any) -> None:
    """Sixteen hours there and twelve here are two intervals, never a mean of fourteen."""
    case, _ = measured([hours(12, "="), hours(16, "=", subject="women for life", start=70)])
    rows = [r for r in case.casebook.rows(tables.INTERVALS) if r.quantity == "hours of work a day"]
    assert [(r.low90, r.high90) for r in rows] == [(12.0, 12.0), (16.0, 16.0)]
    assert rows[1].population == "women for life"
    assert all("not averaged" in r.why for r in rows)


def test_a_denial_is_named_and_is_no_input(measured: Any) -> None:
    """A denied figure measures nothing; it stands in the text beside the figure that is told."""
    denied = hours(12, start=90, modality="denied", speaker="the ministry")
    case, found = measured([hours(12), denied])
    row = found["hours of work a day"]
    assert denied.id not in row.claims
    assert "denied by: the ministry" in row.why
    _, only = measured([denied])
    assert "hours of work a day" not in only
    assert case is not None


def test_an_invented_source_is_no_input(measured: Any) -> None:
    """What an invented example says is not measured."""
    _, found = measured(
        [hours(12), hours(18, source="s2", start=9)], standings={"s2": Standing.INVENTED}
    )
    assert found["hours of work a day"].low90 == 12.0
    assert "not averaged" not in found["hours of work a day"].why


def test_a_weekly_quota_without_amount_is_not_known(measured: Any) -> None:
    """The period of a quota is told, its amount is not: known is False and the claim is cited."""
    quota = make_claim("quota", "weekly assigned quantity without defects")
    _, found = measured([quota])
    row = found["weekly quota"]
    assert not row.known
    assert (row.low90, row.high90) == (None, None)
    assert row.why.startswith("not known from this case")
    assert row.claims == (quota.id,)
    assert row.settles
    _, stated = measured(
        [make_claim("quota", {"amount": 10, "unit": "pieces/day", "comparator": "="})]
    )
    assert stated["quota"].low90 == 10.0


def test_the_toy_chain(measured: Any) -> None:
    """Two camps: 5,100 to 12,000 wigs a year at 90 %, 4,500 to 14,000 at the corners; flagged."""
    _, found = measured(CAMP, places=["Example A", "Example B"])
    row = found["wigs a year from the camps"]
    assert (row.low90, row.high90) == (5100.0, 12000.0)
    assert row.low90 < row.low50 < row.high50 < row.high90
    assert "4,500 to 14,000" in row.why
    assert row.illustration
    assert [i.borrowed for i in row.inputs] == [False, True, True, True]
    assert row.inputs[0].low == 2
    assert row.formula.startswith("2 camps ×")
    fee = found["processing fee, US dollars a year"]
    assert "16,000 to 97,000" in fee.why
    assert "not what the state or a camp keeps" in fee.why
    share = found["share of China's 2023 imports of these goods, by weight"]
    assert share.unit == "%"
    assert (share.low90, share.high90) == (0.04, 0.17)
    assert "numerator:" in share.formula
    assert "denominator: 1,680 t" in share.formula
    team = found["team size, people in one camp"]
    assert (team.low90, team.high90) == (30.0, 70.0)
    assert "kyohwaso" in team.why
    assert "2021" in team.inputs[0].note


def test_the_hand_tied_rate_is_a_chain_of_its_own(measured: Any) -> None:
    """Two rates are two structures, kept apart: the slower one gives fewer wigs."""
    _, found = measured(CAMP, places=["Example A"])
    fast = found["wigs a year from the camps"]
    slow = found["wigs a year from the camps, if each is fully hand-tied"]
    assert slow.high90 is not None
    assert fast.low90 is not None
    assert slow.high90 < fast.low90


def test_a_place_named_twice_is_one_camp(measured: Any) -> None:
    """Two actors at one place (a report and its translation) count once."""
    _, once = measured(CAMP, places=["Example A"])
    _, twice = measured(CAMP, places=["Example A", "Example A"])
    assert twice["wigs a year from the camps"] == once["wigs a year from the camps"]


def test_a_camp_without_a_place_gives_figures_for_one_camp(measured: Any) -> None:
    """Where no camp is placed the chain speaks of one camp, and says so."""
    _, found = measured(CAMP)
    row = found["wigs a year from the camps"]
    assert row.population == "one camp"
    assert "places no camp" in row.inputs[0].note


@pytest.mark.parametrize(
    ("country", "product", "kind"),
    [("IN", "wig", "labour_camp"), ("KP", "brick", "labour_camp"), ("KP", "wig", "factory")],
)
def test_no_chain_where_country_product_or_detention_differ(
    measured: Any, country: str, product: str, kind: str
) -> None:
    """Wigs elsewhere, other goods, or people who are free: nothing is borrowed at all."""
    rows = [
        make_claim("site_kind", kind, subject="the site", start=100),
        make_claim("makes", product, subject="the site", start=200),
    ]
    case, found = measured(
        rows, country=country, product=product, heading="6704" if product == "wig" else "6904"
    )
    assert not any(r.illustration for r in found.values())
    if country != "KP" or product != "wig":
        assert not any(i.borrowed for r in case.casebook.rows(tables.INTERVALS) for i in r.inputs)
    assert not found["revenue"].known  # what it does not know it still says


def test_revenue_and_the_share_of_prisons_stay_unknown(measured: Any) -> None:
    """Gross is not net; three statements of three wholes stand beside the unknown, not averaged."""
    _, found = measured(CAMP, places=["Example A"])
    assert not found["revenue"].known
    assert "gross is not net" in found["revenue"].why
    share = found["share of these goods that people in detention make"]
    assert not share.known
    assert [i.low for i in share.inputs] == [0.20, 0.90, 0.42]
    assert share.low90 is None
    assert not found["output of one person"].known
    assert not found["people held in each camp"].known


def test_an_empty_case_measures_nothing(measured: Any) -> None:
    """No claim, no figure: not even an unknown is made up."""
    _, found = measured([])
    assert found == {}


def test_the_first_report(measured: Any, shared: Path) -> None:
    """The labelled report gives a floor for hours, an unknown weekly quota, and flagged chains."""
    gold = json.loads((shared / "corpus" / "seed.json").read_text())
    rows = [
        replace(
            make_claim(c["predicate"], c["value"], subject=c["subject"], start=c["start"],
                       modality=c["modality"]),
            quote=gold["text"][c["start"] : c["end"]],
        )
        for c in gold["claims"]
    ]  # fmt: skip
    case, found = measured(rows, places=["Ryongchon", "Yomju"])
    assert found["hours of work a day"].low90 == 12.0
    assert len(found["hours of work a day"].claims) == 2
    assert not found["weekly quota"].known
    assert found["weekly quota"].period == "a week"
    assert not found["pay, in figures"].known
    ids = {c.id for c in case.casebook.rows(tables.CLAIMS)}
    for row in case.casebook.rows(tables.INTERVALS):
        assert set(row.claims) <= ids
        assert row.settles
        assert row.known or row.why.startswith("not known from this case")
        for ingredient in row.inputs:
            assert ingredient.borrowed != bool(ingredient.claims) or ingredient.name == "camps"
            assert not ingredient.borrowed or ingredient.note
    assert measure.run(case).intervals == case.casebook.rows(tables.INTERVALS)


def test_malformed_numbers_are_no_figures() -> None:
    """A phrase, a truth value or an unknown comparator is not a figure; a range keeps its ends."""
    assert figure_of("weekly") is None
    assert figure_of({"amount": True, "unit": "x", "comparator": "="}) is None
    assert figure_of({"amount": 3, "unit": "x", "comparator": "!"}) is None
    ends = figure_of({"amount": 3, "unit": "x", "comparator": "range", "high": 5})
    assert ends is not None
    assert (ends.low_bound, ends.high_bound, ends.words) == (3.0, 5.0, "3 to 5")


def test_borrowed_figures_carry_their_source() -> None:
    """Every borrowed figure has a code; S has an address; unknown keys and doubles are refused."""
    rows = load_rules("measure/borrowed.yaml", "witnessmark/borrowed/1")["facts"]
    assert load_borrowed()["kyohwaso.team_size"].high == 70
    for fact in load_borrowed().values():
        assert bool(fact.url) or fact.code is not Code.STORED
        assert fact.measured_on
        assert fact.caution
    with pytest.raises(InputError, match="unknown"):
        read_borrowed([{**rows[0], "surprise": 1}])
    with pytest.raises(InputError, match="twice"):
        read_borrowed([rows[0], rows[0]])
    with pytest.raises(InputError, match="without an address"):
        read_borrowed([{**rows[0], "url": ""}])


def test_chains_and_traps_name_borrowed_figures() -> None:
    """Every chain and every trap rests on figures that the borrowed file holds."""
    facts = load_borrowed()
    for chain in load_chains().chains:
        assert {*chain.times, *chain.over} <= set(facts)
    traps = load_rules("measure/traps.yaml", "witnessmark/traps/1")["traps"]
    assert len(traps) == 4
    for trap in traps:
        assert set(trap["inputs"]) <= set(facts)
        assert trap["inputs"] or trap["computed"] == "origins"
        assert set(trap["applies_to"]) == {"country", "headings"}
    assert facts["net_value.2025"].low == pytest.approx(
        facts["trade.in.2025"].low - facts["trade.out.2025"].low
    )
    wigs, tonnes, mass = (
        facts["kyohwaso12.output"],
        facts["trade.in.2023.tonnes"],
        facts["mass.wig"],
    )
    shares = [wigs.low * grams / (tonnes.low * 1e6) * 100 for grams in (mass.low, mass.high)]
    assert [round(share, 2) for share in shares] == [0.05, 0.16]


def test_borrowed_figures_are_those_of_the_fact_sheet(shared: Path) -> None:
    """A figure that ships is the figure of the fact sheet, by its id."""
    sheet = (shared / "facts" / "system_facts.yaml").read_text()
    for name in ("kyohwaso.team_size", "rate.wig.dnk_home", "rate.wig.factory_hand", "fee.wig.dnk"):
        fact = load_borrowed()[name]
        line = next(row for row in sheet.splitlines() if f"{{id: {name}," in row)
        assert f"value: [{fact.low:g}, {fact.high:g}]" in line


def test_a_quota_takes_its_period_from_its_words(measured: Any) -> None:
    """The week stands in the quote; one told without a period joins it."""
    first = replace(make_claim("quota", "assigned quantity"), quote="assigned work for the week")
    again = replace(make_claim("quota", "assigned quantity", start=70), quote="their quota")
    _, found = measured([first.identified(), again.identified()])
    assert found["weekly quota"].period == "a week"
    assert len(found["weekly quota"].claims) == 2
    assert "quota" not in found
    daily = replace(make_claim("quota", "하루 과제", start=140), quote="하루 과제")
    _, both = measured([first.identified(), again.identified(), daily.identified()])
    assert {"weekly quota", "daily quota", "quota"} <= set(both)


def test_a_rejected_place_is_not_counted(measured: Any) -> None:
    """When a person rejects one of two sites the chain speaks of one camp."""
    case, found = measured(CAMP, places=["Example A", "Example B"])
    assert found["wigs a year from the camps"].inputs[0].low == 2
    case.casebook.append(
        tables.JUDGEMENTS,
        [Judgement(1, "a1", Decision.REJECT, "a person", "2026-11-25T00:00:00Z", "another camp")],
    )
    after = {row.quantity: row for row in measure.run(case).intervals}
    assert after["wigs a year from the camps"].inputs[0].low == 1
