"""Reading again: the stored original, with the readers and the OCR of today.

Laws:
1. The original is not touched, and no rendition is replaced: a text that differs stands
   beside the old one, hashed and logged; a row says which one is current since.
2. Where nothing can be read now, what was read before stays current.
3. A rendition that this run could not make (OCR is not installed here) stays current.
4. A page that has no page image gets one; a page image is never drawn again.
5. A source that breaks its reader is told; the others go on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import InputError, UnreadableInput
from witnessmark.core.rereading import Rereading
from witnessmark.core.source import Rendering, SourceKind
from witnessmark.stages.capture import ocr
from witnessmark.stages.capture.keeping import keep_pages, keep_text
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.readers import read
from witnessmark.store.current import current_renditions
from witnessmark.store.tables import PAGES, RENDITIONS, REREADINGS, SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from witnessmark.core.progress import Progress
    from witnessmark.core.source import Rendition, Source
    from witnessmark.stages.capture.reading import Read
    from witnessmark.store.case import Case

CONTAINERS = frozenset(
    {
        SourceKind.MBOX,
        SourceKind.WARC,
        SourceKind.WACZ,
        SourceKind.ZIP,
        SourceKind.TAR,
        SourceKind.OTHER,
    }
)
"""Kinds without a text of their own: what lies in them is a source each."""

PICTURED = frozenset({SourceKind.PDF, SourceKind.IMAGE})
"""Kinds that OCR reads."""

AS_CAPTURED = "as captured"
BY_OCR = "every page by OCR"


@dataclass(frozen=True, slots=True)
class RereadResult:
    """What reading again did.

    Attributes:
        rereadings: the sources whose current text is another one since.
        unchanged: ids of the sources that read as before.
        pages: how many page images were added.
        failures: sources that could not be read, each with its remedy.
        notes: source and what a reader must know.
    """

    rereadings: tuple[Rereading, ...]
    unchanged: tuple[str, ...]
    pages: int
    failures: tuple[UnreadableInput, ...]
    notes: tuple[tuple[str, str], ...]


def reread(
    case: Case,
    names: Sequence[str] = (),
    *,
    clock: Callable[[], str],
    by: str = "",
    by_ocr: bool = False,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> RereadResult:
    """Read sources of *case* again from their originals.

    Args:
        case: an open case.
        names: ids of the sources; none: every source that has a text or pages.
        clock: gives the time of the custody entries, RFC 3339 UTC.
        by: who has it read, as given.
        by_ocr: set the text layer of PDF files aside and read every page by OCR.
        limits: bounds on each source.
        progress: hears of each source.

    Raises:
        InputError: there is no such source, or OCR was asked for and is not installed.
        EvidenceFault: an original is not what was captured.
        StorageFault: the store could not keep it; nothing of that source was changed.
    """
    if by_ocr and not ocr.available():
        raise InputError(
            "OCR is not installed here", where="--ocr", to_do="install witnessmark[ocr]"
        )
    chosen = _chosen(case, names, by_ocr=by_ocr)
    how = BY_OCR if by_ocr else AS_CAPTURED
    desk = _Desk(case, clock, by, how, replace(limits or Limits(), text_layer=not by_ocr))
    with case.writer("reading again"):
        for number, source in enumerate(chosen, start=1):
            try:
                desk.take(source)
            except UnreadableInput as error:
                desk.failures.append(error)
            if progress is not None:
                progress.step("reading again", number, len(chosen))
    return RereadResult(
        tuple(desk.rereadings),
        tuple(desk.unchanged),
        desk.pages,
        tuple(desk.failures),
        tuple(desk.notes),
    )


def _chosen(case: Case, names: Sequence[str], *, by_ocr: bool) -> tuple[Source, ...]:
    sources = {source.id: source for source in case.casebook.rows(SOURCES)}
    for name in names:
        if name not in sources:
            raise InputError(
                f"there is no source {name}",
                where=case.name,
                to_do="name a source as the dossier shows it, for example s1",
            )
        if sources[name].kind in CONTAINERS:
            raise InputError(
                f"{name} is a container ({sources[name].kind}): it has no text of its own",
                where=case.name,
                to_do="name the sources that lie in it",
            )
    wanted = list(dict.fromkeys(names)) or [
        source.id
        for source in sources.values()
        if source.kind not in CONTAINERS and (source.kind in PICTURED or not by_ocr)
    ]
    return tuple(sources[name] for name in wanted)


class _Desk:
    """One run: what it was asked, and what it did so far."""

    def __init__(
        self, case: Case, clock: Callable[[], str], by: str, how: str, limits: Limits
    ) -> None:
        self._case = case
        self._clock = clock
        self._by = by
        self._how = how
        self._limits = limits
        self.rereadings: list[Rereading] = []
        self.unchanged: list[str] = []
        self.pages = 0
        self.failures: list[UnreadableInput] = []
        self.notes: list[tuple[str, str]] = []

    def take(self, source: Source) -> None:
        """Read *source* again and keep what is new, in one transaction."""
        case = self._case
        found = read(
            source.name,
            case.original(source),
            where=f"{source.id} {source.name}",
            limits=self._limits,
        )
        with case.casebook.writing():
            at = self._clock()
            self._draw(source, found, at)
            before = [row for row in current_renditions(case) if row.source == source.id]
            known = {row.id for row in case.casebook.rows(RENDITIONS)}
            now = self._texts(source, found, at)
            if not now:
                if before:
                    self.notes.append((source.id, "nothing was read now: the text stays"))
                self.unchanged.append(source.id)
                return
            now += self._not_made_now(before, now)
            if {row.id for row in now} == {row.id for row in before}:
                self.unchanged.append(source.id)
                return
            for row in now:
                if row.id in known - {old.id for old in before}:
                    # an older text is current again: the log says so
                    case.custody.add("rendered", row.id, row.id, at=at, by=self._by)
            done = Rereading(
                number=1 + max((row.number for row in case.casebook.rows(REREADINGS)), default=0),
                source=source.id,
                before=tuple(row.id for row in before),
                now=tuple(row.id for row in now),
                how=self._how,
                at=at,
                by=self._by,
            )
            case.casebook.append(REREADINGS, [done])
        self.rereadings.append(done)

    def _draw(self, source: Source, found: Read, at: str) -> None:
        held = {row.page for row in self._case.casebook.rows(PAGES) if row.source == source.id}
        fresh = [drawn for drawn in found.pages if drawn.page not in held]
        self.pages += len(keep_pages(self._case, fresh, source, at=at, by=self._by))

    def _texts(self, source: Source, found: Read, at: str) -> list[Rendition]:
        """Return the renditions that *found* makes, the known ones as they stand."""
        held = {row.id: row for row in self._case.casebook.rows(RENDITIONS)}
        now: list[Rendition] = []
        for rendered in found.renditions:
            twin = held.get(sha256_hex(rendered.text.encode()))
            if twin is None:
                now.append(keep_text(self._case, rendered, source, at=at, by=self._by))
            elif twin.source == source.id:
                now.append(twin)
            else:
                self.notes.append((source.id, f"same text as {twin.source}: read there"))
        return now

    def _not_made_now(self, before: list[Rendition], now: list[Rendition]) -> list[Rendition]:
        """Return what OCR read before and nothing here can read today (law 3)."""
        if ocr.available() or any(row.rendering is Rendering.OCR for row in now):
            return []
        return [row for row in before if row.rendering is Rendering.OCR]
