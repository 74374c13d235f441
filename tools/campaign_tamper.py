"""Flip bits of a sealed example case, one at a time: does ``verify`` fail and name the file?

Laws:
1. Every bit of the custody log and of every metadata file is flipped (all files but the
   casebook and the objects); of the others, SAMPLED bits drawn by a seed.
2. After each flip the file is put back; at the end the case verifies again.
3. A flip that ``verify`` does not see, or sees in another file, ends the campaign with an error.

    .venv/bin/python tools/campaign_tamper.py [SAMPLED] [SEED] [EVERY]

EVERY = 8 flips one bit in eight of log and metadata, for a short form.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from witnessmark.core.errors import WitnessmarkError
from witnessmark.stages import capture
from witnessmark.store.case import open_case
from witnessmark.store.seal import Cost, resolve_key
from witnessmark.store.verify import verify_path

CHEAP = Cost(memory_kib=8 * 1024, iterations=1, lanes=1)
"""The key is not what is tried here."""

IDLE = ("lock",)
"""Names the writer of the moment and is empty else: it holds nothing to alter."""

TEXTS = (
    "A witness says that wigs were made there.",
    "A second source says that work took twelve hours a day.",
    "A third source speaks of rice on Sundays and of a quota.",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a campaign saw.

    Attributes:
        exhaustive: flips in log and metadata, by file.
        sampled: flips elsewhere.
        missed: ``FILE BYTE BIT: WHY`` of every flip that was not found or not named.
    """

    exhaustive: dict[str, int]
    sampled: int
    missed: tuple[str, ...]


def example(folder: Path) -> tuple[Path, bytes]:
    """Make the sealed example case in *folder*; return it and its key."""
    inputs = folder / "inputs"
    inputs.mkdir(parents=True)
    for number, text in enumerate(TEXTS, start=1):
        page = f"Report {number}\n\n{text}\n" * (1 + 20 * (number == 1))
        (inputs / f"{number}.txt").write_text(page, encoding="utf-8-sig")
    path = folder / "case"
    key = resolve_key(path, "six words that nobody would guess", create=True, cost=CHEAP)
    if key is None:
        raise SystemExit("error: the example is not sealed")
    case = open_case(path, key, create=True)
    capture.run(case, [inputs], clock=lambda: "2026-11-25T12:00:00Z")
    case.close()
    return path, key


def campaign(
    path: Path, key: bytes, *, sampled: int, seed: int, every: int = 1, talk: bool = False
) -> Outcome:
    """Flip the bits of the case at *path* and return what was seen.

    Raises:
        SystemExit: the case does not verify before the first flip or after the last.
    """
    if verify_path(path, key).faults:
        raise SystemExit("error: the example does not verify")
    files = {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file() and file.name not in IDLE
    }
    others = [name for name in files if name == "casebook.db" or name.startswith("vault/")]
    missed: list[str] = []
    exhaustive: dict[str, int] = {}
    chance = random.Random(seed)
    for name in sorted(set(files) - set(others)):
        first = chance.randrange(every)
        bits = range(first, 8 * len(files[name]), every)
        exhaustive[name] = len(bits)
        for bit in bits:
            missed += _flip(path, key, name, files[name], bit)
        if talk:
            print(f"{name}: {len(bits)} flips", flush=True)
    for number in range(sampled):
        name = others[number % len(others)]
        missed += _flip(path, key, name, files[name], chance.randrange(8 * len(files[name])))
        if talk and (number + 1) % 1000 == 0:
            print(f"{number + 1} of {sampled} sampled", flush=True)
    if verify_path(path, key).faults:
        raise SystemExit("error: the case does not verify after the last flip was undone")
    return Outcome(exhaustive, sampled, tuple(missed))


def _flip(path: Path, key: bytes, name: str, content: bytes, bit: int) -> list[str]:
    file = path / name
    altered = bytearray(content)
    altered[bit // 8] ^= 1 << (bit % 8)
    _put(file, bytes(altered))
    try:
        report = verify_path(path, key)
        named = [f"{fault.what} ({fault.where})" for fault in report.faults]
    except WitnessmarkError as error:
        named = [str(error)]
    _put(file, content)
    for left in path.glob("casebook.db-*"):
        left.unlink()
    if not named:
        return [f"{name} {bit // 8} {bit % 8}: not found"]
    sign = file.name if name.startswith("vault/") else name
    if not any(sign in line for line in named):
        return [f"{name} {bit // 8} {bit % 8}: not named: {named}"]
    return []


def _put(file: Path, content: bytes) -> None:
    """Write *content* into the file that is there, whatever its mode."""
    mode = file.stat().st_mode & 0o777
    file.chmod(0o600)
    with file.open("r+b") as handle:
        handle.write(content)
        handle.truncate()
    file.chmod(mode)


if __name__ == "__main__":
    figures = [int(word) for word in sys.argv[1:]]
    asked = dict(zip(("sampled", "seed", "every"), figures, strict=False))
    values = {"sampled": 10_000, "seed": 1, "every": 1} | asked
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="witnessmark-tamper-") as folder:
        made, opener = example(Path(folder))
        seen = campaign(made, opener, talk=True, **values)
    for line in seen.missed:
        print(f"error: {line}")
    whole = ", ".join(f"{name} {count}" for name, count in seen.exhaustive.items())
    print(
        f"{sum(seen.exhaustive.values())} flips in log and metadata ({whole}), {seen.sampled} "
        f"sampled in casebook and objects (seed {values['seed']}): {len(seen.missed)} not found "
        f"or not named; {time.perf_counter() - begun:.0f} s"
    )
    sys.exit(1 if seen.missed else 0)
