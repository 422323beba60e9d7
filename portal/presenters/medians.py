"""An indicator's national median over its data years."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.shown import Shown
from portal.subjects import Subject
from rankings.models import Criterion, Spread


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
