"""``init``, ``verify`` and ``digest``: the care of a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from witnessmark.core.errors import InputError
from witnessmark.doors.cli.custody import Trust
from witnessmark.doors.cli.opening import key_for, opened
from witnessmark.doors.cli.options import CaseArgument, PassphraseFd, Plain
from witnessmark.store.checkpoint import parse_spoken
from witnessmark.store.note import LONGEST_NOTE, VerifierKey
from witnessmark.store.verify import Outside, verify_path


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


def verify(
    case: CaseArgument,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            help="A checkpoint from outside: its file, or the line that was read out.",
            metavar="CHECKPOINT",
        ),
    ] = None,
    trust: Trust = None,
    key: Annotated[
        str | None,
        typer.Option(
            "--key",
            help="The verifier key that came with the checkpoint, for a case that was imported.",
            metavar="KEY",
        ),
    ] = None,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Check that every source, log entry and derived row holds; a line for each fault."""
    outside = Outside(
        None if against is None else _checkpoint(against),
        trust,
        None if key is None else _verifier(key),
    )
    report = verify_path(case, key_for(case, passphrase_fd=passphrase_fd), outside)
    for step in report.steps:
        typer.echo(step)
    for fault in report.faults:
        typer.echo(f"error: {fault}", err=True)
    for note in report.notes:
        typer.echo(note)
    typer.echo(report.anchoring)
    return 1 if report.faults else 0


def _checkpoint(given: str) -> bytes:
    """Return the bytes of the file *given*, or *given* itself if it is a line."""
    if parse_spoken(given) is not None:
        return given.encode()
    try:
        with Path(given).open("rb") as file:
            return file.read(LONGEST_NOTE + 1)
    except OSError as error:
        raise InputError(
            f"this is neither a file nor a line that was read out: {error.strerror}",
            where=f"--against {given}",
            to_do="give the file that witnessmark checkpoint made, or the line in quotes",
        ) from error


def _verifier(text: str) -> VerifierKey:
    try:
        return VerifierKey.parse(text)
    except ValueError as error:
        raise InputError(
            f"{error}", where="--key", to_do="give the line that witnessmark checkpoint printed"
        ) from error


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
