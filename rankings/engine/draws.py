"""The index under many draws at once: matrix products over draws instead of a loop, in float32.

`Recomputed` gives the ranks of every node under a plan of variations; `climb` and `places` are its arithmetic. The
means are `rankings.engine.aggregate`'s, the rounding and the ties `rankings.engine.rank`'s; here they are only given a
third axis."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rankings.engine import aggregate, compute, normalise, variations
from rankings.engine import rank as ranking

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rankings.engine.matrix import Floats, Matrix
    from rankings.engine.sampling import Sampler
    from rankings.engine.specification import NodeSpec, Specification

Drawn = NDArray[np.uint16 | np.uint32]
"""Ranks, draws × units, in the smallest integers that hold them."""
Yes = NDArray[np.bool_]
BATCH = 400_000
"""Draws × units handled at a time: large enough for the matrix product, small enough for memory."""
COUNTERS = 65_536
"""Counters used at a time: so many stay in the processor's nearest cache."""
ROOM = 300_000_000
"""Bytes of ranks held at a time. Nodes that do not fit together are computed one group after another, each with what
is under it: slower, but an edition of 11 000 units stays under a gigabyte."""
WORKERS = min(4, os.cpu_count() or 1)
LOWEST_LOG = np.float32(-1e6)
"""Stands for ln 0, which a matrix product cannot carry; exp of any share of it is 0."""
HIGHEST_RECIPROCAL = np.float32(1e12)
"""Stands for 1/0 likewise."""
NOTHING = np.float32(np.nan)
ZERO = np.float32(0)


@dataclass(frozen=True)
class Case:
    """What a group of draws has in common: how nodes are averaged, the indicators' scores (indicators × units, gaps
    NaN, float32), and the cells of the tree (parts × units) that the method leaves without a score."""

    branches: list[aggregate.Branch]
    scores: Floats
    unscored: Yes


@dataclass(frozen=True)
class Sampled:
    """Scores that differ by draw: `rows` of the indicators, scores draws × rows × units (gaps NaN)."""

    rows: NDArray[np.intp]
    scores: Floats


class Recomputed:
    """An index computed under every draw of a plan, one group of nodes after another."""

    def __init__(
        self,
        matrix: Matrix,
        specification: Specification,
        draws: int,
        seed: int,
        among: tuple[Specification, ...] = (),
    ) -> None:
        self.specification = specification
        self.published = compute.compute(matrix, specification)
        self.scorings = variations.scorings(matrix, specification)
        self.plan = variations.plan(specification, draws, seed, among=among)
        self.root = self.published.position[specification.root]
        self._scores = {name: scoring.scores() for name, scoring in self.scorings.items()}
        self._medians = {name: _medians(scores) for name, scores in self._scores.items()}
        self._trees = {
            name: aggregate.branches(variations.aggregated(specification, name))
            for name in self.plan.choices["aggregation"]
        }
        self._ranked = self.published.rank.T > 0

    def node_by_node(self, sampler: Sampler | None = None) -> Iterator[tuple[str, Drawn]]:
        """Every node with its ranks (draws × units, repeated draws last); with a sampler, whose draws are not repeated,
        the indicators it draws too. What a draw cannot score has its published rank."""
        codes = list(self.specification.upwards)
        if sampler is not None:
            codes = [*(self.specification.codes[row] for row in sampler.rows), *codes]
        rows = self.plan.draws if sampler is not None else len(self.plan.weights)
        size = rows * len(self.published.units) * self._kind().itemsize
        step = max(1, ROOM // max(size, 1))
        for start in range(0, len(codes), step):
            group = self._ranks(codes[start : start + step], rows, sampler)
            for code in codes[start : start + step]:
                yield code, group.pop(code)

    def of_the_root(self, units: Sequence[str]) -> Drawn:
        """Ranks at the root, draws × the units named, among these units only."""
        lines = [self.published.units.index(unit) for unit in units]
        chosen = np.zeros_like(self._ranked)
        chosen[:, lines] = self._ranked[:, lines]
        self._ranked, kept = chosen, self._ranked
        try:
            found = self._ranks([self.specification.root], self.plan.draws, None)[self.specification.root]
        finally:
            self._ranked = kept
        return found[:, lines]

    def _kind(self) -> np.dtype[Any]:
        units = len(self.published.units)
        return np.dtype(np.uint16 if units < 2**16 else np.uint32)  # single bytes sort slower

    def _ranks(self, codes: list[str], rows: int, sampler: Sampler | None) -> dict[str, Drawn]:
        found = {code: np.zeros((rows, len(self.published.units)), dtype=self._kind()) for code in codes}
        # Drawn values are an array more for every indicator: fewer draws at a time stay in the processor's cache.
        drawn = 0 if sampler is None else sampler.rows.size
        size = max(1, BATCH // (max(len(self.published.units), 1) * max(1, drawn // 4)))
        tasks: list[tuple[tuple[str, str, str], NDArray[np.intp]]] = []
        for key, chosen in self.plan.cases(rows):
            tasks += [(key, chosen[start : start + size]) for start in range(0, len(chosen), size)]
        with ThreadPoolExecutor(WORKERS) as pool:  # numpy lets go of the interpreter: two cores do two batches
            done = [
                pool.submit(self._batch, key, chosen, number, sampler, found)
                for number, (key, chosen) in enumerate(tasks)
            ]
        for batch in done:
            batch.result()  # raises what a batch raised
        for code, ranks in found.items():
            usual = self.published.rank[:, self.published.position[code]].astype(ranks.dtype)
            np.copyto(ranks, usual, where=ranks == 0)
        return found

    def _batch(
        self,
        key: tuple[str, str, str],
        rows: NDArray[np.intp],
        number: int,
        sampler: Sampler | None,
        found: dict[str, Drawn],
    ) -> None:
        """The ranks of some draws that have their case in common, put into `found`."""
        case, sampled, deviations = self._case(key), None, None
        if sampler is not None:
            deviations = sampler.deviations(number, len(rows), len(self.published.units))
            sampled = self._sampled(sampler, key, deviations)
        place = self.published.position
        indicators = len(self.specification.indicators)
        nodes = [place[code] for code in found if place[code] >= indicators]
        scores = climb(case, self.plan.weights[rows], sampled, nodes)
        for code, ranks in found.items():
            row = place[code]
            if row >= indicators:
                node = self.specification.nodes[row - indicators]
                ranks[rows] = node_places(scores[row], node, self._ranked[row])
            elif sampler is not None and deviations is not None:
                ranks[rows] = sampler.ranks(row, deviations, self.published)

    def _case(self, key: tuple[str, str, str]) -> Case:
        """What a choice of normalisation, mean and missing rule makes of the scores: gaps left as declared, filled with
        the indicator's median score, or left without any threshold."""
        normalisation, aggregation, missing = key
        scores = self._filled(self._scores[normalisation], key)
        unscored = np.isnan(self.published.score.T)
        if aggregation == "geometric":
            scores = self.scorings[normalisation].on_percent(scores)
        return Case(self._trees[aggregation], scores, unscored if missing == "declared" else np.zeros_like(unscored))

    def _filled(self, scores: Floats, key: tuple[str, str, str], rows: Any = slice(None)) -> Floats:
        if key[2] != "median":
            return scores
        return np.where(np.isnan(scores), self._medians[key[0]][rows], scores)

    def _sampled(self, sampler: Sampler, key: tuple[str, str, str], deviations: Floats) -> Sampled:
        scoring = self.scorings[key[0]]
        found = sampler.scores(key[0], scoring, deviations)
        scores = self._filled(found.scores, key, found.rows)
        if key[1] == "geometric":
            scores = scoring.on_percent(scores, found.rows)
        return Sampled(found.rows, scores)


def _medians(scores: Floats) -> Floats:
    """The median score of every indicator, indicators × 1; NaN where nobody has one."""
    found = np.full((len(scores), 1), np.nan, dtype=np.float32)
    some = ~np.isnan(scores).all(axis=1)
    found[some, 0] = np.nanmedian(scores[some], axis=1)
    return found


def case_of(specification: Specification, scores: Floats, unscored: Yes) -> Case:
    """A case, its tree made ready once."""
    return Case(aggregate.branches(specification), scores.astype(np.float32), unscored)


def ranks(case: Case, weights: Floats, ranked: Yes) -> Iterator[tuple[slice, int, NDArray[np.int64]]]:
    """(draws, row of a node, places draws × units) batch by batch, node by node; 0 = none.

    `weights` is draws × parts of the specification, `ranked` (parts × units) who may have a place at all."""
    size = max(1, BATCH // max(case.scores.shape[1], 1))
    for start in range(0, len(weights), size):
        found = climb(case, weights[start : start + size])
        for branch in case.branches:
            value = found[branch.row]
            yield slice(start, start + len(value)), branch.row, node_places(value, branch.node, ranked[branch.row])


def node_places(value: Floats, node: NodeSpec, ranked: Yes) -> NDArray[np.int64]:
    """Places in one node (draws × units) by the node's rank rule, among those who may have one."""
    return places(np.where(ranked, value, NOTHING), node.rank.decimals, node.rank.first)


def places(value: Floats, decimals: int | None, first: str) -> NDArray[np.int64]:
    """`rank.place` of the rounded values for many draws: counted, not sorted, where the printed numbers are few.

    Rounding in single precision may settle a score that lies on the half the other way; draws are not that exact."""
    if decimals is not None and value.size:
        scaled = np.floor(value * np.float32(10.0**decimals) + np.float32(0.5))
        low = float(np.fmin.reduce(scaled, axis=None))
        high = float(np.fmax.reduce(scaled, axis=None))
        span = high - low + 2  # one more for those who have no score
        if abs(low) < 2**23 and high < 2**23 and span * len(value) < 64 * value.size + 1e6:
            keys = (high - scaled) if first == "highest" else (scaled - low)
            return _counted(keys, int(span))
    return ranking.place(ranking.rounded(value, decimals), first)


def _counted(keys: Floats, span: int) -> NDArray[np.int64]:
    absent = np.isnan(keys)
    if absent.any():
        keys = np.where(absent, np.float32(span - 1), keys)
    result = np.empty(keys.shape, dtype=np.int64)
    step = max(1, COUNTERS // span)
    offsets = np.arange(step)[:, np.newaxis] * span
    for start in range(0, len(keys), step):
        flat = keys[start : start + step].astype(np.intp)
        flat += offsets[: len(flat)]
        counts = np.bincount(flat.ravel(), minlength=len(flat) * span).reshape(len(flat), span)
        ahead = np.cumsum(counts, axis=1, dtype=np.int64)
        ahead -= counts
        np.take(ahead.ravel(), flat, out=result[start : start + step])
    result += 1
    result[absent] = 0
    return result


def climb(
    case: Case, weights: Floats, sampled: Sampled | None = None, only: Iterable[int] | None = None
) -> dict[int, Floats]:
    """Row → scores (draws × units, NaN = none) of every node, up the tree, or of `only` some and what is under them."""
    needed = None if only is None else _under(case.branches, only)
    found: dict[int, Floats] = {}
    for branch in case.branches:
        if needed is None or branch.row in needed:
            found[branch.row] = _node(branch, case, weights, sampled, found)
    return found


def _under(branches: list[aggregate.Branch], rows: Iterable[int]) -> set[int]:
    needed = set(rows)
    for branch in reversed(branches):
        if branch.row in needed:
            needed.update(branch.children.tolist())
    return needed


def _node(
    branch: aggregate.Branch, case: Case, weights: Floats, sampled: Sampled | None, found: dict[int, Floats]
) -> Floats:
    total, weight = _from_indicators(branch, case, weights, sampled)
    for row in (row for row in branch.children.tolist() if row >= len(case.scores)):
        total, weight = _added(total, weight, weights[:, row], found[row], branch.node)
    whole = weights[:, branch.children].sum(axis=1, keepdims=True)
    value = aggregate.mean(total, weight, whole, branch.node)
    none = case.unscored[branch.row] | (weight <= 0)
    if none.any():
        value = np.where(none, NOTHING, value)
    return _normalised(value, branch.node)


def _from_indicators(
    branch: aggregate.Branch, case: Case, weights: Floats, sampled: Sampled | None
) -> tuple[Floats, Floats]:
    """Σ w·forward(score) and Σ w over the indicators right under a node: draws × units (or draws × 1)."""
    rows = branch.children[branch.children < len(case.scores)]
    drawn = {} if sampled is None else {row: place for place, row in enumerate(sampled.rows.tolist())}
    fixed = np.array([row for row in rows.tolist() if row not in drawn], dtype=np.intp)
    block = case.scores[fixed]
    there = ~np.isnan(block)
    mine = weights[:, fixed]
    total = mine @ np.where(there, _forward(block, branch.node), ZERO)
    weight = mine.sum(axis=1, keepdims=True) if there.all() else mine @ there.astype(np.float32)
    for row in rows.tolist():
        if sampled is not None and row in drawn:
            total, weight = _added(total, weight, weights[:, row], sampled.scores[:, drawn[row]], branch.node)
    return total, weight


def _added(total: Floats, weight: Floats, share: Floats, below: Floats, node: NodeSpec) -> tuple[Floats, Floats]:
    share = share[:, np.newaxis]
    there = ~np.isnan(below)
    part = _forward(below, node)
    if there.all():
        return total + share * part, weight + share
    return total + share * np.where(there, part, ZERO), weight + share * there


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
