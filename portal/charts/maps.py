"""The map: outlines coloured by fifths of the places, with Greater Copenhagen zoomed in.

One hue from pale (worst fifth) to deep (best fifth); a municipality without a place is hatched, never coloured.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal.language import formatting

_ROOM = 300  # units added at the right, where the sea gives the zoom its place
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_PART = re.compile(r"M[^M]+")
Box = tuple[float, float, float, float]


NO_NAMES: Mapping[int, str] = {}


@dataclass(frozen=True, slots=True)
class Outlines:
    """The outlines of all municipalities by code, and which of them lie in the zoom."""

    viewbox: str
    zoom_viewbox: str
    paths: Mapping[str, str]
    inside: frozenset[str]
    touching: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality to colour: its place, or None when it has none; title is name and place in words.

    ``aside`` is one that was not asked for: pale, whatever its place.
    """

    code: str
    title: str
    url: str
    rank: int | None
    chosen: bool = False
    aside: bool = False


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """A municipality as drawn."""

    code: str
    path: str
    css: str
    url: str
    title: str
    missing: bool
    in_zoom: bool


@dataclass(frozen=True, slots=True)
class Map:
    """What templates/components/map.html draws."""

    name: str
    prefix: str
    viewbox: str
    places: tuple[DrawnPlace, ...]
    zoom_viewbox: str
    zoomed: tuple[DrawnPlace, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the legend."""

    css: str
    text: str


@lru_cache(maxsize=4)
def outlines(text: str) -> Outlines:
    """Read the outlines from the text of indicators/data/municipality_paths.json."""
    data = json.loads(text)
    zoom = data["greater_copenhagen_viewBox"]
    left, top, width, height = (float(part) for part in zoom.split())
    inside, touching = set(), set()
    for code, path in data["paths"].items():
        x1, y1, x2, y2 = _box(path)
        if x1 >= left and y1 >= top and x2 <= left + width and y2 <= top + height:
            inside.add(code)
        if x2 > left and y2 > top and x1 < left + width and y1 < top + height:
            touching.add(code)
    x, y, w, h = data["viewBox"].split()
    return Outlines(f"{x} {y} {int(w) + _ROOM} {h}", zoom, data["paths"], frozenset(inside), frozenset(touching))


def fifth(rank: int, n: int) -> int:
    """Which fifth a place among n lies in: 5 the best, 1 the worst. Ties share theirs, for they share the place."""
    return 5 - min(4, (rank - 1) * 5 // n)


def legend(
    ranks: Iterable[tuple[int, int]],
    n: int,
    *,
    named: Mapping[int, str] = NO_NAMES,
    missing_text: str = "",
    language: str | None = None,
) -> tuple[Step, ...]:
    """The steps that occur, best first, in words, and the hatch when ``missing_text`` is given.

    ``ranks`` are the places of everybody, first and last of each shared one: where many share a place, a fifth begins
    earlier or ends later than a fifth of n, or has nobody. ``named`` says in words what the few values of an indicator
    are, by the place they give ("nr. 1–64 (ja)").
    """
    reach: dict[int, tuple[int, int]] = {}
    names: dict[int, list[str]] = {}
    for first, last in sorted(set(ranks)):
        number = fifth(first, n)
        low, high = reach.get(number, (first, last))
        reach[number] = min(low, first), max(high, last)
        names.setdefault(number, []).extend([named[first]] if first in named else [])
    steps = []
    for number in sorted(reach, reverse=True):
        text = formatting.rank_in_text(*reach[number], language)
        said = formatting.joined(names[number], language)
        steps.append(Step(f"fifth-{number}", f"{text} ({said})" if said else text))
    if missing_text:
        steps.append(Step("missing", missing_text))
    return tuple(steps)


def municipality_map(
    drawn: Outlines, places: Sequence[Place], *, n: int, name: str, prefix: str = "k", zoom: bool = True
) -> Map:
    """Colour the places by fifths of n. Places without an outline are left out.

    ``name`` is read aloud; ``prefix`` makes ids unique when a page has two maps. Municipalities that lie wholly in the
    zoom are reached there by keyboard, where they can be seen.
    """
    coloured = tuple(
        DrawnPlace(
            place.code,
            drawn.paths[place.code],
            _css(place, n),
            place.url,
            place.title,
            place.rank is None and not place.aside,
            zoom and place.code in drawn.inside,
        )
        for place in sorted(places, key=lambda place: place.chosen)  # the chosen outline lies on top
        if place.code in drawn.paths
    )
    zoomed = tuple(place for place in coloured if place.code in drawn.touching) if zoom else ()
    return Map(name, prefix, drawn.viewbox, coloured, drawn.zoom_viewbox, zoomed)


def _css(place: Place, n: int) -> str:
    if place.aside:
        return "aside"
    colour = "" if place.rank is None else f"fifth-{fifth(place.rank, n)}"
    return f"{colour} chosen".strip() if place.chosen else colour


def _box(path: str) -> Box:
    """The box round a path of the form M x y l dx dy …, z, as the outlines are written."""
    xs: list[float] = []
    ys: list[float] = []
    for part in _PART.findall(path):
        numbers = [float(number) for number in _NUMBER.findall(part)]
        x, y = 0.0, 0.0
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            xs.append(x)
            ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)
