"""Signed notes (C2SP ``signed-note``): a text, a blank line, signature lines.

A signature line is ``— NAME BASE64``; the base64 holds four bytes that name the key and
an Ed25519 signature over the text, its last line feed included.

Laws:
1. A note opens only under a key that the reader already has; a key in the note is no key.
2. A signature by that key that does not hold refuses the note, whatever else signed it.
3. Signatures by other keys are left alone: they are for other readers.

Source: C2SP signed-note v1 (from memory, code K); the tests hold it against the notes of
the Go module ``golang.org/x/mod/sumdb/note``.
"""

from __future__ import annotations

import hashlib
import unicodedata
from base64 import b64decode, b64encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

ED25519 = b"\x01"
"""Type byte of an Ed25519 key, in key hashes and verifier keys."""

KEY_BYTES = 32
SIGNATURE_BYTES = 64
HASH_BYTES = 4

LONGEST_NOTE = 1_000_000
"""Bytes; a longer note is refused unread, as the Go module does."""

MOST_SIGNATURES = 100
"""Signature lines; a note with more is refused, as the Go module does."""

MARK = "\u2014 "
"""What a signature line begins with: an em dash and a space."""


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(sign.isspace() for sign in name)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a signing key, with its name.

    Attributes:
        name: name of the key, without white space and ``+``.
        public: the raw Ed25519 public key, 32 bytes.
    """

    name: str
    public: bytes

    @property
    def hash(self) -> bytes:
        """Return the four bytes by which a signature line names the key."""
        hashed = hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public)
        return hashed.digest()[:HASH_BYTES]

    def __str__(self) -> str:
        """Return the key as C2SP writes it: ``NAME+HASH+BASE64``."""
        return f"{self.name}+{self.hash.hex()}+{b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Return the key that *text* writes.

        Raises:
            ValueError: it is no Ed25519 verifier key, or its hash is another's.
        """
        name, _, rest = text.strip().partition("+")
        stated, _, encoded = rest.partition("+")
        content = b64decode(encoded, validate=True)
        if not _is_name(name) or content[:1] != ED25519 or len(content) != 1 + KEY_BYTES:
            message = "this is no Ed25519 verifier key"
            raise ValueError(message)
        key = cls(name, content[1:])
        if key.hash.hex() != stated:
            message = "the hash in the verifier key is not the key's"
            raise ValueError(message)
        return key


def verifier_key(name: str, seed: bytes) -> VerifierKey:
    """Return the public half of the key *seed* under *name*."""
    return VerifierKey(
        name, Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    )


def sign(text: str, name: str, seed: bytes) -> str:
    """Return the note that holds *text*, signed once.

    Args:
        text: one or more lines; the last ends with a line feed.
        name: name of the key.
        seed: the raw Ed25519 private key, 32 bytes.

    Raises:
        ValueError: the text or the name cannot stand in a note.
    """
    if not _is_name(name):
        message = f"{name!r} cannot be the name of a key"
        raise ValueError(message)
    _require_text(text)
    key = verifier_key(name, seed)
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(text.encode())
    return f"{text}\n{MARK}{name} {b64encode(key.hash + signature).decode()}\n"


def split(note: bytes) -> tuple[str, tuple[tuple[str, bytes, bytes], ...]]:
    """Return the text of *note* and its signatures as (name, key hash, signature).

    Nothing is verified here.

    Raises:
        ValueError: it is no signed note; the message says why.
    """
    if len(note) > LONGEST_NOTE:
        message = "the note is too long"
        raise ValueError(message)
    whole = note.decode()  # UnicodeDecodeError is a ValueError
    text, blank, tail = whole.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        message = "it holds no signature after a blank line, or its last line is cut off"
        raise ValueError(message)
    text += "\n"
    _require_text(text)
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        message = "the note has too many signatures"
        raise ValueError(message)
    return text, tuple(_signature(line) for line in lines)


def open_note(note: bytes, key: VerifierKey) -> str:
    """Return the text of *note* if *key* signed it.

    Raises:
        ValueError: it is no note, *key* did not sign it, or the signature does not hold.
    """
    text, signatures = split(note)
    public = Ed25519PublicKey.from_public_bytes(key.public)
    signed = False
    for name, hashed, signature in signatures:
        if (name, hashed) != (key.name, key.hash):
            continue
        try:
            public.verify(signature, text.encode())
        except InvalidSignature as error:
            message = f"the signature of {name} does not hold"
            raise ValueError(message) from error
        signed = True
    if not signed:
        names = ", ".join(name for name, _, _ in signatures)
        message = f"it is signed by another key ({names}), not by {key.name}"
        raise ValueError(message)
    return text


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, space, encoded = line.removeprefix(MARK).partition(" ")
    if not line.startswith(MARK) or not space or not _is_name(name):
        message = "a line after the blank line is no signature"
        raise ValueError(message)
    content = b64decode(encoded, validate=True)
    if len(content) <= HASH_BYTES:
        message = "a signature is too short"
        raise ValueError(message)
    return name, content[:HASH_BYTES], content[HASH_BYTES:]


def _require_text(text: str) -> None:
    if not text.endswith("\n") or text == "\n":
        message = "the text of a note ends with a line feed"
        raise ValueError(message)
    if any(unicodedata.category(sign) == "Cc" and sign != "\n" for sign in text):
        message = "the text of a note holds no control signs"
        raise ValueError(message)
