"""Keys and copies: ``unlock lock recovery rekey wipe backup restore``.

Law: what a command cannot do for a person (disks, backups, older copies), it says.
"""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from witnessmark.core.errors import EvidenceFault, InputError
from witnessmark.doors.cli.opening import (
    ask_passphrase,
    given_passphrase,
    key_for,
    opened,
    read_descriptor,
)
from witnessmark.doors.cli.options import CaseArgument, PassphraseFd
from witnessmark.store.agent import IDLE_S, forget, remember
from witnessmark.store.backup import backup, restore
from witnessmark.store.case import open_case
from witnessmark.store.header import header_path, read_header
from witnessmark.store.seal import resolve_key
from witnessmark.store.slots import new_recovery, recovered_key, rekey, wipe
from witnessmark.store.verify import verify_path

MINUTE_S = 60

RecoveryFd = Annotated[
    int | None,
    typer.Option(
        "--recovery-fd",
        help="Read the line of the recovery sheet from this file descriptor.",
        metavar="N",
    ),
]
Recovery = Annotated[
    bool, typer.Option("--recovery", help="Open by the recovery sheet, typed in at the prompt.")
]
BackupFile = Annotated[Path, typer.Argument(help="File of the backup.", metavar="FILE")]


def register(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    app.command("unlock", no_args_is_help=True)(unlock)
    app.command("lock")(lock)
    app.command("recovery", no_args_is_help=True)(recovery)
    app.command("rekey", no_args_is_help=True)(change_passphrase)
    app.command("wipe", no_args_is_help=True)(destroy_keys)
    app.command("backup", no_args_is_help=True)(make_backup)
    app.command("restore", no_args_is_help=True)(restore_backup)


def unlock(
    case: CaseArgument,
    passphrase_fd: PassphraseFd = None,
    recovery: Recovery = False,
    recovery_fd: RecoveryFd = None,
    minutes: Annotated[
        int,
        typer.Option(
            "--minutes", min=1, max=IDLE_S // MINUTE_S, help="Idle minutes until it locks itself."
        ),
    ] = IDLE_S // MINUTE_S,
) -> int:
    """Let this user's commands open the case without its passphrase, until it is idle or locked."""
    key = _key(case, passphrase_fd, recovery=recovery, recovery_fd=recovery_fd)
    open_case(case, key).close()  # a key that does not open it is never handed on
    remember(case, key, idle_s=minutes * MINUTE_S)
    typer.echo(f"case {case.resolve().name}: unlocked until {minutes} minutes pass without use")
    typer.echo("the key is in the memory of the key agent only; end it with: witnessmark lock")
    return 0


def lock(
    case: Annotated[
        Path | None,
        typer.Argument(help="Folder of the case; all cases if left out.", metavar="[CASE]"),
    ] = None,
) -> int:
    """Make the key agent forget the key of a case, or of all cases."""
    count = forget(case)
    if case is None:
        typer.echo(f"locked: {count} keys forgotten")
    else:
        state = "locked" if count else "was not unlocked"
        typer.echo(f"case {case.resolve().name}: {state}")
    return 0


def recovery(case: CaseArgument, passphrase_fd: PassphraseFd = None) -> int:
    """Print a new recovery sheet, a second way into the case; the sheet before it ends."""
    key = _key(case, passphrase_fd)
    line = new_recovery(case, key)
    groups = line.split("-")
    typer.echo(f"RECOVERY SHEET of the case {case.resolve().name}\n")
    for first in range(0, len(groups), 3):
        typer.echo("    " + "   ".join(groups[first : first + 3]))
    typer.echo(
        "\nWhoever has these signs and the case folder reads everything in it. Write them on\n"
        "paper, keep it away from the machine, and clear this screen and its history. O and 0,\n"
        "I, L and 1 are read alike; the last group tells a slip of the pen. Use it with:\n"
        f"witnessmark unlock {case} --recovery. An older sheet of this case is void now."
    )
    return 0


def change_passphrase(
    case: CaseArgument,
    passphrase_fd: PassphraseFd = None,
    recovery: Recovery = False,
    recovery_fd: RecoveryFd = None,
    new_passphrase_fd: Annotated[
        int | None,
        typer.Option(
            "--new-passphrase-fd",
            help="Read the new passphrase from this file descriptor instead of asking.",
            metavar="N",
        ),
    ] = None,
) -> int:
    """Give the case a new passphrase and destroy the key slot of the old one."""
    key = _key(case, passphrase_fd, recovery=recovery, recovery_fd=recovery_fd)
    if new_passphrase_fd is not None:
        new = read_descriptor(new_passphrase_fd, "--new-passphrase-fd")
    elif sys.stdin.isatty():
        new = ask_passphrase(new=True)
    else:
        raise InputError(
            "no new passphrase was given",
            where=str(case),
            to_do="run it in a terminal, or use --new-passphrase-fd",
        )
    open_case(case, key).close()
    rekey(case, key, new)
    typer.echo(f"case {case.resolve().name}: the new passphrase opens it, the old one no longer")
    typer.echo("a copy or backup of case.json made before still opens by the old one; a recovery")
    typer.echo("sheet stays as it was: make a new one with witnessmark recovery if it was seen")
    return 0


def destroy_keys(
    case: CaseArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the case's name.")] = False,
) -> int:
    """Destroy every key slot of the case: nothing in the folder opens it again, ever."""
    name = case.resolve().name
    if not header_path(case).exists():
        raise InputError("there is no case here", where=str(case), to_do="check the path")
    if not yes:
        if not sys.stdin.isatty():
            raise InputError(
                "wipe asks for the case's name and nobody can type it",
                where=str(case),
                to_do="run it in a terminal, or add --yes",
            )
        if input(f"This cannot be undone. Type the name of the case ({name}): ") != name:
            raise InputError("that is not its name", where=name, to_do="nothing was changed")
    wipe(case)
    forget(case)
    typer.echo(f"case {name}: its key slots are destroyed and its key is forgotten")
    typer.echo(
        "What this cannot reach: copies of case.json (backups, snapshots, synchronised folders)\n"
        "still open by the passphrase or sheet of their day, and a disk that moves blocks (SSD,\n"
        "flash, copy-on-write) may keep the old slots for a while. A program that has the case\n"
        "open has its key until it ends. Destroy the recovery sheet; dossiers and exports were\n"
        "never sealed."
    )
    return 0


def make_backup(case: CaseArgument, file: BackupFile, passphrase_fd: PassphraseFd = None) -> int:
    """Copy the case to one file as it stands now, sealed if it is sealed, and check the copy."""
    with opened(case, passphrase_fd=passphrase_fd) as held:
        kept = backup(held, file)
    typer.echo(f"backup {file}: {kept.files} files, {kept.size} bytes, read back and whole")
    if kept.sealed:
        typer.echo("it is sealed: the passphrase and recovery sheet of today open it")
    else:
        typer.echo("it is not sealed: whoever has the file can read it")
    return 0


def restore_backup(file: BackupFile, case: CaseArgument, passphrase_fd: PassphraseFd = None) -> int:
    """Make a case folder of a backup, then verify the case."""
    kept = restore(file, case)
    name = case.resolve().name
    typer.echo(f"case {name}: {kept.files} files restored, each as the backup states")
    given = given_passphrase(passphrase_fd)
    if kept.sealed and given is None:
        if not sys.stdin.isatty():
            typer.echo(f"not verified inside: without passphrase. Run: witnessmark verify {case}")
            return 0
        given = ask_passphrase(new=False)
    report = verify_path(case, resolve_key(case, given))
    for fault in report.faults:
        typer.echo(f"error: {fault}", err=True)
    typer.echo(f"verify: {len(report.faults)} faults; {report.anchoring}")
    return 1 if report.faults else 0


def _key(
    case: Path,
    passphrase_fd: int | None,
    *,
    recovery: bool = False,
    recovery_fd: int | None = None,
) -> bytes:
    """Return the key of a sealed case, by its recovery sheet if that was asked for."""
    if recovery_fd is not None:
        return recovered_key(case, read_descriptor(recovery_fd, "--recovery-fd"))
    if recovery:
        if not sys.stdin.isatty():
            raise InputError(
                "there is no terminal to type the sheet into",
                where="--recovery",
                to_do="use --recovery-fd",
            )
        return recovered_key(case, getpass.getpass("Line of the recovery sheet: "))
    if header_path(case).exists() and not read_header(case).sealed:
        raise InputError(
            "the case is plain: it has no key", where=str(case), to_do="it opens as it is"
        )
    key = key_for(case, passphrase_fd=passphrase_fd)
    if key is None:
        raise EvidenceFault("the case gave no key", where=str(case), to_do="run witnessmark verify")
    return key
