"""The themes and indicators of a ladder, written in Python as the rows of large tables are (see table_rows).

A municipality's page has 103 rows of which only some figures are its own. What a row says of its indicator is put in
markup once (``_shared``) and kept by what it says; a page then joins it with its own. What the ladder looks like is
told in templates/components/ladder.html, which is the only one to call this tag.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django import template
from django.utils.safestring import SafeString, mark_safe

from portal.charts.strip import around_mark, own_mark
from portal.components.escaped import escaped
from portal.components.indicator_rows import IndicatorRow, IndicatorText
from portal.municipality.ladder import ThemeRow

register = template.Library()


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


@register.simple_tag
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
    spark = f'<td data-label="{heads.spark}">{row.spark}</td>' if row.spark else "<td></td>"
    return f"{name}{note}{source}{_figures(row, heads)}{strip}{own_mark(row.own)}{end}{spark}</tr>\n"


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
