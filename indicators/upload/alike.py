"""Alike rows of a long text file, taken in column by column: a million of them in half the time. It never decides
anything: where a row is not like the others, nothing is taken in, and `Extraction.row` reads them one by one."""

from collections.abc import Iterator, Sequence
from itertools import repeat

from indicators.upload.cells import Missing

from .beside import LinesBetween
from .cells import BLANK, PROVISIONAL, STATE_OF, Cells
from .indicator_labels import Labels
from .layouts import Plan, ValueColumn
from .numbers import NumberParser, Refused
from .periods import year_of
from .places import Place
from .reading import Reading, ReadingOptions
from .tables import Row, text_of

NOT_FILLED = STATE_OF[Missing.NOT_REPORTED]


class ColumnByColumn:
    """What an extraction knows, and how it takes in many rows at once."""

    plan: Plan
    options: ReadingOptions
    reading: Reading
    cells: Cells
    _values: list[tuple[int, ValueColumn, NumberParser]]
    _labels: Labels
    _lines: LinesBetween
    _may_be_alike: bool
    _place_start: int
    _place_end: int
    _last_row: int
    _cut_short: int

    def _quick_place(self, row: Row) -> tuple[Place | None, str]:
        raise NotImplementedError

    def _alike(self, some: Sequence[tuple[int, Row]]) -> bool:
        """Take in rows of a long text file that hold a municipality, a year, an indicator and a figure each, and
        nothing else to weigh: column by column. Where one does not, nothing is taken in; `row` is the rule for all."""
        if not self._may_be_alike or self._lines.is_open:
            return False
        numbers, rows = zip(*some, strict=True)
        if set(map(len, rows)) != {len(self.plan.headers)}:
            return False
        columns = list(zip(*rows, strict=True))
        if any(any(columns[at]) for at in (self.plan.status, self.plan.note) if at is not None):
            return False
        (column, value, parse), *_none = self._values
        raws = columns[column]
        figures = {raw: parse(raw) for raw in set(raws)}
        places, years = self._places_alike(columns, rows), self._years_alike(columns, value)
        if places is None or years is None or any(isinstance(each, Refused) for each in figures.values()):
            return False
        indicators = self._labels.numbers(numbers, rows, columns, value)
        if indicators is None:
            return False
        bits = PROVISIONAL if value.provisional else 0
        kept = {
            raw: self._kept(raw, figure, bits) for raw, figure in figures.items() if not isinstance(figure, Refused)
        }
        values, states = zip(*map(kept.__getitem__, raws), strict=True)
        cells = self.cells
        cells.municipality.extend(places)
        cells.year.extend(years)
        cells.indicator.extend(indicators)
        cells.value.extend(values)
        cells.state.extend(states)
        cells.row.extend(numbers)
        cells.column.extend([column] * len(rows))
        self.reading.rows += len(rows)
        self._last_row, self._cut_short = numbers[-1], 0
        return True

    @staticmethod
    def _kept(raw: object, figure: tuple[float, int], bits: int) -> tuple[float, int]:
        """A figure's value and state as they are kept: blank ones are marked."""
        value, state = figure
        return value, (state | BLANK if state == NOT_FILLED and not text_of(raw) else state) | bits

    def _places_alike(self, columns: Sequence[Row], rows: Sequence[Row]) -> Iterator[int] | None:
        """The code of each row's municipality; None where a row has none."""
        labels = columns[self._place_start], columns[self._place_end - 1]
        found = {
            key: self._quick_place(row)[0]
            for key, row in dict(zip(zip(*labels, strict=True), rows, strict=True)).items()
        }
        if not all(place and place.is_municipality for place in found.values()):
            return None
        codes = {key: place.code for key, place in found.items() if place}
        return map(codes.__getitem__, zip(*labels, strict=True))

    def _years_alike(self, columns: Sequence[Row], value: ValueColumn) -> Iterator[int] | None:
        """Each row's year; None where one cannot be read at once, or is not the one that was asked for."""
        column, asked = self.plan.year, self.options.year
        if column is None:
            year = value.year or asked
            return repeat(year, len(columns[0])) if year else None
        found = {raw: year_of(raw) for raw in set(columns[column])}
        if any(not year or asked not in {None, year} for year in found.values()):
            return None
        years = {raw: year for raw, year in found.items() if year}
        return map(years.__getitem__, columns[column])
