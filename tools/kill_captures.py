"""Kill a capture at random moments, many times over: the long form of the crash test.

Laws:
1. After every kill the case verifies, and what was accepted before it is still there.
2. The same command finishes the work, and the case then equals one that nobody disturbed.
3. So do the later commands, killed on a finished case of few files: ``extract`` comes out the
   same, ``verify`` and ``lookalikes`` change nothing, and after ``rekey`` the old passphrase
   opens the case or the new one does, never neither.
4. The moments come from a seed; how far the killed program had come by then is the machine's.
   They fall evenly over the whole batch: a run is left alone for a time between nothing and
   half the time that the batch takes, from wherever the run before it was killed.

    .venv/bin/python tools/kill_captures.py [TIMES] [FILES] [SEED]
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from witnessmark.core.errors import WitnessmarkError
from witnessmark.store.case import open_case
from witnessmark.store.seal import Cost, resolve_key
from witnessmark.store.tables import SOURCES
from witnessmark.store.verify import verify_path

if TYPE_CHECKING:
    from collections.abc import Iterator

OLD, NEW = "six words that nobody would guess", "six other words, chosen on the next day"

PROGRAM = f"""
import sys
from pathlib import Path
from witnessmark.store.case import open_case
from witnessmark.store.seal import Cost
from witnessmark.store.slots import rekey
from witnessmark.store.verify import verify_case

deed, path, key, inputs = sys.argv[1:]
path, key = Path(path), bytes.fromhex(key) or None
if deed == "rekey":
    print("begins", flush=True)
    rekey(path, key, {NEW!r}, cost=Cost(memory_kib=8 * 1024, iterations=1, lanes=1))
    sys.exit()
from witnessmark.stages import capture, extract
from witnessmark.stages.capture.lookalikes import find_lookalikes
case = open_case(path, key, create=deed == "capture")
print("begins", flush=True)
match deed:
    case "capture":
        capture.run(case, [Path(inputs)], clock=lambda: "2026-11-25T12:00:00Z")
    case "extract":
        extract.run(case)
    case "verify":
        sys.exit(1 if verify_case(case).faults else 0)
    case "lookalikes":
        find_lookalikes(case)
case.close()
"""

CHEAP = Cost(memory_kib=8 * 1024, iterations=1, lanes=1)
"""The key is not what is tried here."""

LATER = ("verify", "lookalikes", "extract", "rekey")
"""What is killed on a finished case; ``rekey`` on sealed ones."""

FEW = 26
"""Files of a case on which the later commands are killed; reading a text takes far longer than
taking it in."""

ROUND = 10
"""Kills during a capture for each round of kills during the later commands."""

AT_ONCE = 2
"""Cases under way at a time."""

EVERY = 25
"""One file in so many is a PDF, which another process reads."""

LONGEST_RUN = 0.5
"""Share of the undisturbed time after which a run is killed at the latest."""


@dataclass
class Seen:
    """What a campaign has seen.

    Attributes:
        kills: kills during a capture.
        later: kills during a later command.
        ended: captures that ended before their kill.
        complete: cases that came out the same.
    """

    kills: int = 0
    later: int = 0
    ended: int = 0
    complete: int = 0


@dataclass
class Expected:
    """What an undisturbed case is like.

    Attributes:
        digests: its digest after each command.
        took: seconds of each command.
    """

    digests: dict[str, str] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)


def write_inputs(folder: Path, files: int, chance: random.Random, longest: int = 1600) -> None:
    """Write *files* reports, some of them PDFs, that no two share.

    They have 40 to *longest* sentences: 1 to 40 kB.
    """
    folder.mkdir()
    for number in range(files):
        if number % EVERY == EVERY - 1:
            (folder / f"{number:04}.pdf").write_bytes(_pdf(f"Report {number}, as a PDF."))
            continue
        words = f"Sentence of report {number}. " * chance.randint(40, longest)
        (folder / f"{number:04}.txt").write_text(f"Report {number}\n\n{words}\n", "utf-8-sig")


def _pdf(line: str) -> bytes:
    drawn = f"BT /F1 12 Tf 72 700 Td ({line}) Tj ET".encode()
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources 6 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Font<</F1 5 0 R>>>>",
    )
    body = b"".join(b"%d 0 obj%s endobj\n" % pair for pair in enumerate(parts, start=1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def new_case(path: Path, *, sealed: bool) -> bytes | None:
    """Make an empty case and return its key."""
    word = OLD if sealed else None
    key = resolve_key(path, word, plain=not sealed, create=True, cost=CHEAP)
    open_case(path, key, create=True).close()
    return key


def start(deed: str, path: Path, key: bytes | None, inputs: Path) -> subprocess.Popen[str]:
    """Start a command and return once it has begun."""
    program = [sys.executable, "-c", PROGRAM, deed, str(path), (key or b"").hex(), str(inputs)]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    if process.stdout is None or process.stdout.readline() != "begins\n":
        raise SystemExit(f"error: {deed} did not begin: {path}")
    return process


def killed(process: subprocess.Popen[str], after: float) -> bool:
    """Kill *process* after a time; return whether it was still at work."""
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def undisturbed(folder: Path, inputs: Path, *deeds: str) -> Expected:
    """Return what a case is like that nobody disturbed, and how long each command took."""
    key, found = new_case(folder, sealed=True), Expected()
    for deed in ("capture", *deeds):
        begun = time.perf_counter()
        if start(deed, folder, key, inputs).wait() != 0:
            raise SystemExit(f"error: an undisturbed {deed} failed")
        found.took[deed] = time.perf_counter() - begun
        case = open_case(folder, key)
        found.digests[deed] = case.casebook.digest()
        case.close()
    return found


class Campaign:
    """Cases of one set of files that are killed, one after the other."""

    def __init__(self, inputs: Path, expected: Expected, chance: random.Random) -> None:
        """Begin; nothing was seen yet."""
        self._inputs = inputs
        self._files = len(list(inputs.iterdir()))
        self._expected = expected
        self._chance = chance
        self.seen = Seen()

    def captures(self, times: int, paths: Iterator[Path]) -> None:
        """Kill *times* captures, each case until it is complete.

        Raises:
            SystemExit: a case did not verify, lost something, or did not come out the same.
        """
        for number in count():
            if self.seen.kills >= times:
                return
            path = next(paths)
            key = new_case(path, sealed=number % 2 == 1)
            held = 0
            while self.seen.kills < times and held < self._files:
                struck = self._strike("capture", path, key, LONGEST_RUN)
                self.seen.kills += struck
                self.seen.ended += not struck
                held = self._verified(path, key, held)
            self._finish("capture", path, key)
            self._verified(path, key, self._files)
            self.seen.complete += 1

    def later(self, rounds: int, paths: Iterator[Path]) -> None:
        """Kill each later command on a finished case, *rounds* times.

        Raises:
            SystemExit: a case did not verify, or did not come out the same.
        """
        for number in range(rounds):
            path = next(paths)
            key = new_case(path, sealed=number % 2 == 0)
            self._finish("capture", path, key)
            for deed in LATER if key else LATER[:-1]:
                self.seen.later += self._strike(deed, path, key, 1.0)
                self._verified(path, key, self._files)
                if deed == "rekey" and _opened(path) != key:
                    raise SystemExit(f"error: after rekey no passphrase opens the case: {path}")
                self._finish(deed, path, key)

    def _strike(self, deed: str, path: Path, key: bytes | None, share: float) -> bool:
        process = start(deed, path, key, self._inputs)
        return killed(process, self._chance.uniform(0, share * self._expected.took[deed]))

    def _finish(self, deed: str, path: Path, key: bytes | None) -> None:
        """Let a command run to its end; the case is then as if nobody had disturbed it."""
        if start(deed, path, key, self._inputs).wait() != 0:
            raise SystemExit(f"error: {deed} could not be finished: {path}")
        case = open_case(path, key)
        same = case.casebook.digest() == self._expected.digests[deed]
        case.close()
        if not same:
            raise SystemExit(f"error: after {deed} a case differs from an undisturbed one: {path}")

    def _verified(self, path: Path, key: bytes | None, least: int) -> int:
        """Return how many sources a case holds that verifies and has lost none."""
        faults = verify_path(path, key).faults
        if faults:
            raise SystemExit(f"error: after kill {self.seen.kills}: {faults[0]}: {path}")
        case = open_case(path, key)
        held = len(case.casebook.rows(SOURCES))
        case.close()
        if held < least:
            raise SystemExit(f"error: {least - held} accepted sources are gone: {path}")
        return held


def _opened(path: Path) -> bytes | None:
    for word in (OLD, NEW):
        try:
            return resolve_key(path, word)
        except WitnessmarkError:
            continue
    return None


def campaign(times: int, files: int, seed: int, folder: Path) -> str:
    """Kill *times* times; return what was seen.

    Raises:
        SystemExit: a case did not verify, lost something, or did not come out the same.
    """
    many, few = folder / "many", folder / "few"
    write_inputs(many, files, random.Random(seed))
    write_inputs(few, min(files, FEW), random.Random(seed), 80)
    batch = undisturbed(folder / "undisturbed-many", many)
    short = undisturbed(folder / "undisturbed-few", few, *LATER)

    def group(number: int) -> tuple[Seen, Seen]:
        chance = random.Random(f"{seed} {number}")
        share = times // AT_ONCE + (number < times % AT_ONCE)
        paths = (folder / f"case-{number}-{case}" for case in count())
        captures, later = Campaign(many, batch, chance), Campaign(few, short, chance)
        captures.captures(share, paths)
        later.later(share // ROUND if times >= ROUND else number == 0, paths)
        return captures.seen, later.seen

    with ThreadPoolExecutor(AT_ONCE) as pool:
        seen = [one for both in pool.map(group, range(AT_ONCE)) for one in both]
    kills, later, ended, complete = (
        sum(getattr(one, name) for one in seen) for name in ("kills", "later", "ended", "complete")
    )
    return (
        f"{kills} kills at random moments (seed {seed}) over {complete} cases of {files} files, "
        f"plain and sealed in turn, and {later} during {', '.join(LATER)}: every one verified, "
        f"every case came out the same; {ended} captures ended before their kill"
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
