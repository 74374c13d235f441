"""``witnessmark show``: a quote on the image of its page, its words marked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from witnessmark.core.errors import InputError
from witnessmark.doors.cli.opening import opened
from witnessmark.doors.cli.options import CaseFolder, PassphraseFd
from witnessmark.stages.write.paper import refuse_inside, write_whole
from witnessmark.stages.write.showing import show as pages_of


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("show", no_args_is_help=True)(show)


def show(
    claim: Annotated[str, typer.Argument(help="Id of the claim, as the dossier shows it.")],
    case: CaseFolder,
    out: Annotated[
        Path | None, typer.Option("--out", help="The PNG file; CLAIM.png if left out.")
    ] = None,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Write the page of a quote as a picture, the words marked; readable, outside the case."""
    target = out or Path(f"{claim}.png")
    refuse_inside(case, target.parent)
    with opened(case, passphrase_fd=passphrase_fd) as held:
        found, pages = pages_of(held, claim)
    files = [
        target if not number else target.with_name(f"{target.stem}-{number + 1}{target.suffix}")
        for number in range(len(pages))
    ]
    for path in files:
        if os.path.lexists(path):
            raise InputError(
                "the file is there already", where=str(path), to_do="choose another --out"
            )
    for path, page in zip(files, pages, strict=True):
        write_whole(path, page.png)
        notes = "".join(f"; {note}" for note in page.notes)
        typer.echo(f"{path}: page {page.page} of {found.source}{notes}")
    typer.echo(f"“{found.quote}” ({found.rendering}, {found.status})")
    return 0
