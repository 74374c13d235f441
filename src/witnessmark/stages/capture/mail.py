"""E-mails (eml): the words of the message, and its attachments as sources of their own.

Laws:
1. Each stretch of the text maps to the bytes of the file that it was written in, also
   through quoted-printable and base64.
2. Plain text is read where the sender gave it, else the web page version.
3. Who sent it is not an outlet: the sender may be the person to protect, and stays in the
   original only.
4. An attachment's name is a label; a broken attachment is told and the rest goes on.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import Rendering, SourceKind
from witnessmark.stages.capture.encodings import ByteCursor, Decoded, decode
from witnessmark.stages.capture.headline import shortened
from witnessmark.stages.capture.mime import Body, Part, body_of, content_of, header_of, parts_of
from witnessmark.stages.capture.names import label
from witnessmark.stages.capture.reading import Attachment, Facts, Read, TextBuilder
from witnessmark.stages.capture.webpage import PageWalker, declared_encoding

if TYPE_CHECKING:
    from email.message import EmailMessage

    from witnessmark.stages.capture.limits import Limits

RENDERER = "witnessmark eml/1"


def read_mail(content: bytes, *, where: str, limits: Limits) -> Read:
    """Read an e-mail.

    Raises:
        UnreadableInput: it has no header, or its text cannot be decoded.
    """
    head, _ = header_of(content, where=where)
    if not head.keys():
        raise UnreadableInput(
            "the file is no e-mail: it has no header fields",
            where=where,
            to_do="save it as eml from the mail program, or name it .txt",
        )
    parts = tuple(parts_of(content, where=where, most=limits.max_parts))
    builder = TextBuilder(most=limits.max_text, where=where)
    words = _words(parts)
    notes: list[str] = []
    page = False
    for part in words:
        if builder.length:
            builder.add_made("\n\n")
        body = body_of(content, part, where=where)
        page = part.media_type == "text/html"
        if page:
            notes += lay_page(builder, body, part, where=where)[1]
        else:
            _lay_text(builder, body, part, where=where)
    attachments, told = _attachments(content, parts, words, where=where)
    return Read(
        SourceKind.EMAIL,
        "message/rfc822",
        builder.rendered(Rendering.HTML if page else Rendering.IDENTITY, RENDERER),
        Facts(title=shortened(_field(head, "Subject")), published=_date(head)),
        (*notes, *told),
        attachments,
    )


def _words(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts that are the message's own words."""
    inline = [part for part in parts if not part.is_attachment]
    plain = tuple(part for part in inline if part.media_type == "text/plain")
    return plain or tuple(part for part in inline if part.media_type == "text/html")[:1]


def _decoded(body: Body, part: Part, *, where: str) -> Decoded:
    charset = part.head.get_content_charset("") or ""
    if part.media_type == "text/html":
        charset = charset or declared_encoding(body.content)
    return decode(body.content, where=f"{where}, part {part.path or 1}", declared=charset)


def _lay_text(builder: TextBuilder, body: Body, part: Part, *, where: str) -> None:
    decoded = _decoded(body, part, where=where)
    cursor = ByteCursor(decoded)
    place, first = 0, decoded.start
    for line in decoded.text.splitlines(keepends=True):
        place += len(line)
        last = cursor.at(place)
        start, end = body.place(first, last)
        builder.add(line, "bytes", start, end, part=part.path)
        first = last


class _Placed(TextBuilder):
    """Lays byte ranges of a part's content as byte ranges of the whole file."""

    def __init__(self, inner: TextBuilder, body: Body, part: str) -> None:
        super().__init__(most=0, where="")
        self._inner = inner
        self._body = body
        self._part = part

    @property
    def length(self) -> int:
        return self._inner.length

    @property
    def last(self) -> str:
        return self._inner.last

    def add(
        self,
        text: str,
        origin: str,
        first: int,
        last: int,
        *,
        part: str = "",
        box: tuple[float, ...] = (),
        cuts: tuple[float, ...] = (),
        joins: bool = False,
    ) -> None:
        start, end = self._body.place(first, last)
        self._inner.add(
            text, origin, start, end, part=part or self._part, box=box, cuts=cuts, joins=joins
        )

    def add_made(self, text: str) -> None:
        self._inner.add_made(text)


def lay_page(
    builder: TextBuilder, body: Body, part: Part, *, where: str
) -> tuple[Facts, tuple[str, ...]]:
    """Append the page that *part* holds; return what it states and what was left out."""
    decoded = _decoded(body, part, where=where)
    placed = _Placed(builder, body, part.path)
    walker = PageWalker(decoded, placed, ByteCursor(decoded).at, where=where)
    walker.walk()
    return walker.facts.facts(), walker.notes()


def _attachments(
    content: bytes, parts: tuple[Part, ...], words: tuple[Part, ...], *, where: str
) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    found: list[Attachment] = []
    told: list[str] = []
    for part in parts:
        if part in words or not part.is_attachment:
            continue
        name = label(part.file_name or _default_name(part))
        try:
            inside = content_of(content, part, where=where)
        except UnreadableInput as error:
            told.append(f"attachment {name}: {error.what}")
            continue
        found.append(Attachment(name, inside))
    return tuple(found), tuple(told)


def _default_name(part: Part) -> str:
    ending = {"message/rfc822": ".eml", "text/html": ".html", "text/plain": ".txt"}
    return f"part-{part.path or 1}{ending.get(part.media_type, '')}"


def _field(head: EmailMessage, name: str) -> str:
    try:
        return str(head.get(name, ""))
    except (ValueError, TypeError, LookupError, OverflowError):
        return ""


def _date(head: EmailMessage) -> str:
    try:
        return parsedate_to_datetime(_field(head, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
