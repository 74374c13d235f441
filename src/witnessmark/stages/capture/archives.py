"""Archives (zip, tar, and tar or a file in gzip, bzip2, xz): each member becomes a source.

Laws:
1. Nothing is unpacked to the disk; a member's name is a label, never a path.
2. A name that leaves its folder, a link, a device, a pipe or a sparse file is refused by
   its name; the other members are taken in.
3. What comes out is counted while it comes out; a bomb refuses the whole archive.
4. An encrypted archive is refused: no password is asked for, none is tried.
5. An archive on the disk is read by random access; only a compressed tar is unpacked into
   memory, up to ``max_unpacked``.
"""

from __future__ import annotations

import re
import tarfile
from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import SourceKind
from witnessmark.stages.capture.contents import Content, Held, as_file, part
from witnessmark.stages.capture.kinds import TAR_MARK
from witnessmark.stages.capture.limits import NotRead
from witnessmark.stages.capture.names import label
from witnessmark.stages.capture.reading import Attachment, Read
from witnessmark.stages.capture.unpacking import STEP, Budget, inflate_all, unbzip2, unxz
from witnessmark.stages.capture.zipbox import ZipBox, name_fault, shown_name

if TYPE_CHECKING:
    from witnessmark.stages.capture.contents import Data
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


def read_zip(content: Data, *, where: str, limits: Limits) -> Read:
    """Read a zip archive.

    Raises:
        NotRead: it holds too many members.
        UnreadableInput: it is damaged, encrypted, or unpacks to too much.
    """
    most = limits.unpacked_of(len(content))
    box = ZipBox(content, where=where, most=limits.max_files, unpacked=most)
    gathered = _Gathered(where)
    for name in box.names:
        fault = box.fault(name)
        if not name.endswith("/"):
            gathered.take(name, fault, None if fault else box.member(name))
    return gathered.read(SourceKind.ZIP, ZIP_TYPE)


def read_tar(content: Data, *, where: str, limits: Limits) -> Read:
    """Read a tar archive, or one file in gzip, bzip2 or xz.

    Raises:
        NotRead: it holds too many members, or is compressed and large.
        UnreadableInput: it is damaged or unpacks to too much.
    """
    packing = _packing(content)
    data: Data = content
    if undo := _UNDO.get(packing):
        if len(content) > limits.max_bytes:
            raise NotRead(
                f"the compressed archive has {len(content)} bytes, more than the "
                f"{limits.max_bytes} that are unpacked",
                where=where,
                to_do="unpack it and give the files too",
                media_type=f"application/{packing}",
            )
        plain = undo(content, Budget(limits.max_unpacked, where=where))
        data = Held(plain) if isinstance(content, Content) else plain
    gathered = _Gathered(where)
    if data[TAR_MARK] != b"ustar":
        name = re.split(r"[/\\]|, member ", where)[-1]
        stem, dot, ending = name.rpartition(".")
        name = stem if dot and ending.lower() in {"gz", "bz2", "xz"} else name
        gathered.take(name, "", part(data, 0, len(data)))
        return gathered.read(SourceKind.TAR, f"application/{packing}")
    number = place = 0
    try:
        with tarfile.open(fileobj=as_file(data), mode="r:") as archive:
            while (member := archive.next()) is not None:
                number += 1
                if number > limits.max_files:
                    raise NotRead(
                        f"the archive holds more than {limits.max_files} members",
                        where=where,
                        to_do="unpack it and give the files too",
                        media_type=TAR_TYPE,
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


def _refuse_rest(data: Data, place: int) -> None:
    """Refuse what tarfile passes over: a broken head behind the last member, a missing end."""
    blocks = (data[at : at + STEP] for at in range(place, len(data), STEP))
    if len(data) - place < tarfile.BLOCKSIZE or any(block.strip(b"\0") for block in blocks):
        message = "the archive does not end behind its last member"
        raise tarfile.ReadError(message)


def _take_member(gathered: _Gathered, member: tarfile.TarInfo, data: Data) -> None:
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
    begin = member.offset_data
    gathered.take(member.name, "", part(data, begin, begin + member.size))


_UNDO = {"gzip": inflate_all, "x-bzip2": unbzip2, "x-xz": unxz}


def _packing(content: Data) -> str:
    head = content[:8]
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"BZh"):
        return "x-bzip2"
    return "x-xz" if head.startswith(b"\xfd7zXZ\x00") else "x-tar"


class _Gathered:
    """Members on their way to becoming sources."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._members: list[Attachment] = []
        self._refused: list[UnreadableInput] = []
        self._left_out = 0

    def take(self, name: str, fault: str, content: bytes | Content | None) -> None:
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
