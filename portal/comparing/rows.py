"""What those compared have in every subject of an edition: a row each, with how far apart they lie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from portal.addresses import Links, Proofs
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.published import Direction, Municipality
from portal.published.edition import ShownEdition, Statements
from portal.published.rows import OVERALL_KEY, Key, PlacementRow
from portal.published.subjects import OVERALL, IndicatorEntry, areas_of, catalogue, localised, themes_of

CROWD = 4  # a place shared with so many others is told by their number


@dataclass(frozen=True)
class Compared:
    """Who is compared: the municipalities, their placements by subject, and perhaps those of the whole group."""

    municipalities: Sequence[Municipality]
    placements: Mapping[int, Mapping[Key, PlacementRow]]
    group_name: str
    group: Mapping[Key, Sequence[PlacementRow]]
    proofs: Proofs
    said: Statements
    by_difference: bool = False

    def of(self, key: Key, code: str) -> list[tuple[PlacementRow | None, str, str]]:
        """What each has in a subject, where its proof lies, and the tag that stands beside exactly that."""
        return [
            (self.placements.get(one.pk, {}).get(key), self.proofs(one.code, code), self.said.tag(one.code, code))
            for one in self.municipalities
        ]


def sections_of(shown: ShownEdition, compared: Compared, links: Links) -> tuple[dict[str, Any], ...]:
    """Every subject of the edition, in the order of the catalogue: an area's themes, and its figures to unfold."""
    entries = catalogue(shown.edition)
    heads = heads_of(compared)
    top = [_score_row(compared, heads, _("Samlet"), links.ranking(), (OVERALL_KEY, OVERALL.code))]
    top += [
        _score_row(compared, heads, localised(area, "name"), links.area(area.slug), (("area", area.pk), area.slug))
        for area in areas_of(entries)
    ]
    name = _("Samlet og områder")
    sections = [dict(name=name, code="", table=_table(heads, name, top), figures=None, count=0)]
    themes: dict[str, list[Row]] = {}
    figures: dict[str, list[tuple[float, Row]]] = {}
    for theme, members in themes_of(entries).items():
        key = (("theme", theme.pk), theme.code)
        row = _score_row(compared, heads, localised(theme, "name"), links.theme(theme.code), key)
        themes.setdefault(theme.area.code, []).append(row)
        own = figures.setdefault(theme.area.code, [])
        own += [(_apart(compared, one), _value_row(compared, heads, one, links)) for one in members]
    for area in areas_of(entries):
        name = localised(area, "name")
        rows = figures[area.code]
        if compared.by_difference:
            rows = sorted(rows, key=lambda pair: -pair[0])
        sections.append(
            dict(
                name=name,
                code=area.code,
                table=_table(heads, name, themes[area.code]),
                figures=_table(heads, _("%(area)s: alle tal") % {"area": name}, [row for _size, row in rows]),
                count=len(rows),
            )
        )
    return tuple(sections)


def _table(heads: Sequence[str], caption: str, rows: Sequence[Row]) -> Table:
    columns = (Column(_("Emne")), *(Column(name, css="number") for name in heads))
    return Table(caption, columns, tuple(rows), css="compared")


def heads_of(compared: Compared) -> list[str]:
    """The names of the columns: who is compared, the middle they are set against, and how far apart they lie."""
    heads = [municipality.name for municipality in compared.municipalities]
    if compared.group_name:
        heads.append(_("Midten, %(group)s") % {"group": compared.group_name})
    return [*heads, _("Forskel")]


def _score_row(compared: Compared, heads: Sequence[str], name: str, url: str, what: tuple[Key, str]) -> Row:
    key, code = what
    placements = compared.of(key, code)
    best = _best_rank(placements)
    cells = []
    known = [own.printed for own, _proof, _tag in placements if own and own.rank and own.printed is not None]
    for head, (own, proof, tag) in zip(heads, placements, strict=False):
        if own is None or own.rank is None:
            cells.append(Cell("", head, css="number", missing=phrases.rank(None)))
        else:
            cells.append(Cell(phrases.score(own), head, note=_note(own, best, tag), css=_css(own, best), url=proof))
    if compared.group_name:
        scores = [one.printed for one in compared.group.get(key, ()) if one.rank and one.printed is not None]
        cells.append(Cell(formatting.score(median(scores)) if scores else "", heads[len(placements)], css="number"))
        known += [median(scores)] if scores else []
    size = _spread(known, 1)
    said = "" if size is None else _("%(size)s point") % {"size": formatting.number(size, 1)}
    cells.append(_difference(said, heads[-1]))
    return Row(name, url, cells=tuple(cells))


def _value_row(compared: Compared, heads: Sequence[str], indicator: IndicatorEntry, links: Links) -> Row:
    key = ("indicator", indicator.pk)
    placements = compared.of(key, indicator.code)
    best = _best_rank(placements) if indicator.direction != Direction.NEUTRAL else None
    cells = []
    known = [own.value for own, _proof, _tag in placements if own and own.value is not None]
    for head, (own, proof, tag) in zip(heads, placements, strict=False):
        if own is None or own.missing:
            kind = formatting.missing(own.missing) if own else _("ikke med i denne udgave")
            cells.append(Cell("", head, css="number", missing=kind))
        else:
            text = phrases.short_value(indicator, own.value)
            cells.append(Cell(text, head, note=_note(own, best, tag), css=_css(own, best), url=proof))
    if compared.group_name:
        values = [one.value for one in compared.group.get(key, ()) if one.value is not None]
        head = heads[len(placements)]
        cells.append(Cell(phrases.short_value(indicator, median(values) if values else None), head, css="number"))
        known += [median(values)] if values else []
    cells.append(_difference(_difference_says(indicator, known), heads[-1]))
    name, unit = localised(indicator, "name"), phrases.unit(indicator)
    note = f"{unit} · {phrases.direction(indicator)}" if formatting.is_long(unit) else phrases.direction(indicator)
    return Row(name, links.indicator(indicator.code), note=note, cells=tuple(cells))


def _spread(known: Sequence[float], decimals: int) -> float | None:
    """How far the highest lies from the lowest, of what is printed; None where there are not two."""
    printed = [formatting.rounded(one, decimals) for one in known]
    return max(printed) - min(printed) if len(printed) > 1 else None


def _difference_says(indicator: IndicatorEntry, known: Sequence[float]) -> str:
    """The distance from the lowest to the highest in the indicator's unit; of yes and no, whether they agree."""
    size = _spread(known, indicator.decimals)
    if size is None:
        return ""
    if formatting.is_yes_no(indicator.unit):
        return _("forskellige svar") if size else _("samme svar")
    unit = phrases.unit(indicator)
    text = formatting.number(size, indicator.decimals)
    return f"{text} {_('procentpoint')}" if unit == "%" else text


def _difference(text: str, head: str) -> Cell:
    return Cell(text, head, css="number difference", missing="" if text else _("kan ikke sammenlignes"))


def _apart(compared: Compared, indicator: IndicatorEntry) -> float:
    """How far apart they lie in points of score, the one scale that all figures share; what nobody can compare last."""
    key = ("indicator", indicator.pk)
    known = [own.score for own, _proof, _tag in compared.of(key, indicator.code) if own and own.score is not None]
    if compared.group_name:
        scores = [one.score for one in compared.group.get(key, ()) if one.score is not None]
        known += [median(scores)] if scores else []
    return max(known) - min(known) if len(known) > 1 else -1.0


def _css(own: PlacementRow, best: int | None) -> str:
    return "number best" if best is not None and own.rank == best else "number"


def _best_rank(placements: Sequence[tuple[PlacementRow | None, str, str]]) -> int | None:
    """The best rank among them; None where fewer than two have one, or all have the same."""
    ranks = [own.rank for own, _proof, _tag in placements if own and own.rank]
    return min(ranks) if len(set(ranks)) > 1 else None


def _note(own: PlacementRow, best: int | None, tag: str) -> str:
    """Its place; of a shared one with how many; that it is the best of those compared; what is said of it."""
    place = phrases.rank_in_text(own)
    if own.rank and own.rank_last and own.rank_last - own.rank >= CROWD:
        place = _("delt nr. %(rank)s med %(others)s andre") % {"rank": own.rank, "others": own.rank_last - own.rank}
    best_of_them = _("højest af dem") if best is not None and own.rank == best else ""
    return ", ".join(filter(None, [place, best_of_them, phrases.rests_on(own), tag]))
