"""A sheet's XML looked through before calamine reads it: how large it is, and what calamine would hide.

Calamine lays a sheet out as a full rectangle, so one cell at XFD1048576 would ask for 400 GB; it gives an error
cell as a
blank and a per cent cell as a share. Both are looked up here, by pattern, without parsing.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from .doubts import unit_of
from .limits import Limits
from .messages import _
from .reading import Unreadable

PERCENT, ERROR, UNCOMPUTED, COMPUTED = 1, 2, 3, 4
KIND, STRUCK, SCALED, UNSEEN, UNIT = 7, 8, 16, 32, 6
"""The bits of a mark: one of the four kinds; struck through; shown in thousands or millions; not to be seen. From bit
UNIT on: which of the units that number formats say, from 1."""
_LONGEST_TEXT = 4_000_000

_REFERENCE = rb"\s[^>]*?\br\s*=\s*[\"']"
_FILLED = re.compile(rb"<(?:\w+:)?c" + _REFERENCE + rb"([A-Za-z]{1,3})([0-9]{1,7})[\"'][^>]*(?<!/)>")
_PLACED = re.compile(rb"<(?:\w+:)?c" + _REFERENCE + rb"[A-Za-z]{1,3}[0-9]{1,7}[\"']")
_REFERRED = re.compile(rb"<(?:\w+:)?c" + _REFERENCE)
_CELLS = re.compile(rb"<(?:\w+:)?c[\s>/]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row" + _REFERENCE + rb"([0-9]{1,7})[\"']")
_ROW_REFERRED = re.compile(rb"<(?:\w+:)?row" + _REFERENCE)
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)\b[^>]*>\s*[^<\s]|<(?:\w+:)?is>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ATTRIBUTE = re.compile(rb"\b(r|s|t)=[\"']([^\"']*)[\"']")
_FORMAT = re.compile(r"<(?:\w+:)?numFmt\s[^>]*>")
_FORMAT_ID = re.compile(r"numFmtId=[\"'](\d+)[\"']")
_FORMAT_CODE = re.compile(r"formatCode=[\"']([^\"']*)[\"']")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']|\b(?:ht|width)\s*=\s*[\"']0(?:\.0+)?[\"']")
_ROW_TAG = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_COL_TAG = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_SPAN = re.compile(rb"\b(min|max|r)\s*=\s*[\"'](\d{1,7})[\"']")
_SCALING = re.compile(r"[0#?],+(?![0#?])")
_STRIKE = re.compile(r"<(?:\w+:)?strike\s*(?:/>|>|val=[\"'](?:1|true))")
_FONT_ID = re.compile(r"fontId=[\"'](\d+)[\"']")
_FILL_ID = re.compile(r"fillId=[\"'](\d+)[\"']")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass
class Marks:
    """What cells are, by column (from 0) and row (from 0): per cent, error, formula without a result, formula with
    one."""

    by_column: dict[int, "array[int]"] = field(default_factory=dict)
    computed: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def set(self, row: int, column: int, mark: int) -> None:
        """Mark a cell."""
        marks = self.by_column.setdefault(column, array("H"))
        if row >= len(marks):
            marks.frombytes(bytes(marks.itemsize * (row + 1 - len(marks))))
        marks[row] = mark

    def having(self, bit: int) -> Iterator[tuple[int, int]]:
        """The places (row from 1, column from 0) of the cells that have a bit set."""
        for column, marks in self.by_column.items():
            yield from ((row + 1, column) for row, mark in enumerate(marks) if mark & bit)

    def of(self, row: int) -> list[tuple[int, int]]:
        """The marked columns of a row with their marks."""
        return [(column, marks[row]) for column, marks in self.by_column.items() if row < len(marks) and marks[row]]


def refuse_extent(pieces: Iterator[bytes], limits: Limits) -> bool:
    """Refuse a sheet whose rectangle or cells are too many; whether it has formulas, errors or something hidden."""
    rows = columns = cells = loose = seen_rows = 0
    special = False
    for text in whole_tags(pieces):
        for letters, number in set(_FILLED.findall(text)):
            rows, columns = max(rows, int(number)), max(columns, column_number(letters))
        found, referred = len(_CELLS.findall(text)), len(_REFERRED.findall(text))
        numbers = [int(number) for number in _ROW_NUMBER.findall(text)]
        if referred != len(_PLACED.findall(text)) or len(numbers) != len(_ROW_REFERRED.findall(text)):
            raise Unreadable(_("Regnearket er beskadiget: en celle har ikke en rigtig plads."))
        cells += found
        parts = _ROW.split(text)
        seen_rows += len(parts) - 1
        if found != referred:
            loose = max(loose, *(len(_CELLS.findall(part)) for part in parts))
            rows = max(rows, seen_rows, *numbers, 0)
        special = special or bool(_FORMULA.search(text)) or b't="e"' in text or b"t='e'" in text
        special = special or bool(_HIDDEN.search(text))
        width = max(columns, loose)
        if width > limits.columns and cells:
            raise Unreadable(
                _("Regnearket har %(width)d kolonner. Grænsen er %(most)d.", width=width, most=limits.columns)
            )
        if cells > limits.workbook_cells or rows * width > limits.workbook_cells:
            raise Unreadable(_("Regnearket har mere end %(most)d celler. Gem det som CSV.", most=limits.workbook_cells))
    return special


def whole_tags(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces cut anew before a row or, failing that, before a tag, so that no cell is cut in two where rows are
    short."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        cut = max(text.rfind(b"<row"), text.rfind(b":row "))
        cut = text.rfind(b"<", 0, cut + 1) if cut > 0 else -1
        if cut <= 0 and len(text) > _LONGEST_TEXT:
            cut = text.rfind(b"<c ")
            if cut <= 0:
                raise Unreadable(_("Regnearket har en celle, der er alt for lang."))
        yield text[: max(cut, 0)]
        rest = text[max(cut, 0) :]
    yield rest


def marks_of(pieces: Iterator[bytes], styles: "Styles") -> Marks:
    """Look up the cells that need care, and the rows and columns that are hidden."""
    marks = Marks()
    for text in whole_tags(pieces):
        _find_hidden(text, marks)
        for found in _CELL.finditer(text):
            attributes = dict(_ATTRIBUTE.findall(found[1]))
            body = found[2] or b""
            mark = _mark(attributes, body, styles)
            place = re.fullmatch(rb"([A-Za-z]{1,3})([0-9]{1,7})", attributes.get(b"r", b""))
            if mark and place:
                marks.set(int(place[2]) - 1, column_number(place[1]) - 1, mark)
            marks.computed += bool(body) and mark & KIND != UNCOMPUTED and bool(_FORMULA.search(body))
    return marks


def _find_hidden(text: bytes, marks: Marks) -> None:
    if not _HIDDEN.search(text):
        return
    for tag, found in ((_ROW_TAG, marks.hidden_rows), (_COL_TAG, marks.hidden_columns)):
        for each in tag.finditer(text):
            if _HIDDEN.search(each[1]):
                at = {name: int(number) for name, number in _SPAN.findall(each[1])}
                if b"r" in at:
                    found.add(at[b"r"])
                else:
                    found.update(range(at.get(b"min", 1) - 1, min(at.get(b"max", 0), 2_000)))


def _mark(attributes: dict[bytes, bytes], body: bytes, styles: "Styles") -> int:
    if attributes.get(b"t") == b"e":
        return ERROR
    if _FORMULA.search(body) and not _VALUE.search(body):
        return UNCOMPUTED
    if not body:
        return 0
    style = attributes.get(b"s", b"0")
    looks = (STRUCK if style in styles.struck else 0) | (UNSEEN if style in styles.pale else 0)
    if attributes.get(b"t", b"n") != b"n":
        return looks
    shown = (SCALED if style in styles.scaled else 0) | (UNSEEN if style in styles.unseen else 0)
    return looks | shown | (PERCENT if style in styles.percent else 0) | styles.units.get(style, 0) << UNIT


class Styles(NamedTuple):
    """The numbers of the cell styles that show a share as per cent, strike through, show thousands or millions, show
    nothing (`;;;`), write in the colour of the paper, or say a unit (its number in `said`, from 1)."""

    percent: frozenset[bytes] = frozenset()
    struck: frozenset[bytes] = frozenset()
    scaled: frozenset[bytes] = frozenset()
    unseen: frozenset[bytes] = frozenset()
    pale: frozenset[bytes] = frozenset()
    units: Mapping[bytes, int] = {}
    said: tuple[str, ...] = ()


def styles_of(styles: str) -> Styles:
    """The cell styles that say something of a number; a quoted % is only a word and makes no share of it."""
    codes = _codes_of(styles)
    formats = {number: _LITERAL.sub("", code) for number, code in codes.items()}
    percent = {number for number, code in formats.items() if "%" in code}
    scaled = {number for number, code in formats.items() if _SCALING.search(code.partition(";")[0])}
    unseen = {number for number, code in formats.items() if code.startswith(";")}
    words = {number: unit for number, code in codes.items() if number not in percent and (unit := _words_of(code))}
    said = tuple(dict.fromkeys(words.values()))
    fonts = _parts(styles, "font")
    struck_fonts = {number for number, font in enumerate(fonts) if _STRIKE.search(font)}
    start, end = styles.find("cellXfs"), styles.rfind("cellXfs")
    used = re.findall(r"<(?:\w+:)?xf\s[^>]*>", styles[start:end]) if start >= 0 else []
    numbers, used_fonts, used_fills = (
        [int(found[1]) if (found := pattern.search(each)) else 0 for each in used]
        for pattern in (_FORMAT_ID, _FONT_ID, _FILL_ID)
    )

    def having(these: Sequence[int], wanted: set[int]) -> frozenset[bytes]:
        return frozenset(str(position).encode() for position, number in enumerate(these) if number in wanted)

    return Styles(
        percent=having(numbers, percent),
        struck=having(used_fonts, struck_fonts),
        scaled=having(numbers, scaled),
        unseen=having(numbers, unseen),
        pale=_pale(fonts, _parts(styles, "fill"), zip(used_fonts, used_fills, strict=True)),
        units={
            str(position).encode(): said.index(words[number]) + 1
            for position, number in enumerate(numbers)
            if number in words
        },
        said=said,
    )


def _codes_of(styles: str) -> dict[int, str]:
    """The number formats by their numbers: those of per cent that every workbook has, and its own."""
    codes = {9: "0%", 10: "0.00%"}
    for found in _FORMAT.findall(styles):
        number, code = _FORMAT_ID.search(found), _FORMAT_CODE.search(found)
        if number and code:
            codes[int(number[1])] = unescape(code[1])
    return codes


def _pale(fonts: Sequence[str], fills: Sequence[str], used: Iterable[tuple[int, int]]) -> frozenset[bytes]:
    """The styles, each a font on a fill, that write in the colour of their paper."""
    inks = [colour_of(font, BLACK) for font in fonts]
    papers = [colour_of(fill, WHITE, "fgColor") if 'patternType="solid"' in fill else WHITE for fill in fills]
    return frozenset(
        str(position).encode()
        for position, (font, fill) in enumerate(used)
        if font < len(inks) and are_alike(inks[font], papers[fill] if fill < len(papers) else WHITE)
    )


def _words_of(code: str) -> str:
    """The unit that a number format writes beside the number: "pr. 1.000" of `0.0" pr. 1.000"`; blank for none."""
    first = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)[0]
    spelt = re.sub(r"_.|\*.", "", first)  # the width of a letter, and what fills the cell
    words = re.sub(
        r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|[0#?.,]+',
        lambda found: found[1] or found[2] or found[3] or (" " if found[0][0] in "0#?.,[" else ""),
        spelt,
    )
    text = " ".join(words.split())
    return text if unit_of(text) else ""


BLACK, WHITE = (0, 0, 0), (255, 255, 255)
Colour = tuple[int, int, int]
_INDEXED = {0: BLACK, 1: WHITE, 8: BLACK, 9: WHITE, 64: BLACK, 65: WHITE}
_LEAST_SEEN = 24
"""Two colours nearer than this (of 255, in each of red, green and blue) cannot be told apart on a screen."""


def are_alike(ink: Colour, paper: Colour) -> bool:
    """Whether something written in one colour on the other cannot be seen."""
    return all(abs(one - other) < _LEAST_SEEN for one, other in zip(ink, paper, strict=True))


def colour_of(part: str, usual: Colour, tag: str = "color") -> Colour:
    """The colour that a font or a fill names: by its value, or as the paper or the ink of the workbook's theme."""
    found = re.search(rf"<(?:\w+:)?{tag}\s([^>]*)>", part)
    if found is None:
        return usual
    said = dict(re.findall(r"\b(rgb|theme|indexed|tint)=[\"']([^\"']*)[\"']", found[1]))
    if re.fullmatch(r"(?:[0-9A-Fa-f]{2})?[0-9A-Fa-f]{6}", rgb := said.get("rgb", "")):
        colour = int(rgb[-6:-4], 16), int(rgb[-4:-2], 16), int(rgb[-2:], 16)
    elif said.get("theme", "") in {"0", "1"}:
        colour = WHITE if said["theme"] == "0" else BLACK
    elif said.get("indexed", "").isdigit():
        colour = _INDEXED.get(int(said["indexed"]), (128, 0, 128))
    else:
        colour = (128, 0, 128)  # one of the theme's accents: neither ink nor paper
    tint = float(said["tint"]) if re.fullmatch(r"-?\d(?:\.\d+)?", said.get("tint", "")) else 0.0
    red, green, blue = (round(c * (1 + tint) if tint < 0 else c + (255 - c) * tint) for c in colour)
    return red, green, blue


def _parts(styles: str, tag: str) -> list[str]:
    """The fonts or fills of a workbook, in their order."""
    start, end = styles.find(f"{tag}s"), styles.rfind(f"{tag}s")
    pattern = rf"<(?:\w+:)?{tag}(?:\s[^>]*)?(?:/>|>(.*?)</(?:\w+:)?{tag}>)"
    return [found[1] or "" for found in re.finditer(pattern, styles[start:end], re.DOTALL)] if start >= 0 else []


def column_number(letters: bytes) -> int:
    """A column's number from 1, by its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
