"""One indicator of all municipalities over its data years, and everybody's overall places over the editions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.published.catalogue import IndicatorEntry
from portal.published.edition import ShownEdition
from portal.published.rows import PlacementRow, SpreadRow, fetched, placement_rows, spread_rows
from portal.serving.release import shared_in_release
from rankings.models import Edition, Level, Placement, Spread


@dataclass(frozen=True, slots=True)
class DataYear:
    """A year of an indicator's figures as the newest edition that has it shows them, by municipality (primary key)."""

    year: int
    release: str
    placements: Mapping[int, PlacementRow]
    spread: SpreadRow | None


def data_years_of(shown: ShownEdition, entry: IndicatorEntry) -> list[DataYear]:
    """The indicator's years up to the shown edition, rising. Two queries."""
    only = {"edition__in": shown.years, "level": Level.INDICATOR, "indicator": entry.pk}
    by_edition: dict[int, dict[int, PlacementRow]] = {edition.pk: {} for edition in shown.years}
    for row in placement_rows(Placement.objects.filter(**only)):
        by_edition[row.edition_id][row.municipality_id] = row
    spreads = {row.edition_id: row for row in spread_rows(Spread.objects.filter(**only))}
    found: dict[int, DataYear] = {}
    for edition in shown.years:
        rows = by_edition[edition.pk]
        year = next((row.data_year for row in rows.values() if row.data_year), None)
        if year:
            found[year] = DataYear(year, edition.release, rows, spreads.get(edition.pk))
    return [found[year] for year in sorted(found)]


@shared_in_release
def places_of_everybody(editions: Sequence[Edition]) -> list[list[float | None]]:
    """Everybody's overall place in each edition, None where there is none: lines that nobody is named at."""
    rows = Placement.objects.filter(edition__in=editions, level=Level.OVERALL)
    at = {edition.pk: index for index, edition in enumerate(editions)}
    found: dict[int, list[float | None]] = {}
    for one, edition, rank in fetched(rows.values_list("municipality_id", "edition_id", "rank")):
        found.setdefault(one, [None] * len(at))[at[edition]] = rank
    return [found[one] for one in sorted(found)]
