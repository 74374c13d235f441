"""``verify``: is every source, log entry and derived text still what was accepted?

The steps, in this order; the numbers stand in the code, the docs and the output:

1. The header is whole and of this layout.
2. The casebook passes SQLite's (and SQLCipher's) own check; no row was altered.
3. Every source's object is there and has the hash and size that were captured.
4. Every rendition is the text that was hashed, and its offset map covers it; every page
   image is the one that was drawn.
5. Every custody entry opens to its subject's hash and is a line of the log, or a later
   entry withdrew it; every source and rendition has its entry.
6. The head over the log is the head that the casebook states.
7. Every quote of a claim or mention stands at its place, character for character.
8. The vault holds what its catalogue names, no less and no more.
9. The signing key is whole; every stamp that the case keeps is over a checkpoint of this
   log, and holds under the roots that the reader gave.
10. The log extends the checkpoint that the reader brought.

Laws:
1. A check never stops at the first fault, and never mends anything.
2. It says what it cannot show: a log that was never anchored outside rests on the
   keeper's word.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from witnessmark.core.errors import EvidenceFault, WitnessmarkError
from witnessmark.store.case import open_case
from witnessmark.store.checkpoint import (
    case_key,
    differences,
    key_for,
    leaves_of,
    require_checkpoint,
)
from witnessmark.store.header import read_header
from witnessmark.store.merkle import tree_head
from witnessmark.store.tables import CLAIMS, MENTIONS, MODEL_CALLS, PAGES, RENDITIONS, SOURCES
from witnessmark.store.timestamp import load_roots
from witnessmark.store.verify_anchors import POSSIBLE, Anchor, anchoring, anchors_of, commands
from witnessmark.store.verify_custody import entry_faults, withdrawals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from witnessmark.core.claim import Claim, Mention
    from witnessmark.store.case import Case
    from witnessmark.store.note import VerifierKey

STEPS = (
    "header",
    "casebook",
    "sources",
    "renditions",
    "custody entries",
    "head of the log",
    "quotes",
    "objects of the vault",
    "signing key and stamps",
    "checkpoint from outside",
)
"""Names of the steps; step 1 is the first."""

REMEDY = "restore it from a backup; nothing else in the case was changed by this check"

ASK = "keep this folder as it is; ask the keeper for an explanation and for other copies"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold.

    Attributes:
        step: number of the step that found it.
        what: what is wrong.
        where: which file, row or object.
        to_do: the remedy.
    """

    step: int
    what: str
    where: str
    to_do: str = REMEDY

    def __str__(self) -> str:
        """Return ``step N: WHAT (WHERE): TO DO``."""
        return f"step {self.step}: {self.what} ({self.where}): {self.to_do}"


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of a check.

    Attributes:
        steps: a line per step, in order.
        faults: what does not hold.
        anchoring: how far the log is anchored outside; always the last line.
        notes: what each stamp is, what was not shown, and how a stranger repeats it.
    """

    steps: tuple[str, ...]
    faults: tuple[Fault, ...]
    anchoring: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outside:
    """What the reader brings that does not come from the case.

    Attributes:
        checkpoint: a signed note, or a line that was read out; None if he has none.
        roots: PEM file of the authorities that he trusts; None if he names none.
        key: the verifier key that he was told; None: the case's own is taken. A case that
            was imported from a bag has another key than the one that signed.
    """

    checkpoint: bytes | None = None
    roots: Path | None = None
    key: VerifierKey | None = None


NOTHING = Outside()
"""The reader brings nothing: the case is held against itself alone."""


def verify_path(path: Path, key: bytes | None, outside: Outside = NOTHING) -> Verification:
    """Check the case at *path*; a case that does not open is a fault too.

    Raises:
        InputError: there is no case, no key was given for a sealed one, or what *outside*
            holds is no checkpoint or no certificate.
        StorageFault: the disk did not let it be read.
    """
    try:
        case = open_case(path, key)
    except EvidenceFault as error:
        step = 1 if "header" in error.what else 2
        fault = Fault(step, error.what, error.where, error.to_do or REMEDY)
        return Verification(
            (f"{step}. {STEPS[step - 1]}: fault, the later steps were not reached",),
            (fault,),
            "not known how far the log is anchored: the case does not open",
        )
    try:
        return verify_case(case, outside)
    finally:
        case.close()


def verify_case(case: Case, outside: Outside = NOTHING) -> Verification:
    """Check everything in *case* and change nothing.

    Raises:
        InputError: what *outside* holds is no checkpoint or no certificate.
    """
    if outside.roots is not None:
        load_roots(outside.roots)
    if outside.checkpoint is not None:
        require_checkpoint(outside.checkpoint)
    anchors: list[Anchor] = []
    checks: tuple[Callable[[Case], Iterator[Fault]], ...] = (
        _header,
        _casebook,
        _sources,
        _renditions,
        _custody,
        _head,
        _quotes,
        _objects,
        lambda held: _stamps(held, outside, anchors),
        lambda held: _against(held, outside),
    )
    faults: list[Fault] = []
    lines: list[str] = []
    for number, check in enumerate(checks, start=1):
        found = list(_guarded(number, check, case))
        faults += found
        lines.append(f"{number}. {STEPS[number - 1]}: {_count(len(found))}")
    if outside.checkpoint is None:
        lines[-1] = f"{len(STEPS)}. {STEPS[-1]}: none was given"
    return Verification(
        tuple(lines),
        tuple(faults),
        _anchoring(case, outside, anchors, faults),
        tuple(_notes(case, outside, anchors)),
    )


def _anchoring(case: Case, outside: Outside, anchors: list[Anchor], faults: list[Fault]) -> str:
    hurt = {fault.step for fault in faults}
    if hurt & {2, 5, 6}:
        return (
            "not anchored: log and casebook do not hold, so no stamp or checkpoint speaks of them"
        )
    against = None
    if outside.checkpoint is not None and len(STEPS) not in hurt:
        against = _held_against(case, outside.checkpoint, outside.key)[0]
    trusted = outside.roots is not None
    return anchoring(len(case.custody.lines()), anchors, trusted=trusted, against=against)


def _notes(case: Case, outside: Outside, anchors: list[Anchor]) -> Iterator[str]:
    with suppress(WitnessmarkError):  # a hurt casebook: steps 2 and 5 have told it
        yield from withdrawals(case)
    for anchor in anchors:
        yield f"stamp {anchor.number}: {anchor.told} ({anchor.who_and_when()})"
    if outside.checkpoint is None:
        yield POSSIBLE
    yield from commands(case.custody.lines(), anchors, against=outside.checkpoint is not None)


def _count(faults: int) -> str:
    return {0: "holds", 1: "1 fault"}.get(faults, f"{faults} faults")


def _guarded(number: int, check: Callable[[Case], Iterator[Fault]], case: Case) -> Iterator[Fault]:
    """Run *check*; what keeps it from going on is a fault of its step."""
    try:
        yield from check(case)
    except WitnessmarkError as error:
        yield Fault(number, error.what, error.where, error.to_do or REMEDY)


def _header(case: Case) -> Iterator[Fault]:
    if read_header(case.path).sealed is not case.sealed:
        yield Fault(1, "the header says sealed or plain, and the case is not", "case.json")


def _casebook(case: Case) -> Iterator[Fault]:
    for damage in case.casebook.damage():
        yield Fault(2, damage, "casebook.db")


def _sources(case: Case) -> Iterator[Fault]:
    for source in case.casebook.rows(SOURCES):
        place = f"{source.id} {source.name}"
        try:
            stored = case.vault.measured(source.vault_object)  # in pieces: it may be large
        except EvidenceFault as error:
            yield Fault(3, error.what, f"{place}, object {source.vault_object}")
            continue
        if stored.sha256 != source.sha256:
            yield Fault(
                3, "a source is not what was captured", f"{place}, object {source.vault_object}"
            )
        if stored.size != source.size:
            yield Fault(3, f"a source has {stored.size} bytes, not {source.size}", place)


def _renditions(case: Case) -> Iterator[Fault]:
    sources = {source.id for source in case.casebook.rows(SOURCES)}
    for rendition in case.casebook.rows(RENDITIONS):
        place = f"rendition {rendition.id[:12]} of {rendition.source}"
        if rendition.source not in sources:
            yield Fault(4, "a rendition belongs to no source", place)
        try:
            text = case.text(rendition)
        except EvidenceFault as error:
            yield Fault(4, error.what, f"{place}, object {rendition.vault_object}")
            continue
        if not len(text) == rendition.length == rendition.offsets.length:
            yield Fault(4, "the offset map does not cover the text", place)
    for page in case.casebook.rows(PAGES):
        place = f"page image {page.id}, object {page.vault_object}"
        try:
            stored = case.vault.measured(page.vault_object)
        except EvidenceFault as error:
            yield Fault(4, error.what, place)
            continue
        if stored.sha256 != page.sha256 or page.source not in sources:
            yield Fault(4, "a page image is not the one that was drawn of a source", place)


def _custody(case: Case) -> Iterator[Fault]:
    for what, where in entry_faults(case):
        yield Fault(5, what, where)


def _head(case: Case) -> Iterator[Fault]:
    lines = case.custody.lines()
    stated = case.custody.stated_head()
    if not lines and not stated:
        return
    try:
        leaves = [bytes.fromhex(line) for line in lines]
    except ValueError:
        yield Fault(6, "the log holds a line that is no commitment", "custody/log")
        return
    if f"{len(leaves)} {tree_head(leaves).hex()}" != stated:
        yield Fault(
            6,
            f"the head over {len(leaves)} leaves is not the one that the casebook states "
            f"({stated.split(' ')[0] or 'none'} leaves)",
            "custody/log",
        )


def _quotes(case: Case) -> Iterator[Fault]:
    texts: dict[str, str] = {}
    for rendition in case.casebook.rows(RENDITIONS):
        try:
            texts[rendition.id] = case.text(rendition)
        except EvidenceFault:
            continue  # step 4 has named it; its quotes are named below
    rows: list[tuple[str, Claim | Mention]] = []
    rows += [(CLAIMS.name, claim) for claim in case.casebook.rows(CLAIMS)]
    rows += [(MENTIONS.name, mention) for mention in case.casebook.rows(MENTIONS)]
    for table, row in rows:
        text = texts.get(row.rendition)
        if text is None:
            yield Fault(7, "its rendition is not in the case, or is hurt", f"{table}: {row.id}")
        elif not row.quote or text[row.start : row.end] != row.quote:
            yield Fault(7, "the quote does not stand at its place", f"{table}: {row.id}")


def _stamps(case: Case, outside: Outside, anchors: list[Anchor]) -> Iterator[Fault]:
    case_key(case)
    anchors += anchors_of(case, outside.roots)
    for anchor in anchors:
        for wrong in anchor.wrong:
            yield Fault(9, wrong, f"stamp {anchor.number}", ASK)


def _against(case: Case, outside: Outside) -> Iterator[Fault]:
    if outside.checkpoint is None:
        return
    for difference in _held_against(case, outside.checkpoint, outside.key)[1]:
        yield Fault(10, difference, "the checkpoint given", ASK)


def _held_against(case: Case, given: bytes, key: VerifierKey | None) -> tuple[int, tuple[str, ...]]:
    leaves = leaves_of(case)
    return differences(given, key or key_for(case, given, leaves), leaves)


def _objects(case: Case) -> Iterator[Fault]:
    catalogued = {row.name: row for row in case.catalogue.objects()}
    present = case.vault.names()
    for name in sorted(set(catalogued) - present):
        yield Fault(8, "an object is missing", f"vault object {name}")
    for name in sorted(present - set(catalogued)):
        yield Fault(
            8,
            "the vault holds a file that the catalogue does not know",
            f"vault object {name}",
            "if you did not put it there, keep a copy and ask who did; then move it out",
        )
    named = {source.vault_object for source in case.casebook.rows(SOURCES)}
    named |= {rendition.vault_object for rendition in case.casebook.rows(RENDITIONS)}
    named |= {page.vault_object for page in case.casebook.rows(PAGES)}
    asked = {call.vault_object for call in case.casebook.rows(MODEL_CALLS)}
    for name in sorted((set(catalogued) & present) - named):
        try:
            case.vault.get(name)
        except EvidenceFault as error:
            yield Fault(8, error.what, error.where)
    for name in sorted((named | asked) - set(catalogued)):
        yield Fault(8, "a row names an object that the catalogue does not know", name)
