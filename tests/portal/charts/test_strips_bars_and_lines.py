"""Strips, bars, small developments and the line chart."""

from hypothesis import given
from hypothesis import strategies as st

from portal.charts.lines import Grid, LineChart, line_chart, spark
from portal.charts.scale import Series
from portal.charts.strip import bar, percents, strip, symbol, ticks_path

maybe = st.lists(st.one_of(st.none(), st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)), max_size=98)


def written(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}"


@given(maybe)
def test_every_value_lies_on_its_strip_and_missing_ones_nowhere(values: list[float | None]) -> None:
    found = percents(values)
    assert [place is None for place in found] == [value is None for value in values]
    assert all(0 <= place <= 100 for place in found if place is not None)


def test_the_better_lies_to_the_right_also_where_lower_is_better() -> None:
    assert percents([1, 5, None, 9]) == (0, 50, None, 100)
    assert percents([1, 5, None, 9], lower_is_right=True) == (100, 50, None, 0)
    assert percents([25.0], ends=(0, 100)) == (25,)


def test_ties_make_a_taller_tick_not_a_second_one() -> None:
    assert ticks_path([50, None]) == "M500 20V12"
    assert ticks_path([50, 50, 50]) == "M500 20V9"
    assert ticks_path([0] * 98) == "M0 20V0"


def test_a_strip_marks_own_place_median_and_how_sure() -> None:
    drawn = strip(
        [0, 50, 100], says="nr. 1", own=100, median=50, band=(100, 80), own_label="Ærø", median_label="median"
    )
    assert (drawn.own, drawn.median, drawn.band_start, drawn.band_width) == ("100", "50", "80", "20")
    assert [label.text for label in drawn.labels] == ["Ærø", "median"]
    assert drawn.labels_height == 18


def test_names_over_a_strip_take_two_rows_when_they_would_lie_on_each_other() -> None:
    drawn = strip([0, 50], says="", own=52, median=50, own_label="Ringkøbing-Skjern", median_label="median")
    assert len({label.y for label in drawn.labels}) == 2


def test_a_strip_without_a_place_has_no_mark() -> None:
    drawn = strip([0, 50], says="ikke placeret")
    assert (drawn.own, drawn.median, drawn.band_start, drawn.labels) == ("", "", "", ())


def test_a_symbol_of_the_sprite() -> None:
    assert symbol("b-x", [0, 100], 25).median == "250"
    assert symbol("b-x", [0, 100]).median == ""


def test_bars_begin_at_the_low_end_and_never_leave_the_scale() -> None:
    assert bar(63.4).length == "63.4"
    assert bar(120).length == "100"
    assert bar(-3).length == "0"
    drawn = bar(50, band=(58, 42))
    assert (drawn.band_start, drawn.band_width) == ("42", "16")


def test_a_small_development_needs_two_values() -> None:
    assert spark((None, 3, None)) is None
    assert spark(()) is None


def test_the_best_rank_is_on_top() -> None:
    drawn = spark((10, 1), rank=True)
    assert drawn is not None
    assert drawn.path == "M4 20L84 4"
    assert (drawn.end_x, drawn.end_y) == ("84", "4")


def test_a_missing_year_and_a_break_are_gaps() -> None:
    gap = spark((1, None, 3, 4))
    cut = spark((1, 2, 3), breaks_before=frozenset({1}))
    assert gap is not None
    assert cut is not None
    assert gap.path.count("M") == 2
    assert cut.path.count("M") == 2


def _chart(values: list[float | None], breaks: dict[int, str] | None = None, ranks_of: int | None = 97) -> LineChart:
    return line_chart(
        [Series("Rødovre", values, "chosen"), Series("Varde", [2, 2, 2, 2, 2])],
        (2022, 2023, 2024, 2025, 2026),
        text=lambda value: f"nr. {value:.0f}",
        says="",
        ranks_of=ranks_of,
        breaks=breaks,
    )


def test_a_line_chart_of_ranks_has_1_on_top_and_n_at_the_foot() -> None:
    drawn = _chart([12, 8, 9, 7, 4])
    assert (drawn.grid[0].text, drawn.grid[-1].text) == ("nr. 1", "nr. 97")
    assert float(drawn.grid[0].y) < float(drawn.grid[-1].y)
    assert len(drawn.series[1].segments) == 4
    assert drawn.series[1].label == "Rødovre nr. 4"


def test_the_chosen_line_is_drawn_last_and_lies_on_top() -> None:
    assert [one.css for one in _chart([12, 8, 9, 7, 4]).series] == ["", "chosen"]


def test_no_line_crosses_a_missing_year_or_a_break() -> None:
    assert len(_chart([12, None, 9, 7, 4]).series[1].segments) == 2
    drawn = _chart([12, 8, 9, 7, 4], {2024: "databrud"})
    assert len(drawn.series[1].segments) == 3
    assert len(drawn.series[1].points) == 5
    assert [note.text for note in drawn.breaks] == ["databrud"]


def test_a_break_before_the_first_year_is_not_drawn() -> None:
    assert _chart([12, 8, 9, 7, 4], {2022: "databrud"}).breaks == ()


def test_values_have_the_highest_on_top() -> None:
    drawn = _chart([10, 20, 30, 40, 50], ranks_of=None)
    assert float(drawn.series[1].points[-1].y) < float(drawn.series[1].points[0].y)


def test_a_scale_that_does_not_begin_at_nought_is_marked_as_cut() -> None:
    assert [_chart([value] * 5, ranks_of=None).cut for value in (50, 1)] == [False, True]  # Varde has 2
    assert not _chart([12, 8, 9, 7, 4]).cut
    series = [Series("Median", (41.0, 43.0), "chosen")]
    cut, answers = (
        line_chart(series, (2025, 2026), text=str, says="", grid=Grid(written, marks)) for marks in ((), (0.0, 1.0))
    )
    assert (cut.cut, answers.cut) == (True, False)
    assert [line.text for line in answers.grid] == ["0", "1"]


def test_a_breaks_note_gives_way_to_a_line_that_comes_near_the_foot() -> None:
    (high,) = _chart([12, 8, 9, 7, 4], {2024: "databrud"}).breaks
    (low,) = _chart([12, 97, 9, 7, 4], {2024: "databrud"}).breaks
    assert float(low.y) < 20
    assert float(high.y) > 250


def test_names_of_lines_that_end_together_are_moved_apart() -> None:
    drawn = _chart([12, 8, 9, 7, 2])
    assert abs(float(drawn.series[0].label_y) - float(drawn.series[1].label_y)) >= 16.9


def test_a_series_without_values_is_named_and_not_drawn() -> None:
    drawn = _chart([None] * 5)
    assert drawn.series[1].points == ()
    assert drawn.series[1].label == "Rødovre"
