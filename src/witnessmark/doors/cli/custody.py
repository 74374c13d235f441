"""``checkpoint``, ``prove`` and ``stamp``: what is told to somebody outside the case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from witnessmark.core.errors import InputError, StorageFault
from witnessmark.doors.cli.connecting import (
    AllowHost,
    AllowHttp,
    Roots,
    Send,
    ThroughProxy,
    announce,
    tell,
)
from witnessmark.doors.cli.opening import opened
from witnessmark.doors.cli.options import CaseArgument, PassphraseFd, wall_clock
from witnessmark.store import proof as proofs
from witnessmark.store.checkpoint import case_key, checkpoint_of
from witnessmark.store.connection_permission import Bounds, permit
from witnessmark.store.tables import STAMPS
from witnessmark.store.timestamp import LONGEST_RESPONSE, describe, read_response
from witnessmark.store.timestamp_keep import ask, file_response, kept_files
from witnessmark.store.timestamp_send import authority_target, open_request
from witnessmark.store.timestamp_send import send as asking
from witnessmark.store.verify_anchors import anchors_of

if TYPE_CHECKING:
    from witnessmark.store.case import Case

Trust = Annotated[
    Path | None,
    typer.Option(
        "--trust",
        help="PEM file with the root certificates of the time authorities that you trust.",
        metavar="CA.pem",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    app.command("checkpoint", epilog=CHECKPOINT_EPILOG, no_args_is_help=True)(checkpoint)
    app.command("prove", epilog=PROVE_EPILOG, no_args_is_help=True)(prove)
    app.command("stamp", epilog=STAMP_EPILOG, no_args_is_help=True)(stamp)


CHECKPOINT_EPILOG = (
    "Example: witnessmark checkpoint mycase --out mycase.checkpoint, then mail the file, or read "
    "the line out, to somebody who keeps it. Later: witnessmark verify mycase --against "
    "mycase.checkpoint."
)
PROVE_EPILOG = (
    "Example: witnessmark prove mycase s1 --out s1.proof.json. It gives away the SHA-256 of that "
    "source, and of no other, to whoever reads it."
)
STAMP_EPILOG = (
    "Example: witnessmark stamp mycase --request-out mycase.tsq; have the authority answer it "
    "(curl -H 'Content-Type: application/timestamp-query' --data-binary @mycase.tsq URL -o "
    "mycase.tsr); witnessmark stamp mycase --response mycase.tsr --trust CA.pem. Or: "
    "witnessmark stamp mycase --authority https://authority.example/tsr says who would learn what, "
    "and asks with --send."
)


def checkpoint(
    case: CaseArgument,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the signed note here.", metavar="FILE")
    ] = None,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Print the signed head of the custody log, and a line that can be read out."""
    with opened(case, passphrase_fd=passphrase_fd) as held:
        stated, note = checkpoint_of(held)
        key = case_key(held)
    if out is None:
        typer.echo(note, nl=False)
    else:
        _write(out, note.encode())
    # beside a note on standard output these lines would break it
    typer.echo(f"to read out: {stated.spoken()}", err=out is None)
    typer.echo(f"verifier key: {key}", err=out is None)
    return 0


def prove(
    case: CaseArgument,
    source: Annotated[
        str, typer.Argument(help="Id of a source, or of a rendition.", metavar="SOURCE")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the proof here.", metavar="FILE")
    ] = None,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Print the proof that a source is in the log, with the commands that repeat it."""
    with opened(case, passphrase_fd=passphrase_fd) as held:
        proof = proofs.prove(held, source)
    text = json.dumps(proof, indent=2, ensure_ascii=False) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        _write(out, text.encode())
    typer.echo(
        f"this proof shows the SHA-256 of {proof['subject'][:12]} to whoever reads it", err=True
    )
    return 0


def stamp(
    case: CaseArgument,
    request_out: Annotated[
        Path | None,
        typer.Option(
            "--request-out",
            help="Make a request over the head of the log and write it here.",
            metavar="FILE.tsq",
        ),
    ] = None,
    response: Annotated[
        Path | None,
        typer.Option("--response", help="Keep this answer of the authority.", metavar="FILE.tsr"),
    ] = None,
    copy_out: Annotated[
        str | None,
        typer.Option(
            "--copy-out",
            help="Write all that is kept: NAME1.checkpoint, NAME1.tsq, NAME1.tsr, NAME2 and so on.",
            metavar="NAME",
        ),
    ] = None,
    authority: Annotated[
        str | None,
        typer.Option(
            "--authority",
            help="Ask this authority over the network (with --send): its address, or a name of "
            "the list in rules/custody/authorities.yaml.",
            metavar="URL",
        ),
    ] = None,
    send: Send = False,
    proxy: ThroughProxy = None,
    allow_http: AllowHttp = False,
    allow_host: AllowHost = None,
    roots: Roots = None,
    trust: Trust = None,
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Have the head of the log stamped by a time authority (RFC 3161): by files, or asked."""
    chosen = [one for one in (request_out, response, copy_out, authority) if one is not None]
    if len(chosen) != 1:
        raise InputError(
            "one of four is needed",
            where="stamp",
            to_do="give --request-out, --response, --copy-out or --authority",
        )
    if authority is not None:
        target = authority_target(authority, allow_http=allow_http)
        announce([target], "stamp", proxy)
        permission = permit(
            given=send,
            flag="stamp --send",
            purpose="stamp",
            allow_http=allow_http,
            named=allow_host or (),
            roots=roots,
            proxy=proxy,
            bounds=Bounds(most_bytes=LONGEST_RESPONSE),
        )
        with opened(case, passphrase_fd=passphrase_fd) as held:
            asked = open_request(held)
            raw = asking(held, asked, target, permission, clock=wall_clock, tell=tell)
            return _kept(held, raw, target.address, trust)
    with opened(case, passphrase_fd=passphrase_fd) as held:
        if request_out is not None:
            made = ask(held)
            _write(request_out, kept_files(made)["tsq"])
            typer.echo(f"request {made.number}: {made.size} leaves, to be answered by an authority")
            typer.echo(f"answered, it goes in by: witnessmark stamp {case} --response FILE.tsr")
            return 0
        if response is not None:
            return _kept(held, _read(response), str(response), trust)
        for one in held.casebook.rows(STAMPS):
            for ending, content in kept_files(one).items():
                _write(Path(f"{copy_out}{one.number}.{ending}"), content)
                typer.echo(f"{copy_out}{one.number}.{ending}: {len(content)} bytes")
    return 0


def _kept(case: Case, raw: bytes, where: str, trust: Path | None) -> int:
    """Keep the answer *raw* that came from *where*, and say what it is worth."""
    kept = file_response(case, raw, where)
    typer.echo(f"stamp {kept.number} kept: {describe(read_response(raw))}")
    anchor = next(one for one in anchors_of(case, trust) if one.number == kept.number)
    typer.echo(f"stamp {kept.number}: {anchor.told}")
    for wrong in anchor.wrong:
        typer.echo(f"error: {wrong} (stamp {kept.number}): ask the authority", err=True)
    return 1 if anchor.wrong else 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"the file cannot be read: {error.strerror}", where=str(path), to_do="check the path"
        ) from error


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise StorageFault(
            f"the file cannot be written: {error.strerror}",
            where=str(path),
            to_do="choose another place",
        ) from error
