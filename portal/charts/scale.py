"""From values to places on a picture: linear scales, round ticks, coordinates; and names that lie on no other."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_LETTER = 7.2  # pixels of an average letter at the charts' 13 px
_NARROWEST = 320.0  # pixels: a chart on the smallest phone


def coordinate(value: float) -> str:
    """Write a coordinate for an SVG attribute: at most one decimal, a point, no needless zero."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values (low → high) to coordinates (start → end); start may lie after end."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The coordinate of a value; values outside are held at the ends, equal ends give the middle."""
        if self.high == self.low:
            return (self.start + self.end) / 2
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)


def extent(values: Sequence[float | None]) -> tuple[float, float]:
    """The smallest and the largest value that is there; (0, 1) when none is."""
    known = [value for value in values if value is not None]
    return (min(known), max(known)) if known else (0.0, 1.0)


def step_of(low: float, high: float, wanted: int = 4) -> float:
    """The round step (1, 2, 2.5 or 5 times a power of ten) that cuts a range in about ``wanted`` parts."""
    raw = (high - low) / wanted or 1.0
    power = 10.0 ** math.floor(math.log10(raw))
    return next(step * power for step in _STEPS if raw <= step * power * 1.0000001)


def ticks(low: float, high: float, wanted: int = 4) -> tuple[float, ...]:
    """The round values between two ends, both included when they are round."""
    step = step_of(low, high, wanted)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(round(index * step, 10) for index in range(first, last + 1))


def decimals_of(marks: Sequence[float]) -> int:
    """How many decimals the values of an axis need so that each is written as the value it stands at."""
    said = (f"{Decimal(repr(float(mark))):f}".partition(".")[2].rstrip("0") for mark in marks)
    return max(map(len, said), default=0)


def labelled(marks: Sequence[float], text: Callable[[float, int], str]) -> list[tuple[float, str]]:
    """Each value of an axis with its label, all with as many decimals as the finest needs."""
    decimals = decimals_of(marks)
    return [(mark, text(mark, decimals)) for mark in marks]


def widened(low: float, high: float, wanted: int = 4) -> tuple[float, float]:
    """The range opened to the nearest round values outside it."""
    step = step_of(low, high, wanted)
    first, last = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return (first - step, last + step) if first == last else (round(first, 10), round(last, 10))


def anchor(percent: float) -> str:
    """Which way a label leans so that it stays in the picture: a class of figures.css."""
    if percent < 12:
        return "start"
    return "end" if percent > 88 else "middle"


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at a place: a number on an axis or beside a line of the grid, a name on the spot. What follows from where
    it stands is empty."""

    x: str = ""
    y: str = ""
    text: str = ""
    anchor: str = ""
    css: str = ""


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


_SMALL_LETTER = 7.2  # pixels of an average letter at the charts' 13 px
_ROW = 15.0  # pixels of a line
_DOT = 5.0  # pixels around a point that stay free

Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels


@dataclass(frozen=True, slots=True)
class Side:
    """Where a name stands beside its point: a class of figures.css, and how far from it in pixels."""

    anchor: str
    dx: int
    dy: int


SIDES = (Side("start", 8, 4), Side("end", -8, 4), Side("middle", 0, -9), Side("middle", 0, 18))


@dataclass(frozen=True, slots=True)
class Spot:
    """A point (percent across, pixels down) and its name; a wanted one is named whatever lies there."""

    x: float
    y: float
    name: str
    wanted: bool = False


def names_beside(
    spots: Sequence[Spot], widths: Sequence[float], height: float, known: Mapping[int, Side] | None = None
) -> dict[int, Side]:
    """The names that fit in a chart of each of ``widths`` pixels: a side by the number of the spot.

    Points stand in percent and letters in pixels, so what fits at one width may not at another: give several. Those
    farthest from the middle of the cloud come first: they are what one asks about. ``known`` stay where they are.
    """
    found = dict(known or {})
    placed = [[box_of(spots[one], side, width) for one, side in found.items()] for width in widths]
    for index in _order(spots):
        if index in found:
            continue
        spot = spots[index]
        side = next((one for one in SIDES if _fits(spots, index, one, widths, height, placed)), None)
        if side is None and spot.wanted:
            side = SIDES[2]
        if side is None:
            continue
        found[index] = side
        for boxes, width in zip(placed, widths, strict=True):
            boxes.append(box_of(spot, side, width))
    return found


def _order(spots: Sequence[Spot]) -> Iterator[int]:
    """The wanted ones, then from the outermost inwards."""
    across, down = _middle([one.x for one in spots]), _middle([one.y for one in spots])
    wide, high = _width([one.x for one in spots]), _width([one.y for one in spots])

    def inwards(index: int) -> tuple[bool, float]:
        one = spots[index]
        return not one.wanted, -(((one.x - across) / wide) ** 2 + ((one.y - down) / high) ** 2)

    yield from sorted(range(len(spots)), key=inwards)


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0


def _width(values: Sequence[float]) -> float:
    return (max(values) - min(values)) or 1.0 if values else 1.0


def box_of(spot: Spot, side: Side, width: float) -> Box:
    """The room a name takes in a chart of so many pixels."""
    length = len(spot.name) * _SMALL_LETTER
    at = spot.x / 100 * width + side.dx
    left = {"start": at, "end": at - length, "middle": at - length / 2}[side.anchor]
    foot = spot.y + side.dy
    return left, foot - _ROW * 0.8, left + length, foot + _ROW * 0.2


def _fits(
    spots: Sequence[Spot],
    index: int,
    side: Side,
    widths: Sequence[float],
    height: float,
    placed: Sequence[Sequence[Box]],
) -> bool:
    for width, boxes in zip(widths, placed, strict=True):
        left, top, right, bottom = box_of(spots[index], side, width)
        if left < 0 or right > width or top < 0 or bottom > height:
            return False
        if any(left < b[2] and b[0] < right and top < b[3] and b[1] < bottom for b in boxes):
            return False
        for other, one in enumerate(spots):
            if other != index and top - _DOT < one.y < bottom + _DOT:
                x = one.x / 100 * width
                if left - _DOT < x < right + _DOT:
                    return False
    return True


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight piece of line: between two years that follow each other, from a name to its dot."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Series:
    """A named line: a value for each year, None where there is none. css: "chosen", "context", an
    area's or empty."""

    name: str
    values: Sequence[float | None]
    css: str = ""
