"""WACZ: files against list, list against digest, digest against signature."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.unit.stages.capture.conftest import clock
from tests.unit.stages.capture.test_warc import PAGE, record

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import SourceKind
from witnessmark.stages import capture
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.readers import read
from witnessmark.store.case import Case
from witnessmark.store.tables import SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable

    from witnessmark.stages.capture.reading import Read

GOOD = ("valid_example_1.wacz", "valid_example_2.wacz", "valid_signed_example_1.wacz")
BAD = {
    "invalid_example_1.wacz": ("digest of the list is missing", "datapackage-digest.json"),
    "invalid_signed_example_1.wacz": ("root", "datapackage-digest.json"),
}

Files = dict[str, bytes]


def _read(content: bytes, name: str = "a.wacz") -> Read:
    return read(name, content, where=name, limits=Limits())


def _refusal(content: bytes, name: str = "a.wacz") -> UnreadableInput:
    with pytest.raises(UnreadableInput) as caught:
        _read(content, name)
    assert caught.value.to_do
    return caught.value


def _files(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as box:
        return {name: box.read(name) for name in box.namelist()}


def packed(files: Files) -> bytes:
    """Return a container of *files*."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name, data in files.items():
            box.writestr(name, data)
    return out.getvalue()


def made(signed: Callable[[str], dict[str, str]] | None = None) -> Files:
    """Return the files of a container that verifies, signed if *signed* is given."""
    files = {"archive/a.warc": record(PAGE.encode()), "pages/pages.jsonl": b"{}\n"}
    listed = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": "Saved",
        "resources": [
            {"path": name, "hash": f"sha256:{sha256_hex(data)}", "bytes": len(data)}
            for name, data in files.items()
        ],
    }
    raw = json.dumps(listed).encode()
    value = f"sha256:{sha256_hex(raw)}"
    digest: dict[str, object] = {"path": "datapackage.json", "hash": value}
    if signed:
        digest["signedData"] = {"hash": value, "created": "2026-01-01T00:00:00Z", **signed(value)}
    return {
        **files,
        "datapackage.json": raw,
        "datapackage-digest.json": json.dumps(digest).encode(),
    }


def _ecdsa(curve: ec.EllipticCurve, *, flat: bool) -> Callable[[str], dict[str, str]]:
    def signed(value: str) -> dict[str, str]:
        key = ec.generate_private_key(curve)
        signature = key.sign(value.encode(), ec.ECDSA(hashes.SHA256()))
        if flat:
            half = (curve.key_size + 7) // 8
            signature = b"".join(n.to_bytes(half, "big") for n in decode_dss_signature(signature))
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return {
            "signature": base64.b64encode(signature).decode(),
            "publicKey": base64.b64encode(public).decode(),
        }

    return signed


def _ed25519(value: str) -> dict[str, str]:
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {
        "signature": base64.b64encode(key.sign(value.encode())).decode(),
        "publicKey": base64.b64encode(public).decode(),
    }


@pytest.mark.parametrize("name", GOOD)
def test_good_vectors(shared: Path, name: str) -> None:
    """Good files are accepted, and each says what its list rests on."""
    found = _read((shared / "vectors" / "wacz" / name).read_bytes(), name)
    assert found.kind is SourceKind.WACZ
    assert len(found.attachments) == 1
    told = " ".join(found.notes)
    assert ("not verifiable" in told) == (name == "valid_example_1.wacz")
    assert ("signed for btrix-sign-test.webrecorder.net" in told) == ("signed" in name)
    assert ("not signed" in told) == ("signed" not in name)


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_vectors(shared: Path, name: str) -> None:
    """Bad files are refused, with the file in them that is wrong."""
    refusal = _refusal((shared / "vectors" / "wacz" / name).read_bytes(), name)
    what, place = BAD[name]
    assert what in refusal.what
    assert refusal.where == f"{name}, {place}"


def test_every_vector_is_judged(shared: Path) -> None:
    """No vector is left out of the two lists."""
    assert {path.name for path in (shared / "vectors" / "wacz").iterdir()} == {*GOOD, *BAD}


@pytest.mark.parametrize("name", ["valid_example_2.wacz", "valid_signed_example_1.wacz"])
@pytest.mark.parametrize("deleted", [False, True])
def test_edited_list(shared: Path, name: str, *, deleted: bool) -> None:
    """Attack: an edited list is refused, also when its digest file is deleted."""
    files = _files((shared / "vectors" / "wacz" / name).read_bytes())
    _read(packed(files))
    listed = json.loads(files["datapackage.json"])
    listed["title"] = "Edited"
    files["datapackage.json"] = json.dumps(listed).encode()
    if deleted:
        del files["datapackage-digest.json"]
    refusal = _refusal(packed(files))
    assert ("missing" in refusal.what) == deleted
    assert "datapackage" in refusal.where
    del files["datapackage.json"]
    assert "no list" in _refusal(packed(files), "renamed.zip").what, "nor read as a mere zip"


@pytest.mark.parametrize("name", GOOD)
def test_altered_missing_and_added_files(shared: Path, name: str) -> None:
    """Attack: every file of the list, altered or missing, and one more refuse the container."""
    files = _files((shared / "vectors" / "wacz" / name).read_bytes())
    for path in files:
        if path.startswith("datapackage"):
            continue
        altered = files[path][:-1] + bytes([files[path][-1] ^ 1])
        refusal = _refusal(packed({**files, path: altered}))
        assert "digest" in refusal.what
        assert path[-30:] in refusal.where
        fewer = {key: data for key, data in files.items() if key != path}
        assert "missing" in _refusal(packed(fewer)).what
    refusal = _refusal(packed({**files, "archive/more.warc": b"x"}))
    assert "does not stand in the list" in refusal.what
    assert refusal.where.endswith("archive/more.warc")


@pytest.mark.parametrize(
    "signed",
    [
        _ecdsa(ec.SECP256R1(), flat=False),
        _ecdsa(ec.SECP384R1(), flat=True),
        _ed25519,
    ],
    ids=["p256-der", "p384-flat", "ed25519"],
)
def test_anonymous_signature(signed: Callable[[str], dict[str, str]]) -> None:
    """A right signature is accepted for what it is; one flipped bit refuses the container."""
    files = made(signed)
    notes = _read(packed(files)).notes
    assert "names nobody" in notes[0]
    assert notes[0].endswith("valid")
    digest = json.loads(files["datapackage-digest.json"])
    raw = bytearray(base64.b64decode(digest["signedData"]["signature"]))
    raw[-1] ^= 1
    digest["signedData"]["signature"] = base64.b64encode(raw).decode()
    files["datapackage-digest.json"] = json.dumps(digest).encode()
    assert _refusal(packed(files)).what == "the signature is not valid"


def test_signature_of_another_list() -> None:
    """Attack: a signature lifted from another container, or without a key, is refused."""
    ours, theirs = made(), made(_ed25519)
    theirs_digest = json.loads(theirs["datapackage-digest.json"])
    ours_digest = json.loads(ours["datapackage-digest.json"])
    ours_digest["signedData"] = {**theirs_digest["signedData"], "hash": "sha256:00"}
    ours["datapackage-digest.json"] = json.dumps(ours_digest).encode()
    assert "not of this list" in _refusal(packed(ours)).what
    del theirs_digest["signedData"]["publicKey"]
    theirs["datapackage-digest.json"] = json.dumps(theirs_digest).encode()
    assert "without key" in _refusal(packed(theirs)).what


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("domain", "other.example", "not of the domain"),
        ("created", "2030-01-01T00:00:00Z", "not in force"),
        ("created", "yesterday", "no time"),
        ("domainCert", "nonsense", "cannot be read"),
        ("signature", "AAAA", "not valid"),
        ("signature", "!", "base64"),
    ],
)
def test_domain_signature(shared: Path, field: str, value: str, what: str) -> None:
    """Attack: another domain, another time, another certificate refuse a signed container."""
    files = _files((shared / "vectors" / "wacz" / GOOD[2]).read_bytes())
    digest = json.loads(files["datapackage-digest.json"])
    digest["signedData"][field] = value
    files["datapackage-digest.json"] = json.dumps(digest).encode()
    assert what in _refusal(packed(files)).what


def test_broken_chain(shared: Path) -> None:
    """Attack: a chain whose middle is missing does not reach the root."""
    files = _files((shared / "vectors" / "wacz" / GOOD[2]).read_bytes())
    digest = json.loads(files["datapackage-digest.json"])
    mark = "-----BEGIN CERTIFICATE-----"
    leaf, _, root = digest["signedData"]["domainCert"].split(mark)[1:]
    digest["signedData"]["domainCert"] = f"{mark}{leaf}{mark}{root}"
    files["datapackage-digest.json"] = json.dumps(digest).encode()
    assert "not signed by the one after it" in _refusal(packed(files)).what


def test_pages_become_sources(case: Case, inputs: Path) -> None:
    """The container, its web archive and the page in it are sources, each naming the other."""
    path = inputs / "a.wacz"
    path.write_bytes(packed(made(_ed25519)))
    result = capture.run(case, [path], clock=clock)
    assert result.failures == ()
    assert [(source.origin, source.kind.value) for source in case.casebook.rows(SOURCES)] == [
        ("file", "wacz"),
        ("member archive/a.warc of s1", "warc"),
        ("record 1 of s2", "html"),
    ]


@pytest.mark.parametrize("raw", [b"[]", b"{", b"null", b"[" * 100_000, b'{"resources": [1]}'])
def test_hostile_lists(raw: bytes) -> None:
    """Attack: a list that is none is refused by its name."""
    files = made()
    files["datapackage.json"] = raw
    files["datapackage-digest.json"] = json.dumps(
        {"path": "datapackage.json", "hash": f"sha256:{sha256_hex(raw)}"}
    ).encode()
    assert "datapackage" in _refusal(packed(files)).where


def test_another_version_number_hides_no_edit() -> None:
    """A list that calls itself 1.0 and is in the form of 1.1 still needs its digest."""
    files = {k: v for k, v in made().items() if k != "datapackage-digest.json"}
    listed = json.loads(files["datapackage.json"]) | {"wacz_version": "1.0.0", "title": "Edited"}
    relabelled = files | {"datapackage.json": json.dumps(listed).encode()}
    assert "the digest of the list is missing" in _refusal(packed(relabelled)).what


def test_a_list_written_anew_as_1_0_is_told_not_verifiable() -> None:
    """Format 1.0 has no digest of its list: whoever writes one anew is not found out, and so
    every such archive says that its list is not verifiable."""
    files = {k: v for k, v in made().items() if k != "datapackage-digest.json"}
    listed = json.loads(files["datapackage.json"]) | {"wacz_version": "1.0.0", "title": "Edited"}
    for entry in listed["resources"]:
        kind, _, digest = entry.pop("hash").partition(":")
        entry |= {"hashing": kind, "stats": {"hash": digest, "bytes": entry.pop("bytes")}}
    found = _read(packed(files | {"datapackage.json": json.dumps(listed).encode()}))
    assert found.facts.title == "Edited"
    assert any("not verifiable" in note for note in found.notes)
