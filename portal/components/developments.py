"""An indicator's national median over its data years."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.charts import figures
from portal.charts.lines import Field, Grid, LineChart, line_chart
from portal.charts.scale import Series
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.published import Indicator, Municipality, Placement, Spread
from portal.published.edition import ShownEdition, method_breaks, reservation
from portal.published.municipality import Figures
from portal.published.rows import OVERALL_KEY, Key, areas_and_overall, spreads_over_editions
from portal.published.subjects import IndicatorEntry, Subject, breaks_of, data_years, localised

YES_NO = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class MedianSeries:
    """Data years (rising) with the median, the quartiles and how many had a value; notes by year of a break."""

    years: tuple[int, ...]
    medians: tuple[float | None, ...]
    quartiles: tuple[tuple[float | None, float | None], ...]
    counts: tuple[int, ...]
    breaks: dict[int, str]


def median_series(shown: ShownEdition, subject: Subject) -> MedianSeries:
    """Read the medians of the editions up to the shown one; each data year once, as the newest edition has it."""
    spreads = spreads_over_editions(subject, shown.years)
    year_of = data_years(subject, shown.years)
    by_year: dict[int, Spread] = {}
    for edition in shown.years:
        year = year_of.get(edition.pk)
        if year is not None and edition.pk in spreads:
            by_year[year] = spreads[edition.pk]
    years = tuple(sorted(by_year))
    notes = breaks_of(subject.indicator) if subject.indicator else ()
    return MedianSeries(
        years,
        tuple(by_year[year].median for year in years),
        tuple((by_year[year].lower_quartile, by_year[year].upper_quartile) for year in years),
        tuple(by_year[year].n for year in years),
        {one.year: _("databrud i %(year)s") % {"year": one.year} for one in notes},
    )


def median_chart(indicator: Indicator, series: MedianSeries) -> LineChart:
    """Draw the medians before the middle half, so that the scale is that of differences between municipalities and a
    small change looks small. Long units stand once, in what is said of the chart and at the line's end."""
    quartiles = [(low, high) for low, high in series.quartiles if low is not None and high is not None]
    if formatting.is_yes_no(indicator.unit) or len(quartiles) < len(series.years):
        quartiles = []
    chart = line_chart(
        [Series(_("Median"), series.medians, "chosen")],
        series.years,
        text=lambda figure: phrases.value(indicator, figure),
        says=_("Medianen af alle kommuner i hvert dataår, og det felt, som den midterste halvdel ligger i.")
        if quartiles
        else _("Medianen af alle kommuner i hvert dataår."),
        breaks=series.breaks,
        grid=grid_of(indicator),
        field=Field(band=quartiles),
    )
    return with_axis(replace(chart, says=f"{chart.says} {_scale(indicator)}"))


def _quartiles(indicator: Indicator, series: MedianSeries) -> list[tuple[str, list[float | None]]]:
    """The two lines between which the middle half lies, by name; of yes and no there are none."""
    if formatting.is_yes_no(indicator.unit):
        return []
    names = (_("Nedre kvartil"), _("Øvre kvartil"))
    return [(name, [pair[end] for pair in series.quartiles]) for end, name in enumerate(names)]


def grid_of(indicator: Indicator | IndicatorEntry) -> Grid:
    """How the values of an indicator are written beside the grid."""
    if formatting.is_long(phrases.unit(indicator)):
        return Grid(formatting.number)
    if formatting.is_yes_no(indicator.unit):
        return Grid(lambda figure, _decimals: phrases.value(indicator, figure), YES_NO)
    return Grid(lambda figure, decimals: formatting.with_unit(figure, phrases.unit(indicator), decimals))


def _scale(indicator: Indicator) -> str:
    """Which way is good, with the unit where the grid does not say it: "Pr. 1.000 indbyggere, højere er bedre."."""
    unit = phrases.unit(indicator)
    said = (
        f"{unit}, {phrases.direction(indicator)}." if formatting.is_long(unit) else f"{phrases.direction(indicator)}."
    )
    return said[:1].upper() + said[1:]


def with_axis(chart: LineChart) -> LineChart:
    """The chart; where its scale does not begin at nought, it says so."""
    return replace(chart, says=f"{chart.says} {cut_axis()}") if chart.cut else chart


def cut_axis() -> str:
    """What a reader must know of a scale that begins elsewhere."""
    return _("Den lodrette akse begynder ikke ved 0.")


def _subjects(figures: Figures) -> list[tuple[str, Key, str]]:
    areas = [(localised(area, "name"), ("area", area.pk), f"area-{area.code}") for area in figures.country.areas]
    return [(_("Samlet"), OVERALL_KEY, "chosen"), *areas]


def history_chart(figures: Figures) -> LineChart | None:
    """The ranks, 1 on top, overall and in each area; None with a single edition, or where it never had a rank."""
    shown = figures.shown
    if len(shown.years) < 2:
        return None
    series = []
    for name, key, css in _subjects(figures):
        rows = [figures.by_edition[edition.pk].get(key) for edition in shown.years]
        series.append(Series(name, [float(row.rank) if row and row.rank else None for row in rows], css))
    if not any(value for one in series for value in one.values):
        return None
    overall = [rows[OVERALL_KEY].n for rows in figures.by_edition.values() if OVERALL_KEY in rows]
    return line_chart(
        series,
        [edition.year for edition in shown.years],
        text=lambda rank: formatting.rank_in_text(round(rank)),
        says=_("Placeringens udvikling over udgaverne."),
        ranks_of=max(overall, default=1),
        breaks=method_breaks(shown.years),
    )


def history_table(figures: Figures) -> Table:
    """The same as a table, newest first, with the scores."""
    subjects = _subjects(figures)
    notes = method_breaks(figures.shown.years)
    rows = []
    for edition in reversed(figures.shown.years):
        cells = []
        for name, key, _css in subjects:
            row = figures.by_edition[edition.pk].get(key)
            text = f"{phrases.rank_in_text(row)} {phrases.of(row)}".strip()
            cells.append(Cell(text, label=name, note=phrases.score(row), missing="" if text else phrases.rank(None)))
        rows.append(Row(str(edition.year), note=notes.get(edition.year, ""), cells=tuple(cells)))
    columns = (Column(_("Udgave")), *(Column(name, note=_("placering og score")) for name, _key, _css in subjects))
    return Table(_("Placering i hver udgave"), columns, tuple(rows))


def frame(shown: ShownEdition, title: str, source: str = "") -> figures.Frame:
    """What a saved picture says of itself: source and edition, and that demo figures are invented."""
    parts = [source] if source else []
    parts.append(_("Socialt Indeks, udgave %(release)s") % {"release": shown.edition.release})
    parts.append(reservation(shown.edition).removesuffix("."))
    return figures.Frame(title, " · ".join(filter(None, parts)), get_language() or "da", cut_axis())


def development_figure(shown: ShownEdition, municipality: Municipality) -> dict[str, Any]:
    """A municipality's ranks over the editions, overall and in each area; 1 on top."""
    rows = areas_and_overall(shown.years).filter(municipality=municipality)
    ranks: dict[tuple[str, str], dict[int, Placement]] = {}
    for row in rows:
        key = (localised(row.area, "name"), f"area-{row.area.code}") if row.area else (_("Samlet"), "chosen")
        ranks.setdefault(key, {})[row.edition_id] = row
    lines = [
        Series(name, [_rank(found.get(edition.pk)) for edition in shown.years], css)
        for (name, css), found in sorted(ranks.items(), key=lambda item: item[0][1] != "chosen")
    ]
    largest = max((row.n for found in ranks.values() for row in found.values()), default=1)
    return figures.development(
        lines,
        [edition.year for edition in shown.years],
        frame(shown, _("%(name)s: placering i hver udgave") % {"name": municipality.name}),
        value_text=lambda rank: formatting.rank_in_text(round(rank)),
        ranks_of=largest,
        breaks=method_breaks(shown.years),
    )


def _rank(placement: Placement | None) -> float | None:
    return float(placement.rank) if placement and placement.rank else None


def median_figure(shown: ShownEdition, subject: Subject) -> dict[str, Any]:
    """An indicator's national median over its data years, cut at breaks in the series."""
    indicator = subject.indicator
    series = median_series(shown, subject)
    title = _("%(name)s: median over årene") % {"name": subject.name}
    return figures.development(
        [
            Series(_("Median"), series.medians, "chosen"),
            *(Series(*one, "context") for one in (_quartiles(indicator, series) if indicator else ())),
        ],
        series.years,
        frame(shown, title, localised(indicator.source, "name") if indicator else ""),
        value_text=lambda figure: phrases.value(indicator, figure) if indicator else formatting.score(figure),
        breaks=series.breaks,
        marks=YES_NO if indicator and formatting.is_yes_no(indicator.unit) else (),
    )
