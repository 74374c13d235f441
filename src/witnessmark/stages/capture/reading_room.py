"""The reading room: a small program that reads one file after another, each in a child of its own.

It is started by :mod:`witnessmark.stages.capture.isolation`, with nothing but two pipes. It
never looks at a file itself: for each one it forks a child that reads and answers, and says
how the child ended. So no file meets what another one left behind.

Laws:
1. A child is confined (:mod:`witnessmark.stages.capture.confinement`) before it reads.
2. A child that is silent too long, or reads too long, is killed; so is one whose reader is gone.
3. What a child says is passed on as bytes, marked as its words; how it ended is said in
   frames that no child can write.
4. No byte of a file reaches a disk.
"""

from __future__ import annotations

import json
import os
import select
import signal
import struct
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pypdfium2

from witnessmark.core.errors import UnreadableInput
from witnessmark.stages.capture import confinement, lookalike_images, ocr, pdf, picture, transit
from witnessmark.stages.capture.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = struct.Struct(">cQ")
"""A frame: what it is, and how many bytes follow."""

SAID, ENDED = b"s", b"e"
"""Frames of the room: a child's words; how it ended."""

BEAT = b" "
"""A child's sign of life: JSON allows blanks before it begins."""

PIECE = 1 << 16
"""Bytes that are passed on at once."""

SPARE_S = 5
"""Seconds after its bound at which a child ends by its own alarm, should the room be gone."""

FOLDERS = ("/usr", "/lib", "/lib64", "/etc/fonts", "/sys/devices/system/cpu")
"""Where systems keep libraries, fonts and the data of OCR."""


def _pdf(content: bytes, limits: Limits, media_type: str, beat: Callable[[], None]) -> object:
    del media_type
    return transit.told(pdf.read_pdf(content, where="", limits=limits, beat=beat))


def _image(content: bytes, limits: Limits, media_type: str, beat: Callable[[], None]) -> object:
    beat()
    return transit.told(picture.read_image(content, media_type, where="", limits=limits))


def _picture(content: bytes, limits: Limits, media_type: str, beat: Callable[[], None]) -> object:
    del limits, beat
    return lookalike_images.picture_of(content, media_type)


READERS: dict[str, Callable[[bytes, Limits, str, Callable[[], None]], object]] = {
    "pdf": _pdf,
    "image": _image,
    "picture": _picture,
}
"""What can be asked for."""


def main() -> None:
    """Answer one question after another until nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    confinement.hide()
    null = os.open(os.devnull, os.O_RDONLY)  # later the kernel refuses it
    _prepare()
    confinement.read_only_below(_readable())
    while head := _exactly(0, HEAD.size):
        question = json.loads(_exactly(0, HEAD.unpack(head)[1]))
        content = _exactly(0, question["size"])
        _frame(ENDED, _answered(question, content, null))
        del content


def _prepare() -> None:
    """Load what readers need, so that no child has to."""
    if find_spec("PIL") is not None:
        from PIL import Image

        Image.init()
    ocr.installed()


def _readable() -> list[Path]:
    package = Path(__file__).resolve().parents[2]
    installed = [Path(pypdfium2.__file__).resolve().parents[1]]
    data = [Path(folder) for folder in (ocr.installed()[0],) if folder]
    fixed = [Path(folder) for folder in (*FOLDERS, sys.prefix, sys.base_prefix)]
    return [package, *installed, *data, *fixed]


def _answered(question: dict[str, object], content: bytes, null: int) -> bytes:
    """Have a child read *content*, pass its words on, and return how it ended."""
    limits = Limits(**question["limits"])  # type: ignore[arg-type]  # our own parent wrote it
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(null, 0)
        os.dup2(theirs, 1)
        _read_and_leave(question, content, limits)
    os.close(theirs)
    ended = _listen(ours, limits)
    os.close(ours)
    if ended:
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    return (ended or _ending(os.waitstatus_to_exitcode(status))).encode()


def _listen(ours: int, limits: Limits) -> str:
    """Pass on what the child says; return why it must end, nothing where it ends by itself."""
    begun = time.monotonic()
    watched = select.poll()
    watched.register(ours, select.POLLIN)
    watched.register(0, 0)  # a parent that is gone closes it
    while True:
        left = begun + limits.max_seconds - time.monotonic()
        ready = dict(watched.poll(max(0.0, min(limits.max_silence, left)) * 1000))
        if 0 in ready:
            return "left"
        if not ready:
            return "long" if left <= limits.max_silence else "silent"
        piece = os.read(ours, PIECE)
        if not piece:
            return ""
        _frame(SAID, piece)


def _ending(code: int) -> str:
    if code == -signal.SIGXCPU:
        return "long"
    return "" if code == 0 else signal.Signals(-code).name if code < 0 else f"exit {code}"


def _read_and_leave(question: dict[str, object], content: bytes, limits: Limits) -> NoReturn:
    """Read as the child: confined, then the answer, then the end."""
    code = 1
    try:
        os.closerange(3, confinement.MOST_OPEN)
        confinement.bound(
            memory=limits.max_memory, seconds=limits.max_seconds * (os.cpu_count() or 1)
        )
        confinement.refuse_calls()
        _write(json.dumps(_said(question, content, limits), ensure_ascii=False).encode())
        code = 0
    finally:
        os._exit(code)


def _said(question: dict[str, object], content: bytes, limits: Limits) -> dict[str, object]:
    def beat() -> None:
        signal.setitimer(signal.ITIMER_REAL, limits.max_silence + SPARE_S)
        _write(BEAT)

    beat()
    try:
        reader = READERS[str(question["reader"])]
        return {"read": reader(content, limits, str(question["media_type"]), beat)}
    except UnreadableInput as error:
        return {"refused": [error.what, error.where, error.to_do]}
    except MemoryError:
        return {"broke": "MemoryError"}
    except Exception as error:  # noqa: BLE001 - hostile input finds what a library did not expect
        return {"broke": type(error).__name__}


def _exactly(handle: int, size: int) -> bytes:
    """Return *size* bytes, fewer at the end."""
    whole = bytearray()
    while len(whole) < size:
        piece = os.read(handle, min(size - len(whole), 1 << 20))
        if not piece:
            return b""
        whole += piece
    return bytes(whole)


def _frame(what: bytes, content: bytes) -> None:
    _write(HEAD.pack(what, len(content)) + content)


def _write(content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(1, left) :]
