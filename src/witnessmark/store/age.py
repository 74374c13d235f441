"""age encryption (age-encryption.org/v1) of one object, by pyrage.

Laws:
1. Each object has an identity of its own; what it encrypts, ``age -d -i`` decrypts too.
2. Altered bytes never decrypt: age authenticates every chunk.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PYRAGE: Any = import_module("pyrage")  # a binary module without types: named once, here


def encrypted(content: bytes) -> tuple[bytes, str]:
    """Return *content* as an age file and the identity that opens it."""
    identity = _PYRAGE.x25519.Identity.generate()
    return bytes(_PYRAGE.encrypt(content, [identity.to_public()])), str(identity)


def decrypted(body: bytes, identity: str) -> bytes:
    """Return the content of an age file.

    Raises:
        ValueError: another identity, or altered bytes.
    """
    try:
        return bytes(_PYRAGE.decrypt(body, [_PYRAGE.x25519.Identity.from_str(identity)]))
    except (_PYRAGE.DecryptError, _PYRAGE.IdentityError) as error:
        message = "the age file does not open"
        raise ValueError(message) from error
