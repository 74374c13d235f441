"""From a bag back to a case: the same rows, the same log, the same digest.

Laws:
1. A bag is checked whole (:mod:`bag_check`) before anything is written.
2. The case is made beside its place and moved there in one step, after it verified and
   gave the digest that the bag states: a crash leaves no half case.
3. The custody log is the one of the bag, leaf for leaf: importing adds no entry, since
   an entry would change the digest and the head that was told to others.
4. The signing key stays with the former keeper; its public half comes along, so that the
   checkpoints and time stamps of his time can still be checked.
5. What came from a sealed case becomes a sealed case again, never a plain one.
"""

from __future__ import annotations

import dataclasses
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from witnessmark.core.errors import EvidenceFault, InputError, StorageFault
from witnessmark.store.bag_check import REMEDY
from witnessmark.store.bag_layout import FACTS_PLACE, OBJECT, PACKED, fields_of
from witnessmark.store.case import open_case
from witnessmark.store.checkpoint import FORMER_KEYS
from witnessmark.store.custody import HEAD
from witnessmark.store.journal import sync_folder
from witnessmark.store.lock import WriterLock
from witnessmark.store.merkle import tree_head
from witnessmark.store.tables import CUSTODY, SOURCES
from witnessmark.store.verify import verify_case

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from witnessmark.core.progress import Progress
    from witnessmark.store.bag_check import Bag
    from witnessmark.store.case import Case
    from witnessmark.store.tables import Shelf

__all__ = ["Imported", "import_bag"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import made.

    Attributes:
        path: the case folder.
        sources: number of its sources.
        digest: digest of its tables, equal to that of the case that was packed.
        log: ``LEAVES HEAD`` of its custody log.
        sealed: whether it is sealed.
    """

    path: Path
    sources: int
    digest: str
    log: str
    sealed: bool


def import_bag(
    bag: Bag,
    target: Path,
    key_of: Callable[[Path], bytes | None],
    *,
    progress: Progress | None = None,
) -> Imported:
    """Make a case in the folder *target* of a checked bag.

    Args:
        bag: from :func:`witnessmark.store.bag_check.read_bag`.
        target: a folder that is not there yet, or is empty.
        key_of: makes header and key of the new case in the folder it is given, and
            returns the key, None for a plain case.
        progress: hears of each table.

    Raises:
        InputError: *target* holds something, lies in the bag, or would be a plain case
            of a sealed one.
        EvidenceFault: the case does not verify, or has another digest than the bag states.
        StorageFault: the disk is full, or another import is running there.
    """
    target = _checked_target(bag.path, target)
    staging = target.with_name(f"{target.name}.importing")
    _refuse_foreign(staging)
    try:
        staging.mkdir(mode=0o700, parents=True, exist_ok=True)
        with WriterLock(staging / "lock").holding("importing a bag", patience_s=0):
            try:
                shutil.rmtree(staging / "case", ignore_errors=True)
                done = _make(bag, staging / "case", key_of, progress)
                (staging / "case").rename(target)
                sync_folder(target.parent)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise StorageFault(
            f"the case could not be made: {error.strerror}",
            where=str(target),
            to_do="free space or choose another folder with --case; the bag is untouched",
        ) from error
    return dataclasses.replace(done, path=target)


def _checked_target(bag: Path, target: Path) -> Path:
    if target.is_symlink() or (
        target.exists() and not (target.is_dir() and not any(target.iterdir()))
    ):
        raise InputError(
            "an imported case needs a new or empty folder",
            where=str(target),
            to_do="choose another folder for --case; nothing is overwritten",
        )
    resolved = target.resolve()
    if resolved.is_relative_to(bag.resolve()):
        raise InputError(
            "the case would lie inside the bag",
            where=str(target),
            to_do="choose a folder outside the bag for --case",
        )
    return resolved


def _refuse_foreign(staging: Path) -> None:
    """Refuse a folder that is in the way and is not what a cut-off import left."""
    if not staging.exists() and not staging.is_symlink():
        return
    ours = not staging.is_symlink() and staging.is_dir()
    ours = ours and {entry.name for entry in staging.iterdir()} <= OURS
    if not ours:
        raise InputError(
            "something stands where the import works",
            where=str(staging),
            to_do="move it away or choose another folder for --case",
        )


OURS = frozenset({"lock", "case"})
"""What a cut-off import leaves in its working folder."""


def _make(
    bag: Bag, path: Path, key_of: Callable[[Path], bytes | None], progress: Progress | None
) -> Imported:
    try:
        key = key_of(path)
    except InputError as error:
        # the person knows the folder that was asked for, not the one it is made in
        raise InputError(error.what, where="--case", to_do=error.to_do) from error
    if bag.facts.sealed and key is None:
        raise InputError(
            "the bag comes from a sealed case: it does not become a plain one",
            where=str(bag.path),
            to_do="leave out --plain and give a passphrase",
        )
    case = open_case(path, key, create=True)
    try:
        with case.writer("importing a bag"):
            _fill(case, bag, progress)
            log = case.custody.stated_head()
            faults = verify_case(case).faults
            if faults:
                raise EvidenceFault(
                    f"the case in the bag does not verify: {faults[0].what}",
                    where=faults[0].where,
                    to_do=REMEDY,
                )
            if (case.casebook.digest(), log) != (bag.facts.digest, bag.facts.log):
                raise EvidenceFault(
                    "the case has another digest or head than the bag states",
                    where=FACTS_PLACE,
                    to_do=REMEDY,
                )
        return Imported(path, len(bag.rows[SOURCES.name]), bag.facts.digest, log, case.sealed)
    finally:
        case.close()


def _fill(case: Case, bag: Bag, progress: Progress | None) -> None:
    entries = bag.rows[CUSTODY.name]
    with case.casebook.writing():
        for place in bag.facts.objects:
            bag.keep(place, case.vault)
        for number, shelf in enumerate(PACKED, start=1):
            case.casebook.replace(
                shelf, [_stored(case, bag, shelf, row) for row in _of(bag, shelf)]
            )
            if progress is not None:
                progress.step("import", number, len(PACKED))
        if bag.facts.signed_by:
            case.catalogue.state(FORMER_KEYS, " ".join(bag.facts.signed_by))
        if entries:
            head = tree_head([_commitment(entry.commitment) for entry in entries])
            case.catalogue.state(HEAD, f"{len(entries)} {head.hex()}")
    if entries:
        # the rows are on the disk: the log is completed from them, as after a crash
        case.custody.forget()
        case.custody.finish(0)


def _of(bag: Bag, shelf: Shelf[Any]) -> tuple[Any, ...]:
    return bag.rows[shelf.name]


def _commitment(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise EvidenceFault(
            "an entry of the custody log is no commitment", where=text[:80], to_do=REMEDY
        ) from error


def _stored(case: Case, bag: Bag, shelf: Shelf[Any], row: Any) -> Any:  # noqa: ANN401 - any core type
    """Return *row* with its object stored and named as in the vault."""
    if OBJECT not in fields_of(shelf) or not getattr(row, OBJECT):
        return row
    name = bag.keep(getattr(row, OBJECT), case.vault)
    return dataclasses.replace(row, **{OBJECT: name})
