"""The row that keeps one time stamp: every byte that went out and came back.

Law: raw bytes are kept as they are (base64 in the row), whether or not a library of this
version can read them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time stamp that was asked for, and the answer once it came.

    Attributes:
        number: from 1, in the order in which they were asked for.
        size: leaves of the log that its checkpoint speaks of.
        note: the checkpoint, a signed note, that is stamped byte for byte.
        request: base64 of the request (``.tsq``).
        response: base64 of the response (``.tsr``), empty while it is awaited.
    """

    number: int
    size: int
    note: str
    request: str
    response: str
