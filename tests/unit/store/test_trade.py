"""A shipment file is taken whole or refused, row by number."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from witnessmark.core.errors import InputError, StorageFault
from witnessmark.store.trade import (
    ShipmentLimits,
    open_shipments,
    open_sql,
    read_names,
    write_table,
)

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "shipment_id,date,arrival_date,shipper_id,consignee_id,hs6,quantity_kg\n"
GOOD = (
    HEADER
    + "7,2024-02-01,2024-02-11,Example B,Example C,670419,1.2345\n"
    + "3,2024-01-01,,Example A,TO ORDER OF A BANK,050100,\n"
    + "5,2024-01-05,2024-01-06, Example A ,,6704.19,0.0005\n"
)


def csv(folder: Path, text: str | bytes) -> Path:
    path = folder / "shipments.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def parquet(folder: Path, metadata: dict[bytes, bytes] | None = None, **columns: Any) -> Path:
    day = date(2024, 1, 1)
    base: dict[str, Any] = {
        "shipment_id": [1, 2],
        "date": [day, day],
        "shipper_id": ["Example A", "Example B"],
        "consignee_id": ["Example B", None],
        "hs6": ["670419", "670419"],
    } | columns
    table = pa.table({name: value for name, value in base.items() if value is not None})
    path = folder / "shipments.parquet"
    pq.write_table(table.replace_schema_metadata(metadata), path)
    return path


def test_rows_are_read_as_the_schema_means_them(tmp_path: Path) -> None:
    """Ids sort rows; grams are round(kg * 1000); nobody and unknown are -1; 30 days assumed."""
    shipments = open_shipments(csv(tmp_path, GOOD))
    assert shipments.id.tolist() == [3, 5, 7]
    assert shipments.companies.to_pylist() == ["Example A", "Example B", "Example C"]
    assert shipments.shipper.tolist() == [0, 0, 1]
    assert shipments.consignee.tolist() == [-1, -1, 2]
    assert shipments.grams.tolist() == [-1, 0, 1234]  # 0.5 and 1234.5: half to even
    assert shipments.heading.tolist() == [501, 6704, 6704]
    assert shipments.assumed.tolist() == [True, False, False]
    assert (shipments.arrive - shipments.ship).tolist() == [30, 1, 10]
    assert shipments.standing == "evidence"


def test_the_order_of_rows_does_not_change_what_is_read(tmp_path: Path) -> None:
    """The same rows in another order are the same shipments (and another file digest)."""
    first = open_shipments(csv(tmp_path, GOOD))
    head, *rows = GOOD.splitlines(keepends=True)
    second = open_shipments(csv(tmp_path, head + "".join(reversed(rows))))
    for name in ("id", "ship", "arrive", "shipper", "consignee", "heading", "grams"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
    assert first.sha256 != second.sha256


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2024-01-06", "2024-01-05", "arrival_date is not after date in row 3"),
        ("2024-02-01", "2024-02-31", "date is not a valid date32.* in row 1"),
        ("2024-02-01", "2024-02", "date is no calendar day in row 1"),
        ("2024-02-01", "", "date is missing in row 1"),
        ("5,2024", "3,2024", "shipment_id is not unique: it was seen before in row 3"),
        ("5,2024", "x,2024", "shipment_id is not a valid int64 in row 3"),
        ("5,2024", ",2024", "shipment_id is missing in row 3"),
        ("1.2345", "-1", "quantity_kg is negative or too large in row 1"),
        ("1.2345", "inf", "quantity_kg is negative or too large in row 1"),
        ("1.2345", "1e15", "quantity_kg is negative or too large in row 1"),
        ("1.2345", "much", "quantity_kg is not a valid double in row 1"),
        ("050100", "50100", "hs6 is no HS code in row 2"),
        ("050100", "", "hs6 is no HS code in row 2"),
        ("hs6,", "hs,", "lacks hs6"),
        ("arrival_date,", "date,", "two columns are called date"),
    ],
)
def test_a_bad_row_is_named_with_its_number(tmp_path: Path, old: str, new: str, told: str) -> None:
    """One bad value refuses the file; the error names row, file and remedy."""
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    with pytest.raises(InputError, match=told) as caught:
        open_shipments(csv(tmp_path, text))
    assert caught.value.where.endswith("shipments.csv")
    assert caught.value.to_do


def test_many_bad_rows_are_counted_not_listed(tmp_path: Path) -> None:
    """Five bad rows: three are named, the others counted."""
    rows = "".join(f"{i},2024-01-01,2024-01-01,A,B,670419,1\n" for i in range(5))
    with pytest.raises(InputError, match="rows 1, 2, 3 and 2 more"):
        open_shipments(csv(tmp_path, HEADER + rows))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "CSV file"),
        (HEADER.encode(), "no rows"),
        (GOOD.replace("Example C", "Éxample").encode("latin-1"), "not UTF-8"),
        (GOOD.encode() + b"8,2024-01-01\n", "CSV file"),
        (b"PAR1 and nothing else", "Parquet file is damaged"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(
    tmp_path: Path, content: bytes, told: str
) -> None:
    """Empty, truncated, wrongly encoded: an input error, never a traceback of the engine."""
    with pytest.raises(InputError, match=told) as caught:
        open_shipments(csv(tmp_path, content))
    assert caught.value.to_do


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    """A path that is no file is named."""
    for path in (tmp_path / "absent.parquet", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            open_shipments(path)


def test_limits_hold_before_the_rows_are_read(tmp_path: Path) -> None:
    """Too many bytes or rows: refused with both figures."""
    path = parquet(tmp_path)
    with pytest.raises(InputError, match="the limit is 10"):
        open_shipments(path, ShipmentLimits(max_bytes=10))
    with pytest.raises(InputError, match="has 2 rows, the limit is 1"):
        open_shipments(path, ShipmentLimits(max_rows=1))


def test_whole_number_ids_stay_numbers_and_sort_as_numbers(tmp_path: Path) -> None:
    """A file with numeric company ids keeps them numeric: 9 comes before 10."""
    path = parquet(tmp_path, shipper_id=[10, 9], consignee_id=pa.array([9, None], pa.int32()))
    shipments = open_shipments(path)
    assert shipments.companies.to_pylist() == [9, 10]
    assert shipments.shipper.tolist() == [1, 0]
    assert shipments.consignee.tolist() == [0, -1]


def test_grams_win_over_kilograms_where_both_stand(tmp_path: Path) -> None:
    """quantity_g is exact; quantity_kg fills in where it is null."""
    grams = pa.array([1500, None], pa.int64())
    shipments = open_shipments(parquet(tmp_path, quantity_g=grams, quantity_kg=[9.0, 2.5]))
    assert shipments.grams.tolist() == [1500, 2500]


@pytest.mark.parametrize("how", ["metadata", "column", "comment"])
def test_an_invented_file_says_so_in_any_of_three_ways(tmp_path: Path, how: str) -> None:
    """Parquet metadata, a column, or the first line of a CSV: the standing is kept."""
    if how == "metadata":
        path = parquet(tmp_path, {b"witnessmark.standing": b"invented"})
    elif how == "column":
        path = parquet(tmp_path, standing=["invented", "invented"])
    else:
        path = csv(tmp_path, "\ufeff# INVENTED EXAMPLE, NOT EVIDENCE\n" + GOOD)
    assert open_shipments(path).standing == "invented"
    assert open_shipments(parquet(tmp_path)).standing == "evidence"


def test_a_result_is_written_whole_and_twice_the_same(tmp_path: Path) -> None:
    """Same rows, same bytes; the standing goes along; no partial file stays behind."""
    table = pa.table({"n": [1, 2, 3]})
    first = write_table(tmp_path / "a.parquet", table, standing="invented")
    second = write_table(tmp_path / "b.parquet", table, standing="invented")
    assert first == second
    assert pq.read_schema(tmp_path / "a.parquet").metadata[b"witnessmark.standing"] == b"invented"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "b.parquet"]


def test_a_folder_that_cannot_be_written_is_a_storage_fault(tmp_path: Path) -> None:
    """A file stands where the folder should be: the fault names the path."""
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(StorageFault, match="could not be written"):
        write_table(tmp_path / "out" / "a.parquet", pa.table({"n": [1]}), standing="evidence")
    assert (tmp_path / "out").read_text() == "in the way"


def test_the_engine_is_offline_and_leaves_no_spill(tmp_path: Path) -> None:
    """No extension may be fetched or loaded by itself; the spill folder is gone at the end."""
    with open_sql(tmp_path) as engine:
        engine.give("t", {"n": np.arange(3)})
        assert engine.number("select sum(n) from t") == 3
        for setting in ("autoinstall_known_extensions", "autoload_known_extensions"):
            assert engine.number(f"select current_setting('{setting}')::boolean::int") == 0
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())


def test_small_files_are_read_by_header_or_bare(tmp_path: Path) -> None:
    """Columns are found by name; a bare list is taken only where that is allowed."""
    path = tmp_path / "hubs.csv"
    path.write_text("# forwarders\nrole,company_id\nforwarder,Example A\n\nhub,Example B\n")
    wanted = ("company_id", "role")
    assert read_names(path, wanted) == [("Example A", "forwarder"), ("Example B", "hub")]
    path.write_text("Example A\nExample B,bank\n")
    assert read_names(path, wanted, bare=True) == [("Example A", ""), ("Example B", "bank")]
    with pytest.raises(InputError, match="lacks the column company_id"):
        read_names(path, wanted)
