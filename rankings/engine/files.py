"""The engine's files: DATA and weights read, RESULT written, and the bundle that lets anybody compute an edition again.

A file that cannot be used is refused in one line that names the row and the column; nothing is guessed but the
separator (comma, semicolon or tab, by the header)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rankings.engine.compute import compute
from rankings.engine.matrix import DataError, Floats, Matrix
from rankings.engine.specification import RESULT_COLUMNS, Specification

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rankings.engine.compute import Outcome

DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
QUOTED = re.compile(r'"[^"]*"')
COMMAND = "python -m rankings.engine spec.json data.csv --out again.csv"
LARGEST = 1e100
"""A figure beyond this is a mistake, and its square could not be computed with."""


def read_matrix(path: Path, specification: Specification) -> Matrix:
    """DATA: a row per unit, the columns the specification names (others are ignored), empty = missing.

    Raises DataError for an absent column, a unit without a name or standing twice, text, NaN or infinity
    where a number should stand, or a row with more cells than the header."""
    numbers, labels = specification.columns()
    units, values, texts = read_columns(path, specification.unit, numbers, labels)
    return Matrix(units, numbers, values, texts)


def read_columns(
    path: Path, unit: str, numbers: Sequence[str], labels: Sequence[str] = ()
) -> tuple[tuple[str, ...], Floats, dict[str, tuple[str, ...]]]:
    """The units of a table, its figures (units × numbers, NaN = missing), and its texts by label. Other columns are
    ignored; what is raised is said at `read_matrix`."""
    header, rows, comma = _rows(path)
    _check_header(path, header)
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


def read_weights(path: Path) -> dict[str, float]:
    """A weights file: two columns, code and weight; a first line that says so is skipped. Raises
    DataError."""
    header, rows, comma = _rows(path)
    if header[:2] != ["code", "weight"]:
        rows = [(1, header), *rows]
    weights: dict[str, float] = {}
    for line, cells in rows:
        if len(cells) != 2 or not cells[0].strip():
            raise DataError(f"{path.name}, line {line}: not a code and a weight")
        code, weight = cells[0].strip(), number(cells[1], f"{path.name}, line {line}, column weight", comma)
        if code in weights:
            raise DataError(f"{path.name}, line {line}: {code!r} stands twice")
        if math.isnan(weight):
            raise DataError(f"{path.name}, line {line}: {code!r} has no weight")
        weights[code] = weight
    return weights


def data_text(matrix: Matrix, unit: str) -> str:
    """A matrix as a DATA file that reads back as the same numbers, label columns last."""
    labels = list(matrix.labels)
    cells = _texts(matrix.values)
    rows = (
        [name, *cells[row], *(matrix.labels[label][row] for label in labels)] for row, name in enumerate(matrix.units)
    )
    return _csv([unit, *matrix.codes, *labels], rows)


def result_text(outcome: Outcome, unit: str) -> str:
    """RESULT: a row per unit and node, units in the order of the data, nodes in the order of the specification.

    Numbers are written so that reading them gives the same number; nothing is empty but a score, a printed score
    and a rank that do not exist."""
    return _csv([unit, *RESULT_COLUMNS], _result_rows(outcome))


def bundle(matrix: Matrix, specification: Specification, *, title: str, notes: str = "") -> dict[str, bytes]:
    """File name → content: spec.json, data.csv, result.csv, README.md and SHA256SUMS (as `sha256sum -c` reads it).

    The command in README.md, given spec.json and data.csv, writes a file equal to result.csv, byte for byte.
    `data.csv` has the columns the specification names and no others. `title` and `notes` (Markdown) go into
    README.md."""
    numbers, labels = specification.columns()
    needed = Matrix(matrix.units, numbers, matrix.rows(numbers).T, {label: matrix.labels[label] for label in labels})
    outcome = compute(needed, specification)
    texts = {
        "spec.json": json.dumps(specification.to_json(), ensure_ascii=False, indent=1) + "\n",
        "data.csv": data_text(needed, specification.unit),
        "result.csv": result_text(outcome, specification.unit),
        "README.md": _readme(title, notes),
    }
    contents = {name: text.encode() for name, text in texts.items()}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in contents.items())
    return {**contents, "SHA256SUMS": sums.encode()}


def write_whole(path: Path, text: str) -> None:
    """Write a file that appears whole or not at all, with the rights a new file would have. Raises OSError that names
    `path`."""
    try:
        _write_beside_and_move(path, text)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _write_beside_and_move(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        try:
            file.write(text)
            file.close()
            Path(file.name).chmod(0o666 & ~_umask())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


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


def _rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]], bool]:
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


def _check_header(path: Path, header: list[str]) -> None:
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


def _csv(header: list[str], rows: Iterable[Sequence[object]]) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return file.getvalue()


def _result_rows(outcome: Outcome) -> Iterable[list[object]]:
    score, printed = _texts(outcome.score), _texts(outcome.printed)
    rank, coverage = outcome.rank.tolist(), _texts(outcome.coverage)
    n = outcome.n.tolist()
    for row, unit in enumerate(outcome.units):
        for column, node in enumerate(outcome.nodes):
            yield [
                unit,
                node,
                outcome.levels[column],
                score[row][column],
                printed[row][column],
                rank[row][column] or "",
                n[column],
                coverage[row][column],
            ]


def _texts(values: Floats) -> list[list[str]]:
    return [["" if math.isnan(value) else repr(value) for value in row] for row in values.tolist()]


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _readme(title: str, notes: str) -> str:
    middle = f"{notes.strip()}\n\n" if notes.strip() else ""
    return (
        f"# {title}\n\n{middle}"
        "| file | is |\n| --- | --- |\n"
        "| spec.json | the whole method: indicators, weights, tree, normalisation, thresholds, rounding |\n"
        "| data.csv | the figures, a row per unit, empty = missing |\n"
        "| result.csv | scores and ranks as published, a row per unit and node |\n"
        "| SHA256SUMS | checksums: `sha256sum -c SHA256SUMS` |\n\n"
        "To compute it again, with Python 3.11 or newer, numpy and the source code of the project:\n\n"
        f"    {COMMAND}\n    cmp result.csv again.csv\n"
    )
