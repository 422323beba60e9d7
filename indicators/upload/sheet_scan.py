"""A sheet's XML looked through before calamine reads it: how large it is, and what calamine would hide.

Calamine lays a sheet out as a full rectangle, so one cell at XFD1048576 would ask for 400 GB; it gives an error
cell as a
blank and a per cent cell as a share. Both are looked up here, by pattern, without parsing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from .limits import Limits
from .messages import _
from .reading import Unreadable

PERCENT, ERROR, UNCOMPUTED, COMPUTED = 1, 2, 3, 4
KIND, STRUCK, SCALED, UNSEEN = 7, 8, 16, 32
"""The bits of a mark: one of the four kinds; struck through; shown in thousands or millions; shown as nothing."""
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
_FONT = re.compile(r"<(?:\w+:)?font(?:\s[^>]*)?(?:/>|>(.*?)</(?:\w+:)?font>)", re.DOTALL)
_STRIKE = re.compile(r"<(?:\w+:)?strike\s*(?:/>|>|val=[\"'](?:1|true))")
_FONT_ID = re.compile(r"fontId=[\"'](\d+)[\"']")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass
class Marks:
    """What cells are, by column (from 0) and row (from 0): per cent, error, formula without a result, formula with
    one."""

    by_column: dict[int, bytearray] = field(default_factory=dict)
    computed: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def set(self, row: int, column: int, mark: int) -> None:
        """Mark a cell."""
        marks = self.by_column.setdefault(column, bytearray())
        if row >= len(marks):
            marks.extend(bytes(row + 1 - len(marks)))
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
    if not body or (style := attributes.get(b"s")) is None:
        return 0
    struck = STRUCK if style in styles.struck else 0
    if attributes.get(b"t", b"n") != b"n":
        return struck
    shown = (SCALED if style in styles.scaled else 0) | (UNSEEN if style in styles.unseen else 0)
    return struck | shown | (PERCENT if style in styles.percent else 0)


class Styles(NamedTuple):
    """The numbers of the cell styles that show a share as per cent, strike through, show thousands or millions, or
    show nothing (`;;;`)."""

    percent: frozenset[bytes] = frozenset()
    struck: frozenset[bytes] = frozenset()
    scaled: frozenset[bytes] = frozenset()
    unseen: frozenset[bytes] = frozenset()


def styles_of(styles: str) -> Styles:
    """The cell styles that say something of a number; a quoted % is only a word and does not."""
    formats = {9: "0%", 10: "0.00%"}
    for found in _FORMAT.findall(styles):
        number, code = _FORMAT_ID.search(found), _FORMAT_CODE.search(found)
        if number and code:
            formats[int(number[1])] = _LITERAL.sub("", unescape(code[1]))
    percent = {number for number, code in formats.items() if "%" in code}
    scaled = {number for number, code in formats.items() if _SCALING.search(code.partition(";")[0])}
    unseen = {number for number, code in formats.items() if code.startswith(";")}
    fonts_start, fonts_end = styles.find("fonts"), styles.rfind("fonts")
    fonts = [found[1] or "" for found in _FONT.finditer(styles[fonts_start:fonts_end])] if fonts_start >= 0 else []
    struck_fonts = {number for number, font in enumerate(fonts) if _STRIKE.search(font)}
    start, end = styles.find("cellXfs"), styles.rfind("cellXfs")
    used = re.findall(r"<(?:\w+:)?xf\s[^>]*>", styles[start:end]) if start >= 0 else []
    numbers = [int(found[1]) if (found := _FORMAT_ID.search(each)) else 0 for each in used]
    used_fonts = [int(found[1]) if (found := _FONT_ID.search(each)) else 0 for each in used]

    def having(these: Sequence[int], wanted: set[int]) -> frozenset[bytes]:
        return frozenset(str(position).encode() for position, number in enumerate(these) if number in wanted)

    return Styles(
        having(numbers, percent), having(used_fonts, struck_fonts), having(numbers, scaled), having(numbers, unseen)
    )


def column_number(letters: bytes) -> int:
    """A column's number from 1, by its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
