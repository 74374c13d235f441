"""What a process that reads a hostile file may still do: compute, and answer.

The file has been chosen by an adversary, and the libraries that open it are written in C.
Whoever takes them over holds this user's rights, unless the kernel takes them away first.

Laws:
1. Before a byte of the file is looked at: bounds on memory and processor time, no core dump,
   no byte into any file.
2. On Linux the kernel refuses sockets (the key agent and the network), new programs and
   processes, changes to the disk, and looking into other processes (seccomp); and reading
   anything but libraries, fonts and language data (Landlock, kernel 5.13 and later).
3. What a system does not offer is left out; the bounds of law 1 hold on every Unix.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NO_DUMP, NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 4, 38, 22, 2
"""Numbers of prctl(2) and its seccomp mode, ``linux/prctl.h`` and ``linux/seccomp.h``."""

MOST_OPEN = 256
"""Open files of a reader; OCR opens one for each language."""

KILL, PERMIT, REFUSE, ABSENT = 0x80000000, 0x7FFF0000, 0x00050001, 0x00050026
"""Answers of a seccomp filter: kill the process, permit, EPERM, ENOSYS."""

LOAD, EQUAL, AT_LEAST, ANY_BIT, ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
"""Instructions of a seccomp filter, ``linux/bpf_common.h``."""

OTHER_TABLE = 0x40000000
"""From this number on x86-64 counts in its 32-bit table, which a filter must not forget."""

THREAD = 0x10000
"""``CLONE_THREAD``: a thread of one's own is allowed (OCR uses them), a process is not."""

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
"""Any of these bits opens a file for more than reading."""


class Numbers(NamedTuple):
    """The system calls of one kind of processor, ``asm/unistd.h``.

    Attributes:
        machine: its number in ``linux/audit.h``.
        refused: calls that a reader never needs.
        clone: makes threads and processes.
        clone3: the newer one, whose arguments a filter cannot see.
        openat: opens a file.
        tgkill: sends a signal; to itself is allowed, so that a crash is called by its name.
    """

    machine: int
    refused: tuple[int, ...]
    clone: int
    clone3: int
    openat: int
    tgkill: int


NEWER = (424, 425, 434, 437, 438)
"""pidfd_send_signal, io_uring_setup, pidfd_open, openat2, pidfd_getfd: one number everywhere."""

NUMBERS = {
    "x86_64": Numbers(
        0xC000003E,
        (
            *(41, 42, 43, 44, 46, 49, 50, 53, 288),  # socket … socketpair, accept4
            *(57, 58, 59, 322, 62, 200),  # fork, vfork, execve, execveat, kill, tkill
            *(2, 85, 76, 82, 83, 84, 86, 87, 88, 90, 91, 92, 93, 94, 133),  # open, creat … mknod
            *(258, 259, 260, 263, 264, 265, 266, 268, 316, 132, 235, 280),  # the same, "at"
            *(188, 189, 190, 165, 272, 308, 304),  # setxattr …, mount, unshare, setns, handles
            *(101, 310, 311, 298, 321, 323, 29, 64, 68, 248, 249, 250),  # ptrace … keyctl
            *NEWER,
        ),
        clone=56,
        clone3=435,
        openat=257,
        tgkill=234,
    ),
    "aarch64": Numbers(
        0xC00000B7,
        (
            *(198, 199, 200, 201, 202, 203, 206, 211, 242),
            *(221, 281, 129, 130),
            *(45, 33, 34, 35, 36, 37, 38, 52, 53, 54, 55, 276, 88),
            *(5, 6, 7, 40, 97, 268, 265),
            *(117, 270, 271, 241, 280, 282, 186, 190, 194, 217, 218, 219),
            *NEWER,
        ),
        clone=220,
        clone3=435,
        openat=56,
        tgkill=131,
    ),
}
"""What is known here; on another kind of processor there is no filter."""


def bound(*, memory: int, seconds: int) -> None:
    """Bound this process: *memory* bytes of address space, *seconds* of processor time."""
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: MOST_OPEN,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: memory,
    }
    for what, most in wanted.items():
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):  # some systems do not bound address space
            resource.setrlimit(what, (least, least))


def hide() -> None:
    """Leave no core dump, and let no other program of this user read the memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _call("prctl", NO_DUMP, 0, 0, 0, 0)
    _call("prctl", NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def refuse_calls() -> bool:
    """Have the kernel refuse what a reader never needs; return whether it does."""
    numbers = NUMBERS.get(platform.machine())
    if sys.platform != "linux" or numbers is None or sys.byteorder != "little":
        return False
    code = b"".join(_filter(numbers, os.getpid()))
    kept = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(code) // 8, ctypes.addressof(kept))
    return _call("prctl", SET_SECCOMP, FILTER, program, 0, 0) == 0


def _filter(numbers: Numbers, own: int) -> list[bytes]:
    """Return the instructions: eight bytes each, jumps counted from the next one."""

    def step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("<HBBI", code, yes, no, value)

    def argument(number: int) -> bytes:
        return step(LOAD, 16 + 8 * number)

    call = step(LOAD, 0)
    listed = [
        line
        for number in numbers.refused
        for line in (step(EQUAL, number, 0, 1), step(ANSWER, REFUSE))
    ]
    return [
        step(LOAD, 4),
        step(EQUAL, numbers.machine, 1, 0),
        step(ANSWER, KILL),
        call,
        *(step(AT_LEAST, OTHER_TABLE, 0, 1), step(ANSWER, ABSENT)),
        *listed,
        *(step(EQUAL, numbers.clone3, 0, 1), step(ANSWER, ABSENT)),
        *(step(EQUAL, numbers.clone, 0, 4), argument(0), step(ANY_BIT, THREAD, 1, 0)),
        *(step(ANSWER, REFUSE), step(ANSWER, PERMIT)),
        *(step(EQUAL, numbers.openat, 0, 4), argument(2), step(ANY_BIT, WRITING, 0, 1)),
        *(step(ANSWER, REFUSE), step(ANSWER, PERMIT)),
        *(step(EQUAL, numbers.tgkill, 0, 4), argument(0), step(EQUAL, own, 1, 0)),
        *(step(ANSWER, REFUSE), step(ANSWER, PERMIT)),
        step(ANSWER, PERMIT),
    ]


LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT, BENEATH = 444, 445, 446, 1
"""System calls of Landlock, one number on every processor; the rule about a folder."""

READ = 1 << 2 | 1 << 3
"""``READ_FILE`` and ``READ_DIR``."""

FIRST_RIGHTS, TCP = (1 << 13) - 1, 3
"""The thirteen rights over files that the first Landlock knows; binding and connecting."""

WITH_NETWORK = 4
"""The version of Landlock that knows of the network."""


def read_only_below(folders: Iterable[Path]) -> bool:
    """Let this process and its children read below *folders* and nowhere else.

    Returns:
        Whether the kernel does so.
    """
    if sys.platform != "linux":
        return False
    known = _call("syscall", LANDLOCK_CREATE, None, 0, 1)
    if known < 1:
        return False
    rights = FIRST_RIGHTS | (1 << 13) * (known > 1) | (1 << 14) * (known > 2)  # noqa: PLR2004 - versions that brought REFER and TRUNCATE
    asked = struct.pack("<QQ", rights, TCP)[: 16 if known >= WITH_NETWORK else 8]
    rules = _call("syscall", LANDLOCK_CREATE, asked, len(asked), 0)
    if rules < 0:
        return False
    try:
        for folder in sorted({folder for folder in folders if folder.is_dir()}):
            handle = os.open(folder, os.O_PATH | os.O_CLOEXEC)
            _call("syscall", LANDLOCK_ADD, rules, BENEATH, struct.pack("<Qi", READ, handle), 0)
            os.close(handle)
        return _call("syscall", LANDLOCK_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


def _call(name: str, *arguments: int | bytes | None) -> int:
    """Call a function of the C library with machine words; -1 where there is none."""
    words = [
        ctypes.c_size_t(argument) if isinstance(argument, int) else argument
        for argument in arguments
    ]
    try:
        function = getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):
        return -1
    function.restype = ctypes.c_long
    return int(function(*words))
