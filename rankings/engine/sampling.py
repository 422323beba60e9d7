"""Values drawn within their errors: sampling, told apart from the choices of method.

A value with an interval is drawn from two halves of a normal distribution that meet at the value: the value is the
median, `low` and `high` are the 2.5th and the 97.5th percentile. A drawn value is clipped to its bounds, where it has
any (what it would be if everybody who did not answer had said no, or yes). Values without an interval are known: a
register's are never drawn. Intervals go through the indicator's transformation with the value, so on a logarithm the
halves are those of the logarithm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rankings.engine import draws, normalise, treatment
from rankings.engine.matrix import NORMAL, DataError, Errors

if TYPE_CHECKING:
    from rankings.engine.compute import Outcome
    from rankings.engine.matrix import Floats, Matrix
    from rankings.engine.specification import Specification
    from rankings.engine.variations import Scoring


class Sampler:
    """Draws the values of the indicators that have errors, as scores and as what is ranked."""

    def __init__(
        self, errors: Errors, matrix: Matrix, specification: Specification, scorings: dict[str, Scoring], seed: int
    ) -> None:
        self.specification, self.seed = specification, seed
        ends = [_placed(errors, part, matrix, specification) for part in ("low", "high", "bound_low", "bound_high")]
        scored = np.array([not indicator.neutral for indicator in specification.indicators])
        self.rows: NDArray[np.intp] = np.flatnonzero((~np.isnan(ends[0])).any(axis=1) & scored)
        _check(ends, matrix, specification)
        self._bounded = bool((~np.isnan(ends[2:])).any())
        self._values = {name: self._around(matrix, scoring, ends) for name, scoring in scorings.items()}
        self._declared = scorings["declared"]

    def _around(self, matrix: Matrix, scoring: Scoring, ends: list[Floats]) -> tuple[Floats, ...]:
        """Value, how far a deviation goes up and down, and the bounds: rows × units, as before normalising."""
        value = scoring.prepared.rows[self.rows]
        low, high, least, most = (
            treatment.transformed(matrix, scoring.specification, end)[1][self.rows] for end in ends
        )
        up, down = (np.nan_to_num(np.abs(end - value) / NORMAL) for end in (high, low))
        bounds = np.where(np.isnan(least), -np.inf, least), np.where(np.isnan(most), np.inf, most)
        return tuple(part.astype(np.float32) for part in (value, up, down, *bounds))

    def values(self, name: str, deviations: Floats, place: Any = slice(None)) -> Floats:
        """Drawn values (draws × rows × units) before one way of normalising, for standard normal deviations; of one
        `place` among the rows draws × units."""
        value, up, down, least, most = (part[place] for part in self._values[name])
        drawn: Floats = np.maximum(deviations, np.float32(0))
        drawn *= up
        below = np.minimum(deviations, np.float32(0))
        below *= down
        drawn += below
        drawn += value
        return np.clip(drawn, least, most, out=drawn) if self._bounded else drawn

    def deviations(self, batch: int, size: int, units: int) -> Floats:
        """Standard normal numbers, draws × rows × units; the same for the same batch."""
        generator = np.random.default_rng([self.seed, batch])
        return generator.standard_normal((size, self.rows.size, units), dtype=np.float32)

    def scores(self, name: str, scoring: Scoring, deviations: Floats) -> draws.Sampled:
        """Scores of drawn values, read with the published yardstick: what the others drew does not move it."""
        return draws.Sampled(self.rows, self._scored(scoring, self.values(name, deviations), self.rows))

    @staticmethod
    def _scored(scoring: Scoring, values: Floats, rows: NDArray[np.intp]) -> Floats:
        limits = scoring.fitted.limits
        if limits is not None:
            values = np.clip(values, *(limit[rows].astype(np.float32) for limit in limits))
        found = normalise.apply_rows(values, scoring.fitted.indicators, rows)
        return np.maximum(found, np.float32(scoring.lowest), out=found)

    def ranks(self, row: int, deviations: Floats, published: Outcome) -> NDArray[np.int64]:
        """Places of drawn values in one indicator (draws × units), by value or by score as the indicator says."""
        indicator, place = self.specification.indicators[row], int(np.flatnonzero(self.rows == row)[0])
        rule, sign = indicator.rank, np.float32(normalise.SIGNS[indicator.direction])
        decimals = None if any(step.method == "log" for step in indicator.transform) else rule.decimals
        keys = self.values("declared", deviations[:, place], place) * sign
        if rule.by != "value":
            keys = self._scored(self._declared, keys[:, np.newaxis] * sign, self.rows[place : place + 1])[:, 0]
            decimals = rule.decimals
        return draws.places(np.where(published.rank[:, row] > 0, keys, draws.NOTHING), decimals, rule.first)


def _placed(errors: Errors, part: str, matrix: Matrix, specification: Specification) -> Floats:
    """One end of the intervals, in the rows of the specification × the units of the data."""
    result = np.full((len(specification.codes), len(matrix.units)), np.nan)
    line = {unit: index for index, unit in enumerate(matrix.units)}
    row = {code: index for index, code in enumerate(specification.codes)}
    values: Floats = getattr(errors, part)
    for place, code in enumerate(errors.codes):
        for index, unit in enumerate(errors.units):
            if code in row and unit in line:
                result[row[code], line[unit]] = values[index, place]
    return result


def _check(ends: list[Floats], matrix: Matrix, specification: Specification) -> None:
    """Raises DataError where an interval does not hold its value, or stands at a gap."""
    low, high, *_bounds = ends
    values = matrix.rows(specification.codes)
    wrong = ~np.isnan(low) & ~((low <= values) & (values <= high))
    if wrong.any():
        row, unit = (int(place[0]) for place in np.nonzero(wrong))
        value = "no value" if np.isnan(values[row, unit]) else f"the value {values[row, unit]:g}"
        where = f"unit {matrix.units[unit]}, indicator {specification.codes[row]}"
        raise DataError(f"{where}: the interval {low[row, unit]:g} to {high[row, unit]:g} stands at {value}")
