"""A time authority asked over the network: a real one (openssl) behind a local server."""

from __future__ import annotations

import shutil
from base64 import b64decode
from typing import TYPE_CHECKING

import pytest
from tests.unit.store.conftest import clock
from tests.unit.store.servers import moved, says, serving
from tests.unit.store.test_timestamp import Authority, _authority

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import InputError, UnreadableInput
from witnessmark.doors.cli import app as door
from witnessmark.store.connection_address import parse_target
from witnessmark.store.connection_log import logged
from witnessmark.store.connection_permission import permit
from witnessmark.store.tables import STAMPS
from witnessmark.store.timestamp import make_request
from witnessmark.store.timestamp_keep import file_response
from witnessmark.store.timestamp_send import (
    authorities,
    authority_target,
    open_request,
    send,
)
from witnessmark.store.verify import Outside, verify_path

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.unit.store.conftest import Made

    from witnessmark.store.case import Case
    from witnessmark.store.timestamp_row import Stamp

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(
        shutil.which("openssl") is None, reason="the local authority is openssl, not installed here"
    ),
]

PERMISSION = permit(
    given=True, flag="stamp --send", purpose="stamp", allow_http=True, named=("127.0.0.1",)
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A local authority."""
    return _authority(tmp_path_factory.mktemp("authority") / "a", "Test Time Authority")


def _answering(
    authority: Authority, *, chunked: bool = False
) -> Callable[[socket.socket, bytes], None]:
    def script(stream: socket.socket, request: bytes) -> None:
        body = authority.answer(request.partition(b"\r\n\r\n")[2])
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n"
        if chunked:
            stream.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
            stream.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
        else:
            stream.sendall(head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    return script


def _send(case: Case, url: str) -> tuple[Stamp, bytes]:
    asked = open_request(case)
    target = parse_target(url, allow_http=True)
    return asked, send(case, asked, target, PERMISSION, clock=clock, tell=lambda _: None)


@pytest.mark.parametrize("chunked", [False, True])
def test_asked_and_anchored(filled: Made, authority: Authority, *, chunked: bool) -> None:
    """The request goes out as it is kept, the answer comes in, and the log is anchored by it."""
    case = filled.open()
    before = case.casebook.digest()
    with serving(_answering(authority, chunked=chunked)) as server:
        asked, raw = _send(case, server.url("/tsr"))
    kept = file_response(case, raw, server.url("/tsr"))
    head, _, body = server.asked[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /tsr HTTP/1.1\r\n")
    assert b"Content-Type: application/timestamp-query" in head
    assert body == b64decode(asked.request)
    assert asked.note.encode() not in server.asked[0], "a hash is sent, not the checkpoint"
    assert bytes.fromhex(sha256_hex(asked.note.encode())) in body
    assert kept.number == asked.number
    (row,) = logged(case)
    assert (row.purpose, row.method, row.permission, row.status) == (
        "stamp", "POST", "stamp --send", 200,
    )  # fmt: skip
    assert row.sent == len(server.asked[0])
    assert case.casebook.digest() == before
    case.close()
    report = verify_path(filled.path, filled.key, Outside(None, authority.roots, None))
    assert report.faults == ()
    assert report.anchoring.startswith("anchored outside up to leaf 5 (Test Time Authority")


def test_a_request_that_waits_is_sent_again(filled: Made, authority: Authority) -> None:
    """A failed sending leaves one request open; the next one sends that, not another."""
    case = filled.open()
    busy = says(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
    with serving(busy) as server, pytest.raises(UnreadableInput, match="answered 503"):
        _send(case, server.url())
    assert [stamp.response for stamp in case.casebook.rows(STAMPS)] == [""]
    with serving(_answering(authority)) as server:
        asked, raw = _send(case, server.url())
    assert asked.number == 1
    file_response(case, raw, "x")
    assert open_request(case).number == 2, "an answered request is not sent again"
    case.close()


REFUSED = {
    "a redirect names another party": (moved("https://other.example/tsr"), "redirects to https"),
    "cut off": (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx", "cut off"),
    "empty": (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "no time stamp"),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_answers_that_are_none(filled: Made, name: str) -> None:
    """Attack: a redirect, half an answer, nothing. Nobody else is asked and the request waits."""
    answer, why = REFUSED[name]
    case = filled.open()
    with serving(says(answer)) as server, pytest.raises(UnreadableInput, match=why):
        _send(case, server.url())
    assert len(logged(case)) == 1
    assert [stamp.response for stamp in case.casebook.rows(STAMPS)] == [""]
    case.close()


def test_a_stamp_over_something_else(filled: Made, authority: Authority) -> None:
    """Attack: a server answers with a stamp of another request. It is refused and not kept."""
    other = authority.answer(make_request(b"something else"))
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(other), other)
    case = filled.open()
    with serving(says(answer)) as server:
        _, raw = _send(case, server.url())
    with pytest.raises(InputError, match="answers no open request"):
        file_response(case, raw, server.url())
    assert [stamp.response for stamp in case.casebook.rows(STAMPS)] == [""]
    case.close()


def test_the_list_of_authorities() -> None:
    """Names of the list lead to their addresses; another name is refused with the list."""
    listed = authorities()
    assert len(listed) >= 3
    assert {one.code for one in listed} <= {"S", "K", "D"}
    for one in listed:
        assert authority_target(one.name, allow_http=True).address == one.url
    with pytest.raises(UnreadableInput, match="shows everybody"):
        authority_target("digicert", allow_http=False)
    with pytest.raises(InputError, match="no authority of that name") as caught:
        authority_target("nobody", allow_http=False)
    assert "freetsa" in caught.value.to_do


def test_the_command(
    filled: Made, authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --send nothing goes out; with it one command asks, keeps and judges the stamp."""
    if filled.key is not None:
        pytest.skip("the door asks for a passphrase; the store is tested on both above")
    with serving(_answering(authority)) as server:
        call = ["stamp", str(filled.path), "--authority", server.url(), "--allow-http"]
        call += ["--allow-host", "127.0.0.1", "--trust", str(authority.roots)]
        assert door.run(call) == 2
        assert server.asked == []
        assert "a hash of the checkpoint" in capsys.readouterr().err
        assert door.run([*call, "--send"]) == 0
    told = capsys.readouterr().out
    assert "by Test Time Authority over sha256" in told
    assert "holds up to leaf 5 by rfc3161-client and openssl" in told
    assert door.run([*call, "--request-out", "x"]) == 2
