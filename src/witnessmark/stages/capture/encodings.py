"""From bytes to text, only where the encoding is certain.

Numbered steps, the first that applies decides:

1. A byte order mark.
2. UTF-8, if every byte obeys it: no other encoding does so by chance in a real text.
3. The encoding that the document declares, if the bytes obey it.
4. UTF-16 without a mark, if the zero bytes show which half is which.
5. CP949 (Korean), GB18030 (Chinese) or Windows-1252 (Western), if exactly one of them
   gives text that reads like its language. Otherwise nothing: a guess would put words
   into a document that it does not hold.

Law: text and bytes map one to one: encoding the text again gives the same bytes.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import pairwise

from witnessmark.core.errors import UnreadableInput

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

KNOWN = {
    "utf-8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "cp949": "cp949",
    "uhc": "cp949",
    "x-windows-949": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "windows-1252": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1251": "cp1251",
    "koi8-r": "koi8_r",
    "windows-1250": "cp1250",
    "iso-8859-2": "iso8859_2",
    "iso-8859-15": "iso8859_15",
}
"""Declared names (lower case) and the codec for each; the web reads Latin-1 as Windows-1252."""

LEAST_PAIRS = 20
"""Two-byte signs that a Korean or Chinese text must have before its encoding is certain."""

LEAST_WORDS = 5
"""Latin words that a Western text must have before its encoding is certain."""

KOREAN_SIGNS = frozenset("이다는을의에가고하를은지로한도서자기")
CHINESE_SIGNS = frozenset("的一是不了在有人我他这中大来上国个到说们为")

AGREED_WESTERN = frozenset(
    sign
    for sign in range(0x80, 0x100)
    if bytes([sign]).decode("cp1252", "replace") == bytes([sign]).decode("cp1250", "replace")
    and bytes([sign]).decode("cp1252", "replace") != "\ufffd"
)
"""Bytes that Western and Central European code pages read alike: no other is certain."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with its encoding.

    Attributes:
        text: the text.
        codec: Python's name of the encoding.
        start: bytes before the text (the mark).
        how: how the encoding is known.
    """

    text: str
    codec: str
    start: int
    how: str


class ByteCursor:
    """Finds the byte at which a code point begins, for places that only go forward."""

    def __init__(self, decoded: Decoded) -> None:
        """Begin at the first code point of *decoded*."""
        self._decoded = decoded
        self._place = 0
        self._byte = decoded.start

    def at(self, place: int) -> int:
        """Return the byte offset of code point *place*, which lies not before the last one."""
        stretch = self._decoded.text[self._place : place]
        self._byte += len(stretch.encode(self._decoded.codec))
        self._place = place
        return self._byte


def decode(data: bytes, *, where: str, declared: str = "") -> Decoded:
    """Return *data* as text.

    Args:
        data: the bytes.
        where: name of the file, for the error.
        declared: encoding that the document states, empty if it states none.

    Raises:
        UnreadableInput: the encoding is not certain, or the bytes break its rules.
    """
    for mark, codec in MARKS:
        if data.startswith(mark):
            return _certain(data, codec, len(mark), "byte order mark", where)
    wide = _wide(data)
    if _obeys(data, "utf-8") and not wide:
        return _certain(data, "utf-8", 0, "every byte obeys it", where)
    codec = KNOWN.get(declared.strip().strip("\"'").lower(), "")
    if codec and _obeys(data, codec):
        return _certain(data, codec, 0, "declared", where)
    if wide:
        return _certain(data, wide, 0, "zero bytes", where)
    legacy = [codec for codec, fits in _LEGACY if fits(data)]
    if len(legacy) == 1:
        return _certain(data, legacy[0], 0, "reads like its language", where)
    raise UnreadableInput(
        "the encoding of the text is not certain (not UTF-8)",
        where=where,
        to_do="save it again as UTF-8: in the editor that shows it rightly, choose "
        "Save as, encoding UTF-8",
    )


def _certain(data: bytes, codec: str, start: int, how: str, where: str) -> Decoded:
    try:
        text = data[start:].decode(codec)
        exact = text.encode(codec) == data[start:]
    except UnicodeError as error:
        raise UnreadableInput(
            f"the text breaks the rules of {codec}",
            where=where,
            to_do="copy the file again from where it came; it may be cut off or wrongly named",
        ) from error
    if not exact:
        raise UnreadableInput(
            f"the text does not map one to one to its {codec} bytes",
            where=where,
            to_do="save it again as UTF-8",
        )
    if "\0" in text:
        raise UnreadableInput(
            "the file holds zero bytes: it is not a text",
            where=where,
            to_do="give the document itself (txt, html, pdf, docx, eml or an image)",
        )
    return Decoded(text, codec, start, how)


def _obeys(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeError:
        return False
    return True


def _wide(data: bytes) -> str:
    """Return the UTF-16 codec that the zero bytes show, else empty."""
    if len(data) % 2 or len(data) < 2 * LEAST_PAIRS:
        return ""
    low, high = data[0::2].count(0), data[1::2].count(0)
    enough = len(data) // 20
    if low == 0 and high >= enough and _obeys(data, "utf-16-le"):
        return "utf-16-le"
    if high == 0 and low >= enough and _obeys(data, "utf-16-be"):
        return "utf-16-be"
    return ""


def _reads_korean(data: bytes) -> bool:
    if not _obeys(data, "cp949"):
        return False
    signs = [sign for sign in data.decode("cp949") if sign > "\x7f"]
    letters = [sign for sign in signs if "가" <= sign <= "힣" or "一" <= sign <= "鿿"]
    if len(letters) < LEAST_PAIRS:
        return False
    hangul = sum("가" <= sign <= "힣" for sign in letters)
    common = sum(sign in KOREAN_SIGNS for sign in letters)
    return hangul >= 0.9 * len(letters) and common >= 0.15 * len(letters)


def _reads_chinese(data: bytes) -> bool:
    if not _obeys(data, "gb18030"):
        return False
    signs = [sign for sign in data.decode("gb18030") if sign > "\x7f"]
    han = [sign for sign in signs if "一" <= sign <= "鿿"]
    if len(han) < LEAST_PAIRS:
        return False
    common = sum(sign in CHINESE_SIGNS for sign in han)
    return len(han) >= 0.75 * len(signs) and common >= 0.06 * len(han)


def _reads_western(data: bytes) -> bool:
    high = [place for place, sign in enumerate(data) if sign > 0x7F]  # noqa: PLR2004 - the last ASCII byte
    if any(data[place] not in AGREED_WESTERN for place in high):
        return False
    alone = sum(later - earlier > 1 for earlier, later in pairwise([*high, len(data) + 1]))
    words = len(re.findall(rb"[A-Za-z]{2,}", data))
    return alone >= 0.95 * len(high) and words >= LEAST_WORDS and words >= len(high) / 4


_LEGACY = (("cp949", _reads_korean), ("gb18030", _reads_chinese), ("cp1252", _reads_western))
