"""The distribution and the development as pictures: the page's own geometry, its percents made pixels."""

from portal.charts.distribution import Distribution
from portal.charts.lines import DrawnSeries, LineChart
from portal.pictures import svg
from portal.pictures.frame import FOOT_HEIGHT, MARGIN, WIDTH, Caption, foot, head

_ROOM = WIDTH - 2 * MARGIN
_TALLER = 1.6  # the page's chart is drawn that much taller, with letters to match
_LETTERS = 18.0
_COMPARED = {
    "second": svg.AREAS["area-h"],
    "third": svg.AREAS["area-b"],
    "fourth": svg.AREAS["area-v"],
    "fifth": svg.INK,
}
_COLOURS = {"chosen": svg.ACCENT, "context": svg.EDGE, "": svg.MUTED, "strong": svg.INK, **svg.AREAS, **_COMPARED}
_DASHES = {"second": "12 5", "third": "4 5", "fourth": "15 5 4 5", "fifth": "7 7"}  # as on the page: figures.css


def _across(percent: str) -> float:
    return MARGIN + float(percent) * _ROOM / 100


def distribution_picture(chart: Distribution, words: Caption, axis: tuple[str, str, str]) -> str:
    """A dot for each municipality along one scale. ``axis``: the words at its left end, its middle, its right end."""
    above, top = head(words)
    height = round(top + chart.height * _TALLER + _LETTERS * 1.6 + FOOT_HEIGHT)

    def down(pixels: float) -> float:
        return top + pixels * _TALLER

    base = down(chart.base)
    parts = [svg.element("line", x1=MARGIN, x2=WIDTH - MARGIN, y1=base, y2=base, stroke=svg.EDGE, stroke_width=1.5)]
    if chart.median:
        x = _across(chart.median)
        parts.append(svg.element("line", x1=x, x2=x, y1=down(18), y2=base, stroke=svg.INK, stroke_width=2.0))
    for dot in chart.dots:
        fill, opacity = (svg.ACCENT, 1.0) if dot.css == "chosen" else (svg.MUTED, 0.55)
        parts.append(
            svg.element("circle", cx=_across(dot.x), cy=down(float(dot.y)), r=7.0, fill=fill, fill_opacity=str(opacity))
        )
    parts += [
        svg.text(_across(tick.x), base + 28, tick.text, size=_LETTERS, fill=svg.MUTED, anchor=tick.anchor)
        for tick in chart.ticks
    ]
    for at, said, anchor in zip((MARGIN, WIDTH / 2, WIDTH - MARGIN), axis, ("start", "middle", "end"), strict=True):
        parts.append(svg.text(at, base + 56, said, size=_LETTERS, fill=svg.MUTED, anchor=anchor))
    for mark in chart.marks:
        colour, weight = _COLOURS.get(mark.css, svg.INK), 700 if mark.css == "chosen" else 400
        parts.append(
            svg.text(_across(mark.x), down(float(mark.y)), mark.text, size=_LETTERS + 1, fill=colour, weight=weight,
                     anchor=mark.anchor)
        )  # fmt: skip
    return svg.picture(WIDTH, height, f"{words.title}. {words.says}", above, *parts, foot(words, height))


def development_picture(chart: LineChart, words: Caption) -> str:
    """Lines over the years, each named at its end; a break is a gap with its note."""
    above, top = head(words)
    height = round(top + chart.height * _TALLER + FOOT_HEIGHT)

    def down(pixels: str) -> float:
        return top + float(pixels) * _TALLER

    edge, base = _across(chart.edge), top + chart.base * _TALLER
    parts = []
    for line in chart.grid:
        y = down(line.y)
        parts.append(svg.element("line", x1=MARGIN, x2=edge, y1=y, y2=y, stroke=svg.LINE, stroke_width=1.0))
        parts.append(svg.text(MARGIN, y - 6, line.text, size=_LETTERS - 2, fill=svg.MUTED))
    parts += [
        svg.text(_across(year.x), base + 32, year.text, size=_LETTERS, fill=svg.MUTED, anchor=year.anchor)
        for year in chart.years
    ]
    for one in chart.breaks:
        x = _across(one.x)
        parts.append(
            svg.element("line", x1=x, x2=x, y1=top, y2=base, stroke=svg.EDGE, stroke_width=1.5, stroke_dasharray="4 4")
        )
        beside = x + 8 if one.anchor == "start" else x - 8
        parts.append(svg.text(beside, down(one.y), one.text, size=_LETTERS - 2, fill=svg.MUTED, anchor=one.anchor))
    for series in chart.series:
        parts += _line(series, top)
        colour = _COLOURS.get(series.css, svg.MUTED)
        weight = 700 if series.css == "chosen" else 400
        parts.append(
            svg.text(edge + 14, down(series.label_y) + 6, series.label, size=_LETTERS, fill=colour, weight=weight)
        )
    return svg.picture(WIDTH, height, f"{words.title}. {words.says}", above, *parts, foot(words, height))


def _line(series: DrawnSeries, top: float) -> list[str]:
    colour, wide = _COLOURS.get(series.css, svg.MUTED), 4.5 if series.css == "chosen" else 2.5
    dashes = _DASHES.get(series.css, "")
    segments = [
        svg.element(
            "line",
            x1=_across(piece.x1),
            y1=top + float(piece.y1) * _TALLER,
            x2=_across(piece.x2),
            y2=top + float(piece.y2) * _TALLER,
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
            cx=_across(point.x),
            cy=top + float(point.y) * _TALLER,
            r=8.0 if series.css == "chosen" else 5.0,
            fill=svg.PAPER,
            stroke=colour,
            stroke_width=2.5,
        )
        for point in series.points
    ]
    return segments + points
