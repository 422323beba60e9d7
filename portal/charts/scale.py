"""From values to places on a picture: linear scales, round ticks, coordinates as text."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


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
class Tick:
    """A label on the horizontal axis."""

    x: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class GridLine:
    """A horizontal line with its number at the left."""

    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A name written on the spot."""

    x: str
    y: str
    text: str
    anchor: str
    css: str
