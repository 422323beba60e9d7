"""The strip: all municipalities as ticks on one line, the better to the right.

The strips of an edition's subjects are one cached file (templates/components/strips.svg, a symbol for each code);
a page then only adds its own mark by ``percent``.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.charts.scale import Scale, coordinate, extent

_WIDTH, _HEIGHT = 1000, 20
_BIN = 5  # units that fall in one tick: about a pixel in a table's strip
_LOWEST, _GROWTH = 8, 1.5  # a tick's height, and what every further municipality at the same place adds


@dataclass(frozen=True, slots=True)
class Strip:
    """What templates/components/strip.html draws. Percent as text; empty when there is none."""

    all: str
    median: str
    own: str
    band_start: str
    band_width: str
    says: str


@dataclass(frozen=True, slots=True)
class Symbol:
    """One strip of the sprite."""

    code: str
    all: str
    median: str


def percents(
    values: Sequence[float | None], *, lower_is_right: bool = False, ends: tuple[float, float] | None = None
) -> tuple[float | None, ...]:
    """Where each value lies on its strip, 0–100; None where the value is missing.

    ``lower_is_right`` for indicators where lower is better and for ranks: the better is always to the right.
    ``ends`` are the values of the strip's ends, by default the smallest and the largest.
    """
    low, high = ends or extent(values)
    scale = Scale(low, high, 100.0, 0.0) if lower_is_right else Scale(low, high, 0.0, 100.0)
    return tuple(None if value is None else scale.at(value) for value in values)


def percent(value: float | None) -> str:
    """A percent as an attribute's text; empty for None."""
    return "" if value is None else coordinate(value)


def ticks_path(places: Iterable[float | None]) -> str:
    """The path of all ticks in a box of 1000 × 20; where several stand together the tick is taller."""
    bins = Counter(round(place * _WIDTH / 100 / _BIN) * _BIN for place in places if place is not None)
    return "".join(
        f"M{x} {_HEIGHT}V{coordinate(max(0.0, _HEIGHT - _LOWEST - (amount - 1) * _GROWTH))}"
        for x, amount in sorted(bins.items())
    )


def strip(
    places: Sequence[float | None],
    *,
    says: str,
    own: float | None = None,
    median: float | None = None,
    band: tuple[float, float] | None = None,
) -> Strip:
    """Draw a whole strip from percents (see ``percents``).

    ``band`` is how sure the own place is, from and to in percent in either order; ``says`` is read aloud.
    """
    start, width = "", ""
    if band is not None:
        left, right = min(band), max(band)
        start, width = coordinate(left), coordinate(max(right - left, 0.5))
    return Strip(ticks_path(places), percent(median), percent(own), start, width, says)


def symbol(code: str, places: Sequence[float | None], median: float | None = None) -> Symbol:
    """Make one strip of the sprite. ``code`` is its id there: unique, no spaces."""
    at = "" if median is None else str(round(median * _WIDTH / 100))
    return Symbol(code, ticks_path(places), at)
