"""A zip container of any sort, opened within bounds and checked before it is read.

Laws:
1. Nothing is unpacked to the disk.
2. Two members of one name are refused: programs differ in which of them they show.
3. Members whose data overlap are refused: that is how a small file unpacks to a huge one.
4. What a member unpacks to is counted while it unpacks, whatever the container claims.
5. A container on the disk is read by random access: no more than a member's block is held.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from itertools import pairwise
from lzma import LZMAError
from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput
from witnessmark.stages.capture.contents import Content, Made, Stretch, as_file
from witnessmark.stages.capture.limits import NotRead
from witnessmark.stages.capture.names import label
from witnessmark.stages.capture.unpacking import STEP, Budget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from witnessmark.stages.capture.contents import Data

ENCRYPTED = 0x1
"""Flag of a member that needs a password."""

KNOWN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)

LOCAL_HEAD = 30
"""Bytes of the head before a member's name, whose lengths stand at 26 and 28 (APPNOTE 4.3.7)."""

_DRIVE = re.compile(r"^[A-Za-z]:")


def name_fault(name: str) -> str:
    r"""Return why a member may not be called *name*, empty if it may.

    Example:
        >>> name_fault("../../etc/passwd")
        'its name leaves its folder'
        >>> name_fault("a/b.txt")
        ''
    """
    plain = name.replace("\\", "/")
    if plain.startswith("/") or _DRIVE.match(plain):
        return "its name is an absolute path"
    if ".." in plain.split("/"):
        return "its name leaves its folder"
    return "" if plain.strip("/. ") else "it has no name"


LONGEST_SHOWN = 200
"""Code points of a member's name where it is shown with its folders."""


def shown_name(name: str) -> str:
    """Return a member's name for people: each folder as a label, joined by ``/``."""
    parts = [label(part) for part in name.replace("\\", "/").split("/") if part.strip(". ")]
    shown = "/".join(parts) or label(name)
    return shown if len(shown) <= LONGEST_SHOWN else "…" + shown[-LONGEST_SHOWN:]


class ZipBox:
    """A zip container."""

    def __init__(self, content: Data, *, where: str, most: int, unpacked: int) -> None:
        """Open the container.

        Raises:
            NotRead: it holds too many members.
            UnreadableInput: it is damaged, encrypted or overlapping.
        """
        self._where = where
        self._data = content
        self._budget = Budget(unpacked, where=where)
        try:
            self._zip = zipfile.ZipFile(as_file(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise self._wrong("the archive is damaged or cut off") from error
        infos = self._zip.infolist()
        if len(infos) > most:
            raise NotRead(
                f"the archive holds more than {most} members",
                where=where,
                to_do="unpack it and give the files too",
                media_type="application/zip",
            )
        self._infos = {info.filename: info for info in infos}
        if len(self._infos) != len(infos):
            seen: set[str] = set()
            for info in infos:
                if info.filename in seen:
                    raise self._wrong(
                        "the archive holds two members of one name", member=info.filename
                    )
                seen.add(info.filename)
        for info in infos:
            if info.flag_bits & ENCRYPTED:
                raise self._wrong(
                    "the archive is encrypted",
                    "unpack it with its password and give the files",
                    info.filename,
                )
        ordered = sorted(infos, key=lambda info: info.header_offset)
        for before, after in pairwise(ordered):
            if before.header_offset + before.compress_size > after.header_offset:
                raise self._wrong("members of the archive overlap", member=after.filename)

    @property
    def names(self) -> list[str]:
        """Return the names of the members as written, in order."""
        return list(self._infos)

    def fault(self, name: str) -> str:
        """Return why member *name* is not taken in, empty if it is."""
        info = self._infos[name]
        mode = info.external_attr >> 16
        kind = stat.S_IFMT(mode)
        if named := name_fault(name):
            return named
        if stat.S_ISLNK(mode):
            return "it is a symbolic link, not a file"
        if kind and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            return "it is no regular file"
        if info.compress_type not in KNOWN:
            return f"it is packed in a way that nothing here undoes ({info.compress_type})"
        return ""

    def read(self, name: str) -> bytes:
        """Return the bytes of a member.

        Raises:
            UnreadableInput: it is damaged, or unpacks to too much.
        """
        return b"".join(self._unpacking(name, self._budget))

    def member(self, name: str) -> bytes | Content:
        """Return a member, unpacked once to its end to see that it is sound.

        Of a container in memory its bytes; else it is read from the container again when it
        is asked for: where it is stored as it stands, from any place.

        Raises:
            UnreadableInput: it is damaged, or unpacks to too much.
        """
        if not isinstance(self._data, Content):
            return self.read(name)
        size = sum(map(len, self._unpacking(name, self._budget)))
        info = self._infos[name]
        if info.compress_type == zipfile.ZIP_STORED and info.compress_size == size:
            begin = info.header_offset + LOCAL_HEAD
            head = self._data[info.header_offset : begin]
            begin += int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
            return Stretch(self._data, begin, begin + size)
        return Made(size, lambda: self._unpacking(name, None))

    def _unpacking(self, name: str, budget: Budget | None) -> Iterator[bytes]:
        """Yield the bytes of a member; count them unless they were counted before."""
        info = self._infos[name]
        place = f"member {shown_name(name)}"
        total = 0
        try:
            with self._zip.open(info) as handle:
                while block := handle.read(STEP):
                    total += len(block)
                    if budget is not None:
                        budget.take(len(block), place)
                        budget.ratio(info.compress_size, total, place)
                    yield block
        except (
            zipfile.BadZipFile,
            zlib.error,
            LZMAError,
            EOFError,
            OSError,
            ValueError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise self._wrong("a member of the archive is damaged", member=name) from error

    def _wrong(
        self, what: str, remedy: str = "copy it again from where it came", member: str = ""
    ) -> UnreadableInput:
        place = f"{self._where}, member {shown_name(member)}" if member else self._where
        return UnreadableInput(what, where=place, to_do=remedy)
