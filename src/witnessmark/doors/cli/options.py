"""Options that several commands share, each described once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from witnessmark.core.errors import InputError
from witnessmark.core.provenance import Audience

CaseFolder = Annotated[
    Path,
    typer.Option("--case", help="Folder of the case; made if it is not there.", metavar="DIR"),
]
CaseArgument = Annotated[Path, typer.Argument(help="Folder of the case.", metavar="CASE")]
Plain = Annotated[
    bool,
    typer.Option(
        "--plain",
        help="Make an unsealed case. Never for testimony or anything that can endanger a person.",
    ),
]
PassphraseFd = Annotated[
    int | None,
    typer.Option(
        "--passphrase-fd",
        help="Read the passphrase from this file descriptor instead of asking.",
        metavar="N",
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        help="The day that law and dossier speak of, YYYY-MM-DD (today if left out).",
        metavar="DATE",
    ),
]
ForAudience = Annotated[
    Audience,
    typer.Option(
        "--audience",
        help="Whom the output is for. Only internal can be made until redaction is built.",
    ),
]


class Report(StrEnum):
    """How a command tells what it did."""

    TEXT = "text"
    JSON = "json"


class Lines(StrEnum):
    """How a command lists what it found."""

    TEXT = "text"
    JSONL = "jsonl"


MaxSize = Annotated[
    int,
    typer.Option(
        "--max-size",
        min=1,
        max=10_000,
        help="Largest file to read, in MB; a larger one is kept, not read.",
        metavar="MB",
    ),
]
MaxKeep = Annotated[
    int,
    typer.Option(
        "--max-keep",
        min=1,
        help="Largest file to keep, in MB; a larger one is refused.",
        metavar="MB",
    ),
]
MEGABYTE = 1024 * 1024


def parse_as_of(text: str | None) -> date:
    """Return the day that ``--as-of`` names, today (UTC) if it was left out.

    Raises:
        InputError: it is not a date.
    """
    if text is None:
        return datetime.now(tz=UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"{text!r} is not a date", where="--as-of", to_do="write it as 2026-11-25"
        ) from error


def wall_clock() -> str:
    """Return the present time for custody entries, RFC 3339, UTC, whole seconds."""
    return datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
