"""Rows of tables, the ladder, lists of all municipalities: what stands hundreds of times on a page."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.utils.safestring import SafeString, mark_safe

from portal.markup import around_mark, bar_svg, escaped, own_mark, span_svg

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from portal.components.indicator_rows import IndicatorRow, IndicatorText
    from portal.components.links import Link
    from portal.components.tables import Cell, Column, Row, Table
    from portal.municipality.ladder import ThemeRow
    from portal.ranking.controls import Option


def link_items(links: Iterable[Link]) -> SafeString:
    """The items of a list of links."""
    items = [f'\n<li><a href="{escaped(one.url)}">{escaped(one.name)}</a></li>' for one in links]
    return mark_safe("".join(items))  # noqa: S308  escaped


def check_items(name: str, options: Iterable[Option]) -> SafeString:
    """The items of a list of boxes to tick: every municipality, in the filters of a ranking."""
    items = [
        f'\n<li><label><input type="checkbox" name="{escaped(name)}" value="{escaped(one.value)}"'
        f"{_CHECKED if one.selected else ''}> {escaped(one.text)}</label></li>"
        for one in options
    ]
    return mark_safe("".join(items))  # noqa: S308  escaped


_CHECKED = "\nchecked"


def select_options(municipalities: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """All municipalities in one of the five fields of a comparison."""
    options = [
        f'\n  <option value="{escaped(slug)}"{" selected" if slug == chosen else ""}>{escaped(name)}</option>'
        for slug, name in municipalities
    ]
    return mark_safe("".join(options))  # noqa: S308  escaped


def group_members(municipalities: Iterable[tuple[str, str]], group: Collection[str]) -> SafeString:
    """All municipalities as boxes to tick, for a group of one's own."""
    boxes = [
        f'<label><input type="checkbox" name="gruppe"\n  value="{escaped(slug)}"'
        f"{' checked' if slug in group else ''}> {escaped(name)}</label>\n"
        for slug, name in municipalities
    ]
    return mark_safe("".join(boxes))  # noqa: S308  escaped


def table_head(table: Table) -> SafeString:
    """The tr elements of a table's head: the columns, and the median."""
    heads = "".join([_column(number, column) for number, column in enumerate(table.columns, start=1)])
    pinned = _row(table.pinned, _bare_cell if table.scrolls else _cell) if table.pinned else ""
    return mark_safe(f"<tr>{heads}</tr>\n{_median(table.median)}{pinned}")  # noqa: S308  every text is escaped below


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
    lead = "<td></td>" if row.lead else ""
    head = f'{lead}<th scope="row">{escaped(row.name)}</th>'
    return f'<tr class="median" hx-boost="false">{head}{"".join(cells)}</tr>'


def table_rows(table: Table) -> SafeString:
    """The tr elements of a table's body."""
    cell = _bare_cell if table.scrolls else _cell
    return mark_safe("".join([_row(row, cell) for row in table.rows]))  # noqa: S308  every text is escaped below


def _row(row: Row, cell: Callable[[Cell], str]) -> str:
    css = f' class="{row.css}"' if row.css else ""
    cells = "".join(map(cell, row.cells))
    lead = cell(row.lead) if row.lead else ""
    boosted = ' hx-boost="false"' if row.css == "chosen pinned" else ""
    head = f'<th scope="row">{_name(row.name, row.url, row.lang)}{_small(row.note)}</th>'
    return f"<tr{css}{boosted}>{lead}{head}{cells}</tr>\n"


def _name(name: str, url: str, lang: str = "") -> str:
    spoken = f' lang="{lang}"' if lang else ""
    if url and name:
        return f'<a href="{escaped(url)}"{spoken}>{escaped(name)}</a>'
    return f"<span{spoken}>{escaped(name)}</span>" if lang else escaped(name)


def _small(note: str) -> str:
    return f" <small>{escaped(note)}</small>" if note else ""


def _cell(cell: Cell) -> str:
    label = f' data-label="{escaped(cell.label)}"' if cell.label else ""
    if cell.missing:
        return f'<td class="{f"missing-value {cell.css}".strip()}"{label}>{escaped(cell.missing)}</td>'
    css = f' class="{cell.css}"' if cell.css else ""
    text = _name(cell.text, cell.url)
    if cell.bar:
        text = f'<span class="barred">{text}{bar_svg(cell.bar)}</span>'
    if cell.span:
        text = f"{span_svg(cell.span)}{text}"
    return f"<td{css}{label}>{text}{_small(cell.note)}</td>"


def _bare_cell(cell: Cell) -> str:
    """A cell of a table that never becomes cards: without the column's name."""
    if cell.missing:
        return f'<td class="missing-value">{escaped(cell.missing)}</td>'
    css = f' class="{cell.css}"' if cell.css else ""
    text = _name(cell.text, cell.url)
    if cell.bar:
        text = f'<span class="barred">{text}{bar_svg(cell.bar)}</span>'
    return f"<td{css}>{text}{_small(cell.note)}</td>"


class Heads(NamedTuple):
    """The heads of the tables of indicators, repeated in their cells for phones.

    ``score``: the word before a score; ``together``: the words before the score that leads to its proof.
    """

    name: str
    value: str
    rank: str
    median: str
    strip: str
    spark: str
    score: str
    together: str


def ladder_themes(themes: Iterable[ThemeRow], *words: str) -> SafeString:
    """The details elements of an area's themes, each with the table of its indicators; ``words`` are the Heads."""
    heads = Heads(*map(escaped, words))
    return mark_safe("".join([_theme(theme, heads) for theme in themes]))  # noqa: S308  every text is escaped below


def _theme(theme: ThemeRow, heads: Heads) -> str:
    score = f"{heads.score} {escaped(theme.score)}" if theme.score else ""
    strip = theme.strip or (f'<span class="small muted strip">{escaped(theme.reason)}</span>' if theme.reason else "")
    proof = f'<p class="small">{heads.together} <a href="{escaped(theme.proof)}">{score}</a></p>\n' if score else ""
    rows = "".join([_indicator(row, heads) for row in theme.rows])
    return (
        f'<details id="{escaped(theme.slug)}"{" open" if theme.open else ""}><summary>'
        f'<span class="name">{escaped(theme.name)}</span>'
        f'<span class="rank">{escaped(theme.rank)} <span class="muted">{escaped(theme.of)}</span></span>'
        f'<span class="number">{score}</span>{strip}</summary>\n'
        f"{proof}{_table_head(theme.name, heads)}{rows}</tbody></table></div></details>\n"
    )


@lru_cache(maxsize=512)
def _table_head(caption: str, heads: Heads) -> str:
    """What the rows have in common, read aloud, and the heads of the columns."""
    return (
        f'<div class="table"><table><caption class="visually-hidden">{escaped(caption)}</caption><thead><tr>'
        f'<th scope="col">{heads.name}</th><th scope="col" class="number">{heads.value}</th>'
        f'<th scope="col">{heads.rank}</th><th scope="col" class="number">{heads.median}</th>'
        f'<th scope="col" class="wide">{heads.strip}</th><th scope="col">{heads.spark}</th></tr></thead><tbody>\n'
    )


def _indicator(row: IndicatorRow, heads: Heads) -> str:
    """A row: what is its own, between the four parts that it shares with the rows of other municipalities."""
    name, source, strip, end = _shared(row.indicator, heads)
    note = f" · <b>{escaped(row.note)}</b>" if row.note else ""
    spark = f'<td data-label="{heads.spark}">{_story(row, heads)}</td>' if row.spark else "<td></td>"
    return f"{name}{note}{source}{_figures(row, heads)}{strip}{own_mark(row.own)}{end}{spark}</tr>\n"


def _story(row: IndicatorRow, heads: Heads) -> str:
    """The spark, leading to the figure over the years where there is such a page."""
    if not row.story:
        return row.spark
    return f'<a href="{escaped(row.story)}" aria-label="{heads.spark}">{row.spark}</a>'


def _figures(row: IndicatorRow, heads: Heads) -> str:
    if row.missing:
        return f'<td class="missing-value" data-label="{heads.value}" colspan="2">{escaped(row.missing)}</td>'
    value = f'<a href="{escaped(row.trace)}">{escaped(row.value)}</a>' if row.trace else escaped(row.value)
    of = f' <span class="muted">{escaped(row.of)}</span>' if row.of else ""
    return (
        f'<td class="number value" data-label="{heads.value}">{value} <small>{escaped(row.year)}</small></td>'
        f'<td class="nowrap" data-label="{heads.rank}">{escaped(row.rank)}{of}</td>'
    )


@lru_cache(maxsize=4096)
def _shared(one: IndicatorText, heads: Heads) -> tuple[str, str, str, str]:
    """The parts that say the same on every municipality's page: name, source, median with the strip, its end."""
    strip, end = around_mark(escaped(one.sprite), escaped(one.code))
    median = f'<td class="number" data-label="{heads.median}">{escaped(one.median)}</td>'
    return (
        f'<tr><th scope="row"><a href="{escaped(one.url)}">{escaped(one.name)}</a> <small>{escaped(one.direction)}',
        f'<span class="source"> · {escaped(one.source)}</span></small></th>',
        f'{median}<td data-label="{heads.strip}">{strip}',
        f"{end}</td>",
    )
