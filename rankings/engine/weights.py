"""Dit eget indeks: the index with other weights, from stored indicator scores, and how far a unit can move by
that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rankings.engine import aggregate, compute, draws, variations
from rankings.engine.matrix import DataError, Floats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rankings.engine.compute import Outcome, Whole
    from rankings.engine.specification import Specification

SEED = 2014


@dataclass(frozen=True)
class Reach:
    """Best and worst rank of every unit under all reasonable weights, units × nodes in the Outcome's order, 0
    = none.

    Reasonable weights: every weight between half and twice the declared one, independently at every level
    (drawn on the logarithm), and flat weights, where every indicator counts the same; best and worst over all
    draws."""

    units: tuple[str, ...]
    nodes: tuple[str, ...]
    best: Whole
    worst: Whole
    draws: int
    seed: int


def recompute(
    scores: Floats, specification: Specification, overrides: Mapping[str, float], units: tuple[str, ...] = ()
) -> Outcome:
    """The Outcome with some weights replaced, from stored indicator scores (units × indicators in the order
    of the specification, NaN = missing). Indicators are ranked by score, because their values are not here. A
    weight of 0 takes a part out. Raises SpecificationError for an unknown code, for a weight that is negative
    or infinite, and when everything under a node would weigh 0 (then the node itself is what should weigh
    0)."""
    return _outcome(scores, specification.with_weights(overrides), units)


def reach(
    scores: Floats,
    specification: Specification,
    *,
    draws_wanted: int = 500,
    seed: int = SEED,
    units: tuple[str, ...] = (),
) -> Reach:
    """How far every unit moves under all reasonable weights (see Reach), from stored indicator scores."""
    published = _outcome(scores, specification, units)
    schemes = ["declared", "flat", *["random"] * max(draws_wanted - 2, 0)]
    weights = variations.weight_sets(specification, schemes, np.random.default_rng(seed))
    case = draws.case_of(specification, scores.T, np.isnan(published.score.T))
    best, worst = published.rank.copy(), published.rank.copy()
    for _, row, places in draws.ranks(case, weights.astype(np.float32), published.rank.T > 0):
        ranked = np.where(places > 0, places, published.rank[:, row])
        best[:, row] = np.minimum(best[:, row], ranked.min(axis=0))
        worst[:, row] = np.maximum(worst[:, row], ranked.max(axis=0))
    return Reach(published.units, published.nodes, best, worst, len(schemes), seed)


def _outcome(scores: Floats, specification: Specification, units: tuple[str, ...]) -> Outcome:
    if scores.ndim != 2 or scores.shape[1] != len(specification.indicators):
        raise DataError(f"scores of shape {scores.shape} for {len(specification.indicators)} indicators")
    rows = np.ascontiguousarray(scores.T)
    tree = aggregate.climb(rows, ~np.isnan(rows), specification)
    return compute.finished(units or tuple(map(str, range(len(scores)))), tree, specification)
