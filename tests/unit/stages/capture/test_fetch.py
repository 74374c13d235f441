"""Live pages: what came over the wire is in the archive, and the archive is read like any other."""

from __future__ import annotations

import gzip
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.unit.stages.capture.conftest import clock
from tests.unit.store.servers import moved, page, says, serving

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.source import SourceKind
from witnessmark.doors.cli import app as door
from witnessmark.stages.capture import fetch
from witnessmark.stages.capture.fetch_records import archive
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.readers import read
from witnessmark.store.case import Case, open_case
from witnessmark.store.connection_log import logged
from witnessmark.store.connection_permission import Bounds, permit
from witnessmark.store.fetching import follow
from witnessmark.store.tables import RENDITIONS, SOURCES
from witnessmark.store.verify import verify_case

if TYPE_CHECKING:
    from witnessmark.stages.capture import CaptureResult
    from witnessmark.store.connection_permission import Permission

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

HTML = (
    "<html><head><title>Wigs</title></head><body><p>수감자들은 가발을 만든다. "
    "Prisoners make wigs.</p><script src=/evil.js></script><img src=/pixel.png></body></html>"
).encode()
WORDS = "수감자들은 가발을 만든다. Prisoners make wigs."


def _permit(bounds: Bounds | None = None) -> Permission:
    return permit(
        given=True,
        flag="fetch --send",
        purpose="fetch",
        allow_http=True,
        named=("127.0.0.1",),
        bounds=bounds,
    )


def _run(case: Case, *addresses: str, bounds: Bounds | None = None) -> CaptureResult:
    return fetch.run(
        case,
        addresses,
        permission=_permit(bounds),
        software="Witnessmark test",
        clock=clock,
        tell=lambda _: None,
    )


def _chunked(body: bytes) -> bytes:
    parts = (body[place : place + 50] for place in range(0, len(body), 50))
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


FORMS = {
    "plain": page(HTML),
    "gzip": page(gzip.compress(HTML, mtime=0), head="Content-Encoding: gzip\r\n"),
    "chunked": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    + _chunked(HTML),
    "both": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Encoding: gzip\r\n\r\n" + _chunked(gzip.compress(HTML, mtime=0)),
}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_page_becomes_a_source(case: Case, form: str) -> None:
    """The archive holds the bytes as they came; the page is a source with its address and words."""
    with serving(says(FORMS[form])) as server:
        result = _run(case, server.url("/news/wigs"))
    assert result.failures == ()
    whole, found = case.casebook.rows(SOURCES)
    assert (whole.kind, whole.name, whole.origin) == (SourceKind.WARC, "127.0.0.1.warc", "file")
    assert (found.kind, found.url, found.title) == (
        SourceKind.HTML,
        server.url("/news/wigs"),
        "Wigs",
    )
    assert found.origin == "record 2 of s1"
    assert FORMS[form] in case.original(whole)
    assert case.original(found) == HTML
    (rendition,) = case.casebook.rows(RENDITIONS)
    assert case.text(rendition) == WORDS
    assert verify_case(case).faults == ()
    assert len(server.asked) == 1, "no script and no image is fetched"
    assert "3 records, 1 taken as sources, 4 digests checked" in whole.note
    assert logged(case)[0].sha256 == sha256_hex(FORMS[form])


def test_same_answer_same_archive(tmp_path: Path) -> None:
    """Given the same answer and the same time, the archive and the digest are the same bytes."""
    with serving(says(page(HTML))) as server:
        digests = []
        for name in ("one", "two"):
            case = open_case(tmp_path / name, None, create=True)
            _run(case, server.url())
            digests.append((case.casebook.digest(), case.casebook.rows(SOURCES)[0].sha256))
            case.close()
    assert digests[0] == digests[1]


def test_redirects_stand_in_the_archive(case: Case) -> None:
    """Each redirect has its records; the page is a source under its last address."""
    with serving(says(page(HTML))) as last, serving(says(moved(last.url("/b")))) as first:
        result = _run(case, first.url("/a"))
    assert result.failures == ()
    whole, found = result.sources
    content = case.original(whole)
    assert content.count(b"WARC-Type: response") == content.count(b"WARC-Type: request") == 2
    assert found.url == last.url("/b")
    assert "1 answers that are no page" in whole.note


def test_warcio_reads_it(case: Case) -> None:
    """Another reader finds the same records and accepts every digest; none is SHA-1."""
    iterator = pytest.importorskip("warcio.archiveiterator")
    for form in FORMS.values():
        with serving(says(form)) as last, serving(says(moved(last.url("/b")))) as first:
            found = follow(case, first.url("/a"), _permit(), clock=clock, tell=lambda _: None)
        content = archive(found.exchanges, software="Witnessmark test")
        assert b"sha1" not in content.lower()
        seen = []
        for one in iterator.ArchiveIterator(
            io.BytesIO(content), check_digests="raise", verify_http=True
        ):
            one.content_stream().read()
            seen.append((one.rec_type, one.rec_headers.get_header("WARC-Target-URI")))
            assert one.digest_checker.passed is not False, one.digest_checker.problems
        assert seen == [
            ("warcinfo", None),
            ("response", first.url("/a")),
            ("request", first.url("/a")),
            ("response", last.url("/b")),
            ("request", last.url("/b")),
        ]
        ids = re.findall(rb"WARC-Record-ID: (\S+)", content)
        assert len(set(ids)) == 5


def test_warcio_finds_what_was_altered(case: Case) -> None:
    """The digests are real ones: a flipped byte is found by the other reader and by ours."""
    iterator = pytest.importorskip("warcio.archiveiterator")
    with serving(says(page(HTML))) as server:
        found = follow(case, server.url(), _permit(), clock=clock, tell=lambda _: None)
    content = archive(found.exchanges, software="Witnessmark test")
    altered = content.replace(b"make wigs", b"make hats")
    found_wrong = []
    for one in iterator.ArchiveIterator(io.BytesIO(altered), check_digests=True):
        one.content_stream().read()
        found_wrong += [one.rec_type] if one.digest_checker.passed is False else []
    assert found_wrong == ["response"]
    with pytest.raises(Exception, match="altered"):
        read("a.warc", altered, where="a.warc", limits=Limits())


CUT = {
    "short": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\n" + HTML,
        None,
    ),
    "huge": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML * 100,
        Bounds(most_bytes=5000),
    ),
}


@pytest.mark.parametrize("name", sorted(CUT))
def test_a_page_that_was_cut_off(case: Case, name: str) -> None:
    """What came is kept and called cut off: in the archive, in the source, in the error."""
    answer, bounds = CUT[name]
    with serving(says(answer)) as server:
        result = _run(case, server.url(), bounds=bounds)
    assert "cut off" in result.failures[0].what
    whole, found = result.sources
    reason = {"short": "disconnect", "huge": "length"}[name]
    assert f"WARC-Truncated: {reason}".encode() in case.original(whole)
    assert f"cut off when it was fetched ({reason})" in found.note
    assert verify_case(case).faults == ()


def test_errors_are_kept_and_told(case: Case) -> None:
    """A page that is gone leaves an archive of the answer and an error with a remedy."""
    with serving(says(page(b"gone", status="404 Not Found"))) as server:
        result = _run(case, server.url())
    assert "answered 404" in result.failures[0].what
    assert [source.kind for source in result.sources] == [SourceKind.WARC]


def test_one_address_that_fails_does_not_lose_the_rest(case: Case) -> None:
    """A refused and a broken address are told; the page after them is taken in."""
    with serving(says(page(HTML))) as server, serving(says(b"junk")) as broken:
        result = _run(case, "https://10.0.0.1/", broken.url(), server.url())
    assert len(result.failures) == 2
    assert [source.kind.value for source in result.sources] == ["warc", "html"]
    assert [row.outcome.partition(":")[0] for row in logged(case)] == [
        "refused",
        "failed",
        "answered",
    ]


def test_nothing_is_written_outside_the_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack: a temporary file with the page in the clear beside a sealed case. There is none."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    case = open_case(tmp_path / "case", bytes(32), create=True)
    with serving(says(page(HTML))) as server:
        _run(case, server.url("/secret-path"))
    case.close()
    assert list((tmp_path / "tmp").iterdir()) == []
    files = [path for path in (tmp_path / "case").rglob("*") if path.is_file()]
    assert len(files) > 3
    for path in files:
        content = path.read_bytes()
        for words in (b"Prisoners make wigs", b"secret-path", b"127.0.0.1"):
            assert words not in content, path


def test_the_command_asks_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --send it says who would learn what, contacts nobody and makes no case."""
    with serving(says(page(HTML))) as server:
        call = ["fetch", server.url(), "--case", str(tmp_path / "case"), "--plain", "--allow-http"]
        code = door.run(call)
        assert server.asked == []
    assert code == 2
    told = capsys.readouterr().err
    assert "learns: the address of this machine" in told
    assert "error: nothing was sent" in told
    assert not (tmp_path / "case").exists()


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --send it fetches; ``connections`` shows what was contacted, as text and as JSON."""
    folder = str(tmp_path / "case")
    with serving(says(page(HTML))) as server:
        call = ["fetch", server.url("/a"), "--case", folder, "--plain", "--send", "--allow-http"]
        refused = door.run(call)
        assert server.asked == []
        done = door.run([*call, "--allow-host", "127.0.0.1"])
    assert (refused, done) == (1, 0)
    told = capsys.readouterr()
    assert "--allow-host 127.0.0.1" in told.err
    assert "connecting to 127.0.0.1" in told.err
    assert f"s2  html  a.html  {server.url('/a')}" in told.out
    assert door.run(["connections", "--case", folder, "--format", "jsonl"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["outcome"].startswith("refused: ")
    assert (second["outcome"], second["status"]) == ("answered", 200)
    assert door.run(["connections", "--case", folder]) == 0
    text = capsys.readouterr().out
    assert "fetch --send: GET " in text
    assert second["sha256"] in text
