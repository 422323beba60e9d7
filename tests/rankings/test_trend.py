"""A figure has moved only over three comparable years, and by more than what is ordinary."""

import numpy as np

from rankings.trend import moved, movements

OTHERS = [[50 + (line % 7), 50 + (line % 5), 50 + (line % 6), 50 + (line % 4)] for line in range(40)]


def _with(own: list[float]) -> np.ndarray:
    return np.array([own, *OTHERS], dtype=float)


def test_a_long_way_in_one_direction_is_a_move() -> None:
    assert moved(_with([20, 30, 45, 60]), 0) == 1
    assert moved(_with([60, 45, 30, 20]), 0) == -1


def test_what_others_do_as_well_is_none() -> None:
    assert moved(_with([50, 51, 50, 51]), 0) == 0


def test_a_way_that_turns_back_is_none() -> None:
    assert moved(_with([20, 70, 30, 60]), 0) == 0


def test_two_years_or_a_gap_say_nothing() -> None:
    assert moved(_with([20, 30, 45, 60])[:, :2], 0) is None
    assert moved(_with([20, float("nan"), 45, 60]), 0) is None


def test_too_few_municipalities_know_no_ordinary_movement() -> None:
    assert moved(_with([20, 30, 45, 60])[:10], 0) is None


def test_all_at_once_say_what_each_says_alone_by_the_years_it_has() -> None:
    table = _with([20, 30, 45, 60])
    table[3, 1] = np.nan
    found = movements(table)
    assert found[0] == 1
    assert found[3] == moved(np.delete(table, 1, axis=1), 3)
    assert [found[line] for line in (1, 2, 4)] == [moved(table, line) for line in (1, 2, 4)]
