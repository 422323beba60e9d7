"""A file of the register as rows of values, with every cell that could not be read named. No Django, no database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from indicators.upload.checks import Finding, FoundAt, Severity
from indicators.upload.contents import delimiter_of, encoding_of, kind_of, stream_of
from indicators.upload.limits import LIMITS, Limits, refuse_size
from indicators.upload.messages import Text, _
from indicators.upload.places import fold
from indicators.upload.reading import Unreadable
from indicators.upload.tables import Row, Table, TextTable
from indicators.upload.workbook import open_workbook

from .columns import COLUMNS, Column, NotReadableError, Value, may_protect, words_of

_HEAD = 20
"""Within so many rows from the top the headings must stand: a title above them is passed over."""


class Line(NamedTuple):
    """A row of the file: its number (the first row is 1) and its values by column name. A column that the file does
    not have is read as an empty cell."""

    row: int
    values: dict[str, Value]


@dataclass
class TableReading:
    """A file as it was understood."""

    table: str
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    lines: list[Line] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    rows: int = 0

    def refuse(
        self, rule: str, reason: Text, advice: Text, *, row: int | None = None, column: str | None = None
    ) -> None:
        """Note what keeps the file from going in."""
        self.findings.append(Finding(Severity.REFUSAL, rule, reason, advice, FoundAt(self.sheet, row, column)))


def read_table(content: bytes | Path, table: str, *, limits: Limits = LIMITS) -> TableReading:
    """Read a file as a table of the register.

    Raises Unreadable for what is no table at all or too large; all else that is wrong stands in the findings, with row
    and column. Nothing is guessed: a heading that is not known is left out and listed.
    """
    refuse_size(content, limits)
    reading = TableReading(table)
    if kind_of(content) == "text":
        reading.encoding = encoding_of(content)
        with stream_of(content) as stream:
            reading.delimiter = delimiter_of(stream.read(60_000).decode(reading.encoding, errors="ignore"))
        sheet: Table = TextTable(content, encoding=reading.encoding, delimiter=reading.delimiter, limits=limits)
    else:
        book = open_workbook(content, limits)
        if not book.visible:
            raise Unreadable(_("Regnearket har ingen ark, der kan ses."))
        reading.sheets = tuple(book.visible)
        sheet = _sheet_of(reading, [book.table(name) for name in book.visible])
        reading.sheet = sheet.sheet
    _read_rows(reading, sheet)
    return reading


def _sheet_of(reading: TableReading, sheets: Sequence[Table]) -> Table:
    """The one sheet that has the headings. Two that have them would make one of them vanish in silence: refused."""
    fitting = [each for each in sheets if _headings(each, reading.table) is not None]
    if len(fitting) > 1:
        names = ", ".join(str(each.sheet) for each in fitting)
        reading.refuse(
            "two_sheets",
            _("Flere ark har kolonnerne: %(names)s.", names=names),
            _("Gem det ark, der skal læses, som en fil for sig."),
        )
    return fitting[0] if fitting else sheets[0]


class _Headings(NamedTuple):
    row: int
    at: dict[int, Column]
    unknown: list[str]


def _headings(sheet: Table, table: str) -> _Headings | None:
    """The first row near the top that has the headings of all needed columns, or else half of the table's."""
    columns = COLUMNS[table]
    known = {fold(heading): column for column in columns for heading in column.headings}
    needed = {column.name for column in columns if column.needed}
    for number, row in enumerate(islice(sheet.rows(), _HEAD), start=1):
        words = [_plain(cell) for cell in row]
        at = {place: known[fold(word)] for place, word in enumerate(words) if fold(word) in known}
        names = {column.name for column in at.values()}
        if needed <= names or (len(names) >= 2 and 2 * len(names & needed) >= len(needed)):
            return _Headings(number, at, [word for place, word in enumerate(words) if word and place not in at])
    return None


def _plain(cell: object) -> str:
    try:
        return words_of(cell)
    except NotReadableError:
        return ""


def _read_rows(reading: TableReading, sheet: Table) -> None:
    headings = _headings(sheet, reading.table)
    columns = COLUMNS[reading.table]
    if headings is None:
        wanted = ", ".join(column.headings[0] for column in columns if column.needed)
        reading.refuse(
            "no_headings",
            _("Filen har ikke en række med overskrifterne."),
            _("Skriv mindst disse: %(wanted)s.", wanted=wanted),
        )
        return
    reading.left_out = headings.unknown
    if not _complete(reading, headings):
        return
    absent = {column.name: column.read("") for column in columns if column not in headings.at.values()}
    for number, row in enumerate(sheet.rows(), start=1):
        if number > headings.row and any(cell not in ("", None) for cell in row):
            reading.rows += 1
            _read_row(reading, number, row, headings.at, absent)
    if not reading.rows:
        reading.refuse("no_rows", _("Filen har overskrifter og ingen rækker."), _("Skriv en række for hvert tilbud."))


def _complete(reading: TableReading, headings: _Headings) -> bool:
    """Refuse a needed column that is not there, a column that is there twice, and one that may say who is protected
    under a heading that is not known: left out, it would show what it hides."""
    for heading in filter(may_protect, headings.unknown):
        reading.refuse(
            "protecting_column",
            _("Kolonnen »%(heading)s« er ikke kendt og kan sige, hvad der skal beskyttes.", heading=heading[:60]),
            _("Kald den »beskyttet« med ja eller nej, eller slet den."),
            row=headings.row,
        )
    found = [column.name for column in headings.at.values()]
    for column in COLUMNS[reading.table]:
        if column.needed and column.name not in found:
            reading.refuse(
                "no_column",
                _("Kolonnen »%(heading)s« mangler.", heading=column.headings[0]),
                _("Tilføj kolonnen. Står den under et andet navn, så ret overskriften."),
                row=headings.row,
            )
        if found.count(column.name) > 1:
            reading.refuse(
                "column_twice",
                _("Kolonnen »%(heading)s« står der to gange.", heading=column.headings[0]),
                _("Slet den ene."),
                row=headings.row,
            )
    return not reading.findings


def _value(column: Column, cell: object) -> Value:
    """What a cell says. Raises NotReadableError, also for an empty one that must be filled."""
    value = column.read(words_of(cell))
    if column.needed and value in ("", None, ()):
        raise NotReadableError(_("Cellen er tom."), _("Skriv værdien, eller slet rækken."))
    return value


def _read_row(reading: TableReading, number: int, row: Row, at: dict[int, Column], absent: dict[str, Value]) -> None:
    values = dict(absent)
    whole = True
    for place, column in at.items():
        cell = row[place] if place < len(row) else ""
        try:
            values[column.name] = _value(column, cell)
        except NotReadableError as error:
            whole = False
            reading.refuse("cell", error.reason, error.advice, row=number, column=column.headings[0])
    if whole:
        reading.lines.append(Line(number, values))
