"""One trace over one file: what ``witnessmark trace`` writes."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from witnessmark.core.errors import InputError
from witnessmark.stages.trace import TraceOptions, trace_file, write_result
from witnessmark.stages.trace.relation import expand_products, shipped_relation

if TYPE_CHECKING:
    from pathlib import Path

LINES = """# INVENTED EXAMPLE, NOT EVIDENCE
shipment_id,date,arrival_date,shipper_id,consignee_id,hs6,quantity_kg,origin,destination
11,2024-01-01,2024-01-11,Example Hair A,Example Wigs B,050100,100,ZZ,ZZ
12,2024-01-02,2024-01-12,Example Hair X,Example Wigs B,050100,300,ZZ,ZZ
13,2024-02-01,2024-02-21,Example Wigs B,Example Shop C,670411,200,ZZ,ZY
14,2024-03-01,,Example Shop C,to order,670411,80,ZY,
15,2024-03-02,2024-03-09,Example Shop C,Example Shop D,670411,,ZY,ZX
16,2024-03-02,2024-03-09,Example Shop C,Example Shop E,940360,9,ZY,ZX
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shipments.csv"
    path.write_text(LINES)
    return path


def options(**changes: Any) -> TraceOptions:
    return TraceOptions(**({"seeds": ("Example Hair A",)} | changes))


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


@pytest.mark.parametrize("engine", ["native", "duckdb"])
def test_the_files_hold_the_rows_of_the_interface(file: Path, tmp_path: Path, engine: str) -> None:
    """Columns, order, nulls and figures of both tables, on every engine."""
    out = tmp_path / "out"
    write_result(trace_file(file, options(engine=engine)), out)
    assert rows(out / "shipments_reached.parquet") == [
        {"shipment_id": 11, "tier": 1, "predecessor_id": None, "seed_grams": 100_000},
        {"shipment_id": 13, "tier": 2, "predecessor_id": 11, "seed_grams": 50_000},
        {"shipment_id": 14, "tier": 3, "predecessor_id": 13, "seed_grams": 20_000},
        {"shipment_id": 15, "tier": 3, "predecessor_id": 13, "seed_grams": None},
    ]
    companies = rows(out / "companies_reached.parquet")
    assert list(companies[0]) == [
        "company_id", "tier", "first_arrival", "seed_grams", "total_grams", "share", "share_low",
        "share_high",
    ]  # fmt: skip
    assert [list(row.values()) for row in companies] == [
        ["Example Shop C", 2, date(2024, 2, 21), 50_000, 200_000, 0.25, 0.0, 0.5],
        ["Example Shop D", 3, date(2024, 3, 9), 0, 0, None, None, None],
        ["Example Wigs B", 1, date(2024, 1, 11), 100_000, 400_000, 0.25, 0.0, 0.25],
    ]


def test_engines_give_the_same_bytes(file: Path, tmp_path: Path) -> None:
    """Both tables are byte for byte the same on every engine, and so is the digest."""
    digests = set()
    for engine in ("native", "duckdb"):
        result = trace_file(file, options(engine=engine))
        result.write(tmp_path / engine)
        digests.add(result.digest())
    assert len(digests) == 1
    for name in ("shipments_reached.parquet", "companies_reached.parquet"):
        assert (tmp_path / "native" / name).read_bytes() == (
            tmp_path / "duckdb" / name
        ).read_bytes()


def test_two_runs_give_the_same_bytes(file: Path, tmp_path: Path) -> None:
    """Nothing of the clock or the machine is in any of the three files."""
    for run in ("one", "two"):
        trace_file(file, options()).write(tmp_path / run)
    for name in ("shipments_reached.parquet", "companies_reached.parquet", "trace.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_trace_json_tells_parameters_counts_gaps_and_standing(file: Path, tmp_path: Path) -> None:
    """A stranger can repeat the trace from it, and reads what it cannot say."""
    trace_file(file, options()).write(tmp_path)
    told = json.loads((tmp_path / "trace.json").read_text())
    assert told["standing"] == "invented"
    assert told["marked"] == "INVENTED EXAMPLE, NOT EVIDENCE"
    assert told["handling"].startswith("INTERNAL")
    assert told["parameters"]["products"] == ["0501"]
    assert told["parameters"]["transitions"].startswith("trace/transitions.yaml")
    assert told["counts"]["shipments_reached_by_tier"] == [1, 1, 2, 0]
    assert "never an all-clear" in " ".join(told["notes"])
    gaps = {gap["kind"]: gap for gap in told["gaps"]}
    assert set(gaps) == {
        "consignee_withheld", "dead_end", "quantity_unknown", "arrival_assumed", "to_market",
    }  # fmt: skip
    assert gaps["consignee_withheld"]["count"] == 1
    assert gaps["consignee_withheld"]["before"] == "Example Shop C"
    assert gaps["dead_end"]["before"] == "Example Shop D"
    assert all(gap["settles"] and gap["after"] for gap in told["gaps"])
    metadata = pq.read_schema(tmp_path / "companies_reached.parquet").metadata
    assert metadata[b"witnessmark.standing"] == b"invented"


def test_backward_finds_suppliers_without_shares(file: Path, tmp_path: Path) -> None:
    """From a buyer back: the same chain reversed; no share is claimed."""
    asked = options(seeds=("example shop d",), backward=True)
    trace_file(file, asked).write(tmp_path)
    reached = rows(tmp_path / "shipments_reached.parquet")
    assert [(row["shipment_id"], row["tier"], row["predecessor_id"]) for row in reached] == [
        (11, 3, 13), (12, 3, 13), (13, 2, 15), (15, 1, None),
    ]  # fmt: skip
    assert {row["seed_grams"] for row in reached} == {None}
    companies = rows(tmp_path / "companies_reached.parquet")
    assert [row["company_id"] for row in companies] == [
        "Example Hair A", "Example Hair X", "Example Shop C", "Example Wigs B",
    ]  # fmt: skip
    assert {row[name] for row in companies for name in ("share", "share_low", "share_high")} == {
        None
    }
    assert companies[0]["first_arrival"] == date(2024, 1, 1)  # the last day it shipped


def test_hubs_are_reported_with_and_without(file: Path, tmp_path: Path) -> None:
    """A hub keeps its role and its row; what is reached only through it says so."""
    hubs = tmp_path / "hubs.csv"
    hubs.write_text("company_id,role\nExample Shop C,forwarder\n")
    trace_file(file, options(hubs=hubs)).write(tmp_path)
    companies = {row["company_id"]: row for row in rows(tmp_path / "companies_reached.parquet")}
    assert companies["Example Shop C"]["role"] == "forwarder"
    assert companies["Example Shop C"]["tier_without_hubs"] == 2
    assert companies["Example Shop D"]["tier"] == 3
    assert companies["Example Shop D"]["tier_without_hubs"] is None
    told = json.loads((tmp_path / "trace.json").read_text())
    assert told["counts"]["without_hubs"] == {"companies_reached": 2, "shipments_reached": 2}


def test_a_transitions_file_stands_in_place_of_the_shipped_rows(file: Path, tmp_path: Path) -> None:
    """With an empty relation hair stays hair; with 0501 -> 9403 it becomes furniture only."""
    path = tmp_path / "transitions.csv"
    path.write_text("from_heading,to_heading\n")
    assert len(trace_file(file, options(transitions=path)).answer.row) == 1
    path.write_text("from_heading,to_heading\n0501,6704\n6704,9403\n")
    ids = trace_file(file, options(transitions=path))
    assert ids.shipments.id[ids.answer.row].tolist() == [11, 13, 14, 15, 16]
    path.write_text("from_heading,to_heading\n05,6704\n")
    with pytest.raises(InputError, match="row 1 is no pair of headings"):
        trace_file(file, options(transitions=path))


def test_the_period_bounds_what_is_followed(file: Path) -> None:
    """A seed shipment before the period starts nothing; an end stops the chain."""
    late = trace_file(file, options(start=date(2024, 1, 2)))
    assert not len(late.answer.row)
    assert [gap.kind for gap in late.gaps] == ["no_seed"]
    early = trace_file(file, options(end=date(2024, 2, 1)))
    assert early.shipments.id[early.answer.row].tolist() == [11, 13]
    # the arrivals of 13 lie after the period: its consignee is not counted as reached
    assert [early.name(int(code)) for code in early.answer.company] == ["Example Wigs B"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"seeds": ()}, "nobody is named"),
        ({"seeds": ("Example Hair Q",)}, "no company is called 'Example Hair Q'"),
        ({"products": ("670",)}, "neither a heading nor a chapter"),
        ({"tiers": 0}, "0 tiers"),
        ({"window_days": -1}, "-1 days"),
        ({"start": date(2024, 2, 1), "end": date(2024, 1, 1)}, "before it begins"),
        ({"engine": "abacus"}, "no engine 'abacus'"),
    ],
)
def test_a_wrong_call_is_refused_with_a_remedy(
    file: Path, changes: dict[str, Any], told: str
) -> None:
    """Each wrong option is an input error (exit 2) that says what to do."""
    with pytest.raises(InputError, match=told) as caught:
        trace_file(file, options(**changes))
    assert caught.value.exit_code == 2
    assert caught.value.to_do


def test_a_name_that_fits_two_companies_is_refused(tmp_path: Path) -> None:
    """Two ids that differ in case only: the caller must say which; the exact one is taken."""
    path = tmp_path / "s.csv"
    path.write_text(LINES.replace("Example Hair X", "EXAMPLE HAIR A"))
    with pytest.raises(InputError, match="may be any of"):
        trace_file(path, options(seeds=("example hair a",)))
    assert len(trace_file(path, options()).seeds.codes) == 1


def test_a_chapter_stands_for_all_its_known_headings() -> None:
    """61 is every heading of chapter 61 that the file or the relation knows; 6704 is itself."""
    assert expand_products(("61", "6704"), {6109, 6110, 6203}) == {6109, 6110, 6704}
    assert expand_products(("99",), {6109}) == frozenset()


def test_the_shipped_relation_holds_the_chains_of_the_specification() -> None:
    """0501 -> 6703 -> 6704 and 5201 -> 5205 -> 6109 are steps; nothing leads back."""
    relation = shipped_relation()
    assert {(501, 6703), (6703, 6704), (5201, 5205), (5205, 6109)} <= relation.pairs
    assert relation.reachable({6704}, None) == {6704}
    assert relation.reachable({501}, 1) == {501, 6703, 6704}
    assert relation.transposed().reachable({6703}, None) >= {501, 6703}


def test_spark_names_its_extra_where_it_is_absent(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without pyspark the error says what to install; no other engine steps in."""
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(InputError, match="not installed") as caught:
        trace_file(file, options(engine="spark"))
    assert 'pip install "witnessmark[spark]"' in caught.value.to_do
