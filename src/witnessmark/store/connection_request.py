"""Requests and answers as bytes; nothing here opens anything.

Laws:
1. The same request gives the same bytes, and says nothing of who asks.
2. An answer is kept as it came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from witnessmark.store.connection_address import Target
    from witnessmark.store.connection_row import Connection


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent.

    Attributes:
        target: what is asked for.
        method: ``GET`` or ``POST``.
        body: of the request.
        content_type: of the body.
        accept: media types that are asked for.
    """

    target: Target
    method: str = "GET"
    body: bytes = b""
    content_type: str = ""
    accept: str = "*/*"

    def to_bytes(self, user_agent: str) -> bytes:
        """Return the request as it goes over the wire: the same for the same page."""
        lines = [
            f"{self.method} {self.target.path} HTTP/1.1",
            f"Host: {self.target.authority}",
            f"User-Agent: {user_agent}",
            f"Accept: {self.accept}",
            "Accept-Encoding: identity",
        ]
        if self.body:
            lines += [f"Content-Type: {self.content_type}", f"Content-Length: {len(self.body)}"]
        lines += ["Connection: close", "", ""]
        return "\r\n".join(lines).encode("ascii") + self.body


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, byte for byte.

    Attributes:
        row: the row of the connection.
        request: bytes that were sent.
        answer: bytes that came.
        fields: fields of the answer, names in lower case; of a repeated one the first.
        truncated: why the answer is not whole (``length``, ``time``, ``disconnect``), else empty.
    """

    row: Connection
    request: bytes
    answer: bytes
    fields: dict[str, str]
    truncated: str
