"""The tree climbed by many draws at once: matrix products over draws instead of a loop, in float32.

The means are `rankings.engine.aggregate`'s, the rounding and the ties `rankings.engine.rank`'s; here they are
only given a third axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rankings.engine import aggregate, normalise
from rankings.engine import rank as ranking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rankings.engine.matrix import Floats
    from rankings.engine.specification import NodeSpec, Specification

Yes = NDArray[np.bool_]
BATCH = 400_000
"""Draws × units handled at a time: large enough for the matrix product, small enough for memory."""
LOWEST_LOG = np.float32(-1e6)
"""Stands for ln 0, which a matrix product cannot carry; exp of any share of it is 0."""
HIGHEST_RECIPROCAL = np.float32(1e12)
"""Stands for 1/0 likewise."""
NOTHING = np.float32(np.nan)


@dataclass(frozen=True)
class Case:
    """What a group of draws has in common: indicators' scores (indicators × units, gaps NaN), and the cells
    of the tree (parts × units) that the method leaves without a score."""

    scores: Floats
    unscored: Yes


def ranks(
    specification: Specification, case: Case, weights: Floats, ranked: Yes
) -> Iterator[tuple[slice, int, NDArray[np.int64]]]:
    """(draws, row of a node, places draws × units) batch by batch, node by node; 0 = none.

    `weights` is draws × parts of the specification, `ranked` (parts × units) who may have a place at all."""
    size = max(1, BATCH // max(case.scores.shape[1], 1))
    branches = aggregate.branches(specification)
    for start in range(0, len(weights), size):
        found = climb(branches, case, weights[start : start + size])
        for branch in branches:
            value = np.where(ranked[branch.row], found[branch.row], NOTHING)
            printed = ranking.rounded(value, branch.node.rank.decimals)
            places = ranking.place(printed, branch.node.rank.first)
            yield slice(start, start + len(value)), branch.row, places


def climb(branches: list[aggregate.Branch], case: Case, weights: Floats) -> dict[int, Floats]:
    """Row → scores (draws × units) of every node, up the tree."""
    found: dict[int, Floats] = {}
    for branch in branches:
        total, weight = _from_indicators(branch, case, weights)
        for row in (row for row in branch.children if row >= len(case.scores)):
            below = found[row]
            there = ~np.isnan(below)
            share = weights[:, row, np.newaxis]
            total = total + share * np.where(there, _forward(below, branch.node), np.float32(0))
            weight = weight + share * there
        whole = weights[:, branch.children].sum(axis=1, keepdims=True)
        value = aggregate.mean(total, weight, whole, branch.node)
        value = np.where(case.unscored[branch.row] | (weight <= 0), NOTHING, value)
        found[branch.row] = _normalised(value, branch.node)
    return found


def _from_indicators(branch: aggregate.Branch, case: Case, weights: Floats) -> tuple[Floats, Floats]:
    rows = branch.children[branch.children < len(case.scores)]
    block = case.scores[rows]
    there = ~np.isnan(block)
    mine = weights[:, rows]
    total = mine @ np.where(there, _forward(block, branch.node), np.float32(0))
    if there.all():
        return total, np.broadcast_to(mine.sum(axis=1, keepdims=True), total.shape)
    return total, mine @ there.astype(np.float32)


def _forward(scores: Floats, node: NodeSpec) -> Floats:
    if node.aggregate in {"arithmetic", "sum"}:
        return scores
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.clip(aggregate.forward(scores, node.aggregate), LOWEST_LOG, HIGHEST_RECIPROCAL)


def _normalised(value: Floats, node: NodeSpec) -> Floats:
    if node.normalise.method == "none":
        return value
    value = ranking.rounded(value, None)
    yardstick = normalise.fit(value, ["higher_is_better"] * len(value), [node.normalise] * len(value))
    return normalise.apply(value, yardstick).astype(np.float32)
