"""Look-alikes: sources whose text or picture is nearly that of another one.

A syndicated copy, a press release under two names, one photograph in two reports: they
look like two witnesses and are one. They are shown in pairs, with what they share.

Laws:
1. Found and shown, never merged: nothing is written, a person decides what a pair means.
2. Only documents are compared (:data:`COMPARED`), whole, as words or as brightness. A source
   that belongs to a testimony, whatever its kind, and any kind that is not on that list never
   enters an index; protected names are masked first. No index is kept: it lives in memory
   while the question is answered.
3. A picture is compared as a picture: no face, person or place is looked for in it.
4. Same sources, same pairs, in the same order: no randomness, no clock.
5. A copy and its original (:attr:`Source.copy_of`) are known to be one: no pair.
6. What could not be compared is told with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.errors import EvidenceFault
from witnessmark.core.source import Rendering, SourceKind
from witnessmark.stages.capture.isolation import picture_of
from witnessmark.stages.capture.lookalike_images import MOST_BITS_APART, available, bits_apart
from witnessmark.stages.capture.lookalike_texts import Fingerprint, candidates, compared
from witnessmark.store.current import current_renditions
from witnessmark.store.protected import protected_names
from witnessmark.store.tables import SOURCES

if TYPE_CHECKING:
    from witnessmark.core.progress import Progress
    from witnessmark.core.source import Rendition, Source
    from witnessmark.store.case import Case
    from witnessmark.store.protected import ProtectedNames

COMPARED = frozenset(
    {
        SourceKind.TEXT,
        SourceKind.HTML,
        SourceKind.PDF,
        SourceKind.DOCX,
        SourceKind.EMAIL,
        SourceKind.IMAGE,
        SourceKind.CSV,
        SourceKind.XLSX,
        SourceKind.MHTML,
        SourceKind.MBOX,
        SourceKind.WARC,
        SourceKind.WACZ,
        SourceKind.ZIP,
        SourceKind.TAR,
    }
)
"""Kinds of source that may be compared: a list of what may, so that a new kind (an interview,
a statement) stays out until somebody decides otherwise."""


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Two sources that look alike.

    Attributes:
        left: id of the source that was captured first.
        right: id of the other.
        what: ``text`` or ``image``.
        score: text: share of the shorter text's word runs that stand in the other; image:
            share of the compared brightness steps that agree.
        shared_sentences: sentences of the shorter text that stand in the other, word for
            word or nearly; 0 for images.
        sentences: sentences of the shorter text; 0 for images.
        why: the reason, for a reader.
    """

    left: str
    right: str
    what: str
    score: float
    shared_sentences: int
    sentences: int
    why: str


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """What was found.

    Attributes:
        pairs: best first, then by the order of capture.
        not_compared: a line for each source that was left out, with the reason.
    """

    pairs: tuple[Lookalike, ...]
    not_compared: tuple[str, ...]


def may_be_compared(source: Source) -> bool:
    """Return whether *source* may enter an index (law 2)."""
    return source.kind in COMPARED and not source.testimony


def find_lookalikes(case: Case, *, progress: Progress | None = None) -> Lookalikes:
    """Return the pairs of sources of *case* that look alike; nothing is written.

    Args:
        case: an open case.
        progress: hears of each source that was read.
    """
    sources = case.casebook.rows(SOURCES)
    names = protected_names(case.casebook)
    texts: dict[str, Rendition] = {}
    for rendition in current_renditions(case):
        if rendition.rendering is not Rendering.TRANSLATION:
            texts.setdefault(rendition.source, rendition)
    left_out: list[str] = []
    prints: dict[str, Fingerprint] = {}
    pictures: dict[str, tuple[int, ...]] = {}
    for number, source in enumerate(sources, start=1):
        reason = _read(case, source, texts.get(source.id), prints, pictures, names)
        if reason:
            left_out.append(f"{source.id} {names.masked(source.name)}: {reason}")
        if progress is not None:
            progress.step("look-alikes", number, len(sources))
    order = {source.id: number for number, source in enumerate(sources)}
    pairs = [*_alike_texts(prints), *_alike_pictures(pictures)]
    first = {source.id: source.copy_of or source.id for source in sources}
    pairs = [pair for pair in pairs if first[pair.left] != first[pair.right]]
    pairs.sort(key=lambda pair: (-pair.score, order[pair.left], order[pair.right], pair.what))
    return Lookalikes(tuple(pairs), tuple(left_out))


def _read(
    case: Case,
    source: Source,
    rendition: Rendition | None,
    prints: dict[str, Fingerprint],
    pictures: dict[str, tuple[int, ...]],
    names: ProtectedNames,
) -> str:
    """Take the marks of one source; return why it is left out, else nothing."""
    if not may_be_compared(source):
        return "testimony, or a kind of source that is protected: never compared"
    reason = ""
    try:
        if rendition is not None:
            # no protected name enters even an index that lives in memory
            prints[source.id] = Fingerprint.of(names.masked(case.text(rendition)))
            if not prints[source.id].runs:
                reason = "its text is too short to be compared"
        if source.kind is SourceKind.IMAGE:
            picture = picture_of(case.original(source), source.media_type)
            if picture is not None:
                pictures[source.id] = picture
                return ""
            reason = (
                "a drawing, a plain surface, or too large or damaged to be compared"
                if available()
                else "pictures are not compared here: install witnessmark[ocr]"
            )
        elif rendition is None:
            reason = "no text of its own: nothing to compare"
    except EvidenceFault as error:
        return error.what
    return reason


def _alike_texts(prints: dict[str, Fingerprint]) -> list[Lookalike]:
    found: list[Lookalike] = []
    for left, right in candidates(prints):
        alike = compared(prints[left], prints[right])
        if alike is None:
            continue
        why = (
            f"{alike.shared_sentences} of {alike.sentences} sentences of the shorter text stand "
            f"in the other, and {alike.score:.0%} of its runs of words"
        )
        found.append(
            Lookalike(
                left, right, "text", alike.score, alike.shared_sentences, alike.sentences, why
            )
        )
    return found


def _alike_pictures(pictures: dict[str, tuple[int, ...]]) -> list[Lookalike]:
    names = list(pictures)
    found: list[Lookalike] = []
    for number, left in enumerate(names):
        for right in names[number + 1 :]:
            apart, turned, total = bits_apart(pictures[left], pictures[right])
            if apart <= MOST_BITS_APART:
                why = f"{total - apart} of {total} steps of brightness agree"
                why += ", one of them turned or mirrored" if turned else ""
                found.append(Lookalike(left, right, "image", 1 - apart / total, 0, 0, why))
    return found
