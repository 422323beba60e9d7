"""The rows of large tables, written in Python: a template looks up every name of every cell anew.

A comparison of five has 740 cells; the template language took 25 ms for them, this takes 3. What a row looks like is
told in templates/components/data_table.html, which is the only one to call these tags.
"""

from collections.abc import Callable

from django import template
from django.utils.safestring import SafeString, mark_safe

from portal.components.escaped import escaped
from portal.components.tables import Cell, Column, Row, Table

register = template.Library()


@register.simple_tag
def table_head(table: Table) -> SafeString:
    """The tr elements of a table's head: the columns, and the median."""
    heads = "".join([_column(number, column) for number, column in enumerate(table.columns, start=1)])
    return mark_safe(f"<tr>{heads}</tr>\n{_median(table.median)}")  # noqa: S308  every text is escaped below


def _column(number: int, column: Column) -> str:
    css = f' class="{column.css}"' if column.css else ""
    sort = f' aria-sort="{column.sort}"' if column.sort else ""
    name = escaped(column.name)
    if column.url:
        name = f'<a id="kolonne-{number}" href="{escaped(column.url)}">{name}</a>'
    return f'<th scope="col"{css}{sort}>{name}{_small(column.note)}</th>'


def _median(row: Row | None) -> str:
    if row is None:
        return ""
    cells = []
    for cell in row.cells:
        text = _name(cell.text, cell.url)
        if cell.css == "wide":
            text = f'<span class="barred">{text}</span>'
        cells.append(f'<td class="{cell.css}" data-label="{escaped(cell.label)}">{text}</td>')
    return f'<tr class="median" hx-boost="false"><th scope="row">{escaped(row.name)}</th>{"".join(cells)}</tr>'


@register.simple_tag
def table_rows(table: Table) -> SafeString:
    """The tr elements of a table's body."""
    cell = _bare_cell if table.scrolls else _cell
    return mark_safe("".join([_row(row, cell) for row in table.rows]))  # noqa: S308  every text is escaped below


def _row(row: Row, cell: Callable[[Cell], str]) -> str:
    css = f' class="{row.css}"' if row.css else ""
    cells = "".join(map(cell, row.cells))
    return f'<tr{css}><th scope="row">{_name(row.name, row.url)}{_small(row.note)}</th>{cells}</tr>\n'


def _name(name: str, url: str) -> str:
    return f'<a href="{escaped(url)}">{escaped(name)}</a>' if url and name else escaped(name)


def _small(note: str) -> str:
    return f" <small>{escaped(note)}</small>" if note else ""


def _cell(cell: Cell) -> str:
    label = escaped(cell.label)
    if cell.missing:
        return f'<td class="{f"missing-value {cell.css}".strip()}" data-label="{label}">{escaped(cell.missing)}</td>'
    css = f' class="{cell.css}"' if cell.css else ""
    text = _name(cell.text, cell.url)
    if cell.bar:
        text = f'<span class="barred">{text}{cell.bar.svg}</span>'
    return f'<td{css} data-label="{label}">{text}{_small(cell.note)}</td>'


def _bare_cell(cell: Cell) -> str:
    """A cell of a table that never becomes cards: without the column's name."""
    if cell.missing:
        return f'<td class="missing-value">{escaped(cell.missing)}</td>'
    css = f' class="{cell.css}"' if cell.css else ""
    text = _name(cell.text, cell.url)
    if cell.bar:
        text = f'<span class="barred">{text}{cell.bar.svg}</span>'
    return f"<td{css}>{text}{_small(cell.note)}</td>"
