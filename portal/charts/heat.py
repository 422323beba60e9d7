"""A heat map: how every pair of some things goes together, as squares."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.charts.scale import Mark, coordinate

SIDE = 40.0
STEPS = (0.1, 0.3, 0.5, 0.7)
"""From these on the colour is one step stronger; what rounds to nothing is nothing, on either side of 0."""


@dataclass(frozen=True, slots=True)
class Square:
    """A drawn pair: where, how strong (a class of figures.css), its figure as text and in words."""

    x: str
    y: str
    css: str
    text: str
    title: str


@dataclass(frozen=True, slots=True)
class Heat:
    """What templates/audit/heat.html draws, in a box of ``size`` × ``size``."""

    size: str
    side: str
    squares: tuple[Square, ...]
    headings: tuple[Mark, ...]
    says: str


def heat(count: int, known: Mapping[tuple[int, int], tuple[float, str, str]], *, says: str) -> Heat:
    """The lower half of a square of ``count`` things. ``known``: row and column (row after column) → figure, its text,
    what is said of it; pairs that are not there stay open."""
    middle = SIDE / 2
    squares = tuple(
        Square(
            coordinate((column + 1) * SIDE),
            coordinate((row - 1) * SIDE),
            "hatched" if figure <= -STEPS[0] / 2 else f"fifth-{1 + sum(figure >= step for step in STEPS)}",
            text,
            title,
        )
        for (row, column), (figure, text, title) in sorted(known.items())
    )
    rows = [
        Mark(x=coordinate(middle), y=coordinate((row - 1) * SIDE + middle), text=str(row + 1))
        for row in range(1, count)
    ]
    columns = [
        Mark(
            x=coordinate((column + 1) * SIDE + middle), y=coordinate((count - 1) * SIDE + middle), text=str(column + 1)
        )
        for column in range(count - 1)
    ]
    return Heat(coordinate(count * SIDE), coordinate(SIDE), squares, (*rows, *columns), says)
