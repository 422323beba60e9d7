"""Dots for municipalities: a swarm along one scale, or two measures against each other."""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal.charts.scale import (
    SIDES,
    Mark,
    Scale,
    Segment,
    Side,
    Spot,
    anchor,
    coordinate,
    extent,
    labelled,
    levels,
    names_beside,
    ticks,
    widened,
)

_LEFT, _RIGHT = 2.5, 97.5
_ACROSS = 430.0  # pixels of a chart that the swarm is laid out for: on a phone dots touch, on a wide page they have air
_MOST = 300  # dots: so many have room in the swarm; of a larger country some are drawn, and it is said
_APART = 10.5  # pixels between the centres of two dots
_SWARM = 170.0  # pixels the swarm may be tall
_ROW = 17.0
_AXIS = 28.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One municipality's value; with a label it is named in the picture, and a chosen one besides lies on top.

    ``css`` is its colour, "fifth-4" say; ``url`` where its dot leads.
    """

    value: float | None
    title: str
    label: str = ""
    css: str = ""
    url: str = ""
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class Dot:
    """A drawn dot: percent across, exactly where its value lies, pixels down."""

    x: str
    y: str
    css: str
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Distribution:
    """What templates/components/distribution.html draws; ``middle`` and ``middle_width`` are the middle half. One value
    in ``every`` has a dot."""

    height: int
    base: int
    dots: tuple[Dot, ...]
    ticks: tuple[Mark, ...]
    marks: tuple[Mark, ...]
    median: str
    says: str
    leaders: tuple[Segment, ...] = ()
    top: int = 20
    middle: str = ""
    middle_width: str = ""
    every: int = 1

    @property
    def leads_on(self) -> bool:
        """Whether the dots are links."""
        return any(dot.url for dot in self.dots)


def distribution(  # noqa: PLR0913  what is drawn, and how it is written
    entries: Sequence[Entry],
    *,
    tick_text: Callable[[float, int], str],
    says: str,
    median: float | None = None,
    median_text: str = "",
    middle: tuple[float, float] | None = None,
    lower_is_right: bool = False,
    ends: tuple[float, float] | None = None,
    every: int = 1,
) -> Distribution:
    """Draw a dot for every value that is there; the missing ones are left out (say so beside the picture). Of a large
    country the entries are those that `thinned` leaves, one in ``every``, and ``ends`` those of all its values.

    Across a dot lies exactly at its value; up or down it moves until it touches no other. ``tick_text`` writes a number
    of the axis with so many decimals (portal.language.formatting); ``median_text`` stands at the median's line,
    ``middle`` are the quartiles. ``lower_is_right`` keeps the better to the right. ``says`` is read aloud.
    """
    low, high = ends or extent([entry.value for entry in entries])
    scale = Scale(low, high, _RIGHT, _LEFT) if lower_is_right else Scale(low, high, _LEFT, _RIGHT)
    there = [(entry, scale.at(entry.value)) for entry in entries if entry.value is not None]
    downs = _swarm(tuple(at for _, at in there))
    names = [(entry.label, at, down, "chosen" if entry.chosen else "strong")
             for (entry, at), down in zip(there, downs, strict=True) if entry.label]  # fmt: skip
    rows = levels([at for _, at, _, _ in names], [text for text, _, _, _ in names])
    top = round(_ROW * (2 + max(rows, default=0)))
    middle_of_swarm = top + 12 - min(downs, default=0.0)
    base = round(middle_of_swarm + max(downs, default=0.0) + 12)
    feet = [top - 6 - _ROW * row for row in rows]
    marks = [
        Mark(coordinate(at), coordinate(foot), text, anchor(at), css)
        for (text, at, _, css), foot in zip(names, feet, strict=True)
    ]
    if median is not None and median_text:
        at = scale.at(median)
        marks.append(Mark(coordinate(at), "12", median_text, anchor(at), "strong"))
    halves = sorted(scale.at(end) for end in middle) if middle else None
    return Distribution(
        height=round(base + _AXIS),
        base=base,
        dots=_dots(there, downs, middle_of_swarm),
        ticks=tuple(
            Mark(x=coordinate(scale.at(tick)), text=said, anchor=anchor(scale.at(tick)))
            for tick, said in labelled(ticks(*(_around(low) if low == high else (low, high))), tick_text)
        ),
        marks=tuple(marks),
        median="" if median is None else coordinate(scale.at(median)),
        says=says,
        leaders=tuple(
            Segment(coordinate(at), coordinate(foot + 4), coordinate(at), coordinate(middle_of_swarm + down - 5))
            for (_, at, down, _), foot in zip(names, feet, strict=True)
        ),
        middle=coordinate(halves[0]) if halves else "",
        middle_width=coordinate(halves[1] - halves[0]) if halves else "",
        every=every,
    )


def thinned(values: Sequence[float | None], named: Collection[int] = ()) -> tuple[list[int], int]:
    """The positions of the values that are drawn, and one in how many that is: all in the order given, or beyond
    `_MOST` one in so many in the order of the values, and everyone who is named."""
    there = [(value, place) for place, value in enumerate(values) if value is not None]
    every = max(1, -(-len(there) // _MOST))
    if every == 1:
        return [place for _value, place in there], 1
    there.sort(key=lambda one: one[0])
    return [at for place, (_value, at) in enumerate(there) if place % every == 0 or at in named], every


def _around(value: float) -> tuple[float, float]:
    """An axis for one value that everybody has."""
    return widened(value, value)


@lru_cache(maxsize=128)  # a subject's dots stand on its page and on its ranking's, in both languages
def _swarm(places: tuple[float, ...]) -> tuple[float, ...]:
    """How far up or down each dot moves, in pixels, in the order given: as little as it can without touching another.

    Where too many lie on one value, all move nearer each other.
    """
    found = [0.0] * len(places)
    placed: list[tuple[float, float]] = []
    first = 0  # of those placed that are near: from the left to the right, so are all after it
    for index in sorted(range(len(places)), key=lambda one: places[one]):
        x = places[index] * _ACROSS / 100
        while first < len(placed) and x - placed[first][0] >= _APART:
            first += 1
        near = [((x - other) ** 2, down) for other, down in placed[first:]]
        free = [0.0]
        for across, down in near:
            reach = math.sqrt(max(_APART**2 - across, 0.0)) + 1e-6
            free += [down - reach, down + reach]
        found[index] = next(y for y in sorted(free, key=abs) if _is_free(y, near))
        placed.append((x, found[index]))
    tall = max(found, default=0.0) - min(found, default=0.0)
    return tuple(down * _SWARM / tall for down in found) if tall > _SWARM else tuple(found)


def _is_free(y: float, near: Sequence[tuple[float, float]]) -> bool:
    for across, down in near:  # noqa: SIM110  asked ten thousand times a picture: all(…) takes twice as long
        if across + (y - down) ** 2 < _APART**2 - 1e-3:
            return False
    return True


def _dots(there: Sequence[tuple[Entry, float]], downs: Sequence[float], middle: float) -> tuple[Dot, ...]:
    """The dots, from the left to the right, the chosen ones last and so on top."""
    drawn = [
        (bool(entry.label and entry.chosen), at, Dot(
            f"{at:.2f}",
            coordinate(middle + down),
            " ".join(filter(None, [entry.css, "chosen" if entry.label and entry.chosen else ""])),
            entry.title,
            entry.url,
        ))
        for (entry, at), down in zip(there, downs, strict=True)
    ]  # fmt: skip
    return tuple(dot for _, _, dot in sorted(drawn, key=lambda one: one[:2]))


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
    grid: tuple[Mark, ...]
    ticks: tuple[Mark, ...]
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
            Mark(y=coordinate(down.at(mark)), text=said)
            for mark, said in labelled(ticks(y_low, y_high, WANTED), y_text)
        ),
        ticks=tuple(
            Mark(x=coordinate(across.at(mark)), text=said, anchor=anchor(across.at(mark)))
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
