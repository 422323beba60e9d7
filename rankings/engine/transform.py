"""Steps before normalising: a value per denominator, and the natural logarithm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rankings.engine.matrix import DataError, Floats, Matrix

if TYPE_CHECKING:
    from rankings.engine.choices import Transform
    from rankings.engine.specification import Specification


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
