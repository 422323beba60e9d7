"""What stands in a cell: a value or a kind of missing; the cells of a file; and how a cell is written that goes out."""

import csv
from array import array
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from math import isnan, nan
from typing import Any, NamedTuple, TextIO

import numpy as np
from numpy.typing import NDArray


class Missing(StrEnum):
    """Why a cell holds no value. A missing answer is a kind, never a zero and never an absent reason."""

    NOT_REPORTED = "not_reported"
    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not_applicable"
    NOT_COLLECTED = "not_collected"
    NOT_AVAILABLE = "not_available"
    UNANSWERED = "unanswered"
    DONT_KNOW = "dont_know"
    NOT_APPROVED = "not_approved"
    TOO_FEW_ANSWERS = "too_few_answers"  # a figure that is shown and never ranked: see Worth.shown


KINDS: tuple[Missing, ...] = tuple(Missing)
"""The order in which kinds of missing are numbered, from 1; state 0 is a value."""
STATE_OF = {kind: number for number, kind in enumerate(KINDS, start=1)}
STATE_BITS = 15
PROVISIONAL = 16
"""The bit that marks a preliminary figure."""
BLANK = 32
"""The bit of a cell that was blank and whose row says no reason: perhaps missing, perhaps only not filled in."""
YEARS, CODES = 10_000, 100_000
"""The room for a year and for a municipality's code in a cell's key: a code is at most 65 535."""


class Worth(NamedTuple):
    """What a figure is worth: how many were asked and answered, its interval and which kind that is.

    `shown` is a figure of too few answers: it is shown, its cell is missing, and so it is never ranked.
    """

    asked: int | None = None
    answered: int | None = None
    low: float | None = None
    high: float | None = None
    interval: str = ""
    shown: float | None = None


NO_WORTH = Worth()


class Cell(NamedTuple):
    """One value and where it stood: `row` counts from 1 as a spreadsheet does, `column` is the header's text."""

    municipality: str
    year: int
    indicator: str
    value: float | None
    missing: Missing | None
    provisional: bool
    sheet: str | None
    row: int
    column: str
    worth: Worth = NO_WORTH


class Cells:
    """Cells in columns, one array each, so that five million of them fit in about 110 MB.

    `indicators`, `columns` give the labels that the numbers of those columns stand for.
    """

    def __init__(self, *, sheet: str | None, columns: Sequence[str]) -> None:
        self.sheet = sheet
        self.columns = columns
        self.indicators: list[str] = []
        self.notes: dict[int, str] = {}
        self.worth: dict[int, Worth] = {}
        self._indicator_number: dict[str, int] = {}
        self.municipality = array("H")
        self.year = array("H")
        self.indicator = array("H")
        self.value = array("d")
        self.state = array("B")
        self.row = array("I")
        self.column = array("H")

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Cell]:
        return (self[position] for position in range(len(self)))

    def __getitem__(self, position: int) -> Cell:
        state = self.state[position]
        value = self.value[position]
        return Cell(
            municipality=str(self.municipality[position]),
            year=self.year[position],
            indicator=self.indicators[self.indicator[position]],
            value=None if isnan(value) else value,
            missing=KINDS[(state & STATE_BITS) - 1] if state & STATE_BITS else None,
            provisional=bool(state & PROVISIONAL),
            sheet=self.sheet,
            row=self.row[position],
            column=self.columns[self.column[position]],
            worth=self.worth.get(position, NO_WORTH),
        )

    def number_of(self, indicator: str) -> int:
        """The number that stands for an indicator's label in this file; a new label gets the next one."""
        number = self._indicator_number.get(indicator)
        if number is None:
            number = self._indicator_number[indicator] = len(self.indicators)
            self.indicators.append(indicator)
        return number

    def append(
        self, municipality: int, year: int, indicator: int, value: float, state: int, row: int, column: int
    ) -> None:
        """Add a cell; the value of a missing one is nan, its state the number of its kind."""
        self.municipality.append(municipality)
        self.year.append(year)
        self.indicator.append(indicator)
        self.value.append(value)
        self.state.append(state)
        self.row.append(row)
        self.column.append(column)

    def extend(self, other: "Cells") -> None:
        """Add another's cells; its columns are the same sheet's, so that only their labels may differ."""
        width = max(len(self.columns), len(other.columns))
        labels = [*self.columns, *("" for _missing in range(width - len(self.columns)))]
        for column in set(other.column):
            labels[column] = other.columns[column]
        self.columns = labels
        numbers = [self.number_of(code) for code in other.indicators]
        before = len(self)
        for name in ("municipality", "year", "value", "state", "row", "column"):
            getattr(self, name).extend(getattr(other, name))
        self.indicator.extend(numbers[number] for number in other.indicator)
        self.notes.update({before + position: note for position, note in other.notes.items()})
        self.worth.update({before + position: worth for position, worth in other.worth.items()})

    def add(self, cell: Cell) -> None:
        """Add one cell given in words; for tests and for rows that come from elsewhere."""
        state = STATE_OF[cell.missing] if cell.missing else 0
        self.append(
            int(cell.municipality),
            cell.year,
            self.number_of(cell.indicator),
            nan if cell.value is None else cell.value,
            state | (PROVISIONAL if cell.provisional else 0),
            cell.row,
            self.columns.index(cell.column),
        )

    def without_blanks(self) -> "Cells":
        """The same without the cells that were blank and said no reason; itself where there are none."""
        kept = [position for position, state in enumerate(self.state) if not state & BLANK]
        if len(kept) == len(self):
            return self
        filled = Cells(sheet=self.sheet, columns=self.columns)
        for name in ("municipality", "year", "indicator", "value", "state", "row", "column"):
            column = getattr(self, name)
            getattr(filled, name).extend(column[position] for position in kept)
        used = set(filled.indicator)
        numbers = {number: filled.number_of(code) for number, code in enumerate(self.indicators) if number in used}
        filled.indicator = array("H", (numbers[number] for number in filled.indicator))
        filled.notes = {new: self.notes[old] for new, old in enumerate(kept) if old in self.notes}
        filled.worth = {new: self.worth[old] for new, old in enumerate(kept) if old in self.worth}
        return filled

    def values(self) -> NDArray[np.float64]:
        """The values as a float64 array (nan where missing), without a copy."""
        return np.frombuffer(self.value, dtype=np.float64) if len(self) else np.empty(0)

    def keys(self) -> NDArray[np.int64]:
        """One whole number a cell, equal only for the same indicator, year and municipality.

        (Indicator number × YEARS + year) × CODES + municipality code; the indicator numbers are this file's own.
        """
        if not len(self):
            return np.empty(0, dtype=np.int64)
        key = np.frombuffer(self.indicator, dtype=np.uint16).astype(np.int64)
        key *= YEARS
        key += np.frombuffer(self.year, dtype=np.uint16)
        key *= CODES
        key += np.frombuffer(self.municipality, dtype=np.uint16)
        return key


_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_text(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would take it for a formula.

    After OWASP's "CSV injection": = + - @, tab or carriage return. Numbers are written as numbers, so a negative one
    keeps its sign. In XLSX texts are written as strings, which are never run; the apostrophe is put there too only when
    the sheet may be saved as CSV again, which is the caller's to say.
    """
    return f"'{text}" if text.lstrip(" ").startswith(_RUNS) else text


def safe_cell(cell: object, *, decimal: str = ",") -> str:
    """A cell of a CSV file: numbers with this decimal mark and all their digits, None blank, texts made safe."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return plain_number(cell).replace(".", decimal)
    return safe_text(str(cell))


def plain_number(number: float) -> str:
    """A number with the fewest digits that read back as the same one, never with an exponent, whole ones without a
    point."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return format(Decimal(repr(number)), "f")


def write_csv(file: TextIO, rows: Iterable[Sequence[object]], *, delimiter: str = ";", decimal: str = ",") -> None:
    """Write rows as CSV in the upload format: semicolons, decimal comma, CRLF. Open the file as utf-8-sig with
    newline=""."""
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([safe_cell(cell, decimal=decimal) for cell in row] for row in rows)


def write_xlsx_row(sheet: Any, row: int, cells: Sequence[object]) -> None:
    """Write a row of an xlsxwriter sheet; texts as strings, whatever they begin with, so that none becomes a
    formula or link."""
    for column, cell in enumerate(cells):
        if cell is None:
            continue
        if isinstance(cell, int | float):
            sheet.write_number(row, column, cell)
        else:
            sheet.write_string(row, column, str(cell))
