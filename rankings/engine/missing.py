"""Filling gaps, where a specification declares it. What an unfilled gap means is
`rankings.engine.aggregate`'s.

A filled cell is a guess and never counts as present: coverage is counted before filling. A unit with no value
in any indicator is never filled. An own entry `rescale` or `none` fills nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rankings.engine import normalise
from rankings.engine.matrix import DataError, Floats, Matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rankings.engine.specification import IndicatorSpec, Specification


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
