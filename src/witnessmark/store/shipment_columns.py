"""The columns of a shipment file, read into arrays.

Laws:
1. A bad value is refused with the numbers of its rows and a remedy; nothing is dropped.
2. A withheld company and an unknown quantity stay what they are: -1, never a guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute

from witnessmark.core.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Arrow: TypeAlias = Any
"""An Arrow array, table, type or scalar; pyarrow ships no type stubs."""

pc: Any = pyarrow.compute
"""Arrow's functions; they are made at import, which no type checker sees."""

EXACT_GRAMS = 2**53
"""Largest whole number up to which binary64 holds every integer."""

WITHHELD = r"(?i)^(to\s+(the\s+)?order\b.*|withheld)?$"
"""A consignee that names nobody: blank, to order (of anybody), withheld."""

_HS6 = (10_000, 999_999)
"""The HS codes of six digits, as numbers (01.0000 to 99.9999)."""

_SAMPLE = 3
"""How many bad rows an error names."""


class ColumnReader:
    """Turns the columns of one table into arrays, refusing bad rows by number."""

    def __init__(self, table: Arrow, name: str) -> None:
        self.table: Arrow = table
        self.name = name

    def refuse(self, bad: NDArray[np.bool_], what: str, to_do: str) -> None:
        """Raise for the rows marked in *bad*, naming the first few.

        Raises:
            InputError: at least one row is marked.
        """
        rows = np.flatnonzero(bad)
        if not len(rows):
            return
        shown = ", ".join(str(int(row) + 1) for row in rows[:_SAMPLE])
        more = f" and {len(rows) - _SAMPLE} more" if len(rows) > _SAMPLE else ""
        word = "row" if len(rows) == 1 else "rows"
        raise InputError(f"{what} in {word} {shown}{more}", where=self.name, to_do=to_do)

    def column(self, name: str) -> Arrow | None:
        """Return a column as one array, or None where the file lacks it."""
        if name not in self.table.column_names:
            return None
        column = self.table[name].combine_chunks()
        array = column if isinstance(column, pa.Array) else pa.concat_arrays(column.chunks)
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        if pa.types.is_large_string(array.type) or pa.types.is_string_view(array.type):
            array = array.cast(pa.string())
        return array

    def cast(self, array: Arrow, name: str, kind: Arrow, to_do: str) -> Arrow:
        """Return *array* as *kind*; a value that is none is refused by row."""
        try:
            return array.cast(kind)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            bad = np.array([not _casts(value, kind) for value in array], dtype=np.bool_)
            self.refuse(bad, f"{name} is not a valid {kind}", to_do)
            raise InputError(
                f"{name} has the type {array.type}, which is no {kind}",
                where=self.name,
                to_do=to_do,
            ) from None

    def days(self, name: str) -> tuple[NDArray[np.int32], NDArray[np.bool_]] | None:
        """Return days since 1970 and where they are missing."""
        array = self.column(name)
        if array is None:
            return None
        to_do = "write each date as YYYY-MM-DD; months alone cannot be followed yet"
        if pa.types.is_timestamp(array.type):
            array = pc.floor_temporal(array, unit="day").cast(pa.date32())
        elif pa.types.is_string(array.type):
            shape = pc.match_substring_regex(array, r"^\d{4}-\d{2}-\d{2}$")
            self.refuse(~truth(shape, absent=True), f"{name} is no calendar day", to_do)
        array = self.cast(array, name, pa.date32(), to_do)
        missing = truth(array.is_null(), absent=False)
        return numbers(array.cast(pa.int32()), 0, np.int32), missing

    def grams(self) -> NDArray[np.int64]:
        """Return whole grams, -1 where neither ``quantity_g`` nor ``quantity_kg`` is known."""
        result = np.full(len(self.table), -1, dtype=np.int64)
        to_do = "write the net weight as a number of at least 0, or leave it empty where unknown"
        kilograms = self.column("quantity_kg")
        if kilograms is not None:
            kg = self.cast(kilograms, "quantity_kg", pa.float64(), to_do)
            values = numbers(kg, np.nan, np.float64)
            known = ~np.isnan(values)
            with np.errstate(over="ignore", invalid="ignore"):
                scaled = np.rint(values * 1000)
            bad = known & ~((scaled >= 0) & (scaled <= EXACT_GRAMS))
            self.refuse(bad, "quantity_kg is negative or too large", to_do)
            result[known] = scaled[known].astype(np.int64)
        whole = self.column("quantity_g")
        if whole is not None:
            array = self.cast(whole, "quantity_g", pa.int64(), to_do)
            known = ~truth(array.is_null(), absent=False)
            values_g = numbers(array, 0, np.int64)
            bad = known & ((values_g < 0) | (values_g > EXACT_GRAMS))
            self.refuse(bad, "quantity_g is negative or too large", to_do)
            result[known] = values_g[known]
        return result

    def headings(self) -> NDArray[np.int32]:
        """Return the four-digit headings of ``hs6`` as numbers."""
        array = self.column("hs6")
        to_do = "write HS codes as text of six digits, with the leading zero (050100)"
        if array is None:
            return np.zeros(0, dtype=np.int32)
        if pa.types.is_integer(array.type):
            codes = numbers(array.cast(pa.int64()), -1, np.int64)
            wrong = (codes < _HS6[0]) | (codes > _HS6[1])
            self.refuse(wrong, "hs6 is no HS code", to_do)
            return (codes // 100).astype(np.int32)
        text = pc.replace_substring_regex(array.cast(pa.string()), r"[.\s]", "")
        good = pc.match_substring_regex(text, r"^\d{4}(\d\d){0,3}$")
        self.refuse(~truth(good, absent=False), "hs6 is no HS code", to_do)
        return numbers(pc.utf8_slice_codeunits(text, 0, 4).cast(pa.int32()), 0, np.int32)

    def companies(self) -> tuple[Arrow, NDArray[np.int32], NDArray[np.int32]]:
        """Return the sorted company ids and the codes of shipper and consignee."""
        sides: list[Arrow] = [self.column("shipper_id"), self.column("consignee_id")]
        if all(side is not None and pa.types.is_integer(side.type) for side in sides):
            sides = [side.cast(pa.int64()) for side in sides]
        else:
            sides = [_named(side) for side in sides]
        values = pc.unique(pa.chunked_array(sides)).drop_null()
        values = values.take(pc.sort_indices(values))
        shipper, consignee = (
            numbers(pc.index_in(side, value_set=values).cast(pa.int32()), -1, np.int32)
            for side in sides
        )
        return values, shipper, consignee

    def text(self, name: str) -> Arrow:
        """Return an optional text column, empty where absent."""
        array = self.column(name)
        if array is None:
            return pa.nulls(len(self.table), pa.string()).fill_null("")
        return pc.utf8_trim_whitespace(array.cast(pa.string()).fill_null(""))


def _named(array: Arrow | None) -> Arrow:
    text = pc.utf8_trim_whitespace(pa.nulls(0) if array is None else array.cast(pa.string()))
    nobody = pc.match_substring_regex(text, WITHHELD)
    return pc.if_else(pc.fill_null(nobody, fill_value=True), pa.scalar(None, pa.string()), text)


def _casts(value: Arrow, kind: Arrow) -> bool:
    try:
        value.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return False
    return True


def numbers(array: Arrow, null: float, kind: type[Any]) -> NDArray[Any]:
    """Return *array* as NumPy values of *kind*, *null* where it holds nothing."""
    filled = array.fill_null(null) if array.null_count else array
    values: NDArray[Any] = filled.to_numpy(zero_copy_only=False)
    return values.astype(kind, copy=False)


def truth(array: Arrow, *, absent: bool) -> NDArray[np.bool_]:
    """Return *array* as booleans, *absent* where it holds nothing."""
    values: NDArray[np.bool_] = array.fill_null(absent).to_numpy(zero_copy_only=False)
    return values.astype(np.bool_)
