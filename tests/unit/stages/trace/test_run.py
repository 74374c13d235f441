"""The stage on a case: seeds from the case, routes with records, gaps by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from witnessmark.core.actor import Actor, ActorKind, HeadingCandidate, ProductReading
from witnessmark.core.claim import Status
from witnessmark.core.errors import InputError
from witnessmark.core.judgement import Decision, Judgement
from witnessmark.core.provenance import Code
from witnessmark.core.source import Source, SourceKind
from witnessmark.stages.trace import TraceOptions, run
from witnessmark.store.case import open_case
from witnessmark.store.tables import (
    ACTORS,
    COMPANIES,
    GAPS,
    JUDGEMENTS,
    PRODUCTS,
    ROUTES,
    SOURCES,
    TRACE_RUNS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from witnessmark.store.case import Case

LINES = """# INVENTED EXAMPLE, NOT EVIDENCE
shipment_id,date,arrival_date,shipper_id,consignee_id,hs6,quantity_kg,origin,destination,source_id
1,2024-01-01,2024-01-11,Example Trading A,Example Wigs B,670419,100,ZZ,ZY,bill 1
2,2024-02-01,2024-02-11,Example Wigs B,Example Shop C,670419,50,ZY,ZX,bill 2
3,2024-02-02,2024-02-12,Example Wigs B,,670419,20,ZY,ZX,
4,2024-02-03,2024-02-13,Example Trading Q,Example Shop C,670419,30,ZW,ZX,bill 4
5,2024-02-03,2024-02-13,Example Trading A,Example Shop E,940360,30,ZZ,ZX,bill 5
"""


def actor(kind: ActorKind, label: str, **changes: Any) -> Actor:
    return replace(
        Actor(f"a-{label}", kind, label, (), "ZZ", (), (), ()),
        **changes,
    )


WIGS = ProductReading(
    "g1",
    "wigs",
    "wig",
    ("wigs",),
    (),
    ("c1",),
    (HeadingCandidate("6704", "wigs", "", Code.KNOWLEDGE),),
)
HAIR = ProductReading(
    "g2",
    "hair",
    "artificial hair",
    ("artificial hair",),
    (),
    (),
    (HeadingCandidate("5503", "fibres", "", Code.KNOWLEDGE),),
)
SITE = actor(ActorKind.SITE, "labour camp in Exampleton")
PHOTO = actor(ActorKind.PHOTOGRAPHED_SITE, "photographed facility")
TRADER = actor(ActorKind.ORGANISATION, "EXAMPLE TRADING A")


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    opened = open_case(tmp_path / "case", None, create=True)
    opened.casebook.replace(PRODUCTS, [WIGS, HAIR])
    opened.casebook.replace(ACTORS, [SITE, PHOTO])
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shipments.csv"
    path.write_text(LINES)
    return path


def test_without_a_file_three_missing_hops_are_named(case: Case) -> None:
    """No run, no route: trading company, exporter and buyer are gaps, each with its remedy."""
    outcome = run(case, shipments=None)
    assert case.casebook.rows(TRACE_RUNS) == ()
    assert case.casebook.rows(ROUTES) == ()
    gaps = case.casebook.rows(GAPS)
    assert gaps == outcome.gaps
    after = [gap.after for gap in gaps]
    assert after == [
        "unknown trading company", "unknown trading company", "unknown exporter", "unknown buyer",
    ]  # fmt: skip
    assert all(gap.settles and gap.what for gap in gaps)
    assert "wigs" in gaps[2].settles
    assert "ZZ" in gaps[2].settles


def test_the_place_of_a_photograph_has_a_gap_of_its_own(case: Case, file: Path) -> None:
    """No gap joins the photographed facility with a named site, with or without a file."""
    for shipments in (None, file):
        gaps = run(case, shipments=shipments).gaps
        assert [gap.before for gap in gaps if gap.kind == "site_to_shipper"] == [
            SITE.label, PHOTO.label,
        ]  # fmt: skip
        assert not [
            gap for gap in gaps
            if PHOTO.label in gap.before + gap.what and SITE.label in gap.before + gap.what
        ]  # fmt: skip


def test_all_shippers_of_product_and_origin_are_followed(case: Case, file: Path) -> None:
    """With no company named in the case, its products and country choose, and it says so."""
    outcome = run(case, shipments=file)
    assert outcome.run is not None
    assert outcome.run.seeds == ("Example Trading A",)
    assert outcome.run.seed_choice == "all shippers of 6704 from ZZ"
    assert outcome.run.standing == "invented"
    assert 'products=["6704"]' in outcome.run.parameters
    assert case.casebook.rows(TRACE_RUNS) == (outcome.run,)
    assert case.casebook.rows(COMPANIES) == outcome.companies
    assert [(row.id, row.tier, row.share) for row in outcome.companies] == [
        ("Example Wigs B", 1, 1.0), ("Example Shop C", 2, 0.625),
    ]  # fmt: skip


def test_every_hop_of_a_route_cites_a_row_of_the_file(case: Case, file: Path) -> None:
    """Routes are chains: each hop's record, heaviest end first, lost sight of told apart."""
    outcome = run(case, shipments=file)
    routes = case.casebook.rows(ROUTES)
    assert routes == outcome.routes
    assert [(route.end, [hop.shipment_id for hop in route.hops]) for route in routes] == [
        ("reached", [1, 2]), ("lost_sight_of", [1, 3]),
    ]  # fmt: skip
    for route in routes:
        assert route.seed == route.hops[0].shipper == "Example Trading A"
        for before, after in zip(route.hops, route.hops[1:], strict=False):
            assert before.consignee == after.shipper
            assert date.fromisoformat(before.arrived) <= date.fromisoformat(after.shipped)
            assert after.tier == before.tier + 1
    hop = routes[0].hops[1]
    assert (hop.record, hop.grams, hop.seed_grams, hop.heading) == (
        "bill 2",
        50_000,
        50_000,
        "6704",
    )
    assert routes[1].hops[1].record == "shipments.csv"
    assert routes[1].hops[1].consignee == ""


def test_a_company_named_in_the_case_is_the_seed(case: Case, file: Path) -> None:
    """An organisation of the case that ships is followed, whatever the case of its letters."""
    other = actor(ActorKind.ORGANISATION, "Example Newspaper")
    case.casebook.replace(ACTORS, [SITE, TRADER, other])
    outcome = run(case, shipments=file)
    assert outcome.run is not None
    assert outcome.run.seed_choice == "named in the case: Example Trading A"
    # in the goods of the case, not in the furniture that it ships as well
    assert 'products=["6704"]' in outcome.run.parameters
    missing = [gap for gap in outcome.gaps if gap.kind == "no_seed"]
    assert [gap.before for gap in missing] == ["Example Newspaper"]


def test_who_published_a_source_is_not_looked_for(case: Case, file: Path) -> None:
    """The outlet of a source is no trader of the goods: it is no seed and stands in no gap."""
    paper = actor(ActorKind.ORGANISATION, "Example Newspaper")
    case.casebook.replace(ACTORS, [SITE, TRADER, paper])
    report = Source(
        "s1", "a.txt", SourceKind.TEXT, "text/plain", 1, "0" * 64, "o", "", "file", "en",
        outlet="EXAMPLE NEWSPAPER",
    )  # fmt: skip
    case.casebook.replace(SOURCES, [report])
    outcome = run(case, shipments=file)
    assert outcome.run is not None
    assert outcome.run.seeds == ("Example Trading A",)
    assert all("Newspaper" not in gap.before + gap.what for gap in outcome.gaps)


def test_a_protected_or_rejected_actor_is_never_looked_for(case: Case, file: Path) -> None:
    """Its name in the file changes nothing, and stands in no gap."""
    hidden = replace(TRADER, label="Example Trading Q", protected=True)
    rejected = replace(TRADER, id="a-rejected", label="Example Wigs B", status=Status.REJECTED)
    judged = replace(TRADER, id="a-judged", label="Example Shop C")
    case.casebook.replace(ACTORS, [SITE, hidden, rejected, judged])
    case.casebook.replace(JUDGEMENTS, [_rejection("a-judged")])
    outcome = run(case, shipments=file)
    assert outcome.run is not None
    assert outcome.run.seed_choice.startswith("all shippers of 6704")
    assert not [gap for gap in outcome.gaps if gap.kind == "no_seed"]


def _rejection(target: str) -> Judgement:
    fields: dict[str, Any] = {
        name: "" for name in Judgement.__dataclass_fields__ if name not in {"number", "decision"}
    }
    return Judgement(**(fields | {"number": 1, "decision": Decision.REJECT, "target": target}))


def test_a_site_that_ships_under_its_own_name_has_no_gap(case: Case, file: Path) -> None:
    """Where the records name the site as shipper, they tie it to the goods."""
    case.casebook.replace(ACTORS, [replace(SITE, names=("Example Trading A",))])
    outcome = run(case, shipments=file)
    assert "site_to_shipper" not in {gap.kind for gap in outcome.gaps}


def test_no_seed_is_a_gap_not_an_error(case: Case, file: Path) -> None:
    """Nothing from the country of the case in the file: an empty run that says why."""
    case.casebook.replace(ACTORS, [replace(SITE, country="QQ")])
    outcome = run(case, shipments=file)
    assert outcome.run is not None
    assert outcome.run.shipments_reached == 0
    assert outcome.routes == ()
    reason = next(gap.what for gap in outcome.gaps if gap.kind == "no_seed")
    assert reason == "no shipper found: all shippers of 6704 from QQ"


def test_a_bad_file_leaves_the_casebook_as_it_was(case: Case, file: Path) -> None:
    """After a refused file the rows of the run before still stand, all of them."""
    run(case, shipments=file)
    before = case.casebook.digest()
    file.write_text(LINES + "1,2024-01-01,,Example Trading A,,670419,1,ZZ,ZZ,\n")
    with pytest.raises(InputError, match="not unique"):
        run(case, shipments=file)
    with pytest.raises(InputError, match="no company is called"):
        run(case, shipments=_written(file), options=TraceOptions(seeds=("Nobody",)))
    assert case.casebook.digest() == before


def _written(file: Path) -> Path:
    file.write_text(LINES)
    return file


def test_engines_write_the_same_rows_but_for_their_name(case: Case, file: Path) -> None:
    """A case traced by DuckDB and by NumPy differs in the engine's name only; nothing spills."""
    native = run(case, shipments=file)
    other = run(case, shipments=file, options=TraceOptions(engine="duckdb"))
    assert native.run is not None
    assert other.run is not None
    assert other.run == replace(native.run, engine=other.run.engine)
    assert (native.routes, native.companies, native.gaps) == (
        other.routes, other.companies, other.gaps,
    )  # fmt: skip
    assert list((case.path / "tmp").iterdir()) == []


def test_routes_without_a_repeated_company_are_preferred(case: Case, tmp_path: Path) -> None:
    """A walk that comes back to a company is shown only where no other leads to the end."""
    head = LINES.splitlines()[1]
    path = tmp_path / "walk.csv"
    rows = [
        "1,2024-01-01,2024-01-02,Example A,Example B,670419,10,ZZ,,",
        "2,2024-01-03,2024-01-04,Example B,Example A,670419,10,ZZ,,",
        "3,2024-01-01,2024-01-02,Example A,Example C,670300,9,ZZ,,",
        "4,2024-01-05,2024-01-06,Example A,Example D,670411,99,ZZ,,",
    ]
    path.write_text("\n".join([head, *rows]) + "\n")
    options = TraceOptions(seeds=("Example B",), products=("6704",))
    outcome = run(case, shipments=path, options=options)
    # B -> A -> D is simple; nothing else reaches D
    assert [[hop.shipment_id for hop in route.hops] for route in outcome.routes] == [[2, 4]]
    walk = run(case, shipments=path, options=TraceOptions(seeds=("Example A",)))
    ends = {route.hops[-1].consignee: [h.shipment_id for h in route.hops] for route in walk.routes}
    assert ends["Example D"] == [4]
    assert len({route.id for route in walk.routes}) == len(walk.routes)
