"""Cells that go out: a text that a spreadsheet would run as a formula is written so that it stays a text.

After OWASP's "CSV injection": a cell that begins with = + - @, tab or carriage return gets an apostrophe in front.
Numbers
are written as numbers, so a negative number keeps its sign. In XLSX texts are written as strings, which are never run;
the apostrophe is put there too only when the sheet may be saved as CSV again, which `safe_text` leaves to the caller.
"""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, TextIO

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_text(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would take it for a formula."""
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
