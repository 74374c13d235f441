"""Asking a proxy to connect: SOCKS 5 (Tor) and CONNECT; nothing here opens anything.

Laws:
1. Only the proxy that the person named is spoken to, without user and password.
2. A proxy that does not do exactly what was asked ends the connection.

Source: RFC 1928 (SOCKS 5), RFC 9110 section 9.3.6 (CONNECT).
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Protocol

from witnessmark.core.errors import visible

if TYPE_CHECKING:
    from witnessmark.store.connection_permission import Proxy
    from witnessmark.store.connection_reading import Countdown

LONGEST_PROXY_ANSWER = 8_192
"""Bytes of the head with which a proxy answers CONNECT."""

SOCKS_REASONS = {
    1: "it failed",
    2: "its rules forbid it",
    3: "the network cannot be reached",
    4: "the host cannot be reached",
    5: "the host refused",
    6: "it took too long",
}
"""What a SOCKS 5 proxy's answer means (RFC 1928, section 6)."""


class Stream(Protocol):
    """What a proxy is spoken to over."""

    def settimeout(self, value: float | None, /) -> None:
        """Wait *value* seconds at most."""
        ...

    def sendall(self, data: bytes, /) -> None:
        """Send *data*."""
        ...

    def recv(self, bufsize: int, /) -> bytes:
        """Return some bytes, none at the end."""
        ...


def ask_proxy(stream: Stream, proxy: Proxy, host: str, port: int, countdown: Countdown) -> None:
    """Have *proxy* connect *stream* to *host*."""
    if proxy.kind == "http":
        name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        stream.settimeout(countdown.left())
        stream.sendall(f"CONNECT {name} HTTP/1.1\r\nHost: {name}\r\n\r\n".encode("ascii"))
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += _exactly(stream, 1, countdown)
            if len(head) > LONGEST_PROXY_ANSWER:
                raise OSError("the proxy does not answer CONNECT")
        if not re.match(rb"HTTP/1\.[01] 2\d\d\b", head):
            line = head.partition(b"\r\n")[0].decode("ascii", "replace")
            raise OSError(f"the proxy does not connect: {visible(line)[:100]}")
        return
    stream.settimeout(countdown.left())
    stream.sendall(b"\x05\x01\x00")
    if _exactly(stream, 2, countdown) != b"\x05\x00":
        raise OSError("the proxy speaks no SOCKS 5, or asks for a password")
    stream.sendall(b"\x05\x01\x00" + _socks_name(host) + port.to_bytes(2, "big"))
    version, answer, _, kind = _exactly(stream, 4, countdown)
    if version != 5 or answer:  # noqa: PLR2004 - SOCKS 5
        raise OSError(f"the proxy does not connect: {SOCKS_REASONS.get(answer, 'no reason given')}")
    length = {1: 4, 4: 16}.get(kind) or _exactly(stream, 1, countdown)[0]
    _exactly(stream, length + 2, countdown)


def _socks_name(host: str) -> bytes:
    try:
        address = ip_address(host)
    except ValueError:
        name = host.encode("ascii")
        return b"\x03" + bytes([len(name)]) + name
    return (b"\x04" if address.version == 6 else b"\x01") + address.packed  # noqa: PLR2004 - IPv6


def _exactly(stream: Stream, size: int, countdown: Countdown) -> bytes:
    got = b""
    while len(got) < size:
        stream.settimeout(countdown.left())
        more = stream.recv(size - len(got))
        if not more:
            raise OSError("the proxy closed the connection")
        got += more
    return got
