"""Answers of web servers as a web archive keeps them: head, chunks, codings.

Laws:
1. What was sent is kept apart from what it means: digests are of the first, pages the second.
2. A chunked body that breaks its own rules is refused, not guessed at.
3. A coding that is not known here is named; nothing is half decoded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput
from witnessmark.stages.capture.unpacking import DEFLATE, RAW_DEFLATE, inflate, inflate_all

if TYPE_CHECKING:
    from witnessmark.stages.capture.unpacking import Budget

LONGEST_HEAD = 262_144
"""Bytes of the head of an answer."""

LONGEST_FIELD = 2_048
"""Characters of a media type with its parameters."""

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})[^\r\n]*\r?\n")
_FIELD = re.compile(rb"([^:\s]+)[ \t]*:[ \t]*((?:[^\r\n]|\r?\n[ \t])*)\r?\n")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,4096})?\r\n")
_TO_DO = "fetch the page again, or save it from a browser"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        status: its status.
        fields: its fields, names in lower case; of a repeated one the first.
        body: its body as it was sent.
    """

    status: int
    fields: dict[str, str]
    body: bytes

    @property
    def is_chunked(self) -> bool:
        """Return whether the body is in chunks; archives may keep the field without them."""
        sent = self.fields.get("transfer-encoding", "").lower().split(",")
        chunked = "chunked" in [coding.strip() for coding in sent]
        return chunked and _CHUNK.match(self.body) is not None

    @property
    def codings(self) -> tuple[str, ...]:
        """Return the content codings, in the order of their making."""
        stated = self.fields.get("content-encoding", "").lower().split(",")
        names = (coding.strip().removeprefix("x-") for coding in stated)
        return tuple(name for name in names if name and name != "identity")

    @property
    def media_type(self) -> str:
        """Return the media type without parameters."""
        return self.fields.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """Return the encoding that the answer states, else empty."""
        stated = self.fields.get("content-type", "")
        if len(stated) > LONGEST_FIELD:
            return ""
        head = Message()
        head["Content-Type"] = " ".join(stated.split())
        return head.get_content_charset("")

    def whole(self, budget: Budget, *, place: str) -> bytes:
        """Return the body with its chunks joined.

        Raises:
            UnreadableInput: the chunks break their rules.
        """
        if not self.is_chunked:
            return self.body
        blocks: list[bytes] = []
        at = 0
        while match := _CHUNK.match(self.body, at):
            size = int(match[1], 16)
            if size == 0:
                whole = b"".join(blocks)
                budget.take(len(whole), place)
                return whole
            end = match.end() + size
            if self.body[end : end + 2] != b"\r\n":
                break
            blocks.append(self.body[match.end() : end])
            at = end + 2
        raise budget.broken(place, f"the answer is broken at byte {at} of its body (chunks)")

    def decoded(self, budget: Budget, *, where: str, place: str) -> bytes:
        """Return the content: chunks joined, codings undone.

        Raises:
            UnreadableInput: a coding is unknown or the data are damaged.
        """
        content = self.whole(budget, place=place)
        for coding in reversed(self.codings):
            if coding == "gzip":
                # some archivers keep the field and store the page already unpacked
                packed = content.startswith(b"\x1f\x8b")
                content = inflate_all(content, budget) if packed else content
            elif coding == "deflate":
                window = DEFLATE if content[:1] == b"\x78" else RAW_DEFLATE
                content = inflate(content, 0, budget, window=window).content
            else:
                raise UnreadableInput(
                    f"the answer has the coding {coding[:20]}, which nothing here undoes",
                    where=f"{where}, {place}",
                    to_do=_TO_DO,
                )
        return content


def answer_of(block: bytes, *, where: str) -> Answer:
    """Return the answer in the block of a record.

    Raises:
        UnreadableInput: it has no head.
    """
    status = _STATUS.match(block)
    if status is None:
        raise UnreadableInput("the record holds no answer of a server", where=where, to_do=_TO_DO)
    fields: dict[str, str] = {}
    at = status.end()
    while match := _FIELD.match(block, at, LONGEST_HEAD):
        fields.setdefault(match[1].decode("latin-1").lower(), match[2].decode("latin-1").strip())
        at = match.end()
    blank = re.compile(rb"\r?\n|\Z").match(block, at)
    if blank is None:
        raise UnreadableInput("the head of the answer is broken", where=where, to_do=_TO_DO)
    return Answer(int(status[1]), fields, block[blank.end() :])
