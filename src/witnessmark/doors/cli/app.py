"""The command-line application: its commands, and how its errors leave."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import Annotated, Any, Protocol, runtime_checkable

import typer

from witnessmark import __version__
from witnessmark.core.errors import WitnessmarkError, visible
from witnessmark.doors.cli import (
    alike,
    cases,
    copies,
    custody,
    demo,
    doctor,
    exports,
    fetch,
    handover,
    investigate,
    judge,
    keys,
    lookups,
    reread,
    show,
    stages,
    testimony,
)

EPILOG = (
    "Begin with: witnessmark demo. Then: witnessmark investigate report.html --case mycase. "
    "Everything runs offline; only fetch and stamp can contact anyone, and only with --send."
)

INTERRUPTED = 130
"""With what exit code typer leaves when a person pressed Ctrl-C."""

REPORT = "run again with WITNESSMARK_DEBUG=1 and report what it prints, without case material"

app = typer.Typer(
    name="witnessmark",
    help="From reports, testimony and trade records to a case of which every sentence "
    "can be checked. Witnessmark documents coercion; it accuses nobody by itself.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def _version(*, value: bool) -> None:
    if value:
        typer.echo(f"witnessmark {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


for room in (
    investigate,
    demo,
    cases,
    custody,
    stages,
    lookups,
    judge,
    keys,
    exports,
    handover,
    alike,
    copies,
    reread,
    show,
    fetch,
    testimony,
    doctor,
):
    room.register(app)


@runtime_checkable
class _UsageError(Protocol):
    """The shape of the error with which typer refuses a call; typer keeps the class private."""

    ctx: object

    def format_message(self) -> str: ...


def run(arguments: list[str]) -> int:
    """Run one call and return its exit code; print errors, never a traceback."""
    _speak_utf8()
    try:
        result: Any = app(arguments, standalone_mode=False)
    except typer.Exit as leave:
        if leave.exit_code == INTERRUPTED:
            return _tell(*_explain(KeyboardInterrupt()))
        return leave.exit_code
    except (Exception, KeyboardInterrupt) as error:
        if os.environ.get("WITNESSMARK_DEBUG"):
            raise
        return _tell(*_explain(error))
    return result if isinstance(result, int) else 0


def _speak_utf8() -> None:
    """Write UTF-8 whatever the locale says, and escapes for what UTF-8 cannot hold."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _explain(error: object) -> tuple[str, int]:
    """Return what to print for *error*, and the exit code."""
    match error:
        case WitnessmarkError():
            return str(error), error.exit_code
        case _UsageError():
            where = getattr(error.ctx, "command_path", "witnessmark")
            what = error.format_message().rstrip(".") or "nothing to do was given"
            return f"{what} ({where}): see {where} --help", 2
        case typer.Abort() | KeyboardInterrupt():
            return "stopped (by the keyboard): run the command again; nothing is lost", 1
        case MemoryError():
            return "out of memory (this machine): give fewer or smaller files", 1
        case OSError():
            gone = isinstance(error, FileNotFoundError)
            where = str(error.filename or ("the present folder" if gone else "the file system"))
            return f"{error.strerror or error} ({where}): check the path and the disk", 1
        case _:
            return f"a fault in Witnessmark itself, {type(error).__name__} ({error}): {REPORT}", 1


def _tell(message: str, code: int) -> int:
    line = visible(" ".join(message.split()))
    with suppress(OSError, ValueError):  # a full disk or a closed pipe takes no more words
        sys.stdout.flush()
    sys.stderr.write(f"error: {line}\n")
    return code
