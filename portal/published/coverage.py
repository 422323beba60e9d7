"""Which figures exist: how many municipalities have each indicator in each edition, and where series break."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count

from indicators.models import SeriesBreak
from indicators.sources.models import SourceTable
from portal.serving.release import shared_in_release
from rankings.models import Criterion, Edition, Level, Placement


@dataclass(frozen=True, slots=True)
class Covered:
    """An indicator in an edition. ``missing`` counts what is not there by kind; ``broken`` says in both languages what
    changed since the edition before, "" where the two can be compared."""

    data_year: int | None
    with_value: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)
    broken: tuple[str, str] = ("", "")

    @property
    def of(self) -> int:
        """How many municipalities there are in all."""
        return self.with_value + sum(self.missing.values())


@shared_in_release
def coverage_of(editions: tuple[Edition, ...]) -> dict[tuple[int, int | None], Covered]:
    """What there is of each indicator (primary key) in each edition (primary key), the editions oldest first."""
    years = _data_years(editions)
    counts: dict[tuple[int, int | None], dict[str, int]] = defaultdict(dict)
    rows = Placement.objects.filter(edition__in=editions, level=Level.INDICATOR).order_by()
    counted = rows.values_list("edition_id", "indicator_id", "missing").annotate(Count("pk"))
    for edition, indicator, kind, count in counted:
        counts[edition, indicator][kind] = count
    broken = _broken(editions, years)
    found = {}
    for key, year in years.items():
        missing = {kind: count for kind, count in counts[key].items() if kind}
        found[key] = Covered(year, counts[key].get("", 0), missing, broken.get(key, ("", "")))
    return found


def _data_years(editions: Sequence[Edition]) -> dict[tuple[int, int | None], int | None]:
    rows = Criterion.objects.filter(edition__in=editions, level=Level.INDICATOR)
    return {(edition, one): year for edition, one, year in rows.values_list("edition_id", "indicator_id", "data_year")}


def _broken(
    editions: Sequence[Edition], years: Mapping[tuple[int, int | None], int | None]
) -> dict[tuple[int, int | None], tuple[str, str]]:
    """Where a series breaks between the figures of an edition and those of the one before."""
    found: dict[tuple[int, int | None], tuple[str, str]] = {}
    for one in SeriesBreak.objects.order_by("year"):
        before: int | None = None
        for edition in editions:
            key = (edition.pk, one.indicator_id)
            year = years.get(key)
            if year is not None and before is not None and before < one.year <= year:
                found[key] = (one.note_da, one.note_en)
            before = year if year is not None else before
    return found


class Schedule(NamedTuple):
    """A source's figures that are made with the same number of years between, as an edition has them."""

    name_da: str
    name_en: str
    url: str
    every: int
    indicators: int
    newest: int | None
    tables: tuple[str, ...]


def schedules(edition: Edition) -> list[Schedule]:
    """Every source of an edition, by how often its figures are made, in the order of their names."""
    rows = Criterion.objects.of(edition).for_indicators().values_list(
        "indicator__source__name", "indicator__source__name_en", "indicator__source__url", "indicator__every_years",
        "data_year", "indicator__source_table",
    )  # fmt: skip
    found: dict[tuple[str, str, str, int], list[tuple[int | None, str]]] = defaultdict(list)
    for *source, every, year, table in rows:
        found[(*source, every)].append((year, table))  # type: ignore[index]  # three texts and a number
    return [
        Schedule(*key, len(made), max((year for year, _table in made if year), default=None),
                 tuple(sorted({table for _year, table in made if table})))
        for key, made in sorted(found.items())
    ]  # fmt: skip


def states_of_sources() -> dict[str, SourceTable]:
    """The tables that are looked at by recipe, by their names: what they were seen to have, and when we looked."""
    return {one.table: one for one in SourceTable.objects.filter(problem="")}
