"""Scales, ticks and the places of names."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.charts.scale import Scale, above, anchor, coordinate, extent, labelled, levels, span, spread, ticks, widened

values = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)
ranges = st.tuples(values, st.floats(min_value=0.01, max_value=1e6)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def test_coordinates_have_a_point_and_no_needless_zero() -> None:
    assert coordinate(63.42) == "63.4"
    assert coordinate(12.0) == "12"
    assert coordinate(-0.01) == "0"


@given(ranges, values)
def test_a_place_on_a_scale_never_leaves_the_picture(ends: tuple[float, float], value: float) -> None:
    assert 0 <= Scale(*ends, 0.0, 100.0).at(value) <= 100
    assert 0 <= Scale(*ends, 100.0, 0.0).at(value) <= 100


def test_equal_values_lie_in_the_middle() -> None:
    assert Scale(5.0, 5.0, 0.0, 100.0).at(5.0) == 50


@given(ranges)
def test_ticks_are_few_rise_and_stay_inside(ends: tuple[float, float]) -> None:
    found = ticks(*ends)
    assert len(found) <= 6
    assert list(found) == sorted(set(found))
    slack = (ends[1] - ends[0]) * 1e-6
    assert all(ends[0] - slack <= tick <= ends[1] + slack for tick in found)


@given(ranges)
def test_a_widened_range_holds_the_values_and_ends_on_ticks(ends: tuple[float, float]) -> None:
    low, high = widened(*ends)
    slack = (ends[1] - ends[0]) * 1e-6
    assert low <= ends[0] + slack
    assert high >= ends[1] - slack
    assert low < high


def test_round_steps() -> None:
    assert ticks(0, 100) == (0, 25, 50, 75, 100)
    assert ticks(0, 30, 6) == (0, 5, 10, 15, 20, 25, 30)
    assert widened(1.2, 23.7, 6) == (0, 25)
    assert widened(3, 3) == (2, 4)


def test_the_extent_leaves_out_what_is_missing() -> None:
    assert extent([None, 3.0, 1.0]) == (1.0, 3.0)
    assert extent([None]) == (0.0, 1.0)


@pytest.mark.parametrize(("percent", "leans"), [(2, "start"), (50, "middle"), (99, "end")])
def test_names_lean_inwards_at_the_ends(percent: float, leans: str) -> None:
    assert anchor(percent) == leans


names = st.lists(
    st.tuples(st.floats(min_value=0, max_value=100), st.text("abcdefghij", min_size=1, max_size=18)), max_size=6
)


@given(names)
def test_names_in_the_same_row_do_not_lie_on_each_other(pairs: list[tuple[float, str]]) -> None:
    rows = levels([at for at, _ in pairs], [text for _, text in pairs])
    spans = [span(at, text) for at, text in pairs]
    for one in range(len(pairs)):
        for other in range(one):
            if rows[one] == rows[other]:
                assert spans[one][1] < spans[other][0] or spans[other][1] < spans[one][0]


@given(names, st.lists(st.floats(min_value=0, max_value=200), min_size=6, max_size=6))
def test_a_name_over_its_point_lies_on_no_other_name(pairs: list[tuple[float, str]], points: list[float]) -> None:
    tops = points[: len(pairs)]
    heights = above([at for at, _ in pairs], tops, [text for _, text in pairs], 16.0)
    spans = [span(at, text) for at, text in pairs]
    for one in range(len(pairs)):
        assert heights[one] <= tops[one]
        for other in range(one):
            apart = spans[one][1] < spans[other][0] or spans[other][1] < spans[one][0]
            assert apart or abs(heights[one] - heights[other]) >= 15.999


@given(st.lists(st.floats(min_value=0, max_value=300), max_size=8))
def test_labels_are_moved_apart_in_their_order_and_stay_inside(heights: list[float]) -> None:
    moved = spread(heights, 17.0, 0.0, 300.0)
    assert len(moved) == len(heights)
    in_order = [moved[index] for index in sorted(range(len(heights)), key=lambda i: heights[i])]
    assert all(later - earlier >= 17.0 - 1e-6 for earlier, later in pairwise(in_order))
    assert all(-1e-6 <= height <= 300 + 1e-6 for height in moved)


@given(ranges)
def test_each_label_of_an_axis_is_the_value_it_stands_at(ends: tuple[float, float]) -> None:
    marks = ticks(*widened(*ends))
    labels = [said for _mark, said in labelled(marks, lambda mark, decimals: f"{mark:.{decimals}f}")]
    assert [float(said) for said in labels] == list(marks)
    assert len(set(labels)) == len(labels)


def test_quarters_are_written_as_quarters_and_wholes_as_wholes() -> None:
    def written(*marks: float) -> list[str]:
        return [said for _mark, said in labelled(marks, lambda mark, decimals: f"{mark:.{decimals}f}")]

    assert written(28, 28.25, 28.5, 28.75, 29) == ["28.00", "28.25", "28.50", "28.75", "29.00"]
    assert written(2, 2.5, 3) == ["2.0", "2.5", "3.0"]
    assert written(0, 25, 50) == ["0", "25", "50"]
