"""A value as it is printed: the engine's rounding, for one number."""

import math

from rankings.engine.rank import NUDGE


def as_printed(value: float | None, decimals: int) -> float | None:
    """Round half away from zero by the formula of rankings.engine.rank.rounded; None stays None."""
    if value is None:
        return None
    factor = 10.0**decimals
    scaled = abs(value) * factor
    return math.copysign(math.floor(scaled + scaled * NUDGE + 0.5), value) / factor + 0.0
