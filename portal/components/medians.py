"""An indicator's national median over its data years."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from indicators.models import Indicator
from portal.charts.lines import Grid, LineChart, Series, line_chart
from portal.language import formatting
from portal.language import phrases as words
from portal.published.edition import Shown
from portal.published.subjects import Subject
from rankings.models import Criterion, Spread

YES_NO = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class MedianSeries:
    """Data years (rising) with the median, the quartiles and how many had a value; notes by year of a break."""

    years: tuple[int, ...]
    medians: tuple[float | None, ...]
    quartiles: tuple[tuple[float | None, float | None], ...]
    counts: tuple[int, ...]
    breaks: dict[int, str]


def median_series(shown: Shown, subject: Subject) -> MedianSeries:
    """Read the medians of the editions up to the shown one; each data year once, as the newest edition has it."""
    condition = subject.where
    spreads = {row.edition_id: row for row in Spread.objects.filter(condition, edition__in=shown.years)}
    criteria = Criterion.objects.filter(condition, edition__in=shown.years)
    year_of = {row.edition_id: row.data_year for row in criteria}
    by_year: dict[int, Spread] = {}
    for edition in shown.years:
        year = year_of.get(edition.pk)
        if year is not None and edition.pk in spreads:
            by_year[year] = spreads[edition.pk]
    years = tuple(sorted(by_year))
    notes = subject.indicator.breaks.order_by("year") if subject.indicator else ()
    return MedianSeries(
        years,
        tuple(by_year[year].median for year in years),
        tuple((by_year[year].lower_quartile, by_year[year].upper_quartile) for year in years),
        tuple(by_year[year].n for year in years),
        {one.year: _("databrud i %(year)s") % {"year": one.year} for one in notes},
    )


def median_chart(indicator: Indicator, series: MedianSeries) -> LineChart:
    """Draw the medians. Long units stand once, in what is said of the chart and at the line's end."""
    chart = line_chart(
        [Series(_("Median"), series.medians, "chosen")],
        series.years,
        text=lambda figure: words.value(indicator, figure),
        says=_("Medianen af alle kommuner i hvert dataår."),
        breaks=series.breaks,
        grid=_grid(indicator),
    )
    return with_axis(replace(chart, says=f"{chart.says} {_scale(indicator)}"))


def _grid(indicator: Indicator) -> Grid:
    if formatting.is_long(words.unit(indicator)):
        return Grid(lambda figure: formatting.number(figure, indicator.decimals))
    return Grid(lambda figure: words.value(indicator, figure), YES_NO if formatting.is_yes_no(indicator.unit) else ())


def _scale(indicator: Indicator) -> str:
    """Which way is good, with the unit where the grid does not say it: "Pr. 1.000 indbyggere, højere er bedre."."""
    unit = words.unit(indicator)
    said = f"{unit}, {words.direction(indicator)}." if formatting.is_long(unit) else f"{words.direction(indicator)}."
    return said[:1].upper() + said[1:]


def with_axis(chart: LineChart) -> LineChart:
    """The chart; where its scale does not begin at nought, it says so."""
    return replace(chart, says=f"{chart.says} {cut_axis()}") if chart.cut else chart


def cut_axis() -> str:
    """What a reader must know of a scale that begins elsewhere."""
    return _("Den lodrette akse begynder ikke ved 0.")
