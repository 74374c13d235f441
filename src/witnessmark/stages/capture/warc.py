"""Web archives (WARC): records read by their bytes, every digest checked.

Laws:
1. A digest that does not fit refuses the file and names record and byte; so does anything
   between two records that is no record.
2. A gzip file holds one record per stream, as ISO 28500 recommends: only then can a place
   be named and a record be taken out.
3. Each page, text or PDF that was answered becomes a source with its record's address; the
   date of a record is when it was fetched, never when the page was published.
4. Nothing is fetched, also not what a record points to.
5. A file on the disk is read record by record: pages are read again when they are kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import SourceKind
from witnessmark.stages.capture.answers import LONGEST_HEAD as ANSWER_HEAD
from witnessmark.stages.capture.answers import Answer, answer_of
from witnessmark.stages.capture.contents import Content, Made, Stretch, part
from witnessmark.stages.capture.digests import fits
from witnessmark.stages.capture.limits import NotRead
from witnessmark.stages.capture.names import label
from witnessmark.stages.capture.reading import Attachment, Read
from witnessmark.stages.capture.unpacking import STEP, Budget, Inflating

if TYPE_CHECKING:
    from collections.abc import Iterator

    from witnessmark.stages.capture.contents import Data
    from witnessmark.stages.capture.limits import Limits

MEDIA_TYPE = "application/warc"

LONGEST_HEAD = 65_536
"""Bytes of the head of a record."""

USUAL_HEAD = 4_096
"""Bytes in which the head of nearly every record ends."""

HELD_BYTES = 16 * 1024 * 1024
"""Bytes of a record that are held; of a larger one the digests are computed in pieces."""

MOST_RECORDS = 200_000
"""Records of a file; one of 100 MB has some ten thousand."""

USUAL_RECORD = 2_000
"""Bytes of a record, on the average, in a file that may hold more than that many."""

ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
}
"""Media types whose records become sources, and the ending of their name."""

_BLANK = re.compile(rb"\n\r?\n")
_VERSION = re.compile(rb"WARC/(?:0\.1[78]|1\.[01])\r?\n")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*((?:[^\r\n]|\r?\n[ \t])*)\r?\n")
_TO_DO = "fetch or copy the web archive again; what it holds cannot be relied on"


@dataclass(frozen=True, slots=True)
class Record:
    """One record.

    Attributes:
        number: from 1.
        first: its first byte: in the file, or in the compressed file that of its stream.
        fields: its fields, names in lower case; of a repeated one the first.
        block: its content.
    """

    number: int
    first: int
    fields: dict[str, str]
    block: bytes | Content

    @property
    def sort(self) -> str:
        """Return its type (``response``)."""
        return self.fields.get("warc-type", "").lower()

    @property
    def place(self) -> str:
        """Return how errors name it."""
        return f"record {self.number} at byte {self.first}"


def read_warc(content: Data, *, where: str, limits: Limits) -> Read:
    """Read a web archive.

    Raises:
        NotRead: it holds too many pages.
        UnreadableInput: a record is damaged, cut off or altered, or it unpacks to too much.
    """
    archive = _Archive(content, Budget(limits.unpacked_of(len(content)), where=where), where)
    tally = _Tally(limits.max_bytes)
    pages: list[Attachment] = []
    refused: list[UnreadableInput] = []
    for record in archive.records():
        tally.records += 1
        answer = _checked(record, tally, archive.budget, where)
        if answer is None:
            continue
        try:
            page = _page(archive, record, answer, tally)
        except UnreadableInput as error:
            # without its traceback, which would hold what was unpacked
            refused.append(error.with_traceback(None))
            continue
        if page is not None:
            pages.append(page)
        if len(pages) > limits.max_files:
            raise NotRead(
                f"the web archive holds more than {limits.max_files} pages",
                where=where,
                to_do="split it and give the parts too",
                media_type=MEDIA_TYPE,
            )
    if not tally.records:
        raise _wrong(where, "byte 0", "the web archive holds no record")
    return Read(
        SourceKind.WARC,
        MEDIA_TYPE,
        notes=tally.notes(len(pages)),
        attachments=tuple(pages),
        refused=tuple(refused),
    )


class _Tally:
    """Counts what a reader of the source must know."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.records = self.checked = self.without = self.elsewhere = 0
        self.status = self.other = self.large = self.chunked = 0
        self.unknown: dict[str, None] = {}

    def notes(self, pages: int) -> tuple[str, ...]:
        """Return the counts in words."""
        told = [f"{self.records} records, {pages} taken as sources, {self.checked} digests checked"]
        if self.without:
            told.append(f"{self.without} records without digest: not verifiable")
        if self.unknown:
            told.append(f"digests not checked: {', '.join(self.unknown)}")
        if self.elsewhere:
            told.append(f"{self.elsewhere} records point to content that is not in them")
        if self.status:
            told.append(f"{self.status} answers that are no page (redirection, error): not read")
        if self.other:
            told.append(f"{self.other} answers of other kinds (images, scripts): not read")
        if self.large:
            told.append(f"{self.large} answers of more than {self.most} bytes: checked, not read")
        if self.chunked:
            told.append(f"{self.chunked} payload digests of large chunked answers not checked")
        return tuple(told)


class _Archive:
    """The records of one file; what is larger than :data:`HELD_BYTES` stays in the file."""

    def __init__(self, content: Data, budget: Budget, where: str) -> None:
        self._content = content
        self._packed = content[:2] == b"\x1f\x8b"
        self.budget = budget
        self.where = where

    def records(self) -> Iterator[Record]:
        """Yield every record."""
        place = number = 0
        most = max(MOST_RECORDS, len(self._content) // USUAL_RECORD)
        while place < len(self._content):
            number += 1
            if number > most:
                raise _wrong(self.where, f"byte {place}", f"more than {most} records")
            record, place = self._at(place, number, self.budget)
            yield record

    def again(self, record: Record, length: int) -> Record:
        """Return *record*, whose block has *length* bytes, with it: it was counted before."""
        spare = Budget(length + LONGEST_HEAD + STEP, where=self.where)
        return self._at(record.first, record.number, spare)[0]

    @property
    def in_memory(self) -> bool:
        """Return whether the file is held: its pages are, too."""
        return not isinstance(self._content, Content)

    def _at(self, place: int, number: int, budget: Budget) -> tuple[Record, int]:
        """Return the record at byte *place* of the file and where the next one begins."""
        if not self._packed:
            return _record(self._content, place, number, place, self.where)
        data, last = self._unpacked(place, budget)
        found, end = _record(data, 0, number, place, self.where)
        if end != len(data):
            raise _wrong(
                self.where,
                f"record {number} at byte {place}",
                "the records are not compressed one by one: no place in it can be named",
                "unpack it with gunzip and give the warc file",
            )
        return found, last

    def _unpacked(self, place: int, budget: Budget) -> tuple[Data, int]:
        """Return the stream at *place*, in memory unless it is large, and where it ends."""
        stream = Inflating(self._content, place, budget)
        blocks: list[bytes] = []
        size = 0
        for block in stream:
            size += len(block)
            if size <= HELD_BYTES:
                blocks.append(block)
            else:
                blocks.clear()
        if size <= HELD_BYTES:
            return b"".join(blocks), stream.last

        def anew() -> Iterator[bytes]:
            return iter(Inflating(self._content, place, Budget(size, where=self.where)))

        return Made(size, anew), stream.last


def _record(data: Data, first: int, number: int, shown: int, where: str) -> tuple[Record, int]:
    """Return the record at byte *first* of *data* and where the next one begins."""
    place = f"record {number} at byte {shown}"
    head = data[first : first + USUAL_HEAD]
    if len(head) == USUAL_HEAD and not _BLANK.search(head):
        head = data[first : first + LONGEST_HEAD]
    version = _VERSION.match(head)
    if version is None:
        raise _wrong(where, place, "no record begins here")
    fields: dict[str, str] = {}
    at = version.end()
    while match := _FIELD.match(head, at):
        name = match[1].decode("ascii").lower()
        fields.setdefault(name, match[2].decode("utf-8", "replace").strip())
        at = match.end()
    blank = re.compile(rb"\r?\n").match(head, at)
    if blank is None:
        raise _wrong(where, place, "the head of the record is broken or too long")
    stated = fields.get("content-length", "")
    if not (stated.isascii() and stated.isdigit() and len(stated) < len("1000000000000000")):
        raise _wrong(where, place, "the record states no length")
    begin = first + blank.end()
    end = begin + int(stated)
    if end > len(data):
        raise _wrong(where, place, "the record ends before its stated length")
    closing = re.compile(rb"\r\n\r\n|\n\n").match(data[end : end + 4])
    if closing is None:
        raise _wrong(where, place, "the record does not end where it says")
    block = part(data, begin, end) if end - begin > HELD_BYTES else data[begin:end]
    return Record(number, shown, fields, block), end + closing.end()


def _checked(record: Record, tally: _Tally, budget: Budget, where: str) -> Answer | None:
    """Check the digests of *record*; return its answer if it is one that can be a page."""
    block = record.fields.get("warc-block-digest", "")
    payload = record.fields.get("warc-payload-digest", "")
    body, answer = _body(record, where)
    if body is not None and answer is not None and len(body) <= tally.most:
        answer = replace(answer, body=body.whole())
        body = None
    if record.sort == "revisit":
        tally.elsewhere += 1
    if block:
        _compare(record, "block", block, (record.block,), tally, where)
    if payload and answer is not None and record.sort != "revisit":
        if body is not None and answer.is_chunked:
            tally.chunked += 1
        else:
            # tools differ: most hash the body as it was sent, some after undoing the chunks
            forms: list[bytes | Content] = [answer.body if body is None else body]
            if answer.is_chunked:
                forms.append(answer.whole(budget, place=record.place))
            _compare(record, "payload", payload, tuple(forms), tally, where)
    elif not block:
        tally.without += 1
    if body is not None:
        tally.large += 1
        return None
    return answer


def _body(record: Record, where: str) -> tuple[Content | None, Answer | None]:
    """Return the answer in *record*; of a large one the body apart, not in memory."""
    is_http = "application/http" in record.fields.get("content-type", "").lower()
    block = record.block
    if record.sort == "resource":
        fields = {"content-type": record.fields.get("content-type", "")}
        if isinstance(block, Content):
            return block, Answer(200, fields, b"")
        return None, Answer(200, fields, block)
    if record.sort != "response" or not is_http:
        return None, None
    if not isinstance(block, Content):
        return None, answer_of(block, where=f"{where}, {record.place}")
    head = block[: 2 * ANSWER_HEAD]
    answer = answer_of(head, where=f"{where}, {record.place}")
    return Stretch(block, len(head) - len(answer.body), len(block)), answer


def _compare(
    record: Record,
    what: str,
    stated: str,
    forms: tuple[bytes | Content, ...],
    tally: _Tally,
    where: str,
) -> None:
    results = [fits(stated, form) for form in forms]
    if None in results:
        tally.unknown.setdefault(stated.partition(":")[0][:20] or "unnamed")
    elif True in results:
        tally.checked += 1
    else:
        raise _wrong(where, record.place, f"the {what} digest does not fit: the record was altered")


def _page(archive: _Archive, record: Record, answer: Answer, tally: _Tally) -> Attachment | None:
    """Return the page that *answer* holds as a source."""
    if not 200 <= answer.status < 300:  # noqa: PLR2004 - the range of success in HTTP
        tally.status += 1
        return None
    ending = ENDINGS.get(answer.media_type)
    if ending is None:
        tally.other += 1
        return None
    where = archive.where
    body = answer.decoded(archive.budget, where=where, place=record.place)
    if not body:
        tally.other += 1
        return None
    address = record.fields.get("warc-target-uri", "").strip("<>")
    date = record.fields.get("warc-date", "")
    notes = [f"archived {date} as {address}: the record's own word"]
    if answer.is_chunked or answer.codings:
        notes.append(f"undone: {', '.join((*answer.codings, *['chunked'] * answer.is_chunked))}")
    if record.fields.get("warc-truncated"):
        notes.append(f"cut off when it was fetched ({record.fields['warc-truncated'][:40]})")
    return Attachment(
        _name(address, ending),
        body if archive.in_memory else _later(archive, record, len(body)),
        place=f"record {record.number}",
        url=address if address.startswith(("http://", "https://")) else "",
        charset=answer.charset,
        notes=tuple(notes),
    )


def _later(archive: _Archive, record: Record, size: int) -> Made:
    """Return the page of *record*, to be read again from its place in the file."""
    length = len(record.block)
    bare = replace(record, block=b"")

    def make() -> Iterator[bytes]:
        read = archive.again(bare, length)
        body, answer = _body(read, archive.where)
        if answer is not None:
            whole = answer if body is None else replace(answer, body=body.whole())
            spare = Budget(2 * (length + size) + STEP, where=archive.where)
            yield whole.decoded(spare, where=archive.where, place=read.place)

    return Made(size, make)


def _name(address: str, ending: str) -> str:
    try:
        parts = urlsplit(address)
        last = parts.path.rstrip("/").rsplit("/", 1)[-1] or parts.hostname or "page"
    except ValueError:
        last = "page"
    name = label(last)
    return name if name.lower().endswith(ending) else f"{name}{ending}"


def _wrong(where: str, place: str, what: str, remedy: str = _TO_DO) -> UnreadableInput:
    return UnreadableInput(what, where=f"{where}, {place}", to_do=remedy)
