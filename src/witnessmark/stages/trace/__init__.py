"""The trace stage: where do the goods go?

In: a shipment file, and the organisations, products and sites that the case knows.
Out: ``trace_runs``, ``trace_routes``, ``trace_companies``, ``trace_gaps``.

Laws:
1. No hop without its record; the missing hop is named, with what would fill it.
2. A share is never an all-clear: the laws say "wholly or in part".
3. A file that calls itself invented keeps that standing in every row that comes of it.
4. A protected actor is never looked for in trade records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from witnessmark.core.canonical import canonical_json, content_id
from witnessmark.core.route import TraceRun
from witnessmark.stages.trace.follow import ENGINES, check, trace, trace_file
from witnessmark.stages.trace.gaps import (
    PLACE_OF_WORK,
    gap,
    gaps_without_file,
    listed,
    site_gaps,
)
from witnessmark.stages.trace.known import Known, known_to
from witnessmark.stages.trace.question import TraceOptions
from witnessmark.stages.trace.relation import expand_products, shipped_relation
from witnessmark.stages.trace.result import TraceResult, write_result
from witnessmark.stages.trace.routes import companies_of, routes_of
from witnessmark.stages.trace.seeds import (
    CompanyNames,
    SeedChoice,
    named_seeds,
    seeds_by_origin,
    seeds_in_case,
)
from witnessmark.store.tables import (
    COMPANIES,
    GAPS,
    ROUTES,
    TRACE_RUNS,
)
from witnessmark.store.trade import open_shipments

if TYPE_CHECKING:
    from pathlib import Path

    from witnessmark.core.progress import Progress
    from witnessmark.core.route import CompanyReached, Gap, Route
    from witnessmark.store.case import Case
    from witnessmark.store.trade import Shipments

__all__ = [
    "ENGINES",
    "TraceOptions",
    "TraceOutcome",
    "TraceResult",
    "run",
    "trace_file",
    "write_result",
]


@dataclass(frozen=True, slots=True)
class TraceOutcome:
    """What the stage wrote into the casebook.

    Attributes:
        run: the run, None where no file was given.
        routes: chains shown, heaviest first.
        companies: companies shown.
        gaps: the missing hops, by name.
        result: the full rows, None where no file was given.
    """

    run: TraceRun | None
    routes: tuple[Route, ...]
    companies: tuple[CompanyReached, ...]
    gaps: tuple[Gap, ...]
    result: TraceResult | None


def run(
    case: Case,
    *,
    shipments: Path | None,
    options: TraceOptions | None = None,
    progress: Progress | None = None,
) -> TraceOutcome:
    """Follow the goods of *case* through a shipment file and write what was found.

    Args:
        case: the open case.
        shipments: the shipment file, None where there is none.
        options: seeds and limits; without seeds they are chosen from the case.
        progress: hears of each step.

    Raises:
        InputError: the file, a row, a seed or an option is wrong; the casebook is unchanged.
        StorageFault: memory or disk did not suffice, or the casebook cannot be written.
    """
    options = options or TraceOptions()
    check(options)
    known = known_to(case)
    if shipments is None:
        goods = listed(known.goods, "the goods")
        origin = listed(known.countries, "the country of the place of work")
        labels = [spellings[0] for spellings in known.sites]
        gaps = gaps_without_file(labels, known.photographed, goods, origin)
        outcome = TraceOutcome(None, (), (), tuple(gaps), None)
    else:
        outcome = _follow(case, known, shipments, options, progress)
    with case.casebook.writing():
        case.casebook.replace(TRACE_RUNS, [outcome.run] if outcome.run else [])
        case.casebook.replace(ROUTES, outcome.routes)
        case.casebook.replace(COMPANIES, outcome.companies)
        case.casebook.replace(GAPS, outcome.gaps)
    return outcome


def _follow(
    case: Case,
    known: Known,
    path: Path,
    options: TraceOptions,
    progress: Progress | None,
) -> TraceOutcome:
    if progress is not None:
        progress.step("shipments", 0, 1)
    shipments = open_shipments(path)
    names = CompanyNames(shipments)
    seeds = _choose(known, shipments, names, options)
    result = trace(shipments, seeds, options, temporary=case.path / "tmp", progress=progress)
    gaps = list(result.gaps)
    if not len(seeds.codes):
        # the reason that the choice gives says more than "no shipment"
        gaps = [gap("no_seed", PLACE_OF_WORK, reason=seeds.why)]
    if seeds.missing:
        missing = listed(seeds.missing, "nobody")
        reason = f"named in the case, but sending no goods in {shipments.name}: {missing}"
        gaps.append(gap("no_seed", missing, count=len(seeds.missing), reason=reason))
    gaps = [*_from_the_sites(known, names, result), *gaps]
    routes, ends = routes_of(result)
    companies = companies_of(result)
    parameters = tuple(
        f"{name}={value if isinstance(value, str) else canonical_json(value)}"
        for name, value in result.parameters().items()
        if name not in {"seeds", "seed_choice"}
    )
    told = (
        f"routes_shown={len(routes)} of {ends}",
        f"companies_shown={len(companies)} of {len(result.answer.company)}",
    )
    digest = result.digest()
    row = TraceRun(
        id=content_id("t", shipments.sha256, parameters, digest),
        file=shipments.name,
        file_sha256=shipments.sha256,
        standing=shipments.standing,
        engine=result.engine,
        seeds=tuple(result.name(int(code)) for code in seeds.codes),
        seed_choice=seeds.why,
        parameters=parameters + told,
        shipments_reached=len(result.answer.row),
        companies_reached=len(result.answer.company),
        digest=digest,
    )
    return TraceOutcome(row, routes, companies, tuple(gaps), result)


def _choose(
    known: Known, shipments: Shipments, names: CompanyNames, options: TraceOptions
) -> SeedChoice:
    """Return the seeds: those asked for, else those the case names, else all of the origin."""
    headings = expand_products(
        options.products or known.products,
        {int(heading) for heading in np.unique(shipments.heading)} | shipped_relation().headings(),
    )
    if options.seeds:
        chosen = named_seeds(names, options.seeds)
        return SeedChoice(chosen.codes, chosen.why, headings)
    sending = shipments.consignee if options.backward else shipments.shipper
    senders = {int(code) for code in np.unique(sending) if code >= 0}
    in_case = seeds_in_case(names, known.organisations, senders)
    if len(in_case.codes):
        return SeedChoice(in_case.codes, in_case.why, headings, in_case.missing)
    nobody = np.zeros(0, dtype=np.int32)
    if options.backward:
        why = "no buyer is named in the case: name one with --seed to trace backward"
        return SeedChoice(nobody, why, missing=in_case.missing)
    if not headings or not known.countries:
        lacking = "product with an HS heading" if not headings else "country"
        why = f"the case names no company that ships, and no {lacking} to choose shippers by"
        return SeedChoice(nobody, why, missing=in_case.missing)
    found = seeds_by_origin(shipments, headings, known.countries)
    why = found.why if len(found.codes) else f"no shipper found: {found.why}"
    return SeedChoice(found.codes, why, headings, in_case.missing)


def _from_the_sites(known: Known, names: CompanyNames, result: TraceResult) -> list[Gap]:
    """Return the gap between place of work and shipper, for each site that no record ties."""
    shippers = {int(code) for code in np.unique(result.shipments.shipper)}
    untied = [
        spellings[0]
        for spellings in known.sites
        if not any(set(names.matches(spelling)) & shippers for spelling in spellings)
    ]
    if known.sites and not untied and not known.photographed:
        return []
    followed = [result.name(int(code)) for code in result.seeds.codes]
    shipper = listed(followed, "unknown trading company")
    return site_gaps(untied, known.photographed, shipper)
