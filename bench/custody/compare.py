"""Speed of the vault and of a whole case, as ratios against what anybody would do by hand.

Laws:
1. Yardstick and ours take turns on the same file, A B A B …, with their order swapped each
   time: a disk that is slow for a moment is slow for both. What is told is the median of the
   ratios of the turns, and their smallest and largest.
2. The yardstick of a store is ``openssl dgst -sha256`` and an fsynced copy (sealed: and
   pyrage's own stream); that of a check is the same without the copy.
3. ``store`` and ``check`` are the vault alone; ``capture`` and ``verify`` are the functions
   behind the commands, on a case of its own each time.
4. Memory is the peak of a process of its own, at a tenth of the size and at the full size.
5. The load of the machine is told before and after: above 1 the figures mean little.

    .venv/bin/python bench/custody/compare.py [MEGABYTES] [TIMES]
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from witnessmark.stages import capture
from witnessmark.store.case import open_case
from witnessmark.store.seal import Cost, resolve_key
from witnessmark.store.verify import verify_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from witnessmark.store.case import Case

PYRAGE: Any = import_module("pyrage")
CHEAP = Cost(memory_kib=8 * 1024, iterations=1, lanes=1)
MEGABYTE = 1024 * 1024
BAR = 1.2
"""The bar of issue 3."""


def make_file(path: Path, megabytes: int) -> None:
    """Write random bytes: nothing on the way can shorten them, no reader knows them."""
    with path.open("wb") as file:
        for number in range(megabytes):
            # never a beginning that a reader would know by chance
            file.write((b"\0\1\2\3" if number == 0 else b"") + os.urandom(MEGABYTE))
        os.fsync(file.fileno())


def digest(path: Path) -> None:
    """Run ``openssl dgst -sha256``."""
    subprocess.run(["openssl", "dgst", "-sha256", str(path)], check=True, capture_output=True)


def copy(path: Path, target: Path) -> None:
    """Copy in pieces of a megabyte, to the disk."""
    with path.open("rb") as source, target.open("wb") as file:
        while piece := source.read(MEGABYTE):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def encrypt(path: Path, target: Path, identity: Any) -> None:  # noqa: ANN401 - pyrage has no types
    """Encrypt with pyrage alone, to the disk."""
    with path.open("rb") as source, target.open("wb") as file:
        PYRAGE.encrypt_io(source, file, [identity.to_public()])
        file.flush()
        os.fsync(file.fileno())


def decrypt(path: Path, identity: Any) -> None:  # noqa: ANN401 - pyrage has no types
    """Decrypt with pyrage alone, to nowhere."""
    with path.open("rb") as source, Path("/dev/null").open("wb") as file:
        PYRAGE.decrypt_io(source, file, [identity])


def seconds(act: Callable[[], object]) -> float:
    """Return how long *act* takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


class Turn:
    """One turn: a fresh case and a fresh copy in a folder of their own."""

    def __init__(self, file: Path, folder: Path, *, sealed: bool) -> None:
        """Make an empty case."""
        self.file = file
        self.copied = folder / "yardstick"
        self.sealed = sealed
        self.identity = PYRAGE.x25519.Identity.generate()
        self.case = self._case(folder / "vault-only")
        self.whole = self._case(folder / "whole")
        self.stored = ""

    def _case(self, path: Path) -> Case:
        words = "words" if self.sealed else None
        key = resolve_key(path, words, plain=not self.sealed, create=True, cost=CHEAP)
        return open_case(path, key, create=True)

    def by_hand_store(self) -> None:
        """Hash and copy."""
        digest(self.file)
        if self.sealed:
            encrypt(self.file, self.copied, self.identity)
        else:
            copy(self.file, self.copied)

    def by_hand_check(self) -> None:
        """Hash what was copied."""
        if self.sealed:
            decrypt(self.copied, self.identity)
        digest(self.file)

    def store(self) -> None:
        """Store in the vault alone."""
        with self.file.open("rb", buffering=0) as source:
            self.stored = self.case.vault.put_stream(source).name

    def check(self) -> None:
        """Check the object of the vault alone."""
        self.case.vault.measured(self.stored)

    def capture(self) -> None:
        """Capture the file into a case."""
        done = capture.run(self.whole, [self.file], clock=lambda: "2026-11-25T12:00:00Z")
        if len(done.sources) != 1:
            message = f"not captured: {done.failures}"
            raise RuntimeError(message)

    def verify(self) -> None:
        """Verify that case."""
        if faults := verify_case(self.whole).faults:
            raise RuntimeError(str(faults[0]))

    def close(self) -> None:
        """Close both cases."""
        self.case.close()
        self.whole.close()


PAIRS = (("store", "by_hand_store"), ("check", "by_hand_check"))
WHOLES = (("capture", "by_hand_store"), ("verify", "by_hand_check"))


def turns(file: Path, times: int, *, sealed: bool) -> dict[str, list[tuple[float, float]]]:
    """Return seconds of yardstick and ours, for each act and turn."""
    found: dict[str, list[tuple[float, float]]] = {}
    for number in range(times):
        for pairs in (PAIRS, WHOLES):
            folder = Path(tempfile.mkdtemp(dir=file.parent))
            turn = Turn(file, folder, sealed=sealed)
            for ours, by_hand in pairs:
                acts = [ours, by_hand] if number % 2 else [by_hand, ours]
                if ours in {"check", "verify"} and not turn.copied.exists():
                    acts = [by_hand, ours]
                taken = {act: seconds(getattr(turn, act)) for act in acts}
                found.setdefault(ours, []).append((taken[by_hand], taken[ours]))
            turn.close()
            shutil.rmtree(folder)
    return found


def peak(file: Path, folder: Path) -> None:
    """Capture and verify one file in a sealed case; print this process's peak, in KiB."""
    turn = Turn(file, folder, sealed=True)
    turn.capture()
    turn.verify()
    turn.close()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def peak_of(megabytes: int) -> int:
    """Return the peak of a process that captures and verifies *megabytes*, in KiB."""
    with tempfile.TemporaryDirectory(prefix="witnessmark-bench-") as name:
        make_file(Path(name) / "file", megabytes)
        program = [sys.executable, __file__, "--peak", f"{name}/file", name]
        return int(subprocess.run(program, check=True, capture_output=True, text=True).stdout)


def main(megabytes: int, times: int) -> int:
    """Print the ratios; return 1 if a median is above the bar."""
    print(f"{megabytes} MB, {times} turns, load before: {os.getloadavg()[0]:.2f}")
    worst = 0.0
    with tempfile.TemporaryDirectory(prefix="witnessmark-bench-") as name:
        file = Path(name) / "file"
        make_file(file, megabytes)
        for sealed in (False, True):
            for act, pairs in turns(file, times, sealed=sealed).items():
                ratios = sorted(ours / by_hand for by_hand, ours in pairs)
                middle = statistics.median(ratios)
                worst = max(worst, middle)
                yard, took = (statistics.median(column) for column in zip(*pairs, strict=True))
                sort = "sealed" if sealed else "plain"
                print(
                    f"{sort} {act}: {middle:.2f} x ({ratios[0]:.2f} to {ratios[-1]:.2f}); "
                    f"{took:.2f} s, by hand {yard:.2f} s"
                )
    small, large = peak_of(max(1, megabytes // 10)), peak_of(megabytes)
    print(f"peak memory: {small // 1024} MiB at {max(1, megabytes // 10)} MB, ", end="")
    print(f"{large // 1024} MiB at {megabytes} MB")
    print(f"load after: {os.getloadavg()[0]:.2f}")
    return 1 if worst > BAR else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peak"]:
        peak(Path(sys.argv[2]), Path(sys.argv[3]))
        sys.exit(0)
    figures = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(figures + [500, 5][len(figures) :])))
