"""A table as XLSX: typed cells under a frozen head, and a second sheet that says what they mean."""

import datetime as dt
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from rankings.bundle.table import DataTable, Field, Kind, Value
from rankings.bundle.terms import ATTRIBUTION, LICENCE, LICENCE_URL, demo_note

WIDTHS = {Kind.TEXT: 24, Kind.WHOLE: 9, Kind.NUMBER: 12, Kind.FLAG: 9}
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
BEFORE_EVERYTHING = dt.datetime(2014, 12, 8, tzinfo=dt.UTC)  # a fixed date: the same figures are the same bytes
LARGEST_SHEET = 1_048_575


def write(table: DataTable, file: BinaryIO | Path, *, heads: list[str] | None = None, words: str = "da") -> None:
    """Write the workbook in constant memory. ``heads`` replace the Danish heads; the sheets' words are ``words``.

    Raises ValueError for more rows than a sheet holds.
    """
    target = str(file) if isinstance(file, Path) else file
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        created = BEFORE_EVERYTHING.replace(tzinfo=None)
        book.set_properties({"title": table.about.title, "author": ATTRIBUTION, "created": created})
        _figures(book, table, heads or [column.da for column in table.fields], english=words == "en")
        _explanation(book, table, heads or [column.da for column in table.fields], english=words == "en")


def _figures(book: Any, table: DataTable, heads: list[str], *, english: bool) -> None:
    sheet = book.add_worksheet("Data" if english else "Tal")
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    for column, one in enumerate(table.fields):
        sheet.set_column(column, column, WIDTHS[one.kind])
        sheet.write_string(0, column, heads[column], bold)
    last = 0
    for last, row in enumerate(table.rows(), start=1):
        if last > LARGEST_SHEET:
            raise ValueError(f"A sheet holds {LARGEST_SHEET} rows: take CSV, JSON or Parquet.")
        for column, value in enumerate(row):
            _cell(sheet, last, column, value)
    sheet.autofilter(0, 0, last, len(table.fields) - 1)


def _cell(sheet: Any, row: int, column: int, value: Value) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, value)


def _explanation(book: Any, table: DataTable, heads: list[str], *, english: bool) -> None:
    sheet = book.add_worksheet("About" if english else "Om tallene")
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 34, None)
    sheet.set_column(1, 1, 100, None)
    rows = [*_about(table, english=english), *_codebook(table.fields, heads, english=english), *table.about.notes]
    for number, (title, text) in enumerate(rows):
        sheet.write_string(number, 0, title, bold)
        sheet.write_string(number, 1, text, wrapped)


def _about(table: DataTable, *, english: bool) -> list[tuple[str, str]]:
    about = table.about
    heads = ("Table", "Edition", "Address", "Licence") if english else ("Tabel", "Udgave", "Adresse", "Licens")
    licence = f"{LICENCE}, {LICENCE_URL}. " + (
        f"Name the source: {ATTRIBUTION}, {about.release}."
        if english
        else f"Nævn kilden: {ATTRIBUTION}, {about.release}."
    )
    rows = list(zip(heads, (about.title, about.release, about.address, licence), strict=True))
    if about.is_demo:
        rows.insert(0, ("Notice" if english else "Bemærk", demo_note(is_demo=True, english=english)))
    return rows


def _codebook(fields: tuple[Field, ...], heads: list[str], *, english: bool) -> list[tuple[str, str]]:
    return [
        (head, f"{column.says_en if english else column.says_da} [{column.name}]")
        for head, column in zip(heads, fields, strict=True)
    ]
