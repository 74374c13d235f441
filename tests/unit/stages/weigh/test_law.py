"""Law cells: what decides, what is open, and what never counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from witnessmark.core.actor import HeadingCandidate, ProductReading
from witnessmark.core.claim import Status
from witnessmark.core.finding import ElementState
from witnessmark.core.judgement import Decision
from witnessmark.core.provenance import Code
from witnessmark.stages import weigh

TODAY = date(2026, 11, 25)
FIRST = "Prisoners make wigs in the camp every day. Some work for more than twelve hours a day. "
SECOND = "A woman who left says that she made wigs there. She was held for a year without trial. "


def brick() -> Any:
    return ProductReading(
        "gbrick",
        "bricks",
        "brick",
        ("bricks",),
        (),
        (),
        (HeadingCandidate("6904", "ceramic bricks", "", Code.KNOWLEDGE),),
    )


def cell(case: Any, regime: Any, heading: Any = "6704", as_of: Any = TODAY) -> Any:
    return next(
        c for c in weigh.run(case, as_of=as_of).law if c.regime == regime and c.heading == heading
    )


def step(found: Any, name: Any) -> Any:
    return next(element for element in found.elements if element.id == name)


def two_origins(
    bench: Any, source: Any, claim: Any, products: Any, *, status: Any, **more: Any
) -> Any:
    rows = [
        claim("makes", "wig", source="s1", subject="labour camps", status=status),
        claim("makes", "wig", source="s2", subject="labour camps", status=status, speaker="other"),
        claim("site_kind", "labour_camp", source="s1", subject="labour camps", start=40),
        claim(
            "site_kind", "labour_camp", source="s2", subject="labour camps", start=40, speaker="o"
        ),
    ]
    return bench.case(
        rows,
        sources=[source("s1", FIRST), source("s2", SECOND)],
        texts={"s1": FIRST, "s2": SECOND},
        products=[products["wig"]],
        **more,
    )


def test_two_accepted_origins_meet_a_step_and_proposals_do_not(
    bench: Any, source: Any, claim: Any, products: Any
) -> None:
    """A step is met by two independent origins that a person accepted; proposals leave it open."""
    for status, state in (
        (Status.PROPOSED, ElementState.UNKNOWN),
        (Status.ACCEPTED, ElementState.MET),
    ):
        case = two_origins(bench, source, claim, products, status=status)
        found = cell(case, "us_caatsa_321b")
        assert step(found, "dprk_labour").state is state
        assert found.state is ElementState.UNKNOWN  # no US import, no rebuttal known
        assert "no US import shown" in found.headline
    assert "DPRK labour" not in found.headline


def test_one_accepted_origin_and_its_echo_do_not_meet_a_step(
    bench: Any, source: Any, claim: Any, products: Any
) -> None:
    """The attack: the same report accepted twice. It is one origin, and the second is missing."""
    rows = [
        claim("makes", "wig", source=name, subject="labour camps", status=Status.ACCEPTED)
        for name in ("s1", "s2")
    ]
    case = bench.case(
        rows,
        sources=[source("s1", FIRST), source("s2", FIRST + "!")],
        texts={"s1": FIRST, "s2": FIRST + "Printed again by us."},
        products=[products["wig"]],
    )
    labour = step(cell(case, "us_caatsa_321b"), "dprk_labour")
    assert labour.state is ElementState.UNKNOWN
    assert "a second, independent one is missing" in labour.why
    assert len(labour.claims) == 2


def test_a_shipment_record_shows_an_import_and_names_the_next_gap(
    bench: Any, source: Any, claim: Any, products: Any, route: Any
) -> None:
    """A US shipment meets the import step by its number; the tie to the maker stays open."""
    routes, runs = route()
    case = two_origins(
        bench, source, claim, products, status=Status.PROPOSED, routes=routes, runs=runs
    )
    found = cell(case, "us_caatsa_321b")
    assert step(found, "us_import").state is ElementState.MET
    assert step(found, "us_import").records == (77,)
    assert found.headline == "open: DPRK labour not accepted; no record ties the site to a shipment"
    assert step(cell(case, "us_ofac_nksr"), "dprk_origin").records == (77,)
    assert found.state is ElementState.UNKNOWN


@pytest.mark.parametrize(
    "change", [{"standing": "invented"}, {"heading": "6109"}, {"destination": "JP"}]
)
def test_other_or_invented_records_show_no_us_import(
    bench: Any, source: Any, claim: Any, products: Any, route: Any, change: Any
) -> None:
    """An invented file, another heading or another country never shows a US import."""
    routes, runs = route(**change)
    case = two_origins(
        bench, source, claim, products, status=Status.PROPOSED, routes=routes, runs=runs
    )
    found = step(cell(case, "us_tariff_307"), "us_import")
    assert found.state is ElementState.UNKNOWN
    assert found.records == ()
    assert ("counts for nothing" in found.why) == ("standing" in change)


def test_a_case_of_another_country_has_no_north_korean_tests(bench: Any, claim: Any) -> None:
    """Bricks in India: rules on North Korea do not apply, and say why; general ones stay open."""
    rows = [
        claim("makes", "brick", subject="a brick kiln"),
        claim("indicator", "debt_bondage", subject="workers", start=30),
        claim("located_in", "Telangana, IN", subject="a brick kiln", start=60),
    ]
    law = weigh.run(bench.case(rows, country="IN", products=[brick()]), as_of=TODAY).law
    states = {c.regime: c for c in law if c.product}
    for regime in (
        "us_caatsa_321b",
        "us_ofac_nksr",
        "un_2375",
        "eu_dprk_2017_1509",
        "jp_total_ban",
    ):
        assert states[regime].state is ElementState.NOT_APPLICABLE, regime
        assert states[regime].headline == "the case does not speak of North Korea"
    assert states["us_tariff_307"].headline.startswith(
        "open: convict or forced labour not accepted"
    )
    assert states["us_tariff_307"].state is ElementState.UNKNOWN
    assert states["eu_flr_2024_3015"].state is ElementState.NOT_YET_APPLICABLE
    assert (
        states["uk_fpmga_poca"].headline == "open: made in a prison not shown; no UK import shown"
    )
    assert states["ca_sema_dprk"].state is ElementState.UNKNOWN  # memory alone says nothing surely
    assert states["ca_sema_dprk"].from_memory


def test_memory_alone_decides_nothing(
    bench: Any, source: Any, claim: Any, products: Any, route: Any
) -> None:
    """A cell that rests on code K alone is unknown, even with two accepted origins and a record."""
    routes, runs = route(destination="NZ")
    case = two_origins(
        bench, source, claim, products, status=Status.ACCEPTED, routes=routes, runs=runs
    )
    found = cell(case, "nz_prison_goods")
    assert {e.state for e in found.elements if e.id != "same_goods"} == {ElementState.MET}
    assert found.state is ElementState.UNKNOWN
    assert found.from_memory
    assert found.headline.endswith("from memory, not checked against the text")


def test_a_denial_meets_nothing(bench: Any, source: Any, claim: Any, products: Any) -> None:
    """Denials of two accepted origins never meet a step; they stand against it."""
    rows = [
        claim("makes", "wig", source="s1", subject="labour camps"),
        *(
            claim(
                "indicator",
                "intimidation_threats",
                source=name,
                modality="denied",
                status=Status.ACCEPTED,
                start=9,
                speaker=name,
            )
            for name in ("s1", "s2")
        ),
    ]
    case = bench.case(
        rows, sources=[source("s1", FIRST), source("s2", SECOND)], products=[products["wig"]]
    )
    whole = next(c for c in weigh.run(case, as_of=TODAY).law if c.regime == "c29_art_2_1")
    menace = step(whole, "menace_of_any_penalty")
    assert menace.state is ElementState.NOT_MET
    assert "no source of the case says so" in menace.why


def test_the_prison_exception_falls_if_one_condition_fails(
    bench: Any, source: Any, claim: Any
) -> None:
    """Two accepted origins tell of private clients: that condition fails, so the exception does."""
    rows = [
        claim(
            "indicator",
            "c29_prison_labour_for_private",
            source=n,
            status=Status.ACCEPTED,
            speaker=n,
        )
        for n in ("s1", "s2")
    ]
    case = bench.case(rows, sources=[source("s1", FIRST), source("s2", SECOND)])
    whole = next(c for c in weigh.run(case, as_of=TODAY).law if c.regime == "c29_art_2_2_c")
    assert step(whole, "not_private").state is ElementState.NOT_MET
    assert step(whole, "conviction").state is ElementState.UNKNOWN
    assert whole.state is ElementState.NOT_MET
    assert whole.headline == "not met: not private"


def test_an_ended_measure_is_not_taken_for_dead(
    bench: Any, source: Any, claim: Any, products: Any
) -> None:
    """Japan's ban is stated to run to 13 April 2027: after it the answer is open, not no."""
    case = two_origins(bench, source, claim, products, status=Status.PROPOSED)
    assert step(cell(case, "jp_total_ban"), "in_force").state is ElementState.MET
    later = cell(case, "jp_total_ban", as_of=date(2027, 4, 14))
    assert step(later, "in_force").state is ElementState.UNKNOWN
    assert "renew" in step(later, "in_force").why


def test_a_product_without_a_heading_is_open_on_every_list(bench: Any, claim: Any) -> None:
    """No heading, no answer: a goods list neither names nor frees it."""
    thing = ProductReading("gx", "things", "thing", ("things",), (), (), ())
    case = bench.case([claim("makes", "thing", subject="labour camps")], products=[thing])
    found = cell(case, "un_2375", heading="")
    assert found.state is ElementState.UNKNOWN
    assert found.headline == "heading not known"


def test_a_product_that_is_only_denied_is_not_weighed(
    bench: Any, claim: Any, products: Any
) -> None:
    """A denial that something is made gives no cell for it."""
    case = bench.case(
        [claim("makes", "wig", subject="the firm", modality="denied")], products=[products["wig"]]
    )
    assert {c.product for c in weigh.run(case, as_of=TODAY).law} == {""}


def test_no_score_no_count_no_verdict(seed: Any) -> None:
    """No cell says guilty, clean or banned, and none counts its steps."""
    for found in weigh.run(seed(), as_of=TODAY).law:
        for word in ("banned", "guilty", "clean", "score", "risk", " of 5", "%"):
            assert word not in found.headline.casefold(), found.headline


def test_a_country_named_only_in_the_text_keeps_its_tests_open(bench: Any, claim: Any) -> None:
    """The attack: no place was read as North Korean. The text names it, so its rules stay open."""
    told = claim("makes", "brick", subject="the brigade")
    for text, state in (
        ("The North Korean brigade makes bricks.", ElementState.UNKNOWN),
        ("A brigade in Ruritania makes bricks.", ElementState.UNKNOWN),
        ("A brigade in India makes bricks.", ElementState.NOT_APPLICABLE),
    ):
        case = bench.case([told], texts={"s1": text}, country="", products=[brick()])
        assert cell(case, "us_caatsa_321b", "6904").state is state, text


def test_a_rule_that_does_not_concern_the_case_is_answered_once(bench: Any, claim: Any) -> None:
    """A regime about another country gives one cell a product, not one a heading."""
    thing = ProductReading(
        "gglove", "gloves", "glove", ("gloves",), (), (),
        tuple(HeadingCandidate(h, h, "", Code.KNOWLEDGE) for h in ("6116", "4015")),
    )  # fmt: skip
    rows = [claim("makes", "glove", subject="a factory")]
    abroad = weigh.run(bench.case(rows, country="MY", products=[thing]), as_of=TODAY).law
    at_home = weigh.run(bench.case(rows, country="KP", products=[thing]), as_of=TODAY).law
    assert [c.heading for c in abroad if c.regime == "un_2375"] == ["6116"]
    assert [c.heading for c in at_home if c.regime == "un_2375"] == ["6116", "4015"]


def test_a_rejected_product_is_not_weighed(bench: Any, claim: Any, products: Any) -> None:
    """When a person rejects a product reading its cells go, and nothing else does."""
    case = bench.case(
        [claim("makes", "wig"), claim("makes", "false eyelash", start=9)],
        products=[products["wig"], products["lash"]],
    )
    before = weigh.run(case, as_of=TODAY).law
    bench.judge(case, [("gwig", Decision.REJECT)])
    after = weigh.run(case, as_of=TODAY).law
    assert after == tuple(c for c in before if c.product != "gwig")
    assert len(after) < len(before)


def test_headings_below_a_listed_chapter_are_found_by_a_record(
    bench: Any, source: Any, claim: Any, route: Any
) -> None:
    """A product known by its chapter is met by a record of a heading of that chapter."""
    knit = ProductReading(
        "gknit", "knits", "wig", ("knits",), (), (), (HeadingCandidate("61", "k", "", Code.STORED),)
    )
    routes, runs = route(heading="6109")
    case = bench.case([claim("makes", "wig")], products=[knit], routes=routes, runs=runs)
    assert step(cell(case, "us_tariff_307", "61"), "us_import").records == (77,)
    assert source is not None


def test_a_rule_applies_from_its_first_day(
    bench: Any, source: Any, claim: Any, products: Any
) -> None:
    """EU 2024/3015: the day before is not yet, the day itself is; the evidence is the same."""
    case = two_origins(bench, source, claim, products, status=Status.PROPOSED)
    eve = cell(case, "eu_flr_2024_3015", as_of=date(2027, 12, 13))
    day = cell(case, "eu_flr_2024_3015", as_of=date(2027, 12, 14))
    assert eve.state is ElementState.NOT_YET_APPLICABLE
    assert eve.headline == "not yet applicable: applies from 14 December 2027"
    assert day.state is ElementState.UNKNOWN
    assert day.elements[1:] == eve.elements[1:]
