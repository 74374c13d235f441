"""What whoever takes the machine learns: the case folder, the temporary and runtime folders."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from base64 import b64encode, urlsafe_b64encode
from pathlib import Path

import pytest

from witnessmark.store.case import open_case
from witnessmark.store.seal import Cost, resolve_key
from witnessmark.store.tables import SHELVES

CHEAP = Cost(memory_kib=8 * 1024, iterations=1, lanes=1)
PASSPHRASE = "six words that nobody would guess"
WORDS = "A witness named Hong said that wigs were made in Unknownville for Example Traders."
SHORTEST = 8
"""Bytes of the shortest string looked for: shorter ones stand in random bytes by chance."""

TRACED = "openat,creat,write,pwrite64,writev,pwritev,sendfile,copy_file_range,rename,mmap"


def _forms(digest: str) -> set[bytes]:
    """Return a digest as it may stand in a file: raw, hex, base64 at each alignment."""
    raw = bytes.fromhex(digest)
    found = {raw, digest.encode(), digest.upper().encode()}
    for lead in range(3):
        for code in (b64encode, urlsafe_b64encode):
            found.add(code(bytes(lead) + raw)[4 if lead else 0 : 40])
    return found


def _secrets(path: Path, key: bytes | None) -> set[bytes]:
    """Return every string and every digest of the case."""
    case = open_case(path, key)
    found: set[bytes] = set()
    for shelf in SHELVES:
        for row in case.casebook.rows(shelf):
            for text in re.findall(r"'((?:[^'\\]|\\.)*)'", repr(row)):
                if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}Z", text):
                    continue  # when a program wrote: the lock and every file's own time say it
                if len(text) >= SHORTEST and not text.startswith("witnessmark"):
                    found.add(text.encode())
                if re.fullmatch("[0-9a-f]{64}", text):
                    found |= _forms(text)
    for stored in case.catalogue.objects():
        found.add(stored.wrapped_key.encode() or WORDS.encode())
    public = {entry.commitment.encode() for entry in case.casebook.rows(SHELVES[2])}
    names = {name.encode() for name in case.vault.names()}
    case.close()
    words = {part.encode() for part in WORDS.split(" ") if len(part) >= SHORTEST}
    return (found | words | {WORDS.encode(), PASSPHRASE.encode()}) - public - names


def _shown(folders: list[Path], secrets: set[bytes]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for folder in folders:
        for path in [folder, *folder.rglob("*")]:
            content = os.fsencode(path.name) if path != folder else b""
            if path.is_file():
                content += b"\0" + path.read_bytes()
            found |= {str(path): secret for secret in secrets if secret in content}
    return found


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, Path]:
    """Folders of a machine of its own: inputs, temporary files, runtime, home."""
    places = {name: tmp_path / name for name in ("inputs", "tmp", "run", "home")}
    for place in places.values():
        place.mkdir(mode=0o700)
    text = "\n\n".join(f"{number}. {WORDS}" for number in range(40))
    (places["inputs"] / "report-of-the-witness.txt").write_text(text, encoding="utf-8-sig")
    return {**places, "case": tmp_path / "case"}


def _command(machine: dict[str, Path], *words: str, trace: Path | None = None) -> str:
    program = [str(Path(sys.executable).with_name("witnessmark")), *words]
    if trace is not None:
        strace = ["strace", "-f", "-y", "-xx", "-s", "1000000", "-e", f"trace={TRACED}"]
        program = [*strace, "-o", str(trace), *program]
    environment = {
        "PATH": os.environ["PATH"],
        "TMPDIR": str(machine["tmp"]),
        "XDG_RUNTIME_DIR": str(machine["run"]),
        "HOME": str(machine["home"]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if words[0] in {"capture", "unlock", "init"}:
        environment["WITNESSMARK_PASSPHRASE"] = PASSPHRASE
    done = subprocess.run(
        program,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _traceable() -> bool:
    if shutil.which("strace") is None:
        return False
    probe = ["strace", "-f", "-o", "/dev/null", "true"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def test_nothing_is_learned_from_a_sealed_case(machine: dict[str, Path]) -> None:
    """Neither a string nor a digest of the case stands in any byte or name, open or closed."""
    folders = [machine[name] for name in ("case", "tmp", "run", "home")]
    key = resolve_key(machine["case"], PASSPHRASE, create=True, cost=CHEAP)
    _command(machine, "capture", str(machine["inputs"]), "--case", str(machine["case"]))
    secrets = _secrets(machine["case"], key)
    assert len(secrets) > 30
    _command(machine, "unlock", str(machine["case"]))
    _command(machine, "extract", "--case", str(machine["case"]))
    secrets |= _secrets(machine["case"], key)
    case = open_case(machine["case"], key)
    with case.casebook.writing():
        case.vault.put(WORDS.encode())
        case.catalogue.state("a", WORDS)
        assert _shown(folders, secrets) == {}
    assert (machine["case"] / "casebook.db-wal").exists()
    assert _shown(folders, secrets) == {}
    case.close()
    _command(machine, "lock")
    assert _shown(folders, secrets) == {}


def test_the_search_finds_what_is_there(machine: dict[str, Path]) -> None:
    """The same search in a plain case finds the words: it is not blind."""
    resolve_key(machine["case"], None, plain=True, create=True)
    case = open_case(machine["case"], None, create=True)
    case.vault.put(WORDS.encode())
    case.close()
    assert _shown([machine["case"]], {WORDS.encode()}) != {}


@pytest.mark.skipif(not _traceable(), reason="strace is absent or may not trace here")
def test_no_system_call_writes_plaintext(machine: dict[str, Path], tmp_path: Path) -> None:
    """Watched by strace: unlock, reading and writing put no word or digest into any file."""
    key = resolve_key(machine["case"], PASSPHRASE, create=True, cost=CHEAP)
    case = str(machine["case"])
    calls = [
        ("capture", str(machine["inputs"]), "--case", case),
        ("unlock", case),
        ("extract", "--case", case),
        ("digest", case, "--lines"),
    ]
    traces: list[Path] = []
    for number, words in enumerate(calls):
        trace = tmp_path / f"trace-{number}"
        # the agent outlives unlock, and strace would wait for it: unlock is searched below
        _command(machine, *words, trace=None if words[0] == "unlock" else trace)
        traces += [trace] * trace.exists()
    hexed = {_escaped(secret) for secret in _secrets(machine["case"], key)}
    _command(machine, "lock")
    written = 0
    allowed = [str(machine[name]) for name in ("case", "tmp", "run")]
    for trace in traces:
        for line in trace.read_text(errors="replace").splitlines():
            call = re.search(r"\b(p?writev?(?:64)?)\(\d+<([^>]*)>", line)
            if call is None:
                continue
            target = _plain(call.group(2))
            if not target.startswith("/") or target.startswith("/dev/"):
                continue  # a pipe or socket: what a person asked to see
            written += 1
            assert any(target.startswith(folder) for folder in allowed), target
            assert not [secret for secret in hexed if secret in line], target
    assert written > 20
    secrets = _secrets(machine["case"], key)
    assert _shown([machine["tmp"], machine["run"], machine["home"]], secrets) == {}


def _escaped(secret: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in secret)


def _plain(target: str) -> str:
    return re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), target)
