"""Every method on numbers that can be checked by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from rankings.engine.compute import Outcome, compute
from rankings.engine.matrix import DataError, Matrix
from rankings.engine.specification import Specification
from rankings.engine.treatment import kurtosis, skewness

GAP = float("nan")


def one(values: list[float], *, direction: str = "higher_is_better", columns: dict[str, list[float]] | None = None,
        groups: list[str] | None = None, node: dict[str, Any] | None = None, **entry: Any) -> Outcome:  # fmt: skip
    """An index of one indicator x under one node."""
    spec = Specification.from_json(
        {
            "unit": "code",
            "indicators": [{"code": "x", "parent": "I", "direction": direction, **entry}],
            "nodes": [{"code": "I", **(node or {})}],
        }
    )
    return compute(matrix({"x": values, **(columns or {})}, groups), spec)


def matrix(columns: dict[str, list[float]], groups: list[str] | None = None) -> Matrix:
    values = np.array(list(columns.values())).T
    units = tuple(f"u{n}" for n in range(len(values)))
    return Matrix(units, tuple(columns), values, {"group": tuple(groups)} if groups else {})


def scores(outcome: Outcome) -> list[float]:
    return [round(score, 10) for score in outcome.score[:, 0].tolist()]


def tree(
    columns: dict[str, list[float]], aggregate: str, weights: list[float] | None = None, **node: Any
) -> list[float]:
    """The top score of each unit: the columns as they are, under one node."""
    declared = weights or [1.0] * len(columns)
    spec = Specification.from_json(
        {
            "unit": "code",
            "indicators": [
                {"code": code, "parent": "I", "direction": "higher_is_better", "weight": weight}
                for code, weight in zip(columns, declared, strict=True)
            ],
            "nodes": [{"code": "I", "aggregate": aggregate, **node}],
            "normalise": {"method": "none"},
        }
    )
    return [round(score, 10) for score in compute(matrix(columns), spec).score[:, -1].tolist()]


def test_min_max_gives_the_worst_and_the_best_the_ends_of_the_scale() -> None:
    choice = {"method": "min_max", "scale": [10, 20]}
    assert scores(one([1, 2, 5], normalise=choice)) == [10, 12.5, 20]
    assert scores(one([1, 2, 5], normalise=choice, direction="lower_is_better")) == [20, 17.5, 10]


def test_values_that_are_all_equal_get_the_middle_of_the_scale() -> None:
    assert scores(one([3, 3], normalise={"method": "min_max"})) == [50, 50]
    assert scores(one([3, 3], normalise={"method": "z_score", "mean": 50})) == [50, 50]


def test_goalposts_are_fixed_and_clip_unless_told_not_to() -> None:
    choice = {"method": "goalposts", "low": 20, "high": 85, "scale": [0, 1]}
    assert scores(one([20, 52.5, 90], normalise=choice)) == [0, 0.5, 1]
    assert scores(one([20, 52.5, 91.5], normalise={**choice, "clip": False})) == [0, 0.5, 1.1]
    assert scores(one([10, 52.5, 85], normalise=choice, direction="lower_is_better")) == [1, 0.5, 0]


def test_goalposts_on_a_logarithm_are_those_of_the_human_development_index() -> None:
    choice = {"method": "goalposts", "low": 100, "high": 75000, "log": True, "scale": [0, 1]}
    income = (math.log(17000) - math.log(100)) / (math.log(75000) - math.log(100))
    assert scores(one([17000, 80000, 0], normalise=choice)) == [round(income, 10), 1, 0]
    with pytest.raises(DataError, match="no logarithm"):
        one([0, 5], normalise={**choice, "clip": False})


def test_z_scores_count_deviations_with_n_or_n_minus_one_up_to_a_cap() -> None:
    assert scores(one([1, 2, 3], normalise={"method": "z_score", "ddof": 1})) == [-1, 0, 1]
    assert scores(one([1, 3], normalise={"method": "z_score"})) == [-1, 1]
    assert scores(one([1, 3], normalise={"method": "z_score", "mean": 50, "sd": 10, "cap": 0.5})) == [45, 55]
    assert scores(one([1], normalise={"method": "z_score", "ddof": 1})) == [0]


def test_percentile_rank_is_the_share_strictly_worse_among_those_with_a_value() -> None:
    result = one([4, 2, 2, 9, GAP], normalise={"method": "percentile_rank"})
    np.testing.assert_allclose(result.score[:, 0], [2 / 3, 0, 0, 1, GAP])
    assert scores(one([7], normalise={"method": "percentile_rank", "scale": [0, 100]})) == [0]


def test_borda_counts_the_units_strictly_worse() -> None:
    assert scores(one([4, 2, 2, 9], normalise={"method": "borda"}, direction="lower_is_better")) == [1, 2, 2, 0]


def test_distance_to_target_runs_from_the_worst_to_the_target() -> None:
    choice = {"method": "target", "target": 8, "scale": [0, 1]}
    assert scores(one([0, 4, 10], normalise=choice)) == [0, 0.5, 1]
    assert scores(one([0, 4, 10], normalise={**choice, "clip": False})) == [0, 0.5, 1.25]
    down = one([7, 3, 10], normalise={**choice, "target": 4}, direction="lower_is_better")
    assert scores(down) == [0.5, 1, 0]
    assert scores(one([4, 6], normalise={**choice, "worst": 0})) == [0.5, 0.75]
    assert scores(one([9, 10], normalise=choice)) == [1, 1]


def test_no_normalisation_is_the_value_negated_where_lower_is_better() -> None:
    assert scores(one([1, -2], normalise={"method": "none"}, direction="lower_is_better")) == [-1, 2]


def test_a_neutral_indicator_is_shown_and_never_scored_weighted_or_ranked() -> None:
    spec = {
        "unit": "code",
        "indicators": [
            {"code": "x", "parent": "I", "direction": "higher_is_better"},
            {"code": "y", "parent": "I", "direction": "neutral", "missing": {"method": "neutral"}},
        ],
        "nodes": [{"code": "I"}],
    }
    result = compute(matrix({"x": [1, 2], "y": [GAP, 9]}), Specification.from_json(spec))
    assert np.isnan(result.score[:, 1]).all()
    assert result.rank[:, 1].tolist() == [0, 0]
    assert result.coverage[:, 1].tolist() == [0, 1]
    assert result.score[:, 2].tolist() == [0, 100]


def test_the_four_means() -> None:
    columns = {"a": [1.0, 0.0], "b": [4.0, 9.0]}
    assert tree(columns, "arithmetic", [1, 3]) == [3.25, 6.75]
    assert tree(columns, "geometric", [1, 1]) == [2, 0]
    assert tree(columns, "harmonic", [1, 1]) == [1.6, 0]
    assert tree(columns, "sum", [2, 1]) == [6, 9]


def test_gaps_rescale_the_weights_or_lose_theirs() -> None:
    columns = {"a": [GAP], "b": [4.0], "c": [8.0]}
    assert tree(columns, "arithmetic", [2, 1, 1]) == [6]
    assert tree(columns, "sum", [2, 1, 1]) == [24]
    assert tree(columns, "arithmetic", [2, 1, 1], missing={"weights": "kept"}) == [3]
    assert tree(columns, "sum", [2, 1, 1], missing={"weights": "kept"}) == [12]


def test_a_mean_of_negative_scores_that_does_not_exist_is_refused() -> None:
    with pytest.raises(DataError, match="node I: no geometric mean of a negative score"):
        tree({"a": [-1.0]}, "geometric")


def test_a_weight_of_zero_takes_a_child_out_also_of_the_coverage() -> None:
    assert tree({"a": [GAP], "b": [4.0]}, "arithmetic", [0, 1], missing={"method": "none"}) == [4]


def test_a_coverage_counts_the_weight_of_indicators_all_the_way_down() -> None:
    spec = Specification.from_json(
        {
            "unit": "code",
            "indicators": [
                {"code": "a", "parent": "T", "direction": "higher_is_better", "weight": 1},
                {"code": "b", "parent": "T", "direction": "higher_is_better", "weight": 3},
                {"code": "c", "parent": "I", "direction": "higher_is_better"},
            ],
            "nodes": [{"code": "T", "parent": "I", "weight": 4}, {"code": "I"}],
            "missing": {"coverage": 0.4},
            "normalise": {"method": "none"},
        }
    )
    result = compute(matrix({"a": [5.0], "b": [GAP], "c": [7.0]}), spec)
    assert result.coverage[0].tolist() == [1, 0, 1, 0.25, pytest.approx((4 * 0.25 + 1) / 5)]
    # T is under its threshold and passes nothing up; what it has still counts as covered, and that is just
    # enough.
    assert result.rank[0].tolist() == [1, 0, 1, 0, 1]
    assert result.score[0, -1] == 7


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ({"method": "median"}, 2.0),
        ({"method": "group_mean", "group": "group"}, 1.5),
        ({"method": "value", "value": 9}, 9.0),
        ({"method": "last_observed"}, 8.0),
        ({"method": "last_observed", "column": "old"}, 6.0),
        ({"method": "neutral", "score": 3}, 3.0),
        ({"method": "neutral"}, 0.0),
        ({"method": "rescale"}, None),
        ({"method": "none"}, None),
    ],
)
def test_a_gap_is_filled_as_declared_and_never_ranked_or_covered(
    missing: dict[str, Any], expected: float | None
) -> None:
    # A second indicator: a unit with nothing at all is never filled.
    spec = Specification.from_json(
        {
            "unit": "code",
            "indicators": [
                {"code": "x", "parent": "I", "direction": "higher_is_better", "missing": missing},
                {"code": "y", "parent": "I", "direction": "higher_is_better"},
            ],
            "nodes": [{"code": "I"}],
            "normalise": {"method": "none"},
        }
    )
    columns = {"x": [1, 2, GAP, 7], "y": [1.0] * 4, "x_last": [8.0] * 4, "old": [6.0] * 4}
    result = compute(matrix(columns, ["A", "A", "A", "B"]), spec)
    assert result.score[2, 0] == expected or (expected is None and np.isnan(result.score[2, 0]))
    assert result.rank[2, 0] == 0
    assert result.coverage[2].tolist() == [0, 1, 0.5]
    assert bool(result.rank[2, 2]) == (missing["method"] != "none")


@pytest.mark.parametrize(
    ("choice", "middle"), [({"method": "z_score", "mean": 50}, 50.0), ({"method": "min_max", "scale": [0, 1]}, 0.5)]
)
def test_neutral_is_the_middle_of_the_scale(choice: dict[str, Any], middle: float) -> None:
    spec = {
        "unit": "code",
        "indicators": [{"code": c, "parent": "I", "direction": "higher_is_better"} for c in "xy"],
        "nodes": [{"code": "I"}],
        "missing": {"method": "neutral"},
        "normalise": choice,
    }
    result = compute(matrix({"x": [1, 2, GAP], "y": [1, 2, 4]}), Specification.from_json(spec))
    assert result.score[2, 0] == middle


def test_a_group_without_values_or_name_and_an_empty_indicator_stay_gaps() -> None:
    groups: dict[str, Any] = {"missing": {"method": "group_mean", "group": "group"}, "normalise": {"method": "none"}}
    result = one([1, GAP, GAP], groups=["A", "B", ""], columns={"y": [1, 1, 1]}, **groups)
    assert np.isnan(result.score[1:, 0]).all()
    spec = {
        "unit": "code",
        "indicators": [{"code": c, "parent": "I", "direction": "higher_is_better"} for c in "xy"],
        "nodes": [{"code": "I"}],
        "missing": {"method": "median"},
    }
    result = compute(matrix({"x": [GAP, GAP], "y": [1, 2]}), Specification.from_json(spec))
    assert np.isnan(result.score[:, 0]).all()
    assert result.score[:, 2].tolist() == [0, 100]


def test_a_group_column_that_is_not_there_is_named() -> None:
    with pytest.raises(DataError, match="group column 'region'"):
        one([1, GAP], missing={"method": "group_mean", "group": "region"})


def test_a_value_per_denominator_times_a_thousand_and_none_where_the_denominator_is_nought() -> None:
    result = one(
        [5, 6, 7],
        columns={"people": [1000, 2000, 0]},
        transform={"per": "people", "times": 1000},
        normalise={"method": "none"},
    )
    np.testing.assert_array_equal(result.score[:, 0], [5, 3, GAP])


def test_a_logarithm_of_nought_is_refused_with_unit_and_column() -> None:
    assert scores(one([0, math.e - 1], transform={"method": "log", "offset": 1}, normalise={"method": "none"})) == [
        0,
        1,
    ]
    with pytest.raises(DataError, match="unit u1, column x: no logarithm of 0"):
        one([1, 0], transform="log")


def test_an_indicator_ranked_by_value_is_ranked_by_what_is_printed_not_by_a_clipped_score() -> None:
    choice: dict[str, Any] = {"normalise": {"method": "goalposts", "low": 0, "high": 10}}
    by_score = one([30, 20, 5.04, 5], **choice)
    by_value = one([30, 20, 5.04, 5], rank={"by": "value", "decimals": 1}, **choice)
    assert by_score.rank[:, 0].tolist() == [1, 1, 3, 4]
    assert by_value.rank[:, 0].tolist() == [1, 2, 3, 3]
    steps: dict[str, Any] = {"transform": [{"per": "p"}, "log"], "columns": {"p": [1, 1, 2, 2]}}
    logged = one([30, 20, 5.04, 5], rank={"by": "value", "decimals": 0}, direction="lower_is_better", **steps)
    assert logged.rank[:, 0].tolist() == [4, 3, 1, 1]


def test_a_normalised_node_is_ranked_anew_before_it_goes_up() -> None:
    assert tree({"a": [1.0, 3.0, 8.0], "b": [1.0, 1.0, 1.0]}, "sum", normalise={"method": "percentile_rank"}) == [
        0,
        0.5,
        1,
    ]


def test_sums_that_are_equal_on_paper_share_a_place_in_a_normalised_node() -> None:
    columns = {"a": [0.1, 0.3, 0.0], "b": [0.2, 0.2, 0.1], "c": [0.3, 0.1, 0.1]}
    assert tree(columns, "sum", normalise={"method": "percentile_rank"}) == [0.5, 0.5, 0]
    columns = {"a": [0.1, 0.3], "b": [0.2, 0.2], "c": [0.3, 0.1]}
    assert tree(columns, "sum", normalise={"method": "z_score"}) == [0, 0]


def test_differences_too_small_to_square_are_no_deviation() -> None:
    assert scores(one([0.0, 5e-324, 1e-323], normalise={"method": "z_score"})) == [0, 0, 0]


def test_numbers_too_large_to_compute_with_are_refused_and_not_taken_for_gaps() -> None:
    with pytest.raises(DataError, match="too large to compute with"):
        one([1e308, -1e308, 0.0])
    with pytest.raises(DataError, match="too large to compute with"):
        tree({"a": [1.0, 2.0], "b": [1.0, 2.0]}, "arithmetic", [1e308, 1e308])


def test_winsorising_by_count_and_by_percentile_and_capping() -> None:
    def treated(**rule: Any) -> list[float]:
        return scores(one([1, 2, 3, 4, 50], outliers=rule, normalise={"method": "none"}))

    assert treated(method="winsorise_count", low=1, high=2) == [2, 2, 3, 3, 3]
    assert treated(method="winsorise_count", low=3, high=3) == [3, 3, 3, 3, 3]
    assert treated(method="winsorise_count") == [1, 2, 3, 4, 50]
    assert treated(method="winsorise_percentile", low=25, high=75) == [2, 2, 3, 4, 4]
    assert treated(method="winsorise_percentile") == [1, 2, 3, 4, 50]
    assert treated(method="cap", high=5) == [1, 2, 3, 4, 5]
    assert treated(method="cap", low=2) == [2, 2, 3, 4, 50]


def test_skewness_and_kurtosis_are_those_of_a_spreadsheet() -> None:
    values = np.array([3.0, 4, 5, 2, 3, 4, 5, 6, 4, 7])  # the example in Excel's help for SKEW and KURT
    assert skewness(values) == pytest.approx(0.359543, abs=1e-6)
    assert kurtosis(values) == pytest.approx(-0.151799637, abs=1e-9)


def test_winsorising_by_shape_brings_in_the_extreme_values_on_the_side_of_the_skew() -> None:
    def treated(values: list[float], **rule: Any) -> list[float]:
        return scores(one(values, outliers={"method": "winsorise", **rule}, normalise={"method": "none"}))

    plain = [float(n) for n in range(1, 21)]
    assert treated([*plain, 200, 210]) == [*plain, 20, 20]
    assert treated([*plain, 200, 210], max=1) == [*plain, 200, 200]
    assert treated([-x for x in [*plain, 200, 210]]) == [-x for x in [*plain, 20, 20]]
    assert treated(plain) == plain
    assert treated([1, 1, 9]) == [1, 1, 9]
    assert treated([5, 5, 5, 5]) == [5, 5, 5, 5]


def test_a_matrix_refuses_what_does_not_fit_together() -> None:
    ones = np.ones((2, 2))
    for arguments, message in (
        ((("a",), ("x", "y"), ones), "shape"),
        ((("a", "a"), ("x", "y"), ones), "unit 'a' stands twice"),
        ((("a", "b"), ("x", "x"), ones), "column 'x' stands twice"),
        ((("a", "b"), ("x", "y"), ones * np.inf), "unit a, column x: an infinite value"),
        ((("a", "b"), ("x", "y"), ones, {"group": ("A",)}), "1 texts for 2 units"),
    ):
        with pytest.raises(DataError, match=message):
            Matrix(*arguments)
    with pytest.raises(DataError, match="column 'z' is not in the data"):
        Matrix(("a", "b"), ("x", "y"), ones).select(["z"])


def test_a_matrix_selects_and_aligns_by_name() -> None:
    numbers = Matrix(("a", "b"), ("x", "y"), np.array([[1.0, 2], [3, 4]]), {"group": ("A", "B")})
    assert numbers.select(["y"]).values.tolist() == [[2], [4]]
    aligned = numbers.aligned(["b", "c"], ["z", "x"])
    np.testing.assert_array_equal(aligned.values, [[GAP, 3], [GAP, GAP]])
    assert aligned.labels == {"group": ("B", "")}
    assert np.isnan(numbers.aligned(["q"], ["x"]).values).all()
