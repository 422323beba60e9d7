"""Need beside help: sentences need two editions, and pairs of a page share the chance of being wrong. How often the
sentences of all pages are silent in noise: tests/trials/noise.py."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rankings.engine import evidence, need
from tests.trials.noise import KINDS, spoken

UNITS = 98


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


def test_a_theme_is_the_lowest_only_where_that_is_sure_against_each_of_the_others() -> None:
    rng = np.random.default_rng(8)
    scores = rng.normal(50, 10, (UNITS, 5))
    unsure = need.lowest(scores)
    scores[:, 3] -= 15
    assert need.lowest(scores) == (3, True)
    assert unsure is not None
    assert unsure[1] is False
    scores[:, 1] -= 14  # two are low: neither is the lowest for sure
    assert need.lowest(scores) in {(3, False), (1, False)}
    assert need.lowest(scores[:, :1]) is None


def test_a_funnels_drawn_limits_are_those_its_places_were_judged_by() -> None:
    rng = np.random.default_rng(7)
    sizes = np.round(rng.lognormal(8, 1, UNITS))
    found = evidence.funnel(rng.binomial(sizes.astype(int), rng.beta(20, 980, UNITS)).astype(float), sizes)
    assert found is not None
    low, high = evidence.funnel_limits(found, float(sizes[3]), evidence.ORDINARY)
    assert (low, high) == pytest.approx((found.low[3], found.high[3]))


@pytest.mark.full
@pytest.mark.parametrize("kind", KINDS)
def test_sentences_are_silent_in_noise_and_find_what_was_planted(kind: str) -> None:
    share = spoken(kind, 1000)
    assert share <= 0.05 if KINDS[kind].noise else share >= 0.5
