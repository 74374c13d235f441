"""``witnessmark judge``: a person accepts, rejects or takes a decision back."""

from __future__ import annotations

from typing import Annotated

import typer

from witnessmark.core.errors import InputError
from witnessmark.core.judgement import Decision, Judgement
from witnessmark.doors.cli.opening import opened
from witnessmark.doors.cli.options import CaseArgument, PassphraseFd, wall_clock
from witnessmark.store.judged import judgeable
from witnessmark.store.tables import JUDGEMENTS


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("judge", epilog=EPILOG, no_args_is_help=True)(judge)


EPILOG = (
    "Example: witnessmark judge mycase c0123abcde accept --by 'A. Reader' --why 'heard the tape'. "
    "Run identify … write again afterwards to renew the dossier. withdraw takes the last "
    "decision back."
)


def judge(
    case: CaseArgument,
    target: Annotated[str, typer.Argument(help="Id of the claim, reading, proposal or finding.")],
    decision: Annotated[Decision, typer.Argument(help="What you decide.")],
    by: Annotated[str, typer.Option("--by", help="Who decides.")],
    why: Annotated[str, typer.Option("--why", help="The reason.")],
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Record a person's decision about a proposal, with who, when and why."""
    if not by.strip() or not why.strip():
        raise InputError(
            "a decision needs a name and a reason", where="judge", to_do="give --by and --why"
        )
    with opened(case, passphrase_fd=passphrase_fd) as held:
        if target not in judgeable(held):
            raise InputError(
                f"there is no row {target} to judge",
                where=str(case),
                to_do="take an id from the dossier or from digest --lines",
            )
        rows = held.casebook.rows(JUDGEMENTS)
        row = Judgement(len(rows) + 1, target, decision, by.strip(), wall_clock(), why.strip())
        held.casebook.append(JUDGEMENTS, [row])
    typer.echo(f"{target}: {decision} (decision {row.number})")
    return 0
