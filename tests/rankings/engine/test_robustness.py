"""How sure a rank is: the draws agree with the computation, the interval keeps its promise, and so do the pairs."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from rankings.engine import draws, rank, robustness, variations, weights
from rankings.engine.compute import compute, recompute
from rankings.engine.matrix import DataError, Floats
from rankings.engine.robustness import first_order, indistinct, interval
from rankings.engine.specification import Specification, SpecificationError
from tests.rankings.engine.indices import Index, Json, indices, municipalities

EDITION = municipalities(units=30, indicators=8)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(indices())
def test_a_draw_of_nothing_varied_gives_the_published_ranks(index: Index) -> None:
    specification = index.specification
    published = compute(index.matrix, specification)
    case = draws.case_of(specification, published.indicator_scores().T, np.isnan(published.score.T))
    once = variations.weight_sets(specification, ["declared"], np.random.default_rng(0)).astype(np.float32)
    drawn = draws.ranks(case, once, published.rank.T > 0)
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


def test_the_same_seed_gives_the_same_result_and_the_draws_asked_for() -> None:
    first = robustness.robustness(EDITION.matrix, EDITION.specification, draws=200, seed=3)
    again = robustness.robustness(EDITION.matrix, EDITION.specification, draws=200, seed=3)
    other = robustness.robustness(EDITION.matrix, EDITION.specification, draws=200, seed=4)
    assert first.draws == 200
    np.testing.assert_array_equal(first.low, again.low)
    np.testing.assert_array_equal(first.high, again.high)
    assert (first.high != other.high).any()


def test_the_variations_that_ran_are_named_with_their_share_of_the_movement_and_its_error() -> None:
    index = with_sources(EDITION)
    found = robustness.robustness(index.matrix, index.specification, draws=3000)
    assert [variation.name for variation in found.variations] == list(variations.FACTORS)
    normalisation, weighting, aggregation, left_out, missing = found.variations
    assert normalisation.choices == ("declared", "min_max", "z_score", "percentile_rank")
    assert weighting.choices == ("around_declared", "around_flat")
    assert aggregation.choices == ("declared", "geometric")
    assert left_out.choices == ("nothing", *(f"x{n}" for n in range(8)), "source:asked", "source:counted")
    assert missing.choices == ("declared", "median", "no_threshold")
    column = found.nodes.index("INDEX")
    shares = [variation.share[column] for variation in found.variations]
    assert all(0 <= share <= 1 for share in shares)
    assert 0.5 < sum(shares) < 1.1
    assert all(0 < variation.error[column] < 0.1 for variation in found.variations)
    assert np.isnan(weighting.share[0])


def with_sources(index: Index) -> Index:
    spec = copy.deepcopy(index.spec)
    for number, indicator in enumerate(spec["indicators"]):
        indicator["source"] = "asked" if number % 3 == 0 else "counted"
    return Index(spec, index.data)


def test_shares_of_other_seeds_lie_where_their_errors_say() -> None:
    """Over ten seeds the spread of each share is what its own error claims, give or take half."""
    runs = [robustness.robustness(EDITION.matrix, EDITION.specification, draws=1500, seed=seed) for seed in range(10)]
    for factor in range(len(variations.FACTORS)):
        shares = [run.variations[factor].share[-1] for run in runs]
        claimed = np.mean([run.variations[factor].error[-1] for run in runs])
        assert 0.4 * claimed < np.std(shares, ddof=1) < 1.8 * claimed


def test_an_index_whose_data_are_already_one_of_the_variants_does_not_run_it_twice() -> None:
    spec = copy.deepcopy(EDITION.spec)
    for indicator in spec["indicators"]:
        indicator["normalise"] = {"method": "min_max"}
    found = variations.scorings(EDITION.matrix, Index(spec, EDITION.data).specification)
    assert list(found) == ["declared", "z_score", "percentile_rank"]


def test_every_draw_has_weights_of_its_own_within_half_and_double() -> None:
    specification = with_sources(EDITION).specification
    plan = variations.plan(specification, 400, seed=2)
    base = plan.weights[:400]
    assert len(np.unique(base, axis=0)) == 400
    starts = np.array([variations.declared(specification), variations.flat(specification)])[plan.picks["weights"][:400]]
    ratio = base / starts
    kept = base > 0
    assert (ratio[kept] >= 0.5).all()
    assert (ratio[kept] <= 2).all()
    assert ratio[kept].min() < 0.55
    assert ratio[kept].max() > 1.9
    assert (plan.weights[400:] > 0).sum() > 0
    both = (plan.weights[400:] > 0) & (base[: len(plan.weights) - 400] > 0)
    np.testing.assert_array_equal(plan.weights[400:][both], base[: len(plan.weights) - 400][both])


def test_nothing_one_indicator_and_one_source_are_left_out_in_turn() -> None:
    specification = with_sources(EDITION).specification
    plan = variations.plan(specification, 1200, seed=2)
    away = (plan.weights[:1200, :8] == 0).sum(axis=1)
    assert [(away == number).mean() for number in (0, 1, 3, 5)] == pytest.approx(
        [1 / 3, 1 / 3, 1 / 6, 1 / 6], abs=0.005
    )
    alone = away == 1
    counts = (plan.weights[:1200][alone, :8] == 0).sum(axis=0)
    assert counts.max() - counts.min() <= 1
    plain = variations.plan(EDITION.specification, 400, seed=2)
    assert sorted(set((plain.weights[:400, :8] == 0).sum(axis=1))) == [0, 1]


def test_every_combination_of_choices_is_drawn_alike_and_every_weight_is_spread_evenly() -> None:
    plan = variations.plan(EDITION.specification, 1440, seed=2)
    kinds = [plan.picks[name] if name != "leave_out" else plan.picks[name] > 0 for name in variations.FACTORS]
    combinations, counts = np.unique(np.stack(kinds)[:, :1440], axis=1, return_counts=True)
    left_out = combinations[variations.FACTORS.index("leave_out")] == 1
    assert set(counts[~left_out]) == {10}
    assert set(counts[left_out]) == {20}
    there = plan.weights[:1440] > 0
    starts = np.array([variations.declared(EDITION.specification), variations.flat(EDITION.specification)])
    factor = plan.weights[:1440] / starts[plan.picks["weights"][:1440]]
    root = np.sort(np.log2(factor[there[:, -1], -1]))
    assert np.abs(root - (2 * (np.arange(root.size) + 0.5) / root.size - 1)).max() <= 1.5 / root.size


def test_lowest_to_highest_is_taken_of_values_that_no_goalpost_has_capped() -> None:
    spec, data = copy.deepcopy(EDITION.spec), copy.deepcopy(EDITION.data)
    data["100"]["x0"] = 300.0  # far beyond the goalpost at 80
    found = variations.scorings(Index(spec, data).matrix, Index(spec, data).specification)
    values = np.array([np.nan if row["x0"] is None else row["x0"] for row in data.values()])
    expected = 1 + (values - np.nanmin(values)) / (np.nanmax(values) - np.nanmin(values)) * 99
    np.testing.assert_allclose(found["min_max"].scores()[0], expected, rtol=1e-5)
    assert found["declared"].scores()[0, 0] == 100


def test_a_drawn_rank_is_that_of_the_index_computed_with_the_draws_choices() -> None:
    """A slow second way: every draw as a specification of its own, computed whole by `compute`."""
    index = with_sources(EDITION)
    specification = index.specification
    recomputed = draws.Recomputed(index.matrix, specification, 200, 7)
    ranks = dict(recomputed.node_by_node())["INDEX"]
    plan = recomputed.plan
    for draw in range(0, 240, 3):
        chosen = {name: plan.choices[name][plan.picks[name][draw]] for name in variations.FACTORS}
        expected = by_itself(index, chosen, plan.weights[draw].astype(float))
        published = recomputed.published.rank[:, -1]
        expected = np.where((published > 0) & (expected == 0), published, expected)
        found = np.where(published > 0, ranks[draw].astype(int), 0)
        assert np.abs(found - np.where(published > 0, expected, 0)).max() <= 1  # a tie in single precision
        assert (found == np.where(published > 0, expected, 0)).mean() > 0.9


def by_itself(index: Index, chosen: dict[str, str], weights: Floats) -> Floats:
    """Ranks at the root of one draw. Unranked units stand outside, as they do in every draw."""
    published = compute(index.matrix, index.specification)
    spec = copy.deepcopy(index.spec)
    for part, weight in zip([*spec["indicators"], *spec["nodes"]], weights, strict=True):
        part["weight"] = float(weight)
    ends = {"z_score": {"mean": 50, "sd": 10, "cap": 4}, "declared": {}}.get(
        chosen["normalisation"], {"scale": [1, 100]}
    )
    for part in spec["indicators"]:
        if chosen["normalisation"] != "declared":
            part["normalise"] = {"method": chosen["normalisation"], **ends}
        elif chosen["aggregation"] == "geometric":
            part["normalise"] = {**part["normalise"], "scale": [1, 100]}
    for node in spec["nodes"]:
        node["aggregate"] = {"declared": "arithmetic"}.get(chosen["aggregation"], chosen["aggregation"])
    spec["missing"] = {"method": "rescale", "coverage": 0}
    alive = Index(spec, index.data)
    specification = alive.specification if (weights > 0).all() else without_weightless(alive.spec)
    scores = compute(index.matrix, specification)
    values = {code: scores.score[:, scores.position[code]] for code in scores.nodes}
    if chosen["missing"] == "median":
        for code in (i.code for i in specification.indicators):
            values[code] = np.where(np.isnan(values[code]), np.nanmedian(values[code]), values[code])
    for code in specification.upwards:
        parts = [(specification.weights[child], values[child]) for child in specification.children[code]]
        total = sum(
            w * np.where(np.isnan(x), 0, np.log(x) if chosen["aggregation"] == "geometric" else x) for w, x in parts
        )
        weight = sum(w * ~np.isnan(x) for w, x in parts)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean: Floats = np.asarray(total / weight)
        values[code] = np.exp(mean) if chosen["aggregation"] == "geometric" else mean
        if chosen["missing"] == "declared":
            values[code] = np.where(np.isnan(published.score[:, published.position[code]]), np.nan, values[code])
    printed = np.round(np.where(published.rank[:, -1] > 0, values["INDEX"], np.nan), 1)
    better = (printed[np.newaxis] > printed[:, np.newaxis] + 1e-6).sum(axis=1)
    return np.where(np.isnan(printed), 0, 1 + better)


def without_weightless(spec: Json) -> Specification:
    whole = Specification.from_json(
        {**spec, "indicators": [{**i, "weight": i["weight"] or 1} for i in spec["indicators"]]}
    )
    return whole.restricted([i["code"] for i in spec["indicators"] if i["weight"]])


def test_flat_weights_give_every_indicator_the_same_share_of_the_whole() -> None:
    specification = municipalities(indicators=6).specification  # themes of 2, 2, 1 and 1
    flat = dict(zip(specification.order, variations.flat(specification), strict=True))
    assert (flat["x0"], flat["T0"], flat["T3"], flat["A0"], flat["INDEX"]) == (1, 2, 1, 3, 6)


def test_an_interval_cuts_a_twentieth_off_either_end_and_is_widened_to_the_published_rank() -> None:
    ranks = np.tile(np.arange(1, 101)[:, np.newaxis], (1, 3)).astype(np.uint16)
    low, high = interval(ranks, np.array([50, 2, 0]), 0.9)
    assert low.tolist() == [6, 2, 0]
    assert high.tolist() == [95, 95, 0]


@pytest.mark.parametrize(("count", "units"), [(400, 12), (12, 400)])
def test_the_ends_of_an_interval_are_those_of_the_sorted_draws(count: int, units: int) -> None:
    ranks = np.random.default_rng(5).integers(1, units + 1, (count, units), dtype=np.uint16)
    ordered, cut = np.sort(ranks, axis=0), int(0.05 * count + 1e-9)
    published = ordered[count // 2].astype(np.int64)
    low, high = interval(ranks, published, 0.9)
    assert low.tolist() == ordered[cut].tolist()
    assert high.tolist() == ordered[count - 1 - cut].tolist()


def test_places_of_many_draws_are_those_of_each() -> None:
    values = np.random.default_rng(5).uniform(0, 100, (300, 20)).astype(np.float32)  # more than is counted at a time
    values[::7, 3] = np.nan
    each = [rank.place(rank.rounded(draw[np.newaxis], 1), "highest")[0].tolist() for draw in values]
    assert draws.places(values, 1, "highest").tolist() == each


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
    plan = variations.plan(EDITION.specification, 2000, seed=1)
    published = np.full(5, 3)
    for factor, name in enumerate(variations.FACTORS):
        cause = plan.weights[:, -1] if name == "weights" else plan.picks[name]
        moved = np.array([cause * (unit + 3) * 3.7 % 11 for unit in range(5)]).T
        shares, errors = first_order((moved + 1).astype(np.uint16), published, plan)
        expected = [float(number == factor) for number in range(5)]
        if name == "weights":  # left-out parts weigh 0 whatever the weights: that is another factor's
            assert shares[factor] > 0.9
        else:
            others = [number for number in range(5) if number != 1]  # of the weights only a fifth of the draws tells
            assert shares[others] == pytest.approx([expected[number] for number in others], abs=0.03)
            assert abs(shares[1]) < 0.1
        assert (errors < 0.1).all()
    assert np.isnan(first_order(np.full((2400, 5), 3, dtype=np.uint16), published, plan)[0]).all()


def test_the_share_of_a_mixture_of_factors_is_the_share_that_was_put_in() -> None:
    """Ranks that are a sum of three independent effects: the shares are those of their variances."""
    plan = variations.plan(EDITION.specification, 6000, seed=3)
    rng = np.random.default_rng(0)
    one = rng.normal(0, 1, 4)[plan.picks["normalisation"]]
    two = rng.normal(0, 1, 9)[plan.picks["leave_out"]]
    three = np.log2(plan.weights[:, -2] / variations.declared(EDITION.specification)[-2])
    three = np.where(plan.weights[:, -2] > 0, three, 0)
    noise = rng.normal(0, 1, len(one))
    effects = [effect / effect[:6000].std() for effect in (one, two, three, noise)]
    moved = np.round(1000 + 100 * (2 * effects[0] + effects[1] + 1.5 * effects[2] + 0.5 * effects[3]))[:, np.newaxis]
    shares, _ = first_order(moved.astype(np.uint16), np.array([1000]), plan)
    assert shares == pytest.approx(np.array([4, 2.25, 0, 1, 0]) / 7.5, abs=0.06)


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
    again = recompute(published.indicator_scores(), specification, mine, published.units)
    fresh = compute(EDITION.matrix, specification.with_weights(mine))
    nodes = slice(8, None)
    np.testing.assert_array_equal(again.score[:, nodes], fresh.score[:, nodes])
    np.testing.assert_array_equal(again.rank[:, nodes], fresh.rank[:, nodes])
    assert again.units == published.units


def test_own_weights_that_make_no_sense_are_refused() -> None:
    specification = EDITION.specification
    stored = compute(EDITION.matrix, specification).indicator_scores()
    with pytest.raises(SpecificationError, match=r"weights\.q"):
        recompute(stored, specification, {"q": 1.0})
    with pytest.raises(SpecificationError, match="all 0"):
        recompute(stored, specification, {"A0": 0.0, "A1": 0.0})
    with pytest.raises(DataError, match="8 indicators"):
        recompute(stored[:, 1:], specification, {})


def test_how_far_a_unit_moves_holds_its_published_rank_and_every_reasonable_weighting() -> None:
    specification = EDITION.specification
    published = compute(EDITION.matrix, specification)
    far = weights.reach(published.indicator_scores(), specification, draws_wanted=200, units=published.units)
    assert (far.best <= published.rank).all()
    assert (far.worst >= published.rank).all()
    flat = dict(zip(specification.order, variations.flat(specification).tolist(), strict=True))
    level = recompute(published.indicator_scores(), specification, flat)
    assert (far.best[:, -1] <= level.rank[:, -1]).all()
    assert (far.worst[:, -1] >= level.rank[:, -1]).all()
    assert (far.best[:, -1] < far.worst[:, -1]).any()
    assert far.draws == 200


def test_two_editions_are_compared_under_the_same_choices_draw_by_draw() -> None:
    after = copy.deepcopy(EDITION)
    for name in ("x0", "x2", "x4", "x6"):  # higher is better: unit 110 improves, nobody else changes
        after.data["110"][name] = 79.0
    spec = EDITION.specification
    same = robustness.paired_change(EDITION.matrix, spec, EDITION.matrix, spec, draws=300)
    assert set(same.values()) == {(0.0, 0.0)}
    found = robustness.paired_change(EDITION.matrix, spec, after.matrix, spec, draws=300)
    assert found["110"][0] > 0.9
    assert found["110"][1] == 0
    others = [ahead for unit, (ahead, _behind) in found.items() if unit != "110"]
    assert np.median(others) < 0.05  # not 0: lowest–highest, z-scores and percentile ranks are learnt from all
    back = robustness.paired_change(after.matrix, spec, EDITION.matrix, spec, draws=300)
    assert {unit: (behind, ahead) for unit, (ahead, behind) in back.items()} == found


def test_a_unit_that_is_ranked_in_one_edition_only_moves_nobody() -> None:
    after = copy.deepcopy(EDITION)
    published = compute(EDITION.matrix, EDITION.specification)
    best = published.units[int(np.argmin(np.where(published.rank[:, -1] > 0, published.rank[:, -1], 99)))]
    after.data[best] = {name: None if name.startswith("x") else value for name, value in after.data[best].items()}
    found = robustness.paired_change(
        EDITION.matrix, EDITION.specification, after.matrix, EDITION.specification, draws=200
    )
    assert best not in found
    assert len(found) == (published.rank[:, -1] > 0).sum() - 1
    assert np.median(list(found.values())) < 0.05  # without the best, the same 29 stand as they stood


def test_editions_with_other_indicators_and_areas_are_compared_where_they_have_both() -> None:
    other = copy.deepcopy(EDITION)
    del other.spec["indicators"][5]
    other.spec["nodes"][0]["weight"] = 3
    found = robustness.paired_change(
        EDITION.matrix, EDITION.specification, other.matrix, other.specification, draws=200
    )
    assert all(0 <= ahead + behind <= 1 for ahead, behind in found.values())
    assert any(ahead > 0.5 for ahead, _ in found.values())
