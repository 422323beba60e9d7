"""What a computation of a draft gave, what it changed, and whether figures have changed since it was made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from indicators.copying import in_groups
from indicators.models import Indicator, Measurement, Municipality
from indicators.upload.cells import Missing
from rankings.method import NOT_COLLECTED, newest_years
from rankings.models import Criterion, Edition, Level, Placement

MOST_KEPT = 60
"""So many figures are kept by name in the difference; the rest are counted."""
KINDS = ("", *Missing)
Cell = tuple[int, int]
"""Primary keys of municipality and indicator."""


def checksum_of(edition: Edition) -> str:
    """The sum of everything that was computed and of the texts it is shown with, as the database makes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT edition_checksum(%s)", [edition.pk])
        (found,) = cursor.fetchone() or ("",)
    return str(found or "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures and the overall places of an edition as they are stored: a line for each cell, sorted by
    municipality and indicator, with the value (NaN = none), the kind of missing (a number for each) and the data year.
    A cell is one number, municipality × 2³² + indicator."""

    cells: NDArray[np.int64]
    figures: NDArray[np.float64]
    places: Mapping[int, int | None]

    def __bool__(self) -> bool:
        return bool(self.places)

    @classmethod
    def of(cls, edition: Edition | None) -> "Outcome":
        """Read them; empty where nothing was computed."""
        cells, figures = [np.zeros(0, np.int64)], [np.zeros((0, 3))]
        if edition is None:
            return cls(cells[0], figures[0], {})
        rows = Placement.objects.of(edition)
        by = ("indicator_id", "missing", "data_year")
        for (indicator, missing, year), (who, value) in in_groups(
            rows.filter(level=Level.INDICATOR), by, whole=("municipality_id",), real=("value",)
        ):
            cells.append((who << 32) + indicator)
            kind = KINDS.index(missing)
            figures.append(np.column_stack([value, np.full_like(value, kind), np.full_like(value, year or 0)]))
        together = np.concatenate(cells)
        order = np.argsort(together)
        places = dict(rows.overall().values_list("municipality_id", "rank"))
        return cls(together[order], np.concatenate(figures)[order], places)

    def at(self, cells: NDArray[np.int64]) -> NDArray[np.float64]:
        """The figures of these cells, in their order; of one that is not there all three are NaN."""
        found = np.full((len(cells), 3), np.nan)
        if len(self.cells):
            line = np.minimum(np.searchsorted(self.cells, cells), len(self.cells) - 1)
            there = self.cells[line] == cells
            found[there] = self.figures[line[there]]
        return found


def difference(before: Outcome, after: Outcome) -> dict[str, Any]:
    """What one computation changed against another, as it is kept: ``figures`` (municipality, indicator, the value
    before and after), ``places`` (municipality, the place before and after), and ``count``, of all figures."""
    every = np.union1d(before.cells, after.cells)
    old, new = before.at(every), after.at(every)
    changed = np.flatnonzero(((old != new) & ~(np.isnan(old) & np.isnan(new))).any(axis=1))
    moved = [
        (one, before.places.get(one), after.places.get(one))
        for one in sorted(before.places.keys() | after.places.keys())
        if before.places.get(one) != after.places.get(one)
    ]
    named = [(*divmod(int(every[line]), 2**32), _value(old[line]), _value(new[line])) for line in changed[:MOST_KEPT]]
    return {"count": len(changed), "figures": named, "places": moved}


def _value(figures: NDArray[np.float64]) -> float | None:
    return None if np.isnan(figures[0]) else float(figures[0])


@dataclass(frozen=True, slots=True)
class Since:
    """What has changed since a draft was computed: figures of its own years, and years that are newer by now."""

    figures: tuple[tuple[Municipality, Indicator], ...]
    years: tuple[tuple[Indicator, int, int], ...]

    def __bool__(self) -> bool:
        return bool(self.figures or self.years)


def changed_since(edition: Edition) -> Since:
    """What the figures that hold now would change in an open edition. A correction keeps its data years."""
    criteria = list(Criterion.objects.of(edition).for_indicators().select_related("indicator"))
    years = {row.indicator_id: row.data_year for row in criteria}
    stored = Placement.objects.of(edition).filter(level=Level.INDICATOR)
    kept = {(m, i): pk for m, i, pk in stored.values_list("municipality_id", "indicator_id", "measurement_id")}
    hold: dict[Cell, int] = {}
    rows = Measurement.objects.current().filter(indicator__in=years, year__in=set(years.values()))
    for pk, municipality, indicator, year in rows.values_list("pk", "municipality_id", "indicator_id", "year"):
        if years.get(indicator) == year:
            hold[municipality, indicator] = pk
    changed = [cell for cell in kept if kept[cell] != hold.get(cell)]
    who = Municipality.objects.in_bulk({one for one, _indicator in changed})
    what = {row.indicator_id: row.indicator for row in criteria if row.indicator}
    named = sorted(
        ((who[one], what[indicator]) for one, indicator in changed if indicator in what),
        key=lambda pair: (pair[1].position, pair[0].sort_key),
    )
    return Since(tuple(named), _newer_years(edition, criteria))


def _newer_years(edition: Edition, criteria: list[Criterion]) -> tuple[tuple[Indicator, int, int], ...]:
    if edition.revision > 1:
        return ()
    newest = newest_years(edition.year)
    known = {row.indicator.code: row for row in criteria if row.indicator}
    found = []
    for indicator in Indicator.objects.of_the_index().in_catalogue_order().filter(code__in=newest):
        own = known.get(indicator.code)
        year = own.data_year if own and own.note_da != NOT_COLLECTED else None
        if year != newest[indicator.code]:
            found.append((indicator, year or 0, newest[indicator.code]))
    return tuple(found)
