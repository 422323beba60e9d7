"""From values to scores that can be averaged, higher always better. The only place that knows about
direction.

Every method but two is a straight line per row: score = base + (f(x) − origin) / span × height, clipped,
where f is the identity or ln and a negative span turns a lower-is-better value round. `percentile_rank` and
`borda` count against the sorted values of the row. `fit` learns the line or the sorted values (the
yardstick), `apply` uses them, `invert` goes back. Fitting and applying apart lets another edition, or one
changed value, be read with the same yardstick. A row in which all values are equal tells nobody apart:
everybody gets the middle of the scale.

Sources: OECD/JRC, Handbook on Constructing Composite Indicators (2008), ch. 5; COINr (`n_minmax`,
`n_goalposts`, `n_zscore`, `n_prank`, `n_borda`, `n_dist2targ`); UNDP, Human Development Report, Technical
notes (goalposts, log).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rankings.engine.matrix import DataError, Floats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rankings.engine.choices import Normalise

SIGNS = {"higher_is_better": 1.0, "lower_is_better": -1.0, "neutral": np.nan}
_Line = tuple[float, float, float, float, float, float, bool]
COUNTED = ("percentile_rank", "borda")
GRID = 8192
FIXED = ("goalposts", "none")


@dataclass(frozen=True)
class Yardstick:
    """Fitted normalisation of some rows (each field rows × 1): score = base + (x − origin) / span × height, on ln x
    with `log`, then clipped to floor and ceiling. Rows whose base is NaN are never scored."""

    origin: Floats
    span: Floats
    base: Floats
    height: Floats
    floor: Floats
    ceiling: Floats
    log: NDArray[np.bool_]
    counted: dict[int, tuple[Floats, float, float, float]]
    """Row → sorted oriented values, sign, base and height of one place."""


def oriented(rows: Floats, directions: Sequence[str]) -> Floats:
    """The rows with lower-is-better values negated, so that higher is better; neutral rows become NaN."""
    result: Floats = rows * np.array([[SIGNS[direction]] for direction in directions])
    return result


def fit(rows: Floats, directions: Sequence[str], methods: Sequence[Normalise]) -> Yardstick:
    """Learn how each row becomes scores. Rows × units, NaN = missing."""
    lows, highs = _extremes(rows)
    lines, counted = [], {}
    for index, (direction, method) in enumerate(zip(directions, methods, strict=True)):
        sign = SIGNS[direction]
        if direction == "neutral":
            lines.append(_line(0.0, 1.0, np.nan, np.nan))
        elif method.method in COUNTED:
            lines.append(_line(0.0, 1.0, 0.0, 0.0))
            counted[index] = _places(rows[index], sign, method)
        elif method.method == "z_score":
            lines.append(_z_score(rows[index], sign, method))
        else:
            lines.append(_LINES[method.method](float(lows[index]), float(highs[index]), sign, method))
    origin, span, base, height, floor, ceiling, log = (
        np.array(column)[:, np.newaxis] for column in zip(*lines, strict=True)
    )
    return Yardstick(origin, span, base, height, floor, ceiling, log, counted)


def apply(rows: Floats, yardstick: Yardstick) -> Floats:
    """Scores of the rows; NaN where the value is missing or the row is neutral. Raises DataError where an
    unclipped logarithm meets a value of 0 or less."""
    values = rows
    if yardstick.log.any():
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.where(yardstick.log, np.where(rows > 0, np.log(rows), rows * 0 - np.inf), rows)
    with np.errstate(invalid="ignore"):
        scores = yardstick.base + (values - yardstick.origin) / yardstick.span * yardstick.height
    scores = np.clip(scores, yardstick.floor, yardstick.ceiling)
    if yardstick.log.any() and np.isinf(scores).any():
        raise DataError("no logarithm of a value of 0 or less in a row normalised with log and without clip")
    for index, (sorted_values, sign, base, height) in yardstick.counted.items():
        row = rows[index] * sign
        worse = np.searchsorted(sorted_values, row, side="left")
        scores[index] = np.where(np.isnan(row), np.nan, base + worse * height)
    return scores


def apply_rows(values: Floats, yardstick: Yardstick, rows: NDArray[np.intp]) -> Floats:
    """Scores of many draws of some rows at once: `values` are draws × rows × units, single precision, of the
    yardstick's `rows`. A logarithm of 0 or less is the lowest score there is. Counted rows are looked up on a grid of
    `GRID` steps over the row: a binary search for each of a hundred million values costs more than all the rest."""
    origin, span, base, height, floor, ceiling = (
        getattr(yardstick, name)[rows].astype(np.float32)
        for name in ("origin", "span", "base", "height", "floor", "ceiling")
    )
    log = yardstick.log[rows]
    given = values
    if log.any():
        values = np.where(log, np.log(np.maximum(values, np.float32(1e-30))), values)
    scores: Floats = values - origin
    scores *= height / span
    scores += base
    np.clip(scores, floor, ceiling, out=scores)
    for place, row in enumerate(rows.tolist()):
        if row in yardstick.counted:
            scores[:, place] = _looked_up(given[:, place], *yardstick.counted[row])
    return scores


def _looked_up(values: Floats, ordered: Floats, sign: float, low: float, step: float) -> Floats:
    if not ordered.size or ordered[0] == ordered[-1]:
        worse = np.searchsorted(ordered, values * sign, side="left")
        return np.where(np.isnan(values), np.nan, low + worse * step)
    width = (ordered[-1] - ordered[0]) / GRID
    grid = np.searchsorted(ordered, ordered[0] + width * (np.arange(GRID + 2) - 0.5), side="left")
    cells = np.clip((values * np.float32(sign) - np.float32(ordered[0])) / np.float32(width) + 0.5, 0, GRID + 1)
    gaps = np.isnan(cells)
    scores = (low + grid * step).astype(np.float32)[np.where(gaps, 0, cells).astype(np.int32)]
    return np.where(gaps, np.float32(np.nan), scores)


def invert(scores: Floats, yardstick: Yardstick) -> Floats:
    """The values that get these scores on the line; NaN beyond the clip, on a flat line and in counted
    rows."""
    with np.errstate(divide="ignore", invalid="ignore"):
        values = yardstick.origin + (scores - yardstick.base) / yardstick.height * yardstick.span
    values = np.where(yardstick.log, np.exp(np.minimum(values, 700.0)), values)
    outside = (scores > yardstick.ceiling) | (scores < yardstick.floor) | (yardstick.height == 0)
    return np.where(outside, np.nan, values)


def middle(method: Normalise) -> float:
    """The neutral score: the middle of the scale, the mean of z-scores, 0 where there is no scale."""
    if method.method == "z_score":
        return method.mean
    return 0.0 if method.method in {"borda", "none"} else sum(method.scale) / 2


def _line(
    origin: float,
    span: float,
    base: float,
    height: float,
    floor: float = -np.inf,
    ceiling: float = np.inf,
    log: bool = False,  # noqa: FBT001, FBT002
) -> _Line:
    return origin, span, base, height, floor, ceiling, log


def _extremes(rows: Floats) -> tuple[Floats, Floats]:
    """Lowest and highest value present per row, NaN for an empty row."""
    low = np.min(rows, axis=1, initial=np.inf, where=~np.isnan(rows))
    high = np.max(rows, axis=1, initial=-np.inf, where=~np.isnan(rows))
    return np.where(np.isinf(low), np.nan, low), np.where(np.isinf(high), np.nan, high)


def _between(low: float, high: float, sign: float, scale: tuple[float, float], **more: float | bool) -> _Line:
    """The line that gives the bad end scale[0] and the good end scale[1]."""
    bad, good = (low, high) if sign > 0 else (high, low)
    if good == bad:
        return _flat(sum(scale) / 2)
    return _line(bad, good - bad, scale[0], scale[1] - scale[0], **more)  # type: ignore[arg-type]


def _flat(score: float) -> _Line:
    return _line(0.0, 1.0, score, 0.0)


def _min_max(low: float, high: float, sign: float, method: Normalise) -> _Line:
    """Worst value observed → scale[0], best → scale[1]."""
    return _between(low, high, sign, method.scale)


def _goalposts(_low: float, _high: float, sign: float, method: Normalise) -> _Line:
    """The same between two fixed numbers; clipped to the scale unless `clip` is false; on ln(x) with
    `log`."""
    low, high = float(method.low or 0.0), float(method.high or 0.0)
    if method.log:
        low, high = float(np.log(low)), float(np.log(high))
    floor, ceiling = method.scale if method.clip else (-np.inf, np.inf)
    return _between(low, high, sign, method.scale, floor=floor, ceiling=ceiling, log=method.log)


def _target(low: float, high: float, sign: float, method: Normalise) -> _Line:
    """Distance to target: the worst value (observed, or declared) → scale[0], the target → scale[1]; beyond
    the target (and below a declared worst) clipped unless `clip` is false. No distance when the worst already
    meets the target."""
    worst = (low if sign > 0 else high) if method.worst is None else method.worst
    target = float(method.target or 0.0)
    if (target - worst) * sign <= 0:
        return _flat(method.scale[1])
    floor, ceiling = method.scale if method.clip else (-np.inf, np.inf)
    return _line(worst, target - worst, method.scale[0], method.scale[1] - method.scale[0], floor, ceiling)


def _z_score(row: Floats, sign: float, method: Normalise) -> _Line:
    """mean + sd × (x − average) / deviation, over the values present, deviation with n − ddof; at most `cap`
    deviations from the mean. Summed in order of size, so that the order of the units cannot matter."""
    present = np.sort(row[~np.isnan(row)])
    if present.size <= method.ddof or present[0] == present[-1]:
        return _flat(method.mean)
    deviation = float(present.std(ddof=method.ddof))
    if deviation == 0:  # the squares of such small differences are nothing
        return _flat(method.mean)
    reach = np.inf if method.cap is None else method.cap * method.sd
    return _line(
        float(present.mean()),
        sign * deviation,
        method.mean,
        method.sd,
        method.mean - reach,
        method.mean + reach,
    )


def _none(_low: float, _high: float, sign: float, _method: Normalise) -> _Line:
    """The value itself, negated where lower is better."""
    return _line(0.0, 1.0, 0.0, sign)


def _places(row: Floats, sign: float, method: Normalise) -> tuple[Floats, float, float, float]:
    """percentile_rank: units strictly worse / (n − 1) on the scale (0–1 unless declared); borda: units
    strictly worse. n is the units with a value; a unit alone has nobody below it."""
    present = np.sort(row[~np.isnan(row)] * sign)
    if method.method == "borda":
        return present, sign, 0.0, 1.0
    low, high = method.scale
    return present, sign, low, (high - low) / max(present.size - 1, 1)


_LINES = {"min_max": _min_max, "goalposts": _goalposts, "target": _target, "none": _none}
