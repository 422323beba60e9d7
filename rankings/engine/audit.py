"""Is the index sound: what each part really does to it, beside what its weight says.

Everything is taken of directed scores (higher is better), of the published computation. Shares are 0–1; what is
undefined (no spread, too few units, no goalposts) is None, never NaN.

- Effective influence: the first-order variance share Sᵢ = Var(E[y | xᵢ]) / Var(y) of the root's score y by a part's
  score xᵢ (Paruolo, Saisana and Saltelli 2013, "Ratings and rankings: voodoo or science?", JRSS A 176, 609–634; Becker,
  Saisana, Paruolo and Vandecasteele 2017, "Weights and importance in composite indicators: closing the gap", Ecological
  Indicators 80, 12–22). Sᵢ counts what xᵢ does together with everything it is correlated with, so that the shares of
  a level need not add up to 1; `effective_share` divides by their sum.
- Cronbach's alpha of a node: k/(k−1) · (1 − Σ variances / Σ covariances) of its children, covariances over the units
  that have both.
- Correlations: Pearson, over the units that have both, which n counts.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from rankings.engine import compute, draws, evidence, treatment, variations
from rankings.engine.evidence import STRONG
from rankings.engine.matrix import NORMAL
from rankings.engine.smooth import explained

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rankings.engine.matrix import Errors, Floats, Matrix
    from rankings.engine.specification import IndicatorSpec, Specification

LEAST_PAIRS = 3
"""Fewer units than this have a correlation of ±1 or none."""
COVERAGES = (0.4, 0.5, 0.7, 0.8)
GOALPOSTS = {"goalposts_1_99": (1.0, 99.0), "goalposts_10_90": (10.0, 90.0)}
"""Other goalposts: these percentiles of the audited figures instead of the declared ends."""


def audit(
    matrix: Matrix, specification: Specification, conditions: Floats | None = None, widths: Errors | None = None
) -> dict[str, Any]:
    """The audit of a computed index, ready for JSON. `conditions`: units × structural conditions, where known.
    `widths`: the 95 per cent intervals of values, where known, those of small registers too.

    influence: node or indicator below the root → nominal (its share of the whole weight), effective (Sᵢ) and
    effective_share (Sᵢ / Σ S of its level). alpha: node → Cronbach's alpha of its children. correlations: [a, b, r, n]
    of every pair of scored indicators. clipped: indicator → share of its values strictly beyond its goalposts.
    principal: node → shares of the variance of its indicators that the principal components explain, largest first.
    strong: pairs of one theme at `STRONG` or above; negative: pairs of one theme below 0. left_out: indicator → mean
    and largest move in places at the root when it is left out. alternatives: other choice → the same. nodes: [a, b,
    r, n] of the nodes of one level. conditions: node → how much of its score the conditions explain, out of sample.
    Raises DataError."""
    outcome = compute.compute(matrix, specification)
    scored = [row for row, indicator in enumerate(specification.indicators) if not indicator.neutral]
    codes = [specification.codes[row] for row in scored]
    pairs = _pairs(codes, outcome.score[:, scored])
    parent = {indicator.code: indicator.parent for indicator in specification.indicators}
    within = [(a, b, r, n) for a, b, r, n in pairs if r is not None and parent[a] == parent[b]]
    return {
        "influence": influence(outcome, specification),
        "alpha": {node.code: _alpha_of(outcome, specification, node.code) for node in specification.nodes},
        "correlations": [list(pair) for pair in pairs],
        "clipped": clipped(matrix, specification),
        "principal": _principal(outcome, specification),
        "strong": [list(pair) for pair in within if pair[2] >= STRONG],
        "negative": [list(pair) for pair in within if pair[2] < 0],
        "left_out": left_out(outcome, specification),
        "alternatives": alternatives(matrix, specification, widths),
        "nodes": [list(pair) for pair in _between_nodes(outcome, specification)],
        "conditions": _by_conditions(outcome, specification, conditions),
    }


Pairs = list[tuple[str, str, float | None, int]]


def _pairs(codes: list[str], scores: Floats) -> Pairs:
    """Every pair of columns once: both codes, r, n."""
    found, both = correlations(scores)
    return [
        (codes[a], codes[b], _or_none(found[a, b]), int(both[a, b]))
        for a in range(len(codes))
        for b in range(a + 1, len(codes))
    ]


def _between_nodes(outcome: compute.Outcome, specification: Specification) -> Pairs:
    """The pairs of nodes of one level, the lowest first, without the root."""
    levels: dict[int, list[str]] = {}
    for node in specification.nodes:
        levels.setdefault(specification.levels[node.code], []).append(node.code)
    return [
        pair
        for _level, codes in sorted(levels.items())
        for pair in _pairs(codes, outcome.score[:, [outcome.position[code] for code in codes]])
    ]


def _by_conditions(
    outcome: compute.Outcome, specification: Specification, conditions: Floats | None
) -> dict[str, float | None]:
    """Node → r² out of sample of its score by the conditions; nothing where they were not given."""
    if conditions is None:
        return {}
    found = {
        node.code: evidence.expected(outcome.score[:, outcome.position[node.code]], conditions)
        for node in specification.nodes
    }
    return {code: None if one is None else one.fit for code, one in found.items()}


def influence(outcome: compute.Outcome, specification: Specification) -> dict[str, dict[str, float | None]]:
    """Nominal weight and effective influence of every scored part below the root."""
    nominal = nominal_shares(specification)
    root = outcome.score[:, outcome.position[specification.root]]
    effective = {code: explained(outcome.score[:, outcome.position[code]], root) for code in nominal}
    of_level: dict[int, float] = {}
    for code, share in effective.items():
        level = specification.levels[code]
        of_level[level] = of_level.get(level, 0.0) + (share or 0.0)
    found: dict[str, dict[str, float | None]] = {}
    for code, share in effective.items():
        whole = of_level[specification.levels[code]]
        effective_share = None if share is None or whole <= 0 else share / whole
        found[code] = {"nominal": nominal[code], "effective": share, "effective_share": effective_share}
    return found


def nominal_shares(specification: Specification) -> dict[str, float]:
    """Part below the root → its share of the whole weight: its share among its siblings times its parents' shares."""
    shares = {specification.root: 1.0}
    for code in reversed(specification.upwards):
        children = specification.children[code]
        whole = sum(specification.weights[child] for child in children)
        for child in children if code in shares else ():
            shares[child] = shares[code] * specification.weights[child] / whole
    order = [code for code in specification.order if code in shares and code != specification.root]
    return {code: shares[code] for code in order}


def correlations(scores: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Pearson's r and n of every pair of columns (units × columns), over the units that have both; NaN where one of
    them does not vary there or n is under `LEAST_PAIRS`."""
    covariance, one, n = _pairwise(scores)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = covariance / (np.sqrt(one) * np.sqrt(one.T))  # a product of variances may be too large for a float
    r[n < LEAST_PAIRS] = np.nan
    return np.clip(r, -1.0, 1.0), n


def _pairwise(scores: Floats) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Covariance of every pair (with n − 1), the variance of the first of the pair over the same units, and n. A
    variance that rounding left is none."""
    there = ~np.isnan(scores)
    mask = there.astype(float)
    # Round their own mean, so that the sums below do not drown a small variance in a large level.
    level = np.where(there, scores, 0.0).sum(axis=0) / np.maximum(mask.sum(axis=0), 1)
    values = np.where(there, scores - level, 0.0)
    n = mask.T @ mask
    total, squares = values.T @ mask, (values**2).T @ mask
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = (values.T @ values - total * total.T / n) / (n - 1)
        variance = (squares - total**2 / n) / (n - 1)
    noise = 1e-12 * np.maximum(squares.max(axis=1, keepdims=True), 1e-300)
    return covariance, np.where(variance > noise, variance, np.nan), n.astype(np.int64)


def alpha(scores: Floats) -> float | None:
    """Cronbach's alpha of the columns (units × columns); None of fewer than two, or where they do not vary together."""
    covariance, _variance, n = _pairwise(scores)
    count = scores.shape[1]
    if count < 2 or (n < 2).any():
        return None
    whole = float(covariance.sum())
    if not whole > 0:
        return None
    own = float(np.trace(covariance))
    return float(count / (count - 1) * (1 - own / whole))


def _alpha_of(outcome: compute.Outcome, specification: Specification, code: str) -> float | None:
    children = [outcome.position[child] for child in specification.children[code]]
    return alpha(outcome.score[:, children])


def clipped(matrix: Matrix, specification: Specification) -> dict[str, float | None]:
    """Scored indicator → the share of its values that lie strictly beyond its goalposts and so get 0 or 100 as the
    goalposts themselves do; None where it has no goalposts or no value."""
    prepared = compute.prepare(matrix, specification)
    rows = treatment.treated(prepared.rows, compute.fit(prepared.rows, specification).limits)
    values = np.where(prepared.present, rows, np.nan)
    return {
        indicator.code: _beyond(indicator, values[row])
        for row, indicator in enumerate(specification.indicators)
        if not indicator.neutral
    }


def _beyond(indicator: IndicatorSpec, values: Floats) -> float | None:
    rule, present = indicator.normalise, values[~np.isnan(values)]
    if rule.method != "goalposts" or rule.low is None or rule.high is None or not present.size:
        return None
    return float(((present < rule.low) | (present > rule.high)).mean()) if rule.clip else 0.0


def _principal(outcome: compute.Outcome, specification: Specification) -> dict[str, list[float] | None]:
    parts: dict[str, list[int]] = {node.code: [] for node in specification.nodes}
    above = {part.code: part.parent for part in specification.parts}
    for row, indicator in enumerate(specification.indicators):
        parent = None if indicator.neutral else indicator.parent
        while parent is not None:
            parts[parent].append(row)
            parent = above[parent]
    return {code: principal(outcome.score[:, rows]) for code, rows in parts.items()}


def principal(scores: Floats) -> list[float] | None:
    """Shares of the variance of the standardised columns that their principal components explain, largest first; a gap
    stands at its column's mean. None of fewer than two columns that vary."""
    scores = scores[:, (~np.isnan(scores)).sum(axis=0) >= LEAST_PAIRS]
    if scores.shape[1] < 2:
        return None
    deviation = np.nanstd(scores, axis=0)
    varies = deviation > 1e-9 * np.maximum(1.0, np.abs(np.nanmean(scores, axis=0)))
    if varies.sum() < 2:
        return None
    standard = np.nan_to_num((scores - np.nanmean(scores, axis=0))[:, varies] / deviation[varies])
    values = np.linalg.eigvalsh(standard.T @ standard)[::-1]
    return [round(float(value), 6) for value in np.maximum(values, 0) / values.sum()]


def left_out(outcome: compute.Outcome, specification: Specification) -> dict[str, dict[str, float]]:
    """Scored indicator → how far the root's ranks move without it: mean and largest number of places."""
    codes = [i.code for i in specification.indicators if not i.neutral and i.weight > 0]
    weights = np.tile(variations.declared(specification), (len(codes), 1))
    for line, code in enumerate(codes):
        weights[line, outcome.position[code]] = 0.0
    case = draws.case_of(specification, outcome.indicator_scores().T, np.isnan(outcome.score.T))
    root = outcome.position[specification.root]
    published = outcome.rank[:, root]
    found: dict[str, dict[str, float]] = {}
    for rows, row, ranks in draws.ranks(case, weights.astype(np.float32), outcome.rank.T > 0):
        if row == root:
            for code, places in zip(codes[rows], ranks, strict=True):
                found[code] = _moved(places, published)
    return found


def alternatives(
    matrix: Matrix, specification: Specification, widths: Errors | None = None
) -> dict[str, dict[str, float]]:
    """Other choice → how far the root's ranks move under it, among those ranked under both: another normalisation, the
    geometric mean, flat weights, other thresholds of coverage; and values drawn towards the middle where few people
    make them unsure (`shrunken`), where widths are given."""
    published = compute.compute(matrix, specification)
    root = published.position[specification.root]
    usual, unscored = published.rank[:, root], np.isnan(published.score.T)
    scorings = variations.scorings(matrix, specification)
    ways = {name: (scoring.scores(), "declared") for name, scoring in scorings.items() if name != "declared"}
    if "geometric" in variations.aggregations([specification]):
        declared = scorings["declared"]
        ways["geometric"] = (declared.on_percent(declared.scores()), "geometric")
    ways["flat_weights"] = (scorings["declared"].scores(), "declared")
    found = {}
    for name, (scores, mean) in ways.items():
        weights = variations.flat(specification) if name == "flat_weights" else variations.declared(specification)
        case = draws.case_of(variations.aggregated(specification, mean), scores, unscored)
        once = weights[np.newaxis].astype(np.float32)
        ranks = {row: places[0] for _, row, places in draws.ranks(case, once, published.rank.T > 0)}
        found[name] = _moved(ranks[root], usual)
    others = {f"coverage_{coverage:g}": specification.with_coverage(coverage) for coverage in COVERAGES}
    others |= {name: _with_goalposts(matrix, specification, ends) for name, ends in GOALPOSTS.items()}
    for name, other in others.items():
        found[name] = _moved(compute.compute(matrix, other).rank[:, root], usual)
    if widths is not None:
        drawn = compute.compute(_shrunken(matrix, widths), specification)
        found["shrunken"] = _moved(drawn.rank[:, root], usual)
    return found


def _shrunken(matrix: Matrix, widths: Errors) -> Matrix:
    """The figures with each value drawn towards its indicator's mean by what is not known of it."""
    values, line = matrix.values.copy(), {unit: index for index, unit in enumerate(matrix.units)}
    errors = (widths.high - widths.low) / (2 * NORMAL)
    for column, code in enumerate(widths.codes):
        own = np.full(len(matrix.units), np.nan)
        own[[line[unit] for unit in widths.units]] = errors[:, column]
        if code in matrix.position and not np.isnan(own).all():
            values[:, matrix.position[code]] = evidence.shrunken(values[:, matrix.position[code]], own)
    return replace(matrix, values=values)


def _with_goalposts(matrix: Matrix, specification: Specification, ends: tuple[float, float]) -> Specification:
    """The same specification with the goalposts of its indicators at two percentiles of the figures, where those
    differ; an indicator of few different values keeps its own."""
    prepared = compute.prepare(matrix, specification)
    rows = np.where(prepared.present, prepared.rows, np.nan)
    indicators = []
    for row, indicator in zip(rows, specification.indicators, strict=True):
        present = row[~np.isnan(row)]
        if indicator.normalise.method == "goalposts" and present.size:
            low, high = (float(end) for end in np.percentile(present, ends))
            if low < high and (low > 0 or not indicator.normalise.log):
                indicator = replace(indicator, normalise=replace(indicator.normalise, low=low, high=high))  # noqa: PLW2901
        indicators.append(indicator)
    return replace(specification, indicators=tuple(indicators))


def _moved(ranks: NDArray[np.int64], published: NDArray[np.int64]) -> dict[str, float]:
    both = (ranks > 0) & (published > 0)
    moves = np.abs(ranks[both] - published[both])
    if not moves.size:
        return {"mean": 0.0, "largest": 0.0}
    return {"mean": round(float(moves.mean()), 4), "largest": float(moves.max())}


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
