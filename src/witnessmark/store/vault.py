"""The evidence vault: write-once objects under random names.

Laws:
1. An object is written whole (aside, to the disk, renamed, folder to the disk) or not at all.
2. An object is never changed; the same content is kept once, found by a keyed hash.
3. Names are random and say nothing of the content.
4. In a sealed case each object is an age file under its own key; the key is wrapped by
   the case key and stands in the sealed casebook, where it can be destroyed alone.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from typing import TYPE_CHECKING

from witnessmark.core.errors import EvidenceFault, StorageFault
from witnessmark.store.age import decrypted, encrypted
from witnessmark.store.catalogue import ObjectRow
from witnessmark.store.journal import sync_folder
from witnessmark.store.seal import derived_key, unwrap, wrap

if TYPE_CHECKING:
    from pathlib import Path

    from witnessmark.store.casebook import Casebook
    from witnessmark.store.catalogue import Catalogue
    from witnessmark.store.journal import Journal

PLAIN_KEY = b"witnessmark/plain-catalogue/v1"
"""Key of the catalogue's hashes in a plain case: public, since nothing there is hidden."""


class Vault:
    """The folder of objects of one case."""

    def __init__(
        self,
        folder: Path,
        key: bytes | None,
        *,
        casebook: Casebook,
        catalogue: Catalogue,
        journal: Journal,
    ) -> None:
        """Open the vault in *folder*; *key* is None for a plain case."""
        self._folder = folder
        self._casebook = casebook
        self._catalogue = catalogue
        self._journal = journal
        self._wrapping = None if key is None else derived_key(key, "vault-wrap")
        self._hashing = PLAIN_KEY if key is None else derived_key(key, "vault-hash")

    def put(self, content: bytes) -> str:
        """Store *content* and return the name of its object.

        Inside ``casebook.writing()`` the object is accepted with that transaction, and
        taken back if it fails; alone it is a transaction of its own.

        Raises:
            StorageFault: the disk is full or the folder cannot be written.
        """
        keyed = hmac.new(self._hashing, content, hashlib.sha256).hexdigest()
        with self._casebook.writing():
            known = self._catalogue.by_content(keyed)
            if known is not None and self._path(known.name).exists():
                return known.name
            name = secrets.token_hex(16)
            self._journal.add_object(name)
            body, wrapped = self._closed(name, content)
            self._write(name, body)
            self._catalogue.add(ObjectRow(name, keyed, wrapped, len(content)))
        return name

    def get(self, name: str) -> bytes:
        """Return the content of the object *name*.

        Raises:
            EvidenceFault: there is no such object, it cannot be read, or it was altered.
        """
        row = self._catalogue.by_name(name)
        if row is None:
            raise _fault("the catalogue knows no such object", name)
        try:
            body = self._path(name).read_bytes()
        except OSError as error:
            raise _fault(
                f"an object of the vault cannot be read: {error.strerror}", name
            ) from error
        content = self._opened(row, body)
        keyed = hmac.new(self._hashing, content, hashlib.sha256).hexdigest()
        if keyed != row.keyed_hash:
            raise _fault("an object of the vault was altered", name)
        return content

    def names(self) -> frozenset[str]:
        """Return the names of all files in the vault, whatever they are."""
        return frozenset(
            entry.name for entry in self._folder.rglob("*") if entry.is_symlink() or entry.is_file()
        )

    def take_back(self, names: tuple[str, ...]) -> None:
        """Remove objects of an unfinished transaction that no row knows."""
        for name in names:
            if self._catalogue.by_name(name) is None:
                self._path(name).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove the partial files that a crash left; they were never objects."""
        for partial in sorted(self._folder.rglob("*.part")):
            partial.unlink(missing_ok=True)

    def _closed(self, name: str, content: bytes) -> tuple[bytes, str]:
        if self._wrapping is None:
            return content, ""
        body, identity = encrypted(content)
        return body, wrap(self._wrapping, identity.encode(), name).hex()

    def _opened(self, row: ObjectRow, body: bytes) -> bytes:
        if self._wrapping is None:
            return body
        try:
            identity = unwrap(self._wrapping, bytes.fromhex(row.wrapped_key), row.name)
            return decrypted(body, identity.decode())
        except ValueError as error:
            raise _fault("an object of the vault was altered", row.name) from error

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    def _write(self, name: str, body: bytes) -> None:
        target = self._path(name)
        partial = target.with_suffix(".part")
        try:
            if not target.parent.exists():
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                sync_folder(self._folder)
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
            with os.fdopen(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            partial.rename(target)
            sync_folder(target.parent)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise StorageFault(
                f"the vault could not store an object: {error.strerror}",
                where=str(self._folder),
                to_do="free space on the disk, then run the command again; nothing is lost",
            ) from error


def _fault(what: str, name: str) -> EvidenceFault:
    return EvidenceFault(
        what,
        where=f"vault object {name}",
        to_do="restore the case from a backup; run witnessmark verify for all faults",
    )
