"""Backups: one file that holds a case as it stood at one moment, sealed if it was sealed.

The file is an uncompressed tar: the case's files as they are, then ``MANIFEST.json`` with
the SHA-256 and size of each. In a sealed case those are digests of encrypted files.

Laws:
1. One moment: nobody writes while it is copied; what the log of the casebook holds is in it.
2. A file appears whole or not at all, and never in the place of another.
3. It is read back from the disk and checked before it counts as made.
4. ``restore`` believes nothing: other names, links, doubles and lengths are refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tarfile
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from witnessmark.core.errors import EvidenceFault, InputError, StorageFault, WitnessmarkError
from witnessmark.store.header import FOLDERS, read_header
from witnessmark.store.journal import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

    from witnessmark.store.case import Case

MANIFEST = "MANIFEST.json"
SCHEMA = "witnessmark/backup/1"
PIECE_BYTES = 1024 * 1024

MOST_MANIFEST_BYTES = 256 * 1024 * 1024
"""A longer manifest (two million files) is refused, not read."""

LEFT_OUT = ("lock", "casebook.db-shm", "custody/intent")
"""Who writes, SQLite's index of its log, and the journal: of the moment, never of the case."""

NAME = re.compile(
    r"case\.json|casebook\.db(-wal)?|custody/[A-Za-z0-9._-]{1,100}|vault/[0-9a-f]{2}/[0-9a-f]{32}"
)
"""What a case holds."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds.

    Attributes:
        files: how many files.
        size: their bytes.
        sealed: whether the case is sealed.
    """

    files: int
    size: int
    sealed: bool


def backup(case: Case, target: Path) -> Kept:
    """Write the open *case* to the new file *target* and check it.

    Raises:
        InputError: *target* is there already, or lies in the case.
        StorageFault: another program is writing, the disk is full, or what was written
            does not read back.
    """
    if target.exists() or target.is_symlink():
        raise InputError("the file is there already", where=str(target), to_do="name a new file")
    if target.resolve().is_relative_to(case.path.resolve()):
        raise InputError(
            "the backup would lie in the case itself",
            where=str(target),
            to_do="choose a place outside, best on another disk",
        )
    partial = target.with_name(target.name + ".part")
    try:
        with case.writer("making a backup"), case.casebook.writing():
            _write(case.path, partial)
        kept = _checked(partial)
        _name(partial, target)
        sync_folder(target.parent)
    except OSError as error:
        raise StorageFault(
            f"the backup could not be written: {error.strerror}",
            where=str(target),
            to_do="free space or choose another disk, then run it again",
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return kept


def _name(partial: Path, target: Path) -> None:
    """Give *partial* its name; a link, unlike a rename, never takes another file's place."""
    try:
        os.link(partial, target)
    except FileExistsError:
        raise
    except OSError:  # memory sticks know no links
        partial.rename(target)


def _write(path: Path, partial: Path) -> None:
    with suppress(FileNotFoundError):
        partial.unlink()
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    listed: dict[str, dict[str, object]] = {}
    with os.fdopen(handle, "wb") as file:
        names = _names(path)
        shape = _shape(max(((path / name).stat().st_size for name in names), default=0))
        with tarfile.open(fileobj=file, mode="w", format=shape) as tar:
            for name in names:
                with (path / name).open("rb") as content:
                    size = os.fstat(content.fileno()).st_size
                    passing = _Hashed(content)
                    tar.addfile(_entry(name, size), passing)
                listed[name] = {"sha256": passing.hash.hexdigest(), "size": size}
            text = json.dumps({"schema": SCHEMA, "files": listed}, indent=0, sort_keys=True)
            tar.addfile(_entry(MANIFEST, len(text)), BytesIO(text.encode()))
        file.flush()
        os.fsync(file.fileno())


MOST_USTAR = 8 * 1024**3
"""Bytes from which on the plain tar format has no room for a file's size."""


def _shape(largest: int) -> int:
    """Return the tar format for files of up to *largest* bytes; every tar reads both."""
    return tarfile.USTAR_FORMAT if largest < MOST_USTAR else tarfile.GNU_FORMAT


def _names(path: Path) -> list[str]:
    """Return the files of the case; the casebook before its log, see law 1.

    While no one writes, a reader that closes may still fold the log into the casebook;
    the log that is copied afterwards then holds those pages too.
    """
    found = [
        file.relative_to(path).as_posix()
        for file in path.rglob("*")
        if file.is_file() and not file.is_symlink()
    ]
    kept = [
        name
        for name in found
        if name not in LEFT_OUT and not name.startswith("tmp/") and not name.endswith(".part")
    ]
    foreign = [name for name in kept if not NAME.fullmatch(name)]
    if foreign:
        raise EvidenceFault(
            f"the case folder holds a file that is none of its own: {min(foreign)}",
            where=str(path),
            to_do="move it out, then run witnessmark verify",
        )
    return sorted(kept)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size = size
    entry.mode = 0o600
    return entry


class _Hashed:
    """A reader that hashes what passes."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._content.read(size)
        self.hash.update(piece)
        return piece


def _checked(archive: Path, into: Path | None = None) -> Kept:
    """Read the whole *archive*, and write its files under *into* if that is given.

    Raises:
        EvidenceFault: it is not a whole backup.
    """
    seen: dict[str, dict[str, object]] = {}
    stated: object = None
    head = b""
    try:
        with tarfile.open(archive, "r:") as tar:
            for entry in tar:
                content = tar.extractfile(entry) if entry.isreg() else None
                # a sparse entry is a few bytes here and fills the disk there
                if content is None or entry.issparse() or stated is not None or entry.name in seen:
                    raise _fault(archive, f"it holds {entry.name!r}, which no backup holds")
                if entry.name == MANIFEST and entry.size <= MOST_MANIFEST_BYTES:
                    stated = json.loads(content.read())
                    continue
                if not NAME.fullmatch(entry.name):
                    raise _fault(archive, f"it holds {entry.name!r}, which no backup holds")
                place = None if into is None else into / entry.name
                seen[entry.name] = _copied(content, place)  # type: ignore[arg-type]  # a reader
                if entry.name == "case.json" and into is None:
                    content.seek(0)
                    head = content.read(PIECE_BYTES)
    except (tarfile.TarError, ValueError, EOFError, RecursionError) as error:
        raise _fault(archive, "it is damaged or was cut off") from error
    if stated != {"schema": SCHEMA, "files": seen} or "case.json" not in seen:
        raise _fault(archive, "its files are not those that its manifest states")
    sealed = _says_sealed(archive, head) if into is None else read_header(into).sealed
    return Kept(len(seen), sum(int(str(of["size"])) for of in seen.values()), sealed)


def _says_sealed(archive: Path, head: bytes) -> bool:
    try:
        return json.loads(head)["sealed"] is True
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _fault(archive, "the header of the case is damaged") from error


def _copied(content: BinaryIO, place: Path | None) -> dict[str, object]:
    digest, size = hashlib.sha256(), 0
    target: BinaryIO | None = None
    if place is not None:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = 0o400 if place.parent.parent.name == "vault" else 0o600
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        target = os.fdopen(os.open(place, flags, mode), "wb")
    try:
        while piece := content.read(PIECE_BYTES):
            digest.update(piece)
            size += len(piece)
            if target is not None:
                target.write(piece)
        if target is not None:
            target.flush()
            os.fsync(target.fileno())
    finally:
        if target is not None:
            target.close()
    return {"sha256": digest.hexdigest(), "size": size}


def restore(archive: Path, path: Path) -> Kept:
    """Make the case folder *path* of the backup *archive*.

    The folder appears once every file is on the disk and has its stated hash.

    Raises:
        InputError: there is no such file, or *path* is there already.
        EvidenceFault: the backup is damaged.
        StorageFault: the folder cannot be made.
    """
    if not archive.is_file():
        raise InputError("there is no such backup", where=str(archive), to_do="check the path")
    if path.exists() or path.is_symlink():
        raise InputError(
            "the folder is there already", where=str(path), to_do="name a new folder for the case"
        )
    partial = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.mkdir(mode=0o700)
    except OSError as error:
        raise _unmade(path, error) from error
    try:
        for name in FOLDERS:
            (partial / name).mkdir(mode=0o700)
        kept = _checked(archive, partial)
        for folder in sorted(entry for entry in partial.rglob("*") if entry.is_dir()):
            sync_folder(folder)
        sync_folder(partial)
        partial.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise _unmade(path, error) from error
    except WitnessmarkError:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return kept


def _unmade(path: Path, error: OSError) -> StorageFault:
    return StorageFault(
        f"the case could not be restored: {error.strerror}",
        where=str(path),
        to_do="free space, remove what a cut-off restore left, or choose another folder",
    )


def _fault(archive: Path, why: str) -> EvidenceFault:
    return EvidenceFault(
        f"this is not a whole backup: {why}",
        where=str(archive),
        to_do="use another backup; nothing was restored from this one",
    )
