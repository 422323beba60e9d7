"""Years in headers."""

from datetime import date

import pytest

from indicators.upload.periods import period_of, year_of


@pytest.mark.parametrize(
    ("header", "year", "rest"),
    [
        ("2019", 2019, ""), ("pop_2019", 2019, "pop"), ("2019*", 2019, ""), ("År 2019", 2019, ""),
        ("2019.0", 2019, ""), ("31-12-2019", 2019, ""),
        ("2019-12-31", 2019, ""), ("Ultimo 2019", 2019, ""), ("Andel børn 2019", 2019, "Andel børn"),
        ("2019 (foreløbig)", 2019, ""), ("2019p", 2019, ""), ("Andel 2019 f", 2019, "Andel"),
        ("2019_antal", 2019, "antal"), ("1. januar 2019", 2019, ""), ("d. 31. dec. 2019", 2019, ""),
        ("ultimo december 2019", 2019, ""), ("Marker 2019", 2019, "Marker"),
        ("Udgift (2019-priser) 2021", 2021, "Udgift (2019-priser)"),
    ],
)  # fmt: skip
def test_a_year_is_found_with_what_stands_beside_it(header: str, year: int, rest: str) -> None:
    period = period_of(header)
    assert period is not None
    assert (period.year, period.rest, period.part) == (year, rest, "")


@pytest.mark.parametrize(
    "header",
    [
        "2019K1",
        "2019Q3",
        "2019M05",
        "K1 2019",
        "2019/20",
        "2018-2020",
        "2019 2020",
        "1. kvt. 2019",
        "2019H1",
        "H1 2019",
        "1. halvår 2019",
        "2019 2. halvår",
        "januar 2019",
        "2019 februar",
        "Dec. 2019",
        "uge 12 2019",
    ],
)
def test_a_part_of_a_year_or_several_years_is_no_year(header: str) -> None:
    period = period_of(header)
    assert period is not None
    assert period.part


@pytest.mark.parametrize(
    "header", ["kommune", "2pop_014", "", "18-22-årige", "201", "20199", "1234", "Udgift (2019-priser)"]
)
def test_no_year_is_guessed(header: str) -> None:
    assert period_of(header) is None


def test_a_cell_is_a_year_or_not() -> None:
    assert [year_of(cell) for cell in (2019, 2019.0, "2019", "2019*", date(2019, 1, 1))] == [2019] * 5
    assert [year_of(cell) for cell in (2019.5, "2019K1", "pop_2019", True, None, "", 19, 101)] == [None] * 8
