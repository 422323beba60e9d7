"""The catalogue as pages: all indicators, an area, a theme."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.addresses.links import Links
from portal.charts.distribution import Distribution
from portal.charts.lines import LineChart
from portal.charts.maps import Map, Step, legend
from portal.components.indicator_rows import source
from portal.components.links import Link, citation, pinned
from portal.components.tables import Table
from portal.downloads.page import page_files, ranking_csv, these_rows
from portal.front.page import Top, spread_sentence, subject_map
from portal.indicator.subject_development import development_chart, development_table, spreads_over_editions
from portal.language import formatting
from portal.language import phrases as words
from portal.published.catalogue import AreaEntry, IndicatorEntry, catalogue, themes_of
from portal.published.edition import Shown
from portal.published.ranking import ask
from portal.published.subjects import Subject, localised
from portal.ranking.page import distribution_of


@dataclass(frozen=True, slots=True)
class ListedIndicator:
    """An indicator of the list."""

    name: str
    url: str
    how: str
    source: str


@dataclass(frozen=True, slots=True)
class ListedTheme:
    """A theme of the list."""

    name: str
    url: str
    description: str
    indicators: tuple[ListedIndicator, ...]


@dataclass(frozen=True, slots=True)
class ListedArea:
    """An area of the list."""

    code: str
    name: str
    url: str
    themes: tuple[ListedTheme, ...]


@dataclass(frozen=True, slots=True)
class IndicatorsPage:
    """All indicators of an edition."""

    count: int
    areas: tuple[ListedArea, ...]
    rows: str
    downloads: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """An area or a theme."""

    name: str
    kind: str
    code: str
    description: str
    trail: tuple[Link, ...]
    spread: str
    map: Map
    legend: tuple[Step, ...]
    top: tuple[Top, ...]
    ranking_url: str
    downloads: tuple[Link, ...]
    rows: str
    citation: str
    permalink: str
    url: str
    themes: tuple[ListedTheme, ...]
    chart: Distribution | None
    development: LineChart | None
    table: Table
    edition: str


def indicators_page(shown: Shown) -> IndicatorsPage:
    """List everything the edition measures, in one query."""
    links = Links(shown.prefix)
    areas = _listed(catalogue(shown.edition), links)
    themes = [theme for area in areas for theme in area.themes]
    count = sum(len(theme.indicators) for theme in themes)
    rows = these_rows(len(areas) + len(themes) + count)
    return IndicatorsPage(count, areas, rows, page_files(links.to("indicators-csv"), shown))


def _listed(entries: list[IndicatorEntry], links: Links) -> tuple[ListedArea, ...]:
    areas: dict[AreaEntry, list[ListedTheme]] = {}
    for theme, members in themes_of(entries).items():
        listed = ListedTheme(
            localised(theme, "name"),
            links.theme(theme.code),
            localised(theme, "description"),
            tuple(
                ListedIndicator(
                    localised(one, "name"),
                    links.indicator(one.code),
                    f"{formatting.unit_name(words.unit(one))} · {words.direction(one)}",
                    source(one),
                )
                for one in members
            ),
        )
        areas.setdefault(theme.area, []).append(listed)
    return tuple(
        ListedArea(area.code, localised(area, "name"), links.area(area.slug), tuple(themes))
        for area, themes in areas.items()
    )


def area_page(shown: Shown, subject: Subject) -> SubjectPage:
    """Gather an area's page."""
    entries = [one for one in catalogue(shown.edition) if subject.area and one.theme.area.pk == subject.area.pk]
    return _subject_page(shown, subject, _("Område"), entries)


def theme_page(shown: Shown, subject: Subject) -> SubjectPage:
    """Gather a theme's page."""
    entries = [one for one in catalogue(shown.edition) if subject.theme and one.theme.pk == subject.theme.pk]
    return _subject_page(shown, subject, _("Tema"), entries)


def _subject_page(shown: Shown, subject: Subject, kind: str, entries: list[IndicatorEntry]) -> SubjectPage:
    links = Links(shown.prefix)
    answer = ask(shown, subject, QueryDict(), children=False)
    spreads = spreads_over_editions(shown, subject)
    placements = [line.placement for line in answer.lines]
    ranked = [row for row in placements if row.rank is not None]
    n = placements[0].n if placements else 0
    area = subject.area_of
    trail = [Link(_("Indikatorer"), links.to("indicators"))]
    if subject.theme:
        trail.append(Link(localised(subject.theme.area, "name"), links.area(subject.theme.area.slug)))
    return SubjectPage(
        name=subject.name,
        kind=kind,
        code=area.code if area else "",
        description=localised(subject.area or subject.theme, "description"),
        trail=(*trail, Link(subject.name)),
        spread=spread_sentence(answer.spreads.get(subject.code)),
        map=subject_map(subject, placements, links),
        legend=legend(n, missing_text=_("ikke placeret") if len(ranked) < len(placements) else "") if n else (),
        top=tuple(
            Top(
                formatting.number_range(row.rank or 0, row.rank_last or 0),
                row.municipality.name,
                links.municipality(row.municipality.slug),
                words.score(row),
            )
            for row in ranked[:5]
        ),
        ranking_url=subject.ranking(links),
        downloads=page_files(ranking_csv(subject, links), shown),
        citation=citation(shown, subject.name),
        permalink=pinned(subject.page(Links(f"@{shown.edition.release}"))),
        url=subject.page(links),
        rows=formatting.count(len(placements), _("række"), _("rækker")),
        themes=tuple(theme for listed in _listed(entries, links) for theme in listed.themes),
        chart=distribution_of(answer) if ranked else None,
        development=development_chart(shown, spreads),
        table=development_table(shown, spreads),
        edition=_("udgave %(release)s") % {"release": shown.edition.release},
    )
