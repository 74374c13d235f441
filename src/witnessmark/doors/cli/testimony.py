"""``testimony`` and ``withdraw``: what people said, under their consent, and its end.

Law: what is printed bears ids, codes and numbers, never a name or the name of a file.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from witnessmark.core.errors import InputError, visible
from witnessmark.core.provenance import Audience
from witnessmark.core.testimony import TEMPLATE, Role
from witnessmark.doors.cli.opening import opened
from witnessmark.doors.cli.options import (
    MEGABYTE,
    AsOf,
    CaseFolder,
    MaxSize,
    PassphraseFd,
    parse_as_of,
    wall_clock,
)
from witnessmark.doors.cli.progress import shown
from witnessmark.stages import identify, measure, trace, weigh
from witnessmark.stages.capture.limits import Limits
from witnessmark.stages.capture.testimony import take
from witnessmark.store.tables import SOURCES, TESTIMONIES
from witnessmark.store.withdrawal import covered_by
from witnessmark.store.withdrawal import withdraw as withdraw_whole

if TYPE_CHECKING:
    from datetime import date

    from witnessmark.core.testimony import Testimony
    from witnessmark.store.case import Case
    from witnessmark.store.withdrawal import Covered

testimony = typer.Typer(
    help="Testimony: its record, its files under consent, and its withdrawal.",
    no_args_is_help=True,
)

ADD_EPILOG = (
    "Example: witnessmark testimony template > record.yaml; fill it in; witnessmark testimony add "
    "interview.txt --case mycase --record record.yaml; then delete record.yaml and the files."
)
WITHDRAW_EPILOG = (
    "Example: witnessmark testimony withdraw t1 --case mycase --by 'case officer' --why 'the "
    "speaker asked for it'. Without --yes it shows what will go and asks."
)

Withdrawn = Annotated[str, typer.Argument(help="Id of the testimony, as list shows it.")]
By = Annotated[str, typer.Option("--by", help="Who withdraws it.")]
Why = Annotated[str, typer.Option("--why", help="The reason, without a name.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]


def register(app: typer.Typer) -> None:
    """Add the group and the command to *app*."""
    testimony.command("template")(template)
    testimony.command("add", epilog=ADD_EPILOG, no_args_is_help=True)(add)
    testimony.command("list", no_args_is_help=True)(list_all)
    testimony.command("show", no_args_is_help=True)(show)
    testimony.command("withdraw", epilog=WITHDRAW_EPILOG, no_args_is_help=True)(withdraw_testimony)
    app.add_typer(testimony, name="testimony")
    app.command("withdraw", epilog=WITHDRAW_EPILOG.replace("testimony withdraw t1", "withdraw s2"))(
        withdraw
    )


def template() -> int:
    """Print the record to fill in."""
    typer.echo(TEMPLATE, nl=False)
    return 0


def add(
    files: Annotated[list[Path], typer.Argument(help="Transcripts, notes, translations.")],
    case: CaseFolder,
    record: Annotated[
        Path, typer.Option("--record", help="The filled-in template.", metavar="RECORD.yaml")
    ],
    by: Annotated[str, typer.Option(help="Who takes them in, for the custody log.")] = "",
    max_size: MaxSize = 100,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Take one testimony in, under the consent that its record states; sealed cases only."""
    with (
        opened(case, passphrase_fd=passphrase_fd, create=True) as held,
        shown() as bars,
    ):
        done = take(
            held,
            tuple(files),
            record,
            clock=wall_clock,
            limits=Limits(max_bytes=max_size * MEGABYTE),
            by=by,
            progress=bars,
        )
    row = done.testimony
    typer.echo(f"{row.id}  {visible(row.code)}  consent: {row.scope}")
    for source in done.sources:
        typer.echo(f"{source.id}  {source.kind}")
    spellings = sum(len(person.names) for person in row.protected)
    typer.echo(f"{len(row.protected)} persons protected, by {spellings} spellings, in no index")
    if not row.consent.allows(Audience.INTERNAL):
        typer.echo("consent does not include internal use: it is kept sealed and read into nothing")
    for failure in done.failures:
        typer.echo(f"error: {failure}", err=True)
    typer.echo(
        "the record file and the files given still stand where they were: delete them, and "
        "take them off what they were copied from"
    )
    return 1 if done.failures else 0


def list_all(case: CaseFolder, passphrase_fd: PassphraseFd = None) -> int:
    """List the testimonies of a case: id, code, consent, language, date, place."""
    with opened(case, passphrase_fd=passphrase_fd) as held:
        rows = held.casebook.rows(TESTIMONIES)
        sources = [source.testimony for source in held.casebook.rows(SOURCES)]
    for row in rows:
        typer.echo(
            f"{row.id}  {visible(row.code)}  consent: {row.scope}  {row.language}  {row.date}  "
            f"{visible(row.where)}  {sources.count(row.id)} sources"
        )
    typer.echo(f"{len(rows)} testimonies")
    return 0


def show(
    key: Annotated[str, typer.Argument(help="Id of the testimony.", metavar="ID")],
    case: CaseFolder,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Show the record of a testimony, without a name."""
    with opened(case, passphrase_fd=passphrase_fd) as held:
        row = _testimony(held, key)
        sources = [one for one in held.casebook.rows(SOURCES) if one.testimony == key]
    consent = row.consent
    people = [person.role for person in row.protected]
    counted = ", ".join(f"{people.count(role)} {role}" for role in Role if role in people)
    agreed = f", on {row.consent.date}, {consent.how}"
    for name, value in (
        ("id", row.id),
        ("code", row.code),
        ("consent", f"{row.scope}{agreed}"),
        ("conditions", consent.conditions or "none recorded"),
        ("language", row.language),
        ("date", row.date),
        ("speaks of", row.where),
        ("finer place", "recorded, not shown" if row.place else "none"),
        ("interviewer", "recorded, not shown"),
        ("interpreter", "recorded, not shown" if row.interpreter else "none"),
        ("protected", f"{counted}; names not shown"),
        ("sources", ", ".join(f"{one.id} ({one.kind})" for one in sources)),
    ):
        typer.echo(f"{name + ':':<13}{visible(value)}")
    return 0


def withdraw_testimony(
    key: Withdrawn,
    case: CaseFolder,
    by: By,
    why: Why,
    yes: Yes = False,
    as_of: AsOf = None,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Withdraw a testimony: its sources, texts, claims, keys and nonces are destroyed."""
    with opened(case, passphrase_fd=passphrase_fd) as held:
        _testimony(held, key)
        return _withdraw(held, key, by, why, yes=yes, day=parse_as_of(as_of))


def withdraw(
    source: Annotated[str, typer.Argument(help="Id of the source.", metavar="SOURCE")],
    case: CaseFolder,
    by: By,
    why: Why,
    yes: Yes = False,
    as_of: AsOf = None,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Withdraw one source, with its attachments and copies, as testimony is withdrawn."""
    with opened(case, passphrase_fd=passphrase_fd) as held:
        if not source.startswith("s"):
            raise InputError(
                f"{source} is no source",
                where=str(case),
                to_do="name a source (s1); for a testimony: witnessmark testimony withdraw",
            )
        return _withdraw(held, source, by, why, yes=yes, day=parse_as_of(as_of))


def _testimony(case: Case, key: str) -> Testimony:
    for row in case.casebook.rows(TESTIMONIES):
        if row.id == key:
            return row
    raise InputError(
        f"there is no testimony {key}, or it was withdrawn",
        where=case.name,
        to_do="see witnessmark testimony list",
    )


def _withdraw(case: Case, key: str, by: str, why: str, *, yes: bool, day: date) -> int:
    covered = covered_by(case, key)
    _preview(covered)
    if not yes:
        if not sys.stdin.isatty():
            raise InputError(
                "nothing was withdrawn: a withdrawal cannot be undone and nobody was asked",
                where=f"withdraw {key}",
                to_do="give --yes",
            )
        if not typer.confirm(f"Destroy all of this for good and withdraw {key}?"):
            typer.echo("nothing was withdrawn")
            return 1
    with case.writer("withdrawing"):
        done, leaf = withdraw_whole(case, key, by=by, why=why, at=wall_clock())
        if done.derived:
            _renew(case, done, day)
    typer.echo(
        f"{key} is withdrawn: {len(done.leaves)} entries of the log are closed, leaf {leaf.leaf} "
        "says so"
    )
    if done.derived:
        typer.echo("places, actors, figures and findings were made anew from what is left")
    if done.traced:
        typer.echo(
            "routes were removed with it: if there was a shipment file, run witnessmark trace "
            "SHIPMENTS --case again"
        )
    return 0


def _renew(case: Case, done: Covered, day: date) -> None:
    """Run the later stages again on what is left."""
    identify.run(case)
    measure.run(case)
    if done.traced:
        trace.run(case, shipments=None, options=trace.TraceOptions())
    weigh.run(case, as_of=day)


def _preview(covered: Covered) -> None:
    """Say what will go, and what a withdrawal cannot reach."""
    parts = [
        f"sources {', '.join(covered.sources) or 'none'}",
        f"{covered.renditions} texts",
        f"{covered.claims} claims",
        f"{covered.mentions} mentions",
        f"{len(covered.objects)} objects of the vault with their keys",
        f"{len(covered.leaves)} nonces of the log",
        f"the target and words of {len(covered.judgements)} decisions",
    ]
    typer.echo(f"withdrawing {covered.target} destroys: {'; '.join(parts)}")
    if covered.testimonies:
        typer.echo(
            f"the record of {', '.join(covered.testimonies)} goes too, with the names that it "
            "protects: they are forgotten, so nothing keeps them out of an index any more"
        )
    for other in covered.same_text:
        typer.echo(f"{other} stays and holds the same words: withdraw it too if it must go")
    typer.echo(
        "it cannot reach: dossiers, exports and bags already written; backups, and copies of the "
        "case folder, which still open with the passphrase; the files it was taken from; "
        "checkpoints and stamps, which show that something stood there, not what; and what a "
        "disk keeps of deleted sectors (they hold ciphertext of a sealed case)"
    )
