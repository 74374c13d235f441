"""Propagation: known truth is recovered, wider in is never narrower out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessmark.core.interval import significant, two_figures
from witnessmark.stages.measure.propagate import Factor, product

RANGES = st.tuples(st.floats(0.01, 1e4), st.floats(1.0, 50.0)).map(lambda p: (p[0], p[0] * p[1]))
FACTORS = st.lists(st.tuples(RANGES, st.sampled_from([1, -1])), min_size=1, max_size=6)


def build(rows: list[tuple[tuple[float, float], int]]) -> list[Factor]:
    return [Factor(low, high, power) for (low, high), power in rows]


def test_simulated_truth_is_recovered() -> None:
    """Two million simulated products have the quantiles that the formula gives, within 0.5 %."""
    random = np.random.default_rng(20261125)
    truth = [(4.0, 0.30, 1), (5.7, 0.10, 1), (1.2, 0.45, -1)]
    simulated = np.ones(2_000_000)
    factors = []
    for centre, spread, power in truth:
        simulated *= np.exp(random.normal(centre, spread, simulated.size)) ** power
        half = 1.6448536269514722 * spread
        factors.append(Factor(math.exp(centre - half), math.exp(centre + half), power))
    found = product(factors, scale=0.5)
    for quantile, value in (
        (0.05, found.low90),
        (0.25, found.low50),
        (0.75, found.high50),
        (0.95, found.high90),
    ):
        assert value == pytest.approx(0.5 * np.quantile(simulated, quantile), rel=0.005)


def test_intervals_cover_as_often_as_they_say() -> None:
    """Of 40,000 true values drawn from the inputs, 90 % and 50 % lie inside, within one point."""
    random = np.random.default_rng(7)
    ranges = [(30.0, 70.0, 1), (3.0, 4.0, -1), (25.0, 50.0, 1)]
    found = product([Factor(*row) for row in ranges])
    drawn = np.ones(40_000)
    for low, high, power in ranges:
        factor = Factor(low, high)
        drawn *= np.exp(random.normal(factor.centre, factor.spread, drawn.size)) ** power
    assert np.mean((drawn >= found.low90) & (drawn <= found.high90)) == pytest.approx(0.9, abs=0.01)
    assert np.mean((drawn >= found.low50) & (drawn <= found.high50)) == pytest.approx(0.5, abs=0.01)


@given(FACTORS)
def test_order_of_the_bounds(rows: list[tuple[tuple[float, float], int]]) -> None:
    """Corners enclose the 90 % interval, which encloses the 50 % interval."""
    found = product(build(rows))
    tolerance = 1 + 1e-9
    assert found.corner_low <= found.low90 * tolerance
    assert found.low90 <= found.low50 * tolerance
    assert found.low50 <= found.high50 * tolerance
    assert found.high50 <= found.high90 * tolerance
    assert found.high90 <= found.corner_high * tolerance


@given(FACTORS, st.integers(0, 5), st.floats(1.0, 10.0))
def test_a_wider_input_never_narrows(
    rows: list[tuple[tuple[float, float], int]], which: int, by: float
) -> None:
    """Widening one input around its centre lowers the low end and raises the high end."""
    place = which % len(rows)
    (low, high), power = rows[place]
    wider = [*rows]
    wider[place] = ((low / by, high * by), power)
    before, after = product(build(rows)), product(build(wider))
    assert after.low90 <= before.low90 * (1 + 1e-9)
    assert after.high90 >= before.high90 * (1 - 1e-9)


@given(FACTORS)
def test_order_of_the_factors_does_not_matter(rows: list[tuple[tuple[float, float], int]]) -> None:
    """A product is the same in any order, to the last two figures that are printed."""
    one, other = product(build(rows)), product(build(rows[::-1]))
    assert one.low90 == pytest.approx(other.low90, rel=1e-12)
    assert one.high90 == pytest.approx(other.high90, rel=1e-12)


def test_a_single_range_comes_back() -> None:
    """A range read as a 90 % interval is its own 90 % interval; a point stays a point."""
    alone = product([Factor(30, 70)])
    assert alone.low90 == pytest.approx(30)
    assert alone.high90 == pytest.approx(70)
    point = product([Factor(300, 300)])
    assert point.low90 == point.high90 == pytest.approx(300)


@pytest.mark.parametrize("bounds", [(0, 1), (-1, 2), (3, 2), (1, math.inf), (1, math.nan)])
def test_what_has_no_logarithm_is_refused(bounds: tuple[float, float]) -> None:
    """Zero, negative, backward and endless factors are refused, not bent into shape."""
    with pytest.raises(ValueError, match="positive and ordered"):
        Factor(*bounds)


@given(st.floats(1e-6, 1e12))
def test_two_significant_figures(value: float) -> None:
    """Rounding keeps two figures, moves a value by at most 5 %, and is stable."""
    rounded = significant(value)
    assert rounded == pytest.approx(value, rel=0.0501)
    assert significant(rounded) == rounded
    digits = two_figures(rounded).replace(",", "").replace(".", "").strip("0")
    assert len(digits) <= 2
