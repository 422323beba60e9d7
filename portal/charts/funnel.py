"""A funnel: shares of many and of few, and between which limits chance alone keeps them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.charts.dots import BOTTOM, SCATTER_LEFT, SCATTER_RIGHT, TOP, WANTED, Pair, Scatter, scatter
from portal.charts.scale import Scale, coordinate, extent, widened
from rankings.engine.evidence import ORDINARY, OUTSIDE, Funnel, funnel_limits

HEIGHT = 420
POINTS = 40


@dataclass(frozen=True, slots=True)
class FunnelChart:
    """What templates/indicator/funnel.html draws: the dots, and paths in a box of 100 × ``height``."""

    height: int
    scatter: Scatter
    centre: str
    inner: tuple[str, str]
    outer: tuple[str, str]


def funnel_chart(
    pairs: Sequence[Pair],
    of: tuple[Funnel, float],
    *,
    x_title: str,
    y_title: str,
    x_text: Callable[[float], str],
    y_text: Callable[[float, int], str],
    says: str,
) -> FunnelChart:
    """Draw figures (y) over how many people (x). ``of``: what was found, and on how many a figure counts."""
    found, whole = of
    there = [(math.log10(pair.x), pair.y) for pair in pairs if pair.x and pair.y is not None]
    drawn = scatter(
        [
            Pair(math.log10(pair.x) if pair.x else None, pair.y, pair.title, pair.name, pair.url, pair.chosen)
            for pair in pairs
        ],
        x_title=x_title,
        y_title=y_title,
        x_text=lambda figure, _decimals: x_text(10**figure) if figure == round(figure) else "",
        y_text=y_text,
        says=says,
        height=HEIGHT,
    )
    across = Scale(*widened(*extent([x for x, _y in there]), WANTED), SCATTER_LEFT, SCATTER_RIGHT)
    down = Scale(*widened(*extent([y for _x, y in there]), WANTED), HEIGHT - BOTTOM, TOP)
    steps = [across.low + (across.high - across.low) * step / POINTS for step in range(POINTS + 1)]

    def path(certain: float, end: int) -> str:
        ends = [whole * funnel_limits(found, 10**x, certain)[end] for x in steps]
        points = (f"{coordinate(across.at(x))} {coordinate(down.at(y))}" for x, y in zip(steps, ends, strict=True))
        return f"M{'L'.join(points)}"

    middle = coordinate(down.at(whole * found.centre))
    return FunnelChart(
        HEIGHT,
        drawn,
        f"M{coordinate(SCATTER_LEFT)} {middle}L{coordinate(SCATTER_RIGHT)} {middle}",
        (path(ORDINARY, 0), path(ORDINARY, 1)),
        (path(OUTSIDE, 0), path(OUTSIDE, 1)),
    )
