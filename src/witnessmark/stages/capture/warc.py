"""Web archives (WARC): records read by their bytes, every digest checked.

Laws:
1. A digest that does not fit refuses the file and names record and byte; so does anything
   between two records that is no record.
2. A gzip file holds one record per stream, as ISO 28500 recommends: only then can a place
   be named and a record be taken out.
3. Each page, text or PDF that was answered becomes a source with its record's address; the
   date of a record is when it was fetched, never when the page was published.
4. Nothing is fetched, also not what a record points to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import SourceKind
from witnessmark.stages.capture.answers import Answer, answer_of
from witnessmark.stages.capture.digests import fits
from witnessmark.stages.capture.names import label
from witnessmark.stages.capture.reading import Attachment, Read
from witnessmark.stages.capture.unpacking import Budget, inflate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from witnessmark.stages.capture.limits import Limits

MEDIA_TYPE = "application/warc"

LONGEST_HEAD = 65_536
"""Bytes of the head of a record."""

MOST_RECORDS = 200_000
"""Records of a file; one of 100 MB has some ten thousand."""

ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
}
"""Media types whose records become sources, and the ending of their name."""

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
    block: bytes

    @property
    def sort(self) -> str:
        """Return its type (``response``)."""
        return self.fields.get("warc-type", "").lower()

    @property
    def place(self) -> str:
        """Return how errors name it."""
        return f"record {self.number} at byte {self.first}"


def read_warc(content: bytes, *, where: str, limits: Limits) -> Read:
    """Read a web archive.

    Raises:
        UnreadableInput: a record is damaged, cut off or altered, or it unpacks to too much.
    """
    budget = Budget(limits.max_unpacked, where=where)
    tally = _Tally()
    pages: list[Attachment] = []
    refused: list[UnreadableInput] = []
    for record in _records(content, budget, where):
        tally.records += 1
        answer = _checked(record, tally, budget, where)
        if answer is None:
            continue
        try:
            page = _page(record, answer, tally, budget, where)
        except UnreadableInput as error:
            # without its traceback, which would hold what was unpacked
            refused.append(error.with_traceback(None))
            continue
        if page is not None:
            pages.append(page)
        if len(pages) > limits.max_files:
            raise UnreadableInput(
                f"the web archive holds more than {limits.max_files} pages",
                where=where,
                to_do="split it",
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

    def __init__(self) -> None:
        self.records = self.checked = self.without = self.elsewhere = 0
        self.status = self.other = 0
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
        return tuple(told)


def _records(content: bytes, budget: Budget, where: str) -> Iterator[Record]:
    packed = content.startswith(b"\x1f\x8b")
    place = number = 0
    while place < len(content):
        number += 1
        if number > MOST_RECORDS:
            raise _wrong(where, f"byte {place}", f"more than {MOST_RECORDS} records")
        if not packed:
            record = _record(content, place, number, place, where)
            yield record[0]
            place = record[1]
            continue
        piece = inflate(content, place, budget)
        found, end = _record(piece.content, 0, number, place, where)
        if end != len(piece.content):
            raise _wrong(
                where,
                f"record {number} at byte {place}",
                "the records are not compressed one by one: no place in it can be named",
                "unpack it with gunzip and give the warc file",
            )
        yield found
        place = piece.last


def _record(data: bytes, first: int, number: int, shown: int, where: str) -> tuple[Record, int]:
    """Return the record at byte *first* of *data* and where the next one begins."""
    place = f"record {number} at byte {shown}"
    version = _VERSION.match(data, first)
    if version is None:
        raise _wrong(where, place, "no record begins here")
    fields: dict[str, str] = {}
    at = version.end()
    while match := _FIELD.match(data, at, first + LONGEST_HEAD):
        name = match[1].decode("ascii").lower()
        fields.setdefault(name, match[2].decode("utf-8", "replace").strip())
        at = match.end()
    blank = re.compile(rb"\r?\n").match(data, at)
    if blank is None:
        raise _wrong(where, place, "the head of the record is broken or too long")
    stated = fields.get("content-length", "")
    if not (stated.isascii() and stated.isdigit() and len(stated) < len("1000000000000000")):
        raise _wrong(where, place, "the record states no length")
    begin, end = blank.end(), blank.end() + int(stated)
    if end > len(data):
        raise _wrong(where, place, "the record ends before its stated length")
    closing = re.compile(rb"\r\n\r\n|\n\n").match(data, end)
    if closing is None:
        raise _wrong(where, place, "the record does not end where it says")
    return Record(number, shown, fields, data[begin:end]), closing.end()


def _checked(record: Record, tally: _Tally, budget: Budget, where: str) -> Answer | None:
    """Check the digests of *record*; return its answer if it is one."""
    block = record.fields.get("warc-block-digest", "")
    payload = record.fields.get("warc-payload-digest", "")
    is_http = "application/http" in record.fields.get("content-type", "").lower()
    answer: Answer | None = None
    if record.sort == "response" and is_http:
        answer = answer_of(record.block, where=f"{where}, {record.place}")
    elif record.sort == "resource":
        answer = Answer(200, {"content-type": record.fields.get("content-type", "")}, record.block)
    elif record.sort == "revisit":
        tally.elsewhere += 1
    if block:
        _compare(record, "block", block, (record.block,), tally, where)
    if payload and answer is not None and record.sort != "revisit":
        # tools differ: most hash the body as it was sent, some after undoing the chunks
        forms = [answer.body]
        if answer.is_chunked:
            forms.append(answer.whole(budget, place=record.place))
        _compare(record, "payload", payload, tuple(forms), tally, where)
    elif not block:
        tally.without += 1
    return answer


def _compare(
    record: Record, what: str, stated: str, forms: tuple[bytes, ...], tally: _Tally, where: str
) -> None:
    results = [fits(stated, form) for form in forms]
    if None in results:
        tally.unknown.setdefault(stated.partition(":")[0][:20] or "unnamed")
    elif True in results:
        tally.checked += 1
    else:
        raise _wrong(where, record.place, f"the {what} digest does not fit: the record was altered")


def _page(
    record: Record, answer: Answer, tally: _Tally, budget: Budget, where: str
) -> Attachment | None:
    """Return the page that *answer* holds as a source."""
    if not 200 <= answer.status < 300:  # noqa: PLR2004 - the range of success in HTTP
        tally.status += 1
        return None
    ending = ENDINGS.get(answer.media_type)
    if ending is None:
        tally.other += 1
        return None
    body = answer.decoded(budget, where=where, place=record.place)
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
        body,
        place=f"record {record.number}",
        url=address if address.startswith(("http://", "https://")) else "",
        charset=answer.charset,
        notes=tuple(notes),
    )


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
