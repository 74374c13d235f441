"""The evidence vault: write-once objects under random names.

Laws:
1. An object is written whole (temporary file, fsync, rename) or not at all.
2. An object is never changed; the same content is kept once.
3. Names are random and say nothing of the content.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from witnessmark.core.errors import EvidenceFault, StorageFault

if TYPE_CHECKING:
    from pathlib import Path


class Vault:
    """The folder of objects of one case."""

    def __init__(self, folder: Path, key: bytes | None) -> None:
        """Open the vault in *folder*; *key* is None for a plain case."""
        self._folder = folder
        self._key = key

    def put(self, content: bytes) -> str:
        """Store *content* and return the name of its object.

        Raises:
            StorageFault: the disk is full or the folder cannot be written.
        """
        name = secrets.token_hex(16)
        target = self._folder / name[:2] / name
        partial = target.with_suffix(".part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with partial.open("xb") as handle:
                handle.write(content)
                handle.flush()
                os.fsync(handle.fileno())
            partial.chmod(0o400)
            partial.rename(target)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise StorageFault(
                f"the vault could not store an object: {error.strerror}",
                where=str(self._folder),
                to_do="free space on the disk, then run the command again; nothing is lost",
            ) from error
        return name

    def get(self, name: str) -> bytes:
        """Return the content of the object *name*.

        Raises:
            EvidenceFault: there is no such object, or it cannot be read.
        """
        try:
            return (self._folder / name[:2] / name).read_bytes()
        except OSError as error:
            raise EvidenceFault(
                "an object of the vault cannot be read",
                where=name,
                to_do="restore the case from a backup; run witnessmark verify for all faults",
            ) from error
