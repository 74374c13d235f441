"""Speed of the vault, as ratios against what anybody would do with the same file.

Laws:
1. Each pair runs on the same file in turn, TIMES times; the ratio is of the two medians.
2. The yardstick of a store is ``openssl dgst -sha256`` and an fsynced copy (sealed: and
   pyrage's own stream); that of a check is the same without the copy.
3. Memory is the peak of a process of its own, at a tenth of the size and at the full size.

    .venv/bin/python bench/custody/compare.py [MEGABYTES] [TIMES]
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from witnessmark.store.case import open_case
from witnessmark.store.seal import Cost, resolve_key

if TYPE_CHECKING:
    from collections.abc import Callable

PYRAGE: Any = import_module("pyrage")
CHEAP = Cost(memory_kib=8 * 1024, iterations=1, lanes=1)
MEGABYTE = 1024 * 1024


def make_file(path: Path, megabytes: int) -> None:
    """Write random bytes: nothing on the way can shorten them."""
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(MEGABYTE))
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


def pair(file: Path, folder: Path, *, sealed: bool) -> tuple[float, float, float, float]:
    """Return the seconds of yardstick and vault: storing, then checking."""
    identity = PYRAGE.x25519.Identity.generate()
    target = folder / "yardstick"

    def yardstick() -> None:
        digest(file)
        if sealed:
            encrypt(file, target, identity)
        else:
            copy(file, target)

    def check() -> None:
        if sealed:
            decrypt(target, identity)
        digest(file)

    path = folder / "case"
    key = resolve_key(path, "words" if sealed else None, plain=not sealed, create=True, cost=CHEAP)
    case = open_case(path, key, create=True)

    def store() -> str:
        with file.open("rb", buffering=0) as source:
            return case.vault.put_stream(source).name

    times = [seconds(yardstick), 0.0, 0.0, 0.0]
    begun = time.perf_counter()
    name = store()
    times[1] = time.perf_counter() - begun
    times[2] = seconds(check)
    times[3] = seconds(lambda: case.vault.measured(name))
    case.close()
    return times[0], times[1], times[2], times[3]


def peak(file: Path, folder: Path) -> None:
    """Store and check one file in a sealed case and print this process's peak, in KiB."""
    path = folder / "case"
    key = resolve_key(path, "words", create=True, cost=CHEAP)
    case = open_case(path, key, create=True)
    with file.open("rb", buffering=0) as source:
        stored = case.vault.put_stream(source)
    case.vault.measured(stored.name)
    case.close()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def peak_of(megabytes: int) -> int:
    """Return the peak of a process that stores and checks *megabytes*, in KiB."""
    with tempfile.TemporaryDirectory(prefix="witnessmark-bench-") as name:
        make_file(Path(name) / "file", megabytes)
        program = [sys.executable, __file__, "--peak", f"{name}/file", name]
        return int(subprocess.run(program, check=True, capture_output=True, text=True).stdout)


def main(megabytes: int, times: int) -> int:
    """Print the ratios; return 1 if one is above 1.2."""
    worst = 0.0
    with tempfile.TemporaryDirectory(prefix="witnessmark-bench-") as name:
        file = Path(name) / "file"
        make_file(file, megabytes)
        for sealed in (False, True):
            runs: list[tuple[float, float, float, float]] = []
            for _ in range(times):
                with tempfile.TemporaryDirectory(dir=name) as place:
                    runs.append(pair(file, Path(place), sealed=sealed))
            middle = [statistics.median(column) for column in zip(*runs, strict=True)]
            for act, yard, ours in (("store", *middle[:2]), ("check", *middle[2:])):
                worst = max(worst, ours / yard)
                sort = "sealed" if sealed else "plain"
                print(f"{sort} {act}: {ours:.2f} s, yardstick {yard:.2f} s: {ours / yard:.2f} x")
    small, large = peak_of(max(1, megabytes // 10)), peak_of(megabytes)
    print(f"peak memory: {small // 1024} MiB at {max(1, megabytes // 10)} MB, ", end="")
    print(f"{large // 1024} MiB at {megabytes} MB")
    return 1 if worst > 1.2 else 0  # noqa: PLR2004 - the bar of issue 3


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peak"]:
        peak(Path(sys.argv[2]), Path(sys.argv[3]))
        sys.exit(0)
    figures = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(figures + [500, 3][len(figures) :])))
