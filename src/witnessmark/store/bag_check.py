"""Reading a bag strictly: what a stranger sends is not believed, it is checked.

The steps, in this order:

1. The bag is a folder of regular files; nothing in it is a link, pipe or device.
2. The tag files are those of a Witnessmark bag, no less and no more.
3. Every file has both of its sums in a manifest, and no manifest names another file.
4. Every sum is right, and the payload has the size that ``bag-info.txt`` states.
5. The facts and rows are canonical, of this version's tables, and name every object.

Laws:
1. A path from a manifest reaches the disk only if it is one that :mod:`bag_layout` makes.
2. Nothing is written, and the first fault is told with the file that it stands in.
3. What was checked is read again by its sum: a file that changes afterwards is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from witnessmark.core.canonical import canonical_json
from witnessmark.core.errors import EvidenceFault, InputError
from witnessmark.store.bag_layout import (
    ALGORITHMS,
    DATA,
    DECLARATION,
    FACTS_PLACE,
    LOG_PLACE,
    OBJECT,
    PACKED,
    README_PLACE,
    SAFE_PLACE,
    SCHEMA,
    BagFacts,
    fields_of,
    table_place,
)
from witnessmark.store.tables import CONVERTER, CUSTODY

if TYPE_CHECKING:
    from pathlib import Path

    from witnessmark.store.tables import Shelf
    from witnessmark.store.vault import Vault

TAG_FILES = frozenset({"bagit.txt", "bag-info.txt", README_PLACE})
MANIFESTS = tuple(f"manifest-{name}.txt" for name in ALGORITHMS)
TAG_MANIFESTS = tuple(f"tagmanifest-{name}.txt" for name in ALGORITHMS)
SUM_LINE = re.compile(r"([0-9a-fA-F]{64,128})[ \t]+\*?(\S+)")
OXUM = re.compile(r"^Payload-Oxum: (\d+)\.(\d+)$", re.MULTILINE)
CHUNK_BYTES = 1024 * 1024

LARGEST_TAG_FILE = 256 * 1024 * 1024
"""Bytes of a manifest: two million files; a larger one is an attack on the reader."""

LARGEST_TABLE = 2 * 1024 * 1024 * 1024
"""Bytes of a table's rows that are read into memory."""

REMEDY = "ask for the bag again; nothing was imported"


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag that passed every check.

    Attributes:
        path: its folder.
        sums: SHA-256 of every payload file, by its place.
        facts: what it says of the case.
        rows: the rows of each table; ``vault_object`` is a place in the bag.
    """

    path: Path
    sums: dict[str, str]
    facts: BagFacts
    rows: dict[str, tuple[Any, ...]]

    def keep(self, place: str, vault: Vault) -> str:
        """Store the payload file at *place* as it was when it was checked; return the object.

        Raises:
            EvidenceFault: it changed since, or cannot be read.
        """
        try:
            with os.fdopen(_open(self.path, place), "rb") as file:
                stored = vault.put_stream(_Reading(file, place))
        except OSError as error:
            raise _fault(f"a file of the bag cannot be read: {error.strerror}", place) from error
        if stored.sha256 != self.sums[place]:
            raise _fault("a file of the bag changed while it was read", place)
        return stored.name


class _Reading:
    """A file of a bag as a stream for the vault."""

    def __init__(self, file: BinaryIO, place: str) -> None:
        self._file = file
        self._place = place

    def read(self, size: int = -1) -> bytes:
        try:
            return self._file.read(size)
        except OSError as error:
            raise _fault(
                f"a file of the bag cannot be read: {error.strerror}", self._place
            ) from error


def read_bag(path: Path) -> Bag:
    """Check the bag in folder *path* and return it.

    Raises:
        InputError: there is no bag, or another version of Witnessmark made it.
        EvidenceFault: it was damaged or altered; the file is named.
    """
    present = _listing(path)
    _check_tag_files(path, present)
    sums = _check_sums(path, present)
    facts = _facts(path, sums)
    rows = {shelf.name: _rows(path, shelf, facts, sums) for shelf in PACKED}
    _check_places(sums, facts, rows)
    _check_log(path, facts, rows)
    return Bag(path, sums, facts, rows)


def _listing(path: Path) -> set[str]:
    """Step 1: return every file of the bag, by its place."""
    try:
        if not stat.S_ISDIR(os.lstat(path).st_mode) or not (path / "bagit.txt").exists():
            raise InputError(
                "this is no bag", where=str(path), to_do="give the folder that holds bagit.txt"
            )
    except OSError as error:
        raise InputError(
            f"the bag cannot be read: {error.strerror}", where=str(path), to_do="check the path"
        ) from error
    found: set[str] = set()
    pending = [path]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                place = os.path.relpath(entry.path, path)
                if entry.is_symlink():
                    raise _fault("the bag holds a link", place)
                if entry.is_dir(follow_symlinks=False):
                    pending.append(path / place)
                elif entry.is_file(follow_symlinks=False):
                    found.add(place)
                else:
                    raise _fault("the bag holds something that is no file", place)
    return found


def _check_tag_files(path: Path, present: set[str]) -> None:
    """Step 2."""
    wanted = TAG_FILES | {*MANIFESTS, *TAG_MANIFESTS}
    tags = {place for place in present if not place.startswith(DATA)}
    for place in sorted(wanted - tags):
        raise _fault("a file of the bag is missing", place)
    for place in sorted(tags - wanted):
        raise _fault("the bag holds a file that no bag of ours has", place)
    if _read(path, "bagit.txt", LARGEST_TAG_FILE) != DECLARATION.encode():
        raise _fault("the bag is not BagIt 1.0 in UTF-8", "bagit.txt")


def _check_sums(path: Path, present: set[str]) -> dict[str, str]:
    """Steps 3 and 4: return SHA-256 of every payload file."""
    payload = {place for place in present if place.startswith(DATA)}
    tags = TAG_FILES | set(MANIFESTS)
    stated: dict[str, dict[str, str]] = {}
    for manifests, files in ((TAG_MANIFESTS, tags), (MANIFESTS, payload)):
        for name, algorithm in zip(manifests, ALGORITHMS, strict=True):
            found = _manifest(path, name, tags=files is tags)
            for place in sorted(files - set(found)):
                raise _fault(f"a file of the bag is not listed in {name}", place)
            for place in sorted(set(found) - files):
                raise _fault(f"{name} lists a file that the bag lacks", place)
            for place, value in found.items():
                stated.setdefault(place, {})[algorithm] = value
    octets = 0
    for place in sorted(stated, key=lambda name: (name.startswith(DATA), name)):
        size, sums = _summed(path, place)
        for algorithm, value in sums.items():
            if stated[place][algorithm] != value:
                raise _fault(f"a file of the bag was altered: its {algorithm} is another", place)
        octets += size if place in payload else 0
    oxum = OXUM.findall(_text(path, "bag-info.txt"))
    if oxum != [(str(octets), str(len(payload)))]:
        raise _fault("the payload is not as large as the bag says", "bag-info.txt")
    return {place: stated[place]["sha256"] for place in sorted(payload)}


def _manifest(path: Path, name: str, *, tags: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    known = TAG_FILES | set(MANIFESTS)
    for number, line in enumerate(_text(path, name).splitlines(), start=1):
        match = SUM_LINE.fullmatch(line)
        where = f"{name}, line {number}"
        if match is None:
            raise _fault("a line of the manifest cannot be read", where)
        value, place = match.groups()
        if place not in known if tags else not SAFE_PLACE.fullmatch(place):
            raise _fault("the manifest names a path that no bag of ours has", where)
        if place in found:
            raise _fault("the manifest names a file twice", where)
        found[place] = value.lower()
    return found


def _summed(path: Path, place: str) -> tuple[int, dict[str, str]]:
    sums = {name: hashlib.new(name) for name in ALGORITHMS}
    size = 0
    try:
        with os.fdopen(_open(path, place), "rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                size += len(chunk)
                for running in sums.values():
                    running.update(chunk)
    except OSError as error:
        raise _fault(f"a file of the bag cannot be read: {error.strerror}", place) from error
    return size, {name: running.hexdigest() for name, running in sums.items()}


def _facts(path: Path, sums: dict[str, str]) -> BagFacts:
    """Step 5: the facts, of this version."""
    if FACTS_PLACE not in sums:
        raise InputError(
            "this bag holds no case of Witnessmark",
            where=str(path),
            to_do="give a bag that witnessmark export --format bagit made",
        )
    text = _text(path, FACTS_PLACE)
    try:
        facts = CONVERTER.structure(json.loads(text), BagFacts)
    except Exception as error:  # cattrs and json raise many kinds; all mean another layout
        raise _fault("the facts of the case cannot be read", FACTS_PLACE) from error
    if facts.to_json() != text:
        raise _fault("the facts of the case are not in their one form", FACTS_PLACE)
    tables = {shelf.name: fields_of(shelf) for shelf in PACKED}
    if facts.schema != SCHEMA or facts.tables != tables:
        differing = sorted(
            name for name in {*tables, *facts.tables} if tables.get(name) != facts.tables.get(name)
        )
        raise InputError(
            f"Witnessmark {facts.witnessmark} made this bag with other tables"
            + (f": {', '.join(differing)}" if differing else ""),
            where=str(path),
            to_do="import it with that version",
        )
    if not all(re.fullmatch(r"[0-9a-f]{64}", key) for key in facts.signed_by):
        raise _fault("a signing key of the log cannot be read", FACTS_PLACE)
    return facts


def _rows(path: Path, shelf: Shelf[Any], facts: BagFacts, sums: dict[str, str]) -> tuple[Any, ...]:
    place = table_place(shelf)
    if place not in sums:
        raise _fault("a table is missing", place)
    rows: list[Any] = []
    text = _text(path, place, LARGEST_TABLE)
    lines = text.split("\n")
    if lines.pop() != "":
        raise _fault("the last row is cut off", place)
    for number, line in enumerate(lines, start=1):
        try:
            row = CONVERTER.structure(json.loads(line), shelf.row)
            same = canonical_json(CONVERTER.unstructure(row)) == line
        except Exception as error:  # as above: whatever is raised, the row is not one of ours
            raise _fault("a row cannot be read", f"{place}, line {number}") from error
        if not same:
            raise _fault("a row is not in its one form", f"{place}, line {number}")
        rows.append(row)
    if facts.rows.get(shelf.name) != len(rows):
        raise _fault("the table has more or fewer rows than the bag states", place)
    return tuple(rows)


def _check_places(sums: dict[str, str], facts: BagFacts, rows: dict[str, tuple[Any, ...]]) -> None:
    """Refuse a payload file that nothing names, and a name without its file."""
    named = {FACTS_PLACE, LOG_PLACE, *facts.objects}
    named |= {table_place(shelf) for shelf in PACKED}
    for shelf in PACKED:
        if OBJECT in fields_of(shelf):
            named |= {place for row in rows[shelf.name] if (place := getattr(row, OBJECT))}
    for place in sorted(named - set(sums)):
        raise _fault("a row or fact names a file that the bag lacks", place)
    for place in sorted(set(sums) - named):
        raise _fault("nothing in the case names this file", place)


def _check_log(path: Path, facts: BagFacts, rows: dict[str, tuple[Any, ...]]) -> None:
    """The log must be the list of the entries' commitments: it is made anew from them."""
    lines = "".join(f"{entry.commitment}\n" for entry in rows[CUSTODY.name])
    if _text(path, LOG_PLACE, LARGEST_TABLE) != lines:
        raise _fault("the custody log is not the list of its entries", LOG_PLACE)
    leaves = facts.log.partition(" ")[0] or "0"
    if leaves != str(len(rows[CUSTODY.name])):
        raise _fault("the head is that of another log", FACTS_PLACE)


def _text(path: Path, place: str, most: int = LARGEST_TAG_FILE) -> str:
    try:
        return _read(path, place, most).decode()
    except UnicodeDecodeError as error:
        raise _fault("a file of the bag is not UTF-8", place) from error


def _read(path: Path, place: str, most: int | None = None) -> bytes:
    try:
        with os.fdopen(_open(path, place), "rb") as file:
            if most is not None and os.fstat(file.fileno()).st_size > most:
                raise _fault(f"a file of the bag is larger than {most} bytes", place)
            return file.read()
    except OSError as error:
        raise _fault(f"a file of the bag cannot be read: {error.strerror}", place) from error


def _open(path: Path, place: str) -> int:
    return os.open(path / place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)


def _fault(what: str, place: str) -> EvidenceFault:
    return EvidenceFault(what, where=place, to_do=REMEDY)
