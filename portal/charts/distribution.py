"""The distribution: a dot for each municipality, piled up along one scale."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.charts.labels import above, span
from portal.charts.scale import Mark, Scale, Tick, anchor, coordinate, extent, ticks, widened

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
    tick_text: Callable[[float], str],
    says: str,
    median: float | None = None,
    median_text: str = "",
    lower_is_right: bool = False,
) -> Distribution:
    """Pile up the values that are there; the missing ones are left out (say so beside the picture).

    ``tick_text`` writes a number of the axis (portal.language.formatting); ``median_text`` stands at the median's line.
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
            Tick(coordinate(scale.at(tick)), tick_text(tick), anchor(scale.at(tick))) for tick in ticks(low, high)
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
