"""What a file would do to the ranking, before anything changes: computed, shown, never stored as placements."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from indicators.models import Indicator, Measurement
from indicators.upload.cells import CODES, YEARS, Cells
from rankings.engine.compute import Outcome, compute
from rankings.engine.decompose import decompose
from rankings.engine.matrix import Floats, Matrix
from rankings.loading import Loaded, load, specification
from rankings.method import INDEX_NODE, newest_years
from rankings.models import Criterion, Edition

MOST_CAUSES = 3
FIRST_REVISION = 1


@dataclass(frozen=True, slots=True)
class Cause:
    """An indicator that moved a municipality's overall score, in points: its own figure changed."""

    indicator: Indicator
    points: float

    @property
    def size(self) -> float:
        """The points without their sign."""
        return abs(self.points)


@dataclass(frozen=True, slots=True)
class Mover:
    """A municipality whose overall place would be another. None: not ranked, before or after.

    Without causes its own figures are as before: others passed it.
    """

    municipality: str
    before: int | None
    after: int | None
    score_before: float | None
    score_after: float | None
    causes: tuple[Cause, ...]

    @property
    def places(self) -> int:
        """Places won (positive) or lost; 0 where it has no place before or after."""
        return self.before - self.after if self.before and self.after else 0

    @property
    def lost(self) -> int:
        """Places lost, as a positive number."""
        return -self.places


@dataclass(frozen=True, slots=True)
class Impact:
    """The movers, the furthest first, on the criteria of ``edition``; how many are ranked, and cells that counted."""

    edition: Edition
    movers: tuple[Mover, ...]
    n_before: int
    n_after: int
    cells: int


def impact_of(cells: Cells) -> Impact | None:
    """Who would move, how far and because of which indicator, if the file's cells were in place. None without editions.

    On the open draft, or where there is none on the newest published edition's criteria. There, and in a first
    draft, a file with a later year takes the place of the earlier year, as it would in the next edition; a correction
    keeps its data years. Reads the database, writes nothing.
    """
    edition = _edition()
    if edition is None:
        return None
    loaded = load(edition)
    spec = specification(edition)
    matrix, counted = _with(cells, loaded, edition)
    before, after = compute(loaded.matrix, spec), compute(matrix, spec)
    change = decompose(loaded.matrix, spec, matrix, spec)
    points = change.movers
    line_of = {unit: line for line, unit in enumerate(change.units)}
    indicators = {c.indicator.code: c.indicator for c in loaded.criteria if c.indicator}
    shown = [indicators[code] for code in change.indicators]
    movers = [
        _mover(municipality.name, line, before, after, _causes(points[line_of[municipality.code]], shown))
        for line, municipality in enumerate(loaded.municipalities)
    ]
    moved = sorted(
        (m for m in movers if m.before != m.after),
        key=lambda m: (m.before is not None and m.after is not None, -abs(m.places), m.municipality),
    )
    top = before.position[INDEX_NODE]
    return Impact(edition, tuple(moved), int(before.n[top]), int(after.n[top]), counted)


def _edition() -> Edition | None:
    return Edition.objects.still_open().newest_first().first() or Edition.objects.published().newest_first().first()


def _with(cells: Cells, loaded: Loaded, edition: Edition) -> tuple[Matrix, int]:
    """The edition's figures with the file's in place, and how many cells of the file count in it."""
    values = loaded.matrix.values.copy()
    line_of = {municipality.code: line for line, municipality in enumerate(loaded.municipalities)}
    years = _years(cells, loaded, edition)
    for column, criterion in enumerate(loaded.criteria):
        year = years.get(loaded.matrix.codes[column], criterion.data_year)
        if year != criterion.data_year:
            values[:, column] = _stored(criterion, year or 0, line_of)
    column_of = {(code, years.get(code)): column for column, code in enumerate(loaded.matrix.codes)}
    counted = _place(cells, values, line_of, column_of)
    return replace(loaded.matrix, values=values), counted


def _years(cells: Cells, loaded: Loaded, edition: Edition) -> dict[str, int]:
    """The year that each indicator would be taken from."""
    own = {code: criterion.data_year or 0 for code, criterion in zip(loaded.matrix.codes, loaded.criteria, strict=True)}
    if edition.revision > FIRST_REVISION and edition.is_open:
        return own
    latest = edition.year if edition.is_open else edition.year + 1
    newest = newest_years(latest, cells)
    return own | {code: newest[code] for code in cells.indicators if code in own and code in newest}


def _stored(criterion: Criterion, year: int, line_of: Mapping[str, int]) -> Floats:
    found = np.full(len(line_of), np.nan)
    rows = Measurement.objects.current().filter(indicator=criterion.indicator, year=year, value__isnull=False)
    for code, value in rows.values_list("municipality__code", "value"):
        if code in line_of:
            found[line_of[code]] = value
    return found


def _place(
    cells: Cells, values: Floats, line_of: Mapping[str, int], column_of: Mapping[tuple[str, int | None], int]
) -> int:
    """Put the file's cells into ``values``; only those of the criteria's years are looked at one by one."""
    wanted = [
        number * YEARS + year
        for number, code in enumerate(cells.indicators)
        for each, year in column_of
        if each == code and year
    ]
    positions = np.flatnonzero(np.isin(cells.keys() // CODES, np.array(wanted, dtype=np.int64)))
    for position in positions.tolist():
        cell = cells[position]
        line = line_of.get(cell.municipality)
        if line is not None:
            values[line, column_of[cell.indicator, cell.year]] = np.nan if cell.value is None else cell.value
    return len(positions)


def _causes(points: Floats, indicators: list[Indicator]) -> tuple[Cause, ...]:
    order = np.argsort(-np.abs(points), kind="stable")[:MOST_CAUSES].tolist()
    return tuple(Cause(indicators[column], float(points[column])) for column in order if abs(points[column]) > 1e-9)


def _mover(name: str, line: int, before: Outcome, after: Outcome, causes: tuple[Cause, ...]) -> Mover:
    top = before.position[INDEX_NODE]
    return Mover(
        municipality=name,
        before=int(before.rank[line, top]) or None,
        after=int(after.rank[line, top]) or None,
        score_before=_number(float(before.printed[line, top])),
        score_after=_number(float(after.printed[line, top])),
        causes=causes,
    )


def _number(score: float) -> float | None:
    return None if np.isnan(score) else score
