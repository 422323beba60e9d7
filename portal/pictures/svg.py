"""SVG that stands alone: every colour and size as an attribute, no style sheet, no script, text in our font. And what
every picture says of itself: title above, source, edition and address below, demo data in plain sight."""

import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont

from portal.language import formatting
from portal.pictures import raster
from portal.pictures.raster import FAMILY
from portal.published import Edition
from portal.serving import middleware
from rankings.pinned import previewed

FONTS = {"SourceSans3-Regular.ttf": 400, "SourceSans3-Semibold.ttf": 600, "SourceSans3-Bold.ttf": 700}
_FILE_OF = {weight: name for name, weight in FONTS.items()}


class NoFont(Exception):  # noqa: N818  not an error of ours: the set-up did not run
    """The font files are not there; the message says how to fetch them."""


def font_file(name: str) -> Path:
    """Path of a font file. Raises NoFont where the set-up did not fetch it."""
    path = Path(settings.ASSETS) / "fonts" / name
    if not path.exists():
        msg = f"The font {name} is missing: run `make assets`."
        raise NoFont(msg)
    return path


@cache
def _advances(weight: int) -> tuple[dict[int, float], float]:
    """How far each letter reaches, in parts of the size, and how far one does that the font lacks."""
    with TTFont(font_file(_FILE_OF[weight])) as font:
        units, table = float(font["head"].unitsPerEm), font["hmtx"]
        known = {letter: table[name][0] / units for letter, name in font.getBestCmap().items()}
        return known, table[".notdef"][0] / units


@lru_cache(maxsize=4096)
def width(text: str, size: float, weight: int = 400) -> float:
    """How wide a text is in pixels (without kerning, which is a percent at most)."""
    known, other = _advances(weight)
    return size * sum(known.get(ord(letter), other) for letter in text)


def wrapped(text: str, size: float, room: float, weight: int = 400, most: int = 9) -> list[str]:
    """A text in lines that fit, at most ``most``; what does not fit ends in "…"."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, weight) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width(f"{last} …", size, weight) > room:
        last = last.rpartition(" ")[0]
    return [*lines[: most - 1], f"{last} …"]


INK, MUTED, PAPER, WASH, LINE, EDGE, ACCENT = (
    "#17212b", "#525d6b", "#ffffff", "#f5f6f4", "#d9dfdd", "#7b8794", "#0a5566",
)  # fmt: skip
WARNING = "#a34a12"
COAST, DOT, IQR, MARK = "#6d7d84", "#87949b", "#eef3f2", "#ffcf33"
FIFTHS = {1: "#cfdedb", 2: "#a3c9c3", 3: "#6aa9a8", 4: "#33848d", 5: "#0a5566"}
AREAS = {"area-b": "#a34a12", "area-h": "#2456a6", "area-v": "#6a3d9a"}
_VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
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


def marked(drawn: str, words: str) -> str:
    """A whole picture with words across it, as a stamp: what lies under them can be read."""
    found = _VIEW_BOX.search(drawn)
    across, down = (float(found[1]), float(found[2])) if found else (600.0, 400.0)
    size = min(across / max(width(words, 1.0, 700), 1.0) * 0.8, down / 3)
    stamp = element(
        "text", escape(words), x=across / 2, y=down / 2, font_size=size, font_weight="700", fill=WARNING,
        fill_opacity="0.28", text_anchor="middle", font_family=_FALLBACK,
        transform=f"rotate(-15 {across / 2:.0f} {down / 2:.0f})",
    )  # fmt: skip
    return drawn.rstrip().removesuffix("</svg>") + f"{stamp}</svg>\n"


def png_of(drawn: str) -> bytes:
    """Draw an SVG as PNG, one pixel a unit. Raises NoFont where the set-up did not fetch the fonts."""
    return raster.drawn(drawn, [str(font_file(name)) for name in FONTS])


DRAWING = 30  # seconds that a picture may take in the other process


def png_apart(drawn: str) -> bytes:
    """The same in another process, for an answer: no reader of a finished page waits for it. What it took is put on the
    account of whoever asked. Raises as png_of does, and RuntimeError where the other process failed."""
    command = [sys.executable, "-I", raster.__file__, *(str(font_file(name)) for name in FONTS)]
    done = subprocess.run(command, input=drawn.encode(), capture_output=True, check=False, timeout=DRAWING)  # noqa: S603
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-500:])
    middleware.spent_elsewhere(float(done.stderr.rsplit(maxsplit=1)[-1]))
    return done.stdout


def picture_answer(drawn: str, ending: str) -> HttpResponse:
    """An SVG as the file that was asked for, svg or png. Any page may show it: that is what it is for."""
    if previewed() is not None:  # a picture travels without its page: it says itself what it is
        drawn = marked(drawn, _("KLADDE"))
    kind = "image/svg+xml" if ending == "svg" else "image/png"
    return sent(drawn.encode() if ending == "svg" else png_apart(drawn), kind)


def sent(content: bytes, kind: str) -> HttpResponse:
    """A picture's bytes as an answer."""
    response = HttpResponse(content, content_type=kind)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Access-Control-Allow-Origin"] = "*"
    return response


MARGIN = 48.0
WIDTH = 1200
_TITLE, _SAYS, _FOOT = 38.0, 22.0, 18.0


@dataclass(frozen=True, slots=True)
class Caption:
    """The words of a picture. ``says`` is the sentence under the title, ``source`` and ``edition`` stand below it."""

    title: str
    says: str
    source: str
    edition: str
    address: str
    demo: bool


def caption(edition: Edition, title: str, says: str, path: str, source: str = "") -> Caption:
    """The words of a picture of an edition; ``path`` is the pinned page it belongs to."""
    day = formatting.day(edition.published_at)
    return Caption(
        title=title,
        says=says,
        source=_("Kilde: %(source)s") % {"source": source} if source else "",
        edition=" · ".join(
            filter(
                None,
                [
                    _("Socialt Indeks, udgave %(release)s (%(day)s)") % {"release": edition.release, "day": day},
                    edition.registers_warning(english=get_language() == "en"),
                ],
            )
        ),  # the invented figures' warning is drawn as a sign of its own
        address=f"{settings.SITE_ADDRESS}{path}".removeprefix("https://").removeprefix("http://"),
        demo=edition.is_demo,
    )


def head(words: Caption) -> tuple[str, float]:
    """The title and its sentence, and the y under which the picture's own part begins."""
    room = WIDTH - 2 * MARGIN
    title = wrapped(words.title, _TITLE, room, 700, most=2)
    drawn = lines(MARGIN, MARGIN + _TITLE * 0.8, title, size=_TITLE, weight=700)
    y = MARGIN + _TITLE * 1.3 * len(title)
    says = wrapped(words.says, _SAYS, room, most=3)
    drawn += lines(MARGIN, y + _SAYS, says, size=_SAYS, fill=MUTED)
    return drawn, y + _SAYS * 1.3 * len(says) + 24


def foot(words: Caption, height: float) -> str:
    """The line under a picture of that height."""
    top = height - MARGIN - 26
    drawn = element("line", x1=MARGIN, x2=WIDTH - MARGIN, y1=top, y2=top, stroke=LINE, stroke_width=1.0)
    about = " · ".join(part for part in (words.source, words.edition, words.address) if part)
    x = MARGIN
    if words.demo:
        warning = _("DEMODATA: tallene er opdigtede")
        wide = width(warning, _FOOT, 700) + 20
        drawn += element("rect", x=x, y=top + 12, width=wide, height=30.0, fill=WARNING, rx=4.0)
        drawn += text(x + 10, top + 33, warning, size=_FOOT, fill=PAPER, weight=700)
        x += wide + 14
    room = WIDTH - MARGIN - x
    size = _FOOT if width(about, _FOOT) <= room else max(12.0, _FOOT * room / width(about, _FOOT))
    rows = wrapped(about, size, room, most=2)
    return drawn + lines(x, top + 33 - (len(rows) - 1) * 8, rows, size=size, fill=MUTED)


FOOT_HEIGHT = MARGIN + 42
