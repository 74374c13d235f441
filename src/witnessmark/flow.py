"""The one page that runs the stages in order, from a report to a dossier.

Laws:
1. The order is the alphabet: capture, extract, identify, measure, trace, weigh, write.
2. ``investigate`` accepts nothing: what machines find stays proposed.
3. A file that cannot be read is told and left out; the rest of the batch goes on.
4. The audience is checked before anything is read or written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from witnessmark.core.errors import InputError
from witnessmark.stages import capture, extract, identify, measure, trace, weigh, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from witnessmark.core.progress import Progress
    from witnessmark.core.provenance import Audience
    from witnessmark.store.case import Case

STAGES = ("capture", "extract", "identify", "measure", "trace", "weigh", "write")


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asked for.

    Attributes:
        inputs: files and folders to take in.
        shipments: a shipment file, or None.
        trace: how to follow it.
        out: folder for the outputs, outside the case.
        audience: for whom; all but internal are refused.
        as_of: the day the law and the dossier speak of.
        title: title of the dossier, or None to make one from the case.
        by: who captured the sources, as given.
        limits: bounds on each input.
    """

    inputs: tuple[Path, ...]
    shipments: Path | None
    trace: trace.TraceOptions
    out: Path
    audience: Audience
    as_of: date
    title: str | None = None
    by: str = ""
    limits: capture.Limits = field(default_factory=capture.Limits)


@dataclass(frozen=True, slots=True)
class Investigation:
    """What each stage did.

    Attributes:
        captured: result of capture, with the files that could not be read.
        extracted: result of extract.
        identified: result of identify.
        measured: result of measure.
        traced: result of trace.
        weighed: result of weigh.
        written: result of write, with the path of the dossier.
    """

    captured: capture.CaptureResult
    extracted: extract.ExtractResult
    identified: identify.IdentifyResult
    measured: measure.MeasureResult
    traced: trace.TraceOutcome
    weighed: weigh.WeighResult
    written: write.WriteResult


def investigate(
    case: Case, order: Order, *, clock: Callable[[], str], progress: Progress | None = None
) -> Investigation:
    """Run every stage on *case*, from the inputs to the dossier.

    Args:
        case: an open case; sources it already holds are kept.
        order: what was asked for.
        clock: gives the time of custody entries, RFC 3339 UTC.
        progress: hears of each step.

    Raises:
        RefusedAudience: the audience is not internal; nothing was read or written.
        InputError: no input could be read and the case holds no source.
        StorageFault: the disk is full or another writer holds the case.
    """
    write.refuse_unbuilt(order.audience)
    with case.writer("investigate"):
        return _run(case, order, clock, progress)


def _run(
    case: Case, order: Order, clock: Callable[[], str], progress: Progress | None
) -> Investigation:
    captured = capture.run(
        case, order.inputs, clock=clock, limits=order.limits, by=order.by, progress=progress
    )
    if not captured.held:
        raise InputError(
            "no input could be read",
            where=", ".join(str(path) for path in order.inputs),
            to_do="give at least one readable report (txt, html, pdf, docx, eml)",
        )
    extracted = extract.run(case, progress=progress)
    identified = identify.run(case, progress=progress)
    measured = measure.run(case, progress=progress)
    traced = trace.run(case, shipments=order.shipments, options=order.trace, progress=progress)
    weighed = weigh.run(case, as_of=order.as_of, progress=progress)
    written = write.run(
        case,
        out=order.out,
        audience=order.audience,
        as_of=order.as_of,
        title=order.title,
        progress=progress,
    )
    return Investigation(captured, extracted, identified, measured, traced, weighed, written)
