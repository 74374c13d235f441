"""The capture stage: what do we hold, and is it untouched?

Laws:
1. The original's bytes are stored as they came, once; the same bytes again are a duplicate.
2. A source is accepted whole: original, renditions, rows and custody entries in one
   transaction, its attachments with it.
3. A file that cannot be taken in is told with its remedy; the rest of the batch goes on.
   What is sound and nothing here reads is kept, and its source says so.
4. What a document says is text, also where it speaks to a machine.
5. A plain case refuses images with EXIF or XMP data: they may say where a person stood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import Rendering, Source, Standing
from witnessmark.stages.capture.acceptance import Duplicate, Intake
from witnessmark.stages.capture.intake import files_of, opened
from witnessmark.stages.capture.language import language_of
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.looking import look
from witnessmark.stages.capture.names import label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from witnessmark.core.progress import Progress
    from witnessmark.core.source import CopyKind
    from witnessmark.store.case import Case

__all__ = ["CaptureResult", "Duplicate", "FileText", "Limits", "read_file", "run"]


@dataclass(frozen=True, slots=True)
class CaptureResult:
    """What a run of capture did.

    Attributes:
        sources: the new sources, in order.
        duplicates: files whose bytes the case already held.
        failures: files that could not be taken in, each with its remedy.
        held: number of sources that the case holds now.
    """

    sources: tuple[Source, ...]
    duplicates: tuple[Duplicate, ...]
    failures: tuple[UnreadableInput, ...]
    held: int


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file, read without a case.

    Attributes:
        name: label of the file.
        text: its text.
        rendering: how the text was made.
        lang: its language, ``und`` if it is not clear.
        notes: what a reader must know.
    """

    name: str
    text: str
    rendering: Rendering
    lang: str
    notes: tuple[str, ...]


def run(
    case: Case,
    inputs: Sequence[Path],
    *,
    clock: Callable[[], str],
    limits: Limits | None = None,
    standing: Standing = Standing.EVIDENCE,
    by: str = "",
    testimony: str = "",
    copy_of: str = "",
    copy_kind: CopyKind | None = None,
    progress: Progress | None = None,
) -> CaptureResult:
    """Take the files of *inputs* into *case*.

    Args:
        case: an open case.
        inputs: files and folders.
        clock: gives the time of the custody entries, RFC 3339 UTC.
        limits: bounds on each file.
        standing: what all of them are worth; a text that calls itself less is less.
        by: who captures them, as given.
        testimony: id of the testimony that they belong to.
        copy_of: id of the original that they are copies of.
        copy_kind: what was done to the copies.
        progress: hears of each file, and of each megabyte of a large one.

    Raises:
        StorageFault: the disk is full or another program is writing to the case; what
            was accepted before is kept.
    """
    bounds = limits or Limits()
    listing = files_of(inputs, bounds)
    with case.writer("capture"):
        intake = Intake(
            case,
            clock=clock,
            limits=bounds,
            standing=standing,
            by=by,
            testimony=testimony,
            copy_of=copy_of,
            copy_kind=copy_kind,
        )
        intake.failures += listing.failures
        for number, path in enumerate(listing.files, start=1):
            try:
                with opened(path, bounds, heard=_in_megabytes(progress)) as content:
                    intake.take(label(path.name), content, where=str(path))
            except UnreadableInput as error:
                intake.failures.append(error)
            if progress is not None:
                progress.step("capture", number, len(listing.files))
    return CaptureResult(
        tuple(intake.accepted), tuple(intake.duplicates), tuple(intake.failures), intake.held
    )


MEGABYTE = 1024 * 1024


def _in_megabytes(progress: Progress | None) -> Callable[[int, int], None] | None:
    """Return what hears of the bytes of a large file and tells *progress*, a step a megabyte."""
    if progress is None:
        return None

    def heard(done: int, total: int) -> None:
        progress.step("this file, in MB", done // MEGABYTE, -(-total // MEGABYTE))

    return heard


def read_file(path: Path, *, limits: Limits | None = None) -> FileText:
    """Read one file without a case, as ``witnessmark extract FILE`` does.

    Raises:
        UnreadableInput: it cannot be read, or holds no text.
    """
    bounds = limits or Limits()
    name = label(path.name)
    with opened(path, bounds) as content:
        found = look(name, content, where=str(path), limits=bounds)
    if not found.renditions:
        raise UnreadableInput(
            found.notes[0] if found.notes else "the file holds no text",
            where=str(path),
            to_do="give a file with a text layer",
        )
    best = found.renditions[0]
    return FileText(name, best.text, best.rendering, language_of(best.text), found.notes)
