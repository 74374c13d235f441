"""Taking testimony in: its record and its files, whole or not at all.

Laws:
1. A plain case takes no testimony; that is said before a file is opened.
2. Record and sources are one transaction. A file whose bytes or words the case holds outside
   this testimony is refused: withdrawing the testimony would leave them there.
3. The place is a country or a province of the gazetteer, or a name that it doesn't know as
   anything smaller.
4. What comes back bears the testimony's number, never a file's name; a file that could not be
   taken in is named, with the protected names in its name masked.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import yaml

from witnessmark.core.errors import InputError, UnreadableInput
from witnessmark.core.testimony import Testimony, parse_testimony
from witnessmark.stages import capture
from witnessmark.stages.capture.intake import files_of, read_whole
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.names import label
from witnessmark.store.protected import ProtectedNames
from witnessmark.store.rulebook import rule_bytes
from witnessmark.store.tables import SOURCES, TESTIMONIES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from witnessmark.core.progress import Progress
    from witnessmark.core.source import Source
    from witnessmark.store.case import Case

LARGEST_RECORD = 64 * 1024
"""Bytes of a record file; the template has less than two thousand."""

COARSE = frozenset({"country", "province"})
"""Kinds of the gazetteer's rows that a record may name without consent to more."""

_READ_ELSEWHERE = re.compile(r"\bsame text as (s\d+)\b")


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in.

    Attributes:
        testimony: its row.
        sources: its sources as they are kept, attachments among them.
        failures: files that could not be taken in, each with its remedy.
    """

    testimony: Testimony
    sources: tuple[Source, ...]
    failures: tuple[UnreadableInput, ...]


def read_record(path: Path, key: str) -> Testimony:
    """Return the testimony that the record file *path* describes, with the id *key*.

    Raises:
        InputError: the file cannot be read, is no YAML, or its record is wrong.
    """
    content = read_whole(path, Limits(max_bytes=LARGEST_RECORD))
    try:
        given: object = yaml.safe_load(content)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f", line {mark.line + 1}"
        raise InputError(
            "the record is no YAML",
            where=f"{path.name}{line}",
            to_do="begin with witnessmark testimony template, and put texts in quotes",
        ) from error
    found = parse_testimony(given, key=key, where=path.name)
    _refuse_small_place(found, path.name)
    names = ProtectedNames.of([found])
    for field, words in (
        ("code", found.code),
        ("consent.conditions", found.consent.conditions),
        ("place.province", found.province),
    ):
        if names.within(words):
            raise InputError(
                "this bears a name that no output may bear",
                where=f"{path.name}, {field}",
                to_do="say it without the name",
            )
    return found


def take(
    case: Case,
    inputs: Sequence[Path],
    record: Path,
    *,
    clock: Callable[[], str],
    limits: Limits | None = None,
    by: str = "",
    progress: Progress | None = None,
) -> Taken:
    """Take the files of *inputs* into *case* as one testimony.

    Args:
        case: an open, sealed case.
        inputs: recordings' transcripts, notes, translations, pictures; files and folders.
        record: the filled-in template.
        clock: gives the time of the custody entries, RFC 3339 UTC.
        limits: bounds on each file.
        by: who takes them in, as given.
        progress: hears of each file.

    Raises:
        InputError: the case is plain, the record is wrong, no file could be taken in, or
            the case holds one of them elsewhere; nothing was changed.
        StorageFault: the disk is full or another program is writing; nothing was changed.
    """
    if not case.sealed:
        raise InputError(
            "a plain case takes no testimony",
            where=case.name,
            to_do="make a sealed case (one with a passphrase) and add it there",
        )
    bounds = limits or Limits()
    with case.writer("adding testimony"), case.casebook.writing():
        held = [int(row.id[1:]) for row in case.casebook.rows(TESTIMONIES)]
        number = 1 + max([*held, case.custody.highest("t")])
        found = read_record(record, f"t{number}")
        try:
            return _take(case, inputs, found, clock=clock, bounds=bounds, by=by, progress=progress)
        except InputError as error:
            raise _veiled(error, ProtectedNames.of([found])) from error


def _take(
    case: Case,
    inputs: Sequence[Path],
    found: Testimony,
    *,
    clock: Callable[[], str],
    bounds: Limits,
    by: str,
    progress: Progress | None,
) -> Taken:
    """Take the files in, in the open transaction."""
    names = tuple(label(path.name) for path in files_of(inputs, bounds).files)
    testimony = replace(found, files=names)
    case.casebook.append(TESTIMONIES, [testimony])
    done = capture.run(
        case,
        inputs,
        clock=clock,
        limits=bounds,
        by=by,
        testimony=testimony.id,
        progress=progress,
    )
    for same in done.duplicates:
        _refuse_held(case, testimony, same.source, same.where)
    sources = tuple(row for row in case.casebook.rows(SOURCES) if row.testimony == testimony.id)
    for source in sources:
        for other in _READ_ELSEWHERE.findall(source.note):
            _refuse_held(case, testimony, other, source.name)
    if not sources:
        first = done.failures[0] if done.failures else None
        raise InputError(
            "no file of the testimony could be taken in"
            + (f"; the first: {first.what}" if first else ""),
            where=first.where if first else "testimony add",
            to_do=first.to_do if first else "give at least one file",
        )
    protected = ProtectedNames.of([testimony])
    return Taken(testimony, sources, tuple(_veiled(one, protected) for one in done.failures))


_Error = TypeVar("_Error", bound=InputError)


def _veiled(error: _Error, names: ProtectedNames) -> _Error:
    """Return *error* with the protected names in it masked: paths name people."""
    return type(error)(
        names.masked(error.what),
        where=names.masked(error.where),
        to_do=names.masked(error.to_do),
    )


def _refuse_held(case: Case, testimony: Testimony, source: str, where: str) -> None:
    held = next(row for row in case.casebook.rows(SOURCES) if row.id == source)
    if held.testimony == testimony.id:
        return
    raise InputError(
        f"the case holds these bytes or words already, as {source}"
        + (f" of testimony {held.testimony}" if held.testimony else ", which is no testimony"),
        where=where,
        to_do=f"leave it out, or withdraw {source} first: witnessmark withdraw {source}",
    )


def _refuse_small_place(testimony: Testimony, where: str) -> None:
    """Refuse a county or town that is given as a province."""
    wanted = testimony.province.casefold()
    if not wanted:
        return
    kinds: set[str] = set()
    for row in csv.DictReader(io.StringIO(rule_bytes("gazetteer/places.csv").decode())):
        spelt = (row["latin"], row["native"], row["hanja"], *row["variants"].split(";"))
        if row["country"] == testimony.country and wanted in {name.casefold() for name in spelt}:
            kinds.add(row["kind"])
    if kinds and not kinds & COARSE:
        raise InputError(
            f"this is a {min(kinds)}, finer than a province",
            where=f"{where}, place.province",
            to_do="name the province it lies in, or nothing",
        )
