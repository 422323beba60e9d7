"""Two measures against each other as a picture: the page's own geometry, its percents made pixels."""

from portal.charts.scatter import NamedDot, Scatter
from portal.pictures import svg
from portal.pictures.axes import LETTERS, TALLER, across, grid, ticks
from portal.pictures.frame import FOOT_HEIGHT, MARGIN, WIDTH, Caption, foot, head

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
