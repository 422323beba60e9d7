"""A square picture, 1200 × 1200, for feeds: what it is, its sentence with the reservation, where everybody lies."""

from collections.abc import Sequence

from portal.charts.strip import Strip
from portal.pictures import svg
from portal.pictures.card import CardArea, strip_marks
from portal.pictures.frame import MARGIN, WIDTH, Caption, foot
from portal.pictures.svg import wrapped

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
