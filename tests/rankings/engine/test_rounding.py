"""Rounding to the digit: what is printed is the decimal number that the float stands for, and nothing is moved."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.engine.compute import compute
from rankings.engine.matrix import Matrix
from rankings.engine.rank import as_printed, outwards, rounded
from rankings.engine.specification import Specification

DECIMALS = st.integers(0, 12)


def by_hand(value: float, decimals: int) -> float:
    with localcontext(prec=60):
        return float(Decimal(repr(value)).quantize(Decimal(10) ** -decimals, ROUND_HALF_UP)) + 0.0


@given(st.integers(-(10**15), 10**15), st.integers(0, 9), DECIMALS)
def test_a_decimal_number_is_rounded_as_on_paper(digits: int, places: int, decimals: int) -> None:
    value = float(Decimal(digits).scaleb(-places))
    assert as_printed(value, decimals) == by_hand(value, decimals)
    assert float(rounded(np.array([value]), decimals)[0]) == by_hand(value, decimals)


@given(st.integers(1, 10_000), st.integers(1, 10_000), DECIMALS)
def test_a_ratio_gets_no_digit_that_it_does_not_have(part: int, whole: int, decimals: int) -> None:
    value = 100 * part / whole
    under_a_half = 0.5 - abs(value) * 10.0**decimals % 1
    if not 0 < under_a_half <= max(math.ulp(value * 10.0**decimals), 1e-12):
        assert as_printed(value, decimals) == by_hand(value, decimals)


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=100))
def test_a_mean_that_is_a_half_on_paper_is_rounded_up_however_it_was_summed(tenths: list[int]) -> None:
    exact = Decimal(sum(tenths)) / 10 / len(tenths)
    weights = np.full(len(tenths), 1 / len(tenths))
    summed = float((weights * np.array(tenths) / 10).sum() / weights.sum())
    expected = float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))
    assert as_printed(summed, 1) == expected


@given(st.floats(-1e15, 1e15), st.integers(0, 6))
def test_rounding_twice_is_rounding_once(value: float, decimals: int) -> None:
    once = as_printed(value, decimals)
    assert as_printed(once, decimals) == once
    assert abs(once - value) <= 0.5 * 10.0**-decimals * (1 + 1e-9) + math.ulp(value)


@given(st.floats(-1e12, 1e12), st.integers(0, 4), st.sampled_from([1.0, -1.0]))
def test_rounding_outwards_never_falls_short(value: float, decimals: int, sign: float) -> None:
    found = float(outwards(np.array([value]), decimals, sign)[0])
    short = (value - found) * sign
    assert short <= max(1e-12, math.ulp(value * 10.0**decimals)) * 10.0**-decimals + math.ulp(value)
    assert -short <= 10.0**-decimals + math.ulp(value)


@pytest.mark.parametrize(
    ("values", "decimals", "printed", "ranks"),
    [
        ([5e9, 50123456789.12, 4999999999.99], 2, [5e9, 50123456789.12, 4999999999.99], [2, 1, 3]),
        ([5e9, 5000000000.006, 1], 2, [5e9, 5000000000.01, 1], [2, 1, 3]),
        ([0.5, 1.0, 100 / 3], 12, [0.5, 1.0, 33.333333333333], [3, 2, 1]),
        ([9007199254740993.0, 1e100, 0.25], 1, [9007199254740992.0, 1e100, 0.3], [2, 1, 3]),
    ],
)
def test_money_and_many_decimals_are_printed_and_ranked_as_they_are(
    values: list[float], decimals: int, printed: list[float], ranks: list[int]
) -> None:
    specification = Specification.from_json(
        {
            "unit": "code",
            "indicators": [{"code": "x", "parent": "I", "direction": "higher_is_better"}],
            "nodes": [{"code": "I", "parent": None}],
            "normalise": {"method": "none"},
            "rank": {"decimals": decimals},
        }
    )
    units = tuple(f"u{number}" for number in range(len(values)))
    outcome = compute(Matrix(units, ("x",), np.array([values]).T), specification)
    assert outcome.printed[:, 1].tolist() == printed
    assert outcome.rank[:, 1].tolist() == ranks
