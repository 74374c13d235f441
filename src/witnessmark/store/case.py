"""A case on disk: casebook, vault, custody log, opened through one function.

Layout of a case folder::

    case.json        header: layout version, sealed or plain, key slots
    casebook.db      every row (SQLite, WAL; SQLCipher if sealed)
    vault/           write-once objects: originals, renditions
    custody/log      the append-only custody log: one commitment a line
    custody/intent   the journal of a transaction under way, else absent
    tmp/             spill and temporary files, emptied on exit and at the next start
    lock             who is writing now
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import (
    EvidenceFault,
    InputError,
    StorageFault,
    WitnessmarkError,
)
from witnessmark.store.casebook import Casebook, open_casebook
from witnessmark.store.catalogue import Catalogue
from witnessmark.store.custody import CustodyLog
from witnessmark.store.header import LAYOUT, Header, header_path, make_folder, read_header
from witnessmark.store.journal import Journal
from witnessmark.store.lock import WriterLock
from witnessmark.store.seal import derived_key
from witnessmark.store.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from witnessmark.core.source import Rendition, Source

__all__ = ["LAYOUT", "Case", "open_case"]


@dataclass(frozen=True, slots=True)
class Case:
    """An open case.

    Attributes:
        path: the case folder.
        name: name of the case.
        sealed: whether it is encrypted.
        casebook: the rows.
        vault: the objects.
        catalogue: what the vault holds.
        custody: the custody log.
        journal: what is under way.
        lock: the writer's lock.
    """

    path: Path
    name: str
    sealed: bool
    casebook: Casebook
    vault: Vault
    catalogue: Catalogue
    custody: CustodyLog
    journal: Journal
    lock: WriterLock

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

    @contextmanager
    def writer(self, doing: str) -> Generator[None]:
        """Hold the case for a longer piece of work, so that no other program writes between.

        Raises:
            StorageFault: another program is writing; it is named.
        """
        with self.lock.holding(doing):
            yield

    def close(self) -> None:
        """Close the casebook and empty ``tmp/``."""
        self.casebook.close()
        if not self.lock.held:
            try:
                with self.lock.holding("closing", patience_s=0):
                    _empty(self.path / "tmp")
            except StorageFault:
                pass  # another program is writing: it empties the folder when it ends


def open_case(path: Path, key: bytes | None, *, create: bool = False) -> Case:
    """Open the case in folder *path*: the one way into casebook and vault.

    What a crash left unfinished is finished or taken back first, unless another
    program is writing just now.

    Args:
        path: the case folder.
        key: 32 raw bytes for a sealed case, None for a plain one.
        create: make the case if the folder is missing or empty.

    Raises:
        InputError: there is no case, or the folder holds something else.
        StorageFault: it cannot be made.
        EvidenceFault: its header or casebook is damaged.
    """
    if not header_path(path).exists():
        if not create:
            raise InputError(
                "there is no case here", where=str(path), to_do=f"witnessmark init {path}"
            )
        make_folder(path, Header(sealed=key is not None))
    header = read_header(path)
    if header.sealed and key is None:
        raise InputError("the case is sealed", where=str(path), to_do="give its passphrase")
    _refuse_lost_casebook(path, create=create)
    case = _wired(path, key if header.sealed else None)
    try:
        with case.lock.holding("opening", patience_s=0):
            _recover(case)
            for partial in path.glob("*.part"):
                partial.unlink(missing_ok=True)
            case.vault.sweep()
            _empty(path / "tmp")
    except StorageFault:
        pass  # another program is writing, or the disk cannot be written: reading still works
    except BaseException:
        case.casebook.close()
        raise
    return case


def _refuse_lost_casebook(path: Path, *, create: bool) -> None:
    """Refuse to put an empty casebook in the place of one that is gone."""
    if (path / "casebook.db").exists():
        return
    used = (path / "custody" / "log").exists() or any((path / "vault").glob("*"))
    if used or not create:
        raise EvidenceFault(
            "the casebook is gone",
            where=str(path / "casebook.db"),
            to_do="restore it from a backup",
        )


def _wired(path: Path, key: bytes | None) -> Case:
    lock = WriterLock(path / "lock")
    casebook = open_casebook(
        path / "casebook.db", None if key is None else derived_key(key, "casebook"), lock
    )
    catalogue = Catalogue(casebook)
    journal = Journal(path / "custody" / "intent")
    vault = Vault(path / "vault", key, casebook=casebook, catalogue=catalogue, journal=journal)
    custody = CustodyLog(path / "custody" / "log", casebook, catalogue, journal)
    case = Case(
        path,
        path.resolve().name,
        key is not None,
        casebook,
        vault,
        catalogue,
        custody,
        journal,
        lock,
    )

    def commit() -> None:
        custody.flush()
        if journal.withdrawing:
            _recover(case)  # objects and traces go once their rows are gone, crash or not
        journal.clear()

    def undo() -> None:
        custody.forget()
        # if this fails the journal stays and the next opening takes it back; the error
        # that undid the transaction is the one to tell
        with suppress(OSError, WitnessmarkError):
            _recover(case)

    casebook.before_writing = lambda: _recover(case)
    casebook.after_commit = commit
    casebook.after_undo = undo
    return case


def _recover(case: Case) -> None:
    """Finish or take back what a transaction left; the caller holds the lock."""
    intent = case.journal.pending()
    if intent is None:
        return
    if intent.leaf is not None:
        case.custody.forget()
        case.custody.finish(intent.leaf)
    case.vault.take_back(intent.objects)
    if intent.forget:
        case.casebook.forget()
    case.journal.clear()


def _empty(folder: Path) -> None:
    if folder.is_symlink() or not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
