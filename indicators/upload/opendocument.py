"""OpenDocument spreadsheets, read by one pass over their XML: repeats counted before they are laid out."""

import re
from collections.abc import Sequence
from datetime import date
from xml.parsers import expat

from .archive import Archive
from .doubts import unit_of
from .limits import Limits
from .messages import Text, _
from .numbers import CellError, Percent, Shown
from .reading import Unreadable
from .sheet_scan import BLACK, WHITE, Colour, are_alike
from .tables import At, MemoryTable, Row, SheetFacts, Table

_CELLS = {"table:table-cell", "table:covered-table-cell"}
_ERRORS = ("#", "Err:")
_FORMATS = {"number:number-style", "number:currency-style", "number:text-style"}


class Document:
    """An ODS workbook, all of its sheets in memory."""

    def __init__(self, archive: Archive, limits: Limits) -> None:
        parser = _Parser(limits)
        try:
            for piece in archive.pieces("content.xml"):
                parser.feed(piece)
            parser.feed(b"", last=True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise Unreadable(_("Regnearket er beskadiget og kan ikke åbnes.")) from error
        self._sheets = parser.sheets
        self._hidden = {name for name, style in parser.style_of.items() if style in parser.hidden_styles}
        self._formulas = parser.formulas
        self._facts = {name: beside.facts(parser) for name, beside in parser.beside.items()}

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of all sheets."""
        return tuple(self._sheets)

    @property
    def visible(self) -> Sequence[str]:
        """The names of the sheets that are not hidden."""
        return [name for name in self._sheets if name not in self._hidden]

    def table(self, name: str) -> Table:
        """A sheet."""
        return MemoryTable(name, self._sheets[name], self._facts[name])

    def notes(self, name: str) -> list[Text]:
        """Whether values come from formulas: the last saved result is read."""
        count = self._formulas.get(name, 0)
        if not count:
            return []
        return [_("%(count)d celler har en formel. Tallet er det, regnearket sidst regnede ud og gemte.", count=count)]


class _Beside:
    """What one sheet says beside its cells' contents, collected while it is read."""

    def __init__(self) -> None:
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.styled: dict[At, str] = {}
        self.comments: dict[At, str] = {}

    def facts(self, parser: "_Parser") -> SheetFacts:
        """The same as every table tells it; styles are known only when the whole file has been read."""
        return SheetFacts(
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
            struck=frozenset(at for at, style in self.styled.items() if style in parser.struck_styles),
            scaled=frozenset(at for at, style in self.styled.items() if style in parser.scaled_styles),
            unseen=frozenset(at for at, style in self.styled.items() if parser.is_unseen(style)),
            comments=self.comments,
        )


class _Parser:
    """Turns the events of content.xml into sheets."""

    def __init__(self, limits: Limits) -> None:
        self.sheets: dict[str, list[Row]] = {}
        self.style_of: dict[str, str] = {}
        self.hidden_styles: set[str] = set()
        self.formulas: dict[str, int] = {}
        self.beside: dict[str, _Beside] = {}
        self.struck_styles: set[str] = set()
        self.scaled_styles: set[str] = set()
        self._scaled_formats: set[str] = set()
        self._inks: dict[str, Colour] = {}
        self._papers: dict[str, Colour] = {}
        self._words: dict[str, str] = {}
        self._empty_formats: set[str] = set()
        self._unit_of_style: dict[str, str] = {}
        self._unseen_styles: set[str] = set()
        self._column_styles: list[str] = []
        self._format = ""
        self._in_words = False
        self._note: list[str] = []
        self._columns_seen = 0
        self._limits = limits
        self._cells = 0
        self._style = ""
        self._name = ""
        self._rows: list[Row] | None = None
        self._row: list[object] = []
        self._blank_rows = self._blank_cells = 0
        self._row_repeat = 1
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._in_note = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        """Parse a piece."""
        self._parser.Parse(piece, last)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _CELLS:
            self._cell, self._text = attributes, []
        elif (tag == "text:p" and self._text) or tag == "text:s":
            self._text.append(" ")
        elif tag == "office:annotation":
            self._in_note += 1
            self._note = []
        elif tag == "table:table-row":
            self._start_row(attributes)
        elif tag == "table:table-column" and self._rows is not None:
            self._columns_seen += (repeat := _repeat(attributes.get("table:number-columns-repeated")))
            style = attributes.get("table:default-cell-style-name", "")
            self._column_styles.extend([style] * min(repeat, self._limits.columns - len(self._column_styles)))
            if attributes.get("table:visibility", "visible") != "visible":
                columns = range(self._columns_seen - repeat, min(self._columns_seen, self._limits.columns))
                self.beside[self._name].hidden_columns.update(columns)
        elif tag == "table:table" and self._rows is None:
            self._name = attributes.get("table:name", "")
            self._rows, self._blank_rows, self._columns_seen, self._column_styles = [], 0, 0, []
            self.beside[self._name] = _Beside()
            self.style_of[self._name] = attributes.get("table:style-name", "")
        else:
            self._start_style(tag, attributes)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row, self._blank_cells = [], 0
        self._row_repeat = _repeat(attributes.get("table:number-rows-repeated"))
        if self._rows is not None and attributes.get("table:visibility", "visible") != "visible":
            first = len(self._rows) + self._blank_rows + 1
            self.beside[self._name].hidden_rows.update(range(first, first + min(self._row_repeat, 100_000)))

    def _start_style(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "style:style":
            self._style = attributes.get("style:name", "")
            self._format_of_style(attributes.get("style:data-style-name", ""))
        elif tag == "style:table-properties" and attributes.get("table:display") == "false":
            self.hidden_styles.add(self._style)
        elif tag == "style:text-properties":
            if attributes.get("style:text-line-through-style", "none") != "none":
                self.struck_styles.add(self._style)
            if ink := _colour(attributes.get("fo:color")):
                self._inks[self._style] = ink
        elif tag == "style:table-cell-properties" and (paper := _colour(attributes.get("fo:background-color"))):
            self._papers[self._style] = paper
        elif tag.startswith("number:") and tag.endswith("-style"):
            self._format = attributes.get("style:name", "")
            if tag in _FORMATS:
                self._empty_formats.add(self._format)
        elif tag in {"number:text", "number:currency-symbol"}:
            self._in_words = True
        else:
            self._start_number(tag, attributes)

    def _start_number(self, tag: str, attributes: dict[str, str]) -> None:
        """What a number format shows; one that shows nothing hides its numbers."""
        if tag.startswith("number:"):
            self._empty_formats.discard(self._format)
        if tag == "number:number" and attributes.get("number:display-factor", "1") != "1":
            self._scaled_formats.add(self._format)

    def _format_of_style(self, form: str) -> None:
        if form in self._scaled_formats:
            self.scaled_styles.add(self._style)
        if form in self._empty_formats and not self._words.get(form, "").strip():
            self._unseen_styles.add(self._style)
        words = " ".join(self._words.get(form, "").split())
        if words and unit_of(words):
            self._unit_of_style[self._style] = words

    def is_unseen(self, style: str) -> bool:
        """Whether a style shows nothing of its cell: in the colour of the paper, or by a format that is empty."""
        ink, paper = self._inks.get(style, BLACK), self._papers.get(style, WHITE)
        return style in self._unseen_styles or are_alike(ink, paper)

    def _end(self, tag: str) -> None:
        if tag in _CELLS and self._cell is not None:
            self._tell_beside(self._cell)
            self._add_cell(self._value(self._cell), _repeat(self._cell.get("table:number-columns-repeated")))
            self._cell = None
        elif tag == "office:annotation":
            self._in_note -= 1
        elif tag == "table:table-row":
            self._add_row()
        elif tag == "table:table" and self._rows is not None:
            self.sheets[self._name] = self._rows
            self._rows = None
        elif tag in {"number:text", "number:currency-symbol"}:
            self._in_words = False

    def _characters(self, text: str) -> None:
        if self._in_words:
            self._words[self._format] = self._words.get(self._format, "") + text
        if self._cell is not None:
            (self._note if self._in_note else self._text).append(text)

    def _tell_beside(self, cell: dict[str, str]) -> None:
        """Keep a cell's style and comment by its place; a repeated one only where it stands first."""
        if self._rows is None:
            return
        at = (len(self._rows) + self._blank_rows + 1, len(self._row) + self._blank_cells)
        if style := self._style_of(cell):
            self.beside[self._name].styled[at] = style
        if self._note:
            self.beside[self._name].comments[at] = " ".join("".join(self._note).split())
            self._note = []

    def _style_of(self, cell: dict[str, str]) -> str:
        """A cell's style: its own, else that of its column."""
        column = len(self._row) + self._blank_cells
        usual = self._column_styles[column] if column < len(self._column_styles) else ""
        return cell.get("table:style-name", usual)

    def _add_cell(self, value: object, repeat: int) -> None:
        if value == "" and not isinstance(value, CellError):
            self._blank_cells += repeat
            return
        width = len(self._row) + self._blank_cells + repeat
        if width > self._limits.columns:
            raise Unreadable(
                _("Regnearket har %(width)d kolonner. Grænsen er %(most)d.", width=width, most=self._limits.columns)
            )
        self._row.extend([""] * self._blank_cells)
        self._row.extend([value] * repeat)
        self._blank_cells = 0

    def _add_row(self) -> None:
        if self._rows is None:
            return
        if not self._row:
            self._blank_rows += self._row_repeat
            return
        rows = len(self._rows) + self._blank_rows + self._row_repeat
        self._cells += len(self._row) * self._row_repeat + self._blank_rows
        if self._cells > self._limits.document_cells or rows > self._limits.document_cells:
            raise Unreadable(
                _("Regnearket har mere end %(most)d celler. Gem det som CSV.", most=self._limits.document_cells)
            )
        self._rows.extend([[]] * self._blank_rows)
        self._rows.extend([self._row] * self._row_repeat)
        self._blank_rows = 0

    def _value(self, cell: dict[str, str]) -> object:
        text = "".join(self._text).strip()
        kind = cell.get("office:value-type", "")
        if "table:formula" in cell:
            self.formulas[self._name] = self.formulas.get(self._name, 0) + 1
            if not kind and not text:
                return CellError("formula")
            if text.startswith(_ERRORS):
                return CellError("error")
        if kind in {"float", "currency"}:
            unit = self._unit_of_style.get(self._style_of(cell), "")
            if "office:value" not in cell:
                return text
            return Shown(float(cell["office:value"]), unit) if unit else float(cell["office:value"])
        if kind == "percentage" and "office:value" in cell:
            return Percent(round(float(cell["office:value"]) * 100, 10))
        return _other_value(kind, cell, text)


def _colour(told: str | None) -> Colour | None:
    if told is None or not re.fullmatch(r"#[0-9A-Fa-f]{6}", told):
        return None
    return int(told[1:3], 16), int(told[3:5], 16), int(told[5:7], 16)


def _other_value(kind: str, cell: dict[str, str], text: str) -> object:
    if kind == "boolean":
        return cell.get("office:boolean-value") == "true"
    if kind == "date":
        try:
            return date.fromisoformat(cell.get("office:date-value", "")[:10])
        except ValueError:
            return CellError("date")
    return cell.get("office:string-value", text) if kind != "time" else CellError("date")


def _repeat(told: str | None) -> int:
    return max(int(told), 1) if told and told.isdigit() and len(told) < 10 else 1
