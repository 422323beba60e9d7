"""A table as CSV: for Danish Excel (BOM, semicolon, decimal comma, Danish heads) or plain (RFC 4180, machine names)."""

import csv
from collections.abc import Iterator

from indicators.upload.safe_cells import safe_cell
from rankings.bundle.table import DataTable

BOM = "\ufeff"
ROWS_A_PIECE = 500


class _Pieces:
    """What the csv module writes to: it keeps the lines until they are taken."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line)

    def take(self) -> str:
        text = "".join(self.lines)
        self.lines.clear()
        return text


def danish(table: DataTable, *, heads: list[str] | None = None) -> Iterator[str]:
    """Pieces of a CSV that Danish Excel opens by a double click. A text that would run as a formula is made safe."""
    yield BOM
    yield from _written(table, heads or [column.da for column in table.fields], ";", ",")


def plain(table: DataTable) -> Iterator[str]:
    """Pieces of a CSV for programs: UTF-8 without BOM, comma, decimal point, CRLF; missing is an empty cell."""
    yield from _written(table, [column.name for column in table.fields], ",", ".")


def _written(table: DataTable, heads: list[str], delimiter: str, decimal: str) -> Iterator[str]:
    pieces = _Pieces()
    writer = csv.writer(pieces, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([safe_cell(head) for head in heads])
    for number, row in enumerate(table.rows(), start=1):
        writer.writerow([_cell(value, decimal) for value in row])
        if number % ROWS_A_PIECE == 0:
            yield pieces.take()
    yield pieces.take()


def _cell(value: object, decimal: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe_cell(value, decimal=decimal)
