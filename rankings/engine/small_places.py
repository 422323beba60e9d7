"""Rates of few: what chance alone does to a share of so many people, and who lies beyond it.

- Funnel: around the share of all together, p, a unit of N people lies by chance alone within
  sin²(arcsin √p ± z / (2√N)) (Anscombe's transformation: the limits stay within 0 and 1 and are right also where few
  are expected; Spiegelhalter 2005, "Funnel plots for comparing institutional performance", Statistics in Medicine 24).
- Beyond it: Benjamini and Hochberg's procedure over all units, so that of a hundred units nobody stands out just
  because a hundred were looked at.
- Shrunken: w · own share + (1 − w) · p with w = τ² / (τ² + p(1 − p)/N), τ² the variance between units by the method of
  moments, never below 0 (empirical Bayes; Efron and Morris 1975). It guesses better on average, and it hides the small:
  it is shown beside the figure, never ranked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rankings.engine.expected import discoveries

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rankings.engine.matrix import Floats

RATE = 0.025
"""Half of what other rules allow: counts come in whole people, so that what is far out happens a little more often than
the transformation says."""
INNER, OUTER = 1.959964, 3.090232
"""z of the drawn limits: 95 % and 99.8 %."""


@dataclass(frozen=True)
class Funnel:
    """Every unit against chance. centre: the share of all together, 0–1. z: how far away, in deviations of chance.
    beyond: 1 over, −1 under what chance explains, 0 within ordinary movement. shrunken: shares. NaN where unknown."""

    centre: float
    z: Floats
    beyond: NDArray[np.int64]
    shrunken: Floats


def funnel(shares: Floats, people: Floats) -> Funnel | None:
    """The funnel of shares (0–1) of so many people each. None where fewer than three are known or nobody has any."""
    there = ~(np.isnan(shares) | np.isnan(people)) & (people > 0)
    if there.sum() < 3:
        return None
    share, size = shares[there], people[there]
    centre = float((share * size).sum() / size.sum())
    if not 0 < centre < 1:
        return None
    z = np.full(shares.size, np.nan)
    z[there] = 2 * np.sqrt(size) * (np.arcsin(np.sqrt(np.clip(share, 0, 1))) - math.asin(math.sqrt(centre)))
    p = np.array([math.erfc(abs(one) / math.sqrt(2)) for one in z.tolist()])
    beyond = np.where(discoveries(p, RATE), np.sign(z), 0.0)
    shrunken = np.full(shares.size, np.nan)
    shrunken[there] = _shrunken(share, size, centre)
    return Funnel(centre, z, np.nan_to_num(beyond).astype(np.int64), shrunken)


def limits(centre: float, people: float, z: float) -> tuple[float, float]:
    """Between which shares chance alone keeps so many people."""
    angle, reach = math.asin(math.sqrt(centre)), z / (2 * math.sqrt(people))
    return math.sin(max(angle - reach, 0.0)) ** 2, math.sin(min(angle + reach, math.pi / 2)) ** 2


def _shrunken(share: Floats, size: Floats, centre: float) -> Floats:
    chance = centre * (1 - centre) / size
    whole = size.sum()
    between = float((size * (share - centre) ** 2).sum() - (size.size - 1) * centre * (1 - centre))
    between = max(between / float(whole - (size**2).sum() / whole), 0.0)
    weight = between / (between + chance)
    result: Floats = weight * share + (1 - weight) * centre
    return result
