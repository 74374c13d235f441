"""The header of a case (``case.json``) and the folder that it stands in.

Laws:
1. Another layout is refused, never migrated in silence.
2. The header carries its own checksum: damage is told apart from a wrong passphrase.
3. The folder is its owner's alone (0700, files 0600).
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from witnessmark.core.canonical import canonical_json, sha256_hex
from witnessmark.core.errors import EvidenceFault, InputError, StorageFault
from witnessmark.store.journal import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

LAYOUT = 1
"""Version of the folder's layout."""

FOLDERS = ("vault", "custody", "tmp")
"""What a case folder holds beside its two files."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a case says of itself before it is opened.

    Attributes:
        sealed: whether it is encrypted.
        slots: wrapped copies of the case key (:mod:`witnessmark.store.seal`).
    """

    sealed: bool
    slots: tuple[dict[str, Any], ...] = ()

    def to_json(self) -> str:
        """Return the header's file content."""
        bare = {
            "witnessmark": "case",
            "layout": LAYOUT,
            "sealed": self.sealed,
            "slots": list(self.slots),
        }
        checksum = sha256_hex(canonical_json(bare).encode())
        return json.dumps({**bare, "checksum": checksum}, sort_keys=True)


def header_path(path: Path) -> Path:
    """Return where the header of the case at *path* stands."""
    return path / "case.json"


def read_header(path: Path) -> Header:
    """Return the header of the case at *path*.

    Raises:
        EvidenceFault: it is damaged.
        InputError: it has another layout.
    """
    where = header_path(path)
    try:
        head = json.loads(where.read_bytes())
        checksum = head.pop("checksum")
        layout, sealed, slots = int(head["layout"]), head["sealed"], tuple(head["slots"])
        intact = checksum == sha256_hex(canonical_json(head).encode()) and sealed in {True, False}
    except (
        *(OSError, ValueError, KeyError, TypeError),
        *(AttributeError, RecursionError),
    ) as error:
        raise EvidenceFault(
            "the case header is damaged", where=str(where), to_do="restore it from a backup"
        ) from error
    if not intact:
        raise EvidenceFault(
            "the case header was altered", where=str(where), to_do="restore it from a backup"
        )
    if layout != LAYOUT:
        raise InputError(
            f"the case has layout {layout}, this version reads {LAYOUT}",
            where=str(where),
            to_do="use the version of Witnessmark that made it",
        )
    return Header(sealed, slots)


def make_folder(path: Path, header: Header) -> None:
    """Make the folder of a new case, its header last.

    Raises:
        InputError: the folder holds something else.
        StorageFault: it cannot be made.
    """
    if path.is_symlink() or (path.exists() and not _is_ours(path)):
        raise InputError(
            "the folder is not empty and holds no case",
            where=str(path),
            to_do="choose another folder for --case",
        )
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in FOLDERS:
            (path / name).mkdir(exist_ok=True, mode=0o700)
        write_whole(header_path(path), (header.to_json() + "\n").encode())
    except OSError as error:
        raise StorageFault(
            f"the case could not be made: {error.strerror}",
            where=str(path),
            to_do="choose a folder that can be written",
        ) from error


def _is_ours(path: Path) -> bool:
    """Return whether *path* is empty, or what a cut-off ``make_folder`` left."""
    if not path.is_dir():
        return False
    left = {entry.name for entry in path.iterdir()} - {"case.json.part"}
    return left <= set(FOLDERS) and not any(
        any((path / name).iterdir()) for name in left if (path / name).is_dir()
    )


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file whole or not at all: aside, to the disk, then renamed."""
    partial = path.with_name(path.name + ".part")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync_folder(path.parent)
