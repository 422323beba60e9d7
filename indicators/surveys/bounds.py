"""What a figure of some of those asked could be at most and at least, whoever the others are: no assumption in it."""

from indicators.surveys.aggregate import bound


def bounds_of(
    value: float, answered: int | None, asked: int | None, scale: tuple[float | None, float | None]
) -> tuple[float | None, float | None]:
    """The least and the most that it would be if all had answered, each at an end of the scale.

    None where the scale or the counts are not known.
    """
    if not asked or answered is None:
        return None, None
    low, high = scale
    return bound(value, answered, asked, low), bound(value, answered, asked, high)
