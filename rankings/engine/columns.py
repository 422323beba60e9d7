"""A file of columns as arrays: one key in each line, decimal point or comma, nothing read that is not understood."""

from __future__ import annotations

import csv
import io
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rankings.engine.matrix import DataError, Floats

if TYPE_CHECKING:
    from collections.abc import Sequence


DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
QUOTED = re.compile(r'"[^"]*"')
LARGEST = 1e100
"""A figure beyond this is a mistake, and its square could not be computed with."""


def read_columns(
    path: Path, unit: str, numbers: Sequence[str], labels: Sequence[str] = ()
) -> tuple[tuple[str, ...], Floats, dict[str, tuple[str, ...]]]:
    """The units of a table, its figures (units × numbers, NaN = missing), and its texts by label. Other columns are
    ignored; what is raised is said at `read_matrix`."""
    header, rows, comma = rows_of(path)
    check_header(path, header)
    position = {name: index for index, name in enumerate(header)}
    for name in (unit, *numbers, *labels):
        if name not in position:
            raise DataError(f"{path.name}: column {name!r} is not in the header")
    if not rows:
        raise DataError(f"{path.name}: no units, only a header")
    units = tuple(cells[position[unit]].strip() for _, cells in rows)
    _check_units(path, unit, units, [line for line, _ in rows])
    values = np.array(
        [
            [number(cells[position[name]], f"{path.name}, line {line}, column {name}", comma) for name in numbers]
            for line, cells in rows
        ],
        dtype=np.float64,
    )
    texts = {name: tuple(cells[position[name]].strip() for _, cells in rows) for name in labels}
    return units, values, texts


def number(text: str, place: str, decimal_comma: bool = False) -> float:  # noqa: FBT001, FBT002
    """A cell as a number: empty is NaN (missing); a decimal comma only where the comma does not separate
    cells."""
    text = text.strip()
    if not text:
        return float("nan")
    try:
        value = float(text.replace(",", ".") if decimal_comma and DECIMAL_COMMA.fullmatch(text) else text)
    except ValueError:
        value = float("nan")
    if not math.isfinite(value) or "_" in text:
        raise DataError(f"{place}: {text!r} is not a number (leave the cell empty if it is missing)")
    if abs(value) > LARGEST:
        raise DataError(f"{place}: {text!r} is too large to compute with")
    return value


def rows_of(path: Path) -> tuple[list[str], list[tuple[int, list[str]]], bool]:
    """Header, (line number, cells) of every row that is not blank, and whether a comma may be a decimal
    comma."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name}: not UTF-8 text (byte {error.start})") from error
    first = QUOTED.sub("", text.lstrip("\r\n").split("\n", 1)[0])
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise DataError(f"{path.name}, line {reader.line_num}: {error}") from error
    if not rows:
        raise DataError(f"{path.name}: empty")
    header = [name.strip() for name in rows[0][1]]
    for line, cells in rows[1:]:
        if len(cells) != len(header):
            raise DataError(f"{path.name}, line {line}: {len(cells)} cells, the header has {len(header)}")
    return header, rows[1:], separator != ","


def check_header(path: Path, header: list[str]) -> None:
    """Raise DataError for a column that is named twice."""
    for index, name in enumerate(header):
        if name and name in header[:index]:
            raise DataError(f"{path.name}: column {name!r} stands twice in the header")


def _check_units(path: Path, column: str, units: tuple[str, ...], lines: list[int]) -> None:
    seen: set[str] = set()
    for unit, line in zip(units, lines, strict=True):
        if not unit:
            raise DataError(f"{path.name}, line {line}, column {column}: a unit without a name")
        if unit in seen:
            raise DataError(f"{path.name}, line {line}, column {column}: unit {unit!r} stands twice")
        seen.add(unit)
