"""Bars in cells."""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from portal.charts.scale import Scale, coordinate

_GROUND = '<svg class="bar" aria-hidden="true"><rect class="ground" width="100%" height="100%" rx="2"/>'


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar's geometry, percent as text (an empty band when there is none), and its drawing.

    The drawing is made here and not in a template: a ranking has some five hundred bars, and looking up seven numbers
    for each took 10 of its 17 ms.
    """

    length: str
    band_start: str = ""
    band_width: str = ""

    @property
    def svg(self) -> SafeString:
        """The drawing: the bar, or the bar up to its band, the band paler, and a line at the value."""
        if not self.band_start:
            drawn = f'<rect class="length" width="{self.length}%" height="100%" rx="2"/>'
        else:
            drawn = (
                f'<rect class="length" width="{self.band_start}%" height="100%" rx="2"/>'
                f'<rect class="band" x="{self.band_start}%" width="{self.band_width}%" height="100%"/>'
                f'<rect class="at" x="{self.length}%" width="2" height="100%"/>'
            )
        return mark_safe(f"{_GROUND}{drawn}</svg>")  # noqa: S308  coordinates only


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
