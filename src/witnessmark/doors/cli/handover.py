"""``witnessmark import``: a case out of a bag that somebody handed over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from witnessmark.doors.cli.opening import key_for
from witnessmark.doors.cli.options import CaseFolder, PassphraseFd, Plain
from witnessmark.store.bag_check import read_bag
from witnessmark.store.bag_import import import_bag


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("import", epilog=EPILOG, no_args_is_help=True)(import_case)


EPILOG = (
    "Example: witnessmark export mycase --format bagit --out mycase-bag, then on the other "
    "machine: witnessmark import mycase-bag --case mycase. A bag is readable by anyone: delete "
    "it when it has been imported."
)


def import_case(
    bag: Annotated[
        Path,
        typer.Argument(help="Folder of the bag that export --format bagit made.", metavar="BAG"),
    ],
    case: CaseFolder,
    plain: Plain = False,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Make a case of a bag, after checking every file, row and log entry in it."""
    checked = read_bag(bag)

    def key_of(folder: Path) -> bytes | None:
        return key_for(folder, plain=plain, passphrase_fd=passphrase_fd, create=True)

    done = import_bag(checked, case, key_of)
    sort = "sealed" if done.sealed else "plain (unsealed: never for testimony)"
    typer.echo(f"case {done.path.name}: {sort}, {done.sources} sources")
    typer.echo(f"digest {done.digest}, as the bag states")
    typer.echo(f"head of the custody log {done.log or 'none: no leaf'}, as the bag states")
    typer.echo("compare the head with one that you were told on another road; the sums of a bag")
    typer.echo("show damage, not who made it")
    return 0
