"""Simulated years of figures: what a clean upload looks like beside the years before it."""

import csv
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from indicators.upload.cells import Cell, Cells
from indicators.upload.checks import Finding, IndicatorFacts, KnownValues, Severity, check
from indicators.upload.reading import Reading

from .files import DATA

Floats = NDArray[np.float64]
THIS_YEAR = 2024


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


CODES = [row["code"] for row in _rows("municipalities.csv")]
_SIZES = np.array([float(row["population_2023"]) for row in _rows("municipalities.csv")])
PERCENT = IndicatorFacts("p", "Andel", "%", "lower_is_better", 1, 0.0, 100.0)


def catalogue() -> dict[str, IndicatorFacts]:
    """The shipped indicators with the facts that the rules use."""
    rows = [row for row in _rows("indicators.csv") if row["plausible_min"]]
    return {
        row["code"]: IndicatorFacts(
            row["code"],
            row["name_da"],
            row["unit"],
            row["direction"],
            int(row["decimals"]),
            float(row["plausible_min"]),
            float(row["plausible_max"]),
        )
        for row in rows
    }


def simulated(facts: IndicatorFacts, chance: np.random.Generator, *, years: int = 4, noise: float = 0.3) -> Floats:
    """Years × municipalities: steady differences, yearly changes with heavy tails, up to three times as large in
    small places."""
    low, high = facts.plausible_min or 0.0, facts.plausible_max or 100.0
    spread = (high - low) / 6
    steady = (low + high) / 2 + spread * chance.standard_normal(98)
    swing = noise * spread * np.clip(np.sqrt(40_000 / _SIZES), 0.4, 3) / 1.41
    if facts.kind == "yes_no":
        return (chance.random((years, 98)) < 0.6).astype(np.float64)
    figures: Floats = np.clip(steady + swing * chance.standard_t(4, (years, 98)), low, high)
    return np.asarray(np.round(figures, facts.decimals), dtype=np.float64)


def reading_of_values(values: Mapping[str, Floats], year: int = THIS_YEAR) -> Reading:
    """A reading of these values, one row a municipality; nan is left out."""
    reading = Reading(layout="long", cells=Cells(sheet=None, columns=["vaerdi"]))
    row = 1
    for indicator, series in values.items():
        for code, value in zip(CODES, series, strict=True):
            row += 1
            if np.isfinite(value):
                reading.cells.add(Cell(code, year, indicator, float(value), None, False, None, row, "vaerdi"))
    return reading


def known_of(history: Mapping[str, Floats]) -> KnownValues:
    """The years before as they are stored."""
    return KnownValues(
        {
            (indicator, THIS_YEAR - len(years) + position): dict(zip(CODES, map(float, year), strict=True))
            for indicator, years in history.items()
            for position, year in enumerate(years)
        }
    )


def warnings_of(facts: IndicatorFacts, values: Floats, history: Floats) -> list[Finding]:
    """What is found beside notes in one column."""
    findings = check(
        reading_of_values({facts.code: values}), catalogue={facts.code: facts}, known=known_of({facts.code: history})
    )
    return [finding for finding in findings if finding.severity != Severity.NOTE]
