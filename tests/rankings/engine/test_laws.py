"""The laws of the index, and the slow second implementation that must agree with the engine on any index at
all."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rankings.engine.compute import Outcome, compute
from tests.rankings.engine import oracle
from tests.rankings.engine.indices import Index, Json, indices, municipalities

any_index = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome(index: Index) -> Outcome:
    return compute(index.matrix, index.specification)


@any_index
@given(indices())
def test_the_slow_second_implementation_agrees(index: Index) -> None:
    result = outcome(index)
    expected = oracle.compute(index.spec, index.data)
    for row, unit in enumerate(result.units):
        for column, node in enumerate(result.nodes):
            score, printed, rank, coverage = expected[unit, node]
            place = f"{unit} {node}"
            assert result.coverage[row, column] == pytest.approx(coverage), place
            assert (result.rank[row, column] or None) == rank, place
            for mine, theirs in ((result.score, score), (result.printed, printed)):
                value = mine[row, column]
                assert math.isnan(value) if theirs is None else value == pytest.approx(theirs, abs=1e-9), place


@any_index
@given(indices(), st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(index: Index, random: object) -> None:
    units = list(index.data)
    random.shuffle(units)  # type: ignore[attr-defined]
    shuffled = outcome(Index(index.spec, {unit: index.data[unit] for unit in units}))
    back = [units.index(unit) for unit in index.data]
    first = outcome(index)
    np.testing.assert_array_equal(first.rank, shuffled.rank[back])
    np.testing.assert_array_equal(first.score, shuffled.score[back])


@any_index
@given(indices(), st.randoms(use_true_random=False))
def test_a_permutation_of_indicators_and_nodes_moves_nothing(index: Index, random: object) -> None:
    spec = copy.deepcopy(index.spec)
    random.shuffle(spec["indicators"])  # type: ignore[attr-defined]
    random.shuffle(spec["nodes"])  # type: ignore[attr-defined]
    first, shuffled = outcome(index), outcome(Index(spec, index.data))
    back = [shuffled.position[node] for node in first.nodes]
    np.testing.assert_array_equal(first.rank, shuffled.rank[:, back])
    np.testing.assert_array_equal(first.score, shuffled.score[:, back])


@any_index
@given(indices(), st.sampled_from([0.25, 2.0, 3.0, 1000.0]))
def test_scaling_an_indicator_by_a_positive_number_moves_nothing(index: Index, factor: float) -> None:
    scaled = copy.deepcopy(index)
    indicator = scaled.spec["indicators"][0]
    if indicator["normalise"]["method"] == "none" or "transform" in indicator or "rank" in indicator:
        return
    for key in ("low", "high", "target"):
        if key in indicator["normalise"]:
            indicator["normalise"][key] *= factor
    if indicator.get("missing", {}).get("method") == "value":
        indicator["missing"]["value"] *= factor
    for row in scaled.data.values():
        row["x0"] = None if row["x0"] is None else row["x0"] * factor
    np.testing.assert_array_equal(outcome(index).rank, outcome(scaled).rank)


@any_index
@given(indices(), st.data())
def test_improving_a_value_never_worsens_its_units_score(index: Index, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(list(index.data)))
    indicator = data.draw(st.sampled_from([i for i in index.spec["indicators"] if i["direction"] != "neutral"]))
    value = index.data[unit][indicator["code"]]
    if value is None:
        return
    better = copy.deepcopy(index)
    step = data.draw(st.sampled_from([0.25, 1.0, 7.0])) * (1 if indicator["direction"] == "higher_is_better" else -1)
    if value + step <= 0:
        return
    better.data[unit][indicator["code"]] = value + step
    before, after = outcome(index), outcome(better)
    row, column = before.units.index(unit), before.position["INDEX"]
    if before.rank[row, column]:
        assert after.score[row, column] >= before.score[row, column] - 1e-9


@any_index
@given(indices())
def test_a_rank_is_one_plus_the_number_strictly_better_and_what_is_printed_is_ranked(index: Index) -> None:
    result = outcome(index)
    for node in index.specification.nodes:
        column = result.position[node.code]
        printed, rank = result.printed[:, column], result.rank[:, column]
        assert ((rank == 0) == np.isnan(printed)).all()
        assert result.n[column] == (rank > 0).sum()
        for row in np.flatnonzero(rank):
            assert rank[row] == 1 + np.sum(printed[rank > 0] > printed[row])
            assert result.last[row, column] == rank[row] + np.sum(printed[rank > 0] == printed[row]) - 1
        decimals = node.rank.decimals
        if decimals is not None:
            assert all(repr(x) == repr(round(x, decimals)) for x in printed[rank > 0].tolist())


@any_index
@given(indices())
def test_a_unit_with_nothing_has_no_score_and_no_rank(index: Index) -> None:
    emptied = copy.deepcopy(index)
    emptied.data["u0"] = {name: x if name in {"people", "group"} else None for name, x in index.data["u0"].items()}
    result = outcome(emptied)
    assert (result.rank[0] == 0).all()
    assert np.isnan(result.score[0]).all()
    assert (result.coverage[0] == 0).all()


@any_index
@given(st.lists(st.lists(st.integers(0, 100), min_size=3, max_size=3), min_size=1, max_size=5))
def test_equal_weights_are_the_plain_mean(rows: list[list[int]]) -> None:
    spec: Json = {
        "unit": "code",
        "indicators": [
            {"code": f"x{n}", "parent": "I", "direction": "higher_is_better", "weight": 7} for n in range(3)
        ],
        "nodes": [{"code": "I", "parent": None}],
        "normalise": {"method": "none"},
    }
    data = {f"u{n}": {**{f"x{m}": x for m, x in enumerate(row)}, "group": ""} for n, row in enumerate(rows)}
    result = outcome(Index(spec, data))
    for row, score in zip(rows, result.score[:, -1], strict=True):
        assert score == pytest.approx(sum(row) / 3)


def test_ties_share_the_low_number_and_know_their_last_place() -> None:
    result = places_of([5.0, 4.04, 4.0, 1.0], decimals=1)
    assert result == ([1, 2, 2, 4], [1, 3, 3, 4])


def test_lowest_first_turns_the_order_round() -> None:
    assert places_of([5.0, 4.0, 1.0], decimals=1, first="lowest")[0] == [3, 2, 1]


def test_halves_are_rounded_away_from_zero_also_when_binary_fractions_miss_them() -> None:
    index = Index(one_node(decimals=1), {"u": {"x0": 64.2, "x1": 64.3, "group": ""}})
    assert outcome(index).printed[0].tolist() == [64.2, 64.3, 64.3]
    index = Index(one_node(decimals=1), {"u": {"x0": -64.2, "x1": -64.3, "group": ""}})
    assert outcome(index).printed[0, -1] == -64.3


def test_without_decimals_noise_in_the_sixteenth_digit_is_a_tie() -> None:
    data: dict[str, Json] = {"u": {"x0": 0.1, "x1": 0.2, "group": ""}, "v": {"x0": 0.3, "x1": 0.0, "group": ""}}
    spec = one_node(decimals=None)
    spec["nodes"][0]["aggregate"] = "sum"
    result = outcome(Index(spec, data))
    assert result.score[0, -1] != result.score[1, -1]
    assert result.rank[:, -1].tolist() == [1, 1]


def test_editions_in_the_shape_of_the_portal_rank_values_as_they_are_printed() -> None:
    result = outcome(municipalities())
    expected = oracle.compute(municipalities().spec, municipalities().data)
    for (unit, node), (_, _, rank, _) in expected.items():
        assert (result.rank[result.units.index(unit), result.position[node]] or None) == rank


def one_node(decimals: int | None, first: str = "highest", count: int = 2) -> Json:
    return {
        "unit": "code",
        "indicators": [{"code": f"x{n}", "parent": "I", "direction": "higher_is_better"} for n in range(count)],
        "nodes": [{"code": "I", "parent": None}],
        "normalise": {"method": "none"},
        "rank": {"decimals": decimals, "first": first},
    }


def places_of(values: list[float], decimals: int, first: str = "highest") -> tuple[list[int], list[int]]:
    data = {f"u{n}": {"x0": value, "group": ""} for n, value in enumerate(values)}
    result = outcome(Index(one_node(decimals, first, 1), data))
    return result.rank[:, -1].tolist(), result.last[:, -1].tolist()
