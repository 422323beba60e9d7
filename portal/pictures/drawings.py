"""Maps, distributions, developments and scatters as pictures: the page's own geometry, its percents made pixels."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from portal.charts.dots import Distribution, NamedDot, Scatter
from portal.charts.lines import DrawnSeries, LineChart
from portal.charts.maps import DrawnPlace, Map, Step
from portal.charts.scale import GridLine, Tick
from portal.pictures import svg
from portal.pictures.frame import FOOT_HEIGHT, MARGIN, WIDTH, Caption, foot, head

TALLER = 1.6  # the page's chart is drawn that much taller, with letters to match
LETTERS = 18.0


def across(percent: str) -> float:
    """Where a percent of the page's width lies between the margins."""
    return MARGIN + float(percent) * (WIDTH - 2 * MARGIN) / 100


def grid(lines: Iterable[GridLine], top: float, edge: float) -> list[str]:
    """Lines from the margin to ``edge``, each with its figure above; ``top``: where the page's chart begins."""
    parts = []
    for line in lines:
        y = top + float(line.y) * TALLER
        parts.append(svg.element("line", x1=MARGIN, x2=edge, y1=y, y2=y, stroke=svg.LINE, stroke_width=1.0))
        parts.append(svg.text(MARGIN, y - 6, line.text, size=LETTERS - 2, fill=svg.MUTED))
    return parts


def ticks(of: Iterable[Tick], y: float) -> list[str]:
    """The words along an axis."""
    return [svg.text(across(one.x), y, one.text, size=LETTERS, fill=svg.MUTED, anchor=one.anchor) for one in of]


_COMPARED = {
    "second": "#4a6f8f",  # --peer of foundation.css: never an area's colour
    "third": svg.INK,
    "fourth": svg.MUTED,
    "fifth": svg.EDGE,
}
_COLOURS = {"chosen": svg.ACCENT, "context": svg.EDGE, "": svg.MUTED, "strong": svg.INK, **svg.AREAS, **_COMPARED}
_DASHES = {"second": "12 5", "third": "4 5", "fourth": "15 5 4 5", "fifth": "7 7"}  # as on the page: figures.css


def distribution_picture(chart: Distribution, words: Caption, axis: tuple[str, str, str]) -> str:
    """A dot for each municipality along one scale. ``axis``: the words at its left end, its middle, its right end."""
    above, top = head(words)
    height = round(top + chart.height * TALLER + LETTERS * 1.6 + FOOT_HEIGHT)

    def down(pixels: float) -> float:
        return top + pixels * TALLER

    base = down(chart.base)
    parts = [svg.element("line", x1=MARGIN, x2=WIDTH - MARGIN, y1=base, y2=base, stroke=svg.EDGE, stroke_width=1.5)]
    if chart.median:
        x = across(chart.median)
        parts.append(svg.element("line", x1=x, x2=x, y1=down(18), y2=base, stroke=svg.INK, stroke_width=2.0))
    for dot in chart.dots:
        fill, opacity = (svg.ACCENT, 1.0) if dot.css == "chosen" else (svg.MUTED, 0.55)
        parts.append(
            svg.element("circle", cx=across(dot.x), cy=down(float(dot.y)), r=7.0, fill=fill, fill_opacity=str(opacity))
        )
    parts += ticks(chart.ticks, base + 28)
    for at, said, anchor in zip((MARGIN, WIDTH / 2, WIDTH - MARGIN), axis, ("start", "middle", "end"), strict=True):
        parts.append(svg.text(at, base + 56, said, size=LETTERS, fill=svg.MUTED, anchor=anchor))
    for mark in chart.marks:
        colour, weight = _COLOURS.get(mark.css, svg.INK), 700 if mark.css == "chosen" else 400
        parts.append(
            svg.text(across(mark.x), down(float(mark.y)), mark.text, size=LETTERS + 1, fill=colour, weight=weight,
                     anchor=mark.anchor)
        )  # fmt: skip
    return svg.picture(WIDTH, height, f"{words.title}. {words.says}", above, *parts, foot(words, height))


def development_picture(chart: LineChart, words: Caption) -> str:
    """Lines over the years, each named at its end; a break is a gap with its note."""
    above, top = head(words)
    height = round(top + chart.height * TALLER + FOOT_HEIGHT)

    def down(pixels: str) -> float:
        return top + float(pixels) * TALLER

    edge, base = across(chart.edge), top + chart.base * TALLER
    parts = [*grid(chart.grid, top, edge), *ticks(chart.years, base + 32)]
    for one in chart.breaks:
        x = across(one.x)
        parts.append(
            svg.element("line", x1=x, x2=x, y1=top, y2=base, stroke=svg.EDGE, stroke_width=1.5, stroke_dasharray="4 4")
        )
        beside = x + 8 if one.anchor == "start" else x - 8
        parts.append(svg.text(beside, down(one.y), one.text, size=LETTERS - 2, fill=svg.MUTED, anchor=one.anchor))
    for series in chart.series:
        parts += _line(series, top)
        colour = _COLOURS.get(series.css, svg.MUTED)
        weight = 700 if series.css == "chosen" else 400
        parts.append(
            svg.text(edge + 14, down(series.label_y) + 6, series.label, size=LETTERS, fill=colour, weight=weight)
        )
    return svg.picture(WIDTH, height, f"{words.title}. {words.says}", above, *parts, foot(words, height))


def _line(series: DrawnSeries, top: float) -> list[str]:
    colour, wide = _COLOURS.get(series.css, svg.MUTED), 4.5 if series.css == "chosen" else 2.5
    dashes = _DASHES.get(series.css, "")
    segments = [
        svg.element(
            "line",
            x1=across(piece.x1),
            y1=top + float(piece.y1) * TALLER,
            x2=across(piece.x2),
            y2=top + float(piece.y2) * TALLER,
            stroke=colour,
            stroke_width=wide,
            stroke_linecap="butt" if dashes else "round",
            **({"stroke_dasharray": dashes} if dashes else {}),
        )
        for piece in series.segments
    ]
    points = [
        svg.element(
            "circle",
            cx=across(point.x),
            cy=top + float(point.y) * TALLER,
            r=8.0 if series.css == "chosen" else 5.0,
            fill=svg.PAPER,
            stroke=colour,
            stroke_width=2.5,
        )
        for point in series.points
    ]
    return segments + points


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


_NAMES = 16.0


def scatter_picture(chart: Scatter, words: Caption) -> str:
    """A dot for everyone, named where there is room: as many as on a wide page."""
    above, top = head(words)
    height = round(top + chart.height * TALLER + FOOT_HEIGHT)

    def down(pixels: float) -> float:
        return top + pixels * TALLER

    base = down(chart.base)
    parts = [svg.text(MARGIN, down(10), chart.y_title, size=LETTERS, weight=700)]
    parts += [*grid(chart.grid, top, WIDTH - MARGIN), *ticks(chart.ticks, base + 28)]
    parts.append(svg.text(WIDTH - MARGIN, base + 60, chart.x_title, size=LETTERS, weight=700, anchor="end"))
    for dot in chart.dots:
        parts += _dot(dot, down(float(dot.y)))
    return svg.picture(WIDTH, height, f"{words.title}. {words.says}", above, *parts, foot(words, height))


def _dot(dot: NamedDot, y: float) -> list[str]:
    x, colour = across(dot.x), svg.ACCENT if dot.chosen else svg.MUTED
    opacity, radius = ("1", 10.0) if dot.chosen else ("0.55", 6.5)
    drawn = [svg.element("circle", cx=x, cy=y, r=radius, fill=colour, fill_opacity=opacity)]
    if dot.css != "tip":
        x, y = x + dot.side.dx * TALLER, y + dot.side.dy * TALLER
        weight = 700 if dot.chosen else 400
        fill = svg.ACCENT if dot.chosen else svg.INK
        drawn.append(svg.text(x, y, dot.name, size=_NAMES, fill=fill, weight=weight, anchor=dot.side.anchor))
    return drawn
