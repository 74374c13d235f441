"""Canonical JSON and the identifiers that are made from it.

Same in, same out: keys sorted, no spaces, UTF-8, no NaN. Floats are written by
Python's shortest round-trip form, which is the same on every platform.
"""

from __future__ import annotations

import hashlib
import json


def canonical_json(value: object) -> str:
    """Return *value* as canonical JSON text.

    Raises:
        ValueError: the value holds NaN or an infinity.
        TypeError: the value holds something that JSON cannot say.
    """
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 digest of *data*, 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def content_id(prefix: str, *parts: object) -> str:
    """Return a short identifier made from the content of *parts*.

    Ten hex digits (40 bits): among ten thousand rows of a case the chance of a
    collision is about 5 in 100 000; a table's primary key refuses one loudly.

    Example:
        >>> content_id("c", "makes", 3) == content_id("c", "makes", 3)
        True
    """
    return prefix + sha256_hex(canonical_json(list(parts)).encode("utf-8", "surrogatepass"))[:10]
