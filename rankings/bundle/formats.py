"""What every file is made from (typed columns with their codebook, rows that can be read again and again), and the
files: CSV, JSON, Parquet or a workbook.

CSV is either for Danish Excel (BOM, semicolon, decimal comma, Danish heads) or plain (RFC 4180, machine names).
"""

import csv
import datetime as dt
import json
import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from arro3.core import Array, DataType, RecordBatch, RecordBatchReader, Schema
from arro3.core import Field as ArrowField
from arro3.io import write_parquet

from indicators.upload.cells import safe_cell
from rankings.engine import rank
from rankings.models import warning


def as_printed(value: float | None, decimals: int) -> float | None:
    """Round as the engine does; None stays None."""
    return None if value is None else rank.as_printed(value, decimals)


LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
ATTRIBUTION = "Socialt Indeks"


def file_stem(release: str, what: str, *, is_demo: bool) -> str:
    """A file's name without its ending: "socialt-indeks-2026.1-samlet-demodata"."""
    return f"socialt-indeks-{release}-{what}{'-demodata' if is_demo else ''}"


Value = str | int | float | bool | None


class Kind(StrEnum):
    """What a column holds. The names are those of Frictionless table schemas."""

    TEXT = "string"
    WHOLE = "integer"
    NUMBER = "number"
    FLAG = "boolean"


@dataclass(frozen=True, slots=True)
class Field:
    """A column: ``name`` for machines (API, JSON, plain CSV, Parquet), ``da`` for the head of a Danish sheet."""

    name: str
    da: str
    kind: Kind
    says_da: str
    says_en: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What stands with every table: where it comes from, on what terms, and what a reader must know.

    ``notes`` are pairs of a heading and a text (definitions, sources, warnings), in the order to print them;
    ``english`` says that its words are English; ``of_the_index`` as in `warning`.
    """

    title: str
    release: str
    address: str
    is_demo: bool
    notes: tuple[tuple[str, str], ...] = ()
    english: bool = False
    of_the_index: float | None = None

    def warning(self, *, english: bool) -> str:
        """What the table may not be read without; empty for a real edition of the whole index."""
        return warning(is_demo=self.is_demo, of_the_index=self.of_the_index, english=english)


@dataclass(frozen=True, slots=True)
class DataTable:
    """A named table. ``rows`` is called once for every file that is written; each row is as long as ``fields``."""

    name: str
    fields: tuple[Field, ...]
    about: About
    rows: Callable[[], Iterable[tuple[Value, ...]]] = field(repr=False)


def labelled(table: DataTable, label: Field) -> DataTable:
    """The same table with the edition's name as a text beside its id, for files that a spreadsheet opens.

    "2026.10" is a tenth revision, and the number 2026.1 to a spreadsheet or pandas; "udgave 2026.10" is not.
    """
    names = [column.name for column in table.fields]
    if "edition" not in names or label.name in names:
        return table
    place, word = names.index("edition"), "edition" if table.about.english else "udgave"

    def rows() -> Iterator[tuple[Value, ...]]:
        for row in table.rows():
            yield (*row[: place + 1], f"{word} {row[place]}", *row[place + 1 :])

    fields = (*table.fields[: place + 1], label, *table.fields[place + 1 :])
    return replace(table, fields=fields, rows=rows)


def spooled(table: DataTable, path: Path) -> DataTable:
    """The same table with its rows read once into a file of our own, for writing them in several ways."""
    with path.open("wb") as file:
        for row in table.rows():
            pickle.dump(row, file)
    return replace(table, rows=lambda: _unpickled(path))


def _unpickled(path: Path) -> Iterator[tuple[Value, ...]]:
    with path.open("rb") as file:
        while file.peek(1):
            yield pickle.load(file)  # noqa: S301  written a moment ago by spooled()


CODEBOOK = Path(__file__).with_name("codebook.csv")


def _read() -> dict[str, Field]:
    with CODEBOOK.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["name"]: Field(
            row["name"], row["danish"], Kind(row["kind"]), row["says_da"], row["says_en"], bool(row["required"])
        )
        for row in rows
    }


COLUMNS = _read()
LABEL = COLUMNS["edition_label"]


def columns(*names: str) -> tuple[Field, ...]:
    """The columns of these names, in this order. Raises KeyError for one the codebook does not have."""
    return tuple(COLUMNS[name] for name in names)


BOM = "\ufeff"
ROWS_A_PIECE = 500


class _Lines:
    """What the csv module writes to: it keeps the lines until they are taken."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line)

    def take(self) -> str:
        text = "".join(self.lines)
        self.lines.clear()
        return text


def danish_csv(table: DataTable, *, heads: list[str] | None = None) -> Iterator[str]:
    """Pieces of a CSV that Danish Excel opens by a double click. A text that would run as a formula is made safe."""
    yield BOM
    yield from _csv(table, heads or [column.da for column in table.fields], ";", ",")


def plain_csv(table: DataTable) -> Iterator[str]:
    """Pieces of a CSV for programs: UTF-8 without BOM, comma, decimal point, CRLF; missing is an empty cell."""
    yield from _csv(table, [column.name for column in table.fields], ",", ".")


def _csv(table: DataTable, heads: list[str], delimiter: str, decimal: str) -> Iterator[str]:
    pieces = _Lines()
    writer = csv.writer(pieces, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([safe_cell(head) for head in heads])
    for number, row in enumerate(table.rows(), start=1):
        writer.writerow([_csv_cell(value, decimal) for value in row])
        if number % ROWS_A_PIECE == 0:
            yield pieces.take()
    yield pieces.take()


def _csv_cell(value: object, decimal: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe_cell(value, decimal=decimal)


def json_pieces(table: DataTable) -> Iterator[str]:
    """Pieces of a JSON document: title, edition, address, licence, notice, fields, rows (objects, null is missing)."""
    about = table.about
    head = {
        "title": about.title,
        "edition": about.release,
        "address": about.address,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "demo": about.is_demo,
        "notice": about.warning(english=about.english),
        "notes": [{"title": title, "text": text} for title, text in about.notes],
        "fields": [{"name": f.name, "type": str(f.kind), "da": f.says_da, "en": f.says_en} for f in table.fields],
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
    yield from _json_rows(table)
    yield "\n]}\n"


def _json_rows(table: DataTable) -> Iterator[str]:
    names = [column.name for column in table.fields]
    waiting: list[str] = []
    before = "\n"
    for row in table.rows():
        waiting.append(before + json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False))
        before = ",\n"
        if len(waiting) == ROWS_A_PIECE:
            yield "".join(waiting)
            waiting.clear()
    yield "".join(waiting)


ROWS_A_BATCH = 20_000
TYPES = {
    Kind.TEXT: DataType.utf8(),
    Kind.WHOLE: DataType.int64(),
    Kind.NUMBER: DataType.float64(),
    Kind.FLAG: DataType.bool(),
}


def write_parquet_file(table: DataTable, path: Path) -> None:
    """Write the table, compressed; title, edition, licence and the warning of demo data are in its metadata."""
    schema = Schema([ArrowField(f.name, TYPES[f.kind], nullable=True) for f in table.fields])
    about = table.about
    words = {
        "title": about.title,
        "edition": about.release,
        "licence": f"{LICENCE} {LICENCE_URL}",
        "notice": about.warning(english=True),
    }
    # One key: the writer puts several in an order of its own, and the bytes would differ from run to run.
    metadata = {"about": json.dumps(words, ensure_ascii=False)}
    reader = RecordBatchReader.from_batches(schema, list(_batches(table, schema)))
    write_parquet(reader, path, compression="zstd(6)", key_value_metadata=metadata)


def _batches(table: DataTable, schema: Schema) -> Iterator[RecordBatch]:
    rows = iter(table.rows())
    while piece := list(islice(rows, ROWS_A_BATCH)):
        arrays = [Array([row[column] for row in piece], TYPES[one.kind]) for column, one in enumerate(table.fields)]
        yield RecordBatch.from_arrays(arrays, schema=schema)


WIDTHS = {Kind.TEXT: 24, Kind.WHOLE: 9, Kind.NUMBER: 12, Kind.FLAG: 9}
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
BEFORE_EVERYTHING = dt.datetime(2014, 12, 8, tzinfo=dt.UTC)  # a fixed date: the same figures are the same bytes
LARGEST_SHEET = 1_048_575


def write_workbook(
    table: DataTable, file: BinaryIO | Path, *, heads: list[str] | None = None, words: str = "da"
) -> None:
    """Write the workbook in constant memory. ``heads`` replace the Danish heads; the sheets' words are ``words``.

    Raises ValueError for more rows than a sheet holds.
    """
    target = str(file) if isinstance(file, Path) else file
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        created = BEFORE_EVERYTHING.replace(tzinfo=None)
        book.set_properties({"title": table.about.title, "author": ATTRIBUTION, "created": created})
        _sheet_of_figures(book, table, heads or [column.da for column in table.fields], english=words == "en")
        _sheet_of_explanation(book, table, heads or [column.da for column in table.fields], english=words == "en")


def _sheet_of_figures(book: Any, table: DataTable, heads: list[str], *, english: bool) -> None:
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
            _workbook_cell(sheet, last, column, value)
    sheet.autofilter(0, 0, last, len(table.fields) - 1)


def _workbook_cell(sheet: Any, row: int, column: int, value: Value) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, value)


def _sheet_of_explanation(book: Any, table: DataTable, heads: list[str], *, english: bool) -> None:
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
    if warning := about.warning(english=english):
        rows.insert(0, ("Notice" if english else "Bemærk", warning))
    return rows


def _codebook(fields: tuple[Field, ...], heads: list[str], *, english: bool) -> list[tuple[str, str]]:
    return [
        (head, f"{column.says_en if english else column.says_da} [{column.name}]")
        for head, column in zip(heads, fields, strict=True)
    ]
