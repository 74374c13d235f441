"""How the door opens a case: passphrase, plain, or a clear refusal.

Laws:
1. No terminal and no passphrase is exit 2, never a silent plain case.
2. A passphrase that was given counts; only without one the key agent is asked, then the terminal.
"""

from __future__ import annotations

import getpass
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from witnessmark.core.errors import InputError
from witnessmark.store.agent import remembered
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
    """Return the key of the case at *path*: from call, environment, key agent or terminal.

    The passphrase leaves the environment here, before any other program could start.

    Raises:
        InputError: no case there, or neither passphrase nor ``--plain``.
    """
    given = given_passphrase(passphrase_fd)
    exists = (path / "case.json").exists()
    sealed = not plain and not (exists and not read_header(path).sealed)
    if sealed and given is None and exists:
        held = remembered(path)
        if held is not None:
            return held
    if sealed and given is None and (exists or create) and sys.stdin.isatty():
        given = ask_passphrase(new=not exists)
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


def given_passphrase(descriptor: int | None) -> str | None:
    """Return the passphrase that the call or the environment gives, if any.

    It leaves the environment here.

    Raises:
        InputError: the descriptor cannot be read.
    """
    given = os.environ.pop(ENVIRONMENT, None)
    return given if descriptor is None else read_descriptor(descriptor, "--passphrase-fd")


def read_descriptor(number: int, option: str) -> str:
    """Return the first line of the file descriptor that *option* named.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with os.fdopen(number, "rb", closefd=False) as handle:
            line = handle.readline(LONGEST_PASSPHRASE)
    except OSError as error:
        raise InputError(
            f"file descriptor {number} cannot be read: {error.strerror}",
            where=option,
            to_do="open it in the shell, for example 3<file",
        ) from error
    return line.decode(errors="surrogateescape").rstrip("\r\n")


def ask_passphrase(*, new: bool) -> str:
    """Return the passphrase that a person types; a new one twice.

    Raises:
        InputError: the two differ.
    """
    first = getpass.getpass("New passphrase: " if new else "Passphrase: ")
    if new and getpass.getpass("Again: ") != first:
        raise InputError("the two passphrases differ", where="terminal", to_do="try again")
    return first
