"""``places find`` and ``names``: questions without a case."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from witnessmark.core.errors import InputError, WitnessmarkError
from witnessmark.doors.cli.options import Lines
from witnessmark.stages.identify import (
    SYSTEMS,
    compare_names,
    find_place,
    listed_as,
    romanisations,
    source_forms,
)

places = typer.Typer(help="Ask the gazetteer.", no_args_is_help=True)
names = typer.Typer(help="Compare names across scripts and spellings.", no_args_is_help=True)

Format = Annotated[Lines, typer.Option("--format", help="text or jsonl.")]
LONGEST_NAME = 1000


class UnknownNameError(WitnessmarkError):
    """The gazetteer was asked and knows nothing; the call was right."""


def register(app: typer.Typer) -> None:
    """Add the two groups to *app*."""
    places.command("find", no_args_is_help=True)(find)
    names.command("compare", no_args_is_help=True)(compare)
    names.command("romanise", no_args_is_help=True)(romanise)
    names.command("sources", no_args_is_help=True)(sources)
    app.add_typer(places, name="places")
    app.add_typer(names, name="names")


def find(
    name: Annotated[str, typer.Argument(help="Name in any script or romanisation.")],
    within: Annotated[
        str | None, typer.Option("--within", help="Unit it lies in: 'North Pyongan'.")
    ] = None,
    country: Annotated[str | None, typer.Option("--country", help="ISO code: KP, KR, CN …")] = None,
    format: Format = Lines.TEXT,
) -> int:
    """Find which places a name can mean, best first, with the reasons."""
    found = find_place(name[:LONGEST_NAME], within=within, country=country)
    for place in found:
        if format is Lines.JSONL:
            typer.echo(json.dumps(asdict(place), ensure_ascii=False))
            continue
        where = ", ".join(part for part in (place.within, place.country) if part)
        spot = "no coordinate in the sources"
        if place.lat is not None and place.lon is not None:
            spot = f"{place.lat:.2f} N {place.lon:.2f} E, within {place.precision_km:g} km"
        typer.echo(
            f"{place.score:.2f}  {place.name} {place.native} ({place.kind}, {where}): {spot}"
        )
        for reason in place.reasons:
            typer.echo(f"      {reason}")
    if not found:
        raise UnknownNameError(
            f"no place is known by the name {name!r}",
            where="places find",
            to_do="try another spelling or script, or leave --within and --country out",
        )
    return 0


def compare(
    pairs: Annotated[
        Path, typer.Argument(help="CSV with columns left, right and optionally kind.")
    ],
    format: Format = Lines.JSONL,
) -> int:
    """Score how far two names can be one, with reasons; 0.5 is the decision line."""
    try:
        with pairs.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            columns, rows = set(reader.fieldnames or ()), list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"the pairs cannot be read: {error}", where=str(pairs), to_do="give a UTF-8 CSV file"
        ) from error
    if not {"left", "right"} <= columns:
        raise InputError(
            "the columns left and right are missing", where=str(pairs), to_do="name them in line 1"
        )
    for row in rows:
        answer = compare_names(row["left"] or "", row["right"] or "", kind=row.get("kind") or None)
        if format is Lines.JSONL:
            typer.echo(json.dumps(asdict(answer), ensure_ascii=False))
        else:
            typer.echo(
                f"{answer.score:.2f}  {answer.left} ~ {answer.right}: " + "; ".join(answer.reasons)
            )
    return 0


def romanise(
    name: Annotated[str, typer.Argument(help="Name or address in Hangul or Chinese signs.")],
    system: Annotated[
        str | None,
        typer.Option("--system", help=f"One of {', '.join(SYSTEMS)}; else all that fit."),
    ] = None,
    person: Annotated[
        bool, typer.Option("--person", help="A Korean person's name, surname first.")
    ] = False,
    format: Format = Lines.TEXT,
) -> int:
    """Write a Korean or Chinese name in Latin letters, to search for it elsewhere."""
    for row in romanisations(name[:LONGEST_NAME], system=system, person=person):
        if format is Lines.JSONL:
            typer.echo(json.dumps(asdict(row), ensure_ascii=False))
        else:
            typer.echo(f"{row.system:<15} {row.written}")
    return 0


def sources(
    latin: Annotated[str, typer.Argument(help="Korean name in Latin letters, however spelt.")],
    kind: Annotated[str, typer.Option("--kind", help="place or person.")] = "place",
    most: Annotated[int, typer.Option("--most", min=1, max=100, help="Forms to show.")] = 10,
    format: Format = Lines.TEXT,
) -> int:
    """List the forms in Hangul that a Latin spelling can stand for, likeliest first."""
    found = source_forms(latin, kind, most=most)
    for form in found:
        known = listed_as(form.hangul) if kind == "place" else ()
        if format is Lines.JSONL:
            typer.echo(json.dumps({**asdict(form), "listed": known}, ensure_ascii=False))
            continue
        typer.echo(f"{form.share:.2f}  {form.hangul}: " + "; ".join((*form.reasons, *known)))
    if not found:
        raise UnknownNameError(
            f"no Korean name is written {latin!r}",
            where="names sources",
            to_do="give the name alone, in Latin letters, without a unit in English",
        )
    return 0
