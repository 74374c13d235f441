"""The key agent, seen by a command: hand it a key, ask for one, make it forget.

Laws:
1. The agent is this user's alone: a 0700 folder, a 0600 socket, and both ends ask the
   kernel who the other is.
2. No key is ever written to a file; the agent holds it in memory only.
3. What a dead agent leaves is an empty socket name; the next command removes it.
4. An agent that does not answer is no agent: the command asks for the passphrase.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import stat
import struct
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from witnessmark.core.errors import StorageFault

if TYPE_CHECKING:
    from collections.abc import Generator

IDLE_S = 15 * 60
"""Seconds without a question after which a key is forgotten (``design.md``)."""

PATIENCE_S = 5.0
"""Seconds to wait for an answer; an agent answers in microseconds."""

LONGEST_MESSAGE = 16 * 1024
"""Bytes of a question or an answer; a path of 4096 bytes fits."""

AGENT = "witnessmark.store.agent_server"
"""The module that runs as the agent."""

PEER = struct.Struct("3i")
"""What the kernel tells of the other end: process, user, group."""


def runtime_folder() -> Path:
    """Return the private folder of this user's agent, made if it is missing.

    It is ``$XDG_RUNTIME_DIR/witnessmark`` (memory, on most systems, and gone at logout),
    else ``witnessmark-UID`` in the folder for temporary files.

    Raises:
        StorageFault: the folder is another user's, or others may enter it.
    """
    given = os.environ.get("XDG_RUNTIME_DIR")
    folder = (
        Path(given) / "witnessmark"
        if given and _is_private(Path(given))
        else Path(tempfile.gettempdir()) / f"witnessmark-{os.getuid()}"
    )
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if not _is_private(folder):
        raise StorageFault(
            "the folder of the key agent is not this user's alone",
            where=str(folder),
            to_do="remove it, or set XDG_RUNTIME_DIR to a private folder",
        )
    return folder


def _is_private(folder: Path) -> bool:
    try:
        seen = folder.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(seen.st_mode)
        and seen.st_uid == os.getuid()
        and not stat.S_IMODE(seen.st_mode) & 0o077
    )


def peer_is_me(connection: socket.socket) -> bool:
    """Return whether the same user runs the other end, as the kernel says."""
    if not hasattr(socket, "SO_PEERCRED"):
        return False  # no way to ask here: the door then asks for the passphrase
    told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, PEER.size)
    return bool(PEER.unpack(told)[1] == os.getuid())


def receive(connection: socket.socket) -> dict[str, Any]:
    """Return one message, a line of JSON.

    Raises:
        ValueError: it is too long, cut off, or no object.
        OSError: the other end is gone or silent.
    """
    line = bytearray()
    while not line.endswith(b"\n"):
        piece = connection.recv(LONGEST_MESSAGE)
        if not piece or len(line) + len(piece) > LONGEST_MESSAGE:
            message = "the message is cut off or too long"
            raise ValueError(message)
        line += piece
    found = json.loads(line)
    if not isinstance(found, dict):
        message = "the message is no object"
        raise ValueError(message)  # noqa: TRY004 - to both ends it is one kind of bad message
    return found


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Send one *message*."""
    connection.sendall(json.dumps(message).encode() + b"\n")


def remember(case: Path, key: bytes, *, idle_s: float = IDLE_S) -> None:
    """Give the agent the *key* of *case*; start the agent if none runs.

    Raises:
        StorageFault: no agent can be started.
    """
    question = {"do": "remember", "case": _name(case), "key": key.hex(), "idle_s": idle_s}
    with _starting() as folder:
        if _asked(folder, question) is None:
            _start(folder)
            if _asked(folder, question) is None:
                raise StorageFault(
                    "the key agent does not answer",
                    where=str(folder),
                    to_do="give the passphrase with each command instead",
                )


def remembered(case: Path) -> bytes | None:
    """Return the key of *case* if the agent holds it."""
    with suppress(StorageFault, OSError, ValueError):
        answer = _asked(runtime_folder(), {"do": "tell", "case": _name(case)})
        if answer and answer.get("key"):
            return bytes.fromhex(answer["key"])
    return None


def forget(case: Path | None) -> int:
    """Make the agent forget the key of *case*, or all keys; return how many it forgot.

    Raises:
        StorageFault: the agent's folder is not this user's alone.
    """
    name = "" if case is None else _name(case)
    answer = _asked(runtime_folder(), {"do": "forget", "case": name})
    return int(answer["forgotten"]) if answer else 0


def _name(case: Path) -> str:
    return os.fsdecode(os.fsencode(case.resolve()))


def _asked(folder: Path, question: dict[str, Any]) -> dict[str, Any] | None:
    """Return the agent's answer, None if there is no agent of this user."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(PATIENCE_S)
        try:
            connection.connect(str(folder / "agent"))
            if not peer_is_me(connection):
                return None
            send(connection, question)
            return receive(connection)
        except (OSError, ValueError):
            return None


@contextmanager
def _starting() -> Generator[Path]:
    """Hold the lock under which an agent starts and ends."""
    folder = runtime_folder()
    handle = os.open(folder / "starting", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(handle)


def _start(folder: Path) -> None:
    """Start an agent that listens at once: the socket is bound here and handed over."""
    where = folder / "agent"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        try:
            where.unlink(missing_ok=True)
            before = os.umask(0o177)
            try:
                listening.bind(str(where))
            finally:
                os.umask(before)
            listening.listen()
            number = listening.fileno()
            subprocess.Popen(  # noqa: S603 - this interpreter, our own module, two fixed words
                [sys.executable, "-I", "-m", AGENT, str(number), str(where)],
                pass_fds=(number,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                cwd="/",
                env={},
            )
        except OSError as error:
            raise StorageFault(
                f"the key agent could not be started: {error.strerror}",
                where=str(where),
                to_do="give the passphrase with each command instead",
            ) from error
