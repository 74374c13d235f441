"""Streams through the vault: the same objects, in flat memory."""

from __future__ import annotations

import hashlib
import tracemalloc
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from witnessmark.core.errors import EvidenceFault, StorageFault
from witnessmark.store.verify import verify_case

if TYPE_CHECKING:
    from tests.unit.store.conftest import Made

MEGABYTE = 1024 * 1024


class Long:
    """A reader of *size* zero bytes that never holds them."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "a stream was asked for everything at once"
        piece = bytes(min(size, self.left))
        self.left -= len(piece)
        return piece


class Broken(Long):
    """A reader that fails when it is half read."""

    def read(self, size: int = -1) -> bytes:
        if self.left < MEGABYTE:
            raise OSError(5, "Input/output error")
        return super().read(size)


class Full:
    """A writer on a full disk."""

    def write(self, piece: bytes) -> None:
        raise OSError(28, f"No space left for {len(piece)} bytes")


@pytest.mark.parametrize("size", [0, 1, 65_536, 3 * MEGABYTE + 7])
def test_stream_and_bytes_are_one(made: Made, size: int) -> None:
    """What goes in as a stream is the object that the bytes give, and comes out either way."""
    content = (b"testimony" * (size // 9 + 1))[:size]
    case = made.open()
    stored = case.vault.put_stream(BytesIO(content))
    assert (stored.sha256, stored.size) == (hashlib.sha256(content).hexdigest(), size)
    assert case.vault.put(content) == stored.name
    assert case.vault.put_stream(BytesIO(content)) == stored
    assert case.vault.names() == {stored.name}
    assert case.vault.get(stored.name) == content
    out = BytesIO()
    assert case.vault.get_stream(stored.name, out) == stored
    assert out.getvalue() == content
    assert case.vault.measured(stored.name) == stored
    assert verify_case(case).faults == ()
    case.close()


def test_memory_is_flat(made: Made) -> None:
    """Forty megabytes pass through less than eight."""
    case = made.open()
    tracemalloc.start()
    stored = case.vault.put_stream(Long(40 * MEGABYTE))
    case.vault.measured(stored.name)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert stored.size == 40 * MEGABYTE
    assert peak < 8 * MEGABYTE
    case.close()


def test_a_broken_reader_leaves_nothing(made: Made) -> None:
    """Attack: the medium fails half way. No object, no partial file, no row; the case verifies."""
    case = made.open()
    with pytest.raises(StorageFault, match="Input/output error"):
        case.vault.put_stream(Broken(3 * MEGABYTE))
    assert case.vault.names() == frozenset()
    assert case.catalogue.objects() == ()
    assert verify_case(case).faults == ()
    case.close()


def test_a_full_target_is_no_fault_of_the_evidence(made: Made) -> None:
    """The disk to which a stream is read out is full: that says so, and blames no object."""
    case = made.open()
    name = case.vault.put(b"testimony")
    with pytest.raises(OSError, match="No space"):
        case.vault.get_stream(name, Full())
    assert case.vault.get(name) == b"testimony"
    case.close()


@pytest.mark.parametrize("place", [0, 150, -1])
def test_an_altered_object_is_found(made: Made, place: int) -> None:
    """Attack: one bit of the object's file is flipped, or its end is cut. Both are named."""
    case = made.open()
    name = case.vault.put(b"testimony" * 100_000)
    path = made.path / "vault" / name[:2] / name
    whole = path.read_bytes()
    path.chmod(0o600)
    altered = bytearray(whole)
    altered[place] ^= 1
    for bad in (bytes(altered), whole[:-1], whole[: len(whole) // 2], b""):
        path.write_bytes(bad)
        with pytest.raises(EvidenceFault, match="altered") as caught:
            case.vault.measured(name)
        assert name in caught.value.where
    path.unlink()
    with pytest.raises(EvidenceFault, match="cannot be read"):
        case.vault.measured(name)
    case.close()
