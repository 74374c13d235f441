"""Live pages: fetched when a person asks for it, into a web archive, and captured from that.

Laws:
1. The web archive is the source; the page in it becomes one by the reader of all web archives.
2. It is held in memory until it is accepted: no fetched byte is written outside the case.
3. An address that fails is told with its remedy; the others go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import Standing
from witnessmark.stages.capture import CaptureResult, Limits
from witnessmark.stages.capture.acceptance import Intake
from witnessmark.stages.capture.fetch_records import archive
from witnessmark.stages.capture.names import label
from witnessmark.store.connections import system_resolver
from witnessmark.store.fetching import follow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from witnessmark.store.case import Case
    from witnessmark.store.connection_permission import Permission
    from witnessmark.store.connections import Resolver


def run(
    case: Case,
    addresses: Sequence[str],
    *,
    permission: Permission,
    software: str,
    clock: Callable[[], str],
    tell: Callable[[str], None],
    limits: Limits | None = None,
    by: str = "",
    resolve: Resolver = system_resolver,
) -> CaptureResult:
    """Fetch *addresses* into *case*, each into a web archive of its own.

    Args:
        case: an open case.
        addresses: of pages.
        permission: a person's, for this purpose.
        software: name and version of the program, for the archive.
        clock: gives the time of connections and custody entries, RFC 3339 UTC.
        tell: hears what is about to be connected to.
        limits: bounds on what is read from an answer.
        by: who captures them, as given.
        resolve: looks up names.

    Raises:
        StorageFault: the disk is full or another program is writing to the case; what
            was accepted before is kept.
    """
    bounds = limits or Limits()
    result = CaptureResult((), (), (), 0)
    for address in addresses:
        found = follow(case, address, permission, clock=clock, tell=tell, resolve=resolve)
        faults = [found.fault] if found.fault else []
        with case.writer("fetch"):
            intake = Intake(case, clock=clock, limits=bounds, standing=Standing.EVIDENCE, by=by)
            if found.exchanges:
                last = found.exchanges[-1].row.address
                content = archive(found.exchanges, software=software)
                try:
                    intake.take(_name(last), content, where=last)
                except UnreadableInput as error:
                    faults.append(error.with_traceback(None))
        result = CaptureResult(
            (*result.sources, *intake.accepted),
            (*result.duplicates, *intake.duplicates),
            (*result.failures, *faults, *intake.failures),
            intake.held,
        )
    return result


def _name(address: str) -> str:
    """Return the name of the web archive of *address*."""
    return f"{label(urlsplit(address).hostname or 'page')}.warc"
