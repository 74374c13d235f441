"""Every engine gives the rows of an oracle written straight from the specification.

The oracle is pure Python over dictionaries and fractions of nothing: it enumerates pairs of
shipments, knows no index, and shares no line with the engines.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from witnessmark.core.errors import InputError
from witnessmark.stages.trace.native import follow
from witnessmark.stages.trace.question import Answer, Ledger, Question
from witnessmark.stages.trace.relation import Relation
from witnessmark.stages.trace.sql import follow_sql
from witnessmark.store.trade import DuckEngine, open_sql
from witnessmark.store.trade_spark import open_spark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMPANIES = 5
HEADINGS = (501, 6703, 6704, 6109)
CHAIN = frozenset({(501, 6703), (6703, 6704)})


@dataclass(frozen=True)
class Row:
    """One shipment as the specification writes it."""

    t: int
    a: int
    s: int | None
    d: int | None
    h: int
    q: int | None


@dataclass(frozen=True)
class Asked:
    """A question in plain values."""

    seeds: frozenset[int]
    headings: frozenset[int]
    start: int
    end: int
    tiers: int
    window: int
    pairs: frozenset[tuple[int, int]]
    blocked: frozenset[int] = frozenset()
    backward: bool = False
    complete: bool = False


def becomes(asked: Asked, h1: int, h2: int) -> bool:
    return h1 == h2 or (h1, h2) in asked.pairs


def in_window(asked: Asked, e1: Row, e2: Row) -> bool:
    """Goods of *e1* can have gone into *e2*, the period and the hubs not asked."""
    return (
        e1.d is not None
        and e1.d == e2.s
        and 0 <= e2.t - e1.a <= asked.window
        and becomes(asked, e1.h, e2.h)
    )


def oracle(rows: list[Row], asked: Asked) -> dict[str, Any]:  # noqa: C901 - one page, as the specification
    """Answer *asked* by brute force."""
    if asked.backward:
        rows = [Row(-r.a, -r.t, r.d, r.s, r.h, r.q) for r in rows]
        asked = Asked(
            asked.seeds, asked.headings, -asked.end, -asked.start, asked.tiers, asked.window,
            frozenset((b, a) for a, b in asked.pairs), asked.blocked, True, False,
        )  # fmt: skip
    n = range(len(rows))
    seed = [
        r.s in asked.seeds and r.h in asked.headings and asked.start <= r.t <= asked.end
        for r in rows
    ]
    hop = {
        e2: [e1 for e1 in n if in_window(asked, rows[e1], rows[e2])
             and rows[e1].d not in asked.blocked]
        for e2 in n
    }  # fmt: skip
    tier: dict[int, int] = {e: 1 for e in n if seed[e]}
    level = 1
    while True:  # beyond the last tier as well: U and L know none
        new = [
            e for e in n
            if e not in tier and asked.start <= rows[e].t <= asked.end
            and any(tier.get(f) == level for f in hop[e])
        ]  # fmt: skip
        if not new:
            break
        level += 1
        tier |= dict.fromkeys(new, level)
    near = [e for e in sorted(tier) if tier[e] <= asked.tiers]
    fed = {
        e: max((f for f in hop[e] if tier.get(f) == tier[e] - 1),
               key=lambda f: (rows[f].a, f), default=-1)
        for e in near
    }  # fmt: skip

    def q(e: int) -> int:
        return rows[e].q or 0

    def inbound(e: int) -> list[int]:
        return [f for f in n if rows[f].q is not None and in_window(asked, rows[f], rows[e])]

    m = {e: q(e) if seed[e] else 0 for e in tier}
    for _ in range(2, asked.tiers + 1):
        following = {}
        for e in tier:
            if seed[e]:
                following[e] = q(e)
                continue
            top = sum(m.get(f, 0) for f in inbound(e))
            bottom = sum(q(f) for f in inbound(e))
            ratio = float(top) / float(bottom) if bottom else 0.0
            following[e] = math.floor(float(q(e)) * ratio + 0.5) if top else 0
        m = following
    upper: dict[int, int] = {}
    lower: dict[int, int] = {}
    for e in sorted(tier, key=lambda e: rows[e].t):  # one scan in the order of time
        if seed[e] or rows[e].q is None:
            upper[e] = lower[e] = q(e)
            continue
        upper[e] = min(q(e), sum(upper.get(f, 0) for f in inbound(e)))
        lower[e] = max(0, q(e) - sum(q(f) - lower.get(f, 0) for f in inbound(e)))
    scope = set(asked.headings)
    for _ in range(asked.tiers - 1):
        scope |= {h2 for h1, h2 in asked.pairs if h1 in scope}
    companies = {}
    for c in range(COMPANIES):
        into = [e for e in near if rows[e].d == c and asked.start <= rows[e].a <= asked.end]
        if not into:
            continue
        total = sum(
            q(e) for e in n
            if rows[e].d == c and asked.start <= rows[e].a <= asked.end and rows[e].h in scope
        )  # fmt: skip
        weighed = not asked.backward
        companies[c] = (
            min(tier[e] for e in into),
            min(rows[e].a for e in into),
            sum(m[e] for e in into if rows[e].q is not None) if weighed else 0,
            total,
            sum(upper[e] for e in into if rows[e].q is not None) if weighed else 0,
            sum(lower[e] for e in into if rows[e].q is not None)
            if weighed and asked.complete else 0,
        )  # fmt: skip
    shipments = {
        e: (tier[e], fed[e], -1 if asked.backward or rows[e].q is None else m[e]) for e in near
    }
    return {"shipments": shipments, "companies": companies}


def ask(rows: list[Row], asked: Asked) -> tuple[Ledger, Question]:
    """Return ledger and question as the engines take them."""

    def code(value: int | None) -> int:
        return -1 if value is None else value

    ledger = Ledger(
        np.array([r.t for r in rows], dtype=np.int32),
        np.array([r.a for r in rows], dtype=np.int32),
        np.array([code(r.s) for r in rows], dtype=np.int32),
        np.array([code(r.d) for r in rows], dtype=np.int32),
        np.array([r.h for r in rows], dtype=np.int32),
        np.array([code(r.q) for r in rows], dtype=np.int64),
        COMPANIES,
    )
    relation = Relation(asked.pairs, "test")
    start, end = asked.start, asked.end
    if asked.backward:
        ledger, relation, start, end = ledger.reversed(), relation.transposed(), -end, -start
    question = Question(
        np.array(sorted(asked.seeds), dtype=np.int32),
        asked.headings,
        start,
        end,
        asked.tiers,
        asked.window,
        relation,
        np.array(sorted(asked.blocked), dtype=np.int32),
        not asked.backward,
        asked.complete and not asked.backward,
    )
    return ledger, question


def plain(answer: Answer) -> dict[str, Any]:
    """Return an engine's answer in the oracle's shape."""
    return {
        "shipments": {
            int(row): (int(tier), int(fed), int(m))
            for row, tier, fed, m in zip(
                answer.row, answer.tier, answer.before, answer.grams, strict=True
            )
        },
        "companies": {
            int(company): tuple(int(value) for value in values)
            for company, *values in zip(
                answer.company,
                answer.company_tier,
                answer.first,
                answer.seed_grams,
                answer.total_grams,
                answer.high_grams,
                answer.low_grams,
                strict=True,
            )
        },
    }


LENT: list[DuckEngine] = []


@pytest.fixture(autouse=True, scope="module")
def _duckdb() -> Iterator[None]:
    """One engine for all tests here: a used one must answer like a fresh one."""
    with open_sql() as engine:
        LENT.append(engine)
        yield
        LENT.clear()


def answers(rows: list[Row], asked: Asked) -> list[dict[str, Any]]:
    """Return the answers of every engine, and of the form of the SQL that Spark takes."""
    ledger, question = ask(rows, asked)
    found = [plain(follow(ledger, question))]
    for has_asof in (True, False):
        LENT[0].has_asof = has_asof
        found.append(plain(follow_sql(LENT[0], ledger, question)))
    return found


company = st.one_of(st.none(), st.integers(0, COMPANIES - 1))
row = st.builds(
    lambda t, transit, s, d, h, q: Row(t, t + transit, s, d, h, q),
    st.integers(0, 25),
    st.integers(1, 6),
    company,
    company,
    st.sampled_from(HEADINGS),
    st.one_of(st.none(), st.integers(0, 9), st.integers(0, 10**12)),
)


def dense(seed: int, size: int) -> list[Row]:
    """Return a random table in which chains are long: hypothesis alone draws sparse ones."""
    random = np.random.default_rng(seed)
    span = int(random.integers(10, 60))
    largest = int(random.choice([4, 10**12]))  # small weights make halves and ties

    def drawn() -> Row:
        t, transit = int(random.integers(0, span)), int(random.integers(1, 6))
        s, d = (int(random.integers(-1, COMPANIES)) for _ in range(2))
        q = [None, 0, int(random.integers(1, 10)), *(int(random.integers(largest)),) * 5]
        return Row(
            t,
            t + transit,
            None if s < 0 else s,
            None if d < 0 else d,
            int(random.choice(HEADINGS, p=(0.4, 0.3, 0.2, 0.1))),
            q[int(random.integers(len(q)))],
        )

    return [drawn() for _ in range(size)]


tables = st.one_of(
    st.lists(row, min_size=1, max_size=20),
    st.builds(dense, st.integers(0, 2**32), st.integers(10, 60)),
)
question = st.builds(
    Asked,
    seeds=st.frozensets(st.integers(0, COMPANIES - 1), min_size=1, max_size=2),
    headings=st.frozensets(st.sampled_from(HEADINGS), min_size=1, max_size=3),
    start=st.integers(-20, 8),
    end=st.integers(12, 90),
    tiers=st.integers(1, 6),
    window=st.sampled_from([0, 1, 5, 15, 100]),
    pairs=st.sampled_from([frozenset[tuple[int, int]](), CHAIN, CHAIN | {(6704, 501)}]),
    blocked=st.just(frozenset[int]()) | st.frozensets(st.integers(0, COMPANIES - 1), max_size=1),
    backward=st.booleans(),
    complete=st.booleans(),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=tables, asked=question)
@example(
    rows=[Row(0, 1, 0, 0, 501, 5), Row(1, 2, 0, 0, 501, 5), Row(2, 3, 0, 1, 6703, 7)],
    asked=Asked(frozenset({0}), frozenset({501}), 0, 50, 4, 40, CHAIN),
)
def test_every_engine_gives_the_rows_of_the_oracle(rows: list[Row], asked: Asked) -> None:
    """Tiers, predecessors, shares, bounds and sums are the specification's, on every engine."""
    expected = oracle(rows, asked)
    for answer in answers(rows, asked):
        assert answer == expected


def test_the_random_tables_are_worth_asking() -> None:
    """The dense tables hold long chains, and shares between 0 and all."""
    asked = Asked(frozenset({0}), frozenset({501}), 0, 90, 5, 15, CHAIN, complete=True)
    deep = mixed = 0
    for seed in range(40):
        rows = dense(seed, 50)
        answer = oracle(rows, asked)
        deep += any(tier >= 3 for tier, _, _ in answer["shipments"].values())
        mixed += any(0 < m < (rows[e].q or 0) for e, (_, _, m) in answer["shipments"].items())
    assert deep >= 20
    assert mixed >= 20


def test_a_chain_worked_by_hand() -> None:
    """Raw hair to wigs over three firms: tiers, citations, shares and bounds as on paper."""
    rows = [
        Row(0, 5, 0, 1, 501, 100),  # the seed's
        Row(1, 6, 4, 1, 501, 300),  # another's, into the same firm
        Row(10, 12, 1, 2, 6703, 200),  # a quarter of it can be the seed's
        Row(20, 25, 2, 3, 6704, 80),
        Row(20, 25, 2, None, 6704, 40),  # consignee withheld
    ]
    asked = Asked(frozenset({0}), frozenset({501}), 0, 50, 4, 40, CHAIN, complete=True)
    for answer in answers(rows, asked):
        assert answer["shipments"] == {
            0: (1, -1, 100),
            2: (2, 0, 50),
            3: (3, 2, 20),
            4: (3, 2, 10),
        }
        # (tier, first arrival, seed grams, total grams, U, L)
        assert answer["companies"] == {
            1: (1, 5, 100, 400, 100, 100),
            2: (2, 12, 50, 200, 100, 0),
            3: (3, 25, 20, 80, 80, 0),
        }


def test_a_half_gram_is_rounded_up() -> None:
    """One gram of two is the seed's: half of one gram onward becomes one gram, of three two."""
    rows = [
        Row(0, 1, 0, 1, 501, 1),
        Row(0, 1, 4, 1, 501, 1),
        Row(2, 3, 1, 2, 501, 1),
        Row(2, 3, 1, 2, 501, 3),
    ]
    asked = Asked(frozenset({0}), frozenset({501}), 0, 50, 4, 40, CHAIN)
    for answer in answers(rows, asked):
        assert [m for _, _, m in answer["shipments"].values()] == [1, 1, 2]


def test_an_unknown_weight_counts_in_neither_sum() -> None:
    """An unweighed inbound row changes no share, whoever sent it; it is reached all the same."""
    rows = [
        Row(0, 1, 0, 1, 501, 1),
        Row(0, 1, 4, 1, 501, None),
        Row(0, 1, 0, 1, 501, None),
        Row(2, 3, 1, 2, 501, 10),
    ]
    asked = Asked(frozenset({0}), frozenset({501}), 0, 50, 4, 40, CHAIN)
    for answer in answers(rows, asked):
        assert answer["shipments"] == {0: (1, -1, 1), 2: (1, -1, -1), 3: (2, 2, 10)}
        assert answer["companies"][1] == (1, 1, 1, 1, 1, 0)


def test_shares_have_as_many_layers_as_tiers_and_bounds_have_all() -> None:
    """With two tiers, grams that came over three shipments are in U but not in the share."""
    rows = [
        Row(0, 1, 0, 1, 501, 100),
        Row(2, 3, 1, 4, 501, 100),
        Row(4, 5, 4, 2, 501, 100),  # the third shipment of a chain: not reached in two tiers
        Row(0, 1, 0, 2, 501, 100),
        Row(6, 7, 2, 3, 501, 150),
    ]
    grams = {2: 75, 3: 75, 4: 150, 5: 150}
    for tiers, m in grams.items():
        asked = Asked(frozenset({0}), frozenset({501}), 0, 50, tiers, 40, CHAIN)
        for answer in answers(rows, asked):
            assert answer["shipments"][4] == (2, 3, m)
            assert answer["companies"][3] == (2, 7, m, 150, 150, 0)


def test_a_total_counts_the_headings_of_the_tiers_only() -> None:
    """With two tiers hair can be dressed hair, not yet wigs: a firm's wigs are not in its total."""
    rows = [Row(0, 1, 0, 1, 501, 10), Row(0, 1, 4, 1, 6703, 20), Row(0, 1, 4, 1, 6704, 70)]
    for tiers, total in {1: 10, 2: 30, 3: 100}.items():
        asked = Asked(frozenset({0}), frozenset({501}), 0, 50, tiers, 40, CHAIN)
        for answer in answers(rows, asked):
            assert answer["companies"][1] == (1, 1, 10, total, 10, 0)


@pytest.mark.parametrize(("gap", "reached"), [(0, True), (7, True), (8, False), (-1, False)])
def test_both_ends_of_the_window_count(gap: int, reached: bool) -> None:  # noqa: FBT001 - a case
    """Shipping on the day of arrival and on the last day of holding is a hop; a day off is not."""
    rows = [Row(0, 5, 0, 1, 501, 10), Row(5 + gap, 20, 1, 2, 501, 10)]
    asked = Asked(frozenset({0}), frozenset({501}), 0, 50, 4, 7, CHAIN)
    for answer in answers(rows, asked):
        assert (1 in answer["shipments"]) is reached
        assert 0 in answer["shipments"]


def test_of_equal_arrivals_the_greatest_id_is_cited() -> None:
    """A tie of arrivals is broken by the greatest id; a later arrival beats both."""
    rows = [Row(0, 5, 0, 1, 501, 1), Row(1, 5, 0, 1, 501, 1), Row(9, 12, 1, 2, 501, 1)]
    asked = Asked(frozenset({0}), frozenset({501}), 0, 50, 4, 40, CHAIN)
    for answer in answers(rows, asked):
        assert answer["shipments"][2] == (2, 1, 1)
    rows[0] = Row(0, 6, 0, 1, 501, 1)
    for answer in answers(rows, asked):
        assert answer["shipments"][2] == (2, 0, 1)


def test_a_later_arrival_is_not_dominated_by_an_earlier_one() -> None:
    """Firm 1 is first reached on day 5, but only the arrival of day 30 can feed day 40."""
    rows = [Row(0, 5, 0, 1, 501, 1), Row(20, 30, 0, 1, 501, 1), Row(40, 41, 1, 2, 501, 1)]
    asked = Asked(frozenset({0}), frozenset({501}), 0, 50, 4, 12, CHAIN)
    for answer in answers(rows, asked):
        assert answer["shipments"][2] == (2, 1, 1)


def test_a_blocked_hub_receives_but_passes_nothing_on() -> None:
    """With a hub blocked it is still reached; what lies behind it is not."""
    rows = [Row(0, 5, 0, 1, 501, 10), Row(6, 9, 1, 2, 501, 10)]
    asked = Asked(frozenset({0}), frozenset({501}), 0, 50, 4, 40, CHAIN)
    hub = Asked(frozenset({0}), frozenset({501}), 0, 50, 4, 40, CHAIN, frozenset({1}))
    for with_hub, without in zip(answers(rows, asked), answers(rows, hub), strict=True):
        assert set(with_hub["companies"]) == {1, 2}
        assert set(without["companies"]) == {1}


def test_a_sum_beyond_exact_grams_is_refused_by_every_engine() -> None:
    """Two inbound rows of 2**52 + 1 grams each cannot be shared out exactly."""
    much = 2**52 + 1
    rows = [Row(0, 5, 0, 1, 501, much), Row(0, 5, 4, 1, 501, much), Row(6, 9, 1, 2, 501, 10)]
    ledger, question = ask(rows, Asked(frozenset({0}), frozenset({501}), 0, 50, 4, 40, CHAIN))
    with pytest.raises(InputError, match="sum of grams"):
        follow(ledger, question)
    with open_sql() as engine, pytest.raises(InputError, match="sum of grams"):
        follow_sql(engine, ledger, question)


def test_a_seed_that_ships_nothing_reaches_nothing() -> None:
    """No shipment, no hop: the answer is empty on every engine, not an error."""
    rows = [Row(0, 5, 0, 1, 501, 10)]
    for answer in answers(rows, Asked(frozenset({3}), frozenset({501}), 0, 50, 4, 40, CHAIN)):
        assert answer == {"shipments": {}, "companies": {}}


@pytest.mark.enable_socket
def test_spark_gives_the_same_rows(tmp_path: Path) -> None:
    """On Spark, where it is installed, the same test body: a random table, forward and backward."""
    pytest.importorskip("pyspark", reason="the extra spark is not installed")
    random = np.random.default_rng(7)

    def drawn(t: int) -> Row:
        s, d, h, transit = (int(random.integers(0, n)) for n in (COMPANIES, COMPANIES + 1, 4, 8))
        grams = None if random.random() < 0.1 else int(random.integers(0, 10**9))
        return Row(t, t + transit + 1, s, d if d < COMPANIES else None, HEADINGS[h], grams)

    rows = [drawn(int(t)) for t in random.integers(0, 60, 120)]
    cases = [
        Asked(frozenset({0}), frozenset({501}), 0, 90, 3, 15, CHAIN, complete=True),
        Asked(frozenset({1}), frozenset({6704}), 5, 80, 3, 15, CHAIN, backward=True),
    ]
    with open_spark(tmp_path) as engine:
        for asked in cases:
            ledger, question = ask(rows, asked)
            answer = plain(follow_sql(engine, ledger, question))
            assert answer == oracle(rows, asked)
            assert len(answer["shipments"]) > 10
    assert list(tmp_path.iterdir()) == []
