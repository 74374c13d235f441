"""A target for each parser: good bytes to begin with, and what must hold of whatever comes of them.

Laws:
1. A target answers True (taken in) or False (refused by a named error); all else escapes and
   is a fault.
2. What is taken in holds its own laws: a map that covers its text, places inside the file,
   names that are no paths.
3. Targets write below a folder of their own only, and open no connection.
"""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.unit.stages.capture.conftest import PNG, docx_bytes, pdf_bytes
from tests.unit.stages.capture.test_archives import tar_bytes, zip_bytes
from tests.unit.stages.capture.test_mbox import BOX
from tests.unit.stages.capture.test_mhtml import PAGE, mhtml_bytes
from tests.unit.stages.capture.test_sheets import STYLES, xlsx_bytes
from tests.unit.stages.capture.test_wacz import made, packed
from tests.unit.stages.capture.test_warc import record
from tests.unit.store.test_bag import _sum_again

from witnessmark.core.errors import InputError, UnreadableInput, WitnessmarkError
from witnessmark.stages import capture, extract
from witnessmark.stages.capture import isolation
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.readers import read
from witnessmark.store import backup, bag, bag_check, checkpoint, note, slots, timestamp
from witnessmark.store.case import Case, open_case
from witnessmark.store.header import Header, header_path, make_folder, read_header
from witnessmark.store.shipment_file import open_shipments

LIMITS = Limits(max_unpacked=4 << 20, max_text=1 << 20, max_silence=20, max_memory=1 << 30)

CONTAINED = ("crashed its reader", "kept its reader busy", "takes longer to read")
"""Words of a refusal by which a reader was lost behind its wall: kept, for those who make it."""

EXAMPLES = Path(capture.__file__).parents[2] / "examples/first_case"
KOREAN = "수감자들은 가발을 만든다.\n평안북도의 소식통은 2월 3일에 이같이 전했다.\n"
ROWS = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45000</v></c></row>'
CODES = ("cp949", "utf-16")
STYLED = {"xl/styles.xml": STYLES}
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><text>wigs</text></svg>'


@dataclass(frozen=True)
class Target:
    """One parser.

    Attributes:
        name: what it reads.
        seeds: good files.
        run: read bytes; True if they were taken in, False if refused.
        slow: whether one file takes tens of milliseconds (another process, the disk).
    """

    name: str
    seeds: Callable[[], tuple[bytes, ...]]
    run: Callable[[bytes], bool]
    slow: bool = False


class Contained(Exception):  # noqa: N818 - not an error of ours
    """A reader was lost behind its wall; the batch would go on."""


def answered(name: str, content: bytes) -> bool:
    """Read *content* as capture does; return whether it was taken in.

    Raises:
        Contained: a reader of another process was lost.
    """
    found = refusal = None
    try:
        found = read(name, content, where=name, limits=LIMITS)
    except UnreadableInput as error:
        refusal = error
    if found is None:
        assert refusal is not None
        assert refusal.what
        assert refusal.where.startswith(name)
        assert refusal.to_do
        if any(words in refusal.what for words in CONTAINED):
            raise Contained(refusal.what)
        assert "broke its reader" not in refusal.what, refusal.what
        return False
    for rendition in found.renditions:
        assert rendition.offsets.length == len(rendition.text)
        rendition.text.encode()
        for anchor in rendition.offsets.anchors:
            if anchor.origin == "bytes":
                assert 0 <= anchor.first < anchor.last <= len(content)
    for attachment in found.attachments:
        assert "/" not in attachment.name
        assert ".." not in attachment.place.split("/")
    return True


def _picture(content: bytes) -> bool:
    """Compare *content* as a picture, of whatever sort its first bytes say."""
    for magic, media_type in (
        (b"\x89PNG", "image/png"),
        (b"\xff\xd8", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"RIFF", "image/webp"),
    ):
        if content.startswith(magic):
            return isolation.picture_of(content, media_type) is not None
    return isolation.picture_of(content, "image/tiff") is not None


def _values(content: bytes, parse: Callable[[bytes], object]) -> bool:
    """Run a parser of the store whose refusal is a ``ValueError``."""
    try:
        parse(content)
    except ValueError:
        return False
    return True


def _named(content: bytes, parse: Callable[[bytes], object]) -> bool:
    """Run a parser whose refusal is one of our errors, with something to do."""
    try:
        parse(content)
    except WitnessmarkError as error:
        return not error.what  # an error that says nothing would pass for an answer
    return True


def _key() -> note.VerifierKey:
    return note.verifier_key("witnessmark.example/case", bytes(32))


def _note(content: bytes) -> object:
    return checkpoint.parse_checkpoint(note.open_note(content, _key()))


def _verifier(content: bytes) -> object:
    return note.VerifierKey.parse(content.decode(errors="replace"))


def _signed() -> tuple[bytes, ...]:
    head = checkpoint.Checkpoint(_key().name, 12, bytes(range(32)))
    return (note.sign(head.text(), _key().name, bytes(32)).encode(),)


def _spoken() -> tuple[bytes, ...]:
    head = checkpoint.Checkpoint(_key().name, 12, bytes(range(32)))
    return (head.spoken().encode(), head.text().encode(), *_signed())


def _stamp(content: bytes) -> bool:
    timestamp.nonce_of_request(content)
    found = timestamp.read_response(content)
    assert timestamp.describe(found)
    return found.token is not None


def _stamps() -> tuple[bytes, ...]:
    folder = Path(__file__).parents[3].parent / "shared/vectors/rfc3161"
    kept = [path.read_bytes() for path in sorted(folder.glob("*.tsr"))]
    return (timestamp.make_request(b"words"), *kept)


def _header(content: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        header_path(Path(folder)).write_bytes(content)
        return read_header(Path(folder))


def _headers() -> tuple[bytes, ...]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "case"
        make_folder(place, Header(sealed=True, slots=({"kind": "passphrase", "salt": "00"},)))
        return (header_path(place).read_bytes(),)


def _recovery(content: bytes) -> object:
    return slots.read_recovery(content.decode(errors="replace"))


def _sheets() -> tuple[bytes, ...]:
    return (slots.recovery_words(bytes(20)).encode(),)


def _filled(folder: Path) -> Case:
    """Return a plain case with two sources."""
    for number in (1, 2):
        (folder / f"{number}.txt").write_text(f"Report {number}\n\n{KOREAN}", "utf-8-sig")
    case = open_case(folder / "case", None, create=True)
    capture.run(
        case,
        [folder / "1.txt", folder / "2.txt"],
        clock=lambda: "2026-11-25T12:00:00Z",
    )
    return case


def _backups() -> tuple[bytes, ...]:
    with tempfile.TemporaryDirectory() as folder:
        case = _filled(Path(folder))
        backup.backup(case, Path(folder) / "backup.tar")
        case.close()
        return ((Path(folder) / "backup.tar").read_bytes(),)


def _restored(content: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "backup.tar").write_bytes(content)
        try:
            return backup.restore(Path(folder) / "backup.tar", Path(folder) / "in/case")
        finally:
            _nothing_beside(Path(folder), "backup.tar", "in")


def _bags() -> tuple[bytes, ...]:
    with tempfile.TemporaryDirectory() as folder:
        case = _filled(Path(folder))
        made_bag = bag.export_bag(case, Path(folder) / "bag")
        case.close()
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            archive.add(made_bag, "bag")
        return (out.getvalue(),)


def _bag(content: bytes) -> object:
    """Check a bag whose files were altered and whose sums were made right again."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                archive.extractall(folder, filter="data")
            _sum_again(Path(folder) / "bag")
        except (tarfile.TarError, OSError, ValueError, EOFError, UnicodeError) as error:
            raise InputError("no bag came of it", to_do="spoil another byte") from error
        return bag_check.read_bag(Path(folder) / "bag")


def _shipments(content: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.csv").write_bytes(content)
        return open_shipments(Path(folder) / "a.csv")


def _signer(value: str) -> dict[str, str]:
    """Sign as the keeper of a web archive does; always with one key, so that seeds stay."""
    key = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {
        "signature": base64.b64encode(key.sign(value.encode())).decode(),
        "publicKey": base64.b64encode(public).decode(),
    }


def _extracted(content: bytes) -> bool:
    """Read claims in a text; each quote stands at its place, character for character."""
    text = content.decode(errors="replace")
    found = extract.read(text)
    for claim in found.claims:
        assert text[claim.start : claim.end] == claim.quote
    return bool(found.claims)


def _reports() -> tuple[bytes, ...]:
    return tuple((EXAMPLES / f"report-{lang}.txt").read_bytes() for lang in ("en", "ko"))


def _nothing_beside(folder: Path, *names: str) -> None:
    assert {path.name for path in folder.iterdir()} <= set(names)


def _pictures() -> tuple[bytes, ...]:
    try:
        from PIL import Image
    except ImportError:
        return (PNG,)
    drawn = Image.linear_gradient("L").resize((48, 32)).convert("RGB")
    made_of: list[bytes] = [PNG]
    for form in ("PNG", "JPEG", "GIF", "WEBP", "TIFF"):
        out = io.BytesIO()
        drawn.save(out, form)
        made_of.append(out.getvalue())
    return tuple(made_of)


def _pdfs() -> tuple[bytes, ...]:
    return (
        pdf_bytes([[(72, 700, "Prisoners make wigs.")]], title="Title"),
        pdf_bytes([[(72, 700, "One.")], [(72, 700, "Two."), (300, 700, "Another column.")]]),
    )


def _of_capture(name: str, *seeds: Callable[[], bytes | tuple[bytes, ...]]) -> Target:
    def made_of() -> tuple[bytes, ...]:
        found = [seed() for seed in seeds]
        return tuple(
            content for one in found for content in (one if isinstance(one, tuple) else (one,))
        )

    slow = name.endswith((".pdf", ".png"))
    return Target(name, cache(made_of), partial(answered, name), slow=slow)


def _of_store(
    name: str, seeds: Callable[[], tuple[bytes, ...]], **how: Callable[..., object]
) -> Target:
    ((kind, parse),) = how.items()
    outcome = {"values": _values, "named": _named}[kind]
    return Target(name, cache(seeds), lambda content: outcome(content, parse), slow=parse in DISK)


DISK = (_restored, _bag, _shipments)

TARGETS: tuple[Target, ...] = (
    _of_capture("a.txt", KOREAN.encode, *(partial(KOREAN.encode, code) for code in CODES)),
    _of_capture("a.html", PAGE.encode, lambda: b"<meta charset=euc-kr>" + KOREAN.encode("cp949")),
    _of_capture("a.pdf", _pdfs),
    _of_capture("a.docx", lambda: docx_bytes(f"<w:p><w:r><w:t>{KOREAN}</w:t></w:r></w:p>")),
    _of_capture("a.eml", lambda: BOX.split(b"\n", 1)[1]),
    _of_capture("a.png", _pictures),
    _of_capture("a.svg", DRAWING.encode),
    _of_capture("a.csv", lambda: b'name,city\n"A ""b""",Anywhere\nB,"two\nlines"\n'),
    _of_capture("a.xlsx", lambda: xlsx_bytes({"S": ROWS}, strings=("words",), **STYLED)),
    _of_capture("a.mhtml", lambda: mhtml_bytes("quoted-printable"), lambda: mhtml_bytes("base64")),
    _of_capture("a.mbox", lambda: BOX),
    _of_capture("a.warc", lambda: record(PAGE.encode()) * 2),
    _of_capture("a.warc.gz", lambda: gzip.compress(record(PAGE.encode())) * 2),
    _of_capture("a.wacz", lambda: packed(made())),
    _of_capture("signed.wacz", lambda: packed(made(_signer))),
    _of_capture("a.zip", lambda: zip_bytes(("a/b.txt", b"words"), ("c.txt", b"more words"))),
    _of_capture("a.tar", lambda: tar_bytes(("a/b.txt", b"words"), ("c.txt", b"more words"))),
    _of_capture("a.tar.gz", lambda: gzip.compress(tar_bytes(("a/b.txt", b"words")))),
    Target("claims", cache(_reports), _extracted, slow=True),
    Target("picture", cache(_pictures), _picture, slow=True),
    _of_store("note", _signed, values=_note),
    _of_store("verifier key", lambda: (str(_key()).encode(),), values=_verifier),
    _of_store("checkpoint", _spoken, named=checkpoint.require_checkpoint),
    Target("time stamp", cache(_stamps), _stamp, slow=True),
    _of_store("header", _headers, named=_header),
    _of_store("recovery sheet", _sheets, named=_recovery),
    _of_store("backup", _backups, named=_restored),
    _of_store("bag", _bags, named=_bag),
    _of_store("shipments", lambda: ((EXAMPLES / "shipments.csv").read_bytes(),), named=_shipments),
)  # fmt: skip
"""Every parser of bytes from outside."""
