"""The rules of what may be said of spread, expectation, need and small places: against other ways to the same number,
and against worlds of which the truth is known. How often they are silent in noise: tests/trials/silence.py."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.multitest import multipletests

from rankings.engine import expected, need, small_places, spread
from rankings.engine.matrix import Floats
from tests.trials.silence import KINDS, spoken

UNITS = 98


def model(seed: int = 1, slope: float = 2.0) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    conditions = rng.normal(size=(UNITS, 2))
    return slope * conditions[:, 0] + rng.normal(size=UNITS), conditions


def test_what_is_expected_is_what_a_model_without_the_unit_foretells() -> None:
    values, conditions = model()
    values[5], conditions[9, 1] = np.nan, np.nan
    found = expected.fit(values, conditions)
    assert found is not None
    there = ~(np.isnan(values) | np.isnan(conditions).any(axis=1))
    design = np.column_stack([np.ones(UNITS), conditions])
    for unit in (0, 40):
        others = there & (np.arange(UNITS) != unit)
        slopes, *_rest = np.linalg.lstsq(design[others], values[others])
        assert found.expected[unit] == pytest.approx(design[unit] @ slopes)
    squares = [
        (values[unit] - values[there & (np.arange(UNITS) != unit)].mean()) ** 2 for unit in np.flatnonzero(there)
    ]
    press = np.nansum((values - found.expected) ** 2)
    assert found.r2 == pytest.approx(1 - press / sum(squares))
    assert found.n == 96
    assert np.isnan(found.expected[[5, 9]]).all()


def test_a_units_p_and_the_discoveries_are_those_of_statsmodels() -> None:
    values, conditions = model()
    values[3] += 6
    found = expected.fit(values, conditions)
    assert found is not None
    influence = sm.OLS(values, sm.add_constant(conditions)).fit().get_influence()
    tested = influence.resid_studentized_external
    p = [expected.two_sided(float(t), UNITS - 4) for t in tested]
    assert found.p == pytest.approx(p, abs=1e-9)
    outside = (values < found.low) | (values > found.high)
    assert (outside == (np.abs(tested) > expected.student(0.975, UNITS - 4))).all()
    rejected, *_rest = multipletests(found.p, alpha=expected.RATE, method="fdr_bh")
    assert (expected.discoveries(found.p) == rejected).all()
    assert rejected[3]
    assert expected.student(0.975, 30) == pytest.approx(2.0423, abs=1e-3)
    assert expected.two_sided(2.0423, 30) == pytest.approx(0.05, abs=1e-4)


def test_nobody_is_told_anything_where_the_conditions_foretell_little_or_only_once() -> None:
    values, conditions = model()
    values[0] += 8
    good = expected.fit(values, conditions)
    poor = expected.fit(*model(slope=0.2))
    assert good
    assert poor
    assert good.r2 >= expected.LEAST > poor.r2
    assert expected.verdicts((good, values), (poor, values), 1.0) is None
    both = expected.verdicts((good, values), (good, values), 1.0)
    worse = expected.verdicts((good, values), (good, values), -1.0)
    assert both is not None
    assert worse is not None
    assert (both[0], worse[0]) == (1, -1)
    ordinary, conditions = model(seed=2)
    once = expected.verdicts((good, values), (expected.fit(ordinary, conditions), ordinary), 1.0)
    assert once is not None
    assert once[0] == 0
    assert expected.fit(values[:20], conditions[:20]) is None


def panel(grown: float, seed: int = 1) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    lasting = rng.normal(0, 5, (UNITS, 1))
    values = 50 + lasting * np.array([1.0, (1 + grown) / 2, grown]) + rng.normal(0, 1, (UNITS, 3))
    return values, np.arange(UNITS, dtype=float)


def test_the_spread_is_numpys_of_the_units_that_have_every_figure() -> None:
    values, sizes = panel(2.0)
    values[7, 1] = np.nan
    found = spread.spread(values, sizes)
    assert found is not None
    same = np.delete(values, 7, axis=0)
    assert found.deviation.times == pytest.approx(same.std(axis=0, ddof=1).tolist())
    assert found.distance.times == pytest.approx(np.subtract(*np.percentile(same, [90, 10], axis=0)).tolist())
    assert found.n == 97
    assert found.deviation.low < found.deviation.change < found.deviation.high
    assert found.verdict == 1
    back = spread.spread(values[:, ::-1], sizes)
    assert back is not None
    assert back.verdict == -1


def test_no_gap_grows_by_five_small_places_over_two_times_or_by_noise_that_is_known() -> None:
    values, sizes = panel(1.0)
    small = values.copy()
    small[:5, -1] += [60, -60, 60, -60, 60]
    rng = np.random.default_rng(3)
    noisy = values + np.column_stack([np.zeros((UNITS, 2)), rng.normal(0, 8, UNITS)])
    errors = np.tile([0.0, 0.0, 8.0], (UNITS, 1))
    cases = {
        "small": spread.spread(small, sizes),
        "two times": spread.spread(panel(2.0)[0][:, [0, 2]], sizes),
        "noise": spread.spread(noisy, sizes, errors),
    }
    assert {name: one.verdict for name, one in cases.items() if one} == dict.fromkeys(cases, 0)
    unknown, known = spread.spread(noisy, sizes), cases["noise"]
    assert unknown is not None
    assert known is not None
    assert unknown.verdict == 1  # what the noise would have passed for
    truth = values[:, -1].std(ddof=1)
    assert abs(known.deviation.times[-1] - truth) < abs(unknown.deviation.times[-1] - truth) / 2


def test_pairs_of_a_page_share_the_chance_of_being_wrong_and_both_editions_must_agree() -> None:
    rng = np.random.default_rng(5)
    wanted = rng.normal(size=(UNITS, 2))
    given = 0.28 * wanted + rng.normal(size=(UNITS, 2))
    alone, among = need.together(wanted, given), need.together(wanted, given, pairs=50)
    assert alone is not None
    assert among is not None
    assert alone.r == pytest.approx(np.corrcoef(wanted[:, 1], given[:, 1])[0, 1])
    assert (alone.side, among.side) == (1, 0)
    reach = 1.959964 / math.sqrt(UNITS - 3)
    assert alone.low == pytest.approx(math.tanh(math.atanh(alone.r) - reach))
    given[:, 0] = rng.normal(size=UNITS)
    once = need.together(wanted, given)
    assert once is not None
    assert once.side == 0


def test_a_need_stands_out_only_beyond_ordinary_movement_in_both_editions() -> None:
    rng = np.random.default_rng(6)
    earlier = rng.normal(50, 1, UNITS)
    later = earlier + rng.normal(0, 1, UNITS)
    earlier[0], later[0] = 60, 60
    earlier[1], later[1] = 60, 50
    earlier[2], later[2] = 40, 40
    found = need.beyond_ordinary(earlier, later)
    assert found[:3].tolist() == [1, 0, -1]
    assert not need.beyond_ordinary(earlier[:10], later[:10]).any()


def test_the_funnels_limits_hold_what_chance_does_and_its_shrinking_guesses_better() -> None:
    rng = np.random.default_rng(7)
    for people in (400, 20_000):
        low, high = small_places.limits(0.02, people, small_places.INNER)
        drawn = rng.binomial(people, 0.02, 20_000) / people
        assert ((drawn < low) | (drawn > high)).mean() == pytest.approx(0.05, abs=0.02)
    sizes = np.round(rng.lognormal(8, 1, UNITS))
    truth = rng.beta(20, 980, UNITS)
    seen = rng.binomial(sizes.astype(int), truth) / sizes
    seen[0] = np.nan
    found = small_places.funnel(seen, sizes)
    assert found is not None
    known = slice(1, None)
    assert found.centre == pytest.approx((seen * sizes)[known].sum() / sizes[known].sum())
    errors = [float(((guess - truth)[known] ** 2).mean()) for guess in (found.shrunken, seen)]
    assert errors[0] < errors[1]
    assert (found.beyond[0], np.isnan(found.shrunken[0])) == (0, True)


@pytest.mark.full
@pytest.mark.parametrize("kind", KINDS)
def test_sentences_are_silent_in_noise_and_find_what_was_planted(kind: str) -> None:
    on_noise, _what, on_planted = KINDS[kind]
    assert spoken(on_noise, 1000) <= 0.05
    assert spoken(on_planted, 300, seed=2) >= 0.5
