"""How the door opens a case: passphrase, plain, or a clear refusal.

Law: no terminal and no passphrase is exit 2, never a silent plain case.
"""

from __future__ import annotations

import getpass
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from witnessmark.core.errors import InputError
from witnessmark.store.case import open_case
from witnessmark.store.header import read_header
from witnessmark.store.seal import resolve_key

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from witnessmark.store.case import Case

ENVIRONMENT = "WITNESSMARK_PASSPHRASE"
LONGEST_PASSPHRASE = 4096


def key_for(
    path: Path, *, plain: bool = False, passphrase_fd: int | None = None, create: bool = False
) -> bytes | None:
    """Return the key of the case at *path*: from the call, the environment or the terminal.

    The passphrase leaves the environment here, before any other program could start.

    Raises:
        InputError: no case there, or neither passphrase nor ``--plain``.
    """
    given = os.environ.pop(ENVIRONMENT, None)
    exists = (path / "case.json").exists()
    if passphrase_fd is not None:
        given = _from_descriptor(passphrase_fd)
    sealed = not plain and not (exists and not read_header(path).sealed)
    if sealed and given is None and (exists or create) and sys.stdin.isatty():
        given = _ask(new=not exists)
    return resolve_key(path, passphrase=given, plain=plain, create=create)


@contextmanager
def opened(
    path: Path, *, plain: bool = False, passphrase_fd: int | None = None, create: bool = False
) -> Generator[Case]:
    """Open the case at *path* for the length of a ``with`` block.

    Raises:
        InputError: no case there, or neither passphrase nor ``--plain``.
    """
    key = key_for(path, plain=plain, passphrase_fd=passphrase_fd, create=create)
    case = open_case(path, key, create=create)
    try:
        yield case
    finally:
        case.close()


def _from_descriptor(number: int) -> str:
    try:
        with os.fdopen(number, "rb", closefd=False) as handle:
            line = handle.readline(LONGEST_PASSPHRASE)
    except OSError as error:
        raise InputError(
            f"file descriptor {number} cannot be read: {error.strerror}",
            where="--passphrase-fd",
            to_do="open it in the shell, for example 3<file",
        ) from error
    return line.decode(errors="surrogateescape").rstrip("\r\n")


def _ask(*, new: bool) -> str:
    first = getpass.getpass("Passphrase for the new case: " if new else "Passphrase: ")
    if new and getpass.getpass("Again: ") != first:
        raise InputError("the two passphrases differ", where="terminal", to_do="try again")
    return first
