"""``witnessmark export``: tables and maps for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from witnessmark.core.provenance import Audience
from witnessmark.doors.cli.opening import opened
from witnessmark.doors.cli.options import CaseArgument, ForAudience, PassphraseFd
from witnessmark.stages import write


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("export", no_args_is_help=True)(export)


def export(
    case: CaseArgument,
    format: Annotated[str, typer.Option("--format", help="csv (claims) or geojson (places).")],
    out: Annotated[Path, typer.Option("--out", help="File to write, outside the case.")],
    audience: ForAudience = Audience.INTERNAL,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Write a table of the claims or a map layer of the places, marked as internal."""
    write.refuse_unbuilt(audience)
    with opened(case, passphrase_fd=passphrase_fd) as held:
        written = write.export(held, format, audience, out)
    typer.echo(written)
    return 0
