"""``init``, ``verify`` and ``digest``: the care of a case."""

from __future__ import annotations

from typing import Annotated

import typer

from witnessmark.doors.cli.opening import key_for, opened
from witnessmark.doors.cli.options import CaseArgument, PassphraseFd, Plain
from witnessmark.store.verify import verify_path


def register(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    app.command("init")(init)
    app.command("verify")(verify)
    app.command("digest")(digest)


def init(case: CaseArgument, plain: Plain = False, passphrase_fd: PassphraseFd = None) -> int:
    """Make an empty case: sealed with a passphrase, or plain where nothing needs protection."""
    with opened(case, plain=plain, passphrase_fd=passphrase_fd, create=True) as held:
        sort = "sealed" if held.sealed else "plain (unsealed: never for testimony)"
        typer.echo(f"case {held.name}: {sort}")
    return 0


def verify(case: CaseArgument, passphrase_fd: PassphraseFd = None) -> int:
    """Check that every source, log entry and derived row holds; a line for each fault."""
    report = verify_path(case, key_for(case, passphrase_fd=passphrase_fd))
    for step in report.steps:
        typer.echo(step)
    for fault in report.faults:
        typer.echo(f"error: {fault}", err=True)
    typer.echo(report.anchoring)
    return 1 if report.faults else 0


def digest(
    case: CaseArgument,
    passphrase_fd: PassphraseFd = None,
    lines: Annotated[
        bool, typer.Option("--lines", help="Print the canonical rows instead of their digest.")
    ] = False,
) -> int:
    """Print the digest of all stage tables: same sources and rules, same digest."""
    with opened(case, passphrase_fd=passphrase_fd) as held:
        if lines:
            for line in held.casebook.digest_lines():
                typer.echo(line)
        else:
            typer.echo(held.casebook.digest())
    return 0
