"""The font of pictures and PDF sheets: Source Sans 3, fetched at set-up, and how wide a text is in it."""

from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

FAMILY = "Source Sans 3"
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
