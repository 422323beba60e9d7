"""Maps, distributions, developments and scatters as pictures: the page's own geometry, its percents made pixels."""

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from portal.charts.dots import Distribution, Dot, NamedDot, Scatter
from portal.charts.heat import Heat
from portal.charts.lines import DrawnSeries, LineChart
from portal.charts.maps import DrawnPlace, Map, Name, Point, Sheet, Step
from portal.charts.scale import Mark
from portal.language import formatting
from portal.pictures import svg
from portal.pictures.svg import FOOT_HEIGHT, MARGIN, WIDTH, Caption, foot, head

TALLER = 1.6  # the page's chart is drawn that much taller, with letters to match
LETTERS = 18.0


def across(percent: str) -> float:
    """Where a percent of the page's width lies between the margins."""
    return MARGIN + float(percent) * (WIDTH - 2 * MARGIN) / 100


def grid(lines: Iterable[Mark], top: float, edge: float) -> list[str]:
    """Lines from the margin to ``edge``, each with its figure above; ``top``: where the page's chart begins."""
    parts = []
    for line in lines:
        y = top + float(line.y) * TALLER
        parts.append(svg.element("line", x1=MARGIN, x2=edge, y1=y, y2=y, stroke=svg.LINE, stroke_width=1.0))
        parts.append(svg.text(MARGIN, y - 6, line.text, size=LETTERS - 2, fill=svg.MUTED))
    return parts


def ticks(of: Iterable[Mark], y: float) -> list[str]:
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
    if chart.middle:
        wide = float(chart.middle_width) * (WIDTH - 2 * MARGIN) / 100
        field = svg.element(
            "rect", x=across(chart.middle), width=wide, y=down(20), height=base - down(20), fill=svg.IQR
        )
        parts.insert(0, field)
    if chart.median:
        x = across(chart.median)
        parts.append(svg.element("line", x1=x, x2=x, y1=down(18), y2=base, stroke=svg.INK, stroke_width=2.0))
    for leader in chart.leaders:
        x, ends = across(leader.x1), {"y1": down(float(leader.y1)), "y2": down(float(leader.y2))}
        parts.append(svg.element("line", x1=x, x2=x, **ends, stroke=svg.EDGE, stroke_width=1.0))
    parts += [_swarming(dot, down(float(dot.y))) for dot in chart.dots]
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


def _swarming(dot: Dot, y: float) -> str:
    """A dot in the colour of its fifth; the chosen is a dark one in a yellow ring."""
    if "chosen" in dot.css:
        return svg.element("circle", cx=across(dot.x), cy=y, r=9.0, fill=svg.INK, stroke=svg.MARK, stroke_width=4.0)
    fill = svg.FIFTHS[int(dot.css[-1])] if dot.css.startswith("fifth-") else svg.DOT
    return svg.element("circle", cx=across(dot.x), cy=y, r=7.5, fill=fill, stroke=svg.COAST, stroke_width=0.7)


def development_picture(chart: LineChart, words: Caption) -> str:
    """Lines over the years, each named at its end; a break is a gap with its note."""
    above, top = head(words)
    height = round(top + chart.height * TALLER + FOOT_HEIGHT)

    def down(pixels: str) -> float:
        return top + float(pixels) * TALLER

    edge, base = across(chart.edge), top + chart.base * TALLER
    parts = [*_field(chart.band, top), *grid(chart.grid, top, edge), *ticks(chart.years, base + 32)]
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


def _field(path: str, top: float) -> list[str]:
    """The field behind the lines: its path is in a box of 1000 × the chart's height."""
    left, wide = across("0"), (across("100") - across("0")) / 1000
    moved = re.sub(r"(\d+) (\d+)", lambda at: f"{left + int(at[1]) * wide:.1f} {top + int(at[2]) * TALLER:.1f}", path)
    return [svg.element("path", d=moved, fill=svg.IQR)] if path else []


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
    height = round(top + _HEIGHT_OF_MAP + 20 + FOOT_HEIGHT)
    sheet, beside = drawn.outlines.country, WIDTH - MARGIN - _INSET_WIDTH
    land = _sheet(sheet, drawn.places, drawn.names, (MARGIN, top), _HEIGHT_OF_MAP / sheet.viewbox[3])
    frames = _frames(drawn, (MARGIN, top), _HEIGHT_OF_MAP / sheet.viewbox[3])
    inset = _inset(drawn, beside, top + 40) if drawn.zoomed else ""
    steps = _legend(legend, beside, top + 560)
    title = f"{words.title}. {words.edition}"
    return svg.picture(WIDTH, height, title, _hatch(), above, land, frames, inset, steps, foot(words, height))


def _hatch() -> str:
    line = svg.element("path", d="M0 0V14", stroke=svg.EDGE, stroke_width=4.0)
    ground = svg.element("rect", width=14.0, height=14.0, fill=svg.WASH)
    return (
        '<defs><pattern id="hatch" width="14" height="14" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)">{ground}{line}</pattern></defs>'
    )


def _sheet(sheet: Sheet, places: Iterable[DrawnPlace], names: Iterable[Name], at: Point, scale: float) -> str:
    """Fills, one mesh over them, the coast, and the names; ``at`` is where the sheet's corner goes."""
    x, y, _width, _height = sheet.viewbox
    moved = f"translate({at[0] - x * scale:.2f} {at[1] - y * scale:.2f}) scale({scale:.5f})"
    mesh = svg.element("path", d=sheet.mesh, fill="none", stroke=svg.PAPER, stroke_width=1.1 / scale)
    coast = svg.element("path", d=sheet.coast, fill="none", stroke=svg.COAST, stroke_width=0.9 / scale)
    land = svg.element("g", *map(_outline, places), mesh, coast, transform=moved, stroke_linejoin="round")
    leaders, texts = [], []
    for name in names:
        across, down = at[0] + (float(name.x) - x) * scale, at[1] + (float(name.y) - y) * scale
        if name.from_x:
            ends = {"x1": at[0] + (float(name.from_x) - x) * scale, "y1": at[1] + (float(name.from_y) - y) * scale}
            leaders.append(svg.element("line", **ends, x2=across, y2=down, stroke=svg.INK, stroke_width=0.8))
        texts.append(_written(name.text, across, down + 4))
    return land + "".join(leaders + texts)


def _written(text: str, x: float, y: float) -> str:
    """A name with a halo of paper, so that it is read on the deepest fill."""
    halo = svg.element("g", svg.text(x, y, text, size=12.5, fill=svg.PAPER, weight=600, anchor="middle"),
                       stroke=svg.PAPER, stroke_width=3.5, stroke_linejoin="round")  # fmt: skip
    return halo + svg.text(x, y, text, size=12.5, weight=600, anchor="middle")


def _outline(place: DrawnPlace) -> str:
    fill = "url(#hatch)" if place.missing else svg.FIFTHS[int(place.css.split("-")[1][0])]
    return svg.element("path", d=place.path, fill=fill, fill_rule="evenodd")


def _frames(drawn: Map, at: Point, scale: float) -> str:
    """The box of whoever was moved, and what the zoom shows of the map."""
    x, y, _width, _height = drawn.outlines.country.viewbox
    boxes = (drawn.outlines.moved_to, drawn.outlines.zoomed_from if drawn.zoomed else None)
    return "".join(
        svg.element("rect", x=at[0] + (box[0] - x) * scale, y=at[1] + (box[1] - y) * scale, width=box[2] * scale,
                    height=box[3] * scale, fill="none", stroke=svg.EDGE, stroke_width=1.0)
        for box in boxes if box
    )  # fmt: skip


def _inset(drawn: Map, left: float, top: float) -> str:
    sheet = drawn.outlines.zoom
    scale = _INSET_WIDTH / sheet.viewbox[2]
    box = {"x": left, "y": top, "width": _INSET_WIDTH, "height": sheet.viewbox[3] * scale}
    clip = svg.element("clipPath", svg.element("rect", **box), id="zoom")
    ground = svg.element("rect", **box, fill=svg.PAPER)
    inside = _sheet(sheet, drawn.zoomed, drawn.zoom_names, (left, top), scale)
    edge = svg.element("rect", **box, fill="none", stroke=svg.EDGE, stroke_width=1.5)
    said = _("Københavnsområdet, rammen på kortet")
    name = svg.text(left, top + box["height"] + 22, said, size=17.0, fill=svg.MUTED)
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
_POINT = re.compile(r"([\d.-]+) ([\d.-]+)")


def scatter_picture(chart: Scatter, words: Caption, behind: Sequence[tuple[str, str]] = ()) -> str:
    """A dot for everyone, named where there is room: as many as on a wide page. ``behind``: paths of the page's box of
    100 × its height, each with the dashes of its line ("" for a whole one)."""
    above, top = head(words)
    height = round(top + chart.height * TALLER + FOOT_HEIGHT)

    def down(pixels: float) -> float:
        return top + pixels * TALLER

    base = down(chart.base)
    parts = [svg.text(MARGIN, down(10), chart.y_title, size=LETTERS, weight=700)]
    parts += [*grid(chart.grid, top, WIDTH - MARGIN), *ticks(chart.ticks, base + 28)]
    parts.append(svg.text(WIDTH - MARGIN, base + 60, chart.x_title, size=LETTERS, weight=700, anchor="end"))
    for path, dashes in behind:
        more = {"stroke_dasharray": dashes} if dashes else {}
        drawn = _POINT.sub(lambda found: f"{across(found[1]):.1f} {down(float(found[2])):.1f}", path)
        parts.append(svg.element("path", d=drawn, fill="none", stroke=svg.EDGE, stroke_width=1.5, **more))
    for dot in chart.dots:
        parts += _dot(dot, down(float(dot.y)))
    return svg.picture(WIDTH, height, f"{words.title}. {words.says}", above, *parts, foot(words, height))


def heat_picture(chart: Heat, names: Sequence[str], words: Caption) -> str:
    """A square for every pair, and beside it what the numbers of rows and columns stand for."""
    above, top = head(words)
    size, side = float(chart.size), float(chart.side)
    scale = 1.1
    height = round(top + size * scale + 20 + FOOT_HEIGHT)
    parts = []
    for one in chart.squares:
        none = one.css == "hatched"
        level = 0 if none else int(one.css.split("-")[1])
        dashes = {"stroke_dasharray": "4 3"} if none else {}
        parts.append(
            svg.element("rect", x=float(one.x), y=float(one.y), width=side, height=side, stroke_width=1.0,
                        fill=svg.PAPER if none else svg.FIFTHS[level], stroke=svg.EDGE if none else svg.PAPER, **dashes)
        )  # fmt: skip
        colour = svg.PAPER if level >= 4 else svg.INK
        parts.append(svg.text(float(one.x) + side / 2, float(one.y) + 25, one.text, size=14.0, fill=colour,
                              anchor="middle"))  # fmt: skip
    parts += [svg.text(float(one.x), float(one.y) + 6, one.text, size=16.0, fill=svg.MUTED, weight=700, anchor="middle")
              for one in chart.headings]  # fmt: skip
    drawn = svg.element("g", *parts, transform=f"translate({MARGIN:.0f} {top:.1f}) scale({scale})")
    left = MARGIN + size * scale + 24
    listed = [f"{number}. {name}" for number, name in enumerate(names, start=1)]
    rows = [row for one in listed for row in svg.wrapped(one, LETTERS, WIDTH - MARGIN - left, most=2)]
    legend = svg.lines(left, top + 24, rows, size=LETTERS)
    return svg.picture(WIDTH, height, f"{words.title}. {words.says}", above, drawn, legend, foot(words, height))


ROW_OF_LEVELS = 36.0


def levels_picture(rows: Sequence[tuple[str, float, float, float]], words: Caption) -> str:
    """A line for each name from a low to a high score with a dot at the middle one, on the scale from 0 to 100."""
    above, top = head(words)
    left, right = WIDTH * 0.36, WIDTH - MARGIN - 70

    def at(score: float) -> float:
        return left + (right - left) * score / 100

    bottom = top + 30 + ROW_OF_LEVELS * len(rows)
    height = round(bottom + FOOT_HEIGHT)
    parts = []
    for tick in range(0, 101, 25):
        parts.append(svg.element("line", x1=at(tick), x2=at(tick), y1=top + 22, y2=bottom, stroke=svg.LINE,
                                 stroke_width=1.0))  # fmt: skip
        parts.append(svg.text(at(tick), top + 12, str(tick), size=16.0, fill=svg.MUTED, anchor="middle"))
    for line, (name, low, middle, high) in enumerate(rows):
        y = top + 30 + ROW_OF_LEVELS * (line + 0.5)
        parts.append(svg.text(MARGIN, y + 6, name, size=LETTERS))
        parts.append(svg.element("line", x1=at(low), x2=at(high), y1=y, y2=y, stroke=svg.MUTED, stroke_width=5.0))
        parts.append(svg.element("circle", cx=at(middle), cy=y, r=8.0, fill=svg.ACCENT))
        parts.append(svg.text(WIDTH - MARGIN, y + 6, formatting.score(middle), size=LETTERS, weight=700, anchor="end"))
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
