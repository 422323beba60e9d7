"""One indicator in one year, as the file has it, beside what is stored, and all of them together: seen by the rules."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indicators.upload.cells import CODES
from indicators.upload.messages import Text
from indicators.upload.places import gazetteer
from indicators.upload.reading import Reading

from .facts import Figures, Finding, FoundAt, IndicatorFacts, KnownValues, Severity

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Series:
    """The cells of one indicator and year in the file's order; `last` are the latest earlier stored values, nan if
    none."""

    reading: Reading
    facts: IndicatorFacts
    year: int
    positions: NDArray[np.int64]
    codes: tuple[str, ...]
    values: Floats
    known: KnownValues

    @cached_property
    def last_year(self) -> int | None:
        """The latest earlier year with stored values."""
        return self.known.before(self.facts.code, self.year)

    @cached_property
    def last(self) -> Floats:
        """The stored values of that year, in this series' order."""
        return self._stored(self.last_year)

    @cached_property
    def earlier(self) -> Floats:
        """The stored values of the year before that."""
        years = self.known.years_before(self.facts.code, self.last_year) if self.last_year else []
        return self._stored(years[-1] if years else None)

    @cached_property
    def held(self) -> Floats:
        """The stored values of this very year, in this series' order: what a correction changes."""
        return self._stored(self.year)

    @property
    def whole(self) -> Mapping[str, float]:
        """The year as it would stand: what is stored with the file's values laid over it, by municipality."""
        stored = dict(self.known.values.get((self.facts.code, self.year), {}))
        for code, value in zip(self.codes, self.values, strict=True):
            stored.pop(code, None)
            if np.isfinite(value):
                stored[code] = float(value)
        return stored

    @cached_property
    def shift(self) -> float:
        """What all municipalities moved by since last year: the median change of the whole year, on that scale."""
        if self.last_year is None:
            return 0.0
        whole = self.whole
        codes = list(whole)
        numbers = np.array(codes, dtype=np.int64)
        before = self.known.values.get((self.facts.code, self.last_year), {})
        if isinstance(before, Figures):
            last = before.of(numbers)
        else:
            last = np.array([before.get(code, np.nan) for code in codes], dtype=np.float64)
        change = self.level_of(np.array(list(whole.values()))) - self.level_of(last)
        finite = change[np.isfinite(change)]
        return float(np.median(finite)) if len(finite) else 0.0

    @cached_property
    def is_relative(self) -> bool:
        """Whether changes are measured in per cent: counts, from Læsø to København, grow with their size."""
        values = self.values[np.isfinite(self.values)]
        positive = len(values) > 0 and values.min() > 0 and not np.any(self.last <= 0)
        return self.facts.kind == "count" and positive and values.max() > 20 * values.min()

    @cached_property
    def level(self) -> Floats:
        """The values on the scale that changes are measured on: as they are, or their logarithms."""
        return self.level_of(self.values)

    @cached_property
    def last_level(self) -> Floats:
        """Last year's values on that scale."""
        return self.level_of(self.last)

    @cached_property
    def both(self) -> NDArray[np.bool_]:
        """Where there is a value now and one then."""
        return np.isfinite(self.values) & np.isfinite(self.last)

    @cached_property
    def change(self) -> Floats:
        """The change since last year, less the median change: what is particular to each municipality."""
        return self.level - self.last_level - self.shift

    @cached_property
    def usual_spread(self) -> float | None:
        """The standard deviation of a usual year's change: as told, else robustly from the stored years; None if
        unknown."""
        told = self.known.spread.get(self.facts.code)
        if told is not None and not self.is_relative:
            return max(told, self.grain)
        years = self.known.years_before(self.facts.code, self.year)[-8:]
        stored = [self.level_of(self._stored(year)) for year in years]
        changes = [after - before for before, after in pairwise(stored)]
        spreads = [robust_spread(each) for each in changes if np.isfinite(each).sum() >= 20]
        return max(float(np.median(spreads)), self.grain) if spreads else None

    @cached_property
    def spread(self) -> float | None:
        """The spread that a single change is measured by: at least this year's own, so that a year in which all
        move is calm."""
        if self.both.sum() < 8:
            return self.usual_spread
        return max(self.usual_spread or 0.0, robust_spread(self.change[self.both]), self.grain)

    @cached_property
    def scale(self) -> Floats | None:
        """The spread to measure each municipality's change by: the indicator's, drawn towards the municipality's
        own past
        changes (the indicator's counts as four of them), because small municipalities swing more. None if unknown.
        """
        if self.spread is None:
            return None
        years = self.known.years_before(self.facts.code, self.year)[-8:]
        stored = [self.level_of(self._stored(year)) for year in years]
        changes = np.array([_centred(after - before) for before, after in pairwise(stored)]).reshape(
            -1, len(self.codes)
        )
        squares, counts = np.nansum(changes**2, axis=0), np.isfinite(changes).sum(axis=0)
        own: Floats = np.sqrt((4 * self.spread**2 + squares) / (4 + counts))
        return np.maximum(own, self.spread)

    @property
    def grain(self) -> float:
        """Half of the last decimal that is kept: changes below it are rounding. For counts, two per thousand."""
        return 0.002 if self.is_relative else 0.5 * 10.0**-self.facts.decimals

    @cached_property
    def _numbers(self) -> NDArray[np.int64]:
        return np.array(self.codes, dtype=np.int64)

    def _stored(self, year: int | None) -> Floats:
        stored: Mapping[str, float] = self.known.values.get((self.facts.code, year), {}) if year is not None else {}
        if isinstance(stored, Figures):
            return stored.of(self._numbers)
        if not stored:
            return np.full(len(self.codes), np.nan)
        return np.array([stored.get(code, np.nan) for code in self.codes], dtype=np.float64)

    def level_of(self, values: Floats) -> Floats:
        """Values on the scale that changes are measured on."""
        if not self.is_relative:
            return values
        return np.log(np.where(values > 0, values, np.nan))

    def name(self, index: int) -> str:
        """A municipality's name, for a message."""
        return gazetteer().names.get(int(self.codes[index]), self.codes[index])

    def names(self, indices: Sequence[int] | NDArray[np.int64], most: int = 5) -> str:
        """The first names, and how many more."""
        named = ", ".join(self.name(int(index)) for index in indices[:most])
        return named if len(indices) <= most else f"{named} … (+{len(indices) - most})"

    def at(self, index: int) -> FoundAt:
        """Where a value stands."""
        cells = self.reading.cells
        position = int(self.positions[index])
        return FoundAt(cells.sheet, cells.row[position], cells.columns[cells.column[position]])

    def finding(
        self, severity: Severity, rule: str, reason: Text, advice: Text, indices: Sequence[int] | NDArray[np.int64] = ()
    ) -> Finding:
        """A finding about these values; about the whole series where none is named."""
        first = int(indices[0]) if len(indices) else None
        value = None if first is None or np.isnan(self.values[first]) else float(self.values[first])
        return Finding(
            severity,
            rule,
            reason,
            advice,
            place=FoundAt(self.reading.sheet) if first is None else self.at(first),
            municipality=self.codes[first] if first is not None and len(indices) == 1 else None,
            indicator=self.facts.code,
            year=self.year,
            value=value,
            municipalities=tuple(map(self.codes.__getitem__, np.asarray(indices, int).tolist())),
        )


def _centred(change: Floats) -> Floats:
    """Changes less their median, nan where there is none."""
    finite = change[np.isfinite(change)]
    return change - np.median(finite) if len(finite) else change


def robust_spread(values: Floats) -> float:
    """1.4826 × the median absolute deviation from the median of the finite values: a standard deviation few
    outliers move."""
    finite = values[np.isfinite(values)]
    return float(1.4826 * np.median(np.abs(finite - np.median(finite)))) if len(finite) else 0.0


def rank_correlation(first: Floats, second: Floats) -> float:
    """Spearman's correlation of two arrays without nan; 0 where one of them is constant."""
    a, b = _ranks(first), _ranks(second)
    if a.std() == 0 or b.std() == 0:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def _ranks(values: Floats) -> Floats:
    _unique, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return ((2 * last - counts + 1) / 2)[inverse].astype(np.float64)


def series_of(reading: Reading, catalogue: Mapping[str, IndicatorFacts], known: KnownValues) -> list[Series]:
    """The file's cells grouped by indicator and year; indicators outside the catalogue are left to the refusals."""
    cells = reading.cells
    if not len(cells):
        return []
    group = cells.keys() // CODES
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    names = {number: str(number) for number in set(cells.municipality)}  # each text once, not once a cell
    municipality, values = np.frombuffer(cells.municipality, dtype=np.uint16), cells.values()
    series = []
    for positions in np.split(order, starts[1:]):
        first = int(positions[0])
        facts = catalogue.get(cells.indicators[cells.indicator[first]])
        if facts is not None:
            codes = tuple(map(names.__getitem__, municipality[positions].tolist()))
            series.append(Series(reading, facts, cells.year[first], positions, codes, values[positions], known))
    return series


@dataclass(frozen=True)
class Checked:
    """What is checked, against what. `expected_years` None expects any year; `this_year` None knows no today."""

    reading: Reading
    catalogue: Mapping[str, IndicatorFacts]
    known: KnownValues
    expected_years: Collection[int] | None = None
    this_year: int | None = None

    @cached_property
    def series(self) -> list[Series]:
        """The cells of known indicators, by indicator and year."""
        return series_of(self.reading, self.catalogue, self.known)

    def name(self, municipality: str) -> str:
        """A municipality's name, for a message."""
        return gazetteer().names.get(int(municipality), municipality)
