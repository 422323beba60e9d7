"""The template of a source: a workbook with a row for each municipality and indicator, to fill in and hand in.

Handed in as it is, it reads as what it holds: the values that were put in, and gaps "ikke indberettet" for the rest.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from indicators.upload.cells import write_xlsx_row

from .checks.facts import IndicatorFacts
from .places import gazetteer

HEADERS = (
    "kode", "kommune", "indikator", "aar", "vaerdi", "status", "note", "spurgte", "svar", "lav", "hoej", "interval",
)  # fmt: skip
"""The columns of the upload format."""
STATUSES = (
    "",
    "ikke indberettet",
    "diskretioneret",
    "ikke relevant",
    "ikke opgjort",
    "ikke tilgængelig",
    "ubesvaret",
    "ved ikke",
    "ikke godkendt",
    "for få svar",
    "foreløbig",
)
"""The words of the status column that the template offers."""

_EXPLAINED = (
    "Sådan udfylder du skabelonen",
    "",
    "1. Skriv tallene i kolonnen vaerdi på arket Tal. Rør ikke de andre kolonner.",
    "2. Skriv procent som 12,5, ikke som 0,125, og uden procenttegn.",
    "3. Et tal, der er 0, skrives som 0. En tom celle betyder: ikke indberettet.",
    "4. Mangler et tal, så lad vaerdi være tom, og vælg grunden i kolonnen status.",
    "5. Er et tal foreløbigt, så skriv tallet, og vælg foreløbig i kolonnen status.",
    "6. I kolonnen note kan du skrive en forklaring til tallet.",
    "",
    "Status          Betydning",
    "ikke indberettet   Kommunen har ikke svaret.",
    "diskretioneret     Tallet findes, men er for lille til at vise.",
    "ikke relevant      Kommunen har ikke det, der måles.",
    "ikke opgjort       Tallet måles ikke i år.",
    "ikke tilgængelig   Kilden har ikke tallet.",
    "ubesvaret          Spørgsmålet er stillet og ikke besvaret.",
    "ved ikke           Den, der blev spurgt, kender ikke tallet.",
    "ikke godkendt      Kommunen har svaret, men ikke godkendt svaret.",
    "for få svar        Tallet står i vaerdi; det vises, men rangeres ikke.",
    "foreløbig          Tallet kan blive rettet.",
    "",
    "Er tallet fra en undersøgelse, så skriv, hvor mange der blev spurgt (spurgte), og hvor mange der svarede (svar).",
    "Har tallet et interval, så skriv dets ender (lav, hoej) og dets slags: wilson, student eller register.",
)


def write_template(
    *,
    indicators: Sequence[IndicatorFacts],
    year: int,
    source: str,
    values: Mapping[tuple[str, str], float] | None = None,
) -> bytes:
    """The template for a source's indicators in a year, as XLSX. `values[municipality, indicator]` are put in where
    given."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Tal")
    sheet.set_row(0, None, bold)
    write_xlsx_row(sheet, 0, HEADERS)
    rows = [(code, name, facts) for facts in indicators for code, name in gazetteer().names.items()]
    for number, (code, name, facts) in enumerate(rows, start=1):
        value = (values or {}).get((str(code), facts.code))
        write_xlsx_row(sheet, number, [code, name, facts.code, year, value])
    _validate(sheet, rows)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(rows), 1), len(HEADERS) - 1)
    for column, width in enumerate((7, 20, 26, 7, 12, 18, 40, 9, 7, 9, 9, 10)):
        sheet.set_column(column, column, width)
    _explain(book, indicators=indicators, year=year, source=source, bold=bold)
    book.close()
    return stream.getvalue()


def _validate(sheet: Any, rows: Sequence[tuple[int, str, IndicatorFacts]]) -> None:
    """Let the spreadsheet itself refuse what the check would: a run of rows of one indicator has one rule."""
    start = 0
    while start < len(rows):
        facts = rows[start][2]
        end = next((i for i in range(start, len(rows)) if rows[i][2] is not facts), len(rows))
        low, high = facts.possible
        low, high = max(low, -1e12), min(high, 1e12)
        rule = {
            "validate": "decimal",
            "criteria": "between",
            "minimum": low,
            "maximum": high,
            "ignore_blank": True,
            "error_title": "Uden for det mulige",
            "error_message": f"Enheden er {facts.unit}."[:200],
        }
        sheet.data_validation(start + 1, 4, end, 4, rule)
        start = end
    if rows:
        statuses = {"validate": "list", "source": [status for status in STATUSES if status], "ignore_blank": True}
        sheet.data_validation(1, 5, len(rows), 5, statuses)


def _explain(book: Any, *, indicators: Sequence[IndicatorFacts], year: int, source: str, bold: Any) -> None:
    sheet = book.add_worksheet("Forklaring")
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 2, 24)
    for row, line in enumerate(_EXPLAINED):
        sheet.write_string(row, 0, line, bold if row == 0 else None)
    row = len(_EXPLAINED) + 1
    write_xlsx_row(sheet, row, [f"Kilde: {source}"])
    write_xlsx_row(sheet, row + 1, [f"Årstal: {year}"])
    for column, header in enumerate(("Indikatorkode", "Navn", "Enhed")):
        sheet.write_string(row + 3, column, header, bold)
    for offset, facts in enumerate(indicators, start=4):
        write_xlsx_row(sheet, row + offset, [facts.code, facts.name, facts.unit])
