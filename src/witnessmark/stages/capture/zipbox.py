"""A zip container of any sort, opened within bounds and checked before it is read.

Laws:
1. Nothing is unpacked to the disk.
2. Two members of one name are refused: programs differ in which of them they show.
3. Members whose data overlap are refused: that is how a small file unpacks to a huge one.
4. What a member unpacks to is counted while it unpacks, whatever the container claims.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from itertools import pairwise
from lzma import LZMAError

from witnessmark.core.errors import UnreadableInput
from witnessmark.stages.capture.names import label
from witnessmark.stages.capture.unpacking import STEP, Budget

ENCRYPTED = 0x1
"""Flag of a member that needs a password."""

KNOWN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)

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

    def __init__(self, content: bytes, *, where: str, most: int, unpacked: int) -> None:
        """Open the container.

        Raises:
            UnreadableInput: it is damaged, encrypted, overlapping, or holds too many members.
        """
        self._where = where
        self._budget = Budget(unpacked, where=where)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise self._wrong("the archive is damaged or cut off") from error
        infos = self._zip.infolist()
        if len(infos) > most:
            raise self._wrong(
                f"the archive holds more than {most} members", "unpack it and give the files"
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
        info = self._infos[name]
        blocks: list[bytes] = []
        total = 0
        try:
            with self._zip.open(info) as handle:
                while block := handle.read(STEP):
                    total += len(block)
                    self._budget.take(len(block), f"member {shown_name(name)}")
                    self._budget.ratio(info.compress_size, total, f"member {shown_name(name)}")
                    blocks.append(block)
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
        return b"".join(blocks)

    def _wrong(
        self, what: str, remedy: str = "copy it again from where it came", member: str = ""
    ) -> UnreadableInput:
        place = f"{self._where}, member {shown_name(member)}" if member else self._where
        return UnreadableInput(what, where=place, to_do=remedy)
