"""Dots for municipalities: piled up along one scale, or two measures against each other."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.charts.labels import SIDES, Side, Spot, above, names_beside, span
from portal.charts.scale import GridLine, Mark, Scale, Tick, anchor, coordinate, extent, labelled, ticks, widened

_BINS = 60
_LEFT, _RIGHT = 2.0, 98.0
_PILE = 150.0  # pixels the tallest pile may take
_DOT_STEP = 9.0
_ROW = 17.0
_AXIS = 28.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One municipality's value; with a label it is a chosen one and named in the picture."""

    value: float | None
    title: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A drawn dot: percent across, pixels down."""

    x: str
    y: str
    css: str
    title: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """What templates/components/distribution.html draws."""

    height: int
    base: int
    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    median: str
    says: str


def distribution(
    entries: Sequence[Entry],
    *,
    tick_text: Callable[[float, int], str],
    says: str,
    median: float | None = None,
    median_text: str = "",
    lower_is_right: bool = False,
) -> Distribution:
    """Pile up the values that are there; the missing ones are left out (say so beside the picture).

    ``tick_text`` writes a number of the axis with so many decimals (portal.language.formatting); ``median_text``
    stands at the median's line.
    ``lower_is_right`` keeps the better to the right. ``says`` is read aloud.
    """
    low, high = widened(*extent([entry.value for entry in entries]), wanted=6)
    scale = Scale(low, high, _RIGHT, _LEFT) if lower_is_right else Scale(low, high, _LEFT, _RIGHT)
    piles = _piles(entries, scale)
    tallest = max((len(pile) for pile in piles.values()), default=1)
    step = min(_DOT_STEP, _PILE / tallest)
    named = [(entry.label, scale.at(entry.value)) for entry in entries if entry.label and entry.value is not None]
    feet = above(
        [at for _, at in named],
        [-step * _tallest_under(at, text, piles) - 10 for text, at in named],
        [text for text, _ in named],
        _ROW,
    )
    base = round(2 * _ROW + max(step * tallest + 6, *(-foot for foot in feet), 0.0))
    marks = [
        Mark(coordinate(at), coordinate(base + foot), text, anchor(at), "chosen")
        for (text, at), foot in zip(named, feet, strict=True)
    ]
    if median is not None and median_text:
        at = scale.at(median)
        marks.append(Mark(coordinate(at), "12", median_text, anchor(at), "strong"))
    return Distribution(
        height=round(base + _AXIS),
        base=base,
        dots=_dots(piles, step, base),
        ticks=tuple(
            Tick(coordinate(scale.at(tick)), said, anchor(scale.at(tick)))
            for tick, said in labelled(ticks(low, high), tick_text)
        ),
        marks=tuple(marks),
        median="" if median is None else coordinate(scale.at(median)),
        says=says,
    )


def _piles(entries: Sequence[Entry], scale: Scale) -> dict[int, list[Entry]]:
    """Entries by bin; the chosen ones on top, where they are seen."""
    piles: dict[int, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: bool(entry.label)):
        if entry.value is not None:
            piles[round(scale.at(entry.value) / 100 * _BINS)].append(entry)
    return piles


def _dots(piles: dict[int, list[Entry]], step: float, base: float) -> tuple[Dot, ...]:
    drawn = [
        Dot(
            coordinate(place * 100 / _BINS),
            coordinate(base - 6 - index * step),
            "chosen" if entry.label else "",
            entry.title,
        )
        for place, pile in sorted(piles.items())
        for index, entry in enumerate(pile)
    ]
    return tuple(sorted(drawn, key=lambda dot: dot.css))


def _tallest_under(at: float, text: str, piles: Mapping[int, Sequence[Entry]]) -> int:
    """How many dots the tallest pile has under a name."""
    left, right = span(at, text)
    return max((len(pile) for place, pile in piles.items() if left <= place * 100 / _BINS <= right), default=0)


NARROW = (300.0, 420.0, 560.0, 700.0, 900.0, 1152.0)  # pixels across, from the smallest phone
WIDE = NARROW[3:]  # where figures.css shows more names
WANTED = 6  # round values on an axis
SCATTER_LEFT, SCATTER_RIGHT = 8.0, 97.0
TOP, BOTTOM = 42.0, 48.0


@dataclass(frozen=True, slots=True)
class Pair:
    """One municipality's two values, its name, and both in words; a chosen one is named whatever lies there."""

    x: float | None
    y: float | None
    title: str
    name: str
    url: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class NamedDot:
    """A point with its name beside it. ``css`` of the name: "" always seen, "wide" where there is room, else "tip"."""

    x: str
    y: str
    title: str
    url: str
    name: str
    css: str
    side: Side
    chosen: bool


@dataclass(frozen=True, slots=True)
class Scatter:
    """What templates/components/scatter.html draws."""

    height: int
    base: int
    x_title: str
    y_title: str
    grid: tuple[GridLine, ...]
    ticks: tuple[Tick, ...]
    dots: tuple[NamedDot, ...]
    says: str


def scatter(
    pairs: Sequence[Pair],
    *,
    x_title: str,
    y_title: str,
    x_text: Callable[[float, int], str],
    y_text: Callable[[float, int], str],
    says: str,
    height: int = 420,
) -> Scatter:
    """Draw every municipality that has both values. Titles carry unit and direction; ``says`` is read aloud."""
    there = [(pair, pair.x, pair.y) for pair in pairs if pair.x is not None and pair.y is not None]
    base = height - round(BOTTOM)
    x_low, x_high = widened(*extent([x for _, x, _ in there]), WANTED)
    y_low, y_high = widened(*extent([y for _, _, y in there]), WANTED)
    across, down = Scale(x_low, x_high, SCATTER_LEFT, SCATTER_RIGHT), Scale(y_low, y_high, base, TOP)
    spots = [Spot(across.at(x), down.at(y), pair.name, pair.chosen) for pair, x, y in there]
    return Scatter(
        height=height,
        base=base,
        x_title=x_title,
        y_title=y_title,
        grid=tuple(
            GridLine(coordinate(down.at(mark)), said) for mark, said in labelled(ticks(y_low, y_high, WANTED), y_text)
        ),
        ticks=tuple(
            Tick(coordinate(across.at(mark)), said, anchor(across.at(mark)))
            for mark, said in labelled(ticks(x_low, x_high, WANTED), x_text)
        ),
        dots=_named_dots([pair for pair, _, _ in there], spots, base),
        says=says,
    )


def _named_dots(pairs: Sequence[Pair], spots: Sequence[Spot], base: float) -> tuple[NamedDot, ...]:
    """The points in the order given, the chosen ones last and so on top."""
    narrow = names_beside(spots, NARROW, base)
    wide = names_beside(spots, WIDE, base, narrow)
    dots = [
        NamedDot(
            x=coordinate(spot.x),
            y=coordinate(spot.y),
            title=pair.title,
            url=pair.url,
            name=pair.name,
            css="" if index in narrow else "wide" if index in wide else "tip",
            side=wide.get(index) or (SIDES[1] if spot.x > SCATTER_RIGHT / 2 else SIDES[0]),
            chosen=pair.chosen,
        )
        for index, (pair, spot) in enumerate(zip(pairs, spots, strict=True))
    ]
    return tuple(sorted(dots, key=lambda dot: dot.chosen))
