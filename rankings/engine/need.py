"""Need beside help: whether the two go together over the country, and whose need stands out.

- Over the country: Pearson's r between what shows need and what shows help in two editions running, each with Fisher's
  interval. As many pairs as a page shows are looked at, so the intervals are those of 1 − 0.05 / pairs (Bonferroni).
  They go together (or apart) only where both editions' intervals leave out 0 on the same side. What goes together is
  not what causes what.
- The theme in which the middle of the units is lowest: sure only where 95 % of resamples of whole units have it lower
  than each of the others.
- A unit's need or help is large or small only beyond ordinary movement from the middle in both editions: nine of ten
  units moved less from the one edition to the other, apart from what all moved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rankings.engine.matrix import Floats

RATE = 0.05
ORDINARY = 90
"""Per cent of units whose movement between two editions counts as ordinary."""
FEWEST = 20
"""Fewer units have no ordinary movement, and no correlation worth a sentence."""


@dataclass(frozen=True)
class Together:
    """How need and help go together. r, low, high of the newest edition; n units with both. side: 1 together, −1 the
    opposite, 0 nothing sure."""

    r: float
    low: float
    high: float
    n: int
    side: int


def together(need: Floats, given: Floats, pairs: int = 1) -> Together | None:
    """Of two figures (units × the last two editions, or the last one alone, which says nothing sure). None where the
    newest has too few units or no differences."""
    found = [_interval(need[:, time], given[:, time], pairs) for time in range(need.shape[1])]
    newest = found[-1]
    if newest is None:
        return None
    sides = {int(one[1] > 0) - int(one[2] < 0) if one else 0 for one in found}
    sure = len(found) > 1 and len(sides) == 1
    return Together(*newest, sides.pop() if sure else 0)


def _interval(need: Floats, given: Floats, pairs: int) -> tuple[float, float, float, int] | None:
    both = ~(np.isnan(need) | np.isnan(given))
    x, y, n = need[both], given[both], int(both.sum())
    if n < FEWEST or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    r = float(np.clip(np.corrcoef(x, y)[0, 1], -1 + 1e-12, 1 - 1e-12))
    reach = NormalDist().inv_cdf(1 - RATE / pairs / 2) / math.sqrt(n - 3)
    return r, math.tanh(math.atanh(r) - reach), math.tanh(math.atanh(r) + reach), n


def ordinary_movement(earlier: Floats, later: Floats) -> float:
    """What nine of ten units moved less than between two editions, apart from what all moved; inf for few."""
    change = later - earlier
    change = change[~np.isnan(change)]
    if len(change) < FEWEST:
        return float("inf")
    return float(np.percentile(np.abs(change - np.median(change)), ORDINARY))


def beyond_ordinary(earlier: Floats, later: Floats) -> NDArray[np.int64]:
    """Of every unit: 1 above the middle by more than ordinary movement in both editions, −1 below it, else 0. What
    never moves tells nobody apart."""
    limit = ordinary_movement(earlier, later)
    if not 0 < limit < math.inf:
        return np.zeros(earlier.size, dtype=np.int64)
    apart = [one - np.nanmedian(one) for one in (earlier, later)]
    up, down = (np.all([side * one > limit for one in apart], axis=0) for side in (1, -1))
    sides: NDArray[np.int64] = up.astype(np.int64) - down.astype(np.int64)
    return sides


DRAWS, SEED = 2000, 2014


def lowest(scores: Floats) -> tuple[int, bool] | None:
    """Which column (units × themes) has the lowest median, and whether that is sure; None without two columns that have
    enough units. Units without a score somewhere are left out, so that all columns speak of the same ones."""
    there = ~np.isnan(scores).any(axis=1)
    if scores.shape[1] < 2 or there.sum() < FEWEST:
        return None
    figures = scores[there]
    first = int(np.argmin(np.median(figures, axis=0)))
    picks = np.random.default_rng(SEED).integers(0, len(figures), (DRAWS, len(figures)))
    medians = np.column_stack([np.median(column[picks], axis=1) for column in figures.T])
    nearest = np.delete(medians, first, axis=1).min(axis=1)
    return first, bool(np.percentile(medians[:, first] - nearest, 100 * (1 - RATE)) < 0)
