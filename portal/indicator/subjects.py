"""The catalogue as pages: all indicators, an area, a theme."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.charts.lines import Grid, LineChart, line_chart
from portal.charts.scale import Series
from portal.components.developments import with_axis
from portal.components.indicator_rows import source
from portal.components.links import Link, citation, page_files, pinned, ranking_csv, these_rows
from portal.components.said import all_quoted
from portal.components.spread_over_time import spread_over_time
from portal.components.subject import distribution_of, legend_of, my_line, spread_sentence, subject_map
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.practices.boxes import box_of_theme
from portal.published import Municipality
from portal.published.edition import ShownEdition, method_breaks
from portal.published.ranking import ask
from portal.published.rows import SpreadRow, spread_rows_over_editions
from portal.published.subjects import AreaEntry, IndicatorEntry, Subject, catalogue, localised, themes_of

FIRST = 5


def development_chart(shown: ShownEdition, spreads: list[SpreadRow | None]) -> LineChart | None:
    """The median score and the quartiles; None with a single edition. A change of method is a marked break."""
    if len(shown.years) < 2:
        return None
    chart = line_chart(
        [
            Series(_("Median"), [row.median if row else None for row in spreads], "chosen"),
            Series(_("Nedre kvartil"), [row.lower_quartile if row else None for row in spreads], "context"),
            Series(_("Øvre kvartil"), [row.upper_quartile if row else None for row in spreads], "context"),
        ],
        [edition.year for edition in shown.years],
        text=formatting.score,
        says=_("Scoren i hver udgave: den midterste halvdel af kommunerne ligger mellem kvartilerne."),
        breaks=method_breaks(shown.years),
        grid=Grid(formatting.number),
    )
    return with_axis(chart)


def development_table(shown: ShownEdition, spreads: list[SpreadRow | None]) -> Table:
    """The same as a table, newest first."""
    heads = (_("Median"), _("Nedre kvartil"), _("Øvre kvartil"), _("Laveste"), _("Højeste"), _("Placerede kommuner"))
    notes = method_breaks(shown.years)
    rows = []
    for edition, row in zip(reversed(shown.years), reversed(spreads), strict=True):
        scores = (row.median, row.lower_quartile, row.upper_quartile, row.lowest, row.highest) if row else (None,) * 5
        texts = ["" if score is None else formatting.score(score) for score in scores]
        cells = zip((*texts, str(row.n) if row else ""), heads, strict=True)
        missing = "" if row else _("ikke med i udgaven")
        rows.append(
            Row(
                str(edition.year),
                note=notes.get(edition.year, ""),
                cells=tuple(Cell(text, head, css="number", missing=missing) for text, head in cells),
            )
        )
    columns = (Column(_("Udgave")), *(Column(head, css="number") for head in heads))
    return Table(_("Scorens udvikling"), columns, tuple(rows))


def indicators_page(shown: ShownEdition) -> dict[str, Any]:
    """List everything the edition measures, in one query."""
    links = Links(shown.prefix)
    areas = _listed(catalogue(shown.edition), links)
    themes = [theme for area in areas for theme in area["themes"]]
    count = sum(len(theme["indicators"]) for theme in themes)
    rows = these_rows(len(areas) + len(themes) + count)
    downloads = page_files(links.to("indicators-csv"), shown)
    return dict(count=count, areas=areas, rows=rows, downloads=downloads, need_url=links.to("need"))


def _listed(entries: list[IndicatorEntry], links: Links) -> tuple[dict[str, Any], ...]:
    areas: dict[AreaEntry, list[dict[str, Any]]] = {}
    for theme, members in themes_of(entries).items():
        listed = dict(
            name=localised(theme, "name"),
            url=links.theme(theme.code),
            description=localised(theme, "description"),
            indicators=tuple(
                dict(
                    name=localised(one, "name"),
                    url=links.indicator(one.code),
                    how=f"{formatting.unit_name(phrases.unit(one))} · {phrases.direction(one)}",
                    source=source(one),
                )
                for one in members
            ),
        )
        areas.setdefault(theme.area, []).append(listed)
    return tuple(
        dict(code=area.code, name=localised(area, "name"), url=links.area(area.slug), themes=tuple(themes))
        for area, themes in areas.items()
    )


def area_page(shown: ShownEdition, subject: Subject, mine: Municipality | None = None) -> dict[str, Any]:
    """Gather an area's page."""
    entries = [one for one in catalogue(shown.edition) if subject.area and one.theme.area.pk == subject.area.pk]
    return _subject_page(shown, subject, _("Område"), entries, mine)


def theme_page(shown: ShownEdition, subject: Subject, mine: Municipality | None = None) -> dict[str, Any]:
    """Gather a theme's page."""
    entries = [one for one in catalogue(shown.edition) if subject.theme and one.theme.pk == subject.theme.pk]
    page = _subject_page(shown, subject, _("Tema"), entries, mine)
    if subject.theme is None:
        return page
    voices = all_quoted(shown.said.voices_on(theme=subject.theme.code))
    return page | {"practices": box_of_theme(shown, subject.theme.pk), "voices": voices}


def _subject_page(
    shown: ShownEdition, subject: Subject, kind: str, entries: list[IndicatorEntry], mine: Municipality | None
) -> dict[str, Any]:
    links = Links(shown.prefix)
    answer = ask(shown, subject, QueryDict(), children=False)
    spreads = spread_rows_over_editions(subject.where, shown.years)
    placements = [line.placement for line in answer.lines]
    ranked = [row for row in placements if row.rank is not None]
    area = subject.area_of
    return dict(
        name=subject.name,
        kind=kind,
        code=area.code if area else "",
        description=localised(subject.area or subject.theme, "description"),
        trail=_trail(subject, links),
        spread=spread_sentence(answer.spreads.get(subject.code)),
        over_time=spread_over_time(shown, subject),
        my_line=my_line(answer, mine),
        my_url=links.municipality(mine.slug) if mine else "",
        map=subject_map(subject, placements, links, said=shown.said, mine=mine),
        legend=legend_of(subject, placements, _("ikke placeret")),
        top=tuple(
            dict(
                place=formatting.number_range(row.rank or 0, row.rank_last or 0),
                name=row.municipality.name,
                url=links.municipality(row.municipality.slug),
                score=phrases.score(row),
            )
            for row in ranked
            if (row.rank or 0) <= FIRST  # all who share the fifth place
        ),
        ranking_url=subject.ranking(links),
        downloads=page_files(ranking_csv(subject, links), shown),
        citation=citation(shown, subject.name),
        permalink=pinned(subject.page(Links(f"@{shown.edition.release}"))),
        url=subject.page(links),
        rows=formatting.count(len(placements), _("række"), _("rækker")),
        themes=tuple(theme for listed in _listed(entries, links) for theme in listed["themes"]),
        chart=distribution_of(answer, links, mine) if ranked else None,
        development=development_chart(shown, spreads),
        table=development_table(shown, spreads),
        edition=_("udgave %(release)s") % {"release": shown.edition.release},
    )


def _trail(subject: Subject, links: Links) -> tuple[Link, ...]:
    steps = [Link(_("Indikatorer"), links.to("indicators"))]
    if subject.theme:
        steps.append(Link(localised(subject.theme.area, "name"), links.area(subject.theme.area.slug)))
    return (*steps, Link(subject.name))
