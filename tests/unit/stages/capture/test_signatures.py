"""Signatures of web archives: what a time stamp and a chain show, and what they do not."""

from __future__ import annotations

import base64
import json
import shutil
import zipfile
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from tests.unit.store.test_timestamp import Authority, _authority

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import InputError, UnreadableInput
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.readers import read
from witnessmark.stages.capture.signature_chain import key_bytes, known_roots, root_notes
from witnessmark.stages.capture.signature_stamp import stamp_notes
from witnessmark.stages.capture.signatures import signature_notes
from witnessmark.store.rulebook import load_rules
from witnessmark.store.timestamp import LIBRARY, PROGRAM, make_request

if TYPE_CHECKING:
    from pathlib import Path

MARK = "-----BEGIN CERTIFICATE-----"
NOW = datetime.now(tz=UTC)  # certificates of the local authority begin now

needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="the local authority is openssl, not installed here"
)


def _signed(shared: Path, name: str = "valid_signed_example_1") -> dict[str, Any]:
    with zipfile.ZipFile(shared / "vectors" / "wacz" / f"{name}.wacz") as box:
        signed: dict[str, Any] = json.loads(box.read("datapackage-digest.json"))["signedData"]
    return signed


def _notes(signed: dict[str, Any], trusted: str = "") -> str:
    return "\n".join(signature_notes(signed, signed["hash"], where="a.wacz", trusted=trusted))


def _refusal(signed: dict[str, Any], trusted: str = "") -> str:
    with pytest.raises(UnreadableInput) as caught:
        _notes(signed, trusted)
    assert caught.value.where == "a.wacz"
    return caught.value.what


def test_a_real_time_stamp(shared: Path) -> None:
    """A real stamp is checked by both engines, and it is said that its root is not vouched for."""
    told = _notes(_signed(shared))
    assert "time stamp of 2022-01-18T19:00:12Z by “www.freetsa.org”" in told
    assert f"not altered since, by {LIBRARY} and {PROGRAM}" in told
    assert "not shown: give its root with --trust" in told
    assert "differs" not in told


def test_a_time_stamp_under_the_readers_root(shared: Path) -> None:
    """Under the root that the reader gives the stamp holds; under another one that is said."""
    signed = _signed(shared)
    root = MARK + signed["timestampCert"].split(MARK)[-1]
    assert f"holds under a root that you gave ({LIBRARY} and {PROGRAM})" in _notes(signed, root)
    other = MARK + signed["domainCert"].split(MARK)[-1]
    assert "under none of the roots that you gave" in _notes(signed, other)


def test_roots_reach_the_reader(shared: Path) -> None:
    """What ``--trust`` gives is used for a whole container; a file without roots is refused."""
    name = "valid_signed_example_1.wacz"
    content = (shared / "vectors" / "wacz" / name).read_bytes()
    root = MARK + _signed(shared)["timestampCert"].split(MARK)[-1]
    found = read(name, content, where=name, limits=Limits(trusted=root))
    assert any("holds under a root that you gave" in note for note in found.notes)
    with pytest.raises(InputError, match="roots to trust"):
        _notes(_signed(shared), "no certificate")


def test_a_stamp_of_another_signature(shared: Path) -> None:
    """Attack: the stamp of another archive is put in. The archive is refused."""
    signed, other = _signed(shared), _signed(shared, "invalid_signed_example_1")
    signed["timeSignature"] = other["timeSignature"]
    assert _refusal(signed) == "the time stamp is over something else than the signature"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.99])
def test_an_altered_stamp(shared: Path, share: float) -> None:
    """Attack: one bit of the stamp. It is refused, or told as unreadable; it never holds."""
    signed = _signed(shared)
    raw = bytearray(base64.b64decode(signed["timeSignature"]))
    raw[int(len(raw) * share)] ^= 1
    signed["timeSignature"] = base64.b64encode(raw).decode()
    root = MARK + signed["timestampCert"].split(MARK)[-1]
    told = ""
    with suppress(UnreadableInput):
        told = _notes(signed, root)
        assert "cannot be read" in told
    assert "holds" not in told


def test_an_earlier_time(shared: Path) -> None:
    """Attack: an earlier year in the stamp. The archive is refused."""
    signed = _signed(shared)
    raw = base64.b64decode(signed["timeSignature"])
    assert raw.count(b"20220118190012Z") == 1
    earlier = raw.replace(b"20220118190012Z", b"20210118190012Z")
    signed["timeSignature"] = base64.b64encode(earlier).decode()
    assert "does not hold under its own certificates" in _refusal(signed)


def test_stamps_that_say_nothing(shared: Path) -> None:
    """No stamp, no certificates, unreadable bytes: each is said, none is taken for a time."""
    signed = _signed(shared)
    del signed["timestampCert"]
    assert "came without certificates, so it is not checked" in _notes(signed)
    signed["timeSignature"] = base64.b64encode(b"junk").decode()
    told = _notes(signed)
    assert "cannot be read" in told
    assert LIBRARY in told
    del signed["timeSignature"]
    assert "no time stamp: the date is the signer's own word" in _notes(signed)
    signed.update(timeSignature=_signed(shared)["timeSignature"], timestampCert="junk")
    assert "certificate of the time stamp cannot be read" in _refusal(signed)


@needs_openssl
def test_a_bare_token_and_a_date_that_differs(tmp_path: Path) -> None:
    """A token without its response is read too; a date that is not that of the stamp is told."""
    authority: Authority = _authority(tmp_path / "a", "Local Authority")
    raw = authority.answer(make_request(b"c2ln"))
    head = raw.index(b"\x30\x03\x02\x01\x00")
    token = raw[head + 5 :]
    root = x509.load_pem_x509_certificates(authority.roots.read_bytes())
    carried = (authority.folder / "tsa.pem").read_text() + authority.roots.read_text()
    for form in (raw, token):
        notes = stamp_notes(
            form, (b"other", b"c2ln"), created=datetime(2020, 1, 1, tzinfo=UTC),
            carried=carried, given=root, where="a",
        )  # fmt: skip
        assert "by “Local Authority”: holds under a root that you gave" in notes[0]
        assert "differs from the date of the signature" in notes[1]
    with pytest.raises(UnreadableInput, match="something else"):
        stamp_notes(token, (b"x",), created=NOW, carried=carried, given=root, where="a")


def test_a_chain_that_stops_at_the_intermediate(shared: Path) -> None:
    """A chain of Let's Encrypt without its root is checked with the root's own key, and says so."""
    signed = _signed(shared)
    leaf, middle, _ = signed["domainCert"].split(MARK)[1:]
    signed["domainCert"] = f"{MARK}{leaf}{MARK}{middle}"
    told = _notes(signed)
    assert "certificate under ISRG Root X1: valid" in told
    assert "the chain stops at R3; that ISRG Root X1 signed it was checked" in told
    signed["domainCert"] = f"{MARK}{leaf}"
    refused = _refusal(signed)
    assert "root that is known" in refused
    assert "right up to “btrix-sign-test.webrecorder.net”, which “R3” is said to have" in refused


def test_a_chain_under_the_readers_root(shared: Path) -> None:
    """An unknown chain is refused and told how far it is right; with its root it is accepted."""
    signed = _signed(shared, "invalid_signed_example_1")
    refused = _refusal(signed)
    assert "right up to “(STAGING) Bogus Broccoli X2”" in refused
    *_, last = signed["domainCert"].split(MARK)
    assert "(a root that you gave): valid" in _notes(signed, MARK + last)
    leaf, middle, _ = signed["domainCert"].split(MARK)[1:]
    signed["domainCert"] = f"{MARK}{leaf}{MARK}{middle}"
    assert "with the root's key that you gave" in _notes(signed, MARK + last)


def test_a_forged_intermediate() -> None:
    """Attack: an intermediate that calls itself signed by a known root. The key says no."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ISRG Root X1")])
    forged = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "R3")]))
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    with pytest.raises(UnreadableInput, match="not come from a root that is known"):
        root_notes([forged], datetime(2026, 1, 1, tzinfo=UTC), (), "a")


def test_the_keys_of_the_known_roots() -> None:
    """Each key of the rule file has the digest that stands beside it."""
    rows = load_rules("capture/roots.yaml", "witnessmark/roots/1")["roots"]
    roots = known_roots()
    assert [root.name for root in roots] == ["ISRG Root X1", "ISRG Root X2"]
    for root, row in zip(roots, rows, strict=True):
        assert root.digest == row["sha256"] == sha256_hex(key_bytes(root.key))
