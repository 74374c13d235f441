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

from witnessmark.core.source import Rendering
from witnessmark.stages.capture import ocr
from witnessmark.store.case import open_case
from witnessmark.store.seal import Cost, resolve_key
from witnessmark.store.tables import CLAIMS, CUSTODY, RENDITIONS, SHELVES

CHEAP = Cost(memory_kib=8 * 1024, iterations=1, lanes=1)
PASSPHRASE = "six words that nobody would guess"
WORDS = "A witness named Hong said that wigs were made in Unknownville for Example Traders."
SHORTEST = 8
"""Bytes of the shortest string looked for: shorter ones stand in random bytes by chance."""

TRACED = (
    "openat,creat,write,pwrite64,writev,pwritev,pwritev2,sendfile,copy_file_range,splice,"
    "rename,renameat,renameat2,mkdir,mkdirat,link,linkat,symlink,symlinkat,mmap"
)
"""Calls by which content or a name gets into a file system."""

FRAGMENT = 24
"""Bytes of a piece of an original that is looked for: no chance puts them anywhere else."""


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
    public = {entry.commitment.encode() for entry in case.casebook.rows(CUSTODY)}
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


def _program(
    machine: dict[str, Path], *words: str, trace: Path | None = None
) -> tuple[list[str], dict[str, str]]:
    program = [str(Path(sys.executable).with_name("witnessmark")), *words]
    if trace is not None:
        strace = [
            "strace",
            "-f",
            "--seccomp-bpf",
            "-y",
            "-xx",
            "-s",
            "1000000",
            "-e",
            f"trace={TRACED}",
        ]
        program = [*strace, "-o", str(trace), *program]
    environment = {
        "PATH": os.environ["PATH"],
        "TMPDIR": str(machine["tmp"]),
        "XDG_RUNTIME_DIR": str(machine["run"]),
        "HOME": str(machine["home"]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if words[0] in {"capture", "unlock"} and "--plain" not in words:
        environment["WITNESSMARK_PASSPHRASE"] = PASSPHRASE
    return program, environment


def _command(machine: dict[str, Path], *words: str, trace: Path | None = None) -> str:
    program, environment = _program(machine, *words, trace=trace)
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


def _scans(folder: Path) -> list[bytes]:
    """Add an image and a scanned page, where OCR is installed; return pieces of their bytes."""
    if not ocr.available():
        return []
    from PIL import Image, ImageDraw

    for name, words in (("photograph.png", "PRISONERS MAKE WIGS"), ("scanned.pdf", "AND HATS")):
        page = Image.new("L", (1400, 400), "white")
        ImageDraw.Draw(page).text((60, 150), words, fill="black", font_size=64)
        page.save(folder / name)
    made = [(folder / name).read_bytes() for name in ("photograph.png", "scanned.pdf")]
    return [content[at : at + FRAGMENT] for content in made for at in range(600, 3000, 600)]


def _while_unlocked(machine: dict[str, Path], traces: Path) -> list[Path]:
    """Run every command that reads or judges, each traced; return the traces.

    The agent outlives ``unlock``, and strace waits for it: ``lock`` ends both.
    """
    case = str(machine["case"])
    program, environment = _program(machine, "unlock", case, trace=traces / "unlock")
    unlocking = subprocess.Popen(
        program, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    assert unlocking.stdout is not None
    assert unlocking.stdout.readline(), "unlock says when it is done"
    claim = ""
    for number, words in enumerate(
        [
            ("extract", "--case", case),
            ("lookalikes", case),
            ("digest", case, "--lines"),
            ("judge", case, "CLAIM", "reject", "--by", "A. Reader", "--why", "Notheardontape"),
            ("verify", case),
            ("backup", case, str(machine["home"] / "backup.tar")),
        ]
    ):
        told = [claim if word == "CLAIM" else word for word in words]
        _command(machine, *told, trace=traces / f"{number}-{words[0]}")
        if words[0] == "extract":
            key = resolve_key(machine["case"], PASSPHRASE)
            opened = open_case(machine["case"], key)
            claim = opened.casebook.rows(CLAIMS)[0].id
            opened.close()
    _command(machine, "lock", trace=traces / "lock")
    assert unlocking.wait(30) == 0
    return sorted(traces.iterdir())


@pytest.mark.skipif(not _traceable(), reason="strace is absent or may not trace here")
def test_no_system_call_writes_plaintext(machine: dict[str, Path], tmp_path: Path) -> None:
    """Watched by strace: taking in (OCR and its process included), unlock and its agent,
    reading, judging, verify and backup put no word, digest or piece of a source into any
    file, by no call, not for a moment, and no name."""
    key = resolve_key(machine["case"], PASSPHRASE, create=True, cost=CHEAP)
    pieces = _scans(machine["inputs"])
    traces = tmp_path / "traces"
    traces.mkdir()
    case = str(machine["case"])
    _command(machine, "capture", str(machine["inputs"]), "--case", case, trace=traces / "capture")
    listed = _while_unlocked(machine, traces)
    secrets = _secrets(machine["case"], key) | set(pieces) | {b"PRISONERS MAKE", b"Notheardontape"}
    assert len(secrets) > 60
    hexed = {_escaped(secret) for secret in secrets}
    allowed = [str(machine[name]) for name in ("case", "tmp", "run", "home")]
    written = dict.fromkeys((trace.name for trace in listed), 0)
    for trace in listed:
        for line in trace.read_text(errors="replace").splitlines():
            target = _written_to(line)
            if target is None:
                continue
            written[trace.name] += 1
            assert any(target.startswith(folder) for folder in allowed), (trace.name, target)
            shown = [secret for secret in hexed if secret in line]
            assert not shown, (trace.name, target, shown)
    assert min(written[name] for name in ("capture", "0-extract", "3-judge", "5-backup")) > 3
    opened = open_case(machine["case"], key)
    rendered = [row.rendering for row in opened.casebook.rows(RENDITIONS)]
    opened.close()
    assert rendered.count(Rendering.OCR) == (2 if pieces else 0), "the other process has read"
    folders = [machine[name] for name in ("case", "tmp", "run", "home")]
    assert _shown(folders, secrets) == {}


@pytest.mark.skipif(not _traceable(), reason="strace is absent or may not trace here")
def test_the_watch_sees_what_is_written(machine: dict[str, Path], tmp_path: Path) -> None:
    """The same watch over a plain case sees the words being written: it is not blind."""
    call = ("capture", str(machine["inputs"]), "--case", str(machine["case"]), "--plain")
    _command(machine, *call, trace=tmp_path / "trace")
    lines = (tmp_path / "trace").read_text(errors="replace").splitlines()
    targets = {_written_to(line) for line in lines if _escaped(WORDS.encode()) in line}
    assert any(target and "/case/vault/" in target for target in targets), targets


def _written_to(line: str) -> str | None:
    """Return the file that a line of strace puts content or a name into, None for no file."""
    call = re.search(r"\b([a-z0-9_]+)\((.*)", line)
    if call is None or re.search(r"= -1 E", line):
        return None
    name, rest = call.groups()
    if name == "mmap":  # SQLite's index of its log: page numbers, searched as a file besides
        found = re.search(r"PROT_WRITE[^,]*, MAP_SHARED[^,]*, \d+<([^>]*)>", rest)
        assert found is None or _plain(found[1]).endswith("-shm"), line
        return None
    if name in {"openat", "creat"}:
        found = re.search(r"\"([^\"]*)\", [^,)]*O_CREAT", rest)
        return _plain(found[1]) if found and _plain(found[1]).startswith("/") else None
    if re.match(r"rename|mkdir|link|symlink", name):
        return _plain(re.findall(r"\"([^\"]*)\"", rest)[-1])
    if name in {"sendfile", "copy_file_range", "splice"}:
        raise AssertionError(line)  # what they copy is not seen: nothing here may use them
    found = re.match(r"\d+<([^>]*)>", rest)
    target = _plain(found[1]) if found else ""
    # a pipe or socket is what a person asked to see, or another process of ours
    return target if target.startswith("/") and not target.startswith("/dev/") else None


def _escaped(secret: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in secret)


def _plain(target: str) -> str:
    return re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), target)
