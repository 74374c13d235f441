"""The evidence vault: write-once objects under random names.

Laws:
1. An object is written whole (aside, to the disk, renamed, folder to the disk) or not at all.
2. An object is never changed; the same content is kept once, found by a keyed hash.
3. Names are random and say nothing of the content.
4. In a sealed case each object is an age file under its own key; the key is wrapped by
   the case key and stands in the sealed casebook, where it can be destroyed alone.
5. A stream is read once, in pieces: memory does not grow with the file.
6. Hashing, and bringing to the disk what was written already, go on beside the reading; an
   error of either is the error of the object.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from witnessmark.core.errors import EvidenceFault, StorageFault
from witnessmark.store.age import (
    decrypt_stream,
    decrypted,
    encrypt_stream,
    encrypted,
    new_identity,
)
from witnessmark.store.catalogue import ObjectRow
from witnessmark.store.journal import sync_folder
from witnessmark.store.passing import PIECE_BYTES, Ahead, Digest, Hashed, Hashing, Nowhere
from witnessmark.store.seal import derived_key, unwrap, wrap

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from witnessmark.store.age import Reader, Writer
    from witnessmark.store.casebook import Casebook
    from witnessmark.store.catalogue import Catalogue
    from witnessmark.store.journal import Journal

PLAIN_KEY = b"witnessmark/plain-catalogue/v1"
"""Key of the catalogue's hashes in a plain case: public, since nothing there is hidden."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a stream turned out to be.

    Attributes:
        name: name of its object.
        sha256: digest of the content, hex.
        size: bytes of the content.
    """

    name: str
    sha256: str
    size: int


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
        keyed = self._keyed(hashlib.sha256(content).digest())
        with self._casebook.writing():
            known = self._catalogue.by_content(keyed)
            if known is not None and self._path(known.name).exists():
                return known.name
            name = secrets.token_hex(16)
            self._journal.add_object(name)
            body, wrapped = self._closed(name, content)
            with self._writing(name) as file:
                file.write(body)
            self._catalogue.add(ObjectRow(name, keyed, wrapped, len(content)))
        return name

    def put_stream(self, reader: Reader) -> Stored:
        """Store what *reader* holds, read once, and return what it was.

        The transaction is that of :meth:`put`. What is known already is not kept twice.

        Raises:
            StorageFault: the disk is full, the folder cannot be written, or *reader*
                failed with an ``OSError``.
        """
        counted = Digest()
        with closing(counted), self._casebook.writing():
            name = secrets.token_hex(16)
            self._journal.add_object(name)
            passing = Hashed(reader, counted)
            wrapped = ""
            with self._writing(name) as file, closing(Ahead(file)) as ahead:
                if self._wrapping is None:
                    while piece := passing.read(PIECE_BYTES):
                        ahead.write(piece)
                else:
                    identity = new_identity()
                    wrapped = wrap(self._wrapping, identity.encode(), name).hex()
                    encrypt_stream(passing, ahead, identity)
                ahead.finish()
                digest = counted.digest()
                keyed = self._keyed(digest)
                known = self._catalogue.by_content(keyed)
            if known is not None and self._path(known.name).exists():
                self._path(name).unlink()
                return Stored(known.name, digest.hex(), counted.size)
            self._catalogue.add(ObjectRow(name, keyed, wrapped, counted.size))
            return Stored(name, digest.hex(), counted.size)

    def get_stream(self, name: str, writer: Writer) -> Stored:
        """Write the content of the object *name* to *writer*, in pieces.

        Only once this has returned is the content known to be the one that was stored:
        a plain object is written before its end could be checked.

        Raises:
            EvidenceFault: as :meth:`get`.
        """
        row = self._row(name)
        counted = Digest()
        with closing(counted):
            self._pour(row, Hashing(writer, counted))
            digest = counted.digest()
        if self._keyed(digest) != row.keyed_hash:
            raise _fault("an object of the vault was altered", name)
        return Stored(name, digest.hex(), counted.size)

    def _pour(self, row: ObjectRow, passing: Hashing) -> None:
        try:
            with self._path(row.name).open("rb", buffering=0) as file:
                if self._wrapping is None:
                    while piece := file.read(PIECE_BYTES):
                        passing.write(piece)
                else:
                    decrypt_stream(file, passing, self._identity(row))
        except ValueError as error:
            raise _fault("an object of the vault was altered", row.name) from error
        except OSError as error:
            if passing.failed:
                raise
            raise _unreadable(row.name, error) from error

    def measured(self, name: str) -> Stored:
        """Return digest and size of the object *name*, checked like :meth:`get_stream`."""
        row = self._row(name)
        if self._wrapping is not None:
            return self.get_stream(name, Nowhere())
        try:
            with self._path(name).open("rb", buffering=0) as file:
                size = os.fstat(file.fileno()).st_size
                # nothing stands between reading and hashing here: a thread would only cost
                digest = hashlib.file_digest(file, hashlib.sha256).digest()
        except OSError as error:
            raise _unreadable(name, error) from error
        if self._keyed(digest) != row.keyed_hash:
            raise _fault("an object of the vault was altered", name)
        return Stored(name, digest.hex(), size)

    def get(self, name: str) -> bytes:
        """Return the content of the object *name*.

        Raises:
            EvidenceFault: there is no such object, it cannot be read, or it was altered.
        """
        row = self._row(name)
        try:
            body = self._path(name).read_bytes()
        except OSError as error:
            raise _unreadable(name, error) from error
        content = self._opened(row, body)
        if self._keyed(hashlib.sha256(content).digest()) != row.keyed_hash:
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
            return decrypted(body, self._identity(row))
        except ValueError as error:
            raise _fault("an object of the vault was altered", row.name) from error

    def _identity(self, row: ObjectRow) -> str:
        if self._wrapping is None:
            return ""
        return unwrap(self._wrapping, bytes.fromhex(row.wrapped_key), row.name).decode()

    def _keyed(self, digest: bytes) -> str:
        """Return the catalogue's hash of the content whose SHA-256 is *digest*."""
        return hmac.new(self._hashing, digest, hashlib.sha256).hexdigest()

    def _row(self, name: str) -> ObjectRow:
        row = self._catalogue.by_name(name)
        if row is None:
            raise _fault("the catalogue knows no such object", name)
        return row

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    @contextmanager
    def _writing(self, name: str) -> Generator[BinaryIO]:
        """Make the file of *name*: whole, on the disk and named, or not at all."""
        target = self._path(name)
        partial = target.with_suffix(".part")
        try:
            if not target.parent.exists():
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                sync_folder(self._folder)
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
            with os.fdopen(handle, "wb") as file:
                yield file
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
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


def _fault(what: str, name: str) -> EvidenceFault:
    return EvidenceFault(
        what,
        where=f"vault object {name}",
        to_do="restore the case from a backup; run witnessmark verify for all faults",
    )


def _unreadable(name: str, error: OSError) -> EvidenceFault:
    return _fault(f"an object of the vault cannot be read: {error.strerror}", name)
