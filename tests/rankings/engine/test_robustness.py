"""How sure a rank is: the draws agree with the computation, the interval keeps its promise, and so do the pairs."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from rankings.engine import draws, robustness, variations, weights
from rankings.engine.compute import compute
from rankings.engine.matrix import DataError, Floats
from rankings.engine.robustness import first_order, indistinct, interval
from rankings.engine.specification import SpecificationError
from tests.rankings.engine.indices import Index, indices, municipalities

EDITION = municipalities(units=30, indicators=8)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(indices())
def test_a_draw_of_nothing_varied_gives_the_published_ranks(index: Index) -> None:
    specification = index.specification
    published = compute(index.matrix, specification)
    declared = variations.normalisations(index.matrix, specification)["declared"]
    case = robustness._case(declared, "declared", published)
    once = variations.weight_sets(specification, ["declared"], np.random.default_rng(0)).astype(np.float32)
    drawn = draws.ranks(specification, case, once, published.rank.T > 0)
    found = {row: places[0] for _, row, places in drawn}
    for row, places in found.items():
        decided = _far_apart(published.score[:, row], specification.parts[row].rank.decimals)
        if decided:  # single precision may settle a tie, or a score on the half, the other way
            np.testing.assert_array_equal(places, published.rank[:, row])


def _far_apart(scores: Floats, decimals: int | None) -> bool:
    present = np.sort(scores[~np.isnan(scores)])
    unit = 10.0 ** -(decimals or 0)
    half = np.abs((present / unit) % 1 - 0.5)
    gaps = np.diff(present)
    size = np.abs(present).max(initial=1e-9)
    return bool((gaps > 1e-4 * size).all()) and (decimals is None or bool((half > 1e-3 * max(size / unit, 1)).all()))


@settings(max_examples=settings().max_examples // 3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(indices())
def test_every_index_has_intervals_that_hold_the_published_rank(index: Index) -> None:
    published = compute(index.matrix, index.specification)
    found = robustness.robustness(index.matrix, index.specification, draws=60, seed=1)
    ranked = published.rank > 0
    assert ((found.low > 0) == ranked).all()
    assert (found.low <= published.rank).all()
    assert (found.high >= published.rank).all()
    assert (found.high <= published.n).all()


def test_the_same_seed_gives_the_same_result_and_at_least_the_draws_asked_for() -> None:
    first = robustness.robustness(EDITION.matrix, EDITION.specification, draws=200, seed=3)
    again = robustness.robustness(EDITION.matrix, EDITION.specification, draws=200, seed=3)
    other = robustness.robustness(EDITION.matrix, EDITION.specification, draws=200, seed=4)
    assert first.draws == 204
    np.testing.assert_array_equal(first.low, again.low)
    np.testing.assert_array_equal(first.high, again.high)
    assert (first.high != other.high).any()


def test_the_variations_that_ran_are_named_with_their_share_of_the_movement() -> None:
    found = robustness.robustness(EDITION.matrix, EDITION.specification, draws=600)
    assert [variation.name for variation in found.variations] == list(variations.FACTORS)
    normalisation, weighting, left_out, missing = found.variations
    assert normalisation.choices == ("declared", "min_max", "z_score", "percentile_rank")
    assert weighting.choices == ("declared", "flat", "random")
    assert left_out.choices == ("nothing", *(f"x{n}" for n in range(8)))
    assert missing.choices == ("declared", "median", "no_threshold")
    index = found.nodes.index("INDEX")
    shares = [variation.share[index] for variation in found.variations]
    assert all(0 <= share <= 1 for share in shares)
    assert 0.5 < sum(shares) < 1.3
    assert np.isnan(weighting.share[0])


def test_an_index_whose_data_are_already_one_of_the_variants_does_not_run_it_twice() -> None:
    spec = copy.deepcopy(EDITION.spec)
    for indicator in spec["indicators"]:
        indicator["normalise"] = {"method": "min_max"}
    index = Index(spec, EDITION.data)
    assert list(variations.normalisations(index.matrix, index.specification)) == [
        "declared",
        "z_score",
        "percentile_rank",
    ]


def test_every_indicator_is_left_out_in_turn_and_weights_stay_within_half_and_double() -> None:
    specification = EDITION.specification
    plan = variations.plan(specification, 4, 300, seed=2)
    base = plan.weights[: 2 * plan.size]
    outside = base[:, :8] == 0
    assert (outside.sum(axis=1) <= 1).all()
    assert (outside.sum(axis=0) >= 2).all()
    assert len(np.unique(plan.normalisation[: plan.size])) == 4
    declared = np.array([specification.weights[code] for code in specification.order])
    sets = variations.weight_sets(specification, ["random"] * 200, np.random.default_rng(0))
    assert (sets >= declared / 2).all()
    assert (sets <= declared * 2).all()
    assert sets.min() < 0.6
    assert sets.max() > 1.8


def test_flat_weights_give_every_indicator_the_same_share_of_the_whole() -> None:
    specification = municipalities(indicators=6).specification  # themes of 2, 2, 1 and 1
    flat = dict(zip(specification.order, variations.flat(specification), strict=True))
    assert (flat["x0"], flat["T0"], flat["T3"], flat["A0"], flat["INDEX"]) == (1, 2, 1, 3, 6)


def test_an_interval_cuts_a_twentieth_off_either_end_and_is_widened_to_the_published_rank() -> None:
    ranks = np.tile(np.arange(1, 101)[:, np.newaxis], (1, 3)).astype(np.uint16)
    low, high = interval(ranks, np.array([50, 2, 0]), 0.9)
    assert low.tolist() == [6, 2, 0]
    assert high.tolist() == [95, 95, 0]


def test_units_are_told_apart_when_the_published_order_holds_in_nine_draws_of_ten() -> None:
    ranks = np.array([[1, 2, 3]] * 18 + [[2, 1, 3]] * 2, dtype=np.uint16)  # the first two change places in 2 of 20
    published = np.array([1, 2, 3])
    low, high = interval(ranks, published, 0.9)
    alike = indistinct(ranks, published, low, high, 0.9)
    assert alike.counts().tolist() == [0, 0, 0]
    ranks[0] = [2, 1, 3]
    alike = indistinct(ranks, published, *interval(ranks, published, 0.9), 0.9)
    assert alike.counts().tolist() == [1, 1, 0]
    assert alike.of(0).tolist() == [1]


def test_a_shared_rank_is_never_told_apart_and_the_unranked_are_no_ones_equal() -> None:
    ranks = np.array([[1, 2, 0]] * 20, dtype=np.uint16)
    published = np.array([1, 1, 0])
    alike = indistinct(ranks, published, *interval(ranks, published, 0.9), 0.9)
    assert [alike.of(row).tolist() for row in range(3)] == [[1], [0], []]
    nobody = indistinct(ranks, np.zeros(3, dtype=int), np.zeros(3, dtype=int), np.zeros(3, dtype=int), 0.9)
    assert nobody.counts().tolist() == [0, 0, 0]


def test_comparing_only_pairs_whose_intervals_meet_misses_none(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    scores = np.arange(40) + rng.normal(0, 3, (300, 40))
    ranks = (np.argsort(np.argsort(scores, axis=1), axis=1) + 1).astype(np.uint16)
    published = np.arange(1, 41)
    monkeypatch.setattr(robustness, "COMPARISONS", 7 * ranks.size)  # several blocks
    alike = indistinct(ranks, published, *interval(ranks, published, 0.9), 0.9)
    for one in range(40):
        plain = [v for v in range(40) if v != one and (ranks[:, min(one, v)] < ranks[:, max(one, v)]).sum() < 270]
        assert sorted(alike.of(one).tolist()) == plain


def test_pairs_are_compared_everywhere_in_a_small_edition_at_the_root_of_a_large_one_nowhere_in_a_huge_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = robustness.robustness(EDITION.matrix, EDITION.specification, draws=30)
    assert set(small.alike) == {"T0", "T1", "T2", "T3", "A0", "A1", "INDEX"}
    monkeypatch.setattr(robustness, "PAIRS_AT_MOST", 20)
    large = robustness.robustness(EDITION.matrix, EDITION.specification, draws=30)
    assert set(large.alike) == {"INDEX"}
    np.testing.assert_array_equal(small.alike["INDEX"].others, large.alike["INDEX"].others)
    monkeypatch.setattr(robustness, "PAIRS_AT_ALL", 20)
    huge = robustness.robustness(EDITION.matrix, EDITION.specification, draws=30)
    assert huge.alike == {}
    np.testing.assert_array_equal(small.low, huge.low)


def test_batches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = robustness.robustness(EDITION.matrix, EDITION.specification, draws=60)
    monkeypatch.setattr(draws, "BATCH", 60)
    parts = robustness.robustness(EDITION.matrix, EDITION.specification, draws=60)
    np.testing.assert_array_equal(whole.high, parts.high)


def test_the_first_order_share_is_all_of_it_for_the_one_factor_that_moves_ranks() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.permuted(np.tile(np.arange(5), (2, 400, 1)), axis=2).astype(np.uint16)
    ranks = np.concatenate([a, b, b, a, a, a])  # the first factor from B gives B, the others from B change nothing
    assert first_order(ranks, 400) == pytest.approx([1, 0, 0, 0], abs=0.1)
    assert np.isnan(first_order(np.ones((24, 5), dtype=np.uint16), 4)).all()


def test_geometric_indices_and_logarithmic_goalposts_and_normalised_nodes_are_varied_too() -> None:
    spec = copy.deepcopy(EDITION.spec)
    spec["nodes"][-1] |= {"aggregate": "geometric", "normalise": {"method": "percentile_rank"}}
    spec["nodes"][0] |= {"aggregate": "harmonic", "missing": {"method": "none"}}
    for indicator in spec["indicators"][:4]:
        indicator["normalise"]["log"] = True
    data = copy.deepcopy(EDITION.data)
    data["100"]["x2"] = 0
    for row in data.values():
        row["x7"] = None
    index = Index(spec, data)
    found = robustness.robustness(index.matrix, index.specification, draws=60)
    published = compute(index.matrix, index.specification)
    assert ((found.low > 0) == (published.rank > 0)).all()


def test_own_weights_from_stored_scores_give_what_the_whole_computation_gives() -> None:
    specification = EDITION.specification
    published = compute(EDITION.matrix, specification)
    mine = {"A1": 3.0, "x2": 0.0, "T0": 2.0}
    again = weights.recompute(published.indicator_scores(), specification, mine, published.units)
    fresh = compute(EDITION.matrix, specification.with_weights(mine))
    nodes = slice(8, None)
    np.testing.assert_array_equal(again.score[:, nodes], fresh.score[:, nodes])
    np.testing.assert_array_equal(again.rank[:, nodes], fresh.rank[:, nodes])
    assert again.units == published.units


def test_own_weights_that_make_no_sense_are_refused() -> None:
    specification = EDITION.specification
    stored = compute(EDITION.matrix, specification).indicator_scores()
    with pytest.raises(SpecificationError, match=r"weights\.q"):
        weights.recompute(stored, specification, {"q": 1.0})
    with pytest.raises(SpecificationError, match="all 0"):
        weights.recompute(stored, specification, {"A0": 0.0, "A1": 0.0})
    with pytest.raises(DataError, match="8 indicators"):
        weights.recompute(stored[:, 1:], specification, {})


def test_how_far_a_unit_moves_holds_its_published_rank_and_every_reasonable_weighting() -> None:
    specification = EDITION.specification
    published = compute(EDITION.matrix, specification)
    far = weights.reach(published.indicator_scores(), specification, draws_wanted=200, units=published.units)
    assert (far.best <= published.rank).all()
    assert (far.worst >= published.rank).all()
    flat = dict(zip(specification.order, variations.flat(specification).tolist(), strict=True))
    level = weights.recompute(published.indicator_scores(), specification, flat)
    assert (far.best[:, -1] <= level.rank[:, -1]).all()
    assert (far.worst[:, -1] >= level.rank[:, -1]).all()
    assert (far.best[:, -1] < far.worst[:, -1]).any()
    assert far.draws == 200
