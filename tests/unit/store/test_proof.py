"""Proofs that a stranger repeats with a shell."""

from __future__ import annotations

import json
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from witnessmark.core.errors import EvidenceFault, InputError
from witnessmark.store.proof import prove
from witnessmark.store.tables import CUSTODY, RENDITIONS, SOURCES

if TYPE_CHECKING:
    from tests.unit.store.conftest import Made


def _proof(made: Made, subject: str) -> dict[str, Any]:
    case = made.open()
    try:
        return prove(case, subject)
    finally:
        case.close()


@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_step_repeated(filled: Made, tmp_path: Path, number: int) -> None:
    """Every command of a proof prints what the proof says, in a plain shell with openssl."""
    if shutil.which("openssl") is None or shutil.which("xxd") is None:
        pytest.skip("openssl or xxd is not installed")
    case = filled.open()
    source = case.casebook.rows(SOURCES)[number]
    (tmp_path / "FILE").write_bytes(case.original(source))
    case.close()
    proof = _proof(filled, source.id)
    last = ""
    for step in proof["steps"]:
        done = subprocess.run(
            ["bash", "-c", step["command"]], cwd=tmp_path, capture_output=True, check=False
        )
        assert done.returncode == 0, (step, done.stderr)
        assert done.stdout.decode().startswith(step["prints"]), step
        last = done.stdout.decode()
    assert "Verified" in last
    body = (tmp_path / "checkpoint.txt").read_text().split("\n")
    assert body[2] == b64encode(bytes.fromhex(proof["head"])).decode()
    assert proof["checkpoint"].startswith("\n".join(body))


def test_a_proof_opens_one_leaf(filled: Made) -> None:
    """A proof holds the digest and the nonce of its own source, and of no other."""
    case = filled.open()
    entries = case.casebook.rows(CUSTODY)
    sources = case.casebook.rows(SOURCES)
    case.close()
    text = json.dumps(_proof(filled, "s2"))
    for source in sources:
        assert (source.sha256 in text) is (source.id == "s2")
    for entry in entries:
        assert (entry.nonce in text) is (entry.subject == "s2")


def test_a_rendition(filled: Made) -> None:
    """A rendition is proved by the first digits of its id."""
    case = filled.open()
    rendition = case.casebook.rows(RENDITIONS)[0].id
    case.close()
    assert _proof(filled, rendition[:10])["sha256"] == rendition
    assert _proof(filled, rendition) == _proof(filled, rendition[:10])


@pytest.mark.parametrize("subject", ["s9", "", "s", "00000000"])
def test_no_such_source(filled: Made, subject: str) -> None:
    """A source that is not there has no proof, and the error says what to name."""
    with pytest.raises(InputError, match="no one source"):
        _proof(filled, subject)


def test_no_proof_from_a_hurt_log(filled: Made) -> None:
    """Attack: a line of the log. No proof is given away."""
    log = filled.path / "custody" / "log"
    content = bytearray(log.read_bytes())
    content[0] = ord("0") if content[0] != ord("0") else ord("1")
    log.write_bytes(content)
    with pytest.raises(EvidenceFault, match="agree"):
        _proof(filled, "s1")
