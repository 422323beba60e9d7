"""A municipality's card, 1200 × 630: what a shared link shows of it; and a square one for where pictures are square."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.charts.strip import Strip
from portal.pictures import svg
from portal.pictures.svg import MARGIN, WIDTH, Caption, foot, width, wrapped

HEIGHT = 630
_ROOM = WIDTH - 2 * MARGIN


@dataclass(frozen=True, slots=True)
class CardArea:
    """An area's line on the card. ``css`` is its colour's name, "area-b"."""

    css: str
    name: str
    rank: str


@dataclass(frozen=True, slots=True)
class Card:
    """The words of a card. ``interval`` or the reason why there is no rank; ``score`` may be empty.

    ``words``: the municipality's own, in its short form; drawn whole or not at all, since nobody cuts another's text.
    """

    name: str
    under: str
    rank: str
    of: str
    interval: str
    score: str
    ends: tuple[str, str]
    strip: Strip
    areas: tuple[CardArea, ...]
    words: str = ""


def card_picture(card: Card, words: Caption) -> str:
    """Draw a card."""
    size = 60.0 if width(card.name, 60, 700) <= _ROOM else 46.0
    parts = [
        svg.text(MARGIN, 100, card.name, size=size, weight=700),
        svg.text(MARGIN, 138, card.under, size=23, fill=svg.MUTED),
        *_rank(card),
        *strip_marks(card.strip, 300.0),
        svg.text(MARGIN, 376, card.ends[0], size=19, fill=svg.MUTED),
        svg.text(WIDTH - MARGIN, 376, card.ends[1], size=19, fill=svg.MUTED, anchor="end"),
        *_areas(card.areas),
        *_words(card.words),
        foot(words, HEIGHT),
    ]
    return svg.picture(WIDTH, HEIGHT, f"{card.name}: {card.rank} {card.of}. {words.edition}", *parts)


def _rank(card: Card) -> list[str]:
    parts = [svg.text(MARGIN, 240, card.rank, size=72, weight=700, fill=svg.ACCENT)]
    x = MARGIN + width(card.rank, 72, 700) + 16
    parts.append(svg.text(x, 240, card.of, size=34, fill=svg.MUTED))
    x += width(card.of, 34) + 44 if card.of else 28
    rows = wrapped(card.interval, 28, WIDTH - MARGIN - x, most=2)
    y = 240 - 34 * (len(rows) - 1) - (30 if card.score and len(rows) == 1 else 0)
    parts.append(svg.lines(x, y, rows, size=28, weight=600))
    if card.score and len(rows) == 1:
        parts.append(svg.text(x, 240, card.score, size=25, fill=svg.MUTED))
    return parts


def strip_marks(strip: Strip, top: float) -> list[str]:
    """The strip of a card: everyone, the band, the median and the own place."""
    tall = 46.0

    def across(percent: str) -> float:
        return MARGIN + float(percent) * _ROOM / 100

    parts = [
        svg.element(
            "path",
            d=strip.all,
            stroke=svg.MUTED,
            stroke_opacity="0.55",
            stroke_width=1.6,
            fill="none",
            transform=f"translate({MARGIN} {top - 2}) scale({_ROOM / 1000} {tall / 20})",
        ),
        svg.element(
            "line", x1=MARGIN, x2=WIDTH - MARGIN, y1=top + tall, y2=top + tall, stroke=svg.LINE, stroke_width=2.0
        ),
    ]
    if strip.band_start:
        wide = float(strip.band_width) * _ROOM / 100
        parts.append(
            svg.element("rect", x=across(strip.band_start), y=top + 9, width=wide, height=28.0, rx=5.0, fill=svg.ACCENT,
                        fill_opacity="0.3")
        )  # fmt: skip
    if strip.median:
        x = across(strip.median)
        parts.append(svg.element("line", x1=x, x2=x, y1=top - 4, y2=top + tall, stroke=svg.INK, stroke_width=2.5))
    if strip.own:
        parts.append(
            svg.element("circle", cx=across(strip.own), cy=top + 23, r=13.0, fill=svg.ACCENT, stroke=svg.PAPER,
                        stroke_width=3.0)
        )  # fmt: skip
    return parts


def _areas(areas: Sequence[CardArea]) -> list[str]:
    if not areas:
        return []
    parts = []
    wide = (_ROOM - 24 * (len(areas) - 1)) / len(areas)
    for number, area in enumerate(areas):
        x = MARGIN + number * (wide + 24)
        colour = svg.AREAS.get(area.css, svg.ACCENT)
        parts.append(svg.element("rect", x=x, y=418.0, width=wide, height=5.0, fill=colour))
        parts.append(svg.text(x, 456, area.name, size=23, fill=svg.MUTED))
        parts.append(svg.text(x, 496, area.rank, size=30, weight=700))
    return parts


_WORDS_TOP, _WORDS_LINES = 526.0, 2


def _words(said: str) -> list[str]:
    """The municipality's own words between the areas and the foot, in the largest type in which they fit."""
    for size in (19.0, 18.0, 17.0, 16.0, 15.0):
        rows = wrapped(said, size, _ROOM)
        if said and len(rows) <= _WORDS_LINES:
            return [svg.lines(MARGIN, _WORDS_TOP, rows, size=size)]
    return []


SIDE = WIDTH
_ROOM = WIDTH - 2 * MARGIN
_SAYS = 50.0


def square_picture(under: str, rows: Sequence[CardArea], strip: Strip, ends: Sequence[str], words: Caption) -> str:
    """Draw it: at most four ``rows`` beneath ``words.says``; ``ends`` are the words at the two ends of the strip."""
    title = wrapped(words.title, 76, _ROOM, 700, most=2)
    top = 130.0 + 96 * (len(title) - 1)
    says = wrapped(words.says, _SAYS, _ROOM, most=8)
    parts = [
        svg.lines(MARGIN, 130, title, size=76, weight=700),
        svg.text(MARGIN, top + 56, under, size=32, fill=svg.MUTED),
        svg.lines(MARGIN, top + 170, says, size=_SAYS),
        *_rows(rows, top + 170 + 1.3 * _SAYS * len(says) + 40),
        *strip_marks(strip, 930.0),
        svg.text(MARGIN, 1022, ends[0], size=28, fill=svg.MUTED),
        svg.text(WIDTH - MARGIN, 1022, ends[1], size=28, fill=svg.MUTED, anchor="end"),
        foot(words, SIDE),
    ]
    return svg.picture(WIDTH, SIDE, f"{words.title}. {words.says} {words.edition}", *parts)


def _rows(rows: Sequence[CardArea], top: float) -> list[str]:
    parts = []
    room = max((890.0 - top) / max(len(rows), 1), 0.0)
    tall = min(74.0, room)
    for number, row in enumerate(rows if tall >= 44 else ()):
        y = top + number * tall
        colour = svg.AREAS.get(row.css, svg.LINE)
        parts.append(svg.element("rect", x=MARGIN, y=y, width=_ROOM, height=3.0, fill=colour))
        parts.append(svg.text(MARGIN, y + 42, row.name, size=32))
        parts.append(svg.text(WIDTH - MARGIN, y + 42, row.rank, size=32, weight=700, anchor="end"))
    return parts
