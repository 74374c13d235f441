"""The single stages: ``capture`` … ``write``, each on a case; ``extract`` also on files."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from witnessmark.core.claim import Claim
from witnessmark.core.errors import InputError, UnreadableInput
from witnessmark.core.provenance import Audience
from witnessmark.doors.cli.connecting import Roots, ThroughProxy, TrustSigners, read_roots
from witnessmark.doors.cli.language_model import (
    EPILOG,
    Llm,
    LlmCalls,
    LlmMinutes,
    LlmModel,
    LlmSeconds,
    OnlySource,
    SendTextTo,
    Wanted,
    ask_about_file,
    tell_asked,
    wanted,
)
from witnessmark.doors.cli.opening import opened
from witnessmark.doors.cli.options import (
    MEGABYTE,
    AsOf,
    CaseFolder,
    ForAudience,
    Lines,
    MaxKeep,
    MaxSize,
    PassphraseFd,
    Plain,
    parse_as_of,
    wall_clock,
)
from witnessmark.doors.cli.progress import shown
from witnessmark.doors.cli.tracing import trace
from witnessmark.stages import capture as capturing
from witnessmark.stages import extract as extracting
from witnessmark.stages import identify as identifying
from witnessmark.stages import measure as measuring
from witnessmark.stages import weigh as weighing
from witnessmark.stages import write as writing

if TYPE_CHECKING:
    from witnessmark.core.claim import Mention, Reading


def register(app: typer.Typer) -> None:
    """Add one command per stage to *app*, in the order of the flow."""
    for command in (capture, extract, identify, measure, trace, weigh, write):
        epilog = EPILOG if command is extract else None
        app.command(command.__name__, epilog=epilog, no_args_is_help=True)(command)


def capture(
    inputs: Annotated[list[Path], typer.Argument(help="Files or folders to take in.")],
    case: CaseFolder,
    by: Annotated[str, typer.Option(help="Who captures them, for the custody log.")] = "",
    max_size: MaxSize = 100,
    max_keep: MaxKeep = 65_536,
    trust: TrustSigners = None,
    plain: Plain = False,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Take sources in: bytes, text, exact offsets, metadata, a custody entry each."""
    with (
        opened(case, plain=plain, passphrase_fd=passphrase_fd, create=True) as held,
        shown() as bars,
    ):
        done = capturing.run(
            held,
            tuple(inputs),
            clock=wall_clock,
            limits=capturing.Limits(
                max_bytes=max_size * MEGABYTE,
                max_keep=max_keep * MEGABYTE,
                trusted=read_roots(trust),
            ),
            by=by,
            progress=bars,
        )
    for source in done.sources:
        note = f"  ({source.note})" if source.note else ""
        typer.echo(f"{source.id}  {source.kind}  {source.name}{note}")
    for same in done.duplicates:
        typer.echo(f"already held: {same.where} is {same.source}")
    for failure in done.failures:
        typer.echo(f"error: {failure}", err=True)
    return 1 if done.failures else 0


def extract(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files to read without a case.")
    ] = None,
    case: Annotated[
        Path | None, typer.Option("--case", help="Read the sources of this case instead.")
    ] = None,
    format: Annotated[Lines, typer.Option("--format", help="text or jsonl.")] = Lines.TEXT,
    lang: Annotated[
        str | None, typer.Option("--lang", help="Language of the files (en, ko), if known.")
    ] = None,
    llm: Llm = None,
    llm_model: LlmModel = None,
    send_text_to: SendTextTo = None,
    source: OnlySource = None,
    llm_calls: LlmCalls = 2_000,
    llm_seconds: LlmSeconds = 120,
    llm_minutes: LlmMinutes = 60,
    proxy: ThroughProxy = None,
    roots: Roots = None,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Read claims and mentions with their exact quotes, from files or from a case."""
    if (case is None) == (not files):
        raise InputError(
            "give either files or a case", where="extract", to_do="extract FILE… or --case DIR"
        )
    ask = wanted(
        llm,
        llm_model,
        send_text_to=send_text_to,
        sources=source,
        calls=llm_calls,
        seconds=llm_seconds,
        minutes=llm_minutes,
        proxy=proxy,
        roots=roots,
    )
    if case is None:
        return _extract_files(files or [], format, lang, ask)
    with opened(case, passphrase_fd=passphrase_fd) as held:
        asking = None if ask is None else ask.for_case(held)
        with shown() as bars:
            done = extracting.run(held, llm=asking, progress=bars)
    typer.echo(f"{done.claims} claims and {done.mentions} mentions, all proposed")
    if done.candidates or done.endorsed:
        typer.echo(
            f"of a language model: {done.candidates} candidates, {done.endorsed} claims endorsed"
        )
    for name, why in done.not_read:
        typer.echo(f"not read: {name}: {why}", err=True)
    return 0 if done.asked is None else tell_asked(done.asked)


def _extract_files(files: list[Path], format: Lines, lang: str | None, ask: Wanted | None) -> int:
    failed = 0
    for path in files:
        try:
            taken = capturing.read_file(path)
        except UnreadableInput as error:
            typer.echo(f"error: {error}", err=True)
            failed += 1
            continue
        reading = extracting.read(taken.text, lang, source=taken.name, rendering=taken.rendering)
        if reading.not_read:
            typer.echo(f"not read ({taken.name}): {reading.not_read}", err=True)
        if ask is not None:
            with shown() as bars:
                added, asked = ask_about_file(ask, taken, reading, lang, bars)
            reading = replace(reading, claims=(*reading.claims, *added.claims))
            failed += tell_asked(asked)
        _print_reading(reading, format)
    return 1 if failed else 0


def _print_reading(reading: Reading, format: Lines) -> None:
    rows: tuple[Claim | Mention, ...] = (*reading.claims, *reading.mentions)
    for row in rows:
        if format is Lines.JSONL:
            typer.echo(json.dumps(as_line(row), ensure_ascii=False))
        else:
            what = row.predicate if isinstance(row, Claim) else row.type
            typer.echo(f"{row.start:>6}–{row.end:<6} {what:<20} “{row.quote}”")


def as_line(row: Claim | Mention) -> dict[str, object]:
    """Return a claim or mention as an object of ``extract --format jsonl``."""
    kind = "claim" if isinstance(row, Claim) else "mention"
    return {"kind": kind, **asdict(row)}


def identify(case: CaseFolder, passphrase_fd: PassphraseFd = None) -> int:
    """Propose who, where and what is meant, with reasons and rejected readings."""
    with opened(case, passphrase_fd=passphrase_fd) as held, shown() as bars:
        done = identifying.run(held, progress=bars)
    typer.echo(
        f"{done.places} places, {done.actors} actors, {done.products} products read; "
        f"{done.merges} duplicates proposed, none merged"
    )
    return 0


def measure(case: CaseFolder, passphrase_fd: PassphraseFd = None) -> int:
    """Work out what the case supports as intervals, and say what it does not."""
    with opened(case, passphrase_fd=passphrase_fd) as held, shown() as bars:
        done = measuring.run(held, progress=bars)
    total, unknown = len(done.intervals), len(done.not_known)
    typer.echo(f"{total} quantities, {unknown} of them not known from this case")
    return 0


def weigh(case: CaseFolder, as_of: AsOf = None, passphrase_fd: PassphraseFd = None) -> int:
    """Propose states of indicators and legal elements, for and against."""
    with opened(case, passphrase_fd=passphrase_fd) as held, shown() as bars:
        done = weighing.run(held, as_of=parse_as_of(as_of), progress=bars)
    typer.echo(f"{len(done.indicators)} indicators and {len(done.law)} law cells proposed")
    return 0


def write(
    case: CaseFolder,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the dossier, outside the case.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title of the dossier.")] = None,
    audience: ForAudience = Audience.INTERNAL,
    as_of: AsOf = None,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Write the dossier: one self-contained HTML file."""
    writing.refuse_unbuilt(audience)
    with opened(case, passphrase_fd=passphrase_fd) as held, shown() as bars:
        done = writing.run(
            held,
            out=out or Path(f"{case.resolve().name}-dossier"),
            audience=audience,
            as_of=parse_as_of(as_of),
            title=title,
            progress=bars,
        )
    typer.echo(done.dossier)
    return 0
