"""Places: the rounding of scores, the ties and the order, and when two places differ. Nobody else knows any of these.

Rounding is half away from zero on the decimal number the score stands for: a score that lies under a half by no more
than the spacing of floats there (or 10⁻¹² of the last digit, where that is more) is the half, because sums of binary
fractions miss it by that little (the mean of 64.2 and 64.3 is 64.25, not 64.24999999999999). Nothing else is ever
moved: 5 000 000 000.006 with two decimals is .01, and .004 is .00. With no decimals declared, scores are compared to
twelve significant digits of the largest score of the node, for the same reason. What is printed is what is ranked.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rankings.engine.matrix import Floats

Places = NDArray[np.int64]
Unit = TypeVar("Unit")

NUDGE = 1e-12
"""Of the last printed digit: what the sums of a whole tree may lack to a half."""
SURE = 2.0**43
"""Beyond so many units of the last digit, floats stand so far apart that products err in that digit: there numbers are
rounded one by one, on the shortest decimal that names the float."""
DIGITS = {"float64": 12, "float32": 5}
"""Significant digits that are sure after the sums of a tree."""


def rounded(scores: Floats, decimals: int | None) -> Floats:
    """Scores as they are printed; NaN stays NaN, minus zero becomes zero. Any shape; units on the last
    axis."""
    if decimals is None:
        return _significant(scores)
    factor = 10.0**decimals
    scaled = np.abs(scores) * factor
    whole = np.floor(scaled)
    whole += scaled - whole >= 0.5 - np.maximum(np.spacing(scaled), NUDGE)
    result: Floats = np.copysign(whole / factor, scores) + 0.0
    for place in zip(*np.nonzero(scaled > SURE), strict=True):
        result[place] = _by_digits(float(scores[place]), decimals)
    return result


def as_printed(value: float, decimals: int) -> float:
    """One number as it is printed, by the formula of `rounded`."""
    factor = 10.0**decimals
    scaled = abs(value) * factor
    if scaled > SURE:
        return _by_digits(value, decimals)
    whole = math.floor(scaled)
    whole += scaled - whole >= 0.5 - max(math.ulp(scaled), NUDGE)
    return math.copysign(whole / factor, value) + 0.0


def _by_digits(value: float, decimals: int) -> float:
    with localcontext(prec=400):  # more than the digits before and after the point that a float and 12 decimals have
        return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def places(printed: Floats, first: str = "highest") -> tuple[Places, Places]:
    """Place and last place of the tie group, along the last axis; 0 where there is no score.

    Place = 1 + number strictly better, so ties share the low number (1, 2, 2, 4; the two 2s end in place
    3)."""
    keys = -printed if first == "highest" else printed
    order, ordered, starts = _in_order(keys)
    count = keys.shape[-1]
    ends = np.ones(keys.shape, dtype=bool)
    ends[..., :-1] = starts[..., 1:]
    position = np.arange(count, dtype=np.int32)
    end = np.minimum.accumulate(np.where(ends, position, count)[..., ::-1], axis=-1)[..., ::-1]
    return _scattered(order, ordered, _begin(starts)), _scattered(order, ordered, end)


def place(printed: Floats, first: str = "highest") -> Places:
    """The first part of `places` alone, for many draws."""
    order, ordered, starts = _in_order(-printed if first == "highest" else printed)
    return _scattered(order, ordered, _begin(starts))


def place_among(new: Floats, old: Floats) -> Places:
    """The place each unit would have if its key alone became `new` while all others kept `old`; 1-d, higher
    is better, NaN is no key."""
    others = np.sort(old[~np.isnan(old)])
    better = others.size - np.searchsorted(others, new, side="right")
    return 1 + better - (old > new)


def outwards(values: Floats, decimals: int | None, sign: float) -> Floats:
    """Values rounded to so many decimals, up where `sign` is positive and down where it is negative, so that
    a value which is just enough stays enough."""
    if decimals is None:
        return values
    scaled = values * sign * 10.0**decimals
    slack = np.maximum(np.spacing(np.abs(scaled)), NUDGE)
    result: Floats = np.ceil(scaled - slack) * sign / 10.0**decimals + 0.0
    return result


def _in_order(keys: Floats) -> tuple[NDArray[np.intp], Floats, NDArray[np.bool_]]:
    """Order, keys in that order, and where a new key begins. NaN comes last; ties need no stable sort,
    because they get one place."""
    order = np.argsort(keys, axis=-1)
    ordered = np.take_along_axis(keys, order, axis=-1)
    starts = np.ones(keys.shape, dtype=bool)
    starts[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    return order, ordered, starts


def _begin(starts: NDArray[np.bool_]) -> NDArray[np.int32]:
    position = np.arange(starts.shape[-1], dtype=np.int32)
    return np.maximum.accumulate(np.where(starts, position, 0), axis=-1)


def _scattered(order: NDArray[np.intp], ordered: Floats, position: NDArray[np.int32]) -> Places:
    result = np.empty(order.shape, dtype=np.int64)
    np.put_along_axis(result, order, np.where(np.isnan(ordered), 0, position + 1), axis=-1)
    return result


def _significant(scores: Floats) -> Floats:
    """Rounded to the twelfth significant digit of the largest score of each row."""
    largest = np.max(np.abs(scores), axis=-1, keepdims=True, initial=0.0, where=~np.isnan(scores))
    safe = np.where(largest > 0, largest, 1.0)
    # Powers of ten are exact up to 10²², so the division below gives the nearest double to the decimal
    # number.
    exponent = DIGITS[str(scores.dtype)] - 1 - np.floor(np.log10(safe).astype(np.float64))
    up, down = 10.0 ** np.clip(exponent, 0, 22), 10.0 ** np.clip(-exponent, 0, 300)
    result: Floats = np.rint(scores * up / down) * down / up + 0.0
    return result.astype(scores.dtype, copy=False)


Interval = tuple[int | None, int | None, int]
"""Best and worst end of an interval of places, and of how many; None where it is not known."""


def distinguishable(now: Interval, before: Interval) -> bool:
    """Whether a difference between two editions of one method may be called one: the only place that decides it.

    The intervals must lie apart, counted from the top and from the bottom alike: where fewer are ranked than before,
    everyone low on the list comes nearer the top without having moved (nr. 97 of 97 and nr. 95 of 95 are both the
    last). Cautious: both editions share the choices of the method, so paired draws would tell some moves apart that
    this does not (`paired` says in how many). False where an interval is not known.
    """
    (low, high, n), (before_low, before_high, before_n) = now, before
    if low is None or high is None or before_low is None or before_high is None:
        return False
    up = high < before_low and n - high > before_n - before_low
    down = low > before_high and n - low < before_n - before_high
    return up or down


def change_among_both(before: Mapping[Unit, int], after: Mapping[Unit, int]) -> dict[Unit, int]:
    """Unit → places won (negative: lost) from one ranking to the next, counted among the units ranked in both. Given
    are ranks, 1 is best, ties share; who is not ranked is not in the mapping."""
    both = [unit for unit in after if unit in before]
    if not both:
        return {}
    old, new = (place(np.array([float(ranks[unit]) for unit in both]), "lowest") for ranks in (before, after))
    return dict(zip(both, (old - new).tolist(), strict=True))
