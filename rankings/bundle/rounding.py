"""A value as it is printed: the engine's rounding, for one number that may be missing."""

from rankings.engine import rank


def as_printed(value: float | None, decimals: int) -> float | None:
    """Round as the engine does; None stays None."""
    return None if value is None else rank.as_printed(value, decimals)
