"""Names on the spot: where they go so that none lies on another."""

from collections.abc import Sequence

_LETTER = 7.2  # pixels of an average letter at the charts' 13 px
_NARROWEST = 320.0  # pixels: a chart on the smallest phone


def levels(centres: Sequence[float], texts: Sequence[str]) -> tuple[int, ...]:
    """The row, 0 nearest the axis, in which each name stands so that no two names of a row overlap.

    ``centres`` are percent; a name leans inwards at the ends, which this reckons with.
    """
    taken: list[list[tuple[float, float]]] = []
    found = [0] * len(centres)
    for index in sorted(range(len(centres)), key=lambda i: centres[i]):
        own = span(centres[index], texts[index])
        level = next((i for i, row in enumerate(taken) if all(_apart(own, other) for other in row)), len(taken))
        if level == len(taken):
            taken.append([])
        taken[level].append(own)
        found[index] = level
    return tuple(found)


def above(centres: Sequence[float], tops: Sequence[float], texts: Sequence[str], row: float) -> tuple[float, ...]:
    """The y of each name over its own point: as near as it gets without lying on a name placed before it.

    ``tops`` are the y that a name's foot may have at the lowest; ``row`` is the height of a line of text. Names are
    placed from the lowest point up, and pushed upwards.
    """
    placed: list[tuple[tuple[float, float], float]] = []
    found = [0.0] * len(centres)
    for index in sorted(range(len(centres)), key=lambda i: -tops[i]):
        own = span(centres[index], texts[index])
        y = tops[index]
        for other, foot in sorted(placed, key=lambda one: -one[1]):
            if not _apart(own, other) and abs(foot - y) < row:
                y = foot - row
        placed.append((own, y))
        found[index] = y
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


def span(centre: float, text: str) -> tuple[float, float]:
    """From where to where a name reaches, in percent of the narrowest chart; it leans inwards at the ends."""
    width = min(100.0, len(text) * _LETTER / _NARROWEST * 100)
    if centre < 12:
        return centre, centre + width
    if centre > 88:
        return centre - width, centre
    return centre - width / 2, centre + width / 2


def _apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[1] + 1 < other[0] or other[1] + 1 < one[0]
