"""The SQL engines (DuckDB, Spark): the same trace as queries, level by level.

Laws:
1. The query text is fixed; values enter as parameters or tables, never as text.
2. "The last arrival on or before this day" is an ASOF join, or a running maximum where an
   engine has none; a share's sums are window sums over a range of days, in whole grams.
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

# Tables, all made here:
# e: relevant rows (n ledger row, t ship, a arrive, s shipper, d consignee, h heading,
#    q grams or null); v: the relation (h1, h2); r: reached rows, with tier and feeding row.

SEEDS = """
select e.*, 1 as tier, cast(-1 as bigint) as fed
from e semi join seeds on e.s = seeds.s semi join heads on e.h = heads.h
where e.t between $start and $end
"""

FRONTIER = """
select r.d as s, v.h2 as h, r.a as fa, max(r.n) as fed
from r join v on v.h1 = r.h anti join blocked on r.d = blocked.s
where r.tier = $level - 1 and r.d >= 0
group by r.d, v.h2, r.a
"""

CANDIDATES = """
select e.* from e semi join f on e.s = f.s and e.h = f.h anti join r on e.n = r.n
where e.t between $start and $end
"""

NEXT_BY_ASOF = """
select c.*, cast($level as int) as tier, f.fed
from c asof join f on c.s = f.s and c.h = f.h and c.t >= f.fa
where c.t - f.fa <= $window
"""

# the same without asof: arrivals and candidates in one order, arrivals first on each day
NEXT_BY_WINDOW = """
with u as (
    select s, h, fa as day, 0 as kind, fa, cast(null as bigint) as n from f
    union all
    select s, h, t as day, 1 as kind, cast(null as int) as fa, n from c
),
x as (
    select n, max(fa) over (
        partition by s, h order by day, kind
        rows between unbounded preceding and current row
    ) as last
    from u
)
select c.*, cast($level as int) as tier, f.fed
from c join x on x.n = c.n join f on f.s = c.s and f.h = c.h and f.fa = x.last
where c.t - x.last <= $window
"""

INBOUND = """
with account as (select distinct s, h from r where tier > 1)
select e.n, account.s, account.h, e.a, e.q
from e join v on v.h1 = e.h join account on account.s = e.d and account.h = v.h2
where e.q is not null
"""

SUM_IN_WINDOW = """
with u as (
    select s, h, a as day, q, cast(null as bigint) as n from i
    union all
    select s, h, t as day, cast(0 as bigint) as q, n from r where tier > 1
),
x as (
    select n, sum(q) over (
        partition by s, h order by day range between $window preceding and current row
    ) as inbound
    from u
)
select n, cast(inbound as bigint) as inbound from x where n is not null
"""

LARGEST_INBOUND = "select max(inbound) from w"

START_VALUES = """
select n, case when tier = 1 then coalesce(q, 0) else 0 end as m from r
"""

# the sum over the reached inbound rows alone: the others carry nothing
CARRIED = """
with u as (
    select i.s, i.h, i.a as day, m.m, cast(null as bigint) as n
    from i join m on m.n = i.n where m.m > 0
    union all
    select s, h, t as day, cast(0 as bigint) as m, n from r where tier > 1
),
x as (
    select n, sum(m) over (
        partition by s, h order by day range between $window preceding and current row
    ) as carried
    from u
),
k as (select n, cast(carried as bigint) as carried from x where n is not null)
"""

LAYER = (
    CARRIED
    + """
select r.n, case
    when r.tier = 1 then coalesce(r.q, 0)
    when r.q is null or k.carried = 0 then 0
    else cast(floor(
        cast(r.q as double) * (cast(k.carried as double) / cast(w.inbound as double)) + 0.5
    ) as bigint)
end as m
from r left join k on k.n = r.n left join w on w.n = r.n
"""
)

UPPER = (
    CARRIED
    + """
select r.n, case
    when r.tier = 1 then coalesce(r.q, 0)
    when r.q is null then 0
    else least(r.q, k.carried)
end as m
from r left join k on k.n = r.n
"""
)

LOWER = (
    CARRIED
    + """
select r.n, case
    when r.tier = 1 then coalesce(r.q, 0)
    when r.q is null then 0
    else greatest(0, r.q - (w.inbound - k.carried))
end as m
from r left join k on k.n = r.n left join w on w.n = r.n
"""
)

# the rounds of a bound only ever add grams, so equal sums are equal rows
SETTLED = "select sum(m) from m"

COMPANIES = """
select r.d, min(r.tier) as tier, min(r.a) as first,
    sum(share.m) as seed, sum(high.m) as high, sum(low.m) as low
from r join share on share.n = r.n join high on high.n = r.n join low on low.n = r.n
where r.d >= 0 and r.tier <= $tiers and r.a between $start and $end
group by r.d
"""

TOTALS = """
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
select c.d, c.tier, c.first, cast(c.seed as bigint) as seed, cast(c.high as bigint) as high,
    cast(c.low as bigint) as low, cast(coalesce(total.total, 0) as bigint) as total
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
    _reach(engine, question, period, progress)
    contradictions = _weigh(engine, question) if question.shares else _no_weights(engine)
    engine.make("c", COMPANIES, {**period, "tiers": question.tiers})
    engine.make("total", TOTALS, period)
    if engine.number(LARGEST_TOTAL) > EXACT_GRAMS:
        raise refuse_sum("the inbound goods of a company in the period")
    if progress is not None:
        progress.step("shares", 1, 1)
    return _answer(engine, question, contradictions)


def _reach(
    engine: SqlEngine, question: Question, period: dict[str, int], progress: Progress | None
) -> None:
    """Fill the table ``r``, a level at a time."""
    following = NEXT_BY_ASOF if engine.has_asof else NEXT_BY_WINDOW
    engine.make("level1", SEEDS, period)
    engine.view("r", "select * from level1")
    level, found = 1, 1
    while found and (question.shares or level < question.tiers):
        level += 1
        engine.make("f", FRONTIER, {"level": level})
        engine.make("c", CANDIDATES, period)
        name = f"level{level}"
        engine.make(name, following, {"level": level, "window": question.window})
        found = engine.number(f"select count(*) from {name}")  # noqa: S608 - a number, no value
        parts = (f"select * from level{number}" for number in range(1, level + 1))  # noqa: S608
        engine.view("r", " union all ".join(parts))
        if progress is not None and level <= question.tiers:
            progress.step("tiers", level, question.tiers)
    engine.make("reached", "select * from r")
    engine.view("r", "select * from reached")


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
    engine.make("e", "select n, t, a, s, d, h, case when g >= 0 then g end as q from given")
    same = {(heading, heading) for heading in question.relevant}
    pairs = np.array(sorted(question.relation.pairs | same), dtype=np.int32).reshape(-1, 2)
    engine.give("v", {"h1": pairs[:, 0], "h2": pairs[:, 1]})
    engine.give("seeds", {"s": np.unique(question.seeds)})
    engine.give("blocked", {"s": np.unique(question.blocked)})
    for name, headings in (("heads", question.headings), ("scope", question.scope)):
        engine.give(name, {"h": np.array(sorted(headings), dtype=np.int32)})


def _weigh(engine: SqlEngine, question: Question) -> int:
    """Fill the tables ``share``, ``high`` and ``low``; return the contradictions."""
    window = {"window": question.window}
    engine.make("i", INBOUND)
    engine.make("w", SUM_IN_WINDOW, window)
    if engine.number(LARGEST_INBOUND) > EXACT_GRAMS:
        raise refuse_sum("the inbound goods of a shipper in the window")
    _start(engine)
    for layer in range(1, question.tiers):
        _round(engine, question, LAYER, layer)
    engine.make("share", "select * from m")
    _settle(engine, question, UPPER)
    engine.make("high", "select * from m")
    if question.complete:
        _settle(engine, question, LOWER)
        engine.make("low", "select * from m")
    else:
        engine.make("low", "select n, cast(0 as bigint) as m from r")
    return engine.number(CONTRADICTIONS, {"tiers": question.tiers})


def _start(engine: SqlEngine) -> None:
    engine.make("m0", START_VALUES)
    engine.view("m", "select * from m0")


def _round(engine: SqlEngine, question: Question, rule: str, number: int) -> None:
    """Apply *rule* to ``m``: the new values stand in the other of two tables."""
    name = f"m{number % 2}"
    engine.make(name, rule, {"window": question.window})
    engine.view("m", f"select * from {name}")  # noqa: S608 - one of two names of this module


def _settle(engine: SqlEngine, question: Question, rule: str) -> None:
    """Apply *rule* to ``m`` until nothing changes."""
    _start(engine)
    before, after, number = -1, engine.number(SETTLED), 0
    while before != after:
        number += 1
        _round(engine, question, rule, number)
        before, after = after, engine.number(SETTLED)


def _no_weights(engine: SqlEngine) -> int:
    for name in ("share", "high", "low"):
        engine.make(name, "select n, cast(-1 as bigint) as m from r")
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
        high_grams=np.maximum(whole(sums["high"]), 0),
        low_grams=np.maximum(whole(sums["low"]), 0),
        contradictions=contradictions,
    )
