"""Accepting sources: from what a reader found to rows, objects and custody entries.

Laws:
1. One transaction per file: itself and its attachments, or nothing.
2. Ids follow the order of acceptance, so the same files give the same ids.
3. Two originals with one text share no rendition: the second is a source that says so.
4. A member of a container is read, written and let go before the next: memory does not grow
   with the number of members.
5. What is stored is what was read; a file that changes or fails meanwhile is taken back.
6. What nothing here reads is kept, and its source says so; a plain case takes it only if no
   mark of a place stands in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import InputError, UnreadableInput
from witnessmark.core.provenance import INVENTED
from witnessmark.core.source import Source, SourceKind, Standing
from witnessmark.stages.capture.contents import Content, SourceFailed, Stream, content_of
from witnessmark.stages.capture.headline import PARAPHRASE_WORD, stated_standing
from witnessmark.stages.capture.intake import HELD_BYTES
from witnessmark.stages.capture.keeping import keep_pages, keep_text
from witnessmark.stages.capture.language import UNKNOWN, language_of
from witnessmark.stages.capture.limits import NotRead
from witnessmark.stages.capture.looking import look
from witnessmark.stages.capture.reading import Attachment, Read
from witnessmark.stages.capture.recordings import watched
from witnessmark.store.tables import RENDITIONS, SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable

    from witnessmark.core.source import CopyKind
    from witnessmark.stages.capture.limits import Limits
    from witnessmark.stages.capture.reading import Rendered
    from witnessmark.store.case import Case

_WORTH = (Standing.EVIDENCE, Standing.PARAPHRASE, Standing.INVENTED)

IMAGE_HEAD = 65_536
"""Bytes of an image in which it may say of itself that it is invented."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file whose bytes the case already holds.

    Attributes:
        where: the file.
        source: id of the source that holds the same bytes.
    """

    where: str
    source: str


class Intake:
    """Takes one file after another into a case."""

    def __init__(
        self,
        case: Case,
        *,
        clock: Callable[[], str],
        limits: Limits,
        standing: Standing,
        by: str,
        testimony: str = "",
        copy_of: str = "",
        copy_kind: CopyKind | None = None,
    ) -> None:
        """Begin with what *case* holds."""
        self._case = case
        self._clock = clock
        self._limits = limits
        self._standing = standing
        self._by = by
        self._testimony = testimony
        self._copy_of = copy_of
        self._copy_kind = copy_kind
        sources = case.casebook.rows(SOURCES)
        self._by_digest = {source.sha256: source.id for source in sources}
        self._sizes = {source.size for source in sources}
        self._by_text = {row.id: row.source for row in case.casebook.rows(RENDITIONS)}
        self._numbered = case.custody.highest("s")  # withdrawn ones too: no id is given twice
        self._unpacked = self._most = 0
        self.accepted: list[Source] = []
        self.duplicates: list[Duplicate] = []
        self.failures: list[UnreadableInput] = []

    @property
    def held(self) -> int:
        """Return the number of sources in the case."""
        return len(self._by_digest)

    def take(self, name: str, given: bytes | Content, *, where: str) -> None:
        """Accept one file and its attachments.

        Raises:
            UnreadableInput: it cannot be taken in.
            InputError: it failed while it was written, as part of a larger transaction,
                which must be undone with it.
            StorageFault: the store could not keep it; nothing of it was accepted.
        """
        content = content_of(given)
        known = self._known(content)
        if known is not None:
            self.duplicates.append(Duplicate(where, known))
            return
        self._unpacked = 0
        self._most = self._limits.unpacked_of(content.size)
        file = Attachment(name, content, "")
        found = self._looked(file, where)
        joined = self._case.casebook.in_transaction
        ids = (dict(self._by_digest), set(self._sizes), dict(self._by_text), self._numbered)
        told = (list(self.accepted), list(self.duplicates), list(self.failures))
        try:
            with self._case.casebook.writing():
                self._accept(file, found, where=where, inside="", depth=0)
        except BaseException as error:
            self._by_digest, self._sizes, self._by_text, self._numbered = ids
            self.accepted, self.duplicates, self.failures = told
            if joined and isinstance(error, UnreadableInput):
                raise InputError(error.what, where=error.where, to_do=error.to_do) from error
            raise

    def _known(self, content: Content) -> str | None:
        """Return the source that holds the same bytes; only one of its size is hashed for it."""
        return self._by_digest.get(content.sha256) if content.size in self._sizes else None

    def _looked(self, given: Attachment, where: str) -> Read:
        """Read a file; what nothing here reads is kept with a note."""
        content = content_of(given.content)
        told: UnreadableInput | None = None
        try:
            found = look(
                given.name, content, where=where, limits=self._limits, charset=given.charset
            )
        except NotRead as unread:
            if unread.too_large:
                what = f"kept as evidence, but not read: {unread.what}"
                told = UnreadableInput(what, where=where, to_do=unread.to_do)
            found = Read(
                SourceKind.OTHER,
                unread.media_type,
                notes=(f"kept, not read: {unread.what}: {unread.to_do}",),
                # an image that is too large to be looked through may hold anything
                location_data=unread.media_type.startswith("image/"),
            )
        if found.location_data and not self._case.sealed:
            raise _may_say_a_place(where)
        if told is not None:
            self.failures.append(told)
        return found

    def _accept(
        self, given: Attachment, found: Read, *, where: str, inside: str, depth: int
    ) -> None:
        """Write a file and then, one by one, what is attached to it, in the open transaction."""
        content = content_of(given.content)
        key = self._known(content)
        if key is not None:
            self.duplicates.append(Duplicate(given.name, key))
        else:
            self._numbered += 1
            key = f"s{self._numbered}"
            self._accept_one(given, content, found, key=key, where=where, inside=inside)
        self.failures += found.refused
        for attachment in found.attachments:
            spot = f"{where}, {attachment.place}"
            if attachment.name not in spot:
                spot = f"{spot} {attachment.name}"
            try:
                self._refuse_attachment(len(attachment.content), depth, spot)
                held = self._in_memory(attachment)
                inner = self._looked(held, spot)
            except SourceFailed:
                raise  # the file as a whole: nothing of it is what was hashed
            except UnreadableInput as error:
                # without its traceback, which would hold what was unpacked
                self.failures.append(error.with_traceback(None))
                continue
            self._accept(held, inner, where=spot, inside=key, depth=depth + 1)

    def _in_memory(self, attachment: Attachment) -> Attachment:
        """Return *attachment* with its bytes, unless they are many."""
        content = attachment.content
        if not isinstance(content, Content):
            return attachment
        # what is made anew each time it is asked for is better made once
        most = HELD_BYTES if content.seekable else self._limits.max_bytes
        return replace(attachment, content=content.whole()) if content.size <= most else attachment

    def _refuse_attachment(self, size: int, depth: int, where: str) -> None:
        if depth >= self._limits.max_depth:
            raise UnreadableInput(
                f"it lies more than {self._limits.max_depth} containers deep",
                where=where,
                to_do="save it as a file and give that",
            )
        if not size:
            raise UnreadableInput(
                "the attachment is empty", where=where, to_do="ask the sender for it"
            )
        self._unpacked += size
        if self._unpacked > self._most:
            raise UnreadableInput(
                f"the file unpacks to more than {self._most} bytes",
                where=where,
                to_do="unpack it and give the files, if you trust it",
            )

    def _accept_one(
        self,
        given: Attachment,
        content: Content,
        found: Read,
        *,
        key: str,
        where: str,
        inside: str,
    ) -> None:
        case, at = self._case, self._clock()
        fresh: list[Rendered] = []
        notes = [*given.notes, *found.notes]
        for rendered in found.renditions:
            twin = self._by_text.get(sha256_hex(rendered.text.encode()))
            if twin is None:
                fresh.append(rendered)
            else:
                notes.append(f"same text as {twin}: read there")
        text = found.renditions[0].text if found.renditions else ""
        if not found.renditions and not notes:
            notes.append("holds no text")
        stored = self._stored(content, where, watch=found.kind is SourceKind.OTHER)
        source = Source(
            id=key,
            name=given.name,
            kind=found.kind,
            media_type=found.media_type,
            size=content.size,
            sha256=content.sha256,
            vault_object=stored,
            captured_at=at,
            origin=f"{given.place} of {inside}" if inside else "file",
            lang=language_of(text) if text else UNKNOWN,
            title=found.facts.title or given.name,
            outlet=found.facts.outlet,
            published=found.facts.published,
            url=given.url or found.facts.url,
            standing=_lower(self._standing, _stated(found.kind, content, text)),
            note="; ".join(notes),
            testimony=self._testimony,
            copy_of=self._copy_of,  # what lies in a copy is no source of its own either
            copy_kind=self._copy_kind,
        )
        case.casebook.append(SOURCES, [source])
        case.custody.add("captured", key, source.sha256, at=at, by=self._by)
        self._by_digest[source.sha256] = key
        self._sizes.add(source.size)
        self.accepted.append(source)
        for rendered in fresh:
            rendition = keep_text(case, rendered, source, at=at, by=self._by)
            self._by_text[rendition.id] = key
        keep_pages(case, found.pages, source, at=at, by=self._by)

    def _stored(self, content: Content, where: str, *, watch: bool) -> str:
        """Store *content*, hashed as it passes, and return the name of its object.

        Args:
            content: the bytes.
            where: how errors name them.
            watch: in a plain case, look for marks of a place: no reader has looked.

        Raises:
            UnreadableInput: it failed while it was read, or a mark of a place stands in it.
        """
        marks: list[bytes] = []
        pieces = content.pieces()
        if watch and not self._case.sealed:
            pieces = watched(pieces, content.size, marks)
        if content.size <= HELD_BYTES:
            whole = b"".join(pieces)
            name = self._case.vault.put(whole)
            content.settle(sha256_hex(whole), len(whole), where=where)
        else:
            stored = self._case.vault.put_stream(Stream(pieces))
            name = stored.name
            content.settle(stored.sha256, stored.size, where=where)
        if marks:
            raise _may_say_a_place(where)
        return name


def _may_say_a_place(where: str) -> UnreadableInput:
    return UnreadableInput(
        "the file holds EXIF or XMP data, or may, which a plain case does not take in",
        where=where,
        to_do="capture it into a sealed case (one with a passphrase)",
    )


def _stated(kind: SourceKind, content: Content, text: str) -> Standing:
    """Return what a file says of its own standing."""
    if kind is SourceKind.IMAGE:
        head = content[:IMAGE_HEAD]
        if INVENTED.encode() in head:
            return Standing.INVENTED
        if PARAPHRASE_WORD.encode() in head:
            return Standing.PARAPHRASE
    return stated_standing(text)


def _lower(given: Standing, stated: Standing) -> Standing:
    """Return the lesser of two standings."""
    return max(given, stated, key=_WORTH.index)
