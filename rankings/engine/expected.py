"""What a figure could be expected to be under the conditions, and who is better or worse than that.

Ordinary least squares of the figure on at most four declared conditions. Everything a unit is told is out of sample:
its own figure had no part in what was expected of it (the leave-one-out prediction, which the hat matrix gives without
fitting n times).

- r² out of sample = 1 − PRESS / Σ (y − mean of the others)²: how much better the conditions foretell a figure that the
  model has not seen than the mean of the others does. It is negative where they foretell nothing.
- A unit's p-value is that of its externally studentised residual (Student's t, n − k − 2 degrees of freedom).
- Better or worse than expected: only where r² reaches `LEAST` in two editions running, and Benjamini and Hochberg's
  procedure (1995, JRSS B 57, 289–300) at `RATE` over all units finds it in both, on the same side.

Sources: Belsley, Kuh and Welsch (1980), *Regression Diagnostics*; Allen (1974), Technometrics 16 (PRESS).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from rankings.engine.matrix import Floats

MOST_CONDITIONS = 4
LEAST = 0.2
"""Below this r² out of sample a model says so and nothing else."""
RATE = 0.05
FEWEST = 30
"""Fewer units with everything known are not modelled."""
Yes = NDArray[np.bool_]


@dataclass(frozen=True)
class Fit:
    """A model's word on every unit; NaN where the figure or a condition is missing.

    expected: foretold without the unit's own figure. low, high: 95 % of new figures would lie between them. p: how
    often chance alone lies as far away. r2: out of sample. n: units with everything known."""

    expected: Floats
    low: Floats
    high: Floats
    p: Floats
    r2: float
    n: int

    @property
    def is_good(self) -> bool:
        """Whether it foretells well enough that anything may be said by it."""
        return self.r2 >= LEAST


def fit(values: Floats, conditions: Floats) -> Fit | None:
    """The model of a figure (one per unit) by conditions (units × conditions). None where fewer than `FEWEST` units
    have everything, or the figure does not vary. A condition that does not vary is left out."""
    there = ~(np.isnan(values) | np.isnan(conditions).any(axis=1))
    n = int(there.sum())
    if n < FEWEST or np.ptp(values[there]) == 0:
        return None
    y, x = values[there], conditions[there]
    x = x[:, np.ptp(x, axis=0) > 0]
    design = np.column_stack([np.ones(n), (x - x.mean(axis=0)) / x.std(axis=0)])
    base, _ = np.linalg.qr(design)
    leverage = np.minimum((base**2).sum(axis=1), 1 - 1e-9)
    residual = y - base @ (base.T @ y)
    free = n - design.shape[1] - 1
    apart = residual / (1 - leverage)
    # The variance without the unit itself, so that a wild figure cannot hide behind the scatter that it makes.
    variance = np.maximum((residual @ residual - residual * apart) / free, 1e-300)
    deviation = np.sqrt(variance / (1 - leverage))
    others = (y - y.mean()) * n / (n - 1)
    return Fit(
        expected=_spread_out(there, y - apart),
        low=_spread_out(there, y - apart - student(0.975, free) * deviation),
        high=_spread_out(there, y - apart + student(0.975, free) * deviation),
        p=_spread_out(there, np.array([two_sided(one, free) for one in (apart / deviation).tolist()])),
        r2=float(1 - apart @ apart / (others @ others)),
        n=n,
    )


def _spread_out(there: Yes, known: Floats) -> Floats:
    result = np.full(there.size, np.nan)
    result[there] = known
    return result


def two_sided(t: float, free: int) -> float:
    """How often |Student's t| is larger, by Wallace's transformation to the normal (1959; three digits from 10 degrees
    of freedom on)."""
    z = (8 * free + 1) / (8 * free + 3) * math.sqrt(free * math.log1p(t * t / free))
    return math.erfc(z / math.sqrt(2))


def student(share: float, free: int) -> float:
    """The quantile of Student's t that belongs to `two_sided`."""
    z = NormalDist().inv_cdf(share) * (8 * free + 3) / (8 * free + 1)
    return math.copysign(math.sqrt(free * math.expm1(z * z / free)), z)


def discoveries(p: Floats, rate: float = RATE) -> Yes:
    """Benjamini and Hochberg's procedure: which of the p-values (NaN = none) hold at this false discovery rate."""
    known = np.sort(p[~np.isnan(p)])
    below = np.flatnonzero(known <= rate * np.arange(1, known.size + 1) / max(known.size, 1))
    limit = known[below[-1]] if below.size else -1.0
    return np.where(np.isnan(p), 1.0, p) <= limit


def verdicts(
    now: tuple[Fit | None, Floats], before: tuple[Fit | None, Floats], sign: float
) -> NDArray[np.int64] | None:
    """Of every unit: 1 better, −1 worse than expected, 0 as expected, in two editions running; None where either model
    foretells too little. Given are model and figures; `sign` is −1 where lower is better."""
    (fitted, values), (earlier, old) = now, before
    if fitted is None or earlier is None or not (fitted.is_good and earlier.is_good):
        return None
    sides = [
        np.where(discoveries(one.p), np.sign(figures - one.expected), 0.0)
        for one, figures in ((fitted, values), (earlier, old))
    ]
    return np.where(sides[0] == sides[1], sign * sides[0], 0.0).astype(np.int64)
