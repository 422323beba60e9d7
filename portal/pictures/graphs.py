"""The distribution and the development as pictures: the page's own geometry, its percents made pixels."""

from portal.charts.distribution import Distribution
from portal.charts.lines import DrawnSeries, LineChart
from portal.pictures import svg
from portal.pictures.axes import LETTERS, TALLER, across, grid, ticks
from portal.pictures.frame import FOOT_HEIGHT, MARGIN, WIDTH, Caption, foot, head

_COMPARED = {
    "second": svg.AREAS["area-h"],
    "third": svg.AREAS["area-b"],
    "fourth": svg.AREAS["area-v"],
    "fifth": svg.INK,
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
