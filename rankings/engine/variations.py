"""The declared set of variations an index is recomputed under, and the seeded plan of draws.

Five things are varied, one factor each, all at once in every draw:
- normalisation: as declared, min–max and z-scores of the values as they are (nothing capped at goalposts; z-scores,
  mean 50 and deviation 10, end at 4 deviations), and percentile ranks;
- weights: every draw has weights of its own. Half start from the declared ones (by hierarchy) and half from flat ones
  (every indicator the same share of the whole); each weight, at every level, is then multiplied by a factor between
  1/`SPREAD` and `SPREAD`, uniform on the logarithm;
- aggregation: as declared, and the geometric mean (of scores from 1 to 100) at every node instead of the arithmetic;
- leave_out: nothing, one indicator, or every indicator of one source, a third of the draws each;
- missing: as declared, gaps filled with the median score, and no coverage threshold at all.

Every combination of them is drawn as often as any other and every weight's factor evenly over its range: the ends of
the intervals then hang less on the seed than if each were drawn by itself (`tests.trials.seeds`).

Source: OECD/JRC Handbook (2008), ch. 7.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rankings.engine import compute
from rankings.engine.choices import PERCENT, Normalise, Transform

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rankings.engine.matrix import Floats, Matrix
    from rankings.engine.specification import IndicatorSpec, Specification

Codes = NDArray[np.intp]
FACTORS = ("normalisation", "weights", "aggregation", "leave_out", "missing")
MISSING = ("declared", "median", "no_threshold")
WEIGHTS = ("around_declared", "around_flat")
SPREAD = 2.0
NOTHING = "nothing"
LEFT_OUT = (NOTHING, "indicator", "source")
"""Equally often. Of five sources each is then away in a fifteenth of the draws: more than the twentieth that an
interval cuts off at an end, so that what a source does is in it. (At just a twentieth, ends hang on a single draw.)"""
AGAIN = 5
"""One draw in so many is drawn again with the same weights and everything else new: what the two have in common is
what the weights did. These are counted in no interval."""


@dataclass(frozen=True)
class Plan:
    """What every draw does. Rows are draws, then the repeated ones: row `draws` + k has the weights of row k.

    `picks`: factor → which of its `choices` (weights: the starting point). `weights` is rows × parts of the
    specification (what is left out weighs 0), float32."""

    draws: int
    choices: dict[str, tuple[str, ...]]
    picks: dict[str, Codes]
    weights: NDArray[np.float32]

    def cases(self, rows: int) -> list[tuple[tuple[str, str, str], Codes]]:
        """(normalisation, aggregation, missing) as they occur in the first rows, each with the rows."""
        names = ("normalisation", "aggregation", "missing")
        keys = np.stack([self.picks[name][:rows] for name in names])
        found, which = np.unique(keys, axis=1, return_inverse=True)
        order = np.argsort(which.ravel(), kind="stable")
        ends = np.cumsum(np.bincount(which.ravel()))
        parts = np.split(order, ends[:-1])
        one, two, three = (self.choices[name] for name in names)
        return [((one[a], two[b], three[c]), part) for (a, b, c), part in zip(found.T.tolist(), parts, strict=True)]

    @cached_property
    def levels(self) -> dict[str, slice]:
        """Factor → the rows of `indicators` that are its choices."""
        ends = np.cumsum([len(self.choices[name]) for name in FACTORS]).tolist()
        return {name: slice(end - len(self.choices[name]), end) for name, end in zip(FACTORS, ends, strict=True)}

    @cached_property
    def indicators(self) -> NDArray[np.float32]:
        """1 where a draw made a choice, choices × rows: what sums over the draws of each choice are made with."""
        rows = [np.arange(len(self.choices[name]))[:, np.newaxis] == self.picks[name] for name in FACTORS]
        return np.concatenate(rows).astype(np.float32)


def plan(specification: Specification, draws: int, seed: int, *, among: Sequence[Specification] = ()) -> Plan:
    """A plan of so many draws. With `among`, random numbers are drawn for everything that any of these specifications
    has, so that the plans of two editions make the same choices draw by draw."""
    rng = np.random.default_rng(seed)
    several = among or (specification,)
    codes = tuple(dict.fromkeys(code for one in several for code in one.order))
    away = _left_out(several)
    choices = {
        "normalisation": normalisations(several),
        "weights": WEIGHTS,
        "aggregation": aggregations(several),
        "leave_out": tuple(away),
        "missing": MISSING,
    }
    again = -(-draws // AGAIN)
    drawn = [_picks(rng, choices, size) for size in (draws, again)]
    picks = {name: np.concatenate([one[name] for one in drawn]) for name in choices}
    picks["weights"][draws:] = picks["weights"][:again]
    factors = np.exp2(_evenly_spread(rng, draws, len(codes)) * np.log2(SPREAD))
    factors = np.concatenate([factors, factors[:again]])
    column = {code: index for index, code in enumerate(codes)}
    factors = factors[:, [column[code] for code in specification.order]]
    starts = np.array([declared(specification), flat(specification)])
    gone = np.array([[code in away[name] for code in specification.order] for name in away])
    weights = starts[picks["weights"]] * factors
    weights[gone[picks["leave_out"]]] = 0.0
    return Plan(draws, choices, picks, weights.astype(np.float32))


def normalisations(specifications: Iterable[Specification]) -> tuple[str, ...]:
    """The ways of normalising, the declared one first. What is declared already is not run twice."""
    methods = [{i.normalise.method for i in one.indicators if not i.neutral} for one in specifications]
    return ("declared", *(name for name in _ALTERNATIVES if {name} not in methods))


def aggregations(specifications: Iterable[Specification]) -> tuple[str, ...]:
    """How the nodes are averaged: as declared, and geometrically where all are arithmetic means of plain scores (of
    anything else the geometric mean would be another index)."""
    nodes = [node for one in specifications for node in one.nodes]
    plain = all(node.aggregate == "arithmetic" and node.normalise.method == "none" for node in nodes)
    return ("declared", "geometric") if plain else ("declared",)


def aggregated(specification: Specification, how: str) -> Specification:
    """The same specification with that mean at every node."""
    if how == "declared":
        return specification
    return replace(specification, nodes=tuple(replace(node, aggregate=how) for node in specification.nodes))


def _left_out(specifications: Iterable[Specification]) -> Mapping[str, frozenset[str]]:
    """What may be left out, by name: nothing, each scored indicator, the indicators of each source (where there are
    several)."""
    scored = {i.code: i for one in specifications for i in one.indicators if not i.neutral}
    sources: dict[str, set[str]] = {}
    for indicator in scored.values():
        if indicator.source is not None:
            sources.setdefault(indicator.source, set()).add(indicator.code)
    away = {NOTHING: frozenset[str]()} | {code: frozenset({code}) for code in scored}
    if len(sources) > 1:
        away |= {f"source:{name}": frozenset(codes) for name, codes in sorted(sources.items())}
    return away


def _picks(rng: np.random.Generator, choices: Mapping[str, Sequence[str]], size: int) -> dict[str, Codes]:
    """What each draw chooses: every combination of choices as often as any other, give or take one, and in each of them
    what is left out in turn. What chance would add to the intervals by drawing some of them more often stays out."""
    counts = [len(LEFT_OUT) if factor == "leave_out" else len(names) for factor, names in choices.items()]
    combinations = rng.permutation(_in_turn(rng, np.arange(math.prod(counts)), size))
    picks: dict[str, Codes] = dict(zip(choices, np.unravel_index(combinations, counts), strict=True))
    kinds, names = picks["leave_out"], choices["leave_out"]
    sources = [index for index, name in enumerate(names) if name.startswith("source:")]
    indicators = list(range(1, len(names) - len(sources)))
    left_out = np.zeros(size, dtype=np.intp)
    for kind, pool in enumerate(([0], indicators, sources or indicators)):
        rows = np.flatnonzero(kinds == kind)
        rows = rows[np.argsort(combinations[rows], kind="stable")]
        left_out[rows] = _in_turn(rng, np.array(pool, dtype=np.intp), rows.size)
    return {**picks, "leave_out": left_out}


def _in_turn(rng: np.random.Generator, pool: Codes, size: int) -> Codes:
    """`size` members of the pool, all of them in random order again and again."""
    return np.concatenate([pool[:0], *(rng.permutation(pool) for _ in range(-(-size // max(pool.size, 1))))])[:size]


def _evenly_spread(rng: np.random.Generator, draws: int, parts: int) -> Floats:
    """Numbers between −1 and 1, draws × parts: every column has one in each of as many equal steps, in an order of its
    own (a Latin hypercube; McKay, Beckman and Conover 1979, Technometrics 21, 239–245)."""
    steps = np.stack([rng.permutation(draws) for _ in range(parts)], axis=1)
    return 2.0 * (steps + rng.random((draws, parts))) / draws - 1.0


def declared(specification: Specification) -> Floats:
    """The declared weights in the order of the specification's parts."""
    return np.array([specification.weights[code] for code in specification.order])


def flat(specification: Specification) -> Floats:
    """Weights that give every weighted indicator the same share: a node weighs what is under it."""
    size = {i.code: float(i.weight > 0 and not i.neutral) for i in specification.indicators}
    for code in specification.upwards:
        size[code] = sum(size[child] for child in specification.children[code])
    return np.array([size[code] for code in specification.order])


def weight_sets(specification: Specification, schemes: list[str], rng: np.random.Generator) -> Floats:
    """A row of weights per scheme (declared, flat, or random: around the declared), columns in the order of the
    specification's parts."""
    plain = declared(specification)
    factors = SPREAD ** rng.uniform(-1.0, 1.0, (len(schemes), plain.size))
    names = np.array(schemes)[:, np.newaxis]
    return np.select([names == "declared", names == "flat"], [plain, flat(specification)], plain * factors)


@dataclass(frozen=True)
class Scoring:
    """One way of normalising, learnt from the published values: so drawn values can be read with it too.

    rows: transformed and filled values (indicators × units). lowest: no score is below it."""

    specification: Specification
    prepared: compute.Prepared
    fitted: compute.Fitted
    lowest: float

    def scores(self) -> Floats:
        """Scores of the published values, indicators × units, gaps NaN, float32."""
        found = compute.indicator_scores(self.prepared, self.specification, self.fitted)
        return np.maximum(found, self.lowest).astype(np.float32)

    def on_percent(self, scores: Floats, rows: Any = slice(None)) -> Floats:
        """Scores (… × indicators × units; `rows` says which) brought from their scale to 1–100, so that none of them
        makes a geometric mean zero; the alternatives are on such a scale already."""
        if self.lowest > 0:
            return scores
        low, high = self._ends[rows, :1], self._ends[rows, 1:]
        found = 1 + (scores - low) / np.where(high > low, high - low, 1.0) * 99
        return np.maximum(found, 1.0).astype(np.float32)

    @cached_property
    def _ends(self) -> Floats:
        parts = zip(self.specification.indicators, self.scores(), strict=True)
        return np.array([_scale(indicator, row) for indicator, row in parts], dtype=np.float32)


def scorings(matrix: Matrix, specification: Specification) -> dict[str, Scoring]:
    """Every way of normalising by name, the declared one first."""
    shown = compute.prepare(matrix, specification).shown
    found = {"declared": _scoring(matrix, specification, -np.inf)}
    for name in normalisations([specification])[1:]:
        found[name] = _scoring(matrix, _under(shown, specification, _ALTERNATIVES[name]), 1.0)
    return found


_ALTERNATIVES = {
    # From 1, not 0: a geometric mean with a zero is zero, and that is not what is being varied.
    "min_max": Normalise("min_max", scale=(1.0, 100.0)),
    "z_score": Normalise("z_score", mean=50.0, sd=10.0, ddof=0, cap=4.0),
    "percentile_rank": Normalise("percentile_rank", scale=(1.0, 100.0)),
}


def _scoring(matrix: Matrix, specification: Specification, lowest: float) -> Scoring:
    prepared = compute.prepare(matrix, specification)
    return Scoring(specification, prepared, compute.fit(prepared.rows, specification), lowest)


def _under(shown: Floats, specification: Specification, choice: Normalise) -> Specification:
    """The same specification normalised another way, on the values as they are: nothing is capped at goalposts, else
    lowest–highest would be the goalposts again. Goalposts on a logarithm stay on a logarithm."""
    indicators = []
    for row, indicator in enumerate(specification.indicators):
        steps = indicator.transform
        logs = indicator.normalise.method == "goalposts" and indicator.normalise.log
        if logs and not (shown[row] <= 0).any():
            steps = (*steps, Transform("log"))
        indicators.append(replace(indicator, normalise=choice, transform=steps))
    return replace(specification, indicators=tuple(indicators))


def _scale(indicator: IndicatorSpec, scores: Floats) -> tuple[float, float]:
    """The ends of an indicator's scores: those of its scale, else the lowest and the highest there is."""
    rule = indicator.normalise
    if rule.method == "z_score" and rule.cap is not None:
        return rule.mean - rule.cap * rule.sd, rule.mean + rule.cap * rule.sd
    if rule.method in {"z_score", "borda", "none"}:
        present = scores[~np.isnan(scores)]
        return (float(present.min()), float(present.max())) if present.size else PERCENT
    return rule.scale
