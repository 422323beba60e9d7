"""The rows of large tables, written in Python: a template looks up every name of every cell anew.

A comparison of five has 740 cells; the template language took 25 ms for them, this takes 3. What a row looks like is
told in templates/components/data_table.html and indicator_table.html, which are the only ones to call these tags.
"""

from collections.abc import Callable, Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from portal.presenters.ladder import IndicatorRow
from portal.presenters.tables import Cell, Row, Table

register = template.Library()


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
    return f'<a href="{escape(url)}">{escape(name)}</a>' if url and name else escape(name)


def _small(note: str) -> str:
    return f" <small>{escape(note)}</small>" if note else ""


def _cell(cell: Cell) -> str:
    label = escape(cell.label)
    if cell.missing:
        return f'<td class="{f"missing-value {cell.css}".strip()}" data-label="{label}">{escape(cell.missing)}</td>'
    css = f' class="{cell.css}"' if cell.css else ""
    text = _name(cell.text, cell.url)
    if cell.bar:
        text = f'<span class="barred">{text}{cell.bar.svg}</span>'
    return f'<td{css} data-label="{label}">{text}{_small(cell.note)}</td>'


def _bare_cell(cell: Cell) -> str:
    """A cell of a table that never becomes cards: without the column's name."""
    if cell.missing:
        return f'<td class="missing-value">{escape(cell.missing)}</td>'
    css = f' class="{cell.css}"' if cell.css else ""
    text = _name(cell.text, cell.url)
    if cell.bar:
        text = f'<span class="barred">{text}{cell.bar.svg}</span>'
    return f"<td{css}>{text}{_small(cell.note)}</td>"


@register.simple_tag
def indicator_rows(
    rows: Iterable[IndicatorRow], value: str, rank: str, median: str, strip: str, spark: str
) -> SafeString:
    """The tr elements of a municipality's indicators; the further arguments are the heads of the columns."""
    heads = [escape(head) for head in (value, rank, median, strip, spark)]
    return mark_safe("".join(_indicator(row, *heads) for row in rows))  # noqa: S308  every text is escaped below


def _indicator(row: IndicatorRow, value: str, rank: str, median: str, strip: str, spark: str) -> str:
    note = f" · <b>{escape(row.note)}</b>" if row.note else ""
    number = _name(row.value, row.trace)
    said = f'{escape(row.direction)}{note}<span class="source"> · {escape(row.source)}</span>'
    if row.missing:
        figures = f'<td class="missing-value" data-label="{value}" colspan="2">{escape(row.missing)}</td>'
    else:
        of = f' <span class="muted">{escape(row.of)}</span>' if row.of else ""
        figures = (
            f'<td class="number value" data-label="{value}">{number} <small>{row.year}</small></td>'
            f'<td class="nowrap" data-label="{rank}">{escape(row.rank)}{of}</td>'
        )
    return (
        f'<tr><th scope="row">{_name(row.name, row.url)} <small>{said}</small></th>{figures}'
        f'<td class="number" data-label="{median}">{escape(row.median)}</td><td data-label="{strip}">{row.strip}</td>'
        + (f'<td data-label="{spark}">{row.spark}</td></tr>\n' if row.spark else "<td></td></tr>\n")
    )
