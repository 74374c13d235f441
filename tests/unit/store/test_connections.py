"""Outgoing connections: asked for, checked, bounded, logged. Every test names the attack."""

from __future__ import annotations

import os
import random
import shutil
import socket
import struct
import subprocess
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from pytest_socket import SocketConnectBlockedError
from tests.unit.store.conftest import clock
from tests.unit.store.servers import Identity, identity, moved, page, says, serving
from tests.unit.store.test_bag import _import, _key

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import InputError, UnreadableInput
from witnessmark.store.bag import export_bag
from witnessmark.store.case import open_case
from witnessmark.store.connection_address import not_public, parse_target
from witnessmark.store.connection_log import logged
from witnessmark.store.connection_permission import (
    Bounds,
    Permission,
    gives_away,
    parse_proxy,
    permit,
)
from witnessmark.store.connection_reading import Countdown
from witnessmark.store.connection_request import Exchange, Request
from witnessmark.store.connection_row import BEGUN
from witnessmark.store.connections import exchange, payload_of
from witnessmark.store.fetching import Fetched, follow
from witnessmark.store.tables import CONNECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tests.unit.store.conftest import Made

    from witnessmark.store.case import Case
    from witnessmark.store.connection_row import Connection

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

HOME = "127.0.0.1"
HTML = b"<p>Prisoners make wigs.</p>"


@pytest.fixture
def case(made: Made) -> Iterator[Case]:
    """An open case, plain and sealed."""
    opened = made.open()
    yield opened
    opened.close()


def _permit(**options: object) -> Permission:
    given = {"given": True, "flag": "fetch --send", "purpose": "fetch", "allow_http": True}
    return permit(**{**given, "named": (HOME,), **options})  # type: ignore[arg-type]


def _follow(
    case: Case,
    address: str,
    permission: Permission | None = None,
    names: Mapping[str, Sequence[str]] | None = None,
) -> Fetched:
    def resolve(host: str, port: int) -> Sequence[str]:
        del port
        return (names or {})[host]

    return follow(
        case, address, permission or _permit(), clock=clock, tell=lambda _: None, resolve=resolve
    )


def _fault(found: Fetched) -> UnreadableInput:
    assert found.fault is not None
    assert found.fault.to_do
    return found.fault


def test_no_connection_without_a_flag(case: Case) -> None:
    """Without the option there is no permission, so no connection and no row."""
    with pytest.raises(InputError, match="nothing was sent"):
        _permit(given=False)
    assert logged(case) == ()


def test_what_is_sent_and_what_is_logged(case: Case) -> None:
    """The request tells nothing of who asks; the answer is kept to the byte, and has its row."""
    before = case.casebook.digest()
    answer = page(HTML, head="Set-Cookie: id=1\r\n")
    with serving(says(answer)) as server:
        found = _follow(case, server.url("/a?b=c#part"))
        again = _follow(case, server.url("/a"))
    assert found.fault is None
    (done,) = found.exchanges
    assert server.asked[0] == done.request
    assert server.asked[0].decode() == (
        f"GET /a?b=c HTTP/1.1\r\nHost: {HOME}:{server.port}\r\nUser-Agent: Mozilla/5.0\r\n"
        "Accept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n"
    )
    assert b"Cookie" not in server.asked[1], "nothing of the first answer is sent back"
    assert done.answer == answer
    assert payload_of(done) == HTML
    first, second = logged(case)
    assert (first.number, first.purpose, first.permission) == (1, "fetch", "fetch --send")
    assert (first.status, first.outcome, first.peer) == (200, "answered", HOME)
    assert (first.received, first.sha256) == (len(answer), sha256_hex(answer))
    assert first.sent == len(done.request)
    assert second.sha256 == again.exchanges[0].row.sha256
    assert case.casebook.digest() == before, "the log is in no digest"


def test_the_row_stands_before_the_connection(case: Case) -> None:
    """Attack: the program is killed while it waits. The row that says so stands already."""
    seen: list[Connection] = []

    def script(stream: socket.socket, _: bytes) -> None:
        seen.extend(logged(case))
        stream.sendall(page(HTML))

    with serving(script) as server:
        _follow(case, server.url())
    assert [(row.outcome, row.address) for row in seen] == [(BEGUN, server.url())]


def test_rows_are_checked_for_damage(case: Case) -> None:
    """Attack: a row of the log is changed beside the store. The casebook names it."""
    with serving(says(page(HTML))) as server:
        _follow(case, server.url())
    assert case.casebook.damage() == ()
    with case.casebook.writing() as connection:
        connection.execute(CONNECTIONS.table.update().values(outcome="answered, honestly"))
    assert case.casebook.damage() == ("store_connections: row 1 was altered",)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BODIES = {
    "chunked": (
        CHUNKED + b"5\r\nPriso\r\n3;x=y\r\nner\r\n0\r\nTrailer: z\r\n\r\n",
        b"Prisoner",
    ),
    "until it closes": (b"HTTP/1.1 200 OK\r\n\r\nall of it", b"all of it"),
    "nothing": (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    "old": (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", b"hi"),
}


@pytest.mark.parametrize("name", sorted(BODIES))
def test_bodies_are_kept_as_they_came(case: Case, name: str) -> None:
    """Chunks, trailers and closed ends are kept as sent, and read as meant."""
    answer, payload = BODIES[name]
    with serving(says(*(answer[place : place + 7] for place in range(0, len(answer), 7)))) as here:
        found = _follow(case, here.url())
    assert found.fault is None
    assert found.exchanges[0].answer == answer
    assert payload_of(found.exchanges[0]) == payload


def test_what_lies_behind_the_answer_is_not_part_of_it(case: Case) -> None:
    """Attack: a second answer smuggled behind the first is not read, hashed or kept."""
    answer = page(HTML)
    with serving(says(answer + page(b"forged"))) as server:
        found = _follow(case, server.url())
    assert found.exchanges[0].answer == answer


def test_an_interim_answer_is_not_the_answer(case: Case) -> None:
    """A ``100 Continue`` before the answer is left out; any other interim answer fails."""
    answer = page(HTML)
    with serving(says(b"HTTP/1.1 100 Continue\r\nA: b\r\n\r\n", answer)) as server:
        assert _follow(case, server.url()).exchanges[0].answer == answer
    with serving(says(b"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n", answer)) as server:
        assert "interim" in _fault(_follow(case, server.url())).what


CUT = {
    "short": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nonly this",
    "chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nonly this",
    "no last chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n",
    "wrong chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhi\r\n",
}


@pytest.mark.parametrize("name", sorted(CUT))
def test_a_truncated_body_is_never_taken_for_whole(case: Case, name: str) -> None:
    """Attack: the connection ends early. What came is kept and called cut off."""
    with serving(says(CUT[name])) as server:
        found = _follow(case, server.url())
    assert "cut off" in _fault(found).what
    assert found.exchanges[0].truncated == "disconnect"
    assert found.exchanges[0].answer == CUT[name][: len(found.exchanges[0].answer)]
    assert logged(case)[0].outcome == "cut off: disconnect"


def test_a_huge_body_ends_at_the_bound(case: Case) -> None:
    """Attack: a body without end. It ends at the bound, to the byte, in flat memory."""

    def script(stream: socket.socket, _: bytes) -> None:
        stream.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with suppress(OSError):
            while True:
                stream.sendall(bytes(65_536))

    with serving(script) as server:
        found = _follow(case, server.url(), _permit(bounds=Bounds(most_bytes=1_000_000)))
    assert "larger than it may be" in _fault(found).what
    assert len(found.exchanges[0].answer) == 1_000_000
    assert found.exchanges[0].truncated == "length"


@pytest.mark.parametrize("part", ["head", "body", "nothing"])
def test_a_slow_drip_ends_in_time(case: Case, part: str) -> None:
    """Attack: a byte now and then keeps every single read alive. The total time ends it."""

    def script(stream: socket.socket, _request: bytes) -> None:
        if part == "body":
            stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
        with suppress(OSError):
            for _ in range(200):
                if part != "nothing":
                    stream.sendall(b"x" if part == "body" else b"HTTP/1.1 200 OK"[:1])
                time.sleep(0.05)

    begin = time.monotonic()
    with serving(script) as server:
        found = _follow(case, server.url(), _permit(bounds=Bounds(seconds=0.6)))
    assert time.monotonic() - begin < 3
    assert "too long" in _fault(found).what
    assert (len(found.exchanges) == 1) == (part == "body")
    assert logged(case)[0].outcome.startswith("cut off: time" if part == "body" else "failed: it")


def _endless(line: bytes) -> Callable[[socket.socket, bytes], None]:
    def script(stream: socket.socket, _: bytes) -> None:
        if not line.startswith(b"HTTP"):
            stream.sendall(b"HTTP/1.1 200 OK\r\n")
        with suppress(OSError):
            while True:
                stream.sendall(line * 100)

    return script


@pytest.mark.parametrize("line", [b"A: b\r\n", b"A" * 50, b"HTTP/1.1 100 C\r\n\r\n"])
def test_endless_heads_end(case: Case, line: bytes) -> None:
    """Attack: header fields, one field, or interim answers without end."""
    begin = time.monotonic()
    with serving(_endless(line)) as server:
        found = _follow(case, server.url(), _permit(bounds=Bounds(seconds=5)))
    assert time.monotonic() - begin < 4
    assert found.exchanges == ()
    assert _fault(found).what.startswith("the connection failed")
    assert logged(case)[0].outcome.startswith("failed: ")


@pytest.mark.parametrize(
    "answer",
    [b"", b"\x00\xff" * 99, b"HTTP/0.9 hello\r\n\r\n", b"HTTP/1.1 200", b"<html></html>\n"],
)
def test_answers_that_are_none(case: Case, answer: bytes) -> None:
    """Attack: what does not speak HTTP gives an error, and its bytes are counted."""
    with serving(says(answer)) as server:
        found = _follow(case, server.url())
    assert found.exchanges == ()
    assert "failed" in _fault(found).what
    (row,) = logged(case)
    assert row.status == 0
    assert row.outcome.startswith("failed: ")


def test_spoiled_answers(case: Case) -> None:
    """Attack: answers with bytes changed, cut and doubled. An answer or an error, never more."""
    draw = random.Random(1)
    whole = [page(HTML, head="A: b\r\n"), *(answer for answer, _ in BODIES.values()), *CUT.values()]
    seen = set()
    for _ in range(60):
        answer = bytearray(draw.choice(whole))
        for _ in range(draw.randint(1, 4)):
            place = draw.randrange(len(answer))
            answer[place : place + draw.randint(0, 3)] = draw.randbytes(draw.randint(0, 3))
        with serving(says(bytes(answer))) as server:
            found = _follow(case, server.url(), _permit(bounds=Bounds(seconds=5)))
        for one in found.exchanges:
            assert bytes(answer).find(one.answer) >= 0
        seen.add(logged(case)[-1].outcome.partition(":")[0])
    assert seen >= {"answered", "failed", "cut off"}
    assert BEGUN not in {row.outcome for row in logged(case)}


def test_redirects_are_followed_and_logged(case: Case) -> None:
    """Each redirect is a connection of its own that names the one before it."""
    with serving(says(page(HTML))) as last, serving(says(moved(last.url("/가")))) as first:
        found = _follow(case, first.url())
    assert [one.row.status for one in found.exchanges] == [302, 200]
    assert [(row.number, row.follows) for row in logged(case)] == [(1, 0), (2, 1)]
    assert logged(case)[1].address == last.url("/%EA%B0%80")


def test_the_bound_is_for_the_whole_chain(case: Case) -> None:
    """Attack: each redirect comes with a large body. Together they end at the bound."""
    fat = page(bytes(600_000), status="302 Found", head="Location: /again\r\n")
    with serving(says(fat)) as server:
        found = _follow(case, server.url(), _permit(bounds=Bounds(most_bytes=1_000_000)))
    assert sum(len(one.answer) for one in found.exchanges) == 1_000_000
    assert "larger than it may be" in _fault(found).what


def test_a_circle_of_redirects_ends(case: Case) -> None:
    """Attack: redirects without end. Five are followed; the sixth is refused and logged."""
    with serving(says(moved("/again"))) as server:
        found = _follow(case, server.url())
    assert len(found.exchanges) == 6
    assert "again and again" in _fault(found).what
    assert len(server.asked) == 6
    assert logged(case)[-1].outcome.startswith("refused: it redirects")


INWARD = [
    ("http://127.0.0.1:1/", "this machine itself"),
    ("http://127.9.9.9/", "this machine itself"),
    ("http://[::1]/", "this machine itself"),
    ("http://[::ffff:127.0.0.1]/", "this machine itself"),
    ("http://[64:ff9b::7f00:1]/", "this machine itself"),
    ("http://169.254.169.254/latest/meta-data/", "metadata"),
    ("http://[fd00:ec2::254]/", "private"),
    ("http://168.63.129.16/", "metadata"),
    ("http://100.100.100.200/", "private"),
    ("http://10.0.0.1/", "private"),
    ("http://192.168.1.1/", "private"),
    ("http://0.0.0.0/", "no machine"),
    ("http://224.0.0.1/", "many machines"),
    ("http://127.1/", "number that programs read differently"),
    ("http://2130706433/", "number that programs read differently"),
    ("http://0x7f000001/", "number that programs read differently"),
    ("http://localhost/", "its own network"),
    ("http://printer.local/", "its own network"),
    ("http://metadata.google.internal/", "its own network"),
    ("http://inward.example/", "it leads to 10.1.2.3"),
    ("http://mixed.example/", "it leads to 127.0.0.1"),
    ("file:///etc/passwd", "only https"),
    ("gopher://a.example/", "only https"),
    ("http://user:secret@a.example/", "user or a password"),
    ("http://x.onion/", "Tor only"),
]
NAMES = {
    "inward.example": ("10.1.2.3",),
    "mixed.example": ("9.9.9.9", "127.0.0.1"),
    "outer.example": (HOME,),
}


@pytest.mark.parametrize(("address", "why"), INWARD)
@pytest.mark.parametrize("redirected", [False, True])
def test_nothing_inward_is_asked(case: Case, address: str, why: str, *, redirected: bool) -> None:
    """Attack: an address, or a redirect, into this machine or its network, or out of the web."""
    with serving(says(page(HTML))) as inner:
        if not redirected:
            found = _follow(case, address, _permit(named=()), NAMES)
        else:
            # the first host is named, the one that it redirects to is not
            with serving(says(moved(address))) as outer:
                url = outer.url(host="outer.example")
                found = _follow(case, url, _permit(named=("outer.example",)), NAMES)
    assert why in _fault(found).what
    assert len(found.exchanges) == int(redirected)
    assert inner.asked == []
    row = logged(case)[-1]
    assert row.outcome.startswith("refused: ")
    assert (row.peer, row.sent) == ("", 0)
    assert row.follows == int(redirected)


def test_a_flag_names_one_host_only(case: Case) -> None:
    """The host that the flag names may be asked; the same address by another name may not."""
    with serving(says(page(HTML))) as server:
        named = _follow(
            case, server.url(host="outer.example"), _permit(named=("outer.example",)), NAMES
        )
        other = _follow(case, server.url(), _permit(named=("outer.example",)), NAMES)
    assert named.fault is None
    assert "this machine itself" in _fault(other).what
    assert len(server.asked) == 1


@pytest.mark.filterwarnings("ignore:A test tried to use socket.socket.connect")
def test_a_name_is_looked_up_once(case: Case) -> None:
    """Attack: DNS rebinding. The address that was checked is connected to, not the name again."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        del port
        asked.append(host)
        return ("9.9.9.9",) if len(asked) == 1 else (HOME,)

    with serving(says(page(HTML))) as server, pytest.raises(SocketConnectBlockedError):
        follow(
            case,
            server.url(host="rebind.example"),
            _permit(named=()),
            clock=clock,
            tell=lambda _: None,
            resolve=resolve,
        )
    assert asked == ["rebind.example"]
    assert server.asked == []
    assert logged(case)[0].peer == "9.9.9.9", "the guard of the tests stopped it there"


def test_names_that_lead_nowhere(case: Case) -> None:
    """A name server that fails or hangs gives an error in time."""

    def fail(host: str, port: int) -> Sequence[str]:
        del host, port
        raise socket.gaierror(-2, "Name or service not known")

    def hang(host: str, port: int) -> Sequence[str]:
        del host, port
        time.sleep(5)
        return ()

    for resolve, why in ((fail, "cannot be looked up"), (hang, "too long")):
        begin = time.monotonic()
        found = follow(
            case, "https://a.example/", _permit(bounds=Bounds(seconds=0.5)),
            clock=clock, tell=lambda _: None, resolve=resolve,
        )  # fmt: skip
        assert why in _fault(found).what
        assert time.monotonic() - begin < 3


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://a.example/", "shows everybody"),
        ("https://a.example:0/", "no host"),
        ("https://a.example:99999/", "no host"),
        ("https:///x", "no host"),
        ("https://a..example/", "the host"),
        ("https://-a.example/", "name of the host"),
        ("https://a%2eexample/", "no host"),
        ("https://a.example/\x1b[31m", "does not belong"),
        ("https://a.example\r\nHost: b/", "does not belong"),
        ("https://a.example/ x", "does not belong"),
        ("https://a.example/" + "x" * 3000, "too long"),
        ("//a.example/", "only https"),
    ],
)
def test_addresses_are_read_strictly(address: str, why: str) -> None:
    """What is no plain https address is refused with the reason."""
    with pytest.raises(UnreadableInput, match=why):
        parse_target(address, allow_http=False)


def test_addresses_have_one_spelling() -> None:
    """Names and paths beyond ASCII, ports and fragments come to one spelling."""
    target = parse_target("HTTPS://한국.Example:443/가발?q=é#x", allow_http=False)
    assert target.address == "https://xn--3e0b707e.example/%EA%B0%80%EB%B0%9C?q=%C3%A9"
    assert (
        parse_target("https://[2620:fe::fe]:8443", allow_http=False).authority
        == "[2620:fe::fe]:8443"
    )
    assert parse_target("https://a.example/%41?x=%20", allow_http=False).path == "/%41?x=%20"


@pytest.mark.parametrize(
    "address", ["9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9", "64:ff9b::909:909"]
)
def test_public_addresses_are_public(address: str) -> None:
    """The guard refuses what is inward, not the world."""
    assert not_public(address) == ""


@pytest.mark.parametrize("address", ["fec0::1", "feff::8", "192.0.0.8", "::ffff:192.0.0.8"])
def test_older_private_ranges_are_not_public(address: str) -> None:
    """Site-local IPv6 and a provider's gateways lead inward, whatever Python's registry says."""
    assert not_public(address) == "a private or reserved address"


needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="certificates are made with openssl"
)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """A certificate for 127.0.0.1."""
    return identity(tmp_path_factory.mktemp("ours") / "i", f"IP:{HOME}")


@needs_openssl
def test_https_under_the_readers_roots(case: Case, ours: Identity) -> None:
    """With the right roots the page comes, and its row names the certificate."""
    with serving(says(page(HTML)), ours.context) as server:
        found = _follow(case, server.url(scheme="https"), _permit(roots=ours.roots))
    assert found.fault is None
    assert found.exchanges[0].answer == page(HTML)
    (row,) = logged(case)
    der = subprocess.run(
        ["openssl", "x509", "-in", ours.roots.with_name("s.pem"), "-outform", "DER"],
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    assert row.certificate == sha256_hex(der)


@needs_openssl
@pytest.mark.parametrize("wrong", ["system roots", "other roots", "name", "expired"])
def test_wrong_certificates(case: Case, ours: Identity, tmp_path: Path, wrong: str) -> None:
    """Attack: an unknown root, another root, another name, an old one. Nothing is sent."""
    if wrong == "expired":
        other = identity(tmp_path / "other", f"IP:{HOME}", days=-1)
    else:
        other = identity(tmp_path / "other", "DNS:other.example")
    server_side = other.context if wrong in {"name", "expired"} else ours.context
    roots = None if wrong == "system roots" else other.roots
    with serving(says(page(HTML)), server_side) as server:
        found = _follow(case, server.url(scheme="https"), _permit(roots=roots))
    assert "certificate of the server is not right" in _fault(found).what
    assert server.asked == []
    (row,) = logged(case)
    assert (row.sent, row.received) == (0, 0)
    assert row.outcome.startswith("failed: the certificate")


@needs_openssl
def test_http_behind_https_is_refused(case: Case, ours: Identity) -> None:
    """Attack: a redirect from https to http takes the protection away. It is refused."""
    with (
        serving(says(page(HTML))) as plain,
        serving(says(moved(plain.url())), ours.context) as server,
    ):
        permission = _permit(roots=ours.roots, allow_http=False)
        found = _follow(case, server.url(scheme="https"), permission)
    assert "shows everybody" in _fault(found).what
    assert plain.asked == []


@needs_openssl
def test_an_end_that_tls_does_not_vouch_for(case: Case, ours: Identity) -> None:
    """Attack: a body without length, cut off by closing the line. It is not called whole."""

    def script(stream: socket.socket, _: bytes) -> None:
        stream.sendall(b"HTTP/1.1 200 OK\r\n\r\nhalf a sen")
        raw = socket.socket(fileno=os.dup(stream.fileno()))
        raw.shutdown(socket.SHUT_RDWR)
        raw.close()

    with serving(script, ours.context) as server:
        found = _follow(case, server.url(scheme="https"), _permit(roots=ours.roots))
    assert "cut off" in _fault(found).what
    assert found.exchanges[0].truncated == "disconnect"


def test_no_roots(case: Case, tmp_path: Path) -> None:
    """A file of roots that holds none is an error of the call, never the system's roots instead."""
    (tmp_path / "empty.pem").write_text("none")
    with serving(says(page(HTML))) as server, pytest.raises(InputError, match="roots"):
        _follow(case, server.url(scheme="https"), _permit(roots=tmp_path / "empty.pem"))
    assert server.asked == []
    assert logged(case)[0].outcome.startswith("stopped")


@needs_openssl
def test_the_environment_is_not_asked(
    case: Case, ours: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack: a proxy or a log of keys in the environment changes nothing."""
    keys = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with serving(says(page(HTML)), ours.context) as server:
        address = server.url(scheme="https")
        assert _follow(case, address, _permit(roots=ours.roots)).fault is None
    assert logged(case)[0].via == ""
    assert not keys.exists(), "no key of a connection is written"


def _relay(stream: socket.socket, port: int) -> None:
    with socket.create_connection((HOME, port)) as onward:
        done = threading.Event()

        def back() -> None:
            with suppress(OSError):
                while got := onward.recv(4096):
                    stream.sendall(got)
            done.set()

        threading.Thread(target=back, daemon=True).start()
        with suppress(OSError):
            onward.sendall(stream.recv(4096))
        done.wait(5)


class _Proxy:
    """A proxy that leads every host to one port of this machine and keeps what it was asked."""

    def __init__(self, kind: str, onward: int, answer: bytes = b"") -> None:
        self.asked: list[str] = []
        self._kind, self._onward, self._answer = kind, onward, answer
        self._listener = socket.create_server((HOME, 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                stream, _ = self._listener.accept()
                with stream:
                    (self._socks if self._kind.startswith("socks") else self._http)(stream)

    def _socks(self, stream: socket.socket) -> None:
        assert stream.recv(3) == b"\x05\x01\x00"
        stream.sendall(b"\x05\x00")
        kind = stream.recv(4)[3]
        if kind == 3:
            host = stream.recv(stream.recv(1)[0]).decode()
        else:
            host = socket.inet_ntop(socket.AF_INET, stream.recv(4))
        (port,) = struct.unpack(">H", stream.recv(2))
        self.asked.append(f"{kind} {host}:{port}")
        stream.sendall(self._answer or b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        if not self._answer:
            _relay(stream, self._onward)

    def _http(self, stream: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += stream.recv(1)
        self.asked.append(head.decode())
        stream.sendall(self._answer or b"HTTP/1.1 200 Connected\r\nX: y\r\n\r\n")
        if not self._answer:
            _relay(stream, self._onward)

    def close(self) -> None:
        self._listener.close()


@pytest.mark.parametrize("kind", ["socks5h", "socks5", "http"])
def test_through_a_proxy(case: Case, kind: str) -> None:
    """The proxy is told the name, or the checked address; nobody else is connected to."""
    with serving(says(page(HTML))) as server:
        proxy = _Proxy(kind, server.port)
        permission = _permit(named=(), proxy=f"{kind}://127.0.0.1:{proxy.port}")
        names = {"a.example": ("9.9.9.9",)} if kind == "socks5" else {}
        found = _follow(case, "http://a.example/x", permission, names)
        proxy.close()
    assert found.fault is None
    assert found.exchanges[0].answer == page(HTML)
    assert server.asked[0].startswith(b"GET /x HTTP/1.1\r\nHost: a.example\r\n")
    (asked,) = proxy.asked
    expected = {
        "socks5h": "3 a.example:80",
        "socks5": "1 9.9.9.9:80",
        "http": "CONNECT a.example:80 HTTP/1.1\r\nHost: a.example:80\r\n\r\n",
    }
    assert asked == expected[kind]
    (row,) = logged(case)
    assert (row.via, row.peer) == (f"{kind}://127.0.0.1:{proxy.port}", HOME)


@pytest.mark.parametrize(
    ("kind", "answer", "why"),
    [
        ("socks5h", b"\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00", "the host refused"),
        ("socks5h", b"\x04", "closed the connection"),
        ("http", b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "407"),
        ("http", b"x" * 9000, "does not answer CONNECT"),
    ],
)
def test_proxies_that_refuse(case: Case, kind: str, answer: bytes, why: str) -> None:
    """A proxy that refuses or speaks something else ends it; there is no way around the proxy."""
    with serving(says(page(HTML))) as server:
        proxy = _Proxy(kind, server.port, answer)
        permission = _permit(proxy=f"{kind}://127.0.0.1:{proxy.port}")
        found = _follow(case, server.url(), permission)
        proxy.close()
    assert why in _fault(found).what
    assert server.asked == []


def test_inward_addresses_through_a_proxy(case: Case) -> None:
    """Attack: local names and addresses are refused before the proxy is asked."""
    with serving(says(page(HTML))) as server:
        proxy = _Proxy("socks5h", server.port)
        permission = _permit(named=(), proxy=f"socks5h://127.0.0.1:{proxy.port}")
        for address in ("http://127.0.0.1/", "http://localhost/", "http://169.254.169.254/"):
            assert "public network" in _fault(_follow(case, address, permission)).what
        onion = _follow(case, "http://x.onion/", permission)
        proxy.close()
    assert onion.fault is None, "an onion address goes to the proxy"
    assert proxy.asked == ["3 x.onion:80"]


@pytest.mark.parametrize(
    "text", ["socks4://a:1", "socks5h://u:p@a:1", "a:1", "https://a:1", "socks5://a:0", "http://a"]
)
def test_what_is_no_proxy(text: str) -> None:
    """A proxy with a password, of another kind or without a port is refused."""
    with pytest.raises(InputError, match="no proxy"):
        parse_proxy(text)


def test_what_it_gives_away() -> None:
    """Before the first connection it is said who learns the address of this machine."""
    target = parse_target("https://a.example/x", allow_http=False)
    direct = gives_away([target], "fetch", None)
    assert direct[0].startswith("a.example learns: the address of this machine, the time")
    assert "provider" in direct[1]
    assert "a name server learns the name" in direct[1]
    number = parse_target("https://9.9.9.9/", allow_http=False)
    assert not any("name server" in line for line in gives_away([number], "fetch", None))
    tor = gives_away([target], "fetch", parse_proxy("socks5h://127.0.0.1:9050"))
    assert not tor[0].startswith("a.example learns: the address of this machine")
    assert "the proxy 127.0.0.1:9050 learns: the address of this machine" in tor[1]
    local = gives_away([target], "fetch", parse_proxy("socks5://127.0.0.1:9050"))
    assert any("name server" in line for line in local)
    stamp = " ".join(gives_away([target], "stamp", None))
    assert "a hash of the checkpoint" in stamp
    assert "redirect" not in stamp
    plain = parse_target("http://a.example/x", allow_http=True)
    assert any("read and change" in line for line in gives_away([plain], "fetch", None))


def test_each_connection_is_named_before_it_is_opened(case: Case) -> None:
    """A redirect to another host is said before that host learns of it."""
    told: list[str] = []
    with serving(says(page(HTML))) as last, serving(says(moved(last.url()))) as first:
        follow(case, first.url(), _permit(), clock=clock, tell=told.append)
    assert told == [
        f"connecting to {HOME}:{first.port} ({HOME})",
        f"connecting to {HOME}:{last.port} ({HOME})",
    ]


def test_interrupted(case: Case) -> None:
    """Ctrl-C in the middle leaves a row that says so."""

    def tell(_: str) -> None:
        raise KeyboardInterrupt

    with serving(says(page(HTML))) as server, pytest.raises(KeyboardInterrupt):
        exchange(
            case,
            Request(parse_target(server.url(), allow_http=True)),
            _permit(),
            clock=clock,
            countdown=Countdown(5),
            tell=tell,
        )
    assert logged(case)[0].outcome == "stopped: KeyboardInterrupt"
    assert server.asked == []


def test_an_exchange_is_the_same_for_the_same_answer(case: Case) -> None:
    """Same answer, same bytes: nothing of the run is in them."""
    with serving(says(page(HTML))) as server:
        one, two = (_follow(case, server.url()).exchanges[0] for _ in range(2))
    assert isinstance(one, Exchange)
    assert (one.request, one.answer, one.fields) == (two.request, two.answer, two.fields)


def test_the_log_travels_in_a_bag(filled: Made, tmp_path: Path) -> None:
    """Who takes a case over sees what was contacted for it; its digest stays that of the case."""
    case = filled.open()
    with serving(says(page(HTML))) as server:
        _follow(case, server.url())
    rows, digest = logged(case), case.casebook.digest()
    export_bag(case, tmp_path / "bag")
    case.close()
    sealed = filled.key is not None
    done = _import(tmp_path / "bag", tmp_path / "again", sealed=sealed)
    again = open_case(done.path, _key(done.path, sealed=sealed))
    assert logged(again) == rows
    assert len(rows) == 1
    assert again.casebook.digest() == digest
    again.close()
