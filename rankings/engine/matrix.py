"""The labelled matrix the engine works on: units × columns of numbers, NaN where nothing is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Floats = NDArray[np.floating[Any]]
"""Numbers in double precision; the many draws of robustness in single."""
NORMAL = 1.959963984540054
"""The 97.5th percentile of the standard normal distribution: intervals are at 95 %."""


class DataError(ValueError):
    """Data the engine cannot compute on; the message names the unit and the column."""


@dataclass(frozen=True)
class Matrix:
    """Values of units (rows) in columns (indicators, and whatever a specification refers to, as
    denominators).

    `values` is float64, units × codes, NaN = missing, never infinite. `labels` holds text columns by name,
    one text per unit ("" = none), for the group a gap may be filled from. Raises DataError when the labels
    and the shape disagree, a label stands twice, or a value is infinite.
    """

    units: tuple[str, ...]
    codes: tuple[str, ...]
    values: Floats
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.units), len(self.codes)):
            shape, wanted = self.values.shape, (len(self.units), len(self.codes))
            raise DataError(f"the values have shape {shape}, the labels say {wanted}")
        for kind, names in (("unit", self.units), ("column", self.codes)):
            if len(set(names)) != len(names):
                raise DataError(f"{kind} {_first_twice(names)!r} stands twice")
        for name, texts in self.labels.items():
            if len(texts) != len(self.units):
                raise DataError(f"label column {name!r} has {len(texts)} texts for {len(self.units)} units")
        if np.isinf(self.values).any():
            row, column = np.argwhere(np.isinf(self.values))[0]
            raise DataError(f"unit {self.units[row]}, column {self.codes[column]}: an infinite value")

    @cached_property
    def position(self) -> dict[str, int]:
        """Code → its column."""
        return {code: index for index, code in enumerate(self.codes)}

    def rows(self, codes: Iterable[str]) -> Floats:
        """These columns as a fresh array codes × units. Raises DataError for a column that is not there."""
        wanted = tuple(codes)
        absent = [code for code in wanted if code not in self.position]
        if absent:
            raise DataError(f"column {absent[0]!r} is not in the data")
        return np.ascontiguousarray(self.values[:, [self.position[code] for code in wanted]].T, dtype=np.float64)

    def select(self, codes: Iterable[str]) -> Matrix:
        """Only these columns, in this order. Raises DataError for a column that is not there."""
        wanted = tuple(codes)
        return Matrix(self.units, wanted, self.rows(wanted).T, self.labels)

    def aligned(self, units: Iterable[str], codes: Iterable[str]) -> Matrix:
        """Exactly these units and columns; what this matrix does not have becomes missing."""
        rows, columns = tuple(units), tuple(codes)
        values = np.full((len(rows), len(columns)), np.nan)
        row_of = {unit: index for index, unit in enumerate(self.units)}
        there = [(new, row_of[unit]) for new, unit in enumerate(rows) if unit in row_of]
        known = [(new, self.position[code]) for new, code in enumerate(columns) if code in self.position]
        if there and known:
            new_rows, old_rows = (list(part) for part in zip(*there, strict=True))
            new_columns, old_columns = (list(part) for part in zip(*known, strict=True))
            values[np.ix_(new_rows, new_columns)] = self.values[np.ix_(old_rows, old_columns)]
        labels = {
            name: tuple(texts[row_of[unit]] if unit in row_of else "" for unit in rows)
            for name, texts in self.labels.items()
        }
        return Matrix(rows, columns, values, labels)


def _first_twice(names: tuple[str, ...]) -> str:
    seen: set[str] = set()
    return next(name for name in names if name in seen or seen.add(name))  # type: ignore[func-returns-value]


@dataclass(frozen=True)
class Errors:
    """What is known of the values' errors: units × codes, in the data's unit, NaN = known exactly (bounds: none)."""

    units: tuple[str, ...]
    codes: tuple[str, ...]
    low: Floats
    high: Floats
    bound_low: Floats
    bound_high: Floats
