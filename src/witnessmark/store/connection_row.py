"""The row that keeps one outgoing connection, also one that failed or was refused.

Law: the row is written before the connection is opened and completed after it, so that a
crash between the two leaves a row that says ``begun``, never a connection without one.
"""

from __future__ import annotations

from dataclasses import dataclass

BEGUN = "begun, end not recorded"
"""Outcome of a connection whose end was never written: the program was killed, or the disk full."""

ANSWERED = "answered"
"""Outcome of a connection whose answer came whole."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One outgoing connection that a person asked for.

    Attributes:
        number: from 1, in the order in which they were begun.
        at: when, RFC 3339, UTC.
        purpose: what for: ``fetch``, ``stamp`` or ``read`` (by a language model).
        permission: the option that allowed it, as it was given.
        method: of the request.
        address: the address asked for.
        via: the proxy that it went through, empty if none.
        peer: network address that was connected to, empty if none was.
        certificate: SHA-256 of the server's certificate, empty without TLS.
        status: of the answer, 0 if there is none.
        sent: bytes of the request that was sent.
        received: bytes of the answer as they came.
        sha256: of those bytes, empty if none came.
        follows: number of the connection whose answer redirected here, 0 if none.
        outcome: ``answered``, or why not: ``refused: …``, ``failed: …``, ``cut off: …``.
    """

    number: int
    at: str
    purpose: str
    permission: str
    method: str
    address: str
    via: str = ""
    peer: str = ""
    certificate: str = ""
    status: int = 0
    sent: int = 0
    received: int = 0
    sha256: str = ""
    follows: int = 0
    outcome: str = BEGUN
