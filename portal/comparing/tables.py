"""The tables of a comparison: the whole and its areas, then each area with its themes and indicators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from django.utils.translation import gettext as _

from indicators.models import Direction, Municipality
from portal.addresses.links import Links
from portal.addresses.numbers import Proofs
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting
from portal.language import phrases as words
from portal.published.catalogue import IndicatorEntry, areas_of, catalogue, themes_of
from portal.published.edition import Shown
from portal.published.rows import OVERALL_KEY, Key, Placed
from portal.published.subjects import OVERALL, localised


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the comparison, with its heading."""

    name: str
    code: str
    table: Table


@dataclass(frozen=True)
class Compared:
    """Who is compared: the municipalities, their placements by subject, and perhaps those of the whole group."""

    municipalities: Sequence[Municipality]
    placements: Mapping[int, Mapping[Key, Placed]]
    group_name: str
    group: Mapping[Key, Sequence[Placed]]
    proofs: Proofs

    def of(self, key: Key, code: str) -> list[tuple[Placed | None, str]]:
        """What each has in a subject, and where its proof lies."""
        return [
            (self.placements.get(one.pk, {}).get(key), self.proofs.url(one.code, code)) for one in self.municipalities
        ]


def sections_of(shown: Shown, compared: Compared, links: Links) -> tuple[Section, ...]:
    """Every subject of the edition, in the order of the catalogue."""
    entries = catalogue(shown.edition)
    heads = _heads(compared)
    top = [_score_row(compared, heads, _("Samlet"), links.ranking(), (OVERALL_KEY, OVERALL.code))]
    top += [
        _score_row(compared, heads, localised(area, "name"), links.area(area.slug), (("area", area.pk), area.slug))
        for area in areas_of(entries)
    ]
    sections = [Section(_("Samlet og områder"), "", _table(heads, _("Samlet og områder"), top))]
    rows: dict[str, list[Row]] = {}
    for theme, members in themes_of(entries).items():
        own = rows.setdefault(theme.area.code, [])
        key = (("theme", theme.pk), theme.code)
        own.append(_score_row(compared, heads, localised(theme, "name"), links.theme(theme.code), key, "group-start"))
        own += [_value_row(compared, heads, one, links) for one in members]
    for area in areas_of(entries):
        name = localised(area, "name")
        sections.append(Section(name, area.code, _table(heads, name, rows[area.code])))
    return tuple(sections)


def _table(heads: Sequence[str], caption: str, rows: Sequence[Row]) -> Table:
    columns = (Column(_("Emne")), *(Column(name, css="number") for name in heads))
    return Table(caption, columns, tuple(rows), css="compared")


def _heads(compared: Compared) -> list[str]:
    heads = [municipality.name for municipality in compared.municipalities]
    if compared.group_name:
        heads.append(_("Median, %(group)s") % {"group": compared.group_name})
    return heads


def _score_row(
    compared: Compared, heads: Sequence[str], name: str, url: str, what: tuple[Key, str], css: str = ""
) -> Row:
    key, code = what
    placements = compared.of(key, code)
    best = _best_rank(placements)
    cells = []
    for head, (own, proof) in zip(heads, placements, strict=False):
        if own is None or own.rank is None:
            cells.append(Cell("", head, css="number", missing=words.rank(None)))
        else:
            cells.append(Cell(words.score(own), head, note=_note(own, best), css="number", url=proof))
    if compared.group_name:
        scores = [one.score for one in compared.group.get(key, ()) if one.rank and one.score is not None]
        cells.append(Cell(formatting.score(median(scores)) if scores else "", heads[-1], css="number"))
    return Row(name, url, css=css, cells=tuple(cells))


def _value_row(compared: Compared, heads: Sequence[str], indicator: IndicatorEntry, links: Links) -> Row:
    key = ("indicator", indicator.pk)
    placements = compared.of(key, indicator.code)
    best = _best_rank(placements) if indicator.direction != Direction.NEUTRAL else None
    cells = []
    for head, (own, proof) in zip(heads, placements, strict=False):
        if own is None or own.missing:
            kind = formatting.missing(own.missing) if own else _("ikke med i denne udgave")
            cells.append(Cell("", head, css="number", missing=kind))
        else:
            text = _figure(indicator, own.value)
            cells.append(Cell(text, head, note=_note(own, best), css="number", url=proof))
    if compared.group_name:
        values = [one.value for one in compared.group.get(key, ()) if one.value is not None]
        cells.append(Cell(_figure(indicator, median(values) if values else None), heads[-1], css="number"))
    name, unit = localised(indicator, "name"), words.unit(indicator)
    note = f"{unit} · {words.direction(indicator)}" if formatting.is_long(unit) else words.direction(indicator)
    return Row(name, links.indicator(indicator.code), note=note, cells=tuple(cells))


def _figure(indicator: IndicatorEntry, value: float | None) -> str:
    """A value; a unit of several words stands at the head of the row instead of in every cell."""
    if value is not None and formatting.is_long(words.unit(indicator)):
        return formatting.number(value, indicator.decimals)
    return words.value(indicator, value)


def _best_rank(placements: Sequence[tuple[Placed | None, str]]) -> int | None:
    """The best rank among them; None where fewer than two have one, or all have the same."""
    ranks = [own.rank for own, _proof in placements if own and own.rank]
    return min(ranks) if len(set(ranks)) > 1 else None


def _note(own: Placed, best: int | None) -> str:
    place = words.rank_in_text(own)
    return f"{place}, {_('bedst')}" if best is not None and own.rank == best else place
