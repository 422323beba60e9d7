"""Developments: the small one in a row, and the line chart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from portal.charts.labels import spread
from portal.charts.scale import GridLine, Scale, Tick, coordinate, extent, ticks, widened

_SPARK_WIDTH, _SPARK_HEIGHT, _SPARK_EDGE = 88.0, 24.0, 4.0
_LEFT, _RIGHT, _EDGE = 8.0, 73.0, 74.5  # percent: first year, last year, where the names begin
_TOP, _BOTTOM = 22.0, 30.0


@dataclass(frozen=True, slots=True)
class Spark:
    """A small development in a box of 88 × 24, and its drawing (made here, as a bar's is, for there are a hundred)."""

    path: str
    end_x: str
    end_y: str

    @property
    def svg(self) -> SafeString:
        """The drawing: the line, and a dot at its last value."""
        return mark_safe(  # noqa: S308  coordinates only
            '<svg class="spark" viewBox="0 0 88 24" aria-hidden="true">'
            f'<path d="{self.path}"/><circle cx="{self.end_x}" cy="{self.end_y}" r="3"/></svg>'
        )


@dataclass(frozen=True, slots=True)
class Series:
    """A named line: a value for each year, None where there is none. css: "chosen", "context" or empty."""

    name: str
    values: Sequence[float | None]
    css: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of line between two years that follow each other."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Point:
    """A year's value."""

    x: str
    y: str
    title: str


@dataclass(frozen=True, slots=True)
class DrawnSeries:
    """A series as drawn."""

    css: str
    segments: tuple[Segment, ...]
    points: tuple[Point, ...]
    label: str
    label_y: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """What templates/components/line_chart.html draws."""

    height: int
    base: int
    edge: str
    grid: tuple[GridLine, ...]
    years: tuple[Tick, ...]
    breaks: tuple[Tick, ...]
    series: tuple[DrawnSeries, ...]
    says: str


def spark(
    values: Sequence[float | None], *, rank: bool = False, breaks_before: frozenset[int] = frozenset()
) -> Spark | None:
    """Draw a row's development; None when fewer than two values are there.

    ``rank`` puts 1 on top. A missing value is a gap, and so is the step into a position of ``breaks_before``
    (its index in ``values``): figures on either side of a break are not joined.
    """
    known = [index for index, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    low, high = extent(values)
    edge, bottom = _SPARK_EDGE, _SPARK_HEIGHT - _SPARK_EDGE
    across = Scale(0, len(values) - 1, edge, _SPARK_WIDTH - edge)
    down = Scale(low, high, edge, bottom) if rank else Scale(low, high, bottom, edge)
    path = []
    for index in known:
        joined = index - 1 in known and index not in breaks_before
        path.append(
            f"{'L' if joined else 'M'}{coordinate(across.at(index))} {coordinate(down.at(values[index] or 0.0))}"
        )
    last = known[-1]
    return Spark("".join(path), coordinate(across.at(last)), coordinate(down.at(values[last] or 0.0)))


def line_chart(
    series: Sequence[Series],
    years: Sequence[int],
    *,
    text: Callable[[float], str],
    says: str,
    ranks_of: int | None = None,
    breaks: Mapping[int, str] | None = None,
    height: int = 300,
) -> LineChart:
    """Draw developments over ``years`` (rising; each series has a value or None for each).

    ``ranks_of``: the values are places among that many: 1 is on top. ``text`` writes a value (portal.formatting).
    ``breaks`` gives notes by year: the line is cut between the year before and that year. ``says`` is read aloud.
    """
    breaks = breaks or {}
    series = sorted(series, key=lambda one: one.css == "chosen")  # the chosen line lies on top
    base = height - round(_BOTTOM)
    marks, down = _vertical(series, ranks_of, base)
    across = Scale(years[0], years[-1], _LEFT, _RIGHT)
    heights = spread([_last(one, down, base) for one in series], 17.0, 12.0, base - 6.0)
    return LineChart(
        height=height,
        base=base,
        edge=coordinate(_EDGE),
        grid=tuple(GridLine(coordinate(down.at(mark)), text(mark)) for mark in marks),
        years=tuple(_year(year, across) for year in years),
        breaks=tuple(_break(year, note, across) for year, note in breaks.items() if years[0] < year <= years[-1]),
        series=tuple(
            _drawn(one, years, across, down, text, frozenset(breaks), label_y)
            for one, label_y in zip(series, heights, strict=True)
        ),
        says=says,
    )


def _vertical(series: Sequence[Series], ranks_of: int | None, base: float) -> tuple[tuple[float, ...], Scale]:
    """The grid's values and the scale downwards: 1 on top for ranks, the highest on top for values."""
    if ranks_of is not None:
        inner = tuple(mark for mark in ticks(1, ranks_of) if 1 < mark < ranks_of * 0.92)
        return (1.0, *inner, float(ranks_of)), Scale(1, ranks_of, _TOP, base)
    low, high = widened(*extent([value for one in series for value in one.values]))
    return ticks(low, high), Scale(low, high, base, _TOP)


def _last(one: Series, down: Scale, base: float) -> float:
    return next((down.at(value) for value in reversed(one.values) if value is not None), base)


def _year(year: int, across: Scale) -> Tick:
    return Tick(coordinate(across.at(year)), str(year), "end" if year == across.high else "middle")


def _break(year: int, note: str, across: Scale) -> Tick:
    at = (across.at(year - 1) + across.at(year)) / 2
    return Tick(coordinate(at), note, "start" if at < _EDGE / 2 else "end")


def _drawn(
    one: Series,
    years: Sequence[int],
    across: Scale,
    down: Scale,
    text: Callable[[float], str],
    breaks: frozenset[int],
    label_y: float,
) -> DrawnSeries:
    points: list[Point] = []
    segments: list[Segment] = []
    before: Point | None = None
    for year, value in zip(years, one.values, strict=True):
        if value is None:
            before = None
            continue
        point = Point(coordinate(across.at(year)), coordinate(down.at(value)), f"{one.name}, {year}: {text(value)}")
        if before is not None and year not in breaks:
            segments.append(Segment(before.x, before.y, point.x, point.y))
        points.append(point)
        before = point
    last = next((value for value in reversed(one.values) if value is not None), None)
    label = one.name if last is None else f"{one.name} {text(last)}"
    return DrawnSeries(one.css, tuple(segments), tuple(points), label, coordinate(label_y))
