"""The map as a picture: fifths, the zoom of Greater Copenhagen, the legend in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from portal.charts.maps import DrawnPlace, Map, Step
from portal.pictures import svg
from portal.pictures.frame import FOOT_HEIGHT, MARGIN, WIDTH, Caption, foot, head

_HEIGHT_OF_MAP = 880.0
_INSET_WIDTH = 330.0


def map_picture(drawn: Map, legend: Sequence[Step], words: Caption) -> str:
    """Draw a map with its legend."""
    above, top = head(words)
    x, y, _width, h = (float(part) for part in drawn.viewbox.split())
    scale = _HEIGHT_OF_MAP / h
    left = MARGIN
    land = svg.element(
        "g", *(_outline(place, 6 * 1.0) for place in drawn.places), transform=_moved(left, top, scale, x, y)
    )
    inset = _inset(drawn, WIDTH - MARGIN - _INSET_WIDTH, top + 40) if drawn.zoomed else ""
    height = round(top + _HEIGHT_OF_MAP + 20 + FOOT_HEIGHT)
    steps = _legend(legend, WIDTH - MARGIN - _INSET_WIDTH, top + 560)
    title = f"{words.title}. {words.edition}"
    return svg.picture(WIDTH, height, title, _hatch(), above, land, inset, steps, foot(words, height))


def _moved(left: float, top: float, scale: float, x: float, y: float) -> str:
    return f"translate({left - x * scale:.2f} {top - y * scale:.2f}) scale({scale:.5f})"


def _hatch() -> str:
    line = svg.element("path", d="M0 0V14", stroke=svg.EDGE, stroke_width=5.0)
    ground = svg.element("rect", width=14.0, height=14.0, fill=svg.WASH)
    return (
        '<defs><pattern id="hatch" width="14" height="14" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)">{ground}{line}</pattern></defs>'
    )


def _outline(place: DrawnPlace, stroke: float) -> str:
    fill = "url(#hatch)" if place.missing else svg.FIFTHS[int(place.css.split("-")[1][0])]
    edge = svg.EDGE if place.missing else svg.FIFTHS[2] if fill == svg.FIFTHS[1] else fill
    return svg.element(
        "path", d=place.path, fill=fill, fill_rule="evenodd", stroke=edge, stroke_width=stroke, stroke_linejoin="round"
    )


def _inset(drawn: Map, left: float, top: float) -> str:
    x, y, w, h = (float(part) for part in drawn.zoom_viewbox.split())
    scale = _INSET_WIDTH / w
    tall = h * scale
    box = {"x": left, "y": top, "width": _INSET_WIDTH, "height": tall}
    clip = svg.element("clipPath", svg.element("rect", **box), id="zoom")
    ground = svg.element("rect", **box, fill=svg.PAPER)
    inside = svg.element(
        "g", *(_outline(place, 4.0) for place in drawn.zoomed), transform=_moved(left, top, scale, x, y)
    )
    edge = svg.element("rect", **box, fill="none", stroke=svg.EDGE, stroke_width=1.5)
    name = svg.text(left + 8, top + tall + 22, _("Hovedstadsområdet"), size=17.0, fill=svg.MUTED)
    return clip + ground + svg.element("g", inside, clip_path="url(#zoom)") + edge + name


def _legend(steps: Sequence[Step], left: float, top: float) -> str:
    rows = []
    for number, step in enumerate(steps):
        y = top + number * 38
        fill = "url(#hatch)" if step.css == "missing" else svg.FIFTHS[int(step.css.split("-")[1])]
        box = svg.element("rect", x=left, y=y, width=44.0, height=26.0, fill=fill, stroke=svg.LINE, stroke_width=1.0)
        rows.append(box + svg.text(left + 58, y + 20, step.text, size=20.0))
    y = top + len(steps) * 38 + 16
    return "".join(rows) + svg.lines(
        left,
        y,
        [_("Farven viser placering,"), _("ikke om resultatet er godt.")],
        size=17.0,
        fill=svg.MUTED,
    )
