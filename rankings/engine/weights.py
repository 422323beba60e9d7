"""How far a unit can move by other weights, from stored indicator scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rankings.engine import compute, draws, variations

if TYPE_CHECKING:
    from rankings.engine.compute import Whole
    from rankings.engine.matrix import Floats
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


def reach(
    scores: Floats,
    specification: Specification,
    *,
    draws_wanted: int = 500,
    seed: int = SEED,
    units: tuple[str, ...] = (),
) -> Reach:
    """How far every unit moves under all reasonable weights (see Reach), from stored indicator scores."""
    published = compute.outcome_of(scores, specification, units)
    schemes = ["declared", "flat", *["random"] * max(draws_wanted - 2, 0)]
    weights = variations.weight_sets(specification, schemes, np.random.default_rng(seed))
    case = draws.case_of(specification, scores.T, np.isnan(published.score.T))
    best, worst = published.rank.copy(), published.rank.copy()
    for _, row, places in draws.ranks(case, weights.astype(np.float32), published.rank.T > 0):
        ranked = np.where(places > 0, places, published.rank[:, row])
        best[:, row] = np.minimum(best[:, row], ranked.min(axis=0))
        worst[:, row] = np.maximum(worst[:, row], ranked.max(axis=0))
    return Reach(published.units, published.nodes, best, worst, len(schemes), seed)
