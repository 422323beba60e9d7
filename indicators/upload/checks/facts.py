"""What the rules are given and what they give back."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indicators.upload.messages import Text


class Severity(StrEnum):
    """A refusal stops the file, a warning needs a person's yes, a note is only told."""

    REFUSAL = "refusal"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class IndicatorFacts:
    """What the catalogue says of an indicator. The plausible range is in the indicator's unit; None is unknown."""

    code: str
    name: str
    unit: str
    direction: str = "neutral"
    decimals: int = 1
    plausible_min: float | None = None
    plausible_max: float | None = None

    @property
    def kind(self) -> str:
        """The scale that the unit speaks of: percent, yes_no, score, count (whole numbers) or rate."""
        unit = self.unit.strip().casefold()
        if unit in {"%", "pct.", "pct", "procent"}:
            return "percent"
        if unit.startswith("ja="):
            return "yes_no"
        if re.match(r"score \d", unit):
            return "score"
        return "count" if unit in {"antal", "indbyggere", "personer", "børn", "sager"} else "rate"

    @property
    def possible(self) -> tuple[float, float]:
        """The least and the most that a value can be; a plausible range that goes further widens it."""
        low, high = 0.0, inf
        if self.kind == "percent":
            high = 100.0
        elif self.kind == "yes_no":
            high = 1.0
        elif self.kind == "score":
            numbers = [float(each) for each in re.findall(r"\d+", self.unit)[:2]]
            low, high = (numbers[0], numbers[1]) if len(numbers) == 2 else (0.0, inf)
        if "kr" in self.unit.casefold() or (self.plausible_min is not None and self.plausible_min < low):
            low = -inf
        return low, inf if self.plausible_max is not None and self.plausible_max > high else high


class Figures(Mapping[str, float]):
    """The stored figures of one indicator and year, by municipality: twelve bytes each, so that a decade of a large
    country fits."""

    def __init__(self, codes: Sequence[str], values: Sequence[float]) -> None:
        numbers = np.array([int(code) for code in codes], dtype=np.int32)
        order = np.argsort(numbers, kind="stable")
        self._codes = numbers[order]
        self._values = np.array(values, dtype=np.float64)[order]

    def __getitem__(self, code: str) -> float:
        value = float(self.of(np.array([int(code)]))[0])
        if np.isnan(value):
            raise KeyError(code)
        return value

    def __iter__(self) -> Iterator[str]:
        return map(str, self._codes.tolist())

    def __len__(self) -> int:
        return len(self._codes)

    def of(self, codes: NDArray[np.integer]) -> NDArray[np.float64]:
        """The figures of these municipalities; nan where there is none."""
        if not len(self):
            return np.full(len(codes), np.nan)
        at = np.minimum(np.searchsorted(self._codes, codes), len(self) - 1)
        return np.where(self._codes[at] == codes, self._values[at], np.nan)


@dataclass(frozen=True)
class KnownValues:
    """What is stored now. `values[indicator, year][municipality]` are the numbers (missing ones are absent).

    `spread[indicator]` is the standard deviation of the usual change from year to year, in the indicator's unit;
    where it
    is absent it is found from the stored years.
    """

    values: Mapping[tuple[str, int], Mapping[str, float]] = field(default_factory=dict)
    spread: Mapping[str, float] = field(default_factory=dict)

    def before(self, indicator: str, year: int, *, within: int = 4) -> int | None:
        """The latest year before this one with values, looking back at most `within` years."""
        return next((y for y in range(year - 1, year - 1 - within, -1) if self.values.get((indicator, y))), None)

    @cached_property
    def _years(self) -> Mapping[str, list[int]]:
        years = defaultdict[str, list[int]](list)
        for code, year in sorted(self.values):
            years[code].append(year)
        return years

    def years_before(self, indicator: str, year: int) -> list[int]:
        """All earlier years with values, oldest first."""
        return [each for each in self._years.get(indicator, ()) if each < year]


class FoundAt(NamedTuple):
    """A place in the file; None where a finding is about more than one row or the whole column."""

    sheet: str | None = None
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True)
class Finding:
    """What a rule found: why it is doubted and what to do. `municipalities` are all that it concerns."""

    severity: Severity
    rule: str
    reason: Text
    advice: Text
    place: FoundAt = field(default_factory=FoundAt)
    municipality: str | None = None
    indicator: str | None = None
    year: int | None = None
    value: float | None = None
    municipalities: tuple[str, ...] = ()
    text: str | None = None
    """What stood in the cell, where it could not be read."""
