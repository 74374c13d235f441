"""``witnessmark trace`` and the options that say how goods are followed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from witnessmark.core.errors import InputError
from witnessmark.doors.cli.opening import opened
from witnessmark.doors.cli.options import PassphraseFd
from witnessmark.doors.cli.progress import shown
from witnessmark.stages import trace as stage
from witnessmark.stages.trace import TraceOptions

Seeds = Annotated[
    list[str] | None,
    typer.Option("--seed", help="Company to follow, id or name; may be given several times."),
]
Products = Annotated[
    str | None,
    typer.Option("--product", help="HS headings or chapters, comma separated: 6704,61."),
]
FromDate = Annotated[str | None, typer.Option("--from", help="First ship day, YYYY-MM-DD.")]
ToDate = Annotated[str | None, typer.Option("--to", help="Last ship day, YYYY-MM-DD.")]
Tiers = Annotated[int, typer.Option("--tiers", min=1, max=20, help="Most hops to follow.")]
Window = Annotated[
    int, typer.Option("--window", min=0, max=3650, help="Longest holding time, in days.")
]
Transitions = Annotated[
    Path | None,
    typer.Option("--transitions", help="CSV from_heading,to_heading: what may become what."),
]
Hubs = Annotated[
    Path | None, typer.Option("--hubs", help="File of forwarders and hubs, one company a line.")
]


def parse_day(text: str | None, where: str) -> date | None:
    """Return the day that *text* names, or None.

    Raises:
        InputError: it is not a date.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"{text!r} is not a date", where=where, to_do="write it as 2026-11-25"
        ) from error


def trace_options(
    *,
    seeds: list[str] | None,
    products: str | None,
    from_date: str | None,
    to_date: str | None,
    tiers: int,
    window: int,
    transitions: Path | None,
    hubs: Path | None,
    backward: bool = False,
    records_complete: bool = False,
    engine: str = "native",
) -> TraceOptions:
    """Return the options of a trace as the command line gave them.

    Raises:
        InputError: a date or product cannot be read.
    """
    return TraceOptions(
        seeds=tuple(seeds or ()),
        products=tuple(part.strip() for part in (products or "").split(",") if part.strip()),
        start=parse_day(from_date, "--from"),
        end=parse_day(to_date, "--to"),
        tiers=tiers,
        window_days=window,
        transitions=transitions,
        hubs=hubs,
        backward=backward,
        records_complete=records_complete,
        engine=engine,
    )


def trace(
    shipments: Annotated[
        Path | None,
        typer.Argument(help="Shipment file: parquet or csv. With --case alone: name the gaps."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the results.")] = None,
    case: Annotated[
        Path | None,
        typer.Option(
            "--case",
            help="Follow the goods of this case; seeds are chosen from it if none is given.",
        ),
    ] = None,
    seed: Seeds = None,
    product: Products = None,
    from_date: FromDate = None,
    to_date: ToDate = None,
    tiers: Tiers = 4,
    window: Window = 365,
    backward: Annotated[
        bool, typer.Option("--backward", help="From buyers back to suppliers.")
    ] = False,
    transitions: Transitions = None,
    hubs: Hubs = None,
    records_complete: Annotated[
        bool,
        typer.Option("--records-complete", help="State that no supply is missing: lower bounds."),
    ] = False,
    engine: Annotated[str, typer.Option("--engine", help="native, duckdb or spark.")] = "native",
    passphrase_fd: PassphraseFd = None,
) -> int:
    """Follow goods from seed companies through a shipment file, a record for every hop."""
    options = trace_options(
        seeds=seed,
        products=product,
        from_date=from_date,
        to_date=to_date,
        tiers=tiers,
        window=window,
        transitions=transitions,
        hubs=hubs,
        backward=backward,
        records_complete=records_complete,
        engine=engine,
    )
    if (case is None) == (out is None):
        raise InputError(
            "give either a folder for the results or a case",
            where="trace",
            to_do="trace FILE --seed NAME --out DIR, or trace FILE --case DIR",
        )
    if case is not None:
        with (
            opened(case, passphrase_fd=passphrase_fd) as held,
            held.writer("trace"),
            shown() as bars,
        ):
            done = stage.run(held, shipments=shipments, options=options, progress=bars)
        typer.echo(f"{len(done.routes)} routes shown, {len(done.gaps)} named gaps")
        return 0
    if shipments is None or not seed:
        raise InputError(
            "a shipment file and a seed are needed",
            where="trace",
            to_do="trace FILE --seed NAME --out DIR",
        )
    written = stage.write_result(stage.trace_file(shipments, options), out or Path())
    for path in written:
        typer.echo(path)
    return 0
