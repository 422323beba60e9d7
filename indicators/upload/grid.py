"""The first rows of a file as they stand, each cell with how it was read: what a page draws beside the report."""

from collections.abc import Sequence
from typing import NamedTuple

from .columns import Columns
from .layouts import Plan
from .messages import Text, _, danish
from .numbers import looks_numeric
from .reading import Reading
from .tables import At, Row, letter_of, text_of

ROWS, COLUMNS = 25, 20
"""So much of a file is shown."""
ROLES: dict[str, Text] = {
    "title": _("titel"),
    "head": _("overskrift"),
    "municipality": _("kommune"),
    "year": _("år"),
    "indicator": _("indikator"),
    "value": _("tal"),
    "missing": _("mangler"),
    "status": _("status"),
    "note": _("note"),
    "left_out": _("ladt ude"),
    "doubtful": _("tvivlsom"),
    "blank": _("tom"),
}


class GridRow(NamedTuple):
    """A row by its number in the file: texts, and a role of ROLES for each."""

    number: int
    texts: tuple[str, ...]
    roles: tuple[str, ...]


class Grid(NamedTuple):
    """The letters of the columns and the first rows; how many rows and columns the first 20 000 rows have in all."""

    letters: tuple[str, ...]
    rows: tuple[GridRow, ...]
    width: int


def roles_in(plan: Plan | None, columns: Columns, reading: Reading, telling: Sequence[int] = ()) -> dict[At, str]:
    """The role of every cell in the first rows of one table, by its place; blank ones and other tables' are absent."""
    roles: dict[At, str] = {}
    doubts = {(each.row, each.column) for each in reading.problems}
    out = {each.row for each in reading.left_out if each.row}
    by_column = _by_column(plan, columns, telling)
    for index, row in enumerate(columns.rows[:ROWS]):
        number = index + 1
        for column, cell in enumerate(row[:COLUMNS]):
            if not text_of(cell):
                if index >= columns.body_start and by_column.get(column) == "value":
                    roles[number, column] = "missing"
                continue
            if index < columns.body_start:
                is_head = bool(columns.header_rows) and index >= columns.header_rows[0]
                role = "head" if is_head else "title"
            elif number in out:
                role = "left_out"
            else:
                role = by_column.get(column, "left_out" if plan else "doubtful")
                role = role if role != "value" or looks_numeric(cell) else "doubtful"
            label = columns.headers[column] if column < len(columns.headers) else ""
            is_doubted = index >= columns.body_start and ((number, label or letter_of(column)) in doubts)
            roles[number, column] = (
                "doubtful" if is_doubted or (role != "left_out" and (number, None) in doubts) else role
            )
    return roles


def _by_column(plan: Plan | None, columns: Columns, telling: Sequence[int]) -> dict[int, str]:
    if plan is None:
        return {c: "municipality" for c in range(columns.width) if columns.lists_municipalities(c)}
    found = dict.fromkeys((*plan.offered, *(c for c, _period in plan.periods)), "doubtful")
    found |= dict.fromkeys(plan.places, "municipality") | dict.fromkeys(telling, "indicator")
    said = {plan.year: "year", plan.indicator: "indicator", plan.status: "status", plan.note: "note"}
    found |= {column: role for column, role in said.items() if column is not None}
    return found | {value.column: "value" for value in plan.values}


def _shown(cell: object) -> str:
    """A cell's text; a sheet's own number as a Danish sheet shows it."""
    return danish(cell) if isinstance(cell, float) else text_of(cell)


def grid_of(rows: Sequence[Row], roles: dict[At, str]) -> Grid:
    """The grid of a file's first rows with the roles that its tables gave."""
    width = max((len(row) for row in rows), default=0)
    shown = min(width, COLUMNS)
    lines = []
    for number, row in enumerate(rows[:ROWS], start=1):
        texts = tuple(_shown(row[column])[:80] if column < len(row) else "" for column in range(shown))
        given = tuple(roles.get((number, c), "left_out" if text else "blank") for c, text in enumerate(texts))
        lines.append(GridRow(number, texts, given))
    return Grid(tuple(letter_of(column) for column in range(shown)), tuple(lines), width)
