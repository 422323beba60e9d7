"""Two to five municipalities side by side, or one against the median of its kommunegruppe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from django.http import QueryDict
from django.utils.translation import gettext as _

from indicators.models import Area, Direction, Indicator, Municipality, Theme
from portal import formatting
from portal.charts.lines import LineChart, Series, line_chart
from portal.links import Links
from portal.presenters import words
from portal.presenters.links import Link, pinned
from portal.presenters.tables import Cell, Column, Row, Table
from portal.shown import Shown
from portal.subjects import localised
from rankings.models import Level, Placement

MOST = 5
GROUP = "gruppe"
Key = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """A select of the form."""

    number: int
    slug: str


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the comparison, with its heading."""

    name: str
    code: str
    table: Table


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """Everything the page shows, as text."""

    title: str
    says: str
    choices: tuple[Choice, ...]
    municipalities: tuple[tuple[str, str], ...]
    against_group: bool
    action: str
    sections: tuple[Section, ...]
    chart: LineChart | None
    permalink: str
    too_many: bool
    actions: tuple[Link, ...]


@dataclass(frozen=True)
class Compared:
    """Who is compared: the municipalities, their placements by subject, and perhaps the group's medians."""

    municipalities: Sequence[Municipality]
    placements: Mapping[int, Mapping[Key, Placement]]
    group_name: str
    group: Mapping[Key, Sequence[Placement]]


def comparison_page(shown: Shown, query: QueryDict, path: str) -> ComparisonPage:
    """Gather the comparison in at most six queries after the edition's own."""
    everyone = list(Municipality.objects.in_danish_order())
    by_slug = {municipality.slug: municipality for municipality in everyone}
    asked = list(dict.fromkeys(slug for slug in query.getlist("kommune") if slug in by_slug))
    chosen = [by_slug[slug] for slug in asked[:MOST]]
    against_group = query.get("mod") == GROUP and len(chosen) == 1
    compared = _compared(shown, chosen, everyone if against_group else [])
    links = Links(shown.prefix)
    enough = len(chosen) > 1 or against_group
    return ComparisonPage(
        title=formatting.joined([municipality.name for municipality in chosen]) or _("Sammenlign kommuner"),
        says=_says(compared) if enough else "",
        choices=tuple(Choice(number + 1, asked[number] if number < len(asked) else "") for number in range(MOST)),
        municipalities=tuple((municipality.slug, municipality.name) for municipality in everyone),
        against_group=against_group,
        action=path,
        sections=_sections(shown, compared, links) if enough else (),
        chart=_chart(shown, chosen) if enough else None,
        permalink=pinned(Links(f"@{shown.edition.release}").to("comparison"), query) if enough else "",
        too_many=len(asked) > MOST,
        actions=tuple(Link(one.name, links.municipality(one.slug)) for one in chosen),
    )


def _compared(shown: Shown, chosen: list[Municipality], everyone: list[Municipality]) -> Compared:
    group = [one for one in everyone if chosen and one.kommunegruppe == chosen[0].kommunegruppe]
    rows = Placement.objects.filter(edition=shown.edition, municipality__in=group or chosen)
    by_municipality: dict[int, dict[Key, Placement]] = {}
    by_subject: dict[Key, list[Placement]] = {}
    for row in rows:
        key = (str(row.level), row.area_id or row.theme_id or row.indicator_id)
        by_municipality.setdefault(row.municipality_id, {})[key] = row
        by_subject.setdefault(key, []).append(row)
    name = _(chosen[0].kommunegruppe) if group else ""
    return Compared(chosen, by_municipality, name, by_subject if group else {})


def _says(compared: Compared) -> str:
    if compared.group_name:
        return _("%(name)s ved siden af medianen for %(group)s.") % {
            "name": compared.municipalities[0].name,
            "group": compared.group_name.lower(),
        }
    ranked = [
        (placement.rank, municipality.name)
        for municipality in compared.municipalities
        if (placement := compared.placements.get(municipality.pk, {}).get(("overall", None))) and placement.rank
    ]
    if len(ranked) < 2:
        return ""
    best = min(ranked)
    return _("Samlet ligger %(name)s bedst af dem, %(place)s.") % {
        "name": best[1],
        "place": formatting.rank_in_text(best[0]),
    }


def _sections(shown: Shown, compared: Compared, links: Links) -> tuple[Section, ...]:
    indicators = list(
        Indicator.objects.filter(criterion__edition=shown.edition).select_related("theme__area").order_by("position")
    )
    areas: dict[Area, dict[Theme, list[Indicator]]] = {}
    for one in indicators:
        if one.theme:
            areas.setdefault(one.theme.area, {}).setdefault(one.theme, []).append(one)
    top = [_score_row(compared, _("Samlet"), links.ranking(), ("overall", None))]
    top += [
        _score_row(compared, localised(area, "name"), links.area(area.slug), (Level.AREA.value, area.pk))
        for area in areas
    ]
    sections = [Section(_("Samlet og områder"), "", _table(compared, _("Samlet og områder"), top))]
    for area, themes in areas.items():
        rows = []
        for theme, members in themes.items():
            key = (Level.THEME.value, theme.pk)
            rows.append(_score_row(compared, localised(theme, "name"), links.theme(theme.code), key, css="group-start"))
            rows += [_value_row(compared, one, links) for one in members]
        name = localised(area, "name")
        sections.append(Section(name, area.code, _table(compared, name, rows)))
    return tuple(sections)


def _table(compared: Compared, caption: str, rows: Sequence[Row]) -> Table:
    return Table(caption, (Column(_("Emne")), *(Column(name, css="number") for name in _heads(compared))), tuple(rows))


def _heads(compared: Compared) -> list[str]:
    heads = [municipality.name for municipality in compared.municipalities]
    if compared.group_name:
        heads.append(_("Median, %(group)s") % {"group": compared.group_name})
    return heads


def _score_row(compared: Compared, name: str, url: str, key: Key, css: str = "") -> Row:
    placements = [compared.placements.get(one.pk, {}).get(key) for one in compared.municipalities]
    ranks = [placement.rank for placement in placements if placement and placement.rank]
    best = min(ranks) if len(ranks) > 1 else None
    cells = []
    for head, placement in zip(_heads(compared), placements, strict=False):
        if placement is None or placement.rank is None:
            cells.append(Cell("", head, css="number", missing=words.rank(None)))
            continue
        note = f"{words.rank_in_text(placement)}{_best(placement.rank == best)}"
        cells.append(Cell(words.score(placement), head, note=note, css="number"))
    if compared.group_name:
        scores = [one.score for one in compared.group.get(key, ()) if one.rank and one.score is not None]
        cells.append(Cell(formatting.score(median(scores)) if scores else "", _heads(compared)[-1], css="number"))
    return Row(name, url, css=css, cells=tuple(cells))


def _value_row(compared: Compared, indicator: Indicator, links: Links) -> Row:
    key = (Level.INDICATOR.value, indicator.pk)
    placements = [compared.placements.get(one.pk, {}).get(key) for one in compared.municipalities]
    ranks = [placement.rank for placement in placements if placement and placement.rank]
    best = min(ranks) if len(ranks) > 1 and indicator.direction != Direction.NEUTRAL else None
    cells = []
    for head, placement in zip(_heads(compared), placements, strict=False):
        if placement is None or placement.missing:
            kind = formatting.missing(placement.missing) if placement else _("ikke med i denne udgave")
            cells.append(Cell("", head, css="number", missing=kind))
            continue
        note = f"{words.rank_in_text(placement)}{_best(best is not None and placement.rank == best)}"
        cells.append(Cell(words.value(indicator, placement.value), head, note=note, css="number"))
    if compared.group_name:
        values = [one.value for one in compared.group.get(key, ()) if one.value is not None]
        text = words.value(indicator, median(values)) if values else ""
        cells.append(Cell(text, _heads(compared)[-1], css="number"))
    name = localised(indicator, "name")
    return Row(name, links.indicator(indicator.code), note=words.direction(indicator), cells=tuple(cells))


def _best(is_best: bool) -> str:  # noqa: FBT001
    return f", {_('bedst')}" if is_best else ""


def _chart(shown: Shown, chosen: Sequence[Municipality]) -> LineChart | None:
    if len(shown.years) < 2:
        return None
    rows = Placement.objects.overall().filter(edition__in=shown.years, municipality__in=chosen)
    ranks = {(row.municipality_id, row.edition_id): row for row in rows}
    series = []
    for number, municipality in enumerate(chosen):
        found = [ranks.get((municipality.pk, edition.pk)) for edition in shown.years]
        values = [float(one.rank) if one and one.rank else None for one in found]
        series.append(Series(municipality.name, values, "chosen" if number == 0 else ""))
    return line_chart(
        series,
        [edition.year for edition in shown.years],
        text=lambda rank: formatting.rank_in_text(round(rank)),
        says=_("Den samlede placering i hver udgave; 1 står øverst."),
        ranks_of=max((row.n for row in ranks.values()), default=1),
    )
