"""Digests as web archives state them: ``sha1:BASE32``, ``sha256:hex``.

Law: a digest is compared, never trusted; one whose kind is not known here is named as not
checked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from witnessmark.stages.capture.contents import Content

KINDS = ("sha1", "sha256", "sha384", "sha512", "md5")
"""Kinds that are computed. SHA-1 and MD5 find damage; who can forge them can deceive."""


def fits(stated: str, content: bytes | Content) -> bool | None:
    """Return whether *content* has the digest *stated*, None where its kind is not known.

    Example:
        >>> fits("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", b"")
        True
    """
    kind, colon, value = stated.strip().partition(":")
    kind = kind.lower().replace("-", "")
    if not colon or kind not in KINDS:
        return None
    running = hashlib.new(kind, usedforsecurity=False)
    for piece in content.pieces() if isinstance(content, Content) else (content,):
        running.update(piece)
    right = running.digest()
    return right in _readings(value.strip(), len(right))


def _readings(value: str, size: int) -> tuple[bytes, ...]:
    """Return the bytes that *value* can mean: hex, base32 or base64, by its length."""
    found: list[bytes] = []
    for read in (bytes.fromhex, _base32, _base64):
        try:
            meant = read(value)
        except (ValueError, binascii.Error):
            continue
        if len(meant) == size:
            found.append(meant)
    return tuple(found)


def _base32(value: str) -> bytes:
    return base64.b32decode(value + "=" * (-len(value) % 8), casefold=True)


def _base64(value: str) -> bytes:
    text = value.replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
