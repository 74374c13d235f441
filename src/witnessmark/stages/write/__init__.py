"""The write stage: a case becomes a dossier that a person can check, sentence by sentence.

Laws:
1. The audience is checked before anything is read or written.
2. Each factual sentence carries its claims; without them it isn't written.
3. Outputs are written outside the case, whole or not at all.
4. Same case, same rules, same ``as_of``: same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from witnessmark.core.provenance import Audience, Versions
from witnessmark.stages.write.audience import refuse_unbuilt
from witnessmark.stages.write.exports import (
    ExportFormat,
    csv_text,
    export,
    geojson_text,
    refuse_unknown_format,
)
from witnessmark.stages.write.material import read_material
from witnessmark.stages.write.page import page_text
from witnessmark.stages.write.paper import refuse_inside, write_whole
from witnessmark.stages.write.phrasebook import phrasebook
from witnessmark.store.rulebook import rule_versions

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from witnessmark.core.progress import Progress
    from witnessmark.store.case import Case

__all__ = [
    "ExportFormat",
    "WriteResult",
    "export",
    "refuse_unbuilt",
    "refuse_unknown_format",
    "run",
]


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What the stage wrote.

    Attributes:
        dossier: the HTML file.
        files: every file, the dossier first.
        claims: standing claims that the dossier shows.
    """

    dossier: Path
    files: tuple[Path, ...]
    claims: int


def run(
    case: Case,
    *,
    out: Path,
    audience: Audience,
    as_of: date,
    title: str | None = None,
    progress: Progress | None = None,
) -> WriteResult:
    """Write the dossier of *case* and its exports into the folder *out*.

    Args:
        case: an open case.
        out: folder outside the case; made if it is missing.
        audience: only ``internal`` can be made.
        as_of: the date that the dossier bears.
        title: heading; None makes one from the case's goods and places.
        progress: hears of each step.

    Raises:
        RefusedAudience: the audience is not ``internal``; nothing was read or written.
        InputError: *out* lies inside the case.
        EvidenceFault: a rendition is not the text that was sealed.
        StorageFault: a file could not be written.
    """
    refuse_unbuilt(audience)
    refuse_inside(case.path, out)
    steps = 4
    material = read_material(case)
    _tell(progress, 1, steps)
    book = phrasebook()
    versions = Versions(version("witnessmark"), rule_versions(), as_of.isoformat())
    html = page_text(material, book, versions, as_of, title)
    _tell(progress, 2, steps)
    contents = (
        (out / "dossier.html", html),
        (out / "claims.csv", csv_text(material, book, as_of)),
        (out / "places.geojson", geojson_text(material, as_of)),
    )
    _tell(progress, 3, steps)
    for path, text in contents:
        write_whole(path, text.encode())
    _tell(progress, steps, steps)
    return WriteResult(contents[0][0], tuple(path for path, _ in contents), len(material.claims))


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress.step("write", done, total)
