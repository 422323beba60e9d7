"""Bars in cells."""

from dataclasses import dataclass

from portal.charts.scale import Scale, coordinate


@dataclass(frozen=True, slots=True)
class Bar:
    """What templates/components/bar.html draws. Percent as text; an empty band when there is none."""

    length: str
    band_start: str = ""
    band_width: str = ""


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
