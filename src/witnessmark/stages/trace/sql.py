"""The DuckDB engine: the same trace as SQL, level by level.

Laws:
1. The query text is fixed; values enter as parameters or tables, never as text.
2. "The last arrival on or before this day" is an ASOF join; a share's sums are window sums
   over a range of days, in whole grams.
3. No recursive query and no path: each level is a table of shipments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from witnessmark.stages.trace.question import Answer, refuse_sum
from witnessmark.store.trade import EXACT_GRAMS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from witnessmark.core.progress import Progress
    from witnessmark.stages.trace.question import Ledger, Question
    from witnessmark.store.trade import SqlEngine

# e: relevant rows (n ledger row, t ship, a arrive, s shipper, d consignee, h heading,
#    q grams or null); v: the relation (h1, h2); r: reached rows, with tier and feeding row.

SEEDS = """
create or replace temp table r as
select e.*, 1 as tier, -1::bigint as fed
from e semi join seeds on e.s = seeds.s semi join heads on e.h = heads.h
where e.t between $start and $end
"""

FRONTIER = """
create or replace temp table f as
select r.d as s, v.h2 as h, r.a as fa, max(r.n) as fed
from r join v on v.h1 = r.h anti join blocked on r.d = blocked.s
where r.tier = $level - 1 and r.d >= 0
group by r.d, v.h2, r.a
"""

NEXT = """
insert into r
with c as (
    select e.* from e semi join f on e.s = f.s and e.h = f.h anti join r on e.n = r.n
    where e.t between $start and $end
)
select c.*, $level, f.fed
from c asof join f on c.s = f.s and c.h = f.h and c.t >= f.fa
where c.t - f.fa <= $window
"""

ARRIVED_AT_LEVEL = "select count(*) from r where tier = $level"

INBOUND = """
create or replace temp table i as
with account as (select distinct s, h from r where tier > 1)
select e.n, account.s, account.h, e.a, e.q
from e join v on v.h1 = e.h join account on account.s = e.d and account.h = v.h2
where e.q is not null
"""

SUM_IN_WINDOW = """
create or replace temp table w as
with u as (
    select s, h, a as day, q, null::bigint as n from i
    union all
    select s, h, t, 0, n from r where tier > 1
),
x as (
    select n, sum(q) over (
        partition by s, h order by day range between $window preceding and current row
    ) as inbound
    from u
)
select n, inbound from x where n is not null
"""

LARGEST_INBOUND = "select max(inbound) from w"

START_VALUES = """
create or replace temp table m as
select n, case when tier = 1 then coalesce(q, 0) else 0 end as m from r
"""

# the sum over the reached inbound rows alone: the others carry nothing
CARRIED = """
create or replace temp table k as
with u as (
    select i.s, i.h, i.a as day, m.m, null::bigint as n from i join m on m.n = i.n where m.m > 0
    union all
    select s, h, t, 0, n from r where tier > 1
),
x as (
    select n, sum(m) over (
        partition by s, h order by day range between $window preceding and current row
    )::bigint as carried
    from u
)
select n, carried from x where n is not null
"""

LAYER = """
create or replace temp table m2 as
select r.n, case
    when r.tier = 1 then coalesce(r.q, 0)
    when r.q is null or k.carried = 0 then 0
    else floor(r.q::double * (k.carried::double / w.inbound::double) + 0.5)::bigint
end as m
from r left join k on k.n = r.n left join w on w.n = r.n
"""

UPPER = """
create or replace temp table m2 as
select r.n, case
    when r.tier = 1 then coalesce(r.q, 0)
    when r.q is null then 0
    else least(r.q, k.carried)
end as m
from r left join k on k.n = r.n
"""

LOWER = """
create or replace temp table m2 as
select r.n, case
    when r.tier = 1 then coalesce(r.q, 0)
    when r.q is null then 0
    else greatest(0, r.q - (w.inbound::bigint - k.carried))
end as m
from r left join k on k.n = r.n left join w on w.n = r.n
"""

CHANGED = "select count(*) from m join m2 on m.n = m2.n where m.m <> m2.m"
TAKE = "create or replace temp table m as select * from m2"

COMPANIES = """
create or replace temp table c as
select r.d, min(r.tier) as tier, min(r.a) as first,
    sum(share.m) as seed, sum(high.m) as high, sum(low.m) as low
from r join share on share.n = r.n join high on high.n = r.n join low on low.n = r.n
where r.d >= 0 and r.tier <= $tiers and r.a between $start and $end
group by r.d
"""

TOTALS = """
create or replace temp table total as
select e.d, sum(e.q) as total
from e semi join c on c.d = e.d semi join scope on scope.h = e.h
where e.a between $start and $end
group by e.d
"""

LARGEST_TOTAL = "select max(total) from total"

CONTRADICTIONS = """
select count(*) from r join w on w.n = r.n where r.q > w.inbound and r.tier <= $tiers
"""

REACHED = """
select r.n, r.tier, r.fed, case when r.q is null then -1 else share.m end as m
from r join share on share.n = r.n where r.tier <= {tiers} order by r.n
"""

REACHED_COMPANIES = """
select c.d, c.tier, c.first, c.seed::bigint as seed, c.high::bigint as high,
    c.low::bigint as low, coalesce(total.total, 0)::bigint as total
from c left join total on total.d = c.d order by c.d
"""


def follow_sql(
    engine: SqlEngine, ledger: Ledger, question: Question, progress: Progress | None = None
) -> Answer:
    """Return what *question* reaches in *ledger*, by SQL; the same as the native engine.

    Raises:
        InputError: a sum of grams is above 2**53.
        StorageFault: memory or disk did not suffice.
    """
    _hand_over(engine, ledger, question)
    period = {"start": question.start, "end": question.end}
    engine.run(SEEDS, period)
    level, found = 1, 1
    while found and (question.shares or level < question.tiers):
        level += 1
        engine.run(FRONTIER, {"level": level})
        engine.run(NEXT, {**period, "level": level, "window": question.window})
        found = engine.number(ARRIVED_AT_LEVEL, {"level": level})
        if progress is not None and level <= question.tiers:
            progress.step("tiers", level, question.tiers)
    contradictions = _weigh(engine, question) if question.shares else _no_weights(engine)
    engine.run(COMPANIES, {**period, "tiers": question.tiers})
    engine.run(TOTALS, period)
    if engine.number(LARGEST_TOTAL) > EXACT_GRAMS:
        raise refuse_sum("the inbound goods of a company in the period")
    if progress is not None:
        progress.step("shares", 1, 1)
    return _answer(engine, question, contradictions)


def _hand_over(engine: SqlEngine, ledger: Ledger, question: Question) -> None:
    keep = np.flatnonzero(np.isin(ledger.heading, np.array(sorted(question.relevant))))
    engine.give(
        "given",
        {
            "n": keep.astype(np.int64),
            "t": ledger.ship[keep],
            "a": ledger.arrive[keep],
            "s": ledger.shipper[keep],
            "d": ledger.consignee[keep],
            "h": ledger.heading[keep],
            "g": ledger.grams[keep],
        },
    )
    engine.run(
        "create or replace temp table e as "
        "select n, t, a, s, d, h, case when g >= 0 then g end as q from given"
    )
    same = {(heading, heading) for heading in question.relevant}
    pairs = np.array(sorted(question.relation.pairs | same), dtype=np.int32).reshape(-1, 2)
    engine.give("v", {"h1": pairs[:, 0], "h2": pairs[:, 1]})
    engine.give("seeds", {"s": np.unique(question.seeds)})
    engine.give("blocked", {"s": np.unique(question.blocked)})
    for name, headings in (("heads", question.headings), ("scope", question.scope)):
        engine.give(name, {"h": np.array(sorted(headings), dtype=np.int32)})


def _weigh(engine: SqlEngine, question: Question) -> int:
    """Fill the tables ``share``, ``high`` and ``low``; return the contradictions."""
    engine.run(INBOUND)
    engine.run(SUM_IN_WINDOW, {"window": question.window})
    if engine.number(LARGEST_INBOUND) > EXACT_GRAMS:
        raise refuse_sum("the inbound goods of a shipper in the window")
    engine.run(START_VALUES)
    for _ in range(1, question.tiers):
        engine.run(CARRIED, {"window": question.window})
        engine.run(LAYER)
        engine.run(TAKE)
    engine.run("create or replace temp table share as select * from m")
    _settle(engine, question, UPPER, "high")
    if question.complete:
        _settle(engine, question, LOWER, "low")
    else:
        engine.run("create or replace temp table low as select n, 0 as m from r")
    return engine.number(CONTRADICTIONS, {"tiers": question.tiers})


def _settle(engine: SqlEngine, question: Question, rule: str, name: str) -> None:
    engine.run(START_VALUES)
    changed = 1
    while changed:
        engine.run(CARRIED, {"window": question.window})
        engine.run(rule)
        changed = engine.number(CHANGED)
        engine.run(TAKE)
    # the name is one of two words of this module, never a caller's
    engine.run(f"create or replace temp table {name} as select * from m")  # noqa: S608


def _no_weights(engine: SqlEngine) -> int:
    engine.run("create or replace temp table share as select n, -1::bigint as m from r")
    for name in ("high", "low"):
        engine.run(f"create or replace temp table {name} as select n, 0 as m from r")  # noqa: S608 - as above
    return 0


def _answer(engine: SqlEngine, question: Question, contradictions: int) -> Answer:
    rows = engine.columns(REACHED.format(tiers=int(question.tiers)))
    sums = engine.columns(REACHED_COMPANIES)

    def whole(values: NDArray[np.int64]) -> NDArray[np.int64]:
        return values.astype(np.int64)

    return Answer(
        row=whole(rows["n"]),
        tier=rows["tier"].astype(np.int32),
        before=whole(rows["fed"]),
        grams=whole(rows["m"]),
        company=sums["d"].astype(np.int32),
        company_tier=sums["tier"].astype(np.int32),
        first=sums["first"].astype(np.int32),
        seed_grams=np.maximum(whole(sums["seed"]), 0),
        total_grams=whole(sums["total"]),
        high_grams=whole(sums["high"]),
        low_grams=whole(sums["low"]),
        contradictions=contradictions,
    )
