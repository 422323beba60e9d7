"""Tables that are not the whole sheet: turned with the municipalities across, or several side by side.

A block keeps the sheet's own rows and columns (what is outside it is blank), so that every place that is told, and kept
with a figure, is the place in the file.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from .cells import Cells
from .columns import Columns
from .headings import role_of
from .limits import Limits
from .messages import _
from .places import gazetteer
from .reading import Reading, Unreadable
from .tables import MemoryTable, Row, SheetFacts, Table, letter_of, text_of

_LOOKED_AT = 60
_MOST_TURNED = 5_000
"""So many rows a turned sheet may have: they become columns."""


class BlockTable:
    """Some columns of a table; the others are blank."""

    def __init__(self, table: Table, start: int, end: int) -> None:
        self.sheet = table.sheet
        self.facts = table.facts
        self._table = table
        self._start, self._end = start, end

    def rows(self) -> Iterator[Row]:
        """The rows, blank outside the block."""
        blank = [""] * self._start
        for row in self._table.rows():
            yield [*blank, *row[self._start : self._end]]

    def fraction(self) -> float:
        """How much of the sheet the walk under way has passed, 0 to 1."""
        return self._table.fraction()


def municipalities_across(rows: Sequence[Row]) -> int | None:
    """The row (from 0) in which the municipalities stand side by side; None where they stand below each other."""
    below: dict[int, set[int]] = {}
    across: dict[int, int] = {}
    for index, row in enumerate(rows[:500]):
        filled = [(column, cell) for column, cell in enumerate(row) if text_of(cell)]
        coded = bool(filled) and role_of(text_of(filled[0][1])) in {"code", "municipality"}
        named = [(column, _municipality(cell, coded=coded)) for column, cell in filled]
        for column, code in named:
            if code:
                below.setdefault(column, set()).add(code)
        count = sum(bool(code) for _column, code in named)
        if index < _LOOKED_AT and count >= 2 and count * 2 >= len(filled):
            across[index] = count
    if not across or max(len(codes) for codes in below.values()) > 1:
        return None
    return next(iter(across))


def _municipality(cell: object, *, coded: bool) -> int:
    """The code of the municipality that a cell names; 0 for none. A bare number counts only in a row of codes."""
    is_number = not isinstance(cell, str) or cell.strip().isdigit()
    place = gazetteer().find(cell)
    return place.code if place.is_municipality and (coded or not is_number) else 0


def turned(table: Table, first: int, limits: Limits) -> MemoryTable:
    """The table from row `first` (from 0) with rows and columns exchanged. Raises Unreadable where it is too long."""
    rows = [list(row) for row in list(table.rows())[first:]]
    if len(rows) > min(_MOST_TURNED, limits.columns):
        raise Unreadable(
            _("Kommunerne står i overskriften, og arket er for langt. Byt rækker og kolonner om, og gem det igen.")
        )
    width = max(len(row) for row in rows)
    across = [[row[column] if column < len(row) else "" for row in rows] for column in range(width)]
    labels = [
        i for i, column in enumerate(across) if column[0] == "" or not gazetteer().find(column[0]).is_municipality
    ]
    for number in labels[:1]:
        across[number][0] = "kommune"  # what stood there (År, Kommune, nothing) named the rows below, not the first one
    return MemoryTable(table.sheet, across, _turned_facts(table.facts, first))


def _turned_facts(facts: SheetFacts, first: int) -> SheetFacts:
    return SheetFacts(
        hidden_rows=frozenset(column + 1 for column in facts.hidden_columns),
        hidden_columns=frozenset(row - 1 - first for row in facts.hidden_rows if row > first),
        struck=frozenset((column + 1, row - 1 - first) for row, column in facts.struck),
        scaled=frozenset((column + 1, row - 1 - first) for row, column in facts.scaled),
        unseen=frozenset((column + 1, row - 1 - first) for row, column in facts.unseen),
        comments={(column + 1, row - 1 - first): text for (row, column), text in facts.comments.items()},
    )


def turn_back(reading: Reading, first: int) -> None:
    """Give every figure and problem of a turned table its place in the file again."""
    cells = reading.cells
    turned_cells = Cells(sheet=cells.sheet, columns=[letter_of(c) for c in range(max(cells.row, default=0))])
    turned_cells.indicators = cells.indicators
    for name in ("municipality", "year", "indicator", "value", "state"):
        getattr(turned_cells, name).extend(getattr(cells, name))
    turned_cells.row.extend(column + 1 + first for column in cells.column)
    turned_cells.column.extend(row - 1 for row in cells.row)
    turned_cells.notes = cells.notes
    reading.cells = turned_cells
    reading.problems = [
        each._replace(row=None, column=letter_of(each.row - 1) if each.row else each.column)
        for each in reading.problems
    ]
    reading.left_out = [each._replace(row=None) for each in reading.left_out]
    reading.roles = {(column + 1 + first, row - 1): role for (row, column), role in reading.roles.items()}


def side_by_side(columns: Columns) -> list[int]:
    """Where each of several lists side by side begins (columns from 0); one place or none where there is one list.

    A list begins with a column of municipalities that names others than the first one does in the same rows.
    """
    starts: list[int] = []
    for column in range(columns.width):
        if not columns.lists_municipalities(column):
            continue
        if starts and (column - 1 in starts or columns.same_places(starts[-1], column)):
            continue  # code and name of one list
        starts.append(column)
    return starts


def rival_places(columns: Columns) -> list[int]:
    """Two columns of municipalities beside each other that name different ones: from where to where. Nobody can tell
    which one the figures are about."""
    lists = [
        c
        for c in range(columns.width)
        if columns.lists_municipalities(c) and columns.profiles[c].names > columns.profiles[c].codes
    ]
    return next(([a, b] for a, b in pairwise(lists) if b == a + 1 and not columns.same_places(a, b)), [])
