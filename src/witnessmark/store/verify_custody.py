"""Step 5 of ``verify``: every custody entry opens to its subject, or was withdrawn by a leaf.

Laws:
1. An entry without a nonce is a fault unless a later ``withdrawn`` leaf lists it.
2. That leaf opens to the list that it states: whoever destroys an entry without the leaf,
   or changes the list, is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.store.custody import WITHDRAWN, closed_by, commitment, withdrawal_digest
from witnessmark.store.tables import CUSTODY, PAGES, RENDITIONS, SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from witnessmark.core.source import CustodyEntry
    from witnessmark.store.case import Case


def entry_faults(case: Case) -> Iterator[tuple[str, str]]:
    """Yield what does not hold in the custody log of *case*, and where."""
    subjects = {source.id: source.sha256 for source in case.casebook.rows(SOURCES)}
    subjects |= {rendition.id: rendition.id for rendition in case.casebook.rows(RENDITIONS)}
    subjects |= {page.id: page.sha256 for page in case.casebook.rows(PAGES)}
    lines = case.custody.lines()
    entries = case.casebook.rows(CUSTODY)
    closers = _closers(entries)
    for number, entry in enumerate(entries):
        place = f"leaf {number}"
        if entry.leaf != number:
            yield f"the casebook has leaf {entry.leaf} in place {number}", place
        if entry.event == WITHDRAWN:
            yield from _withdrawn(entry, entries, place)
        elif number in closers:
            yield from _closed(entry, closers[number], place)
        else:
            yield from _opens(entry, subjects, place)
        if number >= len(lines):
            yield "an entry is missing in the log", f"custody/log, {place}"
        elif lines[number] != f"{entry.commitment}\n":
            yield "an entry of the log was altered", f"custody/log, {place}"
    for number in range(len(entries), len(lines)):
        yield "the log holds an entry that the casebook lacks", f"custody/log, leaf {number}"
    logged = {entry.subject for number, entry in enumerate(entries) if number not in closers}
    for subject in sorted(set(subjects) - logged):
        yield "no custody entry speaks of it", subject


def withdrawals(case: Case) -> Iterator[str]:
    """Yield a line for each withdrawal: how many entries it closed, and what that means."""
    for entry in case.casebook.rows(CUSTODY):
        if entry.event == WITHDRAWN:
            leaves = closed_by(entry)[1]
            count = "1 entry was" if len(leaves) == 1 else f"{len(leaves)} entries were"
            where = ", ".join(_ranges(leaves))
            yield (
                f"{count} withdrawn ({where or 'no leaf'}; leaf {entry.leaf} says so, {entry.at}): "
                "something stood there, and it cannot be opened any more"
            )


def _ranges(leaves: Sequence[int]) -> Iterator[str]:
    start = 0
    for number, leaf in enumerate(leaves):
        if number + 1 == len(leaves) or leaves[number + 1] != leaf + 1:
            first = leaves[start]
            yield f"leaf {leaf}" if first == leaf else f"leaves {first} to {leaf}"
            start = number + 1


def _closers(entries: Sequence[CustodyEntry]) -> dict[int, int]:
    """Return each closed leaf with the number of the leaf that closed it."""
    return {
        leaf: number
        for number, entry in enumerate(entries)
        if entry.event == WITHDRAWN
        for leaf in closed_by(entry)[1]
        if leaf < number
    }


def _withdrawn(
    entry: CustodyEntry, entries: Sequence[CustodyEntry], place: str
) -> Iterator[tuple[str, str]]:
    if not _is_opened(entry, withdrawal_digest(entry.subject)):
        yield "an entry does not open to the list of leaves that it withdraws", place
    for leaf in closed_by(entry)[1]:
        if leaf >= entry.leaf or leaf >= len(entries) or entries[leaf].event == WITHDRAWN:
            yield f"an entry withdraws leaf {leaf}, which it cannot", place


def _closed(entry: CustodyEntry, closer: int, place: str) -> Iterator[tuple[str, str]]:
    if entry.nonce:
        yield f"leaf {closer} withdraws this entry, and its nonce is still there", place


def _opens(entry: CustodyEntry, subjects: dict[str, str], place: str) -> Iterator[tuple[str, str]]:
    digest = subjects.get(entry.subject)
    if digest is None:
        yield f"an entry speaks of {entry.subject[:12]}, which the case lacks", place
    elif not _is_opened(entry, digest):
        yield f"an entry does not open to {entry.subject[:12]}", place


def _is_opened(entry: CustodyEntry, digest: str) -> bool:
    try:
        return commitment(bytes.fromhex(entry.nonce), digest).hex() == entry.commitment
    except ValueError:
        return False
