"""Time stamps of a real local authority, and of four real ones."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from witnessmark.core.errors import InputError
from witnessmark.stages import capture
from witnessmark.store import timestamp
from witnessmark.store.tables import STAMPS
from witnessmark.store.timestamp import (
    LIBRARY,
    PROGRAM,
    check,
    make_request,
    nonce_of_request,
    read_response,
    stamps,
)
from witnessmark.store.timestamp_keep import ask, file_response, kept_files
from witnessmark.store.verify import Outside, Verification, verify_path

if TYPE_CHECKING:
    from tests.unit.store.conftest import Made

    from witnessmark.store.timestamp_row import Stamp

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="the local authority is openssl, not installed here"
)

CONFIG = """
[tsa]
default_tsa = one
[one]
dir = {folder}
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Authority:
    """A time authority that answers requests, made with openssl."""

    folder: Path

    @property
    def roots(self) -> Path:
        return self.folder / "ca.pem"

    def answer(self, request: bytes) -> bytes:
        (self.folder / "q.tsq").write_bytes(request)
        _openssl(
            self.folder,
            "ts",
            "-reply",
            "-config",
            "tsa.cnf",
            "-queryfile",
            "q.tsq",
            "-out",
            "r.tsr",
        )
        return (self.folder / "r.tsr").read_bytes()


def _openssl(folder: Path, *arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def _authority(folder: Path, name: str, purpose: str = "critical,timeStamping") -> Authority:
    folder.mkdir()
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    _openssl(
        folder, "req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem",
        "-subj", f"/CN={name} root", "-days", "30",
    )  # fmt: skip
    _openssl(
        folder, "req", "-new", *curve, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj",
        f"/CN={name}",
    )  # fmt: skip
    (folder / "ext").write_text(f"extendedKeyUsage={purpose}\nkeyUsage=critical,digitalSignature\n")
    _openssl(
        folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
        "-CAcreateserial", "-out", "tsa.pem", "-days", "30", "-extfile", "ext",
    )  # fmt: skip
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    return Authority(folder)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A local authority."""
    return _authority(tmp_path_factory.mktemp("authority") / "a", "Test Time Authority")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Another authority, which nobody trusts here."""
    return _authority(tmp_path_factory.mktemp("stranger") / "a", "Stranger")


def _stamped(made: Made, authority: Authority) -> Stamp:
    case = made.open()
    asked = ask(case)
    answer = authority.answer(kept_files(asked)["tsq"])
    kept = file_response(case, answer, "r.tsr")
    assert kept_files(kept)["tsr"] == answer
    assert case.casebook.rows(STAMPS)[-1] == kept
    case.close()
    return kept


def _verify(made: Made, roots: Path | None = None) -> Verification:
    return verify_path(made.path, made.key, Outside(None, roots))


def _put(made: Made, stamp: Stamp) -> None:
    case = made.open()
    case.casebook.replace(STAMPS, [stamp])
    case.close()


def test_issued_and_verified(filled: Made, authority: Authority) -> None:
    """A stamp holds by both engines under its root; the last line says up to where and when."""
    kept = _stamped(filled, authority)
    report = _verify(filled, authority.roots)
    token = read_response(b64decode(kept.response)).token
    assert token is not None
    at = f"{token.time:%Y-%m-%dT%H:%M:%SZ}"
    assert report.faults == ()
    assert report.anchoring == f"anchored outside up to leaf 5 (Test Time Authority, {at})"
    assert f"holds up to leaf 5 by {LIBRARY} and {PROGRAM}" in " ".join(report.notes)


def test_grown_after_the_stamp(filled: Made, authority: Authority) -> None:
    """Leaves that came after the stamp rest on the keeper's word, and the line says which."""
    case = filled.open()
    asked = ask(case)
    (filled.inputs / "later.txt").write_text("a later report")
    capture.run(case, [filled.inputs], clock=lambda: "2026-11-25T13:00:00Z")
    file_response(case, authority.answer(kept_files(asked)["tsq"]), "r.tsr")
    case.close()
    report = _verify(filled, authority.roots)
    assert report.faults == ()
    assert report.anchoring.startswith("anchored outside up to leaf 5 (Test Time Authority, ")
    assert report.anchoring.endswith("; leaves 6..7 rest on the keeper's word")


def test_without_roots(filled: Made, authority: Authority) -> None:
    """Without roots no authority is checked: the stamp is mentioned and anchors nothing."""
    _stamped(filled, authority)
    report = _verify(filled)
    assert report.faults == ()
    assert report.anchoring == (
        "never anchored outside: leaves 0..5 rest on the keeper's word "
        "(stamp present up to leaf 5, authority not checked: give --trust CA.pem)"
    )


def test_another_authority(filled: Made, authority: Authority, stranger: Authority) -> None:
    """Attack: a stamp by an authority that the reader does not trust. Both engines refuse it."""
    _stamped(filled, stranger)
    report = _verify(filled, authority.roots)
    assert {fault.step for fault in report.faults} == {9}
    refused = " ".join(fault.what for fault in report.faults)
    assert f"{LIBRARY} refuses" in refused
    assert f"{PROGRAM} refuses" in refused
    assert report.anchoring == "never anchored outside: leaves 0..5 rest on the keeper's word"


def test_a_certificate_for_something_else(tmp_path: Path) -> None:
    """The local authority is a real one: openssl refuses to sign with a web certificate."""
    other = _authority(tmp_path / "web", "Web server", "serverAuth")
    (other.folder / "q.tsq").write_bytes(make_request(b"data"))
    done = subprocess.run(
        ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-out", "r.tsr"],
        cwd=other.folder, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert b"invalid signer certificate purpose" in done.stderr


def check_library(raw: bytes, data: bytes, roots: Path) -> bool:
    """Return whether the library holds *raw*: a fast sieve before both engines are asked."""
    try:
        timestamp._library_token(raw)
    except Exception:  # noqa: BLE001 - whatever it is, the library does not read it
        return False
    return not timestamp._library_refusal(raw, data, timestamp.load_roots(roots))


def _flipped(raw: bytes, place: int) -> bytes:
    content = bytearray(raw)
    content[place] ^= 1
    return bytes(content)


def test_every_byte_of_a_token(authority: Authority) -> None:
    """Attack: a bit in each byte of a token. Where both engines still hold it, it says the same.

    A token has bytes that no signature covers (version numbers, the name of the algorithm
    beside the signature): they change nothing of what it says. Their number is held small.
    """
    raw = authority.answer(make_request(b"data"))
    truth = read_response(raw).token
    survivors = []
    for place in range(len(raw)):
        altered = _flipped(raw, place)
        if not check_library(altered, b"data", authority.roots):
            continue
        checked = check(altered, b"data", authority.roots)
        if checked.holds:
            survivors.append(place)
            assert read_response(altered).token == truth, place
    assert len(raw) > 800
    assert len(survivors) < 20, survivors


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.5, 0.9, 0.99])
def test_tampered_token(filled: Made, authority: Authority, share: float) -> None:
    """Attack: one bit of the token. It anchors nothing, and it is not dropped in silence."""
    kept = _stamped(filled, authority)
    raw = b64decode(kept.response)
    altered = _flipped(raw, int(len(raw) * share))
    _put(filled, replace(kept, response=b64encode(altered).decode()))
    report = _verify(filled, authority.roots)
    told = " ".join([*report.notes, *(str(fault) for fault in report.faults)])
    assert report.anchoring.startswith("never anchored outside")
    assert "stamp 1" in told
    assert report.faults or "unreadable" in told


def test_row_tampered_with_sqlite(filled: Made, authority: Authority) -> None:
    """Attack: a stamp's row is changed beside the store. Step 2 names the row."""
    if filled.key is not None:
        pytest.skip("SQLite does not open a sealed casebook: that is the point")
    _stamped(filled, authority)
    raw = sqlite3.connect(filled.path / "casebook.db")
    raw.execute("UPDATE store_stamps SET request = request || 'AAAA'")
    raw.commit()
    raw.close()
    found = [fault.what for fault in _verify(filled, authority.roots).faults]
    assert "store_stamps: row 1 was altered" in found


def test_tampered_time(filled: Made, authority: Authority) -> None:
    """Attack: an earlier year in the token. Both engines refuse it."""
    kept = _stamped(filled, authority)
    raw = b64decode(kept.response)
    token = read_response(raw).token
    assert token is not None
    stated = f"{token.time:%Y%m%d%H%M%S}Z".encode()
    assert raw.count(stated) == 1
    earlier = raw.replace(stated, b"2020" + stated[4:])
    _put(filled, replace(kept, response=b64encode(earlier).decode()))
    report = _verify(filled, authority.roots)
    assert len([one for one in report.faults if "refuses" in one.what]) == 2
    assert report.anchoring.startswith("never anchored outside")


def test_tampered_checkpoint(filled: Made, authority: Authority) -> None:
    """Attack: the stamped checkpoint is exchanged. Signature and stamp are both named."""
    kept = _stamped(filled, authority)
    _put(filled, replace(kept, note=kept.note.replace("\n6\n", "\n5\n")))
    found = " ".join(fault.what for fault in _verify(filled, authority.roots).faults)
    assert "not signed by this case" in found
    assert "something else" in found


def test_stamp_of_an_older_request(filled: Made, authority: Authority) -> None:
    """Attack: the answer to another request over the same checkpoint. Its nonce differs."""
    kept = _stamped(filled, authority)
    other = authority.answer(make_request(kept.note.encode()))
    _put(filled, replace(kept, response=b64encode(other).decode()))
    found = [fault.what for fault in _verify(filled, authority.roots).faults]
    assert found == ["the stamp answers another request: its nonce differs"]


def test_row_altered(filled: Made, authority: Authority) -> None:
    """Attack: a row that names more leaves than its checkpoint. It anchors no more."""
    kept = _stamped(filled, authority)
    _put(filled, replace(kept, size=60))
    report = _verify(filled, authority.roots)
    assert [fault.step for fault in report.faults] == [9]
    assert report.anchoring.startswith("never anchored outside")


def test_stamps_are_in_no_digest(filled: Made, authority: Authority) -> None:
    """A stamp changes no finding: the digest of the case stays."""
    case = filled.open()
    before = case.casebook.digest()
    case.close()
    _stamped(filled, authority)
    case = filled.open()
    assert case.casebook.digest() == before
    case.close()


def test_answers_that_are_not_ours(filled: Made, authority: Authority, shared: Path) -> None:
    """An answer to nothing that was asked is described and refused; the case stays as it is."""
    case = filled.open()
    ask(case)
    rows = case.casebook.rows(STAMPS)
    answers = [authority.answer(make_request(b"x")), b"", b"junk"]
    answers += [path.read_bytes() for path in sorted(shared.glob("vectors/rfc3161/*.tsr"))]
    for answer in answers:
        with pytest.raises(InputError, match=r"answers no open request.*(stamped 20|unreadable)"):
            file_response(case, answer, "r.tsr")
    assert case.casebook.rows(STAMPS) == rows
    case.close()


def test_an_answer_is_taken_once(filled: Made, authority: Authority) -> None:
    """The same answer a second time is refused, and the first one stays."""
    kept = _stamped(filled, authority)
    case = filled.open()
    with pytest.raises(InputError, match="kept already"):
        file_response(case, b64decode(kept.response), "r.tsr")
    assert case.casebook.rows(STAMPS) == (kept,)
    case.close()


def test_an_answer_that_nobody_reads_is_kept(filled: Made, authority: Authority) -> None:
    """An answer to our request that no engine reads is kept, and verify gives the reasons."""
    case = filled.open()
    asked = ask(case)
    raw = authority.answer(kept_files(asked)["tsq"])[:-40]
    assert read_response(raw).token is None
    kept = file_response(case, raw, "r.tsr")
    assert kept_files(kept)["tsr"] == raw
    case.close()
    report = _verify(filled, authority.roots)
    told = " ".join(report.notes)
    assert "unreadable" in told
    assert f"{LIBRARY}: " in told
    assert f"{PROGRAM}: " in told
    assert report.anchoring.startswith("never anchored outside")


def test_refusal_of_the_authority(authority: Authority) -> None:
    """An authority that refuses is told from a stamp, with its reason."""
    raw = authority.answer(b"\x30\x03\x02\x01\x01")
    reading = read_response(raw)
    assert reading.token is None
    assert "reject" in reading.why_not().lower()


REAL = {
    "digicert.tsr": ("2025-03-24T11:17:47", "DigiCert Timestamp 2024", {PROGRAM}),
    "rfc3161-client-issue-104.tsr": (
        "2025-03-11T08:52:08", "TrustID Timestamp Authority", {LIBRARY, PROGRAM},
    ),
    "self_signed.tsr": ("2025-03-24T11:38:16", "TSA SINPE v3", {LIBRARY, PROGRAM}),
    "valid_timestamp.tsr": (
        "2025-03-11T10:43:58", "TrustID Timestamp Authority", {LIBRARY, PROGRAM},
    ),
}  # fmt: skip


def test_four_real_stamps(shared: Path) -> None:
    """Each of the four real stamps is read; where an engine cannot, its reason is told."""
    paths = sorted((shared / "vectors" / "rfc3161").glob("*.tsr"))
    assert {path.name for path in paths} == set(REAL)
    for path in paths:
        time, authority, engines = REAL[path.name]
        reading = read_response(path.read_bytes())
        assert set(reading.tokens) == engines, path.name
        assert set(reading.tokens) | set(reading.reasons) == {LIBRARY, PROGRAM}
        assert all(reading.reasons.values())
        for token in reading.tokens.values():
            assert token.time.isoformat().startswith(time)
            assert (token.authority, token.algorithm, len(token.imprint)) == (
                authority, "sha512", 64,
            )  # fmt: skip
    assert "InvalidSetOrdering" in read_response(paths[0].read_bytes()).reasons[LIBRARY]


def test_both_engines_read_alike(filled: Made, authority: Authority) -> None:
    """What the two engines read of one stamp is the same, to the second and the bit."""
    kept = _stamped(filled, authority)
    reading = read_response(b64decode(kept.response))
    assert reading.tokens[LIBRARY] == reading.tokens[PROGRAM]
    assert stamps(reading.tokens[LIBRARY], kept.note.encode())
    assert reading.tokens[LIBRARY].nonce == nonce_of_request(b64decode(kept.request))


def test_without_openssl(
    filled: Made, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where openssl is not installed the library decides alone, and the note says so."""
    _stamped(filled, authority)
    monkeypatch.setenv("PATH", "")
    report = _verify(filled, authority.roots)
    assert report.faults == ()
    assert report.anchoring.startswith("anchored outside up to leaf 5")
    assert f"{PROGRAM} says nothing: the program is not installed" in " ".join(report.notes)


def test_the_commands_printed(filled: Made, authority: Authority, tmp_path: Path) -> None:
    """The openssl command that verify prints holds on the bytes that were kept."""
    kept = _stamped(filled, authority)
    for ending, content in kept_files(kept).items():
        (tmp_path / f"stamp1.{ending}").write_bytes(content)
    shutil.copy(authority.roots, tmp_path / "CA.pem")
    printed = [line.split("   #")[0].strip() for line in _verify(filled, authority.roots).notes]
    command = next(line for line in printed if line.startswith("openssl ts -verify"))
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=False)
    assert b"Verification: OK" in done.stdout + done.stderr, (command, done)
    (tmp_path / "stamp1.checkpoint").write_bytes(b"something else")
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode != 0


def test_no_roots_in_the_file(filled: Made, authority: Authority, tmp_path: Path) -> None:
    """A file without a certificate is an error of the call, never a stamp that was checked."""
    _stamped(filled, authority)
    (tmp_path / "empty.pem").write_text("no certificate")
    for path in (tmp_path / "empty.pem", tmp_path / "absent.pem"):
        with pytest.raises(InputError, match="roots"):
            _verify(filled, path)


def test_check_needs_the_data(authority: Authority) -> None:
    """A stamp over other data holds under no engine."""
    raw = authority.answer(make_request(b"data"))
    assert check(raw, b"data", authority.roots).held == (LIBRARY, PROGRAM)
    other = check(raw, b"other", authority.roots)
    assert other.held == ()
    assert set(other.refused) == {LIBRARY, PROGRAM}


def test_a_request_that_is_cut_off_has_no_nonce() -> None:
    """A request from a damaged casebook never raises, wherever it ends."""
    request = make_request(b"head")
    whole = nonce_of_request(request)
    assert whole is not None
    after = request.find(b"\x04\x20") + 36
    assert [nonce_of_request(request[:end]) for end in range(after + 1)] == [None] * (after + 1)
