"""The shape of templates/components/data_table.html: everything is text already."""

from dataclasses import dataclass

from portal.charts.bars import Bar

MOST_COLUMNS = 10


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head; with a url it sorts."""

    name: str
    note: str = ""
    url: str = ""
    sort: str = ""
    css: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; ``label`` repeats its column's name on a phone, ``missing`` says why there is nothing."""

    text: str
    label: str = ""
    note: str = ""
    css: str = ""
    missing: str = ""
    bar: Bar | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its name, where that leads, its cells."""

    name: str
    url: str = ""
    note: str = ""
    css: str = ""
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the median row under its head, where there is one.

    ``css``: "plain" for a small table that stays one on a phone, "ranked" for a ranking.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    median: Row | None = None
    css: str = ""

    @property
    def scrolls(self) -> bool:
        """Whether it is so wide that it scrolls in a box of its own and never becomes cards."""
        return len(self.columns) > MOST_COLUMNS
