"""Whether the differences between units have grown: the spread of the same units at two times, noise taken out.

- Two measures: the standard deviation, and the distance from the 10th to the 90th percentile (P90–P10).
- The same units: those that have a figure at every one of the times.
- Noise out: where the standard error of each figure is known, its mean square is taken from the variance, and P90–P10
  is scaled by the same factor. Without that, figures on few answers seem to lie further apart than they do.
- The interval of the change: 95 % of `DRAWS` resamples of whole units (a unit keeps its figures of both times together,
  since they belong together), with bias correction and acceleration left out: the percentile bootstrap (Efron 1979).
- Grown or shrunk is only said where the intervals of *both* measures leave out 0 on one side, with all units and
  without the five smallest, and at least three times share the definition. Else nothing sure is known.

Never by regressing the change on the level: whoever is far out by chance is nearer next time (Galton 1886; Friedman
1992, "Do old fallacies ever die?"), so that such a line falls also where the spread is unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rankings.engine.matrix import Floats

DRAWS = 2000
SEED = 2014
LEAST_TIMES = 3
SMALLEST = 5
FEWEST = 20
"""Fewer units have a spread that a single one decides."""
ENDS = (2.5, 97.5)


@dataclass(frozen=True)
class Measure:
    """One measure of the spread at every time, and the interval of its change from the first to the last."""

    times: tuple[float, ...]
    low: float
    high: float

    @property
    def change(self) -> float:
        """From the first time to the last."""
        return self.times[-1] - self.times[0]

    @property
    def side(self) -> int:
        """1 grown, −1 shrunk, 0 where the interval of the change holds 0."""
        return int(self.low > 0) - int(self.high < 0)


@dataclass(frozen=True)
class Spread:
    """The spread over the times. n: units that have a figure at all of them. verdict: 1 the differences have grown, −1
    shrunk, 0 no sure change. noise: whether the figures' own uncertainty was known and taken out."""

    deviation: Measure
    distance: Measure
    without_smallest: tuple[Measure, Measure]
    n: int
    noise: bool
    verdict: int


def spread(values: Floats, sizes: Floats, errors: Floats | None = None) -> Spread | None:
    """The spread of figures (units × times, NaN = missing, all of one definition), the oldest time first. `sizes` says
    who is small, `errors` are standard errors like `values`. None where fewer than two times or too few units."""
    there = ~np.isnan(values).any(axis=1)
    if errors is not None:
        there &= ~np.isnan(errors).any(axis=1)
    if values.shape[1] < 2 or there.sum() < FEWEST + SMALLEST:
        return None
    figures = values[there]
    noise = np.zeros_like(figures) if errors is None else errors[there] ** 2
    large = np.argsort(np.where(np.isnan(sizes), np.inf, sizes)[there], kind="stable")[SMALLEST:]
    deviation, distance = _measures(figures, noise)
    without = _measures(figures[large], noise[large])
    sides = {one.side for one in (deviation, distance, *without)}
    sure = len(sides) == 1 and values.shape[1] >= LEAST_TIMES
    return Spread(deviation, distance, without, int(there.sum()), errors is not None, sides.pop() if sure else 0)


def _measures(figures: Floats, noise: Floats) -> tuple[Measure, Measure]:
    """Standard deviation and P90–P10 of units × times."""
    rng = np.random.default_rng(SEED)
    picks = rng.integers(0, len(figures), (DRAWS, len(figures)))
    times = [_both(figures[np.newaxis, :, time], noise[np.newaxis, :, time]) for time in range(figures.shape[1])]
    ends = [_both(figures[picks, time], noise[picks, time]) for time in (0, -1)]
    measures = []
    for which in (0, 1):
        low, high = np.percentile(ends[1][which] - ends[0][which], ENDS)
        measures.append(Measure(tuple(float(one[which][0]) for one in times), float(low), float(high)))
    return measures[0], measures[1]


def _both(figures: Floats, noise: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Standard deviation and P90–P10 of each row (draws × units), the noise taken out."""
    variance = figures.var(axis=1, ddof=1)
    kept = np.maximum(variance - noise.mean(axis=1), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(variance > 0, np.sqrt(kept / variance), 0.0)
    # Rows sorted once: np.percentile would sort anew for each end.
    ordered = np.sort(figures, axis=1)
    return np.sqrt(kept), (_quantile(ordered, 0.9) - _quantile(ordered, 0.1)) * factor


def _quantile(ordered: Floats, share: float) -> NDArray[np.float64]:
    place = share * (ordered.shape[1] - 1)
    below = int(place)
    above = min(below + 1, ordered.shape[1] - 1)
    result: NDArray[np.float64] = ordered[:, below] + (place - below) * (ordered[:, above] - ordered[:, below])
    return result
