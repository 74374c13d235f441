"""``fetch`` and ``connections``: pages from the network when asked for, and what was contacted."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from witnessmark import __version__
from witnessmark.core.errors import UnreadableInput
from witnessmark.doors.cli.connecting import (
    AllowHost,
    AllowHttp,
    Roots,
    Seconds,
    Send,
    ThroughProxy,
    announce,
    tell,
)
from witnessmark.doors.cli.opening import opened
from witnessmark.doors.cli.options import (
    MEGABYTE,
    CaseFolder,
    Lines,
    MaxSize,
    PassphraseFd,
    Plain,
    wall_clock,
)
from witnessmark.stages.capture import Limits
from witnessmark.stages.capture import fetch as fetching
from witnessmark.store.connection_address import Target, parse_target
from witnessmark.store.connection_log import logged
from witnessmark.store.connection_permission import USER_AGENT, Bounds, permit


def register(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    app.command("fetch", epilog=FETCH_EPILOG, no_args_is_help=True)(fetch)
    app.command("connections", no_args_is_help=True)(connections)


FETCH_EPILOG = (
    "Example: witnessmark fetch https://news.example/report --case mycase says who would learn "
    "what; with --send --proxy socks5h://127.0.0.1:9050 it fetches the page through Tor. The page "
    "alone is fetched: no script runs, no image is loaded. It becomes a web archive (WARC 1.1, "
    "SHA-256) and a source of the case."
)


def fetch(
    addresses: Annotated[
        list[str], typer.Argument(help="Addresses of pages, https.", metavar="URL")
    ],
    case: CaseFolder,
    send: Send = False,
    proxy: ThroughProxy = None,
    allow_http: AllowHttp = False,
    allow_host: AllowHost = None,
    roots: Roots = None,
    user_agent: Annotated[
        str, typer.Option("--user-agent", help="How the program calls itself.", metavar="TEXT")
    ] = USER_AGENT,
    seconds: Seconds = 60,
    max_size: MaxSize = 100,
    by: Annotated[str, typer.Option(help="Who captures them, for the custody log.")] = "",
    plain: Plain = False,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Fetch pages over the network into the case, only with --send; each connection is logged."""
    targets: list[Target] = []
    wrong: list[UnreadableInput] = []
    for address in addresses:
        try:
            targets.append(parse_target(address, allow_http=allow_http))
        except UnreadableInput as error:
            wrong.append(error)
    if targets:
        announce(targets, "fetch", proxy, user_agent)
    for refusal in wrong:
        typer.echo(f"error: {refusal}", err=True)
    if not targets:
        return 1
    permission = permit(
        given=send,
        flag="fetch --send",
        purpose="fetch",
        allow_http=allow_http,
        named=allow_host or (),
        roots=roots,
        proxy=proxy,
        user_agent=user_agent,
        bounds=Bounds(seconds=seconds, most_bytes=max_size * MEGABYTE),
    )
    with opened(case, plain=plain, passphrase_fd=passphrase_fd, create=True) as held:
        done = fetching.run(
            held,
            [target.address for target in targets],
            permission=permission,
            software=f"Witnessmark {__version__}",
            clock=wall_clock,
            tell=tell,
            limits=Limits(max_bytes=max_size * MEGABYTE),
            by=by,
        )
    for source in done.sources:
        place = f"  {source.url}" if source.url else ""
        note = f"  ({source.note})" if source.note else ""
        typer.echo(f"{source.id}  {source.kind}  {source.name}{place}{note}")
    for same in done.duplicates:
        typer.echo(f"already held: {same.where} is {same.source}")
    for failure in done.failures:
        typer.echo(f"error: {failure}", err=True)
    return 1 if done.failures or wrong else 0


def connections(
    case: Annotated[Path, typer.Option("--case", help="Folder of the case.", metavar="DIR")],
    format: Annotated[Lines, typer.Option("--format", help="text or jsonl.")] = Lines.TEXT,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """List every connection that was opened or refused for a case, and how it ended."""
    with opened(case, passphrase_fd=passphrase_fd) as held:
        rows = logged(held)
    for row in rows:
        if format is Lines.JSONL:
            typer.echo(json.dumps(asdict(row), ensure_ascii=False))
            continue
        via = f" via {row.via}" if row.via else ""
        peer = f" ({row.peer})" if row.peer else ""
        after = f", redirected from {row.follows}" if row.follows else ""
        typer.echo(f"{row.number}  {row.at}  {row.permission}: {row.method} {row.address}")
        typer.echo(f"   to{via}{peer or ' nobody'}{after}: {row.outcome}")
        if row.received:
            typer.echo(
                f"   status {row.status}, {row.received} bytes, SHA-256 {row.sha256}"
                + (f", certificate {row.certificate}" if row.certificate else "")
            )
    if not rows and format is Lines.TEXT:
        typer.echo("none: nothing was contacted for this case")
    return 0
