"""The page's own geometry made a picture's: percents across and pixels down, with the axes that its charts have."""

from collections.abc import Iterable

from portal.charts.scale import GridLine, Tick
from portal.pictures import svg
from portal.pictures.frame import MARGIN, WIDTH

TALLER = 1.6  # the page's chart is drawn that much taller, with letters to match
LETTERS = 18.0


def across(percent: str) -> float:
    """Where a percent of the page's width lies between the margins."""
    return MARGIN + float(percent) * (WIDTH - 2 * MARGIN) / 100


def grid(lines: Iterable[GridLine], top: float, edge: float) -> list[str]:
    """Lines from the margin to ``edge``, each with its figure above; ``top``: where the page's chart begins."""
    parts = []
    for line in lines:
        y = top + float(line.y) * TALLER
        parts.append(svg.element("line", x1=MARGIN, x2=edge, y1=y, y2=y, stroke=svg.LINE, stroke_width=1.0))
        parts.append(svg.text(MARGIN, y - 6, line.text, size=LETTERS - 2, fill=svg.MUTED))
    return parts


def ticks(of: Iterable[Tick], y: float) -> list[str]:
    """The words along an axis."""
    return [svg.text(across(one.x), y, one.text, size=LETTERS, fill=svg.MUTED, anchor=one.anchor) for one in of]
