"""One trace over one shipment file: resolve the question, ask the engine, name the gaps.

Laws:
1. Seeds are resolved before anything is followed; ambiguity is refused.
2. With hubs given, the trace runs twice: with them, and with them blocked. The first is the
   result, the second stands beside it; nothing is dropped in silence.
3. Only engines that give the same rows, bit for bit, are offered.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from witnessmark.core.errors import InputError
from witnessmark.stages.trace.gaps import PLACE_OF_WORK, gap, row_gaps
from witnessmark.stages.trace.native import follow
from witnessmark.stages.trace.question import Answer, Ledger, Question, ledger_of
from witnessmark.stages.trace.relation import expand_products, relation_from, shipped_relation
from witnessmark.stages.trace.result import TraceResult
from witnessmark.stages.trace.seeds import CompanyNames, SeedChoice, named_seeds
from witnessmark.stages.trace.sql import follow_sql
from witnessmark.store.trade import open_shipments, open_sql, read_names
from witnessmark.store.trade_spark import open_spark

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from witnessmark.core.progress import Progress
    from witnessmark.core.route import Gap
    from witnessmark.stages.trace.question import TraceOptions
    from witnessmark.store.trade import Shipments

ENGINES = ("native", "duckdb", "spark")
HUB = "hub"
"""Role of a hub whose file states none."""


def trace_file(
    path: Path,
    options: TraceOptions,
    *,
    temporary: Path | None = None,
    progress: Progress | None = None,
) -> TraceResult:
    """Trace the goods of ``options.seeds`` through the shipment file *path*.

    Args:
        path: the shipment file.
        options: what is asked; seeds must be named.
        temporary: folder for what an engine spills.
        progress: hears of each step.

    Raises:
        InputError: the call, the file or a row is wrong, or a seed is unknown or ambiguous.
        StorageFault: memory or disk did not suffice.
    """
    check(options)
    if not options.seeds:
        raise InputError(
            "nobody is named to start from", where="--seed", to_do="give an id or name of a company"
        )
    if progress is not None:
        progress.step("shipments", 0, 1)
    shipments = open_shipments(path)
    seeds = named_seeds(CompanyNames(shipments), options.seeds)
    return trace(shipments, seeds, options, temporary=temporary, progress=progress)


def check(options: TraceOptions) -> None:
    """Refuse options that mean nothing or ask for an unknown engine.

    Raises:
        InputError: naming the option and the remedy.
    """
    options.check()
    if options.engine not in ENGINES:
        raise InputError(
            f"there is no engine {options.engine!r}",
            where="--engine",
            to_do=f"choose one of {', '.join(ENGINES)}",
        )


def trace(
    shipments: Shipments,
    seeds: SeedChoice,
    options: TraceOptions,
    *,
    temporary: Path | None = None,
    progress: Progress | None = None,
) -> TraceResult:
    """Trace the goods of *seeds* through open *shipments*.

    Raises:
        InputError: an option is wrong, or a sum of grams is above 2**53.
        StorageFault: memory or disk did not suffice.
    """
    check(options)
    ledger = ledger_of(shipments)
    if options.backward:
        ledger = ledger.reversed()
    question = _question(shipments, ledger, seeds, options)
    roles = _roles(options.hubs, CompanyNames(shipments)) if options.hubs else {}
    engine, answer = _ask(ledger, question, options, temporary, progress)
    without = None
    if options.hubs is not None:
        blocked = np.array(sorted(roles), dtype=np.int32)
        _, without = _ask(ledger, replace(question, blocked=blocked), options, temporary, progress)
    gaps: list[Gap] = []
    if not len(answer.row):
        reason = "no shipment of the seeds lies in the headings and the period asked for"
        gaps.append(gap("no_seed", PLACE_OF_WORK, reason=reason))
    gaps += row_gaps(shipments, answer, options.tiers, backward=options.backward)
    return TraceResult(
        shipments, options, question, answer, without, roles, seeds, engine, tuple(gaps)
    )


def _question(
    shipments: Shipments, ledger: Ledger, seeds: SeedChoice, options: TraceOptions
) -> Question:
    relation = relation_from(options.transitions) if options.transitions else shipped_relation()
    here = {int(heading) for heading in np.unique(shipments.heading)}
    shipped = ledger.heading[np.isin(ledger.shipper, seeds.codes)]
    in_all = frozenset(int(heading) for heading in np.unique(shipped))
    if options.products:
        headings = expand_products(options.products, here | relation.headings())
    else:
        headings = (seeds.headings & in_all) or in_all
    first, last = _period(ledger, options)
    span = int(ledger.arrive.max()) - int(ledger.ship.min()) + 1
    return Question(
        seeds=seeds.codes,
        headings=headings,
        start=first,
        end=last,
        tiers=options.tiers,
        window=min(options.window_days, span),
        relation=relation.transposed() if options.backward else relation,
        blocked=np.zeros(0, dtype=np.int32),
        shares=not options.backward,
        complete=options.records_complete and not options.backward,
    )


def _period(ledger: Ledger, options: TraceOptions) -> tuple[int, int]:
    """Return the first and last day in the ledger's time; without limits, the whole file."""
    start, end = _day(options.start), _day(options.end)
    if options.backward:
        start, end = None if end is None else -end, None if start is None else -start
    lowest, highest = int(ledger.ship.min()), int(ledger.arrive.max())
    return (lowest if start is None else start), (highest if end is None else end)


def _day(value: date | None) -> int | None:
    if value is None:
        return None
    return int(np.datetime64(value, "D").astype(np.int64))


def _roles(path: Path, names: CompanyNames) -> dict[int, str]:
    roles: dict[int, str] = {}
    for name, role in read_names(path, ("company_id", "role"), bare=True):
        code = names.find(name)
        if code is not None:
            roles[code] = role or HUB
    return roles


def _ask(
    ledger: Ledger,
    question: Question,
    options: TraceOptions,
    temporary: Path | None,
    progress: Progress | None,
) -> tuple[str, Answer]:
    if options.engine == "native":
        return f"native numpy {np.__version__}", follow(ledger, question, progress)
    lend = open_spark if options.engine == "spark" else open_sql
    with lend(temporary) as engine:
        return engine.version, follow_sql(engine, ledger, question, progress)
