"""The log's tree against proofs that nobody here wrote."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessmark.store.merkle import (
    EMPTY_HEAD,
    Peaks,
    consistency_proof,
    extends,
    includes,
    inclusion_proof,
    leaf_hash,
    tree_head,
)

if TYPE_CHECKING:
    from pathlib import Path


def _vectors(shared: Path, kind: str) -> list[tuple[str, dict[str, Any]]]:
    folder = shared / "vectors" / "merkle" / "testdata" / kind
    return [(str(path), json.loads(path.read_text())) for path in sorted(folder.rglob("*.json"))]


def _proof(vector: dict[str, Any]) -> list[bytes]:
    return [b64decode(step) for step in vector["proof"] or []]


def test_inclusion_vectors(shared: Path) -> None:
    """Every inclusion proof of the transparency-dev set is accepted or refused as it says."""
    vectors = _vectors(shared, "inclusion")
    assert len(vectors) == 98
    for name, vector in vectors:
        held = includes(
            b64decode(vector["leafHash"] or ""),
            vector["leafIdx"],
            vector["treeSize"],
            _proof(vector),
            b64decode(vector["root"] or ""),
        )
        assert held is not vector["wantErr"], name


def test_consistency_vectors(shared: Path) -> None:
    """Every consistency proof is accepted or refused as it says, those of size 0 included."""
    vectors = _vectors(shared, "consistency")
    assert len(vectors) == 98
    accepted = 0
    for name, vector in vectors:
        held = extends(
            vector["size1"],
            vector["size2"],
            _proof(vector),
            b64decode(vector["root1"] or ""),
            b64decode(vector["root2"] or ""),
        )
        accepted += held
        assert held is not vector["wantErr"], name
    assert accepted == sum(not vector["wantErr"] for _, vector in vectors) > 0


def test_the_empty_log_proves_nothing() -> None:
    """From no leaf there is no proof, to some leaves or to none: it would show nothing."""
    head = tree_head([b"a", b"b"])
    for proof in ([], [head], [EMPTY_HEAD, head]):
        assert not extends(0, 2, proof, EMPTY_HEAD, head)
        assert not extends(0, 0, proof, EMPTY_HEAD, EMPTY_HEAD)


@given(st.lists(st.binary(max_size=40), max_size=40))
def test_growing_equals_whole(leaves: list[bytes]) -> None:
    """Adding leaf by leaf gives the head of the whole, as the recursive definition has it."""

    def defined(part: list[bytes]) -> bytes:
        if not part:
            return EMPTY_HEAD
        if len(part) == 1:
            return leaf_hash(part[0])
        split = 1
        while split * 2 < len(part):
            split *= 2
        import hashlib

        return hashlib.sha256(b"\x01" + defined(part[:split]) + defined(part[split:])).digest()

    assert Peaks(leaves).head() == defined(leaves)


@given(st.integers(1, 33), st.data())
def test_own_proofs(size: int, data: st.DataObject) -> None:
    """A proof made here is accepted, and refused for another leaf, place or head."""
    leaves = [bytes([number]) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof, head = inclusion_proof(leaves, index), tree_head(leaves)
    assert includes(leaf_hash(leaves[index]), index, size, proof, head)
    assert not includes(leaf_hash(b"other"), index, size, proof, head)
    assert not includes(leaf_hash(leaves[index]), index, size, (*proof, head), head)
    assert not includes(leaf_hash(leaves[index]), index, size, proof, EMPTY_HEAD)
    old = data.draw(st.integers(1, size))
    path = consistency_proof(leaves, old)
    assert extends(old, size, path, tree_head(leaves[:old]), head)
    assert not extends(old, size, path, tree_head([b"x", *leaves[1:old]]), head)


def test_no_proof_of_what_is_not_there() -> None:
    """A proof of a leaf beyond the log, or of a longer past, is refused when asked for."""
    with pytest.raises(ValueError, match="no leaf 3"):
        inclusion_proof([b"a", b"b"], 3)
    with pytest.raises(ValueError, match="no prefix of 3"):
        consistency_proof([b"a", b"b"], 3)
