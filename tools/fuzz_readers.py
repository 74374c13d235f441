"""Spoil good files at random and read them: what a hostile file can do to each parser.

Laws:
1. A spoiled file is taken in or refused with a named error; anything else is a fault.
2. No file takes longer than :data:`LONGEST` seconds or more memory than :data:`MOST_MEMORY`.
3. Seed, parser and number make the file: the same three, the same file, on every machine.
4. What was done is kept beside the finds: a run that was stopped goes on where it was, and a
   file that took the whole program down is named by the next run.
5. Every parser of ``tests/fuzz/targets.py`` gets the same share of the time.

    .venv/bin/python tools/fuzz_readers.py [--rounds N | --seconds S] [--seed N] [--only PARSER]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.fuzz.spoiling import spoiled  # noqa: E402 - the tests stand beside the tools
from tests.fuzz.targets import TARGETS, Contained, Target  # noqa: E402

if TYPE_CHECKING:
    from types import FrameType

LONGEST = 20.0
"""Seconds for one file; good ones take well under one."""

MOST_MEMORY = 512 * 1024 * 1024
"""Bytes by which memory may grow over one file of some kilobytes."""

SLACK = 64 * 1024 * 1024
"""Bytes by which the highest use of memory may exceed what is in use before it is reset."""

BLOCK = 64
"""Bytes in which the name and number of the file in hand stand."""

SAVE_S = 5.0
"""Seconds between two writings of what was done."""

MOST_FAULTS = 20
"""Faults after which a run ends: then one thing is wrong many times."""


class TooLong(Exception):  # noqa: N818 - named after what happened
    """A file took longer than it may."""


@dataclass
class Done:
    """What was done with one parser.

    Attributes:
        files: files that were tried.
        read: those taken in.
        refused: those refused by a named error.
        contained: those that cost a reader behind its wall.
        seconds: time spent.
        slowest: seconds of the slowest file.
        largest: bytes of memory of the largest.
    """

    files: int = 0
    read: int = 0
    refused: int = 0
    contained: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    largest: int = 0


class Run:
    """One run of the fuzzer, from where the last one with its seed stopped."""

    def __init__(self, folder: Path, seed: int, targets: tuple[Target, ...]) -> None:
        """Take up what was done in *folder*."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._seed = seed
        self._state = folder / f"seed-{seed}.json"
        self._now = folder / f"seed-{seed}.now"
        self._targets = {target.name: target for target in targets}
        kept = json.loads(self._state.read_text()) if self._state.exists() else {}
        self.done = {name: Done(**kept.get(name, {})) for name in self._targets}
        self._others = {name: kept[name] for name in kept.keys() - self.done.keys()}
        self.faults: list[str] = []
        self._saved = time.monotonic()
        self._take_up()
        self._hand = os.open(self._now, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._memory = _most_memory()

    def _take_up(self) -> None:
        """Name the file that took the last run down, and step over it."""
        kept = self._now.read_text().strip() if self._now.exists() else ""
        name, _, number = kept.partition(" ")
        name = name.replace("_", " ")
        if name in self.done and int(number) >= self.done[name].files:
            self.done[name].files = int(number) + 1
            self._keep(name, int(number), "took the whole program down")
        self._now.unlink(missing_ok=True)

    def file(self, name: str, number: int) -> bytes:
        """Return the spoiled file that the seed makes for a parser (law 3)."""
        chance = random.Random(f"{self._seed} {name} {number}")
        seeds = self._targets[name].seeds()
        return spoiled(chance.choice(seeds), chance, chance.choice(seeds))

    def step(self) -> None:
        """Try the next file of the parser that has had the least time."""
        name = min(self.done, key=lambda one: self.done[one].seconds)
        done = self.done[name]
        number, content = done.files, self.file(name, done.files)
        # one block in place: a new file for each would take longer than reading it
        os.pwrite(self._hand, f"{name.replace(' ', '_')} {number}".ljust(BLOCK).encode(), 0)
        before, begun = self._memory, time.perf_counter()
        try:
            outcome = _within(LONGEST, self._targets[name], content)
        except Contained as lost:
            done.contained += 1
            self._keep(name, number, str(lost), contained=True)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            self._keep(name, number, f"{type(error).__name__}: {error}")
        else:
            done.read += outcome
            done.refused += not outcome
        took = time.perf_counter() - begun
        self._memory = _memory_from_now(most := _most_memory())
        grown = most - before
        done.files += 1
        done.seconds += took
        done.slowest, done.largest = max(done.slowest, took), max(done.largest, grown)
        if grown > MOST_MEMORY:
            self._keep(name, number, f"{grown >> 20} MB of memory")
        if time.monotonic() - self._saved > SAVE_S:
            self.save()

    def save(self) -> None:
        """Keep what was done."""
        kept = {name: asdict(done) for name, done in self.done.items()} | self._others
        part = self._state.with_suffix(".part")
        part.write_text(json.dumps(kept, indent=1))
        part.replace(self._state)
        os.pwrite(self._hand, b" " * BLOCK, 0)
        self._saved = time.monotonic()

    def close(self) -> None:
        """Keep what was done; no file is in hand any more."""
        self.save()
        os.close(self._hand)
        self._now.unlink(missing_ok=True)

    def _keep(self, name: str, number: int, why: str, *, contained: bool = False) -> None:
        label = "contained" if contained else "fault"
        path = self._folder / f"{label}-{self._seed}-{number}-{name.replace(' ', '-')}"
        path.write_bytes(self.file(name, number))
        line = f"{label}: {name}, file {number} of seed {self._seed}: {why}: {path}"
        print(line, file=sys.stderr, flush=True)
        if not contained:
            self.faults.append(line)


def _within(seconds: float, target: Target, content: bytes) -> bool:
    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        raise TooLong(f"more than {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return target.run(content)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _most_memory() -> int:
    """Return the most memory in use since it was measured anew, 0 where nothing says it."""
    return _figures().get("VmHWM:", 0)


def _memory_from_now(most: int) -> int:
    """Return *most*, or what is in use, measured anew, if that is far below it."""
    if most - _figures().get("VmRSS:", 0) > SLACK:
        with suppress(OSError):  # costs a millisecond: not for each file
            Path("/proc/self/clear_refs").write_text("5")
            return _most_memory()
    return most


def _figures() -> dict[str, int]:
    """Return what the system says of the memory of this process, in bytes."""
    try:
        rows = [line.split() for line in Path("/proc/self/status").read_text().splitlines()]
    except OSError:
        return {}
    return {row[0]: int(row[1]) * 1024 for row in rows if row[0].startswith("Vm")}


def table(done: dict[str, Done]) -> str:
    """Return what was done, a line for each parser."""
    rows = [
        f"{name:16} {one.files:9} {one.read:8} {one.refused:8} {one.contained:9} "
        f"{one.seconds:8.0f} {one.slowest:10.2f} {one.largest / 1e6:8.0f}"
        for name, one in done.items()
    ]
    head = "parser               files     read  refused contained  seconds  slowest_s  most_MB"
    return "\n".join([head, *rows])


def campaign(
    folder: Path, *, seed: int = 1, rounds: int = 0, seconds: float = 0.0, only: str = ""
) -> Run:
    """Spoil and read *rounds* files, or for *seconds*; return the run with what was seen.

    Raises:
        SystemExit: no parser has that name.
    """
    chosen = tuple(target for target in TARGETS if only in {"", target.name})
    if not chosen:
        names = ", ".join(target.name for target in TARGETS)
        raise SystemExit(f"error: no parser {only!r} (--only): name one of {names}")
    run = Run(folder, seed, chosen)
    for target in chosen:  # what is loaded at the first file is not measured
        target.run(target.seeds()[0])
    until = time.monotonic() + seconds
    tried = 0
    try:
        while len(run.faults) < MOST_FAULTS and (
            time.monotonic() < until if seconds else tried < rounds
        ):
            run.step()
            tried += 1
    finally:
        run.close()
    return run


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="spoil good files at random and read them")
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--folder", type=Path, default=Path("out/fuzz"))
    given = parser.parse_args()
    run = campaign(
        given.folder,
        seed=given.seed,
        rounds=given.rounds,
        seconds=given.seconds,
        only=given.only,
    )
    print(table(run.done))
    total = sum(one.files for one in run.done.values())
    lost = sum(one.contained for one in run.done.values())
    print(
        f"{total} spoiled files (seed {given.seed}) over {len(run.done)} parsers: "
        f"{len(run.faults)} faults, {lost} lost readers, each behind its wall"
    )
    return 1 if run.faults else 0


if __name__ == "__main__":
    sys.exit(main())
