"""Whether a municipality's figure has moved over the years, or has only swung: said of at least three comparable years.

A move is more than ordinary movement (`engine.need.ordinary_movement`: nine of ten municipalities moved less,
apart from what all moved) from the first year to the last, and no step between goes the other way by as much.
"""

from itertools import pairwise

import numpy as np

from rankings.engine.matrix import Floats
from rankings.engine.need import ordinary_movement

FEWEST_YEARS = 3


def moved(table: Floats, line: int) -> int | None:
    """+1 where the value of a line of a table (municipalities × comparable years) has risen, −1 where it has fallen, 0
    where that cannot be told from ordinary movement; None for fewer years, a gap, or too few municipalities to know."""
    own = table[line]
    if table.shape[1] < FEWEST_YEARS or np.isnan(own).any():
        return None
    noise = ordinary_movement(table[:, 0], table[:, -1])
    if not 0 < noise < np.inf:
        return None
    whole = float(own[-1] - own[0])
    way = int(np.sign(whole))
    if abs(whole) <= noise or way == 0:
        return 0
    steps = (
        way * float(own[now] - own[before]) < -ordinary_movement(table[:, before], table[:, now])
        for before, now in pairwise(range(table.shape[1]))
    )
    return 0 if any(steps) else way
