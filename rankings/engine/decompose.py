"""Why did the rank change: the change between two editions taken apart, exactly.

The way from the old edition to the new is walked in a fixed order, and what moves at a step belongs to that
step:

    old edition → indicators (first half)  the old figures without the indicators that are gone → method
    weights, tree, normalisation, thresholds of the new edition on the same old figures → missing
    gaps that came and went: cells with a value in one edition only; units that came and went → own
    the unit's own figures become the new ones, everybody else and the yardstick stay → others
    everybody's figures become the new ones, and relative yardsticks are learnt anew → indicators (second
    half) the indicators that are new come in = new edition

The parts therefore add up to the change, in ranks and in printed scores. Ranks are counted among the units that are
ranked in both editions, in every step: nobody moves up because others dropped out, or down because others came in. A
step in which a unit has no rank (too little is left to score it) moves nothing; its movement falls on the next step in
which it has one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rankings.engine import aggregate, compute
from rankings.engine import rank as ranking
from rankings.engine.fields import SpecificationError
from rankings.engine.matrix import Floats, Matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rankings.engine.compute import Outcome, Whole
    from rankings.engine.specification import Specification

PARTS = ("own", "others", "indicators", "method", "missing")


@dataclass(frozen=True)
class Decomposition:
    """Parts of the change for every unit, in every node that both editions have.

    `rank_parts` and `score_parts` are units × nodes × `PARTS`; a rank part of −3 is three places lost (rank
    23 to 26 is −3), a score part of +1.5 is a point and a half won. `rank_change` and `score_change` are
    their sums; ranks are counted among the units that are known. `known` says for which units and nodes there
    is anything to explain: ranked in both editions; elsewhere all is 0. `movers` is units × indicators
    (`indicators` names them): what each indicator's own change in value did to the unit's full-precision score
    in the top node, adding up to the unrounded own part."""

    units: tuple[str, ...]
    nodes: tuple[str, ...]
    rank_parts: Whole
    score_parts: Floats
    known: NDArray[np.bool_]
    indicators: tuple[str, ...]
    movers: Floats

    @property
    def rank_change(self) -> Whole:
        """Places won (negative: lost), units × nodes."""
        return np.asarray(self.rank_parts.sum(axis=2))

    @property
    def score_change(self) -> Floats:
        """Change of the printed score, units × nodes."""
        return np.asarray(self.score_parts.sum(axis=2))


def bridge(
    before: Matrix, before_spec: Specification, after: Matrix, after_spec: Specification
) -> tuple[Outcome, Outcome]:
    """The old edition under the new edition's method, and the new under the old one's: the only honest ground for an
    arrow across a change of method. An indicator that an edition did not have is missing for everybody there, and
    thresholds apply."""
    return (
        compute.compute(before.aligned(before.units, _needed(after_spec)), after_spec),
        compute.compute(after.aligned(after.units, _needed(before_spec)), before_spec),
    )


def decompose(before: Matrix, before_spec: Specification, after: Matrix, after_spec: Specification) -> Decomposition:
    """Take the change from one edition to the next apart. Units are those of `after` (others of `before`
    still count as the others that left). Raises DataError, and SpecificationError when the editions share no
    indicator."""
    units = tuple(dict.fromkeys((*after.units, *before.units)))
    counted = {i.code for i in before_spec.indicators if i.weight > 0 and not i.neutral}
    common = [i.code for i in after_spec.indicators if i.code in counted and i.weight > 0 and not i.neutral]
    if not common:
        raise SpecificationError("indicators", "the two editions share no indicator that counts")
    old_spec, new_spec = before_spec.restricted(common), after_spec.restricted(common)
    columns = _needed(new_spec)
    old, new = before.aligned(units, _needed(before_spec)), after.aligned(units, _needed(after_spec))
    halfway = _with_gaps_of(before.aligned(units, columns), after.aligned(units, columns))
    own = _Own(halfway, after.aligned(units, columns), new_spec)
    walk = [
        (None, _Stage.of(compute.compute(old, before_spec))),
        ("indicators", _Stage.of(compute.compute(old, old_spec))),
        ("method", _Stage.of(compute.compute(before.aligned(units, columns), new_spec))),
        ("missing", _Stage.of(own.start)),
        ("own", own.stage),
        ("others", _Stage.of(compute.compute(after.aligned(units, columns), new_spec))),
        ("indicators", _Stage.of(compute.compute(new, after_spec))),
    ]
    shared = set(before_spec.order)
    nodes = tuple(code for code in after_spec.order if code in shared)
    count = len(after.units)
    ranks, scores, known = _differences(walk, nodes, count, after_spec)
    return Decomposition(after.units, nodes, ranks, scores, known, new_spec.codes, own.movers()[:count])


@dataclass(frozen=True)
class _Stage:
    """Where everybody stands after a step. Keys are parts × units, higher is better, NaN = no rank: a unit's rank is
    its `mine` among everybody's `theirs`, which are the same except where each unit alone has got its new figures."""

    position: dict[str, int]
    mine: Floats
    theirs: Floats
    printed: Floats

    @classmethod
    def of(cls, outcome: Outcome) -> _Stage:
        """A whole computation: its ranks are keys enough."""
        keys = np.where(outcome.rank > 0, -outcome.rank, np.nan).T
        return cls(outcome.position, keys, keys, outcome.printed)

    def ranked(self, code: str) -> NDArray[np.bool_]:
        """Who has a rank in a node, all units; nobody where the stage has no such node."""
        if code not in self.position:
            return np.zeros(self.mine.shape[1], dtype=bool)
        there: NDArray[np.bool_] = ~np.isnan(self.mine[self.position[code]])
        return there

    def at(self, code: str, members: NDArray[np.bool_]) -> tuple[Whole, Floats]:
        """Rank among the members (0 = none) and printed score in a node."""
        ranked = self.ranked(code) & members
        if not ranked.any():
            return np.zeros(members.size, dtype=np.int64), np.full(members.size, np.nan)
        row = self.position[code]
        ranks = ranking.place_among(self.mine[row], np.where(members, self.theirs[row], np.nan))
        return np.where(ranked, ranks, 0), self.printed[:, row]


class _Own:
    """The step in which each unit alone gets its new figures, read with the yardstick of the step before."""

    def __init__(self, halfway: Matrix, after: Matrix, specification: Specification) -> None:
        self.specification = specification
        prepared = compute.prepare(halfway, specification)
        fitted = compute.fit(prepared.rows, specification)
        scores = compute.indicator_scores(prepared, specification, fitted)
        self.before = aggregate.climb(scores, prepared.present, specification)
        self.start = compute.finished(halfway.units, self.before, specification, shown=prepared.shown)
        new = compute.prepare(after, specification)
        moved = replace(
            prepared,
            shown=np.where(prepared.present, new.shown, prepared.shown),
            rows=np.where(prepared.present, new.rows, prepared.rows),
        )
        scores = compute.indicator_scores(moved, specification, fitted)
        self.after = aggregate.climb(scores, prepared.present, specification, self.before.yardsticks)
        alone = compute.finished(halfway.units, self.after, specification, shown=moved.shown)
        theirs = compute.ranked_by(self.before, specification, prepared.shown)
        mine = compute.ranked_by(self.after, specification, moved.shown)
        self.stage = _Stage(alone.position, np.where(alone.rank.T > 0, mine, np.nan), theirs, alone.printed)

    def movers(self) -> Floats:
        """Units × indicators: what each indicator's change did to the score of the root."""
        steps = aggregate.contributions(self.before.scores, self.after.scores, self.specification)
        return steps[: len(self.specification.indicators)].T


def _with_gaps_of(before: Matrix, after: Matrix) -> Matrix:
    """The old figures with the new edition's gaps: a value that is gone is gone, a value that is new is
    there."""
    values = np.where(np.isnan(after.values) | np.isnan(before.values), after.values, before.values)
    return Matrix(before.units, before.codes, values, {**before.labels, **after.labels})


def _needed(specification: Specification) -> tuple[str, ...]:
    return specification.columns()[0]


def _differences(
    walk: list[tuple[str | None, _Stage]], nodes: tuple[str, ...], count: int, specification: Specification
) -> tuple[Whole, Floats, NDArray[np.bool_]]:
    ranks = np.zeros((count, len(nodes), len(PARTS)), dtype=np.int64)
    scores = np.zeros((count, len(nodes), len(PARTS)))
    known = np.zeros((count, len(nodes)), dtype=bool)
    decimals = {part.code: compute.decimals_of(part.rank, specification) for part in specification.parts}
    for index, code in enumerate(nodes):
        members = walk[0][1].ranked(code) & walk[-1][1].ranked(code)
        both = members[:count]
        rank, score = (figures[:count] for figures in walk[0][1].at(code, members))
        for name, stage in walk[1:]:
            next_rank, next_score = (figures[:count] for figures in stage.at(code, members))
            there = both & (next_rank > 0)
            part = PARTS.index(str(name))
            ranks[:, index, part] += np.where(there, rank - next_rank, 0)
            scores[:, index, part] += np.where(there, next_score - score, 0.0)
            rank, score = np.where(there, next_rank, rank), np.where(there, next_score, score)
        places = decimals[code]
        if places is not None:
            scores[:, index] = np.round(scores[:, index], places)
        known[:, index] = both
    return ranks, scores, known
