"""Copies: a redacted, cleaned, translated or working copy, linked to its original.

Laws:
1. A copy stands beside its original and never in its place; the original's bytes and
   renditions are not touched.
2. A copy of a copy names the first original.
3. A copy is worth no more than its original, and is governed by the same consent.
4. What was made of an original is no second source: weigh counts both as one origin.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from witnessmark.core.errors import InputError
from witnessmark.core.source import CopyKind, SourceKind
from witnessmark.stages import capture
from witnessmark.stages.capture.intake import opened
from witnessmark.stages.capture.kinds import kind_of
from witnessmark.stages.capture.limits import Limits, NotRead
from witnessmark.store.tables import SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from witnessmark.core.source import Source
    from witnessmark.store.case import Case

CONTAINERS = frozenset(
    {SourceKind.MBOX, SourceKind.WARC, SourceKind.WACZ, SourceKind.ZIP, SourceKind.TAR}
)


def add_copy(
    case: Case,
    path: Path,
    *,
    of: str,
    kind: CopyKind,
    clock: Callable[[], str],
    limits: Limits | None = None,
    by: str = "",
) -> Source:
    """Take the file *path* in as a copy of the source *of*, and return its row.

    Args:
        case: an open case.
        path: one file.
        of: id of the original, or of a copy of it.
        kind: what was done to the copy.
        clock: gives the time of the custody entry, RFC 3339 UTC.
        limits: bounds on the file.
        by: who made or gave the copy, as given.

    Raises:
        InputError: there is no such original, or the file is a folder, a container, or
            holds bytes that the case has already.
        UnreadableInput: the file cannot be taken in.
        StorageFault: the store could not keep it; nothing was changed.
    """
    bounds = limits or Limits()
    sources = {source.id: source for source in case.casebook.rows(SOURCES)}
    original = first_original(sources, of, case.name)
    with opened(path, bounds) as content:
        digest, is_container = content.sha256, False
        with suppress(NotRead):  # kept as it is: a redacted film is a copy, too
            is_container = kind_of(path.name, content, where=str(path))[0] in CONTAINERS
    known = {source.sha256: source.id for source in sources.values()}.get(digest)
    if known is not None:
        raise InputError(
            f"the case holds these bytes already, as {known}",
            where=str(path),
            to_do="give the copy after it was changed; the same bytes are no copy",
        )
    if is_container:
        raise InputError(
            "a container is no copy of one source",
            where=str(path),
            to_do="unpack it and add the file that is the copy",
        )
    done = capture.run(
        case,
        (path,),
        clock=clock,
        limits=bounds,
        standing=original.standing,
        by=by,
        testimony=original.testimony,
        copy_of=original.id,
        copy_kind=kind,
    )
    if done.failures:
        raise done.failures[0]
    if not done.sources:
        raise InputError(
            "the file changed while it was read", where=str(path), to_do="run the command again"
        )
    # as it is kept: the copy of a testimony bears no name that was given to it
    taken = done.sources[0].id
    return next(row for row in case.casebook.rows(SOURCES) if row.id == taken)


def first_original(sources: dict[str, Source], key: str, where: str) -> Source:
    """Return the source *key*, or the original that it is a copy of.

    Raises:
        InputError: there is no such source.
    """
    found = sources.get(key)
    if found is not None and found.copy_of:
        found = sources.get(found.copy_of)
    if found is None:
        raise InputError(
            f"there is no source {key} to be the original",
            where=where,
            to_do="name a source as the dossier shows it, for example s1",
        )
    return found
