"""What may be said of figures: silent about noise, and right where there is something."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rankings.engine.evidence import (
    MOST_DRAWN,
    _t_quantile,
    _two_sided,
    benjamini_hochberg,
    beyond_expectation,
    expected,
    funnel,
    grade,
    shrunken,
    spread_change,
)
from rankings.engine.matrix import Floats

UNITS = 98


def world(seed: int, fit: float = 0.5) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    conditions = rng.normal(size=(UNITS, 3))
    return conditions @ np.array([1.0, 0.5, -0.5]) * fit + rng.normal(0, 1 - fit, UNITS), conditions


def test_each_unit_is_judged_by_a_model_that_has_not_seen_it() -> None:
    values, conditions = world(1)
    values[5], conditions[7, 0] = np.nan, np.nan
    found = expected(values, conditions)
    assert found is not None
    there = [unit for unit in range(UNITS) if unit not in {5, 7}]
    left, right = [], []
    for unit in there:
        others = [other for other in there if other != unit]
        design = np.column_stack([np.ones(len(others)), conditions[others]])
        coefficients = np.linalg.lstsq(design, values[others], rcond=None)[0]
        plain = float(coefficients @ [1, *conditions[unit]])
        assert found.value[unit] == pytest.approx(plain)
        left.append((values[unit] - plain) ** 2)
        right.append((values[unit] - values[others].mean()) ** 2)
    assert found.fit == pytest.approx(1 - sum(left) / sum(right))
    assert np.isnan(found.value[[5, 7]]).all()
    inside = (found.low <= values) & (values <= found.high)
    assert 0.88 < inside[there].mean() < 0.99


def test_more_than_four_conditions_are_refused_and_too_few_units_say_nothing() -> None:
    values, conditions = world(2)
    with pytest.raises(ValueError, match="at most 4"):
        expected(values, np.column_stack([conditions, conditions]))
    assert expected(values[:12], conditions[:12]) is None


def test_conditions_that_explain_nothing_fit_nothing_out_of_sample_and_nothing_is_said() -> None:
    rng = np.random.default_rng(3)
    fits = []
    for _ in range(50):
        values = [rng.normal(size=UNITS) for _ in "12"]
        conditions = rng.normal(size=(UNITS, 4))
        models = [expected(one, conditions) for one in values]
        fits += [model.fit for model in models if model is not None]
        assert np.isnan(beyond_expectation(models[0], models[1], values, 1.0)).all()
    assert np.mean(fits) < 0


def test_beyond_expectation_only_in_two_editions_on_the_same_side() -> None:
    values, conditions = world(4, fit=0.7)
    now, before = values.copy(), values + np.random.default_rng(5).normal(0, 0.05, UNITS)
    now[0], before[0] = now[0] + 3, before[0] + 3
    now[1] += 3  # once only
    now[2], before[2] = now[2] + 3, before[2] - 3
    models = [expected(one, conditions) for one in (now, before)]
    found = beyond_expectation(models[0], models[1], [now, before], 1.0)
    assert found[:3].tolist() == [1, 0, 0]
    lower_is_better = beyond_expectation(models[0], models[1], [now, before], -1.0)
    assert lower_is_better[0] == -1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_adjusted_p_values_are_those_of_the_definition(p: list[float]) -> None:
    found = benjamini_hochberg(np.array([*p, np.nan]))
    assert math.isnan(found[-1])
    order = sorted(p)
    for value, adjusted in zip(p, found, strict=False):
        candidates = [one * len(p) / (order.index(one) + order.count(one)) for one in order if one >= value]
        assert adjusted == pytest.approx(min(1.0, *candidates))


@pytest.mark.parametrize(("free", "quantile"), [(10, 2.228), (30, 2.042), (93, 1.986), (1000, 1.962)])
def test_the_t_distribution_is_that_of_the_tables(free: int, quantile: float) -> None:
    assert _t_quantile(0.975, free) == pytest.approx(quantile, abs=0.003)
    assert float(_two_sided(np.array([quantile]), free)[0]) == pytest.approx(0.05, abs=0.001)


def panel(seed: int, growth: float, noise: float = 3.0) -> Floats:
    rng = np.random.default_rng(seed)
    level = rng.normal(0, 10, UNITS)
    return 50 + level * np.linspace(1, growth, 4)[:, np.newaxis] + rng.normal(0, noise, (4, UNITS))


def test_a_planted_growth_is_found_and_noise_is_not() -> None:
    grown = spread_change(panel(1, 1.8), sizes=np.arange(UNITS, dtype=float))
    shrunk = spread_change(panel(2, 0.5))
    assert grown is not None
    assert shrunk is not None
    assert (grown.verdict, shrunk.verdict) == (1, -1)
    assert grown.low < grown.between[1] - grown.between[0] < grown.high
    verdicts = [
        found.verdict for seed in range(40) if (found := spread_change(panel(seed, 1.0), draws=300)) is not None
    ]
    assert sum(map(abs, verdicts)) <= 2


def test_regression_to_the_mean_is_no_convergence() -> None:
    """Places far out come back, as noise does; the spread stays, and nothing is said."""
    rng = np.random.default_rng(6)
    noise = rng.normal(0, 10, (4, UNITS))
    change, level = noise[-1] - noise[0], noise[0]
    assert np.polyfit(level, change, 1)[0] < -0.8  # what a regression of change on level would call catching up
    found = spread_change(50 + noise)
    assert found is not None
    assert found.verdict == 0


def test_of_a_large_country_some_are_drawn_and_the_interval_is_as_narrow_as_of_all() -> None:
    rng = np.random.default_rng(5)
    level = rng.normal(50, 10, MOST_DRAWN)
    some, many = np.array([level, level * 1.1]), np.tile(level, 16)
    few, all_of_them = spread_change(some), spread_change(np.array([many, many * 1.1]), draws=500)
    assert few is not None
    assert all_of_them is not None
    assert all_of_them.low < all_of_them.between[1] - all_of_them.between[0] < all_of_them.high
    assert all_of_them.high - all_of_them.low == pytest.approx((few.high - few.low) / 4, rel=0.25)


def test_two_editions_few_units_and_five_small_places_make_no_verdict() -> None:
    values = panel(3, 1.8)
    two = spread_change(values[[0, -1]])
    assert two is not None
    assert (two.verdict, two.low > 0) == (0, True)
    assert spread_change(values[:, :15]) is None
    flat = panel(4, 1.0, noise=0.5)
    flat[-1, :5] += 400 * np.array([1, -1, 1, -1, 1])
    sizes = np.arange(UNITS, dtype=float)
    assert spread_change(np.delete(flat, slice(5, 70), axis=1), sizes=np.delete(sizes, slice(5, 70))).verdict == 0  # type: ignore[union-attr]


def test_noise_is_taken_out_of_the_spread() -> None:
    rng = np.random.default_rng(8)
    level = rng.normal(0, 10, 4000)
    values = 50 + level + rng.normal(0, 10, (3, 4000))
    found = spread_change(values, np.full((3, 4000), 10.0), draws=50)
    assert found is not None
    assert found.deviation == pytest.approx((10, 10), rel=0.06)


def test_a_funnel_is_wide_for_the_small_and_narrow_for_the_large() -> None:
    rng = np.random.default_rng(9)
    sizes = np.array([50.0] * 40 + [5000.0] * 40)
    found = funnel(rng.binomial(sizes.astype(int), 0.2).astype(float), sizes)
    assert found is not None
    width = found.high - found.low
    assert width[0] > 5 * width[-1]
    assert found.outside.sum() <= 1
    assert 0.85 < (np.abs(found.z) < 1.96).mean() <= 1
    pull = np.abs(found.shrunken - found.centre) / np.maximum(np.abs(found.z), 1e-9)
    assert (np.abs(found.shrunken - found.centre) <= np.abs(found.centre)).all()
    assert pull[0] <= pull[-1] * 20


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=3, max_size=30), st.booleans())
def test_every_funnel_holds_its_centre_and_shrinks_towards_it(rows: list[tuple[int, int]], share: bool) -> None:
    k = np.array([min(one, two) if share else one for one, two in rows], dtype=float)
    n = np.array([max(one, two) if share else two for one, two in rows], dtype=float)
    found = funnel(k, n, share=share)
    if found is None:
        return
    known = ~np.isnan(found.z)
    assert (found.low[known] <= found.centre).all()
    assert (found.high[known] >= found.centre).all()
    own = k[known] / n[known]
    apart = np.abs(found.shrunken[known] - found.centre)
    assert (apart <= np.abs(own - found.centre) + 1e-12).all()


@settings(max_examples=40)
@given(
    rows=st.lists(
        st.tuples(st.floats(-1e3, 1e3), st.one_of(st.just(float("nan")), st.floats(0.01, 1e3))), min_size=3, max_size=20
    )
)
def test_a_value_is_drawn_towards_the_middle_the_more_the_less_is_known_of_it(rows: list[tuple[float, float]]) -> None:
    values, errors = (np.array(column) for column in zip(*rows, strict=True))
    found = shrunken(values, errors)
    middle = sum(values) / len(values)
    squared = sum((value - middle) ** 2 for value in values) / (len(values) - 1)
    apart = max(0.0, squared - sum(0.0 if math.isnan(error) else error**2 for error in errors) / len(values))
    for value, error, drawn in zip(values, errors, found, strict=True):
        trust = 1.0 if math.isnan(error) else apart / (apart + error**2)
        assert drawn == pytest.approx(middle + trust * (value - middle), abs=1e-6)
    assert np.array_equal(shrunken(values, np.full_like(values, np.nan)), values)


def test_a_grade_is_the_worst_of_what_is_known() -> None:
    well = {"interval": 0.1, "response": 0.9, "provisional": False, "age": 0, "own_word": False, "warnings": 0}
    assert grade(**well) == 1  # type: ignore[arg-type]
    for worse, expected_grade in (
        ({"interval": 0.25}, 2), ({"interval": 1.0}, 3), ({"response": 0.59}, 2), ({"response": 0.6}, 1),
        ({"response": 0.29}, 3), ({"response": 0.3}, 2), ({"provisional": True}, 2), ({"age": 2}, 2), ({"age": 4}, 3),
        ({"own_word": True}, 2), ({"warnings": 1}, 2), ({"warnings": 3}, 3),
        ({"own_word": True, "provisional": True}, 2), ({"own_word": True, "provisional": True, "age": 2}, 3),
        ({"interval": None, "response": None}, 1),
    ):  # fmt: skip
        assert grade(**{**well, **worse}) == expected_grade  # type: ignore[arg-type]
