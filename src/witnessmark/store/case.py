"""A case on disk: casebook, vault, custody log, opened through one function.

Layout of a case folder::

    case.json        header: layout version, name, sealed or plain
    casebook.db      every row (SQLite, WAL)
    vault/           write-once objects: originals, renditions
    custody/log      the append-only custody log: one commitment a line
    tmp/             spill and temporary files, emptied on exit and at the next start
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import EvidenceFault, InputError, StorageFault
from witnessmark.store.casebook import Casebook, open_casebook
from witnessmark.store.vault import Vault

if TYPE_CHECKING:
    from pathlib import Path

    from witnessmark.core.source import Rendition, Source

LAYOUT = 1
"""Version of the folder's layout; another one is refused, never migrated in silence."""


@dataclass(frozen=True, slots=True)
class Case:
    """An open case.

    Attributes:
        path: the case folder.
        name: name of the case.
        sealed: whether it is encrypted.
        casebook: the rows.
        vault: the objects.
    """

    path: Path
    name: str
    sealed: bool
    casebook: Casebook
    vault: Vault

    def text(self, rendition: Rendition) -> str:
        """Return the frozen text of *rendition*.

        Raises:
            EvidenceFault: the text is not the one that was hashed.
        """
        data = self.vault.get(rendition.vault_object)
        if sha256_hex(data) != rendition.id:
            raise EvidenceFault(
                "a rendition is not the text that was sealed",
                where=f"{rendition.source}, object {rendition.vault_object}",
                to_do="restore the case from a backup",
            )
        return data.decode()

    def original(self, source: Source) -> bytes:
        """Return the bytes of *source* as they were captured.

        Raises:
            EvidenceFault: the bytes are not the ones that were hashed.
        """
        data = self.vault.get(source.vault_object)
        if sha256_hex(data) != source.sha256:
            raise EvidenceFault(
                "a source is not what was captured",
                where=f"{source.id} {source.name}, object {source.vault_object}",
                to_do="restore the case from a backup",
            )
        return data

    def close(self) -> None:
        """Close the casebook."""
        self.casebook.close()


def open_case(path: Path, key: bytes | None, *, create: bool = False) -> Case:
    """Open the case in folder *path*: the one way into casebook and vault.

    Args:
        path: the case folder.
        key: 32 raw bytes for a sealed case, None for a plain one.
        create: make the case if the folder is missing or empty.

    Raises:
        InputError: there is no case, or the folder holds something else.
        StorageFault: it cannot be made.
        EvidenceFault: its header or casebook is damaged.
    """
    header = path / "case.json"
    if not header.exists():
        if not create:
            raise InputError(
                "there is no case here", where=str(path), to_do=f"witnessmark init {path}"
            )
        _make(path, sealed=key is not None)
    try:
        head = json.loads(header.read_text())
        sealed = bool(head["sealed"])
        layout = int(head["layout"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvidenceFault(
            "the case header is damaged", where=str(header), to_do="restore it from a backup"
        ) from error
    if layout != LAYOUT:
        raise InputError(
            f"the case has layout {layout}, this version reads {LAYOUT}",
            where=str(header),
            to_do="use the version of Witnessmark that made it",
        )
    if sealed and key is None:
        raise InputError("the case is sealed", where=str(path), to_do="give its passphrase")
    casebook = open_casebook(path / "casebook.db", key if sealed else None)
    return Case(path, path.name, sealed, casebook, Vault(path / "vault", key if sealed else None))


def _make(path: Path, *, sealed: bool) -> None:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InputError(
            "the folder is not empty and holds no case",
            where=str(path),
            to_do="choose another folder for --case",
        )
    try:
        for part in ("vault", "custody", "tmp"):
            (path / part).mkdir(parents=True, exist_ok=True)
        head = {"layout": LAYOUT, "sealed": sealed, "witnessmark": "case"}
        (path / "case.json").write_text(json.dumps(head, sort_keys=True) + "\n")
    except OSError as error:
        raise StorageFault(
            f"the case could not be made: {error.strerror}",
            where=str(path),
            to_do="choose a folder that can be written",
        ) from error
