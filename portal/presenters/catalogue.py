"""The catalogue as pages: all indicators, an area, a theme."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from indicators.models import Indicator
from portal import formatting
from portal.charts.maps import Map, Step, legend
from portal.links import Links
from portal.presenters import words
from portal.presenters.downloads import page_files, ranking_csv
from portal.presenters.home import Top, spread_sentence, subject_map
from portal.presenters.links import Link, citation, pinned
from portal.ranking import ask
from portal.shown import Shown
from portal.subjects import Subject, localised


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


def indicators_page(shown: Shown) -> IndicatorsPage:
    """List everything the edition measures, in one query."""
    areas = _listed(shown, Links(shown.prefix))
    count = sum(len(theme.indicators) for area in areas for theme in area.themes)
    return IndicatorsPage(count, areas)


def _listed(shown: Shown, links: Links, **only: object) -> tuple[ListedArea, ...]:
    rows = (
        Indicator.objects.filter(Q(criterion__edition=shown.edition), **only)
        .select_related("theme__area", "source")
        .order_by("position")
    )
    areas: dict[object, dict[object, list[ListedIndicator]]] = {}
    for row in rows:
        if row.theme is None:
            continue
        listed = ListedIndicator(
            localised(row, "name"),
            links.indicator(row.code),
            f"{formatting.unit_name(row.unit)} · {words.direction(row)}",
            localised(row.source, "name") or row.source.name,
        )
        areas.setdefault(row.theme.area, {}).setdefault(row.theme, []).append(listed)
    return tuple(
        ListedArea(
            area.code,  # type: ignore[attr-defined]
            localised(area, "name"),
            links.area(area.slug),  # type: ignore[attr-defined]
            tuple(
                ListedTheme(
                    localised(theme, "name"),
                    links.theme(theme.code),  # type: ignore[attr-defined]
                    localised(theme, "description"),
                    tuple(indicators),
                )
                for theme, indicators in themes.items()
            ),
        )
        for area, themes in areas.items()
    )


def area_page(shown: Shown, subject: Subject) -> SubjectPage:
    """Gather an area's page."""
    return _subject_page(shown, subject, _("Område"), {"theme__area": subject.area})


def theme_page(shown: Shown, subject: Subject) -> SubjectPage:
    """Gather a theme's page."""
    return _subject_page(shown, subject, _("Tema"), {"theme": subject.theme})


def _subject_page(shown: Shown, subject: Subject, kind: str, only: dict[str, object]) -> SubjectPage:
    links = Links(shown.prefix)
    answer = ask(shown, subject, QueryDict(), children=False)
    for line in answer.lines:
        line.placement.municipality = line.municipality
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
        themes=tuple(theme for listed in _listed(shown, links, **only) for theme in listed.themes),
    )
