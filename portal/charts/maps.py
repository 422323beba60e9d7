"""The map: outlines with shared borders coloured by fifths of the places, Greater Copenhagen finer beside.

One hue from pale (worst fifth) to deep (best fifth); a municipality without a place is hatched, never coloured. Fills
have no stroke: one mesh in the colour of the paper lies over all of them, a hairline along the coast holds the palest.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from portal.language import formatting

Box = tuple[float, float, float, float]
Point = tuple[float, float]

NO_NAMES: Mapping[int, str] = {}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One drawing of outlines by code: its lines, a point to write each name at, boxes (x, y, width, height)."""

    viewbox: Box = (0.0, 0.0, 1.0, 1.0)
    paths: Mapping[str, str] = field(default_factory=dict)
    mesh: str = ""
    coast: str = ""
    labels: Mapping[str, Point] = field(default_factory=dict)

    @property
    def box(self) -> str:
        """The viewBox as an attribute."""
        return " ".join(f"{part:g}" for part in self.viewbox)


@dataclass(frozen=True, slots=True)
class Outlines:
    """The country and, finer, its capital: which lie wholly in the zoom, whose names are written, who is moved."""

    country: Sheet
    zoom: Sheet
    inside: frozenset[str] = frozenset()
    named: tuple[str, ...] = ()
    boxed: str = ""
    moved_to: Box | None = None
    zoomed_from: Box | None = None

    @property
    def paths(self) -> Mapping[str, str]:
        """The outlines of the country by code."""
        return self.country.paths


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality to colour: its place, or None when it has none; title is name and place in words.

    ``aside`` is one that was not asked for: pale, whatever its place. ``name`` is written where there is room.
    """

    code: str
    title: str
    url: str
    rank: int | None
    chosen: bool = False
    aside: bool = False
    name: str = ""


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
    name: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A name written on the map; ``css`` is "minor" for those that a small map leaves out, "chosen" or empty.

    Where it does not fit over its municipality, a leader goes there from (``from_x``, ``from_y``).
    """

    text: str
    x: str
    y: str
    css: str = ""
    from_x: str = ""
    from_y: str = ""


@dataclass(frozen=True, slots=True)
class Map:
    """What templates/components/map.html draws. ``chosen`` is the code of the one that is looked at, or empty."""

    name: str
    prefix: str
    outlines: Outlines
    places: tuple[DrawnPlace, ...]
    zoomed: tuple[DrawnPlace, ...]
    names: tuple[Name, ...]
    zoom_names: tuple[Name, ...]
    chosen: str = ""

    @property
    def chosen_in_zoom(self) -> str:
        """The chosen code, where the zoom shows it."""
        return self.chosen if self.chosen in {place.code for place in self.zoomed} else ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the legend."""

    css: str
    text: str


@lru_cache(maxsize=4)
def outlines(text: str) -> Outlines:
    """Read the outlines from the text of indicators/data/municipality_outlines.json; "{}" has none."""
    data: dict[str, Any] = json.loads(text)
    if not data:
        return Outlines(Sheet(), Sheet())
    inset = data.get("inset", {})
    country = Sheet(_box(data["viewbox"]), data["national"], data["mesh"], data["coast"], _points(data["label"]))
    zoom = Sheet()
    if inset:
        lines = data["inset_mesh"], data["inset_coast"]
        zoom = Sheet(_box(inset["viewbox"]), data["inset_paths"], *lines, _points(data["inset_label"]))
    return Outlines(
        country,
        zoom,
        frozenset(inset.get("codes", ())),
        tuple(data.get("named", ())),
        data.get("boxed", ""),
        _box(data["bornholm_box"]) if "bornholm_box" in data else None,
        _box(inset["frame_on_map"]) if inset else None,
    )


def _box(numbers: Sequence[float]) -> Box:
    x, y, width, height = numbers
    return x, y, width, height


def _points(data: Mapping[str, Sequence[float]]) -> dict[str, Point]:
    return {code: (point[0], point[1]) for code, point in data.items()}


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
    coloured = [
        DrawnPlace(
            place.code,
            drawn.paths[place.code],
            _css(place, n),
            place.url,
            place.title,
            place.rank is None and not place.aside,
            zoom and place.code in drawn.inside,
            place.name,
        )
        for place in sorted(places, key=lambda place: place.chosen)  # the chosen outline lies on top
        if place.code in drawn.paths
    ]
    chosen = next((place.code for place in places if place.chosen), "")
    return assembled(drawn, coloured, name=name, prefix=prefix, chosen=chosen, zoom=zoom)


def assembled(
    drawn: Outlines, places: Sequence[DrawnPlace], *, name: str, prefix: str, chosen: str = "", zoom: bool = True
) -> Map:
    """A map of places that have their colour already, with the names of large towns and all of those in the zoom."""
    fine = drawn.zoom.paths if zoom else {}
    zoomed = tuple(replace(place, path=fine[place.code]) for place in places if place.code in fine)
    names = {place.code: place.name for place in places if place.name}
    in_zoom = _in_zoom(drawn, names) if zoom else ()
    return Map(name, prefix, drawn, tuple(places), zoomed, _towns(drawn, names, chosen), in_zoom, chosen)


_FIRST = 4  # so many towns are named on the smallest map


def _towns(drawn: Outlines, names: Mapping[str, str], chosen: str) -> tuple[Name, ...]:
    """The large towns, the chosen one, and over its box whoever was moved."""
    found = []
    for number, code in enumerate(drawn.named):
        if code in names and code != chosen:
            x, y = drawn.country.labels[code]
            found.append(Name(names[code], f"{x:g}", f"{y:g}", "" if number < _FIRST else "minor"))
    if drawn.boxed in names and drawn.moved_to:
        x, y, width, _height = drawn.moved_to
        found.append(Name(names[drawn.boxed], f"{x + width / 2:g}", f"{y - 10:g}"))
    if chosen in names and chosen != drawn.boxed and chosen not in drawn.inside:
        x, y = drawn.country.labels[chosen]
        found.append(Name(names[chosen], f"{x:g}", f"{y:g}", "chosen"))
    return tuple(found)


def _in_zoom(drawn: Outlines, names: Mapping[str, str]) -> tuple[Name, ...]:
    left, top, width, height = drawn.zoom.viewbox
    there = [
        (names[code], (x, y))
        for code, (x, y) in sorted(drawn.zoom.labels.items())
        if code in names and left < x < left + width and top < y < top + height
    ]
    return _spread_out(drawn.zoom.viewbox, tuple(there))


LETTER = 34.0  # units: some 11 px where the zoom is 330 px wide
_WIDE, _TALL = 0.56, 1.0  # of a letter's size
_RINGS = tuple((radius, angle) for radius in range(0, 300, 12) for angle in range(0, 360, 15) if radius or not angle)


@lru_cache(maxsize=8)
def _spread_out(viewbox: Box, wanted: tuple[tuple[str, Point], ...]) -> tuple[Name, ...]:
    """Each name as near its point as it can lie without touching another, with a leader where it had to go away."""
    left, top, width, height = viewbox
    taken: list[Box] = []
    placed = []
    for text, (x, y) in sorted(wanted, key=lambda one: len(one[0]) * LETTER - abs(one[1][0] - left - width / 2)):
        half, tall = len(text) * LETTER * _WIDE / 2, LETTER * _TALL
        for radius, angle in _RINGS:
            at_x, at_y = x + radius * math.cos(math.radians(angle)), y + radius * math.sin(math.radians(angle))
            box = (at_x - half, at_y - tall / 2, at_x + half, at_y + tall / 2)
            inside = box[0] > left and box[2] < left + width and box[1] > top and box[3] < top + height
            if inside and not any(_touch(box, other) for other in taken):
                taken.append(box)
                away = radius > tall
                from_x, from_y = (f"{x:g}", f"{y:g}") if away else ("", "")
                placed.append(Name(text, f"{at_x:.0f}", f"{at_y:.0f}", "", from_x, from_y))
                break
    return tuple(placed)


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _css(place: Place, n: int) -> str:
    if place.aside:
        return "aside"
    colour = "" if place.rank is None else f"fifth-{fifth(place.rank, n)}"
    return f"{colour} chosen".strip() if place.chosen else colour
