"""The two values of an indicator that become 0 and 100 points."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rankings.models import Criterion


def goalposts(
    values: NDArray[np.floating[Any]], percentiles: tuple[float, float], *, yes_no: bool
) -> tuple[float, float] | None:
    """The two values that become 0 and 100, in the indicator's unit; None where all values are one.

    The 5th and 95th percentile (linear interpolation between order statistics); the whole range where
    those two meet; 0 and 1 for a yes or no.
    """
    present = values[~np.isnan(values)]
    if yes_no:
        return 0.0, 1.0
    if not present.size:
        return None
    low, high = np.percentile(present, percentiles)
    if low == high:
        low, high = present.min(), present.max()
    return (float(low), float(high)) if low < high else None


def is_yes_no(criterion: Criterion) -> bool:
    """Whether the indicator is answered with yes (1) or no (0)."""
    indicator = criterion.indicator
    return indicator is not None and indicator.unit.startswith("ja=1")
