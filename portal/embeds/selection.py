"""Embeds that keep a selection: municipalities side by side, or on one indicator over chosen years."""

from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.charts.lines import LineChart, line_chart
from portal.charts.scale import Series
from portal.comparing.page import comparison_chart
from portal.components.developments import median_series
from portal.components.tables import Cell, Column, Row, Table
from portal.embeds.page import source_line
from portal.frame.of_an_edition import newer
from portal.language import formatting, phrases
from portal.published import Indicator, Level, Municipality
from portal.published.edition import ShownEdition
from portal.published.municipalities import municipality_named
from portal.published.rows import PlacementRow, filtered_placements, placement_rows, placements_on
from portal.published.subjects import OVERALL, Subject, areas_of_edition, localised
from portal.serving.middleware import Refused, refuse_repeated

MOST = 5
STYLES = ("chosen", "second", "third", "fourth", "fifth")
COMPARED = ["kommune", "mod"]
SELECTED = ["kommune", "fra", "til"]


def comparison_embed(shown: ShownEdition, query: QueryDict) -> dict[str, Any]:
    """The overall places over the editions, and this edition's overall and in each area, of up to five."""
    who, chart = comparison_chart(shown, query)
    chosen = _chosen(query)
    links = Links(shown.prefix)
    return dict(
        what="udvikling",
        title=_("%(names)s i Socialt Indeks %(year)s") % {"names": who, "year": shown.edition.year},
        says=chart.says if chart else "",
        source=source_line(OVERALL, shown),
        page_url=f"{links.to('comparison')}?{query.urlencode()}",
        release=shown.edition.release,
        newer=newer(shown),
        lines=chart,
        table=_places(shown, chosen, links),
    )


def _chosen(query: QueryDict) -> list[Municipality]:
    """Those that are asked for. Refused for one that nobody has, or more than can be told apart."""
    refuse_repeated(query, "kommune")
    slugs = list(dict.fromkeys(slug for slug in query.getlist("kommune") if slug))
    if len(slugs) > MOST:
        raise Refused(_("Der er plads til fem kommuner ad gangen."))
    found = [municipality_named(slug) for slug in slugs]
    if not slugs or None in found:
        raise Http404(_("Vælg kommuner, som vi kender: kommune=roedovre&kommune=greve."))
    return [one for one in found if one]


def _places(shown: ShownEdition, chosen: list[Municipality], links: Links) -> Table:
    rows = placements_on(shown.edition, [Level.OVERALL, Level.AREA]).filter(municipality__in=chosen)
    found = {(row.municipality_id, row.area_id): row for row in placement_rows(rows)}
    areas = list(areas_of_edition(shown.edition))
    heads = [_("Samlet"), *(localised(area, "name") for area in areas)]
    keys = [None, *(area.pk for area in areas)]
    return Table(
        _("Placeringer"),
        (Column(_("Kommune")), *(Column(head) for head in heads)),
        tuple(
            Row(
                one.name,
                links.municipality(one.slug),
                cells=tuple(_place(found.get((one.pk, key)), head) for key, head in zip(keys, heads, strict=True)),
            )
            for one in chosen
        ),
        css="plain",
    )


def _place(row: PlacementRow | None, head: str) -> Cell:
    text = f"{phrases.rank_in_text(row)} {phrases.of(row)}".strip()
    return Cell(text, head, note=phrases.interval(row), missing="" if text else phrases.rank(None))


def selection_embed(shown: ShownEdition, one: Subject, query: QueryDict) -> dict[str, Any]:
    """An indicator's values in the data years that were chosen, of up to five municipalities, beside the median."""
    indicator = one.indicator
    if indicator is None:
        raise Http404(_("Kun en indikator har værdier over årene."))
    chosen, series = _chosen(query), median_series(shown, one)
    years = [year for year in series.years if _from(query, "fra", 0) <= year <= _from(query, "til", 9999)]
    if not years:
        raise Http404(_("Indikatoren har ingen tal i de år."))
    values = _values(shown, one, chosen)
    medians = dict(zip(series.years, series.medians, strict=True))
    links = Links(shown.prefix)
    return dict(
        what="udvikling",
        title=f"{one.name}, {formatting.years(years[0], years[-1])}",
        says=f"{formatting.unit_name(phrases.unit(indicator))}, {phrases.direction(indicator)}",
        source=source_line(one, shown),
        page_url=one.page(links),
        release=shown.edition.release,
        newer=newer(shown),
        lines=_lines(indicator, chosen, years, values, medians, series.breaks),
        table=_over_years(indicator, chosen, years, values, medians, links),
    )


def _from(query: QueryDict, name: str, otherwise: int) -> int:
    text = query.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Refused(_("%(name)s er et årstal med fire cifre.") % {"name": name})
    return int(text) if text else otherwise


Values = dict[tuple[int, int], PlacementRow]


def _values(shown: ShownEdition, one: Subject, chosen: list[Municipality]) -> Values:
    """Each municipality's figure by data year; each year once, as the newest edition has it."""
    found: Values = {}
    for edition in shown.years:
        for row in placement_rows(filtered_placements(edition, one.where).filter(municipality__in=chosen)):
            if row.data_year is not None:
                found[row.municipality_id, row.data_year] = row
    return found


def _lines(
    indicator: Indicator,
    chosen: list[Municipality],
    years: list[int],
    values: Values,
    medians: dict[int, float | None],
    breaks: dict[int, str],
) -> LineChart | None:
    if len(years) < 2:
        return None
    drawn = [
        Series(one.name, [row.value if (row := values.get((one.pk, year))) else None for year in years], css)
        for one, css in zip(chosen, STYLES, strict=False)
    ]
    middle = Series(_("median"), [medians.get(year) for year in years], "context")
    return line_chart(
        [*drawn, middle],
        years,
        text=lambda figure: phrases.value(indicator, figure),
        says=_("Værdien i hvert dataår."),
        breaks=breaks,
    )


def _over_years(
    indicator: Indicator,
    chosen: list[Municipality],
    years: list[int],
    values: Values,
    medians: dict[int, float | None],
    links: Links,
) -> Table:
    heads = [str(year) for year in years]

    def cell(row: PlacementRow | None, head: str) -> Cell:
        text = phrases.value(indicator, row.value) if row else ""
        missing = "" if text else formatting.missing(row.missing) if row and row.missing else _("ikke opgjort")
        return Cell(text, head, css="number", missing=missing)

    rows = tuple(
        Row(
            one.name,
            links.municipality(one.slug),
            cells=tuple(cell(values.get((one.pk, year)), head) for year, head in zip(years, heads, strict=True)),
        )
        for one in chosen
    )
    middle = Row(
        _("Median"),
        cells=tuple(
            Cell(phrases.value(indicator, medians.get(year)), head, css="number")
            for year, head in zip(years, heads, strict=True)
        ),
    )
    columns = (Column(_("Kommune")), *(Column(head, css="number") for head in heads))
    return Table(_("Værdier i hvert dataår"), columns, (*rows, middle), css="plain")
