"""Two measures against each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.charts.distribution import Dot
from portal.charts.labels import above
from portal.charts.scale import GridLine, Mark, Scale, Tick, anchor, coordinate, extent, ticks, widened

_LEFT, _RIGHT = 8.0, 97.0
_TOP, _BOTTOM = 42.0, 48.0


@dataclass(frozen=True, slots=True)
class Pair:
    """One municipality's two values; with a label it is a chosen one and named in the picture."""

    x: float | None
    y: float | None
    title: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Scatter:
    """What templates/components/scatter.html draws."""

    height: int
    base: int
    x_title: str
    y_title: str
    grid: tuple[GridLine, ...]
    ticks: tuple[Tick, ...]
    dots: tuple[Dot, ...]
    marks: tuple[Mark, ...]
    says: str


def scatter(
    pairs: Sequence[Pair],
    *,
    x_title: str,
    y_title: str,
    x_text: Callable[[float], str],
    y_text: Callable[[float], str],
    says: str,
    height: int = 420,
) -> Scatter:
    """Draw every municipality that has both values. Titles carry unit and direction; ``says`` is read aloud."""
    there = [(pair, pair.x, pair.y) for pair in pairs if pair.x is not None and pair.y is not None]
    base = height - round(_BOTTOM)
    x_low, x_high = widened(*extent([x for _, x, _ in there]))
    y_low, y_high = widened(*extent([y for _, _, y in there]))
    across, down = Scale(x_low, x_high, _LEFT, _RIGHT), Scale(y_low, y_high, base, _TOP)
    dots = [
        Dot(coordinate(across.at(x)), coordinate(down.at(y)), "chosen" if pair.label else "", pair.title)
        for pair, x, y in there
    ]
    named = [(pair.label, across.at(x), down.at(y)) for pair, x, y in there if pair.label]
    heights = above([x for _, x, _ in named], [y - 10 for _, _, y in named], [text for text, _, _ in named], 16.0)
    return Scatter(
        height=height,
        base=base,
        x_title=x_title,
        y_title=y_title,
        grid=tuple(GridLine(coordinate(down.at(mark)), y_text(mark)) for mark in ticks(y_low, y_high)),
        ticks=tuple(
            Tick(coordinate(across.at(mark)), x_text(mark), anchor(across.at(mark))) for mark in ticks(x_low, x_high)
        ),
        dots=tuple(sorted(dots, key=lambda dot: dot.css)),
        marks=tuple(
            Mark(coordinate(x), coordinate(y), label, anchor(x), "chosen")
            for (label, x, _), y in zip(named, heights, strict=True)
        ),
        says=says,
    )
