"""The one bridge between rows and the engine: rows → Matrix and Specification; Outcome → rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from indicators.conditions import INCOME, OLD, POPULATION, YOUNG, known_conditions, table_of
from indicators.copying import in_groups
from indicators.models import Direction, Indicator, IntervalKind, Measurement, Municipality
from indicators.models.measurements import MeasurementQuerySet
from indicators.surveys.aggregate.intervals import bounds_of
from rankings.engine.matrix import Errors, Floats, Matrix
from rankings.engine.specification import Specification
from rankings.method import INDEX_NODE, area_node, theme_node
from rankings.models import Criterion, Edition, Level, Placement
from rankings.pinned import as_published

CONDITIONS = (POPULATION, INCOME, OLD, YOUNG)
"""The structural conditions that the scores are held against: size and age of the population, and its income."""

DRAWN = (IntervalKind.WILSON, IntervalKind.STUDENT)
"""The kinds of interval that are drawn: a sample could have been another; a register's is shown and is what it is."""

_WORTH = ("value", "measurement__low", "measurement__high", "measurement__asked", "measurement__answered",
          "indicator__value_min", "indicator__value_max")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """An edition's measurements as arrays, municipalities × indicators, with where each cell came from.

    ``measurement`` and ``upload`` are primary keys, 0 where the cell has no row at all. ``errors`` are the intervals of
    survey figures; None where no figure has one.
    """

    municipalities: tuple[Municipality, ...]
    criteria: tuple[Criterion, ...]
    matrix: Matrix
    missing: NDArray[np.object_]
    provisional: NDArray[np.bool_]
    measurement: NDArray[np.int64]
    upload: NDArray[np.int64]
    errors: Errors | None = None


def load(edition: Edition) -> Loaded:
    """Read the current measurements of an edition's criteria, each in its data year."""
    municipalities = tuple(Municipality.objects.order_by("code"))
    sampling = edition.method["robustness"].get("sampling", False)
    criteria = tuple(Criterion.objects.of(edition).for_indicators().select_related("indicator__theme__area"))
    column_of = {(criterion.indicator_id, criterion.data_year): column for column, criterion in enumerate(criteria)}
    keys = np.array([municipality.pk for municipality in municipalities], dtype=np.int64)
    by_key = np.argsort(keys)
    shape = (len(municipalities), len(criteria))
    values = np.full(shape, np.nan)
    missing = np.full(shape, "not_reported", dtype=object)
    collected = np.zeros(len(criteria), dtype=bool)
    provisional = np.zeros(shape, dtype=bool)
    measurement = np.zeros(shape, dtype=np.int64)
    upload = np.zeros(shape, dtype=np.int64)
    figures = measurements_of(criteria)
    by = ("indicator_id", "year", "missing", "provisional", "upload_id")
    for group, (who, which, value) in in_groups(figures, by, whole=("municipality_id", "pk"), real=("value",)):
        column = column_of.get(group[:2])
        if column is None:
            continue
        collected[column] = True
        known = np.isin(who, keys)  # a correction knows no municipality that came later
        lines = by_key[np.searchsorted(keys, who[known], sorter=by_key)]
        missing[lines, column], provisional[lines, column], upload[lines, column] = group[2:]
        measurement[lines, column], values[lines, column] = which[known], value[known]
    missing[:, ~collected] = "not_collected"  # nobody has a figure: nobody was asked
    codes = tuple(code_of(criterion) for criterion in criteria)
    matrix = Matrix(tuple(m.code for m in municipalities), codes, values)
    worth = _worth(figures, keys.tolist(), criteria, column_of) if sampling else ()
    errors = _errors(matrix.units, codes, worth)
    return Loaded(municipalities, criteria, matrix, missing, provisional, measurement, upload, errors)


def _worth(
    figures: MeasurementQuerySet,
    keys: Sequence[int],
    criteria: Sequence[Criterion],
    column_of: Mapping[tuple[int | None, int | None], int],
) -> Iterator[tuple[int, int, Floats]]:
    """The intervals of samples' figures, each at its line and column."""
    line_of = {key: line for line, key in enumerate(keys)}
    rows = figures.filter(value__isnull=False, interval__in=DRAWN)
    names = ("indicator_id", "year", "municipality_id", "value", "low", "high", "asked", "answered")
    for indicator_id, year, municipality, *worth in rows.values_list(*names):
        column, line = column_of.get((indicator_id, year)), line_of.get(municipality)
        if column is not None and line is not None:
            indicator = _indicator(criteria[column])
            yield line, column, _ends(*worth, indicator.value_min, indicator.value_max)


def _ends(
    value: float,
    low: float,
    high: float,
    asked: int | None,
    answered: int | None,
    *scale: float | None,
) -> Floats:
    """A sample's interval, and the bounds that no answer could pass, within the ends of its ``scale``; NaN: none."""
    least, most = bounds_of(value, answered, asked, (scale[0], scale[1]))
    # Rounding in a file may leave an interval a hair outside of what is possible.
    bounds = np.nan if least is None else min(least, low), np.nan if most is None else max(most, high)
    return np.array([low, high, *bounds])


def _errors(units: tuple[str, ...], codes: tuple[str, ...], found: Iterable[tuple[int, int, Floats]]) -> Errors | None:
    """The intervals of the figures at their places, with the bounds that no answer could pass; None without any."""
    ends = np.full((4, len(units), len(codes)), np.nan)
    for line, column, own in found:
        ends[:, line, column] = own
    return None if np.isnan(ends[0]).all() else Errors(units, codes, *ends)


def frozen_errors(edition: Edition) -> Errors | None:
    """The intervals within which an edition's survey figures were drawn, as its placements have kept them."""
    if not edition.method["robustness"].get("sampling", False):
        return None
    rows = (
        Placement.objects.of(edition)
        .filter(level=Level.INDICATOR, value__isnull=False, measurement__interval__in=DRAWN)
        .values_list("municipality__code", "indicator__code", *_WORTH)
    )
    units = tuple(sorted({row[0] for row in rows}))
    codes = tuple(sorted({str(row[1]) for row in rows}))
    line_of = {unit: line for line, unit in enumerate(units)}
    column_of = {code: column for column, code in enumerate(codes)}
    return _errors(units, codes, ((line_of[row[0]], column_of[str(row[1])], _ends(*row[2:])) for row in rows))


def frozen_matrix(edition: Edition, figures: Literal["value", "score"] = "value") -> Matrix:
    """The figures an edition was computed from, or the scores they got, as its placements have kept them."""
    rows = Placement.objects.of(edition).filter(level=Level.INDICATOR)
    # Not joined to the indicators: what a computation has just written has no statistics yet, and the join that looks
    # right for a single row took ten seconds for ten thousand.
    groups = list(in_groups(rows, ("indicator_id",), whole=("municipality_id",), real=(figures,)))
    placed = np.unique(np.concatenate([who for _key, (who, _figures) in groups])) if groups else np.zeros(0, np.int64)
    code_of_key = dict(Municipality.objects.values_list("pk", "code"))
    code_of_indicator = dict(Indicator.objects.values_list("pk", "code"))
    units = [code_of_key[key] for key in placed.tolist()]
    values = np.full((len(units), len(groups)), np.nan)
    codes = sorted(code_of_indicator[key] for (key,), _columns in groups)
    for (key,), (who, found) in groups:
        values[np.searchsorted(placed, who), codes.index(code_of_indicator[key])] = found
    order = sorted(range(len(units)), key=units.__getitem__)
    return Matrix(tuple(units[line] for line in order), tuple(codes), values[order])


def measurements_of(criteria: Sequence[Criterion]) -> MeasurementQuerySet:
    """The measurements that hold of some criteria, and of their indicators in each other's years."""
    return Measurement.objects.current().filter(
        indicator__in=[criterion.indicator_id for criterion in criteria],
        year__in={criterion.data_year for criterion in criteria},
    )


def _indicator(criterion: Criterion) -> Indicator:
    if criterion.indicator is None:
        msg = f"Criterion {criterion.pk} is not at indicator level."
        raise ValueError(msg)
    return criterion.indicator


def specification_json(edition: Edition) -> dict[str, Any]:
    """An edition's method, weights and goalposts as the SPEC.json that anyone can run: by the catalogue it kept."""
    with as_published(edition):
        return _specification_json(edition)


def _specification_json(edition: Edition) -> dict[str, Any]:
    criteria = list(
        Criterion.objects.of(edition).select_related("area", "theme__area", "indicator__theme").order_by("pk")
    )
    method = edition.method
    themes = {criterion.theme_id for criterion in criteria}
    return {
        "unit": "code",
        "indicators": [_indicator_json(c, method, themes) for c in criteria if c.level == Level.INDICATOR],
        "nodes": [
            {"code": INDEX_NODE, "parent": None, "weight": 1},
            *(_area_json(c) for c in criteria if c.level == Level.AREA),
            *(_theme_json(c) for c in criteria if c.level == Level.THEME),
        ],
        "normalise": {"method": "none"},
        "missing": method["missing"],
        "aggregate": method["aggregate"],
        "rank": method["rank"],
        "robustness": {key: method["robustness"][key] for key in ("draws", "share", "seed")},
    }


def specification(edition: Edition) -> Specification:
    """An edition's method as the engine reads it."""
    return Specification.from_json(specification_json(edition))


def _indicator_json(criterion: Criterion, method: dict[str, Any], themes: set[int | None]) -> dict[str, Any]:
    """One indicator. In a theme that is no part of the edition it weighs nothing, and hangs below the index itself."""
    indicator = _indicator(criterion)
    entry: dict[str, Any] = {
        "code": indicator.code,
        "parent": theme_node(indicator.theme) if indicator.theme and indicator.theme_id in themes else INDEX_NODE,
        "weight": criterion.weight,
        "direction": criterion.direction,
        "source": indicator.source_kind or None,
    }
    if criterion.direction != Direction.NEUTRAL:
        entry["normalise"] = {**method["normalise"], "low": criterion.low, "high": criterion.high}
        entry["rank"] = {"by": "value", "decimals": indicator.decimals}
    return entry


def _area_json(criterion: Criterion) -> dict[str, Any]:
    if criterion.area is None:
        msg = f"Criterion {criterion.pk} is not at area level."
        raise ValueError(msg)
    return {"code": area_node(criterion.area), "parent": INDEX_NODE, "weight": criterion.weight}


def _theme_json(criterion: Criterion) -> dict[str, Any]:
    if criterion.theme is None:
        msg = f"Criterion {criterion.pk} is not at theme level."
        raise ValueError(msg)
    theme = criterion.theme
    return {"code": theme_node(theme), "parent": area_node(theme.area), "weight": criterion.weight}


def code_of(criterion: Criterion) -> str:
    """The code of an indicator's criterion. Raises ValueError at another level."""
    return _indicator(criterion).code


def conditions_of(edition: Edition, units: Sequence[str]) -> Floats:
    """The conditions of municipalities by code, in the order of CONDITIONS; the population on a logarithm."""
    by_code = {one.code: one for one in Municipality.objects.all()}
    return table_of([by_code[code] for code in units], known_conditions(edition.year), CONDITIONS)
