"""Checkpoints: the head of a custody log, signed, to be told to somebody outside.

A checkpoint (C2SP ``tlog-checkpoint``) is a signed note of three lines: the origin, the
number of leaves, the head in base64. It names no source, no case and no person.

Laws:
1. The origin is made from the signing key, so nobody else's key can speak for this log.
2. The signing key is made at random, stands in the casebook only and never leaves it.
3. A head is signed only where casebook and log file agree on it.
4. The same log under the same key gives the same bytes: Ed25519 draws nothing at random.
5. What a log was is shown by someone who holds an older checkpoint, never by the log.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.errors import EvidenceFault, InputError
from witnessmark.store.merkle import (
    HASH_BYTES,
    consistency_proof,
    extends,
    tree_head,
)
from witnessmark.store.note import KEY_BYTES, VerifierKey, open_note, sign, split, verifier_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from witnessmark.store.case import Case

SEED = "signing_key"
"""Name of the fact that holds the private key, hex."""

PUBLIC = "signing_public"
"""Name of the fact that holds the public key, hex: damage to either is found by the other."""

FORMER_KEYS = "signing_former"
"""Name of the fact that holds the public keys, hex, of those who kept an imported case
before, oldest first: their checkpoints still speak for the log; their seeds stayed behind."""

ORIGIN = "witnessmark.case/"
"""What an origin begins with; 32 hex digits of the key's SHA-256 follow."""

LINES = 3
"""Lines of a checkpoint that this version reads; further ones are extensions."""

SPOKEN_DIGITS = 40
"""Hex digits of a line that is read out: 160 bits. The keeper could look for two logs with
one line; at 160 bits that costs him 2^80 tries, at 80 bits only 2^40."""

_SPOKEN = re.compile(r"(?:witnessmark\s+)?(\d+)\s+leaves?:?\s+([0-9a-fA-F\s-]+)")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log states of itself at one moment.

    Attributes:
        origin: name of the log.
        size: its leaves.
        head: the tree head over them, 32 bytes.
    """

    origin: str
    size: int
    head: bytes

    def text(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.head).decode()}\n"

    def digits(self) -> str:
        """Return SHA-256 over the three lines, shortened to 40 hex digits."""
        return hashlib.sha256(self.text().encode()).hexdigest()[:SPOKEN_DIGITS]

    def spoken(self) -> str:
        """Return a line that can be read out: SHA-256 over the three lines, shortened.

        Repeat it with ``head -n 3 CHECKPOINT | sha256sum``.
        """
        digits = self.digits()
        groups = " ".join(digits[place : place + 4] for place in range(0, SPOKEN_DIGITS, 4))
        return f"witnessmark {self.size} leaves: {groups}"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A checkpoint that came as a line that was read out: it carries no signature.

    Attributes:
        size: the leaves that it names.
        digits: its 40 hex digits.
    """

    size: int
    digits: str


def parse_checkpoint(text: str) -> Checkpoint:
    """Return what the three lines of a checkpoint say.

    Raises:
        ValueError: they are no checkpoint.
    """
    lines = text.split("\n")
    if len(lines) < LINES + 1 or not lines[0]:
        message = "a checkpoint has an origin, a size and a head"
        raise ValueError(message)
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1], re.ASCII):
        message = "the second line of a checkpoint is its number of leaves"
        raise ValueError(message)
    head = b64decode(lines[2], validate=True)
    if len(head) != HASH_BYTES or b64encode(head).decode() != lines[2]:
        message = "the third line of a checkpoint is a head of 32 bytes"
        raise ValueError(message)
    return Checkpoint(lines[0], int(lines[1]), head)


def parse_spoken(text: str) -> Spoken | None:
    """Return the line that was read out, None if *text* is not one."""
    found = _SPOKEN.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    digits = re.sub(r"[\s-]", "", found[2]).lower()
    return Spoken(int(found[1]), digits) if len(digits) == SPOKEN_DIGITS else None


def origin_of(public: bytes) -> str:
    """Return the origin of the log that the key *public* signs."""
    return ORIGIN + hashlib.sha256(public).hexdigest()[:32]


def case_key(case: Case) -> VerifierKey | None:
    """Return the public signing key of *case*, None if it has never signed.

    Raises:
        EvidenceFault: the two halves of the key do not belong together.
    """
    seed, public = case.catalogue.fact(SEED), case.catalogue.fact(PUBLIC)
    if not seed and not public:
        return None
    try:
        key = verifier_key(origin_of(bytes.fromhex(public)), bytes.fromhex(seed))
    except ValueError:
        key = None
    if key is None or key.public.hex() != public:
        raise EvidenceFault(
            "the signing key of the case was altered",
            where="casebook.db",
            to_do="restore the case from a backup",
        )
    return key


def key_for(case: Case, given: bytes, leaves: Sequence[bytes]) -> VerifierKey | None:
    """Return the key under which the checkpoint *given* speaks for *case*.

    That is the case's own key, or the key of one who kept the case before it was handed
    over: whichever the checkpoint names. A checkpoint of nobody's is held against the
    case's own key, so that it is refused with the reason.

    Raises:
        EvidenceFault: a key was altered.
    """
    own = case_key(case)
    former = [bytes.fromhex(text) for text in case.catalogue.fact(FORMER_KEYS).split()]
    keys = [own] if own is not None else []
    keys += [VerifierKey(origin_of(public), public) for public in former]
    text = given.decode(errors="replace")
    spoken = parse_spoken(text)
    for key in keys:
        if spoken is None:
            if key.name == text.split("\n", 1)[0]:
                return key
        elif spoken.size <= len(leaves):
            head = tree_head(leaves[: spoken.size])
            if Checkpoint(key.name, spoken.size, head).digits() == spoken.digits:
                return key
    return keys[0] if keys else None


def leaves_of(case: Case) -> tuple[bytes, ...]:
    """Return the commitments in the log file of *case*.

    Raises:
        EvidenceFault: a line is no commitment.
    """
    lines = case.custody.lines()
    if not all(re.fullmatch(r"[0-9a-f]{64}\n", line) for line in lines):
        raise EvidenceFault(
            "the log holds a line that is no commitment",
            where="custody/log",
            to_do="run witnessmark verify for all faults",
        )
    return tuple(bytes.fromhex(line) for line in lines)


def checkpoint_of(case: Case) -> tuple[Checkpoint, str]:
    """Return the checkpoint of *case* and its signed note; make the signing key if needed.

    Raises:
        InputError: the log has no leaf: there is nothing to state.
        EvidenceFault: log and casebook do not agree on the head.
        StorageFault: the key must be made and the case cannot be written.
    """
    leaves = leaves_of(case)
    if not leaves and not case.custody.stated_head():
        raise InputError(
            "the custody log is empty: there is nothing to state",
            where=str(case.path),
            to_do="take sources in first",
        )
    head = tree_head(leaves)
    if case.custody.stated_head() != f"{len(leaves)} {head.hex()}":
        raise EvidenceFault(
            "log and casebook do not agree on the head, so it is not signed",
            where="custody/log",
            to_do="run witnessmark verify for all faults",
        )
    key = case_key(case) or _new_key(case)
    checkpoint = Checkpoint(key.name, len(leaves), head)
    seed = bytes.fromhex(case.catalogue.fact(SEED))
    return checkpoint, sign(checkpoint.text(), key.name, seed)


def _new_key(case: Case) -> VerifierKey:
    with case.casebook.writing():
        made = case_key(case)  # another program may have been first
        if made is not None:
            return made
        seed = secrets.token_bytes(KEY_BYTES)
        public = verifier_key("key", seed).public
        case.catalogue.state(SEED, seed.hex())
        case.catalogue.state(PUBLIC, public.hex())
    return VerifierKey(origin_of(public), public)


def differences(
    given: bytes, key: VerifierKey | None, leaves: Sequence[bytes]
) -> tuple[int, tuple[str, ...]]:
    """Compare a checkpoint from outside with the log that stands here.

    Args:
        given: a signed note, or a line that was read out.
        key: the public signing key of the case; None if it has none.
        leaves: the commitments of the log.

    Returns:
        The leaves that the checkpoint speaks of, and what does not hold, in order:
        signature, size, consistency. Nothing is left out after the first.

    Raises:
        ValueError: *given* is neither a note nor a line.
    """
    spoken = parse_spoken(given.decode(errors="replace"))
    if spoken is not None:
        return spoken.size, tuple(_spoken_differences(spoken, key, leaves))
    text, _ = split(given)
    checkpoint = parse_checkpoint(text)
    return checkpoint.size, tuple(_note_differences(given, checkpoint, key, leaves))


def require_checkpoint(given: bytes) -> None:
    """Refuse bytes that are neither a checkpoint nor a line that was read out.

    Raises:
        InputError: they are neither; the message says why.
    """
    try:
        if parse_spoken(given.decode(errors="replace")) is None:
            parse_checkpoint(split(given)[0])
    except ValueError as error:
        raise InputError(
            f"this is no checkpoint: {error}",
            where="--against",
            to_do="give the file that witnessmark checkpoint made, or the line that was read out",
        ) from error


NO_KEY = (
    "the case has no signing key, so it never made this checkpoint: it is another case, a copy "
    "from before its first checkpoint was put back, or it was imported (then give the keeper's "
    "verifier key with --key)"
)


def _spoken_differences(
    spoken: Spoken, key: VerifierKey | None, leaves: Sequence[bytes]
) -> list[str]:
    found = _size_differences(spoken.size, leaves)
    if key is None:
        return [NO_KEY, *found]
    if found:
        return found
    now = Checkpoint(key.name, spoken.size, tree_head(leaves[: spoken.size]))
    if now.digits() != spoken.digits:
        found.append(
            f"the first {spoken.size} leaves are not those of the line that was read out: the "
            "log was rebuilt, or it is another case"
        )
    return found


def _note_differences(
    given: bytes, checkpoint: Checkpoint, key: VerifierKey | None, leaves: Sequence[bytes]
) -> list[str]:
    found: list[str] = []
    if key is None:
        found.append(NO_KEY)
    else:
        try:
            open_note(given, key)
        except ValueError as error:
            found.append(f"the checkpoint is not signed by this case: {error}")
        if checkpoint.origin != key.name:
            found.append(f"the checkpoint is of another log, {checkpoint.origin}")
    sizes = _size_differences(checkpoint.size, leaves)
    if sizes:
        return [*found, *sizes]
    proof = consistency_proof(leaves, checkpoint.size)
    head = tree_head(leaves)
    if not extends(checkpoint.size, len(leaves), proof, checkpoint.head, head):
        found.append(
            f"the first {checkpoint.size} leaves are not those of the checkpoint: the log was "
            "rebuilt after it was signed, or it is another case"
        )
    return found


def _size_differences(size: int, leaves: Sequence[bytes]) -> list[str]:
    if size == 0:
        return ["the checkpoint speaks of an empty log and shows nothing"]
    if size > len(leaves):
        longer = f"the checkpoint speaks of {size} leaves and the log has {len(leaves)}"
        return [
            f"{longer}: an older copy of the case was put back, or the end of the log was cut off"
        ]
    return []
