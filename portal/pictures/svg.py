"""SVG that stands alone: every colour and size as an attribute, no style sheet, no script, text in our font."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from portal.pictures.fonts import FAMILY

INK, MUTED, PAPER, WASH, LINE, EDGE, ACCENT = (
    "#17212b", "#525d6b", "#ffffff", "#f5f6f4", "#d9dfdd", "#7b8794", "#0a5566",
)  # fmt: skip
WARNING = "#a34a12"
FIFTHS = {1: "#dfe9e4", 2: "#aed0c8", 3: "#74b0ab", 4: "#388a90", 5: "#0a5566"}
AREAS = {"area-b": "#a34a12", "area-h": "#2456a6", "area-v": "#6a3d9a"}
_FALLBACK = f"{FAMILY}, Source Sans Pro, Segoe UI, Roboto, Noto Sans, Liberation Sans, Arial, sans-serif"


def element(tag: str, *inside: str, **attributes: str | float) -> str:
    """An element; an attribute's underscores become hyphens, a number is written with at most one decimal."""
    written = "".join(
        f" {name.rstrip('_').replace('_', '-')}={quoteattr(_written(value))}" for name, value in attributes.items()
    )
    content = "".join(inside)
    return f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>"


def _written(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return f"{value:.1f}".removesuffix(".0")


def text(
    x: float, y: float, words: str, *, size: float, fill: str = INK, weight: int = 400, anchor: str = "start"
) -> str:
    """A line of text with its foot at y. ``anchor`` is start, middle or end."""
    return element(
        "text", escape(words), x=x, y=y, font_size=size, font_weight=str(weight), fill=fill, text_anchor=anchor
    )


def lines(x: float, y: float, rows: Iterable[str], *, size: float, fill: str = INK, weight: int = 400) -> str:
    """Lines of text under each other, the first with its foot at y."""
    return "".join(
        text(x, y + number * size * 1.3, row, size=size, fill=fill, weight=weight) for number, row in enumerate(rows)
    )


def picture(width: int, height: int, title: str, *inside: str) -> str:
    """A whole picture of so many pixels; ``title`` is what a screen reader says."""
    head = element("title", escape(title))
    ground = element("rect", width=float(width), height=float(height), fill=PAPER)
    body = element("g", *inside, font_family=_FALLBACK)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img">{head}{ground}{body}</svg>\n'
    )
