"""Key slots of a sealed case: passphrase, recovery sheet, and their end.

Laws:
1. A slot wraps the case key; to change a slot never changes what is sealed.
2. A slot is replaced whole: the new header is on the disk before the old one is overwritten.
3. A recovery sheet holds 160 random bits and its own checksum: a slip of the pen is told
   apart from a sheet of another case.
4. Without a slot nothing opens a case again: ``wipe`` needs no key, and waits for nobody.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from base64 import b64decode, b64encode
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from witnessmark.core.canonical import canonical_json
from witnessmark.core.errors import EvidenceFault, InputError, StorageFault
from witnessmark.store.header import Header, header_path, read_header, write_whole
from witnessmark.store.journal import sync_folder
from witnessmark.store.lock import WriterLock
from witnessmark.store.seal import STRONG, Cost, derived_key, passphrase_slot, unwrap, wrap

if TYPE_CHECKING:
    from pathlib import Path

RECOVERY_BYTES = 20
"""160 random bits: nobody guesses them, so they need no stretching."""

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which a hand writes like others."""

READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
"""How a mistaken sign is meant."""

GROUP = 4
"""Signs in a group of the sheet."""

CHECK_SIGNS = 4
"""Signs of the checksum: 20 bits of SHA-256, so one slip in a million passes."""

DATA_SIGNS = RECOVERY_BYTES * 8 // 5


def recovery_words(secret: bytes) -> str:
    """Return the line of a recovery sheet: groups of four signs, the last one a checksum.

    Example:
        >>> recovery_words(bytes(20))
        '0000-0000-0000-0000-0000-0000-0000-0000-60PZ'
    """
    signs = _signs(int.from_bytes(secret), DATA_SIGNS) + _check(secret)
    return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


def read_recovery(words: str) -> bytes:
    """Return the secret that the line of a sheet stands for; case and gaps do not matter.

    Raises:
        InputError: it is not one: too short, too long, a foreign sign, a slip.
    """
    signs = "".join(sign for sign in words.upper() if sign not in " -\t\r\n").translate(READ_AS)
    ask = "compare it with the sheet, group by group; upper or lower case does not matter"
    if len(signs) != DATA_SIGNS + CHECK_SIGNS:
        raise InputError(
            f"a recovery line has {DATA_SIGNS + CHECK_SIGNS} signs, this one has {len(signs)}",
            where="recovery sheet",
            to_do=ask,
        )
    foreign = [number for number, sign in enumerate(signs) if sign not in SIGNS]
    if foreign:
        raise InputError(
            f"group {foreign[0] // GROUP + 1} holds a sign that no sheet has",
            where="recovery sheet",
            to_do=ask,
        )
    number = 0
    for sign in signs[:DATA_SIGNS]:
        number = number * len(SIGNS) + SIGNS.index(sign)
    secret = number.to_bytes(RECOVERY_BYTES)
    if not secrets.compare_digest(_check(secret), signs[DATA_SIGNS:]):
        raise InputError("the recovery line holds a slip", where="recovery sheet", to_do=ask)
    return secret


def _signs(number: int, count: int) -> str:
    return "".join(SIGNS[number >> 5 * place & 31] for place in reversed(range(count)))


def _check(secret: bytes) -> str:
    digest = hashlib.sha256(b"witnessmark/recovery/v1" + secret).digest()
    return _signs(int.from_bytes(digest[:3]) >> 4, CHECK_SIGNS)


def recovery_slot(key: bytes, secret: bytes) -> dict[str, Any]:
    """Return a key slot that the recovery *secret* opens."""
    salt = b64encode(secrets.token_bytes(16)).decode()
    slot: dict[str, Any] = {"kind": "recovery", "kdf": "hkdf-sha256", "salt": salt}
    slot["wrapped"] = b64encode(wrap(_stretched(secret, slot), key, canonical_json(slot))).decode()
    return slot


def _stretched(secret: bytes, slot: dict[str, Any]) -> bytes:
    return derived_key(secret + b64decode(slot["salt"], validate=True), "recovery")


def recovered_key(path: Path, words: str) -> bytes:
    """Return the key of the case at *path*, opened by its recovery sheet.

    Raises:
        InputError: no case, a plain one, one without a sheet, a slip, or another sheet.
        EvidenceFault: the header is damaged.
    """
    secret = read_recovery(words)
    slots = [slot for slot in _sealed(path).slots if slot.get("kind") == "recovery"]
    if not slots:
        raise InputError(
            "the case has no recovery sheet", where=str(path), to_do="use its passphrase"
        )
    for slot in slots:
        bare = {name: value for name, value in slot.items() if name != "wrapped"}
        try:
            wrapped = b64decode(slot["wrapped"], validate=True)
            return unwrap(_stretched(secret, bare), wrapped, canonical_json(bare))
        except (ValueError, KeyError, TypeError):
            continue
    raise InputError(
        "the recovery sheet does not open the case",
        where=str(path),
        to_do="look for the newest sheet: each new one ends the one before",
    )


def new_recovery(path: Path, key: bytes) -> str:
    """Give the case a new recovery sheet, which ends the one before; return its line.

    Raises:
        InputError: no case, or a plain one.
        StorageFault: another program is writing, or the header cannot be written.
    """
    secret = secrets.token_bytes(RECOVERY_BYTES)
    _replace_slot(path, recovery_slot(key, secret))
    return recovery_words(secret)


def rekey(path: Path, key: bytes, passphrase: str, *, cost: Cost = STRONG) -> None:
    """Give the case a new passphrase and destroy the slot of the old one.

    The case key stays: an older copy of the header still opens by the older passphrase.

    Raises:
        InputError: no case, a plain one, or an empty passphrase.
        StorageFault: another program is writing, or the header cannot be written.
    """
    if not passphrase:
        raise InputError("the passphrase is empty", to_do="give at least one word, better six")
    _sealed(path)
    _replace_slot(path, passphrase_slot(key, passphrase, cost))


def wipe(path: Path) -> None:
    """Destroy every key slot of the case at *path*: nothing opens it again.

    Raises:
        InputError: no case, or a plain one.
        StorageFault: the header cannot be written.
    """
    if not header_path(path).exists():
        _sealed(path)
    with suppress(EvidenceFault):  # a damaged header may still hold a whole slot
        _sealed(path)
    try:
        with WriterLock(path / "lock").holding("wiping"):
            _put_header(path, Header(sealed=True))
    except StorageFault:
        _put_header(path, Header(sealed=True))


def _sealed(path: Path) -> Header:
    if not header_path(path).exists():
        raise InputError("there is no case here", where=str(path), to_do="check the path")
    header = read_header(path)
    if not header.sealed:
        raise InputError(
            "the case is plain: it has no key",
            where=str(path),
            to_do="anybody who has the folder can read it; delete it if it must go",
        )
    return header


def _replace_slot(path: Path, slot: dict[str, Any]) -> None:
    with WriterLock(path / "lock").holding("changing a key slot"):
        others = [old for old in _sealed(path).slots if old.get("kind") != slot["kind"]]
        _put_header(path, Header(sealed=True, slots=(*others, slot)))


def _put_header(path: Path, header: Header) -> None:
    """Put *header* in place, then overwrite the blocks of the old one."""
    where = header_path(path)
    try:
        old = os.open(where, os.O_WRONLY | os.O_NOFOLLOW)
        try:
            before = os.fstat(old)
            write_whole(where, (header.to_json() + "\n").encode())
            if before.st_nlink == 1 or not header.slots:  # a backup's second name is spared
                os.pwrite(old, bytes(before.st_size), 0)
                os.fsync(old)
        finally:
            os.close(old)
        sync_folder(path)
    except OSError as error:
        raise StorageFault(
            f"the header could not be written: {error.strerror}",
            where=str(where),
            to_do="check the folder's permissions and the free space, then run it again",
        ) from error
