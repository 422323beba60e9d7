"""The method an edition is born with, its tree's names, and which year of an indicator it takes."""

from typing import Any

import numpy as np

from indicators.models import Area, Measurement, Theme
from indicators.upload.cells import CODES, YEARS, Cells

METHOD_VERSION = "2026"

# Frozen in every edition: a change here moves only new drafts.
METHOD: dict[str, Any] = {
    "normalise": {"method": "goalposts", "scale": [0, 100], "clip": True},
    "goalposts": {"percentiles": [5, 95]},
    "missing": {"method": "rescale", "coverage": 0.6},
    "aggregate": "arithmetic",
    "rank": {"decimals": 1, "first": "highest"},
    # Figures of samples are drawn within their intervals as well: what a few members answered could be another.
    # A third of the weight is the administrations' own word about themselves: the ranking without it stands beside.
    "robustness": {"draws": 20_000, "share": 0.9, "seed": 2014, "without": ["survey_managers"], "sampling": True},
}


INDEX_NODE = "index"


def area_node(area: Area) -> str:
    """An area's name in the engine."""
    return f"area:{area.code}"


def theme_node(theme: Theme) -> str:
    """A theme's name in the engine."""
    return f"theme:{theme.code}"


NOT_COLLECTED = "Ikke indsamlet."
"""What a criterion says of an indicator that an edition has no figures of."""


def newest_years(latest: int, laid_over: Cells | None = None) -> dict[str, int]:
    """By indicator the newest year up to ``latest`` in which any municipality has a value: one rule for the draft and
    for what a file would do to it.

    With the cells of a file laid over what is stored: a year whose figures are all missing in the end is no year with
    values, so that an indicator that is not counted this year keeps its older one.
    """
    stored = Measurement.objects.current().filter(year__lte=latest, value__isnull=False)
    counts = {}
    for code, year in stored.values_list("indicator__code", "year").distinct():
        counts[code, year] = True
    for code, year in _emptied(laid_over):
        counts.pop((code, year), None)
    counts |= dict.fromkeys(_with_values(laid_over), True)
    newest: dict[str, int] = {}
    for code, year in counts:
        if year <= latest:
            newest[code] = max(newest.get(code, 0), year)
    return newest


def _with_values(cells: Cells | None) -> set[tuple[str, int]]:
    if cells is None or not len(cells):
        return set()
    groups = np.unique(cells.keys()[np.isfinite(cells.values())] // CODES).tolist()
    return {(cells.indicators[group // YEARS], group % YEARS) for group in groups}


def _emptied(cells: Cells | None) -> set[tuple[str, int]]:
    """The indicators and years of which a file leaves no stored value standing: all are missing in it."""
    if cells is None or not len(cells):
        return set()
    groups = {(cells.indicators[g // YEARS], g % YEARS) for g in np.unique(cells.keys() // CODES).tolist()}
    found = set()
    for code, year in groups - _with_values(cells):
        own = {cell.municipality for cell in cells if (cell.indicator, cell.year) == (code, year)}
        values = Measurement.objects.current().filter(indicator__code=code, year=year, value__isnull=False)
        if not values.exclude(municipality__code__in=own).exists():
            found.add((code, year))
    return found
