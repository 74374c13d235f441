"""``witnessmark investigate``: from a report to a dossier, in one command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from witnessmark import flow
from witnessmark.core.provenance import Audience
from witnessmark.doors.cli.opening import opened
from witnessmark.doors.cli.options import (
    MEGABYTE,
    AsOf,
    CaseFolder,
    ForAudience,
    MaxSize,
    PassphraseFd,
    Plain,
    Report,
    parse_as_of,
    wall_clock,
)
from witnessmark.doors.cli.progress import shown
from witnessmark.doors.cli.tracing import (
    FromDate,
    Hubs,
    Products,
    Seeds,
    Tiers,
    ToDate,
    Transitions,
    Window,
    trace_options,
)
from witnessmark.stages import write
from witnessmark.stages.capture import Limits

if TYPE_CHECKING:
    from witnessmark.flow import Investigation


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("investigate", epilog=EPILOG, no_args_is_help=True)(investigate)


EPILOG = (
    "Example: witnessmark investigate report.html --case mycase --shipments bills.csv. "
    "It accepts nothing: every claim in the dossier is a proposal until a person decides "
    "(witnessmark judge)."
)


def investigate(
    inputs: Annotated[
        list[Path],
        typer.Argument(help="Reports: txt, html, pdf, docx, eml, an image, or folders of them."),
    ],
    case: CaseFolder,
    shipments: Annotated[
        Path | None,
        typer.Option(help="Shipment file (csv or parquet) to follow the goods through."),
    ] = None,
    seed: Seeds = None,
    product: Products = None,
    from_date: FromDate = None,
    to_date: ToDate = None,
    tiers: Tiers = 4,
    window: Window = 365,
    transitions: Transitions = None,
    hubs: Hubs = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the dossier, outside the case (./NAME-dossier/)."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title of the dossier.")] = None,
    by: Annotated[str, typer.Option(help="Who captures these sources, for the log.")] = "",
    max_size: MaxSize = 100,
    audience: ForAudience = Audience.INTERNAL,
    as_of: AsOf = None,
    plain: Plain = False,
    passphrase_fd: PassphraseFd = None,
    format: Annotated[
        Report, typer.Option("--format", help="text, or json: counts per stage and the paths.")
    ] = Report.TEXT,
) -> int:
    """Take reports in and end with a dossier in which every sentence opens its words."""
    write.refuse_unbuilt(audience)
    order = flow.Order(
        inputs=tuple(inputs),
        shipments=shipments,
        trace=trace_options(
            seeds=seed,
            products=product,
            from_date=from_date,
            to_date=to_date,
            tiers=tiers,
            window=window,
            transitions=transitions,
            hubs=hubs,
        ),
        out=out or Path(f"{case.resolve().name}-dossier"),
        audience=audience,
        as_of=parse_as_of(as_of),
        title=title,
        by=by,
        limits=Limits(max_bytes=max_size * MEGABYTE),
    )
    with (
        opened(case, plain=plain, passphrase_fd=passphrase_fd, create=True) as held,
        shown() as bars,
    ):
        done = flow.investigate(held, order, clock=wall_clock, progress=bars)
    tell_failures(done)
    if format is Report.JSON:
        typer.echo(json.dumps(counts(done), ensure_ascii=False, sort_keys=True))
    else:
        _tell(done)
        typer.echo(done.written.dossier)
    return 1 if done.captured.failures else 0


def tell_failures(done: Investigation) -> None:
    """Print an error line for each file that could not be read."""
    for failure in done.captured.failures:
        typer.echo(f"error: {failure}", err=True)


def counts(done: Investigation) -> dict[str, object]:
    """Return counts per stage and the paths, as ``--format json`` prints them."""
    return {
        "capture": {
            "sources": done.captured.held,
            "new": len(done.captured.sources),
            "duplicates": len(done.captured.duplicates),
            "failures": [str(failure) for failure in done.captured.failures],
        },
        "extract": {"claims": done.extracted.claims, "mentions": done.extracted.mentions},
        "identify": {
            "places": done.identified.places,
            "actors": done.identified.actors,
            "products": done.identified.products,
            "merges_proposed": done.identified.merges,
        },
        "measure": {
            "intervals": len(done.measured.intervals),
            "unknown": len(done.measured.not_known),
        },
        "trace": {
            "routes": len(done.traced.routes),
            "companies": len(done.traced.companies),
            "gaps": len(done.traced.gaps),
        },
        "weigh": {"indicators": len(done.weighed.indicators), "law_cells": len(done.weighed.law)},
        "write": {"dossier": str(done.written.dossier)},
    }


def _tell(done: Investigation) -> None:
    typer.echo(
        f"{done.captured.held} sources, {done.extracted.claims} claims proposed by machine, "
        f"0 accepted by this command; {done.identified.places} places, "
        f"{done.identified.products} products, {len(done.traced.routes)} routes, "
        f"{len(done.traced.gaps)} named gaps.",
    )
    typer.echo("The dossier is readable by anyone who has it: INTERNAL: not redacted, do not share")
