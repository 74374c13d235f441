"""``witnessmark reread``: the stored originals, read by the readers and the OCR of today."""

from __future__ import annotations

from typing import Annotated

import typer

from witnessmark.doors.cli.opening import opened
from witnessmark.doors.cli.options import CaseArgument, PassphraseFd, wall_clock
from witnessmark.doors.cli.progress import shown
from witnessmark.stages import extract as extracting
from witnessmark.stages.capture.reread import reread as read_again

EPILOG = (
    "A text that differs stands beside the old one. Claims that were judged on the old text "
    "come out as proposed on the new one; judge them there. Then run identify … write again."
)


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("reread", epilog=EPILOG, no_args_is_help=True)(reread)


def reread(
    case: CaseArgument,
    sources: Annotated[
        list[str] | None, typer.Argument(help="Ids of the sources (s1 s3); all if left out.")
    ] = None,
    ocr: Annotated[
        bool,
        typer.Option("--ocr", help="Set the text layer of PDF files aside, read all pages by OCR."),
    ] = False,
    by: Annotated[str, typer.Option(help="Who has it read, for the custody log.")] = "",
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Read stored originals again; a new text stands beside the old, judged claims are proposed."""
    with opened(case, passphrase_fd=passphrase_fd) as held, shown() as bars:
        done = read_again(
            held, tuple(sources or ()), clock=wall_clock, by=by, by_ocr=ocr, progress=bars
        )
        found = extracting.run(held, progress=bars) if done.rereadings else None
    for row in done.rereadings:
        typer.echo(f"{row.source}: another text is current since, read {row.how}")
    for source, note in done.notes:
        typer.echo(f"{source}: {note}")
    for claim in found.reanchored if found else ():
        place = f"proposed as {claim.claim}" if claim.claim else "stands nowhere now"
        typer.echo(f"{claim.id}: {place}: {claim.reason}")
    pages = f", {done.pages} page images added" if done.pages else ""
    typer.echo(f"{len(done.rereadings)} read otherwise, {len(done.unchanged)} as before{pages}")
    for failure in done.failures:
        typer.echo(f"error: {failure}", err=True)
    return 1 if done.failures else 0
