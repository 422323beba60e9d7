"""The engine's files: DATA and weights read, RESULT written, and the bundle that lets anybody compute an edition again.

A file that cannot be used is refused in one line that names the row and the column; nothing is guessed but the
separator (comma, semicolon or tab, by the header)."""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import math
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rankings.engine.columns import check_header, number, read_columns, rows_of
from rankings.engine.compute import compute
from rankings.engine.evidence import MOST_CONDITIONS
from rankings.engine.matrix import DataError, Errors, Floats, Matrix
from rankings.engine.specification import RESULT_COLUMNS, Specification

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rankings.engine.compute import Outcome
    from rankings.engine.robustness import Robustness

COMMAND = "python -m rankings.engine spec.json data.csv --out again.csv --robustness intervals.csv"


def read_matrix(path: Path, specification: Specification) -> Matrix:
    """DATA: a row per unit, the columns the specification names (others are ignored), empty = missing.

    Raises DataError for an absent column, a unit without a name or standing twice, text, NaN or infinity
    where a number should stand, or a row with more cells than the header."""
    numbers, labels = specification.columns()
    units, values, texts = read_columns(path, specification.unit, numbers, labels)
    return Matrix(units, numbers, values, texts)


def read_weights(path: Path) -> dict[str, float]:
    """A weights file: two columns, code and weight; a first line that says so is skipped. Raises
    DataError."""
    header, rows, comma = rows_of(path)
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


def read_conditions(path: Path, specification: Specification, matrix: Matrix) -> Floats:
    """A conditions file: the column of units and at most `MOST_CONDITIONS` figures beside, empty = not known; units ×
    conditions in the order of the data. Raises DataError for a unit that the data lack and for more conditions."""
    header, _rows_read, _comma = rows_of(path)
    names = tuple(name for name in header if name != specification.unit)
    if not 1 <= len(names) <= MOST_CONDITIONS:
        raise DataError(f"{path.name}: {len(names)} conditions; from 1 to {MOST_CONDITIONS} can be declared")
    units, values, _texts_read = read_columns(path, specification.unit, names)
    if unknown := set(units) - set(matrix.units):
        raise DataError(f"{path.name}, column {specification.unit}: {min(unknown)!r} is not a unit of the data")
    row_of = {unit: row for row, unit in enumerate(units)}
    nothing = np.full(len(names), np.nan)
    return np.array([values[row_of[unit]] if unit in row_of else nothing for unit in matrix.units])


def conditions_text(units: Sequence[str], names: Sequence[str], table: Floats, unit: str) -> str:
    """Conditions as a file that reads back as the same numbers."""
    return _csv([unit, *names], ([one, *cells] for one, cells in zip(units, _texts(table), strict=True)))


def read_errors(path: Path, specification: Specification, matrix: Matrix) -> Errors:
    """An errors file: `unit,indicator,low,high` and, where they are known, `bound_low,bound_high`; a row per value that
    has an interval, in the unit of DATA. Raises DataError for an unknown unit or indicator, a value that stands twice
    or is missing in DATA, an interval that does not hold its value, and bounds that do not hold the interval."""
    header, rows, comma = rows_of(path)
    check_header(path, header)
    for name in ("unit", "indicator", "low", "high"):
        if name not in header:
            raise DataError(f"{path.name}: column {name!r} is not in the header")
    shape = (len(matrix.units), len(specification.codes))
    ends = {name: np.full(shape, np.nan) for name in ("low", "high", "bound_low", "bound_high")}
    unit_of = {unit: index for index, unit in enumerate(matrix.units)}
    column_of = {code: index for index, code in enumerate(specification.codes)}
    for line, cells in rows:
        place, row = f"{path.name}, line {line}", dict(zip(header, cells, strict=True))
        unit, code = row["unit"].strip(), row["indicator"].strip()
        if unit not in unit_of:
            raise DataError(f"{place}, column unit: {unit!r} is not a unit of the data")
        if code not in column_of:
            raise DataError(f"{place}, column indicator: {code!r} is not an indicator of the specification")
        cell = unit_of[unit], column_of[code]
        if not np.isnan(ends["low"][cell]):
            raise DataError(f"{place}: unit {unit!r} and indicator {code!r} stand twice")
        found = {name: number(row.get(name, ""), f"{place}, column {name}", comma) for name in ends}
        value = float(matrix.values[cell[0], matrix.position[code]])
        _check_interval(place, value, found)
        for name, end in found.items():
            ends[name][cell] = end
    return Errors(matrix.units, specification.codes, **ends)


def _check_interval(place: str, value: float, ends: dict[str, float]) -> None:
    low, high = ends["low"], ends["high"]
    for name in ("low", "high"):
        if math.isnan(ends[name]):
            raise DataError(
                f"{place}, column {name}: no number (leave the whole row out if the value is known exactly)"
            )
    if math.isnan(value):
        raise DataError(f"{place}: an interval for a value that is missing in the data")
    if not low <= value <= high:
        raise DataError(f"{place}: the interval {low:g} to {high:g} does not hold the value {value:g} of the data")
    if ends["bound_low"] > low or ends["bound_high"] < high:  # NaN, no bound, is neither
        raise DataError(f"{place}: the bounds do not hold the interval {low:g} to {high:g}")


def errors_text(errors: Errors) -> str:
    """Errors as a file that reads back as the same numbers; rows only where there is an interval."""
    ends = [_texts(part) for part in (errors.low, errors.high, errors.bound_low, errors.bound_high)]
    rows = (
        [unit, code, *(end[row][column] for end in ends)]
        for row, unit in enumerate(errors.units)
        for column, code in enumerate(errors.codes)
        if ends[0][row][column]
    )
    return _csv(["unit", "indicator", "low", "high", "bound_low", "bound_high"], rows)


def robustness_text(found: Robustness, outcome: Outcome, *, errors: bool = False) -> str:
    """ROBUSTNESS: a row per unit and node in the order of RESULT: `unit,node,rank,low,high,n`, empty where there is no
    rank. With errors, low and high are those of method and sampling together, and two columns more have the method's
    alone."""
    low, high = (found.joint_low, found.joint_high) if errors else (found.low, found.high)
    header = ["unit", "node", "rank", "low", "high", "n", *(["method_low", "method_high"] if errors else [])]
    shown = [outcome.rank, low, high, *([found.low, found.high] if errors else [])]
    columns = [array.tolist() for array in shown]
    n = outcome.n.tolist()

    def rows() -> Iterable[list[object]]:
        for row, unit in enumerate(outcome.units):
            for column, node in enumerate(outcome.nodes):
                rank, least, most, *method = (array[row][column] or "" for array in columns)
                yield [unit, node, rank, least, most, n[column], *method]

    return _csv(header, rows())


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


def bundle(
    matrix: Matrix,
    specification: Specification,
    *,
    title: str,
    notes: str = "",
    errors: Errors | None = None,
) -> dict[str, bytes]:
    """File name → content: spec.json, data.csv, result.csv, README.md and SHA256SUMS (as `sha256sum -c` reads it), and
    errors.csv where there are errors.

    The command in README.md, given spec.json and data.csv, writes a file equal to result.csv, byte for byte, and the
    intervals of the ranks beside. `data.csv` has the columns the specification names and no others. `title` and `notes`
    (Markdown) go into README.md."""
    numbers, labels = specification.columns()
    needed = Matrix(matrix.units, numbers, matrix.rows(numbers).T, {label: matrix.labels[label] for label in labels})
    outcome = compute(needed, specification)
    texts = {
        "spec.json": json.dumps(specification.to_json(), ensure_ascii=False, indent=1) + "\n",
        "data.csv": data_text(needed, specification.unit),
        "result.csv": result_text(outcome, specification.unit),
        **({} if errors is None else {"errors.csv": errors_text(errors)}),
        "README.md": _readme(title, notes),
    }
    contents = {name: text.encode() for name, text in texts.items()}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in contents.items())
    return {**contents, "SHA256SUMS": sums.encode()}


def write_whole(path: Path, text: str) -> None:
    """Write a file that appears whole or not at all, with the rights a new file would have. Raises OSError that names
    `path`."""
    write_all({path: text})


def write_all(texts: Mapping[Path, str]) -> None:
    """Write files that appear whole, all of them or none: each is written beside its place, and only when all are, they
    are moved. Raises OSError that names the file."""
    beside: dict[Path, Path] = {}
    try:
        for path, text in texts.items():
            with _naming(path):
                if path.is_dir():  # moving there would fail when the files before it are moved already
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
                beside[path] = _written_beside(path, text)
        for path, finished in beside.items():
            with _naming(path):
                finished.replace(path)
    finally:
        for finished in beside.values():
            finished.unlink(missing_ok=True)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _written_beside(path: Path, text: str) -> Path:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        try:
            file.write(text)
            file.close()
            Path(file.name).chmod(0o666 & ~_umask())
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return Path(file.name)


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
