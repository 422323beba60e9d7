"""From children to node: the means, the weights over what is present, and the coverage. All rules about gaps
live here.

- A gap never takes part. With `rescale` (and after any filling) the weights are rescaled over the children
  that have a score; with `"weights": "kept"` a gap's weight is lost instead; with `none` one gap makes the
  node a gap.
- Coverage of a node is the share of the weight of the indicators under it, down through the tree, for which a
  value is present in the data: coverage = Σ w · coverage(child) / Σ w, where an indicator counts 1 or 0.
  Filled cells do not count. Whether a child itself reached its threshold makes no difference to its parent's
  coverage.
- A node under its threshold has no score and no rank; its parent treats it as any gap.

Sources: OECD/JRC Handbook (2008), ch. 6; COINr (`a_amean`, `a_gmean`, `a_hmean`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rankings.engine import normalise
from rankings.engine import rank as ranking
from rankings.engine.matrix import DataError, Floats

if TYPE_CHECKING:
    from rankings.engine.specification import NodeSpec, Specification

Yes = NDArray[np.bool_]
TOLERANCE = 1e-9
"""How far below its threshold a coverage may fall by rounding of binary fractions."""


@dataclass(frozen=True)
class Branch:
    """A node ready for arithmetic: its row, its children's rows and weights (children × 1, all above 0)."""

    node: NodeSpec
    row: int
    children: NDArray[np.intp]
    weights: Floats
    required: Yes


@dataclass(frozen=True)
class Tree:
    """Scores and coverage of every indicator and node, rows in the specification's order × units."""

    scores: Floats
    coverage: Floats
    yardsticks: dict[str, normalise.Yardstick]


def branches(specification: Specification) -> list[Branch]:
    """The nodes from the leaves up, children sorted by code; children without weight are left out."""
    row = {code: index for index, code in enumerate(specification.order)}
    nodes = {node.code: node for node in specification.nodes}
    required = {indicator.code for indicator in specification.indicators if indicator.required}
    weights = specification.weights
    result = []
    for code in specification.upwards:
        below = [child for child in specification.children[code] if weights[child] > 0]
        result.append(
            Branch(
                nodes[code],
                row[code],
                np.array([row[child] for child in below]),
                np.array([[weights[child]] for child in below]),
                np.array([child in required for child in below]),
            )
        )
    return result


def climb(
    scores: Floats,
    present: Yes,
    specification: Specification,
    yardsticks: dict[str, normalise.Yardstick] | None = None,
) -> Tree:
    """Scores and coverage of the whole tree from the indicators' scores and presence (indicators × units).
    Nodes that are normalised use the given yardsticks, or learn their own. Raises DataError for a mean that
    does not exist."""
    fitted = dict(yardsticks or {})
    size = (len(specification.order), scores.shape[1])
    everything, coverage = np.full(size, np.nan), np.zeros(size)
    everything[: scores.shape[0]], coverage[: scores.shape[0]] = scores, present
    for branch in branches(specification):
        block = everything[branch.children]
        below = coverage[branch.children]
        share = (branch.weights * below).sum(axis=0) / branch.weights.sum()
        value = combined(block, branch)
        value[share < branch.node.missing.coverage - TOLERANCE] = np.nan
        if branch.node.normalise.method != "none":
            value = _normalised(value, branch.node, fitted)
        everything[branch.row], coverage[branch.row] = value, share
    return Tree(everything, coverage, fitted)


def combined(block: Floats, branch: Branch) -> Floats:
    """The node's score from its children's (children × units), before the threshold; NaN where nothing is
    present."""
    there = ~np.isnan(block)
    check_sign(block, branch.node)
    with np.errstate(divide="ignore"):
        parts = np.where(there, branch.weights * forward(block, branch.node.aggregate), 0.0)
    whole = float(branch.weights.sum())
    weight = (branch.weights * there).sum(axis=0)
    value = mean(parts.sum(axis=0), weight, whole, branch.node)
    must = branch.required | (branch.node.missing.method == "none")
    value[(~there[must]).any(axis=0) | (weight == 0)] = np.nan
    return value


def forward(scores: Floats, aggregate: str) -> Floats:
    """What is averaged: the score, its logarithm (geometric) or its reciprocal (harmonic)."""
    if aggregate == "geometric":
        return np.log(scores)
    return 1.0 / scores if aggregate == "harmonic" else scores


def mean(total: Floats, weight: Floats, whole: float, node: NodeSpec) -> Floats:
    """From Σ w·forward(score) over the children present (`total`) and Σ w (`weight` present, `whole`
    declared):

    arithmetic Σwx/Σw · geometric exp(Σw·ln x/Σw) · harmonic Σw/Σ(w/x) · sum Σwx, which with rescaled weights
    is multiplied by whole/weight, so that a sum over fewer parts is comparable. Geometric and harmonic means
    with a zero are zero.
    """
    over = whole if node.missing.weights == "kept" else weight
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if node.aggregate == "sum":
            return total * (whole / over)
        if node.aggregate == "harmonic":
            return np.asarray(over / total)
        average = total / over
        return np.exp(average) if node.aggregate == "geometric" else np.asarray(average)


def check_sign(block: Floats, node: NodeSpec) -> None:
    """Raises DataError when a geometric or harmonic mean meets a negative score."""
    if node.aggregate in {"geometric", "harmonic"} and (block < 0).any():
        raise DataError(f"node {node.code}: no {node.aggregate} mean of a negative score ({np.nanmin(block):g})")


def contributions(before: Floats, after: Floats, specification: Specification) -> Floats:
    """What each part's change did to the root's score, parts × units, when the same cells are present in
    both.

    Exact for every mean: from the root down, a part's change is multiplied by the slope of its node between
    the two states (not at one of them), so the indicators' rows add up to the root's change. Two exceptions,
    where no slope exists: a geometric or harmonic mean with a zero, and a normalised node that did not
    move."""
    slope = np.zeros_like(before)
    row = {code: index for index, code in enumerate(specification.order)}
    slope[row[specification.root]] = 1.0
    for branch in reversed(branches(specification)):
        old, new = before[branch.row], after[branch.row]
        old_parts, new_parts = before[branch.children], after[branch.children]
        ratio: Floats = np.where(np.isnan(new - old), 0.0, 1.0)
        if branch.node.normalise.method != "none":
            with np.errstate(divide="ignore", invalid="ignore"):
                moved = new - old
                old, new = combined(old_parts, branch), combined(new_parts, branch)
                ratio = moved / (new - old)
        with np.errstate(invalid="ignore"):
            steps = _slopes(branch, old, old_parts, new, new_parts) * ratio
        slope[branch.children] = slope[branch.row] * np.nan_to_num(steps, posinf=0.0, neginf=0.0)
    return slope * np.nan_to_num(after - before)


def _slopes(branch: Branch, old: Floats, old_parts: Floats, new: Floats, new_parts: Floats) -> Floats:
    """Change of the node per change of each child, between two states."""
    whole = float(branch.weights.sum())
    over = (branch.weights * ~np.isnan(new_parts)).sum(axis=0)
    if branch.node.missing.weights == "kept":
        over = np.full_like(over, whole)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope: Floats = branch.weights / over
        if branch.node.aggregate == "sum":
            slope = branch.weights * (whole / over)
        elif branch.node.aggregate == "geometric":
            slope = slope * (_log_mean(old, new) / _log_mean(old_parts, new_parts))
        elif branch.node.aggregate == "harmonic":
            slope = slope * (old * new) / (old_parts * new_parts)
    return slope


def _log_mean(one: Floats, other: Floats) -> Floats:
    """(a − b) / (ln a − ln b), which is a where both are equal."""
    apart = np.log(one) - np.log(other)
    return np.where(np.abs(apart) < 1e-9, one, (one - other) / apart)


def needed(tree: Tree, specification: Specification, score: Floats) -> Floats:
    """The score every part would need, alone, for the root to get `score` (one per unit); parts × units.

    NaN where no score of the part does it: it does not take part for this unit, or the mean cannot get there.
    Whether a score is beyond the part's own scale is for the caller to see."""
    need = np.full(tree.scores.shape, np.nan)
    need[specification.order.index(specification.root)] = score
    for branch in reversed(branches(specification)):
        wanted, block = need[branch.row], tree.scores[branch.children]
        if branch.node.normalise.method != "none":
            wanted = normalise.invert(wanted[np.newaxis], tree.yardsticks[branch.node.code])[0]
        there = ~np.isnan(block)
        whole, weight = float(branch.weights.sum()), (branch.weights * there).sum(axis=0)
        over = whole if branch.node.missing.weights == "kept" else weight
        with np.errstate(divide="ignore", invalid="ignore"):
            if branch.node.aggregate == "sum":
                wanted = wanted / whole
            parts = np.where(there, branch.weights * forward(block, branch.node.aggregate), 0.0)
            rest = parts.sum(axis=0) - parts
            share = (forward(wanted, branch.node.aggregate) * over - rest) / branch.weights
            found = _backward(share, branch.node.aggregate)
        need[branch.children] = np.where(there & np.isfinite(found), found, np.nan)
    return need


def _backward(average: Floats, aggregate: str) -> Floats:
    if aggregate == "geometric":
        return np.exp(np.minimum(average, 700.0))
    if aggregate == "harmonic":
        return np.where(average > 0, 1.0 / average, np.nan)
    return average


def _normalised(value: Floats, node: NodeSpec, fitted: dict[str, normalise.Yardstick]) -> Floats:
    # Sums that are equal on paper differ in the sixteenth digit: a place, or a deviation of nothing, must not hang on
    # that.
    row = ranking.rounded(value[np.newaxis], None)
    if node.code not in fitted:
        fitted[node.code] = normalise.fit(row, ["higher_is_better"], [node.normalise])
    result: Floats = normalise.apply(row, fitted[node.code])[0]
    return result
