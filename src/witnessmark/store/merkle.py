"""The Merkle tree of RFC 6962 over the custody log: heads and proofs, as pure functions.

Laws:
1. A leaf is hashed with the prefix 0x00, a node with 0x01: neither passes for the other.
2. A proof is checked whole: a hash too many or too few fails, it is never trimmed.
3. The head of an empty log is SHA-256 of nothing.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HASH_BYTES = 32
"""Length of every hash of the tree; a proof with another length is refused."""

EMPTY_HEAD = hashlib.sha256(b"").digest()
"""Head of a log without leaves (RFC 6962, section 2.1)."""


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Peaks:
    """The heads of the full subtrees of a growing log: enough to add and to close it.

    Adding costs O(log n) hashes and the whole holds O(log n) bytes, so a log of a
    million leaves is extended without reading them all again for each source.
    """

    def __init__(self, leaves: Sequence[bytes] = ()) -> None:
        """Begin with *leaves* already in the log."""
        self.size = 0
        self._peaks: list[bytes] = []
        for leaf in leaves:
            self.add(leaf)

    def add(self, leaf: bytes) -> None:
        """Append *leaf*."""
        carried = leaf_hash(leaf)
        size = self.size
        while size & 1:
            carried = node_hash(self._peaks.pop(), carried)
            size >>= 1
        self._peaks.append(carried)
        self.size += 1

    def head(self) -> bytes:
        """Return the tree head over all leaves so far."""
        if not self._peaks:
            return EMPTY_HEAD
        head = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            head = node_hash(peak, head)
        return head


def tree_head(leaves: Sequence[bytes]) -> bytes:
    """Return the tree head over *leaves*."""
    return Peaks(leaves).head()


def _split(size: int) -> int:
    """Return the largest power of two below *size*."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the audit path of leaf *index* (RFC 6962, section 2.1.1).

    Raises:
        ValueError: the log has no such leaf.
    """
    if not 0 <= index < len(leaves):
        message = f"no leaf {index} in a log of {len(leaves)}"
        raise ValueError(message)
    if len(leaves) == 1:
        return ()
    split = _split(len(leaves))
    if index < split:
        return (*inclusion_proof(leaves[:split], index), tree_head(leaves[split:]))
    return (*inclusion_proof(leaves[split:], index - split), tree_head(leaves[:split]))


def consistency_proof(leaves: Sequence[bytes], old: int) -> tuple[bytes, ...]:
    """Return the proof that the first *old* leaves are a prefix (section 2.1.2).

    Raises:
        ValueError: *old* is not between 1 and the number of leaves.
    """
    if not 1 <= old <= len(leaves):
        message = f"no prefix of {old} leaves in a log of {len(leaves)}"
        raise ValueError(message)
    return _subproof(leaves, old, whole=True)


def _subproof(leaves: Sequence[bytes], old: int, *, whole: bool) -> tuple[bytes, ...]:
    if old == len(leaves):
        return () if whole else (tree_head(leaves),)
    split = _split(len(leaves))
    if old <= split:
        return (*_subproof(leaves[:split], old, whole=whole), tree_head(leaves[split:]))
    return (*_subproof(leaves[split:], old - split, whole=False), tree_head(leaves[:split]))


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], head: bytes) -> bool:
    """Return whether *proof* shows that the leaf of hash *leaf* stands at *index*.

    Args:
        leaf: hash of the leaf (:func:`leaf_hash`).
        index: its place, from 0.
        size: leaves under *head*.
        proof: the audit path.
        head: the tree head.
    """
    if not 0 <= index < size or not _are_hashes(leaf, head, *proof):
        return False
    node, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            current = node_hash(sibling, current)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            current = node_hash(current, sibling)
        node >>= 1
        last >>= 1
    return last == 0 and current == head


def extends(old: int, size: int, proof: Sequence[bytes], old_head: bytes, head: bytes) -> bool:
    """Return whether *proof* shows that the log of *size* leaves extends the one of *old*.

    The empty log is refused, beside itself too: it commits to nothing, so a proof from it
    would show nothing (RFC 6962, 2.1.2 and RFC 9162, 2.1.4 begin at one leaf).
    """
    if not 1 <= old <= size:
        return False
    if old == size:
        return not proof and old_head == head
    if not _are_hashes(old_head, head, *proof):
        return False
    whole = old & (old - 1) == 0  # a full subtree is its own head and stands in no proof
    path = [old_head, *proof] if whole else list(proof)
    return bool(path) and _replayed(old, size, path) == (old_head, head)


def _replayed(old: int, size: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Return the two heads that *path* leads to, None if it has the wrong length."""
    node, last = old - 1, size - 1
    while node & 1:
        node >>= 1
        last >>= 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            before = node_hash(sibling, before)
            after = node_hash(sibling, after)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            after = node_hash(after, sibling)
        node >>= 1
        last >>= 1
    return (before, after) if last == 0 else None


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
