"""``witnessmark demo``: the main job on the first case, from the package alone."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import webbrowser
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from witnessmark import flow
from witnessmark.core.errors import InputError
from witnessmark.core.provenance import INVENTED, PARAPHRASE, Audience
from witnessmark.doors.cli.investigate import tell_failures
from witnessmark.doors.cli.opening import opened
from witnessmark.doors.cli.options import AsOf, parse_as_of, wall_clock
from witnessmark.doors.cli.progress import shown
from witnessmark.stages.trace import TraceOptions

REPORTS = ("report-en.txt", "report-ko.txt", "drawing.png")
SHIPMENTS = "shipments.csv"
TRANSITIONS = "transitions.csv"
SEED = "Example Trading A"


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("demo")(demo)


def demo(
    out: Annotated[
        Path, typer.Option("--out", help="Folder for case and dossier; an older demo is replaced.")
    ] = Path("witnessmark-demo"),
    as_of: AsOf = None,
    open_page: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the dossier when there is a screen.")
    ] = True,
) -> int:
    """Make a dossier of the first case: a paraphrase of its report, an invented shipment file."""
    day = parse_as_of(as_of)
    case = _fresh(out)
    source = files("witnessmark").joinpath("examples", "first_case")
    with as_file(source) as folder:
        order = flow.Order(
            inputs=tuple(folder / name for name in REPORTS),
            shipments=folder / SHIPMENTS,
            trace=TraceOptions(seeds=(SEED,), transitions=folder / TRANSITIONS),
            out=out / "dossier",
            audience=Audience.INTERNAL,
            as_of=day,
        )
        with opened(case, plain=True, create=True) as held, shown() as bars:
            done = flow.investigate(held, order, clock=wall_clock, progress=bars)
    tell_failures(done)
    typer.echo(f"The reports in this demo: {PARAPHRASE}.")
    typer.echo(f"The shipment file and the drawing: {INVENTED}.")
    typer.echo(
        f"{done.extracted.claims} claims proposed, 0 reviewed by a person; "
        f"{len(done.traced.routes)} routes, {len(done.traced.gaps)} named gaps."
    )
    if open_page and _has_screen():
        webbrowser.open(done.written.dossier.resolve().as_uri())
    typer.echo(done.written.dossier)
    return 1 if done.captured.failures else 0


def _fresh(out: Path) -> Path:
    """Return a new case folder inside *out*, replacing only what an older demo made."""
    marker = out / ".witnessmark-demo"
    if out.exists() and not marker.exists() and any(out.iterdir()):
        raise InputError(
            "the folder holds something that is not a demo",
            where=str(out),
            to_do="choose another folder with --out",
        )
    out.mkdir(parents=True, exist_ok=True)
    marker.touch()
    for part in ("case", "dossier"):
        if (out / part).exists():
            stale = Path(tempfile.mkdtemp(prefix=".old-", dir=out))
            (out / part).rename(stale / part)
            shutil.rmtree(stale)
    return out / "case"


def _has_screen() -> bool:
    if not sys.stdout.isatty():
        return False
    on_unix = sys.platform not in {"darwin", "win32"}
    return not on_unix or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
