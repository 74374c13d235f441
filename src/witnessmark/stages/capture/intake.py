"""From paths to bytes: the only place where capture touches the disk.

Laws:
1. Only regular files are read. A link, pipe, device or socket is refused by name.
2. A file is opened once. The size is checked before the first byte is read, and what is
   read later is what was there then, or the file fails.
3. A small file is held in memory, a larger one is read from the disk in pieces.
4. A folder stands for its files, in the order of their paths.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput
from witnessmark.stages.capture.contents import Content, Held, OnDisk, changed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from witnessmark.stages.capture.limits import Limits

KINDS = (
    (stat.S_ISLNK, "a symbolic link", "give the file that it points to"),
    (stat.S_ISFIFO, "a pipe", "save its content to a file and give that"),
    (stat.S_ISSOCK, "a socket", "give a file"),
    (stat.S_ISBLK, "a device", "make an image of it with a forensic tool and give its files"),
    (stat.S_ISCHR, "a device", "give a file"),
)
"""What is refused, and the remedy."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files that the inputs stand for.

    Attributes:
        files: in order, each once.
        failures: inputs that are none.
    """

    files: tuple[Path, ...]
    failures: tuple[UnreadableInput, ...]


def files_of(inputs: Sequence[Path], limits: Limits) -> Listing:
    """Return the files that *inputs* stand for; folders are expanded."""
    files: dict[Path, None] = {}
    failures: list[UnreadableInput] = []
    for given in inputs:
        path = Path(given)
        try:
            if path.is_symlink() or not path.is_dir():
                files[path] = None
                continue
            found = _files_below(path)
        except (OSError, ValueError) as error:
            failures.append(_failure(f"the folder cannot be read: {_reason(error)}", path))
            continue
        if not found:
            failures.append(_failure("the folder is empty", path, "give a folder with files"))
        files.update(dict.fromkeys(found))
    kept = tuple(files)[: limits.max_files]
    failures += [
        _failure(f"more than {limits.max_files} files were given", path, "give it in another call")
        for path in tuple(files)[limits.max_files :]
    ]
    return Listing(kept, tuple(failures))


def _files_below(folder: Path) -> list[Path]:
    found: list[Path] = []

    def refuse(error: OSError) -> None:
        raise error

    for place, folders, names in os.walk(folder, onerror=refuse):
        here = Path(place)
        linked = [name for name in folders if (here / name).is_symlink()]
        found += [here / name for name in (*names, *linked)]
    return sorted(found, key=str)


HELD_BYTES = 16 * 1024 * 1024
"""Bytes of a file that is held in memory while it is read."""


@contextmanager
def opened(
    path: Path, limits: Limits, *, heard: Callable[[int, int], None] | None = None
) -> Generator[Content]:
    """Give the bytes of the regular file *path* while the block runs.

    Args:
        path: the file.
        limits: bounds on it.
        heard: told of bytes done and bytes in all while a large file is read.

    Raises:
        UnreadableInput: it is no regular file, too large, empty, or cannot be read.
    """
    handle = _handle(path)
    try:
        size = os.fstat(handle).st_size
        if size > limits.max_keep:
            raise _failure(
                f"the file has {size} bytes, more than the {limits.max_keep} that are kept",
                path,
                "raise --max-keep if there is room for it, or split it",
            )
        on_disk = OnDisk(handle, where=str(path), heard=heard)
        content = _held(handle, on_disk, path) if size <= HELD_BYTES else on_disk
        if not content.size:
            raise _failure("the file is empty", path, "copy it again from where it came")
        yield content
    finally:
        os.close(handle)


def read_whole(path: Path, limits: Limits) -> bytes:
    """Return the bytes of the regular file *path*, which a reader takes whole.

    Raises:
        UnreadableInput: it is no regular file, too large, empty, or cannot be read.
    """
    with opened(path, limits) as content:
        if content.size > limits.max_bytes:
            raise _failure(
                f"the file has {content.size} bytes, more than {limits.max_bytes}",
                path,
                "raise --max-size if you trust it, or split it",
            )
        return content.whole()


def _handle(path: Path) -> int:
    try:
        _refuse_kind(os.lstat(path).st_mode, path)
        # O_NOFOLLOW, O_NONBLOCK: what was a file a moment ago may be a link or a pipe now
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise _failure("there is no such file", path, "check the path") from error
    except (OSError, ValueError) as error:
        raise _failure(f"the file cannot be read: {_reason(error)}", path) from error
    try:
        _refuse_kind(os.fstat(handle).st_mode, path)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _held(handle: int, content: OnDisk, path: Path) -> Held:
    """Return the bytes of a small file; nothing may stand behind them."""
    whole = content.whole()
    try:
        rest = os.pread(handle, 1, len(whole))
    except OSError as error:
        raise _failure(f"the file cannot be read: {_reason(error)}", path) from error
    if rest:
        raise changed(str(path), len(whole))
    return Held(whole)


def _refuse_kind(mode: int, path: Path) -> None:
    for is_kind, what, remedy in KINDS:
        if is_kind(mode):
            raise _failure(f"this is {what}, not a file", path, remedy)
    if not stat.S_ISREG(mode):
        raise _failure("this is not a regular file", path, "give a file")


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _failure(
    what: str, path: Path, remedy: str = "check the path and its permissions"
) -> UnreadableInput:
    return UnreadableInput(what, where=str(path), to_do=remedy)
