"""Plotly figures as plain dicts, ready for JSON: the interactive twins of the server's drawings.

No Plotly template and no Plotly object: a figure is then half a kilobyte beyond its numbers, and making it costs no
import; tests hold every figure against Plotly's own validators. Colours are the light tokens of the design; chart.js
swaps them for those in force on the page, and saves pictures in light with title and source inside.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from portal.charts.scale import Scale, Series, extent, spread, widened

INK, MUTED, PAPER, LINE, EDGE, ACCENT = "#17212b", "#525d6b", "#ffffff", "#d9dfdd", "#7b8794", "#0a5566"
AREAS = {"area-b": "#a34a12", "area-h": "#2456a6", "area-v": "#6a3d9a"}
_COLOURS = {"chosen": ACCENT, **AREAS}
_FONT = '"Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif'
_PLOT_HEIGHT = 230.0  # pixels of the plot on the page, to keep names apart
_SEPARATORS = {"da": ",.", "en": ".,"}

Figure = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the saved picture says of itself: the title, and source with edition (and "demodata" where it is).

    ``cut_axis`` is said beside the source where the scale of values does not begin at nought.
    """

    title: str
    source: str
    language: str
    cut_axis: str = ""


def development(
    series: Sequence[Series],
    years: Sequence[int],
    frame: Frame,
    *,
    value_text: Callable[[float], str],
    ranks_of: int | None = None,
    breaks: Mapping[int, str] | None = None,
    marks: Sequence[float] = (),
) -> Figure:
    """Lines over the years, each named at its end; ranks have 1 on top.

    A missing year is a gap; ``breaks`` (note by year) cuts the line before that year. ``value_text`` writes a value.
    ``marks``: the only values there can be, the lowest first.
    """
    breaks = breaks or {}
    layout = _layout(frame)
    cut = sorted(set(breaks) & set(years[1:]))
    low, high = (marks[0], marks[-1] * 1.08) if marks else _ends(series, ranks_of)
    room = max(years[-1] - years[0], 1) * 0.34  # at the right, for the names
    layout["xaxis"] |= {"tickmode": "array", "tickvals": list(years), "range": [years[0] - 0.2, years[-1] + room]}
    layout["meta"] = {"end": years[-1] + 0.2}  # where the axis ends on a phone, where names stand below
    layout["yaxis"]["range"] = [low, high]
    if ranks_of is not None:
        layout["yaxis"]["tickvals"] = [1, *range(20, ranks_of - 5, 20), ranks_of]
    elif marks:
        layout["yaxis"] |= {"tickvals": list(marks), "ticktext": [value_text(mark) for mark in marks]}
    elif frame.cut_axis and not low <= 0 <= high:
        layout["annotations"][0]["text"] += f" · {frame.cut_axis}"
    layout["shapes"] = [_upright(year - 0.5, {"color": EDGE, "width": 1, "dash": "dot"}) for year in cut]
    layout["annotations"] += [_note(year - 0.5, 0, breaks[year], "left") for year in cut]
    layout["annotations"] += _names(series, years, Scale(low, high, _PLOT_HEIGHT, 0.0), value_text)
    return {"data": [_line(one, years, cut, value_text) for one in series], "layout": layout}


def _layout(frame: Frame) -> Figure:
    axis = {"showgrid": False, "zeroline": False, "fixedrange": True, "linecolor": EDGE, "tickfont": {"color": MUTED}}
    return {
        "title": {
            "text": frame.title,
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "font": {"size": 20, "color": INK, "weight": 700},
        },
        "font": {"family": _FONT, "size": 13, "color": MUTED},
        "separators": _SEPARATORS[frame.language],
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": EDGE, "font": {"color": INK}},
        "dragmode": False,
        "margin": {"l": 48, "r": 16, "t": 64, "b": 80},
        "xaxis": {**axis, "showline": True},
        "yaxis": {**axis, "showline": False, "showgrid": True, "gridcolor": LINE, "nticks": 6},
        "annotations": [
            {
                "name": "source",
                "text": frame.source,
                "showarrow": False,
                "xref": "paper",
                "yref": "paper",
                "x": 0,
                "y": 0,
                "yshift": -56,
                "xanchor": "left",
                "yanchor": "top",
                "font": {"size": 12, "color": MUTED},
            }
        ],
        "transition": {"duration": 0},
    }


def _line(one: Series, years: Sequence[int], cut: Sequence[int], value_text: Callable[[float], str]) -> Figure:
    chosen = one.css == "chosen"
    colour = _COLOURS.get(one.css, MUTED)
    x, y = _with_cuts(years, one.values, cut)
    texts = [
        "" if value is None else f"{one.name}, {round(year)}: {value_text(value)}"
        for year, value in zip(x, y, strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": one.name,
        "x": x,
        "y": y,
        "hovertext": texts,
        "hoverinfo": "text",
        "connectgaps": False,
        "cliponaxis": False,
        "line": {"color": colour, "width": 3 if chosen else 1.5},
        "marker": {"color": colour, "size": 9 if chosen else 6},
    }


def _upright(x: float, line: Figure) -> Figure:
    return {"type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _note(x: float, y: float, text: str, side: str) -> Figure:
    return {"x": x, "xanchor": side, "yref": "paper", "y": y, "yanchor": "bottom", "text": text, "showarrow": False}


def _ends(series: Sequence[Series], ranks_of: int | None) -> tuple[float, float]:
    """The values at the foot and at the top of the picture."""
    if ranks_of is not None:
        return ranks_of + 2.0, -3.0
    low, high = widened(*extent([value for one in series for value in one.values]))
    return low, high + (high - low) * 0.08


def _names(
    series: Sequence[Series], years: Sequence[int], down: Scale, value_text: Callable[[float], str]
) -> list[Figure]:
    """Each line's name and last value beside its end, moved apart where they would lie on each other."""
    ends = [(one, end) for one in series if (end := _last(one)) is not None]
    points = [down.at(value) for _, value in ends]
    heights = spread(points, 16.0, 0.0, _PLOT_HEIGHT - 8.0)
    return [
        {
            "name": "line",
            "x": years[-1],
            "y": value,
            "xshift": 10,
            "yshift": round(point - height),
            "xanchor": "left",
            "yanchor": "middle",
            "text": f"{one.name} {value_text(value)}",
            "showarrow": False,
            "font": {"color": _COLOURS.get(one.css, MUTED)},
        }
        for (one, value), point, height in zip(ends, points, heights, strict=True)
    ]


def _last(one: Series) -> float | None:
    return next((value for value in reversed(one.values) if value is not None), None)


def _with_cuts(
    years: Sequence[int], values: Sequence[float | None], cut: Sequence[int]
) -> tuple[list[float], list[float | None]]:
    """The series with an empty point before every break, where the line is cut."""
    x: list[float] = [years[0]]
    y: list[float | None] = [values[0]]
    for (_, year), value in zip(pairwise(years), values[1:], strict=True):
        if year in cut:
            x.append(year - 0.5)
            y.append(None)
        x.append(year)
        y.append(value)
    return x, y
