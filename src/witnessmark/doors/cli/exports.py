"""``witnessmark export``: tables and maps for other programs, and bags for hand-over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from witnessmark.core.provenance import INTERNAL_HANDLING, Audience
from witnessmark.doors.cli.opening import opened
from witnessmark.doors.cli.options import CaseArgument, ForAudience, PassphraseFd
from witnessmark.doors.cli.progress import shown
from witnessmark.stages import write
from witnessmark.store.bag import export_bag

BAGIT = "bagit"
"""The whole case for hand-over: the store packs it, no stage does."""

READABLE = "the bag is readable by anyone who has it"
READABLE_SEALED = (
    "the case is sealed, this bag is not: anyone who has it can read all of it; "
    "keep it on an encrypted disk and delete it when it has been imported"
)


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("export", no_args_is_help=True)(export)


def export(
    case: CaseArgument,
    format: Annotated[
        str,
        typer.Option("--format", help="csv (claims), geojson (places) or bagit (the whole case)."),
    ],
    out: Annotated[
        Path, typer.Option("--out", help="File to write (bagit: a new folder), outside the case.")
    ],
    audience: ForAudience = Audience.INTERNAL,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Write a table of the claims, a map layer or the whole case as a bag, marked as internal."""
    write.refuse_unbuilt(audience)
    if format == BAGIT:
        with opened(case, passphrase_fd=passphrase_fd) as held, shown() as progress:
            bag = export_bag(held, out, progress=progress)
            sealed = held.sealed
        typer.echo(bag)
        typer.echo(f"{INTERNAL_HANDLING}: {READABLE_SEALED if sealed else READABLE}", err=True)
        return 0
    with opened(case, passphrase_fd=passphrase_fd) as held:
        written = write.export(held, format, audience, out)
    typer.echo(written)
    return 0
