"""Whether a municipality's figure has moved over the years, or has only swung: said of at least three comparable years.

A move is more than ordinary movement (`engine.need.ordinary_movement`: nine of ten municipalities moved less,
apart from what all moved) from the first year to the last, and no step between goes the other way by as much.
"""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from rankings.engine.matrix import Floats
from rankings.engine.need import ordinary_movement

FEWEST_YEARS = 3


def moved(table: Floats, line: int) -> int | None:
    """+1 where the value of a line of a table (municipalities × comparable years) has risen, −1 where it has fallen, 0
    where that cannot be told from ordinary movement; None for fewer years, a gap, or too few municipalities to know."""
    return None if np.isnan(table[line]).any() else _ways(table, [line])[0]


def movements(table: Floats) -> list[int | None]:
    """The same of every line, each by the years that it has figures for."""
    there = ~np.isnan(table)
    found: list[int | None] = [None] * len(table)
    for years in {tuple(row) for row in there}:
        lines = np.flatnonzero((there == years).all(axis=1))
        for line, way in zip(lines, _ways(table[:, np.flatnonzero(years)], lines), strict=True):
            found[line] = way
    return found


def _ways(table: Floats, lines: Iterable[int]) -> list[int | None]:
    """Of lines without a gap."""
    lines = list(lines)
    noise = ordinary_movement(table[:, 0], table[:, -1]) if table.shape[1] >= FEWEST_YEARS else 0.0
    if not 0 < noise < np.inf:
        return [None] * len(lines)
    steps = [ordinary_movement(table[:, before], table[:, now]) for before, now in pairwise(range(table.shape[1]))]
    return [_way(table[line], noise, steps) for line in lines]


def _way(own: Floats, noise: float, steps: list[float]) -> int:
    whole = float(own[-1] - own[0])
    way = int(np.sign(whole))
    if abs(whole) <= noise or any(way * step < -usual for step, usual in zip(np.diff(own), steps, strict=True)):
        return 0
    return way
