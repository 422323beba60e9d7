"""Extreme values, brought in before normalising. Every method ends in two bounds per indicator: values are
clipped.

Sources: Becker et al., COINr (function `winsorise`); skewness G1 and excess kurtosis G2 as in SAS and Excel
(Joanes & Gill 1998, "Comparing measures of sample skewness and kurtosis", type 2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rankings.engine.choices import Outliers
    from rankings.engine.matrix import Floats
    from rankings.engine.specification import Specification


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
            low[index, 0], high[index, 0] = _METHODS[indicator.outliers.method](present, indicator.outliers)
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


def _none(_present: Floats, _rule: Outliers) -> tuple[float, float]:
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


_METHODS = {
    "none": _none,
    "cap": _cap,
    "winsorise_count": _by_count,
    "winsorise_percentile": _by_percentile,
    "winsorise": _by_shape,
}
