"""One indicator of all municipalities over its data years, and everybody's overall places over the editions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indicators.conditions import Known, people_of, per_person
from portal.published.edition import ShownEdition
from portal.published.rows import PlacementRow, SpreadRow, fetched, placement_rows, spread_rows
from portal.published.subjects import IndicatorEntry, catalogue
from portal.serving.release import shared_in_release
from rankings.models import Edition, Level, Placement, Spread
from rankings.trend import FEWEST_YEARS, movements

Figure = tuple[float | None, float | None, float | None]  # a value and, where it has one, its interval


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


def people_behind(entry: IndicatorEntry, known: Known) -> dict[int, float]:
    """How many people the indicator is a share of, by municipality; empty where that is not known."""
    if per_person(entry.unit) is None:
        return {}
    found = {one: people_of(row).get(entry.person_base) for one, row in known.items()}
    return {one: people for one, people in found.items() if people}


def national(year: DataYear, people: Mapping[int, float]) -> float | None:
    """The country's figure of a year: every municipality's value counts by its people or, in a survey of many in each,
    by its answers. None where some value's weight is not known."""
    rows = {one: row for one, row in year.placements.items() if row.value is not None}
    weights = {one: people.get(one) or float(row.answered or 0) for one, row in rows.items()}
    if not rows or not all(weights.values()):
        return None
    return sum((row.value or 0.0) * weights[one] for one, row in rows.items()) / sum(weights.values())


@shared_in_release
def all_movements(editions: Sequence[Edition]) -> dict[int, dict[int, int | None]]:
    """Of every indicator (primary key) of the last edition and every municipality: whether its value has moved over the
    comparable years up to there, as `rankings.trend` says it. One query of some fifty thousand rows."""
    found = {}
    figures = _figures(editions)
    for entry in catalogue(editions[-1]):
        by_year = figures[entry.pk]
        newest = max((year for year in entry.break_years if by_year and year <= max(by_year)), default=0)
        years = [by_year[year] for year in sorted(by_year) if year >= newest]
        found[entry.pk] = _movements(years) if len(years) >= FEWEST_YEARS else {}
    return found


def _figures(editions: Sequence[Edition]) -> Mapping[int, dict[int, dict[int, Figure]]]:
    """By indicator, data year and municipality: as the newest edition that has the year shows them."""
    rows = Placement.objects.filter(edition__in=editions, level=Level.INDICATOR)
    columns = ("indicator_id", "edition_id", "municipality_id", "data_year", "value", "measurement__low",
               "measurement__high")  # fmt: skip
    by_edition: dict[tuple[int, int], dict[int, Figure]] = defaultdict(dict)
    years: dict[tuple[int, int], int] = {}
    for indicator, edition, one, year, *figure in fetched(rows.values_list(*columns)):
        by_edition[indicator, edition][one] = (figure[0], figure[1], figure[2])
        if year:
            years.setdefault((indicator, edition), year)
    found: dict[int, dict[int, dict[int, Figure]]] = defaultdict(dict)
    for edition in editions:
        for (indicator, of), figures in by_edition.items():
            if of == edition.pk and (indicator, of) in years:
                found[indicator][years[indicator, of]] = figures
    return found


def _movements(years: Sequence[Mapping[int, Figure]]) -> dict[int, int | None]:
    """A survey's figure has moved only where the intervals of its first and last year lie apart."""
    units = sorted({one for year in years for one in year})
    nothing: Figure = (None, None, None)
    table = np.array([[year.get(one, nothing)[0] for year in years] for one in units], dtype=float)
    ways = dict(zip(units, movements(table), strict=True))
    for one, way in ways.items():
        known = [year[one] for year in years if year.get(one, nothing)[0] is not None]
        if way and not apart(known[0][1:], known[-1][1:]):
            ways[one] = 0
    return ways


def apart(then: tuple[float | None, float | None], now: tuple[float | None, float | None]) -> bool:
    """Whether two intervals lie apart; where a figure knows none, nothing speaks against."""
    if then[0] is None or then[1] is None or now[0] is None or now[1] is None:
        return True
    return then[1] < now[0] or now[1] < then[0]
