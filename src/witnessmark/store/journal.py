"""The intent journal: what a transaction was about to leave outside the casebook.

A transaction of the casebook is all or nothing; vault objects and lines of the
custody log are files beside it. Before such a file changes, its name goes into the
journal and reaches the disk. After a crash the journal says what to take back
(objects that no row knows) and what to finish (log lines whose rows were accepted, the
forgetting of what was withdrawn).

Laws:
1. The journal is on the disk before the thing it names.
2. No journal, no repair: a log that was shortened by someone is never mended in silence.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.errors import StorageFault

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Bring the names in *folder* to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class Intent:
    """What an unfinished transaction had begun.

    Attributes:
        objects: names of vault objects.
        leaf: first leaf of the custody log that it adds, None if it adds none.
        forget: whether it withdraws something, so that the casebook must forget it.
    """

    objects: tuple[str, ...]
    leaf: int | None
    forget: bool = False


class Journal:
    """The journal file of one case; empty or absent when nothing is under way."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        self._path = path
        self.withdrawing = False

    def add_object(self, name: str) -> None:
        """Write down that the object *name* is about to be made.

        Raises:
            StorageFault: the journal cannot be written; nothing was begun.
        """
        self._add(f"object {name}\n")

    def add_leaf(self, leaf: int) -> None:
        """Write down that the log is about to grow from *leaf* on.

        Raises:
            StorageFault: the journal cannot be written; nothing was begun.
        """
        self._add(f"leaf {leaf}\n")

    def add_withdrawal(self, names: Iterable[str]) -> None:
        """Write down that the objects *names* are let go with this transaction.

        Once their rows are gone they are removed and the casebook is rewritten; while the
        rows stand (the transaction was undone) they are kept.

        Raises:
            StorageFault: the journal cannot be written; nothing was begun.
        """
        self.withdrawing = True
        self._add("".join(["forget\n", *(f"object {name}\n" for name in names)]))

    def _add(self, line: str) -> None:
        try:
            new = not self._path.exists()
            with self._path.open("a") as handle:
                handle.write(line)
                handle.flush()
                os.fsync(handle.fileno())
            if new:
                sync_folder(self._path.parent)
        except OSError as error:
            raise StorageFault(
                f"the case cannot be written: {error.strerror}",
                where=str(self._path),
                to_do="free space on the disk, then run the command again; nothing is lost",
            ) from error

    def pending(self) -> Intent | None:
        """Return what is unfinished, or None. A line torn by a crash names nothing yet."""
        try:
            lines = self._path.read_text(errors="replace").splitlines(keepends=True)
        except FileNotFoundError:
            return None
        whole = [line.split() for line in lines if line.endswith("\n")]
        objects = tuple(words[1] for words in whole if words[:1] == ["object"])
        leaves = [int(words[1]) for words in whole if words[:1] == ["leaf"]]
        forget = ["forget"] in whole
        return Intent(objects, min(leaves) if leaves else None, forget)

    def clear(self) -> None:
        """Forget it all: the transaction is finished or taken back."""
        self._path.unlink(missing_ok=True)
        self.withdrawing = False
