"""Names on the spot: where they go so that none lies on another."""

from collections.abc import Sequence

_LETTER = 7.2  # pixels of an average letter at the charts' 13 px
_NARROWEST = 320.0  # pixels: a chart on the smallest phone


def width_percent(text: str) -> float:
    """How much of the narrowest chart's width a name takes, in percent."""
    return min(100.0, len(text) * _LETTER / _NARROWEST * 100)


def levels(centres: Sequence[float], texts: Sequence[str]) -> tuple[int, ...]:
    """The row, 0 nearest the axis, in which each name stands so that no two names of a row overlap.

    ``centres`` are percent; a name leans inwards at the ends, which this reckons with.
    """
    taken: list[list[tuple[float, float]]] = []
    found = [0] * len(centres)
    for index in sorted(range(len(centres)), key=lambda i: centres[i]):
        span = _span(centres[index], width_percent(texts[index]))
        level = next((i for i, row in enumerate(taken) if all(_apart(span, other) for other in row)), len(taken))
        if level == len(taken):
            taken.append([])
        taken[level].append(span)
        found[index] = level
    return tuple(found)


def spread(heights: Sequence[float], gap: float, lowest: float, highest: float) -> tuple[float, ...]:
    """Move labels apart so that neighbours are at least ``gap`` pixels from each other, order kept.

    ``lowest`` and ``highest`` are the smallest and largest y allowed; when they do not all fit, the gap gives way.
    """
    if not heights:
        return ()
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    gap = min(gap, (highest - lowest) / max(len(heights) - 1, 1))
    moved = list(heights)
    floor = lowest
    for index in order:
        moved[index] = max(moved[index], floor)
        floor = moved[index] + gap
    ceiling = highest
    for index in reversed(order):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - gap
    return tuple(moved)


def _span(centre: float, width: float) -> tuple[float, float]:
    if centre < 12:
        return centre, centre + width
    if centre > 88:
        return centre - width, centre
    return centre - width / 2, centre + width / 2


def _apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[1] + 1 < other[0] or other[1] + 1 < one[0]
