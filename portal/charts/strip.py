"""The strip: all municipalities as ticks on one line, the better to the right.

The strips of an edition's subjects are one cached file (templates/components/strips.svg, a symbol for each code);
a page then only adds its own mark by ``percent``.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString

from portal.charts.scale import Mark, Scale, anchor, coordinate, extent, levels
from portal.markup import bar_svg, span_svg, strip_names, strip_svg

_WIDTH, _HEIGHT = 1000, 20
_BIN = 5  # units that fall in one tick: about a pixel in a table's strip
_LABEL_ROW = 17
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
    labels: tuple[Mark, ...] = ()
    labels_height: int = 0

    @property
    def svg(self) -> SafeString:
        """The drawing."""
        return strip_svg(self)

    @property
    def names(self) -> SafeString:
        """The names over the marks of a large strip; empty where there are none."""
        return strip_names(self)


@dataclass(frozen=True, slots=True)
class Symbol:
    """One strip of the sprite."""

    code: str
    all: str
    median: str


@lru_cache(maxsize=256)
def spread_out(values: tuple[float, ...], low: float, high: float) -> tuple[float, ...]:
    """Where everybody's values lie between two ends, in percent: the same on everybody's page, so worked out once."""
    scale = Scale(low, high, 0.0, 100.0)
    return tuple(scale.at(value) for value in values)


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


@lru_cache(maxsize=256)
def _ticks(places: tuple[float | None, ...]) -> str:
    return ticks_path(places)


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
    own_label: str = "",
    median_label: str = "",
) -> Strip:
    """Draw a whole strip from percents (see ``percents``).

    ``band`` is how sure the own place is, from and to in percent in either order; ``says`` is read aloud. Labels
    stand above the marks where the strip is drawn large (answer.html).
    """
    start, width = "", ""
    if band is not None:
        left, right = min(band), max(band)
        start, width = coordinate(left), coordinate(max(right - left, 0.5))
    labels = _labels(((own, own_label, "chosen"), (median, median_label, "")))
    height = round(max((float(label.y) for label in labels), default=-5) + 5)
    return Strip(_ticks(tuple(places)), percent(median), percent(own), start, width, says, labels, height)


def _labels(wanted: Sequence[tuple[float | None, str, str]]) -> tuple[Mark, ...]:
    """The names over the strip, in one row, or in two when they would lie on each other."""
    there = [(at, text, css) for at, text, css in wanted if at is not None and text]
    rows = levels([at for at, _, _ in there], [text for _, text, _ in there])
    lowest = max(rows, default=0)
    return tuple(
        Mark(coordinate(at), str(13 + _LABEL_ROW * (lowest - row)), text, anchor(at), css)
        for (at, text, css), row in zip(there, rows, strict=True)
    )


def symbol(code: str, places: Sequence[float | None], median: float | None = None) -> Symbol:
    """Make one strip of the sprite. ``code`` is its id there: unique, no spaces."""
    at = "" if median is None else str(round(median * _WIDTH / 100))
    return Symbol(code, ticks_path(places), at)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar's geometry, percent as text (an empty band when there is none)."""

    length: str
    band_start: str = ""
    band_width: str = ""

    @property
    def svg(self) -> SafeString:
        """The drawing."""
        return bar_svg(self)


def bar(value: float, *, low: float = 0.0, high: float = 100.0, band: tuple[float, float] | None = None) -> Bar:
    """A bar from ``low`` to the value on a scale that ends at ``high``; values outside are held at the ends.

    ``band`` is an interval of the same scale, drawn over the bar's end.
    """
    scale = Scale(low, high, 0.0, 100.0)
    length = coordinate(scale.at(value))
    if band is None:
        return Bar(length)
    first, last = scale.at(min(band)), scale.at(max(band))
    return Bar(length, coordinate(first), coordinate(last - first))


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands on a scale that a whole column shares, and how sure that is; percent as text."""

    at: str
    start: str = ""
    width: str = ""

    @property
    def svg(self) -> SafeString:
        """The drawing."""
        return span_svg(self)


def place_span(first: int, last: int, low: int | None, high: int | None, n: int) -> Span:
    """A shared place's middle among n, the best at the right, with the interval from ``low`` to ``high``."""
    scale = Scale(1, max(n, 2), 100.0, 0.0)
    at = f"{scale.at((first + last) / 2):.1f}"
    if low is None or high is None:
        return Span(at)
    left, right = scale.at(high), scale.at(low)
    return Span(at, f"{left:.1f}", f"{max(right - left, 0.5):.1f}")
