"""Withdrawal: a source or a testimony leaves the case, and the log shows that it was there.

Laws:
1. One transaction: rows, wrapped keys, nonces and the leaf ``withdrawn`` together, or
   nothing. A crash afterwards is finished at the next opening, from the journal.
2. What rests on it goes with it: attachments, copies, renditions, claims, mentions. The
   tables of the later stages are emptied, to be made anew from what is left.
3. Its leaves stay in the log, closed: commitment and place, no nonce, no digest, no name.
   The new leaf commits to the numbers of those leaves and to nothing else.
4. Other sources keep their ids; a number once given is never given again.
5. The casebook is rewritten afterwards: no deleted row stays in a page or in its log.
6. A judgement about something withdrawn keeps who, when and what was decided; its target
   and its words go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from witnessmark.core.errors import InputError
from witnessmark.core.judgement import Decision, Judgement
from witnessmark.store.bag_layout import OBJECT
from witnessmark.store.custody import WITHDRAWN, closed_by
from witnessmark.store.protected import protected_names, strings
from witnessmark.store.tables import (
    CLAIMS,
    CONNECTIONS,
    CUSTODY,
    JUDGEMENTS,
    MENTIONS,
    MODEL_CALLS,
    RENDITIONS,
    SHELVES,
    SOURCES,
    TESTIMONIES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from witnessmark.core.source import CustodyEntry, Source
    from witnessmark.store.case import Case
    from witnessmark.store.tables import Shelf

DERIVED = ("identify", "measure", "trace", "weigh")
"""Stages whose tables are made anew."""

OWN = tuple(
    shelf
    for shelf in SHELVES
    if shelf.stage in {"capture", "extract"} and shelf not in (CUSTODY, TESTIMONIES)
)
"""Tables whose rows belong to one source each; the sources' own is the first."""

LEAST_QUOTE = 8
"""Signs of a quote by which a judgement is known to repeat it."""

_LIES_IN = re.compile(r" of (s\d+)$")
_READ_IN = re.compile(r"\bsame text as (s\d+)\b")


@dataclass(frozen=True, slots=True)
class Covered:
    """What goes with a withdrawal.

    Attributes:
        target: id of the testimony or source.
        testimonies: ids of the testimonies whose rows go.
        sources: ids of the sources, in order.
        renditions: how many texts.
        claims: how many claims.
        mentions: how many mentions.
        objects: names of the objects of the vault that nothing else needs.
        leaves: entries of the custody log that are closed.
        judgements: numbers of the decisions that lose target and words.
        derived: how many rows of later stages are emptied, to be made anew.
        traced: whether routes are among them.
        same_text: other sources, which stay and hold the same text.
    """

    target: str
    testimonies: tuple[str, ...]
    sources: tuple[str, ...]
    renditions: int
    claims: int
    mentions: int
    objects: tuple[str, ...]
    leaves: tuple[int, ...]
    judgements: tuple[int, ...]
    derived: int
    traced: bool
    same_text: tuple[str, ...]


def covered_by(case: Case, target: str) -> Covered:
    """Return what a withdrawal of *target* takes with it; nothing is changed.

    Args:
        case: an open case.
        target: id of a testimony (``t1``) or of a source (``s2``).

    Raises:
        InputError: the case holds nothing of that name.
    """
    sources = case.casebook.rows(SOURCES)
    testimonies = {row.id for row in case.casebook.rows(TESTIMONIES)}
    found = {row.id for row in sources if target in (row.id, row.testimony)}
    if not found and target not in testimonies:
        gone = {
            part
            for row in case.custody.rows()
            if row.event == WITHDRAWN
            for part in closed_by(row)[0].split("+")
        }
        raise InputError(
            f"{target} was withdrawn already" if target in gone else f"there is no {target}",
            where=case.name,
            to_do="name a testimony (t1) or a source (s1) that the case holds",
        )
    found |= _resting_on(found, sources)
    left = {row.testimony for row in sources if row.id not in found}
    leaving = testimonies & (
        {target} | {row.testimony for row in sources if row.id in found} - left
    )
    going = {shelf.name: _of(case, shelf, found) for shelf in OWN}
    said = [*going[CLAIMS.name], *going[MENTIONS.name]]
    derived = [
        row
        for shelf in SHELVES
        if shelf.stage in DERIVED and said
        for row in case.casebook.rows(shelf)
    ]
    ids = {str(getattr(row, shelf.key)) for shelf in OWN[1:] for row in going[shelf.name]}
    logged = found | {str(row.id) for shelf in OWN for row in going[shelf.name] if _object(row)}
    return Covered(
        target=target,
        testimonies=tuple(sorted(leaving)),
        sources=tuple(row.id for row in sources if row.id in found),
        renditions=len(going[RENDITIONS.name]),
        claims=len(going[CLAIMS.name]),
        mentions=len(going[MENTIONS.name]),
        objects=_objects(case, found),
        leaves=tuple(
            row.leaf
            for row in case.custody.rows()
            if row.event != WITHDRAWN and row.nonce and row.subject in logged
        ),
        judgements=_judgements(
            case,
            _closure(derived, ids | found | leaving),
            {row.quote for row in going[CLAIMS.name]},
        ),
        derived=len(derived),
        traced=bool(said)
        and any(case.casebook.rows(shelf) for shelf in SHELVES if shelf.stage == "trace"),
        same_text=tuple(
            row.id
            for row in sources
            if row.id not in found and set(_READ_IN.findall(row.note)) & found
        ),
    )


def _belongs(shelf: Shelf[Any], row: Any, found: set[str]) -> bool:  # noqa: ANN401 - any core type
    return (row.id if shelf is SOURCES else row.source) in found


def _of(case: Case, shelf: Shelf[Any], found: set[str]) -> list[Any]:
    return [row for row in case.casebook.rows(shelf) if _belongs(shelf, row, found)]


def _object(row: object) -> str:
    return str(getattr(row, OBJECT, ""))


def _resting_on(found: set[str], sources: Iterable[Source]) -> set[str]:
    """Return the attachments and copies of *found*, and theirs."""
    more: set[str] = set(found)
    rows = tuple(sources)
    while True:
        here = {
            row.id
            for row in rows
            if row.copy_of in more or set(_LIES_IN.findall(row.origin)) & more
        }
        if here <= more:
            return more
        more |= here


def _objects(case: Case, found: set[str]) -> tuple[str, ...]:
    """Return the objects of *found* that no other row needs."""
    going: set[str] = set()
    staying: set[str] = set()
    for shelf in OWN:
        for row in case.casebook.rows(shelf):
            (going if _belongs(shelf, row, found) else staying).add(_object(row))
    return tuple(sorted(going - staying - {""}))


def _closure(rows: Iterable[object], gone: set[str]) -> set[str]:
    """Return *gone* and the ids of *rows* that name one of them, and theirs in turn."""
    named = {str(getattr(row, "id", "")): set(strings(row)) for row in rows}
    reached = set(gone)
    while True:
        here = {key for key, words in named.items() if words & reached}
        if here <= reached:
            return reached
        reached |= here


def _judgements(case: Case, gone: set[str], quotes: set[str]) -> tuple[int, ...]:
    names = protected_names(case.casebook)
    repeated = {quote for quote in quotes if len(quote) >= LEAST_QUOTE}
    return tuple(
        row.number
        for row in case.casebook.rows(JUDGEMENTS)
        if row.target in gone
        or names.within(row.why)
        or any(quote in row.why for quote in repeated)
    )


def withdraw(
    case: Case, target: str, *, by: str, why: str, at: str
) -> tuple[Covered, CustodyEntry]:
    """Withdraw *target* from *case*, whole, and return what went and the leaf that says so.

    Args:
        case: an open case.
        target: id of a testimony or source.
        by: who withdraws it.
        why: the reason, without a name.
        at: RFC 3339, UTC.

    Raises:
        InputError: the case holds nothing of that name, *by* or *why* is empty, or one of
            them is the name of a protected person.
        StorageFault: another program is writing or reading, or the disk is full. What was
            begun is finished when the case is next opened, or was not begun at all.
    """
    if not by.strip() or not why.strip():
        raise InputError(
            "a withdrawal needs a name and a reason", where=target, to_do="give --by and --why"
        )
    with case.writer("withdrawing"), case.casebook.writing():
        covered = covered_by(case, target)
        _refuse_names(case, by, why)
        case.journal.add_withdrawal(covered.objects)
        _remove_rows(case, covered)
        case.catalogue.remove(covered.objects)
        what = "+".join(dict.fromkeys((target, *covered.testimonies)))
        entry = case.custody.withdraw(what, covered.leaves, at=at, by=by.strip())
        row = Judgement(
            number=1 + max((one.number for one in case.casebook.rows(JUDGEMENTS)), default=0),
            target=f"leaf {entry.leaf}",
            decision=Decision.WITHDRAW,
            by=by.strip(),
            at=at,
            why=why.strip(),
        )
        case.casebook.append(JUDGEMENTS, [row])
    return covered, entry


def _refuse_names(case: Case, by: str, why: str) -> None:
    names = protected_names(case.casebook)
    if names.within(why) or names.within(by):
        raise InputError(
            "the reason or the name given is that of a person whom the testimony protects",
            where="--by, --why",
            to_do="say it without the name, by the code of the testimony or by your role",
        )


def _remove_rows(case: Case, covered: Covered) -> None:
    book, gone = case.casebook, set(covered.sources)
    fetched = {row.url for row in book.rows(SOURCES) if row.id in gone and row.url}
    asked = any(row.source in gone for row in book.rows(MODEL_CALLS))
    if fetched or asked:
        # the log of connections keeps what was asked, and no digest of what came; answers of a
        # language model hold words of the sources
        book.replace(
            CONNECTIONS,
            [
                replace(row, sha256="")
                if row.address in fetched or (asked and row.purpose == "read")
                else row
                for row in book.rows(CONNECTIONS)
            ],
        )
    if covered.derived:
        for shelf in SHELVES:
            if shelf.stage in DERIVED:
                book.replace(shelf, [])
    if covered.judgements:
        hurt = set(covered.judgements)
        book.replace(
            JUDGEMENTS,
            [
                replace(row, target="withdrawn", why="") if row.number in hurt else row
                for row in book.rows(JUDGEMENTS)
            ],
        )
    for shelf in OWN:
        rows = book.rows(shelf)
        kept = [row for row in rows if not _belongs(shelf, row, gone)]
        if len(kept) != len(rows):
            book.replace(shelf, kept)
    spoken = [row for row in book.rows(TESTIMONIES) if row.id not in covered.testimonies]
    book.replace(TESTIMONIES, spoken)
