"""Kill a capture at random moments, many times over: the long form of the crash test.

Laws:
1. After every kill the case verifies: nothing that was accepted is lost or half there.
2. The same command finishes the work, and the case then equals one that nobody disturbed.
3. The moments come from a seed; how far the killed program had come by then is the machine's.

    .venv/bin/python tools/kill_captures.py [TIMES] [FILES] [SEED]
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from witnessmark.store.case import Case, open_case
from witnessmark.store.seal import Cost, resolve_key
from witnessmark.store.tables import SOURCES
from witnessmark.store.verify import verify_path

CAPTURE = """
import sys
from pathlib import Path
from witnessmark.stages import capture
from witnessmark.store.case import open_case

key = bytes.fromhex(sys.argv[2]) or None
case = open_case(Path(sys.argv[1]), key, create=True)
print("begins", flush=True)
capture.run(case, [Path(sys.argv[3])], clock=lambda: "2026-11-25T12:00:00Z")
case.close()
"""

CHEAP = Cost(memory_kib=8 * 1024, iterations=1, lanes=1)
"""The key is not what is tried here."""


def write_inputs(folder: Path, files: int, chance: random.Random) -> None:
    """Write *files* reports of 1 to 40 kB that no two share."""
    folder.mkdir()
    for number in range(files):
        words = f"Sentence of report {number}. " * chance.randint(40, 1600)
        (folder / f"{number:04}.txt").write_text(f"Report {number}\n\n{words}\n", "utf-8-sig")


def new_case(path: Path, *, sealed: bool) -> bytes | None:
    """Make an empty case and return its key."""
    word = "six words that nobody would guess" if sealed else None
    key = resolve_key(path, word, plain=not sealed, create=True, cost=CHEAP)
    open_case(path, key, create=True).close()
    return key


def start(path: Path, key: bytes | None, inputs: Path) -> subprocess.Popen[str]:
    """Start a capture and return once it has the case open."""
    program = [sys.executable, "-c", CAPTURE, str(path), (key or b"").hex(), str(inputs)]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    if process.stdout is None or process.stdout.readline() != "begins\n":
        raise SystemExit("error: the capture did not begin")
    return process


def undisturbed(folder: Path, inputs: Path) -> tuple[str, float]:
    """Return the digest of a case that nobody disturbed, and the seconds it took."""
    key = new_case(folder, sealed=False)
    begun = time.perf_counter()
    if start(folder, key, inputs).wait() != 0:
        raise SystemExit("error: an undisturbed capture failed")
    took = time.perf_counter() - begun
    case = open_case(folder, key)
    digest = case.casebook.digest()
    case.close()
    return digest, took


def finished(case: Case, files: int, expected: str) -> bool:
    """Return whether all files are in; a case that is complete and differs is a fault."""
    held = len(case.casebook.rows(SOURCES))
    if held == files and case.casebook.digest() != expected:
        raise SystemExit(f"error: a resumed case differs from an undisturbed one ({case.path})")
    return held == files


def campaign(times: int, files: int, seed: int, folder: Path) -> str:
    """Kill *times* times; return what was seen.

    Raises:
        SystemExit: a case did not verify, or did not come out the same.
    """
    chance = random.Random(seed)
    inputs = folder / "inputs"
    write_inputs(inputs, files, chance)
    expected, took = undisturbed(folder / "undisturbed", inputs)
    kills = ended = complete = 0
    for number in count():
        path = folder / f"case-{number}"
        key = new_case(path, sealed=number % 2 == 1)
        done = False
        while kills < times and not done:
            process = start(path, key, inputs)
            time.sleep(chance.uniform(0, took / 3))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += process.returncode == -signal.SIGKILL
            ended += process.returncode == 0
            faults = verify_path(path, key).faults
            if faults:
                raise SystemExit(f"error: after kill {kills} (seed {seed}): {faults[0]}: {path}")
            case = open_case(path, key)
            done = finished(case, files, expected)
            case.close()
        if not done and start(path, key, inputs).wait() != 0:
            raise SystemExit(f"error: the capture could not be finished: {path}")
        case = open_case(path, key)
        complete += finished(case, files, expected)
        case.close()
        if kills >= times:
            break
    return (
        f"{kills} kills at random moments (seed {seed}) over {complete} cases of {files} files, "
        f"plain and sealed in turn: every one verified, every case came out the same; "
        f"{ended} captures ended before their kill"
    )


if __name__ == "__main__":
    figures = [int(word) for word in sys.argv[1:]]
    asked = dict(zip(("times", "files", "seed"), figures, strict=False))
    values = {"times": 200, "files": 500, "seed": 1} | asked
    kept = Path(tempfile.mkdtemp(prefix="witnessmark-kill-"))
    print(campaign(**values, folder=kept))
    for path in sorted(kept.rglob("*"), reverse=True):  # kept after a fault, gone after none
        path.chmod(0o700)
        path.rmdir() if path.is_dir() else path.unlink()
    kept.rmdir()
