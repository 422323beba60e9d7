"""Two measures against each other as a picture: the page's own geometry, its percents made pixels."""

from portal.charts.scatter import NamedDot, Scatter
from portal.pictures import svg
from portal.pictures.frame import FOOT_HEIGHT, MARGIN, WIDTH, Caption, foot, head

_ROOM = WIDTH - 2 * MARGIN
_TALLER = 1.6
_LETTERS, _NAMES = 18.0, 16.0


def _across(percent: str) -> float:
    return MARGIN + float(percent) * _ROOM / 100


def scatter_picture(chart: Scatter, words: Caption) -> str:
    """A dot for everyone, named where there is room: as many as on a wide page."""
    above, top = head(words)
    height = round(top + chart.height * _TALLER + FOOT_HEIGHT)

    def down(pixels: float) -> float:
        return top + pixels * _TALLER

    base = down(chart.base)
    parts = [svg.text(MARGIN, down(10), chart.y_title, size=_LETTERS, weight=700)]
    for line in chart.grid:
        y = down(float(line.y))
        parts.append(svg.element("line", x1=MARGIN, x2=WIDTH - MARGIN, y1=y, y2=y, stroke=svg.LINE, stroke_width=1.0))
        parts.append(svg.text(MARGIN, y - 6, line.text, size=_LETTERS - 2, fill=svg.MUTED))
    parts += [
        svg.text(_across(tick.x), base + 28, tick.text, size=_LETTERS, fill=svg.MUTED, anchor=tick.anchor)
        for tick in chart.ticks
    ]
    parts.append(svg.text(WIDTH - MARGIN, base + 60, chart.x_title, size=_LETTERS, weight=700, anchor="end"))
    for dot in chart.dots:
        parts += _dot(dot, down(float(dot.y)))
    return svg.picture(WIDTH, height, f"{words.title}. {words.says}", above, *parts, foot(words, height))


def _dot(dot: NamedDot, y: float) -> list[str]:
    x, colour = _across(dot.x), svg.ACCENT if dot.chosen else svg.MUTED
    opacity, radius = ("1", 10.0) if dot.chosen else ("0.55", 6.5)
    drawn = [svg.element("circle", cx=x, cy=y, r=radius, fill=colour, fill_opacity=opacity)]
    if dot.css != "tip":
        x, y = x + dot.side.dx * _TALLER, y + dot.side.dy * _TALLER
        weight = 700 if dot.chosen else 400
        fill = svg.ACCENT if dot.chosen else svg.INK
        drawn.append(svg.text(x, y, dot.name, size=_NAMES, fill=fill, weight=weight, anchor=dot.side.anchor))
    return drawn
