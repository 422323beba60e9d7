"""The declared set of variations an index is recomputed under, and the seeded plan of draws.

Four things are varied, one factor each:
- normalisation: as declared, min–max, z-scores (mean 50, deviation 10) and percentile ranks of the same
  values;
- weights: as declared (by hierarchy), flat (every indicator the same share of the whole), and drawn at
  random, every weight between the declared one divided by `SPREAD` and multiplied by it, uniform on the
  logarithm;
- leave_out: nothing, or one indicator, each in turn;
- missing: as declared, gaps filled with the median score, and no threshold below the node that is ranked.

The plan is Saltelli's: two independent samples A and B, and for each factor A with that factor taken from B.
All of them are draws; comparing them gives the factors' shares of the movement. Source: Saltelli et al.
(2010), Computer Physics Communications 181, 259–270; OECD/JRC Handbook (2008), ch. 7.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rankings.engine import compute
from rankings.engine.choices import Normalise, Outliers, Transform

if TYPE_CHECKING:
    from rankings.engine.matrix import Floats, Matrix
    from rankings.engine.specification import IndicatorSpec, Specification

Codes = NDArray[np.intp]
FACTORS = ("normalisation", "weights", "leave_out", "missing")
MISSING = ("declared", "median", "no_threshold")
WEIGHTS = ("declared", "flat", "random", "random")
SPREAD = 2.0


@dataclass(frozen=True)
class Plan:
    """What every draw does. Rows are draws in blocks of `size`: A, B, then A with one factor from B, by
    factor.

    `normalisation` and `missing` index the variants, `weights` is draws × parts of the specification (a
    left-out indicator weighs 0), float32."""

    size: int
    normalisation: Codes
    missing: Codes
    weights: NDArray[np.float32]

    @property
    def draws(self) -> int:
        """How many draws the plan has."""
        return self.size * (len(FACTORS) + 2)


def plan(specification: Specification, variants: int, draws: int, seed: int) -> Plan:
    """A plan of at least `draws` draws (rounded up to a multiple of six)."""
    rng = np.random.default_rng(seed)
    size = -(-draws // (len(FACTORS) + 2))
    scored = np.array([row for row, i in enumerate(specification.indicators) if not i.neutral])
    turn = np.concatenate([[-1], scored])
    sources: list[tuple[Codes, Floats, Codes, Codes]] = []
    for _ in "AB":
        schemes = _balanced(rng, len(WEIGHTS), size)
        weights = weight_sets(specification, [WEIGHTS[scheme] for scheme in schemes], rng)
        sources.append(
            (_balanced(rng, variants, size), weights, turn[_balanced(rng, turn.size, size)],
             _balanced(rng, len(MISSING), size))
        )  # fmt: skip
    a, b = sources
    mixed = [tuple(b[f] if f == factor else a[f] for f in range(4)) for factor in range(4)]
    parts = [np.concatenate(part) for part in zip(a, b, *mixed, strict=True)]
    normalisation, weights, left_out, missing = parts
    left = left_out >= 0
    weights[np.flatnonzero(left), left_out[left]] = 0.0
    return Plan(size, normalisation, missing, weights.astype(np.float32))


def turns(specification: Specification) -> tuple[str, ...]:
    """What is left out in turn: nothing, then each indicator that is scored."""
    return ("nothing", *(i.code for i in specification.indicators if not i.neutral))


def weight_sets(specification: Specification, schemes: list[str], rng: np.random.Generator) -> Floats:
    """A row of weights per scheme (declared, flat or random), columns in the order of the specification's
    parts."""
    declared = np.array([specification.weights[code] for code in specification.order])
    factors = SPREAD ** rng.uniform(-1.0, 1.0, (len(schemes), declared.size))
    names = np.array(schemes)[:, np.newaxis]
    return np.select([names == "declared", names == "flat"], [declared, flat(specification)], declared * factors)


def flat(specification: Specification) -> Floats:
    """Weights that give every weighted indicator the same share: a node weighs what is under it."""
    size = {i.code: float(i.weight > 0 and not i.neutral) for i in specification.indicators}
    for code in specification.upwards:
        size[code] = sum(size[child] for child in specification.children[code])
    return np.array([size[code] for code in specification.order])


def normalisations(matrix: Matrix, specification: Specification) -> dict[str, Floats]:
    """Name → scores (indicators × units, gaps NaN) under each way of normalising; the declared one first."""
    prepared = compute.prepare(matrix, specification)
    declared = compute.indicator_scores(prepared, specification, compute.fit(prepared.rows, specification))
    methods = {i.normalise.method for i in specification.indicators if not i.neutral}
    found = {"declared": declared}
    for name, choice in _ALTERNATIVES.items():
        if methods != {name}:
            other = _under(matrix, specification, choice)
            rows = compute.prepare(matrix, other)
            found[name] = np.maximum(compute.indicator_scores(rows, other, compute.fit(rows.rows, other)), 1.0)
    return found


_ALTERNATIVES = {
    # From 1, not 0: a geometric mean with a zero is zero, and that is not what is being varied.
    "min_max": Normalise("min_max", scale=(1.0, 100.0)),
    "z_score": Normalise("z_score", mean=50.0, sd=10.0, ddof=0, cap=4.0),
    "percentile_rank": Normalise("percentile_rank", scale=(1.0, 100.0)),
}


def _under(matrix: Matrix, specification: Specification, choice: Normalise) -> Specification:
    """The same specification normalised another way. Goalposts on a logarithm stay on a logarithm, and fixed
    goalposts become limits for outliers, because beyond them the index declares values to be alike."""
    shown = compute.prepare(matrix, specification).shown
    indicators = []
    for row, indicator in enumerate(specification.indicators):
        steps, limits = indicator.transform, indicator.outliers
        logs = indicator.normalise.method == "goalposts" and indicator.normalise.log
        if logs and not (shown[row] <= 0).any():
            steps = (*steps, Transform("log"))
        elif _clipped(indicator) and limits.method == "none":
            limits = Outliers("cap", low=indicator.normalise.low, high=indicator.normalise.high)
        indicators.append(replace(indicator, normalise=choice, transform=steps, outliers=limits))
    return replace(specification, indicators=tuple(indicators))


def _clipped(indicator: IndicatorSpec) -> bool:
    return indicator.normalise.method == "goalposts" and indicator.normalise.clip


def _balanced(rng: np.random.Generator, choices: int, size: int) -> Codes:
    """`size` codes from 0 to choices − 1 in random order, every one as often as any other, give or take
    one."""
    turns = np.concatenate([rng.permutation(choices) for _ in range(-(-size // choices))])[:size]
    result: Codes = rng.permutation(turns)
    return result
