"""A publisher has restated figures that a published edition stands on: what they were, what they are, who would move.

A correction is proposed by this and never made: it is made by people, with a reason (`correct_edition`).
"""

from dataclasses import dataclass, replace

import numpy as np

from indicators.models import Indicator, Municipality
from indicators.upload.cells import Cells
from rankings.engine.compute import compute
from rankings.loading import frozen_matrix, specification
from rankings.method import INDEX_NODE
from rankings.models import Criterion, Edition


@dataclass(frozen=True, slots=True)
class Restated:
    """One indicator of one published edition: municipality, old and new figure; and who would move in the whole index.

    ``figures`` are those whose printed value differs; ``moves`` are municipality, place before, place after.
    """

    edition: Edition
    indicator: Indicator
    figures: tuple[tuple[str, float | None, float | None], ...]
    moves: tuple[tuple[str, int, int], ...]


def restated_by(cells: Cells) -> list[Restated]:
    """The published editions in which a file's figures would be others than those printed. Writes nothing."""
    found = []
    pairs = {(cell.indicator, cell.year) for cell in cells}
    criteria = Criterion.objects.for_indicators().filter(edition__in=Edition.objects.published())
    for criterion in criteria.select_related("edition", "indicator").order_by("edition__year", "pk"):
        if criterion.indicator and (criterion.indicator.code, criterion.data_year) in pairs:
            one = _in_edition(criterion.edition, criterion.indicator, criterion.data_year or 0, cells)
            found += [one] if one.figures else []
    return found


def _in_edition(edition: Edition, indicator: Indicator, year: int, cells: Cells) -> Restated:
    matrix, spec = frozen_matrix(edition), specification(edition)
    names = dict(Municipality.objects.values_list("code", "name"))
    line_of = {unit: line for line, unit in enumerate(matrix.units)}
    column = matrix.codes.index(indicator.code)
    values = matrix.values.copy()
    figures = []
    for cell in cells:
        line = line_of.get(cell.municipality)
        if line is None or cell.indicator != indicator.code or cell.year != year:
            continue
        old, new = float(values[line, column]), np.nan if cell.value is None else cell.value
        values[line, column] = new
        if _printed(old, indicator) != _printed(new, indicator):
            figures.append((names[cell.municipality], _or_none(old), _or_none(new)))
    before, after = compute(matrix, spec), compute(replace(matrix, values=values), spec)
    top = before.position[INDEX_NODE]
    moves = [
        (names[unit], int(before.rank[line, top]), int(after.rank[line, top]))
        for unit, line in line_of.items()
        if before.rank[line, top] != after.rank[line, top]
    ]
    moves.sort(key=lambda move: -abs(move[1] - move[2]))
    return Restated(edition, indicator, tuple(figures), tuple(moves))


def _printed(value: float, indicator: Indicator) -> float | None:
    return None if np.isnan(value) else round(value, indicator.decimals)


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value
