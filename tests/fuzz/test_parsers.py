"""A fuzz target per reader: whatever the bytes, an answer with an exact map or a named refusal.

Short in every run; ``WITNESSMARK_FUZZ=100000 pytest tests/fuzz`` runs it for long.
"""

from __future__ import annotations

import gzip
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.stages.capture.conftest import PNG, docx_bytes, pdf_bytes
from tests.unit.stages.capture.test_archives import tar_bytes, zip_bytes
from tests.unit.stages.capture.test_mbox import BOX
from tests.unit.stages.capture.test_mhtml import PAGE, mhtml_bytes
from tests.unit.stages.capture.test_sheets import STYLES, xlsx_bytes
from tests.unit.stages.capture.test_wacz import made, packed
from tests.unit.stages.capture.test_warc import record

from witnessmark.core.errors import UnreadableInput
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.readers import read

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = int(os.environ.get("WITNESSMARK_FUZZ", "60"))

LIMITS = Limits(max_unpacked=4 << 20, max_text=1 << 20)

ROWS = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45000</v></c></row>'

SEEDS: dict[str, Callable[[], bytes]] = {
    "a.txt": "수감자들은 가발을 만든다.\nPrisoners make wigs.\n".encode,
    "a.html": PAGE.encode,
    "a.pdf": lambda: pdf_bytes([[(72, 700, "Prisoners make wigs.")]], title="Title"),
    "a.docx": lambda: docx_bytes("<w:p><w:r><w:t>Prisoners make wigs.</w:t></w:r></w:p>"),
    "a.eml": lambda: BOX.split(b"\n", 1)[1],
    "a.png": lambda: PNG,
    "a.csv": lambda: b'name,city\n"A ""b""",Anywhere\nB,"two\nlines"\n',
    "a.xlsx": lambda: xlsx_bytes({"S": ROWS}, strings=("words",), **{"xl/styles.xml": STYLES}),
    "a.mhtml": lambda: mhtml_bytes("quoted-printable"),
    "a.mbox": lambda: BOX,
    "a.warc": lambda: record(PAGE.encode()) * 2,
    "a.warc.gz": lambda: gzip.compress(record(PAGE.encode())) * 2,
    "a.wacz": lambda: packed(made()),
    "a.zip": lambda: zip_bytes(("a/b.txt", b"words"), ("c.txt", b"more words")),
    "a.tar": lambda: tar_bytes(("a/b.txt", b"words"), ("c.txt", b"more words")),
    "a.tar.gz": lambda: gzip.compress(tar_bytes(("a/b.txt", b"words"))),
}

CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from("fdic"), st.binary(min_size=1, max_size=12)),
    max_size=6,
)


def changed(content: bytes, changes: list[tuple[float, str, bytes]]) -> bytes:
    """Flip, delete, insert and cut at the places given."""
    out = bytearray(content)
    for share, how, data in changes:
        place = int(share * len(out))
        if how == "f":
            out[place : place + len(data)] = data
        elif how == "d":
            del out[place : place + len(data)]
        elif how == "i":
            out[place:place] = data
        else:
            del out[place:]
    return bytes(out)


def answered(name: str, content: bytes) -> bool:
    """Read *content*; return whether it was taken in. Anything but a named refusal escapes."""
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


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_seed(name: str) -> None:
    """The undamaged seed is taken in: the target below does fuzz a reader, not a refusal."""
    assert answered(name, SEEDS[name]())


@pytest.mark.parametrize("name", sorted(SEEDS))
@given(changes=CHANGES)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged(name: str, changes: list[tuple[float, str, bytes]]) -> None:
    """Attack: whatever is flipped, cut, put in or taken out, there is an answer or a refusal."""
    answered(name, changed(SEEDS[name](), changes))
