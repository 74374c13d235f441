"""``witnessmark copy``: a redacted, cleaned, translated or working copy beside its original."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from witnessmark.core.source import CopyKind
from witnessmark.doors.cli.opening import opened
from witnessmark.doors.cli.options import CaseArgument, PassphraseFd, wall_clock
from witnessmark.stages.capture.copies import add_copy

copies = typer.Typer(help="Keep copies beside their originals.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group to *app*."""
    copies.command("add", no_args_is_help=True)(add)
    app.add_typer(copies, name="copy")


def add(
    case: CaseArgument,
    file: Annotated[Path, typer.Argument(help="The copy: one file.")],
    of: Annotated[str, typer.Option("--of", help="Id of the original (s3).")],
    kind: Annotated[CopyKind, typer.Option("--as", help="What was done to the copy.")],
    by: Annotated[str, typer.Option(help="Who made or gave it, for the custody log.")] = "",
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Take a file in as a copy of a source: never a second source, never in its place."""
    with opened(case, passphrase_fd=passphrase_fd) as held:
        copy = add_copy(held, file, of=of, kind=kind, clock=wall_clock, by=by)
    note = f"  ({copy.note})" if copy.note else ""
    typer.echo(f"{copy.id}  a {copy.copy_kind} copy of {copy.copy_of}  {copy.name}{note}")
    return 0
