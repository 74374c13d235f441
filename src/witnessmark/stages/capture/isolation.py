"""Reading behind a wall: files that are opened by libraries written in C.

PDF pages, pictures and OCR are read by another process
(:mod:`witnessmark.stages.capture.reading_room`), started when the first such file comes and
kept for the next ones. What crashes, hangs or takes it over costs that file, nothing else.

Laws:
1. A file that crashes its reader, or takes too long or too much memory, is refused by name;
   the batch goes on.
2. The other process holds no key and no passphrase: its environment is empty but for the
   settings of OCR, it inherits no open file, and it never learns the name of the file.
3. What it answers is text, of which each part is checked (:mod:`.transit`).
4. Two pipes join them; nothing is written to a disk.
5. Whoever asks and is stopped (Ctrl-C) leaves no process behind.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import SourceKind
from witnessmark.stages.capture import picture, transit
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.lookalike_images import BITS
from witnessmark.stages.capture.picture import DRAWN, has_location_data

if TYPE_CHECKING:
    from witnessmark.stages.capture.reading import Read

BOOT = """
import sys, types
sys.path[:] = sys.argv[2:]
package = types.ModuleType("witnessmark.stages.capture")
package.__path__ = [sys.argv[1]]
sys.modules[package.__name__] = package
from witnessmark.stages.capture.reading_room import main
main()
"""
"""How the other program begins. It finds libraries where this one does, and is given the
folder of the readers, not the stage's face: that would load the store, which it must not use."""

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""The reading room forks: no library may start threads in it before that."""

KEPT_SETTINGS = ("TESSDATA_PREFIX", "OMP_THREAD_LIMIT", "OMP_NUM_THREADS")
"""Variables of the environment that OCR heeds; all others stay here."""

MOST_SAID = 512 * 1024 * 1024
"""Bytes of an answer; a text of the greatest length with a box for each word has less."""

HEAD_BYTES = 9
"""Bytes before each frame: what it is, and its length."""

FIGURES = (int, bool)

POSITIONS = 8
"""Hashes of a picture: turned four times, upright and mirrored."""

OUT_OF_MEMORY = "needs more memory than reading it may take"

TO_DO = "save it as text, or each page as an image, on a machine that holds no case; give that"


class Gone(Exception):  # noqa: N818 - named after what happened
    """The other process is not there any more."""


class ReadingRoom:
    """The other process: started when it is needed, kept, started anew when it is gone."""

    def __init__(self, boot: str = BOOT) -> None:
        """Start nothing yet; *boot* is what the process will run."""
        self._boot = boot
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._turn = threading.Lock()

    def ask(self, reader: str, content: bytes, media_type: str, limits: Limits) -> object:
        """Return what *reader* says of *content*.

        Raises:
            UnreadableInput: the file cannot be read; ``where`` is empty or begins with
                what comes after the file's name.
        """
        question: dict[str, object] = {
            "reader": reader,
            "media_type": media_type,
            "size": len(content),
            # figures alone: what else stands there is none of its business
            "limits": {
                name: most for name, most in asdict(limits).items() if type(most) in FIGURES
            },
        }
        with self._turn:
            try:
                said, ended = self._asked(question, content)
            except Gone:
                try:  # something else has ended it: the file may be innocent
                    said, ended = self._asked(question, content)
                except Gone as error:
                    raise UnreadableInput(
                        f"the program that reads such a file does not start or ended ({reader})",
                        to_do="free memory, run witnessmark doctor, and give the file again",
                    ) from error
        if ended:
            raise UnreadableInput(_why(ended, reader, limits), to_do=TO_DO)
        return _answer(said, reader)

    def _asked(self, question: dict[str, object], content: bytes) -> tuple[bytes, str]:
        """Return what was said and how the reader ended, empty where it ended well."""
        try:
            return _conversation(_ends(self._running()), question, content)
        except (OSError, Gone) as error:
            self.close()
            raise Gone from error
        except BaseException:  # Ctrl-C above all: what is being read will not be asked for again
            self.close()
            raise

    def _running(self) -> subprocess.Popen[bytes]:
        process = self._process
        if process is not None and self._owner == os.getpid() and process.poll() is None:
            return process
        command = [sys.executable, "-I", "-B", "-c", self._boot, str(Path(__file__).parent)]
        libraries = [place for place in sys.path if Path(place).is_absolute()]
        settings = {name: os.environ[name] for name in KEPT_SETTINGS if name in os.environ}
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, our own words
            [*command, *libraries],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            env=ONE_THREAD | settings,
        )
        self._owner = os.getpid()
        return self._process

    def close(self) -> None:
        """End the other process and all that it has started."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in _ends(process):
            with suppress(OSError):
                pipe.close()
        process.wait()


def _ends(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise Gone
    return process.stdin, process.stdout


def _conversation(
    pipes: tuple[IO[bytes], IO[bytes]], question: dict[str, object], content: bytes
) -> tuple[bytes, str]:
    asked, answers = pipes
    head = json.dumps(question).encode()
    asked.write(b"q" + len(head).to_bytes(8) + head)
    asked.write(content)
    asked.flush()
    said = bytearray()
    while True:
        frame = answers.read(HEAD_BYTES)
        size = int.from_bytes(frame[1:])
        part = answers.read(size)
        if len(frame) < HEAD_BYTES or len(part) < size:
            raise Gone
        if frame[:1] == b"e":
            return bytes(said), part.decode()
        said += part
        if len(said) > MOST_SAID:
            message = f"more than {MOST_SAID} bytes come out of the file"
            raise UnreadableInput(message, to_do="split it")


def _why(ended: str, reader: str, limits: Limits) -> str:
    told = {
        "silent": f"the file kept its reader busy for {limits.max_silence} s over one page",
        "long": f"the file takes longer to read than {limits.max_seconds} s",
    }
    return f"{told.get(ended, 'the file crashed its reader')} ({reader}: {ended})"


def _answer(said: bytes, reader: str) -> object:
    try:
        answer = transit.parsed(said)
    except (ValueError, RecursionError):
        answer = {}
    match answer:
        case {"read": found}:
            return found
        case {"refused": [str(what), str(where), str(to_do)]}:
            raise UnreadableInput(what, where=where, to_do=to_do)
        case {"broke": "MemoryError"}:
            raise UnreadableInput(f"the file {OUT_OF_MEMORY} ({reader})", to_do=TO_DO)
        case {"broke": str(name)} if name.isidentifier():
            raise UnreadableInput(f"the file broke its reader ({reader}: {name})", to_do=TO_DO)
        case _:
            raise UnreadableInput(f"the file's reader gave no answer ({reader})", to_do=TO_DO)


ROOM = ReadingRoom()
"""The one of this program."""

atexit.register(ROOM.close)


def read_pdf(content: bytes, *, where: str, limits: Limits) -> Read:
    """Read a PDF file in another process.

    Raises:
        UnreadableInput: it cannot be read, crashes its reader, or takes too much.
    """
    return _read("pdf", content, SourceKind.PDF, "application/pdf", where=where, limits=limits)


def read_image(content: bytes, media_type: str, *, where: str, limits: Limits) -> Read:
    """Read an image in another process; one that nothing here opens is not sent there.

    Raises:
        UnreadableInput: it cannot be read, crashes its reader, or takes too much.
    """
    if media_type not in DRAWN:
        return picture.read_image(content, media_type, where=where, limits=limits)
    return _read("image", content, SourceKind.IMAGE, media_type, where=where, limits=limits)


def picture_of(content: bytes, media_type: str) -> tuple[int, ...] | None:
    """Return the hash of a picture in its eight positions, computed in another process.

    None if it cannot be compared.
    """
    try:
        found = ROOM.ask("picture", content, media_type, Limits())
    except UnreadableInput:
        return None
    if not isinstance(found, list) or len(found) != POSITIONS:
        return None
    hashes = [number for number in found if isinstance(number, int) and 0 <= number < 1 << BITS]
    return tuple(hashes) if len(hashes) == POSITIONS else None


def _read(
    reader: str, content: bytes, kind: SourceKind, media_type: str, *, where: str, limits: Limits
) -> Read:
    try:
        found = ROOM.ask(reader, content, media_type, limits)
        # what a plain case refuses is looked for here: the answer cannot hide it
        shown = kind is SourceKind.IMAGE and has_location_data(content)
        return transit.heard(
            found,
            kind,
            media_type,
            location_data=shown,
            most_pages=min(limits.max_page_images, limits.max_pages),
        )
    except ValueError as error:
        message = f"the file's reader gave an answer that is no reading ({reader})"
        raise UnreadableInput(message, where=where, to_do=TO_DO) from error
    except UnreadableInput as error:
        raise UnreadableInput(error.what, where=where + error.where, to_do=error.to_do) from error
