"""Developments as lines over the years."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString

from portal.charts.scale import Mark, Scale, Segment, Series, coordinate, extent, labelled, spread, ticks, widened
from portal.markup import line_chart_svg, spark_svg

_LEFT, _RIGHT, _EDGE = 8.0, 73.0, 74.5  # percent: first year, last year, where the names begin
_HEIGHT, _TOP, _BOTTOM = 300, 22.0, 30.0
_NOTE = 24.0  # pixels over the foot that a break's note takes


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
class Grid:
    """How a value is written beside the grid, where it stands often and short, with so many decimals.

    ``marks`` are the grid's values where there are no others (yes and no), the lowest first.
    """

    text: Callable[[float, int], str]
    marks: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """What lies behind the lines: a band from and to for each year, everybody else's values, each year's as the lines'.

    ``text`` writes the chosen line's values at its points; None leaves them out.
    """

    band: Sequence[tuple[float, float] | None] = ()
    everybody: Sequence[Sequence[float | None]] = ()
    text: Callable[[float], str] | None = None


@dataclass(frozen=True, slots=True)
class LineChart:
    """What templates/components/line_chart.html draws. ``cut``: its scale of values does not begin at nought.

    ``band`` and ``pale`` are paths in a box of 1000 × height: a field behind the lines, and everybody else's lines.
    ``printed`` are the chosen line's values, written at its points.
    """

    height: int
    base: int
    edge: str
    grid: tuple[Mark, ...]
    years: tuple[Mark, ...]
    breaks: tuple[Mark, ...]
    series: tuple[DrawnSeries, ...]
    says: str
    cut: bool = False
    band: str = ""
    pale: str = ""
    printed: tuple[Mark, ...] = ()

    @property
    def svg(self) -> SafeString:
        """The drawing."""
        return line_chart_svg(self)


def line_chart(  # noqa: PLR0913  what is drawn, and how it is written
    series: Sequence[Series],
    years: Sequence[int],
    *,
    text: Callable[[float], str],
    says: str,
    ranks_of: int | None = None,
    breaks: Mapping[int, str] | None = None,
    grid: Grid | None = None,
    field: Field | None = None,
) -> LineChart:
    """Draw developments over ``years`` (rising; each series has a value or None for each).

    ``ranks_of``: the values are places among that many: 1 is on top. ``text`` writes a value.
    ``breaks`` gives notes by year: the line is cut between the year before and that year. ``says`` is read aloud.
    ``grid`` is given where the grid is not written as the values are, ``field`` what lies behind the lines.
    """
    breaks, field = breaks or {}, field or Field()
    series = sorted(series, key=lambda one: one.css == "chosen")  # the chosen line lies on top
    base = _HEIGHT - round(_BOTTOM)
    grid = grid or Grid(lambda value, _decimals: text(value))
    marks, down = _marked(grid.marks, base) if grid.marks else _vertical(series, ranks_of, base, field)
    across = Scale(years[0], years[-1], _LEFT, _RIGHT)
    heights = spread([_last(one, down, base) for one in series], 17.0, 12.0, base - 6.0)
    return LineChart(
        height=_HEIGHT,
        base=base,
        edge=coordinate(_EDGE),
        grid=tuple(Mark(y=coordinate(down.at(mark)), text=said) for mark, said in labelled(marks, grid.text)),
        years=tuple(_year(year, across) for year in years),
        breaks=tuple(
            _break(year, note, across, _beside(series, years, year, down), base)
            for year, note in breaks.items()
            if years[0] < year <= years[-1]
        ),
        series=tuple(
            _drawn(one, years, across, down, text, frozenset(breaks), label_y)
            for one, label_y in zip(series, heights, strict=True)
        ),
        says=says,
        cut=ranks_of is None and not down.low <= 0 <= down.high,
        band=_band(field.band, years, across, down, frozenset(breaks)),
        pale=_pale(tuple(map(tuple, field.everybody)), tuple(years), across, down, frozenset(breaks)),
        printed=_printed(series, years, across, down, field.text),
    )


def _marked(marks: tuple[float, ...], base: float) -> tuple[tuple[float, ...], Scale]:
    return marks, Scale(marks[0], marks[-1], base, _TOP)


def _vertical(
    series: Sequence[Series], ranks_of: int | None, base: float, field: Field
) -> tuple[tuple[float, ...], Scale]:
    """The grid's values and the scale downwards: 1 on top for ranks, the highest on top for values."""
    if ranks_of is not None:
        inner = tuple(mark for mark in ticks(1, ranks_of) if 1 < mark < ranks_of * 0.92)
        return (1.0, *inner, float(ranks_of)), Scale(1, ranks_of, _TOP, base)
    ends = [end for pair in field.band if pair for end in pair]
    low, high = widened(*extent([*ends, *(value for one in series for value in one.values)]))
    return ticks(low, high), Scale(low, high, base, _TOP)


def _last(one: Series, down: Scale, base: float) -> float:
    return next((down.at(value) for value in reversed(one.values) if value is not None), base)


def _year(year: int, across: Scale) -> Mark:
    return Mark(x=coordinate(across.at(year)), text=str(year), anchor="end" if year == across.high else "middle")


def _break(year: int, note: str, across: Scale, beside: Sequence[float], base: float) -> Mark:
    """A break with its note at the foot, or at the top where a line comes near the foot beside it."""
    at = (across.at(year - 1) + across.at(year)) / 2
    low = any(point > base - _NOTE for point in beside)
    return Mark(
        x=coordinate(at), text=note, anchor="start" if at < _EDGE / 2 else "end", y=coordinate(12 if low else base - 6)
    )


def _beside(series: Sequence[Series], years: Sequence[int], year: int, down: Scale) -> list[float]:
    """How far down the lines lie in the years on both sides of a break."""
    near = [index for index, one in enumerate(years) if year - 1 <= one <= year]
    return [down.at(value) for one in series for index in near if (value := one.values[index]) is not None]


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


def _runs(known: Sequence[bool], years: Sequence[int], breaks: frozenset[int]) -> list[list[int]]:
    """The stretches of years (their indexes) that may be joined: without a gap and without a break."""
    runs: list[list[int]] = []
    for index, there in enumerate(known):
        if not there:
            continue
        joined = bool(runs) and runs[-1][-1] == index - 1 and years[index] not in breaks
        runs[-1].append(index) if joined else runs.append([index])
    return runs


def _band(
    band: Sequence[tuple[float, float] | None], years: Sequence[int], across: Scale, down: Scale, breaks: frozenset[int]
) -> str:
    """A field for each stretch of years, along its one end and back along the other."""
    path = []
    for run in _runs([one is not None for one in band], years, breaks):
        ends = [(index, pair) for index in run if (pair := band[index])]
        there = [(across.at(years[index]), down.at(pair[0])) for index, pair in ends]
        back = [(across.at(years[index]), down.at(pair[1])) for index, pair in reversed(ends)]
        if len(run) == 1:  # a single year has no width: as much of it as a point takes
            there, back = (
                [(x + way, y) for x, y in there for way in (-1, 1)],
                [(x - w, y) for x, y in back for w in (-1, 1)],
            )
        path.append(f"M{'L'.join(f'{round(x * 10)} {round(y)}' for x, y in (*there, *back))}Z")
    return "".join(path)


@lru_cache(maxsize=64)  # everybody's lines are the same on the pages of all
def _pale(
    everybody: tuple[tuple[float | None, ...], ...],
    years: tuple[int, ...],
    across: Scale,
    down: Scale,
    breaks: frozenset[int],
) -> str:
    return "".join(
        f"M{'L'.join(f'{round(across.at(years[index]) * 10)} {round(down.at(values[index] or 0.0))}' for index in run)}"
        for values in everybody
        for run in _runs([one is not None for one in values], years, breaks)
        if len(run) > 1
    )


def _printed(
    series: Sequence[Series], years: Sequence[int], across: Scale, down: Scale, text: Callable[[float], str] | None
) -> tuple[Mark, ...]:
    if text is None:
        return ()
    return tuple(
        Mark(coordinate(across.at(year)), coordinate(down.at(value) - 10), text(value), "middle", "chosen")
        for one in series
        if one.css == "chosen"
        for year, value in zip(years, one.values, strict=True)
        if value is not None
    )


_SPARK_WIDTH, _SPARK_HEIGHT, _SPARK_EDGE = 88.0, 24.0, 4.0


@dataclass(frozen=True, slots=True)
class Spark:
    """A small development in a box of 88 × 24."""

    path: str
    end_x: str
    end_y: str

    @property
    def svg(self) -> SafeString:
        """The drawing."""
        return spark_svg(self)


@lru_cache(maxsize=2048)  # a municipality's rows stand on its page in both languages
def spark(
    values: tuple[float | None, ...], *, rank: bool = False, breaks_before: frozenset[int] = frozenset()
) -> Spark | None:
    """Draw a row's development; None when fewer than two values are there.

    ``rank`` puts 1 on top. A missing value is a gap, and so is the step into a position of ``breaks_before``
    (its index in ``values``): figures on either side of a break are not joined.
    """
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    across, down = _places(len(values)), _scale([value for _index, value in known], rank=rank)
    path, before, y = [], -2, ""
    for index, value in known:
        y = coordinate(down(value))
        path.append(f"{'L' if before == index - 1 and index not in breaks_before else 'M'}{across[index]} {y}")
        before = index
    return Spark("".join(path), across[before], y)


@lru_cache(maxsize=64)
def _places(count: int) -> tuple[str, ...]:
    """How far to the right each of so many values stands."""
    scale = Scale(0, count - 1, _SPARK_EDGE, _SPARK_WIDTH - _SPARK_EDGE)
    return tuple(coordinate(scale.at(index)) for index in range(count))


def _scale(known: Sequence[float], *, rank: bool) -> Callable[[float], float]:
    """``Scale.at`` for values that lie between its ends: there are a hundred sparks on a page."""
    low, high, height = min(known), max(known), _SPARK_HEIGHT - 2 * _SPARK_EDGE
    if low == high:
        return lambda _value: _SPARK_HEIGHT / 2
    start, length = (_SPARK_EDGE, height) if rank else (_SPARK_HEIGHT - _SPARK_EDGE, -height)
    return lambda value: start + (value - low) / (high - low) * length
