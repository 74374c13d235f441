"""JSON that is nested a hundred thousand deep is damage, named as such, and no crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from witnessmark.core.errors import EvidenceFault, InputError
from witnessmark.store.header import header_path, read_header
from witnessmark.store.shipment_file import open_shipments

if TYPE_CHECKING:
    from pathlib import Path

DEEP = b"[" * 100_000


@pytest.mark.parametrize("content", [DEEP, b'{"a":' * 100_000])
def test_a_deeply_nested_header_is_a_damaged_header(tmp_path: Path, content: bytes) -> None:
    """A header that nests without end is reported with its file and a remedy."""
    header_path(tmp_path).write_bytes(content)
    with pytest.raises(EvidenceFault, match="damaged") as told:
        read_header(tmp_path)
    assert "case.json" in str(told.value)
    assert header_path(tmp_path).read_bytes() == content


def test_column_names_in_another_encoding_are_refused_by_name(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 in the heading of a shipment file are said to be so."""
    path = tmp_path / "a.csv"
    path.write_bytes("shipment_id,d\u00e4te\n1,2026-01-01\n".encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        open_shipments(path)
