"""Spoil good files at random and read them: what a hostile document can do to the readers.

Laws:
1. A spoiled file is read or refused with a named error; anything else is a fault.
2. Where claims are read, each quote stands at its place, character for character.
3. No file takes longer than :data:`LONGEST` seconds.
4. The same seed gives the same files. The file in hand is kept beside the cases until it was
   read, so that a crash of the whole program leaves what caused it.

    .venv/bin/python tools/fuzz_readers.py [ROUNDS] [SEED] [FOLDER]
"""

from __future__ import annotations

import io
import random
import sys
import time
import zipfile
from collections import Counter
from email.message import EmailMessage
from importlib.resources import files
from pathlib import Path

from witnessmark.core.errors import WitnessmarkError
from witnessmark.stages import capture, extract

LONGEST = 20.0
"""Seconds for one file; the demo's report takes well under one."""

PRINTABLE = 0.7
"""Share of overwritten stretches that stay ASCII: a text that does not decode is refused at the
door and tries nothing behind it."""

JUNK = (
    b"\x00", b"\xff\xfe", "\u202e\U0001f9f5\u0301".encode(), b"<", b"&#x110000;",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"((((((((", b"999999999999999999", b"\r\n\r\n--",
    b"=C0=80", b"endobj",
)  # fmt: skip
"""Signs that readers trip over: halves of characters, entities, marks that turn writing."""


def good_files() -> dict[str, bytes]:
    """Return one good file of each kind, made from the demo's reports."""
    folder = files("witnessmark").joinpath("examples", "first_case")
    english = folder.joinpath("report-en.txt").read_text("utf-8")
    korean = folder.joinpath("report-ko.txt").read_text("utf-8")
    paragraphs = "".join(f"<p>{part}</p>" for part in english.split("\n\n"))
    page = f"<html><head><title>Report</title></head><body>{paragraphs}</body></html>"
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Report", "a@example.org", "b@example.org"
    mail.set_content(korean)
    mail.add_alternative(page, subtype="html")
    mail.add_attachment(english.encode(), maintype="text", subtype="plain", filename="r.txt")
    return {
        "en.txt": english.encode(),
        "ko.txt": korean.encode("cp949"),
        "page.html": page.encode(),
        "mail.eml": mail.as_bytes(),
        "report.docx": _word(english),
        "report.pdf": _pdf(),
        "drawing.png": folder.joinpath("drawing.png").read_bytes(),
    }


def _word(text: str) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    runs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines())
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:  # stored, so that spoiled bytes reach the XML
        archive.writestr("[Content_Types].xml", "<Types/>")
        body = f'<w:document xmlns:w="{space}"><w:body>{runs}</w:body></w:document>'
        archive.writestr("word/document.xml", body)
    return made.getvalue()


def _pdf() -> bytes:
    stream = b"BT /F1 12 Tf 72 700 Td (Prisoners make wigs, a source said.) Tj ET"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 7\n0000000000 65535 f \n" + rows
    trailer = b"trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return made + table + trailer


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """Return *data* with one to six things wrong."""
    whole = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(whole) or 1)
        end = min(len(whole), at + chance.choice((1, 2, 8, 64, 1024)))
        match chance.randrange(5):
            case 0:
                signs = bytes(range(32, 127)) if chance.random() < PRINTABLE else bytes(range(256))
                whole[at:end] = bytes(chance.choices(signs, k=end - at))
            case 1:
                del whole[at:end]
            case 2:
                whole[at:at] = chance.choice(JUNK) * chance.choice((1, 1, 3, 400))
            case 3:
                whole[at:at] = whole[at:end] * chance.choice((1, 30))
            case _:
                del whole[at + (len(whole) - at) // chance.choice((1, 2, 8)) :]
    return bytes(whole)


def read_one(path: Path, *, claims: bool) -> str:
    """Read *path* as ``witnessmark extract FILE`` does and return how it ended.

    Raises:
        SystemExit: it took too long, or a quote does not stand in the text.
    """
    begun = time.perf_counter()
    try:
        found = capture.read_file(path)
    except WitnessmarkError:
        return "refused"
    if claims:
        for claim in extract.read(found.text).claims:
            if found.text[claim.start : claim.end] != claim.quote:
                raise SystemExit(f"error: a quote is not in its text: {path}")
    if time.perf_counter() - begun > LONGEST:
        raise SystemExit(f"error: more than {LONGEST:.0f} s: {path}")
    return "read"


def campaign(rounds: int, seed: int, folder: Path) -> str:
    """Spoil and read *rounds* files; return what was seen."""
    chance = random.Random(seed)
    good = good_files()
    folder.mkdir(parents=True, exist_ok=True)
    ends: Counter[str] = Counter()
    for number in range(rounds):
        name = chance.choice(sorted(good))
        path = folder / f"{seed}-{number}-{name}"
        path.write_bytes(spoiled(good[name], chance))
        ends[read_one(path, claims=number % 4 == 0)] += 1
        path.unlink()
    return f"{rounds} spoiled files (seed {seed}): {ends['read']} read, {ends['refused']} refused"


if __name__ == "__main__":
    words = dict(zip(("rounds", "seed", "folder"), sys.argv[1:], strict=False))
    place = Path(words.get("folder", "out/fuzz"))
    place.mkdir(parents=True, exist_ok=True)
    for name, data in good_files().items():
        path = place / f"good-{name}"
        path.write_bytes(data)
        if read_one(path, claims=True) != "read" and not name.endswith(".png"):
            raise SystemExit(f"error: a good file is refused: {path}")
        path.unlink()
    print(campaign(int(words.get("rounds", 2000)), int(words.get("seed", 1)), place))
