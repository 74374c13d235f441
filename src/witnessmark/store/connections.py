"""The one module that opens outgoing connections.

Laws:
1. A connection needs a :class:`Permission`, which only an option of a person gives; its
   row stands in the case before it is opened, and says afterwards how it ended.
2. What is connected to is the network address that was checked, not the name again: a name
   that leads elsewhere a moment later leads nowhere. One address that is not public refuses
   the host, unless the option names that very host.
3. Certificates are checked against the system's roots or the reader's; there is no way to
   leave that out. No secret of a connection is written anywhere.
4. Size and time are bounded in total: a server that drips ends like one that floods.
5. Nothing is taken from the environment: no proxy, no password, no cookie, no log of keys.
6. The bytes of an answer are kept as they came: chunks, codings and all.

Source: RFC 9112 (HTTP/1.1).
"""

from __future__ import annotations

import hashlib
import http.client
import io
import re
import socket
import ssl
import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Protocol, cast

from witnessmark.core.errors import InputError, UnreadableInput, visible
from witnessmark.store.connection_address import local_name, not_public, refused
from witnessmark.store.connection_log import begin, end
from witnessmark.store.connection_proxy import ask_proxy
from witnessmark.store.connection_reading import STEP, Countdown, CutError, Reader
from witnessmark.store.connection_request import Exchange, Request
from witnessmark.store.connection_row import ANSWERED, Connection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from witnessmark.store.case import Case
    from witnessmark.store.connection_permission import Permission

PATIENCE_S = 20
"""Seconds that one network address may take to accept a connection."""

MOST_PEERS = 4
"""Network addresses of one host that are tried."""

ENDED = "the server closed the connection before it had answered"

_BLANK = re.compile(rb"\r?\n\r?\n\Z")
_INTERIM = re.compile(rb"HTTP/1\.[01] 100\b[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n")


class Resolver(Protocol):
    """Looks up the network addresses of a host."""

    def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return them as text, the preferred one first."""
        ...


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Ask the name server of this machine."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


def exchange(
    case: Case,
    request: Request,
    permission: Permission,
    *,
    clock: Callable[[], str],
    countdown: Countdown,
    tell: Callable[[str], None],
    follows: int = 0,
    resolve: Resolver = system_resolver,
) -> Exchange:
    """Send *request* and return the answer; the case keeps a row of it, however it ends.

    Args:
        case: the case that the connection is made for.
        request: what is sent.
        permission: a person's.
        clock: gives the time for the row, RFC 3339 UTC.
        countdown: the time that is left.
        tell: hears what is about to be connected to, before it is.
        follows: number of the connection whose answer redirected here.
        resolve: looks up names.

    Raises:
        UnreadableInput: it was refused or failed; nothing that could be used came back.
        StorageFault: the row cannot be written; then nothing was opened.
    """
    target, proxy = request.target, permission.proxy
    row = begin(
        case,
        Connection(
            0,
            clock(),
            permission.purpose,
            permission.flag,
            request.method,
            target.address,
            via=proxy.text if proxy else "",
            follows=follows,
        ),
    )
    wire = _Wire(request, permission, countdown, resolve, tell)
    try:
        done = wire.run(row)
    except UnreadableInput as error:
        end(case, replace(wire.so_far(row), outcome=f"refused: {error.what}"))
        raise
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = _reason(error)
        end(case, replace(wire.so_far(row), outcome=f"failed: {why}"))
        raise UnreadableInput(
            f"the connection failed: {why}",
            where=target.address,
            to_do="check the address and the network, then try again",
        ) from error
    except BaseException as error:
        end(case, replace(wire.so_far(row), outcome=f"stopped: {type(error).__name__}"))
        raise
    end(case, done.row)
    return done


def note_refusal(case: Case, row: Connection, why: str) -> None:
    """Write a row for a connection that was refused before there was anything to ask."""
    end(case, replace(begin(case, row), outcome=f"refused: {why}"))


class _Wire:
    """One connection, from the look-up of a name to the last byte."""

    def __init__(
        self,
        request: Request,
        permission: Permission,
        countdown: Countdown,
        resolve: Resolver,
        tell: Callable[[str], None],
    ) -> None:
        self._request = request
        self._target = request.target
        self._permission = permission
        self._countdown = countdown
        self._resolve = resolve
        self._tell = tell
        self._peer = self._certificate = ""
        self._sent = 0
        self._ragged = False
        self._reader: Reader | None = None

    def so_far(self, row: Connection) -> Connection:
        """Return *row* with what is known of the connection by now."""
        answer = bytes(self._reader.kept) if self._reader else b""
        return replace(
            row,
            peer=self._peer,
            certificate=self._certificate,
            sent=self._sent,
            received=len(answer),
            sha256=hashlib.sha256(answer).hexdigest() if answer else "",
        )

    def run(self, row: Connection) -> Exchange:
        """Connect, send, read."""
        sent = self._request.to_bytes(self._permission.user_agent)
        # the roots are read first: a mistake in the call connects to nobody
        context = self._context() if self._target.scheme == "https" else None
        stream = self._opened()
        if context is not None:
            stream = self._secured(stream, context)
        try:
            stream.settimeout(self._countdown.left())
            stream.sendall(sent)
            self._sent = len(sent)
            return self._answer(row, stream, sent)
        finally:
            stream.close()

    def _answer(self, row: Connection, stream: socket.socket, sent: bytes) -> Exchange:
        bounds = self._permission.bounds
        receive = self._receiver(stream)
        self._reader = reader = Reader(receive, self._countdown, bounds.most_head)
        response = http.client.HTTPResponse(_as_socket(reader), method=self._request.method)
        try:
            response.begin()
        except CutError as error:
            message = {
                "length": f"the head of the answer has more than {bounds.most_head} bytes",
                "time": "it took too long",
            }.get(str(error), ENDED)
            raise http.client.HTTPException(message) from error
        while interim := _INTERIM.match(reader.kept):
            del reader.kept[: interim.end()]
        if response.status < 200:  # noqa: PLR2004 - below are interim answers
            message = f"an interim answer came that nobody asked for ({response.status})"
            raise http.client.HTTPException(message)
        if not _BLANK.search(reader.kept):
            raise http.client.HTTPException(ENDED)
        reader.most = bounds.most_bytes
        truncated = _read_body(response)
        if not truncated and self._ragged and response.length is None and not response.chunked:
            truncated = "disconnect"  # only the end of TLS could have shown that this is all
        fields = {name.lower(): value for name, value in reversed(response.getheaders())}
        done = replace(
            self.so_far(row),
            status=response.status,
            outcome=f"cut off: {truncated}" if truncated else ANSWERED,
        )
        return Exchange(done, sent, bytes(reader.kept), fields, truncated)

    def _receiver(self, stream: socket.socket) -> Callable[[float], bytes]:
        def receive(seconds: float) -> bytes:
            stream.settimeout(seconds)
            try:
                return stream.recv(STEP)
            except ssl.SSLEOFError:
                self._ragged = True
                return b""

        return receive

    def _opened(self) -> socket.socket:
        """Return a stream to the target, through the proxy if there is one."""
        target, proxy = self._target, self._permission.proxy
        named = target.host in self._permission.named
        by_proxy = proxy is not None and proxy.names_go_to_it
        if target.host.endswith(".onion") and not by_proxy:
            raise refused(
                "an onion address is reached through Tor only, and a name server would learn it",
                target.address,
                "give --proxy socks5h://127.0.0.1:9050",
            )
        if not named and local_name(target.host):
            raise self._forbidden(local_name(target.host), target.host)
        if proxy is None:
            peers = self._checked(self._lookup(target.host, target.port), named=named)
            return self._connected(peers, target.port)
        if by_proxy and not target.literal:
            destination = target.host
        else:
            destination = self._checked(self._lookup(target.host, target.port), named=named)[0]
        stream = self._connected(self._lookup(proxy.host, proxy.port), proxy.port)
        try:
            ask_proxy(stream, proxy, destination, target.port, self._countdown)
        except BaseException:
            stream.close()
            raise
        return stream

    def _lookup(self, host: str, port: int) -> Sequence[str]:
        """Return the network addresses of *host*, within the time that is left."""
        if not_public(host) != "no network address":
            return (host,)
        found: list[Sequence[str]] = []
        wrong: list[Exception] = []

        def ask() -> None:
            try:
                found.append(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                wrong.append(error)

        # the system's resolver knows no time limit of ours: it is left behind, not waited for
        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(self._countdown.left(PATIENCE_S))
        if wrong:
            raise OSError(f"the name {host} cannot be looked up: {_reason(wrong[0])}")
        if not found:
            raise TimeoutError("the name server took too long")
        if not found[0]:
            raise OSError(f"the name {host} leads nowhere")
        return tuple(found[0])

    def _checked(self, peers: Sequence[str], *, named: bool) -> Sequence[str]:
        """Return *peers* if every one of them may be connected to."""
        for peer in peers:
            why = not_public(peer)
            if why and not named:
                raise self._forbidden(f"it leads to {peer}: {why}", self._target.host)
        return peers

    def _forbidden(self, why: str, host: str) -> UnreadableInput:
        return refused(
            f"nothing outside the public network is asked: {why}",
            self._target.address,
            f"if that is meant, give --allow-host {host}",
        )

    def _connected(self, peers: Sequence[str], port: int) -> socket.socket:
        """Return a stream to the first of *peers* that accepts one."""
        proxy = self._permission.proxy
        failed: list[str] = []
        for peer in peers[:MOST_PEERS]:
            self._peer = peer
            via = f" through the proxy {proxy.text}" if proxy else f" ({peer})"
            self._tell(f"connecting to {self._target.authority}{via}")
            kind = socket.AF_INET6 if ":" in peer else socket.AF_INET
            stream = socket.socket(kind, socket.SOCK_STREAM)
            try:
                stream.settimeout(self._countdown.left(PATIENCE_S))
                stream.connect((peer, port))
            except OSError as error:
                stream.close()
                failed.append(f"{peer}: {_reason(error)}")
                continue
            except BaseException:
                stream.close()
                raise
            return stream
        raise OSError("; ".join(failed))

    def _secured(self, stream: socket.socket, context: ssl.SSLContext) -> socket.socket:
        """Return *stream* under TLS, with the certificate checked."""
        try:
            stream.settimeout(self._countdown.left())
            secured = context.wrap_socket(
                stream, server_hostname=self._target.host, suppress_ragged_eofs=False
            )
        except BaseException:
            stream.close()
            raise
        shown = secured.getpeercert(binary_form=True)
        self._certificate = hashlib.sha256(shown).hexdigest() if shown else ""
        return secured

    def _context(self) -> ssl.SSLContext:
        # made by hand: ssl.create_default_context would write keys where the environment says
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        roots = self._permission.roots
        if roots is None:
            context.load_default_certs()
            return context
        try:
            context.load_verify_locations(cafile=str(roots))
        except (OSError, ssl.SSLError) as error:
            raise InputError(
                "the roots to trust cannot be read",
                where=str(roots),
                to_do="give a PEM file with the root certificates of the server",
            ) from error
        return context


def _read_body(response: http.client.HTTPResponse) -> str:
    """Read the body to its end; return why it is not whole, or an empty text."""
    try:
        while response.read(STEP):
            pass
    except CutError as error:
        return str(error)
    except (http.client.HTTPException, ValueError, OSError):
        return "disconnect"
    return "" if response.length in {None, 0} else "disconnect"


def _as_socket(file: object) -> socket.socket:
    """Return what :mod:`http.client` asks for a file, and nothing else of a socket."""

    def makefile(_mode: str) -> object:
        return file

    return cast("socket.socket", SimpleNamespace(makefile=makefile))


def payload_of(done: Exchange) -> bytes:
    """Return the body of the answer with its chunks joined; its codings stay."""
    response = http.client.HTTPResponse(_as_socket(io.BytesIO(done.answer)))
    response.begin()
    return response.read()


def _reason(error: Exception) -> str:
    """Return why, in words of one line."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of the server is not right: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return str(error) if str(error) and error.errno is None else "it took too long"
    told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return visible(" ".join(told.split()))[:300] or type(error).__name__
