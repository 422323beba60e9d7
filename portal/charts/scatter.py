"""Two measures against each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.charts.names import SIDES, Side, Spot, names_beside
from portal.charts.scale import GridLine, Scale, Tick, anchor, coordinate, extent, ticks, widened

NARROW = (300.0, 420.0, 560.0, 700.0, 900.0, 1152.0)  # pixels across, from the smallest phone
WIDE = NARROW[3:]  # where figures.css shows more names
_WANTED = 6  # round values on an axis
_LEFT, _RIGHT = 8.0, 97.0
_TOP, _BOTTOM = 42.0, 48.0


@dataclass(frozen=True, slots=True)
class Pair:
    """One municipality's two values, its name, and both in words; a chosen one is named whatever lies there."""

    x: float | None
    y: float | None
    title: str
    name: str
    url: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class NamedDot:
    """A point with its name beside it. ``css`` of the name: "" always seen, "wide" where there is room, else "tip"."""

    x: str
    y: str
    title: str
    url: str
    name: str
    css: str
    side: Side
    chosen: bool


@dataclass(frozen=True, slots=True)
class Scatter:
    """What templates/components/scatter.html draws."""

    height: int
    base: int
    x_title: str
    y_title: str
    grid: tuple[GridLine, ...]
    ticks: tuple[Tick, ...]
    dots: tuple[NamedDot, ...]
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
    x_low, x_high = widened(*extent([x for _, x, _ in there]), _WANTED)
    y_low, y_high = widened(*extent([y for _, _, y in there]), _WANTED)
    across, down = Scale(x_low, x_high, _LEFT, _RIGHT), Scale(y_low, y_high, base, _TOP)
    spots = [Spot(across.at(x), down.at(y), pair.name, pair.chosen) for pair, x, y in there]
    return Scatter(
        height=height,
        base=base,
        x_title=x_title,
        y_title=y_title,
        grid=tuple(GridLine(coordinate(down.at(mark)), y_text(mark)) for mark in ticks(y_low, y_high, _WANTED)),
        ticks=tuple(
            Tick(coordinate(across.at(mark)), x_text(mark), anchor(across.at(mark)))
            for mark in ticks(x_low, x_high, _WANTED)
        ),
        dots=_dots([pair for pair, _, _ in there], spots, base),
        says=says,
    )


def _dots(pairs: Sequence[Pair], spots: Sequence[Spot], base: float) -> tuple[NamedDot, ...]:
    """The points in the order given, the chosen ones last and so on top."""
    narrow = names_beside(spots, NARROW, base)
    wide = names_beside(spots, WIDE, base, narrow)
    dots = [
        NamedDot(
            x=coordinate(spot.x),
            y=coordinate(spot.y),
            title=pair.title,
            url=pair.url,
            name=pair.name,
            css="" if index in narrow else "wide" if index in wide else "tip",
            side=wide.get(index) or (SIDES[1] if spot.x > _RIGHT / 2 else SIDES[0]),
            chosen=pair.chosen,
        )
        for index, (pair, spot) in enumerate(zip(pairs, spots, strict=True))
    ]
    return tuple(sorted(dots, key=lambda dot: dot.chosen))
