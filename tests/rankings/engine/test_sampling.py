"""Values drawn within their errors: intervals of ranks of method alone, and of method and sampling together."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from rankings.engine import variations
from rankings.engine.compute import compute
from rankings.engine.matrix import DataError, Errors, Floats
from rankings.engine.robustness import robustness
from rankings.engine.sampling import Sampler
from tests.rankings.engine.indices import Index, municipalities

EDITION = municipalities(units=30, indicators=8)
NO_BOUNDS = np.full((30, 8), np.nan)


def errors_of(down: float, up: float, columns: tuple[int, ...] = (0, 1, 2), bounds: Floats | None = None) -> Errors:
    values = EDITION.matrix.aligned(EDITION.matrix.units, EDITION.specification.codes).values
    low, high = values - down, values + up
    known = [column for column in range(8) if column not in columns]
    low[:, known], high[:, known] = np.nan, np.nan
    ends = (NO_BOUNDS, NO_BOUNDS) if bounds is None else (low + 0 * bounds, high + 0 * bounds)
    return Errors(EDITION.matrix.units, EDITION.specification.codes, low, high, *ends)


def sampler(errors: Errors) -> Sampler:
    scorings = variations.scorings(EDITION.matrix, EDITION.specification)
    return Sampler(errors, EDITION.matrix, EDITION.specification, scorings, seed=5)


def test_the_value_is_the_median_and_low_and_high_are_the_ends_of_a_95_per_cent_interval() -> None:
    errors = errors_of(down=8, up=2)
    drawn = sampler(errors)
    values = drawn.values("declared", drawn.deviations(0, 40_000, 30))
    own = EDITION.matrix.values[:, 0]
    there = np.flatnonzero(~np.isnan(own))
    found = np.percentile(values[:, 0][:, there], [2.5, 50, 97.5], axis=0)
    np.testing.assert_allclose(found, [own[there] - 8, own[there], own[there] + 2], atol=0.25)
    assert np.isnan(values[:, 0][:, np.isnan(own)]).all()


def test_a_drawn_value_stays_within_its_bounds() -> None:
    drawn = sampler(errors_of(8, 2, bounds=np.zeros((30, 8))))
    values = drawn.values("declared", drawn.deviations(0, 2000, 30))[:, 0]
    own = EDITION.matrix.values[:, 0]
    there = ~np.isnan(own)
    assert (values[:, there] >= own[there] - 8 - 1e-4).all()
    assert (values[:, there] <= own[there] + 2 + 1e-4).all()
    assert (np.abs(values[:, there] - own[there] - 2) < 1e-4).mean() > 0.015


def test_a_value_known_exactly_is_never_drawn_and_no_errors_leave_the_method_alone() -> None:
    plain = robustness(EDITION.matrix, EDITION.specification, draws=400)
    np.testing.assert_array_equal(plain.joint_low, plain.low)
    both = robustness(EDITION.matrix, EDITION.specification, draws=400, errors=errors_of(0, 0))
    np.testing.assert_array_equal(both.joint_low[:, :8], compute(EDITION.matrix, EDITION.specification).rank[:, :8])
    few = robustness(EDITION.matrix, EDITION.specification, draws=400, errors=errors_of(9, 9, columns=(2,)))
    published = compute(EDITION.matrix, EDITION.specification).rank
    np.testing.assert_array_equal(few.joint_high[:, [0, 1, 3, 4]], published[:, [0, 1, 3, 4]])
    assert (few.joint_high[:, 2] > published[:, 2]).any()


def test_the_joint_interval_holds_the_methods_and_larger_errors_make_it_wider() -> None:
    found = [
        robustness(EDITION.matrix, EDITION.specification, draws=1500, errors=errors_of(size, size, tuple(range(8))))
        for size in (1, 10, 40)
    ]
    for one in found:
        assert (one.joint_low <= one.low).all()
        assert (one.joint_high >= one.high).all()
        np.testing.assert_array_equal(one.low, found[0].low)
    widths = [(one.joint_high - one.joint_low)[:, -1].mean() for one in found]
    assert widths[0] < widths[1] < widths[2]


def test_an_indicators_interval_is_that_of_values_drawn_and_ranked_one_by_one() -> None:
    errors = errors_of(6, 12, columns=(1,))
    found = robustness(EDITION.matrix, EDITION.specification, draws=6000, errors=errors)
    rng = np.random.default_rng(99)
    own = EDITION.matrix.values[:, 1]  # lower is better, ranked by the value with one decimal
    ranks = []
    for _ in range(6000):
        z = rng.normal(size=30)
        value = np.round(own + np.where(z > 0, z * 12, z * 6) / 1.96, 1)
        ranks.append([1 + int((value < one).sum()) if one == one else 0 for one in value])  # noqa: PLR0124  NaN
    low, high = np.percentile(ranks, [5, 95], axis=0)
    there = ~np.isnan(own)
    assert np.abs(found.joint_low[there, 1] - low[there]).max() <= 1
    assert np.abs(found.joint_high[there, 1] - high[there]).max() <= 1


def test_indicators_ranked_by_score_on_a_logarithm_or_per_head_are_drawn_too() -> None:
    spec, data = copy.deepcopy(EDITION.spec), copy.deepcopy(EDITION.data)
    spec["indicators"][0] |= {"transform": [{"per": "people", "times": 10}], "rank": {"by": "score", "decimals": 1}}
    spec["indicators"][1] |= {
        "transform": [{"method": "log", "offset": 1}],
        "outliers": {"method": "winsorise_count", "high": 2},
    }
    spec["indicators"][2] |= {"normalise": {"method": "percentile_rank"}}
    for number, row in enumerate(data.values()):
        row["people"] = 10 + number % 3
    index = Index(spec, data)
    values = index.matrix.aligned(index.matrix.units, index.specification.codes).values
    known = np.full((30, 5), np.nan)
    low = np.concatenate([values[:, :3] * 0.9, known], axis=1)
    high = np.concatenate([values[:, :3] * 1.3, known], axis=1)
    errors = Errors(index.matrix.units, index.specification.codes, low, high, NO_BOUNDS, NO_BOUNDS)
    found = robustness(index.matrix, index.specification, draws=600, errors=errors)
    published = compute(index.matrix, index.specification).rank
    assert ((found.joint_high > 0) == (published > 0)).all()
    for column in range(3):
        assert (found.joint_high[:, column] > published[:, column]).any()


def test_an_interval_that_does_not_hold_its_value_is_refused() -> None:
    errors = errors_of(-1, 5)
    with pytest.raises(DataError, match=r"unit 100, indicator x0: the interval .* stands at the value"):
        robustness(EDITION.matrix, EDITION.specification, draws=20, errors=errors)
