"""What would lift a unit: the value one indicator alone would need for some places up in the whole index.

Everything else stays as it is: the unit's other values, every other unit, and the yardstick. With a fixed
yardstick (goalposts, a declared worst value and target, the value itself; no outlier rule that looks at the
data) the value, put into the computation, gives the rank that was asked for or a better one. Where the unit's
own value moves the yardstick (min–max, z-score), the value is close but not exact; percentile ranks and Borda
have no answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rankings.engine import aggregate, compute, normalise, treatment
from rankings.engine import rank as ranking

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from rankings.engine.matrix import Floats, Matrix
    from rankings.engine.specification import IndicatorSpec, Specification

MARGIN = 1e-9
"""How far beyond the half the score is put, as a share of the last printed decimal: enough for the noise of
sums."""


@dataclass(frozen=True)
class Lift:
    """Arrays are units × indicators × places; NaN where the places cannot be reached by that indicator alone,
    where the indicator is not influenceable or has no value, and where there are not that many places above.

    value: the value needed, in the data's unit, rounded outwards to the indicator's printed decimals where it
    is ranked by value. distance: value − the unit's own value (the sign says which way). exact: per
    indicator, whether the yardstick is fixed."""

    units: tuple[str, ...]
    indicators: tuple[str, ...]
    places: tuple[int, ...]
    value: Floats
    distance: Floats
    exact: NDArray[np.bool_]


def lift(
    matrix: Matrix,
    specification: Specification,
    *,
    influenceable: Collection[str],
    places: Sequence[int] = (1, 10),
    units: Collection[str] | None = None,
) -> Lift:
    """For every unit (or those named) and every influenceable indicator, the value needed for so many places
    up at the root. Raises DataError."""
    prepared = compute.prepare(matrix, specification)
    fitted = compute.fit(prepared.rows, specification)
    scores = compute.indicator_scores(prepared, specification, fitted)
    tree = aggregate.climb(scores, prepared.present, specification)
    chosen = np.array([unit in units if units is not None else True for unit in matrix.units], dtype=bool)
    open_to = np.array([code in influenceable for code in specification.codes], dtype=bool)
    raw = matrix.rows(specification.codes)
    values = np.full((*raw.shape, len(places)), np.nan)
    for index, up in enumerate(places):
        need = aggregate.needed(tree, specification, _score_for(tree, specification, up))[: len(raw)]
        found = _values(need, matrix, specification, fitted)
        mask = prepared.present & open_to[:, np.newaxis] & chosen
        values[..., index] = np.where(mask, found, np.nan)
    value = values.transpose(1, 0, 2)
    exact = np.array([_exact(indicator) for indicator in specification.indicators])
    return Lift(matrix.units, specification.codes, tuple(places), value, value - raw.T[:, :, np.newaxis], exact)


def made_such_a_move(history: Sequence[Matrix], specification: Specification, lifted: Lift) -> compute.Whole:
    """How many units have moved at least that far in the good direction from one edition to a later one: for
    every distance of `lifted` a count, −1 where there is no distance. `history` is the editions to look at,
    oldest first."""
    units = history[-1].units
    rows = [edition.aligned(units, specification.codes).values for edition in history]
    signs = np.array([normalise.SIGNS[indicator.direction] for indicator in specification.indicators])
    best = np.full(rows[0].shape, -np.inf)
    for index, earlier in enumerate(rows):
        for later in rows[index + 1 :]:
            best = np.fmax(best, (later - earlier) * signs)
    counts = np.full(lifted.distance.shape, -1, dtype=np.int64)
    for column in range(len(specification.codes)):
        moves = np.sort(best[:, column])
        wanted = np.abs(lifted.distance[:, column])
        made = moves.size - np.searchsorted(moves, wanted * (1 - MARGIN), side="left")
        counts[:, column] = np.where(np.isnan(wanted), -1, made)
    return counts


def _score_for(tree: aggregate.Tree, specification: Specification, up: int) -> Floats:
    """The root's score that lifts each unit `up` places: that of the unit so many places above, less the half
    that rounds up. NaN where there is no such place."""
    row = specification.order.index(specification.root)
    rule = specification.parts[row].rank
    sign = 1.0 if rule.first == "highest" else -1.0
    keys = compute.ranked_by(tree, specification)[row]
    rank = ranking.place(keys)
    above = rank - up - 1
    ordered = np.sort(-keys)
    target = -ordered[np.maximum(above, 0)]
    step = 0.0 if rule.decimals is None else 10.0**-rule.decimals
    wanted = sign * (target - step * (0.5 - MARGIN))
    return np.where((rank > 0) & (above >= 0), wanted, np.nan)


def _values(need: Floats, matrix: Matrix, specification: Specification, fitted: compute.Fitted) -> Floats:
    """The values in the data's unit that get these scores; NaN beyond the yardstick's ends or the outliers'
    limits."""
    rows = normalise.invert(need, fitted.indicators)
    rows = np.where(treatment.treated(rows, fitted.limits) == rows, rows, np.nan)
    lowest = specification.parts[specification.order.index(specification.root)].rank.first == "lowest"
    for index, indicator in enumerate(specification.indicators):
        columns = {step.column for step in indicator.transform if step.method == "per"}
        denominators = {column: matrix.rows((column,))[0] for column in columns}
        sign = normalise.SIGNS[indicator.direction] * (-1.0 if lowest else 1.0)
        restored = treatment.restored(rows[index], indicator.transform, denominators)
        if indicator.rank.by == "value":
            restored = ranking.outwards(restored, indicator.rank.decimals, sign)
        rows[index] = restored
    return rows


def _exact(indicator: IndicatorSpec) -> bool:
    method = indicator.normalise.method
    fixed = method in normalise.FIXED or (method == "target" and indicator.normalise.worst is not None)
    return fixed and indicator.outliers.method in {"none", "cap"}
