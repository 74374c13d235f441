"""Accepting sources: from what a reader found to rows, objects and custody entries.

Laws:
1. One transaction per file: itself and its attachments, or nothing.
2. Ids follow the order of acceptance, so the same files give the same ids.
3. Two originals with one text share no rendition: the second is a source that says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import UnreadableInput
from witnessmark.core.provenance import INVENTED
from witnessmark.core.source import Rendition, Source, SourceKind, Standing
from witnessmark.stages.capture.headline import PARAPHRASE_WORD, stated_standing
from witnessmark.stages.capture.language import UNKNOWN, language_of
from witnessmark.stages.capture.readers import read
from witnessmark.stages.capture.reading import Attachment
from witnessmark.store.tables import RENDITIONS, SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable

    from witnessmark.core.source import CopyKind
    from witnessmark.stages.capture.limits import Limits
    from witnessmark.stages.capture.reading import Read, Rendered
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


@dataclass(frozen=True, slots=True)
class Item:
    """A file that was read and waits for its transaction.

    Attributes:
        name: its label.
        content: its bytes.
        found: what the reader found.
        inside: place of the item it is attached to in the list of items, None for a file.
        place: where in that item it lies (``attachment``, ``record 3``), empty for a file.
    """

    name: str
    content: bytes
    found: Read
    inside: int | None
    place: str = ""


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
        self._by_digest = {source.sha256: source.id for source in case.casebook.rows(SOURCES)}
        self._by_text = {row.id: row.source for row in case.casebook.rows(RENDITIONS)}
        self._unpacked = 0
        self.accepted: list[Source] = []
        self.duplicates: list[Duplicate] = []
        self.failures: list[UnreadableInput] = []

    @property
    def held(self) -> int:
        """Return the number of sources in the case."""
        return len(self._by_digest)

    def take(self, name: str, content: bytes, *, where: str) -> None:
        """Accept one file and its attachments.

        Raises:
            UnreadableInput: it cannot be taken in.
            StorageFault: the store could not keep it; nothing of it was accepted.
        """
        known = self._by_digest.get(sha256_hex(content))
        if known is not None:
            self.duplicates.append(Duplicate(where, known))
            return
        items: list[Item] = []
        self._unpacked = 0
        self._gather(items, Attachment(name, content, ""), where=where, inside=None, depth=0)
        digests, texts = dict(self._by_digest), dict(self._by_text)
        try:
            with self._case.casebook.writing():
                sources = self._accept(items)
        except BaseException:
            self._by_digest, self._by_text = digests, texts
            raise
        self.accepted += sources

    def _gather(
        self,
        items: list[Item],
        given: Attachment,
        *,
        where: str,
        inside: int | None,
        depth: int,
    ) -> None:
        """Read a file and, one by one, what is attached to it."""
        found = read(
            given.name, given.content, where=where, limits=self._limits, charset=given.charset
        )
        if found.location_data and not self._case.sealed:
            raise UnreadableInput(
                "the file holds EXIF or XMP data, which a plain case does not take in",
                where=where,
                to_do="capture it into a sealed case (one with a passphrase)",
            )
        place = len(items)
        facts = replace(found.facts, url=given.url) if given.url else found.facts
        told = replace(found, facts=facts, notes=(*given.notes, *found.notes), attachments=())
        items.append(Item(given.name, given.content, told, inside, given.place))
        self.failures += found.refused
        for attachment in found.attachments:
            spot = f"{where}, {attachment.place}"
            if attachment.name not in spot:
                spot = f"{spot} {attachment.name}"
            try:
                self._refuse_attachment(attachment.content, depth, spot)
                self._gather(items, attachment, where=spot, inside=place, depth=depth + 1)
            except UnreadableInput as error:
                # without its traceback, which would hold what was unpacked
                self.failures.append(error.with_traceback(None))

    def _refuse_attachment(self, content: bytes, depth: int, where: str) -> None:
        if depth >= self._limits.max_depth:
            raise UnreadableInput(
                f"it lies more than {self._limits.max_depth} containers deep",
                where=where,
                to_do="save it as a file and give that",
            )
        if not content:
            raise UnreadableInput(
                "the attachment is empty", where=where, to_do="ask the sender for it"
            )
        if len(content) > self._limits.max_bytes:
            raise UnreadableInput(
                f"the attachment has more than {self._limits.max_bytes} bytes",
                where=where,
                to_do="raise --max-size if you trust it",
            )
        self._unpacked += len(content)
        if self._unpacked > self._limits.max_unpacked:
            raise UnreadableInput(
                f"the file unpacks to more than {self._limits.max_unpacked} bytes",
                where=where,
                to_do="unpack it and give the files, if you trust it",
            )

    def _accept(self, items: list[Item]) -> list[Source]:
        """Write the rows of *items* in the open transaction."""
        sources: list[Source] = []
        ids: dict[int, str] = {}
        for place, item in enumerate(items):
            digest = sha256_hex(item.content)
            if digest in self._by_digest:
                ids[place] = self._by_digest[digest]
                self.duplicates.append(Duplicate(item.name, ids[place]))
                continue
            ids[place] = f"s{len(self._by_digest) + 1}"
            origin = "file" if item.inside is None else f"{item.place} of {ids[item.inside]}"
            sources.append(self._accept_one(item, ids[place], digest, origin))
            self._by_digest[digest] = ids[place]
        return sources

    def _accept_one(self, item: Item, key: str, digest: str, origin: str) -> Source:
        case, found, at = self._case, item.found, self._clock()
        fresh: list[Rendered] = []
        notes = list(found.notes)
        for rendered in found.renditions:
            twin = self._by_text.get(sha256_hex(rendered.text.encode()))
            if twin is None:
                fresh.append(rendered)
            else:
                notes.append(f"same text as {twin}: read there")
        text = found.renditions[0].text if found.renditions else ""
        if not found.renditions and not notes:
            notes.append("holds no text")
        source = Source(
            id=key,
            name=item.name,
            kind=found.kind,
            media_type=found.media_type,
            size=len(item.content),
            sha256=digest,
            vault_object=case.vault.put(item.content),
            captured_at=at,
            origin=origin,
            lang=language_of(text) if text else UNKNOWN,
            title=found.facts.title or item.name,
            outlet=found.facts.outlet,
            published=found.facts.published,
            url=found.facts.url,
            standing=_lower(self._standing, _stated(item, text)),
            note="; ".join(notes),
            testimony=self._testimony,
            copy_of=self._copy_of if item.inside is None else "",
            copy_kind=self._copy_kind if item.inside is None else None,
        )
        case.casebook.append(SOURCES, [source])
        case.custody.add("captured", key, digest, at=at, by=self._by)
        for rendered in fresh:
            self._accept_text(rendered, key, at)
        return source

    def _accept_text(self, rendered: Rendered, source: str, at: str) -> None:
        data = rendered.text.encode()
        digest = sha256_hex(data)
        rendition = Rendition(
            id=digest,
            source=source,
            rendering=rendered.rendering,
            renderer=rendered.renderer,
            length=len(rendered.text),
            vault_object=self._case.vault.put(data),
            offsets=rendered.offsets,
        )
        self._case.casebook.append(RENDITIONS, [rendition])
        self._case.custody.add("rendered", digest, digest, at=at, by=self._by)
        self._by_text[digest] = source


def _stated(item: Item, text: str) -> Standing:
    """Return what a file says of its own standing."""
    if item.found.kind is SourceKind.IMAGE:
        head = item.content[:IMAGE_HEAD]
        if INVENTED.encode() in head:
            return Standing.INVENTED
        if PARAPHRASE_WORD.encode() in head:
            return Standing.PARAPHRASE
    return stated_standing(text)


def _lower(given: Standing, stated: Standing) -> Standing:
    """Return the lesser of two standings."""
    return max(given, stated, key=_WORTH.index)
