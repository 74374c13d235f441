"""Proofs for a stranger: that one source stood in the log when a head was signed.

Laws:
1. A proof opens one leaf and no other: it gives away the digest and the nonce of its own
   source, to whoever reads it, and nothing of any other.
2. Every hash on the way to the head is written out, as a command that prints it.
3. A proof is checked before it is given away.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from witnessmark.core.errors import EvidenceFault, InputError
from witnessmark.store.checkpoint import case_key, checkpoint_of, leaves_of
from witnessmark.store.custody import DOMAIN, commitment
from witnessmark.store.merkle import includes, inclusion_proof, leaf_hash
from witnessmark.store.note import split
from witnessmark.store.tables import PAGES, RENDITIONS, SOURCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.core.source import CustodyEntry
    from witnessmark.store.case import Case

SCHEMA = "witnessmark/proof/1"

ED25519_DER = "302a300506032b6570032100"
"""What stands before the 32 bytes of an Ed25519 public key in DER (RFC 8410), hex."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step that a stranger repeats.

    Attributes:
        what: what it shows.
        command: for a POSIX shell with coreutils, xxd and openssl.
        prints: what the command prints first, or empty where it says so itself.
    """

    what: str
    command: str
    prints: str


def prove(case: Case, subject: str) -> dict[str, Any]:
    """Return the proof that *subject* is in the log of *case*, as JSON values.

    Args:
        case: the open case.
        subject: id of a source, or of a rendition (its first digits are enough).

    Raises:
        InputError: the case holds no such source, or it was withdrawn.
        EvidenceFault: log and casebook do not agree.
        StorageFault: the signing key must be made and the case cannot be written.
    """
    entry, digest = _entry(case, subject)
    checkpoint, note = checkpoint_of(case)
    key = case_key(case)
    leaves = leaves_of(case)
    path = inclusion_proof(leaves, entry.leaf)
    leaf = commitment(bytes.fromhex(entry.nonce), digest)
    shown = includes(leaf_hash(leaf), entry.leaf, checkpoint.size, path, checkpoint.head)
    if key is None or leaf.hex() != entry.commitment or not shown:
        raise EvidenceFault(
            "the log does not prove it",
            where=f"leaf {entry.leaf}",
            to_do="run witnessmark verify for all faults",
        )
    steps = [*_opening_steps(entry, digest), *_climb(leaf, entry.leaf, checkpoint.size, path)]
    steps += _signature_steps(note, key.public, checkpoint.head)
    return {
        "schema": SCHEMA,
        "subject": entry.subject,
        "event": entry.event,
        "sha256": digest,
        "nonce": entry.nonce,
        "commitment": entry.commitment,
        "leaf": entry.leaf,
        "size": checkpoint.size,
        "path": [step.hex() for step in path],
        "head": checkpoint.head.hex(),
        "checkpoint": note,
        "verifier_key": str(key),
        "steps": [
            {"number": number, "what": step.what, "command": step.command, "prints": step.prints}
            for number, step in enumerate(steps, start=1)
        ],
    }


def _entry(case: Case, subject: str) -> tuple[CustodyEntry, str]:
    digests = {source.id: source.sha256 for source in case.casebook.rows(SOURCES)}
    digests |= {rendition.id: rendition.id for rendition in case.casebook.rows(RENDITIONS)}
    digests |= {page.id: page.sha256 for page in case.casebook.rows(PAGES)}
    named = [one for one in digests if one == subject]
    if not named and len(subject) >= 8:  # noqa: PLR2004 - fewer digits name too many
        named = [one for one in digests if len(one) == 64 and one.startswith(subject)]  # noqa: PLR2004 - hex
    entries = [
        entry
        for entry in case.custody.rows()
        if entry.subject in named and entry.event != "withdrawn" and entry.nonce
    ]
    if len(named) != 1 or not entries:
        raise InputError(
            f"the case has no one source or rendition {subject}, or it was withdrawn",
            where=case.name,
            to_do="name a source as witnessmark shows it, for example s1",
        )
    return entries[0], digests[named[0]]


def _hashing(hexadecimal: str) -> str:
    return f"printf %s {hexadecimal} | xxd -r -p | sha256sum"


def _opening_steps(entry: CustodyEntry, digest: str) -> list[Step]:
    return [
        Step("the file is the one whose digest is proved", "sha256sum FILE", digest),
        Step(
            f"digest and nonce give the commitment: SHA-256 of {DOMAIN.decode()!r}, nonce, digest",
            _hashing(f"{DOMAIN.hex()}{entry.nonce}{digest}"),
            entry.commitment,
        ),
    ]


def _climb(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> list[Step]:
    """Return a step per hash from the leaf to the head (RFC 9162, section 2.1.3.2)."""
    current = leaf_hash(leaf)
    steps = [
        Step(
            f"leaf {index} of {size}: SHA-256 of 00, commitment",
            _hashing(f"00{leaf.hex()}"),
            current.hex(),
        )
    ]
    node, last = index, size - 1
    for sibling in path:
        left = bool(node & 1 or node == last)
        pair = sibling + current if left else current + sibling
        if left:
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        node >>= 1
        last >>= 1
        current = hashlib.sha256(b"\x01" + pair).digest()
        side = "left" if left else "right"
        steps.append(
            Step(
                f"a node: SHA-256 of 01 and two hashes, the neighbour on the {side}",
                _hashing(f"01{pair.hex()}"),
                current.hex(),
            )
        )
    return steps


def _signature_steps(note: str, public: bytes, head: bytes) -> list[Step]:
    text, signatures = split(note.encode())
    body, signature = b64encode(text.encode()).decode(), signatures[0][2].hex()
    return [
        Step(
            "the last hash in base64 is the third line of the checkpoint",
            f"printf %s {head.hex()} | xxd -r -p | base64",
            b64encode(head).decode(),
        ),
        Step(
            "the origin of the log is made from the signing key: its last 32 digits",
            _hashing(public.hex()),
            hashlib.sha256(public).hexdigest()[:32],
        ),
        Step(
            "the three lines of the checkpoint, into a file",
            f"printf %s {body} | base64 -d > checkpoint.txt && cat checkpoint.txt",
            text.split("\n", maxsplit=1)[0],
        ),
        Step(
            "the signature over the three lines holds (OpenSSL 3)",
            f"printf %s {ED25519_DER}{public.hex()} | xxd -r -p > key.der && "
            f"printf %s {signature} | xxd -r -p > signature.bin && "
            "openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin "
            "-in checkpoint.txt -sigfile signature.bin",
            "Signature Verified Successfully",
        ),
    ]
