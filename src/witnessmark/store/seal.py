"""Keys of a sealed case: from a passphrase to the case key, and from it to the rest.

Laws:
1. The case key is 32 random bytes. A passphrase never encrypts anything but that key.
2. A passphrase is stretched by Argon2id with the parameters that the header states;
   the parameters are bound to the wrapped key, so nobody can weaken them unnoticed.
3. Each use has its own key, derived by HKDF-SHA256 with its own name.
4. Neither passphrase nor ``--plain`` is an error, never a silent plain case.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from witnessmark.core.canonical import canonical_json
from witnessmark.core.errors import EvidenceFault, InputError
from witnessmark.store.header import Header, header_path, make_folder, read_header

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES = 32
"""Length of a case key, in bytes."""

MOST_MEMORY_KIB = 4 * 1024 * 1024
"""A header that asks for more than 4 GiB is refused: it may be an attack on the reader."""

MOST_ITERATIONS = 64
"""A header that asks for more passes is refused for the same reason."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at a passphrase costs.

    Attributes:
        memory_kib: memory, KiB.
        iterations: passes over it.
        lanes: parallel lanes.
    """

    memory_kib: int
    iterations: int
    lanes: int


STRONG = Cost(memory_kib=256 * 1024, iterations=3, lanes=4)
"""256 MiB, three passes (``design.md``; above the second choice of RFC 9106): 0.8 s."""


def derived_key(key: bytes, use: str) -> bytes:
    """Return the 32-byte key for one *use* of the case key."""
    info = f"witnessmark/{use}/v1".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)


def wrap(key: bytes, secret: bytes, bound_to: str) -> bytes:
    """Return *secret* encrypted under *key*, bound to a label (AES-256-GCM)."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, secret, bound_to.encode())


def unwrap(key: bytes, wrapped: bytes, bound_to: str) -> bytes:
    """Return what :func:`wrap` hid.

    Raises:
        ValueError: another key, another label, or altered bytes.
    """
    try:
        return AESGCM(key).decrypt(wrapped[:12], wrapped[12:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        message = "the wrapped key does not open"
        raise ValueError(message) from error


def passphrase_slot(key: bytes, passphrase: str, cost: Cost) -> dict[str, Any]:
    """Return a key slot of the header that *passphrase* opens."""
    slot: dict[str, Any] = {
        "kind": "passphrase",
        "kdf": "argon2id",
        "memory_kib": cost.memory_kib,
        "iterations": cost.iterations,
        "lanes": cost.lanes,
        "salt": b64encode(secrets.token_bytes(16)).decode(),
    }
    stretched = _stretch(passphrase, slot)
    slot["wrapped"] = b64encode(wrap(stretched, key, canonical_json(slot))).decode()
    return slot


def open_slot(slot: dict[str, Any], passphrase: str) -> bytes:
    """Return the case key that *slot* holds.

    Raises:
        ValueError: the passphrase is not the one, or the slot was altered.
    """
    bare = {name: value for name, value in slot.items() if name != "wrapped"}
    stretched = _stretch(passphrase, bare)
    return unwrap(stretched, b64decode(slot["wrapped"], validate=True), canonical_json(bare))


def _stretch(passphrase: str, slot: dict[str, Any]) -> bytes:
    memory, iterations, lanes = slot["memory_kib"], slot["iterations"], slot["lanes"]
    if slot["kdf"] != "argon2id" or memory > MOST_MEMORY_KIB or iterations > MOST_ITERATIONS:
        message = "the key slot asks for a derivation that this version does not do"
        raise ValueError(message)
    function = Argon2id(
        salt=b64decode(slot["salt"], validate=True),
        length=KEY_BYTES,
        iterations=iterations,
        lanes=lanes,
        memory_cost=memory,
    )
    return function.derive(passphrase.encode())


def resolve_key(
    path: Path,
    passphrase: str | None,
    *,
    plain: bool = False,
    create: bool = False,
    cost: Cost = STRONG,
) -> bytes | None:
    """Return the key of the case at *path*, or None if it is a plain one.

    With *create*, a missing case gets its folder, header and key slot here;
    :func:`witnessmark.store.case.open_case` then makes the casebook.

    Args:
        path: the case folder.
        passphrase: from the terminal, a descriptor or the environment; None if none was given.
        plain: the user said ``--plain``.
        create: make the case if there is none.
        cost: price of a guess, for a case made here; tests may pay less.

    Raises:
        InputError: no case; neither passphrase nor *plain*; both; or a wrong passphrase.
        EvidenceFault: the header is damaged.
    """
    if passphrase is not None and not passphrase:
        raise InputError("the passphrase is empty", to_do="give at least one word, better six")
    if not header_path(path).exists():
        return _new_key(path, passphrase, plain=plain, create=create, cost=cost)
    header = read_header(path)
    if not header.sealed:
        if passphrase is not None and not plain:
            raise InputError(
                "the case is plain: a passphrase does not protect it",
                where=str(path),
                to_do="add --plain if you know that, or make a sealed case",
            )
        return None
    if plain:
        raise InputError(
            "the case is sealed", where=str(path), to_do="leave out --plain and give its passphrase"
        )
    if passphrase is None:
        raise InputError(
            "the case is sealed and no passphrase was given",
            where=str(path),
            to_do=f"witnessmark unlock {path}, or use --passphrase-fd",
        )
    slots = [slot for slot in header.slots if slot.get("kind") == "passphrase"]
    if not slots:
        raise EvidenceFault(
            "the case is sealed but its header has no passphrase slot: it was wiped",
            where=str(header_path(path)),
            to_do="nothing in this folder opens it again; a backup would",
        )
    for slot in slots:
        try:
            return open_slot(slot, passphrase)
        except (ValueError, KeyError, TypeError):
            continue
    raise InputError("the passphrase does not open the case", where=str(path), to_do="try again")


def _new_key(
    path: Path, passphrase: str | None, *, plain: bool, create: bool, cost: Cost
) -> bytes | None:
    if not create:
        raise InputError("there is no case here", where=str(path), to_do=f"witnessmark init {path}")
    if plain and passphrase is not None:
        raise InputError(
            "both a passphrase and --plain were given",
            where=str(path),
            to_do="leave one of them out: --plain makes a case that anybody can read",
        )
    if plain:
        make_folder(path, Header(sealed=False))
        return None
    if passphrase is None:
        raise InputError(
            "a new case needs a passphrase and none was given",
            where=str(path),
            to_do="run it in a terminal, use --passphrase-fd, or say --plain for a case "
            "that anybody who finds it can read",
        )
    key = secrets.token_bytes(KEY_BYTES)
    make_folder(path, Header(sealed=True, slots=(passphrase_slot(key, passphrase, cost),)))
    return key
