"""How sure is a rank: the index recomputed under a declared set of variations (`rankings.engine.variations`).

This is sensitivity to the choices of method, not sampling error. A unit without a rank in the published
computation has none here; a draw that cannot score a unit (its last value was left out) counts with its
published rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rankings.engine import compute, draws, variations

if TYPE_CHECKING:
    from rankings.engine.matrix import Floats, Matrix
    from rankings.engine.specification import Specification

Whole = NDArray[np.int64]
SEED = 2014
PAIRS_AT_MOST = 500
"""Up to this many units, pairs are compared in every node; beyond it, where they cost seconds, at the root
only."""

PAIRS_AT_ALL = 2_000
"""Beyond this many units no pairs are compared: of 11 000, each cannot be told apart from six thousand others,
which nobody reads and which takes a quarter of a gigabyte. The intervals say the same."""

COMPARISONS = 32_000_000
"""How many ranks are compared at a time, a byte each."""


@dataclass(frozen=True)
class Alike:
    """Who cannot be told apart in one node: unit i (row of the matrix) from `others[starts[i]:starts[i +
    1]]`."""

    starts: Whole
    others: NDArray[np.uint32]

    def of(self, row: int) -> NDArray[np.uint32]:
        """The rows of the units that this unit cannot be told apart from, best placed first."""
        return self.others[self.starts[row] : self.starts[row + 1]]

    def counts(self) -> Whole:
        """How many, for every unit."""
        return np.diff(self.starts)


@dataclass(frozen=True)
class Variation:
    """One factor of the variations: the choices it was drawn from, and its first-order share of the movement
    of the ranks, per node in the order of the Outcome (0–1; NaN for indicators and where nothing moved). What
    the shares lack to 1 is movement that only several factors together make."""

    name: str
    choices: tuple[str, ...]
    share: Floats


@dataclass(frozen=True)
class Robustness:
    """Intervals of ranks, units × nodes in the order of the Outcome; 0 where there is no rank.

    [low, high] holds at least `share` of the ranks drawn, an equal part cut off at either end, and is widened
    to the published rank where that lies outside: the published rank is always in it. An indicator's own rank
    does not depend on any variation, so its interval is its rank. `alike`: node → who cannot be told apart
    there; without any beyond PAIRS_AT_ALL units. Two ranked units can be told apart when the one published ahead
    is strictly ahead in at least `share` of the draws; units that share a published rank never can."""

    units: tuple[str, ...]
    nodes: tuple[str, ...]
    low: Whole
    high: Whole
    alike: dict[str, Alike]
    variations: tuple[Variation, ...]
    draws: int
    share: float
    seed: int


def robustness(
    matrix: Matrix, specification: Specification, *, draws: int = 1000, seed: int = SEED, share: float = 0.9
) -> Robustness:
    """Recompute the index under at least `draws` draws of the variations. The same seed gives the same
    result."""
    scores = variations.normalisations(matrix, specification)
    plan = variations.plan(specification, len(scores), draws, seed)
    published = compute.compute(matrix, specification)
    drawn = all_ranks(specification, published, list(scores.values()), plan)
    low, high = published.rank.copy(), published.rank.copy()
    shares = np.full((len(variations.FACTORS), len(specification.order)), np.nan)
    alike = {}
    compared = _compared(specification, len(matrix.units))
    for code in specification.upwards:  # the root, whose pairs need room, when all others have been let go
        index, ranks = published.position[code], drawn.pop(code)
        low[:, index], high[:, index] = interval(ranks, published.rank[:, index], share)
        shares[:, index] = first_order(ranks, plan.size)
        if code in compared:
            alike[code] = indistinct(ranks, published.rank[:, index], low[:, index], high[:, index], share)
    names = (tuple(scores), tuple(dict.fromkeys(variations.WEIGHTS)), variations.turns(specification),
             variations.MISSING)  # fmt: skip
    ran = tuple(
        Variation(name, choices, row) for name, choices, row in zip(variations.FACTORS, names, shares, strict=True)
    )
    return Robustness(matrix.units, specification.order, low, high, alike, ran, plan.draws, share, seed)


def _compared(specification: Specification, units: int) -> tuple[str, ...]:
    """The nodes where pairs are compared."""
    if units <= PAIRS_AT_MOST:
        return specification.order[len(specification.indicators) :]
    return (specification.root,) if units <= PAIRS_AT_ALL else ()


def all_ranks(
    specification: Specification, published: compute.Outcome, scores: list[Floats], plan: variations.Plan
) -> dict[str, NDArray[np.uint16 | np.uint32]]:
    """Node → every rank of every draw (draws × units), in the smallest integers that hold them."""
    units = len(published.units)
    kind = np.uint16 if units < 2**16 else np.uint32
    drawn = {node.code: np.zeros((plan.draws, units), dtype=kind) for node in specification.nodes}
    for normalisation, missing in np.unique(np.stack([plan.normalisation, plan.missing]), axis=1).T:
        chosen = np.flatnonzero((plan.normalisation == normalisation) & (plan.missing == missing))
        case = _case(scores[normalisation], variations.MISSING[missing], published)
        for part, row, places in draws.ranks(specification, case, plan.weights[chosen], published.rank.T > 0):
            drawn[specification.order[row]][chosen[part]] = places
    for code, ranks in drawn.items():
        usual = published.rank[:, published.position[code]].astype(kind)
        np.copyto(ranks, usual, where=ranks == 0)
    return drawn


def interval(ranks: NDArray[np.uint16 | np.uint32], published: Whole, share: float) -> tuple[Whole, Whole]:
    """Lowest and highest rank per unit with (1 − share)/2 of the draws (rounded down) cut off at either end,
    widened to the published rank. Ranks are draws × units."""
    ordered = np.sort(np.ascontiguousarray(ranks.T), axis=1)
    cut = int((1 - share) / 2 * ranks.shape[0] + 1e-9)
    low = np.minimum(ordered[:, cut].astype(np.int64), published)
    high = np.maximum(ordered[:, ranks.shape[0] - 1 - cut].astype(np.int64), published)
    return np.where(published > 0, low, 0), np.where(published > 0, high, 0)


def first_order(ranks: NDArray[np.uint16 | np.uint32], size: int) -> Floats:
    """Each factor's first-order share of the variance of the ranks, summed over the units (Jansen's
    estimator): 1 − Σ(B − AB)² / 2nV, where AB is A with that factor taken from B. Never below 0; NaN when no
    rank moves."""
    blocks = ranks.reshape(-1, size, ranks.shape[1]).astype(np.float32)
    variance = float(blocks[:2].reshape(-1, ranks.shape[1]).var(axis=0, dtype=np.float64).sum())
    if variance == 0:
        return np.full(len(blocks) - 2, np.nan)
    apart = np.array([float(((blocks[1] - mixed) ** 2).mean(axis=0, dtype=np.float64).sum()) for mixed in blocks[2:]])
    return np.clip(1 - apart / (2 * variance), 0.0, 1.0)


def indistinct(ranks: NDArray[np.uint16 | np.uint32], published: Whole, low: Whole, high: Whole, share: float) -> Alike:
    """Who cannot be told apart from whom. Only pairs whose intervals meet are compared: where they do not,
    each unit is beyond its own end in at most (1 − share)/2 of the draws, so the order holds in at least
    `share` of them."""
    placed = np.flatnonzero(published > 0)
    order = placed[np.argsort(published[placed], kind="stable")]
    mine = np.ascontiguousarray(ranks.T[order])
    needed = share * ranks.shape[0] - 1e-9
    block = max(1, COMPARISONS // max(mine.size, 1))
    low, high, published = low[order], high[order], published[order]
    pairs = [_alike_within(mine, low, high, published, needed, start, block) for start in range(0, order.size, block)]
    above, below = (np.concatenate(side) for side in zip(*pairs, strict=True)) if pairs else (order, order)
    units = ranks.shape[1]
    keys = np.concatenate([order[above] * units + below, order[below] * units + above])
    keys.sort()
    starts = np.searchsorted(keys, np.arange(units + 1) * units)
    keys %= units
    return Alike(starts, order[keys].astype(np.uint32))


def _alike_within(
    mine: NDArray[np.uint16 | np.uint32],
    low: Whole,
    high: Whole,
    published: Whole,
    needed: float,
    start: int,
    block: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Pairs that cannot be told apart, the first in [start, start + block), the second behind it; units in
    order of published rank."""
    stop = min(start + block, len(mine))
    reach = int(np.flatnonzero(low <= high[start:stop].max())[-1]) + 1
    ahead = mine[start:stop, np.newaxis] < mine[np.newaxis, start:reach]
    count = np.bitwise_count(np.packbits(ahead, axis=2)).sum(axis=2, dtype=np.int64)
    alike = (count < needed) | (published[start:stop, np.newaxis] == published[np.newaxis, start:reach])
    above, below = np.nonzero(np.triu(alike, 1))
    return (above + start).astype(np.int32), (below + start).astype(np.int32)


def _case(scores: Floats, missing: str, published: compute.Outcome) -> draws.Case:
    """What a missing rule makes of the scores: gaps left as declared, filled with the indicator's median
    score, or left without any threshold."""
    unscored = np.isnan(published.score.T)
    if missing == "median":
        empty = np.isnan(scores).all(axis=1)
        guess = np.full(len(scores), np.nan)
        guess[~empty] = np.nanmedian(scores[~empty], axis=1)
        scores = np.where(np.isnan(scores), guess[:, np.newaxis], scores)
    if missing != "declared":
        unscored = np.zeros_like(unscored)
    return draws.Case(scores.astype(np.float32), unscored)
