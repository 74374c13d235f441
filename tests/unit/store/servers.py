"""Servers on this machine that answer as told: honest, slow, endless, broken."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LOOPBACK = "127.0.0.1"


@dataclass
class Server:
    """A server that answers each request by its script and keeps what it was asked."""

    port: int
    asked: list[bytes] = field(default_factory=list)

    def url(self, path: str = "/", *, scheme: str = "http", host: str = LOOPBACK) -> str:
        return f"{scheme}://{host}:{self.port}{path}"


def says(*parts: bytes) -> Callable[[socket.socket, bytes], None]:
    """Answer with *parts* and close."""

    def answer(stream: socket.socket, _: bytes) -> None:
        for part in parts:
            stream.sendall(part)

    return answer


def page(body: bytes, *, status: str = "200 OK", head: str = "") -> bytes:
    """Return a whole answer."""
    lines = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n{head}"
    return f"{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body


def moved(address: str) -> bytes:
    """Return a redirect to *address*."""
    return page(b"gone", status="302 Found", head=f"Location: {address}\r\n")


@contextmanager
def serving(
    script: Callable[[socket.socket, bytes], None], context: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """Run a server for the length of a ``with`` block."""
    listener = socket.create_server((LOOPBACK, 0))
    server = Server(listener.getsockname()[1])
    closing = threading.Event()

    def one(stream: socket.socket) -> None:
        with suppress(OSError), stream:
            stream.settimeout(20)
            secured = context.wrap_socket(stream, server_side=True) if context else stream
            request = _request(secured)
            server.asked.append(request)
            script(secured, request)
            with suppress(OSError):
                secured.unwrap() if isinstance(secured, ssl.SSLSocket) else None
            secured.close()

    def accept() -> None:
        while not closing.is_set():
            with suppress(OSError):
                stream, _ = listener.accept()
                threading.Thread(target=one, args=(stream,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        closing.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _request(stream: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        more = stream.recv(4096)
        if not more:
            return got
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
            while len(body) < length:
                body += stream.recv(4096)
    return head + b"\r\n\r\n" + body


@dataclass(frozen=True)
class Identity:
    """A certificate authority and a server's certificate."""

    roots: Path
    context: ssl.SSLContext


def identity(folder: Path, name: str, *, days: int = 30) -> Identity:
    """Make a certificate for *name* (``DNS:…`` or ``IP:…``) under a root of its own."""
    folder.mkdir()
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    (folder / "ext").write_text(f"subjectAltName={name}\nextendedKeyUsage=serverAuth\n")
    for arguments in (
        ("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test root",
         "-days", "30"),
        ("req", "-new", *curve, "-keyout", "s.key", "-out", "s.csr", "-subj", "/CN=server"),
        ("x509", "-req", "-in", "s.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
         "-out", "s.pem", "-days", str(days), "-extfile", "ext"),
    ):  # fmt: skip
        done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "s.pem", folder / "s.key")
    return Identity(folder / "ca.pem", context)
