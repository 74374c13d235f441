"""The parts of an e-mail, each with the bytes it stands in.

Laws:
1. Parts are found by their boundaries in the raw bytes, so each body has its byte range.
2. A transfer encoding is undone byte by byte, and every byte keeps its place.
3. Depth, number of parts and length of the fields that are parsed are bounded.
"""

from __future__ import annotations

import binascii
import re
from array import array
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from witnessmark.core.errors import UnreadableInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from numpy.typing import NDArray

    Places: TypeAlias = "range | array[int] | NDArray[np.int64]"

MOST_NESTING = 20
"""Multiparts inside multiparts."""

LONGEST_FIELD = 8_192
"""Bytes of a Content field; parsing one takes time in the square of its parameters."""

_LONG_FIELD = re.compile(
    rb"^content-[a-z-]+:(?:[^\n]|\n[ \t]){%d}" % LONGEST_FIELD, re.IGNORECASE | re.MULTILINE
)
_HEAD_END = re.compile(rb"\r?\n\r?\n|\A\r?\n")
_QUOTED = re.compile(rb"=([0-9A-Fa-f]{2})|=[ \t]*(?:\r?\n|\Z)")
_NOT_BASE64 = bytes(
    sign
    for sign in range(256)
    if not (chr(sign).isascii() and chr(sign).isalnum()) and sign not in b"+/"
)
_IS_BASE64 = np.array([sign not in _NOT_BASE64 for sign in range(256)])
"""Whether a byte is a sign of base64."""

AS_IT_STANDS = frozenset({"7bit", "8bit", "binary", ""})
"""Transfer encodings that change nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a message.

    Attributes:
        head: its header fields.
        path: its number (``1.2``), empty for a message of one part.
        parents: media types of the multiparts around it, outermost first.
        first: first byte of its body in the file.
        last: end of the body, exclusive.
    """

    head: EmailMessage
    path: str
    parents: tuple[str, ...]
    first: int
    last: int

    @property
    def media_type(self) -> str:
        """Return the media type that it states."""
        return self.head.get_content_type()

    @property
    def file_name(self) -> str:
        """Return the file name that it states, else empty."""
        try:
            return self.head.get_filename("") or ""
        except (ValueError, TypeError, LookupError, MessageError):
            return ""

    @property
    def is_attachment(self) -> bool:
        """Return whether it is a file beside the message rather than its words."""
        return (
            self.head.get_content_disposition() == "attachment"
            or bool(self.file_name)
            or self.head.get_content_maintype() not in {"text", "multipart"}
        )


@dataclass(frozen=True, slots=True)
class Body:
    """The content of a part, its transfer encoding undone.

    Attributes:
        content: the bytes.
        starts: for each byte, where in the file it begins.
        ends: for each byte, where in the file it ends, exclusive.
    """

    content: bytes
    starts: Places
    ends: Places

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Return the range in the file that bytes *first* to *last* (exclusive) come from."""
        return int(self.starts[first]), int(self.ends[last - 1])


def header_of(raw: bytes, *, where: str) -> tuple[EmailMessage, int]:
    """Return the header fields at the beginning of *raw* and where the body begins.

    Raises:
        UnreadableInput: a field that is parsed is too long.
    """
    match = _HEAD_END.search(raw)
    end = match.end() if match else len(raw)
    if _LONG_FIELD.search(raw, 0, end):
        raise UnreadableInput(
            f"the e-mail has a Content field of more than {LONGEST_FIELD} bytes",
            where=where,
            to_do="save its text and its attachments and give those",
        )
    message = BytesHeaderParser(policy=policy.default).parsebytes(raw[:end])
    return message, end


def parts_of(raw: bytes, *, where: str, most: int) -> Iterator[Part]:
    """Yield the parts of a message that are not themselves multiparts, in order.

    Raises:
        UnreadableInput: too many parts, or too deep.
    """
    yield from _walk(raw, 0, len(raw), "", (), [most], where)


def _walk(
    raw: bytes,
    first: int,
    last: int,
    path: str,
    parents: tuple[str, ...],
    left: list[int],
    where: str,
) -> Iterator[Part]:
    left[0] -= 1
    if left[0] < 0 or len(parents) > MOST_NESTING:
        raise UnreadableInput(
            "the e-mail holds too many parts",
            where=where,
            to_do="save its attachments and give those",
        )
    head, end = header_of(raw[first:last], where=f"{where}, part {path}" if path else where)
    boundary = head.get_boundary()
    if head.get_content_maintype() != "multipart" or not boundary:
        yield Part(head, path, parents, first + end, last)
        return
    marks = re.compile(
        rb"^--"
        + re.escape(boundary.encode("utf-8", "surrogateescape"))
        + rb"(--)?[ \t]*(?:\r?\n|\Z)",
        re.MULTILINE,
    )
    begun: int | None = None
    number = 0
    outer = (*parents, head.get_content_type())
    for match in marks.finditer(raw, first + end, last):
        if begun is not None:
            number += 1
            inner = f"{path}.{number}" if path else str(number)
            stop = max(_before_line_break(raw, match.start()), begun)
            yield from _walk(raw, begun, stop, inner, outer, left, where)
        begun = None if match[1] else match.end()
        if match[1]:
            return
    if begun is not None:  # the closing mark is missing: the last part runs to the end
        inner = f"{path}.{number + 1}" if path else str(number + 1)
        yield from _walk(raw, begun, last, inner, outer, left, where)


def _before_line_break(raw: bytes, place: int) -> int:
    """Return where the line before *place* ends: its line break belongs to the boundary."""
    if raw[place - 2 : place] == b"\r\n":
        return place - 2
    return place - 1 if raw[place - 1 : place] == b"\n" else place


def body_of(raw: bytes, part: Part, *, where: str) -> Body:
    """Return the content of *part* with the place of each byte.

    Raises:
        UnreadableInput: its transfer encoding is broken or unknown.
    """
    encoding, stretch = _encoding(part), raw[part.first : part.last]
    if encoding in AS_IT_STANDS:
        return Body(
            stretch,
            range(part.first, part.last),
            range(part.first + 1, part.last + 1),
        )
    if encoding == "quoted-printable":
        return _quoted_printable(stretch, part.first)
    return _base64(stretch, part.first, content_of(raw, part, where=where))


def content_of(raw: bytes, part: Part, *, where: str) -> bytes:
    """Return the content of *part* alone, as it is wanted for an attachment.

    Raises:
        UnreadableInput: its transfer encoding is broken or unknown.
    """
    encoding, stretch = _encoding(part), raw[part.first : part.last]
    if encoding in AS_IT_STANDS:
        return stretch
    if encoding == "quoted-printable":
        return _QUOTED.sub(lambda match: bytes.fromhex((match[1] or b"").decode()), stretch)
    if encoding == "base64":
        signs = stretch.translate(None, delete=_NOT_BASE64)
        try:
            return binascii.a2b_base64(signs + b"=" * (-len(signs) % 4))
        except (binascii.Error, ValueError) as error:
            raise UnreadableInput(
                f"part {part.path or 1} of the e-mail is damaged (base64)",
                where=where,
                to_do="save the e-mail again from the mail program",
            ) from error
    raise UnreadableInput(
        f"part {part.path or 1} of the e-mail has the unknown encoding {encoding[:40]}",
        where=where,
        to_do="save its text and give that",
    )


def _encoding(part: Part) -> str:
    return str(part.head.get("Content-Transfer-Encoding", "7bit")).strip().lower()


def _quoted_printable(stretch: bytes, first: int) -> Body:
    content = bytearray()
    starts, ends = array("q"), array("q")
    done = 0
    for match in _QUOTED.finditer(stretch):
        content += stretch[done : match.start()]
        starts.extend(range(first + done, first + match.start()))
        ends.extend(range(first + done + 1, first + match.start() + 1))
        if match[1]:
            content.append(int(match[1], 16))
            starts.append(first + match.start())
            ends.append(first + match.end())
        done = match.end()
    content += stretch[done:]
    starts.extend(range(first + done, first + len(stretch)))
    ends.extend(range(first + done + 1, first + len(stretch) + 1))
    return Body(bytes(content), starts, ends)


def _base64(stretch: bytes, first: int, content: bytes) -> Body:
    places = np.flatnonzero(_IS_BASE64[np.frombuffer(stretch, dtype=np.uint8)]) + first
    number = np.arange(len(content))
    begins = number // 3 * 4 + number % 3
    return Body(content, places[begins], places[begins + 1] + 1)
