"""Hand-over: a whole case as a BagIt 1.0 bag that a stranger can check and read.

Laws:
1. Only a case that verifies is handed over.
2. The bag stands outside the case, in a new or empty folder, whole or not at all.
3. The same case gives the same bytes: no clock, no random name of the vault.
4. No key goes along. The nonces do: they open the log to whoever may read the sources.
5. A bag is readable, also that of a sealed case; it says so itself. So a case that holds
   testimony is not packed: it is handed over as a sealed backup.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import nullcontext
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, BinaryIO

from witnessmark.core.canonical import canonical_json
from witnessmark.core.errors import EvidenceFault, InputError, StorageFault
from witnessmark.core.provenance import INTERNAL_HANDLING
from witnessmark.store.bag_layout import (
    ALGORITHMS,
    DATA,
    DECLARATION,
    FACTS_PLACE,
    LOG_PLACE,
    OBJECT,
    PACKED,
    README_PLACE,
    SCHEMA,
    BagFacts,
    bag_info,
    fields_of,
    manifest,
    object_place,
    readme,
    table_place,
)
from witnessmark.store.checkpoint import FORMER_KEYS, PUBLIC
from witnessmark.store.engine import frozen
from witnessmark.store.journal import sync_folder
from witnessmark.store.tables import CONVERTER, RENDITIONS, SOURCES, TESTIMONIES
from witnessmark.store.verify import verify_case

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from witnessmark.core.progress import Progress
    from witnessmark.store.case import Case
    from witnessmark.store.tables import Shelf

__all__ = ["export_bag"]


def export_bag(case: Case, out: Path, *, progress: Progress | None = None) -> Path:
    """Pack *case* into a bag in the folder *out* and return that folder.

    The bag is readable: the caller has made sure that its audience may read the case.

    Args:
        case: an open case; it is not changed.
        out: a folder that is not there yet, or is empty.
        progress: hears of each table.

    Raises:
        InputError: the case holds testimony; or *out* lies in the case, is not empty, or is no
            folder.
        EvidenceFault: the case does not verify.
        StorageFault: another program is writing to the case, or the disk is full.
    """
    _refuse_testimony(case)
    staging = _place_for(case.path, out)
    # a case that nobody can write (a disc, an archive) needs no lock, and takes none
    alone = nullcontext() if frozen(case.path / "casebook.db") else case.writer("packing a bag")
    with alone:
        faults = verify_case(case).faults
        if faults:
            raise EvidenceFault(
                f"the case does not verify ({len(faults)} faults), so it is not handed over; "
                f"the first: {faults[0].what}",
                where=faults[0].where,
                to_do="run witnessmark verify for all of them, and restore the case",
            )
        try:
            staging.mkdir(mode=0o700, parents=True)
            _pack(case, _Packing(staging), progress)
            staging.rename(out)
            sync_folder(out.resolve().parent)
        except OSError as error:
            raise StorageFault(
                f"the bag could not be written: {error.strerror}",
                where=str(out),
                to_do="free space or choose another folder with --out; the case is untouched",
            ) from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return out


def _refuse_testimony(case: Case) -> None:
    if case.casebook.rows(TESTIMONIES):
        raise InputError(
            "the case holds testimony, which never leaves a sealed case, and a bag is readable",
            where=case.name,
            to_do="hand it over sealed: witnessmark backup, and the passphrase on another road",
        )


def _place_for(case: Path, out: Path) -> Path:
    """Return the folder to pack in, beside *out*, after checking both."""
    if out.resolve().is_relative_to(case.resolve()):
        raise InputError(
            "the bag would lie inside the case",
            where=str(out),
            to_do="choose a folder outside the case with --out",
        )
    if out.is_symlink() or (out.exists() and not (out.is_dir() and not any(out.iterdir()))):
        raise InputError(
            "the bag needs a new or empty folder",
            where=str(out),
            to_do="choose another folder with --out; nothing is overwritten",
        )
    staging = out.resolve().with_name(f"{out.resolve().name}.part")
    if staging.exists() or staging.is_symlink():
        raise InputError(
            "a bag that was cut off, or is being packed just now, stands there, readable",
            where=str(staging),
            to_do="if no other export is running, delete it; then run the command again",
        )
    return staging


class _Summed:
    """A file that takes its sums while it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sums = {name: hashlib.new(name) for name in ALGORITHMS}
        self.size = 0

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        for running in self.sums.values():
            running.update(piece)
        self.size += len(piece)


class _Packing:
    """A bag under way: what was written, with its sums."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.octets = 0
        self.sums: dict[str, dict[str, str]] = {name: {} for name in ALGORITHMS}

    def put(self, place: str, content: bytes) -> None:
        """Write one file."""
        self.pour(place, lambda file: file.write(content))

    def pour(self, place: str, fill: Callable[[_Summed], object]) -> None:
        """Write what *fill* writes; the same object under the same name is written once."""
        if place in self.sums[ALGORITHMS[0]]:
            return
        target = self.root / place
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            passing = _Summed(file)
            fill(passing)
            file.flush()
            os.fsync(file.fileno())
        for name, running in passing.sums.items():
            self.sums[name][place] = running.hexdigest()
        self.octets += passing.size if place.startswith(DATA) else 0

    def manifests(self, prefix: str, *, payload: bool) -> None:
        """Write the manifests of the payload, or of the tag files so far."""
        texts = {
            name: manifest({p: s for p, s in sums.items() if p.startswith(DATA) is payload})
            for name, sums in self.sums.items()
        }
        for name, text in texts.items():
            self.put(f"{prefix}-{name}.txt", text.encode())


def _pack(case: Case, packing: _Packing, progress: Progress | None) -> None:
    named: set[str] = set()
    rows: dict[str, int] = {}
    for number, shelf in enumerate(PACKED, start=1):
        lines = [_line(case, packing, shelf, row, named) for row in case.casebook.rows(shelf)]
        packing.put(table_place(shelf), "".join(f"{line}\n" for line in lines).encode())
        rows[shelf.name] = len(lines)
        if progress is not None:
            progress.step("bag", number, len(PACKED))
    objects: set[str] = set()
    for entry in case.catalogue.objects():
        if entry.name not in named:
            place = object_place(None, {}, case.vault.measured(entry.name).sha256)
            packing.pour(place, partial(case.vault.get_stream, entry.name))
            objects.add(place)
    packing.put(LOG_PLACE, "".join(case.custody.lines()).encode())
    facts = BagFacts(
        schema=SCHEMA,
        handling=INTERNAL_HANDLING,
        witnessmark=version("witnessmark"),
        name=case.name,
        sealed=case.sealed,
        digest=case.casebook.digest(),
        log=case.custody.stated_head(),
        tables={shelf.name: fields_of(shelf) for shelf in PACKED},
        rows=rows,
        objects=sorted(objects),
        signed_by=[*case.catalogue.fact(FORMER_KEYS).split(), *case.catalogue.fact(PUBLIC).split()],
    )
    packing.put(FACTS_PLACE, facts.to_json().encode())
    files = len(packing.sums[ALGORITHMS[0]])
    octets = packing.octets
    packing.put("bagit.txt", DECLARATION.encode())
    packing.put("bag-info.txt", bag_info(facts, octets=octets, files=files).encode())
    packing.put(README_PLACE, readme(facts).encode())
    packing.manifests("manifest", payload=True)
    packing.manifests("tagmanifest", payload=False)


def _line(case: Case, packing: _Packing, shelf: Shelf[Any], row: object, named: set[str]) -> str:
    """Return *row* as it stands in the bag, its object packed beside it."""
    plain: dict[str, Any] = CONVERTER.unstructure(row)
    name = plain.get(OBJECT)
    if name:
        named_by_row = shelf in {SOURCES, RENDITIONS}
        digest = "" if named_by_row else case.vault.measured(name).sha256
        place = object_place(shelf, plain, digest)
        packing.pour(place, partial(case.vault.get_stream, name))
        named.add(name)
        plain[OBJECT] = place
    return canonical_json(plain)
