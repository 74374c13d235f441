"""The custody log: an append-only list of commitments, one a line.

Laws:
1. A leaf is ``SHA-256("witnessmark/source/v1" || nonce || sha256(content))`` with 32
   random bytes of nonce, which stand in the casebook only: the log alone proves that
   something stood there, never what.
2. A line of the log is 64 hex digits and a line feed: leaf *n* begins at byte 65 n.
3. A withdrawn entry keeps its commitment and place and loses nonce, digest and subject; a
   later leaf, ``withdrawn``, commits to the list of the leaves that it closes and to
   nothing of what stood there.
4. The head (RFC 6962) over all leaves stands in the casebook, set in the transaction
   that accepts the leaf; the log file follows once that transaction is on the disk.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from witnessmark.core.canonical import canonical_json, sha256_hex
from witnessmark.core.errors import StorageFault
from witnessmark.core.source import CustodyEntry
from witnessmark.store.merkle import Peaks
from witnessmark.store.tables import CUSTODY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from witnessmark.store.casebook import Casebook
    from witnessmark.store.catalogue import Catalogue
    from witnessmark.store.journal import Journal

DOMAIN = b"witnessmark/source/v1"
NONCE_BYTES = 32
LINE_BYTES = 65
CAPTURED = "captured"
WITHDRAWN = "withdrawn"
HEAD = "log_head"
"""Name of the fact that holds ``SIZE HEAD`` of the log."""


def commitment(nonce: bytes, digest_hex: str) -> bytes:
    """Return the commitment to the content whose SHA-256 is *digest_hex*."""
    return hashlib.sha256(DOMAIN + nonce + bytes.fromhex(digest_hex)).digest()


def withdrawal_digest(subject: str) -> str:
    """Return the digest that a ``withdrawn`` leaf commits to: of the list of closed leaves."""
    return sha256_hex(canonical_json(["witnessmark/withdrawn/v1", subject]).encode())


def closed_by(entry: CustodyEntry) -> tuple[str, tuple[int, ...]]:
    """Return what a ``withdrawn`` entry withdrew, and the leaves that it closed."""
    what, *leaves = entry.subject.split(" ")
    return what, tuple(int(leaf) for leaf in leaves if leaf.isdecimal())


def _closed(entry: CustodyEntry) -> CustodyEntry:
    # a rendition's id is the digest of its text: it goes; s3 says nothing and is never reused
    kept = entry.subject if entry.event == CAPTURED else ""
    return replace(entry, subject=kept, nonce="", by="")


class CustodyLog:
    """The log of one case: rows in the casebook, lines in the file."""

    def __init__(
        self, path: Path, casebook: Casebook, catalogue: Catalogue, journal: Journal
    ) -> None:
        """Name the file and the casebook that it belongs to."""
        self._path = path
        self._casebook = casebook
        self._catalogue = catalogue
        self._journal = journal
        self._peaks: Peaks | None = None
        self._unwritten: list[str] = []

    def add(self, event: str, subject: str, digest_hex: str, *, at: str, by: str) -> CustodyEntry:
        """Append a leaf for *subject* in the open transaction of the casebook.

        Args:
            event: ``captured``, ``rendered`` or ``withdrawn``.
            subject: id of the source or rendition.
            digest_hex: SHA-256 of its content.
            at: RFC 3339, UTC.
            by: who, as given.
        """
        with self._casebook.writing():
            if self._peaks is None:
                self._peaks = Peaks([bytes.fromhex(row.commitment) for row in self.rows()])
            nonce = secrets.token_bytes(NONCE_BYTES)
            leaf = commitment(nonce, digest_hex)
            entry = CustodyEntry(self._peaks.size, event, subject, leaf.hex(), nonce.hex(), at, by)
            if not self._unwritten:
                self._journal.add_leaf(entry.leaf)
            self._casebook.append(CUSTODY, [entry])
            self._peaks.add(leaf)
            self._unwritten.append(entry.commitment)
            self._catalogue.state(HEAD, f"{self._peaks.size} {self._peaks.head().hex()}")
        return entry

    def withdraw(self, what: str, leaves: Sequence[int], *, at: str, by: str) -> CustodyEntry:
        """Close *leaves* for good and append the leaf that says so, in the open transaction.

        Args:
            what: ids of what goes: ``t1``, ``s2``, ``s2+t1``.
            leaves: the entries whose nonces are destroyed.
            at: RFC 3339, UTC.
            by: who withdraws, as given.
        """
        closed = set(leaves)
        with self._casebook.writing():
            self._casebook.replace(
                CUSTODY,
                [_closed(row) if row.leaf in closed else row for row in self.rows()],
            )
            subject = " ".join([what, *(str(leaf) for leaf in sorted(closed))])
            return self.add(WITHDRAWN, subject, withdrawal_digest(subject), at=at, by=by)

    def highest(self, letter: str) -> int:
        """Return the highest number ever given to a source (``s``) or testimony (``t``)."""
        named = (part for row in self.rows() for part in row.subject.split(" ")[0].split("+"))
        numbers = (name[1:] for name in named if name.startswith(letter))
        return max((int(number) for number in numbers if number.isdecimal()), default=0)

    def rows(self) -> tuple[CustodyEntry, ...]:
        """Return the leaves as the casebook knows them."""
        return self._casebook.rows(CUSTODY)

    def lines(self) -> tuple[str, ...]:
        """Return the lines of the file, a torn one included."""
        try:
            return tuple(self._path.read_text(errors="replace").splitlines(keepends=True))
        except FileNotFoundError:
            return ()

    def stated_head(self) -> str:
        """Return ``SIZE HEAD`` as the casebook states it, empty for a log without leaves."""
        return self._catalogue.fact(HEAD)

    def flush(self) -> None:
        """Write the accepted leaves to the file: the transaction is on the disk now."""
        if self._unwritten:
            self._append(self._unwritten)
            self._unwritten = []

    def forget(self) -> None:
        """Drop the leaves of a transaction that was undone."""
        self._unwritten = []
        self._peaks = None

    def finish(self, leaf: int) -> None:
        """Complete the file after a crash, from *leaf* on, by the rows that were accepted.

        A file that is shorter than the journal says was shortened by someone: it is
        left alone, for ``verify`` to name.
        """
        held = self._path.stat().st_size if self._path.exists() else 0
        if held < leaf * LINE_BYTES:
            return
        if held > leaf * LINE_BYTES:
            os.truncate(self._path, leaf * LINE_BYTES)
        self._append([row.commitment for row in self.rows()[leaf:]])

    def _append(self, commitments: list[str]) -> None:
        try:
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "ab") as file:
                file.write("".join(f"{line}\n" for line in commitments).encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StorageFault(
                f"the custody log could not be written: {error.strerror}",
                where=str(self._path),
                to_do="free space on the disk; the log is completed when the case is next opened, "
                "nothing is lost",
            ) from error
