"""Values before they are normalised, in the order of the computation: a value per denominator and its logarithm, gaps
filled where a specification declares it, extreme values brought in.

A filled cell is a guess and never counts as present: coverage is counted before filling. A unit with no value
in any indicator is never filled. An own entry `rescale` or `none` fills nothing; what an unfilled gap means is
`rankings.engine.aggregate`'s. Every outlier rule ends in two limits per indicator: values are clipped.

Sources: Becker et al., COINr (function `winsorise`); skewness G1 and excess kurtosis G2 as in SAS and Excel
(Joanes & Gill 1998, "Comparing measures of sample skewness and kurtosis", type 2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rankings.engine import normalise
from rankings.engine.matrix import DataError, Floats, Matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rankings.engine.choices import Outliers, Transform
    from rankings.engine.specification import IndicatorSpec, Specification


def per(value: Floats, denominator: Floats, times: float) -> Floats:
    """value / denominator × times. A denominator of 0 leaves nothing to measure: the result is missing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator == 0, np.nan, value / denominator * times)


def logarithm(value: Floats, offset: float) -> Floats:
    """ln(value + offset). The caller makes sure that no value + offset is 0 or less."""
    result: Floats = np.log(value + offset)
    return result


def transformed(matrix: Matrix, specification: Specification, rows: Floats) -> tuple[Floats, Floats]:
    """The indicators' rows (indicators × units) twice: as the reader sees them (per denominator, not logged)
    and as they go on to be normalised. Raises DataError where a logarithm meets a value of 0 or less."""
    if not any(indicator.transform for indicator in specification.indicators):
        return rows, rows
    shown, onward = rows.copy(), rows.copy()
    for index, indicator in enumerate(specification.indicators):
        logged = False
        for step in indicator.transform:
            onward[index] = _step(matrix, indicator.code, onward[index], step)
            logged = logged or step.method == "log"
            if not logged:
                shown[index] = onward[index]
    return shown, onward


def restored(values: Floats, steps: tuple[Transform, ...], denominators: dict[str, Floats]) -> Floats:
    """The values that `steps` turn into `values`: each step undone, the last first."""
    for step in reversed(steps):
        if step.method == "log":
            values = np.exp(values) - step.offset
        else:
            values = values * denominators[step.column] / step.times
    return values


def _step(matrix: Matrix, code: str, row: Floats, step: Transform) -> Floats:
    if step.method == "per":
        return per(row, matrix.rows((step.column,))[0], step.times)
    bad = row + step.offset <= 0
    if bad.any():
        unit = int(np.argmax(bad))
        raise DataError(f"unit {matrix.units[unit]}, column {code}: no logarithm of {row[unit] + step.offset:g}")
    return logarithm(row, step.offset)


def fill_before_transform(matrix: Matrix, specification: Specification, rows: Floats) -> Floats:
    """Gaps filled in the unit of the data: by a declared `value`, or by what a column holds as
    `last_observed`."""
    filled = rows
    for index, indicator in enumerate(specification.indicators):
        method = indicator.missing.method
        if indicator.neutral or method not in {"value", "last_observed"}:
            continue
        guess: Floats | float = indicator.missing.value or 0.0
        if method == "last_observed":
            guess = matrix.rows((indicator.missing.column_of(indicator.code),))[0]
        filled = _filled(filled, rows, index, np.broadcast_to(guess, rows.shape[1]))
    return filled


def fill_after_transform(matrix: Matrix, specification: Specification, rows: Floats) -> Floats:
    """Gaps filled from the other units: their median, or the mean of the unit's group (nothing known, no
    filling)."""
    filled = rows
    for index, indicator in enumerate(specification.indicators):
        if indicator.neutral or not np.isnan(rows[index]).any():
            continue
        if indicator.missing.method == "median":
            guess = np.full(rows.shape[1], median(rows[index]))
        elif indicator.missing.method == "group_mean":
            guess = group_mean(rows[index], _groups(matrix, indicator))
        else:
            continue
        filled = _filled(filled, rows, index, guess)
    return filled


def median(row: Floats) -> float:
    """The middle of the values present, NaN when there is none."""
    present = row[~np.isnan(row)]
    return float(np.median(present)) if present.size else float("nan")


def group_mean(row: Floats, groups: tuple[str, ...]) -> Floats:
    """For every unit the mean of the values present in its group, NaN where the group has none (or no
    name)."""
    names, place = np.unique(np.array(groups, dtype=object).astype(str), return_inverse=True)
    order = np.argsort(row, kind="stable")  # summed in order of size: the mean does not depend on the units' order
    there = order[~np.isnan(row[order])]
    totals = np.bincount(place[there], weights=row[there], minlength=names.size)
    counts = np.bincount(place[there], minlength=names.size)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = totals / counts
    means[names == ""] = np.nan
    result: Floats = means[place]
    return result


def _groups(matrix: Matrix, indicator: IndicatorSpec) -> tuple[str, ...]:
    name = indicator.missing.group
    if name not in matrix.labels:
        raise DataError(f"group column {name!r} is not in the data")
    return matrix.labels[name]


def _filled(filled: Floats, rows: Floats, index: int, guess: Floats) -> Floats:
    gaps = np.isnan(rows[index])
    if not gaps.any():
        return filled
    result = filled.copy() if filled is rows else filled
    result[index, gaps] = guess[gaps]
    return result


def fill_scores(scores: Floats, present: NDArray[np.bool_], specification: Specification) -> Floats:
    """Gaps declared `neutral` get their declared score, or the middle of the scale."""
    filled = scores
    some = present[[not indicator.neutral for indicator in specification.indicators]].any(axis=0)
    for index, indicator in enumerate(specification.indicators):
        if indicator.missing.method == "neutral" and not indicator.neutral:
            score = indicator.missing.score
            guess = normalise.middle(indicator.normalise) if score is None else score
            filled = _filled(filled, scores, index, np.where(some, guess, np.nan))
    return filled


def bounds(rows: Floats, specification: Specification) -> tuple[Floats, Floats] | None:
    """Lowest and highest value let through, per indicator (indicators × 1); None when nothing is ever
    clipped."""
    if all(indicator.outliers.method == "none" for indicator in specification.indicators):
        return None
    low = np.full((rows.shape[0], 1), -np.inf)
    high = np.full((rows.shape[0], 1), np.inf)
    for index, indicator in enumerate(specification.indicators):
        present = np.sort(rows[index][~np.isnan(rows[index])])
        if present.size and not indicator.neutral:
            low[index, 0], high[index, 0] = _LIMITS[indicator.outliers.method](present, indicator.outliers)
    return low, high


def treated(rows: Floats, limits: tuple[Floats, Floats] | None) -> Floats:
    """The rows with every value outside its limits set to the limit; gaps stay gaps."""
    return rows if limits is None else np.clip(rows, *limits)


def skewness(values: Floats) -> float:
    """G1 = √(n(n−1))/(n−2) · m3/m2^1.5. At least 3 values, not all equal."""
    n, deviation = values.size, values - values.mean()
    ratio = np.sqrt(n) * (deviation**3).sum() / (deviation**2).sum() ** 1.5
    return float(ratio * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(values: Floats) -> float:
    """G2 = ((n+1)(m4/m2² − 3) + 6)(n−1)/((n−2)(n−3)), 0 for a normal distribution. At least 4 values, not all
    equal."""
    n, deviation = values.size, values - values.mean()
    ratio = n * (deviation**4).sum() / (deviation**2).sum() ** 2
    return float(((n + 1) * (ratio - 3) + 6) * (n - 1) / ((n - 2) * (n - 3)))


def _no_limits(_present: Floats, _rule: Outliers) -> tuple[float, float]:
    return -np.inf, np.inf


def _cap(_present: Floats, rule: Outliers) -> tuple[float, float]:
    """Fixed limits, one or both."""
    return -np.inf if rule.low is None else rule.low, np.inf if rule.high is None else rule.high


def _by_count(present: Floats, rule: Outliers) -> tuple[float, float]:
    """The `low` lowest values take the next value inside, the `high` highest likewise."""
    last = present.size - 1
    low, high = int(rule.low or 0), int(rule.high or 0)
    if low + high > last:
        return float(np.median(present)), float(np.median(present))
    return float(present[low]), float(present[last - high])


def _by_percentile(present: Floats, rule: Outliers) -> tuple[float, float]:
    """Limits at percentiles (0–100) of the values present, linear between order statistics."""
    low, high = rule.low, rule.high
    return (
        -np.inf if low is None else float(np.percentile(present, low)),
        np.inf if high is None else float(np.percentile(present, high)),
    )


def _by_shape(present: Floats, rule: Outliers) -> tuple[float, float]:
    """While |skewness| ≥ limit and kurtosis ≥ limit: the extreme value (with its ties) on the side of the
    skew takes the next value inside; stops when `max` values have been brought in (COINr's rule)."""
    values, low, high = present.copy(), -np.inf, np.inf
    moved_low = moved_high = 0
    while moved_low + moved_high < rule.max and _misshapen(values, rule):
        if skewness(values) >= 0:
            high = values[values < values[-1]][-1]
            moved_high = int((values > high).sum())
            values = np.minimum(values, high)
        else:
            low = values[values > values[0]][0]
            moved_low = int((values < low).sum())
            values = np.maximum(values, low)
    return float(low), float(high)


def _misshapen(values: Floats, rule: Outliers) -> bool:
    if values.size < 4 or values[0] == values[-1]:
        return False
    return abs(skewness(values)) >= rule.skewness and kurtosis(values) >= rule.kurtosis


_LIMITS = {
    "none": _no_limits,
    "cap": _cap,
    "winsorise_count": _by_count,
    "winsorise_percentile": _by_percentile,
    "winsorise": _by_shape,
}
