"""Archives (zip, tar, and tar or a file in gzip, bzip2, xz): each member becomes a source.

Laws:
1. Nothing is unpacked to the disk; a member's name is a label, never a path.
2. A name that leaves its folder, a link, a device, a pipe or a sparse file is refused by
   its name; the other members are taken in.
3. What comes out is counted while it comes out; a bomb refuses the whole archive.
4. An encrypted archive is refused: no password is asked for, none is tried.
"""

from __future__ import annotations

import io
import re
import tarfile
from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import SourceKind
from witnessmark.stages.capture.kinds import TAR_MARK
from witnessmark.stages.capture.names import label
from witnessmark.stages.capture.reading import Attachment, Read
from witnessmark.stages.capture.unpacking import Budget, inflate_all, unbzip2, unxz
from witnessmark.stages.capture.zipbox import ZipBox, name_fault, shown_name

if TYPE_CHECKING:
    from witnessmark.stages.capture.limits import Limits

ZIP_TYPE, TAR_TYPE = "application/zip", "application/x-tar"

CHAFF = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
"""Files that systems put into archives by themselves."""

_ODD = (
    (tarfile.TarInfo.issym, "a symbolic link"),
    (tarfile.TarInfo.islnk, "a link"),
    (tarfile.TarInfo.ischr, "a device"),
    (tarfile.TarInfo.isblk, "a device"),
    (tarfile.TarInfo.isfifo, "a pipe"),
    (tarfile.TarInfo.issparse, "a sparse file"),
)


def read_zip(content: bytes, *, where: str, limits: Limits) -> Read:
    """Read a zip archive.

    Raises:
        UnreadableInput: it is damaged, encrypted, or unpacks to too much.
    """
    box = ZipBox(content, where=where, most=limits.max_parts, unpacked=limits.max_unpacked)
    gathered = _Gathered(where)
    for name in box.names:
        fault = box.fault(name)
        if not name.endswith("/"):
            gathered.take(name, fault, None if fault else box.read(name))
    return gathered.read(SourceKind.ZIP, ZIP_TYPE)


def read_tar(content: bytes, *, where: str, limits: Limits) -> Read:
    """Read a tar archive, or one file in gzip, bzip2 or xz.

    Raises:
        UnreadableInput: it is damaged or unpacks to too much.
    """
    data = unpacked(content, Budget(limits.max_unpacked, where=where))
    gathered = _Gathered(where)
    if data[TAR_MARK] != b"ustar":
        name = re.split(r"[/\\]|, member ", where)[-1]
        stem, dot, ending = name.rpartition(".")
        gathered.take(stem if dot and ending.lower() in {"gz", "bz2", "xz"} else name, "", data)
        return gathered.read(SourceKind.TAR, f"application/{_packing(content)}")
    number = place = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            while (member := archive.next()) is not None:
                number += 1
                if number > limits.max_parts:
                    raise UnreadableInput(
                        f"the archive holds more than {limits.max_parts} members",
                        where=where,
                        to_do="unpack it and give the files",
                    )
                # kept nowhere: tarfile would hold the head of every member
                archive.members = []  # type: ignore[attr-defined]
                _take_member(gathered, member, data)
                place = archive.offset
        _refuse_rest(data, place)
    except (tarfile.TarError, EOFError, ValueError, OSError, IndexError) as error:
        raise UnreadableInput(
            "the archive is damaged or cut off",
            where=f"{where}, at byte {place} after member {number}",
            to_do="copy it again from where it came",
        ) from error
    return gathered.read(SourceKind.TAR, TAR_TYPE)


def _refuse_rest(data: bytes, place: int) -> None:
    """Refuse what tarfile passes over: a broken head behind the last member, a missing end."""
    rest = len(data) - place
    if rest < tarfile.BLOCKSIZE or data.count(0, place) != rest:
        message = "the archive does not end behind its last member"
        raise tarfile.ReadError(message)


def _take_member(gathered: _Gathered, member: tarfile.TarInfo, data: bytes) -> None:
    if member.isdir():
        return
    odd = next((what for is_it, what in _ODD if is_it(member)), "")
    fault = name_fault(member.name) or (f"it is {odd}, not a file" if odd else "")
    if not fault and not member.isreg():
        fault = "it is no regular file"
    if fault:
        gathered.take(member.name, fault, None)
        return
    if member.size < 0 or member.offset_data + member.size > len(data):
        message = "a member runs beyond the archive"
        raise tarfile.ReadError(message)
    gathered.take(member.name, "", data[member.offset_data : member.offset_data + member.size])


def unpacked(content: bytes, budget: Budget) -> bytes:
    """Return *content* with one layer of compression undone, if it has one.

    Raises:
        UnreadableInput: it is damaged or unpacks to too much.
    """
    undo = {"gzip": inflate_all, "x-bzip2": unbzip2, "x-xz": unxz}.get(_packing(content))
    return undo(content, budget) if undo else content


def _packing(content: bytes) -> str:
    if content.startswith(b"\x1f\x8b"):
        return "gzip"
    if content.startswith(b"BZh"):
        return "x-bzip2"
    return "x-xz" if content.startswith(b"\xfd7zXZ\x00") else "x-tar"


class _Gathered:
    """Members on their way to becoming sources."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._members: list[Attachment] = []
        self._refused: list[UnreadableInput] = []
        self._left_out = 0

    def take(self, name: str, fault: str, content: bytes | None) -> None:
        """Keep a member, or note why not."""
        shown = shown_name(name)
        if content is None:
            self._refused.append(
                UnreadableInput(
                    fault,
                    where=f"{self._where}, member {shown}",
                    to_do="give the file itself, if you trust who made the archive",
                )
            )
        elif name.startswith(CHAFF[0]) or name.rsplit("/", 1)[-1] in CHAFF:
            self._left_out += 1
        else:
            self._members.append(Attachment(label(name), content, place=f"member {shown}"))

    def read(self, kind: SourceKind, media_type: str) -> Read:
        """Return what was found."""
        notes = [f"{len(self._members)} members"]
        if self._refused:
            notes.append(f"{len(self._refused)} members refused")
        if self._left_out:
            notes.append(f"{self._left_out} files that systems add by themselves left out")
        return Read(
            kind,
            media_type,
            notes=tuple(notes),
            attachments=tuple(self._members),
            refused=tuple(self._refused),
        )
