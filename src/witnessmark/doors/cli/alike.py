"""``witnessmark lookalikes``: sources that are nearly copies of each other."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from witnessmark.core.errors import InputError
from witnessmark.doors.cli.opening import opened
from witnessmark.doors.cli.options import CaseArgument, PassphraseFd
from witnessmark.doors.cli.progress import shown
from witnessmark.stages.capture.lookalikes import find_lookalikes
from witnessmark.store.protected import protected_names
from witnessmark.store.tables import SOURCES

FORMATS = ("text", "jsonl")


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("lookalikes", no_args_is_help=True)(lookalikes)


def lookalikes(
    case: CaseArgument,
    format: Annotated[str, typer.Option("--format", help="text or jsonl.")] = "text",
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Show sources whose text or picture is nearly that of another; nothing is merged."""
    if format not in FORMATS:
        raise InputError(
            f"there is no format {format!r}", where="lookalikes", to_do="use text or jsonl"
        )
    with opened(case, passphrase_fd=passphrase_fd) as held, shown() as progress:
        protected = protected_names(held.casebook)
        names = {row.id: protected.masked(row.name) for row in held.casebook.rows(SOURCES)}
        found = find_lookalikes(held, progress=progress)
    for pair in found.pairs:
        if format == "jsonl":
            row = asdict(pair) | {"score": round(pair.score, 4)}
            typer.echo(json.dumps(row, ensure_ascii=False))
            continue
        typer.echo(
            f"{pair.score:.2f}  {pair.what:<5}  {pair.left} {names[pair.left]} ~ "
            f"{pair.right} {names[pair.right]}: {pair.why}"
        )
    for line in found.not_compared:
        typer.echo(f"not compared: {line}", err=True)
    if format == "text":
        typer.echo(f"{len(found.pairs)} pairs look alike; nothing was merged")
    return 0
