"""Files that take their reader over: the reader is lost, the batch and the key are not."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.stages.capture.conftest import PNG, clock, pdf_bytes

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import SourceKind
from witnessmark.stages import capture
from witnessmark.stages.capture import isolation, lookalike_images, ocr, pdf, picture, transit
from witnessmark.stages.capture.confinement import NUMBERS
from witnessmark.stages.capture.limits import Limits
from witnessmark.store.case import open_case
from witnessmark.store.verify import verify_case

WORDS = "Prisoners make wigs."
GOOD = pdf_bytes([[(72, 700, WORDS)], [(72, 700, "A second page, two columns wide.")]], title="T")
SHORT = Limits(max_silence=2, max_seconds=30, max_memory=512 << 20)

FAULTS = """
import ctypes, os, signal, socket, subprocess, time
from pathlib import Path
from witnessmark.stages.capture import reading_room as room

def tried(what):
    try:
        return f"done: {what()}"
    except OSError as error:
        return type(error).__name__

def inside(content):
    text = content.decode().strip()
    return {
        "environment": sorted(os.environ),
        "handles": [handle for handle in range(256) if tried(lambda: os.fstat(handle))[0] == "d"],
        "socket": tried(lambda: socket.socket(socket.AF_UNIX)),
        "network": tried(lambda: socket.socket()),
        "program": tried(lambda: subprocess.Popen(["/bin/true"])),
        "fork": tried(os.fork),
        "write": tried(lambda: os.open(text + "/new", os.O_CREAT | os.O_WRONLY)),
        "append": tried(lambda: os.open(text + "/old", os.O_WRONLY | os.O_APPEND)),
        "remove": tried(lambda: os.unlink(text + "/old")),
        "read": tried(lambda: Path(text + "/old").read_text()),
        "signal": tried(lambda: os.kill(os.getppid(), 0)),
        "memory": tried(lambda: os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY)),
        "library": tried(lambda: len(os.listdir("/usr"))),
        "modules": sorted(name for name in __import__("sys").modules if "store" in name),
    }

def fault(content, limits, media_type, beat):
    what, _, rest = content.removeprefix(b"%PDF-").partition(b" ")
    match what:
        case b"segv":
            ctypes.string_at(0)
        case b"abort":
            os.abort()
        case b"hang":
            while True:
                time.sleep(1)
        case b"spin":
            while True:
                pass
        case b"slow":
            for _ in range(20):
                beat()
                time.sleep(0.5)
        case b"hog":
            held = [bytearray(1 << 26) for _ in range(1000)]
        case b"native":
            ctypes.CDLL(None).malloc.restype = ctypes.c_void_p
            while ctypes.CDLL(None).malloc(1 << 24):
                pass
            os.abort()
        case b"exit":
            os._exit(0)
        case b"half":
            os.write(1, b'{"read": {')
            os._exit(0)
        case b"forge":
            forged = room.HEAD.pack(room.ENDED, 0)
            os.write(1, b'{"refused": ["a", "b", "c"]}' + forged * 3)
            os._exit(0)
        case b"flood":
            while True:
                os.write(1, b" " * 65536)
        case b"inside":
            return inside(rest)
        case _:
            return room.transit.told(room.pdf.read_pdf(content, where="", limits=limits))

room.READERS["pdf"] = fault
"""

BOOT = isolation.BOOT.replace("main()\n", f"{FAULTS}\nmain()\n")


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[isolation.ReadingRoom]:
    """A reading room in which a file says how it breaks its reader."""
    made = isolation.ReadingRoom(BOOT)
    monkeypatch.setattr(isolation, "ROOM", made)
    yield made
    made.close()


def _ask(room: isolation.ReadingRoom, what: str, limits: Limits = SHORT) -> object:
    return room.ask("pdf", f"%PDF-{what} ".encode(), "application/pdf", limits)


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("segv", "crashed its reader (pdf: SIGSEGV)"),
        ("abort", "crashed its reader (pdf: SIGABRT)"),
        ("hang", "kept its reader busy for 2 s over one page (pdf: silent)"),
        ("spin", "kept its reader busy for 2 s over one page (pdf: silent)"),
        ("hog", "needs more memory than reading it may take (pdf)"),
        ("native", "crashed its reader (pdf: SIGABRT)"),
        ("exit", "the file's reader gave no answer (pdf)"),
        ("half", "the file's reader gave no answer (pdf)"),
        ("forge", "the file's reader gave no answer (pdf)"),
    ],
)
def test_a_reader_that_is_lost(room: isolation.ReadingRoom, what: str, told: str) -> None:
    """Crash, hang, memory, silence, forged words: named for that file, and the next is read."""
    begun = time.monotonic()
    with pytest.raises(UnreadableInput) as caught:
        _ask(room, what)
    assert time.monotonic() - begun < 10
    assert told in caught.value.what
    assert caught.value.to_do
    process = room._process
    after = isolation.read_pdf(GOOD, where="good.pdf", limits=SHORT)
    assert after == pdf.read_pdf(GOOD, where="good.pdf", limits=SHORT)
    assert room._process is process, "one lost reader does not cost the room"


def test_a_file_that_takes_too_long_in_all(room: isolation.ReadingRoom) -> None:
    """Signs of life do not buy time without end."""
    with pytest.raises(UnreadableInput, match=r"longer to read than 3 s \(pdf: long\)"):
        _ask(room, "slow", Limits(max_silence=2, max_seconds=3))


def test_an_answer_without_end(
    room: isolation.ReadingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flood of words is cut off, not collected."""
    monkeypatch.setattr(isolation, "MOST_SAID", 1 << 20)
    with pytest.raises(UnreadableInput, match="more than 1048576 bytes come out"):
        _ask(room, "flood")
    assert room._process is None, "whoever floods is ended"
    assert isolation.read_pdf(GOOD, where="good.pdf", limits=SHORT).renditions


def test_a_batch_goes_on_after_each_crash(room: isolation.ReadingRoom, tmp_path: Path) -> None:
    """Files that crash, hang and eat memory are failures by name; what lies between is kept,
    and the case equals one that never met them."""
    digests = []
    for name, files in (
        ("quiet", ("good",)),
        ("loud", ("segv", "good", "hang", "hog", "abort")),
    ):
        inputs = tmp_path / name
        inputs.mkdir()
        for number, what in enumerate(files):
            content = GOOD if what == "good" else f"%PDF-{what} ".encode()
            (inputs / ("good.pdf" if what == "good" else f"{number}-{what}.pdf")).write_bytes(
                content
            )
        case = open_case(tmp_path / f"{name}-case", None, create=True)
        result = capture.run(case, [inputs], clock=clock, limits=SHORT)
        assert [Path(error.where).stem.split("-")[-1] for error in result.failures] == [
            what for what in files if what != "good"
        ]
        assert verify_case(case).faults == ()
        digests.append(case.casebook.digest())
        case.close()
    assert digests[0] == digests[1]
    assert room._process is not None


def test_the_room_itself_is_killed(room: isolation.ReadingRoom) -> None:
    """A room that something else ended (the system, out of memory) is opened anew, unseen."""
    before = isolation.read_pdf(GOOD, where="good.pdf", limits=SHORT)
    assert room._process is not None
    os.kill(room._process.pid, signal.SIGKILL)
    assert isolation.read_pdf(GOOD, where="good.pdf", limits=SHORT) == before


def test_a_room_that_cannot_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the other process does not start, the file is refused with the remedy; nothing is
    read in this process instead."""
    room = isolation.ReadingRoom("raise SystemExit(3)")
    monkeypatch.setattr(isolation, "ROOM", room)
    with pytest.raises(UnreadableInput, match=r"does not start or ended \(pdf\)") as caught:
        isolation.read_pdf(GOOD, where="good.pdf", limits=SHORT)
    assert caught.value.where == "good.pdf"
    assert "doctor" in caught.value.to_do
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(UnreadableInput, match="does not start"):
        isolation.read_pdf(GOOD, where="good.pdf", limits=SHORT)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's walls are Linux's")
def test_what_a_reader_may_do(
    room: isolation.ReadingRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack: code of the file's runs in the reader. It has no passphrase, no open file, no
    socket to the key agent, no new program, no way to the disk and to other processes."""
    monkeypatch.setenv("WITNESSMARK_PASSPHRASE", "six words that nobody would guess")
    monkeypatch.setenv("OMP_THREAD_LIMIT", "1")
    (tmp_path / "old").write_text("a sealed thing")
    kept = os.open(tmp_path / "old", os.O_RDONLY)
    os.set_inheritable(kept, True)
    try:
        found = _ask(room, f"inside {tmp_path}")
    finally:
        os.close(kept)
    assert isinstance(found, dict)
    assert set(found["environment"]) <= {"OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "LC_CTYPE"}
    assert found["handles"] == [0, 1, 2], "two pipes and nothing"
    assert found["modules"] == [], "no code of the store is loaded"
    assert found["library"].startswith("done"), "the walls have the doors that readers need"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old"]
    if os.uname().machine in NUMBERS:
        for what in ("socket", "network", "program", "fork", "write", "append", "remove", "signal"):
            assert found[what] == "PermissionError", what
    if isolation_reads_are_bound():
        assert found["read"] == "PermissionError"
        assert found["memory"] == "PermissionError"


def isolation_reads_are_bound() -> bool:
    """Return whether this kernel has Landlock."""
    code = (
        "from pathlib import Path; from witnessmark.stages.capture import confinement; "
        "print(confinement.read_only_below([Path('/usr')]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip() == "True"


def _ended(group: int) -> bool:
    """Return whether the processes of *group* end by themselves within ten seconds."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        listed = subprocess.run(
            ["ps", "-eo", "pgid=,stat="], capture_output=True, text=True, check=True
        )
        rows = [line.split() for line in listed.stdout.splitlines()]
        if not [state for number, state in rows if int(number) == group and state[0] != "Z"]:
            return True
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    return False


@pytest.mark.skipif(shutil.which("ps") is None, reason="needs ps")
def test_ctrl_c_leaves_no_process() -> None:
    """Ctrl-C during a hang ends the command at once, and the reader with it."""
    code = (
        "import signal, sys, threading, time, os\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from witnessmark.stages.capture import isolation\n"
        "from witnessmark.stages.capture.limits import Limits\n"
        f"room = isolation.ReadingRoom({BOOT!r})\n"
        "def strike():\n"
        "    while room._process is None: time.sleep(0.01)\n"
        "    print(room._process.pid, flush=True)\n"
        "    time.sleep(0.6)\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "threading.Thread(target=strike).start()\n"
        "try:\n"
        "    room.ask('pdf', b'%PDF-hang ', 'application/pdf', Limits())\n"
        "except KeyboardInterrupt:\n"
        "    sys.exit(7)\n"
    )
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 7, done.stderr
    assert time.monotonic() - begun < 30
    assert _ended(int(done.stdout))


@pytest.mark.skipif(shutil.which("ps") is None, reason="needs ps")
def test_a_killed_command_leaves_no_process() -> None:
    """kill -9 during a hang: the room sees that nobody asks any more and ends its reader."""
    code = (
        "import threading, time\n"
        "from witnessmark.stages.capture import isolation\n"
        "from witnessmark.stages.capture.limits import Limits\n"
        f"room = isolation.ReadingRoom({BOOT!r})\n"
        "def say():\n"
        "    while room._process is None: time.sleep(0.01)\n"
        "    print(room._process.pid, flush=True)\n"
        "threading.Thread(target=say).start()\n"
        "room.ask('pdf', b'%PDF-hang ', 'application/pdf', Limits())\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    group = int(process.stdout.readline())
    time.sleep(1)
    process.kill()
    process.communicate()
    assert _ended(group)


def _noise(form: str) -> bytes:
    """Return a small picture without words."""
    pil = pytest.importorskip("PIL.Image", reason="needs the extra ocr")
    dice = random.Random(1)
    small = pil.new("L", (12, 9))
    small.putdata([dice.randrange(256) for _ in range(108)])
    out = io.BytesIO()
    small.resize((160, 120)).save(out, form)
    return out.getvalue()


def test_there_and_back() -> None:
    """Read apart or here, a file gives the same reading, sign for sign."""
    assert isolation.read_pdf(GOOD, where="a", limits=Limits()) == pdf.read_pdf(
        GOOD, where="a", limits=Limits()
    )
    assert isolation.read_image(PNG, "image/png", where="a", limits=Limits()) == picture.read_image(
        PNG, "image/png", where="a", limits=Limits()
    )
    drawing = Path(capture.__file__).parents[2] / "examples/first_case/drawing.png"
    content = drawing.read_bytes()
    if ocr.available():
        apart = isolation.read_image(content, "image/png", where="a", limits=Limits())
        assert apart.renditions
        assert apart == picture.read_image(content, "image/png", where="a", limits=Limits())
    assert isolation.picture_of(content, "image/png") == lookalike_images.picture_of(
        content, "image/png"
    )
    for form in ("PNG", "JPEG", "GIF", "WEBP", "TIFF"):  # "Empty page!!": OCR wants to say so
        noise = _noise(form)
        media_type = f"image/{form.lower()}"
        here = picture.read_image(noise, media_type, where="a", limits=Limits())
        assert isolation.read_image(noise, media_type, where="a", limits=Limits()) == here
    with pytest.raises(UnreadableInput, match=r"cut off \(a, page 1\)|cut off \(a\)"):
        isolation.read_pdf(GOOD[:-10], where="a", limits=Limits())


def _told() -> dict[str, object]:
    found: dict[str, object] = json.loads(
        json.dumps(transit.told(pdf.read_pdf(GOOD, where="", limits=Limits())))
    )
    return found


def _heard(value: object) -> object:
    return transit.heard(
        value, SourceKind.PDF, "application/pdf", location_data=False, most_pages=200
    )


def test_an_answer_is_a_reading_or_nothing() -> None:
    """Attack: a reader that was taken over answers. Whatever part of a reading is of another
    kind, too long or out of its place, the answer is refused whole."""
    good = _told()
    assert _heard(good) == pdf.read_pdf(GOOD, where="", limits=Limits())
    text = json.dumps(good)
    rendition = good["renditions"][0]  # type: ignore[index]
    anchor = json.dumps(rendition["anchors"][0])
    spoiled = [
        text.replace('"facts"', '"fact"'),
        text.replace('"notes": []', '"notes": [1]'),
        text.replace('"notes": []', '"notes": ["' + "a" * 20_000 + '"]'),
        text.replace('"pdf-text"', '"identity"'),
        text.replace('"pdf-text"', '"translation"'),
        text.replace(WORDS, WORDS + " And more."),
        text.replace(WORDS, "\\ud800" + WORDS[1:]),
        text.replace('"page"', '"bytes"', 1),
        text.replace(anchor, anchor.replace("[0, ", "[true, ", 1)),
        text.replace(anchor, anchor.replace('""', '"/etc/passwd"')),
        text.replace(anchor, anchor.replace("[0, ", "[-1, ", 1)),
        text.replace(anchor, anchor.replace("1, 1", "2, 1")),
        json.dumps({**good, "attachments": []}),
        json.dumps([good]),
    ]
    pages = good["pages"]
    if isinstance(pages, list) and pages:
        png = pages[0][6]
        spoiled += [text.replace(png, png[:40]), text.replace(png, "AAAA" + png)]
    for number, other in enumerate(spoiled):
        assert other != text, number
        with pytest.raises(ValueError, match=r".") as caught:
            _heard(json.loads(other))
        assert not isinstance(caught.value, AssertionError)
    for figure in (b"NaN", b"Infinity", b"-Infinity"):
        with pytest.raises(ValueError, match="no reading"):
            transit.parsed(b'{"read": ' + figure + b"}")
