"""The whole computation, in the order that COINr and the OECD handbook use: transform → fill gaps → outliers
→ normalise → aggregate up the tree → round and rank."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rankings.engine import aggregate, normalise, treatment
from rankings.engine import rank as ranking
from rankings.engine.matrix import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rankings.engine.matrix import Floats, Matrix
    from rankings.engine.specification import RankRule, Specification

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Outcome:
    """The result. Arrays are units × nodes; `nodes` holds every indicator, then every node, as the
    specification does.

    score: full precision, NaN = none. printed: the score rounded by the node's rank rule. rank: 1 is best, 0
    = none. last: the last place of the tie group ("12–14"), 0 = none. coverage: share of the weight present,
    0–1. n: how many are ranked, per node. levels: 1 = indicator, 2 … upwards. An indicator cell that was
    filled has a score, no rank.
    """

    units: tuple[str, ...]
    nodes: tuple[str, ...]
    levels: tuple[int, ...]
    score: Floats
    printed: Floats
    rank: Whole
    last: Whole
    coverage: Floats
    n: Whole

    @cached_property
    def position(self) -> dict[str, int]:
        """Code of an indicator or node → its column."""
        return {code: index for index, code in enumerate(self.nodes)}

    def indicator_scores(self) -> Floats:
        """The indicators' part of `score`, units × indicators: what "dit eget indeks" is computed from."""
        return self.score[:, [index for index, level in enumerate(self.levels) if level == 1]]


@dataclass(frozen=True)
class Prepared:
    """Indicators × units before normalising: `shown` as printed (missing = NaN), `rows` transformed and
    filled."""

    shown: Floats
    present: NDArray[np.bool_]
    rows: Floats


@dataclass(frozen=True)
class Fitted:
    """What was learnt from one matrix: the outliers' limits and the yardsticks of the indicators and of the
    nodes."""

    limits: tuple[Floats, Floats] | None
    indicators: normalise.Yardstick
    nodes: dict[str, normalise.Yardstick]


def compute(matrix: Matrix, specification: Specification) -> Outcome:
    """Scores, ranks and coverage of every unit in every indicator and node. `matrix` may have more columns
    than the specification; it must have those it names. Raises DataError."""
    try:
        with np.errstate(over="raise"):
            prepared = prepare(matrix, specification)
            fitted = fit(prepared.rows, specification)
            scores = indicator_scores(prepared, specification, fitted)
            tree = aggregate.climb(scores, prepared.present, specification)
            return finished(matrix.units, tree, specification, shown=prepared.shown)
    except FloatingPointError as error:
        raise DataError(f"the values or the weights are too large to compute with ({error})") from error


def prepare(matrix: Matrix, specification: Specification) -> Prepared:
    """Transformed and filled rows. A unit without a single value to be scored is filled with nothing."""
    raw = matrix.rows(specification.codes)
    shown, _ = treatment.transformed(matrix, specification, raw)
    early = treatment.fill_before_transform(matrix, specification, raw)
    _, rows = treatment.transformed(matrix, specification, early)
    present = ~np.isnan(shown)
    scored = np.array([not indicator.neutral for indicator in specification.indicators])
    empty = ~present[scored].any(axis=0)
    rows = treatment.fill_after_transform(matrix, specification, rows)
    return Prepared(shown, present, np.where(empty, np.nan, rows) if empty.any() else rows)


def fit(rows: Floats, specification: Specification) -> Fitted:
    """The outliers' limits and the indicators' yardstick, learnt from these rows."""
    limits = treatment.bounds(rows, specification)
    directions = [indicator.direction for indicator in specification.indicators]
    methods = [indicator.normalise for indicator in specification.indicators]
    return Fitted(limits, normalise.fit(treatment.treated(rows, limits), directions, methods), {})


def indicator_scores(prepared: Prepared, specification: Specification, fitted: Fitted) -> Floats:
    """The indicators' scores (indicators × units) by a yardstick that is already learnt."""
    scores = normalise.apply(treatment.treated(prepared.rows, fitted.limits), fitted.indicators)
    return treatment.fill_scores(scores, prepared.present, specification)


def finished(
    units: tuple[str, ...], tree: aggregate.Tree, specification: Specification, shown: Floats | None = None
) -> Outcome:
    """Round and rank every row of the tree; `shown` are the values of indicators that are ranked by value."""
    printed = np.empty_like(tree.scores)
    for rule, rows in _rows_by_rule(specification).items():
        printed[rows] = ranking.rounded(tree.scores[rows], decimals_of(rule, specification))
    rank, last = ranking.places(ranked_by(tree, specification, shown, printed))
    return Outcome(
        units=units,
        nodes=specification.order,
        levels=tuple(specification.levels[code] for code in specification.order),
        score=tree.scores.T,
        printed=printed.T,
        rank=rank.T,
        last=last.T,
        coverage=tree.coverage.T,
        n=(rank > 0).sum(axis=1),
    )


def recompute(
    scores: Floats, specification: Specification, overrides: Mapping[str, float], units: tuple[str, ...] = ()
) -> Outcome:
    """Dit eget indeks: the Outcome with some weights replaced, from stored indicator scores (units × indicators in
    the order of the specification, NaN = missing). Indicators are ranked by score: their values are not here. A
    weight of 0 takes a part out. Raises SpecificationError for an unknown code, for a weight that is negative
    or infinite, and when everything under a node would weigh 0 (then the node itself is what should weigh
    0)."""
    return outcome_of(scores, specification.with_weights(overrides), units)


def outcome_of(scores: Floats, specification: Specification, units: tuple[str, ...]) -> Outcome:
    """The Outcome of stored indicator scores (units × indicators); all are ranked by score."""
    if scores.ndim != 2 or scores.shape[1] != len(specification.indicators):
        raise DataError(f"scores of shape {scores.shape} for {len(specification.indicators)} indicators")
    rows = np.ascontiguousarray(scores.T)
    tree = aggregate.climb(rows, ~np.isnan(rows), specification)
    return finished(units or tuple(map(str, range(len(scores)))), tree, specification)


def ranked_by(
    tree: aggregate.Tree, specification: Specification, shown: Floats | None = None, printed: Floats | None = None
) -> Floats:
    """What is ranked, parts × units, highest first: the printed score, or an indicator's printed value by
    direction. NaN for whoever has no place: no score, or a filled cell."""
    keys = np.empty_like(tree.scores)
    for rule, rows in _rows_by_rule(specification).items():
        if rule.by == "value" and shown is not None:
            directions = [specification.indicators[row].direction for row in rows]
            keys[rows] = ranking.rounded(normalise.oriented(shown[rows], directions), rule.decimals)
        elif printed is not None:
            keys[rows] = printed[rows]
        else:
            keys[rows] = ranking.rounded(tree.scores[rows], rule.decimals)
        if rule.first == "lowest":
            keys[rows] = -keys[rows]
    count = len(specification.indicators)
    keys[:count] = np.where(tree.coverage[:count] > 0, keys[:count], np.nan)
    return np.where(np.isnan(tree.scores), np.nan, keys)


def decimals_of(rule: RankRule, specification: Specification) -> int | None:
    """The decimals of a printed score. Indicators ranked by value print scores with the decimals all others
    have."""
    return specification.rank.decimals if rule.by == "value" else rule.decimals


def _rows_by_rule(specification: Specification) -> dict[RankRule, list[int]]:
    rules: dict[RankRule, list[int]] = {}
    for row, part in enumerate(specification.parts):
        rules.setdefault(part.rank, []).append(row)
    return rules
